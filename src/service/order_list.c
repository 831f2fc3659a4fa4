/* SPDX-License-Identifier: Apache-2.0 */
/* The orders page: one query for a page, whatever is asked for. */
#include "service/order.h"
#include "service/refund.h"
#include "service/review_priv.h"

/* Ids follow time but for what was made at once, in transactions beside each other. */
#define SLACK_MS MS_MINUTE

enum way { WAY_ALL, WAY_STATUS, WAY_PRODUCT, WAY_BOTH, WAY_NAMES, WAY_INSTANCE };

struct list {
	const struct order_filter *f;
	const struct page *page;
	int64_t account, id;
	struct arena *a;
	struct order *orders;
	size_t n;
	bool more;
};

static int64_t
refundable_until(const struct row_order_line *r)
{
	struct row_subscription sub = {.state = r->state, .first_issued_ms = r->first_issued_ms, .n_merged = r->n_merged,
		.paid_ms = r->bill_paid_ms, .submitted = r->submitted};

	return refund_until(&sub);
}

/* When the present step ends by itself, as far as that can be told: nobody knows when a person acts. */
static int64_t
expected(const struct row_order_line *r, int64_t average_ms, int64_t now)
{
	int64_t wait = average_ms ? average_ms : policy_value("reviewing-reminder", now);

	if (r->status == ORDER_VALIDATING)
		return r->next_check_ms;
	if (r->status == ORDER_NOT_ACTIVATED)
		return r->activates_ms;
	if (r->status != ORDER_VERIFYING || (r->review_since_ms && r->asked))
		return 0;
	return r->review_since_ms ? MAX(r->review_since_ms + wait, now) : now;
}

static enum way
way_of(const struct order_filter *f, int64_t product)
{
	if (f->search.n && str_starts(f->search, STR("cas-")))
		return WAY_INSTANCE;
	if (f->search.n || f->name.n)
		return WAY_NAMES;
	if (f->status >= 0)
		return product ? WAY_BOTH : WAY_STATUS;
	return product ? WAY_PRODUCT : WAY_ALL;
}

/* Between which ids the time lies: 0 when nothing can be found. */
static int
bounds(struct db_tx *tx, const struct list *t, struct in_order_page *in, struct err *e)
{
	int64_t id;
	int r = 1;

	if (t->f->since_ms > 0) {
		r = q_order_since(tx, t->account, t->f->since_ms - SLACK_MS, &id, e);
		if (r > 0)
			in->min = id;
	}
	if (r > 0 && t->f->until_ms < INT64_MAX - SLACK_MS) {
		r = q_order_until(tx, t->account, t->f->until_ms + SLACK_MS, &id, e);
		if (r > 0)
			in->before = MIN(in->before, id + 1);
	}
	return r;
}

static int
product_of(struct db_tx *tx, const struct list *t, int64_t *ret, struct err *e)
{
	struct row_product p;
	int r;

	*ret = 0;
	if (!t->f->product.n)
		return 0;
	r = q_product_by_code(tx, t->f->product, tx->arena, &p, e);
	if (r == 0)
		return err_field(e, E_PRODUCT_UNFIT, "product", "there is no product \"%.*s\"", STRF(t->f->product));
	if (r > 0)
		*ret = p.id;
	return MIN(r, 0);
}

static int
fill(struct db_tx *tx, struct list *t, const struct in_order_page *in, struct err *e)
{
	struct row_order_line *rows;
	int64_t average = 0;
	int r = q_order_page(tx, in, t->a, &rows, &t->n, e);

	if (r >= 0)
		r = q_review_average_wait(tx, &average, e);
	if (r < 0)
		return r;
	t->more = page_cut(t->page, &t->n);
	t->orders = arena_new_n(t->a, t->n, struct order);
	for (size_t i = 0; i < t->n; i++)
		t->orders[i] = (struct order){.row = rows[i], .refundable_until_ms = refundable_until(&rows[i]),
			.expected_ms = expected(&rows[i], average, tx->now_ms),
			.ending = rows[i].not_after_ms &&
				rows[i].not_after_ms - policy_value("renew-before", tx->now_ms) <= tx->now_ms};
	return 0;
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *t = arg;
	const struct order_filter *f = t->f;
	struct str from = f->search.n ? f->search : f->name;
	struct in_order_page in = {.account = t->account, .before = page_before(t->page), .status = f->status,
		.since_ms = f->since_ms, .until_ms = f->until_ms, .n = t->page->limit + 1};
	int r = product_of(tx, t, &in.product, e);

	t->n = 0;
	t->more = false;
	if (r == 0)
		r = bounds(tx, t, &in, e);
	if (r <= 0)
		return r;
	in.way = way_of(f, in.product);
	in.from_name = from.n ? from : STR("");
	/* of names, all that begin so: '~' stands behind everything that a name holds */
	in.to_name = f->search.n ? arena_printf(tx->arena, "%.*s~", STRF(from)) : in.from_name;
	return fill(tx, t, &in, e);
}

int
order_list(struct svc *s, const struct caller *c, const struct order_filter *f, const struct page *page, struct arena *a,
	struct order **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct list t = {.f = f, .page = page, .account = c->account, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret = t.orders;
	*ret_n = t.n;
	*ret_more = t.more;
	return 0;
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *t = arg;
	struct in_order_page in = {.way = WAY_ALL, .account = t->account, .min = t->id, .before = t->id + 1,
		.from_name = STR(""), .to_name = STR(""), .until_ms = INT64_MAX, .n = 1};
	int r = fill(tx, t, &in, e);

	return r == 0 && t->n == 0 ? not_found(e, "order", t->id) : r;
}

int
order_show(struct svc *s, const struct caller *c, int64_t subscription, struct arena *a, struct order *ret, struct err *e)
{
	struct page page = {.limit = 1};
	struct list t = {.page = &page, .account = c->account, .id = subscription, .a = a};
	int r = svc_read(s, show_body, &t, e);

	if (r == 0)
		*ret = t.orders[0];
	return r;
}
