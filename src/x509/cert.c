/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/cert.h"

#include <stdio.h>

#include "x509/ext_priv.h"
#include "x509/name.h"
#include "x509/oid.h"

#define WHAT "the certificate cannot be read: "

static int
unreadable(struct err *e, const char *field, const char *what)
{
	return err_field(e, E_CERT_UNREADABLE, field, WHAT "%s", what);
}

/* -- extensions */

static int
malformed(struct err *e, const char *name)
{
	char field[ERR_FIELD_MAX];

	snprintf(field, sizeof(field), "extensions.%s", name);
	return err_field(e, E_CERT_UNREADABLE, field,
		WHAT "the value of its extension %s is malformed", name);
}

static int
known_take(enum x509_ext x, bool critical, struct blob value, struct x509_cert *r, struct err *e)
{
	if (x509_has(r, x))
		return err_field(e, E_CERT_UNREADABLE, "extensions",
			WHAT "it has the extension %s twice", x509_ext_name(x));
	r->present |= 1U << x;
	r->critical |= (uint32_t)critical << x;
	return ext_read(x, value, r) ? 0 : malformed(e, x509_ext_name(x));
}

static int
extensions_read(struct blob list, struct x509_cert *r, struct err *e)
{
	struct cursor c = cursor_of(list);
	struct blob oid, value;
	enum x509_ext x;
	bool critical;
	int rc;

	/* RFC 5280 4.1: SIZE (1..MAX) */
	do {
		const uint8_t *start = c.p;

		if (r->n_extensions++ == X509_EXTENSIONS_MAX ||
			!ext_next(&c, &oid, &critical, &value, &r->loose_default))
			return unreadable(
				e, "extensions", "its extensions are malformed or too many");
		if (ext_known(oid, &x)) {
			rc = known_take(x, critical, value, r, e);
			if (rc < 0)
				return rc;
			continue;
		}
		if (ext_seen(list, start, oid))
			return unreadable(e, "extensions", "it has one extension twice");
		if (critical && !r->unknown_critical.p)
			r->unknown_critical = oid;
	} while (cursor_left(&c));
	return 0;
}

/* -- the whole */

/* UniqueIdentifier ::= BIT STRING, implicitly tagged. Unused bits are zero (X.690 11.2.1). */
static bool
unique_id(struct cursor *c, uint8_t tag, bool *seen)
{
	struct blob b;

	if (!der_optional(c, tag, &b))
		return !c->bad;
	*seen = true;
	return b.n && b.p[0] < 8 && (b.n > 1 ? !(b.p[b.n - 1] & ((1U << b.p[0]) - 1)) : !b.p[0]);
}

static bool
name_get(struct cursor *c, struct blob *ret, uint64_t *ret_hash)
{
	if (!element_get(c, DER_SEQUENCE, ret) || !x509_name_ok(*ret))
		return false;
	*ret_hash = x509_name_hash(*ret);
	return true;
}

static bool
algorithm_ok(struct blob alg)
{
	struct cursor outer = cursor_of(alg), c;
	struct blob oid;

	return der_open(&outer, DER_SEQUENCE, &c) && x509_oid_get(&c, &oid) &&
	       (!cursor_left(&c) || der_next(&c, NULL, NULL, NULL)) && der_done(&c);
}

/* The form of a SubjectPublicKeyInfo; the key itself is crypto's matter. */
static bool
spki_ok(struct blob spki)
{
	struct cursor outer = cursor_of(spki), c;
	struct blob alg, bits;

	return der_open(&outer, DER_SEQUENCE, &c) && element_get(&c, DER_SEQUENCE, &alg) &&
	       algorithm_ok(alg) && der_get(&c, DER_BIT_STRING, &bits) && bits.n && der_done(&c);
}

/* From serial to subjectPublicKeyInfo (RFC 5280 4.1.2). */
static int
fields_read(struct cursor *c, struct x509_cert *r, struct err *e)
{
	struct cursor validity;
	struct blob alg;

	if (!der_get_integer(c, &r->serial))
		return unreadable(e, "serialNumber", "its serial number is no INTEGER");
	if (!element_get(c, DER_SEQUENCE, &alg) || !algorithm_ok(alg))
		return unreadable(e, "signature", "its signature algorithm is malformed");
	r->alg_differs = !blob_eq(alg, r->sig_alg);
	if (!name_get(c, &r->issuer, &r->issuer_hash))
		return unreadable(e, "issuer", "its issuer is malformed");
	if (!der_open(c, DER_SEQUENCE, &validity) || !der_get_time(&validity, &r->not_before_ms) ||
		!der_get_time(&validity, &r->not_after_ms) || !der_done(&validity))
		return unreadable(e, "validity", "its validity is malformed");
	if (!name_get(c, &r->subject, &r->subject_hash))
		return unreadable(e, "subject", "its subject is malformed");
	if (!element_get(c, DER_SEQUENCE, &r->spki) || !spki_ok(r->spki))
		return unreadable(e, "subjectPublicKeyInfo", "its public key is malformed");
	return 0;
}

static int
version_read(struct cursor *c, struct x509_cert *r, struct err *e)
{
	struct cursor in;
	int64_t version = 0;

	if (der_peek(c) == DER_CTX_CONS(0)) {
		if (!der_open(c, DER_CTX_CONS(0), &in) || !der_get_int(&in, &version) ||
			!der_done(&in) || version > 2)
			return unreadable(e, "version", "its version is unknown");
		r->loose_default |= version == 0;
	}
	r->version = (unsigned)version + 1;
	return 0;
}

static int
tbs_read(struct x509_cert *r, struct err *e)
{
	struct cursor outer = cursor_of(r->tbs), c, in;
	struct blob list;
	int rc;

	if (!der_open(&outer, DER_SEQUENCE, &c))
		return unreadable(e, "tbsCertificate", "it is no Certificate in DER");
	rc = version_read(&c, r, e);
	if (rc == 0)
		rc = fields_read(&c, r, e);
	if (rc < 0)
		return rc;
	r->self_issued = r->issuer_hash == r->subject_hash && x509_name_eq(r->issuer, r->subject);
	if (!unique_id(&c, DER_CTX(1), &r->unique_ids) ||
		!unique_id(&c, DER_CTX(2), &r->unique_ids))
		return unreadable(e, "uniqueID", "a unique identifier is malformed");
	if (cursor_left(&c)) {
		if (!der_open(&c, DER_CTX_CONS(3), &in) || !der_get(&in, DER_SEQUENCE, &list) ||
			!der_done(&in))
			return unreadable(e, "extensions", "its extensions are malformed");
		rc = extensions_read(list, r, e);
		if (rc < 0)
			return rc;
	}
	if (!der_done(&c))
		return unreadable(e, "tbsCertificate", "there are bytes behind its extensions");
	/* RFC 5280 4.1.2.9, 4.1.2.8 */
	if (r->n_extensions && r->version != 3)
		return unreadable(e, "version", "it has extensions, but its version is not 3");
	if (r->unique_ids && r->version == 1)
		return unreadable(e, "version", "it has a unique identifier, but its version is 1");
	return 0;
}

int
x509_cert_read(struct blob der, struct x509_cert *ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c;
	struct x509_cert r = {.der = der,
		.path_len = -1,
		.explicit_policy = -1,
		.inhibit_mapping = -1,
		.inhibit_any = -1};
	int rc;

	if (der.n > X509_CERT_MAX)
		return err_set(e, E_CERT_UNREADABLE, WHAT "it has %zu bytes; at most %d are read",
			der.n, X509_CERT_MAX);
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) ||
		!element_get(&c, DER_SEQUENCE, &r.tbs) ||
		!element_get(&c, DER_SEQUENCE, &r.sig_alg) || !algorithm_ok(r.sig_alg) ||
		!der_get_bits(&c, &r.sig) || !der_done(&c))
		return unreadable(e, "", "it is no Certificate in DER");
	rc = tbs_read(&r, e);
	if (rc < 0)
		return rc;
	*ret = r;
	return 0;
}
