/* SPDX-License-Identifier: Apache-2.0 */
#include "base/b64.h"

static const char std_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static struct str
encode(struct arena *a, struct blob b, const char *digit, bool pad)
{
	char *out = arena_alloc(a, (b.n + 2) / 3 * 4 + 1);
	size_t n = 0;

	for (size_t i = 0; i < b.n; i += 3) {
		size_t left = MIN(b.n - i, (size_t)3);
		uint32_t v = (uint32_t)b.p[i] << 16 | (left > 1 ? (uint32_t)b.p[i + 1] << 8 : 0) |
			(left > 2 ? b.p[i + 2] : 0);

		out[n++] = digit[v >> 18];
		out[n++] = digit[v >> 12 & 63];
		if (left > 1)
			out[n++] = digit[v >> 6 & 63];
		else if (pad)
			out[n++] = '=';
		if (left > 2)
			out[n++] = digit[v & 63];
		else if (pad)
			out[n++] = '=';
	}
	return (struct str){out, n};
}

/* s without padding; the unused bits of the last digit must be zero. out: may be where s is. */
static bool
decode(struct str s, const char *digits, uint8_t *out, size_t *ret_n)
{
	uint32_t v = 0;
	unsigned bits = 0;
	size_t n = 0;

	if (s.n % 4 == 1)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] ? memchr(digits, s.p[i], 64) : NULL;

		if (!at)
			return false;
		v = v << 6 | (uint32_t)(at - digits);
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			out[n++] = (uint8_t)(v >> bits);
			v &= (1U << bits) - 1;
		}
	}
	*ret_n = n;
	return v == 0;
}

static bool
decode_new(struct arena *a, struct str s, const char *digits, struct blob *ret)
{
	uint8_t *out = arena_alloc(a, s.n / 4 * 3 + 3);
	size_t n;

	if (!decode(s, digits, out, &n))
		return false;
	*ret = (struct blob){out, n};
	return true;
}

/* The digits without their padding; false when there are none that four divides. */
static bool
unpad(struct str *s)
{
	if (s->n % 4)
		return false;
	for (int pad = 0; pad < 2 && s->n && s->p[s->n - 1] == '='; pad++)
		s->n--;
	return true;
}

struct str
b64_encode(struct arena *a, struct blob b)
{
	return encode(a, b, std_digits, true);
}

struct str
b64url_encode(struct arena *a, struct blob b)
{
	return encode(a, b, url_digits, false);
}

bool
b64_decode(struct arena *a, struct str s, struct blob *ret)
{
	return unpad(&s) && decode_new(a, s, std_digits, ret);
}

bool
b64_decode_here(uint8_t *p, size_t n, size_t *ret_n)
{
	struct str s = {(const char *)p, n};

	return unpad(&s) && decode(s, std_digits, p, ret_n);
}

bool
b64url_decode(struct arena *a, struct str s, struct blob *ret)
{
	return decode_new(a, s, url_digits, ret);
}
