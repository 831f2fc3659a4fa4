/* SPDX-License-Identifier: Apache-2.0 */
/* Code signing and OCSP signing. */
#include "lint/chars.h"
#include "lint/world.h"

#define OID_OCSP OID_BODY("\x2b\x06\x01\x05\x05\x07\x30\x01")
#define OID_ISSUERS OID_BODY("\x2b\x06\x01\x05\x05\x07\x30\x02")

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
is_http(const struct lint_general_name *g)
{
	struct lint_uri uri;

	return g->tag == GN_URI && str_starts(str_of(g->value), STR("http://")) && lint_uri_read(str_of(g->value),
		&uri) &&
	       uri.host.n;
}

static bool
no_issuer_address(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->aia.n; i++)
		if (blob_eq(v->aia.p[i].method, OID_ISSUERS) && is_http(&v->aia.p[i].where))
			return false;
	return v->x[LX_AIA];
}

static bool
ocsp_not_http(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (blob_eq(v->aia.p[i].method, OID_OCSP) && !is_http(&v->aia.p[i].where))
			return lint_spot_text(s, v->aia.p[i].where.value);
	return false;
}

static bool
aia_bad(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_AIA] || v->x[LX_AIA]->critical;
}

static bool
cdp_bad(const struct lint_view *v, struct lint_spot *s)
{
	if (!v->x[LX_CDP] || v->x[LX_CDP]->critical)
		return true;
	for (unsigned i = 0; i < v->cdp.n; i++)
		for (unsigned k = 0; k < v->cdp.p[i].full.n; k++)
			if (!is_http(&v->cdp.p[i].full.p[k]))
				return lint_spot_text(s, v->cdp.p[i].full.p[k].value);
	return !v->cdp.n;
}

static bool
curve(const struct lint_view *v, struct lint_spot *s)
{
	return v->key == LINT_KEY_EC && !IS_OID(v->curve, "\x2a\x86\x48\xce\x3d\x03\x01\x07") &&
	       !IS_OID(v->curve, "\x2b\x81\x04\x00\x22") && !IS_OID(v->curve, "\x2b\x81\x04\x00\x23") &&
	       lint_spot_oid(s, v->curve);
}

static bool
rsa_small(const struct lint_view *v, struct lint_spot *s)
{
	return v->key == LINT_KEY_RSA && v->key_size < s->arg;
}

/* CS BR 7.1.2.3 f: codeSigning, perhaps with lifetime signing and mail; nothing else. */
static bool
eku_bad(const struct lint_view *v, struct lint_spot *s)
{
	bool stamp = lint_has_policy(v, OID_BODY("\x67\x81\x0c\x01\x04\x02"));

	(void)s;
	if (!lint_has_kp(v, stamp ? KP_STAMP : KP_CODE))
		return true;
	return lint_has_kp(v, KP_SERVER) || lint_has_eku(v, OID_ANY_EKU);
}

static bool
usage_bad(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_USAGE] || !v->x[LX_USAGE]->critical || !(v->key_usage & KU(KU_SIGN)) ||
	       (v->key_usage & (KU(KU_CERT) | KU(KU_CRL)));
}

#define HAVE(v, at) (lint_attr_of(&(v)->subj, at) != NULL)

static bool
lacks(const struct lint_view *v, struct lint_spot *s)
{
	return !HAVE(v, s->arg);
}

static bool
no_place(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !HAVE(v, AT_L) && !HAVE(v, AT_ST);
}

static bool
has_component(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return HAVE(v, AT_DC) || HAVE(v, AT_OU);
}

static bool
country(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_C);

	return !at || (!lint_country_known(str_of(at->value)) && !str_eq(str_of(at->value), STR("XX")) &&
			      lint_spot_text(s, at->value));
}

static bool
sha1(const struct lint_view *v, struct lint_spot *s)
{
	static const struct blob old[] = {
		OID_BODY("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05"),
		OID_BODY("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04"),
		OID_BODY("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x02"),
		OID_BODY("\x2a\x86\x48\xce\x38\x04\x03"),
		OID_BODY("\x2a\x86\x48\xce\x3d\x04\x01"),
	};
	struct cursor in;
	struct blob oid;

	if (!lint_open(v->sig_alg, &in) || !der_get(&in, DER_OID, &oid))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(old); i++)
		if (blob_eq(oid, old[i]))
			return lint_spot_oid(s, oid);
	return false;
}

static bool
serial_short(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->serial.n < 8;
}

static bool
organization_long(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_O);

	return at && at->value.n > 64 && lint_has_policy(v, OID_BODY("\x67\x81\x0c\x01\x03")) && lint_spot_text(s,
		at->value);
}

/* -- OCSP signing */

static bool
ocsp_usage(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_USAGE] && v->key_usage != KU(KU_SIGN);
}

static bool
ocsp_no_signature(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !(v->key_usage & KU(KU_SIGN));
}

static bool
ocsp_more_usage(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key_usage & ~KU(KU_SIGN);
}

static bool
ocsp_more_purposes(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_ekus; i++)
		if (!IS_OID(v->eku_oid[i], "\x2b\x06\x01\x05\x05\x07\x03\x09"))
			return lint_spot_oid(s, v->eku_oid[i]);
	return false;
}

static bool
ocsp_no_purpose(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !lint_has_kp(v, KP_OCSP);
}

/* A CA that may sign OCSP answers is an OCSP signer to those who ask it. */
static bool
ca_answers(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_kp(v, KP_OCSP) && !v->x[LX_NOCHECK];
}

static bool
ocsp_other_method(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (!blob_eq(v->aia.p[i].method, OID_OCSP))
			return lint_spot_oid(s, v->aia.p[i].method);
	return false;
}

static bool
ocsp_own_method(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->aia.n; i++)
		if (blob_eq(v->aia.p[i].method, OID_OCSP))
			return true;
	return false;
}

#define C(id, from, severity, fn, arg, place, aka, text, cure) \
	WORLD(id, "CS BR 7.1.2.3", from, 0, severity, LEAF | LINT_CODE, fn, arg, place, aka, text, cure)
#define O(id, source, from, severity, fn, arg, place, aka, text, cure) \
	WORLD(id, source, from, 0, severity, LEAF | LINT_PUBLIC | LINT_OCSP, fn, arg, place, aka, text, cure)
#define LEAF (LINT_LEAF | LINT_SELF)
#define AGAIN "Issue again as the code signing Baseline Requirements say."
#define OCSP_AGAIN "Issue the OCSP signer again as BR 7.1.2.8 says."

static const struct lint_world_row rows[] = {
	C("code-issuer-address", 0, LINT_ERROR, no_issuer_address, 0, "authorityInfoAccess",
		"e_cs_aia_missing_ca_issuers_http_url", "the issuer's certificate has no http address", AGAIN),
	C("code-ocsp-address", 0, LINT_ERROR, ocsp_not_http, 0, "authorityInfoAccess", "e_cs_aia_ocsp_not_http",
		"an OCSP server's address is not http", AGAIN),
	C("code-aia", 0, LINT_ERROR, aia_bad, 0, "authorityInfoAccess", "e_cs_authority_information_access",
		"authorityInfoAccess is missing or critical", AGAIN),
	C("code-cdp", 0, LINT_ERROR, cdp_bad, 0, "cRLDistributionPoints", "e_cs_crl_distribution_points",
		"cRLDistributionPoints is missing, critical, or has an address that is not http", AGAIN),
	C("code-curve", 0, LINT_ERROR, curve, 0, "subjectPublicKeyInfo", "e_cs_ecdsa_prohibited_curve",
		"the curve is none of P-256, P-384 and P-521", AGAIN),
	C("code-rsa", DAY(2021, 6, 1), LINT_ERROR, rsa_small, 3072, "subjectPublicKeyInfo", "e_cs_rsa_key_size",
		"the RSA modulus is shorter than 3072 bits", AGAIN),
	C("code-eku", 0, LINT_ERROR, eku_bad, 0, "extKeyUsage", "e_cs_eku_required",
		"extKeyUsage lacks codeSigning, or names what does not go with it", AGAIN),
	C("code-ku", 0, LINT_ERROR, usage_bad, 0, "keyUsage", "e_cs_key_usage_required",
		"keyUsage is not critical, lacks digitalSignature, or allows to sign certificates or lists", AGAIN),
	C("code-organization", 0, LINT_ERROR, lacks, AT_O, "subject", "e_cs_requires_org",
		"the subject has no organization", AGAIN),
	C("code-organization-long", 0, LINT_ERROR, organization_long, 0, "subject", "e_cs_ev_subject_org_max_length",
		"the organization of an EV code signer has more than 64 characters", AGAIN),
	C("code-place", 0, LINT_ERROR, no_place, 0, "subject", "e_cs_subject_locality_or_province_required",
		"the subject has neither locality nor state", AGAIN),
	C("code-components", 0, LINT_ERROR, has_component, 0, "subject", "e_cs_subject_prohibited",
		"the subject has a domain component or an organizational unit", AGAIN),
	C("code-country", 0, LINT_ERROR, country, 0, "subject", "e_cs_subject_country_name",
		"the country is missing, or no code of ISO 3166-1", AGAIN),
	C("code-signature", 0, LINT_ERROR, sha1, 0, "signature", "e_cs_signature_algorithm_not_supported",
		"the signature rests on SHA-1 or older", AGAIN),
	C("code-serial", 0, LINT_WARN, serial_short, 0, "serialNumber", "",
		"the serial number is too short to hold 64 random bits", AGAIN),

	O("ocsp-nocheck", "BR 4.9.9", BR_1, LINT_ERROR, missing, LX_NOCHECK, "extensions",
		"e_ocsp_id_pkix_ocsp_nocheck_ext_not_included_server_auth "
		"cabf.serverauth.ocsp_responder.ocsp_nocheck_extension_absent",
		"an OCSP signer lacks ocsp-nocheck",
		OCSP_AGAIN),
	WORLD("ocsp-nocheck-ca", "BR 4.9.9", BR_1, 0, LINT_ERROR, LINT_CA | LINT_BR, ca_answers, 0, "extensions",
		"e_ocsp_id_pkix_ocsp_nocheck_ext_not_included_server_auth",
		"a CA that may sign OCSP answers lacks ocsp-nocheck", "Issue the CA again without OCSPSigning."),
	O("ocsp-cdp", "BR 7.1.2.8", BR_2, LINT_ERROR, present, LX_CDP, "cRLDistributionPoints",
		"e_ocsp_cert_cdp_forbidden cabf.serverauth.ocsp_responder.crl_distribution_points_extension_present",
		"an OCSP signer has cRLDistributionPoints", OCSP_AGAIN),
	O("ocsp-policies", "BR 7.1.2.8", BR_2, LINT_ERROR, present, LX_POLICIES, "certificatePolicies",
		"e_ocsp_cert_cp_forbidden cabf.serverauth.ocsp_responder.certificate_policies_extension_present",
		"an OCSP signer has certificatePolicies", OCSP_AGAIN),
	O("ocsp-usage", "BR 7.1.2.8", BR_2, LINT_ERROR, ocsp_usage, 0, "keyUsage", "e_ocsp_cert_invalid_ku",
		"keyUsage of an OCSP signer is not digitalSignature alone", OCSP_AGAIN),
	O("ocsp-no-signature", "BR 7.1.2.8", BR_2, LINT_ERROR, ocsp_no_signature, 0, "keyUsage",
		"cabf.serverauth.ocsp_responder.digitalsignature_bit_missing",
		"keyUsage of an OCSP signer lacks digitalSignature", OCSP_AGAIN),
	O("ocsp-more-usage", "BR 7.1.2.8", BR_2, LINT_ERROR, ocsp_more_usage, 0, "keyUsage",
		"cabf.serverauth.ocsp_responder.prohibited_ku_present",
		"keyUsage of an OCSP signer names more than digitalSignature", OCSP_AGAIN),
	O("ocsp-more-purposes", "BR 7.1.2.8", BR_2, LINT_ERROR, ocsp_more_purposes, 0, "extKeyUsage",
		"cabf.serverauth.ocsp_responder.unknown_eku_present", "an OCSP signer has other purposes", OCSP_AGAIN),
	O("ocsp-purpose", "BR 7.1.2.8", BR_2, LINT_ERROR, ocsp_no_purpose, 0, "extKeyUsage",
		"cabf.serverauth.ocsp_responder.ocspsigning_eku_absent", "an OCSP signer lacks OCSPSigning",
		OCSP_AGAIN),
	O("ocsp-san", "BR 7.1.2.8", BR_2, LINT_ERROR, present, LX_SAN, "subjectAltName",
		"cabf.serverauth.ocsp_responder.subject_altname_extension_present", "an OCSP signer has subjectAltName",
		OCSP_AGAIN),
	O("ocsp-aia", "BR 7.1.2.8", BR_2, LINT_WARN, present, LX_AIA, "authorityInfoAccess",
		"cabf.serverauth.ocsp_responder.authority_info_access_extension_present",
		"an OCSP signer has authorityInfoAccess, which is not recommended", OCSP_AGAIN),
	O("ocsp-method", "BR 7.1.2.8", BR_2, LINT_ERROR, ocsp_other_method, 0, "authorityInfoAccess",
		"cabf.serverauth.ocsp_responder.unknown_aia_access_method_present", "there is a method beside OCSP",
		OCSP_AGAIN),
	O("ocsp-own-method", "BR 7.1.2.8", BR_2, LINT_WARN, ocsp_own_method, 0, "authorityInfoAccess",
		"cabf.serverauth.ocsp_responder.ocsp_aia_access_method_present",
		"an OCSP signer says where its own status is asked", OCSP_AGAIN),
	O("ocsp-nocheck-critical", "RFC 6960 4.2.2.2.1", 0, LINT_WARN, critical, LX_NOCHECK, "extensions", "",
		"ocsp-nocheck is critical", OCSP_AGAIN),
};
const struct lint_world_table lint_world_code = {rows, ARRAY_LEN(rows)};
