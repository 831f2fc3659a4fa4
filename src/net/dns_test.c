/* SPDX-License-Identifier: Apache-2.0 */
/* What needs no server; questions to real ones: tests/contract/validate_dns. */
#include "net/dns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"

static void
strings_of_a_text_record_are_joined(void **state UNUSED)
{
	ARENA(a);
	struct str s;

	assert_true(dns_txt(BLOB("\3abc", 4), &a, &s));
	assert_string_equal(s.p, "abc");
	assert_true(dns_txt(BLOB("\3abc\0\2de", 8), &a, &s));
	assert_string_equal(s.p, "abcde");
	assert_true(dns_txt(BLOB("\0", 1), &a, &s));
	assert_int_equal(s.n, 0);
	assert_false(dns_txt(BLOB("", 0), &a, &s));
	assert_false(dns_txt(BLOB("\4abc", 4), &a, &s));
	assert_false(dns_txt(BLOB("\3abc\1", 5), &a, &s));
}

static void
names_become_lower_case_text_and_odd_characters_are_escaped(void **state UNUSED)
{
	ARENA(a);
	struct str s;

	assert_true(dns_name(BLOB("\3WWW\7Example\3com\0", 17), &a, &s));
	assert_string_equal(s.p, "www.example.com");
	assert_true(dns_name(BLOB("\0", 1), &a, &s));
	assert_int_equal(s.n, 0);
	assert_true(dns_name(BLOB("\3a.b\1\x01\0", 7), &a, &s));
	assert_string_equal(s.p, "a\\.b.\\001");
	assert_false(dns_name(BLOB("\3www", 4), &a, &s)); /* no end */
	assert_false(dns_name(BLOB("\3www\0x", 6), &a, &s)); /* something behind */
	assert_false(dns_name(BLOB("\xc0\x0c", 2), &a, &s)); /* a pointer */
	assert_false(dns_name(BLOB("", 0), &a, &s));
}

static void
a_caa_record_has_flags_tag_and_value(void **state UNUSED)
{
	struct dns_caa c;

	assert_true(dns_caa(BLOB("\x80\5issueca.test", 14), &c));
	assert_int_equal(c.flags, 0x80);
	assert_true(str_eq_c(c.tag, "issue"));
	assert_true(str_eq_c(c.value, "ca.test"));
	assert_true(dns_caa(BLOB("\0\5Issue", 7), &c));
	assert_int_equal(c.value.n, 0);
	assert_false(dns_caa(BLOB("", 0), &c));
	assert_false(dns_caa(BLOB("\0", 1), &c));
	assert_false(dns_caa(BLOB("\0\0abc", 5), &c)); /* no tag */
	assert_false(dns_caa(BLOB("\0\6issue", 7), &c)); /* cut */
	assert_false(dns_caa(BLOB("\0\2a-x", 5), &c)); /* a hyphen in the tag */
}

static const char *
anchor_file(struct arena *a, const char *text)
{
	struct str path = arena_printf(a, "%s/anchorXXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	int fd = mkstemp((char *)path.p);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return path.p;
}

#define KEY "257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ=="

static void
trust_anchors_are_read_in_every_common_form_and_bad_ones_are_named(void **state UNUSED)
{
	static const struct {
		const char *text, *says; /* says NULL: good */
	} rows[] = {
		{"; a comment\nexample.test. IN DNSKEY " KEY " ; ksk\n", NULL},
		{"example.test.\t3600 IN DNSKEY " KEY "\r\n", NULL},
		{"$TTL 60\nexample.test. IN DS 2371 13 2 (\n  1F987CC6583E92DF0890718C42 ; half\n"
			"  F4B8E92B64C2C15C5C8B8D8B1C2D3E4F5A6B7C )\n",
			NULL},
		{"example.test. IN DS 2371 13 2 1F987CC6583E92DF0890718C42A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3\n", NULL},
		{". IN DS 1 8 2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nx. IN DNSKEY " KEY, NULL},
		{"", "holds no DNSKEY"},
		{"; nothing\n\n", "holds no DNSKEY"},
		{"example.test. IN A 192.0.2.1\n", "is no DNSKEY or DS"},
		{"trust-anchors { . initial-key 257 3 8 \"AAAA\"; };\n", "is no DNSKEY or DS"},
		{"example.test. IN DS 2371 13 2 XYZ\n", "cannot be used"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);
		ERR(e);
		const char *file = anchor_file(&a, rows[i].text);
		struct dns_conf conf = {.trust_anchor = file, .fresh_max = 1};
		struct dns *d = NULL;
		int r = dns_open(&conf, &d, &e);

		unlink(file);
		if (r == 0)
			dns_close(d);
		if (rows[i].says ? r != E_CONFIG || !strstr(e.msg, rows[i].says) : r != 0)
			fail_msg("row %zu: %d %s", i, r, e.msg);
	}
}

static void
a_bad_resolver_and_a_missing_anchor_are_configuration_errors(void **state UNUSED)
{
	static const struct dns_conf confs[] = {
		{.resolver = "192.0.2.1"}, {.resolver = "ns.example.com:53"}, {.resolver = "192.0.2.1:0"}, {.resolver = ""},
		{.trust_anchor = "/nonexistent/root.key"},
	};

	for (size_t i = 0; i < ARRAY_LEN(confs); i++) {
		ERR(e);
		struct dns *d;

		assert_int_equal(dns_open(&confs[i], &d, &e), E_CONFIG);
	}
}

/* No packet leaves for a name that cannot be asked. */
static void
no_answer_ends_at_the_deadline_and_places_are_limited(void **state UNUSED)
{
	struct dns_conf conf = {.resolver = "127.0.0.1:9", .fresh_max = 1};
	struct dns *d;
	struct dns_session *s, *other;
	struct dns_answer an;
	int64_t start;
	ARENA(a);
	ERR(e);

	assert_int_equal(dns_open(&conf, &d, &e), 0);
	assert_int_equal(dns_session_open(d, 100, &s, &e), 0);
	start = clock_mono_ms();
	assert_int_equal(dns_session_open(d, 100, &other, &e), E_BUSY);
	assert_in_range(clock_mono_ms() - start, 90, 2000);
	assert_int_equal(dns_session_ask(s, STR("a\\.b"), DNS_TXT, 1000, &a, &an, &e), E_DNS_SERVFAIL);
	assert_int_equal(dns_session_ask(s, STR(""), DNS_TXT, 1000, &a, &an, &e), E_DNS_SERVFAIL);
	assert_int_equal(dns_session_ask(s, STR("x.test"), DNS_TXT, 0, &a, &an, &e), E_DNS_TIMEOUT);
	dns_session_close(s);
	assert_int_equal(dns_session_open(d, 100, &s, &e), 0);
	dns_session_close(s);
	dns_close(d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(strings_of_a_text_record_are_joined),
		cmocka_unit_test(names_become_lower_case_text_and_odd_characters_are_escaped),
		cmocka_unit_test(a_caa_record_has_flags_tag_and_value),
		cmocka_unit_test(trust_anchors_are_read_in_every_common_form_and_bad_ones_are_named),
		cmocka_unit_test(a_bad_resolver_and_a_missing_anchor_are_configuration_errors),
		cmocka_unit_test(no_answer_ends_at_the_deadline_and_places_are_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
