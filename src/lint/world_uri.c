/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of revocation lists, OCSP servers and issuers' certificates. */
#include "lint/chars.h"
#include "lint/world.h"

#define OID_OCSP OID_BODY("\x2b\x06\x01\x05\x05\x07\x30\x01")
#define OID_ISSUERS OID_BODY("\x2b\x06\x01\x05\x05\x07\x30\x02")

enum { ANY_METHOD, OCSP, ISSUERS };

static bool
method_is(const struct lint_access *at, unsigned which)
{
	return which == ANY_METHOD || blob_eq(at->method, which == OCSP ? OID_OCSP : OID_ISSUERS);
}

static bool
is_http(const struct lint_general_name *g)
{
	return g->tag == GN_URI && str_starts(str_of(g->value), STR("http://"));
}

static bool
missing_aia(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_AIA];
}

static unsigned
count_http(const struct lint_view *v, unsigned which)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->aia.n; i++)
		n += method_is(&v->aia.p[i], which) && is_http(&v->aia.p[i].where);
	return n;
}

/* No http address of the method; also without the extension. */
static bool
no_http(const struct lint_view *v, struct lint_spot *s)
{
	return !count_http(v, s->arg);
}

static bool
aia_no_http(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[LX_AIA] && !count_http(v, s->arg);
}

static bool
has_method(const struct lint_view *v, unsigned which)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (method_is(&v->aia.p[i], which))
			return true;
	return false;
}

static bool
has_uri(const struct lint_view *v, unsigned which)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (method_is(&v->aia.p[i], which) && v->aia.p[i].where.tag == GN_URI)
			return true;
	return false;
}

static bool
no_uri(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[LX_AIA] && !has_uri(v, s->arg);
}

static bool
other_than_http(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (method_is(&v->aia.p[i], s->arg) && !is_http(&v->aia.p[i].where))
			return lint_spot_text(s, v->aia.p[i].where.value);
	return false;
}

/* As above, of names that are URIs. */
static bool
uri_not_http(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (v->aia.p[i].where.tag == GN_URI && method_is(&v->aia.p[i], s->arg) && !is_http(&v->aia.p[i].where))
			return lint_spot_text(s, v->aia.p[i].where.value);
	return false;
}

static bool
other_method(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (!method_is(&v->aia.p[i], OCSP) && !method_is(&v->aia.p[i], ISSUERS))
			return lint_spot_oid(s, v->aia.p[i].method);
	return false;
}

static bool
location_twice(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 1; i < v->aia.n; i++)
		for (unsigned k = 0; k < i && k < 64; k++)
			if (blob_eq(v->aia.p[i].method, v->aia.p[k].method) &&
				blob_eq(v->aia.p[i].where.value, v->aia.p[k].where.value))
				return lint_spot_text(s, v->aia.p[i].where.value);
	return false;
}

static bool
location_missing(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (method_is(&v->aia.p[i], ISSUERS) &&
			!(v->aia.p[i].where.tag == GN_URI &&
				(lint_uri_scheme(str_of(v->aia.p[i].where.value), "http") ||
					lint_uri_scheme(str_of(v->aia.p[i].where.value), "ldap"))))
			return lint_spot_text(s, v->aia.p[i].where.value);
	return false;
}

static bool
internal_host(const struct lint_view *v, struct str uri)
{
	struct lint_uri read;
	struct str tld;
	char room[64];

	if (!v->conf->tld_known)
		return false;
	lint_uri_read(uri, &read);
	if (!read.host.n)
		return true;
	if (lint_is_ip(read.host))
		return false;
	tld = lint_label(read.host, 0);
	return tld.n > sizeof(room) || !v->conf->tld_known(lint_lower(tld, room, sizeof(room)));
}

static bool
aia_internal(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++) {
		if (v->aia.p[i].where.tag == GN_URI && internal_host(v, str_of(v->aia.p[i].where.value)))
			return lint_spot_text(s, v->aia.p[i].where.value);
	}
	return false;
}

/* -- revocation lists */

static bool
each_point(const struct lint_view *v, struct lint_spot *s, bool (*bad)(const struct lint_point *p))
{
	(void)s;
	for (unsigned i = 0; i < v->cdp.n; i++)
		if (bad(&v->cdp.p[i]))
			return true;
	return false;
}

static bool
no_http_name(const struct lint_point *p)
{
	for (unsigned i = 0; i < p->full.n; i++)
		if (is_http(&p->full.p[i]))
			return false;
	return true;
}

static bool
other_name(const struct lint_point *p)
{
	for (unsigned i = 0; i < p->full.n; i++)
		if (!is_http(&p->full.p[i]))
			return true;
	return false;
}

static bool
no_ldap_or_uri(const struct lint_point *p)
{
	for (unsigned i = 0; i < p->full.n; i++)
		if (p->full.p[i].tag == GN_URI && (lint_uri_scheme(str_of(p->full.p[i].value), "http") ||
							  lint_uri_scheme(str_of(p->full.p[i].value), "ldap")))
			return false;
	return true;
}

static bool
incomplete(const struct lint_point *p)
{
	return !p->name && !p->issuer;
}

static bool
has_issuer(const struct lint_point *p)
{
	return p->issuer;
}

static bool
has_reasons(const struct lint_point *p)
{
	return p->reasons;
}

static bool
not_a_uri(const struct lint_point *p)
{
	for (unsigned i = 0; i < p->full.n; i++)
		if (p->full.p[i].tag != GN_URI)
			return true;
	return false;
}

static bool
uri_of_other_scheme(const struct lint_point *p)
{
	for (unsigned i = 0; i < p->full.n; i++)
		if (p->full.p[i].tag == GN_URI && !lint_uri_scheme(str_of(p->full.p[i].value), "http"))
			return true;
	return false;
}

#define POINTS(fn, test)                                            \
	static bool fn(const struct lint_view *v, struct lint_spot *s) \
	{                                                           \
		return each_point(v, s, test);                      \
	}
POINTS(q_other_name, other_name)
POINTS(q_no_ldap, no_ldap_or_uri)
POINTS(q_incomplete, incomplete)
POINTS(q_issuer, has_issuer)
POINTS(q_reasons, has_reasons)
POINTS(q_not_a_uri, not_a_uri)

/* What the Baseline Requirements for TLS speak of: servers, CAs, OCSP signers. */
static bool
of_tls(const struct lint_view *v)
{
	return v->ca || (v->scope & (LINT_TLS | LINT_OCSP));
}

static bool
tls_scheme(const struct lint_view *v, struct lint_spot *s)
{
	return of_tls(v) && each_point(v, s, uri_of_other_scheme);
}

static bool
tls_uri_not_http(const struct lint_view *v, struct lint_spot *s)
{
	return of_tls(v) && uri_not_http(v, s);
}

/* There are points, but no http address in any. */
static bool
cdp_no_http(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	if (!v->x[LX_CDP])
		return false;
	for (unsigned i = 0; i < v->cdp.n; i++)
		if (!no_http_name(&v->cdp.p[i]))
			return false;
	return true;
}

/* As above, also without the extension. */
static bool
cdp_without_http(const struct lint_view *v, struct lint_spot *s)
{
	return !v->x[LX_CDP] || cdp_no_http(v, s);
}

static bool
reasons_syntax(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->cdp.n; i++) {
		struct blob b = v->cdp.p[i].reasons_bits;

		if (v->cdp.p[i].reasons && (b.n < 2 || b.p[0] > 7 || !(b.p[b.n - 1] & 1U << b.p[0])))
			return true;
	}
	return false;
}

static bool
cdp_several(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->cdp.n > 1;
}

static bool
cdp_missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_CDP];
}

/* BR 7.1.2.11.2, 2023-07-15 on: a list's address, or an OCSP server's; none for those who live for ten (seven) days. */
static bool
no_revocation(const struct lint_view *v, struct lint_spot *s)
{
	int64_t short_ms = (v->not_before_ms < DAY(2026, 3, 15) ? 10 : 7) * MS_DAY;

	(void)s;
	if (v->not_before_ms >= DAY(2023, 7, 15) && v->not_after_ms - v->not_before_ms + MS_SECOND <= short_ms)
		return false;
	return !v->x[LX_CDP] && !has_method(v, OCSP);
}

static bool
nothing_to_revoke_by(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_CDP] && !has_method(v, OCSP);
}

/* -- all URIs */

static bool
uri_bad(struct blob b)
{
	struct lint_uri uri;

	return !lint_uri_read(str_of(b), &uri);
}

static bool
any_bad(const struct lint_names *names, struct lint_spot *s)
{
	for (unsigned i = 0; i < names->n; i++)
		if (names->p[i].tag == GN_URI && uri_bad(names->p[i].value))
			return lint_spot_text(s, names->p[i].value);
	return false;
}

static bool
uri_syntax(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (v->aia.p[i].where.tag == GN_URI && uri_bad(v->aia.p[i].where.value))
			return lint_spot_text(s, v->aia.p[i].where.value);
	for (unsigned i = 0; i < v->cdp.n; i++)
		if (any_bad(&v->cdp.p[i].full, s))
			return true;
	for (unsigned i = 0; i < v->n_policies; i++)
		for (unsigned k = 0; k < v->policy[i].n; k++)
			if (v->policy[i].q[k].tag == DER_IA5_STRING && uri_bad(v->policy[i].q[k].value))
				return lint_spot_text(s, v->policy[i].q[k].value);
	return any_bad(&v->san, s) || any_bad(&v->ian, s);
}

static bool
host_long(struct blob b)
{
	struct lint_uri uri;

	lint_uri_read(str_of(b), &uri);
	return uri.host.n > 253;
}

static bool
any_long(const struct lint_names *names, struct lint_spot *s)
{
	for (unsigned i = 0; i < names->n; i++)
		if (names->p[i].tag == GN_URI && host_long(names->p[i].value))
			return lint_spot_text(s, names->p[i].value);
	return false;
}

static bool
uri_host_long(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (v->aia.p[i].where.tag == GN_URI && host_long(v->aia.p[i].where.value))
			return lint_spot_text(s, v->aia.p[i].where.value);
	for (unsigned i = 0; i < v->cdp.n; i++)
		if (any_long(&v->cdp.p[i].full, s))
			return true;
	return any_long(&v->san, s) || any_long(&v->ian, s);
}

static bool
any_ldap(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->aia.n; i++)
		if (lint_uri_scheme(str_of(v->aia.p[i].where.value), "ldap"))
			return lint_spot_text(s, v->aia.p[i].where.value);
	for (unsigned i = 0; i < v->cdp.n; i++)
		for (unsigned k = 0; k < v->cdp.p[i].full.n; k++)
			if (lint_uri_scheme(str_of(v->cdp.p[i].full.p[k].value), "ldap"))
				return lint_spot_text(s, v->cdp.p[i].full.p[k].value);
	return false;
}

#define A(id, source, from, until, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, until, severity, scope, fn, arg, "authorityInfoAccess", aka, text, cure)
#define P(id, source, from, until, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, until, severity, scope, fn, arg, "cRLDistributionPoints", aka, text, cure)
#define TLS_LEAF (LINT_LEAF | LINT_SELF | LINT_BR)
#define TLS_SUB_CA (LINT_SUB_CA | LINT_BR)
#define HTTP "Issue again with addresses that begin with http://."
#define ADD "Issue again with the address."
#define SC63 DAY(2023, 7, 15)
#define BR_171 DAY(2020, 8, 20)

static const struct lint_world_row rows[] = {
	A("aia-missing-leaf", "BR 7.1.2.7.7", BR_1, 0, LINT_ERROR, TLS_LEAF, missing_aia, 0,
		"e_sub_cert_aia_missing",
		"there is no authorityInfoAccess", ADD),
	A("aia-missing-sub-ca", "BR 7.1.2.10.3", BR_1, BR_171, LINT_ERROR, TLS_SUB_CA, missing_aia, 0,
		"e_sub_ca_aia_missing", "a subordinate CA has no authorityInfoAccess", ADD),
	A("aia-missing-sub-ca-later", "BR 7.1.2.10.3", BR_171, 0, LINT_WARN, TLS_SUB_CA, missing_aia, 0,
		"w_sub_ca_aia_missing cabf.aia_extension_missing "
		"cabf.serverauth.ca.authority_info_access_extension_absent",
		"a subordinate CA has no authorityInfoAccess", ADD),
	A("aia-no-ocsp-leaf", "BR 7.1.2.7.7", BR_1, SC63, LINT_ERROR, TLS_LEAF, no_http, OCSP,
		"e_sub_cert_aia_does_not_contain_ocsp_url", "there is no http address of an OCSP server", ADD),
	A("aia-no-ocsp-sub-ca", "BR 7.1.2.10.3", BR_1, BR_171, LINT_ERROR, TLS_SUB_CA, no_http, OCSP,
		"", "there is no http address of an OCSP server", ADD),
	A("aia-no-issuer-leaf", "BR 7.1.2.7.7", BR_1, 0, LINT_WARN, LINT_LEAF | LINT_BR, no_http, ISSUERS,
		"w_sub_cert_aia_does_not_contain_issuing_ca_url "
		"cabf.serverauth.subscriber.ca_issuers_aia_access_method_absent",
		"there is no http address of the issuer's certificate", ADD),
	A("aia-no-issuer-sub-ca", "BR 7.1.2.10.3", BR_1, 0, LINT_WARN, TLS_SUB_CA, no_http, ISSUERS,
		"w_sub_ca_aia_does_not_contain_issuing_ca_url",
		"there is no http address of the issuer's certificate", ADD),
	A("aia-location", "RFC 5280 4.2.2.1", DAY(2005, 12, 1), 0, LINT_WARN, LINT_ALL, location_missing, 0,
		"w_ext_aia_access_location_missing",
		"the issuer's certificate has neither an http nor an ldap address", ADD),
	A("aia-method", "BR 7.1.2.7.7", BR_2, 0, LINT_ERROR, LINT_LEAF | LINT_BR, other_method, 0,
		"e_aia_must_contain_permitted_access_method "
		"cabf.serverauth.subscriber.unknown_aia_access_method_present",
		"there is a method beside OCSP and caIssuers",
		"Issue again without the other method."),
	A("aia-method-ca", "BR 7.1.2.10.3", BR_2, 0, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC, other_method, 0,
		"cabf.serverauth.ca.unknown_aia_access_method_present", "there is a method beside OCSP and caIssuers",
		"Issue again without the other method."),
	A("aia-ocsp-http", "BR 7.1.2.7.7", BR_2, 0, LINT_ERROR, LINT_LEAF | LINT_BR, other_than_http, OCSP,
		"e_aia_ocsp_must_have_http_only", "an OCSP server's address is not http", HTTP),
	A("aia-issuers-http", "BR 7.1.2.7.7", BR_2, 0, LINT_ERROR, LINT_LEAF | LINT_BR, other_than_http, ISSUERS,
		"e_aia_ca_issuers_must_have_http_only", "the issuer's certificate has an address that is not http",
		HTTP),
	A("aia-location-http", "BR 7.1.2.7.7", BR_2, 0, LINT_ERROR, LINT_NOT_ROOT | LINT_PUBLIC, tls_uri_not_http,
		ANY_METHOD,
		"cabf.serverauth.aia_location_uri_not_http", "an address is not http", HTTP),
	A("aia-http-ca", "BR 7.1.2.10.3", BR_2, 0, LINT_ERROR, TLS_SUB_CA, other_than_http, ANY_METHOD,
		"e_ca_aia_non_http_url", "an address is not http", HTTP),
	A("aia-twice", "BR 7.1.2.7.7", BR_2, 0, LINT_ERROR, LINT_NOT_ROOT | LINT_BR, location_twice, 0,
		"e_aia_unique_access_locations cabf.serverauth.aia_duplicate_location", "an address stands twice",
		"Issue again with each address once."),
	A("aia-internal", "BR 7.1.2.7.7", BR_1, 0, LINT_WARN, TLS_LEAF, aia_internal, 0,
		"w_sub_cert_aia_contains_internal_names", "an address has an internal host", ADD),
	A("aia-internal-mail", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_WARN, LINT_LEAF | LINT_SELF | LINT_MAIL,
		aia_internal, 0,
		"w_smime_aia_contains_internal_names", "an address has an internal host", ADD),
	A("aia-http-mail-strict", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_STRICT,
		uri_not_http, ANY_METHOD,
		"e_smime_strict_aia_shall_have_http_only cabf.smime.aia_prohibited_uri_scheme",
		"an address is not http", HTTP),
	A("aia-http-mail-multipurpose", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_ERROR,
		LINT_LEAF | LINT_SELF | LINT_MULTIPURPOSE, uri_not_http, ANY_METHOD,
		"e_smime_strict_aia_shall_have_http_only cabf.smime.aia_prohibited_uri_scheme",
		"an address is not http", HTTP),
	A("aia-http-mail-legacy", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_LEGACY,
		aia_no_http, OCSP,
		"e_smime_legacy_aia_shall_have_one_http", "no OCSP server has an http address",
		HTTP),
	A("aia-http-mail-legacy-issuers", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_ERROR,
		LINT_LEAF | LINT_SELF | LINT_LEGACY, aia_no_http, ISSUERS,
		"e_smime_legacy_aia_shall_have_one_http",
		"the issuer's certificate has no http address", HTTP),
	A("aia-uri-missing-etsi", "ETSI EN 319 412-2 4.4.1", 0, 0, LINT_ERROR, LINT_LEAF | LINT_ETSI, no_uri, ISSUERS,
		"etsi.en_319_412_2.gen-4.4.1-3.ca_issuers_aia_access_method_absent",
		"the issuer's certificate has no address", ADD),

	P("cdp-no-http-leaf", "BR 7.1.2.11.2", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, cdp_no_http, 0,
		"e_sub_cert_crl_distribution_points_does_not_contain_url", "there is no http address of a list", HTTP),
	P("cdp-no-http-sub-ca", "BR 7.1.2.11.2", BR_1, 0, LINT_ERROR, TLS_SUB_CA, cdp_no_http, 0,
		"e_sub_ca_crl_distribution_points_does_not_contain_url", "there is no http address of a list", HTTP),
	P("cdp-http", "BR 7.1.2.11.2", BR_2, 0, LINT_ERROR, LINT_NOT_ROOT | LINT_BR, q_other_name, 0,
		"e_crl_distrib_points_not_http", "an address of a list is not http", HTTP),
	P("cdp-name-type", "BR 7.1.2.11.2", BR_2, 0, LINT_ERROR, LINT_NOT_ROOT | LINT_BR, q_not_a_uri, 0,
		"cabf.serverauth.crldp_dpname_prohibited_generalname_type",
		"a list is named by something else than a URI", HTTP),
	P("cdp-scheme", "BR 7.1.2.11.2", BR_2, 0, LINT_ERROR, LINT_NOT_ROOT | LINT_PUBLIC, tls_scheme, 0,
		"cabf.serverauth.crldp_dpname_prohibited_uri_scheme", "an address of a list is not http", HTTP),
	P("cdp-several", "BR 7.1.2.11.2", BR_2, 0, LINT_WARN, LINT_NOT_ROOT | LINT_BR, cdp_several, 0,
		"cabf.serverauth.crldp_multiple_distributionpoints_present",
		"there is more than one distribution point",
		"Issue again with one point."),
	P("cdp-issuer", "BR 7.1.2.11.2", BR_2, 0, LINT_ERROR, LINT_NOT_ROOT | LINT_SELF | LINT_BR, q_issuer, 0,
		"e_crlissuer_must_not_be_present_in_cdp "
		"cabf.serverauth.crldp_dp_prohibited_field_present", "a point names the issuer of its list",
		"Issue again without cRLIssuer: lists come from the issuer itself."),
	P("cdp-reasons", "BR 7.1.2.11.2", BR_2, 0, LINT_ERROR, LINT_NOT_ROOT | LINT_BR, q_reasons, 0,
		"cabf.serverauth.crldp_dp_prohibited_field_present",
		"a point is for some reasons only", "Issue again without reasons."),
	P("cdp-reasons-syntax", "X.690 11.2.2", 0, 0, LINT_ERROR, LINT_ALL, reasons_syntax, 0,
		"itu.invalid_asn1_syntax",
		"the reasons of a point keep zero bits at their end", "Cut the zero bits at the end."),
	P("cdp-incomplete", "RFC 5280 4.2.1.13", RFC3280, 0, LINT_ERROR, LINT_ALL, q_incomplete, 0,
		"e_distribution_point_incomplete "
		"pkix.distribution_point_does_not_contain_name_or_issuer",
		"a point has neither a name nor an issuer", ADD),
	P("cdp-no-address", "RFC 5280 4.2.1.13", RFC5280, 0, LINT_WARN, LINT_ALL, q_no_ldap, 0,
		"w_distribution_point_missing_ldap_or_uri", "a point has neither an http nor an ldap address", HTTP),
	P("cdp-or-ocsp", "BR 7.1.2.11.2", SC63, 0, LINT_ERROR, TLS_LEAF, no_revocation, 0,
		"e_missing_crl_distrib_point",
		"there is neither a list's nor an OCSP server's address", ADD),
	P("cdp-or-ocsp-tls", "BR 7.1.2.11.2", SC63, 0, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS, no_revocation, 0,
		"cabf.serverauth.subscriber.revocation_information_absent",
		"there is neither a list's nor an OCSP server's address", ADD),
	P("cdp-or-ocsp-microsoft", "Microsoft 3.A", 0, 0, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS,
		nothing_to_revoke_by, 0,
		"msft.end_entity.revocation_information_absent",
		"there is neither a list's nor an OCSP server's address", ADD),
	P("cdp-missing-mail", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_MAIL,
		cdp_missing, 0,
		"e_subscribers_shall_have_crl_distribution_points cabf.crldp_extension_missing",
		"there is no cRLDistributionPoints", ADD),
	P("cdp-http-mail-strict", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_STRICT,
		q_other_name, 0,
		"e_subscribers_crl_distribution_points_are_http "
		"cabf.smime.crldp_fullname_prohibited_uri_scheme",
		"an address of a list is not http", HTTP),
	P("cdp-http-mail-multipurpose", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_ERROR,
		LINT_LEAF | LINT_SELF | LINT_MULTIPURPOSE, q_other_name, 0,
		"e_subscribers_crl_distribution_points_are_http "
		"cabf.smime.crldp_fullname_prohibited_uri_scheme",
		"an address of a list is not http", HTTP),
	P("cdp-http-mail-legacy", "S/MIME BR 7.1.2.3", SMIME_1, 0, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_LEGACY,
		cdp_without_http, 0,
		"e_subscribers_crl_distribution_points_are_http cabf.no_http_crldp_uri",
		"no address of a list is http", HTTP),

	WORLD("uri-syntax", "RFC 3986 3", 0, 0, LINT_ERROR, LINT_ALL, uri_syntax, 0, "extensions",
		"pkix.invalid_uri_syntax",
		"a URI is none", "Issue again with the address written right."),
	WORLD("uri-host-long", "RFC 5280 4.2.1.6", 0, 0, LINT_ERROR, LINT_ALL, uri_host_long, 0, "extensions",
		"pkix.uri_domain_name_too_long", "a URI's host has more than 253 characters",
		"Issue again with the address written right."),
	WORLD("uri-ldap", "RFC 4516 2", 0, 0, LINT_NOTE, LINT_ALL, any_ldap, 0, "extensions",
		"pkix.ldap_uri_not_validated",
		"there is an LDAP address, which few programs ask", "Prefer http addresses."),
};
const struct lint_world_table lint_world_uri = {rows, ARRAY_LEN(rows)};
