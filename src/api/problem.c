/* SPDX-License-Identifier: Apache-2.0 */
#include "api/problem.h"

#include "base/jsonw.h"

/* Seconds after which it makes sense to ask again, where the error does not say. */
#define RETRY_AFTER_S 2

static void
put_causes(struct jsonw *w, const struct err *e)
{
	jsonw_key(w, "causes");
	jsonw_array(w);
	for (unsigned i = 0; i < e->n_causes; i++) {
		const struct err_cause *c = &e->causes[i];

		jsonw_object(w);
		jsonw_kv_c(w, "code", err_info(c->code)->name);
		jsonw_kv_c(w, "field", c->field[0] ? c->field : NULL);
		jsonw_kv_c(w, "detail", c->msg);
		jsonw_kv_c(w, "hint", err_info(c->code)->hint);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
put_problem(struct buf *out, struct arena *a, const struct err *e, struct str request_id, struct str findings)
{
	const struct err_info *info = err_info(e->code);
	struct jsonw w;

	jsonw_init(&w, out);
	jsonw_object(&w);
	/* relative to the service: the registry that it serves itself */
	jsonw_kv_str(&w, "type", arena_printf(a, "/api/v1/errors#%s", info->name));
	jsonw_kv_c(&w, "title", info->text);
	jsonw_kv_int(&w, "status", info->http);
	jsonw_kv_c(&w, "code", info->name);
	jsonw_kv_c(&w, "detail", e->msg);
	jsonw_kv_c(&w, "hint", err_hint_text(e));
	jsonw_kv_c(&w, "field", e->field[0] ? e->field : NULL);
	put_causes(&w, e);
	if (findings.p) {
		jsonw_key(&w, "findings");
		jsonw_raw(&w, findings);
	}
	jsonw_kv_str(&w, "request_id", request_id);
	jsonw_object_end(&w);
}

void
problem_safe_headers(struct http_response *rs)
{
	http_reply_header(rs, "X-Content-Type-Options", STR("nosniff"));
	http_reply_header(rs, "Cache-Control", STR("no-store"));
}

void
problem_reply(struct http_response *rs, struct arena *a, const struct err *e, struct str request_id)
{
	problem_reply_findings(rs, a, e, request_id, (struct str){NULL, 0});
}

void
problem_reply_findings(struct http_response *rs, struct arena *a, const struct err *e, struct str request_id,
	struct str findings)
{
	const struct err_info *info = err_info(e->code);
	int retry = e->retry_after_s;

	buf_clear(&rs->body);
	rs->fixed = (struct blob){NULL, 0};
	rs->n_headers = 0;
	rs->status = info->http;
	rs->content_type = "application/problem+json";
	put_problem(&rs->body, a, e, request_id, findings);
	problem_safe_headers(rs);
	http_reply_header(rs, "Request-Id", request_id);
	if (!retry && (info->http == 503 || info->http == 429))
		retry = RETRY_AFTER_S;
	if (retry)
		http_reply_header(rs, "Retry-After", arena_printf(a, "%d", retry));
	if (info->http == 401)
		http_reply_header(rs, "WWW-Authenticate", STR("Bearer realm=\"signet\""));
}
