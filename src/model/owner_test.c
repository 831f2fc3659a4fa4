/* SPDX-License-Identifier: Apache-2.0 */
#include "model/owner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void
numbers_are_compared_without_what_people_set_as_they_like(void **state UNUSED)
{
	static const struct {
		const char *typed, *norm;
	} rows[] = {
		{"91310000MA1FL0000X", "91310000MA1FL0000X"}, {"91310000ma1fl0000x", "91310000MA1FL0000X"},
		{" 9131 0000-MA1F/L0000.X ", "91310000MA1FL0000X"}, {"(\uff19\uff11)\uff2d\uff41", "91MA"},
		{"\u6d59B2-20080101", "\u6d59B220080101"}, {"\u6d59\u3000b2\u201020080101", "\u6d59B220080101"},
		{"91\u00a0131\u00ad0", "911310"}, {"- -", ""}, {"", ""}, {"\u3000", ""},
	};
	ARENA(a);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str got = owner_number_norm(&a, str_c(rows[i].typed));

		if (!str_eq_c(got, rows[i].norm))
			fail_msg("%s: \"%.*s\", not \"%s\"", rows[i].typed, STRF(got), rows[i].norm);
	}
}

static void
all_faults_of_an_owner_are_told_at_once(void **state UNUSED)
{
	ARENA(a);
	ERR(e);
	struct owner nothing = {.kind = OWNER_INDIVIDUAL}, dashes = {.name = STR("--"), .number = STR("---")};
	struct owner good = {.kind = OWNER_ENTERPRISE, .name = STR("Acme Ltd"), .number = STR("91-123")};

	owner_check(&nothing, &a, &e);
	assert_int_equal(err_faults(&e), E_SEVERAL_FAULTS);
	err_clear(&e);
	owner_check(&dashes, &a, &e);
	assert_int_equal(err_faults(&e), E_SEVERAL_FAULTS);
	err_clear(&e);
	owner_check(&good, &a, &e);
	assert_int_equal(err_faults(&e), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_compared_without_what_people_set_as_they_like),
		cmocka_unit_test(all_faults_of_an_owner_are_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
