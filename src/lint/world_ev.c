/* SPDX-License-Identifier: Apache-2.0 */
/* Extended validation, and the organization's identifier. */
#include "lint/chars.h"
#include "lint/orgid.h"
#include "lint/world.h"

#define HAVE(v, at) (lint_attr_of(&(v)->subj, at) != NULL)

static bool
lacks(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, s->arg);

	return !at || !at->value.n;
}

static bool
business_category(const struct lint_view *v, struct lint_spot *s)
{
	static const char *const known[] = {
		"Private Organization", "Government Entity", "Business Entity", "Non-Commercial Entity"};
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_BUSINESS);

	if (!at)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eq_c(str_of(at->value), known[i]))
			return false;
	return lint_spot_text(s, at->value);
}

/* EVG 9.2: nothing beside the attributes of the list. */
static bool
extra(const struct lint_view *v, struct lint_spot *s)
{
	const unsigned fine = 1U << AT_O | 1U << AT_CN | 1U << AT_BUSINESS | 1U << AT_JURISDICTION_C |
				     1U << AT_JURISDICTION_ST | 1U << AT_JURISDICTION_L | 1U << AT_SERIAL | 1U << AT_STREET |
				     1U << AT_L | 1U << AT_ST | 1U << AT_C | 1U << AT_POSTAL | 1U << AT_ORGANIZATION_ID |
				     1U << AT_OU;

	for (unsigned i = 0; i < v->subj.n; i++)
		if (!(fine & 1U << v->subj.attr[i].at))
			return lint_spot_oid(s, v->subj.attr[i].oid);
	return false;
}

static bool
jurisdiction(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return HAVE(v, AT_JURISDICTION_L) && !HAVE(v, AT_JURISDICTION_ST);
}

static bool
san_kinds(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag != GN_DNS)
			return lint_spot_text(s, v->san.p[i].value);
	return false;
}

static bool
no_cps(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->n_policies; i++)
		for (unsigned k = 0; k < v->policy[i].n; k++)
			if (IS_OID(v->policy[i].q[k].oid, "\x2b\x06\x01\x05\x05\x07\x02\x01"))
				return false;
	return v->n_policies;
}

/* -- organizationIdentifier */

/* The first one of the subject. 1: read; 0: there is none; -1: it is malformed. */
static int
subject_id(const struct lint_view *v, struct orgid *id)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);

	if (!at)
		return 0;
	return orgid_read(str_of(at->value), id) ? 1 : -1;
}

/* A scheme of a country's own (EN 319 412-1 5.1.4), "XX:GR-123": well formed, but none that the guidelines know. */
static bool
own_scheme(const struct lint_view *v)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);
	struct str s = at ? str_of(at->value) : (struct str){NULL, 0};

	if (s.n < 6 || s.p[2] != ':' || s.p[5] != '-')
		return false;
	for (size_t i = 0; i < 5; i++)
		if (i != 2 && (s.p[i] < 'A' || s.p[i] > 'Z'))
			return false;
	return true;
}

static bool
malformed(const struct lint_view *v, struct lint_spot *s)
{
	struct orgid id;

	return subject_id(v, &id) < 0 && !own_scheme(v) &&
	       lint_spot_text(s, lint_attr_of(&v->subj, AT_ORGANIZATION_ID)->value);
}

static bool
ev_scheme(const struct lint_view *v, struct lint_spot *s)
{
	struct orgid id;

	if (own_scheme(v))
		return lint_spot_text(s, lint_attr_of(&v->subj, AT_ORGANIZATION_ID)->value);
	return subject_id(v, &id) > 0 && !orgid_among(id.scheme, "NTR VAT PSD") && lint_spot_text(s,
		blob_of(id.scheme));
}

static bool
any_scheme(const struct lint_view *v, struct lint_spot *s)
{
	struct orgid id;
	bool mail = v->scope & LINT_MAIL_POLICY;

	if (own_scheme(v))
		return lint_spot_text(s, lint_attr_of(&v->subj, AT_ORGANIZATION_ID)->value);
	return subject_id(v, &id) > 0 && !orgid_among(id.scheme, mail ? "NTR VAT PSD GOV INT LEI" : "NTR VAT PSD") &&
	       lint_spot_text(s, blob_of(id.scheme));
}

static bool
id_country(const struct lint_view *v, struct lint_spot *s)
{
	struct orgid id;

	if (subject_id(v, &id) <= 0)
		return false;
	if (str_eq_c(id.scheme, "LEI") || str_eq_c(id.scheme, "INT"))
		return !str_eq_c(id.country, "XG") && lint_spot_text(s, blob_of(id.country));
	if (str_eq_c(id.scheme, "VAT") && (str_eq_c(id.country, "EL") || str_eq_c(id.country, "XI")))
		return false;
	return !lint_country_known(id.country) && lint_spot_text(s, blob_of(id.country));
}

/* EVG 9.2.8: the two characters of ISO 3166-2 for the part of the country. */
static bool
id_state(const struct lint_view *v, struct lint_spot *s)
{
	struct orgid id;

	if (subject_id(v, &id) <= 0 || !id.state.p)
		return false;
	for (size_t i = 0; i < id.state.n; i++) {
		char c = id.state.p[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
			return lint_spot_text(s, blob_of(id.state));
	}
	return id.state.n != 2 && lint_spot_text(s, blob_of(id.state));
}

static bool
id_state_scheme(const struct lint_view *v, struct lint_spot *s)
{
	struct orgid id;

	(void)s;
	return subject_id(v, &id) > 0 && id.state.p && !orgid_among(id.scheme, "NTR GOV");
}

static bool
id_reference(const struct lint_view *v, struct lint_spot *s)
{
	struct orgid id;

	(void)s;
	return subject_id(v, &id) > 0 && !id.reference.n && !str_eq_c(id.scheme, "GOV");
}

/* -- cabfOrganizationIdentifier (EVG 9.8.2): scheme, country, state, reference */

struct orgext {
	struct str scheme, country, state, reference;
};

static bool
read_text(struct cursor *c, struct str *ret)
{
	struct blob b;
	uint8_t tag;

	if (!der_next(c, &tag, &b, NULL))
		return false;
	*ret = str_of(b);
	return tag == DER_PRINTABLE_STRING || tag == DER_UTF8_STRING;
}

static bool
orgext_read(const struct lint_view *v, struct orgext *ret)
{
	struct cursor in;
	struct blob b;

	*ret = (struct orgext){0};
	if (!lint_open(v->x[LX_ORGID]->value, &in) || !read_text(&in, &ret->scheme) || !read_text(&in, &ret->country))
		return false;
	if (der_optional(&in, DER_CTX(0), &b))
		ret->state = str_of(b);
	return read_text(&in, &ret->reference) && der_done(&in);
}

static bool
ext_malformed(const struct lint_view *v, struct lint_spot *s)
{
	struct orgext x;

	(void)s;
	return v->x[LX_ORGID] && !orgext_read(v, &x);
}

static bool
ext_missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return HAVE(v, AT_ORGANIZATION_ID) && !v->x[LX_ORGID];
}

static bool
attribute_missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_ORGID] && !HAVE(v, AT_ORGANIZATION_ID);
}

static bool
differs(const struct lint_view *v, struct lint_spot *s)
{
	struct orgext x;
	struct orgid id;

	if (!v->x[LX_ORGID] || !orgext_read(v, &x) || !subject_id(v, &id))
		return false;
	if (subject_id(v, &id) < 0)
		return true;
	return (!str_eq(x.scheme, id.scheme) || !str_eq(x.country, id.country) || !str_eq(x.state, id.state) ||
		       !str_eq(x.reference, id.reference)) &&
	       lint_spot_text(s, blob_of(x.scheme));
}

#define E(id, source, from, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, place, aka, text, cure)
#define EV (LINT_LEAF | LINT_SELF | LINT_EV)
#define EV_TLS (LINT_LEAF | LINT_PUBLIC | LINT_EV)
#define PUT_IN "Issue again with the attribute."
#define TAKE_OUT "Issue again without the attribute."
#define REGISTER "Issue again with the identifier as ETSI EN 319 412-1 5.1.4 writes it: NTRUS+CA-12345."
#define ORGID DAY(2020, 1, 31)

static const struct lint_world_row rows[] = {
	E("ev-organization", "EVG 9.2.1", 0, LINT_ERROR, EV, lacks, AT_O, "subject",
		"e_ev_organization_name_missing "
		"cabf.ev_guidelines.organization_name_attribute_absent",
		"an extended-validation subject has no organization", PUT_IN),
	E("ev-country", "EVG 9.2.6", 0, LINT_ERROR, EV, lacks, AT_C, "subject",
		"e_ev_country_name_missing cabf.ev_guidelines.country_attribute_absent",
		"an extended-validation subject has no country", PUT_IN),
	E("ev-serial-number", "EVG 9.2.5", 0, LINT_ERROR, EV, lacks, AT_SERIAL, "subject",
		"e_ev_serial_number_missing cabf.ev_guidelines.serial_number_attribute_absent",
		"an extended-validation subject has no registration number", PUT_IN),
	E("ev-business-missing", "EVG 9.2.3", 0, LINT_ERROR, EV, lacks, AT_BUSINESS, "subject",
		"e_ev_business_category_missing cabf.ev_guidelines.business_category_attribute_absent",
		"an extended-validation subject has no business category", PUT_IN),
	E("ev-business-category", "EVG 9.2.3", 0, LINT_ERROR, EV, business_category, 0, "subject",
		"e_ev_invalid_business_category cabf.ev_guidelines.invalid_business_category",
		"the business category is none of the four",
		"Issue again with one of the four categories of EVG 9.2.3."),
	E("ev-jurisdiction", "EVG 9.2.4", BR_2, LINT_WARN, EV_TLS, lacks, AT_JURISDICTION_C, "subject",
		"cabf.ev_guidelines.jurisdiction_country_attribute_absent",
		"an extended-validation subject has no country of jurisdiction", PUT_IN),
	E("ev-jurisdiction-locality", "EVG 9.2.4", BR_2, LINT_ERROR, EV_TLS, jurisdiction, 0, "subject",
		"cabf.ev_guidelines.jurisdiction_locality_present_stateprovince_missing",
		"there is a locality of jurisdiction without its state", PUT_IN),
	E("ev-extra-attributes", "EVG 9.2.8", DAY(2020, 10, 1), LINT_ERROR, EV, extra, 0, "subject",
		"e_ev_extra_subject_attribs",
		"there is an attribute that the guidelines do not allow", TAKE_OUT),
	E("ev-san-kinds", "EVG 9.8.1", BR_2, LINT_ERROR, EV_TLS, san_kinds, 0, "subjectAltName",
		"cabf.ev_guidelines.prohibited_san_type", "a name is no dNSName", "Issue again with dNSNames alone."),
	E("ev-cps", "EVG 9.7", BR_2, LINT_NOTE, EV_TLS, no_cps, 0, "certificatePolicies",
		"cabf.ev_guidelines.cps_uri_policy_qualifier_missing", "no policy points to its practice statement",
		"Issue again with a CPS pointer."),
	E("orgid-format", "EVG 9.2.8", ORGID, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_EV, malformed, 0, "subject",
		"cabf.invalid_subject_organization_identifier_format", "organizationIdentifier is malformed", REGISTER),
	E("orgid-format-mail", "S/MIME BR A.1", SMIME_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_MAIL_POLICY,
		malformed, 0,
		"subject", "cabf.invalid_subject_organization_identifier_format", "organizationIdentifier is malformed",
		REGISTER),
	E("orgid-scheme-ev", "EVG 9.2.8", ORGID, LINT_ERROR, EV, ev_scheme, 0, "subject",
		"e_ev_invalid_orgid_reg_scheme",
		"organizationIdentifier is of a scheme that the guidelines do not know", REGISTER),
	E("orgid-scheme", "EVG 9.2.8", ORGID, LINT_ERROR, EV, any_scheme, 0, "subject",
		"cabf.invalid_organization_identifier_registration_scheme",
		"organizationIdentifier is of a scheme that the guidelines do not know", REGISTER),
	E("orgid-scheme-mail", "S/MIME BR A.1", SMIME_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_MAIL_POLICY,
		any_scheme, 0,
		"subject", "cabf.invalid_organization_identifier_registration_scheme",
		"organizationIdentifier is of an unknown scheme", REGISTER),
	E("orgid-country", "EVG 9.2.8", ORGID, LINT_ERROR, EV, id_country, 0, "subject",
		"cabf.invalid_organization_identifier_country",
		"organizationIdentifier has a country that there is not",
		REGISTER),
	E("orgid-country-mail", "S/MIME BR A.1", SMIME_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_MAIL_POLICY,
		id_country, 0,
		"subject", "cabf.invalid_organization_identifier_country",
		"organizationIdentifier has a country that there is not", REGISTER),
	E("orgid-state", "EVG 9.2.8", ORGID, LINT_ERROR, EV, id_state, 0, "subject",
		"cabf.invalid_organization_identifier_state_province_format",
		"organizationIdentifier has a state that is no code of ISO 3166-2", REGISTER),
	E("orgid-state-mail", "S/MIME BR A.1", SMIME_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_MAIL_POLICY,
		id_state, 0,
		"subject", "cabf.invalid_organization_identifier_state_province_format",
		"organizationIdentifier has a state that is no code of ISO 3166-2", REGISTER),
	E("orgid-state-scheme", "EVG 9.2.8", ORGID, LINT_ERROR, EV, id_state_scheme, 0, "subject",
		"cabf.invalid_subject_organization_identifier_state_province_for_scheme",
		"organizationIdentifier has a state, though its scheme has none", REGISTER),
	E("orgid-state-scheme-mail", "S/MIME BR A.1", SMIME_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_MAIL_POLICY,
		id_state_scheme, 0, "subject", "cabf.invalid_subject_organization_identifier_state_province_for_scheme",
		"organizationIdentifier has a state, though its scheme has none", REGISTER),
	E("orgid-reference", "EVG 9.2.8", ORGID, LINT_ERROR, EV, id_reference, 0, "subject",
		"cabf.organization_identifier_reference_missing_for_scheme", "organizationIdentifier has no number",
		REGISTER),
	E("orgid-reference-mail", "S/MIME BR A.1", SMIME_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_MAIL_POLICY,
		id_reference, 0, "subject", "cabf.organization_identifier_reference_missing_for_scheme",
		"organizationIdentifier has no number", REGISTER),
	E("orgid-extension-malformed", "EVG 9.8.2", ORGID, LINT_ERROR, EV, ext_malformed, 0,
		"cabfOrganizationIdentifier", "",
		"the value of cabfOrganizationIdentifier cannot be read", REGISTER),
	E("orgid-extension-missing", "EVG 9.8.2", ORGID, LINT_ERROR, EV, ext_missing, 0, "extensions",
		"e_ev_organization_id_missing cabf.serverauth.organization_identifier_extension_absent",
		"there is an organizationIdentifier, but not its extension", "Issue again with the extension."),
	E("orgid-attribute-missing", "EVG 9.8.2", ORGID, LINT_ERROR, EV, attribute_missing, 0, "subject",
		"", "there is the extension of the organization's identifier, but not the attribute",
		PUT_IN),
	E("orgid-differs", "EVG 9.8.2", ORGID, LINT_ERROR, EV, differs, 0, "cabfOrganizationIdentifier",
		"e_ev_orgid_inconsistent_subj_and_ext cabf.serverauth.organization_identifier_mismatched_value",
		"the extension and the attribute of the organization's identifier differ", REGISTER),
};
const struct lint_world_table lint_world_ev = {rows, ARRAY_LEN(rows)};
