/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"

size_t
cursor_left(const struct cursor *c)
{
	return c->bad || !c->p ? 0 : (size_t)(c->end - c->p);
}

struct blob
cursor_take(struct cursor *c, size_t n)
{
	struct blob b;

	if (n > cursor_left(c)) {
		c->bad = true;
		return (struct blob){NULL, 0};
	}
	b = (struct blob){c->p, n};
	if (n)
		c->p += n;
	return b;
}

static uint64_t
take_be(struct cursor *c, size_t n)
{
	struct blob b = cursor_take(c, n);
	uint64_t v = 0;

	for (size_t i = 0; i < b.n; i++)
		v = v << 8 | b.p[i];
	return v;
}

uint8_t
cursor_u8(struct cursor *c)
{
	return (uint8_t)take_be(c, 1);
}

uint16_t
cursor_u16(struct cursor *c)
{
	return (uint16_t)take_be(c, 2);
}

uint32_t
cursor_u32(struct cursor *c)
{
	return (uint32_t)take_be(c, 4);
}

uint64_t
cursor_u64(struct cursor *c)
{
	return take_be(c, 8);
}

struct blob
cursor_blob(struct cursor *c, size_t max)
{
	size_t n = cursor_u32(c);

	if (n > max) {
		c->bad = true;
		n = 0;
	}
	return cursor_take(c, n);
}

bool
cursor_ok(const struct cursor *c, bool all)
{
	return !c->bad && (!all || cursor_left(c) == 0);
}
