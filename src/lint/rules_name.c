/* SPDX-License-Identifier: Apache-2.0 */
/* subjectAltName. */
#include "lint/lint_priv.h"

#include <stdlib.h>

#include "lint/chars.h"

#define LABEL_MAX 63 /* RFC 1035 2.3.4 */

#define RULE(id, source, severity, scope, check, text)                                             \
	{                                                                                          \
		{id, source, 0, 0, severity, text, NULL, ""}, scope, check                                      \
	}

#define GN_DNS DER_CTX(2)
#define GN_IP DER_CTX(7)

static void
each_dns(const struct lint_view *v, struct lint_out *out, bool (*bad)(struct str name))
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_DNS && bad(str_of(v->san.p[i].value)))
			lint_hit_text(out, v->san.p[i].value);
}

static void
san_present(const struct lint_view *v, struct lint_out *out)
{
	if (!v->x[LX_SAN])
		lint_hit(out, "");
}

static void
san_critical(const struct lint_view *v, struct lint_out *out)
{
	if (v->x[LX_SAN] && v->x[LX_SAN]->critical != (v->subj.n == 0))
		lint_hit(out, "");
}

static void
san_kinds(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag != GN_DNS && v->san.p[i].tag != GN_IP)
			lint_hit(out, "");
}

static int
cmp_name(const void *a, const void *b)
{
	const struct lint_general_name *x = a, *y = b;

	return x->tag != y->tag ? x->tag - y->tag : blob_cmp(x->value, y->value);
}

static void
san_duplicate(const struct lint_view *v, struct lint_out *out)
{
	struct lint_general_name *sorted;

	if (v->san.n < 2)
		return;
	sorted = arena_copy(v->a, v->san.p, v->san.n * sizeof(*sorted));
	qsort(sorted, v->san.n, sizeof(*sorted), cmp_name);
	for (unsigned i = 1; i < v->san.n; i++)
		if (cmp_name(&sorted[i], &sorted[i - 1]) == 0)
			lint_hit_text(out, sorted[i].value);
}

/* -- dNSName */

static struct str
without_wildcard(struct str s)
{
	return str_starts(s, STR("*.")) ? (struct str){s.p + 2, s.n - 2} : s;
}

static bool
ldh(char c)
{
	return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-';
}

static bool
bad_label(struct str label)
{
	if (label.n == 0 || label.p[0] == '-' || label.p[label.n - 1] == '-')
		return true;
	for (size_t i = 0; i < label.n; i++)
		if (!ldh(label.p[i]))
			return true;
	return false;
}

static bool
bad_syntax(struct str s)
{
	struct str rest = without_wildcard(s);

	/* an asterisk is the wildcard rule's business */
	if (str_find(rest, '*') >= 0)
		return false;
	if (rest.n == 0)
		return true;
	while (rest.p) {
		if (bad_label(str_cut(&rest, '.')))
			return true;
	}
	return false;
}

static void
dns_syntax(const struct lint_view *v, struct lint_out *out)
{
	each_dns(v, out, bad_syntax);
}

static bool
bad_size(struct str s)
{
	struct str rest = s;

	if (s.n > 253)
		return true;
	while (rest.p)
		if (str_cut(&rest, '.').n > LABEL_MAX)
			return true;
	return false;
}

static void
dns_length(const struct lint_view *v, struct lint_out *out)
{
	each_dns(v, out, bad_size);
}

static bool
bad_case(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] >= 'A' && s.p[i] <= 'Z')
			return true;
	return false;
}

static void
dns_lower_case(const struct lint_view *v, struct lint_out *out)
{
	each_dns(v, out, bad_case);
}

static bool
bad_wildcard(struct str s)
{
	struct str base = without_wildcard(s);

	return str_find(base, '*') >= 0 || (base.n != s.n && str_find(base, '.') < 0);
}

static void
dns_wildcard(const struct lint_view *v, struct lint_out *out)
{
	each_dns(v, out, bad_wildcard);
}

static bool
punycode_ok(struct str s)
{
	uint32_t decoded[LABEL_MAX];

	return lint_punycode(s, decoded, ARRAY_LEN(decoded)) > 0;
}

/* RFC 5890 2.3.2.1: hyphens at places 3 and 4 are for A-labels. */
static bool
bad_a_label(struct str s)
{
	struct str rest = s;

	while (rest.p) {
		struct str label = str_cut(&rest, '.');

		if (label.n < 4 || label.p[2] != '-' || label.p[3] != '-')
			continue;
		if ((label.p[0] | 0x20) != 'x' || (label.p[1] | 0x20) != 'n' ||
			!punycode_ok((struct str){label.p + 4, label.n - 4}))
			return true;
	}
	return false;
}

static void
dns_a_label(const struct lint_view *v, struct lint_out *out)
{
	each_dns(v, out, bad_a_label);
}

static bool
bad_single(struct str s)
{
	return s.n && str_find(s, '.') < 0;
}

static void
dns_single_label(const struct lint_view *v, struct lint_out *out)
{
	each_dns(v, out, bad_single);
}

static bool
bad_tld(struct str s)
{
	/* RFC 6761 and its followers; reverse zones by BR 4.2.2 */
	static const char *const special[] = {
		"alt", "arpa", "example", "internal", "invalid", "local", "localhost", "onion", "test"};
	struct str tld = s;
	bool digits = true;

	while (str_find(tld, '.') >= 0)
		str_cut(&tld, '.');
	for (size_t i = 0; i < ARRAY_LEN(special); i++)
		if (str_eq_nocase(tld, str_c(special[i])))
			return true;
	for (size_t i = 0; i < tld.n; i++)
		digits = digits && tld.p[i] >= '0' && tld.p[i] <= '9';
	return tld.n && digits;
}

static void
dns_special(const struct lint_view *v, struct lint_out *out)
{
	each_dns(v, out, bad_tld);
}

/* -- iPAddress */

static void
ip_length(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_IP && v->san.p[i].value.n != 4 && v->san.p[i].value.n != 16)
			lint_hit(out, "");
}

/* The networks of the IANA special-purpose registries that nobody outside can be shown to hold. */
static const struct net {
	uint8_t n, bits, base[16];
} special_nets[] = {
	{4, 8, {0}},
	{4, 8, {10}},
	{4, 10, {100, 64}},
	{4, 8, {127}},
	{4, 16, {169, 254}},
	{4, 12, {172, 16}},
	{4, 24, {192, 0, 0}},
	{4, 24, {192, 0, 2}},
	{4, 16, {192, 168}},
	{4, 15, {198, 18}},
	{4, 24, {198, 51, 100}},
	{4, 24, {203, 0, 113}},
	{4, 4, {224}},
	{4, 4, {240}},
	{16, 127, {0}}, /* :: and ::1 */
	{16, 96, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}},
	{16, 96, {0, 0x64, 0xff, 0x9b}},
	{16, 48, {0, 0x64, 0xff, 0x9b, 0, 1}},
	{16, 64, {1}},
	{16, 23, {0x20, 0x01}},
	{16, 32, {0x20, 0x01, 0x0d, 0xb8}},
	{16, 16, {0x20, 0x02}},
	{16, 20, {0x3f, 0xff}},
	{16, 16, {0x5f}},
	{16, 7, {0xfc}},
	{16, 10, {0xfe, 0x80}},
	{16, 8, {0xff}},
};

bool
lint_ip_special(struct blob ip)
{
	for (size_t i = 0; i < ARRAY_LEN(special_nets); i++) {
		const struct net *net = &special_nets[i];
		unsigned whole = net->bits / 8, rest = net->bits % 8;

		if (net->n == ip.n && memcmp(ip.p, net->base, whole) == 0 &&
			(!rest || (ip.p[whole] ^ net->base[whole]) >> (8 - rest) == 0))
			return true;
	}
	return false;
}

static void
ip_special(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_IP && lint_ip_special(v->san.p[i].value))
			lint_hit(out, "");
}

/* -- commonName */

static unsigned
decimal(struct str *rest)
{
	uint64_t v;

	return str_u64(str_cut(rest, '.'), 255, &v) ? (unsigned)v : 256;
}

static bool
ipv4_text_is(struct str s, struct blob ip)
{
	if (ip.n != 4)
		return false;
	for (unsigned i = 0; i < 4; i++)
		if (!s.p || decimal(&s) != ip.p[i])
			return false;
	return !s.p;
}

/* RFC 5952 in full, without compression, is enough to be told apart: only colons and digits are looked at. */
static bool
looks_ipv6(struct str s)
{
	return str_find(s, ':') >= 0;
}

static bool
among_names(const struct lint_view *v, struct str cn)
{
	for (unsigned i = 0; i < v->san.n; i++) {
		const struct lint_general_name *g = &v->san.p[i];

		if (g->tag == GN_DNS && str_eq(cn, str_of(g->value)))
			return true;
		if (g->tag == GN_IP && (ipv4_text_is(cn, g->value) || (g->value.n == 16 && looks_ipv6(cn))))
			return true;
	}
	return false;
}

static void
cn_in_san(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 0; i < v->subj.n; i++)
		if (IS_OID(v->subj.attr[i].oid, "\x55\x04\x03") && !among_names(v, str_of(v->subj.attr[i].value)))
			lint_hit_text(out, v->subj.attr[i].value);
}

static const struct lint_row rows[] = {
	RULE("san-present", "BR 7.1.2.7.12", LINT_ERROR, LINT_LEAF, san_present, "there is no subjectAltName"),
	RULE("san-critical", "RFC 5280 4.2.1.6", LINT_ERROR, LINT_LEAF, san_critical,
		"subjectAltName is critical beside a subject, or not critical beside an empty one"),
	RULE("san-kinds", "BR 7.1.2.7.12", LINT_ERROR, LINT_LEAF, san_kinds,
		"a name is neither dNSName nor iPAddress"),
	RULE("san-duplicate", "BR 7.1.2.7.12", LINT_WARN, LINT_LEAF, san_duplicate, "a name stands twice"),
	RULE("dns-syntax", "RFC 5280 4.2.1.6", LINT_ERROR, LINT_LEAF, dns_syntax,
		"a label is empty, has a hyphen at an end, or holds more than letters, digits and hyphens"),
	RULE("dns-length", "RFC 1035 2.3.4", LINT_ERROR, LINT_LEAF, dns_length,
		"a label has more than 63 characters, or a name more than 253"),
	RULE("dns-lower-case", "house", LINT_ERROR, LINT_LEAF, dns_lower_case, "a dNSName holds capitals"),
	RULE("dns-wildcard", "BR 7.1.2.7.12", LINT_ERROR, LINT_LEAF, dns_wildcard,
		"an asterisk is not the whole leftmost label above two others"),
	RULE("dns-a-label", "BR 7.1.2.7.12", LINT_ERROR, LINT_LEAF, dns_a_label,
		"a label has hyphens at places 3 and 4 and is no valid A-label"),
	RULE("dns-single-label", "BR 4.2.2", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, dns_single_label,
		"a dNSName has only one label"),
	RULE("dns-special", "BR 4.2.2", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, dns_special,
		"the top-level domain is special or all digits"),
	RULE("ip-length", "RFC 5280 4.2.1.6", LINT_ERROR, LINT_LEAF, ip_length,
		"an iPAddress has neither 4 nor 16 octets"),
	RULE("ip-special", "BR 4.2.2", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, ip_special,
		"an iPAddress is private or reserved"),
	RULE("cn-in-san", "BR 7.1.4.3", LINT_ERROR, LINT_LEAF, cn_in_san, "the common name is none of the names"),
};
const struct lint_table lint_name_rules = {rows, ARRAY_LEN(rows)};
