/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/ossl_priv.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>

#include "crypto/crypto.h"

static struct ossl_algs algs;
static bool loaded;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool
algs_fetch(void)
{
	algs.sha1 = EVP_MD_fetch(NULL, "SHA1", NULL);
	algs.sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
	algs.sha384 = EVP_MD_fetch(NULL, "SHA2-384", NULL);
	algs.sha512 = EVP_MD_fetch(NULL, "SHA2-512", NULL);
	algs.sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
	algs.aes_256_gcm = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	algs.sm4_ecb = EVP_CIPHER_fetch(NULL, "SM4-ECB", NULL);
	algs.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	return algs.sha1 && algs.sha256 && algs.sha384 && algs.sha512 && algs.sm3 &&
		algs.aes_256_gcm && algs.sm4_ecb && algs.hmac;
}

/* Key kinds have no object to keep, but the first use fills the library's own caches. */
static bool
kinds_touch(void)
{
	static const char *const kinds[] = {"RSA", "EC", "SM2"};
	unsigned char byte;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		OSSL_PKEY_CTX(c);

		c = EVP_PKEY_CTX_new_from_name(NULL, kinds[i], NULL);
		if (!c)
			return false;
	}
	/* Seeds the generators from getrandom(); afterwards no file is opened for them. */
	return RAND_bytes(&byte, 1) == 1 && RAND_priv_bytes(&byte, 1) == 1;
}

static void
load(void)
{
	/* Whoever comes later and asks for the configuration finds the step done. */
	if (OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_LOAD_CRYPTO_STRINGS, NULL) != 1)
		return;
	loaded = algs_fetch() && kinds_touch();
}

const struct ossl_algs *
ossl_algs(void)
{
	pthread_once(&once, load);
	BUG_ON(!loaded);
	return &algs;
}

int
crypto_init(struct err *e)
{
	pthread_once(&once, load);
	if (!loaded)
		return ossl_err(e, E_INTERNAL,
			"the OpenSSL library lacks an algorithm that Signet needs (SHA-2, SM2, SM3, SM4, AES-GCM)");
	return 0;
}

int
ossl_err(struct err *e, int code, const char *fmt, ...)
{
	unsigned long first = ERR_peek_error();
	char text[160], msg[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	err_set(e, code, "%s", msg);
	if (first) {
		ERR_error_string_n(first, text, sizeof(text));
		err_detail(e, "%s", text);
	}
	ERR_clear_error();
	return code;
}

int
ossl_fault(struct err *e, const char *call)
{
	return ossl_err(e, E_INTERNAL, "the crypto library failed in %s", call);
}
