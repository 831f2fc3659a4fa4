/* SPDX-License-Identifier: Apache-2.0 */
#include "os/lane.h"

#include <stdlib.h>
#include <sys/resource.h>

#include "os/thread.h"

struct lane_job {
	void (*fn)(void *arg);
	void *arg;
};

struct lane {
	pthread_mutex_t lock; /* all below */
	pthread_cond_t wake;
	struct lane_job *ring;
	unsigned size, head, waiting, running;
	bool draining;
	int nice;
	unsigned n_threads;
	pthread_t *threads;
};

static void *
worker(void *arg)
{
	struct lane *l = arg;

	/* on Linux this is the thread's alone */
	if (l->nice)
		(void)setpriority(PRIO_PROCESS, 0, l->nice);
	pthread_mutex_lock(&l->lock);
	for (;;) {
		struct lane_job j;

		while (!l->waiting && !l->draining)
			pthread_cond_wait(&l->wake, &l->lock);
		if (!l->waiting)
			break;
		j = l->ring[l->head];
		l->head = (l->head + 1) % l->size;
		l->waiting--;
		l->running++;
		pthread_mutex_unlock(&l->lock);
		j.fn(j.arg);
		pthread_mutex_lock(&l->lock);
		l->running--;
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

int
lane_new(const struct lane_conf *conf, struct lane **ret, struct err *e)
{
	struct lane *l = calloc(1, sizeof(*l));

	BUG_ON(!l || !conf->threads || !conf->queue_max);
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->wake, NULL);
	l->size = conf->queue_max;
	l->nice = conf->nice;
	l->ring = calloc(l->size, sizeof(*l->ring));
	l->threads = calloc(conf->threads, sizeof(*l->threads));
	BUG_ON(!l->ring || !l->threads);
	for (; l->n_threads < conf->threads; l->n_threads++) {
		int r = thread_start(
			&l->threads[l->n_threads], conf->name, conf->stack, worker, l, e);

		if (r < 0) {
			lane_drain(l);
			return r;
		}
	}
	*ret = l;
	return 0;
}

bool
lane_post(struct lane *l, void (*fn)(void *arg), void *arg)
{
	bool taken;

	pthread_mutex_lock(&l->lock);
	taken = !l->draining && l->waiting < l->size;
	if (taken) {
		l->ring[(l->head + l->waiting) % l->size] = (struct lane_job){fn, arg};
		l->waiting++;
		pthread_cond_signal(&l->wake);
	}
	pthread_mutex_unlock(&l->lock);
	return taken;
}

struct lane *
lane_drain(struct lane *l)
{
	if (!l)
		return NULL;
	pthread_mutex_lock(&l->lock);
	l->draining = true;
	pthread_cond_broadcast(&l->wake);
	pthread_mutex_unlock(&l->lock);
	for (unsigned i = 0; i < l->n_threads; i++)
		pthread_join(l->threads[i], NULL);
	pthread_cond_destroy(&l->wake);
	pthread_mutex_destroy(&l->lock);
	free(l->threads);
	free(l->ring);
	free(l);
	return NULL;
}

void
lane_stats(struct lane *l, unsigned *ret_waiting, unsigned *ret_running)
{
	pthread_mutex_lock(&l->lock);
	*ret_waiting = l->waiting;
	*ret_running = l->running;
	pthread_mutex_unlock(&l->lock);
}
