/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/rfc3339.h"
#include "ca/policy.h"

static int64_t
day(const char *s)
{
	int64_t ms;

	assert_true(rfc3339_get(str_c(s), &ms));
	return ms;
}

static void
an_own_value_counts_from_its_day_and_never_loosens_the_schedule(void **state)
{
	int64_t then = day("2026-11-01T00:00:00Z");
	struct policy_own rows[] = {
		{"leaf-validity-max", then, 150 * MS_DAY}, {"leaf-validity-max", then + 10 * MS_DAY, 120 * MS_DAY}};

	(void)state;
	policy_use(rows, 2);
	assert_int_equal(policy_value("leaf-validity-max", then - 1), 200 * MS_DAY);
	assert_int_equal(policy_value("leaf-validity-max", then), 150 * MS_DAY);
	assert_int_equal(policy_value("leaf-validity-max", then + 11 * MS_DAY), 120 * MS_DAY);
	assert_int_equal(policy_value("leaf-validity", then), 199 * MS_DAY);
	/* SC-081v3 goes below it */
	assert_int_equal(policy_value("leaf-validity-max", day("2027-03-15T00:00:00Z")), 100 * MS_DAY);
	policy_use(NULL, 0);
	assert_int_equal(policy_value("leaf-validity-max", then), 200 * MS_DAY);
}

static void
an_own_value_may_raise_what_may_only_be_raised(void **state)
{
	struct policy_own row = {"issuing-timeout", 0, 12 * MS_HOUR};

	(void)state;
	policy_use(&row, 1);
	assert_int_equal(policy_value("issuing-timeout", MS_DAY), 24 * MS_HOUR);
	row.value = 48 * MS_HOUR;
	policy_use(&row, 1);
	assert_int_equal(policy_value("issuing-timeout", MS_DAY), 48 * MS_HOUR);
	policy_use(NULL, 0);
}

static void
what_the_signer_holds_too_cannot_be_changed(void **state)
{
	struct policy_own row = {"recovery-window", 0, MS_DAY * 30};

	(void)state;
	assert_null(policy_bounds(STR("recovery-window")));
	assert_null(policy_bounds(STR("clock-tolerance")));
	assert_null(policy_bounds(STR("ca-root-validity-max")));
	policy_use(&row, 1);
	assert_int_equal(policy_value("recovery-window", MS_DAY), MS_DAY);
	policy_use(NULL, 0);
}

static void
values_are_written_with_their_unit(void **state)
{
	static const struct {
		const char *row, *text;
		int64_t value; /* -1: refused */
	} table[] = {{"bill-timeout", "90 d", 90 * MS_DAY}, {"bill-timeout", "36h", 36 * MS_HOUR},
		{"bill-timeout", " 5 min ", 5 * MS_MINUTE}, {"bill-timeout", "0 s", 0}, {"bill-timeout", "90", -1},
		{"bill-timeout", "90 days", -1}, {"bill-timeout", "-1 d", -1}, {"bill-timeout", "1.5 d", -1},
		{"bill-timeout", "", -1}, {"bill-timeout", "d", -1}, {"bill-timeout", "99999999999 d", -1},
		{"window-of-use", "6 months", 6}, {"window-of-use", "6", -1}, {"window-of-use", "6 d", -1},
		{"sign-in-tries", "3", 3}, {"sign-in-tries", "3 d", -1}};
	ARENA(a);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const struct policy_row *row = policy_scheduled(str_c(table[i].row), 0);
		int64_t value = -1, again;

		if (!policy_read(str_c(table[i].text), row, &value))
			value = -1;
		if (value != table[i].value)
			fail_msg("%s = \"%s\": %lld", table[i].row, table[i].text, (long long)value);
		if (value >= 0) {
			assert_true(policy_read(policy_text(&a, value, row), row, &again));
			assert_int_equal(again, value);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_own_value_counts_from_its_day_and_never_loosens_the_schedule),
		cmocka_unit_test(an_own_value_may_raise_what_may_only_be_raised),
		cmocka_unit_test(what_the_signer_holds_too_cannot_be_changed),
		cmocka_unit_test(values_are_written_with_their_unit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
