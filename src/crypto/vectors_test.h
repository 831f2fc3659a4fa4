/* SPDX-License-Identifier: Apache-2.0 */
/* For the unit tests of this folder: files under tests/vectors. */
#pragma once

#include <stdio.h>

#include "base/arena.h"

/* The whole file; a missing one aborts. */
static inline struct str
vector_file(struct arena *a, const char *name)
{
	struct str path = arena_printf(a, "%s/%s", TEST_VECTORS, name);
	FILE *f = fopen(path.p, "rb");
	long n;
	char *p;

	BUG_ON(!f || fseek(f, 0, SEEK_END) != 0);
	n = ftell(f);
	BUG_ON(n < 0 || fseek(f, 0, SEEK_SET) != 0);
	p = arena_alloc(a, (size_t)n + 1);
	BUG_ON(fread(p, 1, (size_t)n, f) != (size_t)n);
	fclose(f);
	return (struct str){p, (size_t)n};
}

/* The next line that is no comment; {NULL, 0} at the end. */
static inline struct str
vector_line(struct str *rest)
{
	struct str line;

	do {
		if (!rest->n)
			return (struct str){NULL, 0};
		line = str_cut(rest, '\n');
	} while (line.n == 0 || line.p[0] == '#');
	return line;
}
