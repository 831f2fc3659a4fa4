/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/arena.h"
#include "base/dies_priv.h"

static void
memory_is_zeroed_aligned_and_never_null(void **state)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 4095, 4096, 4097, 300000};
	ARENA(a);
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t *p = arena_alloc(&a, sizes[i]);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(p[k], 0);
		if (sizes[i])
			memset(p, 0xff, sizes[i]);
	}
}

static void
pieces_do_not_overlap(void **state)
{
	ARENA(a);
	uint32_t *p[500];
	(void)state;

	for (uint32_t i = 0; i < ARRAY_LEN(p); i++) {
		p[i] = arena_new_n(&a, i % 7 + 1, uint32_t);
		for (uint32_t k = 0; k <= i % 7; k++)
			p[i][k] = i;
	}
	for (uint32_t i = 0; i < ARRAY_LEN(p); i++)
		for (uint32_t k = 0; k <= i % 7; k++)
			assert_int_equal(p[i][k], i);
}

static void
copies_end_with_nul_and_none_stays_none(void **state)
{
	ARENA(a);
	struct str s = arena_str(&a, (struct str){"abcdef", 3});
	(void)state;

	assert_string_equal(s.p, "abc");
	assert_int_equal(s.n, 3);
	assert_string_equal(arena_cstr(&a, (struct str){"abcdef", 2}), "ab");
	assert_string_equal(arena_cstr(&a, (struct str){NULL, 0}), "");
	assert_null(arena_str(&a, (struct str){NULL, 0}).p);
	assert_null(arena_blob(&a, (struct blob){NULL, 0}).p);
	s = arena_printf(&a, "%s-%d", "x", 42);
	assert_string_equal(s.p, "x-42");
	assert_int_equal(s.n, 4);
}

static int order[3], n_order;

static void
note(void *p)
{
	order[n_order++] = *(int *)p;
}

static void
deferred_functions_run_once_newest_first_while_the_memory_stands(void **state)
{
	struct arena a;
	(void)state;

	n_order = 0;
	arena_init(&a, 0);
	for (int i = 1; i <= 3; i++)
		arena_defer(&a, note, arena_copy(&a, &i, sizeof(i)));
	arena_done(&a);
	assert_int_equal(n_order, 3);
	assert_int_equal(order[0], 3);
	assert_int_equal(order[2], 1);
	arena_done(&a);
	assert_int_equal(n_order, 3);
	assert_non_null(arena_alloc(&a, 1));
	arena_done(&a);
}

static void
over_the_limit(void)
{
	struct arena a;

	arena_init(&a, 1024);
	arena_alloc(&a, 1000);
	arena_alloc(&a, 100);
}

static void
array_overflow(void)
{
	ARENA(a);

	arena_array(&a, SIZE_MAX / 2, 3);
}

static void
going_over_the_limit_is_a_bug(void **state)
{
	ARENA(a);
	(void)state;

	arena_init(&a, 1024);
	arena_alloc(&a, 1000);
	assert_true(dies(over_the_limit));
	assert_true(dies(array_overflow));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_never_null),
		cmocka_unit_test(pieces_do_not_overlap),
		cmocka_unit_test(copies_end_with_nul_and_none_stays_none),
		cmocka_unit_test(deferred_functions_run_once_newest_first_while_the_memory_stands),
		cmocka_unit_test(going_over_the_limit_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
