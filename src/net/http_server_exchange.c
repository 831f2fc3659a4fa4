/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/jsonw.h"
#include "net/http_server_priv.h"

/* -- answers */

static void
response_clear(struct http_response *rs)
{
	if (rs->wipe_body)
		buf_done_secret(&rs->body);
	else
		buf_done(&rs->body);
	if (rs->release)
		rs->release(rs->release_arg);
	*rs = (struct http_response){.body = {.max = 64 * 1024 * 1024}};
}

/* RFC 9457, with the members that the doors give their problems, too. */
static void
response_problem(struct http_response *rs, const struct err *e)
{
	struct jsonw w;

	response_clear(rs);
	rs->status = err_info(e->code)->http;
	rs->content_type = "application/problem+json";
	jsonw_init(&w, &rs->body);
	jsonw_object(&w);
	jsonw_kv_c(&w, "type", "about:blank");
	jsonw_kv_c(&w, "title", err_info(e->code)->text);
	jsonw_kv_int(&w, "status", rs->status);
	jsonw_kv_c(&w, "code", err_info(e->code)->name);
	jsonw_kv_c(&w, "detail", e->msg);
	jsonw_kv_c(&w, "hint", err_hint_text(e));
	jsonw_kv_c(&w, "field", e->field[0] ? e->field : NULL);
	jsonw_key(&w, "causes");
	jsonw_raw(&w, STR("[]"));
	jsonw_kv_c(&w, "request_id", NULL);
	jsonw_object_end(&w);
	http_reply_header(rs, "Cache-Control", STR("no-store"));
	if (err_info(e->code)->exit == 6)
		http_reply_header(rs, "Retry-After", STR("1"));
}

static void
response_error(struct http_response *rs, int code, const char *text)
{
	ERR(e);

	err_set(&e, code, "%s", text);
	response_problem(rs, &e);
}

/* A body on its way out: owned by the library's response. */
struct outgoing {
	struct buf body;
	bool wipe;
};

static void
outgoing_free(void *p)
{
	struct outgoing *o = p;

	if (o->wipe)
		buf_done_secret(&o->body);
	else
		buf_done(&o->body);
	free(o);
}

static void
nothing_to_free(void *p)
{
	(void)p;
}

static struct MHD_Response *
wrap(const void *p, size_t n, MHD_ContentReaderFreeCallback release, void *arg)
{
	struct MHD_Response *r = MHD_create_response_from_buffer_with_free_callback_cls(n, (void *)(uintptr_t)p,
		release, arg);

	if (!r)
		BUG("out of memory");
	return r;
}

/* Takes the body over; nothing is copied. */
static struct MHD_Response *
wrap_body(struct http_response *rs)
{
	struct outgoing *o;

	if (rs->fixed.p) {
		struct MHD_Response *r = wrap(rs->fixed.p, rs->fixed.n, rs->release ? rs->release : nothing_to_free,
			rs->release_arg);

		rs->release = NULL;
		return r;
	}
	if (!rs->content_type || rs->body.n == 0)
		return wrap("", 0, nothing_to_free, NULL);
	o = malloc(sizeof(*o));
	if (!o)
		BUG("out of memory");
	o->body = rs->body;
	o->wipe = rs->wipe_body;
	rs->body = (struct buf){.max = rs->body.max};
	return wrap(o->body.p, o->body.n, outgoing_free, o);
}

static bool
add_header(struct MHD_Response *r, struct arena *a, struct str name, struct str value)
{
	return MHD_add_response_header(r, arena_cstr(a, name), arena_cstr(a, value)) == MHD_YES;
}

/* false: a header has a character that no header may have. */
static bool
add_headers(struct MHD_Response *r, struct arena *a, const struct http_response *rs)
{
	if (rs->content_type && MHD_add_response_header(r, "Content-Type", rs->content_type) != MHD_YES)
		return false;
	for (unsigned i = 0; i < rs->n_headers; i++) {
		if (!add_header(r, a, rs->headers[i].name, rs->headers[i].value))
			return false;
	}
	return true;
}

static struct MHD_Response *
response_build(struct http_response *rs, struct arena *a)
{
	struct MHD_Response *r;

	if (rs->body.over || rs->status < 200 || rs->status > 599)
		response_error(rs, E_INTERNAL, "the answer is larger than its cap or has no status");
	r = wrap_body(rs);
	if (add_headers(r, a, rs))
		return r;
	MHD_destroy_response(r);
	response_error(rs, E_INTERNAL, "the answer has a malformed header");
	r = wrap_body(rs);
	BUG_ON(!add_headers(r, a, rs));
	return r;
}

/* -- the exchange */

static void
body_free(struct exchange *ex)
{
	atomic_fetch_sub(&ex->listener->server->bodies_bytes, ex->body.n);
	buf_done_secret(&ex->body);
}

/* Under the mutex. */
static void
exchange_unref_locked(struct exchange *ex)
{
	if (--ex->refs)
		return;
	body_free(ex);
	response_clear(&ex->rs);
	arena_done(&ex->arena);
	free(ex);
}

/* The answer in ex->rs goes out, and all else that the request held is let go. */
static enum MHD_Result
answer(struct exchange *ex, bool close)
{
	struct MHD_Response *r = response_build(&ex->rs, &ex->arena);
	enum MHD_Result done;

	if (close || !conn_keep(ex->conn))
		MHD_add_response_header(r, "Connection", "close");
	conn_move(ex->conn, CONN_ANSWERING);
	done = MHD_queue_response(ex->connection, (unsigned)ex->rs.status, r);
	MHD_destroy_response(r);
	ex->state = EX_ANSWERED;
	body_free(ex);
	response_clear(&ex->rs);
	arena_done(&ex->arena);
	return done;
}

static enum MHD_Result
refuse(struct exchange *ex, const struct err *e)
{
	response_problem(&ex->rs, e);
	return answer(ex, true);
}

void *
exchange_begin(void *cls, const char *target, struct MHD_Connection *c)
{
	struct listener *l = cls;
	struct exchange *ex = calloc(1, sizeof(*ex));

	if (!ex)
		BUG("out of memory");
	ex->listener = l;
	ex->connection = c;
	ex->conn = conn_of(c);
	ex->refs = 1;
	ex->rq.arena = &ex->arena;
	ex->rq.tls = l->tls;
	ex->rq.listener = l->index;
	ex->rq.peer = str_c(ex->conn->peer);
	ex->rs.body.max = 64 * 1024 * 1024;
	pthread_mutex_lock(&l->server->mutex);
	ex->conn->exchange = ex;
	l->server->n_exchanges++;
	if (ex->conn->list == CONN_IDLE || ex->conn->list == CONN_FRESH)
		conn_move_locked(ex->conn, CONN_RECEIVING);
	pthread_mutex_unlock(&l->server->mutex);
	frame_target(ex, target, MIN(l->pool - POOL_FOR_HEADERS, (size_t)HTTP_TARGET_MAX));
	return ex;
}

/* On the lane. */
static void
work(void *arg)
{
	struct exchange *ex = arg;
	struct http_server *s = ex->listener->server;

	s->conf.handle(s->conf.arg, &ex->rq, &ex->rs);
	pthread_mutex_lock(&s->mutex);
	if (ex->state == EX_LANE) {
		ex->state = EX_READY;
		MHD_resume_connection(ex->connection);
	}
	exchange_unref_locked(ex);
	server_unref_unlock(s);
}

/* The lane may outlive the connection (exchange_abandon_all): what the request borrows from it is copied. */
static void
own_request(struct exchange *ex)
{
	struct http_request *rq = &ex->rq;

	rq->peer = arena_str(&ex->arena, rq->peer);
	for (unsigned i = 0; i < rq->n_headers; i++) {
		rq->headers[i].name = arena_str(&ex->arena, rq->headers[i].name);
		rq->headers[i].value = arena_str(&ex->arena, rq->headers[i].value);
	}
}

/* The connection is suspended first: the lane may be done before lane_post() returns. */
static void
suspend_and_post(struct exchange *ex)
{
	struct http_server *s = ex->listener->server;
	struct lane *lane = s->conf.pick_lane ? s->conf.pick_lane(s->conf.arg, ex->rq.method, ex->rq.path) : NULL;

	MHD_suspend_connection(ex->connection);
	conn_move_locked(ex->conn, CONN_WORKING);
	ex->state = EX_LANE;
	ex->refs++;
	s->refs++;
	if (lane_post(lane ? lane : s->conf.lane, work, ex))
		return;
	ex->refs--;
	s->refs--;
	ex->state = EX_READY;
	response_error(&ex->rs, E_BUSY, "all workers of the service are busy");
	MHD_resume_connection(ex->connection);
}

static enum MHD_Result
to_lane(struct exchange *ex)
{
	struct http_server *s = ex->listener->server;
	bool stopping, gone;

	own_request(ex);
	pthread_mutex_lock(&s->mutex);
	stopping = s->stopping;
	gone = ex->conn->gone;
	if (!stopping && !gone)
		suspend_and_post(ex);
	pthread_mutex_unlock(&s->mutex);
	if (gone)
		return MHD_NO;
	if (!stopping)
		return MHD_YES;
	response_error(&ex->rs, E_DRAINING, "the service is stopping");
	return answer(ex, true);
}

void
exchange_abandon_all(struct http_server *s)
{
	for (struct conn *c = s->lists[CONN_WORKING].first; c; c = c->next) {
		if (c->exchange->state != EX_LANE)
			continue;
		c->exchange->state = EX_ABANDONED;
		MHD_resume_connection(c->exchange->connection);
	}
}

static enum MHD_Result
whole(struct exchange *ex)
{
	const struct http_server_conf *conf = &ex->listener->server->conf;

	ex->rq.body = buf_blob(&ex->body);
	if (conf->fast && conf->fast(conf->arg, &ex->rq, &ex->rs))
		return answer(ex, false);
	return to_lane(ex);
}

/* Nothing can be answered in mid-body: MHD_NO closes the connection. */
static enum MHD_Result
take_body(struct exchange *ex, const char *body, size_t n)
{
	atomic_size_t *total = &ex->listener->server->bodies_bytes;

	if (atomic_fetch_add(total, n) + n > BODIES_BYTES_MAX || ex->body.n + n > ex->body_length) {
		atomic_fetch_sub(total, n);
		return MHD_NO;
	}
	buf_put(&ex->body, body, n);
	return MHD_YES;
}

static enum MHD_Result
resumed(struct exchange *ex)
{
	struct http_server *s = ex->listener->server;
	bool abandoned;

	pthread_mutex_lock(&s->mutex);
	abandoned = ex->state == EX_ABANDONED;
	pthread_mutex_unlock(&s->mutex);
	return abandoned ? MHD_NO : answer(ex, false);
}

enum MHD_Result
exchange_step(void *cls, struct MHD_Connection *c, const char *url, const char *method, const char *version,
	const char *body, size_t *body_size, void **context)
{
	struct exchange *ex = *context;
	size_t n = *body_size;
	ERR(e);

	(void)cls;
	(void)c;
	(void)url;
	BUG_ON(!ex);
	switch (ex->state) {
	case EX_NEW:
		ex->state = EX_BODY;
		if (frame_check(ex, method, version, &e) < 0)
			return refuse(ex, &e);
		buf_init(&ex->body, (size_t)ex->body_length);
		ex->arena.wipe = ex->body_length > 0; /* passwords and keys come in bodies, and are decoded into it */
		return MHD_YES;
	case EX_BODY:
		*body_size = 0;
		return n ? take_body(ex, body, n) : whole(ex);
	case EX_LANE:
	case EX_READY:
	case EX_ABANDONED:
		return resumed(ex);
	case EX_ANSWERED:
		break;
	}
	return MHD_NO;
}

void
exchange_end(void *cls, struct MHD_Connection *c, void **context, enum MHD_RequestTerminationCode why)
{
	struct exchange *ex = *context;
	struct http_server *s;

	(void)cls;
	(void)c;
	(void)why;
	if (!ex)
		return;
	*context = NULL;
	s = ex->listener->server;
	pthread_mutex_lock(&s->mutex);
	ex->conn->exchange = NULL;
	conn_move_locked(ex->conn, CONN_IDLE);
	ex->conn = NULL;
	if (--s->n_exchanges == 0 && s->draining)
		pthread_cond_broadcast(&s->changed);
	exchange_unref_locked(ex);
	pthread_mutex_unlock(&s->mutex);
}
