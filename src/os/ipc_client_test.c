/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "os/ipc.h"

enum { ECHO = 1, SILENT, LARGE, GARBAGE };

/* Answers in the order of arrival, until the channel closes. */
static void *
peer(void *arg)
{
	int fd = (int)(intptr_t)arg;

	for (;;) {
		ARENA(a);
		ERR(e);
		struct ipc_msg m;

		if (ipc_recv(fd, IPC_BODY_MAX, -1, &a, &m, &e) <= 0)
			break;
		if (m.type == SILENT)
			continue;
		if (m.type == GARBAGE) {
			(void)!write(fd, "garbage", 7);
			continue;
		}
		if (m.type == LARGE)
			m.body = BLOB(arena_alloc(&a, IPC_INLINE_MAX * 2), IPC_INLINE_MAX * 2);
		if (ipc_send(fd, m.type, m.id, m.body, -1, &e) < 0)
			break;
	}
	close(fd);
	return NULL;
}

struct world {
	struct ipc_client *c;
	pthread_t peers[64];
	unsigned n;
};

static int
new_peer(struct world *w)
{
	int p[2];
	ERR(e);

	assert_int_equal(ipc_pair(p, &e), 0);
	assert_true(w->n < ARRAY_LEN(w->peers));
	assert_int_equal(pthread_create(&w->peers[w->n++], NULL, peer, (void *)(intptr_t)p[1]), 0);
	return p[0];
}

static void
world_done(struct world *w)
{
	ipc_client_free(w->c);
	for (unsigned i = 0; i < w->n; i++)
		pthread_join(w->peers[i], NULL);
}

#define ASKERS 64
#define ROUNDS 50

static void *
ask_many(void *arg)
{
	struct ipc_client *c = arg;
	uint64_t wrong = 0;

	for (uint64_t i = 0; i < ROUNDS; i++) {
		ARENA(a);
		ERR(e);
		struct ipc_msg m;
		uint64_t q[2] = {(uint64_t)pthread_self(), i};

		if (ipc_call(c, ECHO, BLOB(q, sizeof(q)), 10000, &a, &m, &e) < 0 ||
			m.body.n != sizeof(q) || memcmp(m.body.p, q, sizeof(q)) != 0)
			wrong++;
	}
	return (void *)(uintptr_t)wrong;
}

static void
sixty_four_askers_each_get_their_own_answers(void **state)
{
	struct world w = {0};
	pthread_t t[ASKERS];
	void *wrong;

	(void)state;
	w.c = ipc_client_new(new_peer(&w));
	for (size_t i = 0; i < ASKERS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, ask_many, w.c), 0);
	for (size_t i = 0; i < ASKERS; i++) {
		pthread_join(t[i], &wrong);
		assert_null(wrong);
	}
	world_done(&w);
}

static atomic_uint answered, gone, other;
static atomic_bool stop;

static void *
ask_on(void *arg)
{
	while (!atomic_load(&stop)) {
		ARENA(a);
		ERR(e);
		struct ipc_msg m;
		int r = ipc_call(arg, LARGE, BLOB("q", 1), 10000, &a, &m, &e);

		if (r == 0 && m.body.n == IPC_INLINE_MAX * 2)
			atomic_fetch_add(&answered, 1);
		else if (r == E_SIGNER_GONE)
			atomic_fetch_add(&gone, 1);
		else
			atomic_fetch_add(&other, 1);
	}
	return NULL;
}

static void
a_replaced_channel_fails_calls_in_flight_and_serves_the_next(void **state)
{
	struct world w = {0};
	pthread_t t[8];
	unsigned before;

	(void)state;
	w.c = ipc_client_new(-1);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, ask_on, w.c), 0);
	for (int i = 0; i < 20; i++) {
		ipc_client_attach(w.c, new_peer(&w));
		usleep(3000);
	}
	before = atomic_load(&answered);
	while (atomic_load(&answered) == before)
		usleep(1000);
	atomic_store(&stop, true);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		pthread_join(t[i], NULL);
	assert_int_equal(atomic_load(&other), 0);
	assert_true(ipc_client_connected(w.c));
	world_done(&w);
}

static void *
ask_silent(void *arg)
{
	ARENA(a);
	ERR(e);
	struct ipc_msg m;

	return (void *)(intptr_t)ipc_call(arg, SILENT, BLOB("q", 1), -1, &a, &m, &e);
}

static void
a_call_in_flight_fails_when_the_channel_is_replaced(void **state)
{
	struct world w = {0};
	pthread_t t;
	void *r;

	(void)state;
	w.c = ipc_client_new(new_peer(&w));
	assert_int_equal(pthread_create(&t, NULL, ask_silent, w.c), 0);
	usleep(20000);
	ipc_client_attach(w.c, new_peer(&w));
	pthread_join(t, &r);
	assert_int_equal((int)(intptr_t)r, E_SIGNER_GONE);
	world_done(&w);
}

static void
a_missing_answer_ends_with_the_timeout_and_a_late_one_is_dropped(void **state)
{
	struct world w = {0};
	ARENA(a);
	ERR(e);
	struct ipc_msg m;
	int p[2];

	(void)state;
	assert_int_equal(ipc_pair(p, &e), 0);
	w.c = ipc_client_new(p[0]);
	assert_int_equal(ipc_call(w.c, SILENT, BLOB("q", 1), 10, &a, &m, &e), E_TIMEOUT);
	assert_int_equal(ipc_recv(p[1], 10, 1000, &a, &m, &e), 1);
	assert_int_equal(ipc_send(p[1], 1, m.id, BLOB("late", 4), p[1], &e), 0);
	/* and the channel is still good */
	assert_int_equal(ipc_send(p[1], 1, m.id + 1, BLOB("early", 5), -1, &e), 0);
	usleep(10000);
	assert_true(ipc_client_connected(w.c));
	close(p[1]);
	world_done(&w);
}

static void
without_a_channel_a_call_waits_for_one_within_the_timeout(void **state)
{
	struct world w = {0};
	ARENA(a);
	ERR(e);
	struct ipc_msg m;

	(void)state;
	w.c = ipc_client_new(-1);
	assert_false(ipc_client_connected(w.c));
	assert_int_equal(ipc_call(w.c, ECHO, BLOB("q", 1), 10, &a, &m, &e), E_SIGNER_GONE);
	ipc_client_attach(w.c, new_peer(&w));
	assert_int_equal(ipc_call(w.c, ECHO, BLOB("q", 1), 10000, &a, &m, &e), 0);
	world_done(&w);
}

static void
garbage_from_the_peer_ends_the_channel(void **state)
{
	struct world w = {0};
	ARENA(a);
	ERR(e);
	struct ipc_msg m;

	(void)state;
	w.c = ipc_client_new(new_peer(&w));
	assert_int_equal(ipc_call(w.c, GARBAGE, BLOB("q", 1), 10000, &a, &m, &e), E_SIGNER_GONE);
	assert_false(ipc_client_connected(w.c));
	world_done(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sixty_four_askers_each_get_their_own_answers),
		cmocka_unit_test(a_replaced_channel_fails_calls_in_flight_and_serves_the_next),
		cmocka_unit_test(a_call_in_flight_fails_when_the_channel_is_replaced),
		cmocka_unit_test(a_missing_answer_ends_with_the_timeout_and_a_late_one_is_dropped),
		cmocka_unit_test(without_a_channel_a_call_waits_for_one_within_the_timeout),
		cmocka_unit_test(garbage_from_the_peer_ends_the_channel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
