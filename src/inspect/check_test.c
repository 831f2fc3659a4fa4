/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of the check; what single rows find is held by tests/scenario/test_inspect.py. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "inspect/check_priv.h"

static void
every_fault_of_a_chain_means_something_to_a_check(UNUSED void **state)
{
	/* A fault without a row would read as the first code. */
	for (int i = 0; i < PATH_CODES; i++)
		assert_true((check_code_of((enum path_code)i, 0) == CHECK_FILE) == (i == PATH_UNREADABLE));
	assert_int_equal(check_code_of(PATH_NO_ISSUER, 0), CHECK_INCOMPLETE);
	assert_int_equal(check_code_of(PATH_NO_ISSUER, 1), CHECK_UNTRUSTED);
}

static void
every_finding_has_words_in_both_languages_and_weighs_no_less_to_deploy_than_to_store(UNUSED void **state)
{
	for (int i = 0; i < CHECK_CODES; i++) {
		enum check_code c = (enum check_code)i;

		assert_true(check_word(c)[0] && check_text(c, false)[0] && check_text(c, true)[0]);
		assert_int_equal(!check_cure(c, false), !check_cure(c, true));
		assert_true(check_severity(c, CHECK_STORE) <= check_severity(c, CHECK_DEPLOY));
		assert_true(check_severity(c, CHECK_DEPLOY) <= check_severity(c, CHECK_MAIL));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fault_of_a_chain_means_something_to_a_check),
		cmocka_unit_test(every_finding_has_words_in_both_languages_and_weighs_no_less_to_deploy_than_to_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
