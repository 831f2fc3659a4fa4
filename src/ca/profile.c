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
