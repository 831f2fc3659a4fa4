/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/b64.h"
#include "base/hex.h"
#include "base/rand.h"
#include "base/utf8.h"

static void
base64_follows_the_vectors_of_rfc_4648(void **state)
{
	static const struct {
		const char *text, *std, *url;
	} rows[] = {{"", "", ""}, {"f", "Zg==", "Zg"}, {"fo", "Zm8=", "Zm8"}, {"foo", "Zm9v", "Zm9v"},
		{"foob", "Zm9vYg==", "Zm9vYg"}, {"fooba", "Zm9vYmE=", "Zm9vYmE"},
		{"foobar", "Zm9vYmFy", "Zm9vYmFy"}, {"\xfb\xff\xfe", "+//+", "-__-"}};
	ARENA(a);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct blob in = blob_of(str_c(rows[i].text)), out;

		assert_true(str_eq_c(b64_encode(&a, in), rows[i].std));
		assert_true(str_eq_c(b64url_encode(&a, in), rows[i].url));
		assert_true(b64_decode(&a, str_c(rows[i].std), &out) && blob_eq(in, out));
		assert_true(b64url_decode(&a, str_c(rows[i].url), &out) && blob_eq(in, out));
	}
}

static void
base64_decoding_is_strict(void **state)
{
	static const char *const std[] = {"Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zh==", "Zm9=", "Zg==Zg==",
		"Zm 9", "Zm9v\n", "Zm-_", "Z\xc3\xa4=", "=Zm9"};
	static const char *const url[] = {"Zg==", "Z", "Zh", "Zm9vY", "Zm+/", "Zm9 "};
	ARENA(a);
	struct blob out = {NULL, 77};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(std); i++)
		assert_false(b64_decode(&a, str_c(std[i]), &out));
	for (size_t i = 0; i < ARRAY_LEN(url); i++)
		assert_false(b64url_decode(&a, str_c(url[i]), &out));
	assert_false(b64_decode(&a, (struct str){"Zm\0v", 4}, &out));
	assert_int_equal(out.n, 77);
}

static void
random_bytes_come_back(void **state)
{
	uint8_t in[70];
	(void)state;

	for (size_t n = 0; n <= sizeof(in); n++) {
		ARENA(a);
		struct blob b = BLOB(in, n), out;

		rand_bytes(in, n);
		assert_true(b64_decode(&a, b64_encode(&a, b), &out) && blob_eq(b, out));
		assert_true(b64url_decode(&a, b64url_encode(&a, b), &out) && blob_eq(b, out));
		assert_true(hex_decode(&a, hex_encode(&a, b), &out) && blob_eq(b, out));
	}
}

static void
hex_takes_both_cases_and_nothing_else(void **state)
{
	static const char *const bad[] = {"0", "0g", "0x", " 00", "00 ", "-1", "0:"};
	ARENA(a);
	struct blob out;
	(void)state;

	assert_true(hex_decode(&a, STR("00aAfF9"  "0"), &out));
	assert_true(blob_eq(out, BLOB("\x00\xaa\xff\x90", 4)));
	assert_true(str_eq_c(hex_encode(&a, out), "00aaff90"));
	assert_true(hex_decode(&a, STR(""), &out) && out.n == 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(hex_decode(&a, str_c(bad[i]), &out));
}

static void
utf8_refuses_what_the_standard_refuses(void **state)
{
	static const struct {
		struct str s;
		bool ok;
	} rows[] = {
		{{"", 0}, true},
		{{"a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80", 10}, true},
		{{"\xef\xbf\xbf", 3}, true}, /* U+FFFF is a noncharacter, but well formed */
		{{"\xf4\x8f\xbf\xbf", 4}, true},
		{{"a\0b", 3}, false},
		{{"\x80", 1}, false},
		{{"\xc0\x80", 2}, false},
		{{"\xc1\xbf", 2}, false},
		{{"\xe0\x9f\xbf", 3}, false},
		{{"\xf0\x8f\xbf\xbf", 4}, false},
		{{"\xed\xa0\x80", 3}, false}, /* a surrogate */
		{{"\xf4\x90\x80\x80", 4}, false}, /* above U+10FFFF */
		{{"\xf5\x80\x80\x80", 4}, false},
		{{"\xff", 1}, false},
		{{"\xe2\x82", 2}, false},
		{{"\xe2\x82\xacx\xc3", 5}, false},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(utf8_ok(rows[i].s), rows[i].ok);
	assert_int_equal(utf8_len(rows[1].s), 4);
}

static void
printable_text_has_no_control_characters(void **state)
{
	(void)state;
	assert_true(utf8_printable(STR("\xe4\xbd\xa0\xe5\xa5\xbd, world"), false));
	assert_false(utf8_printable(STR("a\nb"), false));
	assert_true(utf8_printable(STR("a\nb\tc"), true));
	assert_false(utf8_printable(STR("\x1b[0m"), true));
	assert_false(utf8_printable(STR("\x7f"), true));
	assert_false(utf8_printable(STR("\xc2\x9b"), true)); /* U+009B opens a terminal's control sequence */
	assert_false(utf8_printable((struct str){"a\0", 2}, true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_follows_the_vectors_of_rfc_4648),
		cmocka_unit_test(base64_decoding_is_strict),
		cmocka_unit_test(random_bytes_come_back),
		cmocka_unit_test(hex_takes_both_cases_and_nothing_else),
		cmocka_unit_test(utf8_refuses_what_the_standard_refuses),
		cmocka_unit_test(printable_text_has_no_control_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
