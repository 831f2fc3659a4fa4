/* SPDX-License-Identifier: Apache-2.0 */
/* The service says what to do next as calls of its API; here they are told as the commands that make them. */
#include "cli/cli.h"

static const char api[] = "/api/v1/";

static struct str
behind(struct str s, size_t n)
{
	return (struct str){s.p + n, s.n - n};
}

/* The letters and signs of a path's part, off the front of *s, which a NUL ends. */
static struct str
part(struct str *s)
{
	struct str out = {s->p, 0};

	out.n = strspn(s->p, "abcdefghijklmnopqrstuvwxyz0123456789-_{}");
	*s = behind(*s, out.n);
	return out;
}

/* `applications with "subscription": 8`: the number, and what precedes it taken off *s; {NULL, 0}: no such words. */
static struct str
with_number(struct str *s, const char *member, struct arena *a)
{
	struct str words = arena_printf(a, " with \"%s\": ", member);

	if (!str_starts(*s, words))
		return (struct str){NULL, 0};
	*s = behind(*s, words.n);
	return part(s);
}

/* What an API's verb, or the name of what lies below an object, is called here. */
static struct str
verb_of(struct str word, struct arena *a)
{
	char *p;

	if (!word.n)
		return STR("show");
	if (str_eq_c(word, "package"))
		return STR("download");
	p = arena_copy(a, word.p, word.n);
	for (size_t i = 0; i < word.n; i++)
		p[i] = (char)(p[i] == '_' ? '-' : p[i]);
	return (struct str){p, word.n};
}

/* The command for the address at the front of *s, which is taken off. names: it has to name what is applied for. */
static struct str
command(struct str *s, bool names, struct arena *a)
{
	struct str noun = part(s), n, verb = {NULL, 0};

	n = with_number(s, "subscription", a);
	if (n.n)
		return arena_printf(a, "signet apply %s--subscription %.*s", names ? "NAME... " : "", STRF(n));
	n = with_number(s, "predecessor", a);
	if (n.n)
		return arena_printf(a, "signet renew %.*s", STRF(n));
	if (!str_starts(*s, STR("/")))
		return arena_printf(a, "signet %.*s list", STRF(noun));
	*s = behind(*s, 1);
	n = part(s);
	if (s->n > 1 && (s->p[0] == ':' || s->p[0] == '/') && s->p[1] >= 'a' && s->p[1] <= 'z') {
		*s = behind(*s, 1);
		verb = part(s);
	}
	if (str_starts(*s, STR("?")))
		*s = behind(*s, strcspn(s->p, " "));
	verb = verb_of(verb, a);
	return arena_printf(a, "signet %.*s %.*s %.*s", STRF(noun), STRF(verb), STRF(n));
}

static struct str
without_method(struct str s)
{
	static const char *const methods[] = {"GET ", "POST ", "PATCH ", "DELETE "};

	for (size_t i = 0; i < ARRAY_LEN(methods); i++) {
		if (str_ends(s, str_c(methods[i])))
			return (struct str){s.p, s.n - strlen(methods[i])};
	}
	return s;
}

struct str
out_step(struct str s, struct arena *a)
{
	bool names = str_starts(s, STR("Apply with it"));
	struct str out = STR("");
	const char *at;

	s = arena_printf(a, "%.*s", STRF(s)); /* ended by a NUL */
	while ((at = strstr(s.p, api))) {
		struct str before = without_method((struct str){s.p, (size_t)(at - s.p)}), call;

		s = behind(s, (size_t)(at - s.p) + strlen(api));
		call = command(&s, names, a);
		out = arena_printf(a, "%.*s%.*s%.*s", STRF(out), STRF(before), STRF(call));
	}
	return arena_printf(a, "%.*s%.*s", STRF(out), STRF(s));
}
