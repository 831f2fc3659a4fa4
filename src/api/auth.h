/* SPDX-License-Identifier: Apache-2.0 */
/* Who calls: access key or session, and where a browser's request comes from. */
#pragma once

#include "api/call.h"

#define AUTH_COOKIE "__Host-session"

/* Fills c->caller (and c->token) or, for public routes, leaves nobody. E_UNAUTHENTICATED, E_ORIGIN_REFUSED, E_FORBIDDEN
 * when the role lacks the route's right. */
int auth_call(struct call *c, struct err *e) CHECKED;
/* The same for what is no route: who, and the right. */
int auth_request(struct call *c, enum right right, struct err *e) CHECKED;

/* The value of a cookie, or {NULL, 0}. */
struct str auth_cookie(const struct http_request *rq, const char *name);
/* The Origin header names this very host over https; also when there is no Origin and it is not `needed`. */
bool auth_origin_ok(const struct http_request *rq, bool needed);
