/* SPDX-License-Identifier: Apache-2.0 */
/* SubjectPublicKeyInfo (RFC 5280 4.1.2.7; RFC 3279 2.3.1; RFC 5480 2), read and written without the generic decoder. */
#include <openssl/obj_mac.h>

#include "base/der.h"
#include "crypto/digest.h"
#include "crypto/key_priv.h"
#include "crypto/oid_priv.h"
#include "crypto/pss_priv.h"

#define RSA_BITS_MIN 1024
#define RSA_BITS_LEAST 512 /* of private keys, to be named */
#define RSA_BITS_MAX 16384 /* the library's own bound */
/* Larger ones are refused by the library for long moduli and make verifying slow for short ones. */
#define RSA_E_BITS_MAX 64

static const struct curve {
	const char *group;
	enum key_kind kind;
	enum key_alg alg;
	unsigned bits, bytes;
	int nid;
	struct blob oid;
	bool weak; /* or of no use on the web: no certificate is believed for it */
} curves[] = {
	{"P-256", KIND_EC, KEY_EC_P256, 256, 32, NID_X9_62_prime256v1, {(const uint8_t *)OID_P256, sizeof(OID_P256) - 1}},
	{"P-384", KIND_EC, KEY_EC_P384, 384, 48, NID_secp384r1, {(const uint8_t *)OID_P384, sizeof(OID_P384) - 1}},
	{"SM2", KIND_SM2, KEY_SM2, 256, 32, NID_sm2, {(const uint8_t *)OID_SM2, sizeof(OID_SM2) - 1}},
	/* read in foreign chains, never issued */
	{"P-521", KIND_EC, KEY_OTHER, 521, 66, NID_secp521r1, {(const uint8_t *)OID_P521, sizeof(OID_P521) - 1}},
	{"P-192", KIND_EC, KEY_OTHER, 192, 24, NID_X9_62_prime192v1, {(const uint8_t *)OID_P192, sizeof(OID_P192) - 1}, true},
	{"P-224", KIND_EC, KEY_OTHER, 224, 28, NID_secp224r1, {(const uint8_t *)OID_P224, sizeof(OID_P224) - 1}, true},
	{"secp256k1", KIND_EC, KEY_OTHER, 256, 32, NID_secp256k1, {(const uint8_t *)OID_K256, sizeof(OID_K256) - 1}, true},
	{"brainpoolP256r1", KIND_EC, KEY_OTHER,
		256, 32, NID_brainpoolP256r1, {(const uint8_t *)OID_BP256, sizeof(OID_BP256) - 1}, true},
	{"brainpoolP384r1", KIND_EC, KEY_OTHER,
		384, 48, NID_brainpoolP384r1, {(const uint8_t *)OID_BP384, sizeof(OID_BP384) - 1}, true},
	{"brainpoolP512r1", KIND_EC, KEY_OTHER,
		512, 64, NID_brainpoolP512r1, {(const uint8_t *)OID_BP512, sizeof(OID_BP512) - 1}, true},
};

static const struct curve *
curve_by_oid(struct blob oid)
{
	for (size_t i = 0; i < ARRAY_LEN(curves); i++) {
		if (blob_eq(curves[i].oid, oid))
			return &curves[i];
	}
	return NULL;
}

static const struct curve *
curve_by_group(const char *group)
{
	for (size_t i = 0; i < ARRAY_LEN(curves); i++) {
		if (strcmp(curves[i].group, group) == 0)
			return &curves[i];
	}
	BUG("unknown curve");
}

struct blob
spki_curve_oid(const char *group)
{
	return curve_by_group(group)->oid;
}

int
spki_curve_nid(const char *group)
{
	return curve_by_group(group)->nid;
}

const char *
spki_group_by_oid(struct blob oid)
{
	const struct curve *c = curve_by_oid(oid);

	return c ? c->group : NULL;
}

/* RFC 8410 3, 4 */
static const struct edwards {
	const char *group;
	unsigned bits, bytes;
	struct blob oid;
} edwards[] = {
	{"ED25519", 256, 32, {(const uint8_t *)OID_ED25519, sizeof(OID_ED25519) - 1}},
	{"ED448", 456, 57, {(const uint8_t *)OID_ED448, sizeof(OID_ED448) - 1}},
};

const char *
spki_edwards_by_oid(struct blob oid)
{
	for (size_t i = 0; i < ARRAY_LEN(edwards); i++) {
		if (blob_eq(edwards[i].oid, oid))
			return edwards[i].group;
	}
	return NULL;
}

static const struct edwards *
edwards_by_group(const char *group)
{
	return &edwards[strcmp(group, edwards[0].group) != 0];
}

struct blob
spki_edwards_oid(const char *group)
{
	return edwards_by_group(group)->oid;
}

size_t
spki_edwards_bytes(const char *group)
{
	return edwards_by_group(group)->bytes;
}

static int
unreadable(struct err *e, const char *what)
{
	err_set(e, E_KEY_UNREADABLE, "the public key cannot be read: %s", what);
	err_hint(e, "Send the key as a DER SubjectPublicKeyInfo (RFC 5280).");
	return e->code;
}

/* The content of a positive INTEGER as magnitude. */
static bool
get_positive(struct cursor *c, struct blob *ret)
{
	struct blob b;

	if (!der_get_integer(c, &b) || b.p[0] >= 0x80)
		return false;
	if (b.n > 1 && b.p[0] == 0) {
		b.p++;
		b.n--;
	}
	*ret = b;
	return true;
}

static unsigned
magnitude_bits(struct blob m)
{
	unsigned n = (unsigned)m.n * 8;

	for (unsigned mask = 0x80; m.n && mask && !(m.p[0] & mask); mask >>= 1)
		n--;
	return n;
}

static enum key_alg
rsa_alg(unsigned bits)
{
	switch (bits) {
	case 2048:
		return KEY_RSA_2048;
	case 3072:
		return KEY_RSA_3072;
	case 4096:
		return KEY_RSA_4096;
	default:
		return KEY_OTHER;
	}
}

static bool
rsa_parts(struct blob bits, struct spki *ret)
{
	struct cursor outer = cursor_of(bits), c;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !get_positive(&c, &ret->n) || !get_positive(&c, &ret->e) ||
		!der_done(&c) || !der_done(&outer))
		return false;
	ret->kind = KIND_RSA;
	ret->bits = magnitude_bits(ret->n);
	ret->alg = rsa_alg(ret->bits);
	return true;
}

static int
rsa_parse(struct blob bits, struct spki *ret, struct err *e)
{
	unsigned e_bits;

	if (!rsa_parts(bits, ret))
		return unreadable(e, "it is no RSAPublicKey");
	if (ret->bits < RSA_BITS_LEAST || ret->bits > RSA_BITS_MAX)
		return err_set(e, E_KEY_WEAK, "the RSA key has %u bits; %d to %d are readable", ret->bits,
			RSA_BITS_LEAST, RSA_BITS_MAX);
	if (!(ret->n.p[ret->n.n - 1] & 1))
		return err_set(e, E_KEY_WEAK, "the RSA key's modulus is even");
	e_bits = magnitude_bits(ret->e);
	if (e_bits > RSA_E_BITS_MAX)
		return err_set(e, E_KEY_WEAK, "the RSA key's exponent has %u bits; at most %d are taken", e_bits,
			RSA_E_BITS_MAX);
	/* BR 6.1.6 */
	if (e_bits < 2 || !(ret->e.p[ret->e.n - 1] & 1))
		return err_set(e, E_KEY_WEAK, "the RSA key's exponent is even or below 3");
	return 0;
}

static int
ec_parse(const struct curve *cv, struct blob bits, struct spki *ret, struct err *e)
{
	ret->kind = cv->kind;
	ret->alg = cv->alg;
	ret->bits = cv->bits;
	ret->group = cv->group;
	ret->point = bits;
	if (bits.n == 1 && bits.p[0] == 0)
		return err_set(e, E_KEY_WEAK, "the public key is the point at infinity");
	/* RFC 5480 2.2: everybody reads the uncompressed form, few the other. */
	if (bits.n && (bits.p[0] == 2 || bits.p[0] == 3))
		return err_set(e, E_KEY_WEAK, "the public key is a compressed point; only uncompressed ones are taken");
	if (bits.n != 1 + 2 * cv->bytes || bits.p[0] != 4)
		return unreadable(e, "it is no point of its curve");
	return 0;
}

/* Which curve the AlgorithmIdentifier's parameters name. */
static int
ec_params(struct cursor *alg, const struct curve **ret, struct err *e)
{
	char text[80];
	struct blob oid;

	if (der_peek(alg) == DER_SEQUENCE)
		return err_set(e, E_KEY_WEAK, "the public key describes its curve by parameters instead of naming it");
	if (!der_get(alg, DER_OID, &oid) || !der_done(alg))
		return unreadable(e, "its curve is not named");
	*ret = curve_by_oid(oid);
	if (!*ret)
		return err_set(e, E_KEY_WEAK, "the public key's curve %s is not taken",
			der_oid_text(oid, text, sizeof(text)) ? text : "(malformed)");
	return 0;
}

/* id-RSASSA-PSS: parameters or none at all (RFC 4055 3.1). */
static int
pss_parse(struct cursor *alg, struct blob bits, struct spki *ret, struct err *e)
{
	struct blob body;
	struct pss pss;
	uint8_t tag;
	int r;

	ret->pss_params = (struct blob){NULL, 0};
	if (cursor_left(alg) && (!der_next(alg, &tag, &body, &ret->pss_params) || !der_done(alg)))
		return unreadable(e, "its parameters are malformed");
	if (ret->pss_params.p && !pss_params_read(ret->pss_params, &pss))
		return err_set(e, E_KEY_WEAK, "the RSA key is for PSS with a digest or mask that is not believed");
	ret->pss = true;
	r = rsa_parse(bits, ret, e);
	ret->alg = KEY_OTHER;
	return r;
}

static int
edwards_parse(const char *group, struct cursor *alg, struct blob bits, struct spki *ret, struct err *e)
{
	ret->kind = KIND_EDWARDS;
	ret->bits = edwards_by_group(group)->bits;
	ret->group = group;
	ret->point = bits;
	if (!der_done(alg) || bits.n != spki_edwards_bytes(group))
		return unreadable(e, "it is no key of its curve");
	return 0;
}

static int
alg_unknown(struct blob oid, struct err *e)
{
	char text[80];

	return err_set(e, E_KEY_WEAK, "the public key's algorithm %s is not taken",
		der_oid_text(oid, text, sizeof(text)) ? text : "(malformed)");
}

int
spki_parse_any(struct blob der, struct spki *ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c, alg;
	struct blob oid, bits, null;
	const struct curve *cv;
	int r;

	*ret = (struct spki){.alg = KEY_OTHER};
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || !der_open(&c, DER_SEQUENCE, &alg) ||
		!der_get(&alg, DER_OID, &oid) || !der_get_bits(&c, &bits) || !der_done(&c))
		return unreadable(e, "it is no SubjectPublicKeyInfo");
	if (blob_eq(oid, OID(OID_RSA))) {
		/* BR 7.1.3.1.1: the parameters are an explicit NULL. */
		if (!der_get(&alg, DER_NULL, &null) || null.n || !der_done(&alg))
			return unreadable(e, "rsaEncryption lacks its NULL parameters");
		return rsa_parse(bits, ret, e);
	}
	if (blob_eq(oid, OID(OID_PSS)))
		return pss_parse(&alg, bits, ret, e);
	if (spki_edwards_by_oid(oid))
		return edwards_parse(spki_edwards_by_oid(oid), &alg, bits, ret, e);
	/* Early SM2 software wrote the curve in place of the algorithm as well. */
	if (!blob_eq(oid, OID(OID_EC)) && !blob_eq(oid, OID(OID_SM2)))
		return alg_unknown(oid, e);
	r = ec_params(&alg, &cv, e);
	if (r < 0)
		return r;
	if (blob_eq(oid, OID(OID_SM2)) && cv->kind != KIND_SM2)
		return alg_unknown(oid, e);
	return ec_parse(cv, bits, ret, e);
}

int
spki_parse(struct blob der, struct spki *ret, struct err *e)
{
	char text[80];
	int r = spki_parse_any(der, ret, e);

	if (r < 0)
		return r;
	if (ret->kind == KIND_RSA && ret->bits < RSA_BITS_MIN)
		return err_set(e, E_KEY_WEAK, "the RSA key has %u bits; %d to %d are readable", ret->bits, RSA_BITS_MIN,
			RSA_BITS_MAX);
	if (ret->kind == KIND_EC && curve_by_group(ret->group)->weak)
		return err_set(e, E_KEY_WEAK, "the public key's curve %s (%s) is not taken",
			der_oid_text(spki_curve_oid(ret->group), text, sizeof(text)) ? text : "", ret->group);
	return 0;
}

void
spki_peek(struct blob der, enum key_alg *ret_alg, unsigned *ret_bits)
{
	struct spki info;
	struct err e;

	/* Also where it is refused, the parts read so far say what the key claims to be. */
	err_clear(&e);
	(void)!spki_parse(der, &info, &e);
	*ret_alg = e.code == 0 ? info.alg : KEY_OTHER;
	*ret_bits = info.bits;
}

static void
put_alg(struct buf *b, struct blob oid, struct blob curve)
{
	size_t m = der_begin(b, DER_SEQUENCE);

	der_put(b, DER_OID, oid);
	if (curve.p)
		der_put(b, DER_OID, curve);
	else
		der_put_null(b);
	der_end(b, m);
}

void
spki_put_rsa_alg(struct buf *b, bool pss, struct blob params)
{
	size_t seq;

	if (!pss)
		return put_alg(b, OID(OID_RSA), (struct blob){NULL, 0});
	seq = der_begin(b, DER_SEQUENCE);
	der_put(b, DER_OID, OID(OID_PSS));
	buf_put_blob(b, params);
	der_end(b, seq);
}

void
spki_put_rsa(struct buf *b, struct blob n, struct blob e, bool pss, struct blob params)
{
	size_t outer = der_begin(b, DER_SEQUENCE), bits, seq;

	spki_put_rsa_alg(b, pss, params);
	bits = der_begin_bits(b);
	seq = der_begin(b, DER_SEQUENCE);
	der_put_unsigned(b, n);
	der_put_unsigned(b, e);
	der_end(b, seq);
	der_end(b, bits);
	der_end(b, outer);
}

void
spki_put_edwards(struct buf *b, const char *group, struct blob raw)
{
	size_t outer = der_begin(b, DER_SEQUENCE), alg = der_begin(b, DER_SEQUENCE);

	der_put(b, DER_OID, spki_edwards_oid(group));
	der_end(b, alg);
	der_put_bits(b, raw, 0);
	der_end(b, outer);
}

void
spki_put_ec(struct buf *b, const char *group, struct blob point)
{
	size_t outer = der_begin(b, DER_SEQUENCE);

	put_alg(b, OID(OID_EC), spki_curve_oid(group));
	der_put_bits(b, point, 0);
	der_end(b, outer);
}

int
key_id(struct blob spki, uint8_t ret[20], struct err *e)
{
	struct cursor outer = cursor_of(spki), c;
	struct blob alg, bits;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || !der_get(&c, DER_SEQUENCE, &alg) ||
		!der_get_bits(&c, &bits) || !der_done(&c))
		return unreadable(e, "it is no SubjectPublicKeyInfo");
	digest_sha1(bits, ret);
	return 0;
}
