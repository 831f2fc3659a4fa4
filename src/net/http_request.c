/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_server.h"

struct str
http_header(const struct http_request *rq, const char *name)
{
	for (unsigned i = 0; i < rq->n_headers; i++) {
		if (str_eq_nocase(rq->headers[i].name, str_c(name)))
			return rq->headers[i].value;
	}
	return (struct str){NULL, 0};
}

static int
nibble(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The byte that %XX stands for; -1 for none, and for NUL. */
static int
escaped(struct str s)
{
	int high, low;

	if (s.n < 3)
		return -1;
	high = nibble(s.p[1]);
	low = nibble(s.p[2]);
	return high < 0 || low < 0 || (high | low) == 0 ? -1 : high << 4 | low;
}

bool
http_decode(struct arena *a, struct str s, bool plus, struct str *ret)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	while (s.n) {
		size_t step = s.p[0] == '%' ? 3 : 1;
		int c = step == 3 ? escaped(s) : plus && s.p[0] == '+' ? ' ' : (unsigned char)s.p[0];

		if (c <= 0)
			return false;
		out[n++] = (char)c;
		s = (struct str){s.p + step, s.n - step};
	}
	*ret = (struct str){out, n};
	return true;
}

struct str
http_query(const struct http_request *rq, const char *name)
{
	struct str rest = rq->query, key, value;

	while (rest.n) {
		value = str_cut(&rest, '&');
		key = str_cut(&value, '=');
		if (!http_decode(rq->arena, key, true, &key) || !str_eq_c(key, name))
			continue;
		/* A bad escape makes the parameter absent: it cannot be what the sender meant. */
		return http_decode(rq->arena, value, true, &value) ? value : (struct str){NULL, 0};
	}
	return (struct str){NULL, 0};
}

void
http_reply_header(struct http_response *rs, const char *name, struct str value)
{
	BUG_ON(rs->n_headers == HTTP_OUT_HEADERS_MAX);
	rs->headers[rs->n_headers++] = (struct http_header){str_c(name), value};
}
