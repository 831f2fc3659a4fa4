/* SPDX-License-Identifier: Apache-2.0 */
/* The extensions of certificates (RFC 5280 4.2): their values, walked once so that the iterators cannot fail later. */
#include <limits.h>

#include "x509/ext_priv.h"
#include "x509/name.h"
#include "x509/oid.h"

#define NONE ((struct blob){NULL, 0})

/* -- helpers */

bool
element_get(struct cursor *c, uint8_t tag, struct blob *ret_whole)
{
	return der_peek(c) == tag && der_next(c, NULL, NULL, ret_whole);
}

bool
ext_next(struct cursor *c, struct blob *ret_oid, bool *ret_critical, struct blob *ret_value, bool *sloppy)
{
	struct cursor x;

	*ret_critical = false;
	if (!der_open(c, DER_SEQUENCE, &x) || !x509_oid_get(&x, ret_oid))
		return false;
	if (der_peek(&x) == DER_BOOLEAN) {
		if (!der_get_bool(&x, ret_critical))
			return false;
		*sloppy |= !*ret_critical;
	}
	return der_get(&x, DER_OCTET_STRING, ret_value) && der_done(&x);
}

bool
ext_seen(struct blob list, const uint8_t *before, struct blob oid)
{
	struct cursor c = cursor_of(list), x;
	struct blob have;

	while (c.p < before && der_open(&c, DER_SEQUENCE, &x) && der_get(&x, DER_OID, &have)) {
		if (blob_eq(have, oid))
			return true;
	}
	return false;
}

bool
named_bits_loose(struct blob content, uint32_t *ret, bool *loose)
{
	struct cursor c = cursor_of(content);
	unsigned unused = cursor_u8(&c), n = (unsigned)cursor_left(&c);
	uint32_t bits = 0;
	uint8_t last = 0;

	if (c.bad || unused > 7 || n > 4 || (!n && unused))
		return false;
	for (unsigned i = 0; i < n; i++) {
		last = cursor_u8(&c);
		for (unsigned b = 0; b < 8; b++)
			bits |= (uint32_t)(last >> (7 - b) & 1) << (i * 8 + b);
	}
	if (last & ((1U << unused) - 1))
		return false;
	/* the last bit that is told is a one */
	*loose |= n && !(last >> unused & 1);
	*ret = bits;
	return true;
}

bool
named_bits(struct blob content, uint32_t *ret)
{
	bool loose = false;

	return named_bits_loose(content, ret, &loose) && !loose;
}

/* The value is exactly one SEQUENCE, with something in it. */
static bool
sequence_of(struct blob value, struct blob *ret)
{
	struct cursor c = cursor_of(value);

	return der_get(&c, DER_SEQUENCE, ret) && der_done(&c) && ret->n;
}

static bool
skip_certs(struct cursor *c, int *ret)
{
	int64_t v = 0;

	if (!der_get_int(c, &v))
		return false;
	*ret = v > INT_MAX ? INT_MAX : (int)v;
	return true;
}

/* A context-tagged INTEGER, implicit. */
static bool
tagged_skip_certs(struct blob content, int *ret)
{
	uint64_t v = 0;

	if (!content.n || content.p[0] >= 0x80 || (content.n > 1 && content.p[0] == 0 && content.p[1] < 0x80))
		return false;
	for (size_t i = 0; i < content.n; i++)
		v = v > INT_MAX ? v : v << 8 | content.p[i];
	*ret = v > INT_MAX ? INT_MAX : (int)v;
	return true;
}

/* -- iterators */

bool
x509_oid_next(struct cursor *c, struct blob *ret)
{
	return cursor_left(c) && x509_oid_get(c, ret);
}

bool
x509_has_eku(const struct x509_cert *c, struct blob oid)
{
	struct cursor list = cursor_of(c->eku);
	struct blob have;

	while (x509_oid_next(&list, &have)) {
		if (blob_eq(have, oid))
			return true;
	}
	return false;
}

/* PolicyQualifierInfo ::= SEQUENCE { policyQualifierId, qualifier ANY } */
static bool
qualifiers_ok(struct blob list)
{
	struct cursor c = cursor_of(list), q;
	struct blob oid;

	if (!list.n)
		return false;
	while (cursor_left(&c)) {
		if (!der_open(&c, DER_SEQUENCE, &q) || !x509_oid_get(&q, &oid) ||
			!der_next(&q, NULL, NULL, NULL) || !der_done(&q))
			return false;
	}
	return true;
}

bool
x509_policy_next(struct cursor *c, struct x509_policy *ret)
{
	struct cursor p;

	ret->qualifiers = NONE;
	if (!cursor_left(c))
		return false;
	if (!der_open(c, DER_SEQUENCE, &p) || !x509_oid_get(&p, &ret->oid) ||
		(der_optional(&p, DER_SEQUENCE, &ret->qualifiers) && !qualifiers_ok(ret->qualifiers)) || !der_done(&p))
		c->bad = true;
	return !c->bad;
}

bool
x509_mapping_next(struct cursor *c, struct x509_mapping *ret)
{
	struct cursor m;

	if (!cursor_left(c))
		return false;
	if (!der_open(c, DER_SEQUENCE, &m) || !x509_oid_get(&m, &ret->from) || !x509_oid_get(&m, &ret->to) || !der_done(&m))
		c->bad = true;
	return !c->bad;
}

/* RFC 5280 4.2.1.10: an address and its mask, which is a prefix (RFC 4632). */
static bool
mask_ok(struct blob v)
{
	bool ended = false;

	if (v.n != 8 && v.n != 32)
		return false;
	for (size_t i = v.n / 2 * 8; i < v.n * 8; i++) {
		bool one = v.p[i / 8] >> (7 - i % 8) & 1;

		if (one && ended)
			return false;
		ended |= !one;
	}
	return true;
}

bool
x509_subtree_next(struct cursor *c, struct x509_general *ret)
{
	struct cursor s;

	if (!cursor_left(c))
		return false;
	/* minimum 0 is the default and not written; another one, and a maximum, must not be (RFC 5280 4.2.1.10) */
	if (!der_open(c, DER_SEQUENCE, &s) || !x509_general_next(&s, ret) || !der_done(&s) ||
		(ret->kind == X509_IP && !mask_ok(ret->value)))
		c->bad = true;
	return !c->bad;
}

bool
point_name(struct blob body, struct x509_point *ret)
{
	struct cursor c = cursor_of(body);
	uint8_t tag;
	struct blob in;

	if (!der_next(&c, &tag, &in, NULL) || !der_done(&c))
		return false;
	ret->named = true;
	if (tag == DER_CTX_CONS(0)) {
		ret->full_names = in;
		return x509_generals_ok(in);
	}
	ret->relative = in;
	/* an RDN alone reads as a name of one once its head is put back; here its form is enough */
	return tag == DER_CTX_CONS(1) && x509_rdn_ok(in);
}

bool
x509_point_next(struct cursor *c, struct x509_point *ret)
{
	struct cursor p;
	struct blob body;
	uint32_t reasons;

	*ret = (struct x509_point){.reasons = X509_REASONS_ALL};
	if (!cursor_left(c))
		return false;
	if (!der_open(c, DER_SEQUENCE, &p) ||
		(der_optional(&p, DER_CTX_CONS(0), &body) && !point_name(body, ret)))
		return c->bad = true, false;
	if (der_optional(&p, DER_CTX(1), &body)) {
		if (!named_bits(body, &reasons))
			return c->bad = true, false;
		ret->reasons = reasons & X509_REASONS_ALL;
	}
	if ((der_optional(&p, DER_CTX_CONS(2), &ret->crl_issuers) && !x509_generals_ok(ret->crl_issuers)) || !der_done(&p) ||
		(!ret->named && !ret->crl_issuers.n)) /* RFC 5280 4.2.1.13 */
		c->bad = true;
	return !c->bad;
}

bool
x509_access_next(struct cursor *c, struct x509_access *ret)
{
	struct cursor a;

	if (!cursor_left(c))
		return false;
	if (!der_open(c, DER_SEQUENCE, &a) || !x509_oid_get(&a, &ret->method) ||
		!x509_general_next(&a, &ret->location) || !der_done(&a))
		c->bad = true;
	return !c->bad;
}

/* -- values */

bool
aki_read(struct blob value, struct x509_aki *ret)
{
	struct cursor c;
	struct blob body;

	*ret = (struct x509_aki){NONE, NONE, NONE};
	c = cursor_of(value);
	if (!der_get(&c, DER_SEQUENCE, &body) || !der_done(&c))
		return false;
	c = cursor_of(body);
	der_optional(&c, DER_CTX(0), &ret->id);
	if (der_optional(&c, DER_CTX_CONS(1), &ret->issuers) && !x509_generals_ok(ret->issuers))
		return false;
	return (!der_optional(&c, DER_CTX(2), &ret->serial) || ret->serial.n) && der_done(&c);
}

static bool
basic_read(struct blob value, struct x509_cert *r)
{
	struct cursor outer = cursor_of(value), c;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer))
		return false;
	if (der_peek(&c) == DER_BOOLEAN) {
		if (!der_get_bool(&c, &r->ca))
			return false;
		r->loose_default |= !r->ca;
	}
	return (!cursor_left(&c) || skip_certs(&c, &r->path_len)) && der_done(&c);
}

static bool
key_usage_read(struct blob value, struct x509_cert *r)
{
	struct cursor c = cursor_of(value);
	struct blob bits;
	uint32_t v;

	if (!der_get(&c, DER_BIT_STRING, &bits) || !der_done(&c) || !named_bits_loose(bits, &v, &r->loose_bits) || v > 0x1ff)
		return false;
	r->key_usage = (uint16_t)v;
	return true;
}

static bool
subtrees_ok(struct blob list, bool *empty)
{
	struct cursor c = cursor_of(list);
	struct x509_general g;

	*empty |= !list.n;
	while (x509_subtree_next(&c, &g))
		;
	return der_done(&c);
}

static bool
constraints_read(struct blob value, struct x509_cert *r)
{
	struct cursor outer = cursor_of(value), c;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer))
		return false;
	r->constraints_empty = !cursor_left(&c);
	if (der_optional(&c, DER_CTX_CONS(0), &r->permitted) && !subtrees_ok(r->permitted, &r->constraints_empty))
		return false;
	return (!der_optional(&c, DER_CTX_CONS(1), &r->excluded) || subtrees_ok(r->excluded, &r->constraints_empty)) &&
		der_done(&c);
}

static bool
policy_constraints_read(struct blob value, struct x509_cert *r)
{
	struct blob body, v;
	struct cursor c;

	/* RFC 5280 4.2.1.11: not an empty one */
	if (!sequence_of(value, &body))
		return false;
	c = cursor_of(body);
	if (der_optional(&c, DER_CTX(0), &v) && !tagged_skip_certs(v, &r->explicit_policy))
		return false;
	return (!der_optional(&c, DER_CTX(1), &v) || tagged_skip_certs(v, &r->inhibit_mapping)) && der_done(&c);
}

/* A list that its iterator walks to the end. */
#define LIST_OK(name, type, next) \
	static bool name(struct blob list) \
	{ \
		struct cursor c = cursor_of(list); \
		type item; \
\
		while (next(&c, &item)) \
			; \
		return der_done(&c); \
	}
LIST_OK(oids_ok, struct blob, x509_oid_next)
LIST_OK(policies_ok, struct x509_policy, x509_policy_next)
LIST_OK(mappings_ok, struct x509_mapping, x509_mapping_next)
LIST_OK(points_ok, struct x509_point, x509_point_next)
LIST_OK(accesses_ok, struct x509_access, x509_access_next)

/* A value of one element with the tag. */
static bool
single(struct blob value, uint8_t tag, struct blob *ret)
{
	struct cursor c = cursor_of(value);

	return der_get(&c, tag, ret) && der_done(&c);
}

static bool
inhibit_any_read(struct blob value, struct x509_cert *r)
{
	struct cursor c = cursor_of(value);

	return skip_certs(&c, &r->inhibit_any) && der_done(&c);
}

/* RFC 7633 4.1: Features ::= SEQUENCE OF INTEGER; 5 is status_request (RFC 6066 8). Contents that are no such list are
 * nobody's demand, as before. */
static bool
features_read(struct blob value, struct x509_cert *r)
{
	struct blob list;
	struct cursor c;
	int64_t feature;

	if (!sequence_of(value, &list))
		return false;
	c = cursor_of(list);
	while (!der_done(&c) && der_get_int(&c, &feature))
		r->must_staple |= feature == 5;
	return true;
}

bool
ext_read(enum x509_ext x, struct blob value, struct x509_cert *r)
{
	struct blob ignored;

	switch (x) {
	case X509_EXT_SKI:
		return single(value, DER_OCTET_STRING, &r->ski) && r->ski.n;
	case X509_EXT_KEY_USAGE:
		return key_usage_read(value, r);
	case X509_EXT_SAN:
		return sequence_of(value, &r->san) && x509_generals_ok(r->san);
	case X509_EXT_IAN:
		return sequence_of(value, &ignored) && x509_generals_ok(ignored);
	case X509_EXT_BASIC:
		return basic_read(value, r);
	case X509_EXT_NAME_CONSTRAINTS:
		return constraints_read(value, r);
	case X509_EXT_CRL_POINTS:
		return sequence_of(value, &r->crl_points) && points_ok(r->crl_points);
	case X509_EXT_POLICIES:
		return sequence_of(value, &r->policies) && policies_ok(r->policies);
	case X509_EXT_MAPPINGS:
		return sequence_of(value, &r->mappings) && mappings_ok(r->mappings);
	case X509_EXT_AKI:
		return aki_read(value, &r->aki);
	case X509_EXT_POLICY_CONSTRAINTS:
		return policy_constraints_read(value, r);
	case X509_EXT_EKU:
		return sequence_of(value, &r->eku) && oids_ok(r->eku);
	case X509_EXT_FRESHEST:
		return sequence_of(value, &r->freshest) && points_ok(r->freshest);
	case X509_EXT_INHIBIT_ANY:
		return inhibit_any_read(value, r);
	case X509_EXT_AIA:
		return sequence_of(value, &r->aia) && accesses_ok(r->aia);
	case X509_EXT_SIA:
		return sequence_of(value, &r->sia) && accesses_ok(r->sia);
	case X509_EXT_DIRECTORY_ATTRIBUTES:
		return sequence_of(value, &ignored);
	case X509_EXT_TLS_FEATURE:
		return features_read(value, r);
	case X509_EXT_SCT:
		return single(value, DER_OCTET_STRING, &ignored) && ignored.n;
	case X509_EXT_OCSP_NOCHECK:
		return single(value, DER_NULL, &ignored) && !ignored.n;
	case X509_EXT_KNOWN:
		break;
	}
	return false;
}

/* -- which */

/* id-ce's last arc, or an OID in full */
static const struct {
	const char *name;
	uint8_t arc;
	struct blob oid;
} known[X509_EXT_KNOWN] = {
	[X509_EXT_SKI] = {"subjectKeyIdentifier", 14, NONE},
	[X509_EXT_KEY_USAGE] = {"keyUsage", 15, NONE},
	[X509_EXT_SAN] = {"subjectAltName", 17, NONE},
	[X509_EXT_IAN] = {"issuerAltName", 18, NONE},
	[X509_EXT_BASIC] = {"basicConstraints", 19, NONE},
	[X509_EXT_NAME_CONSTRAINTS] = {"nameConstraints", 30, NONE},
	[X509_EXT_CRL_POINTS] = {"cRLDistributionPoints", 31, NONE},
	[X509_EXT_POLICIES] = {"certificatePolicies", 32, NONE},
	[X509_EXT_MAPPINGS] = {"policyMappings", 33, NONE},
	[X509_EXT_AKI] = {"authorityKeyIdentifier", 35, NONE},
	[X509_EXT_POLICY_CONSTRAINTS] = {"policyConstraints", 36, NONE},
	[X509_EXT_EKU] = {"extKeyUsage", 37, NONE},
	[X509_EXT_FRESHEST] = {"freshestCRL", 46, NONE},
	[X509_EXT_INHIBIT_ANY] = {"inhibitAnyPolicy", 54, NONE},
	[X509_EXT_DIRECTORY_ATTRIBUTES] = {"subjectDirectoryAttributes", 9, NONE},
#define FULL(lit) 0, {(const uint8_t *)(lit), sizeof(lit) - 1}
	[X509_EXT_AIA] = {"authorityInfoAccess", FULL(X509_OID_AIA)},
	[X509_EXT_SIA] = {"subjectInfoAccess", FULL(X509_OID_SIA)},
	[X509_EXT_TLS_FEATURE] = {"tlsFeature", FULL(X509_OID_TLS_FEATURE)},
	[X509_EXT_SCT] = {"signedCertificateTimestampList", FULL(X509_OID_SCT)},
	[X509_EXT_OCSP_NOCHECK] = {"ocspNoCheck", FULL(X509_OID_OCSP_NOCHECK)},
};

const char *
x509_ext_name(enum x509_ext x)
{
	BUG_ON(x >= X509_EXT_KNOWN);
	return known[x].name;
}

bool
ext_known(struct blob oid, enum x509_ext *ret)
{
	bool ce = oid.n == 3 && memcmp(oid.p, X509_OID_CE, 2) == 0;

	for (unsigned i = 0; i < X509_EXT_KNOWN; i++) {
		if (known[i].arc ? ce && oid.p[2] == known[i].arc : blob_eq(known[i].oid, oid)) {
			*ret = i;
			return true;
		}
	}
	return false;
}
