/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/verify.h"

#include <openssl/rsa.h>
#include <stdlib.h>

#include "base/der.h"
#include "crypto/key_priv.h"
#include "crypto/oid_priv.h"

#define OID_ED25519 "\x2b\x65\x70" /* RFC 8410 3 */
#define ED25519_KEY 32
#define OID_PSS "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a" /* RFC 4055 3 */
#define OID_MGF1 "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
#define OID_SHA2 "\x60\x86\x48\x01\x65\x03\x04\x02" /* and 1, 2, 3: SHA-256, -384, -512 */
#define SALT_MAX 512

struct verify_key {
	struct key *key; /* RSA, ECDSA, SM2 */
	EVP_PKEY *ed25519;
};

/* -- keys */

/* RFC 8410 4: the algorithm has no parameters. */
static bool
ed25519_point(struct blob spki, struct blob *ret)
{
	struct cursor outer = cursor_of(spki), c, alg;
	struct blob oid;

	return der_open(&outer, DER_SEQUENCE, &c) && der_done(&outer) &&
	       der_open(&c, DER_SEQUENCE, &alg) && der_get(&alg, DER_OID, &oid) &&
	       blob_eq(oid, OID(OID_ED25519)) && der_done(&alg) && der_get_bits(&c, ret) &&
	       der_done(&c) && ret->n == ED25519_KEY;
}

int
verify_key_new(struct blob spki, struct verify_key **ret, struct err *e)
{
	struct verify_key *k = calloc(1, sizeof(*k));
	struct blob point;
	int r = 0;

	BUG_ON(!k);
	if (ed25519_point(spki, &point)) {
		k->ed25519 =
			EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, point.p, point.n);
		r = k->ed25519 ? 0
			       : ossl_err(e, E_KEY_UNREADABLE, "the Ed25519 key cannot be read");
	} else {
		r = key_from_spki(spki, &k->key, e);
	}
	if (r < 0) {
		verify_key_free(k);
		return r;
	}
	*ret = k;
	return 0;
}

struct verify_key *
verify_key_free(struct verify_key *k)
{
	if (k) {
		key_free(k->key);
		EVP_PKEY_free(k->ed25519);
		free(k);
	}
	return NULL;
}

enum verify_kind
verify_key_kind(const struct verify_key *k)
{
	if (!k->key)
		return VERIFY_ED25519;
	return k->key->info.kind == KIND_RSA   ? VERIFY_RSA
	       : k->key->info.kind == KIND_SM2 ? VERIFY_SM2
					       : VERIFY_EC;
}

unsigned
verify_key_bits(const struct verify_key *k)
{
	return k->key ? k->key->info.bits : 256;
}

/* -- RSASSA-PSS (RFC 4055 3.1) */

struct pss {
	const EVP_MD *md;
	int salt;
};

/* AlgorithmIdentifier of a SHA-2 hash, its NULL there or not (RFC 4055 2.1). */
static const EVP_MD *
hash_get(struct cursor *c)
{
	struct cursor alg;
	struct blob oid, null;

	if (!der_open(c, DER_SEQUENCE, &alg) || !der_get(&alg, DER_OID, &oid) ||
		(cursor_left(&alg) && (!der_get(&alg, DER_NULL, &null) || null.n)) ||
		!der_done(&alg) || oid.n != 9 || memcmp(oid.p, OID_SHA2, 8) != 0)
		return NULL;
	switch (oid.p[8]) {
	case 1:
		return ossl_algs()->sha256;
	case 2:
		return ossl_algs()->sha384;
	case 3:
		return ossl_algs()->sha512;
	default:
		return NULL;
	}
}

/* The defaults stand for SHA-1, so hash and mask must be written; the mask uses the same hash, the
 * trailer is 1. */
static bool
pss_read(struct blob alg, struct pss *ret)
{
	struct cursor outer = cursor_of(alg), c, params, in, mask;
	struct blob oid;
	int64_t salt = 20;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) ||
		!der_get(&c, DER_OID, &oid) || !blob_eq(oid, OID(OID_PSS)) ||
		!der_open(&c, DER_SEQUENCE, &params) || !der_done(&c) ||
		!der_open(&params, DER_CTX_CONS(0), &in) || !(ret->md = hash_get(&in)) ||
		!der_done(&in) || !der_open(&params, DER_CTX_CONS(1), &in) ||
		!der_open(&in, DER_SEQUENCE, &mask) || !der_done(&in) ||
		!der_get(&mask, DER_OID, &oid) || !blob_eq(oid, OID(OID_MGF1)) ||
		hash_get(&mask) != ret->md || !der_done(&mask))
		return false;
	if (der_peek(&params) == DER_CTX_CONS(2) &&
		(!der_open(&params, DER_CTX_CONS(2), &in) || !der_get_int(&in, &salt) ||
			!der_done(&in) || salt > SALT_MAX))
		return false;
	ret->salt = (int)salt;
	return der_done(&params);
}

static bool
pss_verify(const struct key *k, const struct pss *pss, struct blob tbs, struct blob sig)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n;
	OSSL_PKEY_CTX(c);

	c = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
	return c && EVP_Digest(tbs.p, tbs.n, digest, &n, pss->md, NULL) == 1 &&
	       EVP_PKEY_verify_init(c) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_signature_md(c, pss->md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(c, pss->md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(c, pss->salt) == 1 &&
	       EVP_PKEY_verify(c, sig.p, sig.n, digest, n) == 1;
}

/* -- signatures */

static bool
is_ed25519(struct blob alg)
{
	return blob_eq(alg, OID("\x30\x05\x06\x03" OID_ED25519));
}

static bool
ed25519_verify(EVP_PKEY *pkey, struct blob tbs, struct blob sig)
{
	OSSL_MD_CTX(c);

	c = EVP_MD_CTX_new();
	return c && EVP_DigestVerifyInit_ex(c, NULL, NULL, NULL, NULL, pkey, NULL) == 1 &&
	       EVP_DigestVerify(c, sig.p, sig.n, tbs.p, tbs.n) == 1;
}

bool
verify_alg_known(struct blob alg)
{
	struct pss pss;

	return sig_alg_by_der(alg) || is_ed25519(alg) || pss_read(alg, &pss);
}

int
verify_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig,
	struct err *e)
{
	const struct sig_alg *sa = sig_alg_by_der(alg);
	struct pss pss;
	bool ok = false;

	if (sa && k->key)
		return key_verify_with(k->key, sa, tbs, sig, e);
	if (k->ed25519 && is_ed25519(alg))
		ok = ed25519_verify(k->ed25519, tbs, sig);
	else if (k->key && k->key->info.kind == KIND_RSA && pss_read(alg, &pss))
		ok = pss_verify(k->key, &pss, tbs, sig);
	else
		return err_set(e, E_SIGNATURE_BAD,
			"the signature's algorithm is unknown, too weak, or none of its key");
	return ok ? 0 : ossl_err(e, E_SIGNATURE_BAD, "the signature does not verify with the key");
}

/* -- SHA-1 */

static bool
sha1_verify(const struct key *k, struct blob tbs, struct blob sig)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n;
	OSSL_PKEY_CTX(c);

	c = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
	return c && EVP_Digest(tbs.p, tbs.n, digest, &n, ossl_algs()->sha1, NULL) == 1 && EVP_PKEY_verify_init(c) == 1 &&
		(k->info.kind != KIND_RSA || (EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
						     EVP_PKEY_CTX_set_signature_md(c, ossl_algs()->sha1) == 1)) &&
		EVP_PKEY_verify(c, sig.p, sig.n, digest, n) == 1;
}

int
verify_old_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig, struct err *e)
{
	/* its NULL there or not, as with the others (RFC 4055 5) */
	bool rsa = blob_eq(alg, OID("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00")) ||
		blob_eq(alg, OID("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05"));
	bool ecdsa = blob_eq(alg, OID("\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x04\x01"));

	if (!k->key || !((rsa && k->key->info.kind == KIND_RSA) || (ecdsa && k->key->info.kind == KIND_EC)))
		return verify_signature(k, alg, tbs, sig, e);
	return sha1_verify(k->key, tbs, sig) ? 0 :
					       ossl_err(e, E_SIGNATURE_BAD, "the signature does not verify with the key");
}
