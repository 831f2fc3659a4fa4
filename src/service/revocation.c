/* SPDX-License-Identifier: Apache-2.0 */
#include "service/revocation.h"

#include "base/hex.h"
#include "base/rfc3339.h"
#include "net/mime.h"
#include "service/mail.h"
#include "service/notice.h"
#include "service/share.h"
#include "service/svc_priv.h"

#define BATCH 100

/* Moves one half between issued and confirming, with what counts them. */
static int
step(struct db_tx *tx, const struct svc *s, const struct row_certificate *row, int to, enum sm_who who, struct err *e)
{
	int r = sm_move(&sm_certificate, (int)row->state, to, who, e);

	if (r == 0)
		r = q_certificate_move(tx, row->account, row->id, row->state, to, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "certificate %lld was changed meanwhile", (long long)row->id);
	if (r > 0 && row->role != ROLE_ENC)
		r = count_move(tx, row->account, "certificate", (int)row->state, to, e);
	if (r >= 0 && row->role != ROLE_ENC)
		r = count_expiry(tx, row->account, CERTIFICATE_ISSUED, row->not_after_ms,
			to == CERTIFICATE_ISSUED ? 1 : -1, e);
	if (r >= 0 && row->role != ROLE_ENC)
		r = share_follow(tx, s, row, to, 0, e);
	return MIN(r, 0);
}

/* -- asking */

static int
mail_link(struct db_tx *tx, const struct revoking *t, const struct row_certificate *row, struct str to, int64_t ends_ms,
	struct err *e)
{
	struct link_new l = {.purpose = LINK_REVOCATION, .account = row->account, .object_id = row->id, .to = to,
		.life_ms = ends_ms - tx->now_ms};
	int64_t id;
	int r = mail_language(tx, row->account, &l.language, e);

	return r < 0 ? r : link_open(tx, t->s, &l, &id, e);
}

static int
wait_for(struct db_tx *tx, const struct revoking *t, const struct row_certificate *row, struct str to, int64_t ends_ms,
	struct err *e)
{
	int r = step(tx, t->s, row, CERTIFICATE_CONFIRMING, SM_USER, e);

	if (r == 0)
		r = q_revocation_insert(tx,
			&(struct in_revocation_insert){.certificate = row->id, .account = row->account,
				.reason = t->reason, .replace_wanted = t->replace, .by_user = t->c->user,
				.recipient = to, .now = tx->now_ms, .ends_ms = ends_ms},
			e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "certificate.ask_revoke", "certificates", row->id,
			       detail_2kv(tx->arena, "reason", str_c(reason_name(t->reason)), "mailed_to", to), e);
}

int
revocation_ask(struct db_tx *tx, const struct revoking *t, const struct row_certificate *row, struct err *e)
{
	int64_t ends = MIN(tx->now_ms + policy_value("confirming-timeout", tx->now_ms), row->not_after_ms);
	struct row_certificate *rows;
	struct row_application app;
	size_t n = 0;
	int r = mail_ready(t->s, e);

	if (r == 0)
		r = q_application_get(tx, row->account, row->application, tx->arena, &app, e);
	if (r == 0)
		return not_found(e, "application", row->application);
	if (r > 0)
		r = mail_address(app.contact_email, e);
	if (r == 0)
		r = certificate_halves(tx, row, tx->arena, &rows, &n, e);
	for (size_t i = 0; r == 0 && i < n; i++)
		r = wait_for(tx, t, &rows[i], app.contact_email, ends, e);
	if (r == 0)
		r = mail_link(tx, t, &rows[0], app.contact_email, ends, e);
	return r < 0 ? r
		     : notice_add(tx, t->s,
			       &(struct notice_new){.kind = NOTICE_REVOCATION_WAITING, .account = row->account,
				       .object_id = rows[0].id, .name = row->name, .detail = app.contact_email,
				       .due_ms = ends},
			       e);
}

/* -- the end of waiting */

int
revocation_forget(struct db_tx *tx, const struct row_certificate *row, struct err *e)
{
	struct row_revocation w;
	int r = q_revocation_get(tx, row->account, row->id, tx->arena, &w, e);

	/* a link whose time is over with it says so by itself */
	if (r > 0 && w.ends_ms > tx->now_ms)
		r = link_kill(tx, row->account, LINK_REVOCATION, row->id, e);
	if (r >= 0)
		r = q_revocation_delete(tx, row->account, row->id, e);
	return MIN(r, 0);
}

/* confirming -> issued, both halves. */
static int
reopen(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_certificate *row, const char *act,
	enum sm_who who, struct err *e)
{
	struct row_certificate *rows;
	size_t n = 0;
	int r = certificate_halves(tx, row, tx->arena, &rows, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++) {
		r = step(tx, s, &rows[i], CERTIFICATE_ISSUED, who, e);
		if (r == 0)
			r = revocation_forget(tx, &rows[i], e);
		if (r >= 0)
			r = audit_add(tx, s, c, act, "certificates", rows[i].id, (struct str){NULL, 0}, e);
	}
	return r;
}

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t id;
	size_t n; /* lapse: how many there were */
};

static int
load_waiting(struct db_tx *tx, const struct act *t, struct row_certificate *ret, struct err *e)
{
	int r = q_certificate_get(tx, t->c->account, t->id, tx->arena, ret, e);

	if (r == 0)
		return not_found(e, "certificate", t->id);
	if (r > 0)
		r = share_refuse_copy(ret, "revoked, nor its revocation changed,", e);
	if (r == 0 && ret->state != CERTIFICATE_CONFIRMING)
		return err_set(e, E_STATE_REFUSED, "certificate %lld is %s; no revocation of it waits for a confirmation",
			(long long)t->id, sm_name(&sm_certificate, (int)ret->state));
	return MIN(r, 0);
}

static int
withdraw_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct act *t = arg;
	struct row_certificate row;
	int r = load_waiting(tx, t, &row, e);

	return r < 0 ? r : reopen(tx, t->s, t->c, &row, "certificate.withdraw_revoke", SM_USER, e);
}

int
revocation_withdraw(struct svc *s, const struct caller *c, int64_t certificate, struct arena *a,
	struct certificate_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = certificate};
	int r = svc_write(s, withdraw_body, &t, e);

	return r < 0 ? r : certificate_show(s, c, certificate, a, ret, e);
}

static int
again_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct act *t = arg;
	struct row_certificate row, *rows;
	size_t n;
	int r = load_waiting(tx, t, &row, e);

	if (r == 0)
		r = mail_ready(t->s, e);
	if (r == 0)
		r = certificate_halves(tx, &row, tx->arena, &rows, &n, e);
	if (r == 0)
		r = link_send_again(tx, t->s, row.account, LINK_REVOCATION, rows[0].id, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "certificate.mail_revoke", "certificates", t->id, (struct str){NULL, 0}, e);
}

int
revocation_send_again(struct svc *s, const struct caller *c, int64_t certificate, struct arena *a,
	struct certificate_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = certificate};
	int r = svc_write(s, again_body, &t, e);

	if (r < 0)
		return r;
	svc_kick(s);
	return certificate_show(s, c, certificate, a, ret, e);
}

static int
lapse_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_revocation_due *rows;
	struct act *t = arg;
	int r = q_revocation_due(tx, tx->now_ms, BATCH, tx->arena, &rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		struct caller c = caller_system(rows[i].account);
		struct row_certificate row;

		r = q_certificate_get(tx, rows[i].account, rows[i].certificate, tx->arena, &row, e);
		if (r <= 0 || row.state != CERTIFICATE_CONFIRMING)
			continue; /* with the other half of its pair just now */
		r = reopen(tx, t->s, &c, &row, "certificate.lapse_revoke", SM_SYSTEM, e);
		if (r == 0)
			r = notice_of(tx, t->s, NOTICE_REVOCATION_LAPSED, row.account, row.id, e);
	}
	return MIN(r, 0);
}

int
revocation_lapse(struct svc *s, struct err *e)
{
	struct act t = {.s = s, .n = BATCH};
	int r = 0;

	while (r == 0 && t.n == BATCH && !atomic_load(&s->stopping))
		r = svc_write(s, lapse_body, &t, e);
	return r;
}

/* -- the link */

/* > 0: both rows, and it may be confirmed now. 0: it was withdrawn, has lapsed, or is revoked already. */
static int
load_linked(struct db_tx *tx, const struct row_link *l, struct row_certificate *ret, struct row_revocation *ret_waiting,
	struct err *e)
{
	int r = q_certificate_get(tx, l->account, l->object_id, tx->arena, ret, e);

	if (r <= 0 || ret->state != CERTIFICATE_CONFIRMING)
		return MIN(r, 0);
	r = q_revocation_get(tx, l->account, l->object_id, tx->arena, ret_waiting, e);
	return r > 0 && ret_waiting->ends_ms <= tx->now_ms ? 0 : r;
}

static struct link_words
words_of(enum language language, struct arena *a, struct str account, struct str user, const struct row_certificate *row,
	const struct row_revocation *w)
{
	const char *reason = reason_name(w->reason), *serial = hex_encode(a, row->serial).p;
	char until[RFC3339_MAX];

	rfc3339_put(w->ends_ms / MS_SECOND * MS_SECOND, until);
	if (language == LANGUAGE_ZH)
		return (struct link_words){arena_printf(a, "请确认吊销证书“%.*s”", STRF(row->name)),
			arena_printf(a,
				"账号“%.*s”的用户“%.*s”申请吊销证书“%.*s”(域名 %.*s,序列号 %s),原因:%s。\n"
				"吊销后,浏览器等客户端将不再信任该证书,且无法恢复。如不确认,该申请将于 %s 失效,证书继续有效。",
				STRF(account), STRF(user), STRF(row->name), STRF(row->cn), serial, reason, until),
			STR("吊销证书"), STR("证书已吊销。")};
	return (struct link_words){
		arena_printf(a, "Please confirm the revocation of the certificate \"%.*s\"", STRF(row->name)),
		arena_printf(a,
			"The user \"%.*s\" of the account \"%.*s\" asks to revoke the certificate \"%.*s\" (%.*s, "
			"serial number %s) for the reason %s.\nOnce revoked, clients refuse it, and nothing brings it "
			"back. Without your confirmation the request is void from %s on, and the certificate stays valid.",
			STRF(user), STRF(account), STRF(row->name), STRF(row->cn), serial, reason, until),
		STR("Revoke the certificate"), STR("The certificate is revoked.")};
}

static int
tell(struct db_tx *tx, struct svc *s, const struct row_link *l, struct arena *a, struct link_words *ret, struct err *e)
{
	struct row_account account;
	struct row_certificate row;
	struct row_revocation w;
	struct row_users user;
	int r = load_linked(tx, l, &row, &w, e);

	(void)s;
	if (r > 0)
		r = q_account_get(tx, l->account, tx->arena, &account, e);
	if (r > 0)
		r = q_users_get(tx, l->account, w.by_user, tx->arena, &user, e);
	if (r <= 0)
		return r < 0 ? r : 1;
	*ret = words_of((enum language)l->language, a, account.name, user.name, &row, &w);
	return 0;
}

static int
used(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_link *l, struct err *e)
{
	struct revoking t = {.s = s, .c = c};
	struct row_certificate row;
	struct row_revocation w;
	int r = load_linked(tx, l, &row, &w, e);

	if (r == 0)
		return err_set(e, E_LINK_DEAD, "nothing waits for a confirmation any more");
	t.reason = (enum reason)w.reason;
	t.replace = w.replace_wanted != 0;
	return r < 0 ? r : revoke_whole(tx, &t, &row, e);
}

const struct link_kind link_revocation = {tell, used};
