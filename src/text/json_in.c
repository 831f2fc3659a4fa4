/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/rfc3339.h"
#include "base/utf8.h"
#include "text/json_priv.h"

/* So much of a wrong value is quoted; texts that may be secret are never. */
#define QUOTE_MAX 40

void
json_in_init(struct json_in *in, const struct json *object, struct arena *a, struct err *e)
{
	in->object = object;
	in->arena = a;
	in->e = e;
	in->path = "";
	in->n_known = 0;
}

static const char *
field_name(const struct json_in *in, const char *key)
{
	return arena_printf(in->arena, "%s%s", in->path, key).p;
}

static const char *
type_name(const json_t *v)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "a number";
	case JSON_REAL:
		return "a number with fraction or exponent";
	case JSON_TRUE:
	case JSON_FALSE:
		return "a boolean";
	case JSON_NULL:
		return "null";
	}
	return "a value";
}

static bool
wrong_type(const struct json_in *in, const char *field, const json_t *v, const char *want)
{
	err_note(in->e, E_FIELD_TYPE, field, "the field must be %s, not %s", want, type_name(v));
	return false;
}

/* The member, or NULL when absent or null; then a required one is noted as missing. */
static const json_t *
member(struct json_in *in, const char *key, enum json_need need)
{
	const json_t *v = json_object_get(json_inside(in->object), key);

	BUG_ON(in->n_known == ARRAY_LEN(in->known));
	in->known[in->n_known++] = key;
	if (v && !json_is_null(v))
		return v;
	if (need == JSON_REQUIRED)
		err_note(in->e, E_FIELD_MISSING, field_name(in, key), "the field is required");
	return NULL;
}

static bool
length_ok(const struct json_in *in, const char *field, size_t n, size_t min, size_t max)
{
	if (n >= min && n <= max)
		return true;
	if (n == 0)
		err_note(in->e, E_FIELD_LENGTH, field, "the text is empty; it must have %zu to %zu characters",
			min, max);
	else if (min == max)
		err_note(in->e, E_FIELD_LENGTH, field, "the text has %zu characters; it must have %zu", n, max);
	else
		err_note(in->e, E_FIELD_LENGTH, field, "the text has %zu characters; allowed are %zu to %zu", n,
			min, max);
	return false;
}

static bool
text_value(const struct json_in *in, const char *field, const json_t *v, bool lines, struct str *ret)
{
	struct str s;

	if (!json_is_string(v))
		return wrong_type(in, field, v, "a string");
	s = json_str(json_outside(v));
	if (!utf8_printable(s, lines)) {
		err_note(in->e, E_FIELD_UTF8, field, "the text holds %s",
			memchr(s.p, '\0', s.n) ? "a NUL (U+0000)" : "a control character");
		return false;
	}
	*ret = s;
	return true;
}

static bool
get_text(struct json_in *in, const char *key, enum json_need need, size_t min, size_t max, bool lines,
	struct str *ret)
{
	const json_t *v = member(in, key, need);
	const char *field;
	struct str s;

	if (!v)
		return false;
	field = field_name(in, key);
	if (!text_value(in, field, v, lines, &s) || !length_ok(in, field, utf8_len(s), min, max))
		return false;
	*ret = s;
	return true;
}

bool
json_get_str(struct json_in *in, const char *key, enum json_need need, size_t min, size_t max, struct str *ret)
{
	return get_text(in, key, need, min, max, false, ret);
}

bool
json_get_text(struct json_in *in, const char *key, enum json_need need, size_t min, size_t max, struct str *ret)
{
	return get_text(in, key, need, min, max, true, ret);
}

static bool
int_value(struct json_in *in, const char *field, const json_t *v, int64_t min, int64_t max, int64_t *ret)
{
	int64_t n;

	if (!json_is_integer(v))
		return wrong_type(in, field, v, "a whole number");
	n = json_integer_value(v);
	if (n < min || n > max) {
		err_note(in->e, E_FIELD_RANGE, field, "the number %lld is not within %lld to %lld", (long long)n,
			(long long)min, (long long)max);
		return false;
	}
	*ret = n;
	return true;
}

bool
json_get_int(struct json_in *in, const char *key, enum json_need need, int64_t min, int64_t max, int64_t *ret)
{
	const json_t *v = member(in, key, need);

	return v && int_value(in, field_name(in, key), v, min, max, ret);
}

bool
json_get_bool(struct json_in *in, const char *key, enum json_need need, bool *ret)
{
	const json_t *v = member(in, key, need);

	if (!v)
		return false;
	if (!json_is_boolean(v))
		return wrong_type(in, field_name(in, key), v, "true or false");
	*ret = json_is_true(v);
	return true;
}

static int
quoted(struct str s)
{
	return (int)MIN(s.n, (size_t)QUOTE_MAX);
}

bool
json_get_time(struct json_in *in, const char *key, enum json_need need, int64_t *ret_ms)
{
	const json_t *v = member(in, key, need);
	const char *field;
	struct str s;

	if (!v)
		return false;
	field = field_name(in, key);
	if (!text_value(in, field, v, false, &s))
		return false;
	if (!rfc3339_get(s, ret_ms)) {
		err_note(in->e, E_FIELD_FORM, field,
			"\"%.*s\" is not a time like 2026-11-21T08:48:14Z (RFC 3339)", quoted(s), s.p);
		return false;
	}
	return true;
}

/* The array within its bound, or NULL. */
static const json_t *
list(struct json_in *in, const char *key, enum json_need need, size_t n_max)
{
	const json_t *v = member(in, key, need);
	const char *field;

	if (!v)
		return NULL;
	field = field_name(in, key);
	if (!json_is_array(v)) {
		wrong_type(in, field, v, "an array");
		return NULL;
	}
	if (json_array_size(v) > n_max) {
		err_note(in->e, E_FIELD_LENGTH, field, "the array has %zu items; allowed are at most %zu",
			json_array_size(v), n_max);
		return NULL;
	}
	return v;
}

bool
json_get_strs(struct json_in *in, const char *key, enum json_need need, size_t n_max, size_t len_max,
	struct str **ret, size_t *ret_n)
{
	const json_t *v = list(in, key, need, n_max);
	struct str *all;
	bool ok = true;

	if (!v)
		return false;
	all = arena_new_n(in->arena, json_array_size(v), struct str);
	for (size_t i = 0; i < json_array_size(v); i++) {
		const char *field = arena_printf(in->arena, "%s%s[%zu]", in->path, key, i).p;

		if (!text_value(in, field, json_array_get(v, i), false, &all[i]) ||
			!length_ok(in, field, utf8_len(all[i]), 1, len_max))
			ok = false;
	}
	if (!ok)
		return false;
	*ret = all;
	*ret_n = json_array_size(v);
	return true;
}

bool
json_get_ints(struct json_in *in, const char *key, enum json_need need, size_t n_max, int64_t min, int64_t max,
	int64_t **ret, size_t *ret_n)
{
	const json_t *v = list(in, key, need, n_max);
	int64_t *all;
	bool ok = true;

	if (!v)
		return false;
	all = arena_new_n(in->arena, json_array_size(v), int64_t);
	for (size_t i = 0; i < json_array_size(v); i++) {
		const char *field = arena_printf(in->arena, "%s%s[%zu]", in->path, key, i).p;

		if (!int_value(in, field, json_array_get(v, i), min, max, &all[i]))
			ok = false;
	}
	if (!ok)
		return false;
	*ret = all;
	*ret_n = json_array_size(v);
	return true;
}

/* "a, b or c" for the message. */
static const char *
words_text(struct arena *a, const char *const *words)
{
	struct str all = {"", 0};

	for (int i = 0; words[i]; i++)
		all = arena_printf(a, "%.*s%s%s", STRF(all), i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
	return all.p;
}

bool
json_get_word(struct json_in *in, const char *key, enum json_need need, const char *const *words, int *ret)
{
	const json_t *v = member(in, key, need);
	const char *field;
	struct str s;

	if (!v)
		return false;
	field = field_name(in, key);
	if (!text_value(in, field, v, false, &s))
		return false;
	for (int i = 0; words[i]; i++) {
		if (str_eq_c(s, words[i])) {
			*ret = i;
			return true;
		}
	}
	err_note(in->e, E_FIELD_FORM, field, "\"%.*s\" is not one of %s", quoted(s), s.p,
		words_text(in->arena, words));
	return false;
}

static void
enter(const struct json_in *in, const json_t *v, const char *path, struct json_in *ret)
{
	json_in_init(ret, json_outside(v), in->arena, in->e);
	ret->path = path;
}

bool
json_get_object(struct json_in *in, const char *key, enum json_need need, struct json_in *ret)
{
	const json_t *v = member(in, key, need);

	if (!v)
		return false;
	if (!json_is_object(v))
		return wrong_type(in, field_name(in, key), v, "an object");
	enter(in, v, arena_printf(in->arena, "%s%s.", in->path, key).p, ret);
	return true;
}

bool
json_get_objects(struct json_in *in, const char *key, enum json_need need, size_t n_max, struct json_in **ret,
	size_t *ret_n)
{
	const json_t *v = list(in, key, need, n_max);
	struct json_in *all;
	bool ok = true;

	if (!v)
		return false;
	all = arena_new_n(in->arena, json_array_size(v), struct json_in);
	for (size_t i = 0; i < json_array_size(v); i++) {
		const char *path = arena_printf(in->arena, "%s%s[%zu].", in->path, key, i).p;
		const json_t *item = json_array_get(v, i);

		if (json_is_object(item))
			enter(in, item, path, &all[i]);
		else
			ok = wrong_type(in, arena_printf(in->arena, "%s%s[%zu]", in->path, key, i).p, item,
				"an object");
	}
	if (!ok)
		return false;
	*ret = all;
	*ret_n = json_array_size(v);
	return true;
}

static bool
is_known(const struct json_in *in, const char *key)
{
	for (unsigned i = 0; i < in->n_known; i++) {
		if (strcmp(in->known[i], key) == 0)
			return true;
	}
	return false;
}

void
json_in_done(struct json_in *in)
{
	/* jansson's iterator takes no const object, but does not change it. */
	json_t *object = (json_t *)(uintptr_t)json_inside(in->object);
	const char *key;
	json_t *v;

	json_object_foreach(object, key, v) {
		if (!is_known(in, key))
			err_note(in->e, E_FIELD_UNKNOWN, field_name(in, key), "the field \"%.*s\" is not known here",
				quoted(str_c(key)), key);
	}
}
