/* SPDX-License-Identifier: Apache-2.0 */
#include "text/json_priv.h"

#include "base/buf.h"
#include "base/utf8.h"

struct level {
	bool array;
	size_t index; /* in an array */
	struct str key; /* in an object: the member under way */
};

struct scan {
	struct str all, left;
	unsigned depth;
	size_t values;
	struct str last; /* the last string, in case a colon makes it a key */
	struct level levels[JSON_DEPTH_MAX + 1];
};

static void
path_put(const struct scan *s, struct buf *out)
{
	for (unsigned i = 1; i <= s->depth; i++) {
		const struct level *l = &s->levels[i];

		if (l->array)
			buf_printf(out, "[%zu]", l->index);
		else if (l->key.p)
			buf_printf(out, "%s%.*s", out->n ? "." : "", STRF(l->key));
	}
	buf_put_u8(out, '\0');
}

static int
bad_utf8(const struct scan *s, struct err *e)
{
	BUF(path, 4096);
	size_t at = s->all.n - s->left.n;

	path_put(s, &path);
	return err_field(e, E_FIELD_UTF8, path.over ? "" : (const char *)path.p,
		"byte %zu of the body is not valid UTF-8", at);
}

/* Behind the opening quote. An unfinished string is left to the parser. */
static int
scan_string(struct scan *s, struct err *e)
{
	const char *start = s->left.p;

	while (s->left.n) {
		unsigned char c = (unsigned char)s->left.p[0];
		size_t step = c == '\\' && s->left.n > 1 ? 2 : 1;

		if (c >= 0x80) {
			if (utf8_next(&s->left) == UINT32_MAX)
				return bad_utf8(s, e);
			continue;
		}
		if (c == '"') {
			s->last = (struct str){start, (size_t)(s->left.p - start)};
			s->left = (struct str){s->left.p + 1, s->left.n - 1};
			return 0;
		}
		/* Of an escaped byte only ASCII is stepped over: a broken sequence behind the backslash is seen. */
		if (step == 2 && (unsigned char)s->left.p[1] >= 0x80)
			step = 1;
		s->left = (struct str){s->left.p + step, s->left.n - step};
	}
	return 0;
}

static int
scan_open(struct scan *s, bool array, struct err *e)
{
	if (s->depth == JSON_DEPTH_MAX)
		return err_set(e, E_BAD_JSON, "the JSON text nests deeper than %d levels", JSON_DEPTH_MAX);
	s->levels[++s->depth] = (struct level){.array = array};
	s->values++;
	return 0;
}

static int
scan_mark(struct scan *s, char c, struct err *e)
{
	struct level *l = &s->levels[s->depth];

	switch (c) {
	case '"':
		return scan_string(s, e);
	case '{':
	case '[':
		return scan_open(s, c == '[', e);
	case '}':
	case ']':
		if (s->depth)
			s->depth--;
		return 0;
	case ':':
		l->key = s->last;
		return 0;
	case ',':
		l->index++;
		l->key = (struct str){NULL, 0};
		s->values++;
		return 0;
	default:
		return 0;
	}
}

int
json_scan(struct str text, size_t values_max, struct err *e)
{
	struct scan s = {.all = text, .left = text};
	int r;

	while (s.left.n) {
		char c = s.left.p[0];

		s.left = (struct str){s.left.p + 1, s.left.n - 1};
		r = scan_mark(&s, c, e);
		if (r < 0)
			return r;
		if (s.values > values_max)
			return err_set(e, E_TOO_LARGE, "the JSON text holds more than %zu values", values_max);
	}
	return 0;
}
