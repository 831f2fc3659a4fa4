/* SPDX-License-Identifier: Apache-2.0 */
#include "service/stored_email.h"

#include "net/mime.h"
#include "service/account.h"
#include "service/contact.h"
#include "service/mail.h"
#include "service/svc_priv.h"

/* What both know of an address. */
struct stored {
	struct str name, email;
	int64_t confirmed_ms;
};

/* Whose addresses they are. */
struct kind {
	enum link_purpose purpose;
	const char *noun, *table, *act_asked, *act_confirmed;
	/* > 0: found */
	int (*get)(struct db_tx *tx, int64_t account, int64_t id, struct arena *a, struct stored *ret, struct err *e);
	/* > 0: done; 0: there is no such row with that address any more */
	int (*confirm)(struct db_tx *tx, int64_t account, int64_t id, struct str email, int64_t now, struct err *e);
	/* what the mail says: account, name, address */
	struct str (*about)(enum language language, struct str account, const struct stored *it, struct arena *a);
};

static int
contact_get(struct db_tx *tx, int64_t account, int64_t id, struct arena *a, struct stored *ret, struct err *e)
{
	struct row_contact row;
	int r = q_contact_get(tx, account, id, a, &row, e);

	if (r > 0)
		*ret = (struct stored){row.name, row.email, row.email_confirmed_ms};
	return r;
}

static struct str
contact_about(enum language language, struct str account, const struct stored *it, struct arena *a)
{
	if (language == LANGUAGE_ZH)
		return arena_printf(a,
			"账号“%.*s”已将“%.*s”(%.*s)登记为证书联系人。"
			"请确认该邮箱属于您;确认后将收到证书通知。",
			STRF(account), STRF(it->name), STRF(it->email));
	return arena_printf(a,
		"The account \"%.*s\" names \"%.*s\" with the address %.*s as a contact for certificates. Please confirm "
		"that the address is yours; notices about certificates then go there.",
		STRF(account), STRF(it->name), STRF(it->email));
}

static int
user_get(struct db_tx *tx, int64_t account, int64_t id, struct arena *a, struct stored *ret, struct err *e)
{
	struct row_users row;
	int r = q_users_get(tx, account, id, a, &row, e);

	if (r > 0)
		*ret = (struct stored){row.name, row.email, row.email_confirmed_ms};
	return r;
}

static struct str
user_about(enum language language, struct str account, const struct stored *it, struct arena *a)
{
	if (language == LANGUAGE_ZH)
		return arena_printf(a, "账号“%.*s”的用户“%.*s”将 %.*s 设为其邮箱地址。请确认该邮箱属于您。",
			STRF(account), STRF(it->name), STRF(it->email));
	return arena_printf(a,
		"The user \"%.*s\" of the account \"%.*s\" has given %.*s as mail address. Please confirm that it is yours.",
		STRF(it->name), STRF(account), STRF(it->email));
}

static const struct kind contact_kind = {LINK_CONTACT_EMAIL, "contact", "contacts", "contact.confirm_email",
	"contact.email_confirmed", contact_get, q_contact_confirm_email, contact_about};
static const struct kind user_kind = {LINK_USER_EMAIL, "user", "users", "user.confirm_email", "user.email_confirmed",
	user_get, q_users_confirm_email, user_about};

/* -- asking */

struct asking {
	struct svc *s;
	const struct caller *c;
	const struct kind *kind;
	int64_t id;
};

static int
ask_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct asking *t = arg;
	const struct kind *k = t->kind;
	struct link_new l = {.purpose = k->purpose, .account = t->c->account, .object_id = t->id,
		.life_ms = policy_value("link-life", tx->now_ms)};
	struct stored it;
	int64_t link;
	int r = k->get(tx, t->c->account, t->id, tx->arena, &it, e);

	if (r == 0)
		return not_found(e, k->noun, t->id);
	if (r > 0 && it.confirmed_ms)
		return err_set(e, E_STATE_REFUSED, "the address \"%.*s\" is confirmed already", STRF(it.email));
	if (r >= 0)
		r = mail_ready(t->s, e);
	if (r >= 0)
		r = mail_address(it.email, e);
	if (r >= 0)
		r = link_may_mail(tx, t->c->account, k->purpose, t->id, it.email, e);
	if (r >= 0)
		r = mail_language(tx, t->c->account, &l.language, e);
	l.to = it.email;
	if (r >= 0)
		r = link_open(tx, t->s, &l, &link, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, k->act_asked, k->table, t->id, detail_kv(tx->arena, "email", it.email), e);
}

static int
ask(struct svc *s, const struct caller *c, const struct kind *k, int64_t id, struct err *e)
{
	struct asking t = {s, c, k, id};
	int r = svc_write(s, ask_body, &t, e);

	if (r == 0)
		svc_kick(s);
	return r;
}

int
contact_confirm_email(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_contact *ret,
	struct err *e)
{
	int r = ask(s, c, &contact_kind, id, e);

	return r < 0 ? r : contact_show(s, c, id, a, ret, e);
}

int
user_confirm_email(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_users *ret, struct err *e)
{
	int r;

	if (id != c->user && !role_has(c->role, RIGHT_MANAGE))
		return err_set(e, E_FORBIDDEN, "only an owner may have another user's address confirmed");
	r = ask(s, c, &user_kind, id, e);
	return r < 0 ? r : user_show(s, c, id, a, ret, e);
}

/* -- the link */

static const struct kind *
kind_of(const struct row_link *l)
{
	return l->purpose == LINK_USER_EMAIL ? &user_kind : &contact_kind;
}

/* 1: the address is another one by now, or its owner is gone. */
static int
tell(struct db_tx *tx, struct svc *s, const struct row_link *l, struct arena *a, struct link_words *ret, struct err *e)
{
	const struct kind *k = kind_of(l);
	struct row_account account;
	struct stored it;
	int r = k->get(tx, l->account, l->object_id, a, &it, e);

	(void)s;
	if (r > 0 && !str_eq(it.email, l->recipient))
		r = 0;
	if (r > 0)
		r = q_account_get(tx, l->account, a, &account, e);
	if (r <= 0)
		return r < 0 ? r : 1;
	ret->about = k->about((enum language)l->language, account.name, &it, a);
	ret->subject = l->language == LANGUAGE_ZH ? STR("请确认您的邮箱地址") : STR("Please confirm your mail address");
	ret->button = l->language == LANGUAGE_ZH ? STR("确认邮箱地址") : STR("Confirm the address");
	ret->done = l->language == LANGUAGE_ZH ? STR("邮箱地址已确认。") : STR("The address is confirmed.");
	return 0;
}

static int
used(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_link *l, struct err *e)
{
	const struct kind *k = kind_of(l);
	int r = k->confirm(tx, l->account, l->object_id, l->recipient, tx->now_ms, e);

	if (r == 0)
		return err_set(e, E_LINK_DEAD, "the %s has another address by now", k->noun);
	return r < 0 ? r
		     : audit_add(tx, s, c, k->act_confirmed, k->table, l->object_id,
			       detail_kv(tx->arena, "email", l->recipient), e);
}

const struct link_kind link_contact_email = {tell, used};
const struct link_kind link_user_email = {tell, used};
