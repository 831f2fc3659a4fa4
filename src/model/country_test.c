/* SPDX-License-Identifier: Apache-2.0 */
#include "model/country.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void
assigned_codes_are_countries(void **state UNUSED)
{
	static const char *const good[] = {"CN", "AD", "ZW", "DE", "US", "GB", "TW", "HK", "MO", "SS", "AX", "BQ"};

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		assert_true(country_ok(str_c(good[i])));
}

static void
other_letters_are_none(void **state UNUSED)
{
	static const char *const bad[] = {"", "C", "CHN", "cn", "Cn", "UK", "EU", "XX", "XK", "AN", "SU", "YU", "ZZ", "C1", "NA "};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(country_ok(str_c(bad[i])));
}

/* A pair that begins in the middle of two codes of the table is none. */
static void
there_are_249(void **state UNUSED)
{
	unsigned n = 0;

	for (char a = 'A'; a <= 'Z'; a++) {
		for (char b = 'A'; b <= 'Z'; b++)
			n += country_ok((struct str){(char[]){a, b}, 2});
	}
	assert_int_equal(n, 249);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(assigned_codes_are_countries),
		cmocka_unit_test(other_letters_are_none),
		cmocka_unit_test(there_are_249),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
