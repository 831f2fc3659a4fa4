/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of routes and schemas (generated from routes.def and schemas.def) and the search in it. Plain data: no
 * handler, no service. Any thread.
 */
#pragma once

#include "model/right.h"
#include "net/http_server.h"
#include "text/json.h"

enum api_lane { API_LANE_FAST, API_LANE_PASSWORD, API_LANE_STATUS, API_LANE_VALIDATE };

enum query_param {
	QUERY_LIMIT = 1 << 0,
	QUERY_CURSOR = 1 << 1,
	QUERY_STATE = 1 << 2,
	QUERY_STATUS = 1 << 3,
	QUERY_NAME = 1 << 4,
	QUERY_FORMAT = 1 << 5,
	QUERY_CONFIRMED = 1 << 6,
	QUERY_ACCOUNT = 1 << 7,
	QUERY_PURPOSE = 1 << 8,
	QUERY_FILE_NAME = 1 << 9,
	QUERY_PRODUCT = 1 << 10,
	QUERY_SEARCH = 1 << 11,
	QUERY_SINCE = 1 << 12,
	QUERY_UNTIL = 1 << 13,
	QUERY_SOURCE = 1 << 14,
	QUERY_DIRECTION = 1 << 15,
	QUERY_KEY_ALG = 1 << 16,
	QUERY_KEY_HELD = 1 << 17,
	QUERY_UNUSED = 1 << 18,
	QUERY_SCAN = 1 << 19,
};

struct route {
	enum http_method method;
	const char *path; /* "/api/v1/bills/{id}:pay" */
	const char *name; /* "bill_pay" */
	enum right right;
	enum api_lane lane;
	int status; /* of success */
	unsigned query; /* enum query_param, or-ed */
	const char *const *query_words; /* what `state`, `status` or `purpose` may say; NULL: any text */
	bool key; /* takes Idempotency-Key */
	bool match; /* If-Match, ETag */
	const char *media; /* NULL: JSON */
	size_t in_size; /* of the decoded body; 0: takes no body */
	size_t raw_max; /* the body is a file of at most so many bytes, whatever its type is said to be; 0: JSON */
	size_t body_max; /* of JSON, where it may have more bytes than usual; 0: DECODE_BODY_MAX */
	void (*read)(struct json_in *in, void *ret);
	const char *request, *response; /* names of schemas, or NULL */
};
extern const struct route api_routes[];
extern const unsigned api_n_routes;

struct schema_field {
	const char *name, *type;
	const char *sub; /* schema of objects and lists, vocabulary of words */
	const char *need;
	int64_t min, max;
};
struct schema {
	const char *name;
	bool in;
	const struct schema_field *fields; /* ends with name NULL */
	size_t size; /* requests */
	void (*read)(struct json_in *in, void *ret);
};
extern const struct schema api_schemas[]; /* ends with name NULL */

/* A vocabulary as the schemas have it, and the list that the program uses. */
struct api_words {
	const char *name;
	const char *const *listed, *const *used;
};
extern const struct api_words api_words_all[]; /* ends with name NULL */

/*
 * The route for method and path (as sent, still percent-encoded; an encoded slash is no separator). HEAD finds GET.
 * E_NOT_FOUND: no such path; E_METHOD_NOT_ALLOWED: *ret_allow lists the methods of the path; E_FIELD_FORM and
 * E_FIELD_RANGE: the id; E_BAD_REQUEST: a bad escape. *ret_id is 0 for paths without id.
 */
int route_find(enum http_method m, struct str path, struct arena *a, const struct route **ret, int64_t *ret_id,
	struct str *ret_allow, struct err *e) CHECKED;
/* The same for choosing a lane and a cap before anything is read: NULL when there is none. Takes no memory. */
const struct route *route_peek(enum http_method m, struct str path);

/* An id as a path or query has it: digits without leading zero, 1 … 2^53 - 1. E_FIELD_FORM, E_FIELD_RANGE. */
int id_read(struct str s, const char *field, int64_t *ret, struct err *e) CHECKED;
