/* SPDX-License-Identifier: Apache-2.0 */
/* Requests handed to the doors as the HTTP server hands them, and what comes back. */
#pragma once

#include "api/api.h"
#include "text/json.h"
#include "world.h"

struct env {
	struct world w;
	struct api *api;
	struct arena arena; /* of all answers */
	struct lane *lane;
	const char *admin; /* "ID.SECRET" of the operator's administrator */
};

struct ask {
	const char *method, *path; /* path may have a query */
	const char *key; /* access key, or NULL */
	const char *cookie, *origin, *body, *idem, *if_match;
	bool plain; /* not over TLS */
};

struct told {
	int status;
	struct str body, content_type;
	const struct json *json; /* NULL when it is none */
	unsigned n_headers;
	struct http_header headers[HTTP_OUT_HEADERS_MAX];
};

/* false: the engine is not installed. */
bool env_open(struct env *v, const char *engine);
void env_close(struct env *v);
struct told env_ask(struct env *v, const struct ask *q);
/* The answer's header, or {NULL, 0}. */
struct str told_header(const struct told *t, const char *name);
/* The problem's code, or "". */
const char *told_code(const struct told *t);
/* A number at "a.b.0.c" of the answer; aborts the test when there is none. */
int64_t told_int(const struct told *t, const char *path);
struct str told_str(const struct told *t, const char *path);
