/* SPDX-License-Identifier: Apache-2.0 */
/* S/MIME Baseline Requirements 7.1.2.3: each extension by itself. */
#include "lint/chars.h"
#include "lint/orgid.h"
#include "lint/world.h"

#define OID_OCSP OID_BODY("\x2b\x06\x01\x05\x05\x07\x30\x01")
#define OID_ISSUERS OID_BODY("\x2b\x06\x01\x05\x05\x07\x30\x02")

static bool
missing(const struct lint_view *v, struct lint_spot *s)
{
	return !v->x[s->arg];
}

static bool
critical(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg] && v->x[s->arg]->critical;
}

static bool
any_policy(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_policy(v, OID_ANY_POLICY);
}

static bool
several_policies(const struct lint_view *v, struct lint_spot *s)
{
	unsigned n = 0;

	(void)s;
	for (unsigned i = 0; i < v->n_policies; i++) {
		struct blob o = v->policy[i].oid;

		n += o.n == 7 && memcmp(o.p, "\x67\x81\x0c\x01\x05", 5) == 0 && o.p[5] >= 1 && o.p[5] <= 4 &&
		     o.p[6] >= 1 && o.p[6] <= 3;
	}
	return n > 1;
}

static bool
notice_reference(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->n_policies; i++)
		for (unsigned k = 0; k < v->policy[i].n; k++)
			if (v->policy[i].q[k].notice_ref)
				return true;
	return false;
}

static bool
cps_not_http(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_policies; i++)
		for (unsigned k = 0; k < v->policy[i].n; k++) {
			const struct lint_qualifier *q = &v->policy[i].q[k];
			struct str uri = str_of(q->value);

			if (IS_OID(q->oid, "\x2b\x06\x01\x05\x05\x07\x02\x01") && !lint_uri_scheme(uri, "http") &&
				!lint_uri_scheme(uri, "https"))
				return lint_spot_text(s, q->value);
		}
	return false;
}

/* -- subjectAltName */

static bool
no_mail_name(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->san.n; i++) {
		const struct lint_general_name *g = &v->san.p[i];

		if (g->tag == GN_EMAIL || (g->tag == GN_OTHER && g->value.n > 10 &&
				/* id-on-SmtpUTF8Mailbox */
				memcmp(g->value.p, "\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09", 10) == 0))
			return false;
	}
	return v->x[LX_SAN];
}

static bool
other_kind(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag != GN_EMAIL && v->san.p[i].tag != GN_OTHER && v->san.p[i].tag != GN_DIRECTORY)
			return true;
	return false;
}

/* -- addresses */

static bool
http(const struct lint_general_name *g)
{
	return g->tag == GN_URI && lint_uri_scheme(str_of(g->value), "http");
}

/* The method stands, but none of its locations is http. */
static bool
no_http(const struct lint_view *v, struct blob method)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->aia.n; i++) {
		if (!blob_eq(v->aia.p[i].method, method))
			continue;
		if (http(&v->aia.p[i].where))
			return false;
		n++;
	}
	return n;
}

static bool
ocsp_no_http(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return no_http(v, OID_OCSP);
}

static bool
issuers_no_http(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return no_http(v, OID_ISSUERS);
}

static bool
issuers_missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->aia.n; i++)
		if (blob_eq(v->aia.p[i].method, OID_ISSUERS))
			return false;
	return v->aia.n;
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
point_no_uri(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->cdp.n; i++)
		for (unsigned k = 0; k < v->cdp.p[i].full.n; k++)
			if (v->cdp.p[i].full.p[k].tag != GN_URI)
				return true;
	return false;
}

/* -- purposes, names */

static bool
no_mail_purpose(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->n_ekus && !lint_has_kp(v, KP_MAIL);
}

static bool
name_and_pseudonym(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_attr_of(&v->subj, AT_PSEUDONYM) &&
	       (lint_attr_of(&v->subj, AT_GIVEN) || lint_attr_of(&v->subj, AT_SURNAME));
}

/* ISO 17442: 20 capitals and digits behind LEIXG- */
static bool
lei_form(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);
	struct orgid id;

	if (!at || !orgid_read(str_of(at->value), &id) || !str_eq_c(id.scheme, "LEI"))
		return false;
	for (size_t i = 0; i < id.reference.n; i++) {
		char c = id.reference.p[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
			return lint_spot_text(s, at->value);
	}
	return id.reference.n != 20 && lint_spot_text(s, at->value);
}

/* -- the extensions of legal entity identifiers, 1.3.6.1.4.1.52266.1 and .2 */

enum { LEI = 1, ROLE = 2, IS_CRITICAL = 16 };

/* arg: which of the two, and whether it is asked if it is critical. */
static bool
lei_extension(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_ext; i++) {
		struct blob o = v->ext[i].oid;

		if (o.n != 9 || memcmp(o.p, "\x2b\x06\x01\x04\x01\x83\x98\x2a", 8) != 0 || o.p[8] != (s->arg & 3))
			continue;
		if (!(s->arg & IS_CRITICAL) || v->ext[i].critical)
			return lint_spot_oid(s, o);
	}
	return false;
}

/* Where only a mailbox or a person is validated; the role also where the organization alone is. */
static bool
lei_misplaced(const struct lint_view *v, struct lint_spot *s)
{
	unsigned fine = s->arg == LEI ? LINT_ORGANIZATION | LINT_SPONSOR : LINT_SPONSOR;

	return !(v->scope & fine) && lei_extension(v, s);
}

#define M(id, severity, scope, fn, arg, place, aka, text) \
	WORLD(id, "S/MIME BR 7.1.2.3", SMIME_1, 0, severity, scope, fn, arg, place, aka, text, AGAIN)
#define LEAF (LINT_LEAF | LINT_SELF)
#define POLICY (LEAF | LINT_MAIL_POLICY)
#define AGAIN "Issue again as the S/MIME Baseline Requirements say."

static const struct lint_world_row rows[] = {
	M("smime-policies-missing", LINT_ERROR, LEAF | LINT_MAIL, missing, LX_POLICIES, "extensions",
		"cabf.smime.certificate_policies_extension_missing", "there is no certificatePolicies"),
	M("smime-policies-critical", LINT_WARN, POLICY, critical, LX_POLICIES, "certificatePolicies",
		"cabf.critical_certificate_policies_extension", "certificatePolicies is critical"),
	M("smime-policy-any", LINT_ERROR, POLICY, any_policy, 0, "certificatePolicies", "cabf.smime.anypolicy_present",
		"there is anyPolicy"),
	M("smime-policy-several", LINT_ERROR, POLICY, several_policies, 0, "certificatePolicies",
		"cabf.smime.multiple_reserved_policy_oids", "several policies are reserved for S/MIME"),
	M("smime-notice-reference", LINT_ERROR, POLICY, notice_reference, 0, "certificatePolicies",
		"cabf.smime.usernotice_has_noticeref", "a user notice refers to a text elsewhere"),
	M("smime-cps", LINT_ERROR, POLICY, cps_not_http, 0, "certificatePolicies", "cabf.smime.cps_uri_is_not_http",
		"a CPS pointer is no http or https address"),
	M("smime-cdp-critical", LINT_WARN, POLICY, critical, LX_CDP, "cRLDistributionPoints",
		"cabf.smime.critical_crldp_extension", "cRLDistributionPoints is critical"),
	M("smime-cdp-kind", LINT_ERROR, POLICY, point_no_uri, 0, "cRLDistributionPoints",
		"cabf.smime.crldp_fullname_prohibited_generalname_type", "a list is named by something else than a URI"),
	M("smime-aia-kind", LINT_ERROR, POLICY, access_no_uri, 0, "authorityInfoAccess",
		"cabf.smime.aia_prohibited_generalname_type", "a location is no URI"),
	M("smime-ocsp-http", LINT_ERROR, LEAF | LINT_LEGACY, ocsp_no_http, 0, "authorityInfoAccess",
		"cabf.aia_ocsp_has_no_http_uri", "no OCSP server has an http address"),
	M("smime-issuers-http", LINT_ERROR, LEAF | LINT_LEGACY, issuers_no_http, 0, "authorityInfoAccess",
		"cabf.aia_ca_issuers_has_no_http_uri", "the issuer's certificate has no http address"),
	M("smime-issuers-missing", LINT_WARN, POLICY, issuers_missing, 0, "authorityInfoAccess",
		"cabf.aia_ca_issuers_missing", "there is no address of the issuer's certificate"),
	M("smime-san-no-mail", LINT_ERROR, POLICY, no_mail_name, 0, "subjectAltName",
		"cabf.smime.san_does_not_contain_email_address", "there is no mail address"),
	M("smime-san-kind", LINT_ERROR, POLICY, other_kind, 0, "subjectAltName",
		"cabf.smime.prohibited_generalname_type_present",
		"a name is neither a mail address nor an otherName or directoryName"),
	M("smime-eku-missing", LINT_ERROR, POLICY, missing, LX_EKU, "extensions",
		"cabf.smime.extended_key_usage_extension_missing", "there is no extKeyUsage"),
	M("smime-eku-no-mail", LINT_ERROR, POLICY, no_mail_purpose, 0, "extKeyUsage",
		"cabf.smime.emailprotection_eku_missing", "extKeyUsage lacks emailProtection"),
	M("smime-name-and-pseudonym", LINT_ERROR, POLICY, name_and_pseudonym, 0, "subject",
		"cabf.smime.mixed_name_and_pseudonym_attributes", "there is a pseudonym beside a person's name"),
	M("smime-lei-form", LINT_ERROR, POLICY, lei_form, 0, "subject", "cabf.smime.invalid_lei_scheme_format",
		"the legal entity identifier has not 20 capitals and digits"),
	M("smime-lei-critical", LINT_ERROR, POLICY, lei_extension, LEI | IS_CRITICAL, "extensions",
		"cabf.smime.lei_extension_critical", "the extension of the legal entity identifier is critical"),
	M("smime-lei-role-critical", LINT_ERROR, POLICY, lei_extension, ROLE | IS_CRITICAL, "extensions",
		"cabf.smime.lei_role_extension_critical",
		"the extension of the role in a legal entity is critical"),
	M("smime-lei-misplaced", LINT_ERROR, POLICY, lei_misplaced, LEI, "extensions",
		"cabf.smime.lei_extension_prohibited",
		"the extension of the legal entity identifier stands where it must not"),
	M("smime-lei-role-misplaced", LINT_ERROR, POLICY, lei_misplaced, ROLE, "extensions",
		"cabf.smime.lei_role_extension_prohibited",
		"the extension of the role in a legal entity stands where it must not"),
};
const struct lint_world_table lint_world_smime = {rows, ARRAY_LEN(rows)};
