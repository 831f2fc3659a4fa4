/* SPDX-License-Identifier: Apache-2.0 */
#include "os/lane.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "os/signals.h"

static atomic_uint done;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void
count(void *arg)
{
	atomic_fetch_add((atomic_uint *)arg, 1);
}

static void
wait_gate(void *arg)
{
	pthread_mutex_lock(&gate);
	pthread_mutex_unlock(&gate);
	count(arg);
}

static void
wait_running(struct lane *l, unsigned want)
{
	unsigned waiting, running = 0;

	while (running != want) {
		lane_stats(l, &waiting, &running);
		usleep(500);
	}
}

static void
a_full_lane_refuses_and_draining_finishes_what_was_taken(void **state)
{
	struct lane *l;
	unsigned waiting, running;
	ERR(e);

	(void)state;
	atomic_store(&done, 0);
	pthread_mutex_lock(&gate);
	assert_int_equal(lane_new(&(struct lane_conf){"t", 2, 0, 3}, &l, &e), 0);
	assert_true(lane_post(l, wait_gate, &done));
	assert_true(lane_post(l, wait_gate, &done));
	wait_running(l, 2);
	for (int i = 0; i < 3; i++)
		assert_true(lane_post(l, count, &done));
	assert_false(lane_post(l, count, &done));
	lane_stats(l, &waiting, &running);
	assert_int_equal(waiting, 3);
	pthread_mutex_unlock(&gate);
	assert_null(lane_drain(l));
	assert_int_equal(atomic_load(&done), 5);
	assert_null(lane_drain(NULL));
}

static struct lane *shared;

static void *
poster(void *arg)
{
	for (int i = 0; i < 1000;) {
		if (lane_post(shared, count, arg))
			i++;
		else
			usleep(100);
	}
	return NULL;
}

static void
posts_from_many_threads_all_run(void **state)
{
	pthread_t t[4];
	ERR(e);

	(void)state;
	atomic_store(&done, 0);
	assert_int_equal(lane_new(&(struct lane_conf){"t", 4, 65536, 16}, &shared, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, poster, &done), 0);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		pthread_join(t[i], NULL);
	lane_drain(shared);
	assert_int_equal(atomic_load(&done), 4000);
}

static void
see_name_and_mask(void *arg)
{
	char *name = arg;
	sigset_t set;

	pthread_getname_np(pthread_self(), name, 16);
	pthread_sigmask(SIG_SETMASK, NULL, &set);
	name[16] = sigismember(&set, SIGTERM) ? 'b' : 'u';
}

static void
threads_are_named_and_blind_to_signals(void **state)
{
	char seen[18] = "";
	struct lane *l;
	ERR(e);

	(void)state;
	assert_int_equal(lane_new(&(struct lane_conf){"password", 1, 65536, 1}, &l, &e), 0);
	usleep(1000);
	assert_true(lane_post(l, see_name_and_mask, seen));
	lane_drain(l);
	assert_string_equal(seen, "password");
	assert_int_equal(seen[16], 'b');
}

static void
signals_come_by_descriptor(void **state)
{
	int fd;
	ERR(e);

	(void)state;
	assert_int_equal(signals_open(&fd, &e), 0);
	assert_int_equal(signals_next(fd), 0);
	kill(getpid(), SIGHUP);
	assert_int_equal(signals_wait(fd, 1000), SIGHUP);
	assert_int_equal(signals_wait(fd, 1), 0);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_lane_refuses_and_draining_finishes_what_was_taken),
		cmocka_unit_test(posts_from_many_threads_all_run),
		cmocka_unit_test(threads_are_named_and_blind_to_signals),
		cmocka_unit_test(signals_come_by_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
