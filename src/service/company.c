/* SPDX-License-Identifier: Apache-2.0 */
#include "service/company.h"

#include "service/attachment.h"
#include "service/svc_priv.h"

/* Pictures that a company has had and applications still show. */
#define LICENCES_MAX 100

struct act {
	struct svc *s;
	const struct caller *c;
	const struct page *page;
	const struct company *in;
	int64_t id, version;
	struct arena *a;
	struct row_company *row, *rows;
	size_t n;
};

struct company
company_of(const struct row_company *r)
{
	return (struct company){COMPANY_TEXTS(r), .type = r->type, .business_category = r->business_category,
		.licence = r->licence};
}

struct company
company_kept(const struct row_application_company *r)
{
	return (struct company){COMPANY_TEXTS(r), .type = r->type, .business_category = r->business_category,
		.licence = r->licence};
}

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_company_get(tx, t->c->account, t->id, t->a, t->row, e);

	return r == 0 ? not_found(e, "company", t->id) : MIN(r, 0);
}

static int
checked(const struct company *c, struct err *e)
{
	company_check(c, "", e);
	return err_faults(e);
}

static int
take_licence(struct db_tx *tx, const struct act *t, int64_t attachment, struct err *e)
{
	static const struct attachment_rule rule = {
		MEDIA_PICTURE, LICENCE_MAX, LICENCES_MAX, "licence"};

	return attachment_bind(
		tx, t->c, &rule, &attachment, 1, t->c->account, "companies", t->id, e);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct company *in = t->in;
	int r = q_company_insert(tx,
		&(struct in_company_insert){COMPANY_TEXTS(in), .account = t->c->account, .type = in->type,
			.business_category = in->business_category, .licence = in->licence, .now = tx->now_ms},
		&t->id, e);

	if (r >= 0 && in->licence)
		r = take_licence(tx, t, in->licence, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "company.create", "companies", t->id,
			detail_kv(tx->arena, "name", in->name), e);
	return r < 0 ? r : load(tx, t, e);
}

int
company_create(struct svc *s, const struct caller *c, const struct company *in, struct arena *a,
	struct row_company *ret, struct err *e)
{
	const struct company empty = {.business_category = -1, .department = STR(""), .jurisdiction_country = STR(""),
		.jurisdiction_province = STR(""), .jurisdiction_locality = STR("")};
	struct company trimmed = company_trim(in), whole;
	struct act t = {.s = s, .c = c, .in = &whole, .a = a, .row = ret};
	int r = checked(&trimmed, e);

	whole = company_overlay(&empty, &trimmed);
	return r < 0 ? r : svc_write(s, create_body, &t, e);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
company_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_company *ret, struct err *e)
{
	struct act t = {.c = c, .id = id, .a = a, .row = ret};

	return svc_read(s, show_body, &t, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_company_list(tx, t->c->account, page_before(t->page), t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
company_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_company **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.c = c, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

static int
update(struct db_tx *tx, const struct act *t, int64_t version, const struct company *now,
	struct err *e)
{
	int r = q_company_update(tx,
		&(struct in_company_update){COMPANY_TEXTS(now), .account = t->c->account, .id = t->id,
			.version = version, .type = now->type, .business_category = now->business_category,
			.licence = now->licence, .now = tx->now_ms},
		e);

	return r == 0 ? err_set(e, E_CONFLICT, "company %lld was changed meanwhile",
				(long long)t->id)
		      : MIN(r, 0);
}

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_company old;
	struct act look = {.c = t->c, .id = t->id, .a = tx->arena, .row = &old};
	struct company was, now;
	int r = load(tx, &look, e);

	if (r < 0)
		return r;
	if (version_fits("company", t->id, t->version, old.version, e) < 0)
		return e->code;
	was = company_of(&old);
	now = company_overlay(&was, t->in);
	now = company_trim(&now);
	r = checked(&now, e);
	if (r == 0 && now.licence != was.licence)
		r = take_licence(tx, t, now.licence, e);
	if (r == 0)
		r = update(tx, t, old.version, &now, e);
	if (r == 0 && was.licence && now.licence != was.licence)
		r = q_company_drop_licence(tx, t->c->account, was.licence, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "company.change", "companies", t->id,
			(struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
company_change(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	const struct company *in, struct arena *a, struct row_company *ret, struct err *e)
{
	struct act t = {
		.s = s, .c = c, .in = in, .id = id, .version = version, .a = a, .row = ret};

	return svc_write(s, change_body, &t, e);
}

static int
delete_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_company row;
	int r = q_company_hold(tx, t->c->account, t->id, e);

	if (r > 0)
		r = q_company_get(tx, t->c->account, t->id, tx->arena, &row, e);
	if (r == 0)
		return not_found(e, "company", t->id);
	if (r > 0)
		r = q_company_delete(tx, t->c->account, t->id, e);
	if (r >= 0 && row.licence)
		r = q_company_drop_licence(tx, t->c->account, row.licence, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "company.delete", "companies", t->id,
			(struct str){NULL, 0}, e);
	return MIN(r, 0);
}

int
company_delete(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id};

	return svc_write(s, delete_body, &t, e);
}
