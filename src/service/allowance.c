/* SPDX-License-Identifier: Apache-2.0 */
/* Allowances: certificates of a product without money, so many in each period of months (SPEC 1, 3.1). */
#include "base/rfc3339.h"
#include "service/money.h"
#include "service/purchase.h"

/* The begin of the period that is running now: whole periods from the first one on. */
static int64_t
period_begin(const struct row_allowance *al, int64_t now)
{
	int64_t at = al->period_start_ms;

	for (int n = 1;; n++) {
		int64_t next = civil_add_months_ms(al->period_start_ms, (int)al->months * n);

		if (next > now || al->months < 1)
			return at;
		at = next;
	}
}

/* What was not used is gone with its period. */
static int
roll_over(struct db_tx *tx, int64_t account, struct row_allowance *al, struct err *e)
{
	int64_t begin = period_begin(al, tx->now_ms);
	int r;

	if (begin == al->period_start_ms)
		return 0;
	r = q_allowance_roll(tx, account, al->product, al->period_start_ms, begin, e);
	if (r > 0) {
		al->period_start_ms = begin;
		al->used = 0;
	}
	return MIN(r, 0);
}

int
allowance_take(struct db_tx *tx, int64_t account, const struct row_product *p, int64_t names, int64_t want,
	int64_t *ret_period_ms, struct err *e)
{
	struct row_allowance al;
	int r = q_allowance_get(tx, account, p->id, tx->arena, &al, e);

	if (r > 0)
		r = roll_over(tx, account, &al, e) < 0 ? e->code : 1;
	if (r <= 0 || al.names_max < names)
		return MIN(r, 0);
	r = q_allowance_take(tx, account, p->id, want, ret_period_ms, e);
	if (r == 0)
		return err_set(e, E_QUOTA_NONE, "the allowance for \"%.*s\" has %lld certificates left, not %lld",
			STRF(p->code), (long long)(al.certificates - al.used), (long long)want);
	return MIN(r, 1);
}

int
allowance_back(struct db_tx *tx, int64_t account, int64_t product, int64_t period_ms, int64_t n, struct err *e)
{
	return period_ms ? MIN(q_allowance_back(tx, account, product, period_ms, n, e), 0) : 0;
}

/* -- given by staff */

struct give {
	struct svc *s;
	const struct caller *c;
	int64_t account, names_max, certificates, months;
	struct str product;
};

static int
give_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct give *t = arg;
	struct row_allowance old = {0};
	struct row_account account;
	struct row_product p;
	int r = q_account_get(tx, t->account, tx->arena, &account, e);

	if (r == 0)
		return not_found(e, "account", t->account);
	if (r > 0)
		r = q_product_by_code(tx, t->product, tx->arena, &p, e);
	if (r == 0)
		return err_field(e, E_PRODUCT_UNFIT, "product", "there is no product \"%.*s\"", STRF(t->product));
	if (r > 0)
		r = q_allowance_get(tx, t->account, p.id, tx->arena, &old, e);
	if (r > 0)
		r = roll_over(tx, t->account, &old, e);
	if (r >= 0 && old.used > t->certificates)
		return err_field(e, E_FIELD_RANGE, "certificates",
			"account %lld has used %lld certificates of this period already, more than %lld",
			(long long)t->account, (long long)old.used, (long long)t->certificates);
	if (r >= 0)
		r = q_allowance_put(tx, t->account, p.id, t->names_max, t->certificates, t->months, tx->now_ms, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "account.allow", "accounts", t->account,
			       detail_2kv(tx->arena, "product", t->product, "certificates",
				       arena_printf(tx->arena, "%lld", (long long)t->certificates)),
			       e);
}

int
allowance_give(struct svc *s, const struct caller *c, int64_t account, struct str product, int64_t names_max,
	int64_t certificates, int64_t months, struct err *e)
{
	struct give t = {s, c, account, names_max, certificates, months, product};

	return svc_write(s, give_body, &t, e);
}

/* -- shown */

struct list {
	int64_t account;
	const struct page *page;
	struct arena *a;
	struct row_allowance *rows;
	size_t n;
};

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *t = arg;
	int r = q_allowance_list(tx, t->account, t->page->cursor, t->page->limit + 1, t->a, &t->rows, &t->n, e);

	for (size_t i = 0; r == 0 && i < t->n; i++) {
		int64_t begin = period_begin(&t->rows[i], tx->now_ms);

		if (begin != t->rows[i].period_start_ms)
			t->rows[i].used = 0;
		t->rows[i].period_start_ms = begin;
	}
	return r;
}

int
allowance_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_allowance **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct list t = {.page = page, .a = a};
	int r = account_in_reach(c, account, &t.account, e);

	if (r == 0)
		r = svc_read(s, list_body, &t, e);
	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}
