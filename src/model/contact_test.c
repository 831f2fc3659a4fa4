/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/contact.h"

static void
an_email_address_has_its_form(void **state)
{
	static const char *const good[] = {"a@example.com", "li.wei+x@mail.example.cn", "\xe6\x9d\x8e@\xe4\xbe\x8b.cn", NULL};
	static const char *const bad[] = {"", "a", "@example.com", "a@", "a@b", "a b@example.com", "a@example..com",
		"a@-example.com", ".a@example.com", "a.@example.com", "a..b@example.com", "a@b@example.com", "a@exam_ple.com",
		"\"a\"@example.com", "a@example.com.", "a@[192.0.2.1]", NULL};

	(void)state;
	for (size_t i = 0; good[i]; i++)
		if (!email_ok(str_c(good[i])))
			fail_msg("%s", good[i]);
	for (size_t i = 0; bad[i]; i++)
		if (email_ok(str_c(bad[i])))
			fail_msg("%s", bad[i]);
}

static void
a_phone_number_has_digits(void **state)
{
	static const char *const good[] = {"110", "+86 10 5555 0000", "(021) 555-0000", "021.555.0000", NULL};
	static const char *const bad[] = {"", "12", "+", "call me", "86+10", "123456789012345678901", "555x1", NULL};

	(void)state;
	for (size_t i = 0; good[i]; i++)
		if (!phone_ok(str_c(good[i])))
			fail_msg("%s", good[i]);
	for (size_t i = 0; bad[i]; i++)
		if (phone_ok(str_c(bad[i])))
			fail_msg("%s", bad[i]);
}

static void
free_mail_is_known_by_its_domain_and_what_stands_below(void **state)
{
	(void)state;
	assert_true(email_is_free(STR("a@gmail.com")));
	assert_true(email_is_free(STR("a@QQ.com")));
	assert_true(email_is_free(STR("a@mail.yahoo.co.jp")));
	assert_false(email_is_free(STR("a@example.com")));
	assert_false(email_is_free(STR("gmail.com@example.com")));
	assert_false(email_is_free(STR("a@notgmail.com")));
	assert_false(email_is_free(STR("gmail.com")));
}

static void
all_faults_of_a_contact_are_told_with_their_fields(void **state)
{
	struct contact c = {STR("  "), STR("nobody"), STR("")};
	ERR(e);

	(void)state;
	contact_check(&c, "contact.", &e);
	assert_int_equal(err_faults(&e), E_SEVERAL_FAULTS);
	assert_int_equal(e.n_causes, 3);
	assert_string_equal(e.causes[0].field, "contact.name");
	assert_int_equal(e.causes[0].code, E_CONTACT_MISSING);
	assert_string_equal(e.causes[1].field, "contact.email");
	assert_int_equal(e.causes[1].code, E_FIELD_FORM);
	assert_string_equal(e.causes[2].field, "contact.phone");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_email_address_has_its_form),
		cmocka_unit_test(a_phone_number_has_digits),
		cmocka_unit_test(free_mail_is_known_by_its_domain_and_what_stands_below),
		cmocka_unit_test(all_faults_of_a_contact_are_told_with_their_fields),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
