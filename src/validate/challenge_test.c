/* SPDX-License-Identifier: Apache-2.0 */
#include "validate/validate.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/b64.h"

static void
a_challenge_is_256_random_bits_in_base64url(void **state UNUSED)
{
	ARENA(a);
	char one[CHALLENGE_LEN + 1], other[CHALLENGE_LEN + 1];
	struct blob raw;

	challenge_new(one);
	challenge_new(other);
	assert_int_equal(strlen(one), CHALLENGE_LEN);
	assert_true(b64url_decode(&a, str_c(one), &raw));
	assert_int_equal(raw.n, 32);
	assert_string_not_equal(one, other);
}

static void
only_the_whole_value_is_equal_and_nothing_equals_nothing(void **state UNUSED)
{
	assert_true(challenge_equal(STR("abc"), STR("abc")));
	assert_false(challenge_equal(STR("abc"), STR("abC")));
	assert_false(challenge_equal(STR("abc"), STR("ab")));
	assert_false(challenge_equal(STR("abc"), STR("abcd")));
	assert_false(challenge_equal(STR("abc"), STR(" abc")));
	assert_false(challenge_equal(STR("abc"), (struct str){NULL, 0}));
	assert_false(challenge_equal(STR(""), STR("")));
	assert_false(challenge_equal((struct str){NULL, 0}, (struct str){NULL, 0}));
}

static void
the_cname_target_is_the_digest_in_two_labels(void **state UNUSED)
{
	ARENA(a);

	/* printf abc | sha256sum */
	assert_string_equal(validate_cname_target(STR("abc"), STR("example.com"), &a).p,
		"ba7816bf8f01cfea414140de5dae2223.b00361a396177a9cb410ff61f20015ad.dcv.example.com");
	assert_true(validate_cname_target(STR("ABC"), STR("example.com"), &a).n == 32 + 1 + 32 + 5 + 11);
	assert_string_not_equal(validate_cname_target(STR("ABC"), STR("example.com"), &a).p,
		validate_cname_target(STR("abc"), STR("example.com"), &a).p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_challenge_is_256_random_bits_in_base64url),
		cmocka_unit_test(only_the_whole_value_is_equal_and_nothing_equals_nothing),
		cmocka_unit_test(the_cname_target_is_the_digest_in_two_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
