/* SPDX-License-Identifier: Apache-2.0 */
#include "api/decode.h"

#include <stddef.h>

#include "base/rfc3339.h"
#include "base/utf8.h"
#include "crypto/digest.h"
#include "model/words.h"

/* So much of a wrong value is quoted. */
#define QUOTED(s) (int)MIN((s).n, (size_t)40), (s).p

static void
read_number(struct str v, const char *field, int64_t min, int64_t max, int64_t *ret, struct err *e)
{
	uint64_t n;

	if (!str_u64(v, (uint64_t)INT64_MAX, &n))
		err_note(e, E_FIELD_FORM, field, "\"%.*s\" is no whole number", QUOTED(v));
	else if ((int64_t)n < min || (int64_t)n > max)
		err_note(e, E_FIELD_RANGE, field, "the number %llu is not within %lld to %lld", (unsigned long long)n,
			(long long)min, (long long)max);
	else
		*ret = (int64_t)n;
}

static void
read_bool(struct str v, const char *field, bool *ret, struct err *e)
{
	if (str_eq_c(v, "true") || str_eq_c(v, "false"))
		*ret = v.p[0] == 't';
	else
		err_note(e, E_FIELD_FORM, field, "\"%.*s\" is neither true nor false", QUOTED(v));
}

static bool
read_flag(struct str v, const char *field, struct err *e)
{
	bool flag = false;

	read_bool(v, field, &flag, e);
	return flag;
}

static void
read_time(struct str v, const char *field, int64_t *ret_ms, struct err *e)
{
	int64_t ms;

	if (!rfc3339_get(v, &ms))
		err_note(e, E_FIELD_FORM, field, "\"%.*s\" is no time such as 2030-01-31T00:00:00Z", QUOTED(v));
	else if (ms <= 0)
		err_note(e, E_FIELD_RANGE, field, "the time \"%.*s\" is before 1970", QUOTED(v));
	else
		*ret_ms = ms;
}

static int
read_word(const struct route *rt, struct str v, const char *field, struct err *e)
{
	int i = word_find(rt->query_words, v);
	BUF(all, ERR_TEXT_MAX);

	if (i >= 0)
		return i;
	for (const char *const *w = rt->query_words; *w; w++)
		buf_printf(&all, "%s%s", w == rt->query_words ? "" : w[1] ? ", " : " or ", *w);
	err_note(e, E_FIELD_FORM, field, "\"%.*s\" is not one of %.*s", QUOTED(v), STRF(buf_str(&all)));
	return -1;
}

static void
take_word(const struct route *rt, struct str v, const char *field, const char **ret, struct err *e)
{
	int i = read_word(rt, v, field, e);

	*ret = i < 0 ? NULL : rt->query_words[i];
}

static void
read_text(struct str v, const char *field, size_t max, struct str *ret, struct err *e)
{
	if (!utf8_printable(v, false))
		err_note(e, E_FIELD_UTF8, field, "the text holds a control character or is not valid UTF-8");
	else if (v.n == 0 || v.n > max)
		err_note(e, E_FIELD_LENGTH, field, "the text has %zu bytes; allowed are 1 to %zu", v.n, max);
	else
		*ret = v;
}

static bool
read_received(struct str v, const char *field, struct err *e)
{
	bool received = str_eq_c(v, "received");

	if (!received && !str_eq_c(v, "given"))
		err_note(e, E_FIELD_FORM, field, "\"%.*s\" is none of given, received", QUOTED(v));
	return received;
}

/* How a parameter is read, and into which member of struct call_query. */
enum kind {
	NUMBER, /* within min and max -> int64_t */
	TEXT, /* of at most max bytes -> struct str */
	WORD, /* of the route -> const char * */
	WORD_NUMBER, /* its number -> int */
	FLAG, /* -> bool */
	FLAG_NUMBER, /* 0 or 1 -> int */
	TIME, /* -> int64_t, ms */
	DIRECTION, /* given or received -> bool */
};

#define INTO(member) offsetof(struct call_query, member)

static const struct param {
	const char *name;
	enum query_param param;
	enum kind kind;
	size_t into;
	int64_t min, max;
} params[] = {
	{"limit", QUERY_LIMIT, NUMBER, INTO(page.limit), 1, DECODE_LIMIT_MAX},
	{"cursor", QUERY_CURSOR, NUMBER, INTO(page.cursor), 0, ID_MAX},
	{"state", QUERY_STATE, WORD_NUMBER, INTO(state), 0, 0},
	{"status", QUERY_STATUS, WORD, INTO(status), 0, 0},
	{"name", QUERY_NAME, TEXT, INTO(name), 1, 254},
	{"format", QUERY_FORMAT, TEXT, INTO(format), 1, 32},
	{"confirmed", QUERY_CONFIRMED, FLAG, INTO(confirmed), 0, 0},
	{"account", QUERY_ACCOUNT, NUMBER, INTO(account), 1, ID_MAX},
	{"purpose", QUERY_PURPOSE, WORD, INTO(purpose), 0, 0},
	{"file_name", QUERY_FILE_NAME, TEXT, INTO(file_name), 1, 400},
	{"product", QUERY_PRODUCT, TEXT, INTO(product), 1, 64},
	{"search", QUERY_SEARCH, TEXT, INTO(search), 1, 254},
	{"since", QUERY_SINCE, TIME, INTO(since_ms), 0, 0},
	{"until", QUERY_UNTIL, TIME, INTO(until_ms), 0, 0},
	{"source", QUERY_SOURCE, TEXT, INTO(source), 1, 16},
	{"direction", QUERY_DIRECTION, DIRECTION, INTO(received), 0, 0},
	{"key_alg", QUERY_KEY_ALG, WORD, INTO(key_alg), 0, 0},
	{"key_held", QUERY_KEY_HELD, FLAG_NUMBER, INTO(key_held), 0, 0},
	{"unused", QUERY_UNUSED, FLAG, INTO(unused), 0, 0},
	{"scan", QUERY_SCAN, NUMBER, INTO(scan), 1, ID_MAX},
};

static void
take_param(const struct route *rt, const struct param *p, struct str v, struct call_query *ret, struct err *e)
{
	void *into = (char *)ret + p->into;

	switch (p->kind) {
	case NUMBER:
		read_number(v, p->name, p->min, p->max, into, e);
		break;
	case TEXT:
		read_text(v, p->name, (size_t)p->max, into, e);
		break;
	case WORD:
		take_word(rt, v, p->name, into, e);
		break;
	case WORD_NUMBER:
		*(int *)into = read_word(rt, v, p->name, e);
		break;
	case FLAG:
		read_bool(v, p->name, into, e);
		break;
	case FLAG_NUMBER:
		*(int *)into = read_flag(v, p->name, e);
		break;
	case TIME:
		read_time(v, p->name, into, e);
		break;
	case DIRECTION:
		*(bool *)into = read_received(v, p->name, e);
		break;
	}
}

static void
read_pair(const struct route *rt, const struct http_request *rq, struct str pair, unsigned *seen,
	struct call_query *ret, struct err *e)
{
	struct str name, value;

	if (!http_decode(rq->arena, str_cut(&pair, '='), true, &name) ||
		!http_decode(rq->arena, pair.p ? pair : STR(""), true, &value)) {
		err_note(e, E_BAD_REQUEST, "", "the query holds a broken percent escape");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(params); i++) {
		const struct param *p = &params[i];

		if (!str_eq_c(name, p->name) || !(rt->query & p->param))
			continue;
		if (*seen & p->param)
			err_note(e, E_FIELD_FORM, p->name, "the parameter is given twice");
		else
			take_param(rt, p, value, ret, e);
		*seen |= p->param;
		return;
	}
	if (!utf8_printable(name, false))
		name = STR("?");
	err_note(e, E_FIELD_UNKNOWN, arena_printf(rq->arena, "%.*s", QUOTED(name)).p,
		"the parameter \"%.*s\" is not known here", QUOTED(name));
}

int
decode_query(const struct route *rt, const struct http_request *rq, struct call_query *ret, struct err *e)
{
	struct str rest = rq->query;
	unsigned seen = 0;

	*ret = (struct call_query){.page = {.limit = DECODE_LIMIT_DEFAULT}, .state = -1, .key_held = -1};
	while (rest.p) {
		struct str pair = str_cut(&rest, '&');

		if (pair.n)
			read_pair(rt, rq, pair, &seen, ret, e);
	}
	return err_faults(e);
}

/* application/json, with or without parameters (RFC 8259 knows none; charset=utf-8 is common and harmless). */
static bool
is_json(struct str type)
{
	return str_eq_nocase(str_trim(str_cut(&type, ';')), STR("application/json"));
}

int
decode_body(const struct route *rt, const struct http_request *rq, const void **ret, struct err *e)
{
	struct str type = http_header(rq, "content-type");
	const struct json *object;
	struct json_in in;
	void *v;
	int r;

	*ret = NULL;
	if (rt->raw_max)
		return 0; /* the handler reads the bytes */
	if (!rt->read) {
		if (rq->body.n)
			return err_set(
				e, E_BAD_REQUEST, "the method takes no body, but %zu bytes were sent", rq->body.n);
		return 0;
	}
	if (rq->body.n && !is_json(type))
		return err_set(
			e, E_MEDIA_TYPE, "the body's media type is \"%.*s\", not application/json", QUOTED(type));
	r = json_parse(str_of(rq->body), rq->arena, &object, e);
	if (r < 0)
		return r;
	v = arena_alloc(rq->arena, rt->in_size);
	json_in_init(&in, object, rq->arena, e);
	rt->read(&in, v);
	*ret = v;
	return err_faults(e);
}

int
decode_if_match(const struct http_request *rq, int64_t *ret, struct err *e)
{
	struct str v = http_header(rq, "if-match");
	uint64_t n;

	*ret = 0;
	if (!v.p || str_eq_c(v, "*"))
		return 0;
	if (v.n > 2 && v.p[0] == '"' && v.p[v.n - 1] == '"' &&
		str_u64((struct str){v.p + 1, v.n - 2}, (uint64_t)ID_MAX, &n) && n > 0) {
		*ret = (int64_t)n;
		return 0;
	}
	return err_field(e, E_PRECONDITION, "If-Match", "%.*s is no ETag of this service", QUOTED(v));
}

int
decode_key(const struct http_request *rq, struct idem *ret, struct err *e)
{
	struct str key = http_header(rq, "idempotency-key"), method;
	struct digest *d;

	*ret = (struct idem){0};
	if (!key.p)
		return 0;
	if (key.n == 0 || key.n > IDEM_KEY_MAX)
		return err_field(e, E_FIELD_LENGTH, "Idempotency-Key",
			"the key has %zu characters; allowed are 1 to %d", key.n, IDEM_KEY_MAX);
	for (size_t i = 0; i < key.n; i++) {
		if (key.p[i] <= ' ' || key.p[i] > '~')
			return err_field(e, E_FIELD_FORM, "Idempotency-Key",
				"the key holds a character outside of printable ASCII");
	}
	method = arena_printf(rq->arena, "%d %.*s\n", (int)rq->method, STRF(rq->target));
	d = digest_new_sha256();
	digest_add(d, blob_of(method));
	digest_add(d, rq->body);
	digest_end_sha256(d, ret->request_sha256);
	ret->key = key;
	return 0;
}
