/* SPDX-License-Identifier: Apache-2.0 */
#include "service/contact_email.h"

#include "net/mime.h"
#include "service/mail.h"
#include "service/svc_priv.h"

struct asking {
	struct svc *s;
	const struct caller *c;
	int64_t id;
};

static int
ask_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct asking *t = arg;
	struct link_new l = {.purpose = LINK_CONTACT_EMAIL, .account = t->c->account, .object_id = t->id,
		.life_ms = policy_value("link-life", tx->now_ms)};
	struct row_contact row;
	int64_t link;
	int r = q_contact_get(tx, t->c->account, t->id, tx->arena, &row, e);

	if (r == 0)
		return not_found(e, "contact", t->id);
	if (r > 0 && row.email_confirmed_ms)
		return err_set(e, E_STATE_REFUSED, "the address \"%.*s\" is confirmed already", STRF(row.email));
	if (r >= 0)
		r = mail_ready(t->s, e);
	if (r >= 0)
		r = mail_address(row.email, e);
	if (r >= 0)
		r = link_may_mail(tx, t->c->account, LINK_CONTACT_EMAIL, t->id, row.email, e);
	if (r >= 0)
		r = mail_language(tx, t->c->account, &l.language, e);
	l.to = row.email;
	if (r >= 0)
		r = link_open(tx, t->s, &l, &link, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "contact.confirm_email", "contacts", t->id,
			       detail_kv(tx->arena, "email", row.email), e);
}

int
contact_confirm_email(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct contact_view *ret,
	struct err *e)
{
	struct asking t = {.s = s, .c = c, .id = id};
	int r = svc_write(s, ask_body, &t, e);

	if (r < 0)
		return r;
	svc_kick(s);
	return contact_show(s, c, id, a, ret, e);
}

/* -- the link */

/* 1: the address is another one by now, or the contact is gone. */
static int
tell(struct db_tx *tx, struct svc *s, const struct row_link *l, struct arena *a, struct link_words *ret, struct err *e)
{
	struct row_account account;
	struct row_contact contact;
	int r = q_contact_get(tx, l->account, l->object_id, a, &contact, e);

	(void)s;
	if (r > 0 && !str_eq(contact.email, l->recipient))
		r = 0;
	if (r > 0)
		r = q_account_get(tx, l->account, a, &account, e);
	if (r <= 0)
		return r < 0 ? r : 1;
	if (l->language == LANGUAGE_ZH)
		*ret = (struct link_words){STR("请确认您的邮箱地址"),
			arena_printf(a, "账号“%.*s”已将“%.*s”(%.*s)登记为证书联系人。请确认该邮箱属于您;确认后将收到证书通知。",
				STRF(account.name), STRF(contact.name), STRF(contact.email)),
			STR("确认邮箱地址"), STR("邮箱地址已确认。")};
	else
		*ret = (struct link_words){STR("Please confirm your mail address"),
			arena_printf(a,
				"The account \"%.*s\" names \"%.*s\" with the address %.*s as a contact for certificates. "
				"Please confirm that the address is yours; notices about certificates then go there.",
				STRF(account.name), STRF(contact.name), STRF(contact.email)),
			STR("Confirm the address"), STR("The address is confirmed.")};
	return 0;
}

static int
used(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_link *l, struct err *e)
{
	int r = q_contact_confirm_email(tx, l->account, l->object_id, l->recipient, tx->now_ms, e);

	if (r == 0)
		return err_set(e, E_LINK_DEAD, "the contact has another address by now");
	return r < 0 ? r
		     : audit_add(tx, s, c, "contact.email_confirmed", "contacts", l->object_id,
			       detail_kv(tx->arena, "email", l->recipient), e);
}

const struct link_kind link_contact_email = {tell, used};
