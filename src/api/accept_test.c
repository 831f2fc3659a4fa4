/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "api/accept.h"

static const struct {
	const char *one, *two; /* Accept headers */
	bool json, zip;
} table[] = {
	{NULL, NULL, true, true},
	{"", NULL, true, true},
	{"nonsense", NULL, true, true},
	{"*/json", NULL, true, true},
	{"*/*", NULL, true, true},
	{"application/json", NULL, true, false},
	{"Application/JSON; charset=utf-8", NULL, true, false},
	{"application/*", NULL, true, true},
	{"application/zip", NULL, false, true},
	{"text/html", NULL, false, false},
	{"text/html,application/json;q=0.001", NULL, true, false},
	{"text/html", "application/json", true, false},
	{"application/json;q=0", NULL, false, false},
	{"application/json;q=0.000, */*", NULL, false, true},
	{"*/*;q=0", NULL, false, false},
	{"*/*;q=0.1, application/zip; q=0", NULL, true, false},
	{"application/*;q=0, application/json", NULL, true, false},
	{"application/json;v=2;q=0, application/json", NULL, true, false},
	{"text/html, image/*, */*; q=.2", NULL, true, true},
};

static void
the_narrowest_range_says_what_a_client_takes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct http_request rq = {0};

		if (table[i].one)
			rq.headers[rq.n_headers++] = (struct http_header){STR("Accept"), str_c(table[i].one)};
		if (table[i].two)
			rq.headers[rq.n_headers++] = (struct http_header){STR("accept"), str_c(table[i].two)};
		if (accept_takes(&rq, "application/json") != table[i].json ||
			accept_takes(&rq, "application/zip") != table[i].zip)
			fail_msg("Accept: %s", table[i].one);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_narrowest_range_says_what_a_client_takes)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
