/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

void
db_pool_init(struct db_pool *p, unsigned n)
{
	pthread_condattr_t attr;

	BUG_ON(n == 0 || n > DB_POOL_MAX);
	pthread_mutex_init(&p->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->given, &attr);
	pthread_condattr_destroy(&attr);
	p->n_free = n;
	for (unsigned i = 0; i < n; i++)
		p->free[i] = n - 1 - i;
}

void
db_pool_done(struct db_pool *p)
{
	pthread_cond_destroy(&p->given);
	pthread_mutex_destroy(&p->lock);
}

int
db_pool_take(struct db_pool *p, unsigned *ret, struct err *e)
{
	int64_t until = clock_mono_ms() + DB_WAIT_MS;
	struct timespec ts = {until / 1000, until % 1000 * 1000000};
	int r = 0;

	pthread_mutex_lock(&p->lock);
	while (p->n_free == 0 && r == 0)
		r = pthread_cond_timedwait(&p->given, &p->lock, &ts);
	if (p->n_free) {
		*ret = p->free[--p->n_free];
		r = 0;
	}
	pthread_mutex_unlock(&p->lock);
	if (r == 0)
		return 0;
	err_set(e, E_DB_BUSY, "no connection to the database got free within %d s", DB_WAIT_MS / 1000);
	e->retry_after_s = 1;
	return E_DB_BUSY;
}

void
db_pool_give(struct db_pool *p, unsigned i)
{
	pthread_mutex_lock(&p->lock);
	p->free[p->n_free++] = i;
	pthread_mutex_unlock(&p->lock);
	/* not under the lock, which the woken one takes at once */
	pthread_cond_signal(&p->given);
}

/* Statements are static: their addresses differ in the bits above the alignment. */
static size_t
slot_of(const struct db_cache *c, const struct db_stmt *stmt)
{
	size_t i = (size_t)(((uintptr_t)stmt >> 5) * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (c->size - 1);

	while (c->slots[i].stmt && c->slots[i].stmt != stmt)
		i = (i + 1) & (c->size - 1);
	return i;
}

void *
db_cache_get(const struct db_cache *c, const struct db_stmt *stmt)
{
	return c->size ? c->slots[slot_of(c, stmt)].value : NULL;
}

static void
cache_grow(struct db_cache *c)
{
	struct db_cache old = *c;

	c->size = old.size ? old.size * 2 : 64;
	c->slots = calloc(c->size, sizeof(*c->slots));
	if (!c->slots)
		BUG("out of memory");
	for (size_t i = 0; i < old.size; i++) {
		if (old.slots[i].stmt)
			c->slots[slot_of(c, old.slots[i].stmt)] = old.slots[i];
	}
	free(old.slots);
}

void
db_cache_put(struct db_cache *c, const struct db_stmt *stmt, void *value)
{
	size_t i;

	if (c->n * 2 >= c->size)
		cache_grow(c);
	i = slot_of(c, stmt);
	c->n += !c->slots[i].stmt;
	c->slots[i] = (struct db_cache_slot){stmt, value};
}

void
db_cache_done(struct db_cache *c, void (*drop)(void *value))
{
	for (size_t i = 0; drop && i < c->size; i++) {
		if (c->slots[i].stmt)
			drop(c->slots[i].value);
	}
	free(c->slots);
	*c = (struct db_cache){0};
}
