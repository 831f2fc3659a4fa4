/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/dies_priv.h"
#include "base/jsonw.h"

static void
commas_and_nesting_are_its_care(void **state)
{
	BUF(b, 1000);
	struct jsonw w;
	(void)state;

	jsonw_init(&w, &b);
	jsonw_object(&w);
	jsonw_kv_c(&w, "a", "x");
	jsonw_kv_int(&w, "n", INT64_MIN);
	jsonw_key(&w, "list");
	jsonw_array(&w);
	jsonw_int(&w, 1);
	jsonw_object(&w);
	jsonw_object_end(&w);
	jsonw_array(&w);
	jsonw_array_end(&w);
	jsonw_bool(&w, false);
	jsonw_null(&w);
	jsonw_raw(&w, STR("{\"r\":1}"));
	jsonw_array_end(&w);
	jsonw_kv_bool(&w, "yes", true);
	jsonw_kv_time(&w, "t", 0);
	jsonw_kv_time(&w, "u", 1000);
	jsonw_kv_hex(&w, "h", BLOB("\x00\xff", 2));
	jsonw_kv_str(&w, "none", (struct str){NULL, 0});
	jsonw_object_end(&w);
	assert_true(str_eq_c(buf_str(&b),
		"{\"a\":\"x\",\"n\":-9223372036854775808,\"list\":[1,{},[],false,null,{\"r\":1}],"
		"\"yes\":true,\"t\":null,\"u\":\"1970-01-01T00:00:01Z\",\"h\":\"00ff\",\"none\":null}"));
}

static void
texts_are_escaped_and_bad_bytes_replaced(void **state)
{
	static const struct {
		struct str in;
		const char *out;
	} rows[] = {
		{{"", 0}, "\"\""},
		{{"\"\\/", 3}, "\"\\\"\\\\/\""},
		{{"a\nb\r\t\0\x1f\x7f", 8}, "\"a\\nb\\u000d\\u0009\\u0000\\u001f\\u007f\""},
		{{"\xe4\xbd\xa0", 3}, "\"\xe4\xbd\xa0\""},
		{{"a\xff\xfe"  "b", 4}, "\"a\xef\xbf\xbd\xef\xbf\xbd" "b\""},
		{{"\xe4\xbd", 2}, "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		BUF(b, 1000);
		struct jsonw w;

		jsonw_init(&w, &b);
		jsonw_str(&w, rows[i].in);
		assert_true(str_eq_c(buf_str(&b), rows[i].out));
	}
}

#define BAD(name, ...)                                                                             \
	static void name(void)                                                                     \
	{                                                                                          \
		BUF(b, 1000);                                                                      \
		struct jsonw w;                                                                    \
                                                                                                   \
		jsonw_init(&w, &b);                                                                \
		__VA_ARGS__;                                                                       \
	}
BAD(key_outside, jsonw_key(&w, "a"))
BAD(key_in_array, jsonw_array(&w); jsonw_key(&w, "a"))
BAD(key_twice, jsonw_object(&w); jsonw_key(&w, "a"); jsonw_key(&w, "b"))
BAD(member_without_key, jsonw_object(&w); jsonw_int(&w, 1))
BAD(key_without_value, jsonw_object(&w); jsonw_key(&w, "a"); jsonw_object_end(&w))
BAD(closed_crosswise, jsonw_object(&w); jsonw_array_end(&w))
BAD(closed_too_often, jsonw_object(&w); jsonw_object_end(&w); jsonw_object_end(&w))
BAD(too_deep, for (int i = 0; i <= JSONW_DEPTH; i++) jsonw_array(&w))

static void
wrong_nesting_is_a_bug(void **state)
{
	static void (*const bad[])(void) = {key_outside, key_in_array, key_twice, member_without_key,
		key_without_value, closed_crosswise, closed_too_often, too_deep};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_true(dies(bad[i]));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commas_and_nesting_are_its_care),
		cmocka_unit_test(texts_are_escaped_and_bad_bytes_replaced),
		cmocka_unit_test(wrong_nesting_is_a_bug),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
