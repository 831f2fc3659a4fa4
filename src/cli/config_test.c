/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "os/file.h"

/* The commands' table belongs to the program; these tests have one row. */
const struct cmd_opt cmd_global_opts[] = {{"json", NULL, ""}, {"server", "N", ""}, {"url", "U", ""},
	{"access-key", "K", ""}, {"ca", "F", ""}, {"admin-file", "F", ""}, {"help", NULL, ""}, {NULL, NULL, NULL}};
const struct cmd *const cmd_all[] = {NULL};
static const struct cmd row = {"noun", "verb", "ID", 1, 2, "", NULL, NULL, {{"limit", "N", ""}, {"wait", NULL, ""}},
	NULL, "/api/v1/things/{id}", NULL};

static char home[] = "/tmp/signet-cli-XXXXXX";

static int
setup(void **state)
{
	static const char *const names[] = {
		"SIGNET_URL", "SIGNET_KEY", "SIGNET_CA", "SIGNET_SERVER", "SIGNET_ADMIN_FILE"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		unsetenv(names[i]);
	setenv("XDG_CONFIG_HOME", home, 1);
	return 0;
}

static struct server
server(const char *name, const char *url, const char *key)
{
	return (struct server){str_c(name), str_c(url), str_c(key), {NULL, 0}};
}

static void
servers_are_kept_replaced_and_forgotten_in_a_file_closed_to_others(void **state)
{
	struct server a_ = server("a", "https://a.example", "A.1"), b_ = server("b", "https://b.example", "B.1"),
		      *all;
	struct str dflt;
	struct stat st;
	char path[128];
	size_t n;
	ARENA(a);
	ERR(e);

	(void)state;
	assert_int_equal(config_put(&a_, true, &a, &e), 0);
	assert_int_equal(config_put(&b_, false, &a, &e), 0);
	a_.key = STR("A.2");
	assert_int_equal(config_put(&a_, false, &a, &e), 0);
	assert_int_equal(config_read(&a, &all, &n, &dflt, &e), 0);
	assert_int_equal(n, 2);
	assert_true(str_eq_c(dflt, "a") && str_eq_c(all[0].key, "A.2") && str_eq_c(all[1].url, "https://b.example"));
	snprintf(path, sizeof(path), "%s/signet/config", home);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(config_remove(STR("a"), &a, &e), 0);
	assert_int_equal(config_remove(STR("a"), &a, &e), E_NOT_FOUND);
	assert_int_equal(config_read(&a, &all, &n, &dflt, &e), 0);
	assert_true(n == 1 && str_eq_c(dflt, "b"));
	chmod(path, 0640);
	assert_int_equal(config_read(&a, &all, &n, &dflt, &e), E_CONFIG);
	chmod(path, 0600);
}

static int
which(const char *const *args, int n, struct cli *c, struct arena *a, struct err *e)
{
	const char *argv[16] = {"7"};

	for (int i = 0; i < n; i++)
		argv[i + 1] = args[i];
	*c = (struct cli){.arena = a, .cmd = &row};
	if (opts_read(c, n + 1, (char **)(uintptr_t)argv, e) < 0)
		return e->code;
	return config_server(c, e);
}

static void
a_key_goes_only_to_the_address_that_it_was_stored_with(void **state)
{
	static const char *const other[] = {"--url", "https://c.example"}, *const same[] = {
										   "--url=https://b.example/"};
	static const char *const both[] = {"--url", "https://c.example", "--access-key", "C.1"};
	static const char *const plain[] = {"--url", "http://b.example"}, *const none[] = {"--server", "nobody"};
	struct server b_ = server("b", "https://b.example/", "B.1");
	struct cli *c = calloc(1, sizeof(*c));
	ARENA(a);
	ERR(e);

	(void)state;
	assert_int_equal(config_put(&b_, true, &a, &e), 0);
	assert_int_equal(which(NULL, 0, c, &a, &e), 0);
	assert_true(str_eq_c(c->url, "https://b.example") && str_eq_c(c->key, "B.1"));
	assert_int_equal(which(same, 1, c, &a, &e), 0);
	assert_true(str_eq_c(c->key, "B.1"));
	assert_int_equal(which(other, 2, c, &a, &e), 0);
	assert_true(str_eq_c(c->url, "https://c.example") && !c->key.p);
	assert_int_equal(which(both, 4, c, &a, &e), 0);
	assert_true(str_eq_c(c->key, "C.1"));
	setenv("SIGNET_URL", "https://d.example", 1);
	assert_int_equal(which(NULL, 0, c, &a, &e), 0);
	assert_true(str_eq_c(c->url, "https://d.example") && !c->key.p);
	unsetenv("SIGNET_URL");
	assert_int_equal(which(plain, 2, c, &a, &e), E_CONFIG);
	assert_int_equal(which(none, 2, c, &a, &e), E_CONFIG);
	free(c);
}

static void
options_are_read_by_their_rows(void **state)
{
	static const struct {
		const char *argv[6];
		int code;
	} table[] = {
		{{"7"}, 0},
		{{"7", "8"}, 0},
		{{"7", "8", "9"}, E_USAGE},
		{{NULL}, E_USAGE},
		{{"7", "--limit", "5"}, 0},
		{{"7", "--limit=5"}, 0},
		{{"7", "--limit"}, E_USAGE},
		{{"7", "--wait=yes"}, E_USAGE},
		{{"7", "--colour"}, E_USAGE},
		{{"7", "-l"}, E_USAGE},
		{{"--", "--limit"}, 0},
		{{"--help"}, 0},
	};
	struct cli *c = calloc(1, sizeof(*c));

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		int n = 0;
		ARENA(a);
		ERR(e);

		while (table[i].argv[n])
			n++;
		*c = (struct cli){.arena = &a, .cmd = &row};
		assert_int_equal(opts_read(c, n, (char **)(uintptr_t)table[i].argv, &e), table[i].code);
	}
	free(c);
}

static void
the_address_takes_id_and_parameters_encoded(void **state)
{
	static const char *argv[] = {"7", "--limit", "a&b=c d%"};
	struct cli *c = calloc(1, sizeof(*c));
	struct str path;
	ARENA(a);
	ERR(e);

	(void)state;
	*c = (struct cli){.arena = &a, .cmd = &row};
	assert_int_equal(opts_read(c, 3, (char **)(uintptr_t)argv, &e), 0);
	assert_int_equal(path_of(c, &path, &e), 0);
	assert_true(str_eq_c(path, "/api/v1/things/7?limit=a%26b%3Dc%20d%25"));
	c->args[0] = "7/../8";
	assert_int_equal(path_of(c, &path, &e), E_USAGE);
	free(c);
}

static void
cells_show_money_times_and_nothing_that_a_terminal_obeys(void **state)
{
	static const struct {
		struct col col;
		const char *want;
	} table[] = {
		{{"", "amount", COL_MONEY}, "12.05 CNY"},
		{{"", "minus", COL_MONEY}, "-0.07 CNY"},
		{{"", "at", COL_TIME}, "2026-11-21 08:48:14"},
		{{"", "at", COL_DAY}, "2026-11-21"},
		{{"", "bad", COL_TEXT}, "a?[31mb"},
		{{"", "in.side", COL_TEXT}, "x"},
		{{"", "nothing", COL_TEXT}, "-"},
		{{"", "absent", COL_TEXT}, "-"},
		{{"", "list", COL_WORDS}, "a, 5, n"},
		{{"", "yes", COL_YES}, "yes"},
	};
	const struct json *v;
	ARENA(a);
	ERR(e);

	(void)state;
	assert_int_equal(
		json_parse(STR("{\"amount\":1205,\"minus\":-7,\"currency\":\"CNY\",\"at\":\"2026-11-21T08:48:14Z\","
			       "\"bad\":\"a\\u001b[31mb\",\"in\":{\"side\":\"x\"},\"nothing\":null,\"list\":[\"a\",5,"
			       "{\"name\":\"n\"}],"
			       "\"yes\":true}"),
			&a, &v, &e),
		0);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		struct str s = out_cell(v, &table[i].col, &a);

		if (!str_eq_c(s, table[i].want))
			fail_msg("%s: %.*s", table[i].col.path, STRF(s));
	}
	assert_int_equal(out_width(STR("a中b")), 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(servers_are_kept_replaced_and_forgotten_in_a_file_closed_to_others, setup),
		cmocka_unit_test_setup(a_key_goes_only_to_the_address_that_it_was_stored_with, setup),
		cmocka_unit_test(options_are_read_by_their_rows),
		cmocka_unit_test(the_address_takes_id_and_parameters_encoded),
		cmocka_unit_test(cells_show_money_times_and_nothing_that_a_terminal_obeys),
	};
	char path[128];
	int r;

	if (!mkdtemp(home))
		return 1;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(path, sizeof(path), "%s/signet/config", home);
	unlink(path);
	snprintf(path, sizeof(path), "%s/signet", home);
	rmdir(path);
	rmdir(home);
	return r;
}
