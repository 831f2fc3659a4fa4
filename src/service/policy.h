/* SPDX-License-Identifier: Apache-2.0 */
/* The figures that change by date: the schedule, and the operator's own values beside it (DESIGN 6). */
#pragma once

#include "ca/policy.h"
#include "service/svc.h"

/* One row of either kind. */
struct policy_view {
	const char *name;
	int64_t id; /* own rows; 0: of the schedule */
	int64_t from_ms; /* INT64_MIN: always */
	int64_t value;
	const char *unit;
	struct str text; /* the value as people write it */
	const char *source;
	bool active; /* the row that counts now */
	int64_t effective; /* what counts now: an active own row may be held to the schedule */
	const struct policy_bounds *bounds; /* NULL: it cannot be changed */
	int64_t by_user, since_ms; /* own rows */
};

/* All rows, those of one name together, the operator's after the schedule's. */
int policy_show_list(struct svc *s, struct arena *a, struct policy_view **ret, size_t *ret_n, struct err *e) CHECKED;
/* The row of this name that counts now. E_NOT_FOUND. */
int policy_show(struct svc *s, struct str name, struct arena *a, struct policy_view *ret, struct err *e) CHECKED;
/* From from_ms on (0: now). text: "90 d". Staff. E_NOT_FOUND, E_POLICY_BOUND, E_FIELD_*. Counts when it returns. */
int policy_set(struct svc *s, const struct caller *c, struct str name, struct str text, int64_t from_ms, struct arena *a,
	struct policy_view *ret, struct err *e) CHECKED;
/* Takes all own values of the name away: the schedule counts again. E_NOT_FOUND when there is none. */
int policy_unset(struct svc *s, const struct caller *c, struct str name, struct arena *a, struct policy_view *ret,
	struct err *e) CHECKED;
/* Takes over what the database says: at the start, and now and then what another node has set. */
int policy_load(struct svc *s, struct err *e) CHECKED;
