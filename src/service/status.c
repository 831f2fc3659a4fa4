/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP answers and CRLs in memory: signed at the first question, dropped at a revocation, made anew in time. */
#include "service/status_priv.h"

#include <stdlib.h>
#include <time.h>

#include "crypto/cert.h"

/* Between two tries while lists cannot be made. */
#define PAUSE_FIRST_MS 100
#define PAUSE_MAX_MS 3200

struct shared_blob *
shared_blob_new(const void *p, size_t n, int64_t made_ms, int64_t refresh_ms, int64_t expires_ms)
{
	struct shared_blob *b = malloc(sizeof(*b) + n);

	if (!b)
		BUG("out of memory");
	atomic_init(&b->refs, 1);
	/* the database's clock may be ahead of this one: what it made just now is no older clock's */
	b->made_ms = MIN(made_ms, clock_wall_ms());
	b->refresh_ms = refresh_ms;
	b->expires_ms = expires_ms;
	b->n = n;
	memcpy(b->bytes, p, n);
	return b;
}

struct shared_blob *
shared_blob_ref(struct shared_blob *b)
{
	atomic_fetch_add(&b->refs, 1);
	return b;
}

void
shared_blob_unref(void *p)
{
	struct shared_blob *b = p;

	if (b && atomic_fetch_sub(&b->refs, 1) == 1)
		free(b);
}

struct blob
shared_blob_bytes(const struct shared_blob *b)
{
	return BLOB(b->bytes, b->n);
}

int64_t
shared_blob_expires_ms(const struct shared_blob *b)
{
	return b->expires_ms;
}

int64_t
shared_blob_made_ms(const struct shared_blob *b)
{
	return b->made_ms;
}

bool
shared_blob_fresh(const struct shared_blob *b, int64_t now_ms)
{
	return now_ms >= b->made_ms && now_ms < b->refresh_ms;
}

/* -- CRLs */

struct build {
	struct svc *s;
	const struct ca_issuer *is;
	unsigned shard;
	int64_t now, number;
	struct crl_writer *w;
};

/* A root lists CAs alone. */
static int64_t
list_validity(const struct build *t)
{
	return policy_value(t->is->parent ? "crl-validity" : "crl-ca-validity", t->now);
}

static int
number_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct build *t = arg;
	struct row_issuer_next_crl row;
	int r = q_issuer_next_crl(tx, t->is->id, tx->arena, &row, e);

	t->number = row.crl_number;
	t->now = tx->now_ms;
	return r == 0 ? err_set(e, E_ISSUER_UNKNOWN, "issuer %lld has gone", (long long)t->is->id) : MIN(r, 0);
}

static void
drop_writer(struct build *t)
{
	ERR(ignored);

	/* Without a signature it only frees, which cannot fail. */
	if (t->w && crl_end(t->w, NULL, NULL, NULL, &ignored) < 0)
		BUG("a CRL writer is not freed");
	t->w = NULL;
}

static int
add_entry(void *arg, const struct row_revoked *row, struct err *e)
{
	struct build *t = arg;

	(void)e;
	crl_add(t->w, &(struct crl_entry){row->serial, row->revoked_ms, (int)row->reason});
	return 0;
}

static int
entries_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct build *t = arg;
	int64_t validity = list_validity(t);
	int r = 0;

	/* A body may run twice: start over. */
	drop_writer(t);
	r = crl_begin(t->is, t->shard, t->number, t->now, t->now + validity, &t->w, e);
	/* Expired certificates stay on one more list (RFC 5280 3.3). */
	if (r == 0)
		r = q_certificate_revoked(tx, t->is->id, t->shard, t->now - validity, add_entry, t, e);
	return MIN(r, 0);
}

static int
build_crl(struct svc *s, const struct ca_issuer *is, unsigned shard, struct shared_blob **ret, struct err *e)
{
	ARENA(a);
	struct build t = {.s = s, .is = is, .shard = shard};
	struct blob tbs, sig;
	uint8_t *der = NULL;
	size_t n = 0;
	int r = svc_write(s, number_body, &t, e);

	if (r == 0)
		r = svc_read(s, entries_body, &t, e);
	if (r == 0)
		r = crl_tbs(t.w, &tbs, e);
	if (r == 0)
		r = signer_sign_crl(s->conf.signer, is->name, tbs, &a, &sig, e);
	if (r == 0)
		r = key_verify(is->key, tbs, sig, e);
	if (r < 0) {
		drop_writer(&t);
		return r;
	}
	r = crl_end(t.w, &sig, &der, &n, e);
	if (r < 0)
		return r;
	*ret = shared_blob_new(der, n, t.now, t.now + policy_value(is->parent ? "crl-refresh" : "crl-ca-refresh", t.now),
		t.now + list_validity(&t));
	free(der);
	return 0;
}

static struct crl_slot *
slot_of(struct status_cache *c, int64_t issuer, unsigned shard)
{
	for (size_t i = 0; i < c->n_slots; i++) {
		if (c->slots[i].issuer->id == issuer && c->slots[i].shard == shard)
			return &c->slots[i];
	}
	return NULL;
}

/* One builder at a time; the dirty mark is taken off before reading, so that a revocation meanwhile marks it again. */
static int
refresh(struct svc *s, struct crl_slot *slot, struct err *e)
{
	struct status_cache *c = s->status;
	struct shared_blob *fresh = NULL, *old;
	bool needed;
	int r = 0;

	pthread_mutex_lock(&c->build);
	pthread_mutex_lock(&c->lock);
	needed = slot->dirty || !slot->crl || !shared_blob_fresh(slot->crl, clock_wall_ms());
	slot->dirty = false;
	pthread_mutex_unlock(&c->lock);
	if (needed)
		r = build_crl(s, slot->issuer, slot->shard, &fresh, e);
	pthread_mutex_lock(&c->lock);
	old = slot->crl;
	if (fresh)
		slot->crl = fresh;
	else
		old = NULL;
	if (r < 0)
		slot->dirty = true;
	pthread_mutex_unlock(&c->lock);
	pthread_mutex_unlock(&c->build);
	shared_blob_unref(old);
	return r;
}

struct shared_blob *
status_crl_fast(struct svc *s, struct str issuer, unsigned shard)
{
	struct status_cache *c = s->status;
	struct ca_issuer *is = issuer_by_name(s, issuer);
	struct shared_blob *b = NULL;
	struct crl_slot *slot;

	if (!is)
		return NULL;
	pthread_mutex_lock(&c->lock);
	slot = slot_of(c, is->id, shard);
	/* A dirty one is handed out while its successor is being built: it was true a moment ago. */
	if (slot && slot->crl && clock_wall_ms() < slot->crl->expires_ms && clock_wall_ms() >= slot->crl->made_ms)
		b = shared_blob_ref(slot->crl);
	pthread_mutex_unlock(&c->lock);
	return b;
}

struct shared_blob *
status_crl_slow(struct svc *s, struct str issuer, unsigned shard)
{
	struct ca_issuer *is = issuer_by_name(s, issuer);
	struct crl_slot *slot = is ? slot_of(s->status, is->id, shard) : NULL;
	ERR(e);

	if (!slot)
		return NULL;
	if (refresh(s, slot, &e) < 0)
		log_err(LOG_ERROR, "crl.failed", &e);
	return status_crl_fast(s, issuer, shard);
}

struct blob
status_aia(struct svc *s, struct str issuer)
{
	struct ca_issuer *is = issuer_by_name(s, issuer);

	return is ? is->cert : (struct blob){NULL, 0};
}

const struct ca_issuer *const *
status_issuers(struct svc *s, size_t *ret_n)
{
	*ret_n = s->n_issuers;
	return (const struct ca_issuer *const *)s->issuers;
}

void
status_revoked(struct svc *s, int64_t issuer, struct blob serial, unsigned shard)
{
	struct status_cache *c = s->status;
	struct crl_slot *slot;

	ocsp_cache_drop(c, issuer, serial);
	pthread_mutex_lock(&c->lock);
	slot = slot_of(c, issuer, shard);
	if (slot)
		slot->dirty = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
}

/* -- the builder's thread: new lists at once after a revocation, and before the old ones run out */

static struct crl_slot *
next_dirty(struct status_cache *c, bool *ret_stop)
{
	struct timespec until;
	struct crl_slot *found = NULL;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec++;
	pthread_mutex_lock(&c->lock);
	for (;;) {
		for (size_t i = 0; i < c->n_slots && !found; i++) {
			struct crl_slot *sl = &c->slots[i];

			if (sl->dirty || (sl->crl && !shared_blob_fresh(sl->crl, clock_wall_ms())))
				found = sl;
		}
		if (found || c->stop)
			break;
		if (pthread_cond_timedwait(&c->wake, &c->lock, &until) != 0)
			break;
	}
	*ret_stop = c->stop;
	pthread_mutex_unlock(&c->lock);
	return found;
}

static void *
builder_main(void *arg)
{
	struct svc *s = arg;
	long pause_ms = PAUSE_FIRST_MS;

	for (;;) {
		struct crl_slot *slot;
		bool stop;
		ERR(e);

		slot = next_dirty(s->status, &stop);
		if (stop)
			return NULL;
		if (slot && refresh(s, slot, &e) < 0) {
			struct timespec pause = {pause_ms / 1000, pause_ms % 1000 * 1000000};

			log_err(LOG_ERROR, "crl.failed", &e);
			nanosleep(&pause, NULL);
			pause_ms = MIN(pause_ms * 2, PAUSE_MAX_MS);
		} else {
			pause_ms = PAUSE_FIRST_MS;
		}
	}
}

void
status_load_issuers(struct svc *s)
{
	struct status_cache *c = s->status;

	pthread_mutex_lock(&c->lock);
	for (size_t i = 0; i < s->n_issuers; i++) {
		for (unsigned k = 0; k < s->issuers[i]->shards; k++) {
			BUG_ON(c->n_slots == ARRAY_LEN(c->slots));
			c->slots[c->n_slots++] = (struct crl_slot){.issuer = s->issuers[i], .shard = k};
		}
	}
	pthread_mutex_unlock(&c->lock);
}

int
status_start(struct svc *s, struct err *e)
{
	struct status_cache *c = calloc(1, sizeof(*c));
	pthread_condattr_t attr;
	pthread_attr_t small;
	int r;

	if (!c)
		BUG("out of memory");
	pthread_mutex_init(&c->lock, NULL);
	pthread_mutex_init(&c->build, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&c->wake, &attr);
	map_init(&c->young);
	map_init(&c->old);
	s->status = c;
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 512 * 1024);
	r = pthread_create(&c->builder, &small, builder_main, s);
	if (r != 0)
		return err_errno(e, E_IO, r, "cannot start the thread that builds CRLs");
	c->running = true;
	return 0;
}

void
status_stop(struct svc *s)
{
	struct status_cache *c = s->status;

	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	c->stop = true;
	pthread_cond_signal(&c->wake);
	pthread_mutex_unlock(&c->lock);
	if (c->running)
		pthread_join(c->builder, NULL);
	for (size_t i = 0; i < c->n_slots; i++)
		shared_blob_unref(c->slots[i].crl);
	ocsp_cache_clear(c);
	map_done(&c->young);
	map_done(&c->old);
	free(c);
	s->status = NULL;
}
