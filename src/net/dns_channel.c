/* SPDX-License-Identifier: Apache-2.0 */
#include "net/dns_priv.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

/* How soon a waiting one sees dns_stop(). */
#define SLICE_MS 100

/* Two hold it: the asker, and the library until it has called back. */
struct dns_question {
	struct dns_channel *ch;
	unsigned refs;
	bool done;
	int id, err;
	struct ub_result *result;
};

void
dns_cond_init(pthread_cond_t *c)
{
	pthread_condattr_t attr;

	BUG_ON(pthread_condattr_init(&attr) != 0);
	BUG_ON(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) != 0);
	BUG_ON(pthread_cond_init(c, &attr) != 0);
	pthread_condattr_destroy(&attr);
}

void
dns_cond_wait(pthread_cond_t *c, pthread_mutex_t *m, int64_t deadline_ms)
{
	struct timespec ts = {.tv_sec = deadline_ms / 1000, .tv_nsec = (deadline_ms % 1000) * 1000000};

	pthread_cond_timedwait(c, m, &ts);
}

/* The zones that the library would answer by itself (RFC 6761, 6303 and others): a private issuer's names live in
 * them, and the operator's own servers have the word. Only removing them works, the options do nothing. */
static void
remove_local_zones(struct ub_ctx *ub)
{
	static const char *const zones[] = {
		"localhost.", "test.", "invalid.", "onion.", "home.arpa.", "alt.", "local.", "internal.", "resolver.arpa.",
		"service.arpa.", "ipv4only.arpa.", "127.in-addr.arpa.", "10.in-addr.arpa.", "168.192.in-addr.arpa.",
		"254.169.in-addr.arpa.", "0.in-addr.arpa.", "2.0.192.in-addr.arpa.", "100.51.198.in-addr.arpa.",
		"113.0.203.in-addr.arpa.", "255.255.255.255.in-addr.arpa.", "d.f.ip6.arpa.", "8.e.f.ip6.arpa.",
		"9.e.f.ip6.arpa.", "a.e.f.ip6.arpa.", "b.e.f.ip6.arpa.", "8.b.d.0.1.0.0.2.ip6.arpa.",
		"0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
		"1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
	};
	char name[32];

	for (size_t i = 0; i < ARRAY_LEN(zones); i++)
		(void)ub_ctx_zone_remove(ub, zones[i]);
	for (unsigned i = 16; i < 32; i++) {
		snprintf(name, sizeof(name), "%u.172.in-addr.arpa.", i);
		(void)ub_ctx_zone_remove(ub, name);
	}
	for (unsigned i = 64; i < 128; i++) {
		snprintf(name, sizeof(name), "%u.100.in-addr.arpa.", i);
		(void)ub_ctx_zone_remove(ub, name);
	}
}

/* Nothing is read from /etc: no resolv.conf, no hosts, no unbound.conf. */
static int
configure(struct ub_ctx *ub, const struct dns_setup *s, int cache_s)
{
	char seconds[16];
	int r = ub_ctx_debugout(ub, NULL); /* the library would write to standard error */

	snprintf(seconds, sizeof(seconds), "%d", cache_s);
	if (r == 0)
		r = ub_ctx_async(ub, 1);
	if (r == 0)
		r = ub_ctx_set_option(ub, "cache-max-ttl:", seconds);
	if (r == 0)
		r = ub_ctx_set_option(ub, "cache-max-negative-ttl:", seconds);
	/* no telling the root which anchor we have (RFC 8145): a question more for every fresh context */
	if (r == 0)
		r = ub_ctx_set_option(ub, "trust-anchor-signaling:", "no");
	if (r == 0 && s->forward)
		r = ub_ctx_set_fwd(ub, s->forward);
	if (r == 0 && s->forward_loopback)
		r = ub_ctx_set_option(ub, "do-not-query-localhost:", "no");
	for (unsigned i = 0; r == 0 && i < s->n_anchors; i++)
		r = ub_ctx_add_ta(ub, s->anchors[i]);
	return r;
}

int
dns_channel_init(struct dns_channel *ch, const struct dns_setup *s, int cache_s, struct err *e)
{
	struct ub_ctx *ub = ub_ctx_create();
	int r;

	if (!ub)
		return err_set(e, E_BUSY, "the resolver library has no room for another context");
	r = configure(ub, s, cache_s);
	/* the first removal makes the settings final and tells whether they are good */
	if (r == 0)
		r = ub_ctx_zone_remove(ub, "localhost.");
	if (r != 0) {
		ub_ctx_delete(ub);
		return err_set(e, E_CONFIG, "the resolver library refuses its settings: %s", ub_strerror(r));
	}
	remove_local_zones(ub);
	*ch = (struct dns_channel){.setup = s, .ub = ub};
	BUG_ON(pthread_mutex_init(&ch->lock, NULL) != 0);
	dns_cond_init(&ch->changed);
	return 0;
}

void
dns_channel_done(struct dns_channel *ch)
{
	ub_ctx_delete(ch->ub);
	pthread_cond_destroy(&ch->changed);
	pthread_mutex_destroy(&ch->lock);
}

/* The channel's lock is held. */
static void
unref(struct dns_question *q)
{
	if (--q->refs > 0)
		return;
	ub_resolve_free(q->result);
	free(q);
}

static void
answered(void *arg, int err, struct ub_result *result)
{
	struct dns_question *q = arg;
	struct dns_channel *ch = q->ch;

	pthread_mutex_lock(&ch->lock);
	q->done = true;
	q->err = err;
	q->result = result;
	unref(q);
	pthread_cond_broadcast(&ch->changed);
	pthread_mutex_unlock(&ch->lock);
}

struct dns_question *
dns_question_start(struct dns_channel *ch, const char *name, int type)
{
	struct dns_question *q = calloc(1, sizeof(*q));

	BUG_ON(!q);
	q->ch = ch;
	q->refs = 2;
	if (ub_resolve_async(ch->ub, name, type, 1, q, answered, &q->id) == 0)
		return q;
	free(q);
	return NULL;
}

static void
lead(struct dns_channel *ch, int64_t deadline_ms)
{
	struct pollfd p = {.fd = ub_fd(ch->ub), .events = POLLIN};
	int64_t left = deadline_ms - clock_mono_ms();

	if (poll(&p, 1, (int)MAX(left, 0)) > 0)
		(void)ub_process(ch->ub);
}

struct ub_result *
dns_question_end(struct dns_question *q, int64_t deadline_ms, int *ret_err)
{
	struct dns_channel *ch = q->ch;
	struct ub_result *result;

	pthread_mutex_lock(&ch->lock);
	while (!q->done && clock_mono_ms() < deadline_ms && !atomic_load(&ch->setup->stopped)) {
		int64_t slice_ms = MIN(deadline_ms, clock_mono_ms() + SLICE_MS);

		if (ch->led) {
			dns_cond_wait(&ch->changed, &ch->lock, slice_ms);
			continue;
		}
		ch->led = true;
		pthread_mutex_unlock(&ch->lock);
		lead(ch, slice_ms);
		pthread_mutex_lock(&ch->lock);
		ch->led = false;
		pthread_cond_broadcast(&ch->changed);
	}
	/* a cancelled question is not called back; where cancelling comes too late, the call is under way */
	if (!q->done) {
		pthread_mutex_unlock(&ch->lock);
		bool cancelled = ub_cancel(ch->ub, q->id) == 0;

		pthread_mutex_lock(&ch->lock);
		if (cancelled && !q->done)
			unref(q);
	}
	result = q->result;
	q->result = NULL;
	*ret_err = q->err;
	unref(q);
	pthread_mutex_unlock(&ch->lock);
	return result;
}
