/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/name_priv.h"

#include "base/hex.h"
#include "base/utf8.h"
#include "crypto/oid_priv.h"

#define NAME_TEXT_MAX (256 * 1024)
#define T61_STRING 0x14
#define UNIVERSAL_STRING 0x1c
#define BMP_STRING 0x1e

/* -- walking */

/* One AttributeTypeAndValue out of the set; the value whole. */
static bool
attribute_next(struct cursor *set, struct blob *ret_oid, uint8_t *ret_tag, struct blob *ret_body,
	struct blob *ret_whole)
{
	struct cursor c;

	return der_open(set, DER_SEQUENCE, &c) && der_get(&c, DER_OID, ret_oid) && ret_oid->n > 0 &&
		der_next(&c, ret_tag, ret_body, ret_whole) && der_done(&c);
}

bool
name_get(struct cursor *c, struct blob *ret)
{
	struct blob body, whole, oid, value;
	struct cursor rdns, set;
	uint8_t tag;

	if (der_peek(c) != DER_SEQUENCE || !der_next(c, &tag, &body, &whole))
		return false;
	rdns = cursor_of(body);
	while (cursor_left(&rdns)) {
		if (!der_open(&rdns, DER_SET, &set))
			return false;
		/* an RDN has at least one attribute */
		do {
			if (!attribute_next(&set, &oid, &tag, &value, &body))
				return false;
		} while (cursor_left(&set));
	}
	*ret = whole;
	return true;
}

/* The RDNs of a Name whose walk has succeeded once. */
static struct cursor
rdns_of(struct blob name)
{
	struct cursor c = cursor_of(name), rdns;

	BUG_ON(!der_open(&c, DER_SEQUENCE, &rdns));
	return rdns;
}

/* -- text */

static void
put_utf8(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_put_u8(b, (uint8_t)c);
	} else if (c < 0x800) {
		buf_put_u8(b, (uint8_t)(0xc0 | c >> 6));
		buf_put_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		buf_put_u8(b, (uint8_t)(0xe0 | c >> 12));
		buf_put_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		buf_put_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
	} else {
		buf_put_u8(b, (uint8_t)(0xf0 | (c >> 18 & 7)));
		buf_put_u8(b, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		buf_put_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		buf_put_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
	}
}

/* Characters of so many octets each; what comes out is checked as UTF-8, which finds surrogates and overruns. */
static bool
put_wide(struct buf *b, struct blob body, size_t width)
{
	if (body.n % width)
		return false;
	for (size_t i = 0; i < body.n; i += width) {
		uint32_t c = 0;

		for (size_t k = 0; k < width; k++)
			c = c << 8 | body.p[i + k];
		if (c > 0x10ffff)
			return false;
		put_utf8(b, c);
	}
	return true;
}

/* A DirectoryString (or IA5String) as UTF-8; false when it is none or holds a NUL. */
static bool
directory_string(uint8_t tag, struct blob body, struct arena *a, struct str *ret)
{
	BUF(b, body.n * 2 + 1);
	bool ok;

	switch (tag) {
	case DER_UTF8_STRING:
	case DER_PRINTABLE_STRING:
	case DER_IA5_STRING:
		buf_put_blob(&b, body);
		ok = true;
		break;
	case T61_STRING: /* as Latin-1, which is what writers of it meant */
		ok = put_wide(&b, body, 1);
		break;
	case BMP_STRING:
		ok = put_wide(&b, body, 2);
		break;
	case UNIVERSAL_STRING:
		ok = put_wide(&b, body, 4);
		break;
	default:
		return false;
	}
	if (!ok || b.over || !utf8_ok(buf_str(&b)))
		return false;
	*ret = b.n ? arena_str(a, buf_str(&b)) : STR("");
	return true;
}

bool
name_cn(struct blob name, struct arena *a, struct str *ret)
{
	struct cursor rdns = rdns_of(name), set;
	struct blob oid, body, whole;
	uint8_t tag;

	*ret = (struct str){NULL, 0};
	while (der_open(&rdns, DER_SET, &set)) {
		while (cursor_left(&set) && attribute_next(&set, &oid, &tag, &body, &whole)) {
			if (blob_eq(oid, OID(OID_CN)))
				return directory_string(tag, body, a, ret);
		}
	}
	return true;
}

/* RFC 4514 3 and what everybody writes besides. */
static const struct {
	struct blob oid;
	const char *name;
} short_names[] = {
	{{(const uint8_t *)"\x55\x04\x03", 3}, "CN"},
	{{(const uint8_t *)"\x55\x04\x06", 3}, "C"},
	{{(const uint8_t *)"\x55\x04\x07", 3}, "L"},
	{{(const uint8_t *)"\x55\x04\x08", 3}, "ST"},
	{{(const uint8_t *)"\x55\x04\x09", 3}, "STREET"},
	{{(const uint8_t *)"\x55\x04\x0a", 3}, "O"},
	{{(const uint8_t *)"\x55\x04\x0b", 3}, "OU"},
	{{(const uint8_t *)"\x55\x04\x05", 3}, "serialNumber"},
	{{(const uint8_t *)"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", 9}, "emailAddress"},
	{{(const uint8_t *)"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", 10}, "DC"},
	{{(const uint8_t *)"\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", 10}, "UID"},
};

/* RFC 4514 2.4 */
static void
put_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool edge = (c == ' ' && (i == 0 || i + 1 == s.n)) || (c == '#' && i == 0);

		if (c < 0x20 || c == 0x7f) {
			buf_printf(b, "\\%02X", c);
			continue;
		}
		if (edge || strchr("\"+,;<>\\", c))
			buf_put_u8(b, '\\');
		buf_put_u8(b, c);
	}
}

/* type=value; 2.4: a value that is no text is written as the hexadecimal form of its encoding. */
static void
put_attribute(struct buf *b, struct blob oid, uint8_t tag, struct blob body, struct blob whole, struct arena *a)
{
	char dotted[128];
	const char *type = NULL;
	struct str text;

	for (size_t i = 0; i < ARRAY_LEN(short_names); i++) {
		if (blob_eq(short_names[i].oid, oid))
			type = short_names[i].name;
	}
	if (!type)
		type = der_oid_text(oid, dotted, sizeof(dotted)) ? dotted : "?";
	buf_put_c(b, type);
	buf_put_u8(b, '=');
	if (directory_string(tag, body, a, &text)) {
		put_escaped(b, text);
		return;
	}
	buf_put_u8(b, '#');
	buf_put_str(b, hex_encode(a, whole));
}

static void
put_rdn(struct buf *b, struct blob rdn, struct arena *a)
{
	struct cursor set = cursor_of(rdn);
	struct blob oid, body, whole;
	bool first = true;
	uint8_t tag;

	while (cursor_left(&set) && attribute_next(&set, &oid, &tag, &body, &whole)) {
		if (!first)
			buf_put_u8(b, '+');
		first = false;
		put_attribute(b, oid, tag, body, whole, a);
	}
}

struct str
name_text(struct blob name, struct arena *a)
{
	struct cursor rdns = rdns_of(name), count = rdns;
	BUF(b, NAME_TEXT_MAX);
	struct blob *list;
	size_t n = 0;

	while (der_get(&count, DER_SET, NULL))
		n++;
	list = arena_new_n(a, n, struct blob);
	for (size_t i = 0; i < n; i++)
		BUG_ON(!der_get(&rdns, DER_SET, &list[i]));
	/* 2.1: last first */
	while (n-- > 0) {
		put_rdn(&b, list[n], a);
		if (n)
			buf_put_u8(&b, ',');
	}
	return b.n ? arena_str(a, buf_str(&b)) : STR("");
}

/* -- alternative names and extensions */

static bool
alt_name_add(struct alt_names *r, uint8_t tag, struct blob body)
{
	switch (tag) {
	case DER_CTX(2):
		r->dns[r->n_dns++] = str_of(body);
		return true;
	case DER_CTX(7):
		r->ip[r->n_ip++] = body;
		return body.n == 4 || body.n == 16;
	case DER_CTX_CONS(0): /* otherName, rfc822Name, x400, directoryName, EDI, URI, registeredID */
	case DER_CTX(1):
	case DER_CTX_CONS(3):
	case DER_CTX_CONS(4):
	case DER_CTX_CONS(5):
	case DER_CTX(6):
	case DER_CTX(8):
		r->n_other++;
		return true;
	default:
		return false;
	}
}

bool
alt_names_read(struct blob value, unsigned max, struct arena *a, struct alt_names *ret)
{
	struct cursor outer = cursor_of(value), c, count;
	struct blob body, whole;
	size_t n = 0;
	uint8_t tag;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer))
		return false;
	for (count = c; cursor_left(&count); n++) {
		if (!der_next(&count, &tag, &body, &whole))
			return false;
	}
	if (n == 0 || n > max)
		return false;
	*ret = (struct alt_names){.dns = arena_new_n(a, n, struct str), .ip = arena_new_n(a, n, struct blob)};
	while (cursor_left(&c)) {
		if (!der_next(&c, &tag, &body, &whole) || !alt_name_add(ret, tag, body))
			return false;
	}
	return true;
}

bool
extension_next(struct cursor *c, struct blob *ret_oid, bool *ret_critical, struct blob *ret_value)
{
	struct cursor in;

	*ret_critical = false;
	return der_open(c, DER_SEQUENCE, &in) && der_get(&in, DER_OID, ret_oid) && ret_oid->n > 0 &&
		(der_peek(&in) != DER_BOOLEAN || der_get_bool(&in, ret_critical)) &&
		der_get(&in, DER_OCTET_STRING, ret_value) && der_done(&in);
}

bool
extension_seen(struct blob sequence, const uint8_t *end, struct blob oid)
{
	struct cursor c = {sequence.p, end, false};
	struct blob other, value;
	bool critical;

	while (cursor_left(&c) && extension_next(&c, &other, &critical, &value)) {
		if (blob_eq(other, oid))
			return true;
	}
	return false;
}
