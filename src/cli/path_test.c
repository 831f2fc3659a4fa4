/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/cli.h"

/* Lists and details are rows without code: an option that is no part of the address would be dropped in silence. */
static void
every_option_of_a_list_reaches_the_service(UNUSED void **state)
{
	unsigned n = 0;
	ARENA(a);
	ERR(e);

	for (const struct cmd *const *file = cmd_all; *file; file++) {
		for (const struct cmd *m = *file; m->noun; m++) {
			for (size_t i = 0; (m->run == run_list || m->run == run_show) && i < ARRAY_LEN(m->opts) && m->opts[i].name;
				i++) {
				struct cli c = {.arena = &a, .cmd = m, .args = {"1"}, .n_args = 1,
					.options = {{&m->opts[i], "7"}}, .n_options = 1};
				struct str path;

				assert_int_equal(path_of(&c, &path, &e), 0);
				if (!str_ends(path, STR("=7")) && !str_ends(path, STR("=true")))
					fail_msg("%s %s --%s: %.*s", m->noun, m->verb, m->opts[i].name, STRF(path));
				n++;
			}
		}
	}
	assert_true(n > 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_option_of_a_list_reaches_the_service),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
