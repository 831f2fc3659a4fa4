/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at products and subscriptions. */
#include "service/product.h"
#include "service/purchase.h"
#include "service/svc_priv.h"

struct show {
	const struct caller *c;
	const struct page *page;
	int64_t account, id, total;
	int state;
	struct arena *a;
	struct row_product *products;
	struct row_subscription *subs;
	size_t n;
};

/* The periods that the policy lets be sold today; staff, who edit the list, see all of it. */
static void
cut_months(const struct caller *c, struct row_product *p, int64_t now, struct arena *a)
{
	int64_t most = policy_value("months-max", now);
	struct str rest = p->months;
	BUF(b, 256);

	if (c->operator_account)
		return;
	while (rest.p) {
		struct str one = str_cut(&rest, ' ');
		uint64_t n;

		if (!str_u64(one, 1000, &n) || (int64_t)n > most)
			continue;
		if (b.n)
			buf_put_c(&b, " ");
		buf_put_str(&b, one);
	}
	p->months = arena_str(a, buf_str(&b));
}

static int
products_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	int64_t staff = t->c->operator_account;
	int r = q_product_list(tx, t->page->cursor, t->page->limit + 1, staff, t->a, &t->products, &t->n, e);

	if (r >= 0)
		r = q_product_count(tx, staff, &t->total, e);
	for (size_t i = 0; r >= 0 && i < t->n; i++)
		cut_months(t->c, &t->products[i], tx->now_ms, t->a);
	return MIN(r, 0);
}

int
product_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_product **ret, size_t *ret_n, bool *ret_more, int64_t *ret_total, struct err *e)
{
	struct show t = {.c = c, .page = page, .a = a};
	int r = svc_read(s, products_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.products;
	*ret_n = t.n;
	*ret_total = t.total;
	return 0;
}

static int
product_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	int r = q_product_get(tx, t->id, t->a, t->products, e);

	if (r > 0 && (t->products->internal || !t->products->active) && !t->c->operator_account)
		r = 0;
	if (r > 0)
		cut_months(t->c, t->products, tx->now_ms, t->a);
	return r == 0 ? not_found(e, "product", t->id) : MIN(r, 0);
}

int
product_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_product *ret, struct err *e)
{
	struct show t = {.c = c, .id = id, .a = a, .products = ret};

	return svc_read(s, product_body, &t, e);
}

static int
subs_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	int64_t before = page_before(t->page), n = t->page->limit + 1;

	if (t->state < 0)
		return q_subscription_list(tx, t->c->account, before, n, t->a, &t->subs, &t->n, e);
	return q_subscription_list_state(tx, t->c->account, t->state, before, n, t->a, &t->subs, &t->n, e);
}

int
subscription_show_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct row_subscription **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct show t = {.c = c, .state = state, .page = page, .a = a};
	int r = svc_read(s, subs_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.subs;
	*ret_n = t.n;
	return 0;
}

static int
sub_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	int r = q_subscription_get(tx, t->account, t->id, t->a, t->subs, e);

	return r == 0 ? not_found(e, "subscription", t->id) : MIN(r, 0);
}

int
subscription_show_of(struct svc *s, const struct caller *c, int64_t account, int64_t id, struct arena *a,
	struct row_subscription *ret, struct err *e)
{
	struct show t = {.c = c, .id = id, .a = a, .subs = ret};
	int r = account_in_reach(c, account, &t.account, e);

	return r < 0 ? r : svc_read(s, sub_body, &t, e);
}

int
subscription_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_subscription *ret,
	struct err *e)
{
	return subscription_show_of(s, c, 0, id, a, ret, e);
}
