/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/dsa_priv.h"

#include <openssl/core_names.h>
#include <stdlib.h>

#include "base/der.h"
#include "crypto/oid_priv.h"

#define OID_DSA "\x2a\x86\x48\xce\x38\x04\x01" /* 1.2.840.10040.4.1 */
#define BITS_MIN 1024
#define BITS_MAX 4096
#define Q_BITS_MIN 160
#define Q_BITS_MAX 256

struct parts {
	struct blob p, q, g, y;
};

static int
unreadable(struct err *e, const char *what)
{
	return ossl_err(e, E_KEY_UNREADABLE, "the DSA key cannot be read: %s", what);
}

static bool
get_positive(struct cursor *c, struct blob *ret)
{
	if (!der_get_integer(c, ret) || ret->p[0] >= 0x80)
		return false;
	if (ret->n > 1 && ret->p[0] == 0)
		*ret = (struct blob){ret->p + 1, ret->n - 1};
	return true;
}

/* The AlgorithmIdentifier of a SubjectPublicKeyInfo with its key's bits. */
static bool
open_spki(struct blob spki, struct cursor *ret_alg, struct blob *ret_bits)
{
	struct cursor outer = cursor_of(spki), c;
	struct blob oid;

	return der_open(&outer, DER_SEQUENCE, &c) && der_done(&outer) && der_open(&c, DER_SEQUENCE, ret_alg) &&
	       der_get(ret_alg, DER_OID, &oid) && blob_eq(oid, OID(OID_DSA)) && der_get_bits(&c, ret_bits) &&
	       der_done(&c);
}

bool
dsa_is(struct blob spki)
{
	struct blob bits;
	struct cursor alg;

	return open_spki(spki, &alg, &bits);
}

static unsigned
bits_of(struct blob m)
{
	unsigned n = (unsigned)m.n * 8;

	for (unsigned mask = 0x80; m.n && mask && !(m.p[0] & mask); mask >>= 1)
		n--;
	return n;
}

static EVP_PKEY *
pkey_make(const struct parts *v)
{
	static const char *const names[] = {
		OSSL_PKEY_PARAM_FFC_P, OSSL_PKEY_PARAM_FFC_Q, OSSL_PKEY_PARAM_FFC_G, OSSL_PKEY_PARAM_PUB_KEY};
	const struct blob *const parts[] = {&v->p, &v->q, &v->g, &v->y};
	BIGNUM *bn[ARRAY_LEN(names)] = {NULL};
	EVP_PKEY *pkey = NULL;
	OSSL_PARAM_BUILDER(bld);
	OSSL_PARAMS(params);
	OSSL_PKEY_CTX(c);
	bool ok;

	bld = OSSL_PARAM_BLD_new();
	ok = bld != NULL;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		bn[i] = BN_bin2bn(parts[i]->p, (int)parts[i]->n, NULL);
		ok = ok && bn[i] && OSSL_PARAM_BLD_push_BN(bld, names[i], bn[i]) == 1;
	}
	params = ok ? OSSL_PARAM_BLD_to_param(bld) : NULL;
	c = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
	if (!params || !c || EVP_PKEY_fromdata_init(c) != 1 ||
		EVP_PKEY_fromdata(c, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		BN_free(bn[i]);
	return pkey;
}

static struct blob
keep(struct blob from, uint8_t **room)
{
	struct blob b = {*room, from.n};

	if (!from.p)
		return from;
	memcpy(*room, from.p, from.n);
	*room += from.n;
	return b;
}

/* Magnitudes: compared without leading zeros. */
static bool
below(struct blob a, struct blob b)
{
	return a.n != b.n ? a.n < b.n : memcmp(a.p, b.p, a.n) < 0;
}

static bool
above_one(struct blob m)
{
	return m.n > 1 || (m.n == 1 && m.p[0] > 1);
}

static int
make(const struct parts *v, struct dsa **ret, struct err *e)
{
	struct dsa *d;
	uint8_t *room;

	if (v->p.p && (bits_of(v->p) < BITS_MIN || bits_of(v->p) > BITS_MAX))
		return err_set(e, E_KEY_WEAK, "the DSA key has %u bits; %d to %d are readable", bits_of(v->p), BITS_MIN,
			BITS_MAX);
	if (v->p.p && (bits_of(v->q) < Q_BITS_MIN || bits_of(v->q) > Q_BITS_MAX || !above_one(v->g) ||
			      !below(v->g, v->p) || !above_one(v->y) || !below(v->y, v->p)))
		return unreadable(e, "its parts do not fit each other");
	d = calloc(1, sizeof(*d));
	BUG_ON(!d);
	room = d->room = malloc(v->p.n + v->q.n + v->g.n + v->y.n + 1);
	BUG_ON(!room);
	d->p = keep(v->p, &room);
	d->q = keep(v->q, &room);
	d->g = keep(v->g, &room);
	d->y = keep(v->y, &room);
	d->bits = v->p.p ? bits_of(v->p) : 0;
	d->pkey = v->p.p ? pkey_make(v) : NULL;
	if (v->p.p && !d->pkey) {
		dsa_free(d);
		return unreadable(e, "its parts do not fit each other");
	}
	*ret = d;
	return 0;
}

int
dsa_new(struct blob spki, struct dsa **ret, struct err *e)
{
	struct parts v = {.p = {NULL, 0}};
	struct cursor alg, in, outer;
	struct blob bits;

	if (!open_spki(spki, &alg, &bits))
		return unreadable(e, "it is no SubjectPublicKeyInfo");
	/* RFC 3279 2.3.2: absent, they are the issuer's */
	if (cursor_left(&alg) && (!der_open(&alg, DER_SEQUENCE, &in) || !der_done(&alg) || !get_positive(&in, &v.p) ||
					 !get_positive(&in, &v.q) || !get_positive(&in, &v.g) || !der_done(&in)))
		return unreadable(e, "its parameters are malformed");
	outer = cursor_of(bits);
	if (!get_positive(&outer, &v.y) || !der_done(&outer))
		return unreadable(e, "it is no DSAPublicKey");
	return make(&v, ret, e);
}

struct dsa *
dsa_free(struct dsa *d)
{
	if (d) {
		EVP_PKEY_free(d->pkey);
		free(d->room);
		free(d);
	}
	return NULL;
}

int
dsa_inherit(const struct dsa *d, const struct dsa *from, struct dsa **ret, struct err *e)
{
	const struct parts v = {from->p, from->q, from->g, d->y};

	return from->p.p ? make(&v, ret, e) : unreadable(e, "its parameters are nowhere");
}

const EVP_MD *
dsa_alg(struct blob alg)
{
	if (blob_eq(alg, OID("\x30\x09\x06\x07\x2a\x86\x48\xce\x38\x04\x03")))
		return ossl_algs()->sha1;
	if (blob_eq(alg, OID("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x02")))
		return ossl_algs()->sha256;
	if (blob_eq(alg, OID("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x03")))
		return ossl_algs()->sha384;
	if (blob_eq(alg, OID("\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04\x03\x04")))
		return ossl_algs()->sha512;
	return NULL;
}

bool
dsa_verify(const struct dsa *d, const EVP_MD *md, struct blob tbs, struct blob sig)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n;
	OSSL_PKEY_CTX(c);

	c = d->pkey ? EVP_PKEY_CTX_new_from_pkey(NULL, d->pkey, NULL) : NULL;
	return c && EVP_Digest(tbs.p, tbs.n, digest, &n, md, NULL) == 1 && EVP_PKEY_verify_init(c) == 1 &&
	       EVP_PKEY_verify(c, sig.p, sig.n, digest, n) == 1;
}
