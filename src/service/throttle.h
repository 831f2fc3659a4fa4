/* SPDX-License-Identifier: Apache-2.0 */
/* Who fails too often waits: rows by name ("peer 192.0.2.1"), some failures free, then each doubles the wait. */
#pragma once

#include "service/svc.h"

struct db_tx;

/* 0, or how long the name has to wait still. */
int throttle_wait(struct db_tx *tx, struct str name, int64_t *ret_ms, struct err *e) CHECKED;
/* One more failure. free_failures: so many within policy sign-in-window cost nothing; no wait is longer than policy
 * sign-in-wait. */
int throttle_fail(struct db_tx *tx, struct str name, int64_t free_failures, struct err *e) CHECKED;
