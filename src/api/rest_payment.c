/* SPDX-License-Identifier: Apache-2.0 */
/* Money from outside, and certificates without money. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/payment.h"
#include "service/purchase.h"

int
api_payment_secret_create(struct call *c, struct err *e)
{
	const struct in_payment_secret_new *in = c->in;
	struct row_payment_secret row;
	struct str secret;
	int r;

	r = payment_secret_set(c->svc, &c->caller, in->secret, c->arena, &row, &secret, e);
	if (r < 0)
		return r;
	put_payment_secret(&c->w, &row, secret);
	c->secret = true;
	return 0;
}

int
api_payment_secret_again(struct call *c, struct err *e)
{
	struct row_payment_secret row;
	int r;

	r = payment_secret_show(c->svc, c->id, c->arena, &row, e);
	if (r == 0)
		put_payment_secret(&c->w, &row, (struct str){NULL, 0});
	return r;
}

int
api_payment_take(struct call *c, struct err *e)
{
	const struct in_payment_callback *in = c->in;
	struct payment payment = {
		.timestamp = http_header(c->rq, "signet-timestamp"),
		.signature = http_header(c->rq, "signet-signature"),
		.body = c->rq->body,
		.account = in->account,
		.amount = in->amount,
		.reference = in->reference,
		.currency = in->currency,
	};
	struct row_payment row;
	bool replayed;
	int r;

	r = payment_take(c->svc, c->caller.peer, &payment, c->arena, &row, &replayed, e);
	if (r == 0)
		put_payment(&c->w, &row, replayed);
	return r;
}

int
api_allowance_list(struct call *c, struct err *e)
{
	struct row_allowance *rows;
	bool more;
	size_t n;
	int r;

	r = allowance_show_list(c->svc, &c->caller, c->q.account, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_allowance(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}
