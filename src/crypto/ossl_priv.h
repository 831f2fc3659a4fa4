/* SPDX-License-Identifier: Apache-2.0 */
/* The border to OpenSSL: its error queue becomes a struct err, its objects get cleanup types, its algorithms are kept. */
#pragma once

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/err.h"

/* Fetched once for the life of the process. */
struct ossl_algs {
	EVP_MD *sha1, *sha256, *sha384, *sha512, *sm3;
	EVP_CIPHER *aes_256_gcm, *sm4_ecb;
	EVP_MAC *hmac;
};

/* Loads them at the first call when crypto_init() was not called (tests); never NULL. */
const struct ossl_algs *ossl_algs(void);

/* Fills *e as err_set() does, puts the library's oldest error into the detail, and empties its queue. */
int ossl_err(struct err *e, int code, const char *fmt, ...) PRINTF(3, 4);
/* The same with code E_INTERNAL: for calls that fail only without memory or with a broken library. */
int ossl_fault(struct err *e, const char *call);

#define OSSL_CLEANUP_TYPE(name, type, free_fn)                                                     \
	static inline void name(type **p)                                                          \
	{                                                                                          \
		free_fn(*p);                                                                       \
	}
OSSL_CLEANUP_TYPE(ossl_pkey_p, EVP_PKEY, EVP_PKEY_free)
OSSL_CLEANUP_TYPE(ossl_pkey_ctx_p, EVP_PKEY_CTX, EVP_PKEY_CTX_free)
OSSL_CLEANUP_TYPE(ossl_md_ctx_p, EVP_MD_CTX, EVP_MD_CTX_free)
OSSL_CLEANUP_TYPE(ossl_cipher_ctx_p, EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
OSSL_CLEANUP_TYPE(ossl_mac_ctx_p, EVP_MAC_CTX, EVP_MAC_CTX_free)
OSSL_CLEANUP_TYPE(ossl_bn_p, BIGNUM, BN_clear_free)
OSSL_CLEANUP_TYPE(ossl_bn_ctx_p, BN_CTX, BN_CTX_free)
OSSL_CLEANUP_TYPE(ossl_group_p, EC_GROUP, EC_GROUP_free)
OSSL_CLEANUP_TYPE(ossl_point_p, EC_POINT, EC_POINT_clear_free)
OSSL_CLEANUP_TYPE(ossl_param_bld_p, OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
OSSL_CLEANUP_TYPE(ossl_params_p, OSSL_PARAM, OSSL_PARAM_free)

#define OSSL_PKEY(n) CLEANUP(ossl_pkey_p) EVP_PKEY *n = NULL
#define OSSL_PKEY_CTX(n) CLEANUP(ossl_pkey_ctx_p) EVP_PKEY_CTX *n = NULL
#define OSSL_MD_CTX(n) CLEANUP(ossl_md_ctx_p) EVP_MD_CTX *n = NULL
#define OSSL_CIPHER_CTX(n) CLEANUP(ossl_cipher_ctx_p) EVP_CIPHER_CTX *n = NULL
#define OSSL_MAC_CTX(n) CLEANUP(ossl_mac_ctx_p) EVP_MAC_CTX *n = NULL
#define OSSL_BN(n) CLEANUP(ossl_bn_p) BIGNUM *n = NULL
#define OSSL_BN_CTX(n) CLEANUP(ossl_bn_ctx_p) BN_CTX *n = NULL
#define OSSL_GROUP(n) CLEANUP(ossl_group_p) EC_GROUP *n = NULL
#define OSSL_POINT(n) CLEANUP(ossl_point_p) EC_POINT *n = NULL
#define OSSL_PARAM_BUILDER(n) CLEANUP(ossl_param_bld_p) OSSL_PARAM_BLD *n = NULL
#define OSSL_PARAMS(n) CLEANUP(ossl_params_p) OSSL_PARAM *n = NULL
