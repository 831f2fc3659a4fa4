/* SPDX-License-Identifier: Apache-2.0 */
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>

#include "base/rand.h"
#include "base/secret.h"
#include "text/json_priv.h"

/* One value costs jansson some 150 bytes: the caps bound a request at 10 MB and an answer at 300 MB. */
#define REQUEST_VALUES_MAX (64 * 1024)
#define ANSWER_VALUES_MAX (2 * 1024 * 1024)

static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Requests carry passwords and private keys: what the parser kept of them is wiped. */
static void
free_wiped(void *p)
{
	if (p)
		wipe(p, malloc_usable_size(p));
	free(p);
}

/* By itself jansson would open /dev/urandom, which the sandbox may not show, and fall back to the time. */
static void
set_up(void)
{
	json_set_alloc_funcs(malloc, free_wiped);
	json_object_seed((size_t)rand_u64() | 1);
}

/* jansson's own text quotes the input, which may be a secret. */
static const char *
fault_text(const json_error_t *fault)
{
	switch ((int)json_error_code(fault)) {
	case json_error_premature_end_of_input:
		return "the text ends too early";
	case json_error_end_of_input_expected:
		return "something follows the end of the value";
	case json_error_invalid_utf8:
		return "the text is not valid UTF-8";
	case json_error_duplicate_key:
		return "a member is given twice";
	case json_error_null_byte_in_key:
		return "a member's name holds a NUL";
	case json_error_numeric_overflow:
		return "a number is too large";
	case json_error_stack_overflow:
		return "the text nests too deep";
	default:
		return "the text is not JSON";
	}
}

static void
release(void *p)
{
	json_decref(p);
}

static int
parse(struct str text, size_t flags, size_t values_max, struct arena *a, const struct json **ret, struct err *e)
{
	json_error_t fault;
	json_t *v;
	int r;

	pthread_once(&once, set_up);
	r = json_scan(text, values_max, e);
	if (r < 0)
		return r;
	/* NUL is let in here so that the reader can name the field that holds it. */
	v = json_loadb(text.p, text.n, flags | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &fault);
	if (!v)
		return err_set(e, E_BAD_JSON, "%s (line %d, column %d)", fault_text(&fault), fault.line,
			fault.column);
	arena_defer(a, release, v);
	*ret = json_outside(v);
	return 0;
}

int
json_parse(struct str text, struct arena *a, const struct json **ret, struct err *e)
{
	const struct json *v;
	int r = parse(text.n ? text : STR("{}"), 0, REQUEST_VALUES_MAX, a, &v, e);

	if (r < 0)
		return r;
	if (!json_is_object(json_inside(v)))
		return err_set(e, E_BAD_JSON, "the text is a JSON array, not an object");
	*ret = v;
	return 0;
}

int
json_parse_any(struct str text, struct arena *a, const struct json **ret, struct err *e)
{
	return parse(text, JSON_DECODE_ANY, ANSWER_VALUES_MAX, a, ret, e);
}

const struct json *
json_at(const struct json *v, const char *key)
{
	return v ? json_outside(json_object_get(json_inside(v), key)) : NULL;
}

const struct json *
json_item(const struct json *v, size_t i)
{
	return v ? json_outside(json_array_get(json_inside(v), i)) : NULL;
}

size_t
json_count(const struct json *v)
{
	const json_t *j = json_inside(v);

	return json_is_array(j) ? json_array_size(j) : json_object_size(j);
}

struct str
json_str(const struct json *v)
{
	const json_t *j = json_inside(v);

	return json_is_string(j) ? (struct str){json_string_value(j), json_string_length(j)}
				 : (struct str){NULL, 0};
}

bool
json_int(const struct json *v, int64_t *ret)
{
	if (!json_is_integer(json_inside(v)))
		return false;
	*ret = json_integer_value(json_inside(v));
	return true;
}

bool
json_bool(const struct json *v)
{
	return json_is_true(json_inside(v));
}

static void
free_text(void *p)
{
	free_wiped(p);
}

struct str
json_dump(const struct json *v, struct arena *a)
{
	char *text = v ? json_dumps(json_inside(v), JSON_INDENT(2) | JSON_ENCODE_ANY) : NULL;

	if (!text)
		return (struct str){"", 0};
	arena_defer(a, free_text, text);
	return str_c(text);
}
