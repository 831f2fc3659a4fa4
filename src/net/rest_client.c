/* SPDX-License-Identifier: Apache-2.0 */
#include "net/rest_client.h"

#include <curl/curl.h>

#include "base/buf.h"

struct exchange {
	struct arena *arena;
	struct buf body;
	struct http_rest_answer answer;
};

static size_t
take_body(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;

	buf_put(&x->body, p, size * n);
	return x->body.over ? 0 : size * n;
}

static bool
is_header(struct str *line, const char *name)
{
	struct str rest = *line, have = str_cut(&rest, ':');

	if (!rest.p || !str_eq_nocase(have, str_c(name)))
		return false;
	*line = str_trim(rest);
	return true;
}

static size_t
take_header(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;
	struct str line = {p, size * n};
	uint64_t seconds;

	if (is_header(&line, "content-type"))
		x->answer.content_type = arena_str(x->arena, line);
	else if (is_header(&line, "etag"))
		x->answer.etag = arena_str(x->arena, line);
	else if (is_header(&line, "set-cookie"))
		x->answer.set_cookie = arena_str(x->arena, line);
	else if (is_header(&line, "content-disposition"))
		x->answer.disposition = arena_str(x->arena, line);
	else if (is_header(&line, "retry-after") && str_u64(line, 86400, &seconds))
		x->answer.retry_after_s = (int)seconds;
	return size * n;
}

static struct curl_slist *
header_list(const struct http_rest *call, struct arena *a)
{
	struct curl_slist *list = curl_slist_append(NULL, "Expect:"); /* no 100-continue: bodies are small */

	/* without a value it takes away the form's type that the library would add */
	list = curl_slist_append(list, arena_printf(a, "Content-Type:%s%s", call->content_type ? " " : "",
					       call->content_type ? call->content_type : "")
					       .p);
	for (size_t i = 0; call->headers && call->headers[i]; i++)
		list = curl_slist_append(list, call->headers[i]);
	BUG_ON(!list);
	return list;
}

static void
set_up(CURL *h, const struct http_rest *call, struct exchange *x, struct curl_slist *headers)
{
	bool body = strcmp(call->method, "GET") != 0 && strcmp(call->method, "DELETE") != 0;

	curl_easy_setopt(h, CURLOPT_URL, arena_cstr(x->arena, call->url));
	curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, call->plain ? "http,https" : "https");
	curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(h, CURLOPT_PROXY, "");
	curl_easy_setopt(h, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(h, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 2L);
	if (call->ca_file) {
		curl_easy_setopt(h, CURLOPT_CAINFO, call->ca_file);
		curl_easy_setopt(h, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(h, CURLOPT_TIMEOUT_MS, (long)call->timeout_ms);
	curl_easy_setopt(h, CURLOPT_USERAGENT, "signet");
	curl_easy_setopt(h, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(h, CURLOPT_WRITEDATA, x);
	curl_easy_setopt(h, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(h, CURLOPT_HEADERDATA, x);
	if (body) {
		curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE, (long)call->body.n);
		curl_easy_setopt(h, CURLOPT_POSTFIELDS, call->body.p ? (const char *)call->body.p : "");
	}
	curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, call->method);
}

static int
tell(CURLcode rc, const struct http_rest *call, const struct exchange *x, const char *text, struct err *e)
{
	int r;

	if (x->body.over)
		return err_set(e, E_TOO_LARGE, "the answer is larger than %zu bytes", call->answer_max);
	if (rc == CURLE_OPERATION_TIMEDOUT)
		return err_set(
			e, E_TIMEOUT, "no answer from %.*s within %d s", STRF(call->url), call->timeout_ms / 1000);
	r = err_set(e, E_NET, "%.*s: %s", STRF(call->url), text[0] ? text : curl_easy_strerror(rc));
	if (rc == CURLE_PEER_FAILED_VERIFICATION || rc == CURLE_SSL_CACERT_BADFILE)
		err_hint(e, "Name the service's root certificate: --ca FILE, or sign in with --admin-file.");
	else if (rc == CURLE_COULDNT_CONNECT)
		err_hint(e, "Check the address, and that the service runs.");
	return r;
}

int
http_rest(const struct http_rest *call, struct arena *a, struct http_rest_answer *ret, struct err *e)
{
	struct exchange x = {.arena = a};
	char text[CURL_ERROR_SIZE] = "";
	struct curl_slist *headers = header_list(call, a);
	CURL *h = curl_easy_init();
	long status = 0;
	CURLcode rc;
	int r = 0;

	BUG_ON(!h);
	buf_init(&x.body, call->answer_max);
	set_up(h, call, &x, headers);
	curl_easy_setopt(h, CURLOPT_ERRORBUFFER, text);
	rc = curl_easy_perform(h);
	if (rc != CURLE_OK) {
		r = tell(rc, call, &x, text, e);
	} else {
		curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
		*ret = x.answer;
		ret->status = (int)status;
		ret->body = arena_blob(a, buf_blob(&x.body));
	}
	/* bodies may carry keys and passwords */
	buf_done_secret(&x.body);
	curl_easy_cleanup(h);
	curl_slist_free_all(headers);
	return r;
}
