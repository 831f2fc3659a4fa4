/* SPDX-License-Identifier: Apache-2.0 */
/* Hybrid merge (SPEC 3.7): the only way to a hybrid but an allowance. */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

#define MERGE_MAX 250

struct merge {
	int64_t account; /* 0: the caller's own; another one: for support */
	const int64_t *subscriptions; /* two or more */
	size_t n;
	const struct str *names; /* as typed, the first one common; none: the hybrid stays quota */
	size_t n_names;
	int64_t ticket; /* that asks for it, which keeps the act; 0: none */
	struct str reason; /* for the record; {NULL, 0}: none */
};

/* Untouched OV Professional subscriptions of one brand and period become one hybrid: the one with the lowest id survives
 * with the names of all, until the earliest of their windows' ends; the others are merged for good. With names it is
 * assigned to them at once, with a draft that waits for the rest. All faults of the choice at once: E_MERGE_UNFIT,
 * E_NOT_FOUND, E_STATE_REFUSED; E_PRODUCT_GONE: the brand has no hybrid; E_TICKET_OTHER. */
int subscription_merge(struct svc *s, const struct caller *c, const struct merge *in, struct arena *a,
	struct row_subscription *ret, struct err *e) CHECKED;
/* Which one survives. */
int64_t merge_survivor(const struct merge *in);
