/* SPDX-License-Identifier: Apache-2.0 */
#include "service/notice.h"

#include "service/mail.h"
#include "service/notice_priv.h"
#include "service/webhook.h"

#define DETAIL_MAX 2000

/* -- writing */

static int
look_up(struct db_tx *tx, const struct notice_new *n, struct str *ret, struct err *e)
{
	const char *object = notice_kinds[n->kind].object;
	struct row_notice_name_application app = {STR("")};
	struct row_notice_name_certificate cert = {STR("")};
	struct row_notice_name_subscription sub = {STR("")};
	struct row_notice_name_bill bill = {STR("")};
	int r = 0;

	if (strcmp(object, "applications") == 0)
		r = q_notice_name_application(tx, n->account, n->object_id, tx->arena, &app, e);
	else if (strcmp(object, "certificates") == 0)
		r = q_notice_name_certificate(tx, n->account, n->object_id, tx->arena, &cert, e);
	else if (strcmp(object, "subscriptions") == 0)
		r = q_notice_name_subscription(tx, n->account, n->object_id, tx->arena, &sub, e);
	else if (strcmp(object, "bills") == 0)
		r = q_notice_name_bill(tx, n->account, n->object_id, tx->arena, &bill, e);
	*ret = app.name.n ? app.name : cert.name.n ? cert.name : sub.name.n ? sub.name : bill.name;
	return MIN(r, 0);
}

int
notice_recipients(struct db_tx *tx, int64_t account, struct arena *a, struct row_notice_recipient **ret, size_t *ret_n,
	struct err *e)
{
	size_t n, kept = 0;
	int r = q_notice_recipients(tx, account, a, ret, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		bool again = false;

		for (size_t k = 0; k < kept; k++)
			again |= str_eq((*ret)[k].email, (*ret)[i].email);
		if (!again)
			(*ret)[kept++] = (*ret)[i];
	}
	*ret_n = kept;
	return MIN(r, 0);
}

int
notice_queue_mails(struct db_tx *tx, const struct svc *s, int64_t account, enum mail_kind kind, int64_t object,
	int64_t wanted, struct err *e)
{
	struct row_notice_recipient *all;
	enum language language;
	size_t n;
	int r = notice_recipients(tx, account, tx->arena, &all, &n, e);

	if (r == 0 && n)
		r = mail_language(tx, account, &language, e);
	for (size_t i = 0; r == 0 && i < n; i++) {
		struct mail_new m = {.kind = kind, .account = account, .object_id = object, .to = all[i].email,
			.language = all[i].language < 0 ? language : (enum language)all[i].language};
		int64_t id;

		if (wanted & ~all[i].off)
			r = mail_add(tx, s, &m, &id, e);
	}
	return MIN(r, 0);
}

int
notice_add(struct db_tx *tx, const struct svc *s, const struct notice_new *n, struct err *e)
{
	bool daily = notice_kinds[n->kind].daily;
	struct in_notice_insert row = {.account = n->account, .kind = n->kind, .object_id = n->object_id,
		.mark = n->mark ? n->mark : tx->now_ms, .name = n->name,
		.code = n->code ? str_c(err_info(n->code)->name) : STR(""), .detail = n->detail.p ? n->detail : STR(""),
		.due_ms = n->due_ms, .digest = daily ? 0 : -1, .now = tx->now_ms};
	struct row_notice_new new = {0}; /* stays so when it is there already */
	int r = n->name.p ? 0 : look_up(tx, n, &row.name, e);

	row.detail.n = MIN(row.detail.n, (size_t)DETAIL_MAX);
	if (r == 0)
		r = q_notice_insert(tx, &row, tx->arena, &new, e);
	if (r > 0 && new.webhooks)
		r = webhook_queue(tx, s, n->account, n->kind, new.id, e);
	if (r < 0 || daily || !new.mails)
		return MIN(r, 0);
	return notice_queue_mails(tx, s, n->account, MAIL_NOTICE, new.id, NOTICE_BIT(n->kind), e);
}

int
notice_of(struct db_tx *tx, const struct svc *s, enum notice_kind kind, int64_t account, int64_t object_id, struct err *e)
{
	return notice_add(tx, s, &(struct notice_new){.kind = kind, .account = account, .object_id = object_id}, e);
}

int
notice_staff(struct db_tx *tx, const struct svc *s, enum notice_kind kind, int64_t account, int64_t application,
	int64_t object_id, struct str detail, struct err *e)
{
	struct notice_new n = {.kind = kind, .account = s->own_account, .object_id = object_id, .detail = detail};
	struct row_notice_name_application app = {STR("")};
	int r = q_notice_name_application(tx, account, application, tx->arena, &app, e);

	n.name = app.name;
	return r < 0 ? r : notice_add(tx, s, &n, e);
}

/* -- reading */

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t id;
	bool earlier;
	int state;
	const struct page *page;
	struct arena *a;
	struct row_notice *rows;
	size_t n;
	int64_t total;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_notice_get(tx, t->c->account, t->id, t->a, t->rows, e);

	return r == 0 ? not_found(e, "notice", t->id) : MIN(r, 0);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t account = t->c->account, before = page_before(t->page), n = t->page->limit + 1;
	int r;

	if (t->state == NOTICE_READ)
		return q_notice_list_read(tx, account, before, n, t->a, &t->rows, &t->n, e);
	if (t->state < 0)
		return q_notice_list(tx, account, before, n, t->a, &t->rows, &t->n, e);
	r = q_notice_count_unread(tx, account, &t->total, e);
	return r < 0 ? r : q_notice_list_unread(tx, account, before, n, t->a, &t->rows, &t->n, e);
}

int
notice_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct row_notice **ret, size_t *ret_n, bool *ret_more, int64_t *ret_total, struct err *e)
{
	struct act t = {.c = c, .state = state, .page = page, .a = a, .total = -1};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	*ret_total = t.total;
	return 0;
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
notice_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_notice *ret, struct err *e)
{
	struct act t = {.c = c, .id = id, .a = a, .rows = ret};

	return svc_read(s, show_body, &t, e);
}

static int
read_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	if (r == 0)
		r = t->earlier ? q_notice_read_earlier(tx, t->c->account, t->id, tx->now_ms, e)
			       : q_notice_read(tx, t->c->account, t->id, tx->now_ms, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "notice.read", "notices", t->id, (struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
notice_read(struct svc *s, const struct caller *c, int64_t id, bool earlier, struct arena *a, struct row_notice *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .earlier = earlier, .a = a, .rows = ret};

	return svc_write(s, read_body, &t, e);
}
