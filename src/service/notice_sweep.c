/* SPDX-License-Identifier: Apache-2.0 */
/* Notices that time makes: each row is marked in the transaction that tells it, so none is told twice and none is lost. */
#include "service/mail.h"
#include "service/notice_priv.h"

#define BATCH 100

struct due {
	struct svc *s;
	int which; /* stage of certificates, state of subscriptions */
	size_t n; /* how many there were */
};

/* -- certificates: warned before their end, then told of it */

static const char *const stages[] = {"notice-before", "notice-second", "notice-third", "notice-fourth", "notice-last"};
#define STAGE_OVER ((int)ARRAY_LEN(stages) + 1)
#define STAGE_SOON 3

/* The last stage whose time has come. */
static int
stage_of(int64_t end_ms, int64_t now)
{
	int stage = 0;

	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		if (end_ms <= now + policy_value(stages[i], now))
			stage = (int)i + 1;
	}
	return end_ms <= now ? STAGE_OVER : stage;
}

/* Nothing to tell: switched off; over for long when it came; or so short that it would be warned of from its birth. */
static bool
is_silent(const struct row_notice_end *row, int stage, int64_t now)
{
	int64_t span = policy_value(stages[MIN(stage, STAGE_OVER - 1) - 1], now);

	if (stage == STAGE_OVER)
		return row->quiet || row->end_ms + policy_value("notice-before", now) < now;
	return row->quiet || row->end_ms - span <= row->begin_ms;
}

static int
tell_certificate(struct db_tx *tx, const struct svc *s, const struct row_notice_end *row, int stage, struct err *e)
{
	struct notice_new n = {.kind = stage == STAGE_OVER ? NOTICE_CERTIFICATE_EXPIRED
			: stage >= STAGE_SOON ? NOTICE_CERTIFICATE_EXPIRES_SOON : NOTICE_CERTIFICATE_EXPIRES,
		.account = row->account, .object_id = row->id, .mark = stage, .name = row->name, .due_ms = row->end_ms};
	int64_t later = 0;
	int r = 0;

	if (is_silent(row, stage, tx->now_ms))
		return 0;
	if (row->subscription)
		r = q_notice_certificate_later(tx, row->account, row->id, row->subscription, row->end_ms, &later, e);
	return r < 0 || later ? MIN(r, 0) : notice_add(tx, s, &n, e);
}

static int
certificates_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;
	int64_t now = tx->now_ms,
		until = t->which + 1 == STAGE_OVER ? now : now + policy_value(stages[t->which], now);
	struct row_notice_end *rows;
	int r = q_notice_certificates(tx, t->which, until, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		int stage = MAX(stage_of(rows[i].end_ms, now), t->which + 1);

		r = q_notice_certificate_told(tx, rows[i].account, rows[i].id, t->which, stage, e);
		if (r > 0)
			r = tell_certificate(tx, t->s, &rows[i], stage, e);
	}
	return MIN(r, 0);
}

/* -- subscriptions */

static int
tell_subscription(struct db_tx *tx, const struct svc *s, int64_t account, int64_t id, int64_t end_ms, enum notice_kind kind,
	int stage, struct err *e)
{
	struct notice_new n = {.kind = kind, .account = account, .object_id = id, .mark = end_ms, .due_ms = end_ms};
	int r = q_notice_subscription_told(tx, account, id, stage, e);

	return r <= 0 ? r : notice_add(tx, s, &n, e);
}

static int
windows_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;
	struct row_notice_windows *rows;
	int64_t until = tx->now_ms + policy_value("notice-before", tx->now_ms);
	int r = q_notice_windows(tx, t->which, tx->now_ms, until, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++)
		r = tell_subscription(
			tx, t->s, rows[i].account, rows[i].id, rows[i].end_ms, NOTICE_QUOTA_EXPIRES, 1, e);
	return MIN(r, 0);
}

static int
periods_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;
	struct row_notice_periods *rows;
	int64_t until = tx->now_ms + policy_value("notice-before", tx->now_ms);
	int r = q_notice_periods(tx, tx->now_ms, until, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++)
		r = tell_subscription(
			tx, t->s, rows[i].account, rows[i].id, rows[i].end_ms, NOTICE_SUBSCRIPTION_EXPIRES, 2, e);
	return MIN(r, 0);
}

/* -- what is told once per deadline: the notice itself marks it */

static int
bills_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;
	struct row_notice_bills *rows;
	int64_t until = tx->now_ms + policy_value("notice-bill", tx->now_ms);
	int r = q_notice_bills(tx, NOTICE_BILL_UNPAID, until, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		struct notice_new n = {.kind = NOTICE_BILL_UNPAID, .account = rows[i].account, .object_id = rows[i].id,
			.mark = rows[i].end_ms, .due_ms = rows[i].end_ms};

		r = notice_add(tx, t->s, &n, e);
	}
	return MIN(r, 0);
}

static int
values_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;
	struct row_notice_values *rows;
	int64_t until = tx->now_ms + policy_value("notice-value", tx->now_ms);
	int r = q_notice_values(tx, NOTICE_PROOF_EXPIRES, tx->now_ms, until, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		struct notice_new n = {.kind = NOTICE_PROOF_EXPIRES, .account = rows[i].account, .object_id = rows[i].id,
			.mark = rows[i].end_ms, .due_ms = rows[i].end_ms};

		r = notice_add(tx, t->s, &n, e);
	}
	return MIN(r, 0);
}

static int
refunds_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;
	struct row_notice_refunds *rows;
	int64_t window = policy_value("refund-window", tx->now_ms), after = tx->now_ms - window,
		begin = after + policy_value("notice-refund", tx->now_ms);
	int r = q_notice_refunds(tx, NOTICE_REFUND_DEADLINE, after, begin, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		struct notice_new n = {.kind = NOTICE_REFUND_DEADLINE, .account = rows[i].account, .object_id = rows[i].id,
			.mark = rows[i].first_issued_ms,
			.due_ms = rows[i].first_issued_ms + policy_value("refund-window", rows[i].first_issued_ms)};

		r = notice_add(tx, t->s, &n, e);
	}
	return MIN(r, 0);
}

/* -- the daily mail */

/* The last time that one was due. */
static int64_t
digest_time(int64_t now)
{
	int64_t at = policy_value("notice-digest", now);

	return (now - at) / MS_DAY * MS_DAY + at;
}

static int
digests_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;
	struct row_notice_digest_due *rows;
	int64_t before = digest_time(tx->now_ms), id;
	int r = q_notice_digest_due(tx, before, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		r = q_notice_digest_insert(tx, rows[i].account, tx->now_ms, &id, e);
		if (r >= 0)
			r = q_notice_digest_gather(tx, rows[i].account, id, before, e);
		if (r >= 0)
			r = notice_queue_mails(tx, t->s, rows[i].account, MAIL_DIGEST, id, -1, e);
	}
	return MIN(r, 0);
}

/* -- all of it */

static int
run(struct svc *s, db_body *body, int which, struct err *e)
{
	struct due t = {.s = s, .which = which, .n = BATCH};
	int r = 0;

	while (r == 0 && t.n == BATCH && !atomic_load(&s->stopping))
		r = svc_write(s, body, &t, e);
	return r;
}

static int
tidy_body(struct db_tx *tx, void *arg, struct err *e)
{
	int64_t before = tx->now_ms - policy_value("notice-kept", tx->now_ms);
	int r = q_notice_sweep(tx, before, e);

	((struct due *)arg)->n = 0;
	return r < 0 ? r : MIN(q_notice_digest_sweep(tx, before, e), 0);
}

int
notice_sweep(struct svc *s, struct err *e)
{
	static const int unused[] = {SUBSCRIPTION_UNASSIGNED, SUBSCRIPTION_NOT_ACTIVATED, SUBSCRIPTION_ASSIGNED};
	static db_body *const once[] = {periods_body, bills_body, values_body, refunds_body, digests_body, tidy_body};
	int r = 0;

	for (int stage = STAGE_OVER - 1; r == 0 && stage >= 0; stage--)
		r = run(s, certificates_body, stage, e);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(unused); i++)
		r = run(s, windows_body, unused[i], e);
	for (size_t i = 0; r == 0 && i < ARRAY_LEN(once); i++)
		r = run(s, once[i], 0, e);
	return r;
}
