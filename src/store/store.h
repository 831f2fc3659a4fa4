/* SPDX-License-Identifier: Apache-2.0 */
/* What the store offers beside the generated functions of store_sql.h: the list of migrations. */
#pragma once

#include "db/db.h"

extern const struct db_migration store_migrations[];
extern const size_t store_migrations_n;
