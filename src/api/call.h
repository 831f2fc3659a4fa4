/* SPDX-License-Identifier: Apache-2.0 */
/* One REST call while it is worked on: what was decoded, and where the answer goes. Lives as long as the request. */
#pragma once

#include "api/route.h"
#include "base/jsonw.h"
#include "service/svc.h"

struct api;
struct package;

struct call_query {
	struct page page;
	int state; /* -1: all */
	const char *status; /* NULL: all */
	const char *purpose; /* NULL: not given */
	struct str name, format, file_name, product, search, source;
	int64_t since_ms, until_ms; /* 0: not given */
	bool confirmed, unused;
	bool received; /* direction */
	const char *key_alg; /* NULL: all */
	int key_held; /* -1: all */
	int64_t account, scan; /* 0: not given */
};

struct call {
	struct api *api;
	struct svc *svc;
	struct http_request *rq;
	struct http_response *rs;
	const struct route *route;
	struct arena *arena;
	struct caller caller;
	struct str token; /* of the session; {NULL, 0}: the caller came with an access key */
	int64_t id; /* from the path */
	int64_t version; /* from If-Match; 0: any */
	const void *in; /* the decoded body, of the route's schema */
	struct call_query q;
	const char *media; /* of the answer, where the route leaves it open; NULL: the route's */
	struct jsonw w; /* writes the answer's body */
	struct str findings; /* JSON: what a check found, told with the error; {NULL, 0}: none */
	bool secret; /* the answer carries one: wiped after sending */
	int64_t made; /* id of what was made, for Location; 0: none */
};

/* Handlers, by route: 0 with the answer written, or an error. */
extern int (*const api_handlers[])(struct call *c, struct err *e);
/* The same for a repeated idempotency key: shows c->id, does nothing. NULL: there is nothing to show. */
extern int (*const api_again[])(struct call *c, struct err *e);

struct certificate_view;
/* The certificate as its answer shows it (rest_certificate.c). */
int api_certificate_answer(struct call *c, const struct certificate_view *v, struct err *e) CHECKED;
/* Opens {"items":[ and closes it. next: the last row's key, taken when there are more. total < 0: not counted. */
void call_list(struct call *c);
void call_list_end(struct call *c, bool more, int64_t next, int64_t total);
void call_etag(struct call *c, int64_t version);
/* The files as the answer, whose memory they become; wiped after sending when a key is among them. */
void call_package(struct call *c, const struct package *pack);
