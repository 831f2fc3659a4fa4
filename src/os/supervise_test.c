/* SPDX-License-Identifier: Apache-2.0 */
#include "os/supervise.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/signals.h"

/* What the processes of a test see in common. */
struct board {
	int asker_lives, server_lives, answers, hups, terms, stop_order[2], stops;
	int server_dies_at, asker_fails, asker_falls, asker_deaf, server_mute, stubborn, garbage;
	pid_t server_pid, asker_pid;
};
static struct board *b;

enum { QUESTION = 9 };

/* Answers questions on its channel; asks for a new one when it ends. */
static int
server(void *arg, int control, pid_t parent)
{
	int channel = -1, signals, asked = 0, sig;
	ERR(e);

	(void)arg;
	(void)parent;
	b->server_lives++;
	b->server_pid = getpid();
	if (signals_open(&signals, &e) < 0 || (!b->server_mute && control_ready(control, STR("server"), &e) < 0))
		return 9;
	for (;;) {
		struct pollfd p[] = {
			{signals, POLLIN, 0}, {control, POLLIN, 0}, {channel, POLLIN, 0}};
		ARENA(a);
		struct ipc_msg m;

		(void)poll(p, 3, -1);
		while ((sig = signals_next(signals))) {
			if (sig == SIGTERM && !b->stubborn) {
				b->stop_order[b->stops++] = 2;
				return 0;
			}
		}
		if (p[1].revents) {
			fd_close(&channel);
			if (control_next_channel(control, 0, &channel, &e) < 0 &&
				e.code != E_TIMEOUT)
				return 1;
		}
		if (p[2].revents && channel >= 0) {
			if (ipc_recv(channel, 1000, 0, &a, &m, &e) <= 0) {
				fd_close(&channel);
				if (control_lost(control, &e) < 0)
					return 1;
				continue;
			}
			if (++asked == b->server_dies_at) {
				b->server_dies_at = 0;
				kill(getpid(), SIGKILL);
			}
			if (b->garbage) {
				b->garbage = 0;
				(void)!write(channel, "x", 1);
				continue;
			}
			(void)!ipc_send(channel, m.type, m.id, m.body, -1, &e);
		}
	}
}

/* Asks all the time over whichever channel it has. */
static int
asker(void *arg, int control, pid_t parent)
{
	struct ipc_client *c;
	int signals, sig;
	ERR(e);

	(void)arg;
	(void)parent;
	b->asker_lives++;
	b->asker_pid = getpid();
	if (b->asker_fails)
		return 5;
	if (b->asker_falls) {
		b->server_mute = 1;
		kill(b->server_pid, SIGKILL);
		kill(getpid(), SIGKILL);
	}
	if (signals_open(&signals, &e) < 0 || control_ready(control, STR(""), &e) < 0)
		return 9;
	while (b->asker_deaf && b->asker_lives == 1) {
		if (ipc_send(control, CONTROL_ASK, 0, BLOB("?", 1), -1, &e) < 0)
			pause();
	}
	c = ipc_client_new(-1);
	for (;;) {
		ARENA(a);
		struct ipc_msg m;
		int fd;

		if (control_next_channel(control, 0, &fd, &e) == 0)
			ipc_client_attach(c, fd);
		if (ipc_client_connected(c) &&
			ipc_call(c, QUESTION, BLOB("q", 1), 1000, &a, &m, &e) == 0)
			b->answers++;
		sig = signals_wait(signals, 5);
		b->hups += sig == SIGHUP;
		if (sig == SIGTERM) {
			b->stop_order[b->stops++] = 1;
			ipc_client_free(c);
			return 0;
		}
	}
}

/* Runs the supervisor in a child of its own. */
static pid_t
supervise_with(int drain_ms, struct board begin)
{
	struct supervise_conf conf = {
		.roles = {{"asker", asker, NULL}, {"server", server, NULL}},
		.drain_ms = drain_ms,
		.backoff_first_ms = 5,
		.backoff_max_ms = 40,
	};
	pid_t pid;

	*b = begin;
	pid = fork();
	if (pid == 0) {
		int signals;
		ERR(e);

		alarm(30);
		_exit(signals_open(&signals, &e) < 0 ? 99 : supervise_run(&conf, signals));
	}
	return pid;
}

static pid_t
supervise(int drain_ms, bool asker_fails)
{
	return supervise_with(drain_ms, (struct board){.asker_fails = asker_fails});
}

static int
end_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#define WAIT_FOR(cond)                                                    \
	do {                                                              \
		int64_t until_ = clock_mono_ms() + 15000;                 \
		while (!(cond)) {                                         \
			if (clock_mono_ms() > until_)                     \
				fail_msg("waited in vain for %s", #cond); \
			usleep(2000);                                     \
		}                                                         \
	} while (0)

#define V(x) (*(volatile __typeof__(x) *)&(x))

static void
roles_talk_and_stop_in_their_order(void **state)
{
	pid_t pid = supervise(5000, false);

	(void)state;
	WAIT_FOR(V(b->answers) >= 3);
	kill(pid, SIGHUP);
	WAIT_FOR(V(b->hups) == 1);
	kill(pid, SIGTERM);
	assert_int_equal(end_of(pid), 0);
	assert_int_equal(b->stop_order[0], 1);
	assert_int_equal(b->stop_order[1], 2);
	assert_int_equal(b->asker_lives, 1);
	assert_int_equal(b->server_lives, 1);
}

static void
a_dead_role_comes_back_with_a_channel_and_the_other_lives_on(void **state)
{
	pid_t pid = supervise(5000, false);
	int had;

	(void)state;
	WAIT_FOR(V(b->answers) >= 1);
	for (int i = 2; i < 5; i++) {
		kill(V(b->server_pid), SIGKILL);
		WAIT_FOR(V(b->server_lives) == i);
		had = V(b->answers);
		WAIT_FOR(V(b->answers) > had + 1);
	}
	kill(V(b->asker_pid), SIGKILL);
	WAIT_FOR(V(b->asker_lives) == 2);
	had = V(b->answers);
	WAIT_FOR(V(b->answers) > had + 1);
	assert_int_equal(V(b->server_lives), 4);
	kill(pid, SIGTERM);
	assert_int_equal(end_of(pid), 0);
}

static void
a_role_that_dies_in_a_call_does_not_hold_the_asker(void **state)
{
	pid_t pid = supervise(5000, false);

	(void)state;
	WAIT_FOR(V(b->answers) >= 1);
	b->server_dies_at = b->answers + 3;
	WAIT_FOR(V(b->server_lives) == 2);
	int had = V(b->answers);
	WAIT_FOR(V(b->answers) > had + 1);
	kill(pid, SIGTERM);
	assert_int_equal(end_of(pid), 0);
}

static void
a_lost_channel_between_living_roles_is_replaced(void **state)
{
	pid_t pid = supervise(5000, false);
	int had;

	(void)state;
	WAIT_FOR(V(b->answers) >= 1);
	b->garbage = 1;
	WAIT_FOR(V(b->garbage) == 0);
	had = V(b->answers);
	WAIT_FOR(V(b->answers) > had + 1);
	assert_int_equal(V(b->server_lives), 1);
	assert_int_equal(V(b->asker_lives), 1);
	kill(pid, SIGTERM);
	assert_int_equal(end_of(pid), 0);
}

static void
a_role_that_cannot_start_ends_all_with_its_code(void **state)
{
	pid_t pid = supervise(5000, true);

	(void)state;
	assert_int_equal(end_of(pid), 5);
	assert_int_equal(b->stop_order[0], 2);
}

static void
a_role_that_does_not_stop_is_killed(void **state)
{
	pid_t pid = supervise(100, false);

	(void)state;
	WAIT_FOR(V(b->answers) >= 1);
	b->stubborn = 1;
	kill(pid, SIGTERM);
	assert_int_equal(end_of(pid), 0);
	assert_int_equal(kill(V(b->server_pid), 0), -1);
}

static void
a_role_that_asks_and_does_not_listen_is_ended(void **state)
{
	pid_t pid = supervise_with(50, (struct board){.asker_deaf = 1});

	(void)state;
	WAIT_FOR(V(b->asker_lives) == 2);
	kill(pid, SIGTERM);
	assert_int_equal(end_of(pid), 0);
}

/* The time that the supervisor itself and its roles have used. */
static int64_t
cpu_ms_at_the_end_of(pid_t pid)
{
	struct rusage u;
	int status;

	assert_int_equal(wait4(pid, &status, 0, &u), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000 + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1000;
}

static void
waiting_for_a_role_that_is_not_ready_costs_nothing(void **state)
{
	pid_t pid = supervise_with(5000, (struct board){.asker_falls = 1});

	(void)state;
	WAIT_FOR(V(b->server_mute) && V(b->server_lives) == 2);
	usleep(1000000);
	kill(pid, SIGTERM);
	assert_in_range(cpu_ms_at_the_end_of(pid), 0, 250);
}

static int
setup(void **state)
{
	(void)state;
	b = mmap(NULL, sizeof(*b), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return b == MAP_FAILED;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roles_talk_and_stop_in_their_order),
		cmocka_unit_test(a_dead_role_comes_back_with_a_channel_and_the_other_lives_on),
		cmocka_unit_test(a_role_that_dies_in_a_call_does_not_hold_the_asker),
		cmocka_unit_test(a_lost_channel_between_living_roles_is_replaced),
		cmocka_unit_test(a_role_that_cannot_start_ends_all_with_its_code),
		cmocka_unit_test(a_role_that_does_not_stop_is_killed),
		cmocka_unit_test(a_role_that_asks_and_does_not_listen_is_ended),
		cmocka_unit_test(waiting_for_a_role_that_is_not_ready_costs_nothing),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
