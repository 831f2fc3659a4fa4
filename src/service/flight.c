/* SPDX-License-Identifier: Apache-2.0 */
#include "service/flight.h"

#include <errno.h>
#include <time.h>

#include "base/clock.h"

void
flights_init(struct flights *f)
{
	pthread_condattr_t attr;

	f->n = 0;
	pthread_mutex_init(&f->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&f->landed, &attr);
	pthread_condattr_destroy(&attr);
}

void
flights_done(struct flights *f)
{
	pthread_cond_destroy(&f->landed);
	pthread_mutex_destroy(&f->lock);
}

static size_t
index_of(const struct flights *f, int64_t application)
{
	size_t i = 0;

	while (i < f->n && f->ids[i] != application)
		i++;
	return i;
}

static struct timespec
deadline(int wait_ms)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += wait_ms / 1000;
	t.tv_nsec += wait_ms % 1000 * 1000000L;
	if (t.tv_nsec >= 1000000000L) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000L;
	}
	return t;
}

int
flight_begin(struct flights *f, int64_t application, int wait_ms, struct err *e)
{
	struct timespec until = deadline(wait_ms);
	bool late = false, begun;

	pthread_mutex_lock(&f->lock);
	while (!late && (index_of(f, application) < f->n || f->n == FLIGHTS_MAX))
		late = pthread_cond_timedwait(&f->landed, &f->lock, &until) == ETIMEDOUT;
	begun = index_of(f, application) == f->n && f->n < FLIGHTS_MAX;
	if (begun)
		f->ids[f->n++] = application;
	pthread_mutex_unlock(&f->lock);
	if (begun)
		return 0;
	return err_set(e, E_BUSY, "application %lld is being issued already", (long long)application);
}

void
flight_end(struct flights *f, int64_t application)
{
	size_t i;

	pthread_mutex_lock(&f->lock);
	i = index_of(f, application);
	BUG_ON(i == f->n);
	f->ids[i] = f->ids[--f->n];
	pthread_cond_broadcast(&f->landed);
	pthread_mutex_unlock(&f->lock);
}
