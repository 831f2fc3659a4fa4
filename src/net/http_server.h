/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP server. Loop threads read and write and never block; a whole request is either answered at once by `fast`
 * (from memory) or handed to the lane, where `handle` runs straight-line blocking code with its own arena.
 * Names, values and the rest of a request are borrowed: they live until its handler returns.
 * Framing is stricter than the library's (DESIGN 3): two Hosts, Content-Lengths or Transfer-Encodings, CL with TE, a
 * blank in a header name -> 400; body over the cap -> 413; chunked -> 411; each closes the connection.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "os/lane.h"

#define HTTP_TARGET_MAX (96 * 1024)
#define HTTP_HEADERS_MAX 64

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS, HTTP_OTHER };

struct http_header {
	struct str name, value;
};

struct http_request {
	struct arena *arena; /* of this request */
	enum http_method method;
	struct str target; /* as sent */
	struct str path; /* the part before '?', still percent-encoded; begins with '/'; no %00 */
	struct str query; /* after '?', still encoded */
	struct http_header headers[HTTP_HEADERS_MAX];
	unsigned n_headers;
	struct blob body;
	struct str peer; /* address as text, without port */
	bool tls;
	unsigned listener; /* index into the conf */
};

/* The first header with this name (any case), or {NULL, 0}. */
struct str http_header(const struct http_request *rq, const char *name);
/* Percent-decoded; false on a bad escape or %00. plus: '+' means blank (queries). */
bool http_decode(struct arena *a, struct str s, bool plus, struct str *ret);
/* The query's parameter, decoded, or {NULL, 0}. */
struct str http_query(const struct http_request *rq, const char *name);

#define HTTP_OUT_HEADERS_MAX 16

struct http_response {
	int status;
	const char *content_type; /* NULL: no body */
	struct buf body; /* its cap stands: 64 MB */
	struct blob fixed; /* instead of body: memory that outlives the answer (with release, or static) */
	void (*release)(void *);
	void *release_arg;
	struct http_header headers[HTTP_OUT_HEADERS_MAX];
	unsigned n_headers;
	bool wipe_body; /* the body carries a secret: wiped after sending */
};
/* Both texts must live as long as the request's arena. */
void http_reply_header(struct http_response *rs, const char *name, struct str value);

/* true: *rs is the answer. Runs on a loop thread: memory only, microseconds. */
typedef bool http_fast(void *arg, struct http_request *rq, struct http_response *rs);
/* Runs on the lane. Always answers. */
typedef void http_handle(void *arg, struct http_request *rq, struct http_response *rs);
/* The cap on the body for this target (before it is read). */
typedef size_t http_body_max(void *arg, enum http_method m, struct str path);
/* Which lane; NULL: the default one. */
typedef struct lane *http_pick_lane(void *arg, enum http_method m, struct str path);

struct http_listener {
	int fd; /* bound and listening; the server's from here on */
	bool tls;
};

struct http_server_conf {
	const struct http_listener *listeners;
	unsigned n_listeners;
	unsigned loop_threads; /* per listener */
	unsigned connections_max; /* in all; at 80 % waiting ones go (docs/decisions/0052); needs twice as many descriptors */
	int slow_ms; /* who sends nothing, and a handshake or request not whole after this, is dropped */
	int idle_ms; /* keep-alive */
	struct lane *lane;
	http_fast *fast; /* may be NULL */
	http_handle *handle;
	http_body_max *body_max;
	http_pick_lane *pick_lane; /* may be NULL */
	void *arg;
};

struct http_server;
/* TLS listeners refuse handshakes until http_server_set_tls(). */
int http_server_start(const struct http_server_conf *conf, struct http_server **ret, struct err *e) CHECKED;
/* chain: PEM, leaf first. key: PKCS#8 PEM. Replaces what stood; connections made before go on. */
int http_server_set_tls(struct http_server *s, struct str chain, const struct secret *key, struct err *e) CHECKED;
/* Jobs that a lane has not finished by then lose their connection but run on: drain the lane after this, before freeing
 * what the handler uses. Takes NULL.
 * Stops accepting, finishes what is under way within the time, closes, frees. */
struct http_server *http_server_stop(struct http_server *s, int drain_ms);
