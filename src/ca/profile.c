/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/profile.h"

#include "ca/profile_priv.h"

const struct profile *
profile_find(struct str name, int version)
{
	const struct profile *found = NULL;

	for (unsigned i = 0; i < profile_count; i++) {
		const struct profile *p = &profile_table[i];

		if (!str_eq_c(name, p->name))
			continue;
		if (version ? p->version == version : !found || p->version > found->version)
			found = p;
	}
	return found;
}

const struct profile *
profile_next(const struct profile *p)
{
	size_t i = p ? (size_t)(p - profile_table) + 1 : 0;

	return i < profile_count ? &profile_table[i] : NULL;
}

int64_t
policy_value(const char *row, int64_t at_ms)
{
	const struct policy_row *found = NULL;

	/* the rows of a name stand together, oldest first; the first of them has always been in force */
	for (unsigned i = 0; i < policy_count; i++) {
		const struct policy_row *r = &policy_table[i];

		if (strcmp(r->name, row) != 0) {
			if (found)
				break;
			continue;
		}
		if (r->from_ms <= at_ms)
			found = r;
	}
	if (!found)
		BUG("unknown policy row");
	return found->value;
}

const struct policy_row *
policy_next(const struct policy_row *p)
{
	size_t i = p ? (size_t)(p - policy_table) + 1 : 0;

	return i < policy_count ? &policy_table[i] : NULL;
}
