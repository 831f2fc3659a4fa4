/* SPDX-License-Identifier: Apache-2.0 */
#include "api/api_priv.h"

#include <stdlib.h>

#include "api/decode.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/hex.h"
#include "base/rand.h"
#include "ca/ocsp.h"
#include "service/birth.h"
#include "validate/validate.h"

#define FORM_BODY_MAX 1024 /* of a form with one button */
#define FILEAUTH "/.well-known/pki-validation/fileauth.txt"

int
api_new(const struct api_conf *conf, struct api **ret, struct err *e)
{
	struct api *a = calloc(1, sizeof(*a));
	int r;

	BUG_ON(!a);
	a->conf = *conf;
	a->started_ms = clock_mono_ms();
	r = console_init(a, e);
	if (r < 0) {
		api_free(a);
		return r;
	}
	*ret = a;
	return 0;
}

struct api *
api_free(struct api *a)
{
	if (!a)
		return NULL;
	console_free(a);
	free(a);
	return NULL;
}

struct str
api_request_id(struct arena *a)
{
	uint8_t id[8];

	rand_bytes(id, sizeof(id));
	return hex_encode(a, BLOB(id, sizeof(id)));
}

static bool
is_rest(struct str path)
{
	return str_starts(path, STR(API_PREFIX)) || str_eq_c(path, "/api");
}

static void
count(struct api *api, const struct http_response *rs)
{
	int class = rs->status / 100;

	if (class > 0 && class < (int)ARRAY_LEN(api->answers))
		api->answers[class]++;
}

static void
refuse(struct http_request *rq, struct http_response *rs, const struct err *e)
{
	problem_reply(rs, rq->arena, e, api_request_id(rq->arena));
}

/* Credentials never travel in the clear: not even an error about them is worked out over plain HTTP. */
static void
refuse_plain(struct api *api, struct http_request *rq, struct http_response *rs)
{
	ERR(e);

	err_set(&e, E_TLS_REQUIRED, "this door is open over HTTPS only");
	err_hint(&e, "Use %s%.*s. A credential that was sent in the clear must be replaced.", api->conf.url,
		(int)MIN(rq->path.n, (size_t)80), rq->path.p);
	refuse(rq, rs, &e);
}

static bool
rest_fast(struct api *api, struct http_request *rq, struct http_response *rs)
{
	if (!rq->tls) {
		refuse_plain(api, rq, rs);
		return true;
	}
	if (!api->conf.ready(api->conf.arg)) {
		ERR(e);

		err_set(&e, E_BUSY, "the service is starting");
		e.retry_after_s = 1;
		refuse(rq, rs, &e);
		return true;
	}
	return false;
}

static bool
answer_fast(struct api *api, struct http_request *rq, struct http_response *rs)
{
	enum status_door door = status_door_of(rq->path);

	if (door != STATUS_NONE)
		return status_answer(api, door, false, rq, rs);
	if (is_rest(rq->path))
		return rest_fast(api, rq, rs);
	if (str_eq_c(rq->path, FILEAUTH))
		return false;
	if (link_is_page(rq->path))
		return link_fast(api, rq, rs);
	if (str_eq_c(rq->path, "/metrics"))
		return metrics_fast(api, rq, rs);
	if (!console_answer(api, rq, rs)) {
		ERR(e);

		err_set(&e, E_NOT_FOUND, "there is nothing at \"%.*s\"", (int)MIN(rq->path.n, (size_t)100),
			rq->path.p);
		err_hint(&e, "/console/ is for people, /api/v1/openapi.json describes the API.");
		refuse(rq, rs, &e);
	}
	return true;
}

bool
api_fast(void *arg, struct http_request *rq, struct http_response *rs)
{
	struct api *api = arg;

	if (!answer_fast(api, rq, rs))
		return false;
	count(api, rs);
	return true;
}

/* The proof for a name of the service's own (SPEC 5, product `internal`). */
static void
fileauth(struct api *api, struct http_request *rq, struct http_response *rs)
{
	struct str host = http_header(rq, "host"), value = {NULL, 0};
	int r = 0;
	ERR(e);

	if (rq->method != HTTP_GET && rq->method != HTTP_HEAD)
		r = err_set(&e, E_METHOD_NOT_ALLOWED, "the method is not allowed here; allowed: GET, HEAD");
	else if (host.n)
		r = birth_file_value(api->conf.svc, host, http_query(rq, FILE_WHICH), rq->arena, &value, &e);
	if (r == 0 && !value.p)
		r = err_set(&e, E_NOT_FOUND, "no application waits for a file on this host");
	if (r < 0) {
		refuse(rq, rs, &e);
		return;
	}
	rs->status = 200;
	rs->content_type = "text/plain; charset=utf-8";
	buf_put_str(&rs->body, value);
	problem_safe_headers(rs);
}

void
api_handle(void *arg, struct http_request *rq, struct http_response *rs)
{
	enum status_door door = status_door_of(rq->path);
	struct api *api = arg;

	if (door != STATUS_NONE)
		status_answer(api, door, true, rq, rs);
	else if (str_eq_c(rq->path, FILEAUTH))
		fileauth(api, rq, rs);
	else if (link_is_page(rq->path))
		link_handle(api, rq, rs);
	else if (str_eq_c(rq->path, "/metrics"))
		metrics_handle(api, rq, rs);
	else
		rest_handle(api, rq, rs);
	count(api, rs);
}

size_t
api_body_max(void *arg, enum http_method m, struct str path)
{
	const struct route *rt;

	(void)arg;
	if (status_door_of(path) != STATUS_NONE)
		return OCSP_REQUEST_MAX;
	if (link_is_page(path))
		return FORM_BODY_MAX;
	if (!is_rest(path))
		return 0;
	rt = route_peek(m, path);
	if (rt && rt->body_max)
		return rt->body_max;
	return rt && rt->raw_max ? rt->raw_max : DECODE_BODY_MAX;
}

struct lane *
api_pick_lane(void *arg, enum http_method m, struct str path)
{
	const struct api *api = arg;
	const struct route *rt;

	if (status_door_of(path) != STATUS_NONE)
		return api->conf.status;
	rt = is_rest(path) ? route_peek(m, path) : NULL;
	switch (rt ? rt->lane : API_LANE_FAST) {
	case API_LANE_PASSWORD:
		return api->conf.password;
	case API_LANE_STATUS:
		return api->conf.status;
	case API_LANE_VALIDATE:
		return api->conf.validate;
	case API_LANE_FAST:
		break;
	}
	return api->conf.fast;
}
