/* SPDX-License-Identifier: Apache-2.0 */
#include "lint/orgid.h"

static bool
capitals(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 'A' || s.p[i] > 'Z')
			return false;
	return true;
}

bool
orgid_read(struct str s, struct orgid *ret)
{
	struct str rest;

	*ret = (struct orgid){0};
	if (s.n < 5 || !capitals((struct str){s.p, 5}))
		return false;
	ret->scheme = (struct str){s.p, 3};
	ret->country = (struct str){s.p + 3, 2};
	rest = (struct str){s.p + 5, s.n - 5};
	if (!rest.n)
		return true;
	if (rest.p[0] == '+') {
		rest = (struct str){rest.p + 1, rest.n - 1};
		ret->state = str_cut(&rest, '-');
		ret->reference = rest;
		return ret->state.n;
	}
	if (rest.p[0] != '-')
		return false;
	ret->reference = (struct str){rest.p + 1, rest.n - 1};
	return true;
}

bool
orgid_among(struct str scheme, const char *list)
{
	struct str rest = str_c(list);

	while (rest.n)
		if (str_eq(scheme, str_cut(&rest, ' ')))
			return true;
	return false;
}
