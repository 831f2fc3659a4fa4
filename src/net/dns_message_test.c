/* SPDX-License-Identifier: Apache-2.0 */
#include "net/dns_message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct dns_tsig_key key = {
	{"Update.Example", 14}, DNS_HMAC_SHA256, {(const uint8_t *)"0123456789abcdef", 16}};

static void
what_is_written_reads_back(UNUSED void **state)
{
	struct str long_text = STR("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
				   "f0123456789abcdef0123456789abcdef"
				   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
				   "f0123456789abcdef0123456789abcdef"
				   "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
				   "f0123456789abcdef0123456789abcdef");
	struct dns_message m;
	BUF(b, DNS_MESSAGE_MAX);
	BUF(rdata, 1024);
	struct str text;
	ARENA(a);

	dns_put_txt(&rdata, long_text);
	dns_put_header(&b, 0xbeef, DNS_OP_UPDATE, STR("example.com"), DNS_SOA);
	dns_put_record(&b, DNS_AUTHORITY, STR("_dnsauth.example.com"), DNS_TXT, DNS_CLASS_IN, 60,
		buf_blob(&rdata));
	assert_false(b.over);
	assert_true(dns_message_read(buf_blob(&b), &a, &m));
	assert_int_equal(m.id, 0xbeef);
	assert_int_equal(m.opcode, DNS_OP_UPDATE);
	assert_true(str_eq_c(m.name, "example.com"));
	assert_int_equal(m.n, 1);
	assert_true(str_eq_c(m.items[0].name, "_dnsauth.example.com"));
	assert_true(dns_txt(m.items[0].rdata, &a, &text));
	assert_true(str_eq(text, long_text));
}

static void
a_name_that_does_not_fit_is_told(UNUSED void **state)
{
	static const char *const bad[] = {"a..b", ".", "a\\.b",
		"0123456789012345678901234567890123456789012345678901234567890123.com"};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		BUF(b, DNS_MESSAGE_MAX);

		dns_put_name(&b, str_c(bad[i]));
		assert_true(b.over);
	}
}

/* Header with one question and one NS record whose names are compressed. */
static const uint8_t compressed[] = {0, 1, 0x84, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 'A', 4, 't', 'e',
	's', 't', 0, 0, 2, 0, 1, 0xc0, 12, 0, 2, 0, 1, 0, 0, 0, 60, 0, 5, 2, 'n', 's', 0xc0, 14};

static void
compressed_names_are_followed_backwards_only(UNUSED void **state)
{
	uint8_t bad[sizeof(compressed)];
	struct dns_message m;
	ARENA(a);

	assert_true(dns_message_read(BLOB(compressed, sizeof(compressed)), &a, &m));
	assert_true(m.authoritative);
	assert_true(str_eq_c(m.items[0].name, "a.test"));
	assert_true(str_eq_c(m.items[0].target, "ns.test"));
	for (uint8_t to = 24; to < sizeof(compressed); to++) {
		memcpy(bad, compressed, sizeof(bad));
		bad[25] = to;
		assert_false(dns_message_read(BLOB(bad, sizeof(bad)), &a, &m));
	}
}

static void
a_message_cut_short_or_with_more_behind_it_is_none(UNUSED void **state)
{
	uint8_t more[sizeof(compressed) + 1] = {0};
	struct dns_message m;
	ARENA(a);

	for (size_t n = 0; n < sizeof(compressed); n++)
		assert_false(dns_message_read(BLOB(compressed, n), &a, &m));
	memcpy(more, compressed, sizeof(compressed));
	assert_false(dns_message_read(BLOB(more, sizeof(more)), &a, &m));
}

/* A question's own signature is not an answer's: it is not bound to what was asked. */
static void
a_signature_is_the_last_record_and_bound_to_the_question(UNUSED void **state)
{
	struct dns_mac mac, none = {.n = 0};
	struct dns_message m;
	BUF(b, DNS_MESSAGE_MAX);
	ARENA(a);
	ERR(e);

	dns_put_header(&b, 7, DNS_OP_UPDATE, STR("example.com"), DNS_SOA);
	dns_tsig_sign(&b, &key, 1000000, &mac);
	assert_false(b.over);
	assert_int_equal(mac.n, 32);
	assert_true(dns_message_read(buf_blob(&b), &a, &m));
	assert_int_equal(m.n, 1);
	assert_int_equal(m.items[0].type, DNS_TYPE_TSIG);
	assert_true(str_eq_c(m.items[0].name, "update.example"));
	assert_int_equal(dns_tsig_verify(buf_blob(&b), &key, &mac, 1000000, &e), E_DNS_KEY_REFUSED);
	assert_int_equal(
		dns_tsig_verify(buf_blob(&b), &key, &none, 1000000, &e), E_DNS_KEY_REFUSED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(a_name_that_does_not_fit_is_told),
		cmocka_unit_test(compressed_names_are_followed_backwards_only),
		cmocka_unit_test(a_message_cut_short_or_with_more_behind_it_is_none),
		cmocka_unit_test(a_signature_is_the_last_record_and_bound_to_the_question),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
