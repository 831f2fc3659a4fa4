/* SPDX-License-Identifier: Apache-2.0 */
/* Looking at watched servers, and what is told of it. */
#include "service/host.h"
#include "service/monitor.h"
#include "service/notice.h"
#include "service/svc_priv.h"

#define DUE_MAX 256
#define BATCH_MAX 32
#define SHARE 16 /* of one account, while others wait */
#define PACE_US 10000
#define RUN_MS 20000

struct watch {
	const struct row_monitor *m; /* as it was when the look began */
	const struct look_one *one;
	struct svc *s;
	/* in the transaction */
	struct str server;
	struct row_host host; /* before this look; .id 0: gone */
	int code; /* why nothing was seen; 0: seen */
	const char *why;
	struct blob sha256;
	int64_t not_after_ms, cert;
	enum host_status status;
	int64_t failures, next_ms;
};

/* -- telling */

static int
tell(struct db_tx *tx, const struct watch *w, enum notice_kind kind, int64_t mark, struct str detail, struct err *e)
{
	struct notice_new n = {.kind = kind, .account = w->m->account, .object_id = w->m->id, .mark = mark, .name = w->server,
		.code = w->code, .detail = detail, .due_ms = w->not_after_ms};

	return notice_add(tx, w->s, &n, e);
}

/* kind: of the notice, -1: none */
static int
happened(struct db_tx *tx, const struct watch *w, enum monitor_event event, int kind, struct str detail, struct err *e)
{
	int64_t id;
	int r = q_monitor_event_insert(tx,
		&(struct in_monitor_event_insert){.account = w->m->account, .monitor = w->m->id, .kind = event,
			.at_ms = tx->now_ms, .sha256 = w->sha256, .not_after_ms = w->not_after_ms, .status = w->status,
			.detail = detail},
		&id, e);

	if (r >= 0)
		r = q_monitor_event_trim(
			tx, w->m->account, w->m->id, policy_value("monitor-history", tx->now_ms), e);
	return r < 0 || kind < 0 ? MIN(r, 0) : tell(tx, w, (enum notice_kind)kind, id, detail, e);
}

/* Warned once a month before and once a week before, for each certificate. */
static int
tell_end(struct db_tx *tx, const struct watch *w, struct err *e)
{
	int64_t left = w->not_after_ms - tx->now_ms;
	bool soon = left <= policy_value("notice-third", tx->now_ms);

	if (!w->cert || left <= 0 || left > policy_value("notice-before", tx->now_ms))
		return 0;
	return tell(tx, w, NOTICE_SERVER_EXPIRES, 2 * w->cert + soon, (struct str){NULL, 0}, e);
}

static bool
is_fault(int64_t status)
{
	return status != HOST_UNSEEN && status != HOST_ABOUT_TO_EXPIRE && status != HOST_GOOD;
}

static int
tell_status(struct db_tx *tx, const struct watch *w, struct err *e)
{
	if (is_fault(w->status) && w->status != w->m->status)
		return happened(tx, w, EVENT_FAULTY, NOTICE_SERVER_FAULTY, str_c(words_host_status[w->status]), e);
	if (!is_fault(w->status) && is_fault(w->m->status))
		return happened(tx, w, EVENT_GOOD, -1, STR(""), e);
	return 0;
}

/* -- what came of it */

static int
seen(struct db_tx *tx, struct watch *w, struct err *e)
{
	const struct look *l = &w->one->look;
	struct row_host now;
	int64_t id;
	int r = host_keep(tx, w->m->account, &w->one->call, l, &id, e);

	if (r == 0)
		r = q_host_get(tx, w->m->account, id, tx->arena, &now, e);
	if (r < 0)
		return r;
	w->cert = now.cert;
	w->sha256 = now.sha256;
	w->not_after_ms = now.not_after_ms;
	w->status = host_status_at(now.verdict, now.not_after_ms, tx->now_ms);
	w->failures = 0;
	w->next_ms = tx->now_ms + w->m->interval_ms;
	r = 0;
	if (w->m->failures >= policy_value("monitor-failures", tx->now_ms))
		r = happened(tx, w, EVENT_BACK, NOTICE_SERVER_BACK, STR(""), e);
	if (r == 0 && !w->m->seen_sha256.n)
		r = happened(tx, w, EVENT_FIRST, -1, now.subject, e);
	else if (r == 0 && !blob_eq(w->m->seen_sha256, now.sha256))
		r = happened(tx, w, EVENT_CHANGED, NOTICE_SERVER_CHANGED, now.subject, e);
	return r;
}

/* What was seen before goes on to grow old. */
static int
unseen(struct db_tx *tx, struct watch *w, struct err *e)
{
	int64_t most = policy_value("monitor-failures", tx->now_ms), again = policy_value("monitor-again", tx->now_ms);

	w->cert = w->host.cert;
	w->sha256 = w->m->seen_sha256;
	w->not_after_ms = w->host.not_after_ms;
	w->status = w->m->seen_sha256.n ? host_status_at(w->host.verdict, w->host.not_after_ms, tx->now_ms) : HOST_UNSEEN;
	w->failures = w->m->failures + 1;
	w->next_ms = tx->now_ms + (w->failures < most ? MIN(again, w->m->interval_ms) : w->m->interval_ms);
	return w->failures == most
		? happened(tx, w, EVENT_UNREACHABLE, NOTICE_SERVER_UNREACHABLE, str_c(w->why), e)
		: 0;
}

static int
looked_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct watch *w = arg;
	const struct row_monitor *m = w->m;
	int r = q_monitor_hold(tx, m->account, m->id, m->next_ms, e);

	if (r <= 0)
		return r; /* removed, edited, or looked at by another run */
	w->server = host_text(tx->arena, m->name, m->port);
	r = q_host_get(tx, m->account, m->host, tx->arena, &w->host, e);
	if (r > 0)
		r = w->code ? unseen(tx, w, e) : seen(tx, w, e);
	if (r == 0)
		r = tell_status(tx, w, e);
	if (r == 0)
		r = tell_end(tx, w, e);
	if (r == 0)
		r = q_monitor_looked(tx,
			&(struct in_monitor_looked){.account = m->account, .id = m->id, .due_ms = m->next_ms,
				.next_ms = w->next_ms, .seen_sha256 = w->sha256, .status = w->status,
				.failures = w->failures, .code = w->code ? str_c(err_info(w->code)->name) : STR(""),
				.message = w->code ? str_c(w->why) : STR(""), .now = tx->now_ms},
			e);
	return MIN(r, 0);
}

static int
keep(struct svc *s, const struct row_monitor *m, const struct look_one *one, struct err *e)
{
	struct watch w = {.m = m, .one = one, .s = s};
	ERR(why);

	if (one->result < 0)
		why = *one->why;
	else
		(void)look_fault(&one->look, &why);
	w.code = why.code;
	w.why = why.msg;
	return svc_write(s, looked_body, &w, e);
}

/* -- the job */

struct due {
	struct arena *a;
	struct row_monitor *rows;
	size_t n;
};

static int
due_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct due *t = arg;

	return q_monitor_due(tx, tx->now_ms, DUE_MAX, t->a, &t->rows, &t->n, e);
}

/* Of those before it this many are of the same account. */
static size_t
earlier(const struct row_monitor *rows, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < i; k++)
		n += rows[k].account == rows[i].account;
	return n;
}

/* Up to BATCH_MAX of those that are due, of each account its share first. */
static size_t
choose(const struct due *t, const struct row_monitor *ret[BATCH_MAX])
{
	size_t n = 0;

	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < t->n && n < BATCH_MAX; i++) {
			if ((earlier(t->rows, i) >= SHARE) == (round == 1))
				ret[n++] = &t->rows[i];
		}
	}
	return n;
}

static void
prepare(const struct row_monitor *m, struct look_one *ret)
{
	struct look_call *call = &ret->call;

	call->place = (struct scan_place){.host = m->name, .port = (uint16_t)m->port, .alone = true};
	call->place.is_ip = addr_parse_ip(m->name, &call->place.ip);
	call->starttls = (enum starttls)m->starttls;
	call->status = true;
	call->timeout_ms = LOOK_MS;
}

/* > 0: there may be more. */
static int
run_batch(struct svc *s, struct err *e)
{
	const struct row_monitor *chosen[BATCH_MAX];
	struct look_one *ones;
	ARENA(a);
	struct due t = {.a = &a};
	int r = svc_read(s, due_body, &t, e);
	size_t n = r < 0 ? 0 : choose(&t, chosen);

	if (r < 0 || n == 0)
		return r;
	ones = arena_new_n(&a, n, struct look_one);
	for (size_t i = 0; i < n; i++)
		prepare(chosen[i], &ones[i]);
	r = look_many(s, ones, n, PACE_US, &a, e);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = keep(s, chosen[i], &ones[i], e);
	return r < 0 ? r : 1;
}

static int
again_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct svc *s = arg;

	return jobs_add(tx, s, s->own_account, WORK_MONITOR, MONITOR_SLOT, tx->now_ms, e);
}

int
monitor_run(struct svc *s, struct err *e)
{
	int64_t until = clock_mono_ms() + RUN_MS;
	int r = 1;

	while (r > 0 && clock_mono_ms() < until)
		r = run_batch(s, e);
	return r > 0 ? svc_write(s, again_body, s, e) : r;
}

static int
sweep_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_monitor *rows;
	size_t n;
	int r = q_monitor_due(tx, tx->now_ms, 1, tx->arena, &rows, &n, e);

	return r < 0 || !n ? r : again_body(tx, arg, e);
}

int
monitor_sweep(struct svc *s, struct err *e)
{
	return svc_write(s, sweep_body, s, e);
}
