/* SPDX-License-Identifier: Apache-2.0 */
#include "service/jobs.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "service/dns_auto_priv.h"
#include "service/domain_auto_priv.h"
#include "service/mail.h"
#include "service/monitor.h"
#include "service/notice.h"
#include "service/scan.h"
#include "service/svc_priv.h"
#include "service/webhook.h"

#define JOB_THREADS_MAX 16
#define LEASE_MS (60 * MS_SECOND)
#define POLL_MS 1000
#define SETTLE_TRIES 40
#define SETTLE_PAUSE_US (500 * 1000)
#define ATTEMPTS_MAX 200
#define BATCH 16
#define TOLD_MS MS_MINUTE

struct job_loop {
	struct svc *s;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t threads[JOB_THREADS_MAX];
	unsigned n_threads;
	bool stop, released;
	uint64_t kicks;
	int64_t told_ms; /* when the log was last told that none can be taken; 0: never */
};

int
jobs_add(struct db_tx *tx, const struct svc *s, int64_t account, enum work kind, int64_t object, int64_t run_at_ms,
	struct err *e)
{
	int64_t id;
	int r = q_job_put(tx, s->node, account, kind, object, run_at_ms, tx->now_ms, &id, e);

	return MIN(r, 0);
}

/* -- one job */

static int
run_kind(struct svc *s, const struct row_job *j, struct err *e)
{
	switch ((enum work)j->kind) {
	case WORK_VALIDATE:
		return application_advance(s, j->account, j->object, e);
	case WORK_ISSUE:
		return issue_try(s, j->account, j->object, e);
	case WORK_SWEEP:
		return sweep_run(s, e);
	case WORK_DNS_CLEAN:
		return dns_clean_run(s, j->account, j->object, e);
	case WORK_CHECKPOINT:
		return audit_checkpoint(s, e);
	case WORK_DOMAIN_AUTO:
		return domain_auto_run(s, j->account, j->object, e);
	case WORK_WEBHOOK:
		return webhook_run(s, j->account, j->object, e);
	case WORK_MAIL:
		return mail_send(s, j->account, j->object, e);
	case WORK_SCAN:
		return scan_run(s, j->object, e);
	case WORK_MONITOR:
		return monitor_run(s, e);
	}
	return err_set(e, E_INTERNAL, "job %lld has the unknown kind %lld", (long long)j->id, (long long)j->kind);
}

/* Work that comes back by itself, and how soon. */
static int64_t
period_ms(enum work kind)
{
	return kind == WORK_SWEEP ? MS_MINUTE : kind == WORK_CHECKPOINT ? 10 * MS_MINUTE : 0;
}

/* Polling of a waiting application: quick at first, then ever slower up to an hour. Trouble of our own may be over in a
 * moment. */
static int64_t
back_off_ms(const struct row_job *j, int why)
{
	int64_t ms = why == E_PROOF_MISSING ? 5 * MS_SECOND : MS_SECOND;

	for (int64_t i = 0; i < j->attempts && ms < MS_HOUR; i++)
		ms += ms / 2;
	return MIN(ms, MS_HOUR);
}

struct settle {
	struct svc *s;
	const struct row_job *job;
	int result;
	const struct err *why;
};

static bool
worth_again(int code)
{
	return code == E_PROOF_MISSING || svc_passing(code);
}

/* Mails and webhooks have a state of their own, and would carry the word. */
static bool
staff_matter(const struct row_job *j, int code)
{
	return err_info(code)->exit >= 6 && j->kind != WORK_MAIL && j->kind != WORK_WEBHOOK;
}

/* Staff learn of it, unless it is the applicant's matter, who is told elsewhere, or it was wanted once more meanwhile. */
static int
give_up(struct db_tx *tx, const struct settle *t, struct str code, struct str text, struct err *e)
{
	const struct row_job *j = t->job;
	struct notice_new n = {.kind = NOTICE_JOB_GIVEN_UP, .account = t->s->own_account, .object_id = j->id, .mark = 1,
		.code = t->result};
	struct row_job now;
	int r = q_job_end(tx, j->id, WORK_GIVEN_UP, code, text, tx->now_ms, e);

	if (r <= 0 || !staff_matter(j, t->result))
		return r;
	r = q_job_get(tx, j->account, j->id, tx->arena, &now, e);
	if (r <= 0 || now.state != WORK_GIVEN_UP)
		return r;
	n.name = arena_printf(tx->arena, "%s %lld, account %lld", word_name(words_work, j->kind), (long long)j->object,
		(long long)j->account);
	n.detail = arena_printf(tx->arena, "%.*s: %.*s", STRF(code), STRF(text));
	return notice_add(tx, t->s, &n, e);
}

static int
settle_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct settle *t = arg;
	const struct row_job *j = t->job;
	struct str code = STR(""), text = STR("");
	int64_t period = period_ms((enum work)j->kind);
	int r;

	if (t->result < 0) {
		code = str_c(err_info(t->result)->name);
		text = str_c(t->why->msg);
	}
	if (period)
		r = q_job_again(tx, j->id, tx->now_ms + period, code, text, e);
	else if (t->result == 0)
		r = q_job_end(tx, j->id, WORK_DONE, code, text, tx->now_ms, e);
	else if (worth_again(t->result) && j->attempts < ATTEMPTS_MAX)
		r = q_job_again(tx, j->id, tx->now_ms + back_off_ms(j, t->result), code, text, e);
	else
		r = give_up(tx, t, code, text, e);
	return MIN(r, 0);
}

static void
run_job(struct svc *s, const struct row_job *j)
{
	ERR(why);
	ERR(e);
	struct settle t = {.s = s, .job = j, .why = &why};

	t.result = run_kind(s, j, &why);
	/* Waiting for the applicant or for another thread is nothing to tell; a refusal is the applicant's matter. */
	if (t.result < 0 && t.result != E_PROOF_MISSING && t.result != E_BUSY)
		log_event(err_info(t.result)->exit < 6 ? LOG_INFO : LOG_WARN, "job.failed",
			F_STR("kind", word_name(words_work, j->kind)), F_INT("job", j->id),
			F_INT("object", j->object), F_STR("code", err_info(t.result)->name), F_STR("message", why.msg),
			F_STR("detail", why.detail));
	/* A database that is away for a moment need not cost a whole lease; after that the lease runs out and the step
	 * runs again. */
	for (int i = 0; svc_write(s, settle_body, &t, &e) < 0; i++) {
		if (i == SETTLE_TRIES || atomic_load(&s->stopping)) {
			log_err(LOG_WARN, "job.not_settled", &e);
			return;
		}
		usleep(SETTLE_PAUSE_US);
	}
}

/* -- the loop */

struct take {
	struct svc *s;
	struct row_job job;
	bool got;
};

/* Those whose lease ran out, else those that are due. */
static int
find_due(struct db_tx *tx, int64_t most, struct row_job **ret, size_t *ret_n, struct err *e)
{
	int r = q_job_lapsed(tx, tx->now_ms, most, tx->arena, ret, ret_n, e);

	return r < 0 || *ret_n ? r : q_job_due(tx, tx->now_ms, most, tx->arena, ret, ret_n, e);
}

static int
take_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct take *t = arg;
	struct row_job *rows;
	size_t n;
	int r = find_due(tx, BATCH, &rows, &n, e);

	t->got = false;
	for (size_t i = 0; r >= 0 && i < n && !t->got; i++) {
		/* Each connection begins with another one, so that they do not all wait for the first. */
		const struct row_job *j = &rows[(i + tx->lane) % n];

		r = q_job_take(tx, j->id, j->state, j->attempts, t->s->node, tx->now_ms + LEASE_MS, e);
		if (r > 0) {
			t->job = *j;
			/* the texts are not needed, and would not outlive this run */
			t->job.error_code = t->job.error_text = STR("");
			t->job.attempts++;
			t->got = true;
		}
	}
	return MIN(r, 0);
}

static int
any_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_job *rows;
	size_t n;
	int r = find_due(tx, 1, &rows, &n, e);

	*(bool *)arg = r == 0 && n > 0;
	return r;
}

/* A full disk stays so for a while, and every thread looks each second. */
static void
tell_not_taken(struct job_loop *l, const struct err *e)
{
	int64_t now = clock_mono_ms();
	bool tell;

	pthread_mutex_lock(&l->lock);
	tell = !l->told_ms || now - l->told_ms >= TOLD_MS;
	l->told_ms = tell ? now : l->told_ms;
	pthread_mutex_unlock(&l->lock);
	if (tell)
		log_err(LOG_WARN, "job.not_taken", e);
}

/* Takes and runs one job; false when none is due. Reading first: an idle service writes nothing. */
static bool
run_one(struct svc *s)
{
	struct take t = {.s = s};
	ERR(e);
	bool any = false;

	if (svc_read(s, any_body, &any, &e) < 0 || !any)
		return false;
	if (svc_write(s, take_body, &t, &e) < 0) {
		tell_not_taken(s->jobs, &e);
		return false;
	}
	if (!t.got)
		return false;
	svc_kick(s); /* there may be more: one thread wakes the next, instead of all at once for one job */
	run_job(s, &t.job);
	return true;
}

static void
wait_for_work(struct job_loop *l, uint64_t seen)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += POLL_MS % 1000 * 1000000;
	until.tv_sec += POLL_MS / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&l->lock);
	while (!l->stop && (l->kicks == seen || !l->released)) {
		if (pthread_cond_timedwait(&l->wake, &l->lock, &until) != 0)
			break;
	}
	pthread_mutex_unlock(&l->lock);
}

static void *
loop_main(void *arg)
{
	struct job_loop *l = arg;

	for (;;) {
		bool stop, released;
		uint64_t seen;

		pthread_mutex_lock(&l->lock);
		stop = l->stop;
		released = l->released;
		seen = l->kicks;
		pthread_mutex_unlock(&l->lock);
		if (stop)
			return NULL;
		if (!released || !run_one(l->s))
			wait_for_work(l, seen);
	}
}

int
jobs_start(struct svc *s, unsigned threads, struct err *e)
{
	struct job_loop *l = calloc(1, sizeof(*l));
	pthread_condattr_t attr;
	pthread_attr_t small;

	if (!l)
		BUG("out of memory");
	BUG_ON(threads > JOB_THREADS_MAX);
	l->s = s;
	pthread_mutex_init(&l->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&l->wake, &attr);
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 512 * 1024);
	s->jobs = l;
	for (unsigned i = 0; i < threads; i++) {
		int r = pthread_create(&l->threads[i], &small, loop_main, l);

		if (r != 0)
			return err_errno(e, E_IO, r, "cannot start a job thread");
		l->n_threads++;
	}
	return 0;
}

void
jobs_release(struct svc *s)
{
	pthread_mutex_lock(&s->jobs->lock);
	s->jobs->released = true;
	pthread_mutex_unlock(&s->jobs->lock);
	svc_kick(s);
}

void
svc_kick(struct svc *s)
{
	if (!s->jobs)
		return;
	pthread_mutex_lock(&s->jobs->lock);
	s->jobs->kicks++;
	pthread_cond_signal(&s->jobs->wake);
	pthread_mutex_unlock(&s->jobs->lock);
}

void
jobs_stop(struct svc *s)
{
	struct job_loop *l = s->jobs;

	if (!l)
		return;
	pthread_mutex_lock(&l->lock);
	l->stop = true;
	pthread_cond_broadcast(&l->wake);
	pthread_mutex_unlock(&l->lock);
	for (unsigned i = 0; i < l->n_threads; i++)
		pthread_join(l->threads[i], NULL);
	free(l);
	s->jobs = NULL;
}

/* -- showing */

struct show {
	const struct page *page;
	int64_t account, id;
	struct arena *a;
	struct row_job *rows;
	size_t n;
};

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	int r = q_job_get(tx, t->account, t->id, t->a, t->rows, e);

	return r == 0 ? not_found(e, "job", t->id) : MIN(r, 0);
}

int
job_show(struct svc *s, const struct caller *c, int64_t account, int64_t id, struct arena *a, struct row_job *ret,
	struct err *e)
{
	struct show t = {.id = id, .a = a, .rows = ret};
	int r = account_in_reach(c, account, &t.account, e);

	return r < 0 ? r : svc_read(s, show_body, &t, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;

	return q_job_list(tx, t->account, page_before(t->page), t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
job_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_job **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct show t = {.page = page, .a = a};
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
