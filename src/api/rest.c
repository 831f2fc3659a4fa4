/* SPDX-License-Identifier: Apache-2.0 */
/* One REST call from decoding to answer, the same for all routes: find, who, what, once, do, tell. */
#include "api/accept.h"
#include "api/api_priv.h"
#include "api/auth.h"
#include "api/decode.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/log.h"

static const char *
media(const struct route *rt)
{
	return rt->media ? rt->media : "application/json";
}

/* An answer that nobody would read does not begin to act. Problems are JSON for everybody (RFC 9457). */
static int
check_accept(const struct call *c, struct err *e)
{
	if (c->route->status == 204 || strcmp(media(c->route), "*/*") == 0 || accept_takes(c->rq, media(c->route)))
		return 0;
	err_field(e, E_NOT_ACCEPTABLE, "Accept", "the answer is %s, which the Accept header leaves out", media(c->route));
	err_hint(e, "Ask for %s, or leave the Accept header out.", media(c->route));
	return e->code;
}

static int
decode(struct call *c, struct err *e)
{
	int r;

	r = decode_query(c->route, c->rq, &c->q, e);
	if (r < 0)
		return r;
	if (c->route->match && c->rq->method != HTTP_GET && c->rq->method != HTTP_HEAD) {
		r = decode_if_match(c->rq, &c->version, e);
		if (r < 0)
			return r;
	}
	return decode_body(c->route, c->rq, &c->in, e);
}

/* The answer's form; the body is written already. */
static void
finish(struct call *c)
{
	c->rs->status = c->route->status;
	c->rs->content_type = NULL;
	if (c->route->status != 204)
		c->rs->content_type = c->media ? c->media : media(c->route);
	if (c->made)
		http_reply_header(
			c->rs, "Location", arena_printf(c->arena, "%s/%lld", c->route->path, (long long)c->made));
	c->rs->wipe_body = c->secret;
	problem_safe_headers(c->rs);
}

static int
act(struct call *c, struct err *e)
{
	int r;

	jsonw_init(&c->w, &c->rs->body);
	r = api_handlers[c->route - api_routes](c, e);
	if (r < 0)
		return r;
	if (c->rs->body.over)
		return err_set(e, E_INTERNAL, "the answer is larger than its cap");
	finish(c);
	return 0;
}

/* A repetition: what the first request was about is shown as it is now (idempotency.h). */
static int
show_again(struct call *c, int64_t id, struct err *e)
{
	int (*again)(struct call *, struct err *) = api_again[c->route - api_routes];
	int r = 0;

	if (!c->id)
		c->made = c->id = id;
	jsonw_init(&c->w, &c->rs->body);
	if (again)
		r = again(c, e);
	if (r < 0)
		return r;
	finish(c);
	http_reply_header(c->rs, "Idempotency-Replayed", STR("true"));
	return 0;
}

static int
act_once(struct call *c, struct idem *key, struct err *e)
{
	struct str object;
	int64_t id;
	int r;

	r = idem_find(c->svc, &c->caller, key, c->arena, &object, &id, e);
	if (r < 0)
		return r;
	if (r > 0)
		return show_again(c, id, e);
	c->caller.idem = key;
	r = act(c, e);
	if (r != E_IDEMPOTENCY_BUSY)
		return r;
	/* A twin of this request was faster by a moment: its record stands by now. */
	buf_clear(&c->rs->body);
	c->rs->n_headers = 0;
	return idem_find(c->svc, &c->caller, key, c->arena, &object, &id, e) > 0 ? show_again(c, id, e) : r;
}

static int
work(struct call *c, struct str *ret_allow, struct err *e)
{
	struct idem key = {0};
	int r;

	r = route_find(c->rq->method, c->rq->path, c->arena, &c->route, &c->id, ret_allow, e);
	if (r < 0)
		return r;
	r = auth_call(c, e);
	if (r < 0)
		return r;
	r = check_accept(c, e);
	if (r < 0)
		return r;
	r = decode(c, e);
	if (r < 0)
		return r;
	if (c->route->key) {
		r = decode_key(c->rq, &key, e);
		if (r < 0)
			return r;
	}
	return key.key.p ? act_once(c, &key, e) : act(c, e);
}

static void
tell(struct call *c, const struct err *e, struct str request_id, int64_t start_us)
{
	enum log_level level = c->rs->status >= 500 ? LOG_ERROR : c->rs->status >= 400 ? LOG_INFO : LOG_DEBUG;

	log_event(level, c->rs->status >= 400 ? "http.refused" : "http.done",
		F_STR("route", c->route ? c->route->name : "none"), F_INT("status", c->rs->status),
		F_STR("code", e->code ? err_info(e->code)->name : "OK"), F_STR("message", e->msg),
		F_STR("detail", e->detail), F_INT("account", c->caller.account), F_INT("user", c->caller.user),
		F_S("peer", c->rq->peer), F_S("request", request_id), F_INT("us", clock_mono_us() - start_us));
}

void
rest_handle(struct api *api, struct http_request *rq, struct http_response *rs)
{
	struct call c = {.api = api, .svc = api->conf.svc, .rq = rq, .rs = rs, .arena = rq->arena};
	struct str id = api_request_id(rq->arena), allow = {NULL, 0};
	int64_t start_us = clock_mono_us();
	ERR(e);
	int r;

	r = work(&c, &allow, &e);
	if (r < 0) {
		problem_reply_findings(rs, rq->arena, &e, id, c.findings);
		if (allow.p)
			http_reply_header(rs, "Allow", allow);
	} else {
		http_reply_header(rs, "Request-Id", id);
	}
	tell(&c, &e, id, start_us);
}
