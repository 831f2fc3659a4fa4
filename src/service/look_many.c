/* SPDX-License-Identifier: Apache-2.0 */
/* Many looks at once: a network's dead addresses each cost seconds of waiting. */
#include <unistd.h>

#include "os/thread.h"
#include "service/look.h"
#include "service/trust.h"
#include "service/svc_priv.h"

#define STACK (512 * 1024)
#define NAP_US (100 * 1000)

struct many {
	struct svc *s;
	struct look_one *ones;
	size_t n;
	int64_t start_us, pace_us;
	atomic_size_t next;
};

struct worker {
	pthread_t thread;
	struct many *many;
	struct arena arena;
};

/* Until that moment, in naps, so that the service can stop. */
static bool
wait_until(const struct svc *s, int64_t at_us)
{
	for (;;) {
		int64_t left = at_us - clock_mono_us();

		if (atomic_load(&s->stopping))
			return false;
		if (left <= 0)
			return true;
		usleep((useconds_t)MIN(left, NAP_US));
	}
}

static void *
work(void *arg)
{
	struct worker *w = arg;
	struct many *m = w->many;

	for (;;) {
		size_t i = atomic_fetch_add(&m->next, 1);
		struct look_one *one;

		if (i >= m->n || !wait_until(m->s, m->start_us + (int64_t)i * m->pace_us))
			return NULL;
		one = &m->ones[i];
		one->result = look_at(m->s, &one->call, &w->arena, &one->look, one->why);
	}
}

/* What the threads have found lives as long as the caller's arena. */
static void
free_worker(void *p)
{
	struct worker *w = p;

	arena_done(&w->arena);
}

/* What is no server's doing. */
static int
our_fault(const struct look_one *ones, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (ones[i].result == E_NET || ones[i].result == E_BUSY) {
			*e = *ones[i].why;
			return e->code;
		}
	}
	return 0;
}

int
look_many(struct svc *s, struct look_one *ones, size_t n, int64_t pace_us, struct arena *a, struct err *e)
{
	struct many m = {.s = s, .ones = ones, .n = n, .start_us = clock_mono_us(), .pace_us = pace_us};
	struct worker *workers = arena_new_n(a, LOOK_THREADS, struct worker);
	struct trust trust;
	size_t started = 0;
	int r = trust_load(s, a, &trust, e);

	for (size_t i = 0; i < n; i++) {
		ones[i].call.trust = &trust;
		ones[i].why = arena_new(a, struct err);
		err_clear(ones[i].why);
	}
	while (r == 0 && started < MIN(n, (size_t)LOOK_THREADS)) {
		struct worker *w = &workers[started];

		w->many = &m;
		arena_init(&w->arena, 0);
		arena_defer(a, free_worker, w);
		r = thread_start(&w->thread, "look", STACK, work, w, e);
		started += r == 0;
	}
	for (size_t i = 0; i < started; i++)
		pthread_join(workers[i].thread, NULL);
	if (atomic_load(&s->stopping))
		return err_set(e, E_DRAINING, "the service is stopping");
	if (!started)
		return r;
	err_clear(e);
	return our_fault(ones, n, e);
}
