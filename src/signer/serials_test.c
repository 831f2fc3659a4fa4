/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/serials.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/rand.h"

#define NOW (INT64_C(1800000000) * 1000)

static void
one_serial_stands_for_one_certificate(void **state)
{
	struct serials *s = serials_new();
	uint8_t serial[SERIAL_LEN], a[32] = {1}, b[32] = {2};
	ERR(e);

	(void)state;
	serial_new(NOW, serial);
	assert_int_equal(serials_note(s, serial, a, NOW, &e), 0);
	assert_int_equal(serials_note(s, serial, a, NOW, &e), 0);
	assert_int_equal(serials_note(s, serial, b, NOW, &e), E_SERIAL_REUSED);
	serial[SERIAL_LEN - 1] ^= 1;
	assert_int_equal(serials_note(s, serial, b, NOW, &e), 0);
	serials_free(s);
}

static void
what_is_older_than_the_window_is_stale(void **state)
{
	uint8_t serial[SERIAL_LEN];
	ERR(e);

	(void)state;
	serial_new(NOW, serial);
	assert_int_equal(serials_fresh(serial, NOW, &e), 0);
	assert_int_equal(serials_fresh(serial, NOW + 24 * MS_HOUR, &e), 0);
	assert_int_equal(serials_fresh(serial, NOW + 24 * MS_HOUR + 1, &e), E_SERIAL_STALE);
	assert_int_equal(serials_fresh(serial, NOW - 10 * MS_MINUTE, &e), 0);
	assert_int_equal(serials_fresh(serial, NOW - 11 * MS_MINUTE, &e), E_LIMIT_REFUSED);
}

/* As long as a serial may be signed its hash is known, and not for ever. */
static void
serials_are_remembered_for_the_window_and_then_dropped(void **state)
{
	struct serials *s = serials_new();
	uint8_t first[SERIAL_LEN], next[SERIAL_LEN], a[32] = {1}, b[32] = {2};
	ERR(e);

	(void)state;
	serial_new(NOW, first);
	assert_int_equal(serials_note(s, first, a, NOW, &e), 0);
	for (int64_t t = NOW; t <= NOW + 24 * MS_HOUR; t += 10 * MS_MINUTE) {
		serial_new(t, next);
		assert_int_equal(serials_note(s, next, a, t, &e), 0);
		assert_int_equal(serials_note(s, first, b, t, &e), E_SERIAL_REUSED);
	}
	serial_new(NOW + 49 * MS_HOUR, next);
	assert_int_equal(serials_note(s, next, a, NOW + 49 * MS_HOUR, &e), 0);
	assert_int_equal(serials_count(s), 1);
	serials_free(s);
}

static void
a_hundred_thousand_serials_are_all_found(void **state)
{
	enum { N = 100000 };
	struct serials *s = serials_new();
	static uint8_t serial[N][SERIAL_LEN];
	uint8_t hash[32] = {0};
	ERR(e);

	(void)state;
	for (uint32_t i = 0; i < N; i++) {
		serial_new(NOW - (int64_t)rand_below(20 * 3600) * 1000, serial[i]);
		memcpy(hash, &i, sizeof(i));
		assert_int_equal(serials_note(s, serial[i], hash, NOW, &e), 0);
	}
	assert_int_equal(serials_count(s), N);
	for (uint32_t i = 0; i < N; i++) {
		memcpy(hash, &i, sizeof(i));
		assert_int_equal(serials_note(s, serial[i], hash, NOW, &e), 0);
		hash[31] = 1;
		assert_int_equal(serials_note(s, serial[i], hash, NOW, &e), E_SERIAL_REUSED);
		hash[31] = 0;
	}
	serials_free(s);
}

static struct serials *shared;
static uint8_t raced[64][SERIAL_LEN];
static atomic_uint won;

static void *
race(void *arg)
{
	uint8_t hash[32] = {(uint8_t)(uintptr_t)arg};

	for (size_t i = 0; i < ARRAY_LEN(raced); i++) {
		ERR(e);

		if (serials_note(shared, raced[i], hash, NOW, &e) == 0)
			atomic_fetch_add(&won, 1);
	}
	return NULL;
}

static void
of_racing_certificates_one_gets_the_serial(void **state)
{
	pthread_t t[8];

	(void)state;
	shared = serials_new();
	for (size_t i = 0; i < ARRAY_LEN(raced); i++)
		serial_new(NOW, raced[i]);
	for (uintptr_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, race, (void *)(i + 1)), 0);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		pthread_join(t[i], NULL);
	assert_int_equal(atomic_load(&won), ARRAY_LEN(raced));
	serials_free(shared);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_serial_stands_for_one_certificate),
		cmocka_unit_test(what_is_older_than_the_window_is_stale),
		cmocka_unit_test(serials_are_remembered_for_the_window_and_then_dropped),
		cmocka_unit_test(a_hundred_thousand_serials_are_all_found),
		cmocka_unit_test(of_racing_certificates_one_gets_the_serial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
