/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/ocsp.h"

#include "ca/issue_priv.h"
#include "base/clock.h"

#define NONCE_MAX 128
#define RESPONSE_MAX (32 * 1024)

/* -- requests */

static bool
read_cert_id(struct cursor *c, struct ocsp_cert_id *id)
{
	struct cursor in, alg;
	struct blob oid, serial;

	if (der_peek(c) != DER_SEQUENCE || !der_next(c, NULL, &serial, &id->whole))
		return false;
	in = cursor_of(serial);
	if (!der_open(&in, DER_SEQUENCE, &alg) || !der_get(&alg, DER_OID, &oid))
		return false;
	/* parameters: NULL or absent, both are seen */
	der_optional(&alg, DER_NULL, NULL);
	if (!der_done(&alg) || !der_get(&in, DER_OCTET_STRING, &id->name_hash) ||
		!der_get(&in, DER_OCTET_STRING, &id->key_hash) || !der_get_integer(&in, &serial) || !der_done(&in))
		return false;
	if (serial.p[0] >= 0x80)
		return false;
	if (serial.p[0] == 0 && serial.n > 1)
		serial = (struct blob){serial.p + 1, serial.n - 1};
	/* with another digest than these two it names no issuer here: the hashes differ */
	id->sha256 = der_oid_is(oid, "2.16.840.1.101.3.4.2.1");
	id->serial = serial;
	return true;
}

static bool
read_exts(struct cursor *c, bool (*known)(struct blob oid, struct blob value, void *arg), void *arg)
{
	struct cursor list, one;
	struct blob oid, value;

	if (!der_open(c, DER_SEQUENCE, &list) || !der_done(c))
		return false;
	while (der_peek(&list)) {
		bool critical = false;

		if (!der_open(&list, DER_SEQUENCE, &one) || !der_get(&one, DER_OID, &oid))
			return false;
		if (der_peek(&one) == DER_BOOLEAN && !der_get_bool(&one, &critical))
			return false;
		if (!der_get(&one, DER_OCTET_STRING, &value) || !der_done(&one))
			return false;
		if (!known(oid, value, arg) && critical)
			return false;
	}
	return der_done(&list);
}

struct nonce {
	struct blob value;
	unsigned n;
	bool bad;
};

static bool
take_nonce(struct blob oid, struct blob value, void *arg)
{
	struct nonce *nonce = arg;
	struct cursor c = cursor_of(value);

	if (!der_oid_is(oid, "1.3.6.1.5.5.7.48.1.2"))
		return false;
	nonce->n++;
	/* RFC 9654 2.1: an OCTET STRING of 1 to 128 octets */
	if (!der_get(&c, DER_OCTET_STRING, &nonce->value) || !der_done(&c) || nonce->value.n < 1 ||
		nonce->value.n > NONCE_MAX)
		nonce->bad = true;
	return true;
}

static bool
take_nothing(struct blob oid, struct blob value, void *arg)
{
	(void)oid;
	(void)value;
	(void)arg;
	return false;
}

static bool
read_one(struct cursor *list, struct ocsp_cert_id *id)
{
	struct cursor one, exts;

	if (!der_open(list, DER_SEQUENCE, &one) || !read_cert_id(&one, id))
		return false;
	if (der_peek(&one) && (!der_open(&one, DER_CTX_CONS(0), &exts) || !read_exts(&exts, take_nothing, NULL)))
		return false;
	return der_done(&one);
}

static bool
read_version(struct cursor *tbs)
{
	struct cursor in;
	int64_t v;

	if (der_peek(tbs) != DER_CTX_CONS(0))
		return true;
	return der_open(tbs, DER_CTX_CONS(0), &in) && der_get_int(&in, &v) && der_done(&in) && v == 0;
}

static bool
read_tbs(struct cursor *tbs, struct ocsp_request *rq)
{
	struct nonce nonce = {0};
	struct cursor list, exts;

	if (!read_version(tbs))
		return false;
	der_optional(tbs, DER_CTX_CONS(1), NULL); /* requestorName */
	if (!der_open(tbs, DER_SEQUENCE, &list))
		return false;
	while (der_peek(&list)) {
		if (rq->n == OCSP_CERTS_MAX || !read_one(&list, &rq->certs[rq->n]))
			return false;
		rq->n++;
	}
	if (!rq->n || !der_done(&list))
		return false;
	if (der_peek(tbs)) {
		if (!der_open(tbs, DER_CTX_CONS(2), &exts) || !read_exts(&exts, take_nonce, &nonce))
			return false;
		if (nonce.bad || nonce.n > 1)
			return false;
	}
	rq->nonce = nonce.value;
	return der_done(tbs);
}

bool
ocsp_request_read(struct blob der, struct ocsp_request *ret)
{
	struct ocsp_request rq = {0};
	struct cursor c = cursor_of(der), in, tbs;

	if (der.n > OCSP_REQUEST_MAX || !der_open(&c, DER_SEQUENCE, &in) || !der_done(&c) ||
		!der_open(&in, DER_SEQUENCE, &tbs) || !read_tbs(&tbs, &rq))
		return false;
	/* optionalSignature: who asks does not matter */
	der_optional(&in, DER_CTX_CONS(0), NULL);
	if (!der_done(&in))
		return false;
	*ret = rq;
	return true;
}

bool
ocsp_names_issuer(const struct ocsp_cert_id *id, const struct ca_issuer *is)
{
	if (id->sha256)
		return blob_eq(id->name_hash, BLOB(is->name_sha256, 32)) &&
		       blob_eq(id->key_hash, BLOB(is->key_sha256, 32));
	return blob_eq(id->name_hash, BLOB(is->name_sha1, 20)) && blob_eq(id->key_hash, BLOB(is->key_sha1, 20));
}

struct ocsp_cert_id
ocsp_cert_id_of(const struct ca_issuer *is, struct blob serial, bool sha256, struct arena *a)
{
	BUF(b, 512);
	struct ocsp_cert_id id;
	struct cursor c;
	size_t seq = der_begin(&b, DER_SEQUENCE), alg = der_begin(&b, DER_SEQUENCE);

	buf_put_blob(&b, sha256 ? OID_SHA256 : OID_SHA1);
	der_put_null(&b);
	der_end(&b, alg);
	der_put(&b, DER_OCTET_STRING, sha256 ? BLOB(is->name_sha256, 32) : BLOB(is->name_sha1, 20));
	der_put(&b, DER_OCTET_STRING, sha256 ? BLOB(is->key_sha256, 32) : BLOB(is->key_sha1, 20));
	der_put_unsigned(&b, serial);
	der_end(&b, seq);
	BUG_ON(b.over);
	c = cursor_of(arena_blob(a, buf_blob(&b)));
	BUG_ON(!read_cert_id(&c, &id));
	return id;
}

/* -- answers */

static int64_t
whole_seconds(int64_t ms)
{
	return ms - ms % MS_SECOND;
}

static void
put_status(struct buf *b, const struct ocsp_answer *an)
{
	uint8_t reason = (uint8_t)an->reason;
	size_t revoked, explicit;

	switch (an->status) {
	case OCSP_GOOD:
		der_put(b, DER_CTX(0), (struct blob){NULL, 0});
		return;
	case OCSP_UNKNOWN:
		der_put(b, DER_CTX(2), (struct blob){NULL, 0});
		return;
	case OCSP_REVOKED:
		break;
	}
	revoked = der_begin(b, DER_CTX_CONS(1));
	der_put_generalized_time(b, whole_seconds(an->revoked_ms));
	if (reason) {
		explicit = der_begin(b, DER_CTX_CONS(0));
		der_put(b, DER_ENUMERATED, BLOB(&reason, 1));
		der_end(b, explicit);
	}
	der_end(b, revoked);
}

static void
put_answer(struct buf *b, const struct ocsp_answer *an)
{
	size_t one = der_begin(b, DER_SEQUENCE), next;

	buf_put_blob(b, an->id.whole);
	put_status(b, an);
	der_put_generalized_time(b, whole_seconds(an->this_update_ms));
	next = der_begin(b, DER_CTX_CONS(0));
	der_put_generalized_time(b, whole_seconds(an->next_update_ms));
	der_end(b, next);
	der_end(b, one);
}

static void
put_nonce(struct buf *b, struct blob nonce)
{
	size_t outer = der_begin(b, DER_CTX_CONS(1)), list = der_begin(b, DER_SEQUENCE);
	struct ext x = ext_begin(b, OID_OCSP_NONCE, false);

	der_put(b, DER_OCTET_STRING, nonce);
	ext_end(b, x);
	der_end(b, list);
	der_end(b, outer);
}

int
ocsp_tbs(const struct ca_issuer *is, const struct ocsp_answer *answers, unsigned n, struct blob nonce,
	int64_t produced_ms, struct arena *a, struct blob *ret, struct err *e)
{
	BUF(b, RESPONSE_MAX);
	size_t whole = der_begin(&b, DER_SEQUENCE), by_key = der_begin(&b, DER_CTX_CONS(2)), list;

	BUG_ON(n == 0 || n > OCSP_CERTS_MAX);
	der_put(&b, DER_OCTET_STRING, BLOB(is->key_sha1, 20));
	der_end(&b, by_key);
	der_put_generalized_time(&b, whole_seconds(produced_ms));
	list = der_begin(&b, DER_SEQUENCE);
	for (unsigned i = 0; i < n; i++)
		put_answer(&b, &answers[i]);
	der_end(&b, list);
	if (nonce.p)
		put_nonce(&b, nonce);
	der_end(&b, whole);
	if (b.over)
		return err_set(e, E_TOO_LARGE, "the OCSP answer would be larger than %d bytes", RESPONSE_MAX);
	*ret = arena_blob(a, buf_blob(&b));
	return 0;
}

struct blob
ocsp_response(const struct ca_issuer *is, struct blob tbs, struct blob sig, struct arena *a)
{
	BUF(b, RESPONSE_MAX + 4096);
	size_t whole = der_begin(&b, DER_SEQUENCE), bytes, inner, octets, basic;

	buf_put(&b, "\x0a\x01\x00", 3); /* successful */
	bytes = der_begin(&b, DER_CTX_CONS(0));
	inner = der_begin(&b, DER_SEQUENCE);
	buf_put_blob(&b, OID_OCSP_BASIC);
	octets = der_begin(&b, DER_OCTET_STRING);
	basic = der_begin(&b, DER_SEQUENCE);
	buf_put_blob(&b, tbs);
	buf_put_blob(&b, key_sig_alg(is->alg));
	der_put_bits(&b, sig, 0);
	der_end(&b, basic);
	der_end(&b, octets);
	der_end(&b, inner);
	der_end(&b, bytes);
	der_end(&b, whole);
	BUG_ON(b.over);
	return arena_blob(a, buf_blob(&b));
}

struct blob
ocsp_failure(enum ocsp_failure f)
{
	switch (f) {
	case OCSP_MALFORMED:
		return OID_LIT("\x30\x03\x0a\x01\x01");
	case OCSP_TRY_LATER:
		return OID_LIT("\x30\x03\x0a\x01\x03");
	case OCSP_UNAUTHORIZED:
		return OID_LIT("\x30\x03\x0a\x01\x06");
	case OCSP_INTERNAL:
		return OID_LIT("\x30\x03\x0a\x01\x02");
	case OCSP_SUCCESSFUL:
		break;
	}
	BUG("success is no failure");
}
