/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

static uint32_t
decode(const uint8_t *p, size_t n, size_t *ret_used)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len;
	uint32_t c;

	if (p[0] < 0x80) {
		*ret_used = 1;
		return p[0];
	}
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || len > n)
		return UINT32_MAX;
	c = p[0] & (0x7fU >> len);
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return UINT32_MAX;
		c = c << 6 | (p[i] & 0x3f);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return UINT32_MAX;
	*ret_used = len;
	return c;
}

uint32_t
utf8_next(struct str *s)
{
	size_t used;
	uint32_t c;

	if (s->n == 0)
		return UINT32_MAX;
	c = decode((const uint8_t *)s->p, s->n, &used);
	if (c != UINT32_MAX) {
		s->p += used;
		s->n -= used;
	}
	return c;
}

bool
utf8_ok(struct str s)
{
	while (s.n) {
		uint32_t c = utf8_next(&s);

		if (c == UINT32_MAX || c == 0)
			return false;
	}
	return true;
}

size_t
utf8_len(struct str s)
{
	size_t n = 0;

	while (s.n && utf8_next(&s) != UINT32_MAX)
		n++;
	return n;
}

bool
utf8_printable(struct str s, bool lines)
{
	while (s.n) {
		uint32_t c = utf8_next(&s);

		if (c == UINT32_MAX || c == 0x7f || (c >= 0x80 && c < 0xa0))
			return false;
		if (c < 0x20 && !(lines && (c == '\n' || c == '\t' || c == '\r')))
			return false;
	}
	return true;
}
