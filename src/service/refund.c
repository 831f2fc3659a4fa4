/* SPDX-License-Identifier: Apache-2.0 */
#include "service/refund.h"

#include "base/rfc3339.h"
#include "service/apply_priv.h"
#include "service/money.h"
#include "service/notice.h"
#include "service/ticket.h"

int64_t
refund_until(const struct row_subscription *r)
{
	if (r->n_merged)
		return 0;
	if (r->state == SUBSCRIPTION_ACTIVE)
		return r->first_issued_ms + policy_value("refund-window", r->first_issued_ms);
	if (r->state != SUBSCRIPTION_UNASSIGNED && r->state != SUBSCRIPTION_NOT_ACTIVATED &&
		r->state != SUBSCRIPTION_ASSIGNED && r->state != SUBSCRIPTION_CLOSED)
		return 0;
	return r->submitted || !r->paid_ms ? 0 : r->paid_ms + policy_value("refund-unused-window", r->paid_ms);
}

/* -- what both ways do */

/* A certificate that is about to be issued under it can't be told from one that was: 1 while there is such an application. */
static int
close_applications(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_subscription *sub,
	struct err *e)
{
	struct row_application_unfinished *rows;
	struct row_application app;
	size_t n;
	int r = q_application_unfinished(tx, sub->account, sub->id, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].state == APPLICATION_ISSUING || rows[i].state == APPLICATION_READY)
			return 1;
	}
	for (size_t i = 0; r >= 0 && i < n; i++) {
		r = q_application_get(tx, sub->account, rows[i].id, tx->arena, &app, e);
		if (r > 0)
			r = application_close(tx, s, c, &app, SM_SYSTEM, e);
	}
	return MIN(r, 0);
}

static int
give_back(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_subscription *sub, enum sm_who who,
	struct err *e)
{
	struct row_bill bill;
	int r = subscription_step(tx, s, c, sub->account, sub->id, (int)sub->state, SUBSCRIPTION_REFUNDED, who, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "subscription %lld was changed meanwhile", (long long)sub->id);
	if (r > 0)
		r = q_bill_get(tx, sub->account, sub->bill, tx->arena, &bill, e);
	if (r > 0)
		r = allowance_back(tx, sub->account, bill.product, bill.allowance_ms, 1, e);
	if (r == 0 && sub->price > 0)
		r = money_refund(tx, s, sub->account, c->user, sub->price, sub->bill, e);
	return r < 0 ? r : notice_of(tx, s, NOTICE_SUBSCRIPTION_REFUNDED, sub->account, sub->id, e);
}

/* All revoked, the last of them in time, and not for a replacement? */
static int
revoked_in_time(struct db_tx *tx, const struct row_subscription *sub, bool replaced_too, struct err *e)
{
	struct row_certificate_of_subscription *rows;
	const struct row_certificate_of_subscription *last = NULL;
	int64_t first = INT64_MAX;
	size_t n;
	int r = q_certificate_of_subscription(tx, sub->account, sub->id, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].state != CERTIFICATE_REVOKED)
			return 0;
		first = MIN(first, rows[i].issued_ms);
		last = !last || rows[i].revoked_ms >= last->revoked_ms ? &rows[i] : last;
	}
	if (r < 0 || !last || (last->replace_wanted && !replaced_too))
		return MIN(r, 0);
	return last->revoked_ms <= first + policy_value("refund-window", first);
}

/* -- by itself */

int
refund_revoked(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t subscription,
	struct err *e)
{
	struct row_subscription sub;
	/* of certificates that are revoked at the same moment the last one sees the others */
	int r = q_subscription_hold(tx, account, subscription, e);

	if (r > 0)
		r = q_subscription_get(tx, account, subscription, tx->arena, &sub, e);
	if (r <= 0 || sub.n_merged || !sm_legal(&sm_subscription, (int)sub.state, SUBSCRIPTION_REFUNDED, SM_SYSTEM))
		return MIN(r, 0);
	r = revoked_in_time(tx, &sub, false, e);
	if (r <= 0)
		return r;
	r = close_applications(tx, s, c, &sub, e);
	/* What is being issued stays: the subscription can be given back once that is revoked or has failed, too. */
	return r == 0 ? give_back(tx, s, c, &sub, SM_SYSTEM, e) : MIN(r, 0);
}

/* -- on request */

struct request {
	struct svc *s;
	const struct caller *c;
	const struct refund *in;
	int64_t account, id;
	struct arena *a;
	struct row_subscription *ret;
};

static int
check_unused(const struct row_subscription *sub, int64_t now, struct err *e)
{
	int64_t until = refund_until(sub);
	char text[RFC3339_MAX];

	if (sub->submitted)
		return err_set(e, E_REFUND_USED, "an application of subscription %lld was submitted already",
			(long long)sub->id);
	if (now > until)
		return err_set(e, E_REFUND_LATE, "subscription %lld could be given back until %s", (long long)sub->id,
			rfc3339_put(until, text));
	return 0;
}

/* What was revoked in time and did not come back by itself: a certificate was being issued then, or (staff) a replacement
 * was wanted and is not any more. */
static int
check_active(struct db_tx *tx, const struct row_subscription *sub, enum sm_who who, struct err *e)
{
	int r = revoked_in_time(tx, sub, who == SM_STAFF, e);

	return r == 0 ? err_set(e, E_REFUND_USED,
				"the certificates of subscription %lld were not all revoked within %lld days of the first "
				"one's issue",
				(long long)sub->id, (long long)(policy_value("refund-window", sub->first_issued_ms) / MS_DAY))
		      : MIN(r, 0);
}

static int
refund_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct request *t = arg;
	struct caller part = caller_of(t->c, t->account);
	enum sm_who who = t->account == t->c->account ? SM_USER : SM_STAFF;
	struct row_subscription sub;
	bool active;
	int r = q_subscription_hold(tx, t->account, t->id, e);

	if (r > 0)
		r = q_subscription_get(tx, t->account, t->id, tx->arena, &sub, e);
	if (r == 0)
		return not_found(e, "subscription", t->id);
	if (r < 0)
		return r;
	if (sub.n_merged || sub.state == SUBSCRIPTION_MERGED)
		return err_set(e, E_REFUND_MERGED, "subscription %lld %s", (long long)t->id,
			sub.n_merged ? "was made by a merge" : "was merged into another");
	active = sub.state == SUBSCRIPTION_ACTIVE;
	r = active ? check_active(tx, &sub, who, e)
		   : sm_move(&sm_subscription, (int)sub.state, SUBSCRIPTION_REFUNDED, who, e);
	if (r == 0 && !active)
		r = check_unused(&sub, tx->now_ms, e);
	if (r == 0)
		r = close_applications(tx, t->s, &part, &sub, e);
	if (r > 0)
		return err_set(e, E_STATE_REFUSED, "a certificate of subscription %lld is being issued", (long long)t->id);
	if (r == 0)
		r = give_back(tx, t->s, &part, &sub, active && who == SM_USER ? SM_SYSTEM : who, e);
	if (r == 0)
		r = ticket_acted(tx, t->c, t->account, t->in->ticket,
			&(struct ticket_done){.act = TICKET_ACT_REFUND, .object = TICKET_OF_SUBSCRIPTION, .object_id = t->id,
				.note = t->in->reason},
			e);
	if (r == 0)
		r = audit_add(tx, t->s, t->c, "subscription.refund", "subscriptions", t->id,
			detail_2kv(tx->arena, "amount", arena_printf(tx->arena, "%lld", (long long)sub.price),
				t->in->ticket ? "ticket" : NULL, arena_printf(tx->arena, "%lld", (long long)t->in->ticket)),
			e);
	return r < 0 ? r : MIN(q_subscription_get(tx, t->account, t->id, t->a, t->ret, e), 0);
}

int
subscription_refund(struct svc *s, const struct caller *c, const struct refund *in, struct arena *a,
	struct row_subscription *ret, struct err *e)
{
	struct request t = {.s = s, .c = c, .in = in, .id = in->subscription, .a = a, .ret = ret};
	int r = account_to_act(c, in->account, &t.account, e);

	return r < 0 ? r : svc_write(s, refund_body, &t, e);
}
