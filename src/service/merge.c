/* SPDX-License-Identifier: Apache-2.0 */
#include "service/merge.h"

#include <stdlib.h>

#include "service/notice.h"
#include "service/purchase_names.h"
#include "service/ticket.h"

struct act {
	struct svc *s;
	const struct caller *c;
	const struct merge *in;
	int64_t account, ids[MERGE_MAX]; /* ascending */
	struct arena *a;
	struct row_subscription *subs; /* in the same order */
	struct row_product *products;
	struct row_product hybrid;
	struct row_subscription whole; /* what the survivor becomes */
	struct row_subscription *ret;
};

int64_t
merge_survivor(const struct merge *in)
{
	int64_t id = INT64_MAX;

	for (size_t i = 0; i < in->n; i++)
		id = MIN(id, in->subscriptions[i]);
	return id;
}

/* -- the choice */

static int
order(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int
take_ids(struct act *t, struct err *e)
{
	const struct merge *in = t->in;

	if (in->n < 2 || in->n > MERGE_MAX)
		return err_field(e, E_FIELD_LENGTH, "subscriptions",
			"%zu subscriptions are named; a merge takes 2 to %d", in->n, MERGE_MAX);
	memcpy(t->ids, in->subscriptions, in->n * sizeof(t->ids[0]));
	qsort(t->ids, in->n, sizeof(t->ids[0]), order);
	for (size_t i = 1; i < in->n; i++) {
		if (t->ids[i] == t->ids[i - 1])
			return err_field(e, E_FIELD_FORM, "subscriptions", "subscription %lld is named twice",
				(long long)t->ids[i]);
	}
	return 0;
}

static void
check_one(const struct act *t, size_t i, int64_t now, struct err *e)
{
	const struct row_subscription *first = &t->subs[0], *sub = &t->subs[i];
	const struct row_product *p = &t->products[i];
	long long id = (long long)sub->id;

	if (sub->state != SUBSCRIPTION_UNASSIGNED)
		err_note(e, E_STATE_REFUSED, "subscriptions", "subscription %lld is %s; only unassigned ones are merged", id,
			sm_name(&sm_subscription, (int)sub->state));
	else if (sub->window_end_ms <= now)
		err_note(e, E_STATE_REFUSED, "subscriptions", "the window of use of subscription %lld is over", id);
	else if (p->type != TYPE_OV || !p->professional)
		err_note(e, E_MERGE_UNFIT, "subscriptions",
			"subscription %lld is of \"%.*s\", no OV Professional product", id, STRF(p->code));
	else if (!str_eq(p->brand, t->products[0].brand))
		err_note(e, E_MERGE_UNFIT, "subscriptions",
			"subscription %lld is of the brand %.*s, subscription %lld of %.*s", id, STRF(p->brand),
			(long long)first->id, STRF(t->products[0].brand));
	else if (sub->months != first->months)
		err_note(e, E_MERGE_UNFIT, "subscriptions",
			"subscription %lld is for %lld months, subscription %lld for %lld", id,
			(long long)sub->months, (long long)first->id, (long long)first->months);
}

static void
add_up(struct act *t)
{
	t->whole = t->subs[0];
	for (size_t i = 1; i < t->in->n; i++) {
		t->whole.n_common += t->subs[i].n_common;
		t->whole.n_wildcard += t->subs[i].n_wildcard;
		t->whole.price += t->subs[i].price;
		t->whole.window_end_ms = MIN(t->whole.window_end_ms, t->subs[i].window_end_ms);
	}
}

static int
check_whole(struct act *t, struct err *e)
{
	const struct row_subscription *w = &t->whole;

	if (!w->n_common || !w->n_wildcard)
		err_note(e, E_MERGE_UNFIT, "subscriptions",
			"together they have %lld common names and %lld wildcards; a hybrid has one of each at least",
			(long long)w->n_common, (long long)w->n_wildcard);
	else if (w->n_common + w->n_wildcard > t->hybrid.names_max)
		err_note(e, E_MERGE_UNFIT, "subscriptions", "together they have %lld names; \"%.*s\" takes %lld",
			(long long)(w->n_common + w->n_wildcard), STRF(t->hybrid.code), (long long)t->hybrid.names_max);
	return err_faults(e);
}

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	size_t n = t->in->n;
	int r = 1;

	t->subs = arena_new_n(t->a, n, struct row_subscription);
	t->products = arena_new_n(t->a, n, struct row_product);
	/* held in the order of their ids: two merges never wait for each other, and none takes what another has made */
	for (size_t i = 0; r > 0 && i < n; i++) {
		r = q_subscription_hold(tx, t->account, t->ids[i], e);
		if (r > 0)
			r = q_subscription_get(tx, t->account, t->ids[i], t->a, &t->subs[i], e);
		if (r == 0)
			return not_found(e, "subscription", t->ids[i]);
		if (r > 0)
			r = q_product_get(tx, t->subs[i].product, t->a, &t->products[i], e);
	}
	for (size_t i = 0; r > 0 && i < n; i++)
		check_one(t, i, tx->now_ms, e);
	if (r > 0 && err_faults(e) < 0)
		return e->code;
	if (r > 0)
		r = q_product_hybrid(tx, t->products[0].brand, TYPE_OV, t->a, &t->hybrid, e);
	if (r == 0)
		return err_field(e, E_PRODUCT_GONE, "subscriptions", "the brand %.*s has no hybrid certificate",
			STRF(t->products[0].brand));
	if (r < 0)
		return r;
	add_up(t);
	return check_whole(t, e);
}

/* -- the rows */

static int
changed_meanwhile(const struct row_subscription *sub, struct err *e)
{
	return err_set(e, E_CONFLICT, "subscription %lld was changed meanwhile", (long long)sub->id);
}

static int
join(struct db_tx *tx, struct act *t, const struct caller *part, struct err *e)
{
	const struct row_subscription *w = &t->whole;
	enum sm_who who = t->account == t->c->account ? SM_USER : SM_STAFF;
	int r = q_subscription_grow(tx,
		&(struct in_subscription_grow){.account = t->account, .id = w->id, .product = t->hybrid.id,
			.n_common = w->n_common, .n_wildcard = w->n_wildcard, .price = w->price,
			.window_end_ms = w->window_end_ms, .n_merged = (int64_t)t->in->n, .now = tx->now_ms},
		e);

	if (r == 0)
		return changed_meanwhile(w, e);
	for (size_t i = 1; r >= 0 && i < t->in->n; i++) {
		r = subscription_step(tx, t->s, part, t->account, t->ids[i], SUBSCRIPTION_UNASSIGNED, SUBSCRIPTION_MERGED,
			who, e);
		if (r == 0)
			return changed_meanwhile(&t->subs[i], e);
		if (r > 0)
			r = q_subscription_merged(tx, t->account, t->ids[i], w->id, e);
	}
	return MIN(r, 0);
}

static int
bind_names(struct db_tx *tx, struct act *t, const struct caller *part, struct err *e)
{
	struct row_subscription now;
	struct apply in;
	struct form f;
	int r;

	if (!t->in->n_names)
		return 0;
	r = purchase_names_read(&t->hybrid, t->in->names, t->in->n_names, tx->arena, &in, &f, e);
	if (r == 0)
		r = q_subscription_get(tx, t->account, t->whole.id, tx->arena, &now, e);
	if (r > 0)
		r = form_fits(&f, &now, e);
	return r < 0 ? r : application_bind(tx, t->s, part, &t->hybrid, &now, &in, &f, e);
}

static struct str
asked_by(struct arena *a, int64_t ticket)
{
	return ticket ? detail_kv(a, "ticket", arena_printf(a, "%lld", (long long)ticket)) : (struct str){NULL, 0};
}

static int
merge_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct caller part = caller_of(t->c, t->account);
	int r = load(tx, t, e);

	part.idem = NULL;
	if (r == 0)
		r = join(tx, t, &part, e);
	if (r == 0)
		r = bind_names(tx, t, &part, e);
	if (r >= 0)
		r = ticket_acted(tx, t->c, t->account, t->in->ticket,
			&(struct ticket_done){.act = TICKET_ACT_MERGE, .object = TICKET_OF_SUBSCRIPTION,
				.object_id = t->whole.id, .note = t->in->reason},
			e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "subscription.merge", "subscriptions", t->whole.id,
			detail_2kv(tx->arena, "of", arena_printf(tx->arena, "%zu", t->in->n), "product", t->hybrid.code), e);
	if (r >= 0 && t->account != t->c->account)
		r = audit_add(tx, t->s, &part, "subscription.merge", "subscriptions", t->whole.id,
			asked_by(tx->arena, t->in->ticket), e);
	if (r >= 0 && t->account != t->c->account)
		r = notice_of(tx, t->s, NOTICE_SUBSCRIPTION_MERGED, t->account, t->whole.id, e);
	return r < 0 ? r : MIN(q_subscription_get(tx, t->account, t->whole.id, t->a, t->ret, e), 0);
}

int
subscription_merge(struct svc *s, const struct caller *c, const struct merge *in, struct arena *a,
	struct row_subscription *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .a = a, .ret = ret};
	int r = account_to_act(c, in->account, &t.account, e);

	if (r == 0)
		r = take_ids(&t, e);
	return r < 0 ? r : svc_write(s, merge_body, &t, e);
}
