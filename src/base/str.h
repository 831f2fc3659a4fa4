/* SPDX-License-Identifier: Apache-2.0 */
/* Borrowed pieces of text and of bytes. Neither owns what it points at; the arena or the caller does. */
#pragma once

#include <string.h>

#include "base/defs.h"

/* Text (UTF-8 unless said otherwise), not necessarily terminated. {NULL, 0} is "none". */
struct str {
	const char *p;
	size_t n;
};

/* Bytes. */
struct blob {
	const uint8_t *p;
	size_t n;
};

#define STR(lit) ((struct str){(lit), sizeof(lit) - 1})
#define BLOB(ptr, len) ((struct blob){(const uint8_t *)(ptr), (len)})
/* For printf: ("%.*s", STRF(s)). */
#define STRF(s) (int)((s).n), ((s).p ? (s).p : "")

static inline struct str
str_c(const char *c)
{
	return (struct str){c, c ? strlen(c) : 0};
}

static inline struct blob
blob_of(struct str s)
{
	return (struct blob){(const uint8_t *)s.p, s.n};
}

static inline struct str
str_of(struct blob b)
{
	return (struct str){(const char *)b.p, b.n};
}

bool str_eq(struct str a, struct str b);
bool str_eq_c(struct str a, const char *c);
/* ASCII letters compare without case. */
bool str_eq_nocase(struct str a, struct str b);
int str_cmp(struct str a, struct str b);
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* The index of c, or -1. */
ptrdiff_t str_find(struct str s, char c);
/* Without blanks, tabs, CR and LF at the ends. */
struct str str_trim(struct str s);
/* Cuts the part before the first sep off *rest and returns it; without sep: all of it, and *rest becomes none. */
struct str str_cut(struct str *rest, char sep);
/* A decimal number without sign, blanks or leading zeros, at most max. */
bool str_u64(struct str s, uint64_t max, uint64_t *ret);
bool blob_eq(struct blob a, struct blob b);
int blob_cmp(struct blob a, struct blob b);
/* Compares in time that depends on the lengths alone. */
bool blob_eq_secret(struct blob a, struct blob b);
