/* SPDX-License-Identifier: Apache-2.0 */
#include "base/jsonw.h"

#include "base/rfc3339.h"
#include "base/utf8.h"

void
jsonw_init(struct jsonw *w, struct buf *out)
{
	*w = (struct jsonw){.out = out};
	w->first[0] = true;
}

static void
put_comma(struct jsonw *w)
{
	if (!w->first[w->depth])
		buf_put_u8(w->out, ',');
	w->first[w->depth] = false;
}

/* A member of an object is written after its key only. */
static void
before_value(struct jsonw *w)
{
	if (w->key) {
		w->key = false;
		return;
	}
	BUG_ON(w->closer[w->depth] == '}');
	put_comma(w);
}

static void
open_level(struct jsonw *w, char opener, char closer)
{
	before_value(w);
	BUG_ON(w->depth == JSONW_DEPTH);
	buf_put_u8(w->out, (uint8_t)opener);
	w->first[++w->depth] = true;
	w->closer[w->depth] = closer;
}

static void
close_level(struct jsonw *w, char c)
{
	BUG_ON(w->closer[w->depth] != c || w->key);
	buf_put_u8(w->out, (uint8_t)c);
	w->depth--;
}

void
jsonw_object(struct jsonw *w)
{
	open_level(w, '{', '}');
}

void
jsonw_object_end(struct jsonw *w)
{
	close_level(w, '}');
}

void
jsonw_array(struct jsonw *w)
{
	open_level(w, '[', ']');
}

void
jsonw_array_end(struct jsonw *w)
{
	close_level(w, ']');
}

static void
put_escaped(struct buf *b, struct str s)
{
	buf_put_u8(b, '"');
	while (s.n) {
		const char *at = s.p;
		uint32_t c = utf8_next(&s);

		if (c == UINT32_MAX) {
			buf_put_c(b, "\xef\xbf\xbd");
			s.p++;
			s.n--;
		} else if (c == '"' || c == '\\') {
			buf_put_u8(b, '\\');
			buf_put_u8(b, (uint8_t)c);
		} else if (c == '\n') {
			buf_put_c(b, "\\n");
		} else if (c < 0x20 || c == 0x7f) {
			buf_printf(b, "\\u%04x", c);
		} else {
			buf_put(b, at, (size_t)(s.p - at));
		}
	}
	buf_put_u8(b, '"');
}

void
jsonw_key(struct jsonw *w, const char *key)
{
	BUG_ON(w->key || w->closer[w->depth] != '}');
	put_comma(w);
	put_escaped(w->out, str_c(key));
	buf_put_u8(w->out, ':');
	w->key = true;
}

void
jsonw_str(struct jsonw *w, struct str s)
{
	if (!s.p) {
		jsonw_null(w);
		return;
	}
	before_value(w);
	put_escaped(w->out, s);
}

void
jsonw_int(struct jsonw *w, int64_t v)
{
	before_value(w);
	buf_printf(w->out, "%lld", (long long)v);
}

void
jsonw_bool(struct jsonw *w, bool v)
{
	before_value(w);
	buf_put_c(w->out, v ? "true" : "false");
}

void
jsonw_null(struct jsonw *w)
{
	before_value(w);
	buf_put_c(w->out, "null");
}

void
jsonw_raw(struct jsonw *w, struct str json)
{
	before_value(w);
	buf_put_str(w->out, json);
}

void
jsonw_kv_str(struct jsonw *w, const char *key, struct str s)
{
	jsonw_key(w, key);
	jsonw_str(w, s);
}

void
jsonw_kv_c(struct jsonw *w, const char *key, const char *s)
{
	jsonw_kv_str(w, key, str_c(s));
}

void
jsonw_kv_int(struct jsonw *w, const char *key, int64_t v)
{
	jsonw_key(w, key);
	jsonw_int(w, v);
}

void
jsonw_kv_bool(struct jsonw *w, const char *key, bool v)
{
	jsonw_key(w, key);
	jsonw_bool(w, v);
}

void
jsonw_kv_time(struct jsonw *w, const char *key, int64_t ms)
{
	char out[RFC3339_MAX];

	jsonw_key(w, key);
	if (ms)
		jsonw_str(w, str_c(rfc3339_put(ms, out)));
	else
		jsonw_null(w);
}

void
jsonw_kv_hex(struct jsonw *w, const char *key, struct blob b)
{
	jsonw_key(w, key);
	before_value(w);
	buf_put_u8(w->out, '"');
	for (size_t i = 0; i < b.n; i++)
		buf_printf(w->out, "%02x", b.p[i]);
	buf_put_u8(w->out, '"');
}
