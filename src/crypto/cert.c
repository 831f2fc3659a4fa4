/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cert.h"

#include "base/der.h"
#include "crypto/digest.h"
#include "crypto/key_priv.h"
#include "crypto/name_priv.h"
#include "crypto/oid_priv.h"

#define NAMES_MAX 4096
#define EXTENSIONS_MAX 256

static int
unreadable(struct err *e, const char *what)
{
	return err_set(e, E_CERT_UNREADABLE, "the certificate cannot be read: %s", what);
}

/* -- extensions */

static bool
basic_constraints_read(struct blob value, struct cert_info *r)
{
	struct cursor outer = cursor_of(value), c;
	int64_t path_len;

	return der_open(&outer, DER_SEQUENCE, &c) && der_done(&outer) &&
		(der_peek(&c) != DER_BOOLEAN || der_get_bool(&c, &r->ca)) &&
		(der_peek(&c) != DER_INTEGER || der_get_int(&c, &path_len)) && der_done(&c);
}

/* AuthorityKeyIdentifier; issuer and serial are passed over. */
static bool
aki_read(struct blob value, struct cert_info *r)
{
	struct cursor outer = cursor_of(value), c;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer))
		return false;
	der_optional(&c, DER_CTX(0), &r->aki);
	return true;
}

static bool
ski_read(struct blob value, struct cert_info *r)
{
	struct cursor c = cursor_of(value);

	return der_get(&c, DER_OCTET_STRING, &r->ski) && der_done(&c);
}

static bool
san_read(struct blob value, struct cert_info *r, struct arena *a)
{
	struct alt_names names;

	if (!alt_names_read(value, NAMES_MAX, a, &names))
		return false;
	r->n_dns = names.n_dns;
	r->n_ip = names.n_ip;
	r->dns = names.dns;
	r->ip = names.ip;
	return true;
}

static bool
extension_take(struct blob oid, struct blob value, struct cert_info *r, struct arena *a)
{
	if (blob_eq(oid, OID(OID_SAN)))
		return san_read(value, r, a);
	if (blob_eq(oid, OID(OID_BASIC_CONSTRAINTS)))
		return basic_constraints_read(value, r);
	if (blob_eq(oid, OID(OID_SKI)))
		return ski_read(value, r);
	if (blob_eq(oid, OID(OID_AKI)))
		return aki_read(value, r);
	return true;
}

static int
extensions_read(struct cursor *tbs, struct cert_info *r, struct arena *a, struct err *e)
{
	struct cursor outer, c;
	struct blob list, oid, value;
	unsigned n = 0;
	bool critical;

	if (!der_open(tbs, DER_CTX_CONS(3), &outer) || !der_get(&outer, DER_SEQUENCE, &list) || !der_done(&outer))
		return unreadable(e, "its extensions are malformed");
	c = cursor_of(list);
	while (cursor_left(&c)) {
		const uint8_t *start = c.p;

		if (n++ == EXTENSIONS_MAX || !extension_next(&c, &oid, &critical, &value))
			return unreadable(e, "its extensions are malformed or too many");
		if (extension_seen(list, start, oid))
			return unreadable(e, "it has one extension twice");
		if (!extension_take(oid, value, r, a))
			return unreadable(e, "an extension's value is malformed");
	}
	return 0;
}

/* -- the whole */

static bool
serial_get(struct cursor *c, struct blob *ret)
{
	if (!der_get_integer(c, ret))
		return false;
	if (ret->n > 1 && ret->p[0] == 0) {
		ret->p++;
		ret->n--;
	}
	return true;
}

static bool
element_get(struct cursor *c, uint8_t tag, struct blob *ret_whole)
{
	struct blob body;
	uint8_t got;

	return der_peek(c) == tag && der_next(c, &got, &body, ret_whole);
}

/* From serial to subjectPublicKeyInfo (RFC 5280 4.1.2). */
static int
fields_read(struct cursor *c, struct cert_info *r, struct arena *a, struct err *e)
{
	struct cursor validity;
	struct blob alg;

	if (!serial_get(c, &r->serial))
		return unreadable(e, "its serial number is malformed");
	if (!element_get(c, DER_SEQUENCE, &alg) || !blob_eq(alg, r->sig_alg))
		return unreadable(e, "it names two signature algorithms");
	if (!name_get(c, &r->issuer))
		return unreadable(e, "its issuer is malformed");
	if (!der_open(c, DER_SEQUENCE, &validity) || !der_get_time(&validity, &r->not_before_ms) ||
		!der_get_time(&validity, &r->not_after_ms) || !der_done(&validity))
		return unreadable(e, "its validity is malformed");
	if (!name_get(c, &r->subject) || !name_cn(r->subject, a, &r->cn))
		return unreadable(e, "its subject is malformed");
	if (!element_get(c, DER_SEQUENCE, &r->spki))
		return unreadable(e, "its public key is malformed");
	return 0;
}

static int
tbs_read(struct cert_info *r, struct arena *a, struct err *e)
{
	struct cursor outer = cursor_of(r->tbs), c, in;
	int64_t version = 0;
	struct blob uid;
	int rc;

	if (!der_open(&outer, DER_SEQUENCE, &c))
		return unreadable(e, "it is no Certificate in DER");
	if (der_peek(&c) == DER_CTX_CONS(0) &&
		(!der_open(&c, DER_CTX_CONS(0), &in) || !der_get_int(&in, &version) || !der_done(&in) || version > 2))
		return unreadable(e, "its version is unknown");
	rc = fields_read(&c, r, a, e);
	if (rc < 0)
		return rc;
	der_optional(&c, DER_CTX(1), &uid);
	der_optional(&c, DER_CTX(2), &uid);
	if (cursor_left(&c))
		rc = extensions_read(&c, r, a, e);
	if (rc < 0)
		return rc;
	return der_done(&c) ? 0 : unreadable(e, "there are bytes behind its extensions");
}

int
cert_read(struct blob der, struct arena *a, struct cert_info *ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c;
	struct cert_info r = {.der = der};
	int rc;

	if (der.n > CERT_DER_MAX)
		return err_set(e, E_CERT_UNREADABLE, "the certificate has %zu bytes; at most %d are read", der.n,
			CERT_DER_MAX);
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || !element_get(&c, DER_SEQUENCE, &r.tbs) ||
		!element_get(&c, DER_SEQUENCE, &r.sig_alg) || !der_get_bits(&c, &r.sig) || !der_done(&c))
		return unreadable(e, "it is no Certificate in DER");
	rc = tbs_read(&r, a, e);
	if (rc < 0)
		return rc;
	r.issuer_text = name_text(r.issuer, a);
	r.subject_text = name_text(r.subject, a);
	spki_peek(r.spki, &r.alg, &r.bits);
	digest_sha256(der, r.sha256);
	digest_sha1(der, r.sha1);
	*ret = r;
	return 0;
}

struct blob
cert_assemble(struct blob tbs, enum key_alg issuer_alg, struct blob sig, struct arena *a)
{
	struct blob alg = key_sig_alg(issuer_alg), done;
	struct buf b;
	size_t seq;

	buf_init(&b, tbs.n + alg.n + sig.n + 32);
	buf_reserve(&b, b.max);
	seq = der_begin(&b, DER_SEQUENCE);
	buf_put_blob(&b, tbs);
	buf_put_blob(&b, alg);
	der_put_bits(&b, sig, 0);
	der_end(&b, seq);
	BUG_ON(b.over);
	done = arena_blob(a, buf_blob(&b));
	buf_done(&b);
	return done;
}

int
cert_verify(const struct cert_info *c, const struct key *issuer, struct err *e)
{
	return key_verify_alg(issuer, c->sig_alg, c->tbs, c->sig, e);
}
