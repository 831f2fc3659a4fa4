/* SPDX-License-Identifier: Apache-2.0 */
#include "lint/crl.h"

#include <stdio.h>

#include "lint/chars.h"
#include "lint/world.h"

#define CRL_EXTS_MAX 20

/* What is asked of one entry is noted while they are counted: lists are long. */
struct crl {
	struct blob sig_alg, outer_alg, signature;
	int64_t version;
	int64_t this_ms, next_ms;
	uint8_t this_tag, next_tag;
	struct blob this_raw, next_raw;
	bool has_next, revoked_empty;
	uint64_t entries;
	uint32_t reasons; /* bit per reason code that stands in an entry */
	bool reason_critical, reason_bad;
	bool entry_early, entry_twice; /* revoked before there were lists; an extension twice */
	unsigned n_ext;
	struct lint_ext ext[CRL_EXTS_MAX];
	const char *stopped;
	uintptr_t stopped_at;
};

/* -- reading */

static bool
read_ext(struct cursor *list, struct lint_ext *x)
{
	struct cursor in;

	return der_open(list, DER_SEQUENCE, &in) && der_get(&in, DER_OID, &x->oid) &&
	       (der_peek(&in) != DER_BOOLEAN || der_get_bool(&in, &x->critical)) &&
	       der_get(&in, DER_OCTET_STRING, &x->value) && der_done(&in);
}

static void
note_reason(struct crl *l, const struct lint_ext *x)
{
	struct cursor c = cursor_of(x->value);
	struct blob b;

	l->reason_critical |= x->critical;
	if (der_get(&c, DER_ENUMERATED, &b) && der_done(&c) && b.n == 1 && b.p[0] < 32)
		l->reasons |= 1U << b.p[0];
	else
		l->reason_bad = true;
}

static bool
read_entry_exts(struct cursor exts, struct crl *l)
{
	struct blob seen[4];
	size_t n = 0;

	while (der_peek(&exts)) {
		struct lint_ext x = {0};

		if (!read_ext(&exts, &x))
			return false;
		if (IS_OID(x.oid, "\x55\x1d\x15"))
			note_reason(l, &x);
		for (size_t i = 0; i < n; i++)
			l->entry_twice |= blob_eq(seen[i], x.oid);
		/* reason, invalidity date and issuer are all that there are */
		if (n < ARRAY_LEN(seen))
			seen[n++] = x.oid;
	}
	return der_done(&exts);
}

static bool
read_entry(struct cursor *list, struct crl *l)
{
	struct cursor in, exts;
	struct blob when;
	int64_t ms;
	uint8_t tag;

	if (!der_open(list, DER_SEQUENCE, &in) || !der_get(&in, DER_INTEGER, NULL) || !der_next(&in, &tag, &when, NULL))
		return false;
	l->entries++;
	l->entry_early |= lint_read_time(when, tag, &ms) && ms < RFC2459;
	if (!der_peek(&in))
		return !in.bad;
	return der_open(&in, DER_SEQUENCE, &exts) && der_done(&in) && read_entry_exts(exts, l);
}

static bool
read_entries(struct cursor *in, struct crl *l)
{
	struct cursor list;

	if (der_peek(in) != DER_SEQUENCE)
		return true;
	if (!der_open(in, DER_SEQUENCE, &list))
		return false;
	l->revoked_empty = !der_peek(&list);
	while (der_peek(&list))
		if (!read_entry(&list, l))
			return false;
	return der_done(&list);
}

static bool
read_exts(struct cursor *in, struct crl *l)
{
	struct cursor outer, list;

	if (!der_peek(in))
		return true;
	if (!der_open(in, DER_CTX_CONS(0), &outer) || !der_open(&outer, DER_SEQUENCE, &list) || !der_done(&outer))
		return false;
	while (der_peek(&list)) {
		if (l->n_ext == CRL_EXTS_MAX || !read_ext(&list, &l->ext[l->n_ext]))
			return false;
		l->n_ext++;
	}
	return der_done(&list);
}

static bool
read_times(struct cursor *in, struct crl *l)
{
	if (!der_next(in, &l->this_tag, &l->this_raw, NULL) || !lint_read_time(l->this_raw, l->this_tag, &l->this_ms))
		return false;
	l->has_next = der_peek(in) == DER_UTC_TIME || der_peek(in) == DER_GENERALIZED_TIME;
	return !l->has_next || (der_next(in, &l->next_tag, &l->next_raw, NULL) &&
				       lint_read_time(l->next_raw, l->next_tag, &l->next_ms));
}

static bool
field(struct crl *l, const struct cursor *c, bool fine, const char *name)
{
	if (!fine && !l->stopped) {
		l->stopped = name;
		l->stopped_at = (uintptr_t)c->p;
	}
	return fine;
}

static bool
read_version(struct cursor *in, struct crl *l)
{
	l->version = 0;
	return der_peek(in) != DER_INTEGER || der_get_int(in, &l->version);
}

static bool
read_whole(struct cursor *c, struct blob *ret)
{
	return der_peek(c) == DER_SEQUENCE && der_next(c, NULL, NULL, ret);
}

static bool
read_crl(struct blob der, struct crl *l)
{
	struct cursor c = cursor_of(der), outer, in;
	struct blob issuer;

	return field(l, &c, der_open(&c, DER_SEQUENCE, &outer) && der_done(&c), "certificateList") &&
	       field(l, &outer, der_open(&outer, DER_SEQUENCE, &in), "tbsCertList") &&
	       field(l, &in, read_version(&in, l), "version") &&
	       field(l, &in, read_whole(&in, &l->sig_alg), "signature") &&
	       field(l, &in, read_whole(&in, &issuer), "issuer") &&
	       field(l, &in, read_times(&in, l), "thisUpdate") &&
	       field(l, &in, read_entries(&in, l), "revokedCertificates") &&
	       field(l, &in, read_exts(&in, l), "crlExtensions") && field(l, &in, der_done(&in), "tbsCertList") &&
	       field(l, &outer, read_whole(&outer, &l->outer_alg), "signatureAlgorithm") &&
	       field(l, &outer, der_get_bits(&outer, &l->signature) && der_done(&outer), "signatureValue");
}

static const struct lint_ext *
ext_of(const struct crl *l, uint8_t ce)
{
	for (unsigned i = 0; i < l->n_ext; i++)
		if (l->ext[i].oid.n == 3 && l->ext[i].oid.p[0] == 0x55 && l->ext[i].oid.p[1] == 0x1d &&
			l->ext[i].oid.p[2] == ce)
			return &l->ext[i];
	return NULL;
}

/* -- questions */

enum { CE_NUMBER = 20, CE_DELTA = 27, CE_POINT = 28, CE_AKI = 35 };

static bool
no_next(const struct crl *l)
{
	return !l->has_next;
}

static bool
no_aki(const struct crl *l)
{
	return !ext_of(l, CE_AKI);
}

static bool
no_number(const struct crl *l)
{
	return !ext_of(l, CE_NUMBER);
}

static bool
aki_other(const struct crl *l)
{
	const struct lint_ext *x = ext_of(l, CE_AKI);
	struct cursor in;

	return x && !(lint_open(x->value, &in) && der_get(&in, DER_CTX(0), NULL) && der_done(&in));
}

static bool
duplicate(const struct crl *l)
{
	for (unsigned i = 1; i < l->n_ext; i++)
		for (unsigned k = 0; k < i; k++)
			if (blob_eq(l->ext[i].oid, l->ext[k].oid))
				return true;
	return false;
}

static bool
number_range(const struct crl *l)
{
	const struct lint_ext *x = ext_of(l, CE_NUMBER);
	struct cursor c;
	struct blob b;

	if (!x)
		return false;
	c = cursor_of(x->value);
	/* RFC 5280 5.2.3: at most 20 octets, not negative */
	return !der_get_integer(&c, &b) || !der_done(&c) || b.p[0] >= 0x80 || b.n > 20;
}

static bool
critical_wrong(const struct crl *l)
{
	const struct lint_ext *aki = ext_of(l, CE_AKI), *number = ext_of(l, CE_NUMBER), *point = ext_of(l, CE_POINT);

	return (aki && aki->critical) || (number && number->critical) || (point && !point->critical);
}

static bool
ext_other(const struct crl *l)
{
	for (unsigned i = 0; i < l->n_ext; i++) {
		const struct lint_ext *x = &l->ext[i];

		if (x != ext_of(l, CE_AKI) && x != ext_of(l, CE_NUMBER) && x != ext_of(l, CE_POINT))
			return true;
	}
	return false;
}

/* A URI among the full names of issuingDistributionPoint that is none (RFC 5280 5.2.5, 4.2.1.6). */
static bool
point_uri(const struct crl *l)
{
	const struct lint_ext *x = ext_of(l, CE_POINT);
	struct cursor in, name, full;
	struct lint_uri uri;
	struct blob value;
	uint8_t tag;

	if (!x || !lint_open(x->value, &in) || !der_open(&in, DER_CTX_CONS(0), &name) ||
		!der_open(&name, DER_CTX_CONS(0), &full))
		return false;
	while (der_peek(&full) && der_next(&full, &tag, &value, NULL)) {
		if (tag == GN_URI && !lint_uri_read(str_of(value), &uri))
			return true;
	}
	return false;
}

static bool
critical_delta(const struct crl *l)
{
	return ext_of(l, CE_DELTA) && !ext_of(l, CE_DELTA)->critical;
}

/* The flag n of issuingDistributionPoint: 1 only users', 2 only CAs'. */
static bool
only(const struct crl *l, uint8_t n)
{
	const struct lint_ext *x = ext_of(l, CE_POINT);
	struct cursor in;

	if (!x || !lint_open(x->value, &in))
		return false;
	der_optional(&in, DER_CTX_CONS(0), NULL);
	for (uint8_t k = 1; k < n; k++)
		der_optional(&in, DER_CTX(k), NULL);
	return der_optional(&in, DER_CTX(n), NULL);
}

/* BR 4.9.7: ten days for subscribers' certificates, twelve months for those of CAs. */
static bool
next_late(const struct crl *l)
{
	int64_t most = only(l, 1) ? 10 * MS_DAY : 366 * MS_DAY;

	return l->has_next && l->next_ms - l->this_ms + MS_SECOND > most + MS_SECOND;
}

static bool
next_early(const struct crl *l)
{
	return l->has_next && l->next_ms <= l->this_ms;
}

static bool
rsa_null(const struct crl *l)
{
	struct cursor in;
	struct blob oid;

	return lint_open(l->sig_alg, &in) && der_get(&in, DER_OID, &oid) && oid.n == 9 &&
	       memcmp(oid.p, "\x2a\x86\x48\x86\xf7\x0d\x01\x01", 8) == 0 && oid.p[8] != 10 &&
	       !(der_peek(&in) == 0x05);
}

static bool
ecdsa_other(const struct crl *l)
{
	static const struct {
		size_t most;
		uint8_t hash;
	} sizes[] = {{72, 2}, {104, 3}, {141, 4}};

	if (l->sig_alg.n < 12 || memcmp(l->sig_alg.p + 4, "\x2a\x86\x48\xce\x3d\x04\x03", 7) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		if (l->signature.n <= sizes[i].most)
			return l->sig_alg.n != 12 || l->sig_alg.p[11] != sizes[i].hash;
	return true;
}

static bool
outer_differs(const struct crl *l)
{
	return !blob_eq(l->sig_alg, l->outer_alg);
}

static bool
not_version_2(const struct crl *l)
{
	return l->version != 1;
}

static bool
empty_list(const struct crl *l)
{
	return l->revoked_empty;
}

static bool
reason_zero(const struct crl *l)
{
	return l->reasons & 1;
}

static bool
reason_unknown(const struct crl *l)
{
	return l->reason_bad || (l->reasons & ~0x77fU);
}

/* BR 7.2.2: keyCompromise, affiliationChanged, superseded, cessationOfOperation,
	privilegeWithdrawn; of CAs cACompromise. */
static bool
reason_prohibited(const struct crl *l)
{
	return l->reasons & ~(1U << 1 | 1U << 2 | 1U << 3 | 1U << 4 | 1U << 5 | 1U << 9);
}

static bool
reason_critical(const struct crl *l)
{
	return l->reason_critical;
}

static bool
entry_early(const struct crl *l)
{
	return l->entry_early;
}

static bool
entry_twice(const struct crl *l)
{
	return l->entry_twice;
}

static bool
time_form(const struct crl *l)
{
	bool early = (l->this_tag == DER_GENERALIZED_TIME && l->this_ms < DAY(2050, 1, 1)) ||
		     (l->next_tag == DER_GENERALIZED_TIME && l->has_next && l->next_ms < DAY(2050, 1, 1));
	bool late = (l->this_tag == DER_UTC_TIME && l->this_raw.n != 13) ||
		    (l->has_next && l->next_tag == DER_UTC_TIME && l->next_raw.n != 13);

	return early || late;
}

struct crl_row {
	struct lint_rule rule;
	bool (*broken)(const struct crl *l);
	const char *place;
};

#define C(id, source, from, severity, fn, place, aka, text, cure) \
	{                                                         \
		{id, source, from, 0, severity, text, cure, aka}, fn, place \
	}
#define AGAIN "Have the CA publish the list again without it."

static const struct crl_row rows[] = {
	{{"crl-malformed", "RFC 5280 5.1", 0, 0, LINT_ERROR, "the list's DER cannot be read",
		 "Take the list from its source again: bytes were lost or changed.", "itu.invalid_asn1_syntax"},
		NULL, ""},
	C("crl-version", "RFC 5280 5.1.2.1", RFC2459, LINT_ERROR, not_version_2, "version", "",
		"the list's version is not 2", "Publish a version 2 list."),
	C("crl-signature-differs", "RFC 5280 5.1.1.2", RFC2459, LINT_ERROR, outer_differs, "signatureAlgorithm",
		"",
		"the signature's algorithm is not the one inside what is signed",
		"Write the same algorithm in both places."),
	C("crl-no-next-update", "RFC 5280 5.1.2.5", RFC5280, LINT_ERROR, no_next, "nextUpdate", "e_crl_has_next_update",
		"the list does not say when the next one comes", "Publish the list with nextUpdate."),
	C("crl-next-update-late", "BR 4.9.7", DAY(2024, 3, 15), LINT_ERROR, next_late, "nextUpdate",
		"e_crl_next_update_invalid",
		"the next list comes later than ten days (users' certificates) or twelve months (CAs')",
		"Publish more often, with a nearer nextUpdate."),
	C("crl-next-update-early", "RFC 5280 5.1.2.5", 0, LINT_ERROR, next_early, "nextUpdate",
		"pkix.crl_negative_validity_period", "nextUpdate is not after thisUpdate",
		"Publish with the times in order."),
	C("crl-time-form", "RFC 5280 5.1.2.4", RFC2459, LINT_ERROR, time_form, "thisUpdate", "",
		"a time before 2050 is no UTCTime of the form YYMMDDHHMMSSZ", "Write the times as RFC 5280 says."),
	C("crl-no-aki", "RFC 5280 5.2.1", RFC5280, LINT_ERROR, no_aki, "authorityKeyIdentifier",
		"e_crl_has_authority_key_identifier pkix.authority_key_identifier_missing",
		"the list has no authorityKeyIdentifier",
		"Publish the list with the issuer's key identifier."),
	C("crl-aki-form", "BR 7.2.2", BR_2, LINT_ERROR, aki_other, "authorityKeyIdentifier",
		"e_crl_auth_key_id_only_contains_keyid", "authorityKeyIdentifier is not a key identifier alone",
		"Publish the list with the key identifier alone."),
	C("crl-no-number", "RFC 5280 5.2.3", RFC5280, LINT_ERROR, no_number, "cRLNumber",
		"pkix.crl_number_missing", "the list has no number",
		"Publish the list with a cRLNumber that grows."),
	C("crl-number-range", "RFC 5280 5.2.3", RFC5280, LINT_ERROR, number_range, "cRLNumber",
		"e_crl_number_out_of_range pkix.crl_number_out_of_range",
		"the list's number is negative or has more than 20 octets",
		"Count the lists from a small number."),
	C("crl-duplicates", "RFC 5280 4.2", RFC5280, LINT_ERROR, duplicate, "crlExtensions",
		"e_crl_no_duplicate_extensions", "an extension stands twice", AGAIN),
	C("crl-criticality", "BR 7.2.2", BR_2, LINT_ERROR, critical_wrong, "crlExtensions", "e_crl_extensions_validity",
		"authorityKeyIdentifier or cRLNumber are critical, or issuingDistributionPoint is not",
		"Publish the list with the criticality that BR 7.2.2 says."),
	C("crl-other-extensions", "BR 7.2.2", BR_2, LINT_WARN, ext_other, "crlExtensions", "e_crl_extensions_validity",
		"there are extensions beside authorityKeyIdentifier, cRLNumber and issuingDistributionPoint", AGAIN),
	C("crl-uri-syntax", "RFC 5280 5.2.5", 0, LINT_ERROR, point_uri, "issuingDistributionPoint", "pkix.invalid_uri_syntax",
		"a URI of the distribution point is none", "Publish the list with the address written right."),
	C("crl-delta-critical", "RFC 5280 5.2.4", RFC2459, LINT_ERROR, critical_delta, "deltaCRLIndicator", "",
		"deltaCRLIndicator is not critical", "Publish the list with the extension critical."),
	C("crl-rsa-null", "RFC 4055 5", RFC5280, LINT_ERROR, rsa_null, "signature", "e_crl_sigalgo_missing_null_params",
		"an RSA signature's algorithm lacks the parameter NULL", "Write NULL as the algorithm's parameters."),
	C("crl-ecdsa", "BR 7.1.3.2", DAY(2020, 8, 20), LINT_ERROR, ecdsa_other, "signature",
		"e_crl_ecdsa_signature_encoding_correct", "the ECDSA signature's algorithm is not the one of its curve",
		"Sign P-256 with SHA-256, P-384 with SHA-384."),
	C("crl-empty-list", "RFC 5280 5.1.2.6", RFC3280, LINT_ERROR, empty_list, "revokedCertificates",
		"e_crl_empty_revoked_certificates e_crl_revocation_list_empty",
		"the list of revoked certificates is there but empty", "Leave the empty list out."),
	C("crl-reason-unspecified", "RFC 5280 5.3.1", RFC5280, LINT_WARN, reason_zero, "reasonCode",
		"e_crl_has_valid_reason_code pkix.crl_unspecified_crl_entry_reason_code",
		"an entry gives unspecified as its reason",
		"Leave the reason out of the entry."),
	C("crl-reason-unknown", "RFC 5280 5.3.1", RFC5280, LINT_ERROR, reason_unknown, "reasonCode",
		"e_crl_has_valid_reason_code", "an entry gives a reason that there is not",
		"Give one of the reasons of RFC 5280."),
	C("crl-reason-prohibited", "BR 7.2.2", BR_1, LINT_ERROR, reason_prohibited, "reasonCode",
		"e_cab_crl_has_valid_reason_code cabf.crl_prohibited_reason_code",
		"an entry gives a reason that the Baseline Requirements do not allow",
		"Give one of 1, 3, 4, 5 and 9, or leave the reason out."),
	C("crl-entry-early", "RFC 5280 5.3", 0, LINT_ERROR, entry_early, "revocationDate",
		"e_crl_revocation_date_too_early", "an entry was revoked before there were lists of X.509 version 2",
		"Write the time of revocation in the entry."),
	C("crl-entry-duplicates", "RFC 5280 5.3", 0, LINT_ERROR, entry_twice, "crlEntryExtensions",
		"e_crl_revoked_certificate_crl_entry_has_no_duplicate_extensions",
		"an extension of an entry stands twice", AGAIN),
	C("crl-reason-critical", "RFC 5280 5.3.1", RFC2459, LINT_ERROR, reason_critical, "reasonCode",
		"e_crl_reason_code_not_critical e_cab_crl_reason_code_not_critical "
		"pkix.crl_reason_code_extension_critical", "an entry's reason is critical",
		"Publish the reason not critical."),
};

const struct lint_rule *
lint_crl_rule(size_t k)
{
	return k < ARRAY_LEN(rows) ? &rows[k].rule : NULL;
}

void
lint_crl(struct blob der, struct arena *a, struct lint_finding **ret, size_t *ret_n)
{
	struct lint_out out = {.a = a};
	struct crl *l = arena_new(a, struct crl);
	char place[LINT_PLACE_MAX];

	if (!read_crl(der, l)) {
		out.rule = &rows[0].rule;
		snprintf(place, sizeof(place), "%s, at byte %zu", l->stopped,
		(size_t)(l->stopped_at - (uintptr_t)der.p));
		lint_hit(&out, place);
	} else {
		for (size_t i = 1; i < ARRAY_LEN(rows); i++) {
			out.rule = &rows[i].rule;
			if (rows[i].rule.from_ms <= l->this_ms && rows[i].broken(l))
				lint_hit(&out, rows[i].place);
		}
	}
	*ret = out.found;
	*ret_n = out.n;
}
