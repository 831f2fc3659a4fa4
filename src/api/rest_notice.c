/* SPDX-License-Identifier: Apache-2.0 */
/* Notices, and who gets which. */
#include "service/notice.h"

#include "api/api_priv.h"
#include "api/encode.h"
#include "api/routes_gen.h"

int
api_notice_list(struct call *c, struct err *e)
{
	struct row_notice *rows;
	int64_t total;
	bool more;
	size_t n;
	int r;

	r = notice_list(c->svc, &c->caller, c->q.state, &c->q.page, c->arena, &rows, &n, &more, &total, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_notice(&c->w, &rows[i], api_language(c->rq), c->arena);
	call_list_end(c, more, n ? rows[n - 1].id : 0, total);
	return 0;
}

int
api_notice_kind_list(struct call *c, struct err *e)
{
	(void)e;
	call_list(c);
	for (int kind = 0; kind < NOTICE_KINDS; kind++)
		put_notice_kind(&c->w, (enum notice_kind)kind, api_language(c->rq));
	call_list_end(c, false, 0, -1);
	return 0;
}

int
api_notice_show(struct call *c, struct err *e)
{
	struct row_notice row;
	int r;

	r = notice_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_notice(&c->w, &row, api_language(c->rq), c->arena);
	return r;
}

int
api_notice_read(struct call *c, struct err *e)
{
	const struct in_notice_read *in = c->in;
	struct row_notice row;
	int r;

	r = notice_read(c->svc, &c->caller, c->id, in->earlier, c->arena, &row, e);
	if (r == 0)
		put_notice(&c->w, &row, api_language(c->rq), c->arena);
	return r;
}

static int
settings_show(struct call *c, enum notice_who who, struct err *e)
{
	struct row_notice_settings row;
	int r;

	r = notice_settings_show(c->svc, &c->caller, who, c->id, c->arena, &row, e);
	if (r == 0)
		put_notice_settings(&c->w, who, &row);
	return r;
}

static int
settings_change(struct call *c, enum notice_who who, struct err *e)
{
	const struct in_notice_settings_patch *in = c->in;
	struct notice_settings_patch patch = {.mail = in->has_mail ? in->mail : -1,
		.language = in->has_language ? in->language : -1, .off = in->off, .n_off = in->n_off, .on = in->on,
		.n_on = in->n_on};
	struct row_notice_settings row;
	int r;

	r = notice_settings_change(c->svc, &c->caller, who, c->id, &patch, c->arena, &row, e);
	if (r == 0)
		put_notice_settings(&c->w, who, &row);
	return r;
}

int
api_notice_user_show(struct call *c, struct err *e)
{
	return settings_show(c, NOTICE_USER, e);
}

int
api_notice_user_change(struct call *c, struct err *e)
{
	return settings_change(c, NOTICE_USER, e);
}

int
api_notice_contact_show(struct call *c, struct err *e)
{
	return settings_show(c, NOTICE_CONTACT, e);
}

int
api_notice_contact_change(struct call *c, struct err *e)
{
	return settings_change(c, NOTICE_CONTACT, e);
}

int
api_notice_certificate_show(struct call *c, struct err *e)
{
	struct row_notice_switch row;
	int r;

	r = notice_switch_show(c->svc, &c->caller, c->id, &row, e);
	if (r == 0)
		put_notice_switch(&c->w, &row);
	return r;
}

int
api_notice_certificate_change(struct call *c, struct err *e)
{
	const struct in_notice_switch_patch *in = c->in;
	struct row_notice_switch row;
	int r;

	r = notice_switch_change(c->svc, &c->caller, c->id, in->on, &row, e);
	if (r == 0)
		put_notice_switch(&c->w, &row);
	return r;
}
