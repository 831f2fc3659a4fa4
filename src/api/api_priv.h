/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdatomic.h>

#include "api/api.h"
#include "api/call.h"

#define API_PREFIX "/api/"

struct api {
	struct api_conf conf;
	struct blob page[2]; /* the console's page: English, Chinese */
	_Atomic uint64_t answers[6]; /* by the first digit of the HTTP status */
	int64_t started_ms; /* monotonic */
};

/* A fresh random name for a request. */
struct str api_request_id(struct arena *a);

/* In which language the asker reads: `lang` of the query, else Accept-Language, else English. */
enum language api_language(const struct http_request *rq);

/* -- link_page.c: /link/<token>, over TLS. link_fast: true when answered; else link_handle() on a lane. */
bool link_is_page(struct str path);
bool link_fast(struct api *api, struct http_request *rq, struct http_response *rs);
void link_handle(struct api *api, struct http_request *rq, struct http_response *rs);

/* -- rest.c: /api/… on a lane. */
void rest_handle(struct api *api, struct http_request *rq, struct http_response *rs);

/* -- status.c: what TLS clients ask, on all listeners. */
enum status_door { STATUS_NONE, STATUS_OCSP, STATUS_CRL, STATUS_AIA };
enum status_door status_door_of(struct str path);
/* false: ask again on the status lane with slow set. */
bool status_answer(struct api *api, enum status_door door, bool slow, struct http_request *rq, struct http_response *rs);

/* -- console.c: pages for people and for operators. */
int console_init(struct api *api, struct err *e) CHECKED;
void console_free(struct api *api);
/* '/', '/console…', '/healthz': true when answered. */
bool console_answer(struct api *api, struct http_request *rq, struct http_response *rs);
/* /metrics; to other than loopback peers only with a staff key over TLS. */
bool metrics_fast(struct api *api, struct http_request *rq, struct http_response *rs);
void metrics_handle(struct api *api, struct http_request *rq, struct http_response *rs);
