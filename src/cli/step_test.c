/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "cli/cli.h"

static void
told(const char *service, const char *here)
{
	ARENA(a);
	struct str s = out_step(str_c(service), &a);

	if (!str_eq_c(s, here))
		fail_msg("%s\n  becomes  %.*s\n  not      %s", service, STRF(s), here);
}

static void
calls_of_the_api_are_told_as_commands(UNUSED void **state)
{
	told("Submit it: POST /api/v1/applications/2:submit", "Submit it: signet applications submit 2");
	told("Answer the reviewer: GET /api/v1/applications/7/messages, then POST /api/v1/applications/7:message",
		"Answer the reviewer: signet applications messages 7, then signet applications message 7");
	told("elsewhere: POST /api/v1/authorizations/{id}:send_mail", "elsewhere: signet authorizations send-mail {id}");
	told("Download it: GET /api/v1/certificates/9/package?format=nginx", "Download it: signet certificates download 9");
	told("how it was revoked, GET /api/v1/certificates/9", "how it was revoked, signet certificates show 9");
	told("what /api/v1/applications/2 shows, then POST /api/v1/applications/2:verify; it looks",
		"what signet applications show 2 shows, then signet applications verify 2; it looks");
}

static void
a_body_becomes_options(UNUSED void **state)
{
	told("Apply with it: POST /api/v1/applications with \"subscription\": 8",
		"Apply with it: signet apply NAME... --subscription 8");
	told("the next one, POST /api/v1/applications with \"subscription\": 8", "the next one, signet apply --subscription 8");
	told("renew it, POST /api/v1/purchases with \"predecessor\": 3", "renew it, signet renew 3");
}

static void
what_names_no_call_stays(UNUSED void **state)
{
	told("", "");
	told("Wait: the application is being reviewed.", "Wait: the application is being reviewed.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_the_api_are_told_as_commands),
		cmocka_unit_test(a_body_becomes_options),
		cmocka_unit_test(what_names_no_call_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
