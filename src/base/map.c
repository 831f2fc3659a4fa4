/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <stdlib.h>

#include "base/rand.h"

struct map_slot {
	uint64_t hash;
	uint8_t *key; /* NULL: free */
	size_t n;
	void *value;
};

static uint64_t
rotl(uint64_t v, int n)
{
	return v << n | v >> (64 - n);
}

static void
sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotl(v[1], 13) ^ v[0];
	v[0] = rotl(v[0], 32);
	v[2] += v[3];
	v[3] = rotl(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotl(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotl(v[1], 17) ^ v[2];
	v[2] = rotl(v[2], 32);
}

/* SipHash-1-3. */
static uint64_t
sip(const struct map *m, struct blob b)
{
	uint64_t v[4] = {m->k0 ^ 0x736f6d6570736575, m->k1 ^ 0x646f72616e646f6d,
		m->k0 ^ 0x6c7967656e657261, m->k1 ^ 0x7465646279746573};
	uint64_t word = 0;
	size_t i;

	for (i = 0; i + 8 <= b.n; i += 8) {
		memcpy(&word, b.p + i, 8);
		v[3] ^= word;
		sip_round(v);
		v[0] ^= word;
	}
	word = (uint64_t)b.n << 56;
	for (size_t k = 0; i + k < b.n; k++)
		word |= (uint64_t)b.p[i + k] << (8 * k);
	v[3] ^= word;
	sip_round(v);
	v[0] ^= word;
	v[2] ^= 0xff;
	for (int k = 0; k < 3; k++)
		sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void
map_init(struct map *m)
{
	*m = (struct map){.k0 = rand_u64(), .k1 = rand_u64()};
}

void
map_done(struct map *m)
{
	for (size_t i = 0; i < m->size; i++)
		free(m->slots[i].key);
	free(m->slots);
	*m = (struct map){0};
}

/* The slot of the key, or the free one where it would stand. */
static struct map_slot *
find(const struct map *m, struct blob key, uint64_t hash)
{
	for (size_t i = hash & (m->size - 1);; i = (i + 1) & (m->size - 1)) {
		struct map_slot *s = &m->slots[i];

		if (!s->key || (s->hash == hash && blob_eq(BLOB(s->key, s->n), key)))
			return s;
	}
}

static void
grow(struct map *m)
{
	struct map_slot *old = m->slots;
	size_t old_size = m->size;

	m->size = old_size ? old_size * 2 : 16;
	m->slots = calloc(m->size, sizeof(*m->slots));
	if (!m->slots)
		BUG("out of memory");
	for (size_t i = 0; i < old_size; i++) {
		if (old[i].key)
			*find(m, BLOB(old[i].key, old[i].n), old[i].hash) = old[i];
	}
	free(old);
}

void *
map_get(const struct map *m, struct blob key)
{
	const struct map_slot *s;

	if (m->n == 0)
		return NULL;
	s = find(m, key, sip(m, key));
	return s->key ? s->value : NULL;
}

void *
map_put(struct map *m, struct blob key, void *value)
{
	uint64_t hash = sip(m, key);
	struct map_slot *s;
	void *old;

	BUG_ON(!value);
	if ((m->n + 1) * 4 > m->size * 3)
		grow(m);
	s = find(m, key, hash);
	old = s->key ? s->value : NULL;
	if (!s->key) {
		s->key = malloc(key.n + 1);
		if (!s->key)
			BUG("out of memory");
		if (key.n)
			memcpy(s->key, key.p, key.n);
		s->n = key.n;
		s->hash = hash;
		m->n++;
	}
	s->value = value;
	return old;
}

void *
map_del(struct map *m, struct blob key)
{
	struct map_slot *s;
	void *value;
	size_t hole;

	if (m->n == 0)
		return NULL;
	s = find(m, key, sip(m, key));
	if (!s->key)
		return NULL;
	value = s->value;
	free(s->key);
	*s = (struct map_slot){0};
	m->n--;
	/* Close the hole: entries behind it that wanted a place at or before it move up. */
	hole = (size_t)(s - m->slots);
	for (size_t i = (hole + 1) & (m->size - 1); m->slots[i].key; i = (i + 1) & (m->size - 1)) {
		size_t want = m->slots[i].hash & (m->size - 1);

		if (((i - want) & (m->size - 1)) >= ((i - hole) & (m->size - 1))) {
			m->slots[hole] = m->slots[i];
			m->slots[i] = (struct map_slot){0};
			hole = i;
		}
	}
	return value;
}

bool
map_next(const struct map *m, size_t *it, struct blob *ret_key, void **ret_value)
{
	for (; *it < m->size; (*it)++) {
		const struct map_slot *s = &m->slots[*it];

		if (s->key) {
			*ret_key = BLOB(s->key, s->n);
			*ret_value = s->value;
			(*it)++;
			return true;
		}
	}
	return false;
}
