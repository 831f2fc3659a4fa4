/* SPDX-License-Identifier: Apache-2.0 */
/* Webhooks. */
#include "service/webhook.h"

#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

static int
answer(struct call *c, const struct row_webhook *row, struct str secret)
{
	put_webhook(&c->w, row, secret);
	call_etag(c, row->version);
	return 0;
}

int
api_webhook_create(struct call *c, struct err *e)
{
	const struct in_webhook_new *in = c->in;
	struct webhook_new new = {.type = (enum webhook_type)in->type, .name = in->name, .url = in->url, .secret = in->secret,
		.language = in->has_language ? in->language : -1, .off = in->off, .n_off = in->n_off};
	struct row_webhook row;
	struct str secret;
	int r;

	r = webhook_create(c->svc, &c->caller, &new, c->arena, &row, &secret, e);
	if (r < 0)
		return r;
	c->made = row.id;
	c->secret = secret.p != NULL;
	return answer(c, &row, secret);
}

int
api_webhook_list(struct call *c, struct err *e)
{
	struct row_webhook *rows;
	bool more;
	size_t n;
	int r;

	r = webhook_show_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_webhook(&c->w, &rows[i], (struct str){NULL, 0});
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_webhook_show(struct call *c, struct err *e)
{
	struct row_webhook row;
	int r;

	r = webhook_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	return r < 0 ? r : answer(c, &row, (struct str){NULL, 0});
}

int
api_webhook_change(struct call *c, struct err *e)
{
	const struct in_webhook_patch *in = c->in;
	struct webhook_patch patch = {.name = in->name, .active = in->has_active ? in->active : -1,
		.language = in->has_language ? in->language : -1, .off = in->off, .n_off = in->n_off, .on = in->on,
		.n_on = in->n_on};
	struct row_webhook row;
	int r;

	r = webhook_change(c->svc, &c->caller, c->id, c->version, &patch, c->arena, &row, e);
	return r < 0 ? r : answer(c, &row, (struct str){NULL, 0});
}

int
api_webhook_remove(struct call *c, struct err *e)
{
	return webhook_remove(c->svc, &c->caller, c->id, e);
}

int
api_webhook_test(struct call *c, struct err *e)
{
	struct row_webhook_delivery row;
	int r;

	r = webhook_test(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_webhook_delivery(&c->w, &row);
	return r;
}

int
api_webhook_test_again(struct call *c, struct err *e)
{
	struct row_webhook_delivery row;
	int r;

	r = webhook_test_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_webhook_delivery(&c->w, &row);
	return r;
}

int
api_webhook_delivery_list(struct call *c, struct err *e)
{
	struct row_webhook_delivery *rows;
	bool more;
	size_t n;
	int r;

	r = webhook_deliveries(c->svc, &c->caller, c->id, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_webhook_delivery(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}
