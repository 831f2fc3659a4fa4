/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is being issued right now, by application. The database alone keeps an application from having two certificates;
 * this keeps two threads of one process from making two keys for it, of which one would be thrown away: an RSA key of
 * 4096 bits takes seconds. Thread-safe.
 */
#pragma once

#include <pthread.h>

#include "base/defs.h"
#include "base/err.h"

#define FLIGHTS_MAX 256

struct flights {
	pthread_mutex_t lock;
	pthread_cond_t landed;
	int64_t ids[FLIGHTS_MAX];
	size_t n;
};

void flights_init(struct flights *f);
void flights_done(struct flights *f);
/* Waits until no other thread issues the application. E_BUSY when one still does after wait_ms. */
int flight_begin(struct flights *f, int64_t application, int wait_ms, struct err *e) CHECKED;
void flight_end(struct flights *f, int64_t application);
