/* SPDX-License-Identifier: Apache-2.0 */
/* Users and access keys of the caller's account. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/account.h"

int
api_user_list(struct call *c, struct err *e)
{
	struct row_users *rows;
	bool more;
	size_t n;
	int r;

	r = user_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_user(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

static void
put_created(struct jsonw *w, const struct row_users *row, struct str password)
{
	jsonw_object(w);
	jsonw_key(w, "user");
	put_user(w, row);
	jsonw_kv_str(w, "password", password);
	jsonw_object_end(w);
}

int
api_user_create(struct call *c, struct err *e)
{
	const struct in_user_new *in = c->in;
	struct user_new new = {in->name, in->email, in->password, (enum role)in->role};
	struct row_users row;
	struct str password;
	int r;

	r = user_create(c->svc, &c->caller, &new, c->arena, &row, &password, e);
	if (r < 0)
		return r;
	c->made = row.id;
	put_created(&c->w, &row, password);
	c->secret = password.p != NULL;
	return 0;
}

int
api_user_create_again(struct call *c, struct err *e)
{
	struct row_users row;
	int r;

	r = user_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_created(&c->w, &row, (struct str){NULL, 0});
	return r;
}

static void
answer(struct call *c, const struct row_users *row)
{
	put_user(&c->w, row);
	call_etag(c, row->version);
}

int
api_user_show(struct call *c, struct err *e)
{
	struct row_users row;
	int r;

	r = user_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		answer(c, &row);
	return r;
}

int
api_user_change(struct call *c, struct err *e)
{
	const struct in_user_patch *in = c->in;
	enum role role = (enum role)in->role;
	struct user_change change = {
		.id = c->id,
		.version = c->version,
		.role = in->has_role ? &role : NULL,
		.email = in->has_email ? &in->email : NULL,
		.disabled = in->has_disabled ? &in->disabled : NULL,
	};
	struct row_users row;
	int r;

	r = user_change(c->svc, &c->caller, &change, c->arena, &row, e);
	if (r == 0)
		answer(c, &row);
	return r;
}

int
api_user_set_password(struct call *c, struct err *e)
{
	const struct in_password_set *in = c->in;

	return user_set_password(c->svc, &c->caller, c->id, in->old_password, in->password, c->arena, e);
}

int
api_access_key_list(struct call *c, struct err *e)
{
	struct row_access_key *rows;
	bool more;
	size_t n;
	int r;

	r = access_key_show_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_access_key(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

static void
put_key(struct jsonw *w, const struct row_access_key *row, struct str secret)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", row->id);
	put_text(w, "access_key_id", row->key_id);
	jsonw_kv_str(w, "access_key_secret", secret);
	jsonw_kv_int(w, "user", row->user_id);
	jsonw_object_end(w);
}

/* Everybody has the say over his own keys; over others' only who manages users. */
static int
may_touch(struct call *c, int64_t user, struct err *e)
{
	if (user == c->caller.user || role_has(c->caller.role, RIGHT_MANAGE))
		return 0;
	return err_set(e, E_FORBIDDEN, "the role \"%s\" may not touch another user's access keys",
		words_role[c->caller.role]);
}

int
api_access_key_create(struct call *c, struct err *e)
{
	const struct in_access_key_new *in = c->in;
	struct row_access_key row;
	struct str secret;
	int r;

	if (in->has_user && (r = may_touch(c, in->user, e)) < 0)
		return r;
	r = access_key_create(c->svc, &c->caller, in->has_user ? in->user : 0, c->arena, &row, &secret, e);
	if (r < 0)
		return r;
	c->made = row.id;
	put_key(&c->w, &row, secret);
	c->secret = true;
	return 0;
}

/* The key itself, by the page that begins with it. */
static int
key_by_id(struct call *c, struct row_access_key *ret, struct err *e)
{
	struct page one = {.cursor = c->id - 1, .limit = 1};
	struct row_access_key *row;
	bool more;
	size_t n;
	int r;

	r = access_key_show_list(c->svc, &c->caller, &one, c->arena, &row, &n, &more, e);
	if (r < 0)
		return r;
	if (n == 0 || row[0].id != c->id)
		return err_set(e, E_NOT_FOUND, "there is no access key %lld", (long long)c->id);
	*ret = row[0];
	return 0;
}

int
api_access_key_create_again(struct call *c, struct err *e)
{
	struct row_access_key row = {0};
	int r;

	r = key_by_id(c, &row, e);
	if (r == 0)
		put_key(&c->w, &row, (struct str){NULL, 0});
	return r;
}

int
api_access_key_remove(struct call *c, struct err *e)
{
	struct row_access_key row = {0};
	int r;

	r = key_by_id(c, &row, e);
	if (r == 0)
		r = may_touch(c, row.user_id, e);
	return r < 0 ? r : access_key_remove(c->svc, &c->caller, c->id, e);
}
