/* SPDX-License-Identifier: Apache-2.0 */
/* From a product to paid subscriptions. */
#include "service/purchase.h"

#include <stdio.h>

#include "base/rand.h"
#include "base/rfc3339.h"
#include "service/money.h"
#include "service/purchase_names.h"
#include "service/successor.h"
#include "service/svc_priv.h"

#define QUANTITY_MAX 1000

struct buy {
	struct svc *s;
	const struct caller *c;
	const struct purchase *given, *in;
	struct arena *a;
	struct row_product product;
	struct row_bill bill;
	struct row_subscription *subs;
	size_t n;
	int64_t allowance_ms; /* begin of the period of the allowance that was used; 0: none was */
	bool low;
	struct str names; /* as the bill keeps them */
	struct row_subscription before; /* what is renewed; id 0: nothing is */
	struct purchase one; /* what was given, with its names counted; `in` points to it */
};

static bool
sells_months(struct str months, int64_t want)
{
	while (months.p) {
		struct str one = str_cut(&months, ' ');
		uint64_t n;

		if (str_u64(one, 1000, &n) && (int64_t)n == want)
			return true;
	}
	return false;
}

/* What the kind takes: exactly one common name, several, or wildcards (SPEC 3.2). */
static void
check_counts(const struct row_product *p, const struct purchase *in, struct err *e)
{
	int64_t n = in->n_common + in->n_wildcard;

	if (p->kind == KIND_HYBRID && (!in->n_common || !in->n_wildcard))
		err_note(e, E_PRODUCT_UNFIT, in->n_common ? "n_wildcard" : "n_common",
			"the product \"%.*s\" takes a common name and a wildcard at least; without an allowance it comes "
			"from merging Professional subscriptions alone", STRF(p->code));
	else if (p->kind != KIND_HYBRID && in->n_common && in->n_wildcard)
		err_note(e, E_PRODUCT_UNFIT, "n_wildcard",
			"common names and wildcards are never bought together; a hybrid comes from merging two "
			"subscriptions");
	else if (p->kind == KIND_WILDCARD && in->n_common)
		err_note(e, E_PRODUCT_UNFIT, "n_common", "the product \"%.*s\" is for wildcards", STRF(p->code));
	else if (p->kind < KIND_WILDCARD && in->n_wildcard)
		err_note(e, E_PRODUCT_UNFIT, "n_wildcard", "the product \"%.*s\" is for common names", STRF(p->code));
	else if (n < 1 || n > p->names_max)
		err_note(e, E_PRODUCT_UNFIT, p->kind == KIND_WILDCARD ? "n_wildcard" : "n_common",
			p->names_max > 1 ? "the product \"%.*s\" takes 1 to %lld names, not %lld"
					 : "the product \"%.*s\" takes %lld name, not %lld",
			STRF(p->code), (long long)p->names_max, (long long)n);
}

/* A successor is the same again, but for how long. */
static void
check_renewal(const struct buy *t, struct err *e)
{
	const struct row_subscription *b = &t->before;
	const struct purchase *in = t->in;

	if (t->product.id != b->product)
		err_note(e, E_PRODUCT_UNFIT, "product",
			"subscription %lld is of another product than \"%.*s\"; its renewal is of the same", (long long)b->id,
			STRF(t->product.code));
	if (in->quantity != 1)
		err_note(e, E_FIELD_RANGE, "quantity", "one subscription renews subscription %lld, not %lld",
			(long long)b->id, (long long)in->quantity);
	if (in->n_common != b->n_common || in->n_wildcard != b->n_wildcard)
		err_note(e, E_PRODUCT_UNFIT, in->n_common != b->n_common ? "n_common" : "n_wildcard",
			"subscription %lld is for %lld common names and %lld wildcards; its renewal is for as many",
			(long long)b->id, (long long)b->n_common, (long long)b->n_wildcard);
	if (in->n_names)
		err_note(e, E_FIELD_FORM, "names",
			"the renewal takes over the names of subscription %lld; they are changed in its application",
			(long long)b->id);
}

/* Periods beyond what policy lets be sold are not offered either. */
static void
note_months(const struct row_product *p, int64_t want, int64_t most, struct err *e)
{
	struct str rest = p->months;
	char list[64] = "";
	size_t n = 0;
	uint64_t one;

	while (rest.p && str_u64(str_cut(&rest, ' '), 1000, &one)) {
		if ((int64_t)one <= most && n < sizeof(list))
			n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%llu", n ? ", " : "", (unsigned long long)one);
	}
	err_note(e, E_PRODUCT_UNFIT, "months", "the product \"%.*s\" is sold for %s months, not for %lld", STRF(p->code),
		list, (long long)want);
}

static int
check(const struct buy *t, int64_t now, struct err *e)
{
	int64_t months_max = policy_value("months-max", now);
	const struct purchase *in = t->in;
	const struct row_product *p = &t->product;

	if (p->internal && !t->c->operator_account)
		err_note(e, E_PRODUCT_UNFIT, "product", "the product \"%.*s\" is for staff only", STRF(p->code));
	if (in->quantity < 1 || in->quantity > QUANTITY_MAX)
		err_note(e, E_FIELD_RANGE, "quantity", "the quantity is %lld; it must be 1 to %d", (long long)in->quantity,
			QUANTITY_MAX);
	if (!p->active)
		err_note(e, E_PRODUCT_GONE, "product", "the product \"%.*s\" is not sold any more", STRF(p->code));
	if (in->months > months_max)
		err_note(e, E_PRODUCT_UNFIT, "months", "nothing is sold for longer than %lld months", (long long)months_max);
	else if (!sells_months(p->months, in->months))
		note_months(p, in->months, months_max, e);
	check_counts(p, in, e);
	if (t->before.id)
		check_renewal(t, e);
	return err_faults(e);
}

/* Hybrids come from merging (SPEC 3.7) or from an allowance; tests are counted by the year and owner. */
static int
check_right(struct db_tx *tx, const struct buy *t, struct err *e)
{
	const struct row_product *p = &t->product;
	int64_t used, most = policy_value("test-per-year", tx->now_ms);
	struct civil day;
	int r;

	if (!p->sold && !t->allowance_ms)
		return err_field(e, E_PRODUCT_GONE, "product",
			"the product \"%.*s\" is not for sale: a hybrid comes from merging Professional subscriptions",
			STRF(p->code));
	if (!p->test)
		return 0;
	civil_of_ms(tx->now_ms, &day);
	day = (struct civil){.year = day.year, .month = 1, .day = 1};
	r = q_owner_lock(tx, t->c->account, e);
	if (r >= 0)
		r = q_owner_tests(tx, t->c->account, civil_to_ms(&day), &used, e);
	if (r >= 0 && used + t->in->quantity > most)
		return err_field(e, E_TEST_NONE, "quantity",
			"the owner has taken %lld of the %lld test certificates of this year; %lld more are wanted",
			(long long)used, (long long)most, (long long)t->in->quantity);
	return MIN(r, 0);
}

/* A name that people and other programs use for the subscription: "cas-" and 16 letters and digits. */
static struct str
instance_id(struct arena *a)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
	char *out = arena_alloc(a, 21);

	memcpy(out, "cas-", 4);
	for (size_t i = 4; i < 20; i++)
		out[i] = digits[rand_below(36)];
	return (struct str){out, 20};
}

static int
make_subscriptions(struct db_tx *tx, struct buy *t, struct err *e)
{
	const struct row_bill *b = &t->bill;
	int64_t from = b->predecessor ? successor_from(&t->before, tx->now_ms) : 0;
	/* The right must be used within its window: calendar months from payment (SPEC 1), or from when it can be. */
	int64_t until = civil_add_months_ms(MAX(from, tx->now_ms), (int)policy_value("window-of-use", tx->now_ms));
	int r = 0;

	t->n = (size_t)b->quantity;
	t->subs = arena_new_n(t->a, t->n, struct row_subscription);
	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		int64_t id;

		r = q_subscription_insert(tx,
			&(struct in_subscription_insert){.account = b->account, .instance_id = instance_id(tx->arena),
				.product = b->product, .bill = b->id, .months = b->months, .n_common = b->n_common,
				.n_wildcard = b->n_wildcard, .price = b->amount / b->quantity,
				.predecessor = b->predecessor, .activates_ms = from, .window_end_ms = until,
				.now = tx->now_ms},
			&id, e);
		if (r >= 0)
			r = count_move(tx, b->account, "subscription", -1, SUBSCRIPTION_UNASSIGNED, e);
		if (r >= 0)
			r = q_subscription_get(tx, b->account, id, t->a, &t->subs[i], e);
	}
	return MIN(r, 0);
}

/* A purchase with names is no quota: the subscription is assigned to them at once. Nor is a renewal. */
static int
bind_names(struct db_tx *tx, struct buy *t, struct err *e)
{
	struct row_product p;
	int r;

	if (t->bill.predecessor) {
		r = successor_start(tx, t->s, &t->subs[0], e);
		return r < 0 ? r : MIN(q_subscription_get(tx, t->bill.account, t->subs[0].id, t->a, &t->subs[0], e), 0);
	}
	if (!t->bill.names.n)
		return 0;
	r = q_product_get(tx, t->bill.product, tx->arena, &p, e);
	if (r > 0)
		r = purchase_names_bind(tx, t->s, t->c, &p, &t->subs[0], t->bill.names, e);
	return r < 0 ? r : MIN(q_subscription_get(tx, t->bill.account, t->subs[0].id, t->a, &t->subs[0], e), 0);
}

/* unpaid -> paid: charge, subscriptions, audit. */
static int
pay(struct db_tx *tx, struct buy *t, struct err *e)
{
	int r = sm_move(&sm_bill, (int)t->bill.state, BILL_PAID, SM_USER, e);

	if (r == 0 && t->bill.predecessor)
		r = successor_may(tx, t->c->account, t->bill.predecessor, tx->arena, &t->before, e);
	if (r == 0 && t->bill.amount)
		r = money_charge(tx, t->s, t->c, t->bill.amount, t->bill.id, e);
	if (r == 0)
		r = q_bill_move(tx, t->c->account, t->bill.id, BILL_UNPAID, BILL_PAID, tx->now_ms, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "bill %lld was changed meanwhile", (long long)t->bill.id);
	if (r > 0)
		r = make_subscriptions(tx, t, e);
	if (r == 0)
		r = bind_names(tx, t, e);
	if (r == 0)
		r = audit_add(tx, t->s, t->c, "bill.pay", "bills", t->bill.id, (struct str){NULL, 0}, e);
	if (r == 0)
		r = q_bill_get(tx, t->c->account, t->bill.id, t->a, &t->bill, e);
	return MIN(r, 0);
}

/* Reads the names and counts them where the purchase does not. */
static int
take_names(struct buy *t, struct err *e)
{
	struct row_subscription would;
	int64_t common, wildcard;
	struct apply in;
	struct form f;
	int r;

	t->names = STR("");
	/* those of a renewal come from what it follows: check_renewal() */
	if (!t->in->n_names || t->before.id)
		return 0;
	if (t->in->quantity != 1)
		return err_field(e, E_FIELD_RANGE, "quantity", "a purchase with names is of one subscription, not of %lld",
			(long long)t->in->quantity);
	r = purchase_names_read(&t->product, t->in->names, t->in->n_names, t->a, &in, &f, e);
	if (r < 0)
		return r;
	purchase_names_count(&f, &common, &wildcard);
	if (!t->in->n_common && !t->in->n_wildcard) {
		t->one.n_common = common;
		t->one.n_wildcard = wildcard;
	}
	would = (struct row_subscription){.n_common = t->one.n_common, .n_wildcard = t->one.n_wildcard};
	t->names = purchase_names_text(&f, t->a);
	return form_fits(&f, &would, e);
}

/* What is bought, once counts that were left out are filled in. */
static int
read_input(struct buy *t, const struct purchase *in, struct err *e)
{
	int r;

	t->in = in;
	r = take_names(t, e);
	if (r == 0 && !t->one.n_common && !t->one.n_wildcard)
		*(t->product.kind == KIND_WILDCARD ? &t->one.n_wildcard : &t->one.n_common) = 1;
	t->in = &t->one;
	return r;
}

/* What is renewed, and as it was where the input says nothing. */
static int
take_before(struct db_tx *tx, struct buy *t, struct err *e)
{
	struct purchase *one = &t->one;
	struct row_product p;
	int r;

	*one = *t->given;
	t->before.id = 0;
	if (!one->predecessor)
		return one->product.p ? 0
				      : err_field(e, E_FIELD_MISSING, "product",
						"give the code of a product, or the subscription that is renewed");
	r = successor_may(tx, t->c->account, one->predecessor, t->a, &t->before, e);
	if (r == 0)
		r = q_product_get(tx, t->before.product, t->a, &p, e);
	if (r < 0)
		return r;
	one->product = one->product.p ? one->product : p.code;
	one->months = one->months ? one->months : t->before.months;
	if (!one->n_common && !one->n_wildcard) {
		one->n_common = t->before.n_common;
		one->n_wildcard = t->before.n_wildcard;
	}
	return 0;
}

static int
allowance_use(struct db_tx *tx, struct buy *t, struct err *e)
{
	t->allowance_ms = 0;
	return MIN(allowance_take(tx, t->c->account, &t->product, t->in->n_common + t->in->n_wildcard, t->in->quantity,
			   &t->allowance_ms, e),
		0);
}

static int
make_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct buy *t = arg;
	const struct purchase *in = &t->one;
	struct row_account account;
	int64_t amount, id;
	int r = take_before(tx, t, e);

	t->low = false;
	if (r == 0)
		r = q_product_by_code(tx, in->product, t->a, &t->product, e);
	if (r == 0)
		return err_field(e, E_PRODUCT_UNFIT, "product", "there is no product \"%.*s\"", STRF(in->product));
	if (r > 0)
		r = read_input(t, t->given, e);
	if (r == 0)
		r = check(t, tx->now_ms, e);
	if (r == 0)
		r = allowance_use(tx, t, e);
	if (r == 0)
		r = check_right(tx, t, e);
	if (r < 0)
		return r;
	amount = t->allowance_ms ? 0
				 : t->product.price_year * in->months * (in->n_common + in->n_wildcard) / 12 * in->quantity;
	r = q_bill_insert(tx,
		&(struct in_bill_insert){.account = t->c->account, .product = t->product.id, .quantity = in->quantity,
			.months = in->months, .n_common = in->n_common, .n_wildcard = in->n_wildcard, .amount = amount,
			.currency = t->product.currency, .names = t->names, .now = tx->now_ms,
			.due_ms = tx->now_ms + policy_value("bill-timeout", tx->now_ms),
			.allowance_ms = t->allowance_ms, .predecessor = in->predecessor},
		&id, e);
	if (r >= 0)
		r = q_bill_get(tx, t->c->account, id, t->a, &t->bill, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "bill.create", "bills", id, detail_kv(tx->arena, "product", in->product), e);
	if (r == 0)
		r = q_account_get(tx, t->c->account, tx->arena, &account, e);
	if (r < 0 || !in->pay)
		return MIN(r, 0);
	/* The bill stays when the money does not reach: the buyer tops up and pays it. */
	t->low = account.balance < amount;
	return t->low ? 0 : pay(tx, t, e);
}

static int
balance_low(const struct row_bill *b, struct err *e)
{
	return err_set(e, E_BALANCE_LOW, "the balance does not cover %lld.%02lld %.*s; bill %lld %s",
		(long long)(b->amount / 100), (long long)(b->amount % 100), STRF(b->currency), (long long)b->id,
		b->state == BILL_UNPAID ? "waits for payment" : "was not paid");
}

int
purchase_make(struct svc *s, const struct caller *c, const struct purchase *in, struct arena *a, struct row_bill *ret,
	struct row_subscription **ret_subscriptions, size_t *ret_n, struct err *e)
{
	struct buy t = {.s = s, .c = c, .given = in, .a = a};
	int r = svc_write(s, make_body, &t, e);

	if (r < 0)
		return r;
	*ret = t.bill;
	*ret_subscriptions = t.subs;
	*ret_n = t.n;
	return t.low ? balance_low(&t.bill, e) : 0;
}

static int
again_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct buy *t = arg;
	int64_t id = t->bill.id;
	int r = q_bill_get(tx, t->c->account, id, t->a, &t->bill, e);

	if (r == 0)
		return not_found(e, "bill", id);
	return r < 0 ? r : q_subscription_of_bill(tx, t->c->account, id, t->a, &t->subs, &t->n, e);
}

int
purchase_again(struct svc *s, const struct caller *c, int64_t bill, bool pay, struct arena *a, struct row_bill *ret,
	struct row_subscription **ret_subscriptions, size_t *ret_n, struct err *e)
{
	struct buy t = {.s = s, .c = c, .a = a, .bill = {.id = bill}};
	int r = svc_read(s, again_body, &t, e);

	if (r < 0)
		return r;
	*ret = t.bill;
	*ret_subscriptions = t.subs;
	*ret_n = t.n;
	/* paid at once or refused: a bill of it that never was paid was refused */
	return pay && t.bill.paid_ms == 0 ? balance_low(&t.bill, e) : 0;
}

/* -- bills later */

struct act {
	struct buy buy;
	int64_t id;
	const struct page *page;
	struct row_bill *rows;
	size_t n;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_bill_get(tx, t->buy.c->account, t->id, t->buy.a, &t->buy.bill, e);

	return r == 0 ? not_found(e, "bill", t->id) : MIN(r, 0);
}

static int
pay_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	return r < 0 ? r : pay(tx, &t->buy, e);
}

static int
cancel_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	if (r == 0)
		r = sm_move(&sm_bill, (int)t->buy.bill.state, BILL_CANCELLED, SM_USER, e);
	if (r == 0)
		r = q_bill_move(tx, t->buy.c->account, t->id, BILL_UNPAID, BILL_CANCELLED, 0, e);
	if (r > 0)
		r = allowance_back(tx, t->buy.c->account, t->buy.bill.product, t->buy.bill.allowance_ms,
			t->buy.bill.quantity, e);
	if (r == 0)
		r = audit_add(tx, t->buy.s, t->buy.c, "bill.cancel", "bills", t->id, (struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

static int
bill_act(struct svc *s, const struct caller *c, int64_t id, bool write, db_body *body, struct arena *a,
	struct row_bill *ret, struct err *e)
{
	struct act t = {.buy = {.s = s, .c = c, .a = a}, .id = id};
	int r = write ? svc_write(s, body, &t, e) : svc_read(s, body, &t, e);

	if (r == 0)
		*ret = t.buy.bill;
	return r;
}

int
bill_pay(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_bill *ret, struct err *e)
{
	return bill_act(s, c, id, true, pay_body, a, ret, e);
}

int
bill_cancel(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_bill *ret, struct err *e)
{
	return bill_act(s, c, id, true, cancel_body, a, ret, e);
}

int
bill_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_bill *ret, struct err *e)
{
	return bill_act(s, c, id, false, show_body, a, ret, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_bill_list(tx, t->buy.c->account, page_before(t->page), t->page->limit + 1, t->buy.a, &t->rows, &t->n, e);
}

int
bill_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_bill **ret,
	size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.buy = {.s = s, .c = c, .a = a}, .page = page};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}
