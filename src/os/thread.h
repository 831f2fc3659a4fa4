/* SPDX-License-Identifier: Apache-2.0 */
/* Threads of the house: named, with a stated stack, blind to signals. */
#pragma once

#include <pthread.h>

#include "base/err.h"

/* name: at most 15 characters. stack: bytes, 0 for 256 kB. All signals are blocked in it.
 * E_INTERNAL. */
int thread_start(pthread_t *ret, const char *name, size_t stack, void *(*fn)(void *), void *arg,
	struct err *e) CHECKED;
/* A condition variable whose deadlines are of the monotonic clock. */
void thread_cond_init(pthread_cond_t *c);
/* Waits until signalled (or spuriously) or until the monotonic time; false when that time has come.
 */
bool thread_cond_until(pthread_cond_t *c, pthread_mutex_t *m, int64_t deadline_ms);
