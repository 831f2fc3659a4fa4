/* SPDX-License-Identifier: Apache-2.0 */
/* Cases of the contract suite (db_contract_test.c). */
#pragma once

#include "db_env.h"

/* A statement marked `later` is not answered at once; what it refuses, its transaction refuses. */
void what_nobody_waits_for_stands_or_falls_with_its_transaction(struct env *v);
/* What a writer remembers of its connection's lane holds as long as the epoch stays. */
void an_epoch_ends_when_something_is_taken_back(struct env *v);
