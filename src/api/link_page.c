/* SPDX-License-Identifier: Apache-2.0 */
/*
 * /link/<token>: the page behind a one-time link of a mail. Looking at it (GET) changes nothing, since mail programs and
 * scanners look; its button (POST) uses the link. No script, and nothing that tells the address on.
 */
#include "api/api_priv.h"
#include "api/problem.h"
#include "base/b64.h"
#include "crypto/digest.h"
#include "service/link.h"

#define PREFIX "/link/"

static const char style[] = "body{font:16px/1.6 system-ui,sans-serif;color:#1f2329;background:#f5f6f7;margin:0}"
			    "main{max-width:36rem;margin:10vh auto;padding:2rem;background:#fff;border:1px solid #dee0e3}"
			    "h1{font-size:1.3rem;margin-top:0}p{white-space:pre-line;overflow-wrap:anywhere}"
			    "button{font:inherit;color:#fff;background:#0958d9;border:0;border-radius:4px;"
			    "padding:.5rem 1.5rem;cursor:pointer}small{color:#646a73}";

bool
link_is_page(struct str path)
{
	return str_starts(path, STR(PREFIX));
}

static void
put_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (strchr("<>&\"'", s.p[i]) && s.p[i])
			buf_printf(b, "&#%d;", s.p[i]);
		else
			buf_put_u8(b, (uint8_t)s.p[i]);
	}
}

static void
put_element(struct buf *b, const char *tag, struct str text)
{
	buf_printf(b, "<%s>", tag);
	put_escaped(b, text);
	buf_printf(b, "</%s>", tag);
}

static void
page_begin(struct http_response *rs, enum language language, struct str title)
{
	buf_printf(&rs->body,
		"<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
		"content=\"width=device-width,initial-scale=1\">",
		words_language[language]);
	put_element(&rs->body, "title", title);
	buf_printf(&rs->body, "<style>%s</style></head><body><main>", style);
	put_element(&rs->body, "h1", title);
}

static void
page_end(struct http_request *rq, struct http_response *rs, int status)
{
	uint8_t sum[32];

	buf_put_c(&rs->body, "</main></body></html>\n");
	digest_sha256(BLOB(style, sizeof(style) - 1), sum);
	rs->status = status;
	rs->content_type = "text/html; charset=utf-8";
	http_reply_header(rs, "Content-Security-Policy",
		arena_printf(rq->arena,
			"default-src 'none'; style-src 'sha256-%s'; form-action 'self'; base-uri 'none'; "
			"frame-ancestors 'none'",
			b64_encode(rq->arena, BLOB(sum, sizeof(sum))).p));
	http_reply_header(rs, "Referrer-Policy", STR("no-referrer"));
	http_reply_header(rs, "X-Robots-Tag", STR("noindex"));
	http_reply_header(rs, "Vary", STR("Accept-Language"));
	problem_safe_headers(rs);
}

/* What people most likely meet, in their language; the rest stands as the registry has it. */
static const char *
chinese(int code)
{
	switch (code) {
	case E_LINK_UNKNOWN:
		return "此链接无效。请打开最新一封邮件中的完整链接:每次重新发送邮件,之前的链接即失效。";
	case E_LINK_USED:
		return "此链接已被使用,无需再次操作。";
	case E_LINK_DEAD:
		return "相关事项已撤回或变更,此链接已失效。";
	case E_LINK_EXPIRED:
		return "此链接已过期。请申请重新发送邮件。";
	case E_LINK_THROTTLED:
		return "来自此地址的无效链接过多,请稍后再试。";
	default:
		return NULL;
	}
}

static void
refuse(struct http_request *rq, struct http_response *rs, const struct err *e)
{
	const struct err_info *info = err_info(e->code);
	enum language language = api_language(rq);
	const char *text = language == LANGUAGE_ZH ? chinese(e->code) : NULL;

	buf_clear(&rs->body);
	page_begin(rs, language, language == LANGUAGE_ZH ? STR("无法确认") : STR("This cannot be confirmed"));
	if (text) {
		put_element(&rs->body, "p", str_c(text));
	} else {
		put_element(&rs->body, "p", str_c(e->msg));
		put_element(&rs->body, "p", str_c(err_hint_text(e)));
	}
	put_element(&rs->body, "small", str_c(info->name));
	page_end(rq, rs, info->http);
	if (e->retry_after_s)
		http_reply_header(rs, "Retry-After", arena_printf(rq->arena, "%d", e->retry_after_s));
}

bool
link_fast(struct api *api, struct http_request *rq, struct http_response *rs)
{
	ERR(e);

	if (!rq->tls) {
		err_set(&e, E_TLS_REQUIRED, "this page is open over HTTPS only");
	} else if (rq->method != HTTP_GET && rq->method != HTTP_HEAD && rq->method != HTTP_POST) {
		err_set(&e, E_METHOD_NOT_ALLOWED, "the method is not allowed here; allowed: GET, HEAD, POST");
		http_reply_header(rs, "Allow", STR("GET, HEAD, POST"));
	} else if (!api->conf.ready(api->conf.arg)) {
		err_set(&e, E_BUSY, "the service is starting");
		e.retry_after_s = 1;
	} else {
		return false;
	}
	refuse(rq, rs, &e);
	return true;
}

void
link_handle(struct api *api, struct http_request *rq, struct http_response *rs)
{
	struct str token = {rq->path.p + strlen(PREFIX), rq->path.n - strlen(PREFIX)};
	enum language language = api_language(rq);
	bool use = rq->method == HTTP_POST;
	struct link_view v;
	ERR(e);
	int r = (use ? link_use : link_look)(api->conf.svc, rq->peer, token, language, rq->arena, &v, &e);

	if (r < 0) {
		refuse(rq, rs, &e);
		return;
	}
	page_begin(rs, language, v.words.subject);
	put_element(&rs->body, "p", use ? v.words.done : v.words.about);
	if (!use) {
		buf_put_c(&rs->body, "<form method=\"post\">");
		put_element(&rs->body, "button", v.words.button);
		buf_put_c(&rs->body, "</form>");
	}
	page_end(rq, rs, 200);
}
