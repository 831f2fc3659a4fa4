/* SPDX-License-Identifier: Apache-2.0 */
#include "bare_chain.h"

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#define MUST(x) \
	do { \
		if (!(x)) \
			abort(); \
	} while (0)

struct bare_chain {
	EVP_PKEY *keys[3];
	X509 *certs[3];
	X509_STORE *store;
	STACK_OF(X509) *pool;
};

static void
extension(X509 *x, X509V3_CTX *ctx, int nid, const char *value)
{
	X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, ctx, nid, value);

	MUST(e && X509_add_ext(x, e, -1));
	X509_EXTENSION_free(e);
}

/* Certificate i, signed by that of the next index; the last by itself. */
static void
make(struct bare_chain *b, int i)
{
	static const char *const names[] = {CHAIN_HOST, "Bench Intermediate", "Bench Root"};
	int issuer = i == 2 ? 2 : i + 1;
	X509 *x = b->certs[i] = X509_new();
	X509V3_CTX ctx;

	MUST(x && X509_set_version(x, 2) && ASN1_INTEGER_set(X509_get_serialNumber(x), 1000 + i));
	MUST(X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, (const unsigned char *)names[i], -1, -1, 0));
	MUST(X509_set_issuer_name(x, X509_get_subject_name(b->certs[issuer])));
	MUST(X509_gmtime_adj(X509_getm_notBefore(x), -3600) && X509_gmtime_adj(X509_getm_notAfter(x), 86400));
	MUST(X509_set_pubkey(x, b->keys[i]));
	X509V3_set_ctx(&ctx, b->certs[issuer], x, NULL, NULL, 0);
	extension(x, &ctx, NID_basic_constraints, i ? "critical,CA:TRUE" : "critical,CA:FALSE");
	extension(x, &ctx, NID_key_usage, i ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature");
	extension(x, &ctx, NID_subject_key_identifier, "hash");
	if (i < 2)
		extension(x, &ctx, NID_authority_key_identifier, "keyid:always");
	if (i < 2)
		extension(x, &ctx, NID_ext_key_usage, "serverAuth");
	if (i == 0)
		extension(x, &ctx, NID_subject_alt_name, "DNS:" CHAIN_HOST ",DNS:example.com");
	MUST(X509_sign(x, b->keys[issuer], EVP_sha256()));
}

struct bare_chain *
bare_chain_new(void)
{
	struct bare_chain *b = calloc(1, sizeof(*b));

	MUST(b);
	for (int i = 2; i >= 0; i--) {
		b->keys[i] = EVP_RSA_gen(2048);
		MUST(b->keys[i]);
		make(b, i);
	}
	b->store = X509_STORE_new();
	b->pool = sk_X509_new_null();
	MUST(b->store && b->pool && X509_STORE_add_cert(b->store, b->certs[2]) && sk_X509_push(b->pool, b->certs[1]));
	return b;
}

void
bare_chain_free(struct bare_chain *b)
{
	for (int i = 0; i < 3; i++) {
		X509_free(b->certs[i]);
		EVP_PKEY_free(b->keys[i]);
	}
	sk_X509_free(b->pool);
	X509_STORE_free(b->store);
	free(b);
}

struct blob
bare_chain_der(const struct bare_chain *b, unsigned i, struct arena *a)
{
	unsigned char *der = NULL;
	int n = i2d_X509(b->certs[i], &der);
	struct blob copy;

	MUST(n > 0);
	copy = arena_blob(a, BLOB(der, (size_t)n));
	OPENSSL_free(der);
	return copy;
}

static void
verify(X509_STORE *store, X509 *leaf, STACK_OF(X509) *pool)
{
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();

	MUST(ctx && X509_STORE_CTX_init(ctx, store, leaf, pool) && X509_STORE_CTX_set_default(ctx, "ssl_server"));
	MUST(X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(ctx), CHAIN_HOST, 0));
	MUST(X509_verify_cert(ctx) == 1);
	X509_STORE_CTX_free(ctx);
}

void
bare_chain_verify(const struct bare_chain *b)
{
	verify(b->store, b->certs[0], b->pool);
}

void
bare_chain_read_and_verify(const struct blob ders[3])
{
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *pool = sk_X509_new_null();
	X509 *certs[3];

	for (int i = 0; i < 3; i++) {
		const unsigned char *p = ders[i].p;

		certs[i] = d2i_X509(NULL, &p, (long)ders[i].n);
		MUST(certs[i]);
	}
	MUST(store && pool && X509_STORE_add_cert(store, certs[2]) && sk_X509_push(pool, certs[1]));
	verify(store, certs[0], pool);
	sk_X509_free(pool);
	X509_STORE_free(store);
	for (int i = 0; i < 3; i++)
		X509_free(certs[i]);
}

void
bare_chain_write(const struct bare_chain *b, unsigned i, const char *path)
{
	FILE *f = fopen(path, "w");

	MUST(f && PEM_write_X509(f, b->certs[i]) && fclose(f) == 0);
}
