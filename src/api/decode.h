/* SPDX-License-Identifier: Apache-2.0 */
/* What a REST request says, besides who says it: parameters, body, conditions. No service. All faults at once. */
#pragma once

#include "api/call.h"
#include "service/idempotency.h"

#define DECODE_BODY_MAX (64 * 1024)
#define DECODE_LIMIT_DEFAULT 50
#define DECODE_LIMIT_MAX 200

/* The route's parameters; unknown, doubled and malformed ones are refused. */
int decode_query(const struct route *rt, const struct http_request *rq, struct call_query *ret, struct err *e) CHECKED;
/* The body by the route's schema; *ret is NULL for routes without one. E_MEDIA_TYPE, E_BAD_JSON, E_FIELD_*. */
int decode_body(const struct route *rt, const struct http_request *rq, const void **ret, struct err *e) CHECKED;
/* If-Match as this service's ETags are written; 0 when absent or "*". E_PRECONDITION for one that can never match. */
int decode_if_match(const struct http_request *rq, int64_t *ret, struct err *e) CHECKED;
/* Idempotency-Key with the hash of the request; key {NULL, 0} when absent. E_FIELD_LENGTH, E_FIELD_FORM. */
int decode_key(const struct http_request *rq, struct idem *ret, struct err *e) CHECKED;
