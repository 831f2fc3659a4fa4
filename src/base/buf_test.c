/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/dies_priv.h"

static void
numbers_are_big_endian(void **state)
{
	BUF(b, 64);
	(void)state;

	buf_put_u8(&b, 0x01);
	buf_put_u16(&b, 0x0203);
	buf_put_u32(&b, 0x04050607);
	buf_put_u64(&b, 0x08090a0b0c0d0e0f);
	assert_int_equal(b.n, 15);
	for (uint8_t i = 0; i < 15; i++)
		assert_int_equal(b.p[i], i + 1);
}

static void
the_cap_is_reached_but_not_passed(void **state)
{
	BUF(b, 8);
	(void)state;

	buf_put_c(&b, "12345678");
	assert_false(b.over);
	assert_int_equal(b.n, 8);
	buf_put_c(&b, "");
	assert_false(b.over);
	buf_put_u8(&b, '9');
	assert_true(b.over);
	assert_int_equal(b.n, 8);
	buf_clear(&b);
	assert_false(b.over);
	buf_printf(&b, "%s", "abcdefgh");
	assert_false(b.over);
	assert_true(str_eq_c(buf_str(&b), "abcdefgh"));
}

static void
what_comes_after_the_first_drop_is_dropped_too(void **state)
{
	BUF(b, 4);
	(void)state;

	buf_put_c(&b, "ab");
	buf_put_c(&b, "cdefg");
	buf_put_c(&b, "x");
	buf_printf(&b, "%d", 1);
	assert_true(b.over);
	assert_true(str_eq_c(buf_str(&b), "ab"));
	assert_null(buf_reserve(&b, 1));
	assert_null(buf_reserve(&b, SIZE_MAX));
}

static void
it_grows_and_keeps_its_bytes(void **state)
{
	BUF(b, 1 << 20);
	(void)state;

	assert_null(b.p);
	for (uint32_t i = 0; i < 10000; i++)
		buf_put_u32(&b, i);
	assert_false(b.over);
	assert_int_equal(b.n, 40000);
	for (uint32_t i = 0; i < 10000; i++)
		assert_int_equal(b.p[4 * i + 2] << 8 | b.p[4 * i + 3], i & 0xffff);
	buf_done(&b);
	assert_int_equal(b.max, 1 << 20);
	buf_put_str(&b, STR("again"));
	assert_int_equal(b.n, 5);
}

static void
reserved_room_counts_when_added(void **state)
{
	BUF(b, 100);
	uint8_t *p = buf_reserve(&b, 10);
	(void)state;

	memcpy(p, "0123456789", 10);
	assert_int_equal(b.n, 0);
	buf_added(&b, 10);
	buf_put_blob(&b, BLOB("ab", 2));
	assert_true(str_eq_c(buf_str(&b), "0123456789ab"));
	buf_done_secret(&b);
	assert_null(b.p);
}

static void
added_more_than_reserved(void)
{
	BUF(b, 100);

	buf_reserve(&b, 1);
	buf_added(&b, 1000);
}

static void
adding_more_than_there_is_room_for_is_a_bug(void **state)
{
	(void)state;
	assert_true(dies(added_more_than_reserved));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_big_endian),
		cmocka_unit_test(the_cap_is_reached_but_not_passed),
		cmocka_unit_test(what_comes_after_the_first_drop_is_dropped_too),
		cmocka_unit_test(it_grows_and_keeps_its_bytes),
		cmocka_unit_test(reserved_room_counts_when_added),
		cmocka_unit_test(adding_more_than_there_is_room_for_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
