/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quote.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "base/utf8.h"

static void
what_forges_a_message_is_written_in_hex(void **state UNUSED)
{
	static const struct {
		struct str in;
		const char *out;
	} rows[] = {
		{STR("www.example.com"), "www.example.com"},
		{STR("b\xc3\xbc" "cher"), "b\xc3\xbc" "cher"},
		{STR("a\nb\x7f"), "a\\x0ab\\x7f"},
		{STR("a\0b"), "a\\x00b"},
		{STR("a\xff"), "a\\xff"},
		{STR("say \"hi\\\""), "say \\\"hi\\\\\\\""},
		{STR("\xe2\x80\xaetxt"), "\\xe2\\x80\\xaetxt"}, /* right-to-left override */
	};
	ARENA(a);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(quote_text(rows[i].in, 100, &a).p, rows[i].out);
}

static void
a_long_text_is_cut_between_characters(void **state UNUSED)
{
	ARENA(a);
	char long_text[300];
	struct str q;

	for (size_t i = 0; i < sizeof(long_text); i += 2)
		memcpy(long_text + i, "\xc3\xbc", 2);
	q = quote_text((struct str){long_text, sizeof(long_text)}, 33, &a);
	assert_true(q.n <= 36);
	assert_true(utf8_ok(q));
	assert_true(str_ends(q, STR("...")));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_forges_a_message_is_written_in_hex),
		cmocka_unit_test(a_long_text_is_cut_between_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
