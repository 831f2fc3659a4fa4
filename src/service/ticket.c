/* SPDX-License-Identifier: Apache-2.0 */
#include "service/ticket.h"

#include "service/attachment.h"
#include "service/notice.h"
#include "service/svc_priv.h"

/* Above all message numbers: what is not urgent stands behind what is. */
#define QUEUE_NORMAL (INT64_C(1) << 52)

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t account, id;
	const struct ticket_new *in;
	const struct ticket_word *word;
	const struct ticket_done *done;
	enum sm_who who;
	int to; /* of words: the state after it */
	struct arena *a;
	struct ticket_view *view;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	struct ticket_view *v = t->view;
	int r = q_ticket_get(tx, t->account, t->id, t->a, &v->row, e);

	if (r == 0)
		return not_found(e, "ticket", t->id);
	if (r > 0)
		r = q_ticket_message_list(tx, t->account, t->id, TICKET_THREAD_MAX, t->a, &v->messages, &v->n_messages, e);
	if (r >= 0)
		r = q_ticket_act_list(tx, t->account, t->id, TICKET_ACTS_MAX, t->a, &v->acts, &v->n_acts, e);
	if (r >= 0)
		r = q_attachment_list_object(tx, t->account, STR("tickets"), t->id, TICKET_FILES_MAX, t->a, &v->files,
			&v->n_files, e);
	return MIN(r, 0);
}

/* Staff name a ticket by its number alone. */
static int
find(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = t->account ? 1 : q_ticket_account(tx, t->id, &t->account, e);

	return r == 0 ? not_found(e, "ticket", t->id) : MIN(r, 0);
}

static int
get(struct db_tx *tx, struct act *t, struct row_ticket *ret, struct err *e)
{
	int r = find(tx, t, e);

	if (r == 0 && (r = q_ticket_get(tx, t->account, t->id, tx->arena, ret, e)) == 0)
		return not_found(e, "ticket", t->id);
	return MIN(r, 0);
}

static int
tell(struct db_tx *tx, const struct act *t, const char *what, struct str detail, struct err *e)
{
	return audit_add(tx, t->s, t->c, what, "tickets", t->id, detail, e);
}

/* -- what a ticket is about */

static int
check_object(struct db_tx *tx, int64_t account, enum ticket_object object, int64_t id, struct err *e)
{
	struct row_subscription sub;
	struct row_application app;
	struct row_certificate cert;
	struct row_bill bill;
	int r = 1;

	switch (object) {
	case TICKET_OF_NOTHING:
		return 0;
	case TICKET_OF_SUBSCRIPTION:
		r = q_subscription_get(tx, account, id, tx->arena, &sub, e);
		break;
	case TICKET_OF_APPLICATION:
		r = q_application_get(tx, account, id, tx->arena, &app, e);
		break;
	case TICKET_OF_CERTIFICATE:
		r = q_certificate_get(tx, account, id, tx->arena, &cert, e);
		break;
	case TICKET_OF_BILL:
		r = q_bill_get(tx, account, id, tx->arena, &bill, e);
		break;
	}
	if (r == 0)
		return err_field(e, E_TICKET_OBJECT, "object_id", "there is no %s %lld in the account",
			words_ticket_object[object], (long long)id);
	return MIN(r, 0);
}

/* -- words */

static int
bind_files(struct db_tx *tx, const struct act *t, struct err *e)
{
	static const struct attachment_rule rule = {MEDIA_ANY, (int64_t)ATTACHMENT_MAX, TICKET_FILES_MAX, "attachments"};

	if (!t->word->n_files)
		return 0;
	return attachment_bind(tx, t->c, &rule, t->word->files, t->word->n_files, t->account, "tickets", t->id, e);
}

static int
tell_other_side(struct db_tx *tx, const struct act *t, const struct row_ticket *row, int64_t message, struct err *e)
{
	bool staff = t->who == SM_STAFF;
	struct notice_new n = {.kind = staff ? NOTICE_TICKET_ANSWERED : NOTICE_TICKET_WAITING,
		.account = staff ? t->account : t->s->own_account, .object_id = t->id, .mark = message, .name = row->subject};

	return notice_add(tx, t->s, &n, e);
}

/* Adds to the thread and moves the ticket to t->to, to the end of its queue; where it stands there already, it keeps its
 * place. */
static int
say(struct db_tx *tx, struct act *t, const struct row_ticket *row, struct err *e)
{
	bool staff = t->who == SM_STAFF;
	int64_t n = 0, message = 0;
	int r = q_ticket_message_count(tx, t->account, t->id, &n, e);

	if (r >= 0 && n >= TICKET_THREAD_MAX)
		return err_set(e, E_TOO_LARGE, "ticket %lld has %d messages; there is no room for more", (long long)t->id,
			TICKET_THREAD_MAX);
	if (r >= 0)
		r = q_ticket_message_insert(tx, t->account, t->id, staff, t->c->user, t->word->text, tx->now_ms, &message, e);
	if (r >= 0)
		r = bind_files(tx, t, e);
	if (r >= 0)
		r = tell_other_side(tx, t, row, message, e);
	if (r < 0 || (row->state == t->to && row->queue))
		return MIN(r, 0);
	r = q_ticket_move(
		tx, t->account, t->id, row->state, t->to, message + (row->urgent ? 0 : QUEUE_NORMAL), tx->now_ms, e);
	return r == 0 ? err_set(e, E_CONFLICT, "ticket %lld was changed meanwhile", (long long)t->id) : MIN(r, 0);
}

static int
open_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct ticket_new *in = t->in;
	struct row_ticket row = {.urgent = in->urgent, .subject = in->subject};
	int64_t alive = 0;
	int r = q_account_hold(tx, t->account, e);

	if (r >= 0)
		r = q_ticket_count_alive(tx, t->account, &alive, e);
	if (r >= 0 && alive >= TICKET_ALIVE_MAX) {
		err_set(e, E_STATE_REFUSED, "the account has %lld tickets that are not closed; %d are possible",
			(long long)alive, TICKET_ALIVE_MAX);
		err_hint(e, "Write into one that is open, or close those that are done.");
		return e->code;
	}
	if (r >= 0)
		r = check_object(tx, t->account, in->object, in->object_id, e);
	if (r >= 0)
		r = q_ticket_insert(tx,
			&(struct in_ticket_insert){.account = t->account, .user_id = t->c->user, .kind = in->kind,
				.urgent = in->urgent, .subject = in->subject, .object = in->object,
				.object_id = in->object_id, .now = tx->now_ms},
			&t->id, e);
	if (r >= 0)
		r = say(tx, t, &row, e);
	if (r >= 0)
		r = tell(tx, t, "ticket.open", detail_kv(tx->arena, "kind", str_c(words_ticket_kind[in->kind])), e);
	return r < 0 ? r : load(tx, t, e);
}

int
ticket_open(struct svc *s, const struct caller *c, const struct ticket_new *in, struct arena *a, struct ticket_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .account = c->account, .in = in, .word = &in->word, .who = SM_USER,
		.to = TICKET_OPEN, .a = a, .view = ret};

	return svc_write(s, open_body, &t, e);
}

static int
word_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_ticket row;
	int r = get(tx, t, &row, e);

	if (r == 0)
		r = row.state == t->to ? 0 : sm_move(&sm_ticket, (int)row.state, t->to, t->who, e);
	if (r < 0 && e->code == E_STATE_REFUSED)
		err_hint(e, "A closed ticket stays closed: open a new one that names it.");
	if (r == 0)
		r = say(tx, t, &row, e);
	if (r == 0)
		r = tell(tx, t, t->who == SM_STAFF ? "ticket.answer" : "ticket.reply", (struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
ticket_reply(struct svc *s, const struct caller *c, int64_t id, const struct ticket_word *in, struct arena *a,
	struct ticket_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .account = c->account, .id = id, .word = in, .who = SM_USER,
		.to = TICKET_OPEN, .a = a, .view = ret};

	return svc_write(s, word_body, &t, e);
}

int
ticket_answer(struct svc *s, const struct caller *c, int64_t id, const struct ticket_word *in, struct arena *a,
	struct ticket_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .word = in, .who = SM_STAFF, .to = TICKET_ANSWERED, .a = a, .view = ret};

	return svc_write(s, word_body, &t, e);
}

/* -- closing */

static int
close_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_ticket row;
	int r = get(tx, t, &row, e);

	if (r == 0)
		r = sm_move(&sm_ticket, (int)row.state, TICKET_CLOSED, t->who, e);
	if (r == 0)
		r = q_ticket_move(tx, t->account, t->id, row.state, TICKET_CLOSED, row.queue, tx->now_ms, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "ticket %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = tell(tx, t, "ticket.close", (struct str){NULL, 0}, e);
	if (r == 0 && t->who == SM_STAFF)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = NOTICE_TICKET_CLOSED, .account = t->account, .object_id = t->id,
				.name = row.subject},
			e);
	return r < 0 ? r : load(tx, t, e);
}

int
ticket_close(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct ticket_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .account = c->account, .id = id, .who = SM_USER, .a = a, .view = ret};

	return svc_write(s, close_body, &t, e);
}

int
ticket_end(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct ticket_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .who = SM_STAFF, .a = a, .view = ret};

	return svc_write(s, close_body, &t, e);
}

/* -- what staff did */

int
ticket_acted(struct db_tx *tx, const struct caller *c, int64_t account, int64_t ticket, const struct ticket_done *in,
	struct err *e)
{
	struct row_ticket row;
	int64_t n = 0;
	int r = ticket ? q_ticket_get(tx, account, ticket, tx->arena, &row, e) : -1;

	if (!ticket)
		return 0;
	if (r == 0 || (r > 0 && row.state == TICKET_CLOSED))
		return err_field(e, E_TICKET_OTHER, "ticket",
			r ? "ticket %lld is closed" : "ticket %lld is not the account's", (long long)ticket);
	if (r > 0)
		r = q_ticket_act_count(tx, account, ticket, &n, e);
	if (r >= 0 && n >= TICKET_ACTS_MAX)
		return err_field(e, E_TOO_LARGE, "ticket", "ticket %lld has %d acts; there is no room for more",
			(long long)ticket, TICKET_ACTS_MAX);
	if (r >= 0)
		r = q_ticket_act_insert(tx,
			&(struct in_ticket_act_insert){.account = account, .ticket = ticket, .user_id = c->user,
				.act = in->act, .object = in->object, .object_id = in->object_id,
				.note = in->note.p ? in->note : STR(""), .now = tx->now_ms},
			e);
	return MIN(r, 0);
}

static int
record_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct ticket_done *in = t->done;
	int r = find(tx, t, e);

	if (r == 0)
		r = check_object(tx, t->account, in->object, in->object_id, e);
	if (r == 0)
		r = ticket_acted(tx, t->c, t->account, t->id, in, e);
	if (r == 0)
		r = tell(tx, t, "ticket.record", detail_kv(tx->arena, "act", str_c(words_ticket_act[in->act])), e);
	return r < 0 ? r : load(tx, t, e);
}

int
ticket_record(struct svc *s, const struct caller *c, int64_t id, const struct ticket_done *in, struct arena *a,
	struct ticket_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .done = in, .a = a, .view = ret};

	return svc_write(s, record_body, &t, e);
}

/* -- reading */

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = find(tx, t, e);

	return r < 0 ? r : load(tx, t, e);
}

int
ticket_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct ticket_view *ret, struct err *e)
{
	struct act t = {.account = c->account, .id = id, .a = a, .view = ret};

	return svc_read(s, show_body, &t, e);
}

int
ticket_queue_show(struct svc *s, int64_t id, struct arena *a, struct ticket_view *ret, struct err *e)
{
	struct act t = {.id = id, .a = a, .view = ret};

	return svc_read(s, show_body, &t, e);
}

struct list {
	int64_t account; /* 0: the queue of all */
	int state;
	const struct page *page;
	struct arena *a;
	struct row_ticket *rows;
	size_t n;
	int64_t total;
};

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *t = arg;
	int64_t n = t->page->limit + 1;
	int r;

	if (t->account && t->state < 0)
		return q_ticket_list(tx, t->account, page_before(t->page), n, t->a, &t->rows, &t->n, e);
	if (t->account)
		return q_ticket_list_state(tx, t->account, t->state, page_before(t->page), n, t->a, &t->rows, &t->n, e);
	r = q_ticket_queue(tx, t->state, t->page->cursor, n, t->a, &t->rows, &t->n, e);
	return r < 0 ? r : MIN(q_ticket_count(tx, t->state, &t->total, e), 0);
}

int
ticket_show_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct row_ticket **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct list t = {.account = c->account, .state = state, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

int
ticket_queue_list(struct svc *s, int state, const struct page *page, struct arena *a, struct row_ticket **ret,
	size_t *ret_n, bool *ret_more, int64_t *ret_total, struct err *e)
{
	struct list t = {.state = state, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	*ret_total = t.total;
	return 0;
}
