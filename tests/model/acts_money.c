/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on money and quota. */
#include "play.h"

#include "service/merge.h"
#include "service/purchase.h"
#include "service/refund.h"

static void
top_up(struct play *p)
{
	int account = (int)play_below(p, M_ACCOUNTS);
	int64_t amount = play_chance(p, 10) ? -(int64_t)play_below(p, 3) : (int64_t)play_below(p, 3000000) + 1;
	struct row_account row;
	ERR(e);

	play_tell(p, "top up account %d by %lld", account, (long long)amount);
	if (play_result(p, m_top_up(&p->m, account, amount),
		    ledger_top_up(p->w.svc, &p->w.staff, p->callers[account].account, amount, STR("play"), &p->arena, &row, &e), &e))
		play_between(p, "the balance", row.balance, p->m.accounts[account].balance, p->m.accounts[account].balance);
}

/* -- buying */

static struct m_purchase
think_of_purchase(struct play *p)
{
	static const int64_t months[] = {6, 12, 24};
	struct m_purchase q = {.account = (int)play_below(p, M_ACCOUNTS), .product = play_chance(p, 30), .quantity = 1 + (int64_t)play_below(p, 3),
		.months = months[play_below(p, 3)], .pay = play_chance(p, 75)};
	bool common;

	if (play_chance(p, 25))
		q.product = (int)play_below(p, m_products_n);
	common = m_products[q.product].kind == M_COMMON;
	*(common ? &q.common : &q.wildcards) = m_products[q.product].names_max > 1 ? 1 + (int64_t)play_below(p, M_NAMES) : 1;
	switch (play_below(p, 30)) {
	case 0:
		q.months = 7;
		break;
	case 1:
		q.quantity = 0;
		break;
	case 2:
		q.common = q.wildcards = 1;
		break;
	case 3:
		*(common ? &q.common : &q.wildcards) = m_products[q.product].names_max + 1;
		break;
	case 4:
		q.product = -1;
		break;
	default:
		break;
	}
	return q;
}

/* The subscriptions that a paid bill made are adopted. */
static void
adopt_subscriptions(struct play *p, int bill, const struct row_subscription *rows, size_t n, int64_t from, int64_t to)
{
	const struct m_bill *b = &p->m.bills[bill];

	if (n != (size_t)b->quantity)
		play_fail(p, "bill %lld made %zu subscriptions, not %lld", (long long)b->id, n, (long long)b->quantity);
	for (size_t i = 0; i < n; i++) {
		int64_t usable = b->follows ? m_usable_from(&p->m, b->follows - 1, from) : 0;
		int sub;

		play_between(p, "usable from", rows[i].activates_ms, usable, usable);
		play_between(p, "the window's end", rows[i].window_end_ms,
			m_add_months(usable ? usable : from - PLAY_SLACK_MS, M_WINDOW_MONTHS),
			m_add_months(usable ? usable : to + PLAY_SLACK_MS, M_WINDOW_MONTHS));
		play_between(p, "paid", rows[i].paid_ms, from - PLAY_SLACK_MS, to + PLAY_SLACK_MS);
		sub = m_sub_add(&p->m, bill, rows[i].id, rows[i].paid_ms, rows[i].window_end_ms);
		if (p->m.subs[sub].state == MS_ASSIGNED)
			play_adopt_draft(p, sub);
	}
}

/* The bill of a purchase, and what it brought when it was paid. */
static void
adopt(struct play *p, const struct m_purchase *q, int r, const struct row_bill *row, const struct row_subscription *subs, size_t n,
	int64_t from)
{
	int bill;

	/* a bill that the balance does not cover stays, unpaid */
	play_between(p, "the bill's end", row->due_ms, from + M_BILL_DUE, play_now(p) + M_BILL_DUE);
	bill = m_bill_add(&p->m, q, row->id, row->due_ms);
	if (r < 0 || !q->pay)
		return;
	if (m_pay(&p->m, q->account, bill, from) != WANT_OK)
		play_fail(p, "the model does not pay");
	adopt_subscriptions(p, bill, subs, n, from, play_now(p));
}

static void
buy(struct play *p)
{
	struct m_purchase q = think_of_purchase(p);
	struct purchase in = {.product = q.product < 0 ? STR("no-such-product") : str_c(m_products[q.product].code),
		.quantity = q.quantity, .months = q.months, .n_common = q.common, .n_wildcard = q.wildcards, .pay = q.pay};
	int64_t from = play_now(p);
	unsigned want = m_buy(&p->m, &q);
	struct row_subscription *subs;
	struct row_bill row;
	size_t n;
	int r;
	ERR(e);

	play_tell(p, "account %d buys %lld x %.*s, %lld months, names %lld+%lld, pay %d", q.account, (long long)q.quantity,
		STRF(in.product), (long long)q.months, (long long)q.common, (long long)q.wildcards, q.pay);
	r = purchase_make(p->w.svc, &p->callers[q.account], &in, &p->arena, &row, &subs, &n, &e);
	if (play_result(p, want, r, &e) || want == WANT_MONEY)
		adopt(p, &q, r, &row, subs, n, from);
}

/* Rather of one that can be renewed. */
static void
renew(struct play *p)
{
	static const int64_t months[] = {0, 0, 0, 6, 12, 24, 7};
	int sub = p->m.n_subs ? (int)play_below(p, p->m.n_subs) : -1;
	struct purchase in = {.quantity = play_chance(p, 4) ? 2 : 1, .months = months[play_below(p, ARRAY_LEN(months))],
		.pay = play_chance(p, 85), .predecessor = 999999999};
	struct m_purchase q = {.quantity = in.quantity, .pay = in.pay, .months = in.months};
	bool other = play_chance(p, 4);
	int64_t from = play_now(p);
	struct row_subscription *subs;
	struct row_bill row;
	unsigned want;
	size_t n;
	int r;
	ERR(e);

	for (int i = 0; i < 60 && sub >= 0 && !m_may_follow(&p->m, sub, from); i++)
		sub = (int)play_below(p, p->m.n_subs);
	if (sub < 0)
		return;
	q.account = play_chance(p, 4) ? (int)play_below(p, M_ACCOUNTS) : p->m.subs[sub].account;
	if (!play_chance(p, 3))
		in.predecessor = p->m.subs[sub].id;
	sub = m_sub_find(&p->m, q.account, in.predecessor);
	if (sub >= 0) {
		const struct m_sub *s = &p->m.subs[sub];

		q.follows = sub + 1;
		q.product = s->product;
		q.common = s->common;
		q.wildcards = s->wildcards;
		q.months = q.months ? q.months : s->months;
		other = other && s->product != 2;
	}
	in.product = other ? str_c(m_products[2].code) : (struct str){NULL, 0};
	play_tell(p, "account %d renews subscription %lld: %lld of %lld months, pay %d%s", q.account, (long long)in.predecessor,
		(long long)in.quantity, (long long)in.months, in.pay, other ? ", another product" : "");
	want = m_renew(&p->m, &q, other, from);
	r = purchase_make(p->w.svc, &p->callers[q.account], &in, &p->arena, &row, &subs, &n, &e);
	if (play_result(p, want, r, &e) || want == WANT_MONEY)
		adopt(p, &q, r, &row, subs, n, from);
}

/* Two or three of an account, rather such as may merge. */
static void
merge(struct play *p)
{
	int account = (int)play_below(p, M_ACCOUNTS), subs[M_MERGE];
	size_t n = 2 + play_below(p, 2);
	int64_t ids[M_MERGE];
	struct merge in = {.subscriptions = ids, .n = n};
	struct row_subscription row;
	ERR(e);

	if (!p->m.n_subs)
		return;
	for (size_t i = 0; i < n; i++) {
		for (int k = 0; k < 60; k++) {
			const struct m_sub *s = &p->m.subs[subs[i] = (int)play_below(p, p->m.n_subs)];

			if (s->account == account && s->state == MS_UNASSIGNED && m_products[s->product].pro &&
				(i == 0 || (subs[i] != subs[0] && s->months == p->m.subs[subs[0]].months)))
				break;
		}
		ids[i] = play_chance(p, 2) ? 999999999 : p->m.subs[subs[i]].id;
	}
	play_tell(p, "account %d merges %zu: %lld %lld ...", account, n, (long long)ids[0], (long long)ids[1]);
	(void)play_result(p, m_merge(&p->m, account, ids, n, play_now(p)),
		subscription_merge(p->w.svc, &p->callers[account], &in, &p->arena, &row, &e), &e);
}

/* One of all bills, sometimes another account's, sometimes none. */
static int64_t
pick_bill(struct play *p, int *ret_account)
{
	const struct m_bill *b = p->m.n_bills ? &p->m.bills[play_below(p, p->m.n_bills)] : NULL;

	for (int i = 0; i < 4 && b && b->state != MB_UNPAID; i++)
		b = &p->m.bills[play_below(p, p->m.n_bills)];
	*ret_account = b && !play_chance(p, 5) ? b->account : (int)play_below(p, M_ACCOUNTS);
	return b && !play_chance(p, 2) ? b->id : 999999999;
}

struct made {
	struct play *p;
	int64_t bill;
	int account;
	struct row_subscription *rows;
	size_t n;
};

static int
made_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct made *t = arg;
	struct row_subscription_bill_states *ids;
	int r = q_subscription_bill_states(tx, t->p->callers[t->account].account, t->bill, tx->arena, &ids, &t->n, e);

	t->rows = arena_new_n(&t->p->arena, t->n, struct row_subscription);
	for (size_t i = 0; r >= 0 && i < t->n; i++)
		r = q_subscription_get(tx, t->p->callers[t->account].account, ids[i].id, &t->p->arena, &t->rows[i], e);
	return r < 0 ? r : 0;
}

static void
pay(struct play *p)
{
	struct made made = {.p = p};
	int64_t from = play_now(p);
	struct row_bill row;
	int bill;
	ERR(e);

	made.bill = pick_bill(p, &made.account);
	bill = m_bill_find(&p->m, made.account, made.bill);
	play_tell(p, "account %d pays bill %lld", made.account, (long long)made.bill);
	if (!play_result(p, m_pay(&p->m, made.account, bill, from),
		    bill_pay(p->w.svc, &p->callers[made.account], made.bill, &p->arena, &row, &e), &e))
		return;
	world_need(db_read(p->w.db, made_body, &made, &e), &e, "subscriptions");
	adopt_subscriptions(p, bill, made.rows, made.n, from, play_now(p));
}

static void
cancel(struct play *p)
{
	struct row_bill row;
	int account;
	int64_t id = pick_bill(p, &account);
	ERR(e);

	play_tell(p, "account %d cancels bill %lld", account, (long long)id);
	(void)play_result(p, m_cancel_bill(&p->m, m_bill_find(&p->m, account, id)),
		bill_cancel(p->w.svc, &p->callers[account], id, &p->arena, &row, &e), &e);
}

static void
give_back(struct play *p)
{
	int sub = p->m.n_subs ? (int)play_below(p, p->m.n_subs) : -1, account;
	bool by_staff = play_chance(p, 30);
	int64_t id = 999999999;
	struct row_subscription row;
	struct refund in = {0};
	ERR(e);

	for (int i = 0; i < 20 && sub >= 0 && m_refundable(&p->m, sub) < play_now(p); i++)
		sub = (int)play_below(p, p->m.n_subs);
	account = sub >= 0 && !play_chance(p, 3) ? p->m.subs[sub].account : (int)play_below(p, M_ACCOUNTS);
	if (sub >= 0 && !play_chance(p, 2))
		id = p->m.subs[sub].id;
	in = (struct refund){.account = by_staff ? p->callers[account].account : 0, .subscription = id};
	play_tell(p, "%s gives subscription %lld of account %d back", by_staff ? "staff" : "its owner", (long long)id, account);
	(void)play_result(p, m_give_back(&p->m, m_sub_find(&p->m, account, id), by_staff, play_now(p)),
		subscription_refund(p->w.svc, by_staff ? &p->w.staff : &p->callers[account], &in, &p->arena, &row, &e),
		&e);
}

struct act acts_money[] = {
	{"top up", 4, top_up, 0, 0},
	{"buy", 14, buy, 0, 0},
	{"pay bill", 6, pay, 0, 0},
	{"cancel bill", 2, cancel, 0, 0},
	{"give back", 2, give_back, 0, 0},
	{"renew", 5, renew, 0, 0},
	{"merge", 4, merge, 0, 0},
	{NULL, 0, NULL, 0, 0},
};
