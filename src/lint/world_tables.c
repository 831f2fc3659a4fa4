/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of BR 7.1.2, row by row: which extensions, purposes and attributes TLS certificates and CAs hold. */
#include "lint/chars.h"
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
no_extensions(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->n_ext;
}

/* -- purposes and usage */

static bool
purpose(const struct lint_view *v, struct lint_spot *s)
{
	return lint_has_kp(v, s->arg);
}

static bool
purpose_any(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_eku(v, OID_ANY_EKU);
}

static bool
purpose_precertificates(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_kp(v, KP_SERVER) && lint_has_eku(v, OID_BODY("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04"));
}

/* BR 7.1.2.10.7: a CA signs certificates and lists, and where it answers itself, OCSP answers. */
static bool
ca_usage(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key_usage & ~(KU(KU_SIGN) | KU(KU_CERT) | KU(KU_CRL));
}

/* -- names, policies, addresses */

static bool
has(const struct lint_view *v, struct lint_spot *s)
{
	return lint_attr_of(&v->subj, s->arg) != NULL;
}

/* Where neither a person's nor an organization's table says otherwise, the policy's own does. */
static bool
has_of_organization(const struct lint_view *v, struct lint_spot *s)
{
	return !(v->scope & (LINT_IV | LINT_EV)) && has(v, s);
}

/* BR 7.1.4.2: 64 characters at most, other than RFC 5280's table. */
static bool
name_long(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++) {
		const struct lint_attr *at = &v->subj.attr[i];
		size_t n = 0;

		if (!at->tag || (at->at != AT_GIVEN && at->at != AT_SURNAME))
			continue;
		/* characters of UTF-8: each octet that does not go on with one */
		for (size_t k = 0; k < at->value.n; k++)
			n += (at->value.p[k] & 0xc0) != 0x80 || at->tag != DER_UTF8_STRING;
		if (n > 64)
			return lint_spot_text(s, at->value);
	}
	return false;
}

static bool
jurisdiction_unknown(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_JURISDICTION_C);

	return at && !lint_country_known(str_of(at->value)) && lint_spot_text(s, at->value);
}

static bool
replacement_character(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++) {
		struct blob b = v->subj.attr[i].value;

		for (size_t k = 0; v->subj.attr[i].tag == DER_UTF8_STRING && k + 3 <= b.n; k++)
			if (memcmp(b.p + k, "\xef\xbf\xbd", 3) == 0)
				return lint_spot_text(s, b);
	}
	return false;
}

static bool
place_suspicious(const struct lint_view *v, struct lint_spot *s)
{
	static const enum lint_at places[] = {AT_L, AT_ST};

	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		const struct lint_attr *at = lint_attr_of(&v->subj, places[i]);

		for (size_t k = 0; at && k < at->value.n; k++)
			if (at->value.p[k] && strchr(",:=\"()", at->value.p[k]))
				return lint_spot_text(s, at->value);
	}
	return false;
}

/* 2.23.140.1.1 and 2.23.140.1.2.1 to .3; ETSI has policies of its own for websites outside of the Forum's rules. */
static bool
none_reserved(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	if (v->scope & LINT_ETSI)
		return false;
	for (unsigned i = 0; i < v->n_policies; i++) {
		struct blob o = v->policy[i].oid;

		if (IS_OID(o, "\x67\x81\x0c\x01\x01") ||
			(o.n == 6 && memcmp(o.p, "\x67\x81\x0c\x01\x02", 5) == 0 && o.p[5] >= 1 && o.p[5] <= 3))
			return false;
	}
	return v->n_policies;
}

static bool
access_no_uri(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (v->aia.p[i].where.tag != GN_URI)
			return lint_spot_oid(s, v->aia.p[i].method);
	return false;
}

static bool
point_relative(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->cdp.n; i++)
		if (v->cdp.p[i].relative)
			return true;
	return false;
}

static bool
excluded_directory(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->excluded.n; i++)
		if (v->excluded.p[i].tag == GN_DIRECTORY)
			return true;
	return false;
}

static bool
san_kind(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag != GN_DNS && v->san.p[i].tag != GN_IP)
			return true;
	return false;
}

static bool
san_ip(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_IP)
			return true;
	return false;
}

static bool
redacted_name(struct blob b)
{
	if (b.n > 2 && memcmp(b.p, "*.", 2) == 0)
		b = BLOB(b.p + 2, b.n - 2);
	return b.n > 2 && memcmp(b.p, "?.", 2) == 0;
}

static bool
redacted(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *cn = lint_attr_of(&v->subj, AT_CN);

	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_DNS && redacted_name(v->san.p[i].value))
			return lint_spot_text(s, v->san.p[i].value);
	return cn && redacted_name(cn->value) && lint_spot_text(s, cn->value);
}

#define T(id, source, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, source, BR_2, 0, severity, scope, fn, arg, place, aka, text, cure)
#define X(id, severity, scope, fn, arg, aka, text, cure) \
	T(id, "BR 7.1.2", severity, scope, fn, arg, "extensions", aka, text, cure)
#define TLS (LINT_LEAF | LINT_PUBLIC | LINT_TLS)
#define CA (LINT_SUB_CA | LINT_PUBLIC | LINT_TLS)
#define OCSP (LINT_LEAF | LINT_SELF | LINT_PUBLIC | LINT_OCSP)
#define SUB "cabf.serverauth.subscriber."
#define OF_CA "cabf.serverauth.ca."
#define OF_OCSP "cabf.serverauth.ocsp_responder."
#define NOT_CRITICAL "Issue again with the extension not critical."
#define PUT_IN "Issue again with the extension."
#define TAKE_OUT "Issue again without it."

static const struct lint_world_row rows[] = {
	X("tls-no-extensions", LINT_ERROR, LINT_NOT_ROOT | LINT_PUBLIC, no_extensions, 0,
		"cabf.certificate_extensions_missing", "there are no extensions at all", PUT_IN),
	X("tls-aki-missing", LINT_ERROR, TLS, missing, LX_AKI, SUB "authority_key_identifier_extension_absent",
		"a TLS certificate has no authorityKeyIdentifier", PUT_IN),
	X("tls-aia-missing", LINT_ERROR, TLS, missing, LX_AIA, SUB "authority_info_access_extension_absent",
		"a TLS certificate has no authorityInfoAccess", PUT_IN),
	X("tls-policies-missing", LINT_ERROR, TLS, missing, LX_POLICIES, SUB "certificate_policies_extension_absent",
		"a TLS certificate has no certificatePolicies", PUT_IN),
	X("tls-eku-missing", LINT_ERROR, TLS, missing, LX_EKU, SUB "extended_key_usage_extension_absent",
		"a TLS certificate has no extKeyUsage", PUT_IN),
	X("tls-san-missing", LINT_ERROR, TLS, missing, LX_SAN, SUB "subject_altname_extension_absent",
		"a TLS certificate has no subjectAltName", PUT_IN),
	X("tls-names-present", LINT_ERROR, TLS, present, LX_NAMES, SUB "name_constraints_extension_present",
		"a TLS certificate has nameConstraints", TAKE_OUT),
	X("tls-aia-critical", LINT_ERROR, TLS, critical, LX_AIA, SUB "critical_authority_info_access_extension",
		"authorityInfoAccess of a TLS certificate is critical", NOT_CRITICAL),
	X("tls-policies-critical", LINT_ERROR, TLS, critical, LX_POLICIES,
		SUB "critical_certificate_policies_extension",
		"certificatePolicies of a TLS certificate is critical", NOT_CRITICAL),
	X("tls-cdp-critical", LINT_ERROR, TLS, critical, LX_CDP, SUB "critical_crl_distribution_points_extension",
		"cRLDistributionPoints of a TLS certificate is critical", NOT_CRITICAL),
	X("tls-eku-critical", LINT_ERROR, TLS, critical, LX_EKU, SUB "critical_extended_key_usage_extension",
		"extKeyUsage of a TLS certificate is critical", NOT_CRITICAL),
	X("tls-sct-critical", LINT_ERROR, TLS, critical, LX_SCT, SUB "critical_sct_list_extension",
		"the list of signed timestamps is critical", NOT_CRITICAL),

	X("tls-ca-aki-missing", LINT_ERROR, CA, missing, LX_AKI, OF_CA "authority_key_identifier_extension_absent",
		"a TLS CA has no authorityKeyIdentifier", PUT_IN),
	X("tls-ca-ski-missing", LINT_ERROR, CA, missing, LX_SKI, OF_CA "subject_key_identifier_extension_absent",
		"a TLS CA has no subjectKeyIdentifier", PUT_IN),
	X("tls-ca-ku-missing", LINT_ERROR, CA, missing, LX_USAGE, OF_CA "key_usage_extension_absent",
		"a TLS CA has no keyUsage", PUT_IN),
	X("tls-ca-aki-critical", LINT_ERROR, CA, critical, LX_AKI, OF_CA "critical_authority_key_identifier_extension",
		"authorityKeyIdentifier of a TLS CA is critical", NOT_CRITICAL),
	X("tls-ca-ski-critical", LINT_ERROR, CA, critical, LX_SKI, OF_CA "critical_subject_key_identifier_extension",
		"subjectKeyIdentifier of a TLS CA is critical", NOT_CRITICAL),
	X("tls-ca-policies-critical", LINT_ERROR, CA, critical, LX_POLICIES,
		OF_CA "critical_certificate_policies_extension",
		"certificatePolicies of a TLS CA is critical", NOT_CRITICAL),
	X("tls-ca-eku-critical", LINT_ERROR, CA, critical, LX_EKU, OF_CA "critical_extended_key_usage_extension",
		"extKeyUsage of a TLS CA is critical", NOT_CRITICAL),
	X("tls-ca-sct-critical", LINT_ERROR, CA, critical, LX_SCT, OF_CA "critical_sct_list_extension",
		"the list of signed timestamps is critical", NOT_CRITICAL),
	T("tls-ca-usage", "BR 7.1.2.10.7", LINT_ERROR, LINT_CA | LINT_PUBLIC, ca_usage, 0, "keyUsage",
		"cabf.ca_certificate_prohibited_ku_present", "keyUsage of a CA names more than it signs", TAKE_OUT),
	T("tls-ca-precertificates", "BR 7.1.2.10.6", LINT_ERROR, CA, purpose_precertificates, 0, "extKeyUsage",
		OF_CA "precertsigning_eku_present", "a TLS CA has the purpose of precertificates", TAKE_OUT),
	T("tls-ca-excluded-directory", "BR 7.1.2.10.8", LINT_WARN, CA, excluded_directory, 0, "nameConstraints",
		"cabf.serverauth.name_constraints_dirname_in_excluded_subtrees",
		"a directoryName is excluded, which is not recommended", TAKE_OUT),

	X("ocsp-aki-missing", LINT_ERROR, OCSP, missing, LX_AKI, OF_OCSP "authority_key_identifier_extension_absent",
		"an OCSP signer has no authorityKeyIdentifier", PUT_IN),
	X("ocsp-ku-missing", LINT_ERROR, OCSP, missing, LX_USAGE, OF_OCSP "key_usage_extension_absent",
		"an OCSP signer has no keyUsage", PUT_IN),
	X("ocsp-eku-missing", LINT_ERROR, OCSP, missing, LX_EKU, OF_OCSP "extended_key_usage_extension_absent",
		"an OCSP signer has no extKeyUsage", PUT_IN),
	X("ocsp-ski-missing", LINT_NOTE, OCSP, missing, LX_SKI, OF_OCSP "subject_key_identifier_extension_absent",
		"an OCSP signer has no subjectKeyIdentifier, which is recommended", PUT_IN),
	X("ocsp-names", LINT_ERROR, OCSP, present, LX_NAMES, OF_OCSP "name_constraints_extension_present",
		"an OCSP signer has nameConstraints", TAKE_OUT),

	T("tls-eku-code", "BR 7.1.2.7.10", LINT_ERROR, TLS, purpose, KP_CODE, "extKeyUsage",
		SUB "codesigning_eku_present", "a TLS certificate has codeSigning", TAKE_OUT),
	T("tls-eku-mail", "BR 7.1.2.7.10", LINT_ERROR, TLS, purpose, KP_MAIL, "extKeyUsage",
		SUB "emailprotection_eku_present", "a TLS certificate has emailProtection", TAKE_OUT),
	T("tls-eku-stamp", "BR 7.1.2.7.10", LINT_ERROR, TLS, purpose, KP_STAMP, "extKeyUsage",
		SUB "timestamping_eku_present", "a TLS certificate has timeStamping", TAKE_OUT),
	T("tls-eku-any", "BR 7.1.2.7.10", LINT_ERROR, TLS, purpose_any, 0, "extKeyUsage",
		SUB "anyeku_present", "a TLS certificate has anyExtendedKeyUsage", TAKE_OUT),
	T("tls-eku-precertificates", "BR 7.1.2.7.10", LINT_ERROR, TLS, purpose_precertificates, 0, "extKeyUsage",
		SUB "precertsigning_eku_present", "a TLS certificate has the purpose of precertificates", TAKE_OUT),
	T("tls-none-reserved", "BR 7.1.2.7.9", LINT_ERROR, TLS, none_reserved, 0, "certificatePolicies",
		"cabf.serverauth.subscriber_missing_reserved_policy_oid",
		"a TLS certificate has none of the Forum's reserved policies",
		"Issue again with the policy of its kind of validation."),
	T("tls-access-no-uri", "BR 7.1.2.7.7", LINT_ERROR, LINT_NOT_ROOT | LINT_PUBLIC | LINT_TLS, access_no_uri, 0,
		"authorityInfoAccess", "cabf.serverauth.aia_location_not_uri", "a location is no URI",
		"Issue again with http addresses."),
	T("tls-point-relative", "BR 7.1.2.11.2", LINT_ERROR, LINT_NOT_ROOT | LINT_PUBLIC | LINT_TLS, point_relative, 0,
		"cRLDistributionPoints", "cabf.serverauth.crldp_dpname_prohibited_field_present",
		"a list is named relative to its issuer", "Issue again with http addresses."),
	T("tls-san-kind", "BR 7.1.2.7.12", LINT_ERROR, TLS, san_kind, 0, "subjectAltName",
		"cabf.serverauth.prohibited_san_type", "a name is neither a dNSName nor an iPAddress", TAKE_OUT),
	T("tls-name-long", "BR 7.1.4.2", LINT_ERROR, TLS, name_long, 0, "subject",
		"cabf.serverauth.name_attribute_value_too_long", "a person's name has more than 64 characters",
		"Issue again with a shorter name."),
	T("ov-given", "BR 7.1.2.7.4", LINT_ERROR, TLS | LINT_OV, has_of_organization, AT_GIVEN, "subject",
		"cabf.serverauth.ov.given_name_attribute_present",
		"an organization-validated subject has a given name", TAKE_OUT),
	T("ov-surname", "BR 7.1.2.7.4", LINT_ERROR, TLS | LINT_OV, has_of_organization, AT_SURNAME, "subject",
		"cabf.serverauth.ov.surname_attribute_present", "an organization-validated subject has a surname",
		TAKE_OUT),
	T("ov-postal-code", "BR 7.1.2.7.4", LINT_WARN, TLS | LINT_OV, has, AT_POSTAL, "subject",
		"cabf.serverauth.ov.postal_code_attribute_present",
		"there is a postal code, which is not recommended", TAKE_OUT),
	T("ov-street", "BR 7.1.2.7.4", LINT_WARN, TLS | LINT_OV, has, AT_STREET, "subject",
		"cabf.serverauth.ov.street_address_attribute_present",
		"there is a street, which is not recommended", TAKE_OUT),
	T("iv-postal-code", "BR 7.1.2.7.3", LINT_WARN, TLS | LINT_IV, has, AT_POSTAL, "subject",
		"cabf.serverauth.iv.postal_code_attribute_present",
		"there is a postal code, which is not recommended", TAKE_OUT),
	T("iv-street", "BR 7.1.2.7.3", LINT_WARN, TLS | LINT_IV, has, AT_STREET, "subject",
		"cabf.serverauth.iv.street_address_attribute_present",
		"there is a street, which is not recommended", TAKE_OUT),
	T("ev-jurisdiction-unknown", "EVG 9.2.4", LINT_ERROR, TLS | LINT_EV, jurisdiction_unknown, 0, "subject",
		"cabf.serverauth.invalid_jurisdiction_country_code",
		"the country of jurisdiction is no code of ISO 3166-1", "Issue again with the country's two letters."),
	WORLD("ev-san-ip", "EVG 9.8.1", DAY(2012, 6, 8), 0, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_EV, san_ip, 0,
		"subjectAltName", "e_ev_san_ip_address_present",
		"an extended-validation certificate names an IP address", TAKE_OUT),
	WORLD("dns-redacted", "draft-strad-trans-redaction", 0, 0, LINT_NOTE, LINT_ALL, redacted, 0, "subjectAltName",
		"n_contains_redacted_dnsname", "a name is redacted", "Log the certificate with its names."),
	WORLD("subject-replaced", "RFC 3629 10", 0, 0, LINT_ERROR, LINT_ALL, replacement_character, 0, "subject",
		"e_utf8_replacement_char_in_subject",
		"an attribute holds the character that stands for one that was lost", "Issue again with the right text."),
	WORLD("subject-place-data", "BR 7.1.4.2", 0, 0, LINT_WARN, LINT_ALL | LINT_PUBLIC, place_suspicious, 0, "subject",
		"w_suspicious_chars_in_address", "a state or locality holds characters that names of places lack",
		"Issue again with the place's name alone."),
};
const struct lint_world_table lint_world_tables = {rows, ARRAY_LEN(rows)};
