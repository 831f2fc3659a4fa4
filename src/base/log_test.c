/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"

static int out[2];

static int
open_pipe(void **state)
{
	(void)state;
	return pipe2(out, O_CLOEXEC | O_NONBLOCK);
}

static int
close_pipe(void **state)
{
	(void)state;
	log_init("test", 2, LOG_ERROR);
	close(out[0]);
	close(out[1]);
	return 0;
}

/* What was logged, without the time. */
static const char *
line(void)
{
	static char got[8192];
	ssize_t n = read(out[0], got, sizeof(got) - 1);

	got[n < 0 ? 0 : n] = '\0';
	return n > 0 && strchr(got, ' ') ? strchr(got, ' ') + 1 : got;
}

static void
an_event_is_one_line_of_typed_fields(void **state)
{
	(void)state;
	log_init("core", out[1], LOG_INFO);
	log_event(LOG_WARN, "cert.issued", F_STR("name", "a.example"), F_INT("id", -7),
		F_HEX("serial", BLOB("\x01\xff", 2)), F_STR("none", NULL));
	assert_string_equal(line(), "warn core cert.issued name=a.example id=-7 serial=01ff none=\"\"\n");
	log_event(LOG_INFO, "plain");
	assert_string_equal(line(), "info core plain\n");
	log_event(LOG_DEBUG, "cert.detail");
	assert_string_equal(line(), "");
}

static void
no_text_forges_a_line_or_a_field(void **state)
{
	static const struct {
		struct str in;
		const char *out;
	} rows[] = {
		{{"a\nerror core db.down", 20}, "\"a\\x0aerror core db.down\""},
		{{"a\r\t\x1b[2J", 7}, "a\\x0d\\x09\\x1b[2J"},
		{{"x code=OK", 9}, "\"x code=OK\""},
		{{"code=OK", 7}, "\"code=OK\""},
		{{"say \"hi\"", 8}, "\"say \\\"hi\\\"\""},
		{{"\\x0a", 4}, "\\\\x0a"},
		{{"a\0b\x7f", 4}, "a\\x00b\\x7f"},
		{{"\xc2\x9b" "1m\xc2\x85", 6}, "\\xc2\\x9b1m\\xc2\\x85"}, /* C1: CSI and next line */
		/* line separator, right-to-left override */
		{{"\xe2\x80\xa8\xe2\x80\xae", 6}, "\\xe2\\x80\\xa8\\xe2\\x80\\xae"},
		{{"\x9b\xff\xc3", 3}, "\\x9b\\xff\\xc3"}, /* no UTF-8 */
		{{"\xe4\xbd\xa0", 3}, "\xe4\xbd\xa0"},
	};
	(void)state;

	log_init("core", out[1], LOG_INFO);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char want[200];

		snprintf(want, sizeof(want), "info core e v=%s\n", rows[i].out);
		log_event(LOG_INFO, "e", F_S("v", rows[i].in));
		assert_string_equal(line(), want);
	}
}

static void
a_long_text_is_cut_and_the_line_still_ends(void **state)
{
	static char longest[6000];
	const char *got;
	(void)state;

	memset(longest, '\n', sizeof(longest) - 1);
	log_init("core", out[1], LOG_INFO);
	log_event(LOG_INFO, "e", F_STR("v", longest), F_INT("after", 1));
	got = line();
	assert_in_range(strlen(got), 4000, 4096);
	assert_ptr_equal(strchr(got, '\n'), got + strlen(got) - 1);
}

static void
an_error_is_logged_with_code_message_and_detail(void **state)
{
	ERR(e);
	(void)state;

	log_init("core", out[1], LOG_INFO);
	err_set(&e, E_DB_DOWN, "no connection");
	err_detail(&e, "socket closed");
	log_err(LOG_ERROR, "db.lost", &e);
	assert_string_equal(line(),
		"error core db.lost code=DB_DOWN message=\"no connection\" field=\"\" detail=\"socket closed\"\n");
}

static void *
many(void *arg)
{
	(void)arg;
	for (int i = 0; i < 1000; i++)
		log_event(LOG_DEBUG, i % 2 ? "count.odd" : "count.even");
	return NULL;
}

static void
events_are_counted_from_all_threads_also_below_the_level(void **state)
{
	pthread_t t[4];
	size_t it = 0;
	const char *event;
	uint64_t n, odd = 0, even = 0;
	(void)state;

	log_init("core", out[1], LOG_INFO);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, many, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		pthread_join(t[i], NULL);
	while (log_counter_next(&it, &event, &n)) {
		odd += strcmp(event, "count.odd") == 0 ? n : 0;
		even += strcmp(event, "count.even") == 0 ? n : 0;
	}
	assert_int_equal(odd, 2000);
	assert_int_equal(even, 2000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(an_event_is_one_line_of_typed_fields, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(no_text_forges_a_line_or_a_field, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(a_long_text_is_cut_and_the_line_still_ends, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(an_error_is_logged_with_code_message_and_detail, open_pipe, close_pipe),
		cmocka_unit_test_setup_teardown(
			events_are_counted_from_all_threads_also_below_the_level, open_pipe, close_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
