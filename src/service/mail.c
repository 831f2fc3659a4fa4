/* SPDX-License-Identifier: Apache-2.0 */
#include "service/mail.h"

#include "base/inject.h"
#include "base/rand.h"
#include "net/smtp.h"
#include "service/link.h"
#include "service/notice.h"
#include "service/svc_priv.h"

#define SEND_TIMEOUT_MS 30000 /* within a job's lease */

static mail_writer *const writers[] = {[MAIL_LINK] = link_write_mail, [MAIL_NOTICE] = notice_write_mail,
	[MAIL_DIGEST] = notice_write_digest};

static int
check_server(const struct svc_settings *cf, struct err *e)
{
	return cf->mail ? 0 : err_set(e, E_MAIL_NONE, "this needs a mail, and no mail server is configured");
}

int
mail_ready(const struct svc *s, struct err *e)
{
	return check_server(settings_of(s), e);
}

int
mail_language(struct db_tx *tx, int64_t account, enum language *ret, struct err *e)
{
	struct row_account row;
	int r = q_account_get(tx, account, tx->arena, &row, e);

	if (r > 0)
		*ret = str_eq_c(row.site, "cn") ? LANGUAGE_ZH : LANGUAGE_EN;
	return r == 0 ? not_found(e, "account", account) : MIN(r, 0);
}

int
mail_add(struct db_tx *tx, const struct svc *s, const struct mail_new *m, int64_t *ret_id, struct err *e)
{
	int r = q_mail_insert(tx, m->account, m->kind, m->object_id, m->to, m->language, tx->now_ms, ret_id, e);

	return r < 0 ? r : jobs_add(tx, s, m->account, WORK_MAIL, *ret_id, MAX(m->not_before_ms, tx->now_ms), e);
}

/* -- sending */

struct sending {
	struct svc *s;
	int64_t account, id;
	uint8_t random[32];
	struct arena *a;
	struct row_mail mail;
	struct str subject, body;
	bool over; /* nothing is left to send */
	int result;
	const struct err *why;
};

static int
end(struct db_tx *tx, const struct sending *t, enum mail_state state, struct str code, struct str text, struct err *e)
{
	int64_t sent = state == MAIL_SENT ? tx->now_ms : 0;
	int r = q_mail_end(tx, t->account, t->id, state, code, text, sent, e);

	return MIN(r, 0);
}

static struct str
with_foot(const struct sending *t, struct str text)
{
	return arena_printf(t->a, "%.*s\n\n-- \nSignet\n%s\n", STRF(text), settings_of(t->s)->public_url);
}

static int
write_text(struct db_tx *tx, struct sending *t, struct err *e)
{
	struct mail_writing w = {.s = t->s, .mail = &t->mail, .random = t->random, .a = t->a};
	int r = writers[t->mail.kind](tx, &w, e);

	if (r > 0) {
		t->over = true;
		return end(tx, t, MAIL_DROPPED, STR(""), STR(""), e);
	}
	t->subject = w.subject;
	t->body = with_foot(t, w.text);
	return r;
}

static int
begin_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct sending *t = arg;
	int r = q_mail_get(tx, t->account, t->id, t->a, &t->mail, e);

	t->over = r == 0 || t->mail.state != MAIL_WAITING;
	if (r < 0 || t->over)
		return r;
	if (t->mail.created_ms + policy_value("mail-life", tx->now_ms) < tx->now_ms) {
		t->over = true;
		return end(tx, t, MAIL_GIVEN_UP, t->mail.error_code, t->mail.error_text, e);
	}
	if (!settings_of(t->s)->mail)
		return 0;
	r = q_mail_begin(tx, t->account, t->id, e);
	return r < 0 ? r : write_text(tx, t, e);
}

static int
end_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct sending *t = arg;
	struct str code, text;
	int r;

	if (t->result == 0)
		return end(tx, t, MAIL_SENT, STR(""), STR(""), e);
	code = str_c(err_info(t->result)->name);
	text = str_c(t->why->msg);
	if (!svc_passing(t->result))
		return end(tx, t, MAIL_GIVEN_UP, code, text, e);
	r = q_mail_trouble(tx, t->account, t->id, code, text, e);
	return MIN(r, 0);
}

static int
hand_over(struct sending *t, struct err *e)
{
	const struct svc_settings *cf = settings_of(t->s);
	struct mime m = {.from_name = STR("Signet"), .from = str_c(cf->mail_from), .to = t->mail.recipient,
		.subject = t->subject, .body = t->body, .date_ms = t->mail.created_ms,
		.id = arena_printf(t->a, "mail.%lld.%lld", (long long)t->id, (long long)t->mail.created_ms)};
	int r = check_server(cf, e);

	if (r == 0)
		r = smtp_send(cf->mail, &m, SEND_TIMEOUT_MS, e);
	if (r == 0 && INJECT("mail.sent"))
		r = err_set(e, E_MAIL_SERVER, "the mail server did not take the mail: injected");
	return r;
}

int
mail_send(struct svc *s, int64_t account, int64_t id, struct err *e)
{
	ARENA(a);
	ERR(settle);
	struct sending t = {.s = s, .account = account, .id = id, .a = &a, .why = e};
	int r;

	rand_bytes(t.random, sizeof(t.random));
	r = svc_write(s, begin_body, &t, e);
	if (r == 0 && !t.over) {
		t.result = hand_over(&t, e);
		r = svc_write(s, end_body, &t, &settle);
		if (r < 0)
			*e = settle;
		else
			r = svc_passing(t.result) ? t.result : 0;
		if (t.result < 0 && !svc_passing(t.result))
			log_event(LOG_INFO, "mail.given_up", F_INT("mail", id), F_STR("message", e->msg));
	}
	wipe(t.random, sizeof(t.random));
	return r;
}

/* -- showing */

struct list {
	int64_t account;
	const struct page *page;
	struct arena *a;
	struct row_mail *rows;
	size_t n;
};

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *l = arg;

	return q_mail_list(tx, l->account, page_before(l->page), l->page->limit + 1, l->a, &l->rows, &l->n, e);
}

int
mail_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_mail **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct list l = {.account = account ? account : c->account, .page = page, .a = a};
	int r;

	if (l.account != c->account && !role_has(c->role, RIGHT_STAFF_READ))
		return err_set(e, E_FORBIDDEN, "only staff may read another account's mails");
	r = svc_read(s, list_body, &l, e);
	if (r < 0)
		return r;
	*ret_more = page_cut(page, &l.n);
	*ret = l.rows;
	*ret_n = l.n;
	return 0;
}
