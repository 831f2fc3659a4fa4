/* SPDX-License-Identifier: Apache-2.0 */
/* What time does by itself: timeouts of the state tables, expired sessions, old records (job `sweep`). */
#include "service/confirm.h"
#include "service/dns_auto_priv.h"
#include "service/domain_auto_priv.h"
#include "service/money.h"
#include "service/monitor.h"
#include "service/notice.h"
#include "service/review_priv.h"
#include "service/revocation.h"
#include "service/share.h"
#include "service/scan.h"
#include "service/successor.h"

#include <stdio.h>

#define BATCH 100
#define JOB_KEPT_MS (7 * MS_DAY)

struct overdue {
	int state;
	struct arena *a;
	struct row_application_overdue *rows;
	size_t n;
};

static int
overdue_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct overdue *t = arg;

	return q_application_overdue(tx, t->state, tx->now_ms, BATCH, t->a, &t->rows, &t->n, e);
}

static int
fail_some(struct svc *s, int state, size_t *ret_n, struct err *e)
{
	ARENA(a);
	struct overdue t = {.state = state, .a = &a};
	int r = svc_read(s, overdue_body, &t, e);

	for (size_t i = 0; r == 0 && i < t.n; i++) {
		ERR(why);

		err_set(&why, E_TIMEOUT, "the application was %s for too long", sm_name(&sm_application, state));
		r = application_fail(s, t.rows[i].account, t.rows[i].id, state, &why, e);
	}
	*ret_n = t.n;
	return r;
}

/* validating and issuing have a time within which they must get on (SPEC 2). */
static int
fail_overdue(struct svc *s, int state, struct err *e)
{
	size_t n = BATCH;
	int r = 0;

	while (r == 0 && n == BATCH && !atomic_load(&s->stopping))
		r = fail_some(s, state, &n, e);
	return r;
}

/* -- moves of rows that nobody touches: each by its table, with its audit row, so many in one transaction */

struct lapse {
	struct svc *s;
	int state; /* of those looked for */
	size_t n; /* how many there were */
};

static int
bills_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_bill_overdue *rows;
	struct lapse *t = arg;
	int r = q_bill_overdue(tx, tx->now_ms, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		struct caller c = caller_system(rows[i].account);

		r = sm_move(&sm_bill, (int)rows[i].state, BILL_EXPIRED, SM_SYSTEM, e);
		if (r == 0)
			r = q_bill_move(tx, rows[i].account, rows[i].id, rows[i].state, BILL_EXPIRED, 0, e);
		if (r > 0)
			r = allowance_back(tx, rows[i].account, rows[i].product, rows[i].allowance_ms, rows[i].quantity, e);
		if (r == 0)
			r = audit_add(tx, t->s, &c, "bill.expire", "bills", rows[i].id, (struct str){NULL, 0}, e);
		if (r == 0)
			r = notice_of(tx, t->s, NOTICE_BILL_EXPIRED, rows[i].account, rows[i].id, e);
	}
	return MIN(r, 0);
}

static int
expire(struct db_tx *tx, const struct svc *s, int64_t account, int64_t id, int state, struct err *e)
{
	struct caller c = caller_system(account);
	enum notice_kind kind = state == SUBSCRIPTION_ACTIVE ? NOTICE_SUBSCRIPTION_EXPIRED : NOTICE_QUOTA_EXPIRED;
	int r = subscription_step(tx, s, &c, account, id, state, SUBSCRIPTION_EXPIRED, SM_SYSTEM, e);

	return r <= 0 ? r : notice_of(tx, s, kind, account, id, e);
}

static int
windows_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_subscription_window_over *rows;
	struct lapse *t = arg;
	int r = q_subscription_window_over(tx, t->state, tx->now_ms, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++)
		r = expire(tx, t->s, rows[i].account, rows[i].id, (int)rows[i].state, e);
	return MIN(r, 0);
}

static int
periods_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_subscription_period_over *rows;
	struct lapse *t = arg;
	int r = q_subscription_period_over(tx, tx->now_ms, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++)
		r = expire(tx, t->s, rows[i].account, rows[i].id, (int)rows[i].state, e);
	return MIN(r, 0);
}

static int
lapse(struct svc *s, db_body *body, int state, struct err *e)
{
	struct lapse t = {.s = s, .state = state, .n = BATCH};
	int r = 0;

	while (r == 0 && t.n == BATCH && !atomic_load(&s->stopping))
		r = svc_write(s, body, &t, e);
	return r;
}

static int
lapse_all(struct svc *s, struct err *e)
{
	static const int unused[] = {SUBSCRIPTION_UNASSIGNED, SUBSCRIPTION_NOT_ACTIVATED, SUBSCRIPTION_ASSIGNED};
	int r = lapse(s, bills_body, 0, e);

	if (r == 0)
		r = successors_activate(s, e);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(unused); i++)
		r = lapse(s, windows_body, unused[i], e);
	return r < 0 ? r : lapse(s, periods_body, 0, e);
}

/* -- records that have served their time */

static int
tidy_body(struct db_tx *tx, void *arg, struct err *e)
{
	char now[24];
	int r;

	(void)arg;
	snprintf(now, sizeof(now), "%lld", (long long)tx->now_ms);
	r = q_meta_time_high(tx, str_c(now), e);
	if (r >= 0)
		r = q_session_sweep(tx, tx->now_ms, e);
	if (r >= 0)
		r = q_throttle_sweep(tx, tx->now_ms - MS_DAY, e);
	if (r >= 0)
		r = q_idempotency_sweep(tx, tx->now_ms - policy_value("idempotency-life", tx->now_ms), e);
	if (r >= 0)
		r = q_attachment_sweep(tx, tx->now_ms - policy_value("attachment-unused", tx->now_ms), e);
	if (r >= 0)
		r = q_job_sweep(tx, tx->now_ms - JOB_KEPT_MS, e);
	if (r >= 0)
		r = q_mail_sweep(tx, tx->now_ms - policy_value("mail-kept", tx->now_ms), e);
	if (r >= 0)
		r = q_link_sweep(tx, tx->now_ms - policy_value("mail-kept", tx->now_ms), e);
	if (r >= 0)
		r = q_email_proof_sweep(tx, e);
	if (r >= 0)
		r = q_webhook_delivery_sweep(tx, tx->now_ms - policy_value("webhook-kept", tx->now_ms), e);
	return MIN(r, 0);
}

int
sweep_run(struct svc *s, struct err *e)
{
	int r = fail_overdue(s, APPLICATION_VALIDATING, e);

	if (r == 0)
		r = fail_overdue(s, APPLICATION_ISSUING, e);
	if (r == 0)
		r = confirmations_lapse(s, e);
	if (r == 0)
		r = review_remind(s, e);
	if (r == 0)
		r = revocation_lapse(s, e);
	if (r == 0)
		r = share_lapse(s, e);
	if (r == 0)
		r = dns_clean_sweep(s, e);
	if (r == 0)
		r = domain_auto_sweep(s, e);
	/* Void what those leave behind, and finish what its job has given up; not what is being signed just now. */
	if (r == 0)
		r = issue_recover(s, svc_now(s) - MS_MINUTE, e);
	if (r == 0)
		r = lapse_all(s, e);
	if (r == 0)
		r = scan_sweep(s, e);
	if (r == 0)
		r = monitor_sweep(s, e);
	if (r == 0)
		r = notice_sweep(s, e);
	return r < 0 ? r : svc_write(s, tidy_body, s, e);
}
