/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/secret.h"

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){.max = max};
}

void
buf_done(struct buf *b)
{
	free(b->p);
	*b = (struct buf){.max = b->max};
}

void
buf_done_secret(struct buf *b)
{
	if (b->p)
		wipe(b->p, b->size);
	buf_done(b);
}

void
buf_clear(struct buf *b)
{
	b->n = 0;
	b->over = false;
}

/* A buffer may hold a secret: the old memory is wiped instead of being left to realloc(). */
static void
grow(struct buf *b, size_t need)
{
	size_t size = MAX(MAX(b->size * 2, need), (size_t)64);
	uint8_t *p = malloc(size + 1); /* one behind the end for the NUL of buf_printf() */

	if (!p)
		BUG("out of memory");
	if (b->p) {
		memcpy(p, b->p, b->n);
		wipe(b->p, b->size);
		free(b->p);
	}
	b->p = p;
	b->size = size;
}

uint8_t *
buf_reserve(struct buf *b, size_t n)
{
	if (b->over || n > b->max || b->n > b->max - n) {
		b->over = true;
		return NULL;
	}
	if (b->size - b->n < n || !b->p)
		grow(b, b->n + n);
	return b->p + b->n;
}

void
buf_added(struct buf *b, size_t n)
{
	BUG_ON(n > b->size - b->n);
	b->n += n;
}

void
buf_put(struct buf *b, const void *p, size_t n)
{
	uint8_t *to = buf_reserve(b, n);

	if (!to || n == 0)
		return;
	memcpy(to, p, n);
	b->n += n;
}

void
buf_put_blob(struct buf *b, struct blob s)
{
	buf_put(b, s.p, s.n);
}

void
buf_put_str(struct buf *b, struct str s)
{
	buf_put(b, s.p, s.n);
}

void
buf_put_c(struct buf *b, const char *c)
{
	buf_put(b, c, strlen(c));
}

void
buf_put_u8(struct buf *b, uint8_t v)
{
	buf_put(b, &v, 1);
}

void
buf_put_u16(struct buf *b, uint16_t v)
{
	uint8_t out[2] = {(uint8_t)(v >> 8), (uint8_t)v};

	buf_put(b, out, sizeof(out));
}

void
buf_put_u32(struct buf *b, uint32_t v)
{
	uint8_t out[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};

	buf_put(b, out, sizeof(out));
}

void
buf_put_u64(struct buf *b, uint64_t v)
{
	buf_put_u32(b, (uint32_t)(v >> 32));
	buf_put_u32(b, (uint32_t)v);
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	uint8_t *to;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	BUG_ON(n < 0);
	to = buf_reserve(b, (size_t)n);
	if (to) {
		vsnprintf((char *)to, (size_t)n + 1, fmt, ap);
		b->n += (size_t)n;
	}
	va_end(ap);
}
