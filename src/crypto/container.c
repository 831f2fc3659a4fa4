/* SPDX-License-Identifier: Apache-2.0 */
/* What containers hold; and PKCS#7. */
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include "base/der.h"
#include "crypto/container_priv.h"
#include "crypto/ossl_priv.h"

#define OID_DATA "1.2.840.113549.1.7.1"
#define OID_SIGNED_DATA "1.2.840.113549.1.7.2"

OSSL_CLEANUP_TYPE(p7_p, PKCS7, PKCS7_free)

int
contents_add(struct contents *c, enum content_kind kind, struct str name, struct blob der, struct err *e)
{
	if (c->n == CONTENTS_MAX)
		return err_set(e, E_STORE_UNREADABLE, "it holds more than %d certificates and keys", CONTENTS_MAX);
	c->v[c->n++] = (struct content){kind, name, der};
	return 0;
}

struct blob
ossl_der(struct arena *a, unsigned char *der, int n)
{
	struct blob b = arena_blob(a, BLOB(der, (size_t)n));

	OPENSSL_free(der);
	return b;
}

static int
damaged(struct err *e, const char *what)
{
	return ossl_err(e, E_STORE_UNREADABLE, "the PKCS#7 file cannot be read: %s", what);
}

static int
certs_add(const STACK_OF(X509) *certs, struct arena *a, struct contents *to, struct err *e)
{
	int r = 0;

	for (int i = 0; i < sk_X509_num(certs) && r == 0; i++) {
		unsigned char *der = NULL;
		int n = i2d_X509(sk_X509_value(certs, i), &der);

		r = n > 0 ? contents_add(to, CONTENT_CERT, (struct str){NULL, 0}, ossl_der(a, der, n), e)
			  : damaged(e, "a certificate in it is damaged");
	}
	return r;
}

static int
crls_add(const STACK_OF(X509_CRL) *crls, struct arena *a, struct contents *to, struct err *e)
{
	int r = 0;

	for (int i = 0; i < sk_X509_CRL_num(crls) && r == 0; i++) {
		unsigned char *der = NULL;
		int n = i2d_X509_CRL(sk_X509_CRL_value(crls, i), &der);

		r = n > 0 ? contents_add(to, CONTENT_CRL, (struct str){NULL, 0}, ossl_der(a, der, n), e)
			  : damaged(e, "a revocation list in it is damaged");
	}
	return r;
}

int
p7_open(struct blob file, struct arena *a, struct contents *ret, struct err *e)
{
	CLEANUP(p7_p) PKCS7 *p7 = NULL;
	const unsigned char *p = file.p;
	int r;

	if (file.n <= CONTAINER_MAX)
		p7 = d2i_PKCS7(NULL, &p, (long)file.n);
	if (!p7 || p != file.p + file.n)
		return damaged(e, "it is no such file");
	if (!PKCS7_type_is_signed(p7) || !p7->d.sign)
		return damaged(e, "it is no SignedData, which alone carries certificates");
	r = certs_add(p7->d.sign->cert, a, ret, e);
	return r < 0 ? r : crls_add(p7->d.sign->crl, a, ret, e);
}

/* RFC 2315 9.1: version 1, no digests, no content, no signers. */
struct blob
p7_build(const struct blob *certs, unsigned n, struct arena *a)
{
	BUF(b, CONTAINER_MAX);
	size_t info = der_begin(&b, DER_SEQUENCE), content, data, inner, set;

	der_put_oid(&b, OID_SIGNED_DATA);
	content = der_begin(&b, DER_CTX_CONS(0));
	data = der_begin(&b, DER_SEQUENCE);
	der_put_int(&b, 1);
	der_put(&b, DER_SET, BLOB("", 0));
	inner = der_begin(&b, DER_SEQUENCE);
	der_put_oid(&b, OID_DATA);
	der_end(&b, inner);
	set = der_begin(&b, DER_CTX_CONS(0));
	for (unsigned i = 0; i < n; i++)
		buf_put_blob(&b, certs[i]);
	der_end(&b, set);
	der_put(&b, DER_SET, BLOB("", 0));
	der_end(&b, data);
	der_end(&b, content);
	der_end(&b, info);
	BUG_ON(b.over);
	return arena_blob(a, buf_blob(&b));
}
