/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/hex.h"
#include "base/rfc3339.h"

static struct blob
bytes(struct arena *a, const char *hex)
{
	struct blob b;

	assert_true(hex_decode(a, str_c(hex), &b));
	return b;
}

static void
assert_hex(const struct buf *b, const char *hex)
{
	ARENA(a);

	assert_false(b->over);
	assert_string_equal(arena_cstr(&a, hex_encode(&a, buf_blob(b))), hex);
}

static void
next_takes_only_strict_der(void **state)
{
	static const struct {
		const char *hex;
		bool ok;
	} rows[] = {
		{"0500", true},
		{"3000", true},
		{"300105", true}, /* what is inside is not looked at */
		{"04810100", false}, /* length in too many octets */
		{"048200" "01" "00", false},
		{"0480000000", false}, /* indefinite */
		{"0405000000", false}, /* longer than the input */
		{"04", false},
		{"", false},
		{"0000", false}, /* end-of-contents */
		{"1000", false}, /* primitive SEQUENCE */
		{"2400", false}, /* constructed OCTET STRING */
		{"1f8101" "00", false}, /* tag above 30 */
		{"0484ffffffff", false},
		{"04850000000001" "00", false},
		{"a000", true},
		{"8000", true},
	};
	ARENA(a);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cursor c = cursor_of(bytes(&a, rows[i].hex));
		struct blob whole = {NULL, 77};

		if (der_next(&c, NULL, NULL, &whole) != rows[i].ok)
			fail_msg("%s", rows[i].hex);
		assert_int_equal(whole.n, rows[i].ok ? strlen(rows[i].hex) / 2 : 77);
		assert_int_equal(der_done(&c), rows[i].ok);
	}
}

static void
lengths_are_read_and_written_at_each_width(void **state)
{
	static const size_t sizes[] = {0, 1, 127, 128, 255, 256, 65535, 65536, 70000};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		ARENA(a);
		BUF(put, 100000);
		BUF(nested, 100000);
		uint8_t *p = arena_alloc(&a, sizes[i]);
		struct cursor c;
		struct blob body;
		size_t outer;

		memset(p, 'x', sizes[i]);
		der_put(&put, DER_OCTET_STRING, BLOB(p, sizes[i]));
		outer = der_begin(&nested, DER_OCTET_STRING);
		buf_put(&nested, p, sizes[i]);
		der_end(&nested, outer);
		assert_true(blob_eq(buf_blob(&put), buf_blob(&nested)));
		c = cursor_of(buf_blob(&put));
		assert_true(der_get(&c, DER_OCTET_STRING, &body));
		assert_true(blob_eq(body, BLOB(p, sizes[i])));
		assert_true(der_done(&c));
	}
}

static void
elements_nest(void **state)
{
	BUF(b, 1000);
	size_t outer = der_begin(&b, DER_SEQUENCE), inner = der_begin(&b, DER_CTX_CONS(3));
	struct cursor c, in, in3;
	int64_t v;
	(void)state;

	for (int i = 0; i < 60; i++)
		der_put_int(&b, i);
	der_end(&b, inner);
	der_put_bool(&b, true);
	der_end(&b, outer);
	c = cursor_of(buf_blob(&b));
	assert_true(der_open(&c, DER_SEQUENCE, &in));
	assert_true(der_done(&c));
	assert_true(der_open(&in, DER_CTX_CONS(3), &in3));
	for (int i = 0; i < 60; i++) {
		assert_true(der_get_int(&in3, &v));
		assert_int_equal(v, i);
	}
	assert_true(der_done(&in3));
	assert_int_equal(der_peek(&in), DER_BOOLEAN);
}

static void
a_wrong_tag_is_bad_and_an_absent_optional_is_not(void **state)
{
	ARENA(a);
	struct cursor c = cursor_of(bytes(&a, "020105"));
	struct blob body = {NULL, 9};
	(void)state;

	assert_false(der_optional(&c, DER_BOOLEAN, &body));
	assert_true(cursor_ok(&c, false));
	assert_int_equal(body.n, 9);
	assert_true(der_optional(&c, DER_INTEGER, &body));
	assert_false(der_optional(&c, DER_INTEGER, &body));
	assert_true(der_done(&c));
	c = cursor_of(bytes(&a, "020105"));
	assert_false(der_get(&c, DER_BOOLEAN, NULL));
	assert_false(cursor_ok(&c, false));
}

static void
integers_are_minimal_and_round(void **state)
{
	static const struct {
		int64_t v;
		const char *hex;
	} rows[] = {
		{0, "020100"},
		{1, "020101"},
		{127, "02017f"},
		{128, "02020080"},
		{255, "020200ff"},
		{256, "02020100"},
		{-1, "0201ff"},
		{-128, "020180"},
		{-129, "0202ff7f"},
		{INT64_MAX, "02087fffffffffffffff"},
		{INT64_MIN, "02088000000000000000"},
	};
	static const char *const refused[] = {"0200", "02020001", "0202ff80", "0209008000000000000000",
		"0201ff", "030101"};
	ARENA(a);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		BUF(b, 100);
		struct cursor c;
		int64_t v = 5;

		der_put_int(&b, rows[i].v);
		assert_hex(&b, rows[i].hex);
		c = cursor_of(buf_blob(&b));
		assert_int_equal(der_get_int(&c, &v), rows[i].v >= 0);
		assert_true(v == (rows[i].v >= 0 ? rows[i].v : 5));
	}
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		struct cursor c = cursor_of(bytes(&a, refused[i]));
		int64_t v;

		assert_false(der_get_int(&c, &v));
	}
}

static void
a_magnitude_becomes_a_positive_integer(void **state)
{
	static const char *const rows[][2] = {{"", "020100"}, {"00", "020100"}, {"0000", "020100"},
		{"01", "020101"}, {"80", "02020080"}, {"0080", "02020080"}, {"00017f", "0202017f"}};
	ARENA(a);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		BUF(b, 100);

		der_put_unsigned(&b, bytes(&a, rows[i][0]));
		assert_hex(&b, rows[i][1]);
	}
}

static void
booleans_are_zero_or_all_ones(void **state)
{
	static const char *const refused[] = {"010101", "0100", "01020000"};
	ARENA(a);
	BUF(b, 10);
	struct cursor c;
	bool v = false;
	(void)state;

	der_put_bool(&b, true);
	der_put_bool(&b, false);
	assert_hex(&b, "0101ff010100");
	c = cursor_of(buf_blob(&b));
	assert_true(der_get_bool(&c, &v) && v);
	assert_true(der_get_bool(&c, &v) && !v);
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		c = cursor_of(bytes(&a, refused[i]));
		assert_false(der_get_bool(&c, &v));
	}
}

static void
oids_go_both_ways(void **state)
{
	static const char *const rows[][2] = {
		{"2.5.29.17", "0603551d11"},
		{"1.2.840.113549.1.1.11", "06092a864886f70d01010b"},
		{"2.23.140.1.2.1", "060667810c010201"},
		{"1.2.156.10197.1.501", "06082a811ccf55018375"},
		{"0.0", "060100"},
		{"2.999.3", "0603883703"},
		{"2.18446744073709551535", "060a81ffffffffffffffff7f"},
	};
	ARENA(a);
	char text[80];
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		BUF(b, 100);
		struct cursor c;
		struct blob body;

		der_put_oid(&b, rows[i][0]);
		assert_hex(&b, rows[i][1]);
		c = cursor_of(buf_blob(&b));
		assert_true(der_get(&c, DER_OID, &body));
		assert_true(der_oid_text(body, text, sizeof(text)));
		assert_string_equal(text, rows[i][0]);
		assert_true(der_oid_is(body, rows[i][0]));
		assert_false(der_oid_is(body, "2.5.29.18"));
	}
	assert_false(der_oid_text(bytes(&a, ""), text, sizeof(text)));
	assert_false(der_oid_text(bytes(&a, "5580"), text, sizeof(text)));
	assert_false(der_oid_text(bytes(&a, "8055"), text, sizeof(text)));
	assert_false(der_oid_text(bytes(&a, "55ffffffffffffffffffff7f"), text, sizeof(text)));
	assert_false(der_oid_text(bytes(&a, "551d11"), text, 9));
	assert_true(der_oid_text(bytes(&a, "551d11"), text, 10));
}

static void
named_bits_lose_their_trailing_zeros(void **state)
{
	static const struct {
		uint32_t bits;
		const char *hex;
	} rows[] = {
		{0, "030100"},
		{1 << 0, "03020780"},
		{1 << 0 | 1 << 2, "030205a0"},
		{1 << 5 | 1 << 6, "03020106"},
		{1 << 2 | 1 << 3 | 1 << 4, "03020338"},
		{1 << 7, "03020001"},
		{1 << 8, "0303070080"},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		BUF(b, 100);

		der_put_named_bits(&b, rows[i].bits, 9);
		assert_hex(&b, rows[i].hex);
	}
}

static void
bit_strings_in_whole_octets(void **state)
{
	ARENA(a);
	BUF(b, 100);
	BUF(again, 100);
	struct cursor c;
	struct blob body;
	size_t m = der_begin_bits(&b);
	(void)state;

	buf_put_c(&b, "abc");
	der_end(&b, m);
	der_put_bits(&again, BLOB("abc", 3), 0);
	assert_hex(&b, "030400616263");
	assert_hex(&again, "030400616263");
	c = cursor_of(buf_blob(&b));
	assert_true(der_get_bits(&c, &body) && blob_eq(body, BLOB("abc", 3)));
	c = cursor_of(bytes(&a, "0300"));
	assert_false(der_get_bits(&c, &body));
	c = cursor_of(bytes(&a, "03020780"));
	assert_false(der_get_bits(&c, &body));
}

static void
times_switch_form_with_the_year_2050(void **state)
{
	static const struct {
		const char *time;
		uint8_t tag;
		const char *text;
	} rows[] = {
		{"2049-12-31T23:59:59Z", DER_UTC_TIME, "491231235959Z"},
		{"2050-01-01T00:00:00Z", DER_GENERALIZED_TIME, "20500101000000Z"},
		{"1950-01-01T00:00:00Z", DER_UTC_TIME, "500101000000Z"},
		{"1949-12-31T23:59:59Z", DER_GENERALIZED_TIME, "19491231235959Z"},
		{"2028-02-29T12:00:00Z", DER_UTC_TIME, "280229120000Z"},
		{"9999-12-31T23:59:59Z", DER_GENERALIZED_TIME, "99991231235959Z"},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		BUF(b, 100);
		struct cursor c;
		int64_t ms, back;

		assert_true(rfc3339_get(str_c(rows[i].time), &ms));
		der_put_time(&b, ms);
		assert_int_equal(b.p[0], rows[i].tag);
		assert_memory_equal(b.p + 2, rows[i].text, strlen(rows[i].text));
		der_put_generalized_time(&b, ms);
		c = cursor_of(buf_blob(&b));
		assert_true(der_get_time(&c, &back) && back == ms);
		assert_int_equal(der_peek(&c), DER_GENERALIZED_TIME);
		assert_true(der_get_time(&c, &back) && back == ms);
		assert_true(der_done(&c));
	}
}

static void
times_in_other_forms_are_refused(void **state)
{
	static const struct {
		uint8_t tag;
		const char *text;
	} rows[] = {
		{DER_UTC_TIME, "2611211200Z"},
		{DER_UTC_TIME, "261121120000+0000"},
		{DER_UTC_TIME, "261121120000"},
		{DER_UTC_TIME, "260229120000Z"},
		{DER_UTC_TIME, "261321120000Z"},
		{DER_UTC_TIME, "260021120000Z"},
		{DER_UTC_TIME, "261100120000Z"},
		{DER_UTC_TIME, "261121240000Z"},
		{DER_UTC_TIME, "261121126000Z"},
		{DER_UTC_TIME, "261121120060Z"},
		{DER_UTC_TIME, "26112112000aZ"},
		{DER_UTC_TIME, ""},
		{DER_GENERALIZED_TIME, "20501121120000.5Z"},
		{DER_GENERALIZED_TIME, "205011211200Z"},
		{DER_GENERALIZED_TIME, "21000229000000Z"},
		{DER_OCTET_STRING, "261121120000Z"},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		BUF(b, 100);
		struct cursor c;
		int64_t ms;

		der_put(&b, rows[i].tag, blob_of(str_c(rows[i].text)));
		c = cursor_of(buf_blob(&b));
		if (der_get_time(&c, &ms))
			fail_msg("%s", rows[i].text);
	}
}

static void
going_over_the_cap_is_said_once_at_the_end(void **state)
{
	BUF(b, 20);
	size_t outer = der_begin(&b, DER_SEQUENCE), inner;
	(void)state;

	for (int i = 0; i < 10; i++)
		der_put_int(&b, 1000 + i);
	inner = der_begin(&b, DER_SEQUENCE);
	der_put_null(&b);
	der_end(&b, inner);
	der_end(&b, outer);
	assert_true(b.over);
	assert_true(b.n <= 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(next_takes_only_strict_der),
		cmocka_unit_test(lengths_are_read_and_written_at_each_width),
		cmocka_unit_test(elements_nest),
		cmocka_unit_test(a_wrong_tag_is_bad_and_an_absent_optional_is_not),
		cmocka_unit_test(integers_are_minimal_and_round),
		cmocka_unit_test(a_magnitude_becomes_a_positive_integer),
		cmocka_unit_test(booleans_are_zero_or_all_ones),
		cmocka_unit_test(oids_go_both_ways),
		cmocka_unit_test(named_bits_lose_their_trailing_zeros),
		cmocka_unit_test(bit_strings_in_whole_octets),
		cmocka_unit_test(times_switch_form_with_the_year_2050),
		cmocka_unit_test(times_in_other_forms_are_refused),
		cmocka_unit_test(going_over_the_cap_is_said_once_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
