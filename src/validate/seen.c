/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/seen_priv.h"

struct seen
seen_begin(struct validate_result *result, enum validate_method method, struct str name, struct arena *a)
{
	*result = (struct validate_result){.method = method, .name_asked = name,
		.seen = arena_new_n(a, SEEN_MAX, struct validate_seen)};
	return (struct seen){.arena = a, .result = result, .room = SEEN_MAX};
}

void
seen_add(struct seen *s, struct str what, struct str result)
{
	if (s->room == 0)
		return;
	s->room--;
	s->result->seen[s->result->n_seen++] = (struct validate_seen){what, result};
}
