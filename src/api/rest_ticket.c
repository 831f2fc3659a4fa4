/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets: the account's side, and the queue of staff. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

static int
answer(struct call *c, int r, const struct ticket_view *v)
{
	if (r == 0)
		put_ticket(&c->w, v, c->arena);
	return r;
}

/* A word for the object and its number go together. */
static int
check_object(bool object, bool id, struct err *e)
{
	if (object == id)
		return 0;
	return err_field(e, E_FIELD_MISSING, object ? "object_id" : "object",
		object ? "which one? its number is missing" : "what is it? the kind of object is missing");
}

int
api_ticket_open(struct call *c, struct err *e)
{
	const struct in_ticket_new *in = c->in;
	struct ticket_new new = {
		.kind = (enum ticket_kind)in->kind,
		.urgent = in->urgent,
		.subject = in->subject,
		.object = (enum ticket_object)in->object,
		.object_id = in->object_id,
		.word = {in->text, in->attachments, in->n_attachments},
	};
	struct ticket_view view;
	int r;

	r = check_object(in->has_object && in->object != TICKET_OF_NOTHING, in->has_object_id, e);
	if (r == 0)
		r = ticket_open(c->svc, &c->caller, &new, c->arena, &view, e);
	if (r == 0)
		c->made = view.row.id;
	return answer(c, r, &view);
}

int
api_ticket_list(struct call *c, struct err *e)
{
	struct row_ticket *rows;
	bool more;
	size_t n;
	int r;

	r = ticket_show_list(c->svc, &c->caller, c->q.state, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_ticket_line(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_ticket_show(struct call *c, struct err *e)
{
	struct ticket_view view;

	return answer(c, ticket_show(c->svc, &c->caller, c->id, c->arena, &view, e), &view);
}

int
api_ticket_reply(struct call *c, struct err *e)
{
	const struct in_ticket_word *in = c->in;
	struct ticket_word word = {in->text, in->attachments, in->n_attachments};
	struct ticket_view view;

	return answer(c, ticket_reply(c->svc, &c->caller, c->id, &word, c->arena, &view, e), &view);
}

int
api_ticket_close(struct call *c, struct err *e)
{
	struct ticket_view view;

	return answer(c, ticket_close(c->svc, &c->caller, c->id, c->arena, &view, e), &view);
}

/* -- staff */

int
api_ticket_queue_list(struct call *c, struct err *e)
{
	struct row_ticket *rows;
	int64_t total;
	bool more;
	size_t n;
	int r;

	r = ticket_queue_list(
		c->svc, MAX(c->q.state, (int)TICKET_OPEN), &c->q.page, c->arena, &rows, &n, &more, &total, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_ticket_line(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].queue : 0, total);
	return 0;
}

int
api_ticket_queue_show(struct call *c, struct err *e)
{
	struct ticket_view view;

	return answer(c, ticket_queue_show(c->svc, c->id, c->arena, &view, e), &view);
}

int
api_ticket_answer(struct call *c, struct err *e)
{
	const struct in_ticket_word *in = c->in;
	struct ticket_word word = {in->text, in->attachments, in->n_attachments};
	struct ticket_view view;

	return answer(c, ticket_answer(c->svc, &c->caller, c->id, &word, c->arena, &view, e), &view);
}

int
api_ticket_end(struct call *c, struct err *e)
{
	struct ticket_view view;

	return answer(c, ticket_end(c->svc, &c->caller, c->id, c->arena, &view, e), &view);
}

int
api_ticket_record(struct call *c, struct err *e)
{
	const struct in_ticket_done *in = c->in;
	struct ticket_done done = {
		.act = (enum ticket_act)in->act,
		.object = (enum ticket_object)in->object,
		.object_id = in->object_id,
		.note = in->note,
	};
	struct ticket_view view;
	int r;

	r = check_object(in->has_object && in->object != TICKET_OF_NOTHING, in->has_object_id, e);
	if (r == 0)
		r = ticket_record(c->svc, &c->caller, c->id, &done, c->arena, &view, e);
	return answer(c, r, &view);
}
