/* SPDX-License-Identifier: Apache-2.0 */
/* A hash map from bytes to pointers (SipHash with a random key: names from outside cannot make it slow). */
#pragma once

#include "base/str.h"

struct map_slot;
struct map {
	struct map_slot *slots;
	size_t n, size;
	uint64_t k0, k1;
};

void map_init(struct map *m);
/* Frees keys (copied at insertion); values are the caller's. */
void map_done(struct map *m);
void *map_get(const struct map *m, struct blob key);
/* Copies the key. Returns the value that stood there before, or NULL. value must not be NULL. */
void *map_put(struct map *m, struct blob key, void *value);
/* Returns the removed value, or NULL. */
void *map_del(struct map *m, struct blob key);
/* Walks all entries in no order; *it starts at 0. The map must not change meanwhile. */
bool map_next(const struct map *m, size_t *it, struct blob *ret_key, void **ret_value);
