/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "base/rand.h"
#include "base/rfc3339.h"

static int64_t
at(const char *text)
{
	int64_t ms = -1;

	assert_true(rfc3339_get(str_c(text), &ms));
	return ms;
}

static void
known_instants_go_both_ways(void **state)
{
	static const struct {
		int64_t ms;
		const char *text;
	} rows[] = {
		{0, "1970-01-01T00:00:00Z"},
		{-1, "1969-12-31T23:59:59.999Z"},
		{951782400000, "2000-02-29T00:00:00Z"},
		{1709164800123, "2024-02-29T00:00:00.123Z"},
		{4107542400000, "2100-03-01T00:00:00Z"},
		{253402300799000, "9999-12-31T23:59:59Z"},
		{-62135596800000, "0001-01-01T00:00:00Z"},
		{1795250894005, "2026-11-21T08:48:14.005Z"},
	};
	char out[RFC3339_MAX];
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_string_equal(rfc3339_put(rows[i].ms, out), rows[i].text);
		assert_true(at(rows[i].text) == rows[i].ms);
	}
}

static void
times_beyond_four_digits_are_written_as_the_nearest(void **state)
{
	char out[RFC3339_MAX];
	struct civil c;
	(void)state;

	assert_string_equal(rfc3339_put(INT64_MIN, out), "0001-01-01T00:00:00Z");
	assert_string_equal(rfc3339_put(INT64_MAX, out), "9999-12-31T23:59:59.999Z");
	civil_of_ms(INT64_MIN, &c);
	assert_true(c.year < -292000000 && c.month >= 1 && c.month <= 12);
}

static void
the_calendar_agrees_with_libc(void **state)
{
	(void)state;
	for (int i = 0; i < 20000; i++) {
		time_t t = (time_t)rand_below(253402300800ULL + 62135596800ULL) - 62135596800LL;
		struct tm tm;
		struct civil c;

		gmtime_r(&t, &tm);
		civil_of_ms(t * 1000, &c);
		assert_int_equal(c.year, tm.tm_year + 1900);
		assert_int_equal(c.month, tm.tm_mon + 1);
		assert_int_equal(c.day, tm.tm_mday);
		assert_int_equal(c.hour * 3600 + c.minute * 60 + c.second,
			tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
		assert_true(civil_to_ms(&c) == t * 1000);
	}
}

static void
offsets_fractions_and_leap_seconds_are_taken(void **state)
{
	(void)state;
	assert_true(at("1985-04-12T23:20:50.52Z") == at("1985-04-12T23:20:50.520Z"));
	assert_true(at("1996-12-19T16:39:57-08:00") == at("1996-12-20T00:39:57Z"));
	assert_true(at("1937-01-01T12:00:27.87+00:20") == at("1937-01-01T11:40:27.870Z"));
	assert_true(at("1990-12-31T23:59:60Z") == at("1991-01-01T00:00:00Z"));
	assert_true(at("2026-01-01t00:00:00z") == at("2026-01-01 00:00:00-00:00"));
	assert_true(at("2026-01-01T00:00:00.9999999999Z") == at("2026-01-01T00:00:00.999Z"));
}

static void
other_forms_are_refused(void **state)
{
	static const char *const bad[] = {"", "2026-01-01", "2026-01-01T00:00:00", "2026-02-29T00:00:00Z",
		"2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
		"2026-01-01T00:00:00.Z", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+0100",
		"2026-01-01T00:00:00Z ", " 2026-01-01T00:00:00Z", "26-01-01T00:00:00Z", "2026-1-1T0:0:0Z",
		"+2026-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ", "2026/01/01T00:00:00Z"};
	int64_t ms = 77;
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(rfc3339_get(str_c(bad[i]), &ms));
	assert_false(rfc3339_get((struct str){"2026-01-01T00:00:00\0", 20}, &ms));
	assert_int_equal(ms, 77);
}

static void
months_are_added_by_the_calendar(void **state)
{
	static const struct {
		const char *from;
		int n;
		const char *to;
	} rows[] = {
		{"2026-01-31T12:00:00Z", 1, "2026-02-28T12:00:00Z"},
		{"2024-01-31T12:00:00Z", 1, "2024-02-29T12:00:00Z"},
		{"2024-02-29T00:00:00.500Z", 12, "2025-02-28T00:00:00.500Z"},
		{"2024-02-29T00:00:00Z", 48, "2028-02-29T00:00:00Z"},
		{"2026-11-21T08:48:14Z", 2, "2027-01-21T08:48:14Z"},
		{"2026-12-31T23:59:59Z", 6, "2027-06-30T23:59:59Z"},
		{"2026-03-31T00:00:00Z", -1, "2026-02-28T00:00:00Z"},
		{"2026-01-15T00:00:00Z", -13, "2024-12-15T00:00:00Z"},
		{"2026-01-15T00:00:00Z", 0, "2026-01-15T00:00:00Z"},
		{"1969-12-31T23:59:59.999Z", 2, "1970-02-28T23:59:59.999Z"},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_true(civil_add_months_ms(at(rows[i].from), rows[i].n) == at(rows[i].to));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_instants_go_both_ways),
		cmocka_unit_test(times_beyond_four_digits_are_written_as_the_nearest),
		cmocka_unit_test(the_calendar_agrees_with_libc),
		cmocka_unit_test(offsets_fractions_and_leap_seconds_are_taken),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(months_are_added_by_the_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
