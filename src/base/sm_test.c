/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/dies_priv.h"
#include "base/sm.h"

enum { DRAFT, OPEN, SHUT, GONE };

static const struct sm_state states[] = {
	[DRAFT] = {"draft", {{OPEN, SM_USER, "submit"}, {GONE, SM_USER | SM_STAFF, ""}}, NULL, 0},
	[OPEN] = {"open", {{SHUT, SM_SYSTEM, ""}, {DRAFT, SM_STAFF, ""}}, "open.timeout", SHUT},
	[SHUT] = {"shut", {{GONE, SM_STAFF, ""}}, NULL, 0},
	[GONE] = {"gone", {{0}}, NULL, 0},
};
static const struct sm door = {"door", 4, states};

static void
only_listed_moves_by_listed_movers_are_legal(void **state)
{
	ERR(e);
	(void)state;

	for (int from = 0; from < 4; from++) {
		for (int to = 0; to < 4; to++) {
			bool user = (from == DRAFT && (to == OPEN || to == GONE));
			bool staff = (from == DRAFT && to == GONE) || (from == OPEN && to == DRAFT) ||
				(from == SHUT && to == GONE);
			bool sys = from == OPEN && to == SHUT;

			assert_int_equal(sm_legal(&door, from, to, SM_USER), user);
			assert_int_equal(sm_legal(&door, from, to, SM_STAFF), staff);
			assert_int_equal(sm_legal(&door, from, to, SM_SYSTEM), sys);
			assert_int_equal(sm_move(&door, from, to, SM_SYSTEM, &e), sys ? 0 : E_STATE_REFUSED);
		}
	}
}

static void
a_refusal_names_both_states_and_those_that_would_do(void **state)
{
	ERR(e);
	(void)state;

	assert_int_equal(sm_move(&door, OPEN, GONE, SM_STAFF, &e), E_STATE_REFUSED);
	assert_string_equal(e.msg, "the door is open and cannot become gone");
	assert_string_equal(err_hint_text(&e), "This is possible only when it is draft, shut.");
	assert_int_equal(sm_move(&door, GONE, SHUT, SM_USER, &e), E_STATE_REFUSED);
	assert_string_equal(err_hint_text(&e), err_info(E_STATE_REFUSED)->hint);
}

static void
names_go_both_ways(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(sm_by_name(&door, str_c(sm_name(&door, i))), i);
	assert_int_equal(sm_by_name(&door, STR("Draft")), -1);
	assert_int_equal(sm_by_name(&door, STR("")), -1);
}

static void
beyond(void)
{
	sm_name(&door, 4);
}

static void
a_state_outside_the_table_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(beyond));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_listed_moves_by_listed_movers_are_legal),
		cmocka_unit_test(a_refusal_names_both_states_and_those_that_would_do),
		cmocka_unit_test(names_go_both_ways),
		cmocka_unit_test(a_state_outside_the_table_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
