/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"

static void
a_nul_inside_ends_no_comparison(void **state)
{
	(void)state;
	assert_false(str_eq((struct str){"a\0b", 3}, (struct str){"a\0c", 3}));
	assert_false(str_eq_nocase((struct str){"a\0b", 3}, (struct str){"A\0c", 3}));
	assert_true(str_eq_nocase((struct str){"A\0B", 3}, (struct str){"a\0b", 3}));
	assert_false(str_eq_c((struct str){"a\0", 2}, "a"));
}

static void
only_ascii_letters_lose_their_case(void **state)
{
	(void)state;
	assert_true(str_eq_nocase(STR("Www.EXAMPLE.com"), STR("wWW.example.COM")));
	assert_false(str_eq_nocase(STR("@"), STR("`")));
	assert_false(str_eq_nocase(STR("["), STR("{")));
	assert_false(str_eq_nocase(STR("\xc3\x84"), STR("\xc3\xa4")));
	assert_true(str_eq_nocase(STR(""), (struct str){NULL, 0}));
	assert_false(str_eq_nocase(STR("a"), STR("ab")));
}

static void
order_is_by_bytes_then_length(void **state)
{
	(void)state;
	assert_true(str_cmp(STR("a"), STR("b")) < 0);
	assert_true(str_cmp(STR("ab"), STR("a")) > 0);
	assert_true(str_cmp(STR("a"), STR("a")) == 0);
	assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
	assert_true(str_cmp((struct str){NULL, 0}, STR("")) == 0);
}

static void
pieces_are_cut_found_and_trimmed(void **state)
{
	struct str rest = STR("a,,b"), none = {NULL, 0};
	(void)state;

	assert_true(str_eq_c(str_cut(&rest, ','), "a"));
	assert_true(str_eq_c(str_cut(&rest, ','), ""));
	assert_non_null(rest.p);
	assert_true(str_eq_c(str_cut(&rest, ','), "b"));
	assert_null(rest.p);
	assert_null(str_cut(&rest, ',').p);
	assert_true(str_starts(STR("abc"), STR("ab")) && !str_starts(STR("a"), STR("ab")));
	assert_true(str_ends(STR("abc"), STR("bc")) && !str_ends(STR("c"), STR("bc")));
	assert_true(str_starts(none, none) && str_ends(STR("a"), none));
	assert_int_equal(str_find(STR("abcb"), 'b'), 1);
	assert_int_equal(str_find(none, 'b'), -1);
	assert_true(str_eq_c(str_trim(STR(" \t\r\na b\n ")), "a b"));
	assert_int_equal(str_trim(STR(" \n ")).n, 0);
}

static void
numbers_are_plain_decimals(void **state)
{
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "01", "00", "0x1", "1e3", "1.0",
		"18446744073709551616", "99999999999999999999", "184467440737095516150", "1_0"};
	uint64_t v = 77;
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(str_u64(str_c(bad[i]), UINT64_MAX, &v));
	assert_false(str_u64(STR("9007199254740992"), ID_MAX, &v));
	assert_int_equal(v, 77);
	assert_true(str_u64(STR("9007199254740991"), ID_MAX, &v) && v == ID_MAX);
	assert_true(str_u64(STR("18446744073709551615"), UINT64_MAX, &v) && v == UINT64_MAX);
	assert_true(str_u64(STR("0"), 0, &v) && v == 0);
	assert_false(str_u64((struct str){"1\0", 2}, 100, &v));
}

static void
secrets_are_compared_in_full(void **state)
{
	(void)state;
	assert_true(blob_eq_secret(BLOB("abc", 3), BLOB("abc", 3)));
	assert_false(blob_eq_secret(BLOB("abc", 3), BLOB("abd", 3)));
	assert_false(blob_eq_secret(BLOB("abc", 3), BLOB("Abc", 3)));
	assert_false(blob_eq_secret(BLOB("abc", 3), BLOB("ab", 2)));
	assert_true(blob_eq_secret(BLOB(NULL, 0), BLOB("", 0)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_nul_inside_ends_no_comparison),
		cmocka_unit_test(only_ascii_letters_lose_their_case),
		cmocka_unit_test(order_is_by_bytes_then_length),
		cmocka_unit_test(pieces_are_cut_found_and_trimmed),
		cmocka_unit_test(numbers_are_plain_decimals),
		cmocka_unit_test(secrets_are_compared_in_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
