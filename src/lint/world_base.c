/* SPDX-License-Identifier: Apache-2.0 */
/* Version, serial number, signature algorithm, unique identifiers and times. */
#include "base/rfc3339.h"
#include "lint/world.h"

static bool
version_not_3(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->version != 3;
}

static bool
exts_version(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->has_exts && v->version != 3;
}

static bool
uid_version(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (v->issuer_uid || v->subject_uid) && v->version != 2 && v->version != 3;
}

static bool
any_uid(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->issuer_uid || v->subject_uid;
}

static bool
issuer_uid(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->issuer_uid;
}

static bool
subject_uid(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->subject_uid;
}

static bool
serial_not_positive(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->serial.p[0] >= 0x80 || (v->serial.n == 1 && v->serial.p[0] == 0);
}

static bool
serial_long(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	/* the sign's octet is one of them */
	return v->serial.n > 20;
}

static bool
serial_entropy(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->serial.n < 8;
}

/* -- signature algorithm */

enum hash { SHA1 = 1, SHA2 = 2, WEAK = 4, OTHER_HASH = 8, PSS_HASH = 16 };

static struct blob
sig_oid(const struct lint_view *v)
{
	struct cursor in;
	struct blob oid = {NULL, 0};

	if (lint_open(v->sig_alg, &in))
		der_get(&in, DER_OID, &oid);
	return oid;
}

#define PKCS1 "\x2a\x86\x48\x86\xf7\x0d\x01\x01"
#define ECDSA "\x2a\x86\x48\xce\x3d\x04"

static enum hash
hash_of(struct blob oid)
{
	if (oid.n == 9 && memcmp(oid.p, PKCS1, 8) == 0) {
		switch (oid.p[8]) {
		case 2:
		case 3:
		case 4:
			return WEAK;
		case 5:
			return SHA1;
		case 10:
			return PSS_HASH;
		case 11:
		case 12:
		case 13:
			return SHA2;
		default:
			return OTHER_HASH;
		}
	}
	if (IS_OID(oid, "\x60\x86\x48\x01\x65\x03\x04\x03\x02"))
		return SHA2;
	if (IS_OID(oid, ECDSA "\x01") || IS_OID(oid, "\x2a\x86\x48\xce\x38\x04\x03"))
		return SHA1;
	if (oid.n == 8 && memcmp(oid.p, ECDSA "\x03", 7) == 0 && oid.p[7] >= 2 && oid.p[7] <= 4)
		return SHA2;
	return OTHER_HASH;
}

static bool
hash_in(const struct lint_view *v, struct lint_spot *s)
{
	struct blob oid = sig_oid(v);

	return (hash_of(oid) & s->arg) && lint_spot_oid(s, oid);
}

static bool
outer_differs(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->outer_alg.n && !blob_eq(v->outer_alg, v->sig_alg);
}

static bool
rsa_null(const struct lint_view *v, struct lint_spot *s)
{
	struct blob oid = sig_oid(v);

	(void)s;
	/* the hash signatures of PKCS #1, not PSS and OAEP */
	return oid.n == 9 && memcmp(oid.p, PKCS1, 8) == 0 && oid.p[8] != 10 && oid.p[8] != 7 &&
	       !(v->sig_alg.n == oid.n + 6 && v->sig_alg.p[v->sig_alg.n - 2] == DER_NULL);
}

#define PSS(hash, salt)                                                                            \
	OID_BODY("\x30\x41\x06\x09" PKCS1 "\x0a\x30\x34\xa0\x0f\x30\x0d\x06\x09\x60\x86\x48\x01\x65" \
		 "\x03\x04\x02" hash "\x05\x00\xa1\x1c\x30\x1a\x06\x09" PKCS1 "\x08\x30\x0d\x06\x09"  \
		 "\x60\x86\x48\x01\x65\x03\x04\x02" hash "\x05\x00\xa2\x03\x02\x01" salt)

static const struct blob pss[] = {PSS("\x01", "\x20"), PSS("\x02", "\x30"), PSS("\x03", "\x40")};

static bool
among(struct blob b, const struct blob *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (blob_eq(b, list[i]))
			return true;
	return false;
}

static bool
pss_parameters(const struct lint_view *v, struct lint_spot *s)
{
	struct blob oid = sig_oid(v);

	(void)s;
	return IS_OID(oid, PKCS1 "\x0a") && !among(v->sig_alg, pss, ARRAY_LEN(pss));
}

/* arg: how many of the curves are allowed. The octets of the signature tell the curve of the issuer's key; its
 * algorithm must be that curve's. */
static bool
ecdsa_encoding(const struct lint_view *v, struct lint_spot *s)
{
	static const struct {
		size_t most;
		struct blob alg;
	} sizes[] = {
		{72, OID_BODY("\x30\x0a\x06\x08" ECDSA "\x03\x02")},
		{104, OID_BODY("\x30\x0a\x06\x08" ECDSA "\x03\x03")},
		{141, OID_BODY("\x30\x0a\x06\x08" ECDSA "\x03\x04")},
	};
	struct blob oid = sig_oid(v);

	if (!v->signature.n || oid.n < 7 || memcmp(oid.p, ECDSA, 6) != 0)
		return false;
	for (size_t i = 0; i < s->arg; i++)
		if (v->signature.n <= sizes[i].most)
			return !blob_eq(v->sig_alg, sizes[i].alg);
	return true;
}

static bool
br_algorithm(const struct lint_view *v, struct lint_spot *s)
{
	static const struct blob fine[] = {
		OID_BODY("\x30\x0d\x06\x09" PKCS1 "\x0b\x05\x00"),
		OID_BODY("\x30\x0d\x06\x09" PKCS1 "\x0c\x05\x00"),
		OID_BODY("\x30\x0d\x06\x09" PKCS1 "\x0d\x05\x00"),
		OID_BODY("\x30\x0a\x06\x08" ECDSA "\x03\x02"),
		OID_BODY("\x30\x0a\x06\x08" ECDSA "\x03\x03"),
		OID_BODY("\x30\x0a\x06\x08" ECDSA "\x03\x04"),
	};

	(void)s;
	return !among(v->sig_alg, fine, ARRAY_LEN(fine)) && !among(v->sig_alg, pss, ARRAY_LEN(pss));
}

/* ECDSA has no parameters; RSA has NULL. */
static bool
parameters_bad(const struct lint_view *v, struct lint_spot *s)
{
	struct blob oid = sig_oid(v);

	if (oid.n >= 7 && memcmp(oid.p, ECDSA, 6) == 0)
		return v->sig_alg.n != oid.n + 4;
	return rsa_null(v, s);
}

/* S/MIME BR 7.1.3.2: the Edwards curves and ML-DSA beside them. */
static bool
mail_algorithm(const struct lint_view *v, struct lint_spot *s)
{
	struct blob oid = sig_oid(v);

	if (oid.n == 3 && oid.p[0] == 0x2b && oid.p[1] == 0x65 && (oid.p[2] == 0x70 || oid.p[2] == 0x71))
		return false;
	if (oid.n == 9 && memcmp(oid.p, "\x60\x86\x48\x01\x65\x03\x04\x03", 8) == 0 && oid.p[8] >= 17 && oid.p[8] <= 19)
		return false;
	return br_algorithm(v, s);
}

static bool
sha1_expiry(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return hash_of(sig_oid(v)) == SHA1 && v->not_after_ms >= DAY(2017, 1, 1);
}

/* -- times */

static bool
order(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->not_after_ms < v->not_before_ms;
}

enum time_fault { NO_SECONDS, NOT_ZULU, FRACTION, EARLY_GENERALIZED, LATE_UTC, BAD_SYNTAX };

static bool
fault_of(struct blob b, uint8_t tag, int64_t ms, enum time_fault want)
{
	bool utc = tag == DER_UTC_TIME;
	size_t digits = 0;

	while (digits < b.n && b.p[digits] >= '0' && b.p[digits] <= '9')
		digits++;
	switch (want) {
	case NO_SECONDS:
		return digits < (utc ? 12U : 14U);
	case NOT_ZULU:
		return b.n == 0 || b.p[b.n - 1] != 'Z';
	case FRACTION:
		return !utc && digits < b.n && (b.p[digits] == '.' || b.p[digits] == ',');
	case EARLY_GENERALIZED:
		return !utc && ms < DAY(2050, 1, 1);
	case LATE_UTC:
		return utc && ms >= DAY(2050, 1, 1);
	case BAD_SYNTAX:
		return b.n != (utc ? 13U : 15U) || digits != b.n - 1 || b.p[digits] != 'Z';
	}
	return false;
}

#define UTC 16
#define GENERALIZED 32

/* arg: the fault, and of which kind of time. */
static bool
time_form(const struct lint_view *v, struct lint_spot *s)
{
	enum time_fault fault = s->arg & 15;
	bool utc = s->arg & UTC, generalized = s->arg & GENERALIZED;
	bool before = v->not_before_tag == DER_UTC_TIME ? utc : generalized;
	bool after = v->not_after_tag == DER_UTC_TIME ? utc : generalized;

	if (before && fault_of(v->not_before, v->not_before_tag, v->not_before_ms, fault))
		return lint_spot_text(s, v->not_before);
	return after && fault_of(v->not_after, v->not_after_tag, v->not_after_ms, fault) &&
	       lint_spot_text(s, v->not_after);
}

/* Longer than so many days, both ends counted. */
static bool
longer_than(const struct lint_view *v, struct lint_spot *s)
{
	return v->not_after_ms - v->not_before_ms + MS_SECOND > (int64_t)s->arg * MS_DAY;
}

/* As above, the last second not counted: how it was read before 2020. */
static bool
past_days(const struct lint_view *v, struct lint_spot *s)
{
	return v->not_after_ms > v->not_before_ms + (int64_t)s->arg * MS_DAY;
}

static bool
past_months(const struct lint_view *v, struct lint_spot *s)
{
	return v->not_after_ms > civil_add_months_ms(v->not_before_ms, (int)s->arg);
}

static bool
root_short(const struct lint_view *v, struct lint_spot *s)
{
	return v->not_after_ms - v->not_before_ms + MS_SECOND < (int64_t)s->arg * MS_DAY;
}

static bool
never_ends(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->not_after_ms - v->not_before_ms > 100 * 366 * MS_DAY;
}

#define B(id, source, from, until, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, source, from, until, severity, scope, fn, arg, place, aka, text, cure)
#define SIGN_AGAIN "Have it signed again with SHA-256 or better, in the encoding of BR 7.1.3.2."
#define SHORTER "Have the certificate issued again with a shorter validity."
#define TIMES "Write the time as YYMMDDHHMMSSZ, from 2050 on as YYYYMMDDHHMMSSZ."
#define MILESTONE_1 DAY(2026, 3, 15)
#define MILESTONE_2 DAY(2027, 3, 15)
#define MILESTONE_3 DAY(2029, 3, 15)
#define TLS_LEAF (LINT_LEAF | LINT_BR)
#define TLS_NOW (LINT_LEAF | LINT_PUBLIC | LINT_TLS | LINT_DATED)

static const struct lint_world_row rows[] = {
	B("version", "BR 7.1.1", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, version_not_3, 0, "version",
		"e_invalid_certificate_version", "the version is not 3", "Issue again as X.509 version 3."),
	B("version-extensions", "RFC 5280 4.1.2.1", RFC2459, 0, LINT_ERROR, LINT_ALL, exts_version, 0, "version",
		"e_cert_extensions_version_not_3 pkix.certificate_version_is_not_v3",
		"there are extensions, but the version is not 3",
		"Issue again as X.509 version 3."),
	B("version-unique-id", "RFC 5280 4.1.2.8", RFC5280, 0, LINT_ERROR, LINT_ALL, uid_version, 0, "version",
		"e_cert_unique_identifier_version_not_2_or_3",
		"there are unique identifiers in a version 1 certificate",
		"Leave the unique identifiers out."),
	B("unique-id", "RFC 5280 4.1.2.8", RFC5280, 0, LINT_ERROR, LINT_ALL, any_uid, 0, "issuerUniqueID",
		"e_cert_contains_unique_identifier", "there are unique identifiers, which CAs must not write",
		"Leave the unique identifiers out."),
	B("unique-id-issuer", "RFC 5280 4.1.2.8", 0, 0, LINT_ERROR, LINT_ALL, issuer_uid, 0, "issuerUniqueID",
		"pkix.issuer_unique_id_present", "there is a unique identifier of the issuer", "Leave it out."),
	B("unique-id-subject", "RFC 5280 4.1.2.8", 0, 0, LINT_ERROR, LINT_ALL, subject_uid, 0, "subjectUniqueID",
		"pkix.subject_unique_id_present", "there is a unique identifier of the subject", "Leave it out."),
	B("serial-not-positive", "RFC 5280 4.1.2.2", RFC3280, 0, LINT_ERROR, LINT_ALL, serial_not_positive, 0,
		"serialNumber",
		"e_serial_number_not_positive pkix.certificate_serial_number_out_of_range",
		"the serial number is zero or negative",
		"Issue again with a positive serial number."),
	B("serial-long", "RFC 5280 4.1.2.2", RFC3280, 0, LINT_ERROR, LINT_ALL, serial_long, 0, "serialNumber",
		"e_serial_number_longer_than_20_octets "
		"pkix.certificate_serial_number_out_of_range", "the serial number has more than 20 octets",
		"Issue again with a shorter serial number."),
	B("serial-short", "BR 7.1", DAY(2016, 9, 30), 0, LINT_WARN, LINT_ALL | LINT_BR, serial_entropy, 0,
		"serialNumber",
		"",
		"the serial number is too short to hold 64 random bits", "Issue again with 64 random bits or more."),

	B("signature-differs", "RFC 5280 4.1.1.2", RFC2459, 0, LINT_ERROR, LINT_ALL, outer_differs, 0,
		"signatureAlgorithm",
		"e_cert_sig_alg_not_match_tbs_sig_alg pkix.certificate_signature_algorithm_mismatch",
		"the signature's algorithm is not the one inside what is signed",
		"Write the same algorithm in both places."),
	B("signature-rsa-null", "RFC 4055 5", RFC5280, 0, LINT_ERROR, LINT_ALL, rsa_null, 0, "signature",
		"e_tbs_signature_rsa_encryption_parameter_not_null",
		"an RSA signature's algorithm lacks the parameter NULL", "Write NULL as the algorithm's parameters."),
	B("signature-sha1", "BR 7.1.3.2", DAY(2016, 1, 1), 0, LINT_ERROR, LINT_NOT_ROOT | LINT_BR, hash_in, SHA1,
		"signature", "e_sub_cert_or_sub_ca_using_sha1", "the certificate is signed with SHA-1", SIGN_AGAIN),
	B("signature-sha1-expiry", "BR 7.1.3.2", DAY(2015, 1, 16), 0, LINT_WARN, LINT_LEAF | LINT_BR, sha1_expiry, 0,
		"signature", "w_sub_cert_sha1_expiration_too_long",
		"a certificate that is signed with SHA-1 ends after 2016", SIGN_AGAIN),
	B("signature-unknown", "BR 7.1.3.2", 0, 0, LINT_ERROR, LINT_ALL | LINT_BR, hash_in, WEAK | OTHER_HASH,
		"signature",
		"e_signature_algorithm_not_supported", "the signature's algorithm is none of those allowed",
		SIGN_AGAIN),
	B("signature-pss-used", "BR 7.1.3.2", 0, 0, LINT_WARN, LINT_ALL | LINT_BR, hash_in, PSS_HASH, "signature",
		"e_signature_algorithm_not_supported", "the signature is RSASSA-PSS, which not all programs take",
		SIGN_AGAIN),
	B("signature-weak", "BR 7.1.3.2", 0, 0, LINT_WARN, LINT_ALL | LINT_BR, hash_in, SHA1, "signature", "",
		"the signature's algorithm rests on SHA-1", SIGN_AGAIN),
	B("signature-encoding", "BR 7.1.3.2", BR_2, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC | LINT_TLS, br_algorithm,
		0, "signature",
		"cabf.serverauth.prohibited_signature_algorithm_encoding",
		"the signature's algorithm is none of the allowed encodings", SIGN_AGAIN),
	B("signature-encoding-ca", "BR 7.1.3.2", BR_2, 0, LINT_ERROR, LINT_CA | LINT_PUBLIC, br_algorithm, 0,
		"signature",
		"cabf.serverauth.prohibited_signature_algorithm_encoding",
		"the signature's algorithm is none of the allowed encodings", SIGN_AGAIN),
	B("signature-syntax", "RFC 5758 3.2, RFC 4055 5", 0, 0, LINT_ERROR, LINT_ALL, parameters_bad, 0, "signature",
		"itu.invalid_asn1_syntax",
		"the signature's algorithm has parameters that it must not, or lacks its NULL",
		SIGN_AGAIN),
	B("signature-encoding-mail", "S/MIME BR 7.1.3.2", SMIME_1, 0, LINT_ERROR, LINT_ALL | LINT_MAIL_POLICY,
		mail_algorithm, 0, "signature", "cabf.smime.prohibited_signature_algorithm_encoding",
		"the signature's algorithm is none of the allowed encodings", SIGN_AGAIN),
	B("signature-pss", "Mozilla 5.1.1", DAY(2020, 1, 1), 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, pss_parameters, 0,
		"signature", "e_mp_rsassa-pss_parameters_encoding_in_signature_algorithm_correct",
		"the parameters of RSASSA-PSS are none of the three allowed encodings", SIGN_AGAIN),
	B("signature-ecdsa", "Mozilla 5.1.2", DAY(2020, 1, 1), MOZILLA_3, LINT_ERROR, LINT_ALL | LINT_PUBLIC,
		ecdsa_encoding, 2, "signature", "e_mp_ecdsa_signature_encoding_correct",
		"the ECDSA signature's algorithm is not the one of its curve",
		"Sign P-256 with SHA-256, P-384 with SHA-384."),
	B("signature-ecdsa-521", "Mozilla 5.1.2", MOZILLA_3, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, ecdsa_encoding, 3,
		"signature", "e_mp_ecdsa_signature_encoding_correct",
		"the ECDSA signature's algorithm is not the one of its curve",
		"Sign P-256 with SHA-256, P-384 with SHA-384, P-521 with SHA-512."),

	B("validity-negative", "RFC 5280 4.1.2.5", RFC2459, 0, LINT_ERROR, LINT_ALL, order, 0, "validity",
		"e_validity_time_not_positive pkix.certificate_negative_validity_period",
		"notAfter is before notBefore", "Issue again with the times in order."),
	B("time-utc-seconds", "RFC 5280 4.1.2.5.1", RFC2459, 0, LINT_ERROR, LINT_ALL, time_form, NO_SECONDS | UTC,
		"validity", "e_utc_time_does_not_include_seconds", "a UTCTime has no seconds", TIMES),
	B("time-utc-zulu", "RFC 5280 4.1.2.5.1", RFC2459, 0, LINT_ERROR, LINT_ALL, time_form, NOT_ZULU | UTC,
		"validity",
		"e_utc_time_not_in_zulu", "a UTCTime is not in UTC (Z)", TIMES),
	B("time-utc-syntax", "RFC 5280 4.1.2.5.1", 0, 0, LINT_ERROR, LINT_ALL, time_form, BAD_SYNTAX | UTC, "validity",
		"pkix.utctime_incorrect_syntax pkix.invalid_time_syntax base.unhandled_exception",
		"a UTCTime is not written YYMMDDHHMMSSZ", TIMES),
	B("time-generalized-seconds", "RFC 5280 4.1.2.5.2", RFC2459, 0, LINT_ERROR, LINT_ALL, time_form,
		NO_SECONDS | GENERALIZED, "validity", "e_generalized_time_does_not_include_seconds",
		"a GeneralizedTime has no seconds", TIMES),
	B("time-generalized-zulu", "RFC 5280 4.1.2.5.2", RFC2459, 0, LINT_ERROR, LINT_ALL, time_form,
		NOT_ZULU | GENERALIZED, "validity", "e_generalized_time_not_in_zulu",
		"a GeneralizedTime is not in UTC (Z)",
		TIMES),
	B("time-generalized-fraction", "RFC 5280 4.1.2.5.2", RFC2459, 0, LINT_ERROR, LINT_ALL, time_form,
		FRACTION | GENERALIZED, "validity", "e_generalized_time_includes_fraction_seconds",
		"a GeneralizedTime has fractions of a second", TIMES),
	B("time-generalized-syntax", "RFC 5280 4.1.2.5.2", 0, 0, LINT_ERROR, LINT_ALL, time_form,
		BAD_SYNTAX | GENERALIZED, "validity", "pkix.generalizedtime_incorrect_syntax pkix.invalid_time_syntax",
		"a GeneralizedTime is not written YYYYMMDDHHMMSSZ", TIMES),
	B("time-early-generalized", "RFC 5280 4.1.2.5", RFC2459, 0, LINT_ERROR, LINT_ALL, time_form,
		EARLY_GENERALIZED | GENERALIZED, "validity",
		"e_wrong_time_format_pre2050 pkix.invalid_time_syntax "
		"pkix.wrong_time_useful_type",
		"a time before 2050 is no UTCTime", TIMES),

	B("validity-39-months", "BR 6.3.2", DAY(2016, 7, 2), 0, LINT_ERROR, TLS_LEAF, past_months, 39, "validity",
		"e_sub_cert_valid_time_longer_than_39_months", "the validity is longer than 39 months", SHORTER),
	B("validity-825-days", "BR 6.3.2", DAY(2018, 3, 2), 0, LINT_ERROR, TLS_LEAF, past_days, 825, "validity",
		"e_sub_cert_valid_time_longer_than_825_days", "the validity is longer than 825 days", SHORTER),
	B("validity-398-days", "BR 6.3.2", DAY(2020, 9, 1), 0, LINT_ERROR, TLS_LEAF, longer_than, 398, "validity",
		"e_tls_server_cert_valid_time_longer_than_398_days", "the validity is longer than 398 days", SHORTER),
	B("validity-398-days-tls", "BR 6.3.2", DAY(2020, 9, 1), MILESTONE_1, LINT_ERROR, TLS_NOW, longer_than, 398,
		"validity",
		"cabf.serverauth.certificate_validity_period_exceeds_398_days",
		"the validity is longer than 398 days", SHORTER),
	B("validity-397-days", "BR 6.3.2", DAY(2020, 9, 1), 0, LINT_WARN, TLS_LEAF, longer_than, 397, "validity",
		"w_tls_server_cert_valid_time_longer_than_397_days",
		"the validity is longer than the 397 days that are recommended", SHORTER),
	B("validity-397-days-tls", "BR 6.3.2", DAY(2020, 9, 1), MILESTONE_1, LINT_WARN, TLS_NOW, longer_than, 397,
		"validity",
		"cabf.serverauth.certificate_validity_period_exceeds_397_days",
		"the validity is longer than the 397 days that are recommended", SHORTER),
	B("validity-200-days", "BR 6.3.2", MILESTONE_1, 0, LINT_ERROR, TLS_LEAF, longer_than, 200, "validity",
		"e_server_cert_valid_time_longer_than_200_days",
		"the validity is longer than 200 days", SHORTER),
	B("validity-200-days-tls", "BR 6.3.2", MILESTONE_1, MILESTONE_2, LINT_ERROR, TLS_NOW, longer_than, 200,
		"validity",
		"cabf.serverauth.certificate_validity_period_exceeds_200_days",
		"the validity is longer than 200 days", SHORTER),
	B("validity-199-days", "BR 6.3.2", MILESTONE_1, MILESTONE_2, LINT_WARN, TLS_LEAF, longer_than, 199, "validity",
		"w_server_cert_valid_time_longer_than_199_days "
		"cabf.serverauth.certificate_validity_period_exceeds_199_days",
		"the validity is longer than the 199 days that are recommended", SHORTER),
	B("validity-100-days", "BR 6.3.2", MILESTONE_2, 0, LINT_ERROR, TLS_LEAF, longer_than, 100, "validity",
		"e_server_cert_valid_time_longer_than_100_days",
		"the validity is longer than 100 days", SHORTER),
	B("validity-100-days-tls", "BR 6.3.2", MILESTONE_2, MILESTONE_3, LINT_ERROR, TLS_NOW, longer_than, 100,
		"validity",
		"cabf.serverauth.certificate_validity_period_exceeds_100_days",
		"the validity is longer than 100 days", SHORTER),
	B("validity-99-days", "BR 6.3.2", MILESTONE_2, MILESTONE_3, LINT_WARN, TLS_LEAF, longer_than, 99, "validity",
		"w_server_cert_valid_time_longer_than_99_days "
		"cabf.serverauth.certificate_validity_period_exceeds_99_days",
		"the validity is longer than the 99 days that are recommended",
		SHORTER),
	B("validity-47-days", "BR 6.3.2", MILESTONE_3, 0, LINT_ERROR, TLS_LEAF, longer_than, 47, "validity",
		"e_server_cert_valid_time_longer_than_47_days",
		"the validity is longer than 47 days", SHORTER),
	B("validity-47-days-tls", "BR 6.3.2", MILESTONE_3, 0, LINT_ERROR, TLS_NOW, longer_than, 47, "validity",
		"cabf.serverauth.certificate_validity_period_exceeds_47_days",
		"the validity is longer than 47 days", SHORTER),
	B("validity-46-days", "BR 6.3.2", MILESTONE_3, 0, LINT_WARN, TLS_LEAF, longer_than, 46, "validity",
		"w_server_cert_valid_time_longer_than_46_days "
		"cabf.serverauth.certificate_validity_period_exceeds_46_days",
		"the validity is longer than the 46 days that are recommended",
		SHORTER),
	B("validity-ev-27-months", "EVG 9.4", 0, DAY(2018, 3, 1), LINT_ERROR, TLS_LEAF | LINT_EV, past_months, 27,
		"validity", "e_ev_valid_time_too_long",
		"an extended-validation certificate is valid for longer than 27 months", SHORTER),
	B("validity-ev", "EVG 9.4", DAY(2018, 3, 1), 0, LINT_ERROR, TLS_LEAF | LINT_EV, past_days, 825, "validity",
		"e_ev_valid_time_too_long", "an extended-validation certificate is valid for longer than 825 days",
		SHORTER),
	B("validity-mail-825-days", "S/MIME BR 6.3.2", SMIME_1, 0, LINT_ERROR, LINT_LEAF | LINT_STRICT, longer_than,
		825,
		"validity", "cabf.smime.certificate_validity_period_exceeds_825_days",
		"a strict S/MIME certificate is valid for longer than 825 days", SHORTER),
	B("validity-mail-825-days-multipurpose", "S/MIME BR 6.3.2", SMIME_1, 0, LINT_ERROR,
		LINT_LEAF | LINT_MULTIPURPOSE, longer_than, 825, "validity",
		"cabf.smime.certificate_validity_period_exceeds_825_days",
		"a multipurpose S/MIME certificate is valid for longer than 825 days", SHORTER),
	B("validity-mail-1185-days", "S/MIME BR 6.3.2", SMIME_1, 0, LINT_ERROR, LINT_LEAF | LINT_LEGACY, longer_than,
		1185,
		"validity", "cabf.smime.certificate_validity_period_exceeds_1185_days",
		"a legacy S/MIME certificate is valid for longer than 1185 days", SHORTER),
	B("validity-code-39-months", "CS BR 6.3.2", 0, DAY(2026, 3, 1), LINT_ERROR, LINT_LEAF | LINT_CODE,
		past_months, 39,
		"validity", "e_cs_max_validity_period_39_months",
		"a code signing certificate is valid for longer than 39 months", SHORTER),
	B("validity-code-460-days", "CS BR 6.3.2", DAY(2026, 3, 1), 0, LINT_ERROR, LINT_LEAF | LINT_CODE,
		longer_than, 460,
		"validity", "e_cs_max_validity_period_460_days",
		"a code signing certificate is valid for longer than 460 days", SHORTER),
	B("validity-root-short", "BR 7.1.2.1.1", BR_2, 0, LINT_WARN, LINT_ROOT | LINT_PUBLIC, root_short, 2922,
		"validity",
		"cabf.serverauth.root_validity_period_too_short", "a root is valid for less than 2922 days",
		"Make a root that lives longer."),
	B("validity-root-long", "BR 7.1.2.1.1", BR_2, 0, LINT_ERROR, LINT_ROOT | LINT_PUBLIC, longer_than, 9132,
		"validity",
		"cabf.serverauth.root_validity_period_too_long", "a root is valid for more than 9132 days",
		"Make a root that ends earlier."),
	B("validity-endless", "RFC 5280 4.1.2.5", 0, 0, LINT_NOTE, LINT_LEAF, never_ends, 0, "validity", "",
		"the certificate is valid for more than a hundred years", SHORTER),
};
const struct lint_world_table lint_world_base = {rows, ARRAY_LEN(rows)};
