/* SPDX-License-Identifier: Apache-2.0 */
/* The figures that change by date, and the operator's own values. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

int
api_policy_list(struct call *c, struct err *e)
{
	struct policy_view *rows;
	size_t n;
	int r;

	r = policy_show_list(c->svc, c->arena, &rows, &n, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_policy(&c->w, &rows[i]);
	call_list_end(c, false, 0, (int64_t)n);
	return 0;
}

static int
answer(struct call *c, struct str name, struct err *e)
{
	struct policy_view v;
	int r = policy_show(c->svc, name, c->arena, &v, e);

	if (r == 0)
		put_policy(&c->w, &v);
	return r;
}

int
api_policy_set(struct call *c, struct err *e)
{
	const struct in_policy_set *in = c->in;
	struct policy_view v;
	int r;

	r = policy_set(c->svc, &c->caller, in->name, in->value, in->from, c->arena, &v, e);
	if (r == 0)
		put_policy(&c->w, &v);
	return r;
}

int
api_policy_set_again(struct call *c, struct err *e)
{
	const struct in_policy_set *in = c->in;

	return answer(c, in->name, e);
}

int
api_policy_unset(struct call *c, struct err *e)
{
	const struct in_policy_unset *in = c->in;
	struct policy_view v;
	int r;

	r = policy_unset(c->svc, &c->caller, in->name, c->arena, &v, e);
	if (r == 0)
		put_policy(&c->w, &v);
	return r;
}

int
api_policy_unset_again(struct call *c, struct err *e)
{
	const struct in_policy_unset *in = c->in;

	return answer(c, in->name, e);
}
