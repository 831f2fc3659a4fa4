/* SPDX-License-Identifier: Apache-2.0 */
/* ETSI EN 319 412-1 to -4 and TS 119 495: names, purposes and addresses of certificates under ETSI's policies. */
#include "lint/chars.h"
#include "lint/orgid.h"
#include "lint/world.h"

#define HAVE(dn, at) (lint_attr_of(dn, at) != NULL)

static bool
critical(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg] && v->x[s->arg]->critical;
}

static bool
missing(const struct lint_view *v, struct lint_spot *s)
{
	return !v->x[s->arg];
}

/* Of an organization, not of a person. */
static bool
legal(const struct lint_view *v)
{
	return HAVE(&v->subj, AT_O) && !HAVE(&v->subj, AT_GIVEN) && !HAVE(&v->subj, AT_SURNAME) &&
	       !HAVE(&v->subj, AT_PSEUDONYM);
}

static bool
legal_lacks(const struct lint_view *v, struct lint_spot *s)
{
	return legal(v) && !HAVE(&v->subj, s->arg);
}

static bool
legal_country(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_C);

	return legal(v) && at && !lint_country_known(str_of(at->value)) && lint_spot_text(s, at->value);
}

static bool
issuer_lacks(const struct lint_view *v, struct lint_spot *s)
{
	return !HAVE(&v->iss, s->arg);
}

static bool
natural_twice(const struct lint_view *v, struct lint_spot *s)
{
	bool person = HAVE(&v->subj, AT_GIVEN) || HAVE(&v->subj, AT_SURNAME) || HAVE(&v->subj, AT_PSEUDONYM);

	(void)s;
	return person && lint_attr_count(&v->subj, AT_CN) > 1;
}

/* EN 319 412-2 4.3.2: signing and wrapping keys do not go together. */
static bool
mixed_usage(const struct lint_view *v, struct lint_spot *s)
{
	unsigned wrap = KU(KU_KEY_ENC) | KU(KU_AGREE) | KU(KU_DATA_ENC);

	(void)s;
	return (v->key_usage & (KU(KU_SIGN) | KU(KU_COMMIT))) && (v->key_usage & wrap);
}

static bool
curve(const struct lint_view *v, struct lint_spot *s)
{
	static const struct blob fine[] = {
		OID_BODY("\x2a\x86\x48\xce\x3d\x03\x01\x07"),
		OID_BODY("\x2b\x81\x04\x00\x22"),
		OID_BODY("\x2b\x81\x04\x00\x23"),
	};

	for (size_t i = 0; i < ARRAY_LEN(fine); i++)
		if (blob_eq(v->curve, fine[i]))
			return false;
	return v->key == LINT_KEY_EC && lint_spot_oid(s, v->curve);
}

/* -- addresses */

static bool
cdp_scheme(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->cdp.n; i++)
		for (unsigned k = 0; k < v->cdp.p[i].full.n; k++) {
			struct str uri = str_of(v->cdp.p[i].full.p[k].value);

			if (lint_uri_scheme(uri, "http") || lint_uri_scheme(uri, "ldap"))
				return false;
		}
	return v->x[LX_CDP];
}

static bool
issuer_address(const struct lint_view *v, struct lint_spot *s)
{
	bool any = false;

	(void)s;
	for (unsigned i = 0; i < v->aia.n; i++) {
		struct str uri = str_of(v->aia.p[i].where.value);

		if (!IS_OID(v->aia.p[i].method, "\x2b\x06\x01\x05\x05\x07\x30\x02"))
			continue;
		any = true;
		if (lint_uri_scheme(uri, "http") || lint_uri_scheme(uri, "https"))
			return false;
	}
	return any;
}

/* -- policies */

static unsigned
count_policies(const struct lint_view *v, struct blob arc)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_policies; i++)
		n += v->policy[i].oid.n == arc.n + 1 && memcmp(v->policy[i].oid.p, arc.p, arc.n) == 0;
	return n;
}

static bool
several_policies(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return count_policies(v, OID_BODY("\x04\x00\x8f\x7a\x01")) > 1;
}

static bool
several_qualified(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return count_policies(v, OID_BODY("\x04\x00\x8b\xec\x40\x01")) > 1;
}

/* EVCP is for extended validation, the other ones are not. */
static bool
policy_of_other(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_policies; i++) {
		struct blob o = v->policy[i].oid;

		if (o.n == 6 && memcmp(o.p, "\x04\x00\x8f\x7a\x01", 5) == 0 && o.p[5] != 4)
			return lint_spot_oid(s, o);
	}
	return false;
}

static bool
unknown_qualified(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_policies; i++) {
		struct blob o = v->policy[i].oid;

		if (o.n == 7 && memcmp(o.p, "\x04\x00\x8b\xec\x40\x01", 6) == 0 && o.p[6] > 6)
			return lint_spot_oid(s, o);
	}
	return false;
}

/* -- websites */

static bool
web_cn(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++) {
		bool found = false;

		if (v->subj.attr[i].at != AT_CN)
			continue;
		for (unsigned k = 0; k < v->san.n && !found; k++)
			found = v->san.p[k].tag == GN_DNS &&
				str_eq_nocase(str_of(v->san.p[k].value), str_of(v->subj.attr[i].value));
		if (!found)
			return lint_spot_text(s, v->subj.attr[i].value);
	}
	return false;
}

static bool
unknown_tld(const struct lint_view *v, struct str name)
{
	struct str tld = lint_label(name, 0);
	char room[64];

	return v->conf->tld_known && tld.n && tld.n <= sizeof(room) &&
	       !v->conf->tld_known(lint_lower(tld, room, sizeof(room)));
}

static bool
internal_name(const struct lint_view *v, struct lint_spot *s)
{
	struct lint_uri uri;

	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_DNS && unknown_tld(v, str_of(v->san.p[i].value)))
			return lint_spot_text(s, v->san.p[i].value);
	for (unsigned i = 0; i < v->aia.n; i++)
		if (lint_uri_read(str_of(v->aia.p[i].where.value), &uri) && uri.host.n && unknown_tld(v, uri.host))
			return lint_spot_text(s, v->aia.p[i].where.value);
	return false;
}

/* -- semantics of identifiers (EN 319 412-1 5.1) */

/* A scheme of a country's own: two letters, a colon, the country. */
static bool
own_scheme(const struct lint_attr *at)
{
	return at && at->value.n > 5 && at->value.p[2] == ':' && at->value.p[0] >= 'A' && at->value.p[0] <= 'Z';
}

static bool
national(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, s->arg);

	return own_scheme(at) && lint_spot_text(s, at->value);
}

/* SemanticsInformation: {OID optional, GeneralNames of the registration authorities optional}. */
static bool
authorities(const struct lint_view *v, struct cursor *ret)
{
	struct cursor in;

	for (unsigned i = 0; i < v->n_qc; i++) {
		if (!IS_OID(v->qc[i].oid, "\x2b\x06\x01\x05\x05\x07\x0b\x02") || !v->qc[i].info.n ||
			!lint_open(v->qc[i].info, &in))
			continue;
		der_optional(&in, DER_OID, NULL);
		if (der_peek(&in) == DER_SEQUENCE)
			return der_open(&in, DER_SEQUENCE, ret);
	}
	return false;
}

static bool
no_authorities(const struct lint_view *v, struct lint_spot *s)
{
	struct cursor in;

	return own_scheme(lint_attr_of(&v->subj, s->arg)) && !authorities(v, &in);
}

static bool
no_authority_uri(const struct lint_view *v, struct lint_spot *s)
{
	struct cursor in;
	uint8_t tag;

	if (!own_scheme(lint_attr_of(&v->subj, s->arg)) || !authorities(v, &in))
		return false;
	while (der_peek(&in) && der_next(&in, &tag, NULL, NULL))
		if (tag == GN_URI)
			return false;
	return true;
}

static bool
scheme_unknown(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);
	struct orgid id;

	if (!at || own_scheme(at) || !orgid_read(str_of(at->value), &id))
		return false;
	return !orgid_among(id.scheme, "NTR VAT PSD LEI GOV INT EID") && lint_spot_text(s, blob_of(id.scheme));
}

/* EN 319 412-1 5.1.5 and 5.1.6: the identifiers of the eIDAS attribute profiles, where the statement says so. */
static bool
semantics(const struct lint_view *v, uint8_t n)
{
	struct cursor in;
	struct blob oid;

	for (unsigned i = 0; i < v->n_qc; i++)
		if (IS_OID(v->qc[i].oid, "\x2b\x06\x01\x05\x05\x07\x0b\x02") && lint_open(v->qc[i].info, &in) &&
			der_get(&in, DER_OID, &oid) && oid.n == 7 &&
			memcmp(oid.p, "\x04\x00\x8b\xec\x49\x01", 6) == 0 && oid.p[6] == n)
			return true;
	return false;
}

enum { EIDAS_NATURAL = 3, EIDAS_LEGAL = 4 };

static bool
eidas_long(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);

	return at && semantics(v, EIDAS_LEGAL) && at->value.n > 256 && lint_spot_text(s, at->value);
}

static bool
eidas_blank(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);

	if (!at || !semantics(v, EIDAS_LEGAL))
		return false;
	for (size_t i = 0; i < at->value.n; i++)
		if (at->value.p[i] == ' ' || (at->value.p[i] >= '\t' && at->value.p[i] <= '\r'))
			return lint_spot_text(s, at->value);
	return false;
}

enum eidas_fault { NO_FORM, NO_SLASH, NO_COUNTRY };

/* "AT/DE/1234": the countries that gave and take the identifier, and what the former calls him. */
static bool
eidas_person(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_SERIAL);
	const uint8_t *p;
	bool fault = false;

	if (!at || !semantics(v, EIDAS_NATURAL))
		return false;
	p = at->value.p;
	if (at->value.n < 7)
		return s->arg == NO_FORM && lint_spot_text(s, at->value);
	switch ((enum eidas_fault)s->arg) {
	case NO_FORM:
		break;
	case NO_SLASH:
		fault = p[2] != '/' || p[5] != '/';
		break;
	case NO_COUNTRY:
		fault = !lint_country_known((struct str){(const char *)p, 2}) ||
			!lint_country_known((struct str){(const char *)p + 3, 2});
		break;
	}
	return fault && lint_spot_text(s, at->value);
}

/* -- payment services (TS 119 495 5): {roles, name and identifier of the authority} */

struct psd2 {
	struct cursor roles;
	struct blob name, id;
};

static bool
psd2_read(const struct lint_view *v, struct psd2 *p)
{
	struct cursor in;

	for (unsigned i = 0; i < v->n_qc; i++)
		if (IS_OID(v->qc[i].oid, "\x04\x00\x81\x98\x27\x02"))
			return v->qc[i].info.n && lint_open(v->qc[i].info, &in) &&
			       der_open(&in, DER_SEQUENCE, &p->roles) && der_get(&in, DER_UTF8_STRING, &p->name) &&
			       der_get(&in, DER_UTF8_STRING, &p->id);
	return false;
}

/* The number of a role; 0: unknown. *ret: what it is called in the certificate. */
static unsigned
next_role(struct cursor *roles, struct blob *ret)
{
	struct cursor one;
	struct blob oid;

	*ret = (struct blob){NULL, 0};
	if (!der_open(roles, DER_SEQUENCE, &one) || !der_get(&one, DER_OID, &oid) || !der_get(&one, DER_UTF8_STRING,
		ret))
		return 0;
	return oid.n == 7 && memcmp(oid.p, "\x04\x00\x81\x98\x27\x01", 6) == 0 && oid.p[6] <= 4 ? oid.p[6] : 0;
}

/* The number of the role of this name; 0: there is none. */
static unsigned
role_of(struct str name)
{
	static const char *const names[] = {"PSP_AS", "PSP_PI", "PSP_AI", "PSP_IC"};

	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_c(name, names[i]))
			return i + 1;
	return 0;
}

static bool
role_unknown(const struct lint_view *v, struct lint_spot *s)
{
	struct psd2 p;
	struct blob name;

	if (!psd2_read(v, &p))
		return false;
	while (der_peek(&p.roles))
		if (!next_role(&p.roles, &name) || !role_of(str_of(name)))
			return lint_spot_text(s, name);
	return false;
}

static bool
role_mismatch(const struct lint_view *v, struct lint_spot *s)
{
	struct psd2 p;
	struct blob name;

	if (!psd2_read(v, &p))
		return false;
	while (der_peek(&p.roles)) {
		unsigned n = next_role(&p.roles, &name);

		if (n && role_of(str_of(name)) && role_of(str_of(name)) != n)
			return lint_spot_text(s, name);
	}
	return false;
}

static bool
authority_latin(const struct lint_view *v, struct lint_spot *s)
{
	struct psd2 p;

	if (!psd2_read(v, &p))
		return false;
	return !lint_ascii(p.name) && lint_spot_text(s, p.name);
}

/* "CC-ABCD": a country, a hyphen, two to eight capitals. */
static bool
authority_structure(const struct lint_view *v, struct lint_spot *s)
{
	struct psd2 p;

	return psd2_read(v, &p) && !(p.id.n > 3 && p.id.p[2] == '-') && lint_spot_text(s, p.id);
}

static bool
authority_id(const struct lint_view *v, struct lint_spot *s)
{
	struct psd2 p;

	if (!psd2_read(v, &p) || p.id.n <= 3 || p.id.p[2] != '-')
		return false;
	if (p.id.n < 5 || p.id.n > 11 || !lint_country_known((struct str){(const char *)p.id.p, 2}))
		return lint_spot_text(s, p.id);
	for (size_t i = 3; i < p.id.n; i++)
		if (p.id.p[i] < 'A' || p.id.p[i] > 'Z')
			return lint_spot_text(s, p.id);
	return false;
}

/* "PSDCC-AUTHORITY-number", or another scheme of three letters. */
static bool
psd_identifier(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);
	struct orgid id;

	if (!at)
		return false;
	if (!orgid_read(str_of(at->value), &id) || !orgid_among(id.scheme, "PSD NTR VAT LEI"))
		return lint_spot_text(s, at->value);
	return str_eq_c(id.scheme, "PSD") && str_find(id.reference, '-') < 0 && lint_spot_text(s, at->value);
}

static bool
no_extensions(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->version == 3 && !v->has_exts;
}

#define Z(id, source, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, source, 0, 0, severity, scope, fn, arg, place, aka, text, cure)
#define LEAF (LINT_LEAF | LINT_SELF)
#define ETSI (LEAF | LINT_ETSI)
#define IDENTIFIER "Issue again with the identifier as EN 319 412-1 5.1 writes it: AT/DE/1234."
#define PAY (LEAF | LINT_PSD2)
#define EN1 "ETSI EN 319 412-1"
#define EN2 "ETSI EN 319 412-2"
#define EN3 "ETSI EN 319 412-3"
#define EN4 "ETSI EN 319 412-4"
#define TS "ETSI TS 119 495"
#define PUT_IN "Issue again with the attribute."
#define AGAIN "Issue again as the standard says."

static const struct lint_world_row rows[] = {
	Z("etsi-legal-cn", EN3 " 4.2.1", LINT_ERROR, ETSI, legal_lacks, AT_CN, "subject",
		"etsi.en_319_412_3.leg-4.2.1-2.common_name_attribute_absent",
		"an organization's subject has no common name",
		PUT_IN),
	Z("etsi-legal-id", EN3 " 4.2.1", LINT_ERROR, ETSI, legal_lacks, AT_ORGANIZATION_ID, "subject",
		"etsi.en_319_412_3.leg-4.2.1-2.organization_identifier_attribute_absent",
		"an organization's subject has no organizationIdentifier", PUT_IN),
	Z("etsi-legal-country-missing", EN3 " 4.2.1", LINT_ERROR, ETSI, legal_lacks, AT_C, "subject",
		"etsi.en_319_412_3.leg-4.2.1-2.country_attribute_absent", "an organization's subject has no country",
		PUT_IN),
	Z("etsi-legal-country", EN3 " 4.2.1", LINT_NOTE, ETSI, legal_country, 0, "subject",
		"etsi.en_319_412_3.leg-4.2.1-4.unknown_country_code", "the country is no code of ISO 3166-1", AGAIN),
	Z("etsi-issuer-country", EN2 " 4.2.3.1", LINT_ERROR, ETSI, issuer_lacks, AT_C, "issuer",
		"etsi.en_319_412_2.gen-4.2.3.1-2.country_attribute_absent", "the issuer has no country", PUT_IN),
	Z("etsi-issuer-organization", EN2 " 4.2.3.1", LINT_ERROR, ETSI, issuer_lacks, AT_O, "issuer",
		"etsi.en_319_412_2.gen-4.2.3.1-2.organization_name_attribute_absent",
		"the issuer has no organization", PUT_IN),
	Z("etsi-issuer-cn", EN2 " 4.2.3.1", LINT_ERROR, ETSI, issuer_lacks, AT_CN, "issuer",
		"etsi.en_319_412_2.gen-4.2.3.1-2.common_name_attribute_absent", "the issuer has no common name",
		PUT_IN),
	Z("etsi-natural-twice", EN2 " 4.2.4", LINT_ERROR, ETSI, natural_twice, 0, "subject",
		"etsi.en_319_412_2.nat-4.2.4-3.prohibited_duplicate_attribute_present",
		"a person's subject has several common names", "Issue again with one."),
	Z("etsi-mixed-usage", EN2 " 4.3.2", LINT_WARN, ETSI, mixed_usage, 0, "keyUsage",
		"etsi.en_319_412_2.nat-4.3.2-1.mixed_key_usage_setting", "keyUsage both signs and wraps keys",
		"Use a certificate for each."),
	Z("etsi-curve", EN2 " 4.2.5", LINT_NOTE, ETSI, curve, 0, "subjectPublicKeyInfo",
		"etsi.en_319_412_2.gen-4.2.5-1.discouraged_public_key_type", "the curve is none of those recommended",
		"Use P-256, P-384 or P-521."),
	Z("etsi-eku-critical", EN2 " 4.3.10", LINT_ERROR, ETSI, critical, LX_EKU, "extKeyUsage",
		"etsi.en_319_412_2.gen-4.3.10-1.eku_extension_is_critical "
		"etsi.en_319_412_4.web-4.1.3-4.eku_extension_is_critical",
		"extKeyUsage is critical", AGAIN),
	Z("etsi-ian-critical", EN2 " 4.3.6", LINT_ERROR, ETSI, critical, LX_IAN, "issuerAltName",
		"etsi.en_319_412_2.gen-4.3.6-1.ian_extension_is_critical", "issuerAltName is critical", AGAIN),
	Z("etsi-cdp", EN2 " 4.3.11", LINT_ERROR, ETSI, cdp_scheme, 0, "cRLDistributionPoints",
		"etsi.en_319_412_2.gen-4.3.11-4.http_or_ldap_crldp_distribution_point_uri_missing",
		"no list has an http or ldap address", AGAIN),
	Z("etsi-issuer-address", EN2 " 4.4.1", LINT_ERROR, ETSI, issuer_address, 0, "authorityInfoAccess",
		"etsi.en_319_412_2.gen-4.4.1-4.ca_issuers_aia_access_method_http_uri_missing",
		"the issuer's certificate has no http address", AGAIN),
	Z("etsi-several-policies", "ETSI EN 319 411-1 6.3.3", LINT_ERROR, ETSI, several_policies, 0,
		"certificatePolicies",
		"etsi.en_319_411_1.gen-6.3.3-12.multiple_reserved_policy_oids_present",
		"there are several policies of ETSI's",
		"Issue again with one."),
	Z("etsi-other-policy", "ETSI EN 319 411-1 6.3.3", LINT_ERROR, ETSI | LINT_EV, policy_of_other, 0,
		"certificatePolicies", "etsi.en_319_411_1.gen-6.3.3-12.prohibited_reserved_policy_oid_present",
		"an extended-validation certificate has another policy than EVCP", "Issue again with EVCP."),
	Z("etsi-several-qualified", EN2 " 5.2", LINT_ERROR, ETSI, several_qualified, 0, "certificatePolicies",
		"etsi.en_319_412_2.qcs-5.2-1.multiple_certificate_type_policy_identifiers_present",
		"there are several qualified policies", "Issue again with one."),
	Z("etsi-unknown-qualified", EN2 " 5.2", LINT_WARN, LEAF, unknown_qualified, 0, "certificatePolicies",
		"etsi.en_319_412_2.qcs-5.2-1.recommended_certificate_type_policy_identifier_missing",
		"the qualified policy is none of those that there are", AGAIN),
	Z("etsi-web-cn", EN4 " 4.1.3", LINT_ERROR, ETSI | LINT_WEB, web_cn, 0, "subject",
		"etsi.en_319_412_4.web-4.1.3-4.common_name_unknown_source", "the common name is none of the names",
		AGAIN),
	Z("etsi-web-san", EN4 " 4.1.3", LINT_ERROR, ETSI | LINT_WEB, missing, LX_SAN, "subjectAltName",
		"etsi.en_319_412_4.web-4.1.3-4.san_missing", "there is no subjectAltName", AGAIN),
	Z("etsi-internal-name", EN4 " 4.1.3", LINT_ERROR, ETSI, internal_name, 0, "extensions",
		"etsi.internal_domain_name",
		"a name is internal: its top-level domain is none", AGAIN),
	Z("etsi-national-legal", EN1 " 5.1.4", LINT_NOTE, ETSI, national, AT_ORGANIZATION_ID, "subject",
		"etsi.en_319_412_1.leg-5.1.4-03.national_identifier_scheme_detected",
		"organizationIdentifier is of a country's own scheme", "Make sure that relying parties know it."),
	Z("etsi-national-natural", EN1 " 5.1.3", LINT_NOTE, ETSI, national, AT_SERIAL, "subject",
		"etsi.en_319_412_1.nat-5.1.3.national_identifier_scheme_detected",
		"serialNumber is of a country's own scheme", "Make sure that relying parties know it."),
	Z("etsi-authorities-legal", EN1 " 5.1.4", LINT_ERROR, ETSI, no_authorities, AT_ORGANIZATION_ID, "qcStatements",
		"etsi.en_319_412_1.leg-5.1.4-05.national_id_scheme_name_registration_authorities_missing",
		"a country's own scheme stands without its registration authority", AGAIN),
	Z("etsi-authorities-legal-uri", EN1 " 5.1.4", LINT_ERROR, ETSI, no_authority_uri, AT_ORGANIZATION_ID,
		"qcStatements",
		"etsi.en_319_412_1.leg-5.1.4-05.national_id_scheme_name_registration_authorities_uri_missing",
		"the registration authority of a country's own scheme has no URI", AGAIN),
	Z("etsi-authorities-natural", EN1 " 5.1.3", LINT_ERROR, ETSI, no_authorities, AT_SERIAL, "qcStatements",
		"etsi.en_319_412_1.nat-5.1.3-05.national_id_scheme_name_registration_authorities_missing",
		"a country's own scheme stands without its registration authority", AGAIN),
	Z("etsi-authorities-natural-uri", EN1 " 5.1.3", LINT_ERROR, ETSI, no_authority_uri, AT_SERIAL, "qcStatements",
		"etsi.en_319_412_1.nat-5.1.3-06.national_id_scheme_name_registration_authorities_uri_missing",
		"the registration authority of a country's own scheme has no URI", AGAIN),
	Z("etsi-eidas-legal-long", EN1 " 5.1.6", LINT_ERROR, ETSI, eidas_long, 0, "subject",
		"etsi.en_319_412_1.leg-5.1.6-03.eidas_legal_person_identifier_too_long",
		"organizationIdentifier has more than the 256 characters of an eIDAS identifier", IDENTIFIER),
	Z("etsi-eidas-legal-blank", EN1 " 5.1.6", LINT_ERROR, ETSI, eidas_blank, 0, "subject",
		"etsi.en_319_412_1.leg-5.1.6-03.eidas_legal_person_identifier_whitespace_present",
		"organizationIdentifier holds blanks, which an eIDAS identifier does not", IDENTIFIER),
	Z("etsi-eidas-natural-form", EN1 " 5.1.5", LINT_ERROR, ETSI, eidas_person, NO_FORM, "subject",
		"etsi.nat_5.1.5-03.invalid_syntax_serial", "serialNumber is too short for an eIDAS identifier",
		IDENTIFIER),
	Z("etsi-eidas-natural-slash", EN1 " 5.1.5", LINT_ERROR, ETSI, eidas_person, NO_SLASH, "subject",
		"etsi.nat_5.1.5-03.invalid_character_serial",
		"the countries of an eIDAS identifier are not set apart by slashes", IDENTIFIER),
	Z("etsi-eidas-natural-country", EN1 " 5.1.5", LINT_ERROR, ETSI, eidas_person, NO_COUNTRY, "subject",
		"etsi.nat_5.1.5-03.invalid_iso_3166", "a country of an eIDAS identifier is no code of ISO 3166-1",
		IDENTIFIER),
	Z("etsi-scheme", EN1 " 5.1.4", LINT_ERROR, ETSI, scheme_unknown, 0, "subject",
		"etsi.en_319_412_1.leg-5.1.4-03.invalid_scheme", "organizationIdentifier is of an unknown scheme",
		AGAIN),
	Z("psd2-role", TS " 5.2", LINT_ERROR, PAY, role_unknown, 0, "qcStatements",
		"etsi.ts_119_495.gen-5.2-2.invalid_psp_role", "a role of a payment service is unknown", AGAIN),
	Z("psd2-role-name", TS " 5.2.2", LINT_ERROR, PAY, role_mismatch, 0, "qcStatements",
		"etsi.ts_119_495.gen-5.2.2-5.psp_role_mismatch", "a role's name is not the one of its identifier",
		AGAIN),
	Z("psd2-authority-name", TS " 5.2.3", LINT_ERROR, PAY, authority_latin, 0, "qcStatements",
		"etsi.ts_119_495.gen-5.2.3-1.nca_name_non_latin",
		"the authority's name is not in plain Latin letters", AGAIN),
	Z("psd2-authority-structure", TS " 5.2.3", LINT_ERROR, PAY, authority_structure, 0, "qcStatements",
		"etsi.ts_119_495.gen-5.2.3-2.invalid_structure", "the authority's identifier is not CC-ABCD", AGAIN),
	Z("psd2-authority-id", TS " 5.2.3", LINT_ERROR, PAY, authority_id, 0, "qcStatements",
		"etsi.ts_119_495.gen-5.2.3-2.invalid_ca_identifier", "the authority's identifier is not CC-ABCD",
		AGAIN),
	Z("psd2-identifier", TS " 5.2.1", LINT_ERROR, PAY, psd_identifier, 0, "subject",
		"etsi.ts_119_495.gen-5.2.1-3.invalid_psd_organization_id_format",
		"organizationIdentifier is not of the form PSDCC-AUTHORITY-number", AGAIN),
	Z("no-extensions", EN2 " 4.3", LINT_WARN, LEAF | LINT_PUBLIC, no_extensions, 0, "extensions",
		"etsi.extensions_field_absent", "there are no extensions at all", "Issue again with extensions."),
};
const struct lint_world_table lint_world_etsi = {rows, ARRAY_LEN(rows)};
