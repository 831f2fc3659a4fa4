/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/ocsp.h"

#include "x509/ext_priv.h"
#include "x509/name.h"
#include "x509/oid.h"

#define WHAT "the OCSP response cannot be read: "
#define OID_BASIC "\x2b\x06\x01\x05\x05\x07\x30\x01\x01" /* RFC 6960 4.2.1 */
#define OID_NONCE "\x2b\x06\x01\x05\x05\x07\x30\x01\x02"
#define OID_SCT "\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x05" /* RFC 6962 3.3 */
#define KEY_HASH 20
#define REASON_LAST 10

static int
unreadable(struct err *e, const char *field, const char *what)
{
	return err_field(e, E_OCSP_UNREADABLE, field, WHAT "%s", what);
}

/* Extensions ::= SEQUENCE SIZE (1..MAX), behind an explicit tag; the first critical one that is not
 * known is noted. */
static bool
extensions_read(struct blob tagged, struct blob *unknown)
{
	struct cursor outer = cursor_of(tagged), c;
	struct blob list, oid, value;
	bool critical, sloppy = false;
	unsigned n = 0;

	if (!der_get(&outer, DER_SEQUENCE, &list) || !der_done(&outer))
		return false;
	c = cursor_of(list);
	do {
		const uint8_t *start = c.p;

		if (n++ == X509_EXTENSIONS_MAX || !ext_next(&c, &oid, &critical, &value, &sloppy) ||
			ext_seen(list, start, oid))
			return false;
		if (critical && !unknown->p && !blob_eq(oid, X509_OID(OID_NONCE)) &&
			!blob_eq(oid, X509_OID(OID_SCT)))
			*unknown = oid;
	} while (cursor_left(&c));
	return true;
}

static bool
generalized_time(struct cursor *c, int64_t *ret)
{
	return der_peek(c) == DER_GENERALIZED_TIME && der_get_time(c, ret);
}

/* -- one answer */

static bool
cert_id_read(struct cursor *c, struct x509_ocsp_single *r)
{
	struct cursor id, alg;
	struct blob null;

	return der_open(c, DER_SEQUENCE, &id) && der_open(&id, DER_SEQUENCE, &alg) &&
	       der_get(&alg, DER_OID, &r->hash_alg) &&
	       (!cursor_left(&alg) || (der_get(&alg, DER_NULL, &null) && !null.n)) &&
	       der_done(&alg) && der_get(&id, DER_OCTET_STRING, &r->name_hash) &&
	       der_get(&id, DER_OCTET_STRING, &r->key_hash) && der_get_integer(&id, &r->serial) &&
	       der_done(&id);
}

/* RevokedInfo ::= SEQUENCE { revocationTime, revocationReason [0] EXPLICIT CRLReason OPTIONAL },
 * implicitly tagged */
static bool
revoked_read(struct blob body, struct x509_ocsp_single *r)
{
	struct cursor c = cursor_of(body), in;
	struct blob reason;

	if (!generalized_time(&c, &r->revoked_ms))
		return false;
	if (der_peek(&c) == DER_CTX_CONS(0)) {
		if (!der_open(&c, DER_CTX_CONS(0), &in) || !der_get(&in, DER_ENUMERATED, &reason) ||
			!der_done(&in) || reason.n != 1 || reason.p[0] > REASON_LAST)
			return false;
		r->reason = reason.p[0];
	}
	return der_done(&c);
}

static bool
word_read(struct cursor *c, struct x509_ocsp_single *r)
{
	struct blob body;
	uint8_t tag;

	if (!der_next(c, &tag, &body, NULL))
		return false;
	switch (tag) {
	case DER_CTX(0):
		r->word = X509_OCSP_GOOD;
		return !body.n;
	case DER_CTX_CONS(1):
		r->word = X509_OCSP_REVOKED;
		return revoked_read(body, r);
	case DER_CTX(2):
		r->word = X509_OCSP_UNKNOWN;
		return !body.n;
	default:
		return false;
	}
}

static bool
single_read(struct cursor *c, struct x509_ocsp_single *r)
{
	struct cursor in;
	struct blob body;

	r->next_update_ms = INT64_MAX;
	if (!cert_id_read(c, r) || !word_read(c, r) || !generalized_time(c, &r->this_update_ms))
		return false;
	if (der_peek(c) == DER_CTX_CONS(0) &&
		(!der_open(c, DER_CTX_CONS(0), &in) || !generalized_time(&in, &r->next_update_ms) ||
			!der_done(&in)))
		return false;
	return (!der_optional(c, DER_CTX_CONS(1), &body) ||
		       extensions_read(body, &r->unknown_critical)) &&
	       der_done(c);
}

bool
x509_ocsp_next(struct cursor *c, struct x509_ocsp_single *ret)
{
	struct x509_ocsp_single r = {.reason = 0};
	struct cursor in;

	if (!cursor_left(c))
		return false;
	if (!der_open(c, DER_SEQUENCE, &in) || !single_read(&in, &r)) {
		c->bad = true;
		return false;
	}
	*ret = r;
	return true;
}

bool
x509_ocsp_cert_next(struct cursor *c, struct blob *ret)
{
	return cursor_left(c) && element_get(c, DER_SEQUENCE, ret);
}

/* -- the whole */

/* ResponderID: byName [1] Name, byKey [2] OCTET STRING, both explicit. */
static bool
responder_read(struct cursor *c, struct x509_ocsp *r)
{
	struct cursor in;

	if (der_peek(c) == DER_CTX_CONS(1))
		return der_open(c, DER_CTX_CONS(1), &in) &&
		       element_get(&in, DER_SEQUENCE, &r->by_name) && der_done(&in) &&
		       x509_name_ok(r->by_name);
	return der_open(c, DER_CTX_CONS(2), &in) && der_get(&in, DER_OCTET_STRING, &r->by_key) &&
	       der_done(&in) && r->by_key.n == KEY_HASH;
}

static int
data_read(struct x509_ocsp *r, struct err *e)
{
	struct cursor outer = cursor_of(r->tbs), c, in;
	struct x509_ocsp_single single;
	int64_t version = 0;
	struct blob body;

	if (!der_open(&outer, DER_SEQUENCE, &c))
		return unreadable(e, "tbsResponseData", "its data are malformed");
	/* version 1 is the default and not written; there is no other */
	if (der_peek(&c) == DER_CTX_CONS(0) &&
		(!der_open(&c, DER_CTX_CONS(0), &in) || !der_get_int(&in, &version) ||
			!der_done(&in) || version != 0))
		return unreadable(e, "version", "its version is unknown");
	if (!responder_read(&c, r))
		return unreadable(e, "responderID", "the responder is named in no known way");
	if (!generalized_time(&c, &r->produced_ms))
		return unreadable(e, "producedAt", "its time is malformed");
	if (!der_get(&c, DER_SEQUENCE, &r->responses))
		return unreadable(e, "responses", "its answers are malformed");
	in = cursor_of(r->responses);
	while (x509_ocsp_next(&in, &single))
		;
	if (!der_done(&in))
		return unreadable(e, "responses", "an answer is malformed");
	if (der_optional(&c, DER_CTX_CONS(1), &body) &&
		!extensions_read(body, &r->unknown_critical))
		return unreadable(e, "responseExtensions", "its extensions are malformed");
	return der_done(&c)
		       ? 0
		       : unreadable(e, "tbsResponseData", "there are bytes behind its extensions");
}

static bool
certs_read(struct cursor *c, struct x509_ocsp *r)
{
	struct cursor in, list;
	struct blob cert;

	if (der_peek(c) != DER_CTX_CONS(0))
		return true;
	if (!der_open(c, DER_CTX_CONS(0), &in) || !der_get(&in, DER_SEQUENCE, &r->certs) ||
		!der_done(&in))
		return false;
	list = cursor_of(r->certs);
	while (x509_ocsp_cert_next(&list, &cert))
		;
	return der_done(&list);
}

static int
basic_read(struct blob der, struct x509_ocsp *r, struct err *e)
{
	struct cursor outer = cursor_of(der), c;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) ||
		!element_get(&c, DER_SEQUENCE, &r->tbs) ||
		!element_get(&c, DER_SEQUENCE, &r->sig_alg) || !der_get_bits(&c, &r->sig) ||
		!certs_read(&c, r) || !der_done(&c))
		return unreadable(e, "response", "it is no BasicOCSPResponse in DER");
	return data_read(r, e);
}

int
x509_ocsp_read(struct blob der, struct x509_ocsp *ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c, in, bytes;
	struct x509_ocsp r = {.der = der};
	struct blob status, oid, basic;
	int rc;

	if (der.n > X509_OCSP_MAX)
		return err_set(e, E_OCSP_UNREADABLE, WHAT "it has %zu bytes; at most %d are read",
			der.n, X509_OCSP_MAX);
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) ||
		!der_get(&c, DER_ENUMERATED, &status) || status.n != 1 || status.p[0] > 6 ||
		status.p[0] == 4)
		return unreadable(e, "responseStatus", "it is no OCSPResponse in DER");
	r.status = status.p[0];
	if (r.status != 0) {
		if (!der_done(&c))
			return unreadable(e, "responseStatus",
				"an answer stands behind a status that has none");
		*ret = r;
		return 0;
	}
	if (!der_open(&c, DER_CTX_CONS(0), &in) || !der_done(&c) ||
		!der_open(&in, DER_SEQUENCE, &bytes) || !der_done(&in) ||
		!der_get(&bytes, DER_OID, &oid) || !der_get(&bytes, DER_OCTET_STRING, &basic) ||
		!der_done(&bytes))
		return unreadable(e, "responseBytes", "its answer is malformed");
	if (!blob_eq(oid, X509_OID(OID_BASIC)))
		return unreadable(e, "responseType", "it is of a type that is not known");
	rc = basic_read(basic, &r, e);
	if (rc < 0)
		return rc;
	*ret = r;
	return 0;
}
