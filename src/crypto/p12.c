/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/p12.h"

#include <openssl/pkcs12.h>

#include "crypto/cert.h"
#include "crypto/key_priv.h"

/* What keytool writes; more would only slow the servers that read it down: the password is the user's. */
#define ROUNDS 10000
#define SALT 16
#define PASSWORD_MAX 256
#define LABEL_MAX 128
#define CHAIN_MAX 16

OSSL_CLEANUP_TYPE(p12_p, PKCS12, PKCS12_free)
OSSL_CLEANUP_TYPE(x509_p, X509, X509_free)

static void
stack_p(STACK_OF(X509) **s)
{
	sk_X509_pop_free(*s, X509_free);
}

static X509 *
x509_of(struct blob der)
{
	const unsigned char *p = der.p;

	return der.n <= CERT_DER_MAX ? d2i_X509(NULL, &p, (long)der.n) : NULL;
}

static int
stack_of(const struct blob *chain, unsigned n, STACK_OF(X509) *ret, struct err *e)
{
	for (unsigned i = 0; i < n; i++) {
		X509 *x = x509_of(chain[i]);

		if (!x)
			return ossl_err(e, E_CERT_UNREADABLE, "certificate %u of the chain cannot be read", i + 1);
		if (sk_X509_push(ret, x) <= 0) {
			X509_free(x);
			return ossl_fault(e, "sk_X509_push");
		}
	}
	return 0;
}

static int
leaf_check(const struct key *key, struct blob leaf, struct err *e)
{
	struct cert_info info;
	struct blob spki;
	ARENA(a);
	int r = cert_read(leaf, &a, &info, e);

	if (r == 0)
		r = key_spki(key, &a, &spki, e);
	if (r < 0)
		return r;
	return blob_eq(info.spki, spki) ? 0
					: err_set(e, E_KEY_MISMATCH, "the certificate of \"%.*s\" is for another key",
						  STRF(info.subject_text));
}

static int
text_check(struct str s, size_t max, const char *what, struct err *e)
{
	if (s.n > max || (s.n && memchr(s.p, 0, s.n)))
		return err_set(e, E_FIELD_LENGTH, "the %s has more than %zu bytes or holds a NUL", what, max);
	return 0;
}

static int
pack(PKCS12 *p12, struct arena *a, struct blob *ret, struct err *e)
{
	unsigned char *out;
	int n = i2d_PKCS12(p12, NULL);

	if (n <= 0)
		return ossl_fault(e, "i2d_PKCS12");
	*ret = BLOB(out = arena_alloc(a, (size_t)n), (size_t)n);
	return i2d_PKCS12(p12, &out) == n ? 0 : ossl_fault(e, "i2d_PKCS12");
}

int
p12_build(struct str friendly_name, struct str password, const struct key *key, struct blob leaf,
	const struct blob *chain, unsigned n_chain, struct arena *a, struct blob *ret, struct err *e)
{
	CLEANUP(stack_p) STACK_OF(X509) *others = sk_X509_new_null();
	CLEANUP(p12_p) PKCS12 *p12 = NULL;
	CLEANUP(x509_p) X509 *x = NULL;
	SECRET(pass);
	int r;

	BUG_ON(!others || !key->private || n_chain > CHAIN_MAX);
	r = text_check(password, PASSWORD_MAX, "password", e);
	if (r == 0)
		r = text_check(friendly_name, LABEL_MAX, "friendly name", e);
	if (r == 0)
		r = leaf_check(key, leaf, e);
	if (r == 0)
		r = stack_of(chain, n_chain, others, e);
	if (r < 0)
		return r;
	pass = secret_new(password.n + 1);
	if (password.n)
		memcpy(pass->p, password.p, password.n);
	x = x509_of(leaf);
	/* No MAC yet (-1): the library's default digest for it has changed between versions. */
	p12 = x ? PKCS12_create_ex((const char *)pass->p, friendly_name.n ? arena_cstr(a, friendly_name) : NULL,
			  key->pkey, x, others, NID_aes_256_cbc, NID_aes_256_cbc, ROUNDS, -1, 0, NULL, NULL)
		: NULL;
	if (!p12 || PKCS12_set_mac(p12, (const char *)pass->p, -1, NULL, SALT, ROUNDS, ossl_algs()->sha256) != 1)
		return ossl_fault(e, "PKCS12_create_ex");
	return pack(p12, a, ret, e);
}
