/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/ledger.h"

#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/buf.h"
#include "os/file.h"

struct tmp {
	char path[64];
	int fd;
	struct buf seen; /* acts and rests, joined */
	unsigned n;
	int64_t last_ms;
};

static int
setup(void **state)
{
	struct tmp *t = calloc(1, sizeof(*t));

	snprintf(t->path, sizeof(t->path), "/tmp/signet-ledger-XXXXXX");
	assert_non_null(mkdtemp(t->path));
	t->fd = open(t->path, O_DIRECTORY | O_CLOEXEC);
	buf_init(&t->seen, 1 << 20);
	*state = t;
	return 0;
}

static int
teardown(void **state)
{
	struct tmp *t = *state;
	char cmd[96];

	close(t->fd);
	buf_done(&t->seen);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", t->path);
	assert_int_equal(system(cmd), 0);
	free(t);
	return 0;
}

static int
see(void *arg, int64_t ms, struct str act, struct str rest, struct err *e)
{
	struct tmp *t = arg;

	(void)e;
	assert_true(ms >= t->last_ms);
	t->last_ms = ms;
	t->n++;
	if (t->n <= 8)
		buf_printf(&t->seen, "%.*s:%.*s;", STRF(act), STRF(rest));
	return 0;
}

static struct ledger *
reopen(struct tmp *t, size_t rotate_at, int want)
{
	struct ledger *l = NULL;
	ERR(e);

	buf_clear(&t->seen);
	t->n = 0;
	t->last_ms = 0;
	assert_int_equal(ledger_open(t->fd, 0, rotate_at, see, t, &l, &e), want);
	return l;
}

static bool
seen(struct tmp *t, const char *want)
{
	return str_eq_c(buf_str(&t->seen), want);
}

static void
records_are_read_at_the_next_start(void **state)
{
	struct tmp *t = *state;
	struct ledger *l = reopen(t, 0, 0);
	ERR(e);

	assert_int_equal(ledger_add_wait(l, STR("cert a b"), &e), 0);
	assert_int_equal(ledger_add_wait(l, STR("export x"), &e), 0);
	ledger_close(l);
	l = reopen(t, 0, 0);
	assert_true(seen(t, "cert:a b;export:x;"));
	assert_int_equal(ledger_latest_ms(l), t->last_ms);
	ledger_close(l);
}

static void
append(struct tmp *t, const char *text)
{
	int fd = openat(t->fd, "log", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
a_torn_last_line_is_cut_and_the_next_record_stands_alone(void **state)
{
	struct tmp *t = *state;
	struct ledger *l;
	ERR(e);

	append(t, "1 cert a\n2 cert b\n3 cer");
	l = reopen(t, 0, 0);
	assert_true(seen(t, "cert:a;cert:b;"));
	assert_int_equal(ledger_add_wait(l, STR("cert c"), &e), 0);
	ledger_close(l);
	ledger_close(reopen(t, 0, 0));
	assert_true(seen(t, "cert:a;cert:b;cert:c;"));
}

static void
a_damaged_line_in_the_middle_stops_the_start(void **state)
{
	struct tmp *t = *state;

	append(t, "1 cert a\nx cert b\n3 cert c\n");
	assert_null(reopen(t, 0, E_IO));
}

static void
a_large_log_becomes_an_old_one_and_both_are_read_in_order(void **state)
{
	struct tmp *t = *state;
	struct ledger *l = reopen(t, 40, 0);
	ERR(e);

	for (int i = 0; i < 20; i++) {
		char line[16];

		snprintf(line, sizeof(line), "cert %d", i);
		assert_int_equal(ledger_add_wait(l, str_c(line), &e), 0);
		usleep(1500); /* old logs are named by their last ms */
	}
	ledger_close(l);
	ledger_close(reopen(t, 40, 0));
	assert_int_equal(t->n, 20);
	assert_true(seen(t, "cert:0;cert:1;cert:2;cert:3;cert:4;cert:5;cert:6;cert:7;"));
	/* one that ended before the window is not read */
	t->last_ms += 3600000;
	buf_clear(&t->seen);
	t->n = 0;
	{
		int64_t since = t->last_ms;

		t->last_ms = 0;
		assert_int_equal(ledger_open(t->fd, since, 40, see, t, &l, &e), 0);
	}
	assert_true(t->n < 5);
	ledger_close(l);
}

static struct ledger *shared;

static void *
add_many(void *arg)
{
	for (int i = 0; i < 50; i++) {
		ERR(e);

		if (ledger_add_wait(shared, STR("cert same"), &e) < 0)
			return arg;
	}
	return NULL;
}

static void
concurrent_records_are_all_on_disk_when_their_acts_go_on(void **state)
{
	struct tmp *t = *state;
	pthread_t th[32];
	void *failed;

	shared = reopen(t, 4096, 0);
	for (size_t i = 0; i < ARRAY_LEN(th); i++)
		assert_int_equal(pthread_create(&th[i], NULL, add_many, t), 0);
	for (size_t i = 0; i < ARRAY_LEN(th); i++) {
		pthread_join(th[i], &failed);
		assert_null(failed);
	}
	ledger_close(shared);
	ledger_close(reopen(t, 4096, 0));
	assert_int_equal(t->n, ARRAY_LEN(th) * 50);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(records_are_read_at_the_next_start),
		T(a_torn_last_line_is_cut_and_the_next_record_stands_alone),
		T(a_damaged_line_in_the_middle_stops_the_start),
		T(a_large_log_becomes_an_old_one_and_both_are_read_in_order),
		T(concurrent_records_are_all_on_disk_when_their_acts_go_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
