/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/limits.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/buf.h"

static const struct limits_file good = {
	.alg = KEY_EC_P256,
	.key_id = {1, 2, 3},
	.spki_sha256 = {4, 5, 6},
	.limits = {.leaves = true, .max_validity_ms = 86400000, .key_usages = 5, .any_name = true},
};

static void
what_is_written_is_read(void **state)
{
	BUF(b, LIMITS_FILE_MAX);
	struct limits_file f;
	ERR(e);

	(void)state;
	limits_write(&good, &b);
	assert_int_equal(limits_read(buf_str(&b), "x", &f, &e), 0);
	assert_true(limits_equal(&f.limits, &good.limits));
	assert_int_equal(f.alg, good.alg);
	assert_memory_equal(f.key_id, good.key_id, sizeof(f.key_id));
	assert_memory_equal(f.spki_sha256, good.spki_sha256, sizeof(f.spki_sha256));
}

static void
no_damaged_text_is_taken(void **state)
{
	BUF(b, LIMITS_FILE_MAX);
	struct limits_file f;
	unsigned taken = 0;
	ERR(e);

	(void)state;
	limits_write(&good, &b);
	for (size_t n = 0; n < b.n; n++)
		assert_true(limits_read((struct str){(char *)b.p, n}, "x", &f, &e) < 0);
	for (size_t i = 0; i < b.n; i++) {
		uint8_t was = b.p[i];

		b.p[i] = '#';
		taken += limits_read(buf_str(&b), "x", &f, &e) == 0;
		b.p[i] = was;
	}
	assert_int_equal(taken, 0);
}

static void
limits_without_sense_are_refused(void **state)
{
	static const struct signer_limits bad[] = {
		{.max_validity_ms = 86400000, .key_usages = 1},
		{.leaves = true, .max_validity_ms = 0, .key_usages = 1},
		{.leaves = true, .max_validity_ms = -1, .key_usages = 1},
		{.leaves = true, .max_validity_ms = INT64_MAX, .key_usages = 1},
		{.leaves = true, .max_validity_ms = 86400000, .key_usages = 0},
		{.leaves = true, .max_validity_ms = 86400000, .key_usages = 1 | KU_CERT_SIGN},
		{.leaves = true, .max_validity_ms = 86400000, .key_usages = KU_CRL_SIGN},
	};
	ERR(e);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(limits_check(&bad[i], &e), E_FIELD_RANGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(no_damaged_text_is_taken),
		cmocka_unit_test(limits_without_sense_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
