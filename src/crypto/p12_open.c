/* SPDX-License-Identifier: Apache-2.0 */
/* Reading PKCS#12, as Windows, Java, browsers and OpenSSL of all ages write it. */
#include "base/utf8.h"
#include "crypto/container_priv.h"
#include "crypto/p12_priv.h"

#define DEPTH_MAX 4 /* of SafeContents within SafeContents */

OSSL_CLEANUP_TYPE(p12_p, PKCS12, PKCS12_free)
OSSL_CLEANUP_TYPE(x509_p, X509, X509_free)
OSSL_CLEANUP_TYPE(crl_p, X509_CRL, X509_CRL_free)

static void
p7s_p(STACK_OF(PKCS7) * *s)
{
	sk_PKCS7_pop_free(*s, PKCS7_free);
}

static void
bags_p(STACK_OF(PKCS12_SAFEBAG) * *s)
{
	sk_PKCS12_SAFEBAG_pop_free(*s, PKCS12_SAFEBAG_free);
}

/* What is the same for all that is read of one file. */
struct reading {
	struct opener *opener;
	struct str passphrase; /* as it opens: none and an empty one are two things here */
	struct arena *a;
	struct contents *to;
};

static int
damaged(struct err *e, const char *what)
{
	return ossl_err(e, E_STORE_UNREADABLE, "the PKCS#12 file cannot be read: %s", what);
}

static struct str
name_of(const PKCS12_SAFEBAG *bag, struct arena *a)
{
	char *text = PKCS12_get_friendlyname((PKCS12_SAFEBAG *)bag);
	struct str s = str_c(text);

	s = s.n && utf8_printable(s, false) ? arena_str(a, s) : (struct str){NULL, 0};
	OPENSSL_free(text);
	return s;
}

static int
cert_add(const struct reading *t, const PKCS12_SAFEBAG *bag, struct err *e)
{
	CLEANUP(x509_p) X509 *x = PKCS12_SAFEBAG_get1_cert(bag);
	unsigned char *der = NULL;
	int n = x ? i2d_X509(x, &der) : 0;

	return n > 0 ? contents_add(
			       t->to, CONTENT_CERT, name_of(bag, t->a), ossl_der(t->a, der, n), e)
		     : damaged(e, "a certificate in it is damaged");
}

static int
crl_add(const struct reading *t, const PKCS12_SAFEBAG *bag, struct err *e)
{
	CLEANUP(crl_p) X509_CRL *crl = PKCS12_SAFEBAG_get1_crl(bag);
	unsigned char *der = NULL;
	int n = crl ? i2d_X509_CRL(crl, &der) : 0;

	return n > 0 ? contents_add(
			       t->to, CONTENT_CRL, name_of(bag, t->a), ossl_der(t->a, der, n), e)
		     : damaged(e, "a revocation list in it is damaged");
}

static int
plain_key_add(const struct reading *t, const PKCS12_SAFEBAG *bag, struct err *e)
{
	unsigned char *der = NULL;
	int n = i2d_PKCS8_PRIV_KEY_INFO(PKCS12_SAFEBAG_get0_p8inf(bag), &der);
	struct secret *s;

	if (n <= 0)
		return damaged(e, "a key in it is damaged");
	s = arena_secret(t->a, (size_t)n);
	memcpy(s->p, der, s->n);
	OPENSSL_clear_free(der, s->n);
	return contents_add(t->to, CONTENT_KEY, name_of(bag, t->a), secret_blob(s), e);
}

static int
locked_key_add(const struct reading *t, const PKCS12_SAFEBAG *bag, struct err *e)
{
	const ASN1_OCTET_STRING *sealed;
	const X509_ALGOR *alg;
	struct opener o = {t->passphrase, t->opener->work};
	SECRET(open);
	struct secret *s;
	int r;

	X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &alg, &sealed);
	r = unlock_by(alg, BLOB(ASN1_STRING_get0_data(sealed), (size_t)ASN1_STRING_length(sealed)),
		&o, &open, e);
	t->opener->work = o.work;
	if (r < 0)
		return r;
	s = arena_secret(t->a, open->n);
	memcpy(s->p, open->p, open->n);
	return contents_add(t->to, CONTENT_KEY, name_of(bag, t->a), secret_blob(s), e);
}

static int bags_add(
	const struct reading *t, const STACK_OF(PKCS12_SAFEBAG) * bags, int depth, struct err *e);

static int
bag_add(const struct reading *t, const PKCS12_SAFEBAG *bag, int depth, struct err *e)
{
	switch (PKCS12_SAFEBAG_get_nid(bag)) {
	case NID_certBag:
		return PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate ? cert_add(t, bag, e)
									      : 0;
	case NID_crlBag:
		return PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Crl ? crl_add(t, bag, e) : 0;
	case NID_keyBag:
		return plain_key_add(t, bag, e);
	case NID_pkcs8ShroudedKeyBag:
		return locked_key_add(t, bag, e);
	case NID_safeContentsBag:
		return depth < DEPTH_MAX ? bags_add(t, PKCS12_SAFEBAG_get0_safes(bag), depth + 1, e)
					 : damaged(e, "it is nested too deep");
	default: /* secrets and kinds of its maker: no business of ours */
		return 0;
	}
}

static int
bags_add(const struct reading *t, const STACK_OF(PKCS12_SAFEBAG) * bags, int depth, struct err *e)
{
	int r = 0;

	for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags) && r == 0; i++)
		r = bag_add(t, sk_PKCS12_SAFEBAG_value(bags, i), depth, e);
	return r;
}

/* An encrypted part is opened by the library; how much work it asks for is checked before. */
static STACK_OF(PKCS12_SAFEBAG) *
	locked_part_open(const struct reading *t, PKCS7 *p7, struct err *e)
{
	STACK_OF(PKCS12_SAFEBAG) * bags;

	if (!p7->d.encrypted || !p7->d.encrypted->enc_data) {
		damaged(e, "an encrypted part in it is empty");
		return NULL;
	}
	if (unlock_alg_take(t->opener, p7->d.encrypted->enc_data->algorithm, e) < 0)
		return NULL;
	bags = PKCS12_unpack_p7encdata(p7, t->passphrase.p, (int)t->passphrase.n);
	if (!bags)
		unlock_wrong(e);
	return bags;
}

static int
part_add(const struct reading *t, PKCS7 *p7, struct err *e)
{
	CLEANUP(bags_p) STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

	if (PKCS7_type_is_data(p7)) {
		bags = PKCS12_unpack_p7data(p7);
		if (!bags)
			return damaged(e, "a part of it is damaged");
	} else if (PKCS7_type_is_encrypted(p7)) {
		bags = locked_part_open(t, p7, e);
		if (!bags)
			return e->code;
	} else {
		return damaged(
			e, "a part of it is encrypted for a certificate, not by a passphrase");
	}
	return bags_add(t, bags, 0, e);
}

int
p12_open(struct blob file, struct opener *o, struct arena *a, struct contents *ret,
	struct err *e)
{
	CLEANUP(p12_p) PKCS12 *p12 = PKCS12_init_ex(NID_pkcs7_data, unlock_ctx(), NULL);
	CLEANUP(p7s_p) STACK_OF(PKCS7) *parts = NULL;
	struct reading t = {o, o->passphrase, a, ret};
	const unsigned char *p = file.p;
	int r;

	if (!p12 || file.n > CONTAINER_MAX || !d2i_PKCS12(&p12, &p, (long)file.n) ||
		p != file.p + file.n)
		return damaged(e, "it is no such file");
	r = p12_mac_check(o, p12, &t.passphrase, e);
	if (r < 0)
		return r;
	parts = PKCS12_unpack_authsafes(p12);
	if (!parts)
		return damaged(e, "its parts are damaged");
	for (int i = 0; i < sk_PKCS7_num(parts) && r == 0; i++)
		r = part_add(&t, sk_PKCS7_value(parts, i), e);
	return r == E_PASSPHRASE_WRONG && !o->passphrase.p ? p12_locked(e) : r;
}
