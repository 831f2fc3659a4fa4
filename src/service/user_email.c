/* SPDX-License-Identifier: Apache-2.0 */
#include "service/user_email.h"

#include "net/mime.h"
#include "service/account.h"
#include "service/mail.h"
#include "service/svc_priv.h"

struct asking {
	struct svc *s;
	const struct caller *c;
	int64_t id;
	struct arena *a;
	struct row_users *row;
};

static int
ask_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct asking *t = arg;
	struct link_new l = {.purpose = LINK_USER_EMAIL, .account = t->c->account, .object_id = t->id,
		.life_ms = policy_value("link-life", tx->now_ms)};
	int64_t link;
	int r = q_users_get(tx, t->c->account, t->id, t->a, t->row, e);

	if (r == 0)
		return not_found(e, "user", t->id);
	if (r > 0 && t->row->email_confirmed_ms)
		return err_set(e, E_STATE_REFUSED, "the address \"%.*s\" is confirmed already", STRF(t->row->email));
	if (r >= 0)
		r = mail_ready(t->s, e);
	if (r >= 0)
		r = mail_address(t->row->email, e);
	if (r >= 0)
		r = link_may_mail(tx, t->c->account, LINK_USER_EMAIL, t->id, t->row->email, e);
	if (r >= 0)
		r = mail_language(tx, t->c->account, &l.language, e);
	l.to = t->row->email;
	if (r >= 0)
		r = link_open(tx, t->s, &l, &link, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "user.confirm_email", "users", t->id,
			       detail_kv(tx->arena, "email", t->row->email), e);
}

int
user_confirm_email(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_users *ret, struct err *e)
{
	struct asking t = {.s = s, .c = c, .id = id, .a = a, .row = ret};
	int r;

	if (id != c->user && !role_has(c->role, RIGHT_MANAGE))
		return err_set(e, E_FORBIDDEN, "only an owner may have another user's address confirmed");
	r = svc_write(s, ask_body, &t, e);
	if (r == 0)
		svc_kick(s);
	return r;
}

/* -- the link */

/* 1: the address is another one by now, or the user is gone. */
static int
tell(struct db_tx *tx, struct svc *s, const struct row_link *l, struct arena *a, struct link_words *ret, struct err *e)
{
	struct row_account account;
	struct row_users user;
	int r = q_users_get(tx, l->account, l->object_id, a, &user, e);

	(void)s;
	if (r > 0 && !str_eq(user.email, l->recipient))
		r = 0;
	if (r > 0)
		r = q_account_get(tx, l->account, a, &account, e);
	if (r <= 0)
		return r < 0 ? r : 1;
	if (l->language == LANGUAGE_ZH)
		*ret = (struct link_words){STR("请确认您的邮箱地址"),
			arena_printf(a, "账号“%.*s”的用户“%.*s”将 %.*s 设为其邮箱地址。请确认该邮箱属于您。",
				STRF(account.name), STRF(user.name), STRF(user.email)),
			STR("确认邮箱地址"), STR("邮箱地址已确认。")};
	else
		*ret = (struct link_words){STR("Please confirm your mail address"),
			arena_printf(a,
				"The user \"%.*s\" of the account \"%.*s\" has given %.*s as mail address. Please confirm "
				"that it is yours.",
				STRF(user.name), STRF(account.name), STRF(user.email)),
			STR("Confirm the address"), STR("The address is confirmed.")};
	return 0;
}

static int
used(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_link *l, struct err *e)
{
	int r = q_users_confirm_email(tx, l->account, l->object_id, l->recipient, tx->now_ms, e);

	if (r == 0)
		return err_set(e, E_LINK_DEAD, "the user has another address by now");
	return r < 0 ? r
		     : audit_add(tx, s, c, "user.email_confirmed", "users", l->object_id,
			       detail_kv(tx->arena, "email", l->recipient), e);
}

const struct link_kind link_user_email = {tell, used};
