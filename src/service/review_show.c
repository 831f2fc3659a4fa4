/* SPDX-License-Identifier: Apache-2.0 */
/* The queue, one review with its evidence, and what the application's own page tells of it. */
#include "ca/profile.h"
#include "service/apply_priv.h"
#include "service/caa_priv.h"
#include "service/notice.h"
#include "service/review_priv.h"
#include "service/safety.h"

#define RECORDS_MAX 200
#define CALLS_MAX 200

struct show {
	struct svc *s;
	const struct caller *c;
	const struct page *page;
	int64_t id;
	int state;
	struct arena *a;
	struct review_queue *queue;
	struct review_view *view;
	struct row_review_message *messages;
	size_t n;
};

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	struct review_queue *q = t->queue;
	int r = q_review_list(tx, t->state, t->page->cursor, t->page->limit + 1, t->a, &q->rows, &q->n, e);

	if (r >= 0)
		r = q_review_count(tx, t->state, &q->total, e);
	if (r >= 0)
		r = q_review_average_wait(tx, &q->average_wait_ms, e);
	return MIN(r, 0);
}

int
review_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct review_queue *ret, struct err *e)
{
	struct show t = {.s = s, .c = c, .state = state, .page = page, .a = a, .queue = ret};
	int r = svc_read(s, list_body, &t, e);

	if (r == 0)
		ret->more = page_cut(page, &ret->n);
	return r;
}

static int
caa_of(struct db_tx *tx, const struct show *t, struct err *e)
{
	struct review_view *v = t->view;
	struct row_caa_last *rows;
	int r = caa_last_looks(tx, v->row.account, v->row.application, t->a, &rows, &v->n_caa, e);

	if (r < 0)
		return r;
	v->caa = arena_new_n(t->a, v->n_caa, struct review_caa);
	for (size_t i = 0; i < v->n_caa; i++)
		v->caa[i] = (struct review_caa){rows[i], caa_stands(&rows[i], tx->now_ms)};
	return 0;
}

static int
user_name(struct db_tx *tx, const struct show *t, int64_t user, struct str *ret, struct err *e)
{
	struct row_users row;
	int r = user ? q_users_get(tx, t->c->account, user, t->a, &row, e) : 0;

	*ret = r > 0 ? row.name : STR("");
	return MIN(r, 0);
}

static int
names_of_people(struct db_tx *tx, const struct show *t, struct err *e)
{
	struct review_view *v = t->view;
	int r = user_name(tx, t, v->row.claimed_by, &v->claimed_name, e);

	if (r == 0)
		r = user_name(tx, t, v->row.approved_by, &v->approved_name, e);
	return r < 0 ? r : user_name(tx, t, v->row.decided_by, &v->decided_name, e);
}

static int
company_verified(struct db_tx *tx, struct review_view *v, struct err *e)
{
	int64_t window = policy_value("company-reuse", tx->now_ms);
	struct row_review_company_verified row;
	int r = q_review_company_verified(
		tx, v->row.account, v->row.application, tx->now_ms - window, tx->arena, &row, e);

	v->company_application = r > 0 ? row.application : 0;
	v->company_verified_ms = r > 0 ? row.decided_ms : 0;
	v->company_until_ms = r > 0 ? row.decided_ms + window : 0;
	return MIN(r, 0);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	struct review_view *v = t->view;
	struct caller tenant;
	int r = q_review_get(tx, t->id, t->a, &v->row, e);

	if (r == 0)
		return err_set(e, E_NOT_FOUND, "there is no review %lld", (long long)t->id);
	if (r < 0)
		return r;
	tenant = caller_system(v->row.account);
	r = application_load(tx, &tenant, v->row.application, t->a, &v->app, e);
	if (r >= 0)
		r = q_account_get(tx, v->row.account, t->a, &v->account, e);
	if (r >= 0)
		r = q_validation_record_list(tx, v->row.account, v->row.application, RECORDS_MAX, t->a, &v->records,
			&v->n_records, e);
	if (r >= 0)
		r = caa_of(tx, t, e);
	if (r >= 0)
		r = q_review_message_list(tx, v->row.account, v->row.application, REVIEW_THREAD_MAX, t->a, &v->messages,
			&v->n_messages, e);
	if (r >= 0)
		r = q_review_call_list(tx, v->row.account, v->row.application, CALLS_MAX, t->a, &v->calls, &v->n_calls, e);
	if (r >= 0)
		r = q_authz_unproven(tx, v->row.account, v->row.application, tx->now_ms, &v->unproven, e);
	if (r >= 0)
		r = q_review_average_wait(tx, &v->average_wait_ms, e);
	if (r >= 0)
		r = company_verified(tx, v, e);
	return r < 0 ? r : names_of_people(tx, t, e);
}

int
review_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct review_view *ret, struct err *e)
{
	struct show t = {.s = s, .c = c, .id = id, .a = a, .view = ret};

	ret->four_eyes = settings_of(s)->four_eyes;
	return svc_read(s, show_body, &t, e);
}

static int
messages_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	struct row_application app;
	int r = q_application_get(tx, t->c->account, t->id, tx->arena, &app, e);

	if (r == 0)
		return not_found(e, "application", t->id);
	if (r > 0)
		r = q_review_message_list(tx, t->c->account, t->id, REVIEW_THREAD_MAX, t->a, &t->messages, &t->n, e);
	return MIN(r, 0);
}

int
review_messages(struct svc *s, const struct caller *c, int64_t application, struct arena *a,
	struct row_review_message **ret, size_t *ret_n, struct err *e)
{
	struct show t = {.s = s, .c = c, .id = application, .a = a};
	int r = svc_read(s, messages_body, &t, e);

	if (r < 0)
		return r;
	*ret = t.messages;
	*ret_n = t.n;
	return 0;
}

/* -- where the application's way meets the review */

int
review_enter(struct db_tx *tx, const struct svc *s, const struct application_view *v, struct err *e)
{
	const struct profile *p = profile_find(v->row.profile, (int)v->row.profile_version);
	struct str held = safety_names(p, v->names, v->n_names, tx->arena);
	int64_t id;
	int r;

	if (v->product.type == TYPE_DV && held.n == 0)
		return 0;
	r = q_review_insert(tx, v->row.account, v->row.id, held, tx->now_ms, &id, e);
	if (r >= 0)
		r = notice_staff(tx, s, NOTICE_REVIEW_WAITING, v->row.account, v->row.id, id, STR(""), e);
	return r < 0 ? r : 1;
}

int
review_leave(struct db_tx *tx, int64_t account, int64_t application, struct err *e)
{
	int r = q_review_withdraw(tx, account, application, tx->now_ms, e);

	return MIN(r, 0);
}

int
review_state_of(struct db_tx *tx, struct application_view *v, struct arena *a, struct err *e)
{
	struct row_review row;
	struct row_review_message_last last;
	int r = q_review_open(tx, v->row.account, v->row.id, a, &row, e);

	if (r > 0)
		v->held = row.held;
	if (r >= 0)
		r = q_review_message_last(tx, v->row.account, v->row.id, a, &last, e);
	v->asked = r > 0 && last.staff;
	return MIN(r, 0);
}

/* -- the reminder */

struct remind {
	struct svc *s;
	struct row_application_overdue *rows;
	size_t n;
};

static int
remind_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct remind *t = arg;
	int64_t next = tx->now_ms + policy_value("reviewing-reminder", tx->now_ms);
	int r = 0;

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		struct row_review row;

		r = q_review_open(tx, t->rows[i].account, t->rows[i].id, tx->arena, &row, e);
		if (r > 0)
			r = notice_staff(tx, t->s, NOTICE_REVIEW_OVERDUE, row.account, row.application, row.id, STR(""), e);
		if (r >= 0)
			r = q_review_remind(tx, t->rows[i].account, t->rows[i].id, tx->now_ms, e);
		if (r >= 0)
			r = q_application_put_off(tx, t->rows[i].account, t->rows[i].id, APPLICATION_REVIEWING, next, e);
	}
	return MIN(r, 0);
}

struct find {
	struct arena *a;
	struct remind *found;
};

static int
find_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct find *t = arg;
	int r = q_application_overdue(tx, APPLICATION_REVIEWING, tx->now_ms, 100, t->a, &t->found->rows, &t->found->n, e);

	return MIN(r, 0);
}

int
review_remind(struct svc *s, struct err *e)
{
	ARENA(a);
	struct remind t = {s, NULL, 0};
	struct find f = {&a, &t};
	int r = svc_read(s, find_body, &f, e);

	if (r == 0 && t.n)
		r = svc_write(s, remind_body, &t, e);
	for (size_t i = 0; r == 0 && i < t.n; i++)
		log_event(LOG_WARN, "review.overdue", F_INT("application", t.rows[i].id),
			F_INT("account", t.rows[i].account));
	return r;
}
