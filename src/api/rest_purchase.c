/* SPDX-License-Identifier: Apache-2.0 */
/* Purchases, bills, money, quota. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/purchase.h"

static void
put_purchased(struct call *c, const struct row_bill *bill, const struct row_subscription *subs, size_t n)
{
	jsonw_object(&c->w);
	jsonw_key(&c->w, "bill");
	put_bill(&c->w, bill);
	jsonw_key(&c->w, "subscriptions");
	jsonw_array(&c->w);
	for (size_t i = 0; i < n; i++)
		put_subscription(&c->w, &subs[i]);
	jsonw_array_end(&c->w);
	jsonw_object_end(&c->w);
}

int
api_purchase_create(struct call *c, struct err *e)
{
	const struct in_purchase *in = c->in;
	struct purchase buy = {
		.product = in->product,
		.quantity = in->has_quantity ? in->quantity : 1,
		.months = in->has_months ? in->months : in->has_predecessor ? 0 : 12,
		.n_common = in->n_common,
		.n_wildcard = in->n_wildcard,
		.pay = in->has_pay ? in->pay : true,
		.names = in->names,
		.n_names = in->n_names,
		.predecessor = in->has_predecessor ? in->predecessor : 0,
	};
	struct row_subscription *subs = NULL;
	struct row_bill bill;
	size_t n = 0;
	int r;

	r = purchase_make(c->svc, &c->caller, &buy, c->arena, &bill, &subs, &n, e);
	if (r < 0)
		return r;
	put_purchased(c, &bill, subs, n);
	return 0;
}

int
api_purchase_create_again(struct call *c, struct err *e)
{
	const struct in_purchase *in = c->in;
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	int r;

	r = purchase_again(c->svc, &c->caller, c->id, in->has_pay ? in->pay : true, c->arena, &bill, &subs, &n, e);
	if (r == 0)
		put_purchased(c, &bill, subs, n);
	return r;
}

int
api_bill_list(struct call *c, struct err *e)
{
	struct row_bill *rows;
	bool more;
	size_t n;
	int r;

	r = bill_show_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_bill(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_bill_show(struct call *c, struct err *e)
{
	struct row_bill row;
	int r;

	r = bill_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_bill(&c->w, &row);
	return r;
}

int
api_bill_pay(struct call *c, struct err *e)
{
	struct row_bill row;
	int r;

	r = bill_pay(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_bill(&c->w, &row);
	return r;
}

int
api_bill_cancel(struct call *c, struct err *e)
{
	struct row_bill row;
	int r;

	r = bill_cancel(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_bill(&c->w, &row);
	return r;
}

int
api_ledger_list(struct call *c, struct err *e)
{
	struct row_ledger *rows;
	bool more;
	size_t n;
	int r;

	r = ledger_show_list(c->svc, &c->caller, c->q.account, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_ledger_entry(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_subscription_list(struct call *c, struct err *e)
{
	struct row_subscription *rows;
	bool more;
	size_t n;
	int r;

	r = subscription_show_list(c->svc, &c->caller, c->q.state, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_subscription(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_subscription_show(struct call *c, struct err *e)
{
	struct row_subscription row;
	int r;

	r = subscription_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_subscription(&c->w, &row);
	return r;
}
