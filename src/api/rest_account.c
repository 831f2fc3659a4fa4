/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions and accounts. */
#include "api/auth.h"
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/account.h"
#include "service/purchase.h"

/* What a request left out. */
static struct str
or_else(bool has, struct str given, const char *otherwise)
{
	return has ? given : str_c(otherwise);
}

int
api_session_create(struct call *c, struct err *e)
{
	const struct in_sign_in *in = c->in;
	struct sign_in who = {
		str_c(in->has_site ? api_words_site[in->site] : "intl"), in->account, in->user, in->password};
	struct caller caller;
	struct str token;
	int64_t expires;
	int r;

	r = session_open(c->svc, c->rq->peer, &who, c->arena, &caller, &token, &expires, e);
	if (r < 0)
		return r;
	c->caller = caller;
	http_reply_header(c->rs, "Set-Cookie",
		arena_printf(c->arena, AUTH_COOKIE "=%.*s; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=%lld",
			STRF(token), (long long)MAX((expires - svc_now(c->svc)) / 1000, 1)));
	jsonw_object(&c->w);
	jsonw_kv_int(&c->w, "account", caller.account);
	jsonw_kv_int(&c->w, "user", caller.user);
	jsonw_kv_c(&c->w, "role", words_role[caller.role]);
	jsonw_kv_time(&c->w, "expires", expires);
	jsonw_object_end(&c->w);
	return 0;
}

int
api_session_delete(struct call *c, struct err *e)
{
	if (!c->token.p) {
		err_set(e, E_STATE_REFUSED, "the request came with an access key: there is no session to end");
		err_hint(e, "Remove the access key to end its use.");
		return E_STATE_REFUSED;
	}
	http_reply_header(
		c->rs, "Set-Cookie", STR(AUTH_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0"));
	return session_close(c->svc, &c->caller, c->token, e);
}

int
api_me_show(struct call *c, struct err *e)
{
	struct row_account row;
	int r;

	r = account_show(c->svc, &c->caller, 0, c->arena, &row, e);
	if (r < 0)
		return r;
	jsonw_object(&c->w);
	jsonw_key(&c->w, "account");
	put_account(&c->w, &row);
	jsonw_kv_int(&c->w, "user", c->caller.user);
	jsonw_kv_c(&c->w, "role", words_role[c->caller.role]);
	jsonw_kv_bool(&c->w, "operator", c->caller.operator_account);
	jsonw_key(&c->w, "rights");
	jsonw_array(&c->w);
	for (int i = 0; i < RIGHTS; i++) {
		if (role_has(c->caller.role, (enum right)i))
			jsonw_str(&c->w, str_c(words_right[i]));
	}
	jsonw_array_end(&c->w);
	jsonw_object_end(&c->w);
	return 0;
}

static void
put_created(struct jsonw *w, const struct row_account *row, struct str user, struct str password)
{
	jsonw_object(w);
	jsonw_key(w, "account");
	put_account(w, row);
	put_text(w, "user_name", user);
	jsonw_kv_str(w, "password", password);
	jsonw_object_end(w);
}

int
api_account_create(struct call *c, struct err *e)
{
	const struct in_account_new *in = c->in;
	struct account_new new = {
		.site = str_c(in->has_site ? api_words_site[in->site] : "intl"),
		.name = in->name,
		.owner_kind = in->has_owner_kind ? (enum owner_kind)in->owner_kind : OWNER_ENTERPRISE,
		.owner_name = in->owner_name,
		.owner_number = or_else(in->has_owner_number, in->owner_number, ""),
		.currency = or_else(in->has_currency, in->currency, "CNY"),
		.user_name = in->user_name,
		.user_email = in->user_email,
		.user_password = in->user_password,
	};
	struct row_account row;
	struct str password;
	int r;

	r = account_create(c->svc, &c->caller, &new, c->arena, &row, &password, e);
	if (r < 0)
		return r;
	c->made = row.id;
	put_created(&c->w, &row, in->user_name, password);
	c->secret = password.p != NULL;
	return 0;
}

int
api_account_create_again(struct call *c, struct err *e)
{
	const struct in_account_new *in = c->in;
	struct row_account row;
	int r;

	r = account_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_created(&c->w, &row, in->user_name, (struct str){NULL, 0});
	return r;
}

int
api_account_list(struct call *c, struct err *e)
{
	struct row_account *rows;
	bool more;
	size_t n;
	int r;

	r = account_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_account(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_account_show(struct call *c, struct err *e)
{
	struct row_account row;
	int r;

	r = account_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_account(&c->w, &row);
	return r;
}

int
api_account_top_up(struct call *c, struct err *e)
{
	const struct in_top_up *in = c->in;
	struct row_account row;
	int r;

	r = ledger_top_up(
		c->svc, &c->caller, c->id, in->amount, or_else(in->has_note, in->note, ""), c->arena, &row, e);
	if (r == 0)
		put_account(&c->w, &row);
	return r;
}

int
api_account_allow(struct call *c, struct err *e)
{
	const struct in_allowance *in = c->in;

	return allowance_give(c->svc, &c->caller, c->id, in->product, in->names_max, in->certificates,
		in->has_months ? in->months : 12, e);
}
