/* SPDX-License-Identifier: Apache-2.0 */
#include "text/psl.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "text/idna.h"

static void
assert_registered(const char *name, bool known, const char *want)
{
	struct str got = psl_registered(str_c(name), known);

	if (got.n == 0 ? want != NULL : !want || !str_eq_c(got, want))
		fail_msg("%s: registered \"%.*s\", not \"%s\"", name, STRF(got), want ? want : "(none)");
}

/* checkPublicSuffix('www.example.COM', 'example.com'); names as the service holds them: lower-case A-labels. */
static unsigned
one_vector(char *line)
{
	ARENA(a);
	ERR(e);
	char *name = strchr(line, '\'');
	char *end = name ? strchr(name + 1, '\'') : NULL;
	char *want = end ? strchr(end + 1, '\'') : NULL;
	struct str in, out = {NULL, 0};

	if (strncmp(line, "checkPublicSuffix('", 19) != 0 || !end || name[1] == '.')
		return 0;
	*end = '\0';
	assert_int_equal(idna_to_ascii(str_c(name + 1), &a, &in, &e), 0);
	if (want) {
		*strchr(want + 1, '\'') = '\0';
		assert_int_equal(idna_to_ascii(str_c(want + 1), &a, &out, &e), 0);
	}
	assert_registered(arena_cstr(&a, in), false, want ? out.p : NULL);
	return 1;
}

static void
the_published_cases_hold(void **state UNUSED)
{
	const char *dir = getenv("SIGNET_VECTORS");
	char path[512], line[512];
	unsigned n = 0;
	FILE *f;

	assert_non_null(dir);
	snprintf(path, sizeof(path), "%s/names/test_psl.txt", dir);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		n += one_vector(line);
	fclose(f);
	assert_true(n >= 70);
}

static void
a_suffix_is_known_from_both_sections(void **state UNUSED)
{
	assert_true(psl_is_suffix(STR("com")));
	assert_true(psl_is_suffix(STR("co.uk")));
	assert_true(psl_is_suffix(STR("github.io"))); /* private section */
	assert_true(psl_is_suffix(STR("ck"))); /* only "*.ck" is listed */
	assert_true(psl_is_suffix(STR("anything.ck")));
	assert_false(psl_is_suffix(STR("www.ck"))); /* an exception */
	assert_true(psl_is_suffix(STR("xn--55qx5d.cn")));
	assert_false(psl_is_suffix(STR("example.com")));
	assert_false(psl_is_suffix(STR("corp")));
	assert_false(psl_is_suffix(STR("")));
	assert_false(psl_is_suffix(STR(".com")));
}

static void
a_top_level_domain_is_known_from_the_icann_section(void **state UNUSED)
{
	assert_true(psl_tld_known(STR("a.b.example.com")));
	assert_true(psl_tld_known(STR("xn--fiqs8s")));
	assert_true(psl_tld_known(STR("x.ck")));
	assert_false(psl_tld_known(STR("example.test")));
	assert_false(psl_tld_known(STR("host.corp")));
	assert_false(psl_tld_known(STR("example.")));
}

static void
the_registered_domain_is_the_suffix_and_one_label(void **state UNUSED)
{
	assert_registered("a.b.example.co.uk", true, "example.co.uk");
	assert_registered("co.uk", true, NULL);
	assert_registered("a.user.github.io", true, "user.github.io");
	assert_registered("a.b.corp", true, NULL);
	assert_registered("a.b.corp", false, "b.corp");
	assert_registered("corp", false, NULL);
	assert_registered("", false, NULL);
}

int
main(void)
{
	ERR(e);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_cases_hold),
		cmocka_unit_test(a_suffix_is_known_from_both_sections),
		cmocka_unit_test(a_top_level_domain_is_known_from_the_icann_section),
		cmocka_unit_test(the_registered_domain_is_the_suffix_and_one_label),
	};

	if (psl_init(&e) < 0) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
