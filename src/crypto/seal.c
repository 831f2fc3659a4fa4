/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/seal.h"

#include "base/buf.h"
#include "base/rand.h"
#include "crypto/ossl_priv.h"

/*
 * version 1: 01 | nonce (12) | ciphertext | tag (16).
 * Associated data: "signet-seal" | 01 | class | account (8, big endian) | id (16).
 * Random nonces under one key are safe for 2^32 values (NIST SP 800-38D 8.3); the key is per data directory.
 */
#define VERSION 1
#define NONCE 12
#define TAG 16
#define HEAD (1 + NONCE)
#define PLAIN_MAX (1024 * 1024)
#define KEK 32

struct aad {
	uint8_t bytes[11 + 1 + 1 + 8 + 16];
};

static void
aad_make(struct aad *ret, const struct seal_name *name)
{
	uint64_t account = (uint64_t)name->account;
	uint8_t *p = ret->bytes;

	memcpy(p, "signet-seal", 11);
	p[11] = VERSION;
	p[12] = (uint8_t)name->class;
	for (int i = 0; i < 8; i++)
		p[13 + i] = (uint8_t)(account >> (56 - 8 * i));
	memcpy(p + 21, name->id, 16);
}

int
seal_close(struct blob kek, const struct seal_name *name, struct blob plain, struct arena *a, struct blob *ret,
	struct err *e)
{
	OSSL_CIPHER_CTX(c);
	uint8_t *out;
	struct aad aad;
	int n;

	BUG_ON(kek.n != KEK);
	if (plain.n > PLAIN_MAX)
		return err_set(e, E_TOO_LARGE, "%zu bytes are too many to seal (at most %d)", plain.n, PLAIN_MAX);
	out = arena_alloc(a, HEAD + plain.n + TAG);
	out[0] = VERSION;
	rand_bytes(out + 1, NONCE);
	aad_make(&aad, name);
	c = EVP_CIPHER_CTX_new();
	if (!c || EVP_EncryptInit_ex2(c, ossl_algs()->aes_256_gcm, kek.p, out + 1, NULL) != 1 ||
		EVP_EncryptUpdate(c, NULL, &n, aad.bytes, sizeof(aad.bytes)) != 1 ||
		(plain.n && EVP_EncryptUpdate(c, out + HEAD, &n, plain.p, (int)plain.n) != 1) ||
		EVP_EncryptFinal_ex(c, out + HEAD + plain.n, &n) != 1 ||
		EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, out + HEAD + plain.n) != 1)
		return ossl_fault(e, "AES-256-GCM");
	*ret = (struct blob){out, HEAD + plain.n + TAG};
	return 0;
}

static int
broken(struct err *e, const char *why)
{
	return ossl_err(e, E_SEAL_BROKEN, "the sealed value does not open: %s", why);
}

int
seal_open(struct blob kek, const struct seal_name *name, struct blob sealed, struct secret **ret, struct err *e)
{
	OSSL_CIPHER_CTX(c);
	SECRET(plain);
	uint8_t tag[TAG], end;
	struct aad aad;
	size_t n;
	int got;

	BUG_ON(kek.n != KEK);
	if (sealed.n < HEAD + TAG || sealed.n > PLAIN_MAX + HEAD + TAG)
		return broken(e, "its length is wrong");
	if (sealed.p[0] != VERSION)
		return broken(e, "its version is unknown to this program");
	n = sealed.n - HEAD - TAG;
	memcpy(tag, sealed.p + HEAD + n, TAG);
	plain = secret_new(n);
	aad_make(&aad, name);
	c = EVP_CIPHER_CTX_new();
	if (!c || EVP_DecryptInit_ex2(c, ossl_algs()->aes_256_gcm, kek.p, sealed.p + 1, NULL) != 1 ||
		EVP_DecryptUpdate(c, NULL, &got, aad.bytes, sizeof(aad.bytes)) != 1 ||
		(n && EVP_DecryptUpdate(c, plain->p, &got, sealed.p + HEAD, (int)n) != 1) ||
		EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG, tag) != 1)
		return ossl_fault(e, "AES-256-GCM");
	if (EVP_DecryptFinal_ex(c, &end, &got) != 1)
		return broken(e, "key, place or content do not fit");
	*ret = TAKE(plain);
	return 0;
}
