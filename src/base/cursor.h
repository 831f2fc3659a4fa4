/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads bytes from outside and cannot run past their end: a read beyond it gives zero or none and sets `bad`,
 * which stays set. The reader reads on and asks cursor_ok() once.
 */
#pragma once

#include "base/str.h"

struct cursor {
	const uint8_t *p, *end;
	bool bad;
};

static inline struct cursor
cursor_of(struct blob b)
{
	return (struct cursor){b.p, b.p ? b.p + b.n : NULL, false};
}

size_t cursor_left(const struct cursor *c);
uint8_t cursor_u8(struct cursor *c);
/* Big endian. */
uint16_t cursor_u16(struct cursor *c);
uint32_t cursor_u32(struct cursor *c);
uint64_t cursor_u64(struct cursor *c);
/* n bytes, borrowed from the input. */
struct blob cursor_take(struct cursor *c, size_t n);
/* A 32-bit length, at most max, and so many bytes. */
struct blob cursor_blob(struct cursor *c, size_t max);
/* Nothing was read past the end; with `all` also: nothing is left. */
bool cursor_ok(const struct cursor *c, bool all);
