/* SPDX-License-Identifier: Apache-2.0 */
/* Domain names of servers, in subjectAltName and in the common name. */
#include <stdio.h>

#include "base/rfc3339.h"
#include "lint/chars.h"
#include "lint/world.h"

typedef bool name_test(const struct lint_view *v, struct str name);

static bool
each_dns(const struct lint_view *v, struct lint_spot *s, name_test *bad)
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_DNS && bad(v, str_of(v->san.p[i].value)))
			return lint_spot_text(s, v->san.p[i].value);
	return false;
}

/* The dNSNames, and the common name where it is no address. */
static bool
each_name(const struct lint_view *v, struct lint_spot *s, name_test *bad)
{
	const struct lint_attr *cn = lint_attr_of(&v->subj, AT_CN);

	if (cn && cn->value.n && !lint_is_ip(str_of(cn->value)) && bad(v, str_of(cn->value)))
		return lint_spot_text(s, cn->value);
	return each_dns(v, s, bad);
}

static bool
in_zone(struct str name, const char *zone)
{
	struct str z = str_c(zone);

	return name.n > z.n && str_eq_nocase((struct str){name.p + name.n - z.n, z.n}, z);
}

/* -- labels */

static bool
label_characters(struct str label)
{
	for (size_t i = 0; i < label.n; i++) {
		char c = label.p[i], l = (char)(c | 0x20);

		if (!(c >= '0' && c <= '9') && !(l >= 'a' && l <= 'z') && c != '-' && c != '_' && c != '*')
			return true;
	}
	return false;
}

static bool
label_empty(struct str label)
{
	return label.n == 0;
}

static bool
label_long(struct str label)
{
	return label.n > 63;
}

static bool
label_reserved(struct str label)
{
	return label.n >= 4 && label.p[2] == '-' && label.p[3] == '-' &&
	       !((label.p[0] | 0x20) == 'x' && (label.p[1] | 0x20) == 'n');
}

static bool
label_underscore(struct str label)
{
	return str_find(label, '_') >= 0;
}

static bool
label_plabel(struct str label)
{
	uint32_t points[64];

	if (label.n < 4 || (label.p[0] | 0x20) != 'x' || (label.p[1] | 0x20) != 'n' || label.p[2] != '-' ||
		label.p[3] != '-')
		return false;
	return !lint_punycode((struct str){label.p + 4, label.n - 4}, points, ARRAY_LEN(points));
}

static bool
label_not_nfc(struct str label)
{
	uint32_t points[64];
	size_t n;

	if (label.n < 4 || (label.p[0] | 0x20) != 'x' || label.p[2] != '-' || label.p[3] != '-')
		return false;
	n = lint_punycode((struct str){label.p + 4, label.n - 4}, points, ARRAY_LEN(points));
	return lint_not_nfc(points, n);
}

static bool
label_not_ldh(struct str label)
{
	return !lint_ldh_label(label) && !str_eq(label, STR("*"));
}

enum { CHARACTERS, EMPTY, LONG, RESERVED, UNDERSCORE, PLABEL, NOT_NFC, NOT_LDH };
static bool (*const label_tests[])(struct str) = {label_characters, label_empty, label_long, label_reserved,
	label_underscore, label_plabel, label_not_nfc, label_not_ldh};

/* arg: the test of one label. */
static bool
label_in_dns(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_DNS && v->san.p[i].value.n &&
			lint_any_label(str_of(v->san.p[i].value), label_tests[s->arg]))
			return lint_spot_text(s, v->san.p[i].value);
	return false;
}

static bool
label_in_name(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *cn = lint_attr_of(&v->subj, AT_CN);

	if (cn && cn->value.n && !lint_is_ip(str_of(cn->value)) && lint_any_label(str_of(cn->value),
		label_tests[s->arg]))
		return lint_spot_text(s, cn->value);
	return label_in_dns(v, s);
}

/* The label below the public suffix; without the list, the last but one. */
static struct str
second_level(struct str name)
{
	return lint_label(name, 1);
}

static bool
sld_hyphen(const struct lint_view *v, struct str name)
{
	struct str sld = second_level(name);

	(void)v;
	return sld.n && (sld.p[0] == '-' || sld.p[sld.n - 1] == '-');
}

static bool
sld_underscore(const struct lint_view *v, struct str name)
{
	(void)v;
	return label_underscore(second_level(name));
}

static bool
below_underscore(const struct lint_view *v, struct str name)
{
	(void)v;
	for (unsigned i = 2; i < lint_labels(name); i++)
		if (label_underscore(lint_label(name, i)))
			return true;
	return false;
}

static bool
left_wildcard_partial(const struct lint_view *v, struct str name)
{
	struct str left = str_cut(&name, '.');

	(void)v;
	return str_find(left, '*') >= 0 && left.n > 1;
}

static bool
wildcard_elsewhere(const struct lint_view *v, struct str name)
{
	(void)v;
	str_cut(&name, '.');
	return str_find(name, '*') >= 0;
}

static bool
wildcard(const struct lint_view *v, struct str name)
{
	(void)v;
	return str_starts(name, STR("*")) && !in_zone(name, ".onion");
}

static bool
tld_unknown(const struct lint_view *v, struct str name)
{
	struct str tld = lint_label(name, 0);
	char room[64];

	if (!v->conf->tld_known || !tld.n || tld.n > sizeof(room))
		return false;
	tld = lint_lower(tld, room, sizeof(room));
	return !str_eq(tld, STR("onion")) && !v->conf->tld_known(tld) && !lint_tld_was(tld);
}

static bool
bare_tld(const struct lint_view *v, struct str name)
{
	return name.n && (lint_labels(name) == 1 || (v->conf->suffix && v->conf->suffix(name)));
}

static bool
wildcard_of_suffix(const struct lint_view *v, struct str name)
{
	return str_starts(name, STR("*.")) && bare_tld(v, (struct str){name.p + 2, name.n - 2});
}

static bool
one_label(const struct lint_view *v, struct str name)
{
	(void)v;
	return name.n && lint_labels(name) == 1;
}

static bool
not_pki_syntax(const struct lint_view *v, struct str name)
{
	(void)v;
	return !name.n || lint_any_label(name, label_not_ldh) || lint_any_label(name, label_long) || name.n > 253;
}

#define QUESTION(fn, each, test)                                    \
	static bool fn(const struct lint_view *v, struct lint_spot *s) \
	{                                                           \
		return each(v, s, test);                            \
	}
QUESTION(q_sld_hyphen, each_dns, sld_hyphen)
QUESTION(q_sld_underscore, each_dns, sld_underscore)
QUESTION(q_below_underscore, each_dns, below_underscore)
QUESTION(q_left_partial, each_name, left_wildcard_partial)
QUESTION(q_elsewhere, each_name, wildcard_elsewhere)
QUESTION(q_wildcard, each_dns, wildcard)
QUESTION(q_bare_tld, each_dns, bare_tld)
QUESTION(q_one_label, each_dns, one_label)
QUESTION(q_wildcard_suffix, each_dns, wildcard_of_suffix)

/* Also in the constraints of names; a period that stands first is left out where strip is set. */
static bool
each_constraint(const struct lint_view *v, struct lint_spot *s, name_test *bad, bool strip)
{
	const struct lint_names *const sides[] = {&v->permitted, &v->excluded};

	for (size_t k = 0; k < ARRAY_LEN(sides); k++)
		for (unsigned i = 0; i < sides[k]->n; i++) {
			struct str name = str_of(sides[k]->p[i].value);

			if (strip && name.n && name.p[0] == '.')
				name = (struct str){name.p + 1, name.n - 1};
			if (sides[k]->p[i].tag == GN_DNS && name.n && bad(v, name))
				return lint_spot_text(s, sides[k]->p[i].value);
		}
	return false;
}

static bool
q_syntax(const struct lint_view *v, struct lint_spot *s)
{
	return (v->ca || (v->scope & LINT_TLS)) &&
	       (each_dns(v, s, not_pki_syntax) || each_constraint(v, s, not_pki_syntax, false));
}

static bool
q_internal(const struct lint_view *v, struct lint_spot *s)
{
	struct lint_uri uri;

	if (!v->ca && !(v->scope & LINT_TLS))
		return false;
	if (each_dns(v, s, tld_unknown) || each_constraint(v, s, tld_unknown, true))
		return true;
	for (unsigned i = 0; i < v->n_policies; i++)
		for (unsigned k = 0; k < v->policy[i].n; k++) {
			struct str text = str_of(v->policy[i].q[k].value);

			if (v->policy[i].q[k].tag == DER_IA5_STRING && v->conf->tld_known &&
				(!lint_uri_read(text, &uri) || !uri.host.n || tld_unknown(v, uri.host)))
				return lint_spot_text(s, v->policy[i].q[k].value);
		}
	return false;
}

static bool
q_tld(const struct lint_view *v, struct lint_spot *s)
{
	return each_name(v, s, tld_unknown);
}

static bool
ian_suffix(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->ian.n; i++)
		if (v->ian.p[i].tag == GN_DNS && bare_tld(v, str_of(v->ian.p[i].value)))
			return lint_spot_text(s, v->ian.p[i].value);
	return false;
}

/* -- underscores, which were allowed for some months */

#define PERMISSIBLE DAY(2018, 12, 10)

static bool
underscore_long(const struct lint_view *v, struct lint_spot *s)
{
	s->arg = UNDERSCORE;
	return v->not_after_ms - v->not_before_ms > 30 * MS_DAY && label_in_dns(v, s);
}

static bool
replaced_bad(const struct lint_view *v, struct str name)
{
	(void)v;
	while (name.p) {
		struct str label = str_cut(&name, '.');

		if (label_underscore(label) && (label.p[0] == '_' || label.p[label.n - 1] == '_'))
			return true;
	}
	return false;
}
QUESTION(q_replaced, each_dns, replaced_bad)

/* -- names of reverse zones */

#define V4_ZONE ".in-addr.arpa"
#define V6_ZONE ".ip6.arpa"

static bool
reverse_zone(const struct lint_view *v, struct str name)
{
	(void)v;
	return in_zone(name, V4_ZONE) || in_zone(name, V6_ZONE);
}
QUESTION(q_reverse, each_name, reverse_zone)

/* The address of which the name speaks: 4 or 16 octets; 0: it is malformed. */
static size_t
reverse_address(struct str name, uint8_t out[16])
{
	bool v4 = in_zone(name, V4_ZONE);
	unsigned n = v4 ? 4 : 32;

	if (lint_labels(name) != n + 2)
		return 0;
	memset(out, 0, 16);
	for (unsigned i = 0; i < n; i++) {
		struct str label = lint_label(name, 2 + i);
		uint64_t octet;

		if (v4) {
			if (!str_u64(label, 255, &octet))
				return 0;
			out[i] = (uint8_t)octet;
		} else {
			const char *hex = "0123456789abcdef", *at;

			if (label.n != 1 || !label.p[0] || !(at = strchr(hex, label.p[0] | 0x20)))
				return 0;
			out[i / 2] |= (uint8_t)((at - hex) << (i % 2 ? 0 : 4));
		}
	}
	return v4 ? 4 : 16;
}

static bool
reverse_malformed(const struct lint_view *v, struct str name)
{
	uint8_t ip[16];

	return reverse_zone(v, name) && !reverse_address(name, ip);
}
QUESTION(q_reverse_malformed, each_name, reverse_malformed)

static bool
reverse_reserved(const struct lint_view *v, struct str name)
{
	uint8_t ip[16];
	size_t n = reverse_zone(v, name) ? reverse_address(name, ip) : 0;

	return n && lint_ip_special(BLOB(ip, n));
}
QUESTION(q_reverse_reserved, each_name, reverse_reserved)

/* -- .onion (RFC 7686) */

static bool
is_onion(struct str name)
{
	return in_zone(name, ".onion");
}

static bool
base32(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = (char)(s.p[i] | 0x20);

		if (!(c >= 'a' && c <= 'z') && !(s.p[i] >= '2' && s.p[i] <= '7'))
			return false;
	}
	return true;
}

static bool
onion_v3(struct str name)
{
	struct str label = lint_label(name, 1);

	return label.n == 56 && base32(label);
}

static bool
onion_bad(const struct lint_view *v, struct str name)
{
	struct str label = lint_label(name, 1);

	/* those of version 2 were for extended validation alone */
	return is_onion(name) && !(onion_v3(name) || (label.n == 16 && base32(label) && (v->scope & LINT_EV)));
}
QUESTION(q_onion_bad, each_name, onion_bad)

static bool
onion_not_v3(const struct lint_view *v, struct str name)
{
	(void)v;
	return is_onion(name) && !onion_v3(name);
}

static bool
q_onion_not_v3(const struct lint_view *v, struct lint_spot *s)
{
	return each_dns(v, s, onion_not_v3) || each_constraint(v, s, onion_not_v3, true);
}

/* The version is the last octet of the 35: five bits of the last character and three of the one before. */
static bool
onion_version(const struct lint_view *v, struct str name)
{
	struct str label = lint_label(name, 1);

	(void)v;
	return is_onion(name) && onion_v3(name) && !((label.p[55] | 0x20) == 'd');
}
QUESTION(q_onion_version, each_dns, onion_version)

static bool
any_onion(const struct lint_view *v, struct str name)
{
	(void)v;
	return is_onion(name);
}

static bool
onion_not_ev(const struct lint_view *v, struct str name)
{
	return is_onion(name) && !(v->scope & LINT_EV);
}
QUESTION(q_onion_not_ev, each_name, onion_not_ev)

static bool
onion_long(const struct lint_view *v, struct lint_spot *s)
{
	return v->not_after_ms > civil_add_months_ms(v->not_before_ms, 15) && each_name(v, s, any_onion);
}

/* EVG Appendix F: {uri UTF8String, algorithm, hash BIT STRING} for each service. */
static bool
descriptor_bad(struct cursor *list)
{
	static const struct {
		struct blob oid;
		size_t octets;
	} hashes[] = {{OID_BODY("\x60\x86\x48\x01\x65\x03\x04\x02\x01"), 32},
		{OID_BODY("\x60\x86\x48\x01\x65\x03\x04\x02\x02"), 48},
		{OID_BODY("\x60\x86\x48\x01\x65\x03\x04\x02\x03"), 64}};
	struct cursor in, alg;
	struct blob uri, oid, bits;
	struct lint_uri read;

	if (!der_open(list, DER_SEQUENCE, &in) || !der_get(&in, DER_UTF8_STRING, &uri) ||
		!der_open(&in, DER_SEQUENCE, &alg) || !der_get(&alg, DER_OID, &oid) || !der_get_bits(&in, &bits))
		return true;
	if (!lint_uri_read(str_of(uri), &read) || !lint_uri_scheme(str_of(uri), "https"))
		return true;
	for (size_t i = 0; i < ARRAY_LEN(hashes); i++)
		if (blob_eq(oid, hashes[i].oid))
			return bits.n != hashes[i].octets;
	return true;
}

/* One of the descriptors is for the name. */
static bool
described(const struct lint_view *v, struct str name)
{
	struct cursor list, in;
	struct blob uri;
	struct lint_uri read;

	if (!lint_open(v->x[LX_ONION]->value, &list))
		return false;
	while (der_peek(&list) && der_open(&list, DER_SEQUENCE, &in) && der_get(&in, DER_UTF8_STRING, &uri))
		if (lint_uri_read(str_of(uri), &read) && str_eq_nocase(read.host, name))
			return true;
	return false;
}

static bool
onion_descriptor(const struct lint_view *v, struct lint_spot *s)
{
	struct cursor list;

	if (v->x[LX_ONION]) {
		if (!lint_open(v->x[LX_ONION]->value, &list) || !der_peek(&list))
			return true;
		while (der_peek(&list))
			if (descriptor_bad(&list))
				return true;
	}
	for (unsigned i = 0; (v->scope & LINT_EV) && i < v->san.n; i++) {
		struct str name = str_of(v->san.p[i].value), label = lint_label(name, 1);

		if (v->san.p[i].tag != GN_DNS || !is_onion(name) || onion_v3(name))
			continue;
		if (v->x[LX_ONION] ? !described(v, name) : label.n == 16 && base32(label))
			return lint_spot_text(s, v->san.p[i].value);
	}
	return false;
}

/* -- the common name */

static bool
ip_is(struct str text, struct blob ip)
{
	char out[64];
	size_t at = 0;
	unsigned best = 8, best_n = 1;

	if (ip.n == 4) {
		snprintf(out, sizeof(out), "%u.%u.%u.%u", ip.p[0], ip.p[1], ip.p[2], ip.p[3]);
		return str_eq_c(text, out);
	}
	if (ip.n != 16)
		return false;
	/* RFC 5952: the first of the longest runs of zeros, two at least, is left out */
	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;

		while (i + n < 8 && !ip.p[2 * (i + n)] && !ip.p[2 * (i + n) + 1])
			n++;
		if (n > best_n) {
			best = i;
			best_n = n;
		}
	}
	for (unsigned i = 0; i < 8; i++) {
		if (i == best) {
			at += (size_t)snprintf(out + at, sizeof(out) - at, i + best_n == 8 ? "::" : ":");
			i += best_n - 1;
			continue;
		}
		at += (size_t)snprintf(out + at, sizeof(out) - at, "%s%x", i ? ":" : "",
			(unsigned)ip.p[2 * i] << 8 | ip.p[2 * i + 1]);
	}
	return str_eq_nocase(text, str_c(out));
}

static bool
cn_among(const struct lint_view *v, struct blob cn, bool exact)
{
	struct str s = str_of(cn);

	for (unsigned i = 0; i < v->san.n; i++) {
		struct str name = str_of(v->san.p[i].value);

		if (v->san.p[i].tag == GN_DNS && (exact ? str_eq(s, name) : str_eq_nocase(s, name)))
			return true;
		if (v->san.p[i].tag == GN_IP && ip_is(s, v->san.p[i].value))
			return true;
	}
	return false;
}

/* arg: letters must agree in case, too. */
static bool
cn_elsewhere(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++)
		if (v->subj.attr[i].at == AT_CN && v->subj.attr[i].tag && !cn_among(v, v->subj.attr[i].value, s->arg))
			return lint_spot_text(s, v->subj.attr[i].value);
	return false;
}

static bool
cn_reserved_ip(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *cn = lint_attr_of(&v->subj, AT_CN);
	uint8_t ip[16];
	size_t n = cn ? lint_ip_read(str_of(cn->value), ip) : 0;

	return n && lint_ip_special(BLOB(ip, n)) && lint_spot_text(s, cn->value);
}

#define D(id, source, from, until, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, until, severity, scope, fn, arg, "subjectAltName", aka, text, cure)
/* Once under the Baseline Requirements, common name and all, and once under RFC 5280. */
#define TWICE(id, severity, fn_br, fn_rfc, arg, aka_br, aka_rfc, text)                                                  \
	D("dns-" id, "BR 7.1.2.7.12", BR_1, 0, severity, TLS_LEAF, fn_br, arg, aka_br, text, NAME_AGAIN),               \
	D("dns-" id "-rfc", "RFC 5280 4.2.1.6", RFC5280, 0, severity, LINT_LEAF | LINT_SELF, fn_rfc, arg, aka_rfc, text, \
		NAME_AGAIN)
#define TLS_LEAF (LINT_LEAF | LINT_BR)
#define NAME_AGAIN "Issue again with the name written right."
#define PUBLIC_NAMES "Use a private hierarchy for names that are not in the public domain name system."
#define SUNSET DAY(2019, 4, 1)

static const struct lint_world_row rows[] = {
	TWICE("characters", LINT_ERROR, label_in_name, label_in_dns, CHARACTERS, "e_dnsname_bad_character_in_label", "",
		"a label holds more than letters, digits, hyphens and underscores"),
	TWICE("label-empty", LINT_ERROR, label_in_name, label_in_dns, EMPTY, "e_dnsname_empty_label",
		"e_rfc_dnsname_empty_label", "a label is empty"),
	TWICE("label-long", LINT_ERROR, label_in_name, label_in_dns, LONG, "e_dnsname_label_too_long",
		"e_rfc_dnsname_label_too_long", "a label has more than 63 characters"),
	TWICE("hyphen", LINT_ERROR, q_sld_hyphen, q_sld_hyphen, 0, "e_dnsname_hyphen_in_sld",
		"e_rfc_dnsname_hyphen_in_sld",
		"the registered label begins or ends with a hyphen"),
	TWICE("underscore-registered", LINT_ERROR, q_sld_underscore, q_sld_underscore, 0, "e_dnsname_underscore_in_sld",
		"e_rfc_dnsname_underscore_in_sld", "the registered label holds an underscore"),
	TWICE("underscore-below", LINT_WARN, q_below_underscore, q_below_underscore, 0, "w_dnsname_underscore_in_trd",
		"w_rfc_dnsname_underscore_in_trd", "a label below the registered one holds an underscore"),
	D("dns-reserved-label", "BR 7.1.2.7.12", DAY(2021, 10, 1), 0, LINT_ERROR, TLS_LEAF, label_in_dns, RESERVED,
		"e_dnsname_contains_prohibited_reserved_label cabf.serverauth.dnsname_contains_prohibited_reserved_label",
		"a label has hyphens at places 3 and 4 and is no A-label", NAME_AGAIN),
	D("dns-a-label-syntax", "RFC 5890 2.3.2.1", 0, 0, LINT_ERROR, LINT_ALL, label_in_dns, PLABEL,
		"e_international_dns_name_not_unicode cabf.serverauth.invalid_plabel_encoding",
		"a label with xn-- is no Punycode", NAME_AGAIN),
	D("dns-not-nfc", "RFC 8399 2.2", DAY(2018, 5, 1), 0, LINT_ERROR, LINT_ALL, label_in_dns, NOT_NFC,
		"e_international_dns_name_not_nfc", "an internationalised label is not in Unicode's form C",
		NAME_AGAIN),
	D("dns-wildcard-partial", "BR 7.1.2.7.12", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, q_left_partial, 0,
		"e_dnsname_left_label_wildcard_correct", "an asterisk is a part of a label", NAME_AGAIN),
	D("dns-wildcard-elsewhere", "BR 7.1.2.7.12", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, q_elsewhere, 0,
		"e_dnsname_wildcard_only_in_left_label", "an asterisk stands elsewhere than at the left", NAME_AGAIN),
	D("dns-syntax-tls", "BR 7.1.2.7.12", BR_2, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, q_syntax, 0,
		"cabf.serverauth.invalid_dnsname_syntax", "a dNSName is no domain name", NAME_AGAIN),
	D("dns-tld", "BR 4.2.2", BR_1, 0, LINT_ERROR, TLS_LEAF, q_tld, 0, "e_dnsname_not_valid_tld",
		"the top-level domain is none", PUBLIC_NAMES),
	D("dns-internal", "BR 4.2.2", DAY(2015, 11, 1), 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, q_internal, 0,
		"cabf.internal_domain_name", "a name is internal: its top-level domain is none", PUBLIC_NAMES),
	D("dns-bare-suffix", "BR 3.2.2.6", BR_1, 0, LINT_ERROR, TLS_LEAF, q_bare_tld, 0,
		"e_dnsname_contains_bare_iana_suffix", "the name is a public suffix alone", NAME_AGAIN),
	D("dns-wildcard-suffix", "BR 3.2.2.6", BR_1, 0, LINT_WARN, TLS_LEAF, q_wildcard_suffix, 0,
		"w_dnsname_wildcard_left_of_public_suffix "
		"n_dnsname_wildcard_left_of_public_suffix",
		"an asterisk stands right before a public suffix", NAME_AGAIN),
	D("dns-one-label", "BR 4.2.2", DAY(2015, 11, 1), 0, LINT_ERROR, TLS_LEAF, q_one_label, 0, "",
		"the name has only one label", PUBLIC_NAMES),
	D("dns-underscore-early", "BR 7.1.4.2.1", 0, PERMISSIBLE, LINT_ERROR, TLS_LEAF, label_in_dns, UNDERSCORE,
		"e_no_underscores_before_1_6_2", "a name holds an underscore", NAME_AGAIN),
	D("dns-underscore-long", "BR 7.1.4.2.1", PERMISSIBLE, SUNSET, LINT_ERROR, TLS_LEAF, underscore_long, 0,
		"e_underscore_present_with_too_long_validity",
		"a name holds an underscore, and the certificate is valid for more than 30 days", NAME_AGAIN),
	D("dns-underscore-replaced", "BR 7.1.4.2.1", PERMISSIBLE, SUNSET, LINT_ERROR, TLS_LEAF, q_replaced, 0,
		"e_underscore_permissible_in_dnsname_if_valid_when_replaced",
		"a name would not be valid with its underscores replaced by hyphens", NAME_AGAIN),
	D("dns-underscore", "BR 7.1.4.2.1", SUNSET, 0, LINT_ERROR, TLS_LEAF, label_in_dns, UNDERSCORE,
		"e_underscore_not_permissible_in_dnsname", "a name holds an underscore", NAME_AGAIN),
	D("dns-reverse-zone", "BR 4.2.2.1", DAY(2026, 3, 15), 0, LINT_ERROR, TLS_LEAF, q_reverse, 0,
		"e_arpa_domain_not_allowed", "a name lies in a zone of reverse addresses", NAME_AGAIN),
	D("dns-reverse-zone-any", "BR 4.2.2.1", DAY(2026, 3, 15), 0, LINT_ERROR, TLS_LEAF, q_reverse, 0,
		"cabf.serverauth.ip_reverse_zone_domain_name_present", "a name lies in a zone of reverse addresses",
		NAME_AGAIN),
	D("dns-reverse-malformed", "BR 7.1.4.2", BR_1, 0, LINT_WARN, LINT_ALL | LINT_BR, q_reverse_malformed, 0,
		"w_subject_contains_malformed_arpa_ip", "a name of a reverse zone is of no address", NAME_AGAIN),
	D("dns-reverse-reserved", "BR 7.1.4.2", DAY(2015, 11, 1), 0, LINT_ERROR, LINT_ALL | LINT_BR,
		q_reverse_reserved, 0,
		"e_subject_contains_reserved_arpa_ip", "a name of a reverse zone is of a reserved address", NAME_AGAIN),
	D("dns-onion-not-ev", "BR Appendix B", DAY(2015, 5, 1), DAY(2020, 2, 20), LINT_ERROR, LINT_LEAF | LINT_BR,
		q_onion_not_ev, 0, "e_san_dns_name_onion_not_ev_cert",
		"a .onion name stands in a certificate without extended validation", "Use a version 3 name."),
	D("dns-onion-invalid", "BR Appendix B", 0, 0, LINT_ERROR, LINT_LEAF | LINT_PUBLIC, q_onion_bad, 0,
		"e_san_dns_name_onion_invalid", "a .onion name is neither of version 2 nor of version 3", NAME_AGAIN),
	D("dns-onion-v3", "BR Appendix B", BR_2, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, q_onion_not_v3, 0,
		"cabf.serverauth.invalid_tor_v3_domain_name", "a .onion name is not of version 3", NAME_AGAIN),
	D("dns-onion-version", "BR Appendix B", BR_2, 0, LINT_ERROR, LINT_LEAF | LINT_PUBLIC, q_onion_version, 0,
		"cabf.serverauth.invalid_tor_version", "a .onion name says another version than 3", NAME_AGAIN),
	D("dns-onion-long", "EVG Appendix F", DAY(2015, 5, 1), 0, LINT_ERROR, LINT_LEAF | LINT_PUBLIC, onion_long, 0,
		"e_onion_subject_validity_time_too_large",
		"a certificate for a .onion name is valid for more than fifteen months",
		"Issue again for a shorter time."),
	D("dns-onion-descriptor", "EVG Appendix F", DAY(2017, 7, 28), 0, LINT_ERROR, LINT_LEAF, onion_descriptor,
		0, "e_ext_tor_service_descriptor_hash_invalid",
		"there is no descriptor hash for a .onion name of version 2, or one that cannot be read",
		"Use a version 3 name."),
	D("dns-ev-wildcard", "EVG 9.8.1", DAY(2012, 6, 8), 0, LINT_ERROR, LINT_LEAF | LINT_EV, q_wildcard, 0,
		"e_ev_not_wildcard cabf.ev_guidelines.ev_wildcard_san_present",
		"an extended-validation certificate has a wildcard", "Issue again with each name written out."),
	WORLD("ian-dns-suffix", "RFC 5280 4.2.1.7", 0, 0, LINT_WARN, LINT_ALL, ian_suffix, 0, "issuerAltName",
		"w_ian_iana_pub_suffix_empty", "a dNSName of the issuer is a public suffix alone", NAME_AGAIN),
	D("dns-suffix", "RFC 5280 4.2.1.6", 0, 0, LINT_NOTE, LINT_ALL, q_bare_tld, 0,
		"n_san_iana_pub_suffix_empty", "a dNSName is a public suffix alone", NAME_AGAIN),
	WORLD("cn-elsewhere", "BR 7.1.4.3", BR_1, DAY(2021, 8, 25), LINT_ERROR, TLS_LEAF, cn_elsewhere, 0, "subject",
		"e_subject_common_name_not_from_san", "the common name is none of the names", NAME_AGAIN),
	WORLD("cn-exact", "BR 7.1.4.3", DAY(2021, 8, 25), 0, LINT_ERROR, TLS_LEAF, cn_elsewhere, 1, "subject",
		"e_subject_common_name_not_exactly_from_san",
		"the common name is not one of the names, letter by letter", NAME_AGAIN),
	WORLD("cn-unknown", "BR 7.1.4.3", BR_2, 0, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS, cn_elsewhere, 1,
		"subject",
		"cabf.serverauth.subscriber_common_name_unknown_source",
		"the common name is not one of the names, letter by letter", NAME_AGAIN),
	WORLD("cn-reserved-ip", "BR 7.1.4.2", DAY(2015, 11, 1), 0, LINT_ERROR, TLS_LEAF, cn_reserved_ip, 0, "subject",
		"e_subject_contains_reserved_ip", "the common name is a private or reserved address", PUBLIC_NAMES),
};
const struct lint_world_table lint_world_dns = {rows, ARRAY_LEN(rows)};
