/* SPDX-License-Identifier: Apache-2.0 */
#include "base/der.h"

#include <stdio.h>

#include "base/rfc3339.h"

#define TAG_NUMBER 0x1f
#define OID_CONTENT_MAX 64

/* -- reading */

static bool
bad(struct cursor *c)
{
	c->bad = true;
	return false;
}

/* X.690 8.1.2.5, 10.2: the only constructed universal types are these; strings are never in pieces. */
static bool
tag_form_ok(uint8_t tag)
{
	bool constructed = tag & 0x20;
	unsigned number = tag & TAG_NUMBER;

	if (number == TAG_NUMBER || tag == 0)
		return false;
	if (tag & 0xc0)
		return true;
	return constructed == (number == 8 || number == 11 || number == 16 || number == 17);
}

/* X.690 10.1: definite, in the fewest octets. */
static bool
take_length(struct cursor *c, size_t *ret)
{
	uint8_t first = cursor_u8(c);
	unsigned n = first & 0x7f;
	size_t len = 0;

	if (first < 0x80) {
		*ret = first;
		return !c->bad;
	}
	if (n < 1 || n > 4)
		return bad(c);
	for (unsigned i = 0; i < n; i++)
		len = len << 8 | cursor_u8(c);
	if (c->bad || len < 0x80 || len >> (8 * (n - 1)) == 0)
		return bad(c);
	*ret = len;
	return true;
}

bool
der_next(struct cursor *c, uint8_t *ret_tag, struct blob *ret_body, struct blob *ret_whole)
{
	const uint8_t *start = c->p;
	uint8_t tag = cursor_u8(c);
	struct blob body;
	size_t n;

	if (c->bad || !tag_form_ok(tag))
		return bad(c);
	if (!take_length(c, &n))
		return false;
	body = cursor_take(c, n);
	if (c->bad)
		return false;
	if (ret_tag)
		*ret_tag = tag;
	if (ret_body)
		*ret_body = body;
	if (ret_whole)
		*ret_whole = (struct blob){start, (size_t)(c->p - start)};
	return true;
}

uint8_t
der_peek(const struct cursor *c)
{
	return cursor_left(c) ? *c->p : 0;
}

bool
der_get(struct cursor *c, uint8_t tag, struct blob *ret_body)
{
	if (der_peek(c) != tag)
		return bad(c);
	return der_next(c, NULL, ret_body, NULL);
}

bool
der_open(struct cursor *c, uint8_t tag, struct cursor *ret)
{
	struct blob body;

	if (!der_get(c, tag, &body))
		return false;
	*ret = cursor_of(body);
	return true;
}

bool
der_optional(struct cursor *c, uint8_t tag, struct blob *ret_body)
{
	return der_peek(c) == tag && der_next(c, NULL, ret_body, NULL);
}

bool
der_get_bool(struct cursor *c, bool *ret)
{
	struct blob b;

	if (!der_get(c, DER_BOOLEAN, &b))
		return false;
	/* X.690 11.1: true is all ones */
	if (b.n != 1 || (b.p[0] != 0 && b.p[0] != 0xff))
		return bad(c);
	*ret = b.p[0] != 0;
	return true;
}

bool
der_get_integer(struct cursor *c, struct blob *ret)
{
	struct blob b;

	if (!der_get(c, DER_INTEGER, &b))
		return false;
	if (b.n == 0)
		return bad(c);
	/* X.690 8.3.2: the first nine bits are not all alike */
	if (b.n > 1 && ((b.p[0] == 0 && b.p[1] < 0x80) || (b.p[0] == 0xff && b.p[1] >= 0x80)))
		return bad(c);
	*ret = b;
	return true;
}

bool
der_get_int(struct cursor *c, int64_t *ret)
{
	struct blob b = {NULL, 0}; /* gcc 14 does not see that it is filled */
	uint64_t v = 0;

	if (!der_get_integer(c, &b))
		return false;
	if (b.n > 8 || b.p[0] >= 0x80)
		return bad(c);
	for (size_t i = 0; i < b.n; i++)
		v = v << 8 | b.p[i];
	*ret = (int64_t)v;
	return true;
}

bool
der_get_bits(struct cursor *c, struct blob *ret)
{
	struct blob b;

	if (!der_get(c, DER_BIT_STRING, &b))
		return false;
	if (b.n == 0 || b.p[0] != 0)
		return bad(c);
	*ret = (struct blob){b.p + 1, b.n - 1};
	return true;
}

static bool
digits(const uint8_t *p, unsigned n, int *ret)
{
	int v = 0;

	for (unsigned i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		v = v * 10 + (p[i] - '0');
	}
	*ret = v;
	return true;
}

static bool
time_of(struct blob b, unsigned year_digits, int64_t *ret_ms)
{
	const uint8_t *p = b.p + year_digits;
	struct civil t, back;
	int64_t ms;

	if (b.n != year_digits + 11U || b.p[b.n - 1] != 'Z' || !digits(b.p, year_digits, &t.year) ||
		!digits(p, 2, &t.month) || !digits(p + 2, 2, &t.day) || !digits(p + 4, 2, &t.hour) ||
		!digits(p + 6, 2, &t.minute) || !digits(p + 8, 2, &t.second))
		return false;
	if (year_digits == 2)
		t.year += t.year < 50 ? 2000 : 1900;
	if (t.month < 1 || t.month > 12 || t.day < 1 || t.hour > 23 || t.minute > 59 || t.second > 59)
		return false;
	ms = civil_to_ms(&t);
	/* a day that the month lacks comes back as another one */
	civil_of_ms(ms, &back);
	if (back.day != t.day)
		return false;
	*ret_ms = ms;
	return true;
}

bool
der_get_time(struct cursor *c, int64_t *ret_ms)
{
	struct blob b;
	uint8_t tag;

	if (!der_next(c, &tag, &b, NULL))
		return false;
	if (tag == DER_UTC_TIME && time_of(b, 2, ret_ms))
		return true;
	if (tag == DER_GENERALIZED_TIME && time_of(b, 4, ret_ms))
		return true;
	return bad(c);
}

bool
der_done(const struct cursor *c)
{
	return cursor_ok(c, true);
}

/* -- writing */

/* The mark is where the length's first octet stands; the short form is set aside and widened where it must be. */
size_t
der_begin(struct buf *b, uint8_t tag)
{
	uint8_t head[2] = {tag, 0};

	buf_put(b, head, sizeof(head));
	return b->n - 1;
}

size_t
der_begin_bits(struct buf *b)
{
	uint8_t head[3] = {DER_BIT_STRING, 0, 0};

	buf_put(b, head, sizeof(head));
	return b->n - 2;
}

static unsigned
length_octets(size_t n)
{
	unsigned k = 0;

	if (n < 0x80)
		return 0;
	for (; n; n >>= 8)
		k++;
	return k;
}

/* out has room for 1 + length_octets(n). */
static void
put_length(uint8_t *out, size_t n, unsigned octets)
{
	if (!octets) {
		out[0] = (uint8_t)n;
		return;
	}
	out[0] = (uint8_t)(0x80 | octets);
	for (unsigned i = 0; i < octets; i++)
		out[1 + i] = (uint8_t)(n >> (8 * (octets - 1 - i)));
}

void
der_end(struct buf *b, size_t mark)
{
	size_t n;
	unsigned octets;

	if (b->over)
		return;
	BUG_ON(mark >= b->n);
	n = b->n - mark - 1;
	octets = length_octets(n);
	if (octets) {
		if (!buf_reserve(b, octets))
			return;
		memmove(b->p + mark + 1 + octets, b->p + mark + 1, n);
		buf_added(b, octets);
	}
	put_length(b->p + mark, n, octets);
}

void
der_put(struct buf *b, uint8_t tag, struct blob body)
{
	unsigned octets = length_octets(body.n);
	uint8_t *to = buf_reserve(b, 2 + octets + body.n);

	if (!to)
		return;
	to[0] = tag;
	put_length(to + 1, body.n, octets);
	if (body.n)
		memcpy(to + 2 + octets, body.p, body.n);
	buf_added(b, 2 + octets + body.n);
}

void
der_put_bool(struct buf *b, bool v)
{
	uint8_t out = v ? 0xff : 0;

	der_put(b, DER_BOOLEAN, BLOB(&out, 1));
}

void
der_put_int(struct buf *b, int64_t v)
{
	uint8_t out[8];
	size_t skip = 0;

	for (unsigned i = 0; i < 8; i++)
		out[i] = (uint8_t)((uint64_t)v >> (8 * (7 - i)));
	while (skip < 7 && ((out[skip] == 0 && out[skip + 1] < 0x80) ||
				   (out[skip] == 0xff && out[skip + 1] >= 0x80)))
		skip++;
	der_put(b, DER_INTEGER, BLOB(out + skip, 8 - skip));
}

void
der_put_unsigned(struct buf *b, struct blob m)
{
	size_t mark;

	while (m.n && m.p[0] == 0) {
		m.p++;
		m.n--;
	}
	mark = der_begin(b, DER_INTEGER);
	if (m.n == 0 || m.p[0] >= 0x80)
		buf_put_u8(b, 0);
	buf_put_blob(b, m);
	der_end(b, mark);
}

void
der_put_null(struct buf *b)
{
	der_put(b, DER_NULL, (struct blob){NULL, 0});
}

static const char *
oid_arc(const char *p, uint64_t *ret)
{
	uint64_t v = 0;

	BUG_ON(*p < '0' || *p > '9' || (p[0] == '0' && p[1] >= '0' && p[1] <= '9'));
	for (; *p >= '0' && *p <= '9'; p++) {
		BUG_ON(v > (UINT64_MAX - 9) / 10);
		v = v * 10 + (uint64_t)(*p - '0');
	}
	BUG_ON(*p && *p != '.');
	*ret = v;
	return *p ? p + 1 : p;
}

static size_t
oid_base128(uint64_t v, uint8_t *out, size_t size)
{
	size_t n = 1;

	for (uint64_t w = v >> 7; w; w >>= 7)
		n++;
	BUG_ON(n > size);
	for (size_t i = n; i-- > 0; v >>= 7)
		out[i] = (uint8_t)((v & 0x7f) | (i + 1 < n ? 0x80 : 0));
	return n;
}

static size_t
oid_content(const char *dotted, uint8_t out[OID_CONTENT_MAX])
{
	uint64_t first, arc;
	const char *p = oid_arc(dotted, &first);
	size_t n;

	BUG_ON(first > 2 || !*p);
	p = oid_arc(p, &arc);
	BUG_ON(first < 2 && arc > 39);
	n = oid_base128(first * 40 + arc, out, OID_CONTENT_MAX);
	while (*p) {
		p = oid_arc(p, &arc);
		n += oid_base128(arc, out + n, OID_CONTENT_MAX - n);
	}
	return n;
}

void
der_put_oid(struct buf *b, const char *dotted)
{
	uint8_t out[OID_CONTENT_MAX];

	der_put(b, DER_OID, BLOB(out, oid_content(dotted, out)));
}

void
der_put_bits(struct buf *b, struct blob bytes, unsigned unused_bits)
{
	size_t mark = der_begin(b, DER_BIT_STRING);

	BUG_ON(unused_bits > 7 || (unused_bits && !bytes.n));
	buf_put_u8(b, (uint8_t)unused_bits);
	buf_put_blob(b, bytes);
	der_end(b, mark);
}

void
der_put_named_bits(struct buf *b, uint32_t bits_from_left, unsigned n)
{
	uint8_t out[4] = {0};
	unsigned used = 0;

	BUG_ON(n > 32);
	for (unsigned i = 0; i < n; i++) {
		if (!(bits_from_left & UINT32_C(1) << i))
			continue;
		out[i / 8] |= (uint8_t)(0x80 >> (i % 8));
		used = i + 1;
	}
	der_put_bits(b, BLOB(out, (used + 7) / 8), (8 - used % 8) % 8);
}

static void
put2(char *out, int v)
{
	out[0] = (char)('0' + v / 10);
	out[1] = (char)('0' + v % 10);
}

/* "YYYYMMDDHHMMSSZ" */
static int
time_text(int64_t ms, char out[15])
{
	struct civil t;

	BUG_ON(ms % 1000);
	civil_of_ms(ms, &t);
	BUG_ON(t.year < 0 || t.year > 9999);
	put2(out, t.year / 100);
	put2(out + 2, t.year % 100);
	put2(out + 4, t.month);
	put2(out + 6, t.day);
	put2(out + 8, t.hour);
	put2(out + 10, t.minute);
	put2(out + 12, t.second);
	out[14] = 'Z';
	return t.year;
}

void
der_put_time(struct buf *b, int64_t ms)
{
	char text[15];
	int year = time_text(ms, text);

	if (year >= 1950 && year < 2050)
		der_put(b, DER_UTC_TIME, BLOB(text + 2, 13));
	else
		der_put(b, DER_GENERALIZED_TIME, BLOB(text, 15));
}

void
der_put_generalized_time(struct buf *b, int64_t ms)
{
	char text[15];

	time_text(ms, text);
	der_put(b, DER_GENERALIZED_TIME, BLOB(text, 15));
}

/* -- OIDs */

static bool
oid_next(struct cursor *c, uint64_t *ret)
{
	uint64_t v = 0;
	uint8_t o = cursor_u8(c);

	/* X.690 8.19.2: no leading 0x80 */
	if (c->bad || o == 0x80)
		return false;
	for (;; o = cursor_u8(c)) {
		if (c->bad || v > UINT64_MAX >> 7)
			return false;
		v = v << 7 | (o & 0x7f);
		if (!(o & 0x80))
			break;
	}
	*ret = v;
	return true;
}

bool
der_oid_text(struct blob body, char *out, size_t size)
{
	struct cursor c = cursor_of(body);
	uint64_t v, first;
	int n;

	if (!oid_next(&c, &v))
		return false;
	first = MIN(v / 40, UINT64_C(2));
	n = snprintf(out, size, "%llu.%llu", (unsigned long long)first,
		(unsigned long long)(v - first * 40));
	while (cursor_left(&c) && n >= 0 && (size_t)n < size) {
		if (!oid_next(&c, &v))
			return false;
		n += snprintf(out + n, size - (size_t)n, ".%llu", (unsigned long long)v);
	}
	return n >= 0 && (size_t)n < size;
}

bool
der_oid_is(struct blob body, const char *dotted)
{
	uint8_t want[OID_CONTENT_MAX];

	return blob_eq(body, BLOB(want, oid_content(dotted, want)));
}
