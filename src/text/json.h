/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON from outside (jansson behind this header): strict, no duplicate members, depth and size capped. Fields are read
 * one by one and every fault is noted with its path (err_note), so that err_faults() tells them all at once.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define JSON_DEPTH_MAX 16

struct json; /* freed with the arena */

/* The text must be one object. E_BAD_JSON. An empty text counts as {}. */
int json_parse(struct str text, struct arena *a, const struct json **ret, struct err *e) CHECKED;
/* Any JSON value (the command line reads answers with it). */
int json_parse_any(struct str text, struct arena *a, const struct json **ret, struct err *e) CHECKED;

/* A reader over one object: remembers which members were asked for, so that unknown ones can be refused. */
struct json_in {
	const struct json *object;
	struct arena *arena;
	struct err *e;
	const char *path; /* "" at the top, "contact." inside */
	unsigned n_known;
	const char *known[48];
};
void json_in_init(struct json_in *in, const struct json *object, struct arena *a, struct err *e);

enum json_need { JSON_OPTIONAL, JSON_REQUIRED };
/* Texts are borrowed from the parsed value: they live as long as the arena given to json_parse().
 * Absent (or null) optional members leave *ret as it is. Lengths in characters; NUL, control characters and bad UTF-8
 * are faults; lines: newlines are allowed. Each returns whether a good value was put into *ret. */
bool json_get_str(struct json_in *in, const char *key, enum json_need need, size_t min, size_t max, struct str *ret);
bool json_get_text(struct json_in *in, const char *key, enum json_need need, size_t min, size_t max, struct str *ret);
bool json_get_int(struct json_in *in, const char *key, enum json_need need, int64_t min, int64_t max, int64_t *ret);
bool json_get_bool(struct json_in *in, const char *key, enum json_need need, bool *ret);
/* RFC 3339. */
bool json_get_time(struct json_in *in, const char *key, enum json_need need, int64_t *ret_ms);
/* An array of strings: at most n_max, each within the lengths. */
bool json_get_strs(struct json_in *in, const char *key, enum json_need need, size_t n_max, size_t len_max,
	struct str **ret, size_t *ret_n);
/* An array of whole numbers, at most n_max, each within the bounds. */
bool json_get_ints(struct json_in *in, const char *key, enum json_need need, size_t n_max, int64_t min, int64_t max,
	int64_t **ret, size_t *ret_n);
/* One of the words (NULL-terminated); *ret is its index. */
bool json_get_word(struct json_in *in, const char *key, enum json_need need, const char *const *words, int *ret);
/* An object inside: *ret reads it; its faults go to the same list. */
bool json_get_object(struct json_in *in, const char *key, enum json_need need, struct json_in *ret);
/* An array of objects: at most n_max readers; the caller ends each with json_in_done(). */
bool json_get_objects(struct json_in *in, const char *key, enum json_need need, size_t n_max, struct json_in **ret,
	size_t *ret_n);
/* Notes every member that nobody asked for as E_FIELD_UNKNOWN. */
void json_in_done(struct json_in *in);

/* Plain access for answers (the command line): NULL or {NULL, 0} when absent or of another type. */
const struct json *json_at(const struct json *v, const char *key);
const struct json *json_item(const struct json *v, size_t i);
size_t json_count(const struct json *v); /* items of an array, members of an object */
struct str json_str(const struct json *v);
bool json_int(const struct json *v, int64_t *ret);
bool json_bool(const struct json *v); /* true only for true (jansson has a json_true() of its own) */
/* Pretty text of a value. */
struct str json_dump(const struct json *v, struct arena *a);
