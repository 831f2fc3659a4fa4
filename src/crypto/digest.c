/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <openssl/core_names.h>

#include "crypto/ossl_priv.h"

/* A digest of bytes in memory fails only without memory, which ends the process everywhere in this house. */
static void
once(const EVP_MD *md, struct blob b, uint8_t *ret)
{
	BUG_ON(EVP_Digest(b.n ? (const void *)b.p : "", b.n, ret, NULL, md, NULL) != 1);
}

void
digest_sha256(struct blob b, uint8_t ret[32])
{
	once(ossl_algs()->sha256, b, ret);
}

void
digest_sha1(struct blob b, uint8_t ret[20])
{
	once(ossl_algs()->sha1, b, ret);
}

void
digest_sha384(struct blob b, uint8_t ret[48])
{
	once(ossl_algs()->sha384, b, ret);
}

void
digest_sha512(struct blob b, uint8_t ret[64])
{
	once(ossl_algs()->sha512, b, ret);
}

void
digest_sm3(struct blob b, uint8_t ret[32])
{
	once(ossl_algs()->sm3, b, ret);
}

/* name is the library's; the parameter is not written to. */
static void
hmac(const char *name, struct blob key, struct blob b, uint8_t *ret, size_t len)
{
	OSSL_MAC_CTX(c);
	char digest[16] = "";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	/* A NULL key would mean "the one set before". */
	const unsigned char *k = key.n ? key.p : (const unsigned char *)"";
	size_t n;

	memcpy(digest, name, strlen(name));
	c = EVP_MAC_CTX_new(ossl_algs()->hmac);
	BUG_ON(!c || EVP_MAC_init(c, k, key.n, params) != 1);
	BUG_ON(EVP_MAC_update(c, b.p, b.n) != 1);
	BUG_ON(EVP_MAC_final(c, ret, &n, len) != 1 || n != len);
}

void
digest_hmac_sha256(struct blob key, struct blob b, uint8_t ret[32])
{
	hmac("SHA2-256", key, b, ret, 32);
}

void
digest_hmac_sha512(struct blob key, struct blob b, uint8_t ret[64])
{
	hmac("SHA2-512", key, b, ret, 64);
}

/* `struct digest` is the library's context under our name. */
struct digest *
digest_new_sha256(void)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();

	BUG_ON(!c || EVP_DigestInit_ex2(c, ossl_algs()->sha256, NULL) != 1);
	return (struct digest *)c;
}

void
digest_add(struct digest *d, struct blob b)
{
	BUG_ON(EVP_DigestUpdate((EVP_MD_CTX *)d, b.p, b.n) != 1);
}

void
digest_end_sha256(struct digest *d, uint8_t ret[32])
{
	BUG_ON(EVP_DigestFinal_ex((EVP_MD_CTX *)d, ret, NULL) != 1);
	EVP_MD_CTX_free((EVP_MD_CTX *)d);
}
