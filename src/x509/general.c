/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/general.h"

#include "base/der.h"
#include "x509/name.h"
#include "x509/oid.h"

#define DNS_MAX 253
#define LABEL_MAX 63
#define LOCAL_PART_MAX 64

static bool
ascii_ok(struct blob v)
{
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] > 0x7f)
			return false;
	}
	return true;
}

/* OtherName ::= SEQUENCE { type-id OBJECT IDENTIFIER, value [0] EXPLICIT ANY } */
static bool
other_name_ok(struct blob body)
{
	struct cursor c = cursor_of(body), value;
	struct blob oid;

	return x509_oid_get(&c, &oid) && der_open(&c, DER_CTX_CONS(0), &value) &&
	       der_next(&value, NULL, NULL, NULL) && der_done(&value) && der_done(&c);
}

static bool
value_ok(enum x509_general_kind kind, struct blob v)
{
	switch (kind) {
	case X509_OTHER_NAME:
		return other_name_ok(v);
	case X509_EMAIL:
	case X509_DNS:
	case X509_URI:
		return ascii_ok(v);
	case X509_DIRECTORY:
		return x509_name_ok(v);
	case X509_REGISTERED_ID:
		return v.n > 0;
	case X509_IP:
	case X509_X400:
	case X509_EDI_PARTY:
	case X509_GENERAL_KINDS:
		break;
	}
	return true;
}

bool
x509_general_next(struct cursor *c, struct x509_general *ret)
{
	uint8_t tag;
	unsigned kind;
	bool constructed;

	if (!cursor_left(c) || !der_next(c, &tag, &ret->value, NULL))
		return false;
	kind = tag & 0x1f;
	constructed = kind == X509_OTHER_NAME || kind == X509_X400 || kind == X509_DIRECTORY ||
		      kind == X509_EDI_PARTY;
	ret->kind = kind;
	/* Name is a CHOICE, so its tag is explicit: value is the whole Name */
	if (kind >= X509_GENERAL_KINDS ||
		tag != (constructed ? DER_CTX_CONS(kind) : DER_CTX(kind)) ||
		!value_ok(ret->kind, ret->value))
		c->bad = true;
	return !c->bad;
}

bool
x509_generals_ok(struct blob list)
{
	struct cursor c = cursor_of(list);
	struct x509_general g;

	if (!list.n)
		return false;
	while (x509_general_next(&c, &g))
		;
	return der_done(&c);
}

bool
x509_generals_have(struct blob list, const struct x509_general *g)
{
	struct cursor c = cursor_of(list);
	struct x509_general have;

	while (x509_general_next(&c, &have)) {
		if (have.kind == g->kind &&
			(g->kind == X509_DIRECTORY ? x509_name_eq(have.value, g->value)
						   : blob_eq(have.value, g->value)))
			return true;
	}
	return false;
}

/* -- texts */

static bool
letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool
label_ok(struct str l)
{
	if (!l.n || l.n > LABEL_MAX || l.p[0] == '-' || l.p[l.n - 1] == '-')
		return false;
	for (size_t i = 0; i < l.n; i++) {
		if (!letter_or_digit(l.p[i]) && l.p[i] != '-')
			return false;
	}
	return true;
}

static bool
all_digits(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	}
	return true;
}

bool
x509_dns_ok(struct str name, bool wildcard)
{
	struct str rest = name, label = {NULL, 0};
	bool first = true;

	if (!name.n || name.n > DNS_MAX || name.p[name.n - 1] == '.')
		return false;
	while (rest.n) {
		label = str_cut(&rest, '.');
		if (!label_ok(label) && !(wildcard && first && rest.n && str_eq_c(label, "*")))
			return false;
		first = false;
	}
	/* RFC 1123 2.1: the last label is not all digits, so that no name looks like an address */
	return !all_digits(label);
}

static bool
local_part_ok(struct str s)
{
	bool dot = true;

	if (!s.n || s.n > LOCAL_PART_MAX)
		return false;
	/* RFC 5321 4.1.2: a quoted string, or atoms between dots */
	if (s.p[0] == '"')
		return s.n > 2 && s.p[s.n - 1] == '"';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.' ? dot
				  : !letter_or_digit(s.p[i]) &&
					    !memchr("!#$%&'*+-/=?^_`{|}~", s.p[i], 19))
			return false;
		dot = s.p[i] == '.';
	}
	return !dot;
}

bool
x509_email_ok(struct str address)
{
	size_t at = address.n;

	while (at > 0 && address.p[at - 1] != '@')
		at--;
	return at > 1 && local_part_ok((struct str){address.p, at - 1}) &&
	       x509_dns_ok((struct str){address.p + at, address.n - at}, false);
}

bool
x509_uri_ok(struct str uri)
{
	ptrdiff_t colon = str_find(uri, ':');

	/* RFC 3986 3.1 */
	if (colon < 1 || (size_t)colon + 1 == uri.n || !letter_or_digit(uri.p[0]) ||
		all_digits((struct str){uri.p, 1}))
		return false;
	for (ptrdiff_t i = 1; i < colon; i++) {
		if (!letter_or_digit(uri.p[i]) && !memchr("+-.", uri.p[i], 3))
			return false;
	}
	for (size_t i = 0; i < uri.n; i++) {
		if (uri.p[i] <= ' ' || uri.p[i] == 0x7f || memchr("<>\"{}|\\^`", uri.p[i], 9))
			return false;
	}
	/* an authority that is announced is there (RFC 5280 4.2.1.6: the host is a name or an
	 * address) */
	return !(uri.n - colon >= 3 && uri.p[colon + 1] == '/' && uri.p[colon + 2] == '/') ||
	       x509_uri_host(uri).n || str_starts(uri, STR("file:"));
}

struct str
x509_uri_host(struct str uri)
{
	ptrdiff_t colon = str_find(uri, ':'), end;
	struct str s, before;

	if (colon < 0 || uri.n < (size_t)colon + 3 || uri.p[colon + 1] != '/' ||
		uri.p[colon + 2] != '/')
		return (struct str){NULL, 0};
	s = (struct str){uri.p + colon + 3, uri.n - (size_t)colon - 3};
	for (end = 0; (size_t)end < s.n && !memchr("/?#", s.p[end], 3); end++)
		;
	s.n = (size_t)end;
	/* userinfo */
	while ((end = str_find(s, '@')) >= 0)
		s = (struct str){s.p + end + 1, s.n - (size_t)end - 1};
	if (s.n && s.p[0] == '[')
		return (end = str_find(s, ']')) > 0 ? (struct str){s.p, (size_t)end + 1}
						    : (struct str){NULL, 0};
	before = s;
	return str_cut(&before, ':');
}
