/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An arena holds everything of one lifetime (a request, a job's step, a configuration) and frees it at once.
 * Out of memory aborts: every input has a cap at birth, so what is asked here is bounded.
 * Thread: an arena belongs to one thread at a time.
 */
#pragma once

#include <stdarg.h>

#include "base/str.h"

struct arena_chunk;
struct arena_deferred;

struct arena {
	struct arena_chunk *chunks;
	struct arena_deferred *deferred;
	size_t used, limit; /* bytes handed out; 0 = no limit */
	bool wipe; /* secrets may be in it: its bytes are wiped before they are freed */
};

/* limit: more than so many bytes in all is a bug of the caller's caps and aborts; 0 = none. */
void arena_init(struct arena *a, size_t limit);
/* Runs the deferred functions, newest first, and frees all. The arena may be used again. */
void arena_done(struct arena *a);
#define ARENA(name) CLEANUP(arena_done) struct arena name = {0}

/* Zeroed, aligned for any type; never NULL, also for n = 0. */
void *arena_alloc(struct arena *a, size_t n);
void *arena_array(struct arena *a, size_t n, size_t size);
#define arena_new(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define arena_new_n(a, n, type) ((type *)arena_array((a), (n), sizeof(type)))
/* Copies; the text copies are NUL-terminated behind their end. */
void *arena_copy(struct arena *a, const void *p, size_t n);
struct str arena_str(struct arena *a, struct str s);
struct blob arena_blob(struct arena *a, struct blob b);
const char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap) PRINTF(2, 0);
/* fn(p) runs when the arena ends: for things that live outside of it. */
void arena_defer(struct arena *a, void (*fn)(void *), void *p);
