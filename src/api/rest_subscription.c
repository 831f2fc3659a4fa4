/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of subscriptions: by their account, and by support for it. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/merge.h"
#include "service/purchase.h"
#include "service/refund.h"

static int
put(struct call *c, int r, const struct row_subscription *row)
{
	if (r == 0)
		put_subscription(&c->w, row);
	return r;
}

int
api_subscription_merge(struct call *c, struct err *e)
{
	const struct in_merge *in = c->in;
	struct merge merge = {.subscriptions = in->subscriptions, .n = in->n_subscriptions, .names = in->names,
		.n_names = in->n_names};
	struct row_subscription row;

	return put(c, subscription_merge(c->svc, &c->caller, &merge, c->arena, &row, e), &row);
}

static struct merge
merge_for(const struct call *c)
{
	const struct in_staff_merge *in = c->in;

	return (struct merge){.account = c->id, .subscriptions = in->subscriptions, .n = in->n_subscriptions,
		.names = in->names, .n_names = in->n_names, .ticket = in->ticket, .reason = in->reason};
}

int
api_account_merge(struct call *c, struct err *e)
{
	struct merge merge = merge_for(c);
	struct row_subscription row;

	return put(c, subscription_merge(c->svc, &c->caller, &merge, c->arena, &row, e), &row);
}

int
api_account_merge_again(struct call *c, struct err *e)
{
	struct merge merge = merge_for(c);
	struct row_subscription row;

	return put(c, subscription_show_of(c->svc, &c->caller, c->id, merge_survivor(&merge), c->arena, &row, e), &row);
}

int
api_subscription_refund(struct call *c, struct err *e)
{
	struct refund refund = {.subscription = c->id};
	struct row_subscription row;

	return put(c, subscription_refund(c->svc, &c->caller, &refund, c->arena, &row, e), &row);
}

int
api_account_refund(struct call *c, struct err *e)
{
	const struct in_refund *in = c->in;
	struct refund refund = {.account = c->id, .subscription = in->subscription, .ticket = in->ticket,
		.reason = in->reason};
	struct row_subscription row;

	return put(c, subscription_refund(c->svc, &c->caller, &refund, c->arena, &row, e), &row);
}

int
api_account_refund_again(struct call *c, struct err *e)
{
	const struct in_refund *in = c->in;
	struct row_subscription row;

	return put(c, subscription_show_of(c->svc, &c->caller, c->id, in->subscription, c->arena, &row, e), &row);
}
