/* SPDX-License-Identifier: Apache-2.0 */
/* Writes JSON in one pass into a buffer: commas and escapes are its care, nesting is checked (a bug otherwise). */
#pragma once

#include "base/buf.h"

#define JSONW_DEPTH 24

struct jsonw {
	struct buf *out;
	unsigned depth;
	bool first[JSONW_DEPTH + 1];
	char closer[JSONW_DEPTH + 1]; /* '}' or ']' of each open level; 0 outside */
	bool key; /* a key was written, its value not yet */
};

void jsonw_init(struct jsonw *w, struct buf *out);
void jsonw_object(struct jsonw *w);
void jsonw_object_end(struct jsonw *w);
void jsonw_array(struct jsonw *w);
void jsonw_array_end(struct jsonw *w);
void jsonw_key(struct jsonw *w, const char *key);
/* Text that is not valid UTF-8 is written with U+FFFD in place of the bad bytes. {NULL, 0} writes null. */
void jsonw_str(struct jsonw *w, struct str s);
void jsonw_int(struct jsonw *w, int64_t v);
void jsonw_bool(struct jsonw *w, bool v);
void jsonw_null(struct jsonw *w);
/* A value that is JSON already. */
void jsonw_raw(struct jsonw *w, struct str json);

/* key and value in one. */
void jsonw_kv_str(struct jsonw *w, const char *key, struct str s);
void jsonw_kv_c(struct jsonw *w, const char *key, const char *s);
void jsonw_kv_int(struct jsonw *w, const char *key, int64_t v);
void jsonw_kv_bool(struct jsonw *w, const char *key, bool v);
/* RFC 3339, or null when ms is 0. */
void jsonw_kv_time(struct jsonw *w, const char *key, int64_t ms);
void jsonw_kv_hex(struct jsonw *w, const char *key, struct blob b);
