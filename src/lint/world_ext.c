/* SPDX-License-Identifier: Apache-2.0 */
/* Which extensions there are, which are critical, and whether they can be read. */
#include "lint/world.h"

static bool
missing(const struct lint_view *v, struct lint_spot *s)
{
	return !v->x[s->arg];
}

static bool
present(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg];
}

static bool
critical(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg] && v->x[s->arg]->critical;
}

static bool
noncritical(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg] && !v->x[s->arg]->critical;
}

static bool
malformed(const struct lint_view *v, struct lint_spot *s)
{
	return v->bad & 1U << s->arg;
}

static bool
any_malformed(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned x = 0; x < LX_COUNT; x++)
		if (v->bad & 1U << x)
			return lint_spot_oid(s, v->x[x]->oid);
	return false;
}

static bool
duplicate(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 1; i < v->n_ext; i++)
		for (unsigned k = 0; k < i; k++)
			if (blob_eq(v->ext[i].oid, v->ext[k].oid))
				return lint_spot_oid(s, v->ext[i].oid);
	return false;
}

static bool
explicit_false(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_ext; i++)
		if (v->ext[i].explicit_false)
			return lint_spot_oid(s, v->ext[i].oid);
	return false;
}

static bool
loose_true(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->loose_bool;
}

/* A value that is an empty SEQUENCE where one element at least must stand. */
static bool
empty_sequence(const struct lint_view *v, struct lint_spot *s)
{
	static const enum lint_x never[] = {LX_AIA, LX_SIA, LX_POLICIES, LX_FRESHEST, LX_MAPPINGS, LX_DIR_ATTRS, LX_EKU,
		LX_CDP, LX_SAN, LX_IAN, LX_NAMES, LX_POLICY_CONSTRAINTS};

	for (size_t i = 0; i < ARRAY_LEN(never); i++) {
		const struct lint_ext *x = v->x[never[i]];

		if (x && x->value.n >= 2 && x->value.p[0] == DER_SEQUENCE && x->value.p[1] == 0)
			return lint_spot_oid(s, x->oid);
	}
	return false;
}

static bool
unknown_critical(const struct lint_view *v, struct lint_spot *s)
{
	static const struct blob fine[] = {
		OID_BODY("\x55\x1d\x10"), /* privateKeyUsagePeriod */
		OID_BODY("\x55\x1d\x17"), /* holdInstructionCode */
	};

	for (unsigned i = 0; i < v->n_ext; i++) {
		bool known = !v->ext[i].critical;

		for (unsigned x = 0; x < LX_COUNT && !known; x++)
			known = v->x[x] && blob_eq(v->x[x]->oid, v->ext[i].oid);
		for (size_t k = 0; k < ARRAY_LEN(fine) && !known; k++)
			known = blob_eq(fine[k], v->ext[i].oid);
		if (!known)
			return lint_spot_oid(s, v->ext[i].oid);
	}
	return false;
}

/* -- key identifiers */

static bool
aki_missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_AKI] && !(v->scope & (LINT_ROOT | LINT_SELF));
}

static bool
aki_no_key(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_AKI] && !(v->bad & 1U << LX_AKI) && !v->aki_id.p && !v->self_issued;
}

static bool
aki_issuer(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->aki_issuer || v->aki_serial.p;
}

static bool
aki_both(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->aki_id.p && v->aki_issuer && v->aki_serial.p;
}

static bool
aki_not_key_alone(const struct lint_view *v, struct lint_spot *s)
{
	return !v->aki_id.p || aki_issuer(v, s);
}

static bool
aki_issuer_alone(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->aki_issuer && !v->aki_serial.p;
}

static bool
aki_serial_alone(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->aki_issuer && v->aki_serial.p;
}

/* Where the Baseline Requirements do not say otherwise. */
static bool
ski_missing_other(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_SKI] && !(v->scope & LINT_TLS);
}

static bool
ski_long(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->ski_id.n > 32;
}

static bool
ski_empty(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_SKI] && !(v->bad & 1U << LX_SKI) && !v->ski_id.n;
}

static bool
root_aki_other(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->aki_id.n && v->ski_id.n && !blob_eq(v->aki_id, v->ski_id);
}

/* -- timestamps and the mark of a precertificate */

static bool
sct_and_poison(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_SCT] && v->x[LX_POISON];
}

static bool
sct_none(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_SCT] && !(v->bad & 1U << LX_SCT) && !v->n_scts;
}

static bool
poison_form(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_ext *x = v->x[LX_POISON];

	(void)s;
	return x && (!x->critical || !blob_eq(x->value, BLOB("\x05\x00", 2)));
}

/* How many logs a certificate of that many months must be in (Apple's policy, as of 15 October 2018). */
static bool
sct_count(const struct lint_view *v, struct lint_spot *s)
{
	int64_t days = (v->not_after_ms - v->not_before_ms) / MS_DAY;
	unsigned need = days <= 457 ? 2 : days <= 823 ? 3 : days <= 1188 ? 4 : 5, logs = 0;

	(void)s;
	for (unsigned i = 0; i < MIN(v->n_scts, (unsigned)ARRAY_LEN(v->sct_first_ms)); i++) {
		bool seen = false;

		for (unsigned k = 0; k < i; k++)
			seen |= memcmp(v->sct_log[i], v->sct_log[k], 32) == 0;
		logs += !seen;
	}
	return logs < need;
}

static bool
backdated(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < MIN(v->n_scts, (unsigned)ARRAY_LEN(v->sct_first_ms)); i++)
		if (v->sct_first_ms[i] < (uint64_t)INT64_MAX &&
			(int64_t)v->sct_first_ms[i] - v->not_before_ms > 2 * MS_DAY)
			return true;
	return false;
}

static bool
feature_form(const struct lint_view *v, struct lint_spot *s)
{
	struct cursor in;
	int64_t n;

	(void)s;
	if (!v->x[LX_FEATURE])
		return false;
	if (!lint_open(v->x[LX_FEATURE]->value, &in) || !der_peek(&in))
		return true;
	while (der_peek(&in))
		if (!der_get_int(&in, &n) || n > 65535)
			return true;
	return in.bad;
}

static bool
nocheck_form(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_NOCHECK] && !blob_eq(v->x[LX_NOCHECK]->value, BLOB("\x05\x00", 2));
}

#define X(id, source, from, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, "extensions", aka, text, cure)
#define REMOVE "Leave the extension out and have the certificate issued again."
#define PUT_IN "Have the certificate issued again with the extension."
#define NOT_CRITICAL "Issue again with the extension not critical."
#define CRITICAL "Issue again with the extension critical."
#define REBUILD "Write the value as the extension's ASN.1 says and issue again."

static const struct lint_world_row rows[] = {
	X("ext-duplicates", "RFC 5280 4.2", RFC2459, LINT_ERROR, LINT_ALL, duplicate, 0,
		"e_ext_duplicate_extension pkix.duplicate_extension",
		"an extension stands twice", "Keep one of the two and issue again."),
	X("ext-malformed", "RFC 5280 4.2", 0, LINT_ERROR, LINT_ALL, any_malformed, 0,
		"itu.invalid_asn1_syntax", "the value of a known extension cannot be read", REBUILD),
	X("ext-malformed-sct", "RFC 6962 3.3", 0, LINT_ERROR, LINT_ALL, malformed, LX_SCT,
		"pkix.sct_list_extension_invalid_encoding",
		"the list of signed certificate timestamps cannot be read", REBUILD),
	X("ext-explicit-default", "X.690 11.5", 0, LINT_ERROR, LINT_ALL, explicit_false, 0, "e_cert_ext_invalid_der",
		"critical FALSE is written out, though it is the default", "Leave the FALSE out and issue again."),
	X("ext-loose-true", "X.690 11.1", 0, LINT_ERROR, LINT_ALL, loose_true, 0, "",
		"a TRUE is not written as 0xff", "Write TRUE as one octet 0xff and issue again."),
	X("ext-empty", "RFC 5280 4.2", RFC2459, LINT_ERROR, LINT_ALL, empty_sequence, 0,
		"e_ext_cannot_be_empty_sequence",
		"an extension holds nothing", "Leave the extension out, or fill it, and issue again."),
	X("ext-critical-unknown", "RFC 5280 4.2", RFC2459, LINT_WARN, LINT_ALL, unknown_critical, 0, "",
		"a critical extension is none that relying parties know", NOT_CRITICAL),

	X("bc-critical-ca", "RFC 5280 4.2.1.9", RFC2459, LINT_ERROR, LINT_CA, noncritical, LX_BASIC,
		"e_basic_constraints_not_critical pkix.basic_constraints_extension_not_critical",
		"basicConstraints of a CA is not critical", CRITICAL),
	X("bc-critical-ca-tls", "BR 7.1.2.10.4", BR_2, LINT_ERROR, LINT_CA | LINT_BR, noncritical, LX_BASIC,
		"cabf.serverauth.ca.non_critical_basic_constraints_extension",
		"basicConstraints of a CA is not critical",
		CRITICAL),
	X("bc-critical-leaf", "BR 7.1.2.7.8", BR_2, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_BR, noncritical, LX_BASIC,
		"e_sub_cert_basic_constraints_not_critical "
		"cabf.serverauth.subscriber.non_critical_basic_constraints_extension",
		"basicConstraints of a subscriber's certificate is not critical", CRITICAL),

	X("aki-missing", "RFC 5280 4.2.1.1", RFC2459, LINT_ERROR, LINT_ALL, aki_missing, 0,
		"e_ext_authority_key_identifier_no_key_identifier pkix.authority_key_identifier_extension_absent",
		"there is no authorityKeyIdentifier", PUT_IN),
	X("aki-no-key", "RFC 5280 4.2.1.1", RFC2459, LINT_ERROR, LINT_ALL, aki_no_key, 0,
		"e_ext_authority_key_identifier_no_key_identifier "
		"pkix.authority_key_identifier_keyid_missing", "authorityKeyIdentifier has no key identifier",
		"Issue again with the issuer's subjectKeyIdentifier as keyIdentifier."),
	X("aki-critical", "RFC 5280 4.2.1.1", RFC2459, LINT_ERROR, LINT_ALL, critical, LX_AKI,
		"e_ext_authority_key_identifier_critical pkix.authority_key_identifier_critical",
		"authorityKeyIdentifier is critical", NOT_CRITICAL),
	X("aki-critical-leaf", "BR 7.1.2.7.6", BR_2, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS, critical, LX_AKI,
		"cabf.serverauth.subscriber.critical_authority_key_identifier_extension",
		"authorityKeyIdentifier of a subscriber's certificate is critical", NOT_CRITICAL),
	X("aki-issuer", "BR 7.1.2.11.1", BR_2, LINT_ERROR, LINT_ALL | LINT_PUBLIC | LINT_TLS, aki_issuer, 0,
		"cabf.authority_key_identifier_has_issuer_cert",
		"authorityKeyIdentifier names the issuer and its serial number",
		"Keep the key identifier alone and issue again."),
	X("aki-both", "Mozilla 5.2", DAY(2013, 7, 26), LINT_ERROR, LINT_ALL | LINT_PUBLIC, aki_both, 0,
		"e_mp_authority_key_identifier_correct",
		"authorityKeyIdentifier holds both a key identifier and the issuer's name and serial number",
		"Keep the key identifier alone and issue again."),
	X("aki-mail", "S/MIME BR 7.1.2.3", SMIME_1, LINT_ERROR, LINT_LEAF | LINT_MAIL, aki_not_key_alone, 0,
		"e_authority_key_identifier_correct", "authorityKeyIdentifier is not a key identifier alone",
		"Issue again with the issuer's key identifier alone."),
	X("aki-issuer-alone", "RFC 5280 4.2.1.1", RFC2459, LINT_ERROR, LINT_ALL, aki_issuer_alone, 0,
		"pkix.aki_with_cert_issuer_but_serial_number_absent",
		"authorityKeyIdentifier has the issuer without the serial number",
		"Keep the key identifier alone and issue again."),
	X("aki-serial-alone", "RFC 5280 4.2.1.1", RFC2459, LINT_ERROR, LINT_ALL, aki_serial_alone, 0,
		"pkix.aki_with_serial_number_but_cert_issuer_absent",
		"authorityKeyIdentifier has the serial number without the issuer",
		"Keep the key identifier alone and issue again."),
	X("aki-root-missing", "BR 7.1.2.1.3", BR_2, LINT_WARN, LINT_ROOT | LINT_PUBLIC, missing, LX_AKI,
		"cabf.serverauth.root.authority_key_identifier_extension_absent",
		"a root has no authorityKeyIdentifier, which is recommended", PUT_IN),
	X("aki-root-other", "RFC 5280 4.2.1.1", RFC2459, LINT_ERROR, LINT_ROOT, root_aki_other, 0,
		"cabf.serverauth.root_aki_ski_not_equal",
		"a root names another key than its own as its issuer's", "Write the root's own key identifier."),
	X("ski-missing-ca", "RFC 5280 4.2.1.2", RFC2459, LINT_ERROR, LINT_CA, missing, LX_SKI,
		"e_ext_subject_key_identifier_missing_ca pkix.certificate_skid_ca_missing",
		"a CA has no subjectKeyIdentifier", PUT_IN),
	X("ski-missing-root", "BR 7.1.2.1.2", BR_2, LINT_ERROR, LINT_ROOT | LINT_PUBLIC, missing, LX_SKI,
		"cabf.serverauth.root.subject_key_identifier_extension_absent", "a root has no subjectKeyIdentifier",
		PUT_IN),
	X("ski-missing-leaf", "RFC 5280 4.2.1.2", RFC2459, LINT_NOTE, LINT_LEAF | LINT_SELF, missing, LX_SKI,
		"w_ext_subject_key_identifier_missing_sub_cert",
		"there is no subjectKeyIdentifier, which RFC 5280 recommends (the Baseline Requirements do not)",
		PUT_IN),
	X("ski-discouraged", "BR 7.1.2.7.6", BR_2, LINT_NOTE, LINT_LEAF | LINT_BR, present, LX_SKI,
		"w_ext_subject_key_identifier_not_recommended_subscriber",
		"a subscriber's certificate has a subjectKeyIdentifier, which the Baseline "
		"Requirements do not recommend", REMOVE),
	X("ski-discouraged-tls", "BR 7.1.2.7.6", BR_2, LINT_NOTE, LINT_LEAF | LINT_PUBLIC | LINT_TLS, present, LX_SKI,
		"cabf.serverauth.subscriber.subject_key_identifier_extension_present",
		"a TLS certificate has a subjectKeyIdentifier, which the Baseline Requirements do not recommend",
		REMOVE),
	X("ski-missing-other", "RFC 5280 4.2.1.2", RFC2459, LINT_NOTE, LINT_LEAF, ski_missing_other, 0,
		"pkix.certificate_skid_end_entity_missing", "there is no subjectKeyIdentifier", PUT_IN),
	X("ski-critical", "RFC 5280 4.2.1.2", RFC2459, LINT_ERROR, LINT_ALL, critical, LX_SKI,
		"e_ext_subject_key_identifier_critical pkix.certificate_skid_extension_critical",
		"subjectKeyIdentifier is critical", NOT_CRITICAL),
	X("ski-critical-leaf", "BR 7.1.2.7.6", BR_2, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS, critical, LX_SKI,
		"cabf.serverauth.subscriber.critical_subject_key_identifier_extension",
		"subjectKeyIdentifier of a subscriber's certificate is critical", NOT_CRITICAL),
	X("ski-long", "RFC 5280 4.2.1.2", RFC2459, LINT_NOTE, LINT_ALL, ski_long, 0, "",
		"subjectKeyIdentifier is longer than any of the usual digests",
		"Use the key's SHA-1 or a cut SHA-256."),
	X("ski-empty", "RFC 5280 4.2.1.2", RFC2459, LINT_ERROR, LINT_ALL, ski_empty, 0, "",
		"subjectKeyIdentifier is empty", "Use the key's SHA-1 or a cut SHA-256."),

	X("aia-critical", "RFC 5280 4.2.2.1", RFC2459, LINT_ERROR, LINT_ALL, critical, LX_AIA,
		"e_ext_aia_marked_critical pkix.authority_information_access_extension_critical",
		"authorityInfoAccess is critical", NOT_CRITICAL),
	X("aia-critical-leaf", "BR 7.1.2.7.6", BR_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_BR, critical, LX_AIA,
		"e_sub_cert_aia_marked_critical", "authorityInfoAccess of a subscriber's certificate is critical",
		NOT_CRITICAL),
	X("aia-critical-sub-ca", "BR 7.1.2.10.3", BR_1, LINT_ERROR, LINT_SUB_CA | LINT_BR, critical, LX_AIA,
		"e_sub_ca_aia_marked_critical "
		"cabf.serverauth.ca.critical_authority_info_access_extension",
		"authorityInfoAccess of a subordinate CA is critical", NOT_CRITICAL),
	X("sia-critical", "RFC 5280 4.2.2.2", RFC3280, LINT_ERROR, LINT_ALL, critical, LX_SIA,
		"e_subject_info_access_marked_critical "
		"pkix.subject_information_access_extension_critical",
		"subjectInfoAccess is critical", NOT_CRITICAL),
	X("cdp-critical", "RFC 5280 4.2.1.13", RFC2459, LINT_WARN, LINT_ALL, critical, LX_CDP,
		"w_ext_crl_distribution_marked_critical "
		"pkix.certificate_crldp_extension_critical",
		"cRLDistributionPoints is critical", NOT_CRITICAL),
	X("cdp-critical-leaf", "BR 7.1.2.7.6", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, critical, LX_CDP,
		"e_sub_cert_crl_distribution_points_marked_critical",
		"cRLDistributionPoints of a subscriber's certificate is critical", NOT_CRITICAL),
	X("cdp-critical-sub-ca", "BR 7.1.2.11.2", BR_1, LINT_ERROR, LINT_SUB_CA | LINT_BR, critical, LX_CDP,
		"e_sub_ca_crl_distribution_points_marked_critical "
		"cabf.serverauth.ca.critical_crl_distribution_points_extension",
		"cRLDistributionPoints of a subordinate CA is critical",
		NOT_CRITICAL),
	X("cdp-missing-sub-ca", "BR 7.1.2.11.2", BR_1, LINT_ERROR, LINT_SUB_CA | LINT_BR, missing, LX_CDP,
		"e_sub_ca_crl_distribution_points_missing "
		"cabf.serverauth.ca.crl_distribution_points_extension_absent",
		"a subordinate CA has no cRLDistributionPoints", PUT_IN),
	X("freshest-critical", "RFC 5280 4.2.1.15", RFC3280, LINT_ERROR, LINT_ALL, critical, LX_FRESHEST,
		"e_ext_freshest_crl_marked_critical", "freshestCRL is critical", NOT_CRITICAL),
	X("ian-critical", "RFC 5280 4.2.1.7", RFC2459, LINT_WARN, LINT_ALL, critical, LX_IAN,
		"w_ext_ian_critical pkix.issuer_alt_name_extension_critical", "issuerAltName is critical",
		NOT_CRITICAL),
	X("names-critical", "RFC 5280 4.2.1.10", RFC2459, LINT_ERROR, LINT_ALL, noncritical, LX_NAMES,
		"e_ext_name_constraints_not_critical", "nameConstraints is not critical", CRITICAL),
	X("names-critical-sub-ca", "BR 7.1.2.10.8", BR_1, LINT_WARN, LINT_SUB_CA | LINT_BR, noncritical, LX_NAMES,
		"w_sub_ca_name_constraints_not_critical", "nameConstraints of a subordinate CA is not critical",
		CRITICAL),
	X("names-leaf", "RFC 5280 4.2.1.10", RFC2459, LINT_ERROR, LINT_LEAF, present, LX_NAMES,
		"e_ext_name_constraints_not_in_ca pkix.name_constraints_in_ee_certificate",
		"a certificate that is no CA has nameConstraints", REMOVE),
	X("policy-constraints-critical", "RFC 5280 4.2.1.11", RFC5280, LINT_ERROR, LINT_ALL, noncritical,
		LX_POLICY_CONSTRAINTS, "e_ext_policy_constraints_not_critical", "policyConstraints is not critical",
		CRITICAL),
	X("mappings-critical", "RFC 5280 4.2.1.5", RFC3280, LINT_WARN, LINT_ALL, noncritical, LX_MAPPINGS,
		"w_ext_policy_map_not_critical", "policyMappings is not critical", CRITICAL),
	X("inhibit-critical", "RFC 5280 4.2.1.14", RFC3280, LINT_ERROR, LINT_ALL, noncritical, LX_INHIBIT,
		"e_inhibit_any_policy_not_critical", "inhibitAnyPolicy is not critical", CRITICAL),
	X("dir-attrs-critical", "RFC 5280 4.2.1.8", RFC2459, LINT_ERROR, LINT_ALL, critical, LX_DIR_ATTRS,
		"e_subject_dir_attr_critical e_ext_subject_directory_attr_critical "
		"pkix.subject_directory_attributes_extension_critical",
		"subjectDirectoryAttributes is critical",
		NOT_CRITICAL),
	X("policies-critical-leaf", "BR 7.1.2.7.9", BR_1, LINT_WARN, LINT_ALL | LINT_BR, critical, LX_POLICIES,
		"w_sub_cert_certificate_policies_marked_critical",
		"certificatePolicies of a subscriber's certificate is critical", NOT_CRITICAL),
	X("policies-critical-sub-ca", "BR 7.1.2.10.5", BR_1, LINT_WARN, LINT_SUB_CA | LINT_BR, critical, LX_POLICIES,
		"w_sub_ca_certificate_policies_marked_critical", "certificatePolicies of a subordinate CA is critical",
		NOT_CRITICAL),
	X("policies-missing-leaf", "BR 7.1.2.7.9", BR_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_BR, missing,
		LX_POLICIES,
		"e_sub_cert_certificate_policies_missing", "a subscriber's certificate has no certificatePolicies",
		PUT_IN),
	X("policies-missing-sub-ca", "BR 7.1.2.10.5", BR_1, LINT_ERROR, LINT_SUB_CA | LINT_BR, missing, LX_POLICIES,
		"e_sub_ca_certificate_policies_missing cabf.serverauth.ca.certificate_policies_extension_absent",
		"a subordinate CA has no certificatePolicies", PUT_IN),
	X("policies-root", "BR 7.1.2.1.2", BR_1, LINT_WARN, LINT_ROOT | LINT_BR, present, LX_POLICIES,
		"w_root_ca_contains_cert_policy "
		"cabf.serverauth.root.certificate_policies_extension_present",
		"a root has certificatePolicies", REMOVE),
	X("eku-root-present", "BR 7.1.2.1.2", BR_1, LINT_ERROR, LINT_ROOT | LINT_PUBLIC, present, LX_EKU,
		"e_root_ca_extended_key_usage_present cabf.serverauth.root.extended_key_usage_extension_present",
		"a root has extKeyUsage", REMOVE),
	X("eku-critical", "BR 7.1.2.7.10", BR_2, LINT_ERROR, LINT_ALL | LINT_BR, critical, LX_EKU, "e_eku_critical",
		"extKeyUsage is critical", NOT_CRITICAL),
	X("eku-critical-sub-ca", "BR 7.1.2.10.6", DAY(2012, 6, 8), LINT_WARN, LINT_SUB_CA | LINT_BR, critical, LX_EKU,
		"w_sub_ca_eku_critical", "extKeyUsage of a subordinate CA is critical", NOT_CRITICAL),
	X("eku-missing-leaf", "BR 7.1.2.7.10", BR_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_BR, missing, LX_EKU,
		"e_sub_cert_eku_missing", "a subscriber's certificate has no extKeyUsage", PUT_IN),
	X("eku-missing-ca", "BR 7.1.2.10.6", BR_2, LINT_WARN, LINT_SUB_CA | LINT_PUBLIC, missing, LX_EKU,
		"cabf.serverauth.ca.extended_key_usage_extension_absent "
		"cabf.serverauth.cross_ca.extended_key_usage_extension_absent",
		"a subordinate CA has no extKeyUsage", PUT_IN),
	X("eku-missing-sub-ca", "BR 7.1.2.10.6", DAY(2013, 2, 21), LINT_NOTE, LINT_SUB_CA | LINT_BR, missing, LX_EKU,
		"n_sub_ca_eku_missing", "a subordinate CA has no extKeyUsage, so it is not technically constrained",
		PUT_IN),

	X("poison-form", "RFC 6962 3.1", 0, LINT_ERROR, LINT_ALL, poison_form, 0,
		"pkix.ct_precert_poison_extension_not_critical",
		"the precertificate's mark is not critical, or holds more than NULL", CRITICAL),
	X("sct-and-poison", "RFC 6962 3.1", RFC2459, LINT_ERROR, LINT_ALL, sct_and_poison, 0,
		"e_precert_with_sct_list pkix.ct_precert_poison_and_sctlist_extensions_present "
		"cabf.serverauth.subscriber.sct_list_extension_present",
		"a precertificate holds signed timestamps", "Take the list out of the precertificate."),
	X("sct-none", "RFC 6962 3.3", DAY(2013, 6, 1), LINT_ERROR, LINT_LEAF | LINT_PUBLIC, sct_none, 0,
		"e_empty_sct_list pkix.sct_list_empty",
		"the list of signed timestamps is empty", "Leave the extension out, or fill it."),
	X("sct-count", "Apple CT policy", DAY(2018, 10, 15), LINT_NOTE, LINT_LEAF | LINT_BR | LINT_FINAL, sct_count, 0,
		"w_ct_sct_policy_count_unsatisfied", "fewer logs than browsers ask for have signed for the certificate",
		"Send the certificate to more logs, or have the server send their timestamps in the handshake."),
	X("backdated", "Mozilla 5.5", 0, LINT_ERROR, LINT_LEAF | LINT_PUBLIC, backdated, 0, "e_excessively~backdated",
		"notBefore lies more than 48 hours before the first signed timestamp",
		"Issue again with a notBefore near the time of issuing."),
	X("feature-syntax", "RFC 7633 4", 0, LINT_ERROR, LINT_ALL, feature_form, 0, "",
		"the TLS feature is no list of numbers below 65536", REBUILD),
	X("nocheck-syntax", "RFC 6960 4.2.2.2.1", 0, LINT_WARN, LINT_ALL, nocheck_form, 0, "",
		"ocsp-nocheck holds something else than NULL", REBUILD),
};
const struct lint_world_table lint_world_ext = {rows, ARRAY_LEN(rows)};
