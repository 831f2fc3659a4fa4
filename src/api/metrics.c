/* SPDX-License-Identifier: Apache-2.0 */
/* /metrics in Prometheus' text form. */
#include "api/api_priv.h"
#include "api/auth.h"
#include "api/problem.h"
#include "base/clock.h"
#include "base/log.h"

static void
head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void
put_lanes(struct buf *b, const struct api_conf *conf)
{
	const struct {
		const char *name;
		struct lane *lane;
	} lanes[] = {{"fast", conf->fast}, {"password", conf->password}, {"status", conf->status},
		{"validate", conf->validate}};

	head(b, "signet_lane_jobs", "gauge", "Requests waiting for and running on a worker lane.");
	for (size_t i = 0; i < ARRAY_LEN(lanes); i++) {
		unsigned waiting, running;

		lane_stats(lanes[i].lane, &waiting, &running);
		buf_printf(b, "signet_lane_jobs{lane=\"%s\",state=\"waiting\"} %u\n", lanes[i].name, waiting);
		buf_printf(b, "signet_lane_jobs{lane=\"%s\",state=\"running\"} %u\n", lanes[i].name, running);
	}
}

static void
put_all(struct api *api, struct buf *b)
{
	const char *event;
	uint64_t n;
	size_t it = 0;

	head(b, "signet_ready", "gauge", "1 when the service serves.");
	buf_printf(b, "signet_ready %d\n", api->conf.ready(api->conf.arg));
	head(b, "signet_uptime_seconds", "gauge", "Seconds since the start.");
	buf_printf(b, "signet_uptime_seconds %lld\n", (long long)((clock_mono_ms() - api->started_ms) / MS_SECOND));
	head(b, "signet_http_answers_total", "counter", "HTTP answers by the class of their status.");
	for (int i = 1; i < (int)ARRAY_LEN(api->answers); i++)
		buf_printf(b, "signet_http_answers_total{class=\"%dxx\"} %llu\n", i,
			(unsigned long long)api->answers[i]);
	put_lanes(b, &api->conf);
	head(b, "signet_events_total", "counter", "Events of the log.");
	while (log_counter_next(&it, &event, &n))
		buf_printf(b, "signet_events_total{event=\"%s\"} %llu\n", event, (unsigned long long)n);
}

static void
reply(struct api *api, struct http_response *rs)
{
	put_all(api, &rs->body);
	rs->status = 200;
	rs->content_type = "text/plain; version=0.0.4; charset=utf-8";
	problem_safe_headers(rs);
}

static bool
is_loopback(struct str peer)
{
	return str_starts(peer, STR("127.")) || str_eq_c(peer, "::1") || str_starts(peer, STR("::ffff:127."));
}

bool
metrics_fast(struct api *api, struct http_request *rq, struct http_response *rs)
{
	ERR(e);

	if (rq->method != HTTP_GET && rq->method != HTTP_HEAD)
		err_set(&e, E_METHOD_NOT_ALLOWED, "the method is not allowed here; allowed: GET, HEAD");
	else if (!is_loopback(rq->peer) && !rq->tls)
		err_set(&e, E_TLS_REQUIRED, "metrics are told to other hosts over HTTPS only");
	else if (!is_loopback(rq->peer))
		return false;
	if (e.code)
		problem_reply(rs, rq->arena, &e, api_request_id(rq->arena));
	else
		reply(api, rs);
	return true;
}

void
metrics_handle(struct api *api, struct http_request *rq, struct http_response *rs)
{
	struct call c = {.api = api, .svc = api->conf.svc, .rq = rq, .rs = rs, .arena = rq->arena};
	ERR(e);

	if (auth_request(&c, RIGHT_STAFF_READ, &e) < 0)
		problem_reply(rs, rq->arena, &e, api_request_id(rq->arena));
	else
		reply(api, rs);
}
