/* SPDX-License-Identifier: Apache-2.0 */
#include "service/successor.h"

#include "base/rfc3339.h"
#include "service/apply_inherit.h"
#include "service/notice.h"

#define BATCH 100

/* -- what may be followed */

static int
check_state(const struct row_subscription *sub, int64_t now, struct err *e)
{
	int64_t until = sub->paid_until_ms + policy_value("renew-after", now);
	char text[RFC3339_MAX];

	if (sub->state != SUBSCRIPTION_ACTIVE && sub->state != SUBSCRIPTION_EXPIRED) {
		err_field(e, E_STATE_REFUSED, "predecessor", "subscription %lld is %s; only one that has issued certificates "
			"is renewed", (long long)sub->id, sm_name(&sm_subscription, (int)sub->state));
	} else if (!sub->paid_until_ms) {
		err_field(e, E_STATE_REFUSED, "predecessor", "subscription %lld has expired unused", (long long)sub->id);
	} else if (now > until) {
		err_field(e, E_STATE_REFUSED, "predecessor", "subscription %lld could be renewed until %s",
			(long long)sub->id, rfc3339_put(until, text));
	} else {
		return 0;
	}
	err_hint(e, "Buy a subscription of its own: the same without `predecessor`.");
	return e->code;
}

int
successor_may(struct db_tx *tx, int64_t account, int64_t predecessor, struct arena *a, struct row_subscription *ret,
	struct err *e)
{
	int r = q_subscription_hold(tx, account, predecessor, e);

	if (r > 0)
		r = q_subscription_get(tx, account, predecessor, a, ret, e);
	if (r == 0) {
		err_field(e, E_NOT_FOUND, "predecessor", "there is no subscription %lld in this account",
			(long long)predecessor);
		return e->code;
	}
	if (r > 0)
		r = check_state(ret, tx->now_ms, e);
	if (r == 0 && ret->successor) {
		err_field(e, E_STATE_REFUSED, "predecessor", "subscription %lld follows subscription %lld already",
			(long long)ret->successor, (long long)predecessor);
		err_hint(e, "Use that one, or close it or give it back first.");
		return e->code;
	}
	return MIN(r, 0);
}

int64_t
successor_from(const struct row_subscription *predecessor, int64_t now_ms)
{
	int64_t from = predecessor->paid_until_ms - policy_value("renew-before", now_ms);

	return predecessor->state == SUBSCRIPTION_ACTIVE && from > now_ms ? from : 0;
}

/* -- what becomes of it */

static int
activate(struct db_tx *tx, struct svc *s, const struct row_subscription *sub, struct err *e)
{
	struct caller c = caller_system(sub->account);
	int r = subscription_step(tx, s, &c, sub->account, sub->id, (int)sub->state, SUBSCRIPTION_ASSIGNED, SM_SYSTEM, e);

	return r <= 0 ? r : application_inherit(tx, s, sub, e);
}

int
successor_start(struct db_tx *tx, struct svc *s, const struct row_subscription *sub, struct err *e)
{
	struct caller c = caller_system(sub->account);

	if (!sub->activates_ms)
		return MIN(activate(tx, s, sub, e), 0);
	return MIN(subscription_step(tx, s, &c, sub->account, sub->id, (int)sub->state, SUBSCRIPTION_NOT_ACTIVATED, SM_SYSTEM,
			   e),
		0);
}

int
successor_wake(struct db_tx *tx, int64_t account, int64_t predecessor, struct err *e)
{
	return MIN(q_successor_wake(tx, account, predecessor, tx->now_ms, e), 0);
}

int
successor_may_return(struct db_tx *tx, const struct row_subscription *sub, struct err *e)
{
	int64_t other;
	int r = q_subscription_hold(tx, sub->account, sub->predecessor, e);

	if (r > 0)
		r = q_successor_of(tx, sub->account, sub->predecessor, &other, e);
	if (r <= 0)
		return MIN(r, 0);
	err_set(e, E_STATE_REFUSED, "subscription %lld follows subscription %lld instead of subscription %lld",
		(long long)other, (long long)sub->predecessor, (long long)sub->id);
	err_hint(e, "A refund may still be asked for.");
	return e->code;
}

int
successor_returned(struct db_tx *tx, const struct row_subscription *sub, struct err *e)
{
	struct row_subscription before;
	int r = q_subscription_get(tx, sub->account, sub->predecessor, tx->arena, &before, e);

	if (r <= 0 || before.state == SUBSCRIPTION_ACTIVE)
		return MIN(r, 0);
	return successor_wake(tx, sub->account, sub->predecessor, e);
}

/* -- by the clock */

struct due {
	struct svc *s;
	struct arena *a;
	struct row_successor_due *rows;
	size_t n, at; /* how many there were; which is activated */
};

static int
due_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;

	return q_successor_due(tx, tx->now_ms, BATCH, t->a, &t->rows, &t->n, e);
}

static int
one_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct due *t = arg;
	const struct row_successor_due *row = &t->rows[t->at];
	struct row_subscription sub;
	int r = q_subscription_get(tx, row->account, row->id, tx->arena, &sub, e);

	if (r > 0 && sub.state == SUBSCRIPTION_NOT_ACTIVATED)
		r = activate(tx, t->s, &sub, e);
	else
		r = MIN(r, 0); /* somebody else was faster */
	return r <= 0 ? r : notice_of(tx, t->s, NOTICE_SUBSCRIPTION_ACTIVATED, row->account, row->id, e);
}

/* One that fails waits for the next sweep, and holds up nobody else. */
static int
activate_some(struct due *t, bool *ret_failed, struct err *e)
{
	int r = svc_read(t->s, due_body, t, e);

	*ret_failed = false;
	for (t->at = 0; r == 0 && t->at < t->n; t->at++) {
		ERR(one);

		r = svc_write(t->s, one_body, t, &one);
		if (r < 0 && svc_passing(r))
			return err_set(e, r, "%s", one.msg);
		if (r < 0) {
			err_wrap(&one, "subscription %lld", (long long)t->rows[t->at].id);
			log_err(LOG_WARN, "subscription.not_activated", &one);
			*ret_failed = true;
			r = 0;
		}
	}
	return r;
}

int
successors_activate(struct svc *s, struct err *e)
{
	bool failed = false;
	size_t n = BATCH;
	int r = 0;

	while (r == 0 && n == BATCH && !failed && !atomic_load(&s->stopping)) {
		ARENA(a);
		struct due t = {.s = s, .a = &a};

		r = activate_some(&t, &failed, e);
		n = t.n;
	}
	return r;
}
