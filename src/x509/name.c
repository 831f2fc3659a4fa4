/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/name.h"

#include "base/der.h"
#include "base/utf8.h"
#include "x509/oid.h"

#define TAG_NUMERIC 0x12
#define TAG_T61 0x14
#define TAG_VISIBLE 0x1a
#define TAG_UNIVERSAL 0x1c
#define TAG_BMP 0x1e

/* -- texts */

/* Octets per character, 0 for UTF-8, -1 for what is no text. */
static int
text_width(uint8_t tag)
{
	switch (tag) {
	case DER_UTF8_STRING:
		return 0;
	case DER_PRINTABLE_STRING:
	case DER_IA5_STRING:
	case TAG_NUMERIC:
	case TAG_VISIBLE:
	case TAG_T61: /* in practice Latin-1 */
		return 1;
	case TAG_BMP:
		return 2;
	case TAG_UNIVERSAL:
		return 4;
	default:
		return -1;
	}
}

static bool
text_ok(uint8_t tag, struct blob v)
{
	switch (tag) {
	case DER_UTF8_STRING:
		return utf8_ok(str_of(v));
	case DER_PRINTABLE_STRING:
	case DER_IA5_STRING:
	case TAG_NUMERIC:
	case TAG_VISIBLE:
		for (size_t i = 0; i < v.n; i++) {
			if (v.p[i] == 0 || v.p[i] > 0x7f)
				return false;
		}
		return true;
	case TAG_BMP:
		return v.n % 2 == 0;
	case TAG_UNIVERSAL:
		return v.n % 4 == 0;
	default:
		return true;
	}
}

/* The next character as it stands; false at the end. */
static bool
text_raw(struct blob *v, int width, uint32_t *ret)
{
	struct cursor c = cursor_of(*v);
	struct str s;

	if (!v->n)
		return false;
	if (width == 0) {
		s = str_of(*v);
		*ret = utf8_next(&s);
		*v = blob_of(s);
		return *ret != UINT32_MAX;
	}
	*ret = width == 1 ? cursor_u8(&c) : width == 2 ? cursor_u16(&c) : cursor_u32(&c);
	*v = (struct blob){c.p, cursor_left(&c)};
	return !c.bad;
}

/*
 * Letters without case (RFC 4518 2.2), for the scripts whose cases differ by a rule: Latin, Greek
 * and Cyrillic. Letters of others compare as they stand, which can only tell apart what might be
 * taken as equal.
 */
static uint32_t
fold(uint32_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c + 32;
	if (c < 0xc0)
		return c;
	if ((c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3ab && c != 0x3a2) ||
		(c >= 0x410 && c <= 0x42f))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	if ((c >= 0x100 && c <= 0x12f) || (c >= 0x132 && c <= 0x137) ||
		(c >= 0x14a && c <= 0x177) || (c >= 0x460 && c <= 0x481) ||
		(c >= 0x1e00 && c <= 0x1e95) || (c >= 0x1ea0 && c <= 0x1eff))
		return c | 1;
	if (((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e)) && (c & 1))
		return c + 1;
	return c;
}

/* RFC 4518 2.2: separators and what separates lines are blanks. */
static bool
blank(uint32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xa0 ||
	       (c >= 0x2000 && c <= 0x200a) || c == 0x3000;
}

/* A text made ready for comparing, character by character (RFC 4518 2.6.1: no blanks at the ends,
 * one within). */
struct prepared {
	struct blob rest;
	int width;
	bool begun;
};

static uint32_t
prepared_next(struct prepared *p)
{
	uint32_t c = 0, after;
	struct blob ahead;
	bool gap = false;

	while (ahead = p->rest, text_raw(&ahead, p->width, &after) && blank(after)) {
		p->rest = ahead;
		gap = true;
	}
	if (gap && p->begun && p->rest.n)
		return ' ';
	p->begun = true;
	if (!text_raw(&p->rest, p->width, &c))
		return 0;
	/* a NUL inside is a character like others */
	return c ? fold(c) : UINT32_MAX;
}

static bool
value_eq(const struct x509_attr *a, const struct x509_attr *b)
{
	struct prepared pa = {a->value, text_width(a->tag), false},
			pb = {b->value, text_width(b->tag), false};
	uint32_t ca;

	if (a->tag == b->tag && blob_eq(a->value, b->value))
		return true;
	if (pa.width < 0 || pb.width < 0)
		return false;
	do {
		ca = prepared_next(&pa);
		if (ca != prepared_next(&pb))
			return false;
		/* a blank between words is not the end of the gap: the next call gives the word */
	} while (ca);
	return true;
}

/* -- reading */

static bool
attr_next(struct cursor *rdn, struct x509_attr *ret)
{
	struct cursor c;

	return der_open(rdn, DER_SEQUENCE, &c) && x509_oid_get(&c, &ret->oid) &&
	       der_next(&c, &ret->tag, &ret->value, NULL) && der_done(&c);
}

bool
x509_rdn_ok(struct blob set)
{
	struct cursor c = cursor_of(set);
	struct x509_attr at;
	unsigned n = 0;

	do {
		if (n++ == X509_RDN_ATTRS_MAX || !attr_next(&c, &at) || !text_ok(at.tag, at.value))
			return false;
	} while (cursor_left(&c));
	return true;
}

bool
x509_name_ok(struct blob name)
{
	struct cursor outer = cursor_of(name), c;
	struct blob set;
	unsigned n = 0;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer))
		return false;
	while (cursor_left(&c)) {
		if (n++ == X509_NAME_RDNS_MAX || !der_get(&c, DER_SET, &set) || !x509_rdn_ok(set))
			return false;
	}
	return true;
}

static struct cursor
rdns_of(struct blob name)
{
	struct cursor outer = cursor_of(name), c = {NULL, NULL, false};

	der_open(&outer, DER_SEQUENCE, &c);
	return c;
}

struct x509_name_walk
x509_name_walk(struct blob name)
{
	return (struct x509_name_walk){.rdns = rdns_of(name)};
}

bool
x509_name_next(struct x509_name_walk *it, struct x509_attr *ret)
{
	if (!cursor_left(&it->rdn) &&
		(!cursor_left(&it->rdns) || !der_open(&it->rdns, DER_SET, &it->rdn)))
		return false;
	return attr_next(&it->rdn, ret);
}

bool
x509_name_empty(struct blob name)
{
	struct cursor c = rdns_of(name);

	return cursor_left(&c) == 0;
}

/* -- comparing */

static unsigned
attrs_of(struct blob set, struct x509_attr out[X509_RDN_ATTRS_MAX])
{
	struct cursor c = cursor_of(set);
	unsigned n = 0;

	while (n < X509_RDN_ATTRS_MAX && cursor_left(&c) && attr_next(&c, &out[n]))
		n++;
	return n;
}

static bool
attr_eq(const struct x509_attr *a, const struct x509_attr *b)
{
	return blob_eq(a->oid, b->oid) && value_eq(a, b);
}

/* DER sorts a SET by the octets, so two encodings of one RDN may stand in different orders. */
bool
x509_rdn_eq(struct blob a, struct blob b)
{
	struct x509_attr aa[X509_RDN_ATTRS_MAX], bb[X509_RDN_ATTRS_MAX];
	unsigned na = attrs_of(a, aa), nb = attrs_of(b, bb), used = 0, i, k;

	if (na != nb)
		return false;
	for (i = 0; i < na; i++) {
		for (k = 0; k < nb; k++) {
			if (!(used >> k & 1) && attr_eq(&aa[i], &bb[k]))
				break;
		}
		if (k == nb)
			return false;
		used |= 1U << k;
	}
	return true;
}

/* name's RDNs begin with those of base; *ret_rest is what follows. */
static bool
begins(struct blob name, struct blob base, struct cursor *ret_rest)
{
	struct cursor n = rdns_of(name), b = rdns_of(base);
	struct blob nr, br;

	while (cursor_left(&b)) {
		if (!cursor_left(&n) || !der_get(&n, DER_SET, &nr) || !der_get(&b, DER_SET, &br) ||
			!x509_rdn_eq(nr, br))
			return false;
	}
	*ret_rest = n;
	return true;
}

bool
x509_name_eq(struct blob a, struct blob b)
{
	struct cursor rest;

	return blob_eq(a, b) || (begins(a, b, &rest) && !cursor_left(&rest));
}

bool
x509_name_within(struct blob name, struct blob base)
{
	struct cursor rest;

	return begins(name, base, &rest);
}

bool
x509_name_eq_relative(struct blob name, struct blob base, struct blob rdn)
{
	struct cursor rest;
	struct blob last;

	return begins(name, base, &rest) && der_get(&rest, DER_SET, &last) && !cursor_left(&rest) &&
	       x509_rdn_eq(last, rdn);
}

static uint64_t
mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * 0x9e3779b97f4a7c15;
	return h ^ h >> 29;
}

static uint64_t
attr_hash(const struct x509_attr *at)
{
	struct prepared p = {at->value, text_width(at->tag), false};
	uint64_t h = 1;
	uint32_t c;

	for (size_t i = 0; i < at->oid.n; i++)
		h = mix(h, at->oid.p[i]);
	if (p.width < 0)
		return mix(h, at->value.n);
	while ((c = prepared_next(&p)) != 0)
		h = mix(h, c);
	return h;
}

uint64_t
x509_name_hash(struct blob name)
{
	struct cursor c = rdns_of(name), rdn;
	struct x509_attr at;
	uint64_t h = 0, sum;

	while (cursor_left(&c) && der_open(&c, DER_SET, &rdn)) {
		sum = 0;
		while (cursor_left(&rdn) && attr_next(&rdn, &at))
			sum += attr_hash(&at);
		h = mix(h, sum);
	}
	return h;
}

static bool
printable(struct blob v)
{
	for (size_t i = 0; i < v.n; i++) {
		uint8_t c = v.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
			!memchr(" '()+,-./:=?", c, 12))
			return false;
	}
	return true;
}

bool
x509_attr_regular(const struct x509_attr *a)
{
	return a->tag == DER_PRINTABLE_STRING ? printable(a->value) :
						a->tag != TAG_T61 && a->tag != TAG_BMP && a->tag != TAG_UNIVERSAL;
}

static unsigned
utf8_put(uint32_t c, char out[4])
{
	unsigned n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1) {
		out[0] = (char)c;
		return 1;
	}
	for (unsigned i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)((0xf00 >> n & 0xff) | c);
	return n;
}

bool
x509_attr_text(const struct x509_attr *a, char *out, size_t size, size_t *ret_n)
{
	int width = text_width(a->tag);
	struct blob rest = a->value;
	size_t n = 0;
	uint32_t c;
	char one[4];

	while (width >= 0 && text_raw(&rest, width, &c)) {
		unsigned k;

		/* no character: surrogates, beyond the planes, and NUL, which has cut names short
		 * before */
		if (c == 0 || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return false;
		k = utf8_put(c, one);
		if (n + k > size)
			return false;
		memcpy(out + n, one, k);
		n += k;
	}
	*ret_n = n;
	return width >= 0 && rest.n == 0;
}
