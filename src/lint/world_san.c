/* SPDX-License-Identifier: Apache-2.0 */
/* subjectAltName and issuerAltName: which kinds of names, and how each is written. */
#include "lint/chars.h"
#include "lint/world.h"

/* arg of all questions here: the tag of the kind of name, and which extension. */
#define IAN 0x100

static const struct lint_names *
names_of(const struct lint_view *v, const struct lint_spot *s)
{
	return s->arg & IAN ? &v->ian : &v->san;
}

static bool
each(const struct lint_view *v, struct lint_spot *s, bool (*bad)(struct blob value))
{
	const struct lint_names *names = names_of(v, s);
	uint8_t tag = s->arg & 0xff;

	for (unsigned i = 0; i < names->n; i++)
		if (names->p[i].tag == tag && bad(names->p[i].value))
			return lint_spot_text(s, names->p[i].value);
	return false;
}

static bool
yes(struct blob b)
{
	(void)b;
	return true;
}

static bool
has_kind(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, yes);
}

static bool
missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_SAN];
}

static bool
critical_beside_subject(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_SAN] && v->x[LX_SAN]->critical && v->subj.n;
}

static bool
noncritical_without_subject(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_SAN] && !v->x[LX_SAN]->critical && !v->subj.n;
}

static bool
no_entries(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_ext *x = v->x[s->arg & IAN ? LX_IAN : LX_SAN];

	return x && x->value.n == 2 && x->value.p[0] == DER_SEQUENCE;
}

static bool
empty_name(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_names *names = names_of(v, s);

	for (unsigned i = 0; i < names->n; i++)
		if (names->p[i].value.n == 0)
			return true;
	return false;
}

static bool
not_ascii(struct blob b)
{
	return !lint_ascii(b);
}

static bool
not_ia5(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, not_ascii);
}

static bool
mail_bad(struct blob b)
{
	return b.n && !lint_mailbox_ok(str_of(b));
}

static bool
mail_format(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, mail_bad);
}

static bool
mail_domain_long(struct blob b)
{
	ptrdiff_t at = str_find(str_of(b), '@');

	return at >= 0 && b.n - (size_t)at - 1 > 253;
}

static bool
mail_long(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, mail_domain_long);
}

/* -- URIs in them */

static bool
uri_relative_one(struct blob b)
{
	struct str s = str_of(b);
	ptrdiff_t colon = str_find(s, ':'), slash = str_find(s, '/');

	return (colon <= 0 || (slash >= 0 && slash < colon));
}

static bool
uri_relative(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, uri_relative_one);
}

static bool
uri_bad(struct blob b)
{
	struct lint_uri uri;
	struct str s = str_of(b);
	ptrdiff_t colon;

	if (!lint_uri_read(s, &uri))
		return true;
	colon = str_find(s, ':');
	/* a scheme alone, or one with nothing behind its slashes */
	return (size_t)colon + 1 == s.n || (uri.host.p && !uri.host.n && !lint_uri_scheme(s, "ldap") &&
						   !lint_uri_scheme(s, "file"));
}

static bool
uri_format(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, uri_bad);
}

static bool
host_bad(struct blob b)
{
	struct lint_uri uri;
	struct str host;

	if (!b.n)
		return false;
	if (!lint_uri_read(str_of(b), &uri))
		return true;
	host = uri.host;
	return host.n && !lint_is_ip(host) && !lint_is_fqdn(host);
}

static bool
uri_host(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, host_bad);
}

/* -- dNSNames in them */

static bool
space(struct blob b)
{
	return b.n == 1 && b.p[0] == ' ';
}

static bool
dns_space(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, space);
}

static bool
nul(struct blob b)
{
	return lint_has_octet(b, 0);
}

static bool
dns_nul(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, nul);
}

static bool
period(struct blob b)
{
	return b.n && b.p[0] == '.';
}

static bool
dns_period(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, period);
}

static bool
wildcard_inside(struct blob b)
{
	for (size_t i = 1; i < b.n; i++)
		if (b.p[i] == '*')
			return true;
	return false;
}

static bool
dns_wildcard_inside(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, wildcard_inside);
}

static bool
wildcard_bare(struct blob b)
{
	return b.n && b.p[b.n - 1] == '*';
}

static bool
dns_wildcard_bare(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, wildcard_bare);
}

static bool
too_long(struct blob b)
{
	return b.n > 253;
}

static bool
dns_long(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, too_long);
}

static bool
ip_length_bad(struct blob b)
{
	return b.n != 4 && b.n != 16;
}

static bool
ip_length(const struct lint_view *v, struct lint_spot *s)
{
	return each(v, s, ip_length_bad);
}

static bool
ip_reserved(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_IP && lint_ip_special(v->san.p[i].value))
			return true;
	return false;
}

static bool
dns_twice(const struct lint_view *v, struct lint_spot *s)
{
	/* names of some hundred are compared with each other; larger certificates with those before them */
	for (unsigned i = 1; i < v->san.n; i++)
		for (unsigned k = i > 500 ? i - 500 : 0; k < i; k++)
			if (v->san.p[i].tag == GN_DNS && v->san.p[k].tag == GN_DNS &&
				str_eq_nocase(str_of(v->san.p[i].value), str_of(v->san.p[k].value)))
				return lint_spot_text(s, v->san.p[i].value);
	return false;
}

/* -- other names */

static bool
mail_utf8_domain(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->san.n; i++) {
		struct cursor c = cursor_of(v->san.p[i].value), in;
		struct blob oid, text;
		ptrdiff_t at;

		if (v->san.p[i].tag != GN_OTHER || !der_get(&c, DER_OID, &oid) ||
			!IS_OID(oid, "\x2b\x06\x01\x05\x05\x07\x08\x09") || !der_open(&c, DER_CTX_CONS(0), &in) ||
			!der_get(&in, DER_UTF8_STRING, &text))
			continue;
		at = str_find(str_of(text), '@');
		/* RFC 9598 3: the domain stands in A-labels */
		if (at < 0 || !lint_ascii((struct blob){text.p + at, text.n - (size_t)at}))
			return lint_spot_text(s, text);
	}
	return false;
}

#define A(id, source, from, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, place, aka, text, cure)
#define SAN(id, source, from, severity, scope, fn, arg, aka, text, cure) \
	A(id, source, from, severity, scope, fn, arg, "subjectAltName", aka, text, cure)
#define BOTH(id, fn, tag, aka_san, aka_ian, text, cure)                                              \
	A("san-" id, "RFC 5280 4.2.1.6", RFC5280, LINT_ERROR, LINT_ALL, fn, tag, "subjectAltName", aka_san, text, cure), \
	A("ian-" id, "RFC 5280 4.2.1.7", RFC5280, LINT_ERROR, LINT_ALL, fn, (tag) | IAN, "issuerAltName", aka_ian, \
		text, cure)
#define TLS_LEAF (LINT_LEAF | LINT_SELF | LINT_BR)
#define ONLY_DNS_IP "Issue again with dNSName and iPAddress alone."
#define NAME_AGAIN "Issue again with the name written right."

static const struct lint_world_row rows[] = {
	SAN("san-missing", "BR 7.1.2.7.12", BR_1, LINT_ERROR, TLS_LEAF, missing, 0,
		"e_ext_san_missing",
		"there is no subjectAltName", "Issue again with the names in subjectAltName."),
	SAN("san-critical-beside-subject", "RFC 5280 4.2.1.6", RFC5280, LINT_WARN, LINT_ALL, critical_beside_subject, 0,
		"w_ext_san_critical_with_subject_dn pkix.san_extension_is_critical_non_empty_subject",
		"subjectAltName is critical beside a subject", "Issue again with subjectAltName not critical."),
	SAN("san-noncritical-alone", "RFC 5280 4.2.1.6", RFC5280, LINT_ERROR, LINT_ALL, noncritical_without_subject, 0,
		"e_ext_san_not_critical_without_subject "
		"pkix.san_extension_not_critical_empty_subject",
		"subjectAltName is not critical beside an empty subject",
		"Issue again with subjectAltName critical."),
	SAN("san-directory-name", "BR 7.1.2.7.12", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, has_kind, GN_DIRECTORY,
		"e_ext_san_directory_name_present", "there is a directoryName", ONLY_DNS_IP),
	SAN("san-edi-party-name", "BR 7.1.2.7.12", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, has_kind, GN_EDI,
		"e_ext_san_edi_party_name_present", "there is an ediPartyName", ONLY_DNS_IP),
	SAN("san-other-name", "BR 7.1.2.7.12", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, has_kind, GN_OTHER,
		"e_ext_san_other_name_present", "there is an otherName", ONLY_DNS_IP),
	SAN("san-registered-id", "BR 7.1.2.7.12", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, has_kind, GN_RID,
		"e_ext_san_registered_id_present", "there is a registeredID", ONLY_DNS_IP),
	SAN("san-mail-address", "BR 7.1.2.7.12", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, has_kind, GN_EMAIL,
		"e_ext_san_rfc822_name_present", "there is a mail address", ONLY_DNS_IP),
	SAN("san-uri", "BR 7.1.2.7.12", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, has_kind, GN_URI,
		"e_ext_san_uniform_resource_identifier_present", "there is a URI", ONLY_DNS_IP),
	SAN("san-x400", "BR 7.1.2.7.12", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, has_kind, GN_X400,
		"",
		"there is an x400Address", ONLY_DNS_IP),
	SAN("san-dns-long", "RFC 5280 4.2.1.6", RFC5280, LINT_ERROR, LINT_ALL, dns_long, GN_DNS,
		"e_ext_san_dns_name_too_long pkix.dnsname_domain_name_too_long",
		"a dNSName has more than 253 characters", NAME_AGAIN),
	SAN("san-dns-twice", "RFC 5280 4.2.1.6", 0, LINT_NOTE, LINT_ALL, dns_twice, 0, "n_san_dns_name_duplicate",
		"a dNSName stands twice", "Issue again with each name once."),
	SAN("san-ip-length", "RFC 5280 4.2.1.6", RFC5280, LINT_ERROR, LINT_ALL, ip_length, GN_IP,
		"pkix.ip_address_wrong_length",
		"an iPAddress has neither 4 nor 16 octets", NAME_AGAIN),
	SAN("san-ip-reserved", "BR 4.2.2", DAY(2015, 11, 1), LINT_ERROR, LINT_ALL | LINT_BR, ip_reserved, 0,
		"e_ext_san_contains_reserved_ip cabf.internal_ip_address", "an iPAddress is private or reserved",
		"Use a private hierarchy for addresses that are not on the Internet."),
	SAN("san-mail-domain-long", "RFC 5321 4.5.3", 0, LINT_ERROR, LINT_ALL, mail_long, GN_EMAIL,
		"pkix.rfc822name_domain_part_too_long", "a mail address has a domain of more than 253 characters",
		NAME_AGAIN),
	SAN("san-mail-utf8", "RFC 9598 3", 0, LINT_ERROR, LINT_ALL, mail_utf8_domain, 0,
		"pkix.smtp_utf8_mailbox_domain_part_invalid_syntax",
		"the domain of an internationalised mail address is not in A-labels", NAME_AGAIN),
	BOTH("no-entries", no_entries, 0, "e_ext_san_no_entries", "e_ext_ian_no_entries", "there is no name in it",
		"Issue again without the extension, or with names."),
	BOTH("empty-name", empty_name, 0, "e_ext_san_empty_name", "e_ext_ian_empty_name", "a name is empty",
		NAME_AGAIN),
	BOTH("dns-ia5", not_ia5, GN_DNS, "e_ext_san_dns_not_ia5_string", "e_ext_ian_dns_not_ia5_string",
		"a dNSName holds characters beyond ASCII", "Issue again with A-labels (xn--)."),
	BOTH("dns-space", dns_space, GN_DNS, "e_ext_san_space_dns_name", "e_ext_ian_space_dns_name",
		"a dNSName is a blank", NAME_AGAIN),
	BOTH("dns-nul", dns_nul, GN_DNS, "e_san_dns_name_includes_null_char", "e_ian_dns_name_includes_null_char",
		"a dNSName holds a NUL", NAME_AGAIN),
	BOTH("dns-period", dns_period, GN_DNS, "e_san_dns_name_starts_with_period", "e_ian_dns_name_starts_with_period",
		"a dNSName begins with a period", NAME_AGAIN),
	BOTH("dns-wildcard-inside", dns_wildcard_inside, GN_DNS, "e_san_wildcard_not_first", "e_ian_wildcard_not_first",
		"an asterisk is not the first character of a dNSName", NAME_AGAIN),
	BOTH("dns-wildcard-bare", dns_wildcard_bare, GN_DNS, "e_san_bare_wildcard", "e_ian_bare_wildcard",
		"a dNSName ends with an asterisk", NAME_AGAIN),
	BOTH("mail-format", mail_format, GN_EMAIL, "e_ext_san_rfc822_format_invalid pkix.invalid_email_address_syntax",
		"e_ext_ian_rfc822_format_invalid pkix.invalid_email_address_syntax", "a mail address is none",
		NAME_AGAIN),
	BOTH("uri-ia5", not_ia5, GN_URI, "e_ext_san_uri_not_ia5", "e_ext_ian_uri_not_ia5",
		"a URI holds characters beyond ASCII", NAME_AGAIN),
	BOTH("uri-relative", uri_relative, GN_URI, "e_ext_san_uri_relative", "e_ext_ian_uri_relative",
		"a URI is relative", "Issue again with the whole URI."),
	BOTH("uri-format", uri_format, GN_URI, "e_ext_san_uri_format_invalid", "e_ext_ian_uri_format_invalid",
		"a URI is none", NAME_AGAIN),
	BOTH("uri-host", uri_host, GN_URI, "e_ext_san_uri_host_not_fqdn_or_ip", "e_ext_ian_uri_host_not_fqdn_or_ip",
		"a URI's host is neither a full domain name nor an address", NAME_AGAIN),
};
const struct lint_world_table lint_world_san = {rows, ARRAY_LEN(rows)};
