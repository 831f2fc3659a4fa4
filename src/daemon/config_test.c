/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static int
read_args(struct arena *a, struct config *c, struct err *e, const char *const *args)
{
	char *argv[32] = {(char *)"signetd"};
	enum config_wish wish;
	int n = 1;

	while (args[n - 1]) {
		argv[n] = (char *)args[n - 1];
		n++;
	}
	err_clear(e);
	return config_read(n, argv, a, c, &wish, e);
}
#define READ(...) read_args(&a, &c, &e, (const char *const[]){__VA_ARGS__, NULL})

static void
what_is_not_said_has_its_default(void **state)
{
	ARENA(a);
	ERR(e);
	struct config c;

	(void)state;
	assert_int_equal(READ("--data", "/x"), 0);
	assert_string_equal(c.data, "/x");
	assert_string_equal(c.db, "sqlite");
	assert_int_equal(c.n_https, 1);
	assert_int_equal(c.listen_https[0].port, 8443);
	assert_int_equal(c.n_http, 1);
	assert_int_equal(c.validation_http_port, 80);
	assert_int_equal(c.validation_https_port, 443);
	assert_false(c.insecure_no_sandbox);
	assert_null(c.resolver);
	config_bound(&c, &c.listen_http[0], &a);
	assert_string_equal(c.status_url, "http://127.0.0.1:8080");
	assert_int_equal(c.n_caa_identities, 0);
}

static void
lists_are_repeated_and_replace_their_default(void **state)
{
	ARENA(a);
	ERR(e);
	struct config c;

	(void)state;
	assert_int_equal(
		READ("--data=/x", "--listen-https", "127.0.0.1:1", "--listen-https=[::1]:2",
			"--caa-identity", "a.example", "--caa-identity", "b.example",
			"--validation-allow", "10.0.0.0/8", "--insecure-no-sandbox"),
		0);
	assert_int_equal(c.n_https, 2);
	assert_int_equal(c.listen_https[1].port, 2);
	assert_int_equal(c.n_caa_identities, 2);
	assert_int_equal(c.n_validation_allow, 1);
	assert_true(c.insecure_no_sandbox);
}

static void
the_identity_follows_the_status_url(void **state)
{
	ARENA(a);
	ERR(e);
	struct config c;

	(void)state;
	assert_int_equal(READ("--data", "/x", "--listen-http", "0.0.0.0:80", "--status-url",
				 "http://ca.example.com:81/x"),
		0);
	config_bound(&c, &c.listen_http[0], &a);
	assert_int_equal(c.n_caa_identities, 1);
	assert_true(str_eq_c(c.caa_identities[0], "ca.example.com"));
}

static void
what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *args[8];
		int code;
		const char *says;
	} rows[] = {
		{{"--listen-http", "127.0.0.1:1"}, E_CONFIG, "--data DIR is missing"},
		{{"--data"}, E_USAGE, "--data needs a value"},
		{{"--data", ""}, E_CONFIG, "empty"},
		{{"data"}, E_USAGE, "no parameter \"data\""},
		{{"--data", "/x", "--colour", "red"}, E_USAGE, "no parameter \"colour\""},
		{{"--data", "/x", "--listen-http", "localhost"}, E_CONFIG,
			"\"localhost\" is no address"},
		{{"--data", "/x", "--listen-http", "0.0.0.0:80"}, E_CONFIG,
			"--status-url is missing"},
		{{"--data", "/x", "--listen-https", "[::]:443"}, E_CONFIG,
			"--status-url is missing"},
		{{"--data", "/x", "--status-url", "https://ca.example"}, E_CONFIG,
			"no address like http://"},
		{{"--data", "/x", "--status-url", "http://ca.example/"}, E_CONFIG, "final slash"},
		{{"--data", "/x", "--validation-http-port", "0"}, E_CONFIG, "no port"},
		{{"--data", "/x", "--validation-http-port", "65536"}, E_CONFIG, "no port"},
		{{"--data", "/x", "--validation-allow", "10.0.0.0/33"}, E_CONFIG, "no network"},
		{{"--data", "/x", "--caa-identity", "A.example"}, E_CONFIG, "no domain name"},
		{{"--data", "/x", "--resolver", "1.2.3.4"}, E_CONFIG, "no address and port"},
		{{"--data", "/x", "--insecure-no-sandbox=maybe"}, E_CONFIG, "neither"},
		{{"--data", "/x", "--db", "mysql://x"}, E_CONFIG, "postgresql://USER@HOST/NAME"},
		{{"--data", "/x", "--db", "postgresql://u:secret@h/d"}, E_CONFIG,
			"a password on the command line"},
		{{"--data", "/x", "--db", "postgresql://h/d?password=secret"}, E_CONFIG,
			"a password on the command line"},
		{{"--data", "/x", "--config", "/no/such/file"}, E_NOT_FOUND, "--config"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);
		ERR(e);
		struct config c;

		if (read_args(&a, &c, &e, rows[i].args) != rows[i].code ||
			!strstr(e.msg, rows[i].says))
			fail_msg("row %zu: %d \"%s\"", i, e.code, e.msg);
		assert_null(strstr(e.msg, "secret"));
	}
}

static void
the_command_line_goes_before_the_file(void **state)
{
	char path[] = "/tmp/signet-config-XXXXXX";
	int fd = mkstemp(path);
	ARENA(a);
	ERR(e);
	struct config c;
	static const char text[] = "# a comment\n\n data = /from-file\nlisten-http = 127.0.0.1:1\n"
				   "listen-http = 127.0.0.1:2\ndb = "
				   "postgresql://u:secret@h/d\ninsecure-no-sandbox = yes\n";

	(void)state;
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(READ("--config", path), 0);
	assert_string_equal(c.data, "/from-file");
	assert_int_equal(c.n_http, 2);
	assert_string_equal(c.db, "postgresql://u:secret@h/d");
	assert_true(c.insecure_no_sandbox);
	assert_int_equal(READ("--config", path, "--data", "/y", "--listen-http", "127.0.0.1:3"), 0);
	assert_string_equal(c.data, "/y");
	assert_int_equal(c.n_http, 1);
	assert_int_equal(c.listen_http[0].port, 3);
	assert_int_equal(write(fd, "what\n", 5), 5);
	assert_int_equal(READ("--config", path), E_CONFIG);
	assert_non_null(strstr(e.msg, ":8: a line reads NAME = VALUE"));
	close(fd);
	unlink(path);
}

static void
what_needs_a_restart_keeps_its_value_and_is_named(void **state)
{
	ARENA(a);
	ERR(e);
	struct config old, c;
	const char *names[CONFIG_PARAMS_MAX];

	(void)state;
	assert_int_equal(READ("--data", "/x"), 0);
	config_bound(&c, &c.listen_http[0], &a);
	old = c;
	assert_int_equal(READ("--data", "/x", "--validation-allow", "10.0.0.0/8", "--four-eyes"), 0);
	assert_int_equal(config_settle(&c, &old, &old.listen_http[0], &a, names), 0);
	assert_true(c.four_eyes);
	assert_string_equal(c.status_url, "http://127.0.0.1:8080");
	assert_int_equal(READ("--data", "/y", "--listen-https", "127.0.0.1:1", "--status-url", "http://ca.example.com",
		"--db", "postgresql://h/d", "--log-level=debug"), 0);
	assert_int_equal(config_settle(&c, &old, &old.listen_http[0], &a, names), 4);
	assert_string_equal(names[0], "data");
	assert_string_equal(names[1], "listen-https");
	assert_string_equal(c.data, "/x");
	assert_int_equal(c.listen_https[0].port, 8443);
	assert_string_equal(c.db, "sqlite");
	assert_string_equal(c.status_url, "http://127.0.0.1:8080");
	assert_int_equal(c.n_caa_identities, 0); /* they follow the status URL that stands */
	assert_int_equal(c.log_level, LOG_DEBUG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_said_has_its_default),
		cmocka_unit_test(lists_are_repeated_and_replace_their_default),
		cmocka_unit_test(the_identity_follows_the_status_url),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(the_command_line_goes_before_the_file),
		cmocka_unit_test(what_needs_a_restart_keeps_its_value_and_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
