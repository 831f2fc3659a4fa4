/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands behind accounts. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

static int
answer(struct call *c, const struct owner_view *v)
{
	put_owner(&c->w, v, c->arena);
	call_etag(c, v->row.version);
	return 0;
}

int
api_owner_show(struct call *c, struct err *e)
{
	struct owner_view v;
	int r;

	r = owner_show(c->svc, &c->caller, c->id, c->arena, &v, e);
	return r < 0 ? r : answer(c, &v);
}

int
api_owner_submit(struct call *c, struct err *e)
{
	const struct in_owner_submit *in = c->in;
	enum owner_kind kind = (enum owner_kind)in->kind;
	struct owner_submit submit = {.kind = in->has_kind ? &kind : NULL,
		.name = in->name,
		.number = in->number,
		.documents = in->documents,
		.n_documents = in->n_documents};
	struct owner_view v;
	int r;

	r = owner_submit(c->svc, &c->caller, c->id, c->version, &submit, c->arena, &v, e);
	return r < 0 ? r : answer(c, &v);
}

int
api_owner_queue(struct call *c, struct err *e)
{
	struct row_owner *rows;
	bool more;
	size_t n;
	int r;

	r = owner_queue(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_owner(&c->w, &(struct owner_view){.row = rows[i]}, c->arena);
	call_list_end(c, more, n ? rows[n - 1].submission : 0, -1);
	return 0;
}

int
api_owner_decide(struct call *c, struct err *e)
{
	const struct in_owner_decision *in = c->in;
	struct owner_view v;
	int r;

	r = owner_decide(c->svc, &c->caller, c->id, in->verified, in->note, c->arena, &v, e);
	return r < 0 ? r : answer(c, &v);
}
