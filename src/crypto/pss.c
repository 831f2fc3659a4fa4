/* SPDX-License-Identifier: Apache-2.0 */
/* RSASSA-PSS: parameters of signatures and of keys that are for nothing else (RFC 4055 3). */
#include "crypto/pss_priv.h"

#include <openssl/core_names.h>
#include <openssl/rsa.h>

#include "base/der.h"
#include "crypto/oid_priv.h"

#define OID_MGF1 "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"
#define OID_SHA2 "\x60\x86\x48\x01\x65\x03\x04\x02" /* and 1, 2, 3: SHA-256, -384, -512 */
#define SALT_MAX 512

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

/* The defaults stand for SHA-1, so hash and mask must be written; the mask uses the same hash, the trailer is 1. */
bool
pss_params_read(struct blob der, struct pss *ret)
{
	struct cursor outer = cursor_of(der), params, in, mask;
	struct blob oid;
	int64_t salt = 20;

	if (!der_open(&outer, DER_SEQUENCE, &params) || !der_done(&outer) ||
		!der_open(&params, DER_CTX_CONS(0), &in) || !(ret->md = hash_get(&in)) || !der_done(&in) ||
		!der_open(&params, DER_CTX_CONS(1), &in) || !der_open(&in, DER_SEQUENCE, &mask) || !der_done(&in) ||
		!der_get(&mask, DER_OID, &oid) || !blob_eq(oid, OID(OID_MGF1)) || hash_get(&mask) != ret->md ||
		!der_done(&mask))
		return false;
	if (der_peek(&params) == DER_CTX_CONS(2) &&
		(!der_open(&params, DER_CTX_CONS(2), &in) || !der_get_int(&in, &salt) || !der_done(&in) ||
			salt < 0 || salt > SALT_MAX))
		return false;
	ret->salt = (int)salt;
	return der_done(&params);
}

bool
pss_alg_read(struct blob alg, struct pss *ret)
{
	struct cursor outer = cursor_of(alg), c;
	struct blob oid, body, params;
	uint8_t tag;

	return der_open(&outer, DER_SEQUENCE, &c) && der_done(&outer) && der_get(&c, DER_OID, &oid) &&
	       blob_eq(oid, OID(OID_PSS)) && der_next(&c, &tag, &body, &params) && der_done(&c) &&
	       pss_params_read(params, ret);
}

/* RFC 4055 3.3: a key that names a hash is for it alone, and its salt is the shortest. */
bool
pss_allowed(const struct spki *key, const struct pss *pss)
{
	struct pss of_key;

	if (!key->pss || !key->pss_params.p)
		return true;
	return pss_params_read(key->pss_params, &of_key) && of_key.md == pss->md && pss->salt >= of_key.salt;
}

bool
pss_verify(const struct key *k, const struct pss *pss, struct blob tbs, struct blob sig)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n;
	OSSL_PKEY_CTX(c);

	c = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
	return c && EVP_Digest(tbs.p, tbs.n, digest, &n, pss->md, NULL) == 1 && EVP_PKEY_verify_init(c) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_signature_md(c, pss->md) == 1 && EVP_PKEY_CTX_set_rsa_mgf1_md(c, pss->md) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(c, pss->salt) == 1 &&
	       EVP_PKEY_verify(c, sig.p, sig.n, digest, n) == 1;
}
