/* SPDX-License-Identifier: Apache-2.0 */
#include "bench.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "base/defs.h"

#define CROWD_MAX 256

void
figure(const char *name, double value, const char *unit, const char *peer, double peer_value, const char *promised)
{
	printf("figure\t%s\t%.6g\t%s\t%s\t%.6g\t%s\n", name, value, unit, peer ? peer : "", peer_value,
		promised ? promised : "");
	fflush(stdout);
}

void
fact(const char *name, const char *fmt, ...)
{
	va_list ap;

	printf("fact\t%s\t", name);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
}

double
now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

double
cpu_s(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
percentile(double *v, size_t n, double percent)
{
	BUG_ON(n == 0);
	qsort(v, n, sizeof(*v), compare);
	return v[MIN((size_t)(percent / 100 * (double)n), n - 1)];
}

struct crowd {
	_Atomic size_t next;
	size_t n;
	void (*fn)(void *arg, size_t i);
	void *arg;
};

static void *
crowd_main(void *arg)
{
	struct crowd *c = arg;

	for (size_t i; (i = atomic_fetch_add(&c->next, 1)) < c->n;)
		c->fn(c->arg, i);
	return NULL;
}

void
crowd(const char *name, unsigned threads, size_t n, void (*fn)(void *arg, size_t i), void *arg)
{
	struct crowd c = {.n = n, .fn = fn, .arg = arg};
	pthread_t ids[CROWD_MAX];

	BUG_ON(threads > CROWD_MAX);
	for (unsigned i = 0; i < threads; i++)
		BUG_ON(pthread_create(&ids[i], NULL, crowd_main, &c) != 0 || pthread_setname_np(ids[i], name) != 0);
	for (unsigned i = 0; i < threads; i++)
		pthread_join(ids[i], NULL);
}
