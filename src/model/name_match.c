/* SPDX-License-Identifier: Apache-2.0 */
/* Comparing names that were read already. Apart from name.c so that a program which only compares needs neither
 * libidn2 nor libpsl. */
#include "model/name.h"

static bool
is_wildcard(struct str name)
{
	return str_starts(name, STR("*."));
}

struct str
name_companion(const struct name *n)
{
	if (n->kind == NAME_IP || n->registered.n == 0)
		return (struct str){NULL, 0};
	if (n->kind == NAME_WILDCARD)
		return str_eq(n->base, n->registered) ? n->registered : (struct str){NULL, 0};
	if (n->ascii.n == n->registered.n + 4 && str_starts(n->ascii, STR("www.")) &&
		str_ends(n->ascii, n->registered))
		return n->registered;
	return (struct str){NULL, 0};
}

bool
name_covers(struct str pattern, struct str name)
{
	struct str parent = name, label;

	if (str_eq(pattern, name))
		return pattern.n > 0;
	if (!is_wildcard(pattern) || is_wildcard(name))
		return false;
	label = str_cut(&parent, '.');
	return label.n > 0 && parent.n > 0 && str_eq((struct str){pattern.p + 2, pattern.n - 2}, parent);
}

bool
name_below(struct str name, struct str ancestor)
{
	if (ancestor.n == 0)
		return false;
	if (str_eq(name, ancestor))
		return true;
	return name.n > ancestor.n + 1 && str_ends(name, ancestor) && name.p[name.n - ancestor.n - 1] == '.';
}

size_t
name_levels(struct str base, struct str registered, struct str ret[NAME_LEVELS_MAX])
{
	struct str up = base;
	size_t n = 0, between = 0;

	if (registered.n && name_below(base, registered)) {
		for (size_t i = 0; i + registered.n < base.n; i++)
			between += base.p[i] == '.';
	}
	for (size_t i = 0; i <= between; i++) {
		/* i names were cut off; the last ones are the highest */
		if (i == 0 || between - i < NAME_LEVELS_MAX - 1)
			ret[n++] = up;
		str_cut(&up, '.');
	}
	for (size_t i = 0; i < n / 2; i++) {
		struct str other = ret[i];

		ret[i] = ret[n - 1 - i];
		ret[n - 1 - i] = other;
	}
	return n;
}

struct str
name_reversed(struct str name, struct arena *a)
{
	char *out = arena_alloc(a, name.n + 1);

	for (size_t i = 0; i < name.n; i++)
		out[i] = name.p[name.n - 1 - i];
	return (struct str){out, name.n};
}

struct str
name_lower(struct str name, struct arena *a)
{
	char *out = arena_copy(a, name.p, name.n);

	for (size_t i = 0; i < name.n; i++)
		out[i] = (char)(out[i] >= 'A' && out[i] <= 'Z' ? out[i] | 0x20 : out[i]);
	return (struct str){out, name.n};
}
