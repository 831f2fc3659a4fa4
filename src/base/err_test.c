/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>

#include "base/dies_priv.h"
#include "base/err.h"

static void
every_code_has_a_name_a_status_an_exit_code_and_a_hint(void **state)
{
	(void)state;
	for (int i = 1; i <= ERR_CODE_LAST; i++) {
		const struct err_info *info = err_info(-i);

		assert_int_equal(err_by_name(str_c(info->name)), -i);
		assert_in_range(info->http, 400, 599);
		assert_in_range(info->exit, 2, 7);
		assert_true(info->text[0] && info->hint[0]);
		assert_true(info->text[strlen(info->text) - 1] != '.');
	}
	assert_int_equal(err_info(0)->http, 200);
	assert_int_equal(err_by_name(STR("NO_SUCH_CODE")), 0);
	assert_int_equal(err_by_name(STR("OK")), 0);
}

static void
setting_returns_the_code_and_clears_what_was_there(void **state)
{
	ERR(e);
	(void)state;

	assert_int_equal(e.code, 0);
	assert_int_equal(err_field(&e, E_NAME_SYNTAX, "names[0]", "name \"%s\" is odd", "a_b"), E_NAME_SYNTAX);
	err_hint(&e, "Write it otherwise.");
	err_detail(&e, "line %d", 3);
	assert_string_equal(e.field, "names[0]");
	assert_string_equal(err_hint_text(&e), "Write it otherwise.");
	assert_int_equal(err_set(&e, E_NOT_FOUND, "no certificate %d", 9), E_NOT_FOUND);
	assert_string_equal(e.msg, "no certificate 9");
	assert_string_equal(e.field, "");
	assert_string_equal(e.detail, "");
	assert_string_equal(err_hint_text(&e), err_info(E_NOT_FOUND)->hint);
}

static void
an_error_may_be_set_from_its_own_texts(void **state)
{
	ERR(e);
	(void)state;

	err_field(&e, E_IO, "file", "the first message");
	err_field(&e, E_CONFIG, e.field, "again: %s", e.msg);
	assert_string_equal(e.msg, "again: the first message");
	assert_string_equal(e.field, "file");
}

static void
a_full_disk_has_a_code_of_its_own(void **state)
{
	ERR(e);
	(void)state;

	assert_int_equal(err_errno(&e, E_IO, ENOSPC, "write %s", "x"), E_DISK_FULL);
	assert_int_equal(err_errno(&e, E_IO, EDQUOT, "write"), E_DISK_FULL);
	assert_int_equal(err_errno(&e, E_NET, ENOSPC, "send"), E_NET);
	assert_int_equal(err_errno(&e, E_IO, ENOENT, "open \"%s\"", "f"), E_IO);
	assert_string_equal(e.msg, "open \"f\": No such file or directory");
	err_errno(&e, E_IO, 99999, "open");
	assert_string_equal(e.msg, "open: error 99999");
}

static void
context_is_put_before_and_long_texts_are_cut(void **state)
{
	char longest[2 * ERR_TEXT_MAX];
	ERR(e);
	(void)state;

	err_set(&e, E_IO, "cannot read");
	assert_int_equal(err_wrap(&e, "file \"%s\"", "k"), E_IO);
	assert_string_equal(e.msg, "file \"k\": cannot read");
	memset(longest, 'x', sizeof(longest));
	longest[sizeof(longest) - 1] = '\0';
	err_set(&e, E_IO, "%s", longest);
	assert_int_equal(strlen(e.msg), ERR_TEXT_MAX - 1);
	err_wrap(&e, "%s", longest);
	assert_int_equal(strlen(e.msg), ERR_TEXT_MAX - 1);
	err_errno(&e, E_IO, EIO, "%s", longest);
	err_field(&e, E_IO, longest, "x");
	assert_int_equal(strlen(e.field), ERR_FIELD_MAX - 1);
}

static void
faults_are_gathered(void **state)
{
	ERR(e);
	(void)state;

	assert_int_equal(err_faults(&e), 0);
	err_note(&e, E_FIELD_MISSING, "name", "the name is missing");
	assert_int_equal(err_faults(&e), E_FIELD_MISSING);
	assert_string_equal(e.field, "name");
	assert_int_equal(e.n_causes, 0);
	err_clear(&e);
	err_note(&e, E_FIELD_MISSING, "name", "the name is missing");
	err_note(&e, E_FIELD_TYPE, "age", "not a number");
	assert_int_equal(err_faults(&e), E_SEVERAL_FAULTS);
	assert_int_equal(e.n_causes, 2);
	assert_string_equal(e.causes[1].field, "age");
	assert_string_equal(e.msg, "the input has 2 faults");
	err_clear(&e);
	for (int i = 0; i < 2 * ERR_CAUSES_MAX; i++)
		err_note(&e, E_FIELD_TYPE, "f", "fault %d", i);
	assert_int_equal(err_faults(&e), E_SEVERAL_FAULTS);
	assert_true(e.more_causes);
	assert_int_equal(e.n_causes, ERR_CAUSES_MAX);
}

static void
code_zero(void)
{
	ERR(e);

	err_set(&e, 0, "nothing");
}

static void
code_unknown(void)
{
	err_info(-ERR_CODE_LAST - 1);
}

static void
an_unknown_code_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(code_zero));
	assert_true(dies(code_unknown));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_a_name_a_status_an_exit_code_and_a_hint),
		cmocka_unit_test(setting_returns_the_code_and_clears_what_was_there),
		cmocka_unit_test(an_error_may_be_set_from_its_own_texts),
		cmocka_unit_test(a_full_disk_has_a_code_of_its_own),
		cmocka_unit_test(context_is_put_before_and_long_texts_are_cut),
		cmocka_unit_test(faults_are_gathered),
		cmocka_unit_test(an_unknown_code_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
