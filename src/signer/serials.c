/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/serials.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/rand.h"
#include "signer/window.h"

#define TABLE_FIRST 64

/* Packed: a busy CA keeps a million of them. */
struct entry {
	uint8_t serial[SERIAL_LEN]; /* [0] is never zero in a serial: zero marks a free slot */
	uint8_t hash[32];
};
_Static_assert(sizeof(struct entry) == SERIAL_LEN + 32, "no padding");

/* All serials of one hour, by open addressing. The core chooses the serials: the place depends on a
 * random key. */
struct hour {
	struct hour *next;
	int64_t number; /* hours since 1970 */
	struct entry *slots;
	size_t n, size; /* size: a power of two */
};

struct serials {
	pthread_mutex_t lock; /* all below */
	struct hour *hours;
	uint64_t k;
};

struct serials *
serials_new(void)
{
	struct serials *s = calloc(1, sizeof(*s));

	BUG_ON(!s);
	pthread_mutex_init(&s->lock, NULL);
	s->k = rand_u64();
	return s;
}

static struct hour *
hour_free(struct hour *h)
{
	struct hour *next = h->next;

	free(h->slots);
	free(h);
	return next;
}

struct serials *
serials_free(struct serials *s)
{
	if (!s)
		return NULL;
	while (s->hours)
		s->hours = hour_free(s->hours);
	pthread_mutex_destroy(&s->lock);
	free(s);
	return NULL;
}

int64_t
serials_since(int64_t now_ms)
{
	return now_ms - window_ms(now_ms);
}

static uint64_t
mix(const struct serials *s, const uint8_t serial[SERIAL_LEN])
{
	uint64_t w[2], h;

	memcpy(&w[0], serial + 1, 8);
	memcpy(&w[1], serial + 9, 8);
	h = (w[0] ^ s->k) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ h >> 32 ^ w[1] ^ serial[0]) * UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 29;
}

/* The serial's slot, or the free one where it would stand. */
static struct entry *
find(const struct serials *s, const struct hour *h, const uint8_t serial[SERIAL_LEN])
{
	for (size_t i = mix(s, serial) & (h->size - 1);; i = (i + 1) & (h->size - 1)) {
		struct entry *en = &h->slots[i];

		if (en->serial[0] == 0 || memcmp(en->serial, serial, SERIAL_LEN) == 0)
			return en;
	}
}

static void
grow(const struct serials *s, struct hour *h)
{
	struct entry *old = h->slots;
	size_t old_size = h->size;

	h->size = old_size ? old_size * 2 : TABLE_FIRST;
	h->slots = calloc(h->size, sizeof(*h->slots));
	BUG_ON(!h->slots);
	for (size_t i = 0; i < old_size; i++) {
		if (old[i].serial[0])
			*find(s, h, old[i].serial) = old[i];
	}
	free(old);
}

/* The hour's table, made when it is missing; those that have left the window are dropped on the
 * way. */
static struct hour *
hour_of(struct serials *s, int64_t number, int64_t oldest)
{
	struct hour **at = &s->hours, *found = NULL;

	while (*at) {
		if ((*at)->number < oldest) {
			*at = hour_free(*at);
			continue;
		}
		if ((*at)->number == number)
			found = *at;
		at = &(*at)->next;
	}
	if (!found) {
		found = calloc(1, sizeof(*found));
		BUG_ON(!found);
		found->number = number;
		found->next = s->hours;
		s->hours = found;
	}
	return found;
}

static int
note(struct serials *s, const uint8_t serial[SERIAL_LEN], const uint8_t hash[32], int64_t oldest)
{
	struct hour *h = hour_of(s, serial_time_ms(serial) / MS_HOUR, oldest);
	struct entry *en;

	if ((h->n + 1) * 4 > h->size * 3)
		grow(s, h);
	en = find(s, h, serial);
	if (en->serial[0])
		return memcmp(en->hash, hash, sizeof(en->hash)) == 0 ? 0 : E_SERIAL_REUSED;
	memcpy(en->serial, serial, SERIAL_LEN);
	memcpy(en->hash, hash, sizeof(en->hash));
	h->n++;
	return 0;
}

int
serials_fresh(const uint8_t serial[SERIAL_LEN], int64_t now_ms, struct err *e)
{
	int64_t t = serial_time_ms(serial);

	if (t < serials_since(now_ms))
		return err_set(e, E_SERIAL_STALE, "the serial was made %lld s ago",
			(long long)((now_ms - t) / MS_SECOND));
	if (t > now_ms + WINDOW_SKEW_MS)
		return err_set(e, E_LIMIT_REFUSED, "the serial was made %lld s in the future",
			(long long)((t - now_ms) / MS_SECOND));
	return 0;
}

int
serials_note(struct serials *s, const uint8_t serial[SERIAL_LEN], const uint8_t hash[32],
	int64_t now_ms, struct err *e)
{
	int r;

	BUG_ON(serial[0] == 0);
	pthread_mutex_lock(&s->lock);
	r = note(s, serial, hash, serials_since(now_ms) / MS_HOUR);
	pthread_mutex_unlock(&s->lock);
	return r < 0 ? err_set(e, r, "the serial was used for another certificate") : 0;
}

size_t
serials_count(struct serials *s)
{
	size_t n = 0;

	pthread_mutex_lock(&s->lock);
	for (struct hour *h = s->hours; h; h = h->next)
		n += h->n;
	pthread_mutex_unlock(&s->lock);
	return n;
}
