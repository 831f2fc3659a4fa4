/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "base/map.h"
#include "base/rand.h"

#define N 3000

static struct blob
key_of(unsigned i, char text[16])
{
	snprintf(text, 16, "key-%u", i);
	return blob_of(str_c(text));
}

static void
what_was_put_is_found_replaced_and_deleted(void **state)
{
	struct map m;
	int one = 1, two = 2;
	(void)state;

	map_init(&m);
	assert_null(map_get(&m, BLOB("a", 1)));
	assert_null(map_del(&m, BLOB("a", 1)));
	assert_null(map_put(&m, BLOB("a", 1), &one));
	assert_null(map_put(&m, BLOB("", 0), &two));
	assert_null(map_put(&m, BLOB("a\0", 2), &two));
	assert_ptr_equal(map_get(&m, BLOB("a", 1)), &one);
	assert_ptr_equal(map_put(&m, BLOB("a", 1), &two), &one);
	assert_int_equal(m.n, 3);
	assert_ptr_equal(map_del(&m, BLOB("a", 1)), &two);
	assert_null(map_get(&m, BLOB("a", 1)));
	assert_ptr_equal(map_get(&m, BLOB("", 0)), &two);
	map_done(&m);
}

/* Deleting closes holes in runs of colliding keys: compare with a plain array over many random steps. */
static void
it_agrees_with_an_array_over_random_steps(void **state)
{
	static void *there[N];
	struct map m;
	size_t it = 0, seen = 0, n = 0;
	struct blob key;
	void *value;
	char text[16];
	(void)state;

	map_init(&m);
	for (int step = 0; step < 20 * N; step++) {
		unsigned i = (unsigned)rand_below(N);
		struct blob k = key_of(i, text);

		if (rand_below(2)) {
			assert_ptr_equal(map_put(&m, k, &there[i]), there[i]);
			n += !there[i];
			there[i] = &there[i];
		} else {
			assert_ptr_equal(map_del(&m, k), there[i]);
			n -= !!there[i];
			there[i] = NULL;
		}
		assert_int_equal(m.n, n);
	}
	for (unsigned i = 0; i < N; i++)
		assert_ptr_equal(map_get(&m, key_of(i, text)), there[i]);
	while (map_next(&m, &it, &key, &value)) {
		size_t i = (size_t)((void **)value - there);

		assert_true(blob_eq(key, key_of((unsigned)i, text)) && there[i]);
		seen++;
	}
	assert_int_equal(seen, n);
	map_done(&m);
}

static void
two_maps_hash_differently(void **state)
{
	struct map a, b;
	(void)state;

	map_init(&a);
	map_init(&b);
	assert_true(a.k0 != b.k0 && a.k1 != b.k1);
	map_done(&a);
	map_done(&b);
}

static void
random_numbers_stay_below_their_bound_and_reach_all(void **state)
{
	unsigned seen[7] = {0};
	(void)state;

	for (int i = 0; i < 1000; i++)
		seen[rand_below(7)]++;
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 70, 230); /* 143 expected; six sigma away is no chance */
	assert_int_equal(rand_below(1), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_is_found_replaced_and_deleted),
		cmocka_unit_test(it_agrees_with_an_array_over_random_steps),
		cmocka_unit_test(two_maps_hash_differently),
		cmocka_unit_test(random_numbers_stay_below_their_bound_and_reach_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
