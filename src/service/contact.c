/* SPDX-License-Identifier: Apache-2.0 */
#include "service/contact.h"

#include "service/svc_priv.h"

struct act {
	struct svc *s;
	const struct caller *c;
	const struct page *page;
	const struct contact *in;
	int64_t id, version;
	struct arena *a;
	struct row_contact *row, *rows;
	size_t n;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_contact_get(tx, t->c->account, t->id, t->a, t->row, e);

	return r == 0 ? not_found(e, "contact", t->id) : MIN(r, 0);
}

static int
checked(const struct contact *c, struct err *e)
{
	contact_check(c, "", e);
	return err_faults(e);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_contact_insert(
		tx, t->c->account, t->in->name, t->in->email, t->in->phone, tx->now_ms, &t->id, e);

	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "contact.create", "contacts", t->id,
			detail_kv(tx->arena, "name", t->in->name), e);
	return r < 0 ? r : load(tx, t, e);
}

int
contact_create(struct svc *s, const struct caller *c, const struct contact *in, struct arena *a,
	struct row_contact *ret, struct err *e)
{
	struct contact trimmed = contact_trim(in);
	struct act t = {.s = s, .c = c, .in = &trimmed, .a = a, .row = ret};
	int r = checked(&trimmed, e);

	return r < 0 ? r : svc_write(s, create_body, &t, e);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
contact_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_contact *ret, struct err *e)
{
	struct act t = {.c = c, .id = id, .a = a, .row = ret};

	return svc_read(s, show_body, &t, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_contact_list(tx, t->c->account, page_before(t->page), t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
contact_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_contact **ret, size_t *ret_n, bool *ret_more, struct err *e)
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
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_contact old;
	struct act look = {.c = t->c, .id = t->id, .a = tx->arena, .row = &old};
	struct contact now;
	int r = load(tx, &look, e);

	if (r < 0)
		return r;
	if (version_fits("contact", t->id, t->version, old.version, e) < 0)
		return e->code;
	now = (struct contact){t->in->name.p ? t->in->name : old.name,
		t->in->email.p ? t->in->email : old.email,
		t->in->phone.p ? t->in->phone : old.phone};
	now = contact_trim(&now);
	r = checked(&now, e);
	if (r == 0)
		r = q_contact_update(tx,
			&(struct in_contact_update){.account = t->c->account,
				.id = t->id,
				.version = old.version,
				.name = now.name,
				.email = now.email,
				.phone = now.phone,
				.now = tx->now_ms},
			e);
	if (r == 0)
		return err_set(
			e, E_CONFLICT, "contact %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "contact.change", "contacts", t->id,
			(struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
contact_change(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	const struct contact *in, struct arena *a, struct row_contact *ret, struct err *e)
{
	struct act t = {
		.s = s, .c = c, .in = in, .id = id, .version = version, .a = a, .row = ret};

	return svc_write(s, change_body, &t, e);
}

static int
delete_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_contact_delete(tx, t->c->account, t->id, e);

	if (r == 0)
		return not_found(e, "contact", t->id);
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "contact.delete", "contacts", t->id,
			(struct str){NULL, 0}, e);
	return MIN(r, 0);
}

int
contact_delete(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id};

	return svc_write(s, delete_body, &t, e);
}
