/* SPDX-License-Identifier: Apache-2.0 */
#include "os/thread.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <time.h>

#define STACK_DEFAULT ((size_t)256 * 1024)

#ifdef SIGNET_SANITIZED
/* the sanitizers' frames and shadow need more than ours */
#define STACK_LEAST ((size_t)1024 * 1024)
#else
#define STACK_LEAST ((size_t)64 * 1024)
#endif

int
thread_start(pthread_t *ret, const char *name, size_t stack, void *(*fn)(void *), void *arg,
	struct err *e)
{
	pthread_attr_t attr;
	sigset_t all, old;
	int r;

	pthread_attr_init(&attr);
	r = pthread_attr_setstacksize(&attr, MAX(stack ? stack : STACK_DEFAULT, STACK_LEAST));
	BUG_ON(r != 0 || strlen(name) > 15);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = pthread_create(ret, &attr, fn, arg);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	if (r != 0)
		return err_errno(e, E_INTERNAL, r, "could not start the thread \"%s\"", name);
	pthread_setname_np(*ret, name);
	return 0;
}

void
thread_cond_init(pthread_cond_t *c)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(c, &attr);
	pthread_condattr_destroy(&attr);
}

bool
thread_cond_until(pthread_cond_t *c, pthread_mutex_t *m, int64_t deadline_ms)
{
	struct timespec ts = {deadline_ms / 1000, deadline_ms % 1000 * 1000000};

	return pthread_cond_timedwait(c, m, &ts) != ETIMEDOUT;
}
