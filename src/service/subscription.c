/* SPDX-License-Identifier: Apache-2.0 */
/* The one way on which a subscription changes its state. */
#include "service/successor.h"

int
subscription_tell(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t id, int from,
	int to, struct err *e)
{
	/* the act's own row answers a repeated request, not this one (idempotency.h) */
	struct caller part = *c;

	part.idem = NULL;
	part.account = account;
	return audit_add(tx, s, &part, "subscription.move", "subscriptions", id,
		detail_2kv(tx->arena, "from", str_c(sm_name(&sm_subscription, from)), "to",
			str_c(sm_name(&sm_subscription, to))),
		e);
}

/* What follows from a move, besides the order's status. */
static int
moved(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t id, int from, int to,
	struct err *e)
{
	int r = count_move(tx, account, "subscription", from, to, e);

	if (r >= 0 && from == SUBSCRIPTION_ACTIVE)
		r = successor_wake(tx, account, id, e);
	return r < 0 ? r : subscription_tell(tx, s, c, account, id, from, to, e);
}

int
subscription_step(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t id, int from,
	int to, enum sm_who who, struct err *e)
{
	int r = sm_move(&sm_subscription, from, to, who, e);

	if (r == 0)
		r = q_subscription_move(tx, account, id, from, to, tx->now_ms, e);
	if (r <= 0)
		return r;
	if (q_order_settle(tx, account, id, 0, e) < 0 || moved(tx, s, c, account, id, from, to, e) < 0)
		return e->code;
	return r;
}
