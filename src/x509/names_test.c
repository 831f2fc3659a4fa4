/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/der.h"
#include "x509/name.h"
#include "x509/peer.h"
#include "x509/subtree.h"

#define BMP 0x1e
#define CN "2.5.4.3"
#define O "2.5.4.10"

struct part {
	const char *oid;
	uint8_t tag;
	struct str value;
	bool same_rdn; /* as the part before */
};

static struct blob
name_of(struct arena *a, const struct part *parts, size_t n)
{
	BUF(b, 4096);
	size_t seq = der_begin(&b, DER_SEQUENCE), set = 0;

	for (size_t i = 0; i < n; i++) {
		size_t at;

		if (!parts[i].same_rdn)
			set = der_begin(&b, DER_SET);
		at = der_begin(&b, DER_SEQUENCE);
		der_put_oid(&b, parts[i].oid);
		der_put(&b, parts[i].tag, blob_of(parts[i].value));
		der_end(&b, at);
		if (i + 1 == n || !parts[i + 1].same_rdn)
			der_end(&b, set);
	}
	der_end(&b, seq);
	return arena_blob(a, buf_blob(&b));
}

#define NAME(...) name_of(&a, (struct part[]){__VA_ARGS__}, ARRAY_LEN(((struct part[]){__VA_ARGS__})))

static void
assert_names(struct blob x, struct blob y, bool equal)
{
	assert_true(x509_name_ok(x));
	assert_true(x509_name_ok(y));
	assert_int_equal(x509_name_eq(x, y), equal);
	assert_int_equal(x509_name_eq(y, x), equal);
	if (equal)
		assert_true(x509_name_hash(x) == x509_name_hash(y));
}

static void
names_compare_without_case_blanks_and_string_type(void **state)
{
	ARENA(a);

	(void)state;
	assert_names(NAME({CN, DER_PRINTABLE_STRING, STR("Test CA")}), NAME({CN, DER_UTF8_STRING, STR("  test \t ca ")}), true);
	assert_names(NAME({CN, DER_PRINTABLE_STRING, STR("Test CA")}), NAME({CN, DER_UTF8_STRING, STR("testca")}), false);
	assert_names(NAME({CN, BMP, STR("\0A\0\xc4")}), NAME({CN, DER_UTF8_STRING, STR("a\xc3\xa4")}), true);
	assert_names(NAME({CN, DER_UTF8_STRING, STR("\xd0\x96")}), NAME({CN, DER_UTF8_STRING, STR("\xd0\xb6")}), true);
	assert_names(NAME({CN, DER_UTF8_STRING, STR("a")}), NAME({O, DER_UTF8_STRING, STR("a")}), false);
	/* a NUL ends no text */
	assert_names(NAME({CN, BMP, STR("\0A\0\0\0B")}), NAME({CN, BMP, STR("\0A\0\0\0C")}), false);
	/* what is no text compares octet by octet */
	assert_names(NAME({CN, DER_OCTET_STRING, STR("A")}), NAME({CN, DER_OCTET_STRING, STR("a")}), false);
}

static void
attributes_of_one_rdn_stand_in_any_order(void **state)
{
	ARENA(a);
	struct blob x = NAME({CN, DER_UTF8_STRING, STR("a")}, {O, DER_UTF8_STRING, STR("b"), true});

	(void)state;
	assert_names(x, NAME({O, DER_UTF8_STRING, STR("B")}, {CN, DER_UTF8_STRING, STR("A"), true}), true);
	assert_names(x, NAME({CN, DER_UTF8_STRING, STR("a")}, {O, DER_UTF8_STRING, STR("b")}), false);
	assert_names(x, NAME({CN, DER_UTF8_STRING, STR("a")}, {CN, DER_UTF8_STRING, STR("a"), true}), false);
}

static void
a_subtree_holds_what_begins_with_it(void **state)
{
	ARENA(a);
	struct blob base = NAME({O, DER_UTF8_STRING, STR("x")}), below;

	(void)state;
	below = NAME({O, DER_PRINTABLE_STRING, STR("X")}, {CN, DER_UTF8_STRING, STR("y")});
	assert_true(x509_name_within(below, base));
	assert_true(x509_name_within(base, base));
	assert_false(x509_name_within(base, below));
}

static void
names_that_are_not_what_their_type_says_are_refused(void **state)
{
	static const struct part bad[] = {
		{CN, DER_UTF8_STRING, {"\xc3", 1}, false},
		{CN, DER_PRINTABLE_STRING, {"\xe4", 1}, false},
		{CN, DER_IA5_STRING, {"a\0", 2}, false},
		{CN, BMP, {"abc", 3}, false},
	};
	ARENA(a);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(x509_name_ok(name_of(&a, &bad[i], 1)));
	assert_false(x509_name_ok(BLOB("\x30\x02\x31\x00", 4))); /* an RDN of nothing */
	assert_true(x509_name_ok(BLOB("\x30\x00", 2)));
	assert_true(x509_name_empty(BLOB("\x30\x00", 2)));
}

/* -- texts of alternative names */

static void
dns_names_have_the_preferred_syntax(void **state)
{
	static const struct {
		const char *name;
		bool plain, wildcard;
	} rows[] = {
		{"example.com", true, true}, {"localhost", true, true}, {"xn--bcher-kva.example", true, true},
		{"*.example.com", false, true}, {"*", false, false}, {"a.*.com", false, false}, {"a*.example.com", false, false},
		{"", false, false}, {" ", false, false}, {".example.com", false, false}, {"example.com.", false, false},
		{"a..b", false, false}, {"-a.b", false, false}, {"a_b.c", false, false}, {"8.8.8.8", false, false},
		{"b\xc3\xbc.example", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(x509_dns_ok(str_c(rows[i].name), false), rows[i].plain);
		assert_int_equal(x509_dns_ok(str_c(rows[i].name), true), rows[i].wildcard);
	}
}

static void
uris_and_mailboxes_have_their_forms(void **state)
{
	(void)state;
	assert_true(x509_uri_ok(STR("https://user@example.com:8443/a?b#c")));
	assert_true(x509_uri_ok(STR("urn:oid:1.2")));
	assert_false(x509_uri_ok(STR("//example.com")));
	assert_false(x509_uri_ok(STR("http://")));
	assert_false(x509_uri_ok(STR("http:")));
	assert_false(x509_uri_ok(STR("ht tp://a")));
	assert_true(str_eq_c(x509_uri_host(STR("https://u:p@[::1]:1/")), "[::1]"));
	assert_true(str_eq_c(x509_uri_host(STR("https://good.example@evil.example/x")), "evil.example"));
	assert_true(x509_email_ok(STR("a.b+c@example.com")));
	assert_false(x509_email_ok(STR("a..b@example.com")));
	assert_false(x509_email_ok(STR("a@b@example.com")));
	assert_false(x509_email_ok(STR("example.com")));
}

/* -- constraints */

static void
constraints_hold_names_of_their_subtree(void **state)
{
	static const struct {
		enum x509_general_kind kind;
		struct str name, base;
		enum x509_fit permitting, excluding;
	} rows[] = {
		{X509_DNS, STR("a.b.example.com"), STR("EXAMPLE.com"), X509_FIT_YES, X509_FIT_YES},
		{X509_DNS, STR("badexample.com"), STR("example.com"), X509_FIT_NO, X509_FIT_NO},
		{X509_DNS, STR("example.com"), STR(".example.com"), X509_FIT_NO, X509_FIT_NO},
		{X509_DNS, STR("example.com."), STR("example.com"), X509_FIT_YES, X509_FIT_YES},
		{X509_DNS, STR("*.example.com"), STR("bar.example.com"), X509_FIT_NO, X509_FIT_YES},
		{X509_DNS, STR("*.example.com"), STR("a.bar.example.com"), X509_FIT_NO, X509_FIT_NO},
		{X509_DNS, STR("a.b"), STR(""), X509_FIT_YES, X509_FIT_YES},
		{X509_EMAIL, STR("a@example.com"), STR("example.com"), X509_FIT_YES, X509_FIT_YES},
		{X509_EMAIL, STR("a@b.example.com"), STR("example.com"), X509_FIT_NO, X509_FIT_NO},
		{X509_EMAIL, STR("a@b.example.com"), STR(".example.com"), X509_FIT_YES, X509_FIT_YES},
		{X509_EMAIL, STR("A@example.com"), STR("a@EXAMPLE.com"), X509_FIT_NO, X509_FIT_YES},
		{X509_EMAIL, STR("nobody"), STR("example.com"), X509_FIT_UNCLEAR, X509_FIT_UNCLEAR},
		{X509_URI, STR("https://h.example/"), STR("h.example"), X509_FIT_YES, X509_FIT_YES},
		{X509_URI, STR("https://x.h.example/"), STR("h.example"), X509_FIT_NO, X509_FIT_NO},
		{X509_URI, STR("https://x.h.example/"), STR(".h.example"), X509_FIT_YES, X509_FIT_YES},
		{X509_URI, STR("https://10.0.0.1/"), STR(".h.example"), X509_FIT_UNCLEAR, X509_FIT_UNCLEAR},
		{X509_IP, STR("\x0a\x01\x02\x03"), STR("\x0a\x01\0\0\xff\xff\0\0"), X509_FIT_YES, X509_FIT_YES},
		{X509_IP, STR("\x0a\x02\x02\x03"), STR("\x0a\x01\0\0\xff\xff\0\0"), X509_FIT_NO, X509_FIT_NO},
		{X509_IP, STR("abc"), STR("\x0a\x01\0\0\xff\xff\0\0"), X509_FIT_UNCLEAR, X509_FIT_UNCLEAR},
		{X509_REGISTERED_ID, STR("\x2a"), STR("\x2a"), X509_FIT_UNCLEAR, X509_FIT_UNCLEAR},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct x509_general name = {rows[i].kind, blob_of(rows[i].name)}, base = {rows[i].kind, blob_of(rows[i].base)};

		assert_int_equal(x509_subtree_fit(&name, &base, false), rows[i].permitting);
		assert_int_equal(x509_subtree_fit(&name, &base, true), rows[i].excluding);
	}
}

/* -- peers */

static bool
dns_for(const char *presented, const char *host)
{
	BUF(b, 512);
	struct x509_cert c = {.version = 3};
	struct x509_peer p;
	ERR(e);

	der_put(&b, DER_CTX(X509_DNS), blob_of(str_c(presented)));
	c.san = buf_blob(&b);
	assert_int_equal(x509_peer_dns(str_c(host), &p, &e), 0);
	return x509_peer_matches(&c, &p, NULL);
}

static void
a_wildcard_is_one_whole_label_above_two(void **state)
{
	(void)state;
	assert_true(dns_for("Example.com", "example.COM."));
	assert_true(dns_for("*.example.com", "a.example.com"));
	assert_false(dns_for("*.example.com", "a.b.example.com"));
	assert_false(dns_for("*.example.com", "example.com"));
	assert_false(dns_for("a*.example.com", "ab.example.com"));
	assert_false(dns_for("*.com", "example.com"));
	assert_false(dns_for("*", "localhost"));
	assert_false(dns_for("", "example.com"));
}

static void
peers_are_names_addresses_or_mailboxes(void **state)
{
	struct x509_peer p;
	ERR(e);

	(void)state;
	assert_int_equal(x509_peer_dns(STR("10.0.0.1"), &p, &e), E_FIELD_FORM);
	assert_int_equal(x509_peer_dns(STR("*.example.com"), &p, &e), E_FIELD_FORM);
	assert_int_equal(x509_peer_ip(STR("10.0.0.01"), &p, &e), E_FIELD_FORM);
	assert_int_equal(x509_peer_ip(STR("2001:DB8::1"), &p, &e), 0);
	assert_int_equal(p.ip_n, 16);
	assert_int_equal(x509_peer_email(STR("x"), &p, &e), E_FIELD_FORM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_compare_without_case_blanks_and_string_type),
		cmocka_unit_test(attributes_of_one_rdn_stand_in_any_order),
		cmocka_unit_test(a_subtree_holds_what_begins_with_it),
		cmocka_unit_test(names_that_are_not_what_their_type_says_are_refused),
		cmocka_unit_test(dns_names_have_the_preferred_syntax),
		cmocka_unit_test(uris_and_mailboxes_have_their_forms),
		cmocka_unit_test(constraints_hold_names_of_their_subtree),
		cmocka_unit_test(a_wildcard_is_one_whole_label_above_two),
		cmocka_unit_test(peers_are_names_addresses_or_mailboxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
