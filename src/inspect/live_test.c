/* SPDX-License-Identifier: Apache-2.0 */
/* What a server does, judged without its certificates. Those: tests/scenario/test_inspect_live.py, on real servers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "inspect/live.h"

#define V(n) (1u << LIVE_TLS##n)
#define ALL_VERSIONS (V(10) | V(11) | V(12) | V(13))
#define GOOD "TLS_AES_128_GCM_SHA256"

static const struct row {
	const char *what;
	struct live_in in;
	enum check_code code; /* CHECK_CODES: none */
	const char *text, *chrome, *firefox;
	bool ok;
} rows[] = {
	{"nothing wrong", {.suite = GOOD, .versions = V(12) | V(13), .versions_tried = ALL_VERSIONS}, CHECK_CODES, "", "ok", "ok",
		true},
	{"nobody there", {.shown = LIVE_NO_CONNECTION, .why = "refused"}, CHECK_NO_CONNECTION, "refused", "ERR_CONNECTION_FAILED",
		"NS_ERROR_CONNECTION_REFUSED", false},
	{"no TLS", {.shown = LIVE_NO_TLS, .why = "HTTP"}, CHECK_NO_TLS, "HTTP", "ERR_SSL_PROTOCOL_ERROR",
		"SSL_ERROR_RX_RECORD_TOO_LONG", false},
	{"an alert", {.shown = LIVE_NO_HANDSHAKE, .why = "alert 40"}, CHECK_HANDSHAKE, "alert 40", "ERR_SSL_PROTOCOL_ERROR",
		"SSL_ERROR_HANDSHAKE_FAILURE_ALERT", false},
	{"old ones too", {.suite = GOOD, .versions = ALL_VERSIONS, .versions_tried = ALL_VERSIONS}, CHECK_OLD_PROTOCOL,
		"TLS 1.0, TLS 1.1", "ok", "ok", true},
	{"only old ones", {.suite = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", .versions = V(10), .versions_tried = ALL_VERSIONS},
		CHECK_ONLY_OLD, "TLS 1.0", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "SSL_ERROR_UNSUPPORTED_VERSION", false},
	{"an old one seen and no other tried", {.suite = "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", .versions = V(11), .versions_tried = V(11)},
		CHECK_OLD_PROTOCOL, "TLS 1.1", "ok", "ok", true},
	{"no TLS 1.3", {.suite = GOOD, .versions = V(12), .versions_tried = ALL_VERSIONS}, CHECK_NO_TLS13, "", "ok", "ok", true},
	{"broken suites too", {.suite = GOOD, .weak = 1u << LIVE_RC4 | 1u << LIVE_3DES}, CHECK_WEAK_SUITE, "RC4, 3DES", "ok", "ok",
		true},
	{"only a broken suite", {.suite = "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"}, CHECK_ONLY_WEAK,
		"TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "ERR_SSL_VERSION_OR_CIPHER_MISMATCH", "SSL_ERROR_NO_CYPHER_OVERLAP", false},
	{"no forward secrecy", {.suite = "TLS_RSA_WITH_AES_128_GCM_SHA256"}, CHECK_STATIC_RSA, "", "ok", "ok", true},
	{"a short group", {.suite = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", .dh_bits = 1024}, CHECK_WEAK_GROUP, "1024 bits", "ok", "ok",
		true},
	{"a long group", {.suite = "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", .dh_bits = 2048}, CHECK_CODES, "", "ok", "ok", true},
	{"more certificates than are read", {.suite = GOOD, .chain_cut = true}, CHECK_SENT_TOO_MUCH, "", "ok", "ok", true},
};

static void
servers_are_judged_by_what_they_speak(UNUSED void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct live l;
		ARENA(a);
		ERR(e);

		assert_int_equal(live_judge(&row->in, &a, &l, &e), 0);
		if (l.check.n != (row->code != CHECK_CODES))
			fail_msg("%s: %u findings", row->what, l.check.n);
		if (l.check.n && (l.check.v[0].code != row->code || strcmp(l.check.v[0].text, row->text) != 0))
			fail_msg("%s: %s: %s", row->what, check_word(l.check.v[0].code), l.check.v[0].text);
		if (strcmp(l.browser.chrome, row->chrome) != 0 || strcmp(l.browser.firefox, row->firefox) != 0)
			fail_msg("%s: %s, %s", row->what, l.browser.chrome, l.browser.firefox);
		if (l.ok != row->ok)
			fail_msg("%s: ok is %d", row->what, l.ok);
	}
}

static void
certificates_that_nobody_can_read_are_an_error(UNUSED void **state)
{
	const struct blob junk[] = {BLOB("\x30\x03\x02\x01\x01", 5), BLOB("", 0), BLOB("junk", 4)};
	struct live_in in = {.suite = GOOD, .chain = junk, .n_chain = 3, .staple = BLOB("junk", 4), .target = STR("a.example")};
	struct live l;
	ARENA(a);
	ERR(e);

	assert_int_equal(live_judge(&in, &a, &l, &e), 0);
	assert_false(l.ok);
	assert_int_equal(l.check.v[0].code, CHECK_FILE);
	assert_string_equal(l.browser.chrome, "NET::ERR_CERT_INVALID");
	assert_int_equal(l.ends_ms, 0);
}

static void
suites_are_weak_by_name(UNUSED void **state)
{
	assert_int_equal(live_weak_of(GOOD), 0);
	assert_int_equal(live_weak_of("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"), 0);
	assert_int_equal(live_weak_of("TLS_RSA_WITH_NULL_SHA256"), 1u << LIVE_NULL | 1u << LIVE_STATIC);
	assert_int_equal(live_weak_of("TLS_DH_anon_WITH_RC4_128_MD5"), 1u << LIVE_ANON | 1u << LIVE_RC4);
	assert_int_equal(live_weak_of(""), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(servers_are_judged_by_what_they_speak),
		cmocka_unit_test(certificates_that_nobody_can_read_are_an_error),
		cmocka_unit_test(suites_are_weak_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
