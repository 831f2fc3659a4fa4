/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/dies_priv.h"
#include "base/inject.h"

static char dir[] = "/tmp/signet-inject-XXXXXX";

/* Runs fn in a child whose environment names the rules; returns how it ended. */
static int
child(const char *rules, void (*fn)(void))
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		setenv("SIGNET_TEST_INJECT", rules, 1);
		setenv("SIGNET_TEST_INJECT_DIR", dir, 1);
		inject_init();
		fn();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static void
file_put(const char *name, const char *text)
{
	char path[200];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static bool
file_there(const char *name)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return access(path, F_OK) == 0;
}

/* The exit status tells at which passing INJECT() said fail: one bit each. */
static void
pass_four_times(void)
{
	int seen = 0;

	for (int i = 0; i < 4; i++)
		seen |= (INJECT("db.commit") ? 1 : 0) << i;
	_exit(seen);
}

static void
a_rule_acts_at_its_passing_and_only_there(void **state)
{
	static const struct {
		const char *rules;
		int seen;
	} rows[] = {{"", 0}, {"db.commit=fail", 1}, {"db.commit@3=fail", 4}, {"other=fail", 0},
		{"other@2=fail,db.commit@2=fail,db.commit@4=fail", 10}, {"db.commit@9=fail", 0}};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_int_equal(WEXITSTATUS(child(rows[i].rules, pass_four_times)), rows[i].seen);
}

static void
kill_dies_at_once_by_sigkill(void **state)
{
	int status = child("db.commit@2=kill", pass_four_times);
	(void)state;

	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static void
sleep_waits_and_goes_on(void **state)
{
	int64_t t0 = clock_mono_ms();
	(void)state;

	assert_int_equal(WEXITSTATUS(child("db.commit=sleep:50", pass_four_times)), 0);
	assert_true(clock_mono_ms() - t0 >= 50);
}

static void
a_file_acts_once_and_is_removed_and_passings_are_noted(void **state)
{
	(void)state;
	file_put("db.commit", "fail\n");
	assert_int_equal(WEXITSTATUS(child("", pass_four_times)), 1);
	assert_false(file_there("db.commit"));
	assert_true(file_there("passed"));
	file_put("db.commit", "kill");
	assert_true(WIFSIGNALED(child("", pass_four_times)));
	assert_false(file_there("db.commit"));
	file_put("db.commit", "fail@3");
	assert_int_equal(WEXITSTATUS(child("", pass_four_times)), 4);
	assert_false(file_there("db.commit"));
}

static void
clock_child(void)
{
	int64_t before;

	clock_init();
	before = clock_wall_ms();
	if (clock_shift_ms() != 0)
		_exit(1);
	file_put("clock", "86400000");
	if (clock_shift_ms() != MS_DAY || clock_wall_ms() - before < MS_DAY)
		_exit(2);
	file_put("clock", "-1000   ");
	_exit(clock_shift_ms() == -1000 ? 0 : 3);
}

static void
the_fake_clock_follows_its_file(void **state)
{
	char path[200];
	(void)state;

	snprintf(path, sizeof(path), "%s/clock", dir);
	setenv("SIGNET_TEST_CLOCK", path, 1);
	assert_int_equal(child("", clock_child), 0);
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int
drop_dir(void **state)
{
	static const char *const names[] = {"passed", "clock", "db.commit"};
	char path[200];
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_acts_at_its_passing_and_only_there),
		cmocka_unit_test(kill_dies_at_once_by_sigkill),
		cmocka_unit_test(sleep_waits_and_goes_on),
		cmocka_unit_test(a_file_acts_once_and_is_removed_and_passings_are_noted),
		cmocka_unit_test(the_fake_clock_follows_its_file),
	};

	return cmocka_run_group_tests(tests, make_dir, drop_dir);
}
