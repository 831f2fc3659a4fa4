/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "net/http_server.h"

static void
an_escape_is_decoded_once_and_a_bad_one_refused(void **state)
{
	static const struct {
		const char *in;
		bool plus;
		const char *out; /* NULL: refused */
	} table[] = {
		{"", false, ""},
		{"abc", false, "abc"},
		{"a%20b", false, "a b"},
		{"a+b", false, "a+b"},
		{"a+b", true, "a b"},
		{"a%2Bb", true, "a+b"},
		{"%2f%2F", false, "//"},
		{"%2525", false, "%25"},
		{"%e4%b8%ad", false, "\xe4\xb8\xad"},
		{"%ff", false, "\xff"},
		{"%00", false, NULL},
		{"a%00b", true, NULL},
		{"%", false, NULL},
		{"%4", false, NULL},
		{"%4g", false, NULL},
		{"%+1", false, NULL},
		{"%%41", false, NULL},
	};
	ARENA(a);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct str out = {NULL, 0};
		bool ok = http_decode(&a, str_c(table[i].in), table[i].plus, &out);

		if (ok != (table[i].out != NULL) || (ok && !str_eq_c(out, table[i].out)))
			fail_msg("\"%s\": %s \"%.*s\"", table[i].in, ok ? "read" : "refused", STRF(out));
	}
	assert_false(http_decode(&a, (struct str){"a\0b", 3}, false, &(struct str){NULL, 0}));
}

static void
a_query_parameter_is_found_by_its_decoded_name(void **state)
{
	static const struct {
		const char *query, *name, *value;
	} table[] = {
		{"", "a", NULL},
		{"a=1", "a", "1"},
		{"a=1&b=2", "b", "2"},
		{"ab=1&b=2", "b", "2"},
		{"a", "a", ""},
		{"a=", "a", ""},
		{"a=b=c", "a", "b=c"},
		{"%61=x+y%2B", "a", "x y+"},
		{"a=1&a=2", "a", "1"},
		{"&&a=1", "a", "1"},
		{"a=%zz", "a", NULL},
		{"a=%00", "a", NULL},
		{"%=1&a=2", "a", "2"},
		{"=1", "", "1"},
		{"A=1", "a", NULL},
	};
	ARENA(a);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct http_request rq = {.arena = &a, .query = str_c(table[i].query)};
		struct str v = http_query(&rq, table[i].name);

		if ((v.p != NULL) != (table[i].value != NULL) || (v.p && !str_eq_c(v, table[i].value)))
			fail_msg("%s in \"%s\": \"%.*s\"", table[i].name, table[i].query, STRF(v));
	}
}

static void
a_header_is_found_in_any_case(void **state)
{
	struct http_request rq = {.headers = {{STR("host"), STR("a")}, {STR("X-Y"), STR("")}, {STR("HOST"), STR("b")}},
		.n_headers = 3};

	(void)state;
	assert_true(str_eq_c(http_header(&rq, "Host"), "a"));
	assert_non_null(http_header(&rq, "x-y").p);
	assert_int_equal(http_header(&rq, "x-y").n, 0);
	assert_null(http_header(&rq, "X").p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_escape_is_decoded_once_and_a_bad_one_refused),
		cmocka_unit_test(a_query_parameter_is_found_by_its_decoded_name),
		cmocka_unit_test(a_header_is_found_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
