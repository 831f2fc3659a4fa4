/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures. All kinds go the same way: digest here, then the bare signature over the digest with a context that is
 * kept (reference: a context made anew costs more than a P-256 signature's own work is worth). For SM2 the digest
 * covers Z_A || message with the default signer ID, which is why no path exists on which the ID could be left out.
 */
#include "base/der.h"
#include "crypto/digest.h"
#include "crypto/key_priv.h"

#include <openssl/rsa.h>
#include <stdlib.h>

#define ALG(lit) {(const uint8_t *)(lit), sizeof(lit) - 1}
#define MD(name) offsetof(struct ossl_algs, name)
#define SIG_BYTES_MAX 2048

/* RFC 4055 5, RFC 5758 3.2, GM/T 0015. The first of a kind and digest is the form that we write. */
static const struct sig_alg sig_algs[] = {
	{KIND_RSA, MD(sha256), ALG("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00")},
	{KIND_RSA, MD(sha384), ALG("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00")},
	{KIND_RSA, MD(sha512), ALG("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d\x05\x00")},
	{KIND_EC, MD(sha256), ALG("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02")},
	{KIND_EC, MD(sha384), ALG("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03")},
	{KIND_EC, MD(sha512), ALG("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04")},
	{KIND_SM2, MD(sm3), ALG("\x30\x0a\x06\x08\x2a\x81\x1c\xcf\x55\x01\x83\x75")},
	/* RFC 4055 5: the NULL may be missing and must be accepted so; some SM2 software writes one. */
	{KIND_RSA, MD(sha256), ALG("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b")},
	{KIND_RSA, MD(sha384), ALG("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c")},
	{KIND_RSA, MD(sha512), ALG("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d")},
	{KIND_SM2, MD(sm3), ALG("\x30\x0c\x06\x08\x2a\x81\x1c\xcf\x55\x01\x83\x75\x05\x00")},
};

static const struct sig_alg *
find(enum key_kind kind, size_t md)
{
	for (size_t i = 0; i < ARRAY_LEN(sig_algs); i++) {
		if (sig_algs[i].kind == kind && sig_algs[i].md == md)
			return &sig_algs[i];
	}
	BUG("no such signature algorithm");
}

const struct sig_alg *
sig_alg_by_der(struct blob der)
{
	for (size_t i = 0; i < ARRAY_LEN(sig_algs); i++) {
		if (blob_eq(sig_algs[i].der, der))
			return &sig_algs[i];
	}
	return NULL;
}

const struct sig_alg *
sig_alg_of(const struct key *k)
{
	BUG_ON(k->info.kind == KIND_EDWARDS || k->info.pss);
	if (k->info.kind == KIND_RSA)
		return find(KIND_RSA, MD(sha256));
	if (k->info.kind == KIND_SM2)
		return find(KIND_SM2, MD(sm3));
	if (k->info.bits == 256)
		return find(KIND_EC, MD(sha256));
	return find(KIND_EC, k->info.bits == 384 ? MD(sha384) : MD(sha512));
}

struct blob
key_sig_alg(enum key_alg alg)
{
	switch (alg) {
	case KEY_RSA_2048:
	case KEY_RSA_3072:
	case KEY_RSA_4096:
		return find(KIND_RSA, MD(sha256))->der;
	case KEY_EC_P256:
		return find(KIND_EC, MD(sha256))->der;
	case KEY_EC_P384:
		return find(KIND_EC, MD(sha384))->der;
	case KEY_SM2:
		return find(KIND_SM2, MD(sm3))->der;
	case KEY_NONE:
	case KEY_OTHER:
		break;
	}
	BUG("keys of this kind sign nothing here");
}

static const EVP_MD *
md_of(const struct sig_alg *sa)
{
	return *(EVP_MD *const *)((const char *)ossl_algs() + sa->md);
}

/* GB/T 32918.2 5.5: Z_A = SM3(ENTL || ID || a || b || xG || yG || xA || yA). */
void
sig_sm2_za(struct blob point, uint8_t ret[32])
{
	static const uint8_t head[] =
		/* ENTL, the default ID of GM/T 0009 */
		"\x00\x80" "1234567812345678"
		/* a */
		"\xff\xff\xff\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"
		"\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xfc"
		/* b */
		"\x28\xe9\xfa\x9e\x9d\x9f\x5e\x34\x4d\x5a\x9e\x4b\xcf\x65\x09\xa7"
		"\xf3\x97\x89\xf5\x15\xab\x8f\x92\xdd\xbc\xbd\x41\x4d\x94\x0e\x93"
		/* G */
		"\x32\xc4\xae\x2c\x1f\x19\x81\x19\x5f\x99\x04\x46\x6a\x39\xc9\x94"
		"\x8f\xe3\x0b\xbf\xf2\x66\x0b\xe1\x71\x5a\x45\x89\x33\x4c\x74\xc7"
		"\xbc\x37\x36\xa2\xf4\xf6\x77\x9c\x59\xbd\xce\xe3\x6b\x69\x21\x53"
		"\xd0\xa9\x87\x7c\xc6\x2a\x47\x40\x02\xdf\x32\xe5\x21\x39\xf0\xa0";
	uint8_t all[sizeof(head) - 1 + 64];

	BUG_ON(point.n != 65);
	memcpy(all, head, sizeof(head) - 1);
	memcpy(all + sizeof(head) - 1, point.p + 1, 64);
	digest_sm3(BLOB(all, sizeof(all)), ret);
}

/* What is signed in the end. */
static size_t
digest_of(EVP_MD_CTX *c, const struct sig_alg *sa, const uint8_t za[32], struct blob tbs, uint8_t ret[EVP_MAX_MD_SIZE])
{
	unsigned n;

	BUG_ON(!c || EVP_DigestInit_ex2(c, md_of(sa), NULL) != 1);
	if (sa->kind == KIND_SM2)
		BUG_ON(EVP_DigestUpdate(c, za, 32) != 1);
	BUG_ON(EVP_DigestUpdate(c, tbs.p, tbs.n) != 1 || EVP_DigestFinal_ex(c, ret, &n) != 1);
	return n;
}

static EVP_PKEY_CTX *
ctx_new(const struct key *k, const struct sig_alg *sa, int (*init)(EVP_PKEY_CTX *))
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);

	/* The digest stands in an RSA signature; the other kinds only compare lengths with it. */
	if (c && init(c) == 1 &&
		(sa->kind != KIND_RSA || (EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
						 EVP_PKEY_CTX_set_signature_md(c, md_of(sa)) == 1)))
		return c;
	EVP_PKEY_CTX_free(c);
	return NULL;
}

/* -- signing */

struct key_signer {
	EVP_PKEY_CTX *ctx; /* holds its own reference to the key */
	EVP_MD_CTX *md;
	const struct sig_alg *sa;
	uint8_t za[32];
};

int
key_signer_new(const struct key *k, struct key_signer **ret, struct err *e)
{
	struct key_signer *s;

	BUG_ON(!k->private);
	if (k->info.kind == KIND_EDWARDS || k->info.pss)
		return err_set(e, E_KEY_WEAK, "keys of this kind sign nothing here");
	s = calloc(1, sizeof(*s));
	BUG_ON(!s);
	memcpy(s->za, k->za, sizeof(s->za));
	s->sa = sig_alg_of(k);
	s->md = EVP_MD_CTX_new();
	BUG_ON(!s->md);
	s->ctx = ctx_new(k, s->sa, EVP_PKEY_sign_init);
	if (!s->ctx) {
		key_signer_free(s);
		return ossl_fault(e, "EVP_PKEY_sign_init");
	}
	*ret = s;
	return 0;
}

struct key_signer *
key_signer_free(struct key_signer *s)
{
	if (s) {
		EVP_PKEY_CTX_free(s->ctx);
		EVP_MD_CTX_free(s->md);
		free(s);
	}
	return NULL;
}

int
key_signer_sign(struct key_signer *s, struct blob tbs, struct arena *a, struct blob *ret, struct err *e)
{
	uint8_t digest[EVP_MAX_MD_SIZE], sig[SIG_BYTES_MAX];
	size_t n = digest_of(s->md, s->sa, s->za, tbs, digest), sig_n = sizeof(sig);

	if (EVP_PKEY_sign(s->ctx, sig, &sig_n, digest, n) != 1)
		return ossl_fault(e, "EVP_PKEY_sign");
	*ret = arena_blob(a, BLOB(sig, sig_n));
	return 0;
}

int
key_sign(const struct key *k, struct blob tbs, struct arena *a, struct blob *ret, struct err *e)
{
	struct key_signer *s = NULL;
	int r = key_signer_new(k, &s, e);

	if (r < 0)
		return r;
	r = key_signer_sign(s, tbs, a, ret, e);
	key_signer_free(s);
	return r;
}

/* -- verifying */

static EVP_PKEY_CTX *
spare_take(const struct key *k)
{
	for (size_t i = 0; i < KEY_SPARES; i++) {
		EVP_PKEY_CTX *c = atomic_exchange(&((struct key *)k)->spare[i], NULL);

		if (c)
			return c;
	}
	return NULL;
}

static void
spare_give(const struct key *k, EVP_PKEY_CTX *c)
{
	for (size_t i = 0; i < KEY_SPARES; i++) {
		EVP_PKEY_CTX *none = NULL;

		if (atomic_compare_exchange_strong(&((struct key *)k)->spare[i], &none, c))
			return;
	}
	EVP_PKEY_CTX_free(c);
}

int
key_verify_with(const struct key *k, const struct sig_alg *sa, struct blob tbs, struct blob sig, struct err *e)
{
	bool usual;
	OSSL_MD_CTX(md);
	uint8_t digest[EVP_MAX_MD_SIZE];
	EVP_PKEY_CTX *c;
	size_t n;
	bool ok;

	if (sa->kind != k->info.kind || k->info.pss)
		return err_set(e, E_SIGNATURE_BAD, "the signature's algorithm is not one of its key");
	usual = sa->md == sig_alg_of(k)->md;
	md = EVP_MD_CTX_new();
	n = digest_of(md, sa, k->za, tbs, digest);
	c = usual ? spare_take(k) : NULL;
	if (!c)
		c = ctx_new(k, sa, EVP_PKEY_verify_init);
	if (!c)
		return ossl_fault(e, "EVP_PKEY_verify_init");
	ok = EVP_PKEY_verify(c, sig.p, sig.n, digest, n) == 1;
	if (usual)
		spare_give(k, c);
	else
		EVP_PKEY_CTX_free(c);
	return ok ? 0 : ossl_err(e, E_SIGNATURE_BAD, "the signature does not verify with the key");
}

int
key_verify(const struct key *k, struct blob tbs, struct blob sig, struct err *e)
{
	if (k->info.kind == KIND_EDWARDS || k->info.pss)
		return err_set(e, E_SIGNATURE_BAD, "keys of this kind sign nothing here");
	return key_verify_with(k, sig_alg_of(k), tbs, sig, e);
}
