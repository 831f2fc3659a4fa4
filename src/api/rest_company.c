/* SPDX-License-Identifier: Apache-2.0 */
/* Contacts and companies, stored for applications to name. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/stored_email.h"

static int
answer_contact(struct call *c, const struct row_contact *v)
{
	put_stored_contact(&c->w, v);
	call_etag(c, v->version);
	return 0;
}

int
api_contact_create(struct call *c, struct err *e)
{
	const struct in_contact *in = c->in;
	struct contact contact = {in->name, in->email, in->phone};
	struct row_contact v;
	int r;

	r = contact_create(c->svc, &c->caller, &contact, c->arena, &v, e);
	if (r < 0)
		return r;
	c->made = v.id;
	return answer_contact(c, &v);
}

int
api_contact_list(struct call *c, struct err *e)
{
	struct row_contact *all;
	bool more;
	size_t n;
	int r;

	r = contact_list(c->svc, &c->caller, &c->q.page, c->arena, &all, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_stored_contact(&c->w, &all[i]);
	call_list_end(c, more, n ? all[n - 1].id : 0, -1);
	return 0;
}

int
api_contact_show(struct call *c, struct err *e)
{
	struct row_contact v;
	int r;

	r = contact_show(c->svc, &c->caller, c->id, c->arena, &v, e);
	return r < 0 ? r : answer_contact(c, &v);
}

int
api_contact_change(struct call *c, struct err *e)
{
	const struct in_contact_patch *in = c->in;
	struct contact contact = {in->name, in->email, in->phone};
	struct row_contact v;
	int r;

	r = contact_change(c->svc, &c->caller, c->id, c->version, &contact, c->arena, &v, e);
	return r < 0 ? r : answer_contact(c, &v);
}

int
api_contact_confirm_email(struct call *c, struct err *e)
{
	struct row_contact v;
	int r;

	r = contact_confirm_email(c->svc, &c->caller, c->id, c->arena, &v, e);
	if (r == 0)
		put_stored_contact(&c->w, &v);
	return r;
}

int
api_contact_delete(struct call *c, struct err *e)
{
	return contact_delete(c->svc, &c->caller, c->id, e);
}

static int
answer_company(struct call *c, const struct row_company *v)
{
	put_company(&c->w, v);
	call_etag(c, v->version);
	return 0;
}

int
api_company_create(struct call *c, struct err *e)
{
	const struct in_company_new *in = c->in;
	struct company company = {
		COMPANY_TEXTS(in),
		.type = in->type,
		.business_category = in->has_business_category ? in->business_category : -1,
		.licence = in->has_licence ? in->licence : 0,
	};
	struct row_company v;
	int r;

	r = company_create(c->svc, &c->caller, &company, c->arena, &v, e);
	if (r < 0)
		return r;
	c->made = v.id;
	return answer_company(c, &v);
}

int
api_company_list(struct call *c, struct err *e)
{
	struct row_company *all;
	bool more;
	size_t n;
	int r;

	r = company_list(c->svc, &c->caller, &c->q.page, c->arena, &all, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_company(&c->w, &all[i]);
	call_list_end(c, more, n ? all[n - 1].id : 0, -1);
	return 0;
}

int
api_company_show(struct call *c, struct err *e)
{
	struct row_company v;
	int r;

	r = company_show(c->svc, &c->caller, c->id, c->arena, &v, e);
	return r < 0 ? r : answer_company(c, &v);
}

int
api_company_change(struct call *c, struct err *e)
{
	const struct in_company_patch *in = c->in;
	struct company company = {
		COMPANY_TEXTS(in),
		.type = in->has_type ? in->type : -1,
		.business_category = in->has_business_category ? in->business_category : -1,
		.licence = in->has_licence ? in->licence : 0,
	};
	struct row_company v;
	int r;

	r = company_change(c->svc, &c->caller, c->id, c->version, &company, c->arena, &v, e);
	return r < 0 ? r : answer_company(c, &v);
}

int
api_company_delete(struct call *c, struct err *e)
{
	return company_delete(c->svc, &c->caller, c->id, e);
}
