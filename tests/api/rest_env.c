/* SPDX-License-Identifier: Apache-2.0 */
#include "rest_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "os/file.h"
#include "os/lane.h"
#include "service/birth.h"

static bool
always(void *arg)
{
	(void)arg;
	return true;
}

static void
quiet(void *arg, const char *step, const char *detail, int64_t ms)
{
	(void)arg;
	(void)step;
	(void)detail;
	(void)ms;
}

bool
env_open(struct env *v, const char *engine)
{
	struct birth_conf birth = {.url = "https://localhost", .step = quiet};
	struct api_conf conf = {.url = "https://localhost", .ready = always};
	const struct json *admin;
	struct blob text;
	ERR(e);

	memset(v, 0, sizeof(*v));
	if (!world_open(&v->w, engine))
		return false;
	birth.ca_dirfd = v->w.cafd;
	birth.data_dirfd = v->w.dirfd;
	world_need(birth_admin_file(v->w.svc, &birth, &e), &e, "admin.json");
	world_need(file_read(v->w.dirfd, "admin.json", 65536, &v->arena, &text, &e), &e, "admin.json");
	world_need(json_parse(str_of(text), &v->arena, &admin, &e), &e, "admin.json");
	v->admin = arena_printf(&v->arena, "%.*s.%.*s", STRF(json_str(json_at(admin, "AccessKeyId"))),
		STRF(json_str(json_at(admin, "AccessKeySecret"))))
			   .p;
	conf.svc = v->w.svc;
	/* only counted by the metrics here */
	world_need(lane_new(&(struct lane_conf){"t", 1, 256 * 1024, 1}, &conf.fast, &e), &e, "lane");
	conf.password = conf.status = conf.validate = conf.fast;
	world_need(api_new(&conf, &v->api, &e), &e, "api");
	v->lane = conf.fast;
	return true;
}

void
env_close(struct env *v)
{
	v->api = api_free(v->api);
	lane_drain(v->lane);
	arena_done(&v->arena);
	world_close(&v->w);
}

static enum http_method
method_of(const char *name)
{
	static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(name, names[i]) == 0)
			return (enum http_method)i;
	}
	return HTTP_OTHER;
}

static void
add(struct http_request *rq, const char *name, const char *value)
{
	if (value)
		rq->headers[rq->n_headers++] = (struct http_header){str_c(name), str_c(value)};
}

static void
fill(struct http_request *rq, const struct ask *q, struct arena *a)
{
	struct str rest = str_c(q->path);

	*rq = (struct http_request){.arena = a,
		.method = method_of(q->method),
		.target = str_c(q->path),
		.body = blob_of(str_c(q->body)),
		.peer = STR("192.0.2.7"),
		.tls = !q->plain};
	rq->path = str_cut(&rest, '?');
	rq->query = rest;
	add(rq, "Host", "localhost");
	add(rq, "Authorization", q->key ? arena_printf(a, "Bearer %s", q->key).p : NULL);
	add(rq, "Cookie", q->cookie);
	add(rq, "Origin", q->origin);
	add(rq, "Content-Type", q->body ? "application/json" : NULL);
	add(rq, "Idempotency-Key", q->idem);
	add(rq, "If-Match", q->if_match);
}

struct told
env_ask(struct env *v, const struct ask *q)
{
	struct http_response rs = {.body = {.max = 64 * 1024 * 1024}};
	struct http_request rq;
	struct told t = {0};
	struct blob body;
	ERR(e);

	fill(&rq, q, &v->arena);
	if (!api_fast(v->api, &rq, &rs))
		api_handle(v->api, &rq, &rs);
	body = rs.fixed.p ? rs.fixed : buf_blob(&rs.body);
	t.status = rs.status;
	t.body = str_of(arena_blob(&v->arena, body));
	t.content_type = str_c(rs.content_type);
	t.n_headers = rs.n_headers;
	memcpy(t.headers, rs.headers, sizeof(t.headers));
	if (rs.release)
		rs.release(rs.release_arg);
	buf_done(&rs.body);
	if (t.content_type.n && memmem(t.content_type.p, t.content_type.n, "json", 4))
		world_need(json_parse(t.body, &v->arena, &t.json, &e), &e, q->path);
	return t;
}

struct str
told_header(const struct told *t, const char *name)
{
	for (unsigned i = 0; i < t->n_headers; i++) {
		if (str_eq_nocase(t->headers[i].name, str_c(name)))
			return t->headers[i].value;
	}
	return (struct str){NULL, 0};
}

const char *
told_code(const struct told *t)
{
	struct str s = json_str(json_at(t->json, "code"));

	return t->status >= 400 && s.p ? s.p : "";
}

static const struct json *
at(const struct told *t, const char *path)
{
	const struct json *j = t->json;
	struct str rest = str_c(path);

	while (rest.p) {
		struct str one = str_cut(&rest, '.');
		char key[64];
		uint64_t n;

		assert_true(one.n < sizeof(key));
		memcpy(key, one.p, one.n);
		key[one.n] = '\0';
		j = str_u64(one, 1000, &n) ? json_item(j, n) : json_at(j, key);
	}
	if (!j)
		fail_msg("no %s in %.*s", path, STRF(t->body));
	return j;
}

int64_t
told_int(const struct told *t, const char *path)
{
	int64_t n;

	if (!json_int(at(t, path), &n))
		fail_msg("%s is no number in %.*s", path, STRF(t->body));
	return n;
}

struct str
told_str(const struct told *t, const char *path)
{
	return json_str(at(t, path));
}
