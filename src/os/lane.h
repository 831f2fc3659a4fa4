/* SPDX-License-Identifier: Apache-2.0 */
/* A worker lane: a fixed number of threads with small stacks and a bounded queue, running
 * straight-line blocking code. */
#pragma once

#include "base/err.h"

struct lane;

struct lane_conf {
	const char *name; /* at most 15 characters: the threads' name */
	unsigned threads;
	size_t stack;	    /* bytes */
	unsigned queue_max; /* jobs waiting; more are refused */
	int nice;	    /* added to the threads' priority: what must not delay others gets 10 */
};

/* The threads are started here: call before the sandbox is sealed. */
int lane_new(const struct lane_conf *conf, struct lane **ret, struct err *e) CHECKED;
/* Hands a job over; false when the lane is full or draining (answer 503). Any thread. */
bool lane_post(struct lane *l, void (*fn)(void *arg), void *arg);
/* Takes no more jobs, finishes those taken, joins the threads, frees. Takes NULL; returns NULL. */
struct lane *lane_drain(struct lane *l);
void lane_stats(struct lane *l, unsigned *ret_waiting, unsigned *ret_running);
