/* SPDX-License-Identifier: Apache-2.0 */
/* The reviewers' acts. */
#include "service/review.h"

#include "service/apply_priv.h"
#include "service/confirm.h"
#include "service/idempotency.h"
#include "service/notice.h"
#include "service/review_priv.h"

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t id;
	struct row_review row;
	struct row_application app;
	/* of one act or another */
	struct str text;
	enum reject_reason reason;
	const struct review_call *call;
	bool moved; /* there is work for the job loop */
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_review_get(tx, t->id, tx->arena, &t->row, e);

	if (r == 0)
		return err_set(e, E_NOT_FOUND, "there is no review %lld", (long long)t->id);
	if (r > 0)
		r = q_application_get(tx, t->row.account, t->row.application, tx->arena, &t->app, e);
	if (r == 0)
		return not_found(e, "application", t->row.application);
	return MIN(r, 0);
}

/* Waits still, and nobody else works on it. */
static int
load_mine(struct db_tx *tx, struct act *t, struct err *e)
{
	struct row_users user = {0};
	int r = load(tx, t, e);

	if (r < 0)
		return r;
	if (t->row.state != REVIEW_WAITING || t->app.state != APPLICATION_REVIEWING)
		return err_set(e, E_STATE_REFUSED, "review %lld is %s; only a waiting one is worked on", (long long)t->id,
			word_name(words_review_state, t->row.state));
	if (t->row.claimed_by == 0 || t->row.claimed_by == t->c->user)
		return 0;
	r = q_users_get(tx, t->c->account, t->row.claimed_by, tx->arena, &user, e);
	if (r < 0)
		return r;
	return err_set(e, E_REVIEW_CLAIMED, "review %lld was claimed by \"%.*s\"", (long long)t->id, STRF(user.name));
}

static int
tell(struct db_tx *tx, const struct act *t, const char *what, struct str detail, struct err *e)
{
	return audit_add(tx, t->s, t->c, what, "reviews", t->id, detail, e);
}

/* -- claiming */

static int
claim_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load_mine(tx, t, e);

	if (r == 0)
		r = q_review_claim(tx, t->id, t->row.claimed_by, t->c->user, tx->now_ms, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "review %lld was changed meanwhile", (long long)t->id);
	return r < 0 ? r : tell(tx, t, "review.claim", (struct str){NULL, 0}, e);
}

static int
release_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load_mine(tx, t, e);

	if (r == E_REVIEW_CLAIMED && t->c->role == ROLE_ADMINISTRATOR)
		r = 0;
	if (r == 0)
		r = q_review_claim(tx, t->id, t->row.claimed_by, 0, 0, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "review %lld was changed meanwhile", (long long)t->id);
	return r < 0 ? r : tell(tx, t, "review.release", (struct str){NULL, 0}, e);
}

/* -- deciding */

static int
decide(struct db_tx *tx, const struct act *t, enum review_state state, struct str reason, struct str text, struct err *e)
{
	int r = q_review_decide(tx, t->id, state, t->c->user, reason, text, tx->now_ms, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "review %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = tell(tx, t, state == REVIEW_REJECTED ? "review.reject" : "review.approve",
			detail_2kv(tx->arena, "state", str_c(words_review_state[state]), "note", text), e);
	return MIN(r, 0);
}

/* What was proven is proven again: the applicant publishes once more. */
static int
send_back(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = decide(tx, t, REVIEW_RETURNED, STR(""), STR("a proof had expired"), e);

	if (r == 0)
		r = application_step(tx, t->s, t->c, &t->app, APPLICATION_VALIDATING, SM_SYSTEM, e);
	if (r == 0)
		r = application_authzs_renew(tx, &t->app, e);
	if (r == 0)
		r = application_ask_proof(tx, t->s, &t->app, e);
	return r < 0 ? r : jobs_add(tx, t->s, t->app.account, WORK_VALIDATE, t->app.id, tx->now_ms, e);
}

static int
approve_first(struct db_tx *tx, const struct act *t, struct err *e)
{
	int r = q_review_approve_first(tx, t->id, t->c->user, tx->now_ms, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "review %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = notice_staff(tx, t->s, NOTICE_REVIEW_SECOND, t->row.account, t->row.application, t->id, STR(""), e);
	return r < 0 ? r : tell(tx, t, "review.approve_first", detail_kv(tx->arena, "note", t->text), e);
}

static int
approve_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t unproven = 0;
	int r = load_mine(tx, t, e);

	t->moved = false;
	if (r == 0 && t->row.approved_by && t->row.approved_by == t->c->user)
		return err_set(e, E_REVIEW_SECOND, "you have approved review %lld already", (long long)t->id);
	if (r == 0)
		r = confirmation_given(tx, &t->app, e);
	if (r == 0)
		r = q_authz_unproven(tx, t->app.account, t->app.id, tx->now_ms, &unproven, e);
	if (r < 0)
		return r;
	t->moved = true;
	if (unproven)
		return send_back(tx, t, e);
	if (settings_of(t->s)->four_eyes && !t->row.approved_by)
		return approve_first(tx, t, e);
	r = decide(tx, t, REVIEW_APPROVED, STR(""), t->text, e);
	if (r == 0)
		r = application_step(tx, t->s, t->c, &t->app, APPLICATION_ISSUING, SM_STAFF, e);
	return r < 0 ? r : jobs_add(tx, t->s, t->app.account, WORK_ISSUE, t->app.id, tx->now_ms, e);
}

/* The codes stand in the order of the reasons. */
static int
code_of(enum reject_reason reason)
{
	static const int codes[] = {
		[REJECT_COMPANY_UNKNOWN] = E_REJECTED_COMPANY_UNKNOWN,
		[REJECT_COMPANY_DIFFERS] = E_REJECTED_COMPANY_DIFFERS,
		[REJECT_LICENCE_UNREADABLE] = E_REJECTED_LICENCE_UNREADABLE,
		[REJECT_PHONE_UNREACHABLE] = E_REJECTED_PHONE_UNREACHABLE,
		[REJECT_CONTACT_UNKNOWN] = E_REJECTED_CONTACT_UNKNOWN,
		[REJECT_NAME_HIGH_RISK] = E_REJECTED_NAME_HIGH_RISK,
		[REJECT_NO_ANSWER] = E_REJECTED_NO_ANSWER,
		[REJECT_OTHER] = E_REJECTED_OTHER,
	};

	BUG_ON((size_t)reason >= ARRAY_LEN(codes));
	return codes[reason];
}

static int
reject_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load_mine(tx, t, e);

	if (r == 0)
		r = decide(tx, t, REVIEW_REJECTED, str_c(words_reject_reason[t->reason]), t->text, e);
	if (r == 0)
		r = application_fail_in(tx, t->s, t->c, &t->app, SM_STAFF, code_of(t->reason), t->text, e);
	return r;
}

/* -- thread and calls */

static int
put_message(struct db_tx *tx, const struct caller *c, int64_t account, int64_t application, struct str text, struct err *e)
{
	int64_t n = 0;
	int r = q_review_message_count(tx, account, application, &n, e);

	if (r >= 0 && n >= REVIEW_THREAD_MAX)
		return err_set(e, E_TOO_LARGE, "the thread of application %lld has %d messages; there is no room for more",
			(long long)application, REVIEW_THREAD_MAX);
	if (r >= 0)
		r = q_review_message_insert(tx, account, application, role_is_staff(c->role), c->user, text, tx->now_ms, e);
	return MIN(r, 0);
}

static int
ask_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load_mine(tx, t, e);

	if (r == 0)
		r = put_message(tx, t->c, t->row.account, t->row.application, t->text, e);
	if (r == 0)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = NOTICE_REVIEW_QUESTION, .account = t->row.account,
				.object_id = t->row.application, .detail = t->text},
			e);
	return r < 0 ? r : tell(tx, t, "review.ask", (struct str){NULL, 0}, e);
}

static int
log_call_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct review_call *in = t->call;
	int r = load_mine(tx, t, e);

	if (r == 0)
		r = q_review_call_insert(tx,
			&(struct in_review_call_insert){.account = t->row.account, .application = t->row.application,
				.user_id = t->c->user, .callee = in->callee, .number = in->number,
				.source = in->source.p ? in->source : STR(""), .result = in->result,
				.note = in->note.p ? in->note : STR(""),
				.called_ms = tx->now_ms - in->minutes_ago * MS_MINUTE, .now = tx->now_ms},
			e);
	return r < 0 ? r
		     : tell(tx, t, "review.call", detail_kv(tx->arena, "result", str_c(words_call_result[in->result])), e);
}

static int
act(struct act *t, db_body *body, struct err *e)
{
	int r = svc_write(t->s, body, t, e);

	if (r == 0 && t->moved)
		svc_kick(t->s);
	return r;
}

static int
check_caa_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load_mine(tx, t, e);

	return r < 0 ? r : tell(tx, t, "review.check_caa", (struct str){NULL, 0}, e);
}

static int
mine_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load_mine(tx, arg, e);
}

/* Does the act, then looks at the CAA records for the reviewer to see: what they say, or that a server does not answer, is
 * no fault of the act. */
static int
act_and_look(struct act *t, db_body *body, bool all, struct err *e)
{
	ERR(seen);
	int r = act(t, body, e);

	if (r == 0 && review_look_at_caa(t->s, &t->row, all, &seen) == E_DRAINING) {
		*e = seen;
		return E_DRAINING;
	}
	return r;
}

int
review_claim(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	return act_and_look(&(struct act){.s = s, .c = c, .id = id}, claim_body, false, e);
}

int
review_check_caa(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	return act_and_look(&(struct act){.s = s, .c = c, .id = id}, check_caa_body, true, e);
}

int
review_release(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	return act(&(struct act){.s = s, .c = c, .id = id}, release_body, e);
}

int
review_approve(struct svc *s, const struct caller *c, int64_t id, struct str note, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .text = note.p ? note : STR("")};
	int r = svc_read(s, mine_body, &t, e);

	if (r == 0)
		r = review_look_at_caa(s, &t.row, false, e);
	return r < 0 ? r : act(&t, approve_body, e);
}

int
review_reject(struct svc *s, const struct caller *c, int64_t id, enum reject_reason reason, struct str text, struct err *e)
{
	return act(&(struct act){.s = s, .c = c, .id = id, .reason = reason, .text = text}, reject_body, e);
}

int
review_ask(struct svc *s, const struct caller *c, int64_t id, struct str text, struct err *e)
{
	return act(&(struct act){.s = s, .c = c, .id = id, .text = text}, ask_body, e);
}

int
review_log_call(struct svc *s, const struct caller *c, int64_t id, const struct review_call *in, struct err *e)
{
	return act(&(struct act){.s = s, .c = c, .id = id, .call = in}, log_call_body, e);
}

/* -- the applicant */

static int
answer_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_application_get(tx, t->c->account, t->id, tx->arena, &t->app, e);

	if (r == 0)
		return not_found(e, "application", t->id);
	if (r > 0 && t->app.state != APPLICATION_VALIDATING && t->app.state != APPLICATION_REVIEWING &&
		t->app.state != APPLICATION_FAILED)
		return err_set(e, E_STATE_REFUSED,
			"application %lld is %s; reviewers are written to while it is validating, reviewing or failed",
			(long long)t->id, sm_name(&sm_application, (int)t->app.state));
	if (r > 0)
		r = put_message(tx, t->c, t->c->account, t->id, t->text, e);
	if (r == 0)
		r = notice_staff(tx, t->s, NOTICE_REVIEW_ANSWERED, t->c->account, t->id, t->id, t->text, e);
	return r < 0 ? r : audit_add(tx, t->s, t->c, "application.message", "applications", t->id, (struct str){NULL, 0}, e);
}

int
review_answer(struct svc *s, const struct caller *c, int64_t application, struct str text, struct err *e)
{
	return act(&(struct act){.s = s, .c = c, .id = application, .text = text}, answer_body, e);
}
