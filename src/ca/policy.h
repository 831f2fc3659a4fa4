/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An operator's own values beside the schedule (policy/schedule.def), within policy/bounds.def. policy_value() tells what
 * counts: the newest own value that has begun, held to what the schedule of that day allows; else the schedule's.
 * Any thread.
 */
#pragma once

#include "ca/profile.h"

enum policy_rule { POLICY_DOWN, POLICY_UP, POLICY_FREE };

struct policy_bounds {
	const char *name;
	enum policy_rule rule;
	int64_t least, most; /* in the row's unit, spans in ms */
};

/* NULL: the row cannot be changed. */
const struct policy_bounds *policy_bounds(struct str name);
/* The schedule's row of that day; NULL when there is none of this name. */
const struct policy_row *policy_scheduled(struct str name, int64_t at_ms);

struct policy_own {
	const char *name; /* of the schedule's row: policy_scheduled()->name */
	int64_t from_ms, value;
};
#define POLICY_OWN_MAX 256
/* These count from now on, and no others. At most POLICY_OWN_MAX; copied. */
void policy_use(const struct policy_own *rows, size_t n);

/* "90 d", "12 h", "6 months", "5": in the unit of the row. false: no such value. */
bool policy_read(struct str text, const struct policy_row *row, int64_t *ret);
struct str policy_text(struct arena *a, int64_t value, const struct policy_row *row);
