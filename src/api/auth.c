/* SPDX-License-Identifier: Apache-2.0 */
#include "api/auth.h"

#include "service/account.h"

struct str
auth_cookie(const struct http_request *rq, const char *name)
{
	for (unsigned i = 0; i < rq->n_headers; i++) {
		struct str rest = rq->headers[i].value;

		if (!str_eq_nocase(rq->headers[i].name, STR("cookie")))
			continue;
		while (rest.p) {
			struct str pair = str_trim(str_cut(&rest, ';'));

			if (str_eq_c(str_cut(&pair, '='), name) && pair.p)
				return pair;
		}
	}
	return (struct str){NULL, 0};
}

/* "host" and "host:443" are the same place. */
static struct str
without_port_443(struct str host)
{
	if (str_ends(host, STR(":443")))
		host.n -= 4;
	return host;
}

bool
auth_origin_ok(const struct http_request *rq, bool needed)
{
	struct str origin = http_header(rq, "origin"), host = http_header(rq, "host");

	if (!origin.p)
		return !needed;
	if (!str_starts(origin, STR("https://")) || !host.n)
		return false;
	origin.p += 8;
	origin.n -= 8;
	return str_eq_nocase(without_port_443(origin), without_port_443(host));
}

static bool
is_write(const struct http_request *rq)
{
	return rq->method != HTTP_GET && rq->method != HTTP_HEAD;
}

static int
by_session(struct call *c, struct str token, struct err *e)
{
	int r;

	/* A browser sends Origin with every write: one without it does not come from our page (RFC 6454, 7). */
	if (is_write(c->rq) && !auth_origin_ok(c->rq, true))
		return err_set(
			e, E_ORIGIN_REFUSED, "a write with the session cookie needs the Origin of this service");
	r = session_check(c->svc, token, &c->caller, e);
	if (r < 0)
		return r;
	c->token = token;
	return 0;
}

static int
identify(struct call *c, struct err *e)
{
	struct str bearer = http_header(c->rq, "authorization"), token;

	if (bearer.p) {
		if (bearer.n < 7 || !str_eq_nocase((struct str){bearer.p, 7}, STR("Bearer ")))
			return err_set(e, E_UNAUTHENTICATED, "the Authorization header is not of the kind Bearer");
		return access_key_check(c->svc, str_trim((struct str){bearer.p + 7, bearer.n - 7}), &c->caller, e);
	}
	token = auth_cookie(c->rq, AUTH_COOKIE);
	if (!token.n)
		return err_set(e, E_UNAUTHENTICATED, "the request carries neither an access key nor a session");
	return by_session(c, token, e);
}

int
auth_request(struct call *c, enum right right, struct err *e)
{
	int r;

	if (right == RIGHT_PUBLIC) {
		/* Signing somebody in from another site would plant a foreign session in the browser. */
		if (is_write(c->rq) && !auth_origin_ok(c->rq, false))
			return err_set(e, E_ORIGIN_REFUSED, "the request comes from another origin");
		c->caller.peer = c->rq->peer;
		return 0;
	}
	r = identify(c, e);
	if (r < 0)
		return r;
	c->caller.peer = c->rq->peer;
	if (!role_has(c->caller.role, right))
		return err_set(e, E_FORBIDDEN, "the role \"%s\" does not have the right \"%s\"",
			words_role[c->caller.role], words_right[right]);
	return 0;
}

int
auth_call(struct call *c, struct err *e)
{
	return auth_request(c, c->route->right, e);
}
