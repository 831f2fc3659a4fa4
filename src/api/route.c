/* SPDX-License-Identifier: Apache-2.0 */
#include "api/route.h"

#define SEGMENT_MAX 64

static const char *const method_names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "OTHER"};

/* Cuts "/segment" off the front; false when nothing is left. */
static bool
segment(struct str *rest, struct str *ret)
{
	size_t n = 1;

	if (rest->n == 0 || rest->p[0] != '/')
		return false;
	while (n < rest->n && rest->p[n] != '/')
		n++;
	*ret = (struct str){rest->p + 1, n - 1};
	rest->p += n;
	rest->n -= n;
	return true;
}

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Percent-decodes one segment into out; false when it is longer than any segment of ours or badly escaped. */
static bool
plain(struct str s, char out[SEGMENT_MAX], struct str *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		int c = (unsigned char)s.p[i];

		if (c == '%') {
			int hi = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
			int lo = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;

			if (hi < 0 || lo < 0)
				return false;
			c = hi * 16 + lo;
			i += 2;
		}
		if (n == SEGMENT_MAX)
			return false;
		out[n++] = (char)c;
	}
	*ret = (struct str){out, n};
	return true;
}

/* One segment of a pattern against one of the path; *ret_id gets the text in the place of {id}. */
static bool
fits(struct str pattern, struct str seg, struct str *ret_id)
{
	struct str act = pattern;

	if (!str_starts(pattern, STR("{id}")))
		return str_eq(pattern, seg);
	act.p += 4;
	act.n -= 4;
	if (!str_ends(seg, act) || seg.n == act.n)
		return false;
	*ret_id = (struct str){seg.p, seg.n - act.n};
	/* "7:pay" is an act, never an id with something behind it */
	return str_find(*ret_id, ':') < 0;
}

/* id: SEGMENT_MAX bytes for the text of the id. */
static bool
path_fits(const char *pattern, struct str path, char *id, size_t *ret_id_n)
{
	struct str rest = str_c(pattern), want, have, text, got = {NULL, 0};
	char room[SEGMENT_MAX];

	*ret_id_n = 0;
	while (segment(&rest, &want)) {
		if (!segment(&path, &have) || !plain(have, room, &text) || !fits(want, text, &got))
			return false;
		if (got.p && *ret_id_n == 0) {
			memcpy(id, got.p, got.n);
			*ret_id_n = got.n;
		}
	}
	return path.n == 0;
}

static bool
method_fits(const struct route *r, enum http_method m)
{
	return r->method == m || (r->method == HTTP_GET && m == HTTP_HEAD);
}

const struct route *
route_peek(enum http_method m, struct str path)
{
	char id[SEGMENT_MAX];
	size_t n;

	for (unsigned i = 0; i < api_n_routes; i++) {
		if (method_fits(&api_routes[i], m) && path_fits(api_routes[i].path, path, id, &n))
			return &api_routes[i];
	}
	return NULL;
}

int
id_read(struct str s, const char *field, int64_t *ret, struct err *e)
{
	uint64_t v;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return err_field(e, E_FIELD_FORM, field,
				"\"%.*s\" is no id: an id is a whole number without sign", (int)MIN(s.n, (size_t)40),
				s.p);
	}
	if (s.n == 0 || (s.p[0] == '0' && s.n > 1))
		return err_field(e, E_FIELD_FORM, field, "\"%.*s\" is no id: an id has no leading zeros",
			(int)MIN(s.n, (size_t)40), s.n ? s.p : "");
	if (!str_u64(s, (uint64_t)ID_MAX, &v) || v == 0)
		return err_field(e, E_FIELD_RANGE, field, "the id %.*s is not within 1 to %lld",
			(int)MIN(s.n, (size_t)40), s.p, (long long)ID_MAX);
	*ret = (int64_t)v;
	return 0;
}

static struct str
allow_add(struct arena *a, struct str allow, enum http_method m)
{
	struct str more = arena_printf(a, "%.*s%s%s", STRF(allow), allow.n ? ", " : "", method_names[m]);

	return m == HTTP_GET ? arena_printf(a, "%.*s, HEAD", STRF(more)) : more;
}

static int
not_found(struct str path, struct err *e)
{
	int n = (int)MIN(path.n, (size_t)100);

	err_set(e, E_NOT_FOUND, "there is nothing at \"%.*s\"", n, path.p);
	if (path.n > 1 && path.p[path.n - 1] == '/')
		err_hint(e, "Leave the final slash out; /api/v1/openapi.json lists all paths.");
	else
		err_hint(e, "/api/v1/openapi.json lists all paths.");
	return E_NOT_FOUND;
}

int
route_find(enum http_method m, struct str path, struct arena *a, const struct route **ret, int64_t *ret_id,
	struct str *ret_allow, struct err *e)
{
	struct str allow = {NULL, 0};
	char id[SEGMENT_MAX];
	size_t n;
	int r;

	for (unsigned i = 0; i < api_n_routes; i++) {
		const struct route *rt = &api_routes[i];

		if (!path_fits(rt->path, path, id, &n))
			continue;
		if (!method_fits(rt, m)) {
			allow = allow_add(a, allow, rt->method);
			continue;
		}
		*ret_id = 0;
		if (n && (r = id_read((struct str){id, n}, "id", ret_id, e)) < 0)
			return r;
		*ret = rt;
		return 0;
	}
	if (allow.n) {
		*ret_allow = allow;
		return err_set(e, E_METHOD_NOT_ALLOWED, "the method is not allowed at \"%.*s\"; allowed: %.*s",
			(int)MIN(path.n, (size_t)100), path.p, STRF(allow));
	}
	return not_found(path, e);
}
