/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing run of bytes whose cap is stated at birth. Going over the cap drops the rest and sets `over`:
 * the writer writes on and the owner asks once at the end. Out of memory aborts.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

struct buf {
	uint8_t *p;
	size_t n, size, max;
	bool over;
};

/* Takes no memory before the first byte. */
void buf_init(struct buf *b, size_t max);
/* Frees; the buffer may be used again with the same cap. */
void buf_done(struct buf *b);
/* The same, wiping the bytes first. */
void buf_done_secret(struct buf *b);
#define BUF(name, cap) CLEANUP(buf_done) struct buf name = {.max = (cap)}

void buf_clear(struct buf *b);
void buf_put(struct buf *b, const void *p, size_t n);
void buf_put_blob(struct buf *b, struct blob s);
void buf_put_str(struct buf *b, struct str s);
void buf_put_c(struct buf *b, const char *c);
void buf_put_u8(struct buf *b, uint8_t v);
/* Big endian. */
void buf_put_u16(struct buf *b, uint16_t v);
void buf_put_u32(struct buf *b, uint32_t v);
void buf_put_u64(struct buf *b, uint64_t v);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* Room for n bytes at the end, not counted in until buf_added(); NULL when over the cap. */
uint8_t *buf_reserve(struct buf *b, size_t n);
void buf_added(struct buf *b, size_t n);

static inline struct blob
buf_blob(const struct buf *b)
{
	return (struct blob){b->p, b->n};
}

static inline struct str
buf_str(const struct buf *b)
{
	return (struct str){(const char *)b->p, b->n};
}
