/* SPDX-License-Identifier: Apache-2.0 */
#include "net/http_client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/buf.h"

#ifndef SIGNET_VERSION
#define SIGNET_VERSION "0"
#endif

struct fetch {
	const struct http_call *call;
	struct buf body;
	bool cut, refused;
};

static bool
allowed(const struct http_call *call, const struct addr *a)
{
	return call->allow_special || addr_allowed(a, call->allow, call->n_allow);
}

/* The last look before the connection: exactly the pinned address, whatever the library thinks. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *sa)
{
	struct fetch *f = arg;
	struct addr to;

	if (purpose != CURLSOCKTYPE_IPCXN || !addr_of_sockaddr(&sa->addr, &to) ||
		!addr_equal_ip(&to, &f->call->address) || to.port != f->call->port || !allowed(f->call, &to)) {
		f->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(sa->family, sa->socktype | SOCK_CLOEXEC, sa->protocol);
}

/* Taking less than was given ends the transfer. */
static size_t
take_body(char *p, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;
	size_t take = MIN(size * n, f->body.max - f->body.n);

	buf_put(&f->body, p, take);
	f->cut = take < size * n;
	return take;
}

/* Letters, digits and what addresses need: nothing that means something else in a URL. */
static bool
host_ok(struct str host)
{
	for (size_t i = 0; i < host.n; i++) {
		unsigned char c = (unsigned char)host.p[i];

		if (!((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || memchr("-._:", c, 4)))
			return false;
	}
	return host.n > 0 && host.n <= 253;
}

static bool
path_ok(struct str path)
{
	for (size_t i = 0; i < path.n; i++) {
		if (path.p[i] <= ' ' || path.p[i] > '~' || path.p[i] == '#')
			return false;
	}
	return path.n > 0 && path.p[0] == '/';
}

static const char *
bracketed(struct arena *a, struct str host)
{
	return arena_printf(a, str_find(host, ':') < 0 ? "%.*s" : "[%.*s]", STRF(host)).p;
}

#define SET(option, value) BUG_ON(curl_easy_setopt(h, (option), (value)) != CURLE_OK)

/* Nothing of the environment, nothing that was not asked for. */
static void
set_bounds(CURL *h, const struct http_call *call)
{
	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_PROTOCOLS_STR, call->https ? "https" : "http");
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOPROXY, "*");
	SET(CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(CURLOPT_HTTP09_ALLOWED, 0L);
	SET(CURLOPT_FRESH_CONNECT, 1L);
	SET(CURLOPT_FORBID_REUSE, 1L);
	SET(CURLOPT_TIMEOUT_MS, (long)call->timeout_ms);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long)call->timeout_ms);
	if (!call->https)
		return;
	SET(CURLOPT_SSL_VERIFYPEER, call->verify ? 1L : 0L);
	SET(CURLOPT_SSL_VERIFYHOST, call->verify ? 2L : 0L);
	if (call->verify && call->ca_file) {
		SET(CURLOPT_CAPATH, NULL);
		SET(CURLOPT_CAINFO, call->ca_file);
	}
	if (!call->verify) {
		/* Not even read: the bundle costs a tenth of a second. */
		SET(CURLOPT_CAINFO, NULL);
		SET(CURLOPT_CAPATH, NULL);
	}
}

static struct curl_slist *
set_place(CURL *h, const struct http_call *call, struct arena *a)
{
	const char *host = bracketed(a, call->host);
	struct addr to = call->address;
	struct curl_slist *connect_to;

	to.port = call->port;
	connect_to = curl_slist_append(NULL, arena_printf(a, "::%s", addr_text(a, &to, true).p).p);
	if (!connect_to)
		BUG("out of memory");
	SET(CURLOPT_URL, arena_printf(a, "%s://%s:%u/", call->https ? "https" : "http", host, call->port).p);
	SET(CURLOPT_CONNECT_TO, connect_to);
	SET(CURLOPT_REQUEST_TARGET, arena_cstr(a, call->path));
	SET(CURLOPT_USERAGENT, arena_printf(a, "Signet/%s (%s)", SIGNET_VERSION, call->purpose).p);
	return connect_to;
}

static int
failed(const struct fetch *f, CURLcode code, const char *more, struct arena *a, struct err *e)
{
	const struct http_call *call = f->call;
	struct addr to = call->address;
	const char *at;
	int r = E_NET;

	to.port = call->port;
	at = addr_text(a, &to, true).p;
	if (f->refused)
		return err_set(e, E_ADDRESS_REFUSED, "the address %s of \"%.*s\" may not be called", at, STRF(call->host));
	if (code == CURLE_OPERATION_TIMEDOUT)
		r = E_TIMEOUT;
	else if (code == CURLE_COULDNT_CONNECT || code == CURLE_SSL_CONNECT_ERROR ||
		code == CURLE_PEER_FAILED_VERIFICATION)
		r = E_FILE_CONNECT;
	err_set(e, r, "calling \"%.*s\" at %s failed: %s", STRF(call->host), at, curl_easy_strerror(code));
	err_detail(e, "%s", more);
	return r;
}

static void
take_answer(CURL *h, struct fetch *f, struct arena *a, struct http_answer *ret)
{
	struct curl_header *location;
	long status = 0;

	curl_easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status);
	*ret = (struct http_answer){.status = (int)status, .cut = f->cut};
	ret->body = arena_blob(a, f->body.p ? buf_blob(&f->body) : BLOB("", 0));
	if (curl_easy_header(h, "Location", 0, CURLH_HEADER, -1, &location) == CURLHE_OK)
		ret->location = arena_str(a, str_c(location->value));
}

/* NULL: nothing is sent. */
static struct curl_slist *
set_sending(CURL *h, const struct http_call *call, struct arena *a)
{
	struct curl_slist *headers;

	if (!call->send_type)
		return NULL;
	headers = curl_slist_append(NULL, arena_printf(a, "Content-Type: %s", call->send_type).p);
	if (headers)
		headers = curl_slist_append(headers, "Expect:");
	for (size_t i = 0; headers && call->headers && call->headers[i]; i++)
		headers = curl_slist_append(headers, call->headers[i]);
	if (!headers)
		BUG("out of memory");
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->send.n);
	SET(CURLOPT_POSTFIELDS, (const char *)call->send.p);
	SET(CURLOPT_HTTPHEADER, headers);
	return headers;
}

static int
perform(CURL *h, struct fetch *f, struct arena *a, struct http_answer *ret, struct err *e)
{
	struct curl_slist *connect_to = set_place(h, f->call, a), *headers = set_sending(h, f->call, a);
	char more[CURL_ERROR_SIZE] = "";
	CURLcode code;
	int r = 0;

	set_bounds(h, f->call);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_OPENSOCKETDATA, f);
	SET(CURLOPT_WRITEFUNCTION, take_body);
	SET(CURLOPT_WRITEDATA, f);
	SET(CURLOPT_ERRORBUFFER, more);
	code = curl_easy_perform(h);
	if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && f->cut))
		take_answer(h, f, a, ret);
	else
		r = failed(f, code, more, a, e);
	SET(CURLOPT_ERRORBUFFER, NULL);
	curl_slist_free_all(connect_to);
	curl_slist_free_all(headers);
	return r;
}

static int
call_out(const struct http_call *call, struct arena *a, struct http_answer *ret, struct err *e)
{
	struct fetch f = {.call = call, .body = {.max = call->body_max}};
	CURL *h;
	int r;

	BUG_ON(call->timeout_ms <= 0 || !call->purpose);
	if (!host_ok(call->host))
		return err_set(e, E_NAME_SYNTAX, "\"%.*s\" is not a host name", STRF(call->host));
	if (!path_ok(call->path))
		return err_set(e, E_FIELD_FORM, "\"%.*s\" is not a path", STRF(call->path));
	f.refused = !allowed(call, &call->address);
	if (f.refused)
		return failed(&f, CURLE_OK, "", a, e);
	h = curl_easy_init();
	if (!h)
		BUG("out of memory");
	r = perform(h, &f, a, ret, e);
	curl_easy_cleanup(h);
	buf_done(&f.body);
	return r;
}

int
http_get(const struct http_call *call, struct arena *a, struct http_answer *ret, struct err *e)
{
	BUG_ON(call->send_type);
	return call_out(call, a, ret, e);
}

int
http_post(const struct http_call *call, struct arena *a, struct http_answer *ret, struct err *e)
{
	BUG_ON(!call->send_type);
	return call_out(call, a, ret, e);
}

int
http_client_init(struct err *e)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(e, E_INTERNAL, "the HTTP client's library cannot be set up");
	return 0;
}
