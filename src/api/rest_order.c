/* SPDX-License-Identifier: Apache-2.0 */
/* Orders as a whole: close, open again, send back. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/order.h"

int
api_subscription_close(struct call *c, struct err *e)
{
	struct row_subscription row;
	int r;

	r = order_close(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_subscription(&c->w, &row);
	return r;
}

static struct order_act
reopening(const struct call *c)
{
	const struct in_reopening *in = c->in;

	return (struct order_act){.account = in->account, .reason = in->reason, .ticket = in->ticket};
}

int
api_subscription_reopen(struct call *c, struct err *e)
{
	struct order_act act = reopening(c);
	struct row_subscription row;
	int r;

	r = order_reopen(c->svc, &c->caller, c->id, &act, c->arena, &row, e);
	if (r == 0)
		put_subscription(&c->w, &row);
	return r;
}

int
api_subscription_reopen_again(struct call *c, struct err *e)
{
	struct order_act act = reopening(c);
	struct row_subscription row;
	int r;

	r = order_reopen_again(c->svc, c->id, &act, c->arena, &row, e);
	if (r == 0)
		put_subscription(&c->w, &row);
	return r;
}

static struct order_act
correction(const struct call *c)
{
	const struct in_correction *in = c->in;

	return (struct order_act){.account = in->account, .reason = in->reason, .ticket = in->ticket};
}

/* staff publish nothing */
static void
put_corrected(struct call *c, const struct application_view *v)
{
	put_application(&c->w, v, arena_new_n(c->arena, v->n_authzs, struct publish), c->arena);
}

int
api_application_correct(struct call *c, struct err *e)
{
	struct order_act act = correction(c);
	struct application_view view;
	int r;

	r = order_correct(c->svc, &c->caller, c->id, &act, c->arena, &view, e);
	if (r == 0)
		put_corrected(c, &view);
	return r;
}

int
api_application_correct_again(struct call *c, struct err *e)
{
	struct order_act act = correction(c);
	struct application_view view;
	int r;

	r = order_correct_again(c->svc, c->id, &act, c->arena, &view, e);
	if (r == 0)
		put_corrected(c, &view);
	return r;
}

/* -- the page */

int
api_order_list(struct call *c, struct err *e)
{
	struct order_filter filter = {
		.status = c->q.status ? word_find(words_order_status, str_c(c->q.status)) : -1,
		.product = c->q.product,
		.name = c->q.name,
		.search = c->q.search,
		.since_ms = c->q.since_ms,
		.until_ms = c->q.until_ms ? c->q.until_ms : INT64_MAX,
	};
	struct order *orders;
	bool more;
	size_t n;
	int r;

	r = order_list(c->svc, &c->caller, &filter, &c->q.page, c->arena, &orders, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_order(&c->w, &orders[i], c->arena);
	call_list_end(c, more, n ? orders[n - 1].row.id : 0, -1);
	return 0;
}

int
api_order_show(struct call *c, struct err *e)
{
	struct order order;
	int r;

	r = order_show(c->svc, &c->caller, c->id, c->arena, &order, e);
	if (r == 0)
		put_order(&c->w, &order, c->arena);
	return r;
}
