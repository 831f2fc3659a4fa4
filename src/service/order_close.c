/* SPDX-License-Identifier: Apache-2.0 */
/* Closing orders, opening them again, and sending applications back. */
#include "service/apply_priv.h"
#include "service/confirm.h"
#include "service/email_proof.h"
#include "service/notice.h"
#include "service/order.h"
#include "service/successor.h"
#include "service/ticket.h"

struct act {
	struct svc *s;
	const struct caller *c;
	const struct order_act *in;
	int64_t account, id;
	struct arena *a;
	struct row_subscription sub;
	struct row_application app;
	bool with_app; /* the subscription has one */
	struct application_view *view;
};

static int
load_sub(struct db_tx *tx, struct act *t, struct err *e)
{
	int64_t app = 0;
	int r = q_subscription_get(tx, t->account, t->id, t->a, &t->sub, e);

	t->with_app = false;
	if (r == 0)
		return not_found(e, "subscription", t->id);
	if (r > 0)
		r = q_application_latest(tx, t->account, t->id, &app, e);
	if (r > 0)
		r = q_application_get(tx, t->account, app, tx->arena, &t->app, e);
	t->with_app = r > 0;
	return MIN(r, 0);
}

static int
move_sub(struct db_tx *tx, struct act *t, int to, enum sm_who who, struct err *e)
{
	int r = subscription_step(tx, t->s, t->c, t->account, t->id, (int)t->sub.state, to, who, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "subscription %lld was changed meanwhile", (long long)t->id);
	return r < 0 ? r : MIN(q_subscription_get(tx, t->account, t->id, t->a, &t->sub, e), 0);
}

/* The act's own row; the moves beside it stand in the customer's account. */
static int
tell(struct db_tx *tx, const struct act *t, const char *what, const char *object, struct err *e)
{
	struct str detail = {NULL, 0}, reason = t->in && t->in->reason.p ? t->in->reason : STR("");

	if (t->in && t->in->ticket)
		detail = detail_2kv(tx->arena, "reason", reason, "ticket",
			arena_printf(tx->arena, "%lld", (long long)t->in->ticket));
	else if (reason.n)
		detail = detail_kv(tx->arena, "reason", reason);
	return audit_add(tx, t->s, t->c, what, object, t->id, detail, e);
}

/* -- closing */

int
application_close(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_application *app,
	enum sm_who who, struct err *e)
{
	int r = application_step(tx, s, c, app, APPLICATION_CLOSED, who, e);

	if (r == 0)
		r = q_authz_close(tx, app->account, app->id, tx->now_ms, e);
	if (r >= 0)
		r = q_job_end_for(tx, WORK_VALIDATE, app->id, tx->now_ms, e);
	return MIN(r, 0);
}

static int
close_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_subscription_hold(tx, t->account, t->id, e);

	if (r >= 0)
		r = load_sub(tx, t, e);
	if (r == 0)
		r = sm_move(&sm_subscription, (int)t->sub.state, SUBSCRIPTION_CLOSED, SM_USER, e);
	if (r < 0 && t->sub.state == SUBSCRIPTION_ACTIVE)
		err_hint(e, "Withdraw its open application; its certificates are revoked, and what then is to be refunded is "
			    "refunded.");
	if (r == 0 && t->with_app)
		r = application_close(tx, t->s, t->c, &t->app, SM_USER, e);
	if (r == 0)
		r = move_sub(tx, t, SUBSCRIPTION_CLOSED, SM_USER, e);
	if (r == 0)
		r = notice_of(tx, t->s, NOTICE_SUBSCRIPTION_CLOSED, t->account, t->id, e);
	return r < 0 ? r : tell(tx, t, "subscription.close", "subscriptions", e);
}

int
order_close(struct svc *s, const struct caller *c, int64_t subscription, struct arena *a, struct row_subscription *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .account = c->account, .id = subscription, .a = a};
	int r = svc_write(s, close_body, &t, e);

	if (r == 0)
		*ret = t.sub;
	return r;
}

/* -- opening again */

static bool
was_on_its_way(const struct act *t)
{
	return t->with_app && (t->app.state_before == APPLICATION_VALIDATING || t->app.state_before == APPLICATION_REVIEWING);
}

static int
may_reopen(const struct act *t, int64_t now_ms, struct err *e)
{
	if (t->sub.state != SUBSCRIPTION_CLOSED) {
		err_set(e, E_STATE_REFUSED, "subscription %lld is %s; only a closed one is opened again", (long long)t->id,
			sm_name(&sm_subscription, (int)t->sub.state));
		if (t->sub.state == SUBSCRIPTION_MERGED)
			err_hint(e, "What was merged stays merged: work with the subscription that it became part of.");
		return e->code;
	}
	/* used in time: SPEC 1, window */
	if (t->sub.window_end_ms < now_ms && !was_on_its_way(t)) {
		err_set(e, E_STATE_REFUSED, "the window of use of subscription %lld is over", (long long)t->id);
		err_hint(e, "It can't be used any more; a refund may still be asked for.");
		return e->code;
	}
	return 0;
}

/* Failed and cancelled ones are drafts again: that is how they are taken up. */
static int
reopen_app(struct db_tx *tx, struct act *t, struct err *e)
{
	bool on = was_on_its_way(t);
	int to = on ? APPLICATION_VALIDATING : APPLICATION_DRAFT;
	int r;

	if (!t->with_app || t->app.state != APPLICATION_CLOSED)
		return 0;
	r = application_step(tx, t->s, t->c, &t->app, to, SM_STAFF, e);
	if (r == 0 && on)
		r = application_authzs_renew(tx, &t->app, e);
	if (r == 0 && on)
		r = confirmation_ask(tx, t->s, t->c, &t->app, e);
	if (r == 0 && on)
		r = email_proof_ask(tx, t->s, &t->app, e);
	if (r == 0 && on)
		r = jobs_add(tx, t->s, t->account, WORK_VALIDATE, t->app.id, tx->now_ms, e);
	return r;
}

static int
reopen_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load_sub(tx, t, e);

	if (r == 0)
		r = may_reopen(t, tx->now_ms, e);
	if (r == 0 && t->sub.predecessor)
		r = successor_may_return(tx, &t->sub, e);
	if (r == 0)
		r = move_sub(tx, t, (int)t->sub.state_before, SM_STAFF, e);
	if (r == 0 && t->sub.state == SUBSCRIPTION_NOT_ACTIVATED)
		r = successor_returned(tx, &t->sub, e);
	if (r == 0)
		r = reopen_app(tx, t, e);
	if (r == 0)
		r = ticket_acted(tx, t->c, t->account, t->in->ticket,
			&(struct ticket_done){.act = TICKET_ACT_REOPEN, .object = TICKET_OF_SUBSCRIPTION, .object_id = t->id,
				.note = t->in->reason},
			e);
	if (r == 0)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = NOTICE_SUBSCRIPTION_REOPENED, .account = t->account, .object_id = t->id,
				.detail = t->in->reason},
			e);
	return r < 0 ? r : tell(tx, t, "subscription.reopen", "subscriptions", e);
}

int
order_reopen(struct svc *s, const struct caller *c, int64_t subscription, const struct order_act *in, struct arena *a,
	struct row_subscription *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .account = in->account, .id = subscription, .a = a};
	int r = svc_write(s, reopen_body, &t, e);

	if (r < 0)
		return r;
	*ret = t.sub;
	svc_kick(s);
	return 0;
}

static int
sub_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load_sub(tx, arg, e);
}

int
order_reopen_again(struct svc *s, int64_t subscription, const struct order_act *in, struct arena *a,
	struct row_subscription *ret, struct err *e)
{
	struct act t = {.s = s, .account = in->account, .id = subscription, .a = a};
	int r = svc_read(s, sub_body, &t, e);

	if (r == 0)
		*ret = t.sub;
	return r;
}

/* -- correction */

static int
app_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct caller tenant = caller_system(t->account);

	return application_load(tx, &tenant, t->id, t->a, t->view, e);
}

/* A closed one becomes a draft by being opened again, with its subscription. */
static int
may_correct(const struct row_application *app, struct err *e)
{
	if (app->state == APPLICATION_VALIDATING || app->state == APPLICATION_REVIEWING)
		return 0;
	err_set(e, E_STATE_REFUSED, "application %lld is %s; a validating or reviewing one is sent back for correction",
		(long long)app->id, sm_name(&sm_application, (int)app->state));
	if (app->state == APPLICATION_ISSUED)
		err_hint(e, "An issued certificate is never changed: a new application under the same subscription brings "
			    "one with corrected data.");
	return e->code;
}

static int
correct_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_application_get(tx, t->account, t->id, tx->arena, &t->app, e);

	if (r == 0)
		return not_found(e, "application", t->id);
	if (r > 0)
		r = may_correct(&t->app, e);
	if (r == 0)
		r = application_step(tx, t->s, t->c, &t->app, APPLICATION_DRAFT, SM_STAFF, e);
	if (r == 0)
		r = q_application_say(tx, t->account, t->id, str_c(err_info(E_CORRECTION_WANTED)->name), t->in->reason, e);
	if (r >= 0)
		r = q_job_end_for(tx, WORK_VALIDATE, t->id, tx->now_ms, e);
	if (r >= 0)
		r = ticket_acted(tx, t->c, t->account, t->in->ticket,
			&(struct ticket_done){.act = TICKET_ACT_CORRECT, .object = TICKET_OF_APPLICATION, .object_id = t->id,
				.note = t->in->reason},
			e);
	if (r == 0)
		r = tell(tx, t, "application.correct", "applications", e);
	if (r == 0)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = NOTICE_APPLICATION_SENT_BACK, .account = t->account, .object_id = t->id,
				.detail = t->in->reason},
			e);
	return r < 0 ? r : app_body(tx, t, e);
}

int
order_correct(struct svc *s, const struct caller *c, int64_t application, const struct order_act *in, struct arena *a,
	struct application_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .account = in->account, .id = application, .a = a, .view = ret};

	return svc_write(s, correct_body, &t, e);
}

int
order_correct_again(struct svc *s, int64_t application, const struct order_act *in, struct arena *a,
	struct application_view *ret, struct err *e)
{
	struct act t = {.s = s, .account = in->account, .id = application, .a = a, .view = ret};

	return svc_read(s, app_body, &t, e);
}
