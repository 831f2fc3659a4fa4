/* SPDX-License-Identifier: Apache-2.0 */
/* The page for people, the way to it, and /healthz. All from memory. */
#include <stdlib.h>

#include "api/api_priv.h"
#include "api/problem.h"
#include "base/b64.h"
#include "crypto/digest.h"

extern const struct blob console_html;

#define PAGE_MAX (256 * 1024)

/* {{lang}} and {{url}} filled in; the url comes from the operator and goes into text and attributes. */
static void
put_value(struct buf *b, const char *v)
{
	for (; *v; v++) {
		if (strchr("<>&\"'", *v))
			buf_printf(b, "&#%d;", *v);
		else
			buf_put_u8(b, (uint8_t)*v);
	}
}

static void
fill(struct buf *b, struct str text, const char *lang, const char *url)
{
	while (text.n) {
		if (str_starts(text, STR("{{lang}}"))) {
			put_value(b, lang);
			text.p += 8, text.n -= 8;
		} else if (str_starts(text, STR("{{url}}"))) {
			put_value(b, url);
			text.p += 7, text.n -= 7;
		} else {
			buf_put_u8(b, (uint8_t)*text.p);
			text.p++, text.n--;
		}
	}
}

int
console_init(struct api *api, struct err *e)
{
	for (int i = LANGUAGE_EN; i <= LANGUAGE_ZH; i++) {
		struct buf b;

		buf_init(&b, PAGE_MAX);
		fill(&b, str_of(console_html), words_language[i], api->conf.url);
		if (b.over) {
			buf_done(&b);
			return err_set(e, E_INTERNAL, "the console's page is larger than its cap");
		}
		api->page[i] = (struct blob){b.p, b.n};
	}
	return 0;
}

void
console_free(struct api *api)
{
	for (int i = LANGUAGE_EN; i <= LANGUAGE_ZH; i++)
		free((void *)(uintptr_t)api->page[i].p);
}

/* The quality of a language range in thousandths: "zh-CN;q=0.8" (RFC 9110 12.4.2); malformed ones count as 0. */
static unsigned
quality(struct str range)
{
	unsigned q = 0, unit = 1000;

	str_cut(&range, ';');
	if (!range.p)
		return 1000;
	range = str_trim(range);
	if (!str_starts(range, STR("q=")))
		return 0;
	for (size_t i = 2; i < range.n && i < 7; i++) {
		if (range.p[i] == '.')
			continue;
		if (range.p[i] < '0' || range.p[i] > '9')
			return 0;
		q += unit * (unsigned)(range.p[i] - '0');
		unit /= 10;
	}
	return q;
}

enum language
api_language(const struct http_request *rq)
{
	struct str list = http_header(rq, "accept-language"), asked = http_query(rq, "lang");
	unsigned best = 0;
	enum language lang = LANGUAGE_EN;

	for (int i = LANGUAGE_EN; i <= LANGUAGE_ZH; i++) {
		if (str_eq_c(asked, words_language[i]))
			return (enum language)i;
	}
	while (list.p) {
		struct str range = str_trim(str_cut(&list, ','));
		unsigned q = quality(range);

		for (int i = LANGUAGE_EN; i <= LANGUAGE_ZH; i++) {
			if (q > best && range.n >= 2 && str_eq_nocase((struct str){range.p, 2}, str_c(words_language[i]))) {
				best = q;
				lang = (enum language)i;
			}
		}
	}
	return lang;
}

/* The style stands in the page: its hash is the only thing that the policy allows. */
static struct str
policy(struct arena *a)
{
	static const char open[] = "<style>", close[] = "</style>";
	struct str page = str_of(console_html);
	const char *from = memmem(page.p, page.n, open, sizeof(open) - 1);
	const char *to = memmem(page.p, page.n, close, sizeof(close) - 1);
	uint8_t sum[32];

	BUG_ON(!from || !to);
	from += sizeof(open) - 1;
	digest_sha256(BLOB(from, (size_t)(to - from)), sum);
	return arena_printf(a,
		"default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; "
		"frame-ancestors 'none'",
		b64_encode(a, BLOB(sum, sizeof(sum))).p);
}

static void
page(struct api *api, struct http_request *rq, struct http_response *rs)
{
	rs->status = 200;
	rs->content_type = "text/html; charset=utf-8";
	rs->fixed = api->page[api_language(rq)];
	http_reply_header(rs, "Content-Security-Policy", policy(rq->arena));
	http_reply_header(rs, "Referrer-Policy", STR("no-referrer"));
	http_reply_header(rs, "Vary", STR("Accept-Language"));
	problem_safe_headers(rs);
}

static void
redirect(struct http_request *rq, struct http_response *rs, const char *base)
{
	rs->status = 308;
	rs->content_type = "text/plain; charset=utf-8";
	buf_printf(&rs->body, "The console is at %s/console/\n", base);
	http_reply_header(rs, "Location", arena_printf(rq->arena, "%s/console/", base));
	problem_safe_headers(rs);
}

static void
health(struct api *api, struct http_response *rs)
{
	bool ready = api->conf.ready(api->conf.arg);

	rs->status = ready ? 200 : 503;
	rs->content_type = "text/plain; charset=utf-8";
	buf_put_c(&rs->body, ready ? "ok\n" : "starting\n");
	problem_safe_headers(rs);
}

bool
console_answer(struct api *api, struct http_request *rq, struct http_response *rs)
{
	bool console = str_eq_c(rq->path, "/console/"),
	     away = str_eq_c(rq->path, "/") || str_eq_c(rq->path, "/console");
	bool healthz = str_eq_c(rq->path, "/healthz");
	ERR(e);

	if (!console && !away && !healthz)
		return false;
	if (rq->method != HTTP_GET && rq->method != HTTP_HEAD) {
		err_set(&e, E_METHOD_NOT_ALLOWED, "the method is not allowed here; allowed: GET, HEAD");
		problem_reply(rs, rq->arena, &e, api_request_id(rq->arena));
		http_reply_header(rs, "Allow", STR("GET, HEAD"));
	} else if (healthz) {
		health(api, rs);
	} else if (away || !rq->tls) {
		redirect(rq, rs, rq->tls ? "" : api->conf.url);
	} else {
		page(api, rq, rs);
	}
	return true;
}
