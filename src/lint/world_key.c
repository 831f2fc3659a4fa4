/* SPDX-License-Identifier: Apache-2.0 */
/* The subject's key. */
#include "lint/world.h"

#define RSA_ALG OID_BODY("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00")
#define EC_ALG(n, curve) "\x30" n "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06" curve
#define P256 OID_BODY(EC_ALG("\x13", "\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"))
#define P384 OID_BODY(EC_ALG("\x10", "\x05\x2b\x81\x04\x00\x22"))
#define P521 OID_BODY(EC_ALG("\x10", "\x05\x2b\x81\x04\x00\x23"))

static const struct blob tls_keys[] = {RSA_ALG, P256, P384, P521};

static bool
among(struct blob b, const struct blob *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (blob_eq(b, list[i]))
			return true;
	return false;
}

static bool
improper(const struct lint_view *v, struct lint_spot *s)
{
	return !among(v->key_alg, tls_keys, ARRAY_LEN(tls_keys)) && lint_spot_oid(s, v->key_oid);
}

static bool
edwards_or_tls(const struct lint_view *v)
{
	return among(v->key_alg, tls_keys, ARRAY_LEN(tls_keys)) ||
	       among(v->key_alg, (struct blob[]){OID_BODY("\x30\x05\x06\x03\x2b\x65\x70"),
		OID_BODY("\x30\x05\x06\x03\x2b\x65\x71")},
		       2);
}

static bool
mail_legacy_key(const struct lint_view *v, struct lint_spot *s)
{
	return !edwards_or_tls(v) && v->key != LINT_KEY_PQ && lint_spot_oid(s, v->key_oid);
}

/* As of S/MIME BR 1.0.11: ML-DSA and ML-KEM too. */
static bool
mail_key(const struct lint_view *v, struct lint_spot *s)
{
	static const char arc[] = "\x30\x0b\x06\x09\x60\x86\x48\x01\x65\x03\x04";
	bool pq = v->key_alg.n == 13 && memcmp(v->key_alg.p, arc, 11) == 0 &&
		  ((v->key_alg.p[11] == 3 && v->key_alg.p[12] >= 17 && v->key_alg.p[12] <= 19) ||
			  (v->key_alg.p[11] == 4 && v->key_alg.p[12] >= 1 && v->key_alg.p[12] <= 3));

	return !pq && !edwards_or_tls(v) && lint_spot_oid(s, v->key_oid);
}

static bool
other_kind(const struct lint_view *v, struct lint_spot *s)
{
	return v->key != LINT_KEY_RSA && v->key != LINT_KEY_DSA && v->key != LINT_KEY_EC &&
		v->key != LINT_KEY_EDWARDS &&
	       lint_spot_oid(s, v->key_oid);
}

static bool
neither_rsa_nor_ec(const struct lint_view *v, struct lint_spot *s)
{
	return v->key != LINT_KEY_RSA && v->key != LINT_KEY_EC && v->key != LINT_KEY_PQ &&
	       !(v->key == LINT_KEY_EDWARDS && v->key_oid.p[2] >= 0x70) && lint_spot_oid(s, v->key_oid);
}

/* -- RSA */

static bool
rsa_null(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && !blob_eq(v->key_alg, RSA_ALG);
}

static bool
rsa_pss(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return IS_OID(v->key_oid, "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a");
}

static bool
rsa_unreadable(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && (!v->rsa_n.n || v->rsa_n.p[0] >= 0x80 || v->rsa_e.p[0] >= 0x80);
}

static bool
rsa_smaller(const struct lint_view *v, struct lint_spot *s)
{
	return v->key == LINT_KEY_RSA && v->rsa_n.n && v->key_size < s->arg;
}

/* RSA keys of so many bits were allowed in what ended before 2014. */
static bool
rsa_old(const struct lint_view *v, struct lint_spot *s)
{
	return v->not_after_ms < DAY(2014, 1, 1) && rsa_smaller(v, s);
}

static bool
rsa_new(const struct lint_view *v, struct lint_spot *s)
{
	return v->not_after_ms >= DAY(2014, 1, 1) && rsa_smaller(v, s);
}

static bool
rsa_not_octets(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->rsa_n.n && v->key_size % 8 != 0;
}

static bool
rsa_even(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->rsa_n.n && !(v->rsa_n.p[v->rsa_n.n - 1] & 1);
}

/* Big endian, by four octets at a time from the first whole four on. */
static uint32_t
remainder_by(struct blob n, uint32_t d)
{
	uint64_t r = 0;
	size_t i = 0;

	for (; i < n.n % 4; i++)
		r = (r << 8 | n.p[i]) % d;
	for (; i < n.n; i += 4) {
		uint32_t four = (uint32_t)n.p[i] << 24 | (uint32_t)n.p[i + 1] << 16 | (uint32_t)n.p[i + 2] << 8 | n.p[i + 3];

		r = (r << 32 | four) % d;
	}
	return (uint32_t)r;
}

/* BR 6.1.6: no factor below 752. As many primes as fit into 32 bits are tried at once. */
static bool
rsa_small_factor(const struct lint_view *v, struct lint_spot *s)
{
	static const uint16_t primes[] = {
		3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
		101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193,
		197, 199, 211, 223, 227, 229, 233, 239, 241, 251, 257, 263, 269, 271, 277, 281, 283, 293, 307,
		311, 313, 317, 331, 337, 347, 349, 353, 359, 367, 373, 379, 383, 389, 397, 401, 409, 419, 421,
		431, 433, 439, 443, 449, 457, 461, 463, 467, 479, 487, 491, 499, 503, 509, 521, 523, 541, 547,
		557, 563, 569, 571, 577, 587, 593, 599, 601, 607, 613, 617, 619, 631, 641, 643, 647, 653, 659,
		661, 673, 677, 683, 691, 701, 709, 719, 727, 733, 739, 743, 751};
	size_t first = 0;

	(void)s;
	if (v->key != LINT_KEY_RSA || !v->rsa_n.n)
		return false;
	while (first < ARRAY_LEN(primes)) {
		uint32_t product = 1, rest;
		size_t end = first;

		while (end < ARRAY_LEN(primes) && product <= UINT32_MAX / primes[end])
			product *= primes[end++];
		rest = remainder_by(v->rsa_n, product);
		for (; first < end; first++)
			if (rest % primes[first] == 0)
				return true;
	}
	return !(v->rsa_n.p[v->rsa_n.n - 1] & 1);
}

/* The exponent where it fits 63 bits, INT64_MAX where it does not. */
static int64_t
exponent(const struct lint_view *v)
{
	int64_t e = 0;

	if (v->rsa_e.n > 8 || (v->rsa_e.n && v->rsa_e.p[0] >= 0x80))
		return INT64_MAX;
	for (size_t i = 0; i < v->rsa_e.n; i++)
		e = e << 8 | v->rsa_e.p[i];
	return e;
}

static bool
exponent_small(const struct lint_view *v, struct lint_spot *s)
{
	return v->key == LINT_KEY_RSA && v->rsa_e.n && exponent(v) < (int64_t)s->arg;
}

static bool
exponent_negative(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->rsa_e.n && v->rsa_e.p[0] >= 0x80;
}

static bool
exponent_one(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->rsa_e.n && exponent(v) == 1;
}

static bool
exponent_even(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->rsa_e.n && !(v->rsa_e.p[v->rsa_e.n - 1] & 1);
}

static bool
exponent_range(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->rsa_e.n && (exponent(v) < 65537 || v->rsa_e.n > 33);
}

static bool
exponent_prohibited(const struct lint_view *v, struct lint_spot *s)
{
	return exponent_even(v, s) || (v->key == LINT_KEY_RSA && v->rsa_e.n && exponent(v) < 3);
}

static bool
rsa_length(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->rsa_n.n && (v->key_size < 2048 || v->key_size % 8 != 0);
}

/* -- EC */

static bool
curve_other(const struct lint_view *v, struct lint_spot *s)
{
	static const struct blob nist[] = {
		OID_BODY("\x2a\x86\x48\xce\x3d\x03\x01\x07"),
		OID_BODY("\x2b\x81\x04\x00\x22"),
		OID_BODY("\x2b\x81\x04\x00\x23"),
	};

	return v->key == LINT_KEY_EC && !among(v->curve, nist, ARRAY_LEN(nist)) && lint_spot_oid(s, v->curve);
}

static bool
curve_unnamed(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return IS_OID(v->key_oid, "\x2a\x86\x48\xce\x3d\x02\x01") && !v->curve.n;
}

/* arg: how many of the curves are allowed. */
static bool
ec_encoding(const struct lint_view *v, struct lint_spot *s)
{
	static const struct blob mozilla[] = {P256, P384, P521};

	return v->key == LINT_KEY_EC && !among(v->key_alg, mozilla, s->arg) && lint_spot_oid(s, v->curve);
}

/* arg: octets of an uncompressed point, by curve. */
static bool
point_form(const struct lint_view *v, struct lint_spot *s)
{
	static const struct {
		struct blob alg;
		size_t octets;
	} curves[] = {{P256, 65}, {P384, 97}, {P521, 133}};

	(void)s;
	for (size_t i = 0; i < ARRAY_LEN(curves); i++)
		if (blob_eq(v->key_alg, curves[i].alg))
			return v->key_bits.n != curves[i].octets || v->key_bits.p[0] != 4;
	return false;
}

static bool
edwards_parameters(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_EDWARDS && v->key_alg.n != 7;
}

static bool
sm2_point(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_SM2 && (v->key_bits.n != 65 || v->key_bits.p[0] != 4);
}

static bool
sm2_pair(const struct lint_view *v, struct lint_spot *s)
{
	unsigned enc = KU(KU_KEY_ENC) | KU(KU_DATA_ENC) | KU(KU_AGREE);

	(void)s;
	return v->key == LINT_KEY_SM2 && (v->key_usage & (KU(KU_SIGN) | KU(KU_COMMIT))) && (v->key_usage & enc);
}

/* -- DSA */

static bool
dsa(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_DSA;
}

static bool
dsa_short(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_DSA && v->key_size && v->key_size < 2048;
}

static bool
dsa_no_parameters(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_DSA && !v->key_size;
}

static struct blob
without_zeros(struct blob n)
{
	while (n.n && n.p[0] == 0)
		n = (struct blob){n.p + 1, n.n - 1};
	return n;
}

/* The public value lies between 2 and p - 2 (FIPS 186-4 4.1). */
static bool
dsa_range(const struct lint_view *v, struct lint_spot *s)
{
	struct cursor c = cursor_of(v->key_bits);
	struct blob y, p = without_zeros(v->dsa_p);
	int order;

	(void)s;
	if (v->key != LINT_KEY_DSA || !p.n)
		return false;
	if (!der_get_integer(&c, &y))
		return true;
	y = without_zeros(y);
	if (y.n == 0 || (y.n == 1 && y.p[0] < 2) || y.n > p.n)
		return true;
	if (y.n < p.n)
		return false;
	/* p is odd: p - 1 differs from it in the last octet alone */
	order = memcmp(y.p, p.p, p.n - 1);
	return order > 0 || (order == 0 && y.p[p.n - 1] + 1 >= p.p[p.n - 1]);
}

static bool
dsa_sizes(const struct lint_view *v, struct lint_spot *s)
{
	size_t q = v->dsa_q.n && v->dsa_q.p[0] == 0 ? v->dsa_q.n - 1 : v->dsa_q.n;

	(void)s;
	if (v->key != LINT_KEY_DSA || !v->key_size)
		return false;
	return !(v->key_size == 2048 && (q == 28 || q == 32)) && !(v->key_size == 3072 && q == 32);
}

/* -- what stands in it */

static bool
key_unreadable(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->key_oid.n;
}

#define K(id, source, from, until, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, until, severity, scope, fn, arg, "subjectPublicKeyInfo", aka, text, cure)
#define NEW_KEY "Make a new key (RSA of 2048 bits or more, P-256 or P-384) and have a certificate issued for it."
#define ENCODE "Write the key's algorithm in the encoding of BR 7.1.3.1 and issue again."
#define PQ_MAIL DAY(2025, 8, 22)

static const struct lint_world_row rows[] = {
	K("spki-unreadable", "RFC 5280 4.1.2.7", 0, 0, LINT_ERROR, LINT_ALL, key_unreadable, 0, "",
		"the key cannot be read", NEW_KEY),
	K("spki-encoding", "BR 7.1.3.1", DAY(2020, 8, 20), 0, LINT_ERROR, LINT_ALL | LINT_BR, improper, 0,
		"e_algorithm_identifier_improper_encoding", "the key's algorithm is none of the allowed encodings",
		ENCODE),
	K("spki-encoding-tls", "BR 7.1.3.1", BR_2, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC | LINT_TLS, improper, 0,
		"cabf.serverauth.prohibited_subject_public_key_algorithm_encoding",
		"the key's algorithm is none of the allowed encodings", ENCODE),
	K("spki-encoding-sub-ca", "BR 7.1.3.1", BR_2, 0, LINT_ERROR, LINT_SUB_CA | LINT_BR, improper, 0,
		"cabf.serverauth.prohibited_subject_public_key_algorithm_encoding",
		"the key's algorithm is none of the allowed encodings", ENCODE),
	K("spki-encoding-mail-legacy", "S/MIME BR 7.1.3.1", SMIME_1, PQ_MAIL, LINT_ERROR, LINT_ALL | LINT_MAIL,
		mail_legacy_key, 0, "e_invalid_legacy_spki_algoid",
		"the key's algorithm is none of the allowed encodings",
		ENCODE),
	K("spki-encoding-mail", "S/MIME BR 7.1.3.1", PQ_MAIL, 0, LINT_ERROR, LINT_ALL | LINT_MAIL, mail_key, 0,
		"e_invalid_spki_algoid", "the key's algorithm is none of the allowed encodings", ENCODE),
	K("spki-encoding-mail-policy", "S/MIME BR 7.1.3.1", SMIME_1, 0, LINT_ERROR, LINT_ALL | LINT_MAIL_POLICY,
		mail_key, 0, "cabf.smime.prohibited_spki_algorithm_encoding",
		"the key's algorithm is none of the allowed encodings", ENCODE),
	K("spki-kind-mail", "S/MIME BR 6.1.5", SMIME_1, 0, LINT_ERROR, LINT_ALL | LINT_MAIL_POLICY,
		neither_rsa_nor_ec, 0,
		"cabf.smime.unsupported_public_key_type",
		"the key is of a kind that S/MIME certificates must not have", NEW_KEY),
	K("spki-kind", "BR 6.1.5", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, other_kind, 0,
		"e_public_key_type_not_allowed",
		"the key is of a kind that certificates must not have", NEW_KEY),
	K("spki-rsa-null", "RFC 3279 2.3.1", RFC5280, 0, LINT_ERROR, LINT_ALL, rsa_null, 0,
		"e_spki_rsa_encryption_parameter_not_null itu.invalid_asn1_syntax",
		"an RSA key's algorithm lacks the parameter NULL", ENCODE),
	K("spki-rsa-pss", "Mozilla 5.1.1", DAY(2020, 1, 1), 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, rsa_pss, 0,
		"e_mp_rsassa-pss_in_spki", "the key is bound to RSASSA-PSS", NEW_KEY),
	K("spki-rsa-unreadable", "RFC 8017 A.1.1", 0, 0, LINT_ERROR, LINT_ALL, rsa_unreadable, 0, "",
		"the key is no RSAPublicKey of two positive integers", NEW_KEY),
	K("rsa-2048", "BR 6.1.5", 0, 0, LINT_ERROR, LINT_ALL | LINT_BR, rsa_new, 2048, "e_rsa_mod_less_than_2048_bits",
		"the RSA modulus is shorter than 2048 bits", NEW_KEY),
	K("rsa-2048-mozilla", "Mozilla 5.1", DAY(2017, 2, 28), 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, rsa_smaller, 2048,
		"e_mp_modulus_must_be_2048_bits_or_more", "the RSA modulus is shorter than 2048 bits", NEW_KEY),
	K("rsa-octets-mozilla", "Mozilla 5.1", DAY(2017, 2, 28), 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC,
		rsa_not_octets, 0,
		"e_mp_modulus_must_be_divisible_by_8", "the RSA modulus is not a whole number of octets", NEW_KEY),
	K("rsa-length", "BR 6.1.5", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, rsa_length, 0,
		"cabf.rsa_modulus_invalid_length",
		"the RSA modulus is shorter than 2048 bits or not a whole number of octets", NEW_KEY),
	K("rsa-old-root", "BR 6.1.5", 0, DAY(2011, 1, 1), LINT_ERROR, LINT_ROOT | LINT_BR, rsa_smaller, 2048,
		"e_old_root_ca_rsa_mod_less_than_2048_bits", "the RSA modulus of a root is shorter than 2048 bits",
		NEW_KEY),
	K("rsa-old-sub-ca", "BR 6.1.5", 0, 0, LINT_ERROR, LINT_SUB_CA | LINT_BR, rsa_old, 1024,
		"e_old_sub_ca_rsa_mod_less_than_1024_bits", "the RSA modulus is shorter than 1024 bits", NEW_KEY),
	K("rsa-old-leaf", "BR 6.1.5", 0, 0, LINT_ERROR, LINT_LEAF | LINT_BR, rsa_old, 1024,
		"e_old_sub_cert_rsa_mod_less_than_1024_bits", "the RSA modulus is shorter than 1024 bits", NEW_KEY),
	K("rsa-even", "BR 6.1.6", DAY(2013, 2, 21), 0, LINT_WARN, LINT_ALL | LINT_BR, rsa_even, 0,
		"w_rsa_mod_not_odd cabf.rsa_modulus_has_small_prime_factor",
		"the RSA modulus is even", NEW_KEY),
	K("rsa-small-factor", "BR 6.1.6", DAY(2013, 2, 21), 0, LINT_WARN, LINT_ALL | LINT_BR, rsa_small_factor, 0,
		"w_rsa_mod_factors_smaller_than_752 cabf.rsa_modulus_has_small_prime_factor",
		"the RSA modulus has a factor below 752", NEW_KEY),
	K("rsa-exponent-one", "Mozilla 5.1", DAY(2017, 2, 28), 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, exponent_one, 0,
		"e_mp_exponent_cannot_be_one", "the RSA exponent is 1", NEW_KEY),
	K("rsa-exponent-small", "BR 6.1.6", DAY(2013, 2, 21), 0, LINT_ERROR, LINT_ALL | LINT_BR, exponent_small, 3,
		"e_rsa_public_exponent_too_small", "the RSA exponent is below 3", NEW_KEY),
	K("rsa-exponent-even", "BR 6.1.6", DAY(2013, 2, 21), 0, LINT_ERROR, LINT_ALL | LINT_BR, exponent_even, 0,
		"e_rsa_public_exponent_not_odd", "the RSA exponent is even", NEW_KEY),
	K("rsa-exponent-prohibited", "BR 6.1.6", 0, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, exponent_prohibited, 0,
		"cabf.rsa_exponent_prohibited_value", "the RSA exponent is even or below 3", NEW_KEY),
	K("rsa-exponent-range", "BR 6.1.6", DAY(2013, 2, 21), 0, LINT_WARN, LINT_ALL | LINT_BR, exponent_range, 0,
		"w_rsa_public_exponent_not_in_range cabf.rsa_exponent_not_in_recommended_range",
		"the RSA exponent is not between 2^16+1 and 2^256-1", NEW_KEY),
	K("ec-curve", "BR 6.1.5", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, curve_other, 0, "e_ec_improper_curves",
		"the curve is none of P-256, P-384 and P-521", NEW_KEY),
	K("ec-unnamed", "RFC 5480 2.1.1", RFC5280, 0, LINT_ERROR, LINT_ALL, curve_unnamed, 0, "",
		"the curve is not given by its name", NEW_KEY),
	K("ec-encoding-mozilla", "Mozilla 5.1.2", DAY(2020, 1, 1), MOZILLA_3, LINT_ERROR, LINT_ALL | LINT_PUBLIC,
		ec_encoding, 2,
		"e_mp_ecdsa_pub_key_encoding_correct", "the EC key's algorithm is neither P-256 nor P-384", NEW_KEY),
	K("ec-encoding-mozilla-3", "Mozilla 5.1.2", MOZILLA_3, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, ec_encoding, 3,
		"e_mp_ecdsa_pub_key_encoding_correct", "the EC key's algorithm is none of P-256, P-384 and P-521",
		NEW_KEY),
	K("ec-point", "RFC 5480 2.2", RFC5280, 0, LINT_ERROR, LINT_ALL, point_form, 0, "",
		"the point is not uncompressed, or not of the curve's size", NEW_KEY),
	K("edwards-parameters", "RFC 8410 3", 0, 0, LINT_ERROR, LINT_ALL, edwards_parameters, 0, "",
		"an Edwards or Montgomery key has parameters", ENCODE),
	K("sm2-point", "GM/T 0009 7.1", 0, 0, LINT_ERROR, LINT_ALL, sm2_point, 0, "",
		"the SM2 point is not uncompressed and of 65 octets",
		"Make a new SM2 key and have a certificate issued for it."),
	K("sm2-pair", "GM/T 0015 5.2.4.2.4", 0, 0, LINT_WARN, LINT_LEAF, sm2_pair, 0, "",
		"an SM2 certificate both signs and encrypts", "Have a pair issued: one to sign, one to encrypt."),
	K("dsa-tls", "BR 6.1.5", DAY(2020, 3, 27), 0, LINT_ERROR, LINT_ALL | LINT_BR, dsa, 0, "e_br_prohibit_dsa_usage",
		"the key is DSA", NEW_KEY),
	K("dsa-mozilla", "Mozilla 5.1", DAY(2016, 12, 19), 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, dsa, 0,
		"e_prohibit_dsa_usage", "the key is DSA", NEW_KEY),
	K("dsa-short", "BR 6.1.5", 0, DAY(2020, 3, 27), LINT_ERROR, LINT_ALL | LINT_BR, dsa_short, 0,
		"e_dsa_shorter_than_2048_bits",
		"the DSA modulus is shorter than 2048 bits", NEW_KEY),
	K("dsa-sizes", "BR 6.1.5", 0, DAY(2020, 3, 27), LINT_ERROR, LINT_ALL | LINT_BR, dsa_sizes, 0,
		"e_dsa_improper_modulus_or_divisor_size", "DSA modulus and divisor are of none of the allowed sizes",
		NEW_KEY),
	K("dsa-range", "BR 6.1.6", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, dsa_range, 0,
		"e_dsa_unique_correct_representation", "the DSA key's value is not between 2 and p-2", NEW_KEY),
	K("rsa-exponent-negative", "RFC 8017 3.1", 0, 0, LINT_ERROR, LINT_ALL, exponent_negative, 0, "e_rsa_exp_negative",
		"the RSA exponent is negative", NEW_KEY),
	K("dsa-parameters", "BR 6.1.6", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, dsa_no_parameters, 0,
		"e_dsa_params_missing", "the DSA key has no parameters", NEW_KEY),
};
const struct lint_world_table lint_world_key = {rows, ARRAY_LEN(rows)};
