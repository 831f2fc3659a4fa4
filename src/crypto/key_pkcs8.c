/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKCS#8 PrivateKeyInfo (RFC 5958) around RSAPrivateKey (RFC 8017 A.1.2) and ECPrivateKey (RFC 5915), read and written
 * by the house's own DER functions: strict, the same bytes with every version of the library, and no copy of a private
 * value is left in memory that is not wiped.
 */
#include <openssl/core_names.h>

#include "base/der.h"
#include "crypto/key_priv.h"
#include "crypto/oid_priv.h"

#define PKCS8_MAX (16 * 1024)
#define EC_BYTES_MAX 66
#define PART_MAX 2048

static const char *const rsa_params[] = {
	OSSL_PKEY_PARAM_RSA_N,
	OSSL_PKEY_PARAM_RSA_E,
	OSSL_PKEY_PARAM_RSA_D,
	OSSL_PKEY_PARAM_RSA_FACTOR1,
	OSSL_PKEY_PARAM_RSA_FACTOR2,
	OSSL_PKEY_PARAM_RSA_EXPONENT1,
	OSSL_PKEY_PARAM_RSA_EXPONENT2,
	OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};
enum { N, E, D, P, Q, DP, DQ, QINV, RSA_PARTS };
_Static_assert(ARRAY_LEN(rsa_params) == RSA_PARTS, "one name per part");

struct rsa_parts {
	BIGNUM *bn[RSA_PARTS];
};

static void
rsa_parts_done(struct rsa_parts *p)
{
	for (int i = 0; i < RSA_PARTS; i++)
		BN_clear_free(p->bn[i]);
}
#define RSA_PARTS_OF(name) CLEANUP(rsa_parts_done) struct rsa_parts name = {{NULL}}

static int
unreadable(struct err *e, const char *what)
{
	return ossl_err(e, E_KEY_UNREADABLE, "the private key cannot be read: %s", what);
}

/* -- RSA, reading */

static bool
rsa_parse(struct blob der, struct rsa_parts *ret)
{
	struct cursor outer = cursor_of(der), c;
	struct blob part;
	int64_t version;

	/* RFC 8017: version 1 is for more than two primes, which nobody uses. */
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || !der_get_int(&c, &version) || version != 0)
		return false;
	for (int i = 0; i < RSA_PARTS; i++) {
		if (!der_get_integer(&c, &part) || part.p[0] >= 0x80 || part.n > PART_MAX + 1)
			return false;
		ret->bn[i] = BN_secure_new();
		if (!ret->bn[i] || !BN_bin2bn(part.p, (int)part.n, ret->bn[i]) || BN_is_zero(ret->bn[i]))
			return false;
		if (i >= D)
			BN_set_flags(ret->bn[i], BN_FLG_CONSTTIME);
	}
	return der_done(&c);
}

/* x * y = 1 modulo m, and x below m. */
static bool
inverse(const BIGNUM *x, const BIGNUM *y, const BIGNUM *m, BN_CTX *ctx)
{
	OSSL_BN(r);

	r = BN_secure_new();
	return r && BN_cmp(x, m) < 0 && BN_mod_mul(r, x, y, m, ctx) == 1 && BN_is_one(r);
}

/* The exponents fit for one prime: d and its CRT part invert e modulo prime - 1. */
static bool
rsa_half_fits(const struct rsa_parts *k, const BIGNUM *prime, const BIGNUM *exponent, BN_CTX *ctx)
{
	OSSL_BN(less);
	OSSL_BN(r);

	less = BN_dup(prime);
	r = BN_secure_new();
	if (!less || !r || !BN_is_odd(prime) || BN_sub_word(less, 1) != 1 || BN_is_zero(less))
		return false;
	BN_set_flags(less, BN_FLG_CONSTTIME);
	return inverse(exponent, k->bn[E], less, ctx) && BN_nnmod(r, k->bn[D], less, ctx) == 1 &&
		BN_cmp(r, exponent) == 0;
}

static bool
rsa_fits(const struct rsa_parts *k)
{
	OSSL_BN_CTX(ctx);
	OSSL_BN(n);

	ctx = BN_CTX_secure_new();
	n = BN_secure_new();
	return ctx && n && BN_mul(n, k->bn[P], k->bn[Q], ctx) == 1 && BN_cmp(n, k->bn[N]) == 0 &&
		rsa_half_fits(k, k->bn[P], k->bn[DP], ctx) && rsa_half_fits(k, k->bn[Q], k->bn[DQ], ctx) &&
		inverse(k->bn[QINV], k->bn[Q], k->bn[P], ctx);
}

static EVP_PKEY *
rsa_make(const struct rsa_parts *k, const struct spki *info)
{
	OSSL_PARAM_BUILDER(bld);
	OSSL_PARAMS(params);

	bld = OSSL_PARAM_BLD_new();
	if (!bld)
		return NULL;
	for (int i = 0; i < RSA_PARTS; i++) {
		if (OSSL_PARAM_BLD_push_BN(bld, rsa_params[i], k->bn[i]) != 1)
			return NULL;
	}
	params = OSSL_PARAM_BLD_to_param(bld);
	return params ? key_from_params(info, EVP_PKEY_KEYPAIR, params) : NULL;
}

/* pss: for PSS alone, with these parameters. */
static int
rsa_read(struct blob der, bool pss, struct blob params, struct key **ret, struct err *e)
{
	uint8_t n[PART_MAX + 1], exp[PART_MAX + 1];
	RSA_PARTS_OF(parts);
	BUF(spki, 8192);
	struct spki info;
	EVP_PKEY *pkey;
	int r;

	if (!rsa_parse(der, &parts))
		return unreadable(e, "it holds no RSAPrivateKey of two primes");
	spki_put_rsa(&spki, BLOB(n, (size_t)BN_bn2bin(parts.bn[N], n)), BLOB(exp, (size_t)BN_bn2bin(parts.bn[E], exp)), pss,
		params);
	if (spki.over)
		return unreadable(e, "it is too long");
	/* Sizes first: checking how the parts fit costs time that grows with them. */
	r = spki_parse_any(buf_blob(&spki), &info, e);
	if (r < 0)
		return r;
	if (!rsa_fits(&parts))
		return unreadable(e, "the parts of the RSA key do not fit each other");
	pkey = rsa_make(&parts, &info);
	if (!pkey)
		return ossl_fault(e, "EVP_PKEY_fromdata");
	return key_wrap(pkey, true, buf_blob(&spki), ret, e);
}

/* -- EC and SM2, reading */

/* d*G as an uncompressed point; false for a d that is none: 0, or not below the order (for SM2: below order - 1). */
static bool
ec_point_of(const char *group, const BIGNUM *d, struct buf *ret)
{
	uint8_t out[1 + 2 * EC_BYTES_MAX];
	OSSL_GROUP(g);
	OSSL_POINT(point);
	OSSL_BN(top);
	size_t n;

	g = EC_GROUP_new_by_curve_name(spki_curve_nid(group));
	if (!g)
		return false;
	point = EC_POINT_new(g);
	top = BN_dup(EC_GROUP_get0_order(g));
	if (!point || !top || BN_sub_word(top, strcmp(group, "SM2") == 0) != 1)
		return false;
	if (BN_is_zero(d) || BN_cmp(d, top) >= 0 || EC_POINT_mul(g, point, d, NULL, NULL, NULL) != 1)
		return false;
	n = EC_POINT_point2oct(g, point, POINT_CONVERSION_UNCOMPRESSED, out, sizeof(out), NULL);
	buf_put(ret, out, n);
	return n > 0;
}

/* SEC 1 2.3.3: X and the parity of Y. */
static bool
is_compressed(struct blob point, struct blob whole)
{
	size_t n = (whole.n - 1) / 2;

	return point.n == 1 + n && point.p[0] == (2 | (whole.p[whole.n - 1] & 1)) && memcmp(point.p + 1, whole.p + 1, n) == 0;
}

static EVP_PKEY *
ec_make(const struct spki *info, const BIGNUM *d, struct blob point)
{
	OSSL_PARAM_BUILDER(bld);
	OSSL_PARAMS(params);

	bld = OSSL_PARAM_BLD_new();
	if (!bld || OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, info->group, 0) != 1 ||
		OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.n) != 1 ||
		OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, d) != 1)
		return NULL;
	params = OSSL_PARAM_BLD_to_param(bld);
	return params ? key_from_params(info, EVP_PKEY_KEYPAIR, params) : NULL;
}

int
key_from_ec_private(const char *group, struct blob d, struct blob point, struct key **ret, struct err *e)
{
	BUF(made, 256);
	BUF(spki, 512);
	struct spki info;
	EVP_PKEY *pkey;
	OSSL_BN(bn);
	int r;

	bn = BN_secure_new();
	if (!bn || d.n > EC_BYTES_MAX || !BN_bin2bn(d.p, (int)d.n, bn))
		return unreadable(e, "the private value is too long");
	BN_set_flags(bn, BN_FLG_CONSTTIME);
	if (!ec_point_of(group, bn, &made))
		return unreadable(e, "the private value is out of range");
	if (point.p && !blob_eq(point, buf_blob(&made)) && !is_compressed(point, buf_blob(&made)))
		return unreadable(e, "private and public part do not fit");
	spki_put_ec(&spki, group, buf_blob(&made));
	r = spki_parse_any(buf_blob(&spki), &info, e);
	if (r < 0)
		return r;
	pkey = ec_make(&info, bn, buf_blob(&made));
	if (!pkey)
		return ossl_fault(e, "EVP_PKEY_fromdata");
	return key_wrap(pkey, true, buf_blob(&spki), ret, e);
}

/* outside: the curve that stands around it, {NULL, 0} when none does. */
static int
ec_read(struct blob outside, struct blob der, struct key **ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c, in;
	struct blob oid = outside, d, point = {NULL, 0};
	const char *group;
	int64_t version;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || !der_get_int(&c, &version) || version != 1 ||
		!der_get(&c, DER_OCTET_STRING, &d))
		return unreadable(e, "it holds no ECPrivateKey");
	/* As SEC 1 writes it. */
	if (der_peek(&c) == DER_CTX_CONS(0) &&
		(!der_open(&c, DER_CTX_CONS(0), &in) || !der_get(&in, DER_OID, &oid) || !der_done(&in)))
		return err_set(e, E_KEY_WEAK, "the private key does not name its curve");
	if (outside.p && !blob_eq(oid, outside))
		return unreadable(e, "it names two curves");
	if (!oid.p)
		return unreadable(e, "it does not name its curve");
	group = spki_group_by_oid(oid);
	if (!group)
		return err_set(e, E_KEY_WEAK, "the private key's curve is not taken");
	if (der_peek(&c) == DER_CTX_CONS(1) &&
		(!der_open(&c, DER_CTX_CONS(1), &in) || !der_get_bits(&in, &point) || !der_done(&in)))
		return unreadable(e, "it holds no ECPrivateKey");
	if (!der_done(&c))
		return unreadable(e, "it holds no ECPrivateKey");
	return key_from_ec_private(group, d, point, ret, e);
}

int
key_from_pkcs8(struct blob der, struct key **ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c, alg;
	struct blob oid, body, skipped, params = {NULL, 0}, public = {NULL, 0};
	int64_t version;
	uint8_t tag;

	ossl_algs();
	if (der.n > PKCS8_MAX)
		return unreadable(e, "it is too long");
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || !der_get_int(&c, &version) || version > 1 ||
		!der_open(&c, DER_SEQUENCE, &alg) || !der_get(&alg, DER_OID, &oid) ||
		!der_get(&c, DER_OCTET_STRING, &body))
		return unreadable(e, "it is no PKCS#8 PrivateKeyInfo");
	/* RFC 5958: attributes, and in version 2 the public key once more */
	der_optional(&c, DER_CTX_CONS(0), &skipped);
	if (version == 1)
		der_optional(&c, DER_CTX(1), &public);
	if (!der_done(&c))
		return unreadable(e, "it is no PKCS#8 PrivateKeyInfo");
	if (blob_eq(oid, OID(OID_RSA)))
		return rsa_read(body, false, params, ret, e);
	if (blob_eq(oid, OID(OID_PSS))) {
		if (cursor_left(&alg) && (!der_next(&alg, &tag, &skipped, &params) || !der_done(&alg)))
			return unreadable(e, "its parameters are malformed");
		return rsa_read(body, true, params, ret, e);
	}
	if (spki_edwards_by_oid(oid)) {
		/* the number of unused bits goes before the key */
		if (!der_done(&alg) || (public.p && (!public.n || public.p[0])))
			return unreadable(e, "it is no PKCS#8 PrivateKeyInfo");
		if (public.p)
			public = (struct blob){public.p + 1, public.n - 1};
		return edwards_from_private(spki_edwards_by_oid(oid), body, public, ret, e);
	}
	if (!blob_eq(oid, OID(OID_EC)))
		return err_set(e, E_KEY_WEAK, "the private key's algorithm is not taken");
	if (!der_get(&alg, DER_OID, &oid) || !der_done(&alg))
		return err_set(e, E_KEY_WEAK, "the private key does not name its curve");
	return ec_read(oid, body, ret, e);
}

int
key_from_private(struct blob der, struct key **ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c;
	int64_t version;

	ossl_algs();
	if (der.n > PKCS8_MAX)
		return unreadable(e, "it is too long");
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || !der_get_int(&c, &version))
		return unreadable(e, "it is no private key in DER");
	switch (der_peek(&c)) {
	case DER_INTEGER:
		return rsa_read(der, false, (struct blob){NULL, 0}, ret, e);
	case DER_OCTET_STRING:
		return ec_read((struct blob){NULL, 0}, der, ret, e);
	default:
		return key_from_pkcs8(der, ret, e);
	}
}

/* -- writing */

/* The integer parameter of the key, big endian, at least so many bytes. */
static int
get_secret(const struct key *k, const char *name, size_t least, struct secret **ret, struct err *e)
{
	OSSL_PARAM params[2] = {OSSL_PARAM_construct_end(), OSSL_PARAM_construct_end()};
	SECRET(raw);
	size_t n;

	/* Not EVP_PKEY_get_bn_param(): older versions leave its buffer on the stack. */
	raw = secret_new(PART_MAX);
	params[0] = OSSL_PARAM_construct_BN(name, raw->p, raw->n);
	if (EVP_PKEY_get_params(k->pkey, params) != 1 || !OSSL_PARAM_modified(params))
		return ossl_fault(e, "EVP_PKEY_get_params");
	n = params[0].return_size;
	BUG_ON(n > raw->n);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	while (n > least && raw->p[n - 1] == 0)
		n--;
	*ret = secret_new(MAX(n, least));
	for (size_t i = 0; i < n; i++)
		(*ret)->p[(*ret)->n - 1 - i] = raw->p[i];
#else
	while (n > least && raw->p[params[0].return_size - n] == 0)
		n--;
	*ret = secret_new(MAX(n, least));
	memcpy((*ret)->p + (*ret)->n - n, raw->p + params[0].return_size - n, n);
#endif
	return 0;
}

int
key_ec_private(const struct key *k, struct secret **ret, struct err *e)
{
	BUG_ON(!k->private || k->info.kind == KIND_RSA || k->info.kind == KIND_EDWARDS);
	return get_secret(k, OSSL_PKEY_PARAM_PRIV_KEY, (k->info.point.n - 1) / 2, ret, e);
}

static int
put_rsa(struct buf *b, const struct key *k, struct err *e)
{
	size_t seq = der_begin(b, DER_SEQUENCE);

	der_put_int(b, 0);
	for (int i = 0; i < RSA_PARTS; i++) {
		SECRET(part);
		int r = get_secret(k, rsa_params[i], 1, &part, e);

		if (r < 0)
			return r;
		der_put_unsigned(b, secret_blob(part));
	}
	der_end(b, seq);
	return 0;
}

/* RFC 5915: the private value as long as the order, the public key with it; the curve stands outside. */
static int
put_ec(struct buf *b, const struct key *k, struct err *e)
{
	size_t seq = der_begin(b, DER_SEQUENCE), in;
	SECRET(d);
	int r = key_ec_private(k, &d, e);

	if (r < 0)
		return r;
	der_put_int(b, 1);
	der_put(b, DER_OCTET_STRING, secret_blob(d));
	in = der_begin(b, DER_CTX_CONS(1));
	der_put_bits(b, k->info.point, 0);
	der_end(b, in);
	der_end(b, seq);
	return 0;
}

static void
put_alg(struct buf *b, const struct key *k)
{
	size_t seq;

	if (k->info.kind == KIND_RSA)
		return spki_put_rsa_alg(b, k->info.pss, k->info.pss_params);
	seq = der_begin(b, DER_SEQUENCE);
	if (k->info.kind == KIND_EDWARDS) {
		der_put(b, DER_OID, spki_edwards_oid(k->info.group));
	} else {
		der_put(b, DER_OID, OID(OID_EC));
		der_put(b, DER_OID, spki_curve_oid(k->info.group));
	}
	der_end(b, seq);
}

int
key_to_pkcs8(const struct key *k, struct secret **ret, struct err *e)
{
	CLEANUP(buf_done_secret) struct buf b = {.max = PKCS8_MAX};
	size_t seq, octets;
	int r;

	BUG_ON(!k->private);
	seq = der_begin(&b, DER_SEQUENCE);
	der_put_int(&b, 0);
	put_alg(&b, k);
	octets = der_begin(&b, DER_OCTET_STRING);
	r = k->info.kind == KIND_RSA	   ? put_rsa(&b, k, e)
	    : k->info.kind == KIND_EDWARDS ? edwards_put_private(&b, k, e)
					   : put_ec(&b, k, e);
	if (r < 0)
		return r;
	der_end(&b, octets);
	der_end(&b, seq);
	BUG_ON(b.over);
	*ret = secret_copy(buf_blob(&b));
	return 0;
}
