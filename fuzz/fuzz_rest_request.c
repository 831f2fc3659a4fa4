/* SPDX-License-Identifier: Apache-2.0 */
/* A request to the doors: "METHOD target\nIf-Match\nbody". Route, id, parameters, condition and body by the route's
 * schema, or the OCSP question in the path. */
#include "api/decode.h"
#include "api/ocsp_path.h"
#include "ca/ocsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum http_method
method_of(struct str s)
{
	static const char *const names[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_eq_c(s, names[i]))
			return (enum http_method)i;
	}
	return HTTP_OTHER;
}

static void
ocsp(struct http_request *rq)
{
	struct ocsp_request q;
	struct blob der;

	if (ocsp_path_read((struct str){rq->path.p + 6, rq->path.n - 6}, NULL, rq->arena, &der))
		BUG_ON(!ocsp_request_read(der, &q) || q.n == 0);
}

static void
rest(struct http_request *rq)
{
	const struct route *rt = NULL;
	struct str allow = {NULL, 0};
	struct call_query q;
	const void *in = NULL;
	int64_t id = -1, version = -1;
	ERR(e);
	int r;

	r = route_find(rq->method, rq->path, rq->arena, &rt, &id, &allow, &e);
	BUG_ON((r == E_METHOD_NOT_ALLOWED) != (allow.p != NULL));
	BUG_ON(r == 0 && rt != route_peek(rq->method, rq->path));
	BUG_ON(r == 0 && (id < 0 || id > ID_MAX));
	/* bodies are worth reading whatever the path: the longest schema then */
	if (r < 0)
		rt = route_peek(HTTP_POST, STR("/api/v1/applications"));
	err_clear(&e);
	if (decode_query(rt, rq, &q, &e) == 0)
		BUG_ON(q.page.limit < 1 || q.page.limit > DECODE_LIMIT_MAX || q.page.cursor < 0 ||
			q.page.cursor > ID_MAX);
	err_clear(&e);
	if (decode_if_match(rq, &version, &e) == 0)
		BUG_ON(version < 0 || version > ID_MAX);
	err_clear(&e);
	if (decode_body(rt, rq, &in, &e) == 0)
		BUG_ON(!in != !rt->read);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = {(const char *)data, size}, line = str_cut(&text, '\n'), match = str_cut(&text, '\n');
	struct http_request rq = {.body = text.p ? blob_of(text) : (struct blob){NULL, 0}};
	ARENA(a);

	rq.arena = &a;
	rq.method = method_of(str_cut(&line, ' '));
	rq.target = line;
	rq.path = str_cut(&line, '?');
	rq.query = line;
	rq.headers[rq.n_headers++] = (struct http_header){STR("Content-Type"), STR("application/json")};
	if (match.n)
		rq.headers[rq.n_headers++] = (struct http_header){STR("If-Match"), match};
	if (!rq.path.n)
		return 0;
	if (str_starts(rq.path, STR("/ocsp/")))
		ocsp(&rq);
	else
		rest(&rq);
	return 0;
}
