/* SPDX-License-Identifier: Apache-2.0 */
#include "service/account.h"

#include "crypto/password.h"
#include "model/owner.h"
#include "service/svc_priv.h"

struct create {
	struct svc *s;
	const struct caller *c;
	const struct account_new *in;
	struct arena *a;
	struct str hash;
	struct row_account row;
};

static int
insert_owner(struct db_tx *tx, const struct create *t, int64_t account, struct err *e)
{
	int64_t id;
	int r = q_users_insert(tx, account, t->in->user_name, ROLE_OWNER, t->in->user_email, t->hash, tx->now_ms, &id, e);

	return MIN(r, 0);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct create *t = arg;
	const struct account_new *in = t->in;
	int64_t id;
	int r = q_account_by_name(tx, in->site, in->name, t->a, &t->row, e);

	if (r > 0)
		return err_field(e, E_NAME_TAKEN, "name", "there is an account \"%.*s\" on site \"%.*s\" already",
			STRF(in->name), STRF(in->site));
	if (r == 0)
		r = q_account_insert(tx,
			&(struct in_account_insert){.site = in->site, .name = in->name, .operator = 0,
				.owner_kind = in->owner_kind, .owner_name = in->owner_name,
				.owner_number = in->owner_number,
				.owner_number_norm = owner_number_norm(tx->arena, in->owner_number),
				.currency = in->currency, .now = tx->now_ms},
			&id, e);
	if (r >= 0)
		r = insert_owner(tx, t, id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "account.create", "accounts", id, detail_kv(tx->arena, "name", in->name), e);
	if (r >= 0)
		r = q_account_get(tx, id, t->a, &t->row, e);
	return MIN(r, 0);
}

/* Hashes the given password, or a random one that is then to be shown. */
static int
make_password(struct str given, struct arena *a, struct str *ret_hash, struct str *ret_shown, struct err *e)
{
	struct str password = given.p ? given : password_random(a);

	*ret_shown = given.p ? (struct str){NULL, 0} : password;
	return password_hash(password, a, ret_hash, e);
}

int
account_create(struct svc *s, const struct caller *c, const struct account_new *in, struct arena *a,
	struct row_account *ret, struct str *ret_password, struct err *e)
{
	struct create t = {.s = s, .c = c, .in = in, .a = a};
	int r;

	if (!str_eq_c(in->site, "cn") && !str_eq_c(in->site, "intl"))
		return err_field(e, E_FIELD_FORM, "site", "the site \"%.*s\" is neither cn nor intl", STRF(in->site));
	r = make_password(in->user_password, a, &t.hash, ret_password, e);
	if (r == 0)
		r = svc_write(s, create_body, &t, e);
	if (r == 0)
		*ret = t.row;
	return r;
}

struct show {
	const struct caller *c;
	int64_t id;
	const struct page *page;
	struct arena *a;
	struct row_account *rows;
	size_t n;
};

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	int r = q_account_get(tx, t->id, t->a, t->rows, e);

	return r == 0 ? not_found(e, "account", t->id) : MIN(r, 0);
}

int
account_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_account *ret, struct err *e)
{
	struct show t = {.c = c, .id = id ? id : c->account, .a = a, .rows = ret};

	if (t.id != c->account && !role_has(c->role, RIGHT_STAFF_READ))
		return not_found(e, "account", id);
	return svc_read(s, show_body, &t, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;

	return q_account_list(tx, t->page->cursor, t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
account_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_account **ret,
	size_t *ret_n, bool *ret_more, struct err *e)
{
	struct show t = {.c = c, .page = page, .a = a};
	int r;

	if (!role_has(c->role, RIGHT_STAFF_READ))
		return err_set(e, E_FORBIDDEN, "only staff may list accounts");
	r = svc_read(s, list_body, &t, e);
	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}
