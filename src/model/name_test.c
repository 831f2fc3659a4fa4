/* SPDX-License-Identifier: Apache-2.0 */
#include "model/name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "text/psl.h"

#define L10 "abcdefghij"
#define L63 L10 L10 L10 L10 L10 L10 "abc"
#define N249 L63 "." L63 "." L63 "." "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstu"
#define BIG L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10 L10

enum on { PUBLIC = 1, PRIVATE = 2, BOTH = 3, ADDRESS = 4 };

static struct name_rules
rules_of(enum on on)
{
	return (struct name_rules){.any_name = on == PRIVATE, .allow_ip = on != PUBLIC, .allow_dns = on != ADDRESS};
}

/* -- what is taken: typed, A-labels, registered domain, companion, "t" trimmed "c" converted, kind */
static const struct good {
	enum on on;
	const char *typed, *ascii, *registered, *companion, *notes;
	enum name_kind kind;
} good[] = {
	{BOTH, "example.com", "example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, "www.example.com", "www.example.com", "example.com", "example.com", "", NAME_DNS},
	{BOTH, "buy.example.com", "buy.example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, "next.buy.example.com", "next.buy.example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, "WWW.Example.COM", "www.example.com", "example.com", "example.com", "", NAME_DNS},
	{BOTH, " example.com ", "example.com", "example.com", NULL, "t", NAME_DNS},
	{BOTH, "example.com\r\n", "example.com", "example.com", NULL, "t", NAME_DNS},
	{BOTH, "example.com.", "example.com", "example.com", NULL, "t", NAME_DNS},
	{BOTH, "example.com\u3002", "example.com", "example.com", NULL, "t", NAME_DNS},
	{BOTH, "\texample.com.\n", "example.com", "example.com", NULL, "t", NAME_DNS},
	{BOTH, "*.example.com", "*.example.com", "example.com", "example.com", "", NAME_WILDCARD},
	{BOTH, "*.Example.com.", "*.example.com", "example.com", "example.com", "t", NAME_WILDCARD},
	{BOTH, "*.p1.a.com", "*.p1.a.com", "a.com", NULL, "", NAME_WILDCARD},
	{BOTH, "*.www.a.com", "*.www.a.com", "a.com", NULL, "", NAME_WILDCARD},
	{BOTH, "www.p1.a.com", "www.p1.a.com", "a.com", NULL, "", NAME_DNS},
	{BOTH, "www.com", "www.com", "www.com", NULL, "", NAME_DNS},
	{BOTH, "www.www.com", "www.www.com", "www.com", "www.com", "", NAME_DNS},
	{BOTH, "wwww.a.com", "wwww.a.com", "a.com", NULL, "", NAME_DNS},
	{BOTH, "example.co.uk", "example.co.uk", "example.co.uk", NULL, "", NAME_DNS},
	{BOTH, "*.example.co.uk", "*.example.co.uk", "example.co.uk", "example.co.uk", "", NAME_WILDCARD},
	{BOTH, "www.example.co.uk", "www.example.co.uk", "example.co.uk", "example.co.uk", "", NAME_DNS},
	{BOTH, "a.b.example.com.cn", "a.b.example.com.cn", "example.com.cn", NULL, "", NAME_DNS},
	{BOTH, "user.github.io", "user.github.io", "user.github.io", NULL, "", NAME_DNS},
	{BOTH, "www.user.github.io", "www.user.github.io", "user.github.io", "user.github.io", "", NAME_DNS},
	{BOTH, "www.ck", "www.ck", "www.ck", NULL, "", NAME_DNS},
	{BOTH, "b.test.ck", "b.test.ck", "b.test.ck", NULL, "", NAME_DNS},
	{BOTH, "city.kobe.jp", "city.kobe.jp", "city.kobe.jp", NULL, "", NAME_DNS},
	{BOTH, "b\u00fccher.example.com", "xn--bcher-kva.example.com", "example.com", NULL, "c", NAME_DNS},
	{BOTH, "B\u00dcCHER.example.com", "xn--bcher-kva.example.com", "example.com", NULL, "c", NAME_DNS},
	{BOTH, "xn--bcher-kva.example.com", "xn--bcher-kva.example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, "XN--BCHER-KVA.example.com", "xn--bcher-kva.example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, "*.b\u00fccher.com", "*.xn--bcher-kva.com", "xn--bcher-kva.com", "xn--bcher-kva.com", "c", NAME_WILDCARD},
	{BOTH, "fa\u00df.de", "xn--fa-hia.de", "xn--fa-hia.de", NULL, "c", NAME_DNS}, /* non-transitional */
	{BOTH, "\u98df\u72ee.com.cn", "xn--85x722f.com.cn", "xn--85x722f.com.cn", NULL, "c", NAME_DNS},
	{BOTH, "\u98df\u72ee.\u516c\u53f8.cn", "xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn", NULL, "c", NAME_DNS},
	{BOTH, "www.\u98df\u72ee.\u4e2d\u56fd", "www.xn--85x722f.xn--fiqs8s", "xn--85x722f.xn--fiqs8s",
		"xn--85x722f.xn--fiqs8s", "c", NAME_DNS},
	{BOTH, "\uff45xample\uff0ecom", "example.com", "example.com", NULL, "c", NAME_DNS}, /* full-width e and dot */
	{BOTH, "a\u3002example\u3002com", "a.example.com", "example.com", NULL, "c", NAME_DNS},
	{BOTH, "\u05d0\u05d1.com", "xn--4dbc.com", "xn--4dbc.com", NULL, "c", NAME_DNS},
	{BOTH, "1.example.com", "1.example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, "163.com", "163.com", "163.com", NULL, "", NAME_DNS},
	{BOTH, "a-b.example.com", "a-b.example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, "a--b.example.com", "a--b.example.com", "example.com", NULL, "", NAME_DNS}, /* places 2 and 3 */
	{BOTH, "example.dev", "example.dev", "example.dev", NULL, "", NAME_DNS},
	{BOTH, "test.example.com", "test.example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, "localhost.example.com", "localhost.example.com", "example.com", NULL, "", NAME_DNS},
	{BOTH, L63 ".com", L63 ".com", L63 ".com", NULL, "", NAME_DNS},
	{BOTH, N249 ".com", N249 ".com", NULL, NULL, "", NAME_DNS},
	{PRIVATE, "localhost", "localhost", NULL, NULL, "", NAME_DNS},
	{PRIVATE, "fileserver", "fileserver", NULL, NULL, "", NAME_DNS},
	{PRIVATE, "dev", "dev", NULL, NULL, "", NAME_DNS}, /* a machine's name that is a top-level domain too */
	{PRIVATE, "srv.corp", "srv.corp", "srv.corp", NULL, "", NAME_DNS},
	{PRIVATE, "a.srv.corp", "a.srv.corp", "srv.corp", NULL, "", NAME_DNS},
	{PRIVATE, "*.srv.corp", "*.srv.corp", "srv.corp", "srv.corp", "", NAME_WILDCARD},
	{PRIVATE, "www.acme.test", "www.acme.test", "acme.test", "acme.test", "", NAME_DNS},
	{PRIVATE, "printer.local", "printer.local", "printer.local", NULL, "", NAME_DNS},
	{PRIVATE, "nas.home.arpa", "nas.home.arpa", NULL, NULL, "", NAME_DNS},
	{PRIVATE, "db.internal", "db.internal", "db.internal", NULL, "", NAME_DNS},
	{PRIVATE, "host.123", "host.123", "host.123", NULL, "", NAME_DNS},
	{PRIVATE, "x.example", "x.example", "x.example", NULL, "", NAME_DNS},
	{PRIVATE, "1.2.3.4.in-addr.arpa", "1.2.3.4.in-addr.arpa", "4.in-addr.arpa", NULL, "", NAME_DNS},
	{PRIVATE, "10.0.0.1", "10.0.0.1", NULL, NULL, "", NAME_IP},
	{PRIVATE, "127.0.0.1", "127.0.0.1", NULL, NULL, "", NAME_IP},
	{PRIVATE, "::1", "::1", NULL, NULL, "", NAME_IP},
	{PRIVATE, "[::1]", "::1", NULL, NULL, "", NAME_IP},
	{PRIVATE, "fd00::1", "fd00::1", NULL, NULL, "", NAME_IP},
	{ADDRESS, "8.8.8.8", "8.8.8.8", NULL, NULL, "", NAME_IP},
	{ADDRESS, " 8.8.8.8 ", "8.8.8.8", NULL, NULL, "t", NAME_IP},
	{ADDRESS, "2606:4700:4700:0:0:0:0:1111", "2606:4700:4700::1111", NULL, NULL, "", NAME_IP},
	{ADDRESS, "2606:4700:4700::ABCD", "2606:4700:4700::abcd", NULL, NULL, "", NAME_IP},
};

static const struct bad {
	enum on on;
	const char *typed;
	int code;
	const char *says; /* a piece of the message */
} bad[] = {
	{BOTH, "", E_NAME_SYNTAX, "empty"},
	{BOTH, "   ", E_NAME_SYNTAX, "empty"},
	{BOTH, ".", E_NAME_SYNTAX, "empty label"},
	{BOTH, "..", E_NAME_SYNTAX, "empty label"},
	{BOTH, ".example.com", E_NAME_SYNTAX, "empty label"},
	{BOTH, "a..com", E_NAME_SYNTAX, "empty label"},
	{BOTH, "example.com..", E_NAME_SYNTAX, "empty label"},
	{BOTH, "*..com", E_NAME_SYNTAX, "empty label"},
	{BOTH, "ex ample.com", E_NAME_SYNTAX, "\" \""},
	{BOTH, "example .com", E_NAME_SYNTAX, "\" \""},
	{BOTH, "ex\tample.com", E_NAME_SYNTAX, "\\x09"},
	{BOTH, "example.com,a.com", E_NAME_SYNTAX, "\",\""},
	{BOTH, "a.com;b.com", E_NAME_SYNTAX, "\";\""},
	{BOTH, "a_b.example.com", E_NAME_SYNTAX, "\"_\""},
	{BOTH, "_dnsauth.example.com", E_NAME_SYNTAX, "\"_\""},
	{BOTH, "*._a.example.com", E_NAME_SYNTAX, "\"_\""},
	{BOTH, "a!b.com", E_NAME_SYNTAX, "\"!\""},
	{BOTH, "a$b.com", E_NAME_SYNTAX, "\"$\""},
	{BOTH, "a'b.com", E_NAME_SYNTAX, "\"'\""},
	{BOTH, "a\"b.com", E_NAME_SYNTAX, "\\\""},
	{BOTH, "a\\b.com", E_NAME_SYNTAX, "\\\\"},
	{BOTH, "a%2eb.com", E_NAME_SYNTAX, "\"%\""},
	{BOTH, "a\x01" "b.com", E_NAME_SYNTAX, "\\x01"},
	{BOTH, "a\x7f" "b.com", E_NAME_SYNTAX, "\\x7f"},
	{BOTH, "a\xff.com", E_NAME_SYNTAX, "UTF-8"},
	{BOTH, "a\xc0\xae.com", E_NAME_SYNTAX, "UTF-8"},
	{BOTH, "\xed\xa0\x80.com", E_NAME_SYNTAX, "UTF-8"},
	{BOTH, "-a.com", E_NAME_SYNTAX, "hyphen"},
	{BOTH, "a-.com", E_NAME_SYNTAX, "hyphen"},
	{BOTH, "-.com", E_NAME_SYNTAX, "hyphen"},
	{BOTH, "a.-b.com", E_NAME_SYNTAX, "hyphen"},
	{BOTH, "*.-b.com", E_NAME_SYNTAX, "hyphen"},
	{BOTH, "ab--c.com", E_NAME_SYNTAX, "places 3 and 4"},
	{BOTH, "a---b.example.com", E_NAME_SYNTAX, "places 3 and 4"},
	{BOTH, "zz--bcher-kva.com", E_NAME_SYNTAX, "places 3 and 4"},
	{BOTH, "b\u00fc--x.com", E_NAME_SYNTAX, "two hyphens"},
	{BOTH, "-b\u00fc.com", E_NAME_SYNTAX, "hyphen"},
	{BOTH, "https://www.example.com/", E_NAME_SYNTAX, "URL"},
	{BOTH, "www.example.com/path", E_NAME_SYNTAX, "slash"},
	{BOTH, "www.example.com:443", E_NAME_SYNTAX, "port"},
	{BOTH, "me@example.com", E_NAME_SYNTAX, "e-mail"},
	{BOTH, "1::2::3", E_NAME_SYNTAX, "colon"},
	{BOTH, "fe80::1%eth0", E_NAME_SYNTAX, "colon"},
	{BOTH, L63 "d.com", E_NAME_LENGTH, "64"},
	{BOTH, "a." L63 "d.com", E_NAME_LENGTH, "64"},
	{BOTH, N249 "x.com", E_NAME_LENGTH, "254"},
	{BOTH, "*." N249 ".com", E_NAME_LENGTH, "\"*.\""},
	{BOTH, BIG BIG BIG BIG BIG BIG ".com", E_NAME_LENGTH, "longer than"},
	{BOTH, "\u00fc" L63 ".com", E_NAME_LENGTH, "63"},
	{BOTH, "*", E_NAME_WILDCARD, "alone"},
	{BOTH, "*.", E_NAME_WILDCARD, "alone"},
	{BOTH, "*.*.a.com", E_NAME_WILDCARD, "more than one"},
	{BOTH, "*.*", E_NAME_WILDCARD, "more than one"},
	{BOTH, "*.a.*.com", E_NAME_WILDCARD, "more than one"},
	{BOTH, "a.*.com", E_NAME_WILDCARD, "leftmost"},
	{BOTH, "www.*", E_NAME_WILDCARD, "leftmost"},
	{BOTH, "f*.a.com", E_NAME_WILDCARD, "leftmost"},
	{BOTH, "*f.a.com", E_NAME_WILDCARD, "part of its label"},
	{BOTH, "**.a.com", E_NAME_WILDCARD, "part of its label"},
	{BOTH, "*a.com", E_NAME_WILDCARD, "part of its label"},
	{BOTH, "xn--*.a.com", E_NAME_WILDCARD, "leftmost"},
	{BOTH, "\uff0a.example.com", E_NAME_WILDCARD, "full-width"},
	{BOTH, "\ufe61.example.com", E_NAME_WILDCARD, "full-width"},
	{BOTH, "*.1.2.3.4", E_NAME_WILDCARD, "IP address"},
	{BOTH, "*.::1", E_NAME_WILDCARD, "IP address"},
	{BOTH, "*\u3002example.com", E_NAME_WILDCARD, "part of its label"},
	{PUBLIC, "com.", E_NAME_SINGLE_LABEL, "single label"},
	{PUBLIC, "8.8.8.8", E_NAME_IP, "IP address"},
	{PUBLIC, "8.8.8.8.", E_NAME_IP, "IP address"},
	{PUBLIC, "10.0.0.1", E_NAME_IP, "IP address"},
	{PUBLIC, "::1", E_NAME_IP, "IP address"},
	{PUBLIC, "[2001:db8::1]", E_NAME_IP, "IP address"},
	{ADDRESS, "10.0.0.1", E_NAME_IP, "private or special"},
	{ADDRESS, "192.168.1.1", E_NAME_IP, "private or special"},
	{ADDRESS, "127.0.0.1", E_NAME_IP, "private or special"},
	{ADDRESS, "100.64.0.1", E_NAME_IP, "private or special"},
	{ADDRESS, "169.254.1.1", E_NAME_IP, "private or special"},
	{ADDRESS, "192.0.2.1", E_NAME_IP, "private or special"},
	{ADDRESS, "::1", E_NAME_IP, "private or special"},
	{ADDRESS, "fe80::1", E_NAME_IP, "private or special"},
	{ADDRESS, "fd00::1", E_NAME_IP, "private or special"},
	{ADDRESS, "2001:db8::1", E_NAME_IP, "private or special"},
	{ADDRESS, "::ffff:10.0.0.1", E_NAME_IP, "private or special"},
	{ADDRESS, "www.example.com", E_NAME_KIND, "only addresses"},
	{BOTH, "1.2.3.256", E_NAME_IP, "looks like"},
	{BOTH, "01.2.3.4", E_NAME_IP, "looks like"},
	{BOTH, "999.999.999.999", E_NAME_IP, "looks like"},
	{PUBLIC, "localhost", E_NAME_SINGLE_LABEL, "single label"},
	{PUBLIC, "fileserver", E_NAME_SINGLE_LABEL, "single label"},
	{PUBLIC, "com", E_NAME_SINGLE_LABEL, "single label"},
	{PUBLIC, "\u4e2d\u56fd", E_NAME_SINGLE_LABEL, "single label"},
	{PUBLIC, "123", E_NAME_SINGLE_LABEL, "single label"},
	{PRIVATE, "*.corp", E_NAME_SINGLE_LABEL, "no client"},
	{PRIVATE, "*.localhost", E_NAME_SINGLE_LABEL, "no client"},
	{BOTH, "*.com", E_NAME_PUBLIC_SUFFIX, "\"com\""},
	{BOTH, "*.co.uk", E_NAME_PUBLIC_SUFFIX, "\"co.uk\""},
	{BOTH, "co.uk", E_NAME_PUBLIC_SUFFIX, "\"co.uk\""},
	{BOTH, "com.cn", E_NAME_PUBLIC_SUFFIX, "\"com.cn\""},
	{BOTH, "*.github.io", E_NAME_PUBLIC_SUFFIX, "\"github.io\""},
	{BOTH, "github.io", E_NAME_PUBLIC_SUFFIX, "\"github.io\""},
	{BOTH, "anything.ck", E_NAME_PUBLIC_SUFFIX, "\"anything.ck\""},
	{BOTH, "c.kobe.jp", E_NAME_PUBLIC_SUFFIX, "\"c.kobe.jp\""},
	{BOTH, "\u516c\u53f8.cn", E_NAME_PUBLIC_SUFFIX, "\"xn--55qx5d.cn\""},
	{BOTH, "*.xn--fiqs8s", E_NAME_PUBLIC_SUFFIX, "\"xn--fiqs8s\""},
	{BOTH, "*.CO.UK.", E_NAME_PUBLIC_SUFFIX, "\"co.uk\""},
	{BOTH, "\u2615.us", E_NAME_IDN, "emoji U+2615"},
	{BOTH, "i\u2764.ws", E_NAME_IDN, "emoji U+2764"},
	{BOTH, "\U0001f600.com", E_NAME_IDN, "emoji U+1F600"},
	{BOTH, "*.\U0001f4a9.la", E_NAME_IDN, "emoji"},
	{BOTH, "xn--53h.us", E_NAME_IDN, "disallowed"},
	{BOTH, "xn--ls8h.la", E_NAME_IDN, "disallowed"},
	{BOTH, "xn--zz.com", E_NAME_IDN, "punycode"},
	{BOTH, "xn--.com", E_NAME_IDN, "punycode"},
	{BOTH, "xn--a.com", E_NAME_IDN, NULL},
	{BOTH, "xn--example-.com", E_NAME_IDN, NULL},
	{BOTH, "xn--bcher-kv.com", E_NAME_IDN, NULL},
	{BOTH, "xn--fa-hia-.de", E_NAME_IDN, NULL},
	{BOTH, "a\u2260b.com", E_NAME_IDN, "disallowed"},
	{BOTH, "a\u200d.com", E_NAME_IDN, "context-j"},
	{BOTH, "\u0301a.com", E_NAME_IDN, NULL}, /* begins with a combining mark */
	{BOTH, "FA\u1e9e.de", E_NAME_IDN, "sharp s"},
	{BOTH, "\u05d0a.com", E_NAME_IDN, NULL},
	{BOTH, "0a.\u05d0.com", E_NAME_IDN, "RFC 5893"},
	{BOTH, "\u0378.com", E_NAME_IDN, NULL}, /* unassigned */
	{BOTH, "\ue000.com", E_NAME_IDN, NULL}, /* private use */
	{BOTH, "expyuzz4wqqyqhjn.onion", E_NAME_SPECIAL, "Tor"},
	{BOTH, "*.x.onion", E_NAME_SPECIAL, "Tor"},
	{PRIVATE, "onion", E_NAME_SPECIAL, "Tor"},
	{PUBLIC, "acme.test", E_NAME_SPECIAL, "\".test\""},
	{PUBLIC, "*.test", E_NAME_SPECIAL, "\".test\""},
	{PUBLIC, "www.acme.TEST.", E_NAME_SPECIAL, "\".test\""},
	{PUBLIC, "a.example", E_NAME_SPECIAL, "\".example\""},
	{PUBLIC, "a.invalid", E_NAME_SPECIAL, "\".invalid\""},
	{PUBLIC, "a.localhost", E_NAME_SPECIAL, "\".localhost\""},
	{PUBLIC, "printer.local", E_NAME_SPECIAL, "\".local\""},
	{PUBLIC, "nas.home.arpa", E_NAME_SPECIAL, "\".home.arpa\""},
	{PUBLIC, "a.alt", E_NAME_SPECIAL, "\".alt\""},
	{PUBLIC, "db.internal", E_NAME_SPECIAL, "\".internal\""},
	{PUBLIC, "4.3.2.1.in-addr.arpa", E_NAME_SPECIAL, "\".in-addr.arpa\""},
	{PUBLIC, "1.0.0.ip6.arpa", E_NAME_SPECIAL, "\".ip6.arpa\""},
	{PUBLIC, "x.uri.arpa", E_NAME_SPECIAL, "\".arpa\""},
	{PUBLIC, "host.corp", E_NAME_SPECIAL, "\"corp\""},
	{PUBLIC, "host.lan", E_NAME_SPECIAL, "\"lan\""},
	{PUBLIC, "*.home", E_NAME_SPECIAL, "\"home\""},
	{PUBLIC, "a.xn--zfr164bx", E_NAME_IDN, NULL},
	{PUBLIC, "\u98df\u72ee.\u98df\u72ee", E_NAME_SPECIAL, "\"xn--85x722f\""},
	{PUBLIC, "host.123", E_NAME_SPECIAL, "all digits"},
	{PUBLIC, "1.2.3", E_NAME_SPECIAL, "all digits"},
	{PUBLIC, "1.2.3.4.5", E_NAME_SPECIAL, "all digits"},
};

static void
check_good(const struct good *g, enum on on)
{
	ARENA(a);
	ERR(e);
	struct name n;
	struct name_rules rules = rules_of(on);
	struct str companion;
	char notes[3];

	if (name_read(str_c(g->typed), &rules, "names[0]", &a, &n, &e) < 0)
		fail_msg("%s: %s", g->typed, e.msg);
	companion = name_companion(&n);
	snprintf(notes, sizeof(notes), "%s%s", n.trimmed ? "t" : "", n.converted ? "c" : "");
	if (!str_eq_c(n.ascii, g->ascii) || n.kind != g->kind || strcmp(notes, g->notes) != 0 ||
		(g->registered && !str_eq_c(n.registered, g->registered)) ||
		(g->companion ? !str_eq_c(companion, g->companion) : companion.n != 0))
		fail_msg("%s: %.*s, registered %.*s, companion %.*s, notes %s", g->typed, STRF(n.ascii),
			STRF(n.registered), STRF(companion), notes);
	if (n.kind == NAME_WILDCARD)
		assert_true(n.base.n + 2 == n.ascii.n && str_ends(n.ascii, n.base));
	assert_true(n.kind == NAME_IP ? n.ip_len == 4 || n.ip_len == 16 : n.ip_len == 0);
}

static void
every_name_that_the_rules_allow_is_read_in_its_one_form(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		const struct good *g = &good[i];

		for (int on = PUBLIC; on <= ADDRESS; on <<= 1)
			if (g->on & on)
				check_good(g, (enum on)on);
	}
}

static void
check_bad(const struct bad *b, enum on on)
{
	ARENA(a);
	ERR(e);
	struct name n;
	struct name_rules rules = rules_of(on);
	int r = name_read(str_c(b->typed), &rules, "names[7]", &a, &n, &e);

	if (r != b->code)
		fail_msg("%s: %s %s", b->typed, r ? err_info(r)->name : "taken", e.msg);
	if (b->says && !strstr(e.msg, b->says))
		fail_msg("%s: the message \"%s\" does not say \"%s\"", b->typed, e.msg, b->says);
	assert_string_equal(e.field, "names[7]");
	assert_true(utf8_printable(str_c(e.msg), false));
	/* the value is quoted: its first byte stands behind a quotation mark */
	if (str_trim(str_c(b->typed)).n > 0)
		assert_non_null(strchr(e.msg, '"'));
}

static void
every_name_that_a_rule_forbids_is_refused_with_its_own_message(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const struct bad *b = &bad[i];

		for (int on = PUBLIC; on <= ADDRESS; on <<= 1)
			if (b->on & on)
				check_bad(b, (enum on)on);
	}
}

static void
a_nul_byte_is_refused(void **state UNUSED)
{
	ARENA(a);
	ERR(e);
	struct name n;
	struct name_rules rules = rules_of(PUBLIC);

	assert_int_equal(name_read(STR("example.com\0.evil.com"), &rules, "", &a, &n, &e), E_NAME_SYNTAX);
}

static void
the_unicode_form_is_shown_beside(void **state UNUSED)
{
	ARENA(a);
	ERR(e);
	struct name n;
	struct name_rules rules = rules_of(PUBLIC);

	assert_int_equal(name_read(STR("*.xn--bcher-kva.com"), &rules, "", &a, &n, &e), 0);
	assert_string_equal(n.unicode.p, "*.b\u00fccher.com");
}

static void
a_wildcard_covers_one_level(void **state UNUSED)
{
	static const struct {
		const char *pattern, *name;
		bool covers;
	} rows[] = {
		{"*.a.com", "x.a.com", true}, {"*.a.com", "*.a.com", true}, {"a.com", "a.com", true},
		{"*.a.com", "a.com", false}, {"*.a.com", "y.x.a.com", false}, {"*.a.com", ".a.com", false},
		{"*.a.com", "xa.com", false}, {"a.com", "b.com", false}, {"x.a.com", "*.a.com", false},
		{"*.a.com", "*.x.a.com", false}, {"*.com", "*.com", true}, {"*.x.a.com", "*.a.com", false}, {"", "", false},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (name_covers(str_c(rows[i].pattern), str_c(rows[i].name)) != rows[i].covers)
			fail_msg("%s %s", rows[i].pattern, rows[i].name);
}

static void
below_is_counted_in_whole_labels(void **state UNUSED)
{
	assert_true(name_below(STR("a.b.com"), STR("b.com")));
	assert_true(name_below(STR("b.com"), STR("b.com")));
	assert_false(name_below(STR("ab.com"), STR("b.com")));
	assert_false(name_below(STR("com"), STR("b.com")));
	assert_false(name_below(STR(".b.com"), STR("b.com")));
	assert_false(name_below(STR("b.com"), STR("")));
}

int
main(void)
{
	ERR(e);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_that_the_rules_allow_is_read_in_its_one_form),
		cmocka_unit_test(every_name_that_a_rule_forbids_is_refused_with_its_own_message),
		cmocka_unit_test(a_nul_byte_is_refused),
		cmocka_unit_test(the_unicode_form_is_shown_beside),
		cmocka_unit_test(a_wildcard_covers_one_level),
		cmocka_unit_test(below_is_counted_in_whole_labels),
	};

	if (psl_init(&e) < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
