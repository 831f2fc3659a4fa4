/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/policy.h"

#include <pthread.h>

#include "base/clock.h"
#include "ca/profile_priv.h"

static struct {
	pthread_rwlock_t lock;
	struct policy_own rows[POLICY_OWN_MAX];
	size_t n;
} own = {.lock = PTHREAD_RWLOCK_INITIALIZER};

static const struct {
	const char *name;
	int64_t ms;
} units[] = {{"d", MS_DAY}, {"h", MS_HOUR}, {"min", MS_MINUTE}, {"s", MS_SECOND}, {"ms", 1}};

const struct policy_row *
policy_next(const struct policy_row *p)
{
	size_t i = p ? (size_t)(p - policy_table) + 1 : 0;

	return i < policy_count ? &policy_table[i] : NULL;
}

const struct policy_row *
policy_scheduled(struct str name, int64_t at_ms)
{
	const struct policy_row *found = NULL;

	/* the rows of a name stand together, oldest first; the first of them has always been in force */
	for (unsigned i = 0; i < policy_count; i++) {
		const struct policy_row *r = &policy_table[i];

		if (!str_eq_c(name, r->name)) {
			if (found)
				break;
			continue;
		}
		if (r->from_ms <= at_ms)
			found = r;
	}
	return found;
}

const struct policy_bounds *
policy_bounds(struct str name)
{
	for (unsigned i = 0; i < policy_bounds_count; i++) {
		if (str_eq_c(name, policy_bounds_table[i].name))
			return &policy_bounds_table[i];
	}
	return NULL;
}

void
policy_use(const struct policy_own *rows, size_t n)
{
	BUG_ON(n > POLICY_OWN_MAX);
	pthread_rwlock_wrlock(&own.lock);
	if (n)
		memcpy(own.rows, rows, n * sizeof(*rows));
	own.n = n;
	pthread_rwlock_unlock(&own.lock);
}

static bool
find_own(const char *name, int64_t at_ms, int64_t *ret)
{
	int64_t from = INT64_MIN;
	bool found = false;

	pthread_rwlock_rdlock(&own.lock);
	for (size_t i = 0; i < own.n; i++) {
		const struct policy_own *r = &own.rows[i];

		if (strcmp(r->name, name) != 0 || r->from_ms > at_ms || r->from_ms < from)
			continue;
		from = r->from_ms;
		*ret = r->value;
		found = true;
	}
	pthread_rwlock_unlock(&own.lock);
	return found;
}

int64_t
policy_value(const char *row, int64_t at_ms)
{
	const struct policy_row *r = policy_scheduled(str_c(row), at_ms);
	const struct policy_bounds *b;
	int64_t value = 0;

	if (!r)
		BUG("unknown policy row");
	if (!find_own(row, at_ms, &value))
		return r->value;
	/* the schedule goes on: what was stricter when it was set may have become too lax */
	b = policy_bounds(str_c(row));
	if (!b)
		return r->value;
	if (b->rule == POLICY_DOWN)
		return MIN(value, r->value);
	return b->rule == POLICY_UP ? MAX(value, r->value) : value;
}

bool
policy_read(struct str text, const struct policy_row *row, int64_t *ret)
{
	size_t n = 0;
	struct str unit;
	uint64_t number;

	text = str_trim(text);
	while (n < text.n && text.p[n] >= '0' && text.p[n] <= '9')
		n++;
	unit = str_trim((struct str){text.p + n, text.n - n});
	/* far above every bound, and no product of it overflows */
	if (!str_u64((struct str){text.p, n}, 1000000000, &number))
		return false;
	if (strcmp(row->unit, "ms") != 0) {
		*ret = (int64_t)number;
		return (unit.n == 0 && strcmp(row->unit, "count") == 0) || str_eq_c(unit, row->unit);
	}
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (!str_eq_c(unit, units[i].name))
			continue;
		*ret = (int64_t)number * units[i].ms;
		return true;
	}
	return false;
}

struct str
policy_text(struct arena *a, int64_t value, const struct policy_row *row)
{
	if (strcmp(row->unit, "ms") != 0)
		return arena_printf(a, strcmp(row->unit, "count") == 0 ? "%lld" : "%lld months", (long long)value);
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (value % units[i].ms == 0 && value >= units[i].ms)
			return arena_printf(a, "%lld %s", (long long)(value / units[i].ms), units[i].name);
	}
	return STR("0 s");
}
