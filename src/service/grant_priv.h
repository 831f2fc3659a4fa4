/* SPDX-License-Identifier: Apache-2.0 */
/* Which proofs count for a name: computed from the validation records alone, in this one place
 * (SPEC 3.4). */
#pragma once

#include "service/svc_priv.h"

struct grant {
	int64_t record; /* validation_record.id */
	int64_t until_ms;
};

/* 1: the application's account has proven the name, or one above it that proves it too, within the reuse window: the newest
 * such proof. 0: it has not. */
int grant_find(struct db_tx *tx, const struct row_application *app, const struct row_application_name *n,
	struct grant *ret, struct err *e) CHECKED;
/* How long a proof counts for the application, by the rule of that time: public certificates have one of their own. */
int64_t grant_window_ms(const struct row_application *app, int64_t at_ms);
