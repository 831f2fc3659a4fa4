/* SPDX-License-Identifier: Apache-2.0 */
/* Automatic certificates of domains. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

int
api_domain_auto_show(struct call *c, struct err *e)
{
	struct domain_auto_view v;
	int r;

	r = domain_auto_show(c->svc, &c->caller, c->id, c->arena, &v, e);
	if (r == 0)
		put_domain_auto(&c->w, &v);
	return r;
}

int
api_domain_auto_on(struct call *c, struct err *e)
{
	const struct in_domain_automate *in = c->in;
	struct domain_auto_view v;
	int r;

	r = domain_auto_on(c->svc, &c->caller, c->id, in->product, c->arena, &v, e);
	if (r == 0)
		put_domain_auto(&c->w, &v);
	return r;
}

int
api_domain_auto_off(struct call *c, struct err *e)
{
	struct domain_auto_view v;
	int r;

	r = domain_auto_off(c->svc, &c->caller, c->id, c->arena, &v, e);
	if (r == 0)
		put_domain_auto(&c->w, &v);
	return r;
}
