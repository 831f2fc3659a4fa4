/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/status_read.h"

#include "base/der.h"
#include "crypto/cert.h"
#include "crypto/digest.h"

#define OID_SHA1 "1.3.14.3.2.26"
#define OID_OCSP_BASIC "1.3.6.1.5.5.7.48.1.1"
#define OID_CRL_REASON "2.5.29.21"
#define QUESTION_MAX 512

static int
unreadable(struct err *e, const char *what)
{
	return err_set(e, E_FIELD_FORM, "%s cannot be read", what);
}

int
status_issuer_read(struct blob cert, struct arena *a, struct status_issuer *ret, struct err *e)
{
	struct cert_info info;
	int r = cert_read(cert, a, &info, e);

	if (r == 0)
		*ret = (struct status_issuer){info.subject, info.spki};
	return r;
}

/* SHA-1 of the subjectPublicKey's bits. */
static bool
key_hash(struct blob spki, uint8_t ret[20])
{
	struct cursor c = cursor_of(spki), in;
	struct blob bits;

	if (!der_open(&c, DER_SEQUENCE, &in) || !der_get(&in, DER_SEQUENCE, NULL) || !der_get_bits(&in, &bits))
		return false;
	digest_sha1(bits, ret);
	return true;
}

static void
put_cert_id(struct buf *b, const struct status_issuer *is, struct blob serial)
{
	uint8_t name[20], key[20] = {0};
	size_t id = der_begin(b, DER_SEQUENCE), alg;

	digest_sha1(is->subject, name);
	key_hash(is->spki, key);
	alg = der_begin(b, DER_SEQUENCE);
	der_put_oid(b, OID_SHA1);
	der_put_null(b);
	der_end(b, alg);
	der_put(b, DER_OCTET_STRING, BLOB(name, 20));
	der_put(b, DER_OCTET_STRING, BLOB(key, 20));
	der_put_unsigned(b, serial);
	der_end(b, id);
}

struct blob
ocsp_question(const struct status_issuer *is, struct blob serial, struct arena *a)
{
	BUF(b, QUESTION_MAX);
	size_t marks[4];

	/* OCSPRequest { TBSRequest { requestList { Request { CertID } } } } */
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		marks[i] = der_begin(&b, DER_SEQUENCE);
	put_cert_id(&b, is, serial);
	for (size_t i = ARRAY_LEN(marks); i-- > 0;)
		der_end(&b, marks[i]);
	BUG_ON(b.over);
	return arena_blob(a, buf_blob(&b));
}

static int
verify(const struct status_issuer *is, struct blob tbs, struct blob sig, const char *what, struct err *e)
{
	KEY(key);
	int r = key_from_spki(is->spki, &key, e);

	if (r == 0)
		r = key_verify(key, tbs, sig, e);
	return r < 0 ? err_wrap(e, "%s", what) : 0;
}

/* responseStatus and, for a successful one, the BasicOCSPResponse. */
static int
unwrap(struct blob der, struct cursor *ret, struct err *e)
{
	static const char *const words[] = {
		"successful", "malformedRequest", "internalError", "tryLater", "4", "sigRequired", "unauthorized"};
	struct cursor c = cursor_of(der), in, tagged, bytes;
	struct blob status, oid, basic;

	if (!der_open(&c, DER_SEQUENCE, &in) || !der_get(&in, DER_ENUMERATED, &status) || status.n != 1)
		return unreadable(e, "the OCSP answer");
	if (status.p[0] != 0)
		return err_set(e, E_NET, "the OCSP responder answers %s",
			status.p[0] < ARRAY_LEN(words) ? words[status.p[0]] : "with an unknown status");
	if (!der_open(&in, DER_CTX_CONS(0), &tagged) || !der_open(&tagged, DER_SEQUENCE, &bytes) ||
		!der_get(&bytes, DER_OID, &oid) || !der_oid_is(oid, OID_OCSP_BASIC) ||
		!der_get(&bytes, DER_OCTET_STRING, &basic))
		return unreadable(e, "the OCSP answer");
	*ret = cursor_of(basic);
	return 0;
}

/* RevokedInfo ::= SEQUENCE { revocationTime, [0] EXPLICIT CRLReason OPTIONAL }, implicitly tagged [1] */
static bool
revoked_info(struct blob body, struct status *ret)
{
	struct cursor c = cursor_of(body), tagged;
	struct blob reason;

	if (!der_get_time(&c, &ret->revoked_ms))
		return false;
	if (der_peek(&c) == DER_CTX_CONS(0)) {
		if (!der_open(&c, DER_CTX_CONS(0), &tagged) || !der_get(&tagged, DER_ENUMERATED, &reason) ||
			reason.n != 1)
			return false;
		ret->reason = reason.p[0];
	}
	return true;
}

/* SingleResponse; *ret_same: it is about the certificate asked for. */
static bool
single(struct cursor *c, struct blob cert_id, struct status *ret, bool *ret_same)
{
	struct cursor in, next;
	struct blob id, body;
	uint8_t tag;

	if (!der_open(c, DER_SEQUENCE, &in) || !der_next(&in, &tag, &body, &id) || !der_next(&in, &tag, &body, NULL))
		return false;
	*ret_same = blob_eq(id, cert_id);
	ret->word = tag == DER_CTX(0)	     ? "good"
		    : tag == DER_CTX_CONS(1) ? "revoked"
		    : tag == DER_CTX(2)	     ? "unknown"
					     : NULL;
	if (!ret->word || (tag == DER_CTX_CONS(1) && !revoked_info(body, ret)) ||
		!der_get_time(&in, &ret->this_update_ms))
		return false;
	if (der_peek(&in) == DER_CTX_CONS(0) &&
		(!der_open(&in, DER_CTX_CONS(0), &next) || !der_get_time(&next, &ret->next_update_ms)))
		return false;
	return true;
}

/* ResponseData ::= SEQUENCE { version [0] OPTIONAL, responderID, producedAt, responses, … } */
static bool
response_data(struct blob tbs, struct blob cert_id, struct status *ret)
{
	struct cursor c = cursor_of(tbs), in, list;
	struct blob body;
	bool same = false;
	uint8_t tag;

	if (!der_open(&c, DER_SEQUENCE, &in))
		return false;
	if (der_peek(&in) == DER_CTX_CONS(0) && !der_get(&in, DER_CTX_CONS(0), NULL))
		return false;
	if (!der_next(&in, &tag, &body, NULL) || !der_get_time(&in, &ret->produced_ms) ||
		!der_open(&in, DER_SEQUENCE, &list))
		return false;
	while (!same && !der_done(&list)) {
		if (!single(&list, cert_id, ret, &same))
			return false;
	}
	return same;
}

int
ocsp_answer_read(
	struct blob der, const struct status_issuer *is, struct blob serial, struct status *ret, struct err *e)
{
	struct cursor c, in;
	struct blob tbs, body, sig;
	BUF(id, QUESTION_MAX);
	struct status got = {0};
	uint8_t tag;
	int r;

	r = unwrap(der, &c, e);
	if (r < 0)
		return r;
	if (!der_open(&c, DER_SEQUENCE, &in) || !der_next(&in, &tag, &body, &tbs) ||
		!der_get(&in, DER_SEQUENCE, NULL) || !der_get_bits(&in, &sig))
		return unreadable(e, "the OCSP answer");
	r = verify(is, tbs, sig, "the OCSP answer", e);
	if (r < 0)
		return r;
	put_cert_id(&id, is, serial);
	if (!response_data(tbs, buf_blob(&id), &got))
		return err_set(e, E_FIELD_FORM, "the OCSP answer does not speak of the certificate");
	*ret = got;
	return 0;
}

/* -- revocation lists */

/* SEQUENCE { userCertificate, revocationDate, crlEntryExtensions OPTIONAL } */
static bool
entry(struct cursor *c, struct blob serial, struct status *ret)
{
	struct cursor in, exts, ext;
	struct blob number, oid, value;
	int64_t when;

	if (!der_open(c, DER_SEQUENCE, &in) || !der_get_integer(&in, &number) || !der_get_time(&in, &when))
		return false;
	ret->entries++;
	if (number.n && number.p[0] == 0)
		number.p++, number.n--;
	if (!blob_eq(number, serial))
		return true;
	ret->word = "listed";
	ret->revoked_ms = when;
	if (der_done(&in) || !der_open(&in, DER_SEQUENCE, &exts))
		return true;
	while (!der_done(&exts)) {
		if (!der_open(&exts, DER_SEQUENCE, &ext) || !der_get(&ext, DER_OID, &oid))
			return false;
		der_optional(&ext, DER_BOOLEAN, NULL);
		if (!der_get(&ext, DER_OCTET_STRING, &value))
			return false;
		/* CRLReason ::= ENUMERATED, one octet */
		if (der_oid_is(oid, OID_CRL_REASON) && value.n == 3 && value.p[0] == DER_ENUMERATED)
			ret->reason = value.p[2];
	}
	return true;
}

/* TBSCertList ::= SEQUENCE { version, signature, issuer, thisUpdate, nextUpdate, revokedCertificates OPTIONAL, … } */
static bool
cert_list(struct blob tbs, struct blob issuer, struct blob serial, struct status *ret)
{
	struct cursor c = cursor_of(tbs), in, list;
	struct blob body, name;
	int64_t version;
	uint8_t tag;

	if (!der_open(&c, DER_SEQUENCE, &in) || !der_get_int(&in, &version) || !der_get(&in, DER_SEQUENCE, NULL) ||
		!der_next(&in, &tag, &body, &name) || !blob_eq(name, issuer) ||
		!der_get_time(&in, &ret->this_update_ms) || !der_get_time(&in, &ret->next_update_ms))
		return false;
	if (der_peek(&in) != DER_SEQUENCE)
		return true;
	if (!der_open(&in, DER_SEQUENCE, &list))
		return false;
	while (!der_done(&list)) {
		if (!entry(&list, serial, ret))
			return false;
	}
	return true;
}

int
crl_read(struct blob der, const struct status_issuer *is, struct blob serial, struct status *ret, struct err *e)
{
	struct cursor c = cursor_of(der), in;
	struct status got = {.word = "not listed"};
	struct blob tbs, body, sig;
	uint8_t tag;
	int r;

	if (!der_open(&c, DER_SEQUENCE, &in) || !der_next(&in, &tag, &body, &tbs) ||
		!der_get(&in, DER_SEQUENCE, NULL) || !der_get_bits(&in, &sig))
		return unreadable(e, "the revocation list");
	r = verify(is, tbs, sig, "the revocation list", e);
	if (r < 0)
		return r;
	if (!cert_list(tbs, is->subject, serial, &got))
		return unreadable(e, "the revocation list");
	*ret = got;
	return 0;
}
