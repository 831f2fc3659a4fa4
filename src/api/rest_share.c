/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates shared between accounts of one owner. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/share.h"

static int
answer(struct call *c, const struct row_share *row)
{
	put_share(&c->w, row, c->caller.account, svc_now(c->svc));
	call_etag(c, row->version);
	return 0;
}

int
api_share_create(struct call *c, struct err *e)
{
	const struct in_share_new *in = c->in;
	enum share_grade grade = (enum share_grade)in->grade;
	struct share_new data = {.certificate = in->certificate,
		.receiver = in->account,
		.grade = in->has_grade ? &grade : NULL,
		.ends_ms = in->has_ends ? &in->ends : NULL};
	struct row_share row;
	int r;

	r = share_create(c->svc, &c->caller, &data, c->arena, &row, e);
	if (r < 0)
		return r;
	c->made = row.id;
	return answer(c, &row);
}

int
api_share_show(struct call *c, struct err *e)
{
	struct row_share row;
	int r;

	r = share_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	return r < 0 ? r : answer(c, &row);
}

int
api_share_change(struct call *c, struct err *e)
{
	const struct in_share_patch *in = c->in;
	enum share_grade grade = (enum share_grade)in->grade;
	const int64_t never = 0;
	struct share_change data = {.id = c->id, .version = c->version, .grade = in->has_grade ? &grade : NULL};
	struct row_share row;
	int r;

	if (in->endless && in->has_ends)
		return err_field(e, E_FIELD_FORM, "endless", "there is an end, and there shall be none");
	data.ends_ms = in->endless ? &never : in->has_ends ? &in->ends : NULL;
	r = share_change(c->svc, &c->caller, &data, c->arena, &row, e);
	return r < 0 ? r : answer(c, &row);
}

int
api_share_withdraw(struct call *c, struct err *e)
{
	struct row_share row;
	int r;

	r = share_withdraw(c->svc, &c->caller, c->id, c->arena, &row, e);
	return r < 0 ? r : answer(c, &row);
}

static int
list(struct call *c, int64_t certificate, struct err *e)
{
	struct share_filter filter = {.received = c->q.received, .certificate = certificate, .over = c->q.state};
	int64_t now = svc_now(c->svc);
	struct row_share *rows;
	bool more;
	size_t n;
	int r;

	r = share_list(c->svc, &c->caller, &filter, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_share(&c->w, &rows[i], c->caller.account, now);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_share_list(struct call *c, struct err *e)
{
	return list(c, 0, e);
}

int
api_share_certificate_list(struct call *c, struct err *e)
{
	return list(c, c->id, e);
}
