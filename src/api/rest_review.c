/* SPDX-License-Identifier: Apache-2.0 */
/* The reviewers' queue, and the applicant's side of its thread. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

int
api_review_queue(struct call *c, struct err *e)
{
	struct page page = {0, 1};
	struct review_queue q;
	int r;

	r = review_list(c->svc, &c->caller, REVIEW_WAITING, &page, c->arena, &q, e);
	if (r == 0)
		put_review_queue(&c->w, &q);
	return r;
}

int
api_review_list(struct call *c, struct err *e)
{
	int64_t now = svc_now(c->svc);
	struct review_queue q;
	int r;

	r = review_list(c->svc, &c->caller, MAX(c->q.state, 0), &c->q.page, c->arena, &q, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < q.n; i++)
		put_review_line(&c->w, &q.rows[i], now);
	call_list_end(c, q.more, q.n ? q.rows[q.n - 1].id : 0, q.total);
	return 0;
}

int
api_review_show(struct call *c, struct err *e)
{
	struct review_view view;
	int r;

	r = review_show(c->svc, &c->caller, c->id, c->arena, &view, e);
	if (r == 0)
		put_review(&c->w, &view, c->arena);
	return r;
}

int
api_review_claim(struct call *c, struct err *e)
{
	int r;

	r = review_claim(c->svc, &c->caller, c->id, e);
	return r < 0 ? r : api_review_show(c, e);
}

int
api_review_check_caa(struct call *c, struct err *e)
{
	int r;

	r = review_check_caa(c->svc, &c->caller, c->id, e);
	return r < 0 ? r : api_review_show(c, e);
}

int
api_review_release(struct call *c, struct err *e)
{
	int r;

	r = review_release(c->svc, &c->caller, c->id, e);
	return r < 0 ? r : api_review_show(c, e);
}

int
api_review_approve(struct call *c, struct err *e)
{
	const struct in_approval *in = c->in;
	int r;

	r = review_approve(c->svc, &c->caller, c->id, in->note, e);
	return r < 0 ? r : api_review_show(c, e);
}

int
api_review_reject(struct call *c, struct err *e)
{
	const struct in_rejection *in = c->in;
	int r;

	r = review_reject(c->svc, &c->caller, c->id, (enum reject_reason)in->reason, in->text, e);
	return r < 0 ? r : api_review_show(c, e);
}

int
api_review_ask(struct call *c, struct err *e)
{
	const struct in_message_new *in = c->in;
	int r;

	r = review_ask(c->svc, &c->caller, c->id, in->text, e);
	return r < 0 ? r : api_review_show(c, e);
}

int
api_review_log_call(struct call *c, struct err *e)
{
	const struct in_call_new *in = c->in;
	struct review_call call = {
		.callee = in->callee,
		.number = in->number,
		.source = in->source,
		.result = (enum call_result)in->result,
		.note = in->note,
		.minutes_ago = in->minutes_ago,
	};
	int r;

	r = review_log_call(c->svc, &c->caller, c->id, &call, e);
	return r < 0 ? r : api_review_show(c, e);
}

int
api_application_messages(struct call *c, struct err *e)
{
	struct row_review_message *rows;
	size_t n;
	int r;

	r = review_messages(c->svc, &c->caller, c->id, c->arena, &rows, &n, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_message(&c->w, &rows[i]);
	call_list_end(c, false, 0, (int64_t)n);
	return 0;
}

int
api_application_message(struct call *c, struct err *e)
{
	const struct in_message_new *in = c->in;

	return review_answer(c->svc, &c->caller, c->id, in->text, e);
}
