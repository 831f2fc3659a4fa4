/* SPDX-License-Identifier: Apache-2.0 */
/* certificatePolicies, policyMappings, policyConstraints and nameConstraints. */
#include "base/utf8.h"
#include "lint/chars.h"
#include "lint/world.h"

#define OID_CPS OID_BODY("\x2b\x06\x01\x05\x05\x07\x02\x01")
#define OID_NOTICE OID_BODY("\x2b\x06\x01\x05\x05\x07\x02\x02")

typedef bool qualifier_test(const struct lint_qualifier *q);

static bool
each(const struct lint_view *v, struct lint_spot *s, qualifier_test *bad)
{
	for (unsigned i = 0; i < v->n_policies; i++)
		for (unsigned k = 0; k < v->policy[i].n; k++)
			if (bad(&v->policy[i].q[k]))
				return lint_spot_oid(s, v->policy[i].oid);
	return false;
}

static bool
notice_ref(const struct lint_qualifier *q)
{
	return q->notice_ref;
}

static bool
text_ia5(const struct lint_qualifier *q)
{
	return q->text_tag == DER_IA5_STRING;
}

static bool
text_not_utf8(const struct lint_qualifier *q)
{
	return q->text_tag && q->text_tag != DER_UTF8_STRING;
}

static bool
text_encoding(const struct lint_qualifier *q)
{
	return q->text_tag == DER_IA5_STRING || q->text_tag == 0x1a || q->text_tag == 0x1e;
}

static size_t
characters(const struct lint_qualifier *q)
{
	struct str s = str_of(q->text);

	if (q->text_tag == DER_UTF8_STRING && utf8_ok(s))
		return utf8_len(s);
	return q->text_tag == 0x1e ? s.n / 2 : s.n;
}

static bool
text_long(const struct lint_qualifier *q)
{
	return characters(q) > 200;
}

static bool
text_control(const struct lint_qualifier *q)
{
	struct str s = str_of(q->text);
	uint32_t c;

	while (q->text_tag == DER_UTF8_STRING && (c = utf8_next(&s)) != UINT32_MAX)
		if (c < 0x20 || (c >= 0x7f && c < 0xa0))
			return true;
	return false;
}

static bool
text_not_nfc(const struct lint_qualifier *q)
{
	uint32_t points[400], c;
	struct str s = str_of(q->text);
	size_t n = 0;

	if (q->text_tag == 0x1e)
		for (size_t i = 0; i + 1 < s.n && n < ARRAY_LEN(points); i += 2)
			points[n++] = (uint32_t)q->text.p[i] << 8 | q->text.p[i + 1];
	while (q->text_tag == DER_UTF8_STRING && utf8_ok(str_of(q->text)) && n < ARRAY_LEN(points) &&
		(c = utf8_next(&s)) != UINT32_MAX)
		points[n++] = c;
	return lint_not_nfc(points, n);
}

static bool
not_cps(const struct lint_qualifier *q)
{
	return !blob_eq(q->oid, OID_CPS);
}

static bool
not_standard(const struct lint_qualifier *q)
{
	return !blob_eq(q->oid, OID_CPS) && !blob_eq(q->oid, OID_NOTICE);
}

static bool
cps_not_http(const struct lint_qualifier *q)
{
	struct str s = str_of(q->value);
	struct lint_uri uri;

	if (!blob_eq(q->oid, OID_CPS))
		return false;
	return !lint_uri_read(s, &uri) || !uri.host.n || (!lint_uri_scheme(s, "http") && !lint_uri_scheme(s, "https"));
}

#define QUALIFIERS(fn, test)                                        \
	static bool fn(const struct lint_view *v, struct lint_spot *s) \
	{                                                           \
		return each(v, s, test);                            \
	}
QUALIFIERS(q_notice_ref, notice_ref)
QUALIFIERS(q_ia5, text_ia5)
QUALIFIERS(q_not_utf8, text_not_utf8)
QUALIFIERS(q_encoding, text_encoding)
QUALIFIERS(q_long, text_long)
QUALIFIERS(q_control, text_control)
QUALIFIERS(q_not_nfc, text_not_nfc)
QUALIFIERS(q_not_cps, not_cps)
QUALIFIERS(q_cps_not_http, cps_not_http)

static bool
tls_not_cps(const struct lint_view *v, struct lint_spot *s)
{
	return (v->ca || (v->scope & LINT_TLS)) && each(v, s, not_cps);
}

static bool
any_other_qualifier(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->n_policies; i++)
		for (unsigned k = 0; IS_OID(v->policy[i].oid, "\x55\x1d\x20\x00") && k < v->policy[i].n; k++)
			if (not_standard(&v->policy[i].q[k]))
				return true;
	return false;
}

static bool
qualified(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->policy_qualifier;
}

static bool
no_qualifiers(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->qualifiers_empty;
}

static bool
duplicate(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 1; i < v->n_policies; i++)
		for (unsigned k = 0; k < i && k < 64; k++)
			if (blob_eq(v->policy[i].oid, v->policy[k].oid))
				return lint_spot_oid(s, v->policy[i].oid);
	return false;
}

static bool
no_policy(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_POLICIES];
}

static bool
empty_constraints(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->empty_constraints;
}

/* -- mappings */

static bool
maps_any(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < 2 * v->n_mappings; i++)
		if (blob_eq(v->mapping[i], OID_ANY_POLICY))
			return true;
	return false;
}

static bool
maps_other(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_mappings; i++)
		if (!lint_has_policy(v, v->mapping[2 * i]))
			return lint_spot_oid(s, v->mapping[2 * i]);
	return false;
}

/* -- the Forum's reserved policies */

static bool
is_reserved(struct blob oid)
{
	return IS_OID(oid, "\x67\x81\x0c\x01\x01") ||
	       (oid.n == 6 && memcmp(oid.p, "\x67\x81\x0c\x01\x02", 5) == 0 && oid.p[5] >= 1 && oid.p[5] <= 3);
}

static unsigned
count_reserved(const struct lint_view *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_policies; i++)
		n += is_reserved(v->policy[i].oid);
	return n;
}

static bool
several_reserved(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return count_reserved(v) > 1;
}

static bool
no_reserved(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->n_policies && !count_reserved(v) && !lint_has_policy(v, OID_ANY_POLICY);
}

static bool
reserved(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return count_reserved(v);
}

static bool
server_as_ca(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_DNS)
			return count_reserved(v);
	return false;
}

static bool
qualified_other(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->policy_qualifier && !(v->scope & LINT_TLS);
}

static bool
first_not_reserved(const struct lint_view *v, struct lint_spot *s)
{
	return count_reserved(v) == 1 && !lint_has_policy(v, OID_ANY_POLICY) && !is_reserved(v->policy[0].oid) &&
		lint_spot_oid(s, v->policy[0].oid);
}

static bool
any_policy(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_policy(v, OID_ANY_POLICY);
}

static bool
any_and_other(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->n_policies > 1 && lint_has_policy(v, OID_ANY_POLICY);
}

/* BR 7.1.2.10.5: anyPolicy alone, or exactly one reserved policy among others. */
static bool
ca_policies(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	if (lint_has_policy(v, OID_ANY_POLICY))
		return v->n_policies > 1;
	return count_reserved(v) != 1;
}

static bool
no_tls_but_reserved(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->n_ekus && !(v->scope & LINT_SERVER) && count_reserved(v);
}

/* -- nameConstraints */

static bool
side_has(const struct lint_names *side, uint8_t tag)
{
	for (unsigned i = 0; i < side->n; i++)
		/* the number counts: implicit tags of structures are written without their form by some */
		if ((side->p[i].tag & 0x1f) == (tag & 0x1f))
			return true;
	return false;
}

static bool
constrains(const struct lint_view *v, struct lint_spot *s)
{
	return side_has(&v->permitted, (uint8_t)s->arg) || side_has(&v->excluded, (uint8_t)s->arg);
}

static bool
names_empty(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_NAMES] && !v->permitted.n && !v->excluded.n;
}

static bool
names_minimum(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->nc_min;
}

static bool
names_maximum(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->nc_max;
}

/* BR 7.1.2.10.8: dNSName, iPAddress, directoryName; others are discouraged beside them. */
static bool
names_discouraged(const struct lint_view *v, struct lint_spot *s)
{
	static const uint8_t tags[] = {GN_OTHER, GN_EMAIL, GN_X400, GN_EDI, GN_URI, GN_RID};

	for (size_t i = 0; i < sizeof(tags); i++) {
		s->arg = tags[i];
		if (constrains(v, s))
			return true;
	}
	return false;
}

static bool
host_with_period(struct blob b)
{
	struct str name = str_of(b);

	if (name.n && name.p[0] == '.')
		name = (struct str){name.p + 1, name.n - 1};
	return !lint_is_fqdn(name) || lint_is_ip(name);
}

/* RFC 5280 4.2.1.10: a URI is constrained by a host or by a domain with a period before it. */
static bool
names_uri(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_names *const sides[] = {&v->permitted, &v->excluded};

	for (size_t k = 0; k < ARRAY_LEN(sides); k++)
		for (unsigned i = 0; i < sides[k]->n; i++)
			if (sides[k]->p[i].tag == GN_URI && host_with_period(sides[k]->p[i].value))
				return lint_spot_text(s, sides[k]->p[i].value);
	return false;
}

static bool
names_reserved_ip(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->permitted.n; i++) {
		struct blob b = v->permitted.p[i].value;

		if (v->permitted.p[i].tag == GN_IP && (b.n == 8 || b.n == 32) && lint_ip_special(BLOB(b.p, b.n / 2)))
			return true;
	}
	return false;
}

static bool
side_has_ip(const struct lint_view *v, size_t octets)
{
	const struct lint_names *const sides[] = {&v->permitted, &v->excluded};

	for (size_t k = 0; k < ARRAY_LEN(sides); k++)
		for (unsigned i = 0; i < sides[k]->n; i++)
			if (sides[k]->p[i].tag == GN_IP && sides[k]->p[i].value.n == octets)
				return true;
	return false;
}

/* A constrained TLS CA limits dNSName, iPAddress and directoryName, each by what is allowed or by what is not. */
static bool
names_incomplete(const struct lint_view *v, struct lint_spot *s)
{
	static const uint8_t all[] = {GN_DNS, GN_IP, GN_DIRECTORY};

	if (!v->x[LX_NAMES])
		return false;
	for (size_t i = 0; i < sizeof(all); i++) {
		s->arg = all[i];
		if (!constrains(v, s))
			return true;
	}
	/* addresses of both kinds, each with its mask */
	return !side_has_ip(v, 8) || !side_has_ip(v, 32);
}

#define P(id, source, from, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, "certificatePolicies", aka, text, cure)
#define NC(id, source, from, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, "nameConstraints", aka, text, cure)
#define PLAIN "Issue again with the policies' identifiers alone."
#define TEXT "Issue again with an explicit text of at most 200 characters in UTF-8."
#define ONE "Issue again with the one reserved policy that fits, as the first."
#define NAMES "Issue again with the constraints that BR 7.1.2.10.8 asks for."

static const struct lint_world_row rows[] = {
	P("policy-empty", "BR 7.1.6.4", BR_1, LINT_ERROR, LINT_LEAF | LINT_SELF | LINT_BR, no_policy, 0,
		"e_sub_cert_cert_policy_empty", "there is no policy", ONE),
	P("policy-no-qualifiers", "RFC 5280 4.2.1.4", 0, LINT_ERROR, LINT_ALL, no_qualifiers, 0, "itu.invalid_asn1_syntax",
		"a policy has an empty list of qualifiers", PLAIN),
	P("policy-twice", "RFC 5280 4.2.1.4", RFC5280, LINT_ERROR, LINT_ALL, duplicate, 0,
		"e_ext_cert_policy_duplicate pkix.duplicate_certificate_policy_oids",
		"a policy stands twice", "Issue again with each policy once."),
	P("policy-notice-reference", "RFC 5280 4.2.1.4", RFC5280, LINT_WARN, LINT_ALL, q_notice_ref, 0,
		"w_ext_cert_policy_contains_noticeref pkix.certificate_policies_usernotice_has_noticeref",
		"a user notice refers to a text elsewhere", PLAIN),
	P("policy-any-qualifier", "RFC 5280 4.2.1.4", RFC3280, LINT_ERROR, LINT_ALL, any_other_qualifier, 0,
		"e_ext_cert_policy_disallowed_any_policy_qualifier "
		"pkix.certificate_policies_anypolicy_has_prohibited_qualifier",
		"anyPolicy has a qualifier that is neither a CPS pointer nor a user notice", PLAIN),
	P("policy-text-ia5", "RFC 6818 3", DAY(2013, 1, 1), LINT_ERROR, LINT_ALL, q_ia5, 0,
		"e_ext_cert_policy_explicit_text_ia5_string "
		"pkix.rfc6818_certificate_policies_invalid_explicit_text_encoding",
		"an explicit text is IA5String", TEXT),
	P("policy-text-encoding", "RFC 5280 4.2.1.4", RFC5280, LINT_ERROR, LINT_ALL, q_encoding, 0,
		"pkix.rfc5280_certificate_policies_invalid_explicit_text_encoding",
		"an explicit text is no UTF8String", TEXT),
	P("policy-text-utf8", "RFC 6818 3", DAY(2013, 1, 1), LINT_WARN, LINT_ALL, q_not_utf8, 0,
		"w_ext_cert_policy_explicit_text_not_utf8", "an explicit text is no UTF8String", TEXT),
	P("policy-text-long", "RFC 6818 3", DAY(2013, 1, 1), LINT_ERROR, LINT_ALL, q_long, 0,
		"e_ext_cert_policy_explicit_text_too_long", "an explicit text has more than 200 characters", TEXT),
	P("policy-text-control", "RFC 6818 3", DAY(2013, 1, 1), LINT_WARN, LINT_ALL, q_control, 0,
		"w_ext_cert_policy_explicit_text_includes_control "
		"pkix.certificate_policies_explicit_text_has_control_character",
		"an explicit text holds control characters", TEXT),
	P("policy-text-nfc", "RFC 6818 3", DAY(2013, 1, 1), LINT_WARN, LINT_ALL, q_not_nfc, 0,
		"w_ext_cert_policy_explicit_text_not_nfc "
		"pkix.certificate_policies_explicit_text_not_nfc_normalized",
		"an explicit text is not in Unicode's form C", TEXT),
	P("policy-qualifier-tls", "BR 7.1.2.7.9", BR_2, LINT_WARN, LINT_ALL | LINT_PUBLIC | LINT_TLS, qualified, 0,
		"cabf.serverauth.certificate_policy_qualifier_present",
		"a policy has a qualifier, which is not recommended", PLAIN),
	P("policy-qualifier-kind", "BR 7.1.2.7.9", BR_2, LINT_ERROR, LINT_ALL | LINT_BR, q_not_cps, 0,
		"e_policy_qualifiers_other_than_cps_not_permitted", "a qualifier is no CPS pointer", PLAIN),
	P("policy-qualifier-kind-tls", "BR 7.1.2.7.9", BR_2, LINT_ERROR, LINT_ALL | LINT_PUBLIC, tls_not_cps, 0,
		"cabf.serverauth.prohibited_certificate_policy_qualifier_type", "a qualifier is no CPS pointer", PLAIN),
	P("policy-cps-uri", "BR 7.1.2.7.9", BR_2, LINT_ERROR, LINT_ALL | LINT_PUBLIC, q_cps_not_http, 0,
		"e_invalid_cps_uri cabf.cps_uri_is_not_http", "a CPS pointer is no http or https address",
		"Issue again with the address of the practice statement."),
	P("policy-several-reserved-ca", "BR 7.1.2.10.5", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_BR, several_reserved, 0,
		"e_ca_multiple_reserved_policy_oids cabf.serverauth.ca_multiple_reserved_policy_oids",
		"a CA has several of the Forum's reserved policies", ONE),
	P("policy-several-reserved", "BR 7.1.2.7.9", BR_2, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS,
		several_reserved,
		0, "cabf.serverauth.subscriber_multiple_reserved_policy_oids",
		"there are several of the Forum's reserved policies", ONE),
	P("policy-ca", "BR 7.1.2.10.5", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_BR, ca_policies, 0,
		"e_invalid_ca_certificate_policies",
		"a CA has neither anyPolicy alone nor exactly one of the Forum's reserved policies", ONE),
	P("policy-ca-none-reserved", "BR 7.1.2.10.5", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_BR, no_reserved, 0,
		"cabf.serverauth.ca_missing_reserved_policy_oid", "a CA has none of the Forum's reserved policies",
		ONE),
	P("policy-ca-any-and-other", "BR 7.1.2.10.5", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_BR, any_and_other, 0,
		"cabf.serverauth.ca_anypolicy_with_other_policy_oid", "a CA has anyPolicy beside other policies", ONE),
	P("policy-ca-first", "BR 7.1.2.10.5", BR_2, LINT_WARN, LINT_SUB_CA | LINT_BR, first_not_reserved, 0,
		"cabf.serverauth.ca_first_policy_oid_not_reserved", "the reserved policy is not the first", ONE),
	P("policy-ca-not-tls", "BR 7.1.2.3", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC, no_tls_but_reserved, 0,
		"cabf.serverauth.ca_non_tls_has_reserved_policy_oid",
		"a CA that is not for TLS has one of the policies for TLS", PLAIN),
	P("policy-leaf-ca", "BR 7.1.2.7.8", BR_2, LINT_ERROR, LINT_CA | LINT_PUBLIC | LINT_TLS, server_as_ca, 0,
		"cabf.serverauth.subscriber_basic_constraints_ca_bit_set",
		"a certificate with a server's names and policy is marked as a CA", "Issue again without cA."),
	P("policy-qualified", "RFC 5280 4.2.1.4", 0, LINT_NOTE, LINT_ALL, qualified_other, 0,
		"pkix.certificate_policies_policy_has_qualifier",
		"a policy has a qualifier, which is not recommended", PLAIN),
	P("policy-any-leaf", "BR 7.1.2.7.9", BR_2, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS, any_policy, 0,
		"cabf.serverauth.subscriber_anypolicy_oid_present", "a subscriber's certificate has anyPolicy", ONE),
	P("policy-first", "BR 7.1.2.7.9", BR_2, LINT_WARN, LINT_LEAF | LINT_PUBLIC | LINT_TLS, first_not_reserved, 0,
		"cabf.serverauth.subscriber_first_policy_oid_not_reserved", "the reserved policy is not the first",
		ONE),
	P("policy-root-reserved", "BR 7.1.2.1.2", BR_2, LINT_WARN, LINT_ROOT | LINT_PUBLIC, reserved, 0, "",
		"a root has one of the policies of subscribers", PLAIN),
	WORLD("policy-constraints-empty", "RFC 5280 4.2.1.11", RFC2459, 0, LINT_ERROR, LINT_ALL, empty_constraints, 0,
		"policyConstraints", "e_ext_policy_constraints_empty", "policyConstraints is empty",
		"Leave the extension out, or fill it."),
	WORLD("mapping-any", "RFC 5280 4.2.1.5", RFC3280, 0, LINT_ERROR, LINT_ALL, maps_any, 0, "policyMappings",
		"e_ext_policy_map_any_policy", "anyPolicy is mapped", "Issue again with the policies that are meant."),
	WORLD("mapping-not-asserted", "RFC 5280 4.2.1.5", RFC3280, 0, LINT_WARN, LINT_ALL, maps_other, 0,
		"policyMappings",
		"w_ext_policy_map_not_in_cert_policy", "a policy is mapped that certificatePolicies does not name",
		"Name the issuer's policy in certificatePolicies as well."),

	NC("names-empty", "RFC 5280 4.2.1.10", RFC5280, LINT_ERROR, LINT_ALL, names_empty, 0,
		"e_name_constraint_empty pkix.name_constraints_no_subtrees",
		"nameConstraints is empty", "Leave the extension out, or fill it."),
	NC("names-minimum", "RFC 5280 4.2.1.10", RFC5280, LINT_ERROR, LINT_ALL, names_minimum, 0,
		"e_name_constraint_minimum_non_zero pkix.name_constraints_non_default_minimum",
		"a subtree says a minimum", NAMES),
	NC("names-maximum", "RFC 5280 4.2.1.10", RFC5280, LINT_ERROR, LINT_ALL, names_maximum, 0,
		"e_name_constraint_maximum_not_absent pkix.name_constraints_maximum_specified",
		"a subtree says a maximum", NAMES),
	NC("names-x400", "RFC 5280 4.2.1.10", RFC5280, LINT_WARN, LINT_ALL, constrains, GN_X400,
		"w_name_constraint_on_x400",
		"an x400Address is constrained, which few programs know", NAMES),
	NC("names-edi", "RFC 5280 4.2.1.10", RFC5280, LINT_WARN, LINT_ALL, constrains, GN_EDI,
		"w_name_constraint_on_edi_party_name", "an ediPartyName is constrained, which few programs know",
		NAMES),
	NC("names-registered-id", "RFC 5280 4.2.1.10", RFC5280, LINT_WARN, LINT_ALL, constrains, GN_RID,
		"w_name_constraint_on_registered_id", "a registeredID is constrained, which few programs know", NAMES),
	NC("names-uri-host", "RFC 5280 4.2.1.10", RFC5280, LINT_ERROR, LINT_ALL, names_uri, 0,
		"e_name_constraint_not_fqdn",
		"the constraint of a URI is no host and no domain", NAMES),
	NC("names-reserved-ip", "BR 7.1.5", DAY(2015, 11, 1), LINT_ERROR, LINT_ALL | LINT_BR, names_reserved_ip, 0,
		"e_ext_nc_intersects_reserved_ip", "a private or reserved network is allowed", NAMES),
	NC("names-discouraged", "BR 7.1.2.10.8", BR_2, LINT_WARN, LINT_SUB_CA | LINT_BR, names_discouraged, 0,
		"cabf.serverauth.name_constraints_discouraged_name_type",
		"other kinds of names are constrained than dNSName, iPAddress and directoryName", NAMES),
	NC("names-incomplete", "BR 7.1.2.5.2", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC | LINT_TLS,
		names_incomplete, 0,
		"cabf.serverauth.ca.incomplete_name_constraints",
		"not all of dNSName, iPAddress and directoryName are constrained", NAMES),
};
const struct lint_world_table lint_world_policy = {rows, ARRAY_LEN(rows)};
