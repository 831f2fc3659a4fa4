/* SPDX-License-Identifier: Apache-2.0 */
/* The outer shape: fields of the certificate and of the TBSCertificate, and the key. */
#include "lint/lint_priv.h"

#include "base/rfc3339.h"

/* -- times, also in the forms that RFC 5280 forbids */

static bool
two(const uint8_t *p, int *ret)
{
	if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
		return false;
	*ret = (p[0] - '0') * 10 + p[1] - '0';
	return true;
}

/* Offsets and fractions do not move the day: they are left out. */
bool
lint_read_time(struct blob b, uint8_t tag, int64_t *ret)
{
	struct civil c = {0};
	size_t at = 0;
	int century = 0, year;

	if ((tag != DER_UTC_TIME && tag != DER_GENERALIZED_TIME) || b.n < (tag == DER_UTC_TIME ? 10 : 12))
		return false;
	if (tag == DER_GENERALIZED_TIME) {
		if (!two(b.p, &century))
			return false;
		at = 2;
	}
	if (!two(b.p + at, &year) || !two(b.p + at + 2, &c.month) || !two(b.p + at + 4, &c.day) ||
		!two(b.p + at + 6, &c.hour) || !two(b.p + at + 8, &c.minute))
		return false;
	if (b.n < at + 12 || !two(b.p + at + 10, &c.second))
		c.second = 0;
	/* RFC 5280 4.1.2.5.1 */
	c.year = tag == DER_UTC_TIME ? (year < 50 ? 2000 : 1900) + year : century * 100 + year;
	/* the calendar has no year 0, some certificates that never began have: the first one is as far away */
	if (c.year == 0)
		c.year = 1;
	if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > 31 || c.hour > 23 || c.minute > 59 ||
		c.second > 59)
		return false;
	*ret = civil_to_ms(&c);
	return true;
}

static bool
read_time(struct cursor *c, uint8_t *ret_tag, struct blob *ret_body, int64_t *ret)
{
	return der_next(c, ret_tag, ret_body, NULL) && lint_read_time(*ret_body, *ret_tag, ret);
}

static bool
read_validity(struct cursor *c, struct lint_view *v)
{
	struct cursor in;

	return der_open(c, DER_SEQUENCE, &in) &&
	       read_time(&in, &v->not_before_tag, &v->not_before, &v->not_before_ms) &&
	       read_time(&in, &v->not_after_tag, &v->not_after, &v->not_after_ms) && der_done(&in);
}

/* An element with its tag and length, which must be a SEQUENCE. */
static bool
read_whole(struct cursor *c, struct blob *ret)
{
	return der_peek(c) == DER_SEQUENCE && der_next(c, NULL, NULL, ret);
}

static bool
read_ext(struct cursor *c, struct lint_view *v, struct lint_ext *x)
{
	struct cursor in;
	struct blob b;

	if (!der_open(c, DER_SEQUENCE, &in) || !der_get(&in, DER_OID, &x->oid))
		return false;
	if (der_peek(&in) == DER_BOOLEAN) {
		if (!der_get(&in, DER_BOOLEAN, &b) || b.n != 1)
			return false;
		x->critical = b.p[0] != 0;
		x->explicit_false = !x->critical;
		v->loose_bool |= x->critical && b.p[0] != 0xff;
	}
	return der_get(&in, DER_OCTET_STRING, &x->value) && der_done(&in);
}

static bool
read_exts(struct cursor *c, struct lint_view *v)
{
	struct cursor outer, list;

	if (!der_peek(c))
		return true;
	if (!der_open(c, DER_CTX_CONS(3), &outer) || !der_open(&outer, DER_SEQUENCE, &list) || !der_done(&outer))
		return false;
	v->has_exts = true;
	while (!der_done(&list)) {
		if (v->n_ext == LINT_EXTS_MAX || !read_ext(&list, v, &v->ext[v->n_ext]))
			return false;
		v->n_ext++;
	}
	return true;
}

static bool
read_version(struct cursor *c, struct lint_view *v)
{
	struct cursor in;

	v->version = 1;
	if (der_peek(c) != DER_CTX_CONS(0))
		return true;
	if (!der_open(c, DER_CTX_CONS(0), &in) || !der_get_int(&in, &v->version) || !der_done(&in))
		return false;
	if (v->version > 100)
		return false;
	v->version++;
	return true;
}

static bool
read_uid(struct cursor *c, uint8_t tag, bool *ret)
{
	*ret = der_optional(c, tag, NULL);
	return !c->bad;
}

/* Reads on, or says what it was that could not be read. */
static bool
field(struct lint_view *v, const struct cursor *c, bool fine, const char *name)
{
	if (!fine && !v->stopped) {
		v->stopped = name;
		v->stopped_at = (uintptr_t)c->p;
	}
	return fine;
}

static bool
read_fields(struct cursor *in, struct lint_view *v)
{
	return field(v, in, read_version(in, v), "version") &&
	       field(v, in, der_get_integer(in, &v->serial), "serialNumber") &&
	       field(v, in, read_whole(in, &v->sig_alg), "signature") &&
	       field(v, in, read_whole(in, &v->issuer), "issuer") &&
	       field(v, in, read_validity(in, v), "validity") &&
	       field(v, in, read_whole(in, &v->subject), "subject") &&
	       field(v, in, read_whole(in, &v->spki), "subjectPublicKeyInfo") &&
	       field(v, in, read_uid(in, DER_CTX(1), &v->issuer_uid), "issuerUniqueID") &&
	       field(v, in, read_uid(in, DER_CTX(2), &v->subject_uid), "subjectUniqueID") &&
	       field(v, in, read_exts(in, v), "extensions") && field(v, in, der_done(in), "tbsCertificate");
}

static bool
read_tbs(struct blob tbs, struct lint_view *v)
{
	struct cursor c = cursor_of(tbs), in;
	if (!field(v, &c, der_open(&c, DER_SEQUENCE, &in), "tbsCertificate") ||
		!field(v, &c, der_done(&c), "tbsCertificate"))
		return false;
	return read_fields(&in, v);
}

/* Where reading stopped was noted as an address: what counts is how far behind the start it is. */
static void
place_stop(struct lint_view *v, struct blob whole)
{
	if (v->stopped)
		v->stopped_at -= (uintptr_t)whole.p;
}

bool
lint_view_read(struct blob tbs, const struct lint_conf *conf, struct arena *a, struct lint_view *v)
{
	bool fine;

	*v = (struct lint_view){.conf = conf, .a = a};
	fine = read_tbs(tbs, v);
	place_stop(v, tbs);
	return fine;
}

static bool
read_cert(struct blob der, struct lint_view *v)
{
	struct cursor c = cursor_of(der), in;
	struct blob tbs = {NULL, 0};

	return field(v, &c, der_open(&c, DER_SEQUENCE, &in), "certificate") &&
	       field(v, &c, der_done(&c), "certificate") &&
	       field(v, &in, read_whole(&in, &tbs), "tbsCertificate") && read_tbs(tbs, v) &&
	       field(v, &in, read_whole(&in, &v->outer_alg), "signatureAlgorithm") &&
	       field(v, &in, der_get_bits(&in, &v->signature), "signatureValue") &&
	       field(v, &in, der_done(&in), "certificate");
}

bool
lint_view_read_cert(struct blob der, const struct lint_conf *conf, struct arena *a, struct lint_view *v)
{
	bool fine;

	*v = (struct lint_view){.conf = conf, .a = a};
	fine = read_cert(der, v);
	place_stop(v, der);
	return fine;
}

/* -- the key */

static unsigned
bits_of(struct blob n)
{
	unsigned bits;

	while (n.n && n.p[0] == 0)
		n = (struct blob){n.p + 1, n.n - 1};
	bits = (unsigned)n.n * 8;
	for (unsigned m = 0x80; n.n && m && !(n.p[0] & m); m >>= 1)
		bits--;
	return bits;
}

static void
decode_rsa(struct lint_view *v)
{
	struct cursor c = cursor_of(v->key_bits), in;
	struct blob n, e;

	v->key = LINT_KEY_RSA;
	if (der_open(&c, DER_SEQUENCE, &in) && der_get_integer(&in, &n) && der_get_integer(&in, &e)) {
		v->rsa_n = n;
		v->rsa_e = e;
		v->key_size = bits_of(n);
	}
}

static void
decode_dsa(struct lint_view *v, struct cursor *alg)
{
	struct cursor in;
	struct blob p, q;

	v->key = LINT_KEY_DSA;
	if (der_open(alg, DER_SEQUENCE, &in) && der_get_integer(&in, &p) && der_get_integer(&in, &q)) {
		v->dsa_p = p;
		v->dsa_q = q;
		v->key_size = bits_of(p);
	}
}

static void
decode_key(struct lint_view *v)
{
	struct cursor in, alg;
	struct blob oid;

	if (!lint_open(v->spki, &in) || !read_whole(&in, &v->key_alg) || !der_get_bits(&in, &v->key_bits) ||
		!der_done(&in) || !lint_open(v->key_alg, &alg) || !der_get(&alg, DER_OID, &oid))
		return;
	v->key_oid = oid;
	if (IS_OID(oid, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")) {
		decode_rsa(v);
	} else if (IS_OID(oid, "\x2a\x86\x48\xce\x3d\x02\x01") && der_get(&alg, DER_OID, &v->curve)) {
		bool sm2 = IS_OID(v->curve, "\x2a\x81\x1c\xcf\x55\x01\x82\x2d");

		v->key = sm2 ? LINT_KEY_SM2 : LINT_KEY_EC;
	} else if (IS_OID(oid, "\x2a\x86\x48\xce\x38\x04\x01")) {
		decode_dsa(v, &alg);
	} else if (oid.n == 3 && oid.p[0] == 0x2b && oid.p[1] == 0x65 && oid.p[2] >= 0x6e && oid.p[2] <= 0x71) {
		v->key = LINT_KEY_EDWARDS;
	} else if (oid.n == 9 && memcmp(oid.p, "\x60\x86\x48\x01\x65\x03\x04", 7) == 0 &&
		   (oid.p[7] == 3 || oid.p[7] == 4)) {
		v->key = LINT_KEY_PQ;
	}
}

void
lint_view_decode(struct lint_view *v)
{
	lint_view_exts(v);
	lint_view_dn(v, v->subject, &v->subj);
	lint_view_dn(v, v->issuer, &v->iss);
	v->self_issued = blob_eq(v->issuer, v->subject);
	decode_key(v);
	lint_view_kind(v);
}
