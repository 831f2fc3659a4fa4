/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>

#define CHUNK_FIRST 4096
#define CHUNK_MAX (256 * 1024)
#define ALIGN 16

struct arena_chunk {
	struct arena_chunk *next;
	size_t size, used;
	_Alignas(ALIGN) uint8_t bytes[];
};

struct arena_deferred {
	struct arena_deferred *next;
	void (*fn)(void *);
	void *p;
};

void
arena_init(struct arena *a, size_t limit)
{
	*a = (struct arena){.limit = limit};
}

void
arena_done(struct arena *a)
{
	struct arena_chunk *c = a->chunks, *next;

	/* The list of deferred functions lives in the chunks: run it before they go. */
	for (struct arena_deferred *d = a->deferred; d; d = d->next)
		d->fn(d->p);
	for (; c; c = next) {
		next = c->next;
		if (a->wipe)
			explicit_bzero(c->bytes, c->used);
		free(c);
	}
	a->chunks = NULL;
	a->deferred = NULL;
	a->used = 0;
}

static struct arena_chunk *
chunk_add(struct arena *a, size_t need)
{
	size_t size = a->chunks ? MIN(a->chunks->size * 2, (size_t)CHUNK_MAX) : CHUNK_FIRST;
	struct arena_chunk *c;

	size = MAX(size, need);
	c = malloc(sizeof(*c) + size);
	if (!c)
		BUG("out of memory");
	c->size = size;
	c->used = 0;
	c->next = a->chunks;
	a->chunks = c;
	return c;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	struct arena_chunk *c = a->chunks;
	size_t need;
	void *p;

	BUG_ON(n > SIZE_MAX / 2);
	need = (MAX(n, (size_t)1) + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	a->used += need;
	BUG_ON(a->limit && a->used > a->limit);
	if (!c || c->size - c->used < need)
		c = chunk_add(a, need);
	p = c->bytes + c->used;
	c->used += need;
	return memset(p, 0, need);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;

	BUG_ON(__builtin_mul_overflow(n, size, &bytes));
	return arena_alloc(a, bytes);
}

void *
arena_copy(struct arena *a, const void *p, size_t n)
{
	uint8_t *to = arena_alloc(a, n + 1);

	if (n)
		memcpy(to, p, n);
	return to;
}

struct str
arena_str(struct arena *a, struct str s)
{
	return s.p ? (struct str){arena_copy(a, s.p, s.n), s.n} : s;
}

struct blob
arena_blob(struct arena *a, struct blob b)
{
	return b.p ? (struct blob){arena_copy(a, b.p, b.n), b.n} : b;
}

const char *
arena_cstr(struct arena *a, struct str s)
{
	return arena_copy(a, s.p, s.n);
}

struct str
arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	int n;
	char *p;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	BUG_ON(n < 0);
	p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct str){p, (size_t)n};
}

struct str
arena_printf(struct arena *a, const char *fmt, ...)
{
	struct str s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}

void
arena_defer(struct arena *a, void (*fn)(void *), void *p)
{
	struct arena_deferred *d = arena_new(a, struct arena_deferred);

	d->fn = fn;
	d->p = p;
	d->next = a->deferred;
	a->deferred = d;
}
