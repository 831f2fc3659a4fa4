/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/password.h"
#include "service/account.h"
#include "service/svc_priv.h"

struct act {
	struct svc *s;
	const struct caller *c;
	const struct page *page;
	const struct user_new *in;
	const struct user_change *change;
	int64_t id;
	struct arena *a;
	struct str hash;
	struct row_users row, *rows;
	size_t n;
};

static int
load(struct db_tx *tx, struct act *t, int64_t id, struct err *e)
{
	int r = q_users_get(tx, t->c->account, id, t->a, &t->row, e);

	return r == 0 ? not_found(e, "user", id) : MIN(r, 0);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t id;
	int r = q_users_by_name(tx, t->c->account, t->in->name, tx->arena, &t->row, e);

	if (r > 0)
		return err_field(e, E_NAME_TAKEN, "name", "there is a user \"%.*s\" in this account already",
			STRF(t->in->name));
	if (r == 0)
		r = q_users_insert(tx, t->c->account, t->in->name, t->in->role, t->in->email, t->hash, tx->now_ms, &id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "user.create", "users", id,
			detail_2kv(tx->arena, "name", t->in->name, "role", str_c(words_role[t->in->role])), e);
	return r < 0 ? r : load(tx, t, id, e);
}

/* Customers have customers' roles, the operator's account has staff. */
static int
role_fits(const struct caller *c, enum role role, struct err *e)
{
	if (role_is_staff(role) != c->operator_account)
		return err_field(e, E_FIELD_FORM, "role", "the role \"%s\" does not exist in this account; it has %s",
			words_role[role],
			c->operator_account ? "administrator, reviewer, support" : "owner, operator, viewer");
	return 0;
}

int
user_create(struct svc *s, const struct caller *c, const struct user_new *in, struct arena *a, struct row_users *ret,
	struct str *ret_password, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .a = a};
	struct str password = in->password.p ? in->password : password_random(a);
	int r = role_fits(c, in->role, e);

	if (r == 0)
		r = password_hash(password, a, &t.hash, e);
	if (r == 0)
		r = svc_write(s, create_body, &t, e);
	if (r < 0)
		return r;
	*ret = t.row;
	*ret_password = in->password.p ? (struct str){NULL, 0} : password;
	return 0;
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_users_list(tx, t->c->account, t->page->cursor, t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
user_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_users **ret,
	size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.s = s, .c = c, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return load(tx, t, t->id, e);
}

int
user_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_users *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a};
	int r = svc_read(s, show_body, &t, e);

	if (r == 0)
		*ret = t.row;
	return r;
}

/* An account always keeps one active user who can manage it. */
static int
keep_an_owner(struct db_tx *tx, const struct act *t, enum role role, bool disabled, struct err *e)
{
	bool was = role_has((enum role)t->row.role, RIGHT_MANAGE) && !t->row.disabled;
	int64_t owners = 0;
	int r;

	if (!was || (role_has(role, RIGHT_MANAGE) && !disabled))
		return 0;
	/* two of them may go at the same moment */
	r = q_account_hold(tx, t->c->account, e);
	if (r >= 0)
		r = q_users_owners(tx, t->c->account, &owners, e);
	if (r >= 0 && owners <= 1)
		return err_set(e, E_STATE_REFUSED, "user \"%.*s\" is the last one who can manage this account",
			STRF(t->row.name));
	return MIN(r, 0);
}

/* Keys and sessions of somebody who lost his rights end with them. */
static int
end_access(struct db_tx *tx, const struct act *t, bool disabled, struct err *e)
{
	int r = q_session_delete_of_user(tx, t->c->account, t->row.id, e);

	if (r >= 0 && disabled)
		r = q_access_key_delete_of_user(tx, t->c->account, t->row.id, e);
	return MIN(r, 0);
}

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct user_change *ch = t->change;
	enum role role;
	bool disabled;
	int r = load(tx, t, ch->id, e);

	if (r < 0)
		return r;
	if (version_fits("user", ch->id, ch->version, t->row.version, e) < 0)
		return e->code;
	role = ch->role ? *ch->role : (enum role)t->row.role;
	disabled = ch->disabled ? *ch->disabled : t->row.disabled != 0;
	r = keep_an_owner(tx, t, role, disabled, e);
	if (r >= 0)
		r = q_users_update(tx,
			&(struct in_users_update){.account = t->c->account, .id = ch->id, .version = t->row.version,
				.role = role, .email = ch->email ? *ch->email : t->row.email, .disabled = disabled,
				.now = tx->now_ms},
			e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "user %lld was changed meanwhile", (long long)ch->id);
	if (r >= 0 && (disabled || role != (enum role)t->row.role))
		r = end_access(tx, t, disabled, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "user.change", "users", ch->id,
			detail_2kv(tx->arena, "role", str_c(words_role[role]), "disabled",
				disabled ? STR("yes") : STR("no")),
			e);
	return r < 0 ? r : load(tx, t, ch->id, e);
}

int
user_change(struct svc *s, const struct caller *c, const struct user_change *in, struct arena *a, struct row_users *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .change = in, .a = a};
	int r = in->role ? role_fits(c, *in->role, e) : 0;

	if (r == 0)
		r = svc_write(s, change_body, &t, e);
	if (r == 0)
		*ret = t.row;
	return r;
}

static int
password_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_users_set_password(tx, t->c->account, t->id, t->hash, tx->now_ms, e);

	if (r == 0)
		return not_found(e, "user", t->id);
	if (r >= 0)
		r = q_session_delete_of_user(tx, t->c->account, t->id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "user.password", "users", t->id, (struct str){NULL, 0}, e);
	return MIN(r, 0);
}

int
user_set_password(struct svc *s, const struct caller *c, int64_t id, struct str old, struct str new_password,
	struct arena *a, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a};
	int r;

	if (id != c->user && !role_has(c->role, RIGHT_MANAGE))
		return err_set(e, E_FORBIDDEN, "only an owner may set another user's password");
	r = svc_read(s, show_body, &t, e);
	if (r < 0)
		return r;
	if (id == c->user && !password_check(old, t.row.password_hash))
		return err_field(e, E_SIGN_IN_FAILED, "old_password", "the old password is wrong");
	r = password_hash(new_password, a, &t.hash, e);
	return r < 0 ? r : svc_write(s, password_body, &t, e);
}
