/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

struct str
hex_encode(struct arena *a, struct blob b)
{
	static const char digit[] = "0123456789abcdef";
	char *out = arena_alloc(a, b.n * 2 + 1);

	for (size_t i = 0; i < b.n; i++) {
		out[2 * i] = digit[b.p[i] >> 4];
		out[2 * i + 1] = digit[b.p[i] & 15];
	}
	return (struct str){out, b.n * 2};
}

static int
value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
hex_decode(struct arena *a, struct str s, struct blob *ret)
{
	uint8_t *out;

	if (s.n % 2)
		return false;
	out = arena_alloc(a, s.n / 2);
	for (size_t i = 0; i < s.n / 2; i++) {
		int hi = value(s.p[2 * i]), lo = value(s.p[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		out[i] = (uint8_t)(hi << 4 | lo);
	}
	*ret = (struct blob){out, s.n / 2};
	return true;
}
