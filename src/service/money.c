/* SPDX-License-Identifier: Apache-2.0 */
#include "service/money.h"

#include "service/purchase.h"

struct entry {
	int64_t account, by_user, amount, bill;
	enum ledger_kind kind;
	enum ledger_book other; /* the wallet's counterpart */
	struct str note;
};

/* amount is what the wallet gains (negative: loses). */
static int
entry_add(struct db_tx *tx, const struct entry *in, struct err *e)
{
	int64_t id, balance;
	int r;

	if (in->amount >= 0)
		r = q_account_credit(tx, in->account, in->amount, &balance, e);
	else
		r = q_account_debit(tx, in->account, -in->amount, &balance, e);
	if (r == 0)
		return err_set(e, E_BALANCE_LOW, "the balance does not cover %lld.%02lld", (long long)(-in->amount / 100),
			(long long)(-in->amount % 100));
	if (r > 0)
		r = q_ledger_entry_insert(tx,
			&(struct in_ledger_entry_insert){.account = in->account, .kind = in->kind, .bill = in->bill,
				.note = in->note, .by_user = in->by_user, .balance = balance, .now = tx->now_ms},
			&id, e);
	if (r > 0)
		r = q_ledger_line_insert(tx, id, in->account, BOOK_WALLET, in->amount, e);
	if (r > 0)
		r = q_ledger_line_insert(tx, id, in->account, in->other, -in->amount, e);
	return MIN(r, 0);
}

int
money_top_up(struct db_tx *tx, int64_t account, int64_t by_user, int64_t amount, struct str note, struct err *e)
{
	return entry_add(tx, &(struct entry){account, by_user, amount, 0, LEDGER_TOP_UP, BOOK_CASH, note}, e);
}

int
money_charge(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t amount, int64_t bill, struct err *e)
{
	(void)s;
	return entry_add(tx,
		&(struct entry){c->account, c->user, -amount, bill, LEDGER_CHARGE, BOOK_SALES, STR("")}, e);
}

int
money_refund(struct db_tx *tx, const struct svc *s, int64_t account, int64_t by_user, int64_t amount, int64_t bill,
	struct err *e)
{
	struct caller c = caller_system(account);
	struct row_bill b;
	int to, r = q_bill_hold(tx, account, bill, e);

	if (r > 0)
		r = q_bill_get(tx, account, bill, tx->arena, &b, e);
	if (r == 0)
		return not_found(e, "bill", bill);
	if (r < 0)
		return r;
	to = b.refunded + amount >= b.amount ? BILL_REFUNDED : BILL_PARTLY_REFUNDED;
	if (to != (int)b.state) {
		r = sm_move(&sm_bill, (int)b.state, to, SM_SYSTEM, e);
		if (r < 0)
			return r;
	}
	r = q_bill_refund(tx, account, bill, b.state, to, amount, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "bill %lld was changed meanwhile", (long long)bill);
	if (r > 0)
		r = entry_add(tx,
			&(struct entry){account, by_user, amount, bill, LEDGER_REFUND, BOOK_SALES, STR("")}, e);
	return r < 0 ? r : audit_add(tx, s, &c, "bill.refund", "bills", bill, (struct str){NULL, 0}, e);
}

/* -- staff */

struct top_up {
	struct svc *s;
	const struct caller *c;
	int64_t account, amount;
	struct str note;
	struct arena *a;
	struct row_account *ret;
};

static int
top_up_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct top_up *t = arg;
	int r = q_account_get(tx, t->account, t->a, t->ret, e);

	if (r == 0)
		return not_found(e, "account", t->account);
	if (r > 0)
		r = money_top_up(tx, t->account, t->c->user, t->amount, t->note, e);
	if (r == 0)
		r = audit_add(tx, t->s, t->c, "account.top_up", "accounts", t->account,
			detail_kv(tx->arena, "amount", arena_printf(tx->arena, "%lld", (long long)t->amount)), e);
	if (r == 0)
		r = q_account_get(tx, t->account, t->a, t->ret, e);
	return MIN(r, 0);
}

int
ledger_top_up(struct svc *s, const struct caller *c, int64_t account, int64_t amount, struct str note, struct arena *a,
	struct row_account *ret, struct err *e)
{
	struct top_up t = {s, c, account, amount, note, a, ret};

	if (amount <= 0 || amount > ID_MAX / 1000)
		return err_field(e, E_FIELD_RANGE, "amount", "the amount %lld is not positive or too large",
			(long long)amount);
	return svc_write(s, top_up_body, &t, e);
}

struct list {
	int64_t account;
	const struct page *page;
	struct arena *a;
	struct row_ledger *rows;
	size_t n;
};

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *t = arg;

	return q_ledger_list(tx, t->account, page_before(t->page), t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
ledger_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_ledger **ret, size_t *ret_n, bool *ret_more, struct err *e)
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
