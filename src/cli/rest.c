/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/hex.h"
#include "base/rand.h"
#include "cli/cli.h"

#define TIMEOUT_MS 120000
/* A call whose connection broke is repeated; a write carries the same idempotency key again, so it is done once. */
#define ATTEMPTS 2

/* An unknown code comes from a newer service: its status says enough for the exit code. */
static int
code_of(struct str name, int status)
{
	int code = err_by_name(name);

	if (code)
		return code;
	switch (status) {
	case 401:
		return E_UNAUTHENTICATED;
	case 403:
		return E_FORBIDDEN;
	case 404:
		return E_NOT_FOUND;
	case 409:
		return E_CONFLICT;
	case 503:
		return E_BUSY;
	default:
		return status < 500 ? E_BAD_REQUEST : E_INTERNAL;
	}
}

static void
copy_text(char *out, size_t size, const struct json *v)
{
	struct str s = json_str(v);

	snprintf(out, size, "%.*s", STRF(s));
}

static int
problem(struct cli *c, const struct http_rest_answer *answer, struct err *e)
{
	const struct json *p, *causes;
	struct str detail;
	ERR(bad);
	int code;

	if (json_parse(str_of(answer->body), c->arena, &p, &bad) < 0 || !json_str(json_at(p, "code")).p)
		return err_set(e, code_of(STR(""), answer->status),
			"%.*s answered %d, and not as a Signet service does", STRF(c->url), answer->status);
	c->problem = str_of(answer->body);
	code = code_of(json_str(json_at(p, "code")), answer->status);
	detail = json_str(json_at(p, "detail"));
	err_set(e, code, "%.*s", STRF(detail));
	copy_text(e->field, sizeof(e->field), json_at(p, "field"));
	copy_text(e->hint, sizeof(e->hint), json_at(p, "hint"));
	e->retry_after_s = answer->retry_after_s;
	causes = json_at(p, "causes");
	for (size_t i = 0; i < MIN(json_count(causes), (size_t)ERR_CAUSES_MAX); i++) {
		const struct json *one = json_item(causes, i);
		struct err_cause *to = &e->causes[e->n_causes++];

		to->code = code_of(json_str(json_at(one, "code")), 400);
		copy_text(to->field, sizeof(to->field), json_at(one, "field"));
		copy_text(to->msg, sizeof(to->msg), json_at(one, "detail"));
	}
	return code;
}

static bool
is_write(const char *method)
{
	return strcmp(method, "GET") != 0;
}

static int
once(struct cli *c, const struct http_rest *call, struct http_rest_answer *ret, struct err *e)
{
	int r = 0;

	for (int i = 0; i < ATTEMPTS; i++) {
		r = http_rest(call, c->arena, ret, e);
		if (r != E_NET)
			break;
	}
	return r;
}

static int
send(struct cli *c, const char *method, struct str path, const char *type, struct blob body, const char *const *more_headers,
	struct http_rest_answer *ret, struct err *e)
{
	const char *headers[8] = {0};
	struct http_rest call = {
		.method = method, .headers = headers, .timeout_ms = TIMEOUT_MS, .answer_max = CLI_ANSWER_MAX};
	uint8_t id[16];
	unsigned n = 0;
	int r;

	r = config_server(c, e);
	if (r < 0)
		return r;
	call.url = arena_printf(c->arena, "%.*s%.*s", STRF(c->url), STRF(path));
	call.ca_file = c->ca_file;
	call.content_type = type;
	call.body = body;
	if (c->key.p)
		headers[n++] = arena_printf(c->arena, "Authorization: Bearer %.*s", STRF(c->key)).p;
	if (is_write(method)) {
		rand_bytes(id, sizeof(id));
		headers[n++] =
			arena_printf(c->arena, "Idempotency-Key: %s", hex_encode(c->arena, BLOB(id, sizeof(id))).p).p;
	}
	for (unsigned i = 0; more_headers && more_headers[i] && n + 1 < ARRAY_LEN(headers); i++)
		headers[n++] = more_headers[i];
	r = once(c, &call, ret, e);
	if (r < 0)
		return r;
	return ret->status >= 400 ? problem(c, ret, e) : 0;
}

int
rest_raw(struct cli *c, const char *method, struct str path, const struct buf *body, const char *const *more_headers,
	struct http_rest_answer *ret, struct err *e)
{
	return send(c, method, path, body ? "application/json" : NULL, body ? buf_blob(body) : (struct blob){NULL, 0},
		more_headers, ret, e);
}

int
rest_show(struct cli *c, const char *method, struct str path, const struct buf *body, const struct col *cols, struct err *e)
{
	const struct json *v;
	int r = rest_call(c, method, path, body, &v, e);

	if (r == 0)
		out_answer(c, v, cols);
	return r;
}

int
rest_act(struct cli *c, const char *method, const struct buf *body, void (*put)(struct cli *c, const struct json *v),
	struct err *e)
{
	const struct json *v;
	struct str path;
	int r = path_of(c, &path, e);

	if (r == 0)
		r = rest_call(c, method, path, body, &v, e);
	if (r == 0 && v)
		put(c, v);
	return r;
}

int
rest_upload(struct cli *c, struct str path, struct blob file, const struct json **ret, struct err *e)
{
	struct http_rest_answer answer;
	int r = send(c, "POST", path, "application/octet-stream", file, NULL, &answer, e);

	return r < 0 ? r : json_parse_any(str_of(answer.body), c->arena, ret, e);
}

int
rest_call(struct cli *c, const char *method, struct str path, const struct buf *body, const struct json **ret,
	struct err *e)
{
	struct http_rest_answer answer;
	int r;

	r = rest_raw(c, method, path, body, NULL, &answer, e);
	if (r < 0)
		return r;
	*ret = NULL;
	if (answer.body.n == 0)
		return 0;
	return json_parse_any(str_of(answer.body), c->arena, ret, e);
}

int
rest_public(struct cli *c, const char *method, struct str url, const char *type, struct blob body,
	struct http_rest_answer *ret, struct err *e)
{
	struct http_rest call = {.method = method,
		.url = url,
		.plain = true,
		.content_type = type,
		.body = body,
		.ca_file = c->ca_file,
		.timeout_ms = TIMEOUT_MS,
		.answer_max = CLI_ANSWER_MAX};
	int r;

	r = http_rest(&call, c->arena, ret, e);
	if (r < 0)
		return r;
	return ret->status == 200 ? 0 : err_set(e, E_NET, "%.*s answered %d", STRF(url), ret->status);
}

void
body_begin(struct jsonw *w, struct buf *b)
{
	jsonw_init(w, b);
	jsonw_object(w);
}

void
body_end(struct jsonw *w)
{
	jsonw_object_end(w);
}

void
body_opt(const struct cli *c, struct jsonw *w, const char *option, const char *member)
{
	const char *v = opt_value(c, option);

	if (v)
		jsonw_kv_c(w, member, v);
}

int
body_int(const struct cli *c, struct jsonw *w, const char *option, const char *member, struct err *e)
{
	int64_t n = 0;
	int r = opt_int(c, option, &n, e);

	if (r > 0)
		jsonw_kv_int(w, member, n);
	return MIN(r, 0);
}

void
body_flag(const struct cli *c, struct jsonw *w, const char *option, const char *member)
{
	if (opt_given(c, option))
		jsonw_kv_bool(w, member, true);
}

void
body_words(const struct cli *c, struct jsonw *w, const char *option)
{
	struct str left = str_c(opt_value(c, option));

	if (!left.p)
		return;
	jsonw_key(w, option);
	jsonw_array(w);
	while (left.p)
		jsonw_str(w, str_cut(&left, ','));
	jsonw_array_end(w);
}

int
body_yes(const struct cli *c, struct jsonw *w, const char *option, const char *member, struct err *e)
{
	const char *v = opt_value(c, option);

	if (v && strcmp(v, "yes") != 0 && strcmp(v, "no") != 0)
		return err_set(e, E_USAGE, "--%s is \"%s\"; it must be yes or no", option, v);
	if (v)
		jsonw_kv_bool(w, member, strcmp(v, "yes") == 0);
	return 0;
}

struct str
url_encode(struct arena *a, struct str s)
{
	static const char hex[] = "0123456789ABCDEF";
	char *out = arena_alloc(a, s.n * 3 + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || (c && strchr("-._~", c))) {
			out[n++] = (char)c;
			continue;
		}
		out[n++] = '%';
		out[n++] = hex[c >> 4];
		out[n++] = hex[c & 15];
	}
	return (struct str){out, n};
}

/* Options that are parameters of a query. */
static const struct {
	const char *option, *param;
	bool flag; /* has no value: true */
	bool list; /* of lists alone; elsewhere it stands in the body */
} queries[] = {
	{"limit", "limit"},
	{"cursor", "cursor"},
	{"state", "state"},
	{"status", "status"},
	{"name", "name"},
	{"account", "account"},
	{"format", "format"},
	{"purpose", "purpose"},
	{"product", "product"},
	{"search", "search"},
	{"since", "since"},
	{"until", "until"},
	{"direction", "direction"},
	{"scan", "scan"},
	{"source", "source", false, true},
	{"key-alg", "key_alg"},
	{"key-held", "key_held"},
	{"unused", "unused", true},
};

int
path_of(const struct cli *c, struct str *ret, struct err *e)
{
	const char *at = strstr(c->cmd->path, "{id}");
	struct str path = str_c(c->cmd->path);
	char mark = '?';
	int64_t id;
	int r;

	if (at) {
		r = arg_id(c, 0, &id, e);
		if (r < 0)
			return r;
		path = arena_printf(
			c->arena, "%.*s%lld%s", (int)(at - c->cmd->path), c->cmd->path, (long long)id, at + 4);
	}
	for (size_t i = 0; i < ARRAY_LEN(queries); i++) {
		const char *v = opt_value(c, queries[i].option);
		struct str text;

		if (!v || (queries[i].list && c->cmd->run != run_list))
			continue;
		text = url_encode(c->arena, str_c(queries[i].flag ? "true" : v));
		path = arena_printf(c->arena, "%.*s%c%s=%.*s", STRF(path), mark, queries[i].param, STRF(text));
		mark = '&';
	}
	*ret = path;
	return 0;
}
