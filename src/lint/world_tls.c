/* SPDX-License-Identifier: Apache-2.0 */
/* What the kinds of TLS certificates hold: domain-, individual- and organization-validated ones, CAs. */
#include "lint/chars.h"
#include "lint/world.h"

#define HAVE(v, at) (lint_attr_of(&(v)->subj, at) != NULL)

static bool
has(const struct lint_view *v, struct lint_spot *s)
{
	return HAVE(v, s->arg);
}

static bool
lacks(const struct lint_view *v, struct lint_spot *s)
{
	return !HAVE(v, s->arg);
}

static bool
no_place(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !HAVE(v, AT_ST) && !HAVE(v, AT_L);
}

/* arg: the kinds of attributes that may stand, as bits. */
static bool
other_attribute(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++) {
		const struct lint_attr *at = &v->subj.attr[i];

		if (at->tag && !(s->arg & 1U << at->at))
			return lint_spot_oid(s, at->oid);
	}
	return false;
}

#define AT(kind) (1U << AT_##kind)
#define PLACES (AT(C) | AT(ST) | AT(L) | AT(POSTAL) | AT(STREET))
#define OF_DV (AT(C) | AT(CN))
#define OF_ORGANIZATION (PLACES | AT(O) | AT(CN) | AT(DC) | AT(SURNAME) | AT(GIVEN) | AT(OU))
#define OF_EV                                                                                         \
	(PLACES | AT(O) | AT(CN) | AT(SERIAL) | AT(BUSINESS) | AT(JURISDICTION_C) | AT(JURISDICTION_ST) | \
		AT(JURISDICTION_L) | AT(ORGANIZATION_ID))
#define OF_CA (PLACES | AT(O) | AT(CN) | AT(OU) | AT(DC))

static bool
no_person(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !HAVE(v, AT_O) && (!HAVE(v, AT_GIVEN) || !HAVE(v, AT_SURNAME));
}

static bool
no_full_person(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !HAVE(v, AT_GIVEN) || !HAVE(v, AT_SURNAME);
}

/* BR 7.1.2.7.6 and 7.1.2.10.3: the extensions of the tables. */
static bool
other_extension(const struct lint_view *v, struct lint_spot *s)
{
	static const enum lint_x leaf[] = {LX_AIA, LX_AKI, LX_POLICIES, LX_EKU, LX_SAN, LX_NAMES, LX_USAGE, LX_BASIC,
		LX_CDP,
		LX_SCT, LX_SKI, LX_POISON, LX_ORGID};
	static const enum lint_x ca[] = {LX_AIA, LX_AKI, LX_POLICIES, LX_EKU, LX_NAMES, LX_USAGE, LX_BASIC, LX_CDP,
		LX_SCT,
		LX_SKI};
	const enum lint_x *list = v->ca ? ca : leaf;
	size_t n = v->ca ? ARRAY_LEN(ca) : ARRAY_LEN(leaf);

	for (unsigned i = 0; i < v->n_ext; i++) {
		bool known = false;

		for (size_t k = 0; k < n && !known; k++)
			known = v->x[list[k]] && blob_eq(v->x[list[k]]->oid, v->ext[i].oid);
		if (!known)
			return lint_spot_oid(s, v->ext[i].oid);
	}
	return false;
}

/* -- keyUsage of a subscriber (BR 7.1.2.7.11) */

static bool
usage_required(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	if (!v->x[LX_USAGE])
		return false;
	if (v->key == LINT_KEY_EC)
		return !(v->key_usage & KU(KU_SIGN));
	return v->key == LINT_KEY_RSA && !(v->key_usage & (KU(KU_SIGN) | KU(KU_KEY_ENC)));
}

static bool
usage_recommended(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->x[LX_USAGE] && !(v->key_usage & KU(KU_SIGN)) &&
	       (v->key_usage & KU(KU_KEY_ENC));
}

static bool
usage_discouraged(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (v->key == LINT_KEY_EC && (v->key_usage & KU(KU_AGREE))) ||
	       (v->key == LINT_KEY_RSA && (v->key_usage & KU(KU_DATA_ENC)));
}

static bool
usage_prohibited(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	if (v->key == LINT_KEY_EC)
		return v->key_usage & ~(KU(KU_SIGN) | KU(KU_AGREE));
	return v->key == LINT_KEY_RSA && (v->key_usage & ~(KU(KU_SIGN) | KU(KU_KEY_ENC) | KU(KU_DATA_ENC)));
}

/* -- purposes of CAs */

static bool
ca_eku_mixed(const struct lint_view *v, struct lint_spot *s)
{
	static const unsigned never[] = {KP_CODE, KP_MAIL, KP_STAMP, KP_OCSP};

	(void)s;
	if (lint_has_eku(v, OID_ANY_EKU))
		return v->n_ekus > 1;
	for (size_t i = 0; lint_has_kp(v, KP_SERVER) && i < ARRAY_LEN(never); i++)
		if (lint_has_kp(v, never[i]))
			return true;
	return false;
}

static bool
not_constrained(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_EKU] && !lint_has_kp(v, KP_SERVER) && !lint_has_kp(v, KP_CLIENT);
}

/* A root that another one signs is a CA under any policy whose name says what it is. */
static bool
cross_root(const struct lint_view *v)
{
	const struct lint_attr *cn = lint_attr_of(&v->subj, AT_CN);

	return cn && lint_contains(str_of(cn->value), "root") && lint_has_policy(v, OID_ANY_POLICY);
}

/* Mozilla 5.3: purposes there are, not any, and not TLS and mail together. */
static bool
mozilla_eku(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	/* one that CAs cross-sign is a root of its own: it keeps its purposes open, and is named so */
	if (!v->x[LX_EKU])
		return !cross_root(v);
	return lint_has_eku(v, OID_ANY_EKU) || (lint_has_kp(v, KP_SERVER) && lint_has_kp(v, KP_MAIL));
}

static bool
ca_eku_unknown(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_ekus; i++) {
		struct blob o = v->eku_oid[i];
		bool kp = o.n == 8 && memcmp(o.p, "\x2b\x06\x01\x05\x05\x07\x03", 7) == 0;

		if (!(kp && (o.p[7] <= KP_MAIL || o.p[7] == KP_STAMP || o.p[7] == KP_OCSP)) && !blob_eq(o, OID_ANY_EKU))
			return lint_spot_oid(s, o);
	}
	return false;
}

static bool
non_tls_ocsp(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_kp(v, KP_OCSP) && !lint_has_kp(v, KP_SERVER);
}

static bool
precert_signer(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_eku(v, OID_BODY("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04"));
}

#define T(id, source, from, until, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, source, from, until, severity, scope, fn, arg, place, aka, text, cure)
#define S(id, from, until, severity, scope, fn, arg, aka, text, cure) \
	T(id, "BR 7.1.2.7", from, until, severity, scope, fn, arg, "subject", aka, text, cure)
#define LEAF (LINT_LEAF | LINT_SELF)
#define TLS (LINT_LEAF | LINT_PUBLIC | LINT_TLS)
#define TAKE_OUT "Issue again without the attribute."
#define PUT_IN "Issue again with the attribute."
#define FIX_KU "Issue again with digitalSignature, and keyEncipherment for RSA without it."
#define CONFLICT(id, at, aka, what) \
	S("dv-" id, 0, BR_2, LINT_ERROR, LEAF | LINT_BR | LINT_DV, has, at, aka, \
		"a domain-validated subject has " what, TAKE_OUT)

static const struct lint_world_row rows[] = {
	CONFLICT("organization", AT_O, "e_cab_dv_conflicts_with_org", "an organization"),
	CONFLICT("locality", AT_L, "e_cab_dv_conflicts_with_locality", "a locality"),
	CONFLICT("state", AT_ST, "e_cab_dv_conflicts_with_province", "a state"),
	CONFLICT("postal-code", AT_POSTAL, "e_cab_dv_conflicts_with_postal", "a postal code"),
	CONFLICT("street", AT_STREET, "e_cab_dv_conflicts_with_street", "a street"),
	S("dv-attributes", BR_2, 0, LINT_ERROR, LEAF | LINT_BR | LINT_DV, other_attribute, OF_DV,
		"e_cab_dv_subject_invalid_values cabf.serverauth.dv.unknown_attribute_present",
		"a domain-validated subject holds more than country and common name", TAKE_OUT),
	S("dv-cn", BR_2, 0, LINT_WARN, TLS | LINT_DV, has, AT_CN, "cabf.serverauth.dv.common_name_attribute_present",
		"there is a common name, which is not recommended", TAKE_OUT),
	S("ov-cn", BR_2, 0, LINT_WARN, TLS | LINT_OV, has, AT_CN, "cabf.serverauth.ov.common_name_attribute_present",
		"there is a common name, which is not recommended", TAKE_OUT),
	S("iv-cn", BR_2, 0, LINT_WARN, TLS | LINT_IV, has, AT_CN, "cabf.serverauth.iv.common_name_attribute_present",
		"there is a common name, which is not recommended", TAKE_OUT),
	S("ev-cn", BR_2, 0, LINT_WARN, TLS | LINT_EV, has, AT_CN, "cabf.ev_guidelines.common_name_attribute_present",
		"there is a common name, which is not recommended", TAKE_OUT),
	S("any-cn", BR_2, 0, LINT_WARN, LINT_LEAF | LINT_BR, has, AT_CN,
		"w_subject_common_name_included",
		"there is a common name, which is not recommended", TAKE_OUT),
	S("ov-organization", BR_1, 0, LINT_ERROR, LEAF | LINT_BR | LINT_OV, lacks, AT_O,
		"e_cab_ov_requires_org cabf.serverauth.ov.organization_name_attribute_absent",
		"an organization-validated subject has no organization", PUT_IN),
	S("ov-country", BR_1, 0, LINT_ERROR, LEAF | LINT_BR | LINT_OV, lacks, AT_C,
		"e_cert_policy_ov_requires_country cabf.serverauth.ov.country_attribute_absent",
		"an organization-validated subject has no country", PUT_IN),
	S("ov-place", BR_1, 0, LINT_ERROR, LEAF | LINT_BR | LINT_OV, no_place, 0,
		"e_cert_policy_ov_requires_province_or_locality "
		"cabf.serverauth.subscriber_stateprovince_and_locality_missing",
		"an organization-validated subject has neither state nor locality", PUT_IN),
	S("ov-unit", BR_2, 0, LINT_ERROR, TLS | LINT_OV, has, AT_OU,
		"cabf.serverauth.ov.organizational_unit_name_attribute_present", "there is an organizational unit",
		TAKE_OUT),
	S("ov-attributes", BR_2, 0, LINT_WARN, TLS | LINT_OV, other_attribute, OF_ORGANIZATION,
		"cabf.serverauth.ov.unknown_attribute_present", "there is an attribute that the table does not know",
		TAKE_OUT),
	S("iv-person", BR_1, 0, LINT_ERROR, LEAF | LINT_BR | LINT_IV, no_person, 0, "e_cab_iv_requires_personal_name",
		"an individual-validated subject has neither a person's name in full nor an organization", PUT_IN),
	S("iv-person-strict", BR_2, 0, LINT_ERROR, LEAF | LINT_BR | LINT_IV, no_full_person, 0,
		"e_cab_iv_requires_personal_name_strict",
		"an individual-validated subject lacks given name or surname", PUT_IN),
	S("iv-given", BR_2, 0, LINT_ERROR, TLS | LINT_IV, lacks, AT_GIVEN,
		"cabf.serverauth.iv.given_name_attribute_absent",
		"an individual-validated subject has no given name", PUT_IN),
	S("iv-surname", BR_2, 0, LINT_ERROR, TLS | LINT_IV, lacks, AT_SURNAME,
		"cabf.serverauth.iv.surname_attribute_absent",
		"an individual-validated subject has no surname", PUT_IN),
	S("iv-organization", BR_2, 0, LINT_WARN, TLS | LINT_IV, has, AT_O,
		"cabf.serverauth.iv.organization_name_attribute_present",
		"an individual-validated subject has an organization, which is not recommended", TAKE_OUT),
	S("iv-unit", BR_2, 0, LINT_ERROR, TLS | LINT_IV, has, AT_OU,
		"cabf.serverauth.iv.organizational_unit_name_attribute_present", "there is an organizational unit",
		TAKE_OUT),
	S("iv-attributes", BR_2, 0, LINT_WARN, TLS | LINT_IV, other_attribute, OF_ORGANIZATION,
		"cabf.serverauth.iv.unknown_attribute_present", "there is an attribute that the table does not know",
		TAKE_OUT),
	S("iv-country", DAY(2015, 9, 28), 0, LINT_ERROR, LEAF | LINT_BR | LINT_IV, lacks, AT_C,
		"e_cert_policy_iv_requires_country cabf.serverauth.iv.country_attribute_absent",
		"an individual-validated subject has no country", PUT_IN),
	S("iv-place", DAY(2015, 9, 28), 0, LINT_ERROR, LEAF | LINT_BR | LINT_IV, no_place, 0,
		"e_cert_policy_iv_requires_province_or_locality "
		"cabf.serverauth.subscriber_stateprovince_and_locality_missing",
		"an individual-validated subject has neither state nor locality", PUT_IN),
	S("ev-attributes", BR_2, 0, LINT_ERROR, TLS | LINT_EV, other_attribute, OF_EV | AT(DC),
		"cabf.ev_guidelines.unknown_attribute_present",
		"there is an attribute that the guidelines do not allow", TAKE_OUT),

	T("leaf-extensions", "BR 7.1.2.7.6", BR_2, 0, LINT_NOTE, TLS, other_extension, 0, "extensions",
		"cabf.serverauth.subscriber.unknown_extension_present",
		"there is an extension that the table does not know",
		"Leave the extension out where nobody needs it."),
	T("ca-extensions", "BR 7.1.2.10.3", BR_2, 0, LINT_WARN, LINT_SUB_CA | LINT_BR, other_extension, 0, "extensions",
		"cabf.serverauth.ca.unknown_extension_present", "there is an extension that the table does not know",
		"Leave the extension out where nobody needs it."),
	T("root-extensions", "BR 7.1.2.1.2", BR_2, 0, LINT_WARN, LINT_ROOT | LINT_PUBLIC, other_extension, 0,
		"extensions",
		"cabf.serverauth.root.unknown_extension_present", "there is an extension that the table does not know",
		"Leave the extension out where nobody needs it."),
	T("ca-attributes", "BR 7.1.2.10.2", BR_2, 0, LINT_WARN, LINT_CA | LINT_PUBLIC, other_attribute, OF_CA,
		"subject",
		"cabf.serverauth.ca.unknown_attribute_present", "there is an attribute that the table does not know",
		TAKE_OUT),

	T("ku-tls-required", "BR 7.1.2.7.11", BR_2, 0, LINT_ERROR, TLS, usage_required, 0, "keyUsage",
		"cabf.serverauth.subscriber_required_ku_missing", "keyUsage lacks what a TLS server needs", FIX_KU),
	T("ku-tls-recommended", "BR 7.1.2.7.11", BR_2, 0, LINT_WARN, TLS, usage_recommended, 0, "keyUsage",
		"cabf.serverauth.subscriber_recommended_ku_missing", "keyUsage lacks digitalSignature", FIX_KU),
	T("ku-tls-discouraged", "BR 7.1.2.7.11", BR_2, 0, LINT_WARN, TLS, usage_discouraged, 0, "keyUsage",
		"cabf.serverauth.subscriber_discouraged_ku_present", "keyUsage names what is not recommended", FIX_KU),
	T("ku-tls-prohibited", "BR 7.1.2.7.11", BR_2, 0, LINT_ERROR, TLS, usage_prohibited, 0, "keyUsage",
		"cabf.serverauth.subscriber_prohibited_ku_present", "keyUsage names what a TLS server must not",
		FIX_KU),

	T("eku-ca-mixed", "BR 7.1.2.10.6", BR_2, 0, LINT_ERROR, LINT_SUB_CA | LINT_BR, ca_eku_mixed, 0, "extKeyUsage",
		"e_ca_invalid_eku", "a TLS CA has purposes that do not go together", "Use one CA for each purpose."),
	T("eku-ca-constrained", "BR 7.1.5", DAY(2013, 2, 21), 0, LINT_NOTE, LINT_SUB_CA, not_constrained, 0,
		"extKeyUsage",
		"n_sub_ca_eku_not_technically_constrained",
		"a subordinate CA has purposes, but neither serverAuth nor clientAuth", "Use one CA for each purpose."),
	T("eku-ca-mozilla", "Mozilla 5.3", DAY(2019, 1, 1), 0, LINT_NOTE, LINT_SUB_CA | LINT_PUBLIC, mozilla_eku, 0,
		"extKeyUsage", "n_mp_allowed_eku",
		"an intermediate CA has no purposes, any purpose, or TLS and mail together",
		"Use one CA for each purpose."),
	T("eku-ca-unknown", "BR 7.1.2.10.6", BR_2, 0, LINT_WARN, LINT_SUB_CA | LINT_PUBLIC | LINT_TLS,
		ca_eku_unknown, 0,
		"extKeyUsage", "cabf.serverauth.ca.unknown_eku_present",
		"a TLS CA has a purpose that the table does not know",
		"Use one CA for each purpose."),
	T("eku-ca-other-ocsp", "BR 7.1.2.3", BR_2, 0, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC, non_tls_ocsp, 0,
		"extKeyUsage",
		"cabf.serverauth.non_tls_ca.ocspsigning_eku_present", "a CA that is not for TLS may sign OCSP answers",
		"Use a certificate of its own for OCSP."),
	T("eku-ca-precertificates", "BR 7.1.2.4", DAY(2026, 3, 15), 0, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC,
		precert_signer,
		0, "extKeyUsage", "cabf.serverauth.ca.precertificate_signing_ca_issued_after_prohibition",
		"a CA that signs precertificates alone is no longer allowed",
		"Sign precertificates with the issuing CA."),
};
const struct lint_world_table lint_world_tls = {rows, ARRAY_LEN(rows)};
