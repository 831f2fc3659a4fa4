/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "service/svc_priv.h"

/* Puts in the shipped products that are not there; what the operator changed stays. */
int catalogue_put(struct db_tx *tx, struct err *e) CHECKED;
