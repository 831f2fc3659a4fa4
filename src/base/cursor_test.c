/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/cursor.h"

static void
what_was_written_is_read(void **state)
{
	static const uint8_t in[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 2, 'h', 'i'};
	struct cursor c = cursor_of(BLOB(in, sizeof(in)));
	(void)state;

	assert_int_equal(cursor_u8(&c), 0x01);
	assert_int_equal(cursor_u16(&c), 0x0203);
	assert_int_equal(cursor_u32(&c), 0x04050607);
	assert_true(cursor_u64(&c) == 0x08090a0b0c0d0e0f);
	assert_true(blob_eq(cursor_blob(&c, 2), BLOB("hi", 2)));
	assert_true(cursor_ok(&c, true));
}

static void
reading_past_the_end_gives_zero_and_stays_bad(void **state)
{
	static const uint8_t in[] = {0xff, 0xff, 0xff};
	struct cursor c = cursor_of(BLOB(in, sizeof(in)));
	(void)state;

	assert_int_equal(cursor_u8(&c), 0xff);
	assert_int_equal(cursor_u32(&c), 0);
	assert_false(cursor_ok(&c, false));
	assert_int_equal(cursor_u8(&c), 0); /* two bytes were left, but nothing is to be had any more */
	assert_int_equal(cursor_left(&c), 0);
	assert_null(cursor_take(&c, 1).p);
}

static void
a_length_over_the_cap_or_the_input_is_bad(void **state)
{
	static const struct {
		uint8_t in[6];
		size_t n, max;
		bool ok;
	} rows[] = {
		{{0, 0, 0, 2, 1, 1}, 6, 2, true},
		{{0, 0, 0, 2, 1, 1}, 6, 1, false},
		{{0, 0, 0, 3, 1, 1}, 6, 100, false},
		{{0, 0, 0, 0, 1, 1}, 4, 0, true},
		{{0, 0, 0, 0, 1, 1}, 3, 9, false},
		{{0xff, 0xff, 0xff, 0xff, 1, 1}, 6, SIZE_MAX, false},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct cursor c = cursor_of(BLOB(rows[i].in, rows[i].n));

		cursor_blob(&c, rows[i].max);
		assert_int_equal(cursor_ok(&c, true), rows[i].ok);
	}
}

static void
rest_that_was_not_read_is_seen(void **state)
{
	struct cursor c = cursor_of(BLOB("ab", 2)), none = cursor_of((struct blob){NULL, 0});
	(void)state;

	cursor_u8(&c);
	assert_true(cursor_ok(&c, false));
	assert_false(cursor_ok(&c, true));
	assert_true(cursor_ok(&none, true));
	cursor_take(&none, 0);
	assert_true(cursor_ok(&none, true));
	cursor_u8(&none);
	assert_false(cursor_ok(&none, false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(reading_past_the_end_gives_zero_and_stays_bad),
		cmocka_unit_test(a_length_over_the_cap_or_the_input_is_bad),
		cmocka_unit_test(rest_that_was_not_read_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
