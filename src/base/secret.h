/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bytes that must not leak: in locked pages that stay out of core dumps, wiped when freed, never formatted.
 * There is no function that prints one, on purpose.
 */
#pragma once

#include "base/arena.h"

struct secret {
	uint8_t *p;
	size_t n;
};

/* n zero bytes; NULL is never returned (out of memory aborts). Free with secret_free(). */
struct secret *secret_new(size_t n);
struct secret *secret_copy(struct blob b);
/* As secret_new(), freed with the arena. */
struct secret *arena_secret(struct arena *a, size_t n);
/* Wipes; takes NULL. Returns NULL. */
struct secret *secret_free(struct secret *s);
void secret_freep(struct secret **s);
#define SECRET(name) CLEANUP(secret_freep) struct secret *name = NULL
/* Shortens; the cut bytes are wiped, pages without any byte left are given back. */
void secret_cut(struct secret *s, size_t n);

static inline struct blob
secret_blob(const struct secret *s)
{
	return (struct blob){s->p, s->n};
}

/* Wipes memory of any kind so that the compiler does not drop it. */
void wipe(void *p, size_t n);
