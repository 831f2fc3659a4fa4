/* SPDX-License-Identifier: Apache-2.0 */
/* Version, serial, signature algorithm, validity, subject key. */
#include "lint/lint_priv.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/rfc3339.h"

#define RULE(id, source, severity, scope, check, text)                                             \
	{                                                                                          \
		{id, source, 0, 0, severity, text, NULL, ""}, scope, check                                      \
	}

/* AlgorithmIdentifiers as whole encodings. */
#define PSS(hash, salt)                                                                            \
	"\x30\x41\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a\x30\x34\xa0\x0f\x30\x0d\x06\x09"       \
	"\x60\x86\x48\x01\x65\x03\x04\x02" hash "\x05\x00\xa1\x1c\x30\x1a\x06\x09\x2a\x86\x48\x86"   \
	"\xf7\x0d\x01\x01\x08\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02" hash                  \
	"\x05\x00\xa2\x03\x02\x01" salt

static const struct blob public_sig_algs[] = {
	OID_BODY("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"),
	OID_BODY("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c\x05\x00"),
	OID_BODY("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d\x05\x00"),
	OID_BODY("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"),
	OID_BODY("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03"),
	OID_BODY("\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x04"),
	OID_BODY(PSS("\x01", "\x20")),
	OID_BODY(PSS("\x02", "\x30")),
	OID_BODY(PSS("\x03", "\x40")),
};
static const struct blob sm2_sig_alg = OID_BODY("\x30\x0a\x06\x08\x2a\x81\x1c\xcf\x55\x01\x83\x75");

static const struct {
	struct blob alg;
	size_t point; /* octets of an uncompressed one; 0: RSA */
	bool public;
} key_algs[] = {
	{OID_BODY("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"), 0, true},
	{OID_BODY("\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07"), 65,
		true},
	{OID_BODY("\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x22"), 97, true},
	{OID_BODY("\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x05\x2b\x81\x04\x00\x23"), 133, true},
	{OID_BODY("\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d"), 65,
		false},
};

static void
version_3(const struct lint_view *v, struct lint_out *out)
{
	if (v->version != 3)
		lint_hit(out, "");
}

static void
serial_positive(const struct lint_view *v, struct lint_out *out)
{
	if (v->serial.p[0] >= 0x80 || (v->serial.n == 1 && v->serial.p[0] == 0))
		lint_hit(out, "");
}

static void
serial_length(const struct lint_view *v, struct lint_out *out)
{
	if (v->serial.n > 20)
		lint_hit(out, "");
}

static void
serial_entropy(const struct lint_view *v, struct lint_out *out)
{
	if (v->serial.n < 8)
		lint_hit(out, "");
}

static void
sig_alg_bytes(const struct lint_view *v, struct lint_out *out)
{
	if (!v->conf->public_rules && blob_eq(v->sig_alg, sm2_sig_alg))
		return;
	for (size_t i = 0; i < ARRAY_LEN(public_sig_algs); i++)
		if (blob_eq(v->sig_alg, public_sig_algs[i]))
			return;
	lint_hit(out, "");
}

static void
issuer_empty(const struct lint_view *v, struct lint_out *out)
{
	if (v->issuer.n <= 2)
		lint_hit(out, "");
}

static void
validity_order(const struct lint_view *v, struct lint_out *out)
{
	if (v->not_after_ms < v->not_before_ms)
		lint_hit(out, "");
}

/* RFC 5280 4.1.2.5: both ends belong to it. */
static void
validity_max(const struct lint_view *v, struct lint_out *out)
{
	char place[LINT_PLACE_MAX];
	int64_t s = (v->not_after_ms - v->not_before_ms) / MS_SECOND + 1;

	if (!v->conf->max_validity_ms || s <= v->conf->max_validity_ms / MS_SECOND)
		return;
	snprintf(place, sizeof(place), "%lld s", (long long)s);
	lint_hit(out, place);
}

static void
time_form(const struct lint_view *v, struct lint_out *out)
{
	const struct {
		int64_t ms;
		uint8_t tag;
		const char *what;
	} times[] = {{v->not_before_ms, v->not_before_tag, "notBefore"},
		{v->not_after_ms, v->not_after_tag, "notAfter"}};
	struct civil c;

	for (size_t i = 0; i < ARRAY_LEN(times); i++) {
		civil_of_ms(times[i].ms, &c);
		if ((times[i].tag == DER_UTC_TIME) != (c.year < 2050))
			lint_hit(out, times[i].what);
	}
}

static void
unique_ids(const struct lint_view *v, struct lint_out *out)
{
	if (v->issuer_uid || v->subject_uid)
		lint_hit(out, "");
}

/* -- the key */

static void
key_alg_bytes(const struct lint_view *v, struct lint_out *out)
{
	for (size_t i = 0; i < ARRAY_LEN(key_algs); i++)
		if (blob_eq(v->key_alg, key_algs[i].alg) && (key_algs[i].public || !v->conf->public_rules))
			return;
	lint_hit(out, "");
}

static void
key_point(const struct lint_view *v, struct lint_out *out)
{
	for (size_t i = 0; i < ARRAY_LEN(key_algs); i++)
		if (key_algs[i].point && blob_eq(v->key_alg, key_algs[i].alg) &&
			(v->key_bits.n != key_algs[i].point || v->key_bits.p[0] != 4))
			lint_hit(out, "");
}

static bool
rsa_parts(const struct lint_view *v, struct blob *n, struct blob *exp)
{
	struct cursor c = cursor_of(v->key_bits), in;

	return v->key == LINT_KEY_RSA && der_open(&c, DER_SEQUENCE, &in) && der_done(&c) &&
	       der_get_integer(&in, n) && der_get_integer(&in, exp) && der_done(&in) && n->p[0] < 0x80 &&
	       exp->p[0] < 0x80;
}

static void
key_rsa_form(const struct lint_view *v, struct lint_out *out)
{
	struct blob n, exp;

	if (v->key == LINT_KEY_RSA && !rsa_parts(v, &n, &exp))
		lint_hit(out, "");
}

static unsigned
bits_of(struct blob n)
{
	unsigned bits;

	while (n.n && n.p[0] == 0)
		n = (struct blob){n.p + 1, n.n - 1};
	bits = (unsigned)n.n * 8;
	for (unsigned m = 0x80; n.n && m && !(n.p[0] & m); m >>= 1)
		bits--;
	return bits;
}

static void
key_rsa_size(const struct lint_view *v, struct lint_out *out)
{
	struct blob n, exp;
	char place[LINT_PLACE_MAX];
	unsigned bits;

	if (!rsa_parts(v, &n, &exp))
		return;
	bits = bits_of(n);
	if (bits >= 2048 && bits % 8 == 0)
		return;
	snprintf(place, sizeof(place), "%u bits", bits);
	lint_hit(out, place);
}

static void
key_rsa_odd(const struct lint_view *v, struct lint_out *out)
{
	struct blob n, exp;

	if (rsa_parts(v, &n, &exp) && !(n.p[n.n - 1] & 1))
		lint_hit(out, "");
}

static void
key_rsa_exponent(const struct lint_view *v, struct lint_out *out)
{
	struct blob n, exp;

	if (rsa_parts(v, &n, &exp) && (bits_of(exp) < 2 || !(exp.p[exp.n - 1] & 1)))
		lint_hit(out, "");
}

static void
key_rsa_exponent_range(const struct lint_view *v, struct lint_out *out)
{
	struct blob n, exp;

	if (rsa_parts(v, &n, &exp) && (bits_of(exp) < 17 || bits_of(exp) > 256))
		lint_hit(out, "");
}

static const struct lint_row rows[] = {
	RULE("version-3", "RFC 5280 4.1.2.1", LINT_ERROR, LINT_ALL, version_3, "the version is not 3"),
	RULE("serial-positive", "RFC 5280 4.1.2.2", LINT_ERROR, LINT_ALL, serial_positive,
		"the serial is zero or negative"),
	RULE("serial-length", "RFC 5280 4.1.2.2", LINT_ERROR, LINT_ALL, serial_length,
		"the serial has more than 20 octets"),
	RULE("serial-entropy", "BR 7.1", LINT_ERROR, LINT_ALL, serial_entropy,
		"the serial is too short to hold 64 random bits"),
	RULE("sig-alg-bytes", "BR 7.1.3.2", LINT_ERROR, LINT_ALL, sig_alg_bytes,
		"the signature's AlgorithmIdentifier is none of the allowed encodings"),
	RULE("issuer-empty", "RFC 5280 4.1.2.4", LINT_ERROR, LINT_ALL, issuer_empty, "the issuer's name is empty"),
	RULE("validity-order", "RFC 5280 4.1.2.5", LINT_ERROR, LINT_ALL, validity_order,
		"notAfter is before notBefore"),
	RULE("validity-max", "BR 6.3.2", LINT_ERROR, LINT_ALL, validity_max,
		"the validity is longer than the rules of its date allow"),
	RULE("time-form", "RFC 5280 4.1.2.5", LINT_ERROR, LINT_ALL, time_form,
		"a time through 2049 is no UTCTime, or a later one no GeneralizedTime"),
	RULE("unique-ids", "RFC 5280 4.1.2.8", LINT_ERROR, LINT_ALL, unique_ids, "there are unique identifiers"),
	RULE("key-alg-bytes", "BR 7.1.3.1", LINT_ERROR, LINT_ALL, key_alg_bytes,
		"the key's AlgorithmIdentifier is none of the allowed encodings"),
	RULE("key-point", "RFC 5480 2.2", LINT_ERROR, LINT_ALL, key_point,
		"the point is not uncompressed, or not of the curve's size"),
	RULE("key-rsa-form", "RFC 8017 A.1.1", LINT_ERROR, LINT_ALL, key_rsa_form,
		"the key is no RSAPublicKey of two positive integers"),
	RULE("key-rsa-size", "BR 6.1.5", LINT_ERROR, LINT_ALL, key_rsa_size,
		"the RSA modulus is shorter than 2048 bits or not a whole number of octets"),
	RULE("key-rsa-odd", "BR 6.1.6", LINT_ERROR, LINT_ALL, key_rsa_odd, "the RSA modulus is even"),
	RULE("key-rsa-exponent", "BR 6.1.6", LINT_ERROR, LINT_ALL, key_rsa_exponent,
		"the RSA exponent is even or below 3"),
	RULE("key-rsa-exponent-range", "BR 6.1.6", LINT_WARN, LINT_ALL, key_rsa_exponent_range,
		"the RSA exponent is not between 2^16+1 and 2^256-1"),
};
const struct lint_table lint_base_rules = {rows, ARRAY_LEN(rows)};
