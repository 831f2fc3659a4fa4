/* SPDX-License-Identifier: Apache-2.0 */
/* The inside of dns: libunbound contexts and the questions under way in them. Only net/dns*.c include this. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <unbound.h>

#include "net/dns.h"

/* What every context is made with. */
struct dns_setup {
	char *forward; /* "A@P", or NULL: from the root */
	bool forward_loopback;
	char **anchors; /* one record a line, master file form */
	unsigned n_anchors;
	atomic_bool stopped; /* dns_stop() */
};

/* One context with its own cache and its own thread inside the library. Thread-safe: whoever waits first reads the
 * library's pipe for all (leader), so that no thread of ours is needed. */
struct dns_channel {
	const struct dns_setup *setup;
	struct ub_ctx *ub;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool led;
};

struct dns {
	struct arena arena;
	struct dns_setup setup;
	struct dns_channel shared;
	/* places for sessions */
	pthread_mutex_t lock;
	pthread_cond_t freed;
	unsigned places;
};

struct dns_session {
	struct dns *dns;
	struct dns_channel ch;
};

struct dns_question;

/* E_CONFIG when the set-up is at fault. cache_s: the longest time that anything is kept. */
int dns_channel_init(struct dns_channel *ch, const struct dns_setup *s, int cache_s, struct err *e) CHECKED;
/* No question may be under way. */
void dns_channel_done(struct dns_channel *ch);
/* NULL when the library has no room. */
struct dns_question *dns_question_start(struct dns_channel *ch, const char *name, int type);
/* Waits until the monotonic deadline; the result (the caller's) or NULL, *ret_err then is libunbound's or 0 for a
 * timeout. Ends and frees the question in any case. */
struct ub_result *dns_question_end(struct dns_question *q, int64_t deadline_ms, int *ret_err);

/* pthread_cond_timedwait by the monotonic clock; the condition was made by dns_cond_init(). */
void dns_cond_init(pthread_cond_t *c);
void dns_cond_wait(pthread_cond_t *c, pthread_mutex_t *m, int64_t deadline_ms);

/* Reads trust anchors (DNSKEY and DS records in master file form; comments, parentheses). E_CONFIG. */
int dns_anchors_read(struct str text, const char *file, struct arena *a, struct str **ret, unsigned *ret_n,
	struct err *e) CHECKED;
