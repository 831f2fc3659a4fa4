/* SPDX-License-Identifier: Apache-2.0 */
#include "service/confirm.h"

#include "service/apply_priv.h"
#include "service/mail.h"

#define DATA_MAX (256 * 1024)
#define BATCH 100
#define NAMES_SHOWN 50

/* -- what is confirmed */

static void
put(struct buf *b, struct str s)
{
	buf_put_u32(b, (uint32_t)s.n);
	buf_put_str(b, s);
}

static void
put_company(struct buf *b, const struct row_application_company *c)
{
	put(b, c->name);
	put(b, c->number);
	put(b, c->phone);
	put(b, c->country);
	put(b, c->province);
	put(b, c->city);
	put(b, c->address);
	put(b, c->postcode);
	put(b, c->department);
	put(b, c->jurisdiction_country);
	put(b, c->jurisdiction_province);
	put(b, c->jurisdiction_locality);
	buf_put_u64(b, (uint64_t)c->type);
	buf_put_u64(b, (uint64_t)c->business_category);
	buf_put_u64(b, (uint64_t)c->licence);
}

/* Names, contact, company, key. */
static int
data_digest(struct db_tx *tx, const struct row_application *app, uint8_t ret[32], struct err *e)
{
	struct row_application_company company = {0};
	struct row_application_name *names;
	BUF(b, DATA_MAX);
	size_t n;
	int r = q_application_names(tx, app->account, app->id, tx->arena, &names, &n, e);

	if (r >= 0)
		r = q_application_company_get(tx, app->account, app->id, tx->arena, &company, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++)
		put(&b, names[i].ascii);
	put(&b, STR("")); /* no name is empty: here the names end */
	put(&b, app->contact_name);
	put(&b, app->contact_email);
	put(&b, app->contact_phone);
	put_company(&b, &company);
	buf_put_u64(&b, (uint64_t)app->key_source);
	buf_put_u64(&b, (uint64_t)app->key_alg);
	/* a key that is made here is the service's own affair */
	if (app->key_source != KEY_SOURCE_GENERATE)
		put(&b, str_of(app->spki));
	BUG_ON(b.over);
	digest_sha256(buf_blob(&b), ret);
	return 0;
}

int
application_data_changed(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t id,
	struct err *e)
{
	struct row_confirmation asked;
	struct row_application app;
	uint8_t now[32];
	int r = q_confirmation_get(tx, account, id, tx->arena, &asked, e);

	if (r > 0)
		r = q_application_get(tx, account, id, tx->arena, &app, e);
	if (r <= 0)
		return r;
	r = data_digest(tx, &app, now, e);
	if (r < 0 || blob_eq(asked.data_sha256, BLOB(now, 32)))
		return r;
	r = q_confirmation_drop(tx, account, id, e);
	if (r >= 0)
		r = link_kill(tx, account, LINK_APPLICATION, id, e);
	return r < 0 ? r
		     : audit_add(tx, s, c, "application.confirmation_void", "applications", id,
			       detail_kv(tx->arena, "email", asked.recipient), e);
}

/* -- asking */

static int
ask(struct db_tx *tx, const struct svc *s, const struct row_application *app, struct err *e)
{
	struct link_new l = {.purpose = LINK_APPLICATION, .account = app->account, .object_id = app->id,
		.to = app->contact_email, .life_ms = policy_value("link-life", tx->now_ms)};
	uint8_t data[32];
	int64_t link;
	int r = mail_ready(s, e);

	if (r == 0)
		r = data_digest(tx, app, data, e);
	if (r == 0)
		r = mail_language(tx, app->account, &l.language, e);
	if (r == 0)
		r = link_open(tx, s, &l, &link, e);
	if (r == 0)
		r = q_confirmation_ask(tx, app->account, app->id, app->contact_email, BLOB(data, 32), tx->now_ms,
			tx->now_ms + l.life_ms, e);
	return MIN(r, 0);
}

int
confirmation_ask(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_application *app,
	struct err *e)
{
	struct caller part = caller_of(c, app->account);
	struct row_confirmation asked;
	struct row_product product;
	int r = q_product_get(tx, app->product, tx->arena, &product, e);

	if (r <= 0 || product.type == TYPE_DV)
		return MIN(r, 0);
	r = application_data_changed(tx, s, &part, app->account, app->id, e);
	if (r >= 0)
		r = q_confirmation_get(tx, app->account, app->id, tx->arena, &asked, e);
	if (r > 0 && asked.confirmed_ms)
		return 0;
	if (r >= 0)
		r = ask(tx, s, app, e);
	return r < 0 ? r
		     : audit_add(tx, s, &part, "application.ask_confirmation", "applications", app->id,
			       detail_kv(tx->arena, "email", app->contact_email), e);
}

int
confirmation_given(struct db_tx *tx, const struct row_application *app, struct err *e)
{
	struct row_confirmation asked = {0};
	struct row_product product;
	int r = q_product_get(tx, app->product, tx->arena, &product, e);

	if (r <= 0 || product.type == TYPE_DV)
		return MIN(r, 0);
	r = q_confirmation_get(tx, app->account, app->id, tx->arena, &asked, e);
	if (r < 0 || asked.confirmed_ms)
		return MIN(r, 0);
	return err_set(e, E_CONFIRMATION_MISSING, "the contact \"%.*s\" has not confirmed application %lld yet",
		STRF(app->contact_email), (long long)app->id);
}

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t id;
	struct arena *a;
	struct application_view *view;
};

static bool
is_submitted(int64_t state)
{
	return state == APPLICATION_VALIDATING || state == APPLICATION_REVIEWING;
}

static int
may_send(const struct application_view *v, struct err *e)
{
	if (v->product.type == TYPE_DV)
		return err_set(e, E_STATE_REFUSED, "application %lld is DV: nobody confirms it", (long long)v->row.id);
	if (!is_submitted(v->row.state) || !v->confirmation.application)
		return err_set(e, E_STATE_REFUSED,
			"application %lld is %s; it is confirmed while it is validating or reviewing",
			(long long)v->row.id, sm_name(&sm_application, (int)v->row.state));
	if (v->confirmation.confirmed_ms)
		return err_set(e, E_STATE_REFUSED, "application %lld was confirmed already by \"%.*s\"",
			(long long)v->row.id, STRF(v->confirmation.recipient));
	return 0;
}

static int
send_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = application_load(tx, t->c, t->id, t->a, t->view, e);

	if (r == 0)
		r = may_send(t->view, e);
	if (r == 0)
		r = mail_ready(t->s, e);
	if (r == 0)
		r = link_send_again(tx, t->s, t->c->account, LINK_APPLICATION, t->id, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "application.send_confirmation", "applications", t->id,
			       detail_kv(tx->arena, "email", t->view->confirmation.recipient), e);
}

int
apply_send_confirmation(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a, .view = ret};
	int r = svc_write(s, send_body, &t, e);

	if (r == 0)
		svc_kick(s);
	return r;
}

/* -- the link */

static struct str
names_of(const struct application_view *v, struct arena *a, bool zh)
{
	BUF(b, DATA_MAX);

	for (size_t i = 0; i < v->n_names && i < NAMES_SHOWN; i++) {
		buf_put_c(&b, "\n  ");
		buf_put_str(&b, v->names[i].ascii);
	}
	if (v->n_names > NAMES_SHOWN)
		buf_printf(&b, zh ? "\n  以及另外 %zu 个域名" : "\n  and %zu more", v->n_names - NAMES_SHOWN);
	return arena_str(a, buf_str(&b));
}

static struct link_words
words_zh(const struct application_view *v, const struct row_account *account, struct arena *a)
{
	const struct row_application_company *c = &v->company;

	return (struct link_words){STR("请确认证书申请"),
		arena_printf(a,
			"账号“%.*s”以您(%.*s)为联系人,提交了 %s 证书申请(编号 %lld)。\n"
			"公司:%.*s,注册号 %.*s\n域名:%.*s\n密钥:%s\n\n请确认此申请是由您或在您知情的情况下代表该公司提出的。",
			STRF(account->name), STRF(v->row.contact_name), words_type[v->product.type], (long long)v->row.id,
			STRF(c->name), STRF(c->number), STRF(names_of(v, a, true)),
			key_alg_name((enum key_alg)v->row.key_alg)),
		STR("确认申请"), STR("申请已确认。")};
}

static struct link_words
words_en(const struct application_view *v, const struct row_account *account, struct arena *a)
{
	const struct row_application_company *c = &v->company;

	return (struct link_words){STR("Please confirm an application for a certificate"),
		arena_printf(a,
			"The account \"%.*s\" has applied for an %s certificate and named you, %.*s, as the contact "
			"(application %lld).\n"
			"Company: %.*s, registration number %.*s\nNames: %.*s\nKey: %s\n\n"
			"Please confirm that this was applied for by you or with your knowledge, on behalf of the company.",
			STRF(account->name), words_type[v->product.type], STRF(v->row.contact_name), (long long)v->row.id,
			STRF(c->name), STRF(c->number), STRF(names_of(v, a, false)),
			key_alg_name((enum key_alg)v->row.key_alg)),
		STR("Confirm the application"), STR("The application is confirmed.")};
}

/* 1: it is not waited for any more. */
static int
tell(struct db_tx *tx, struct svc *s, const struct row_link *l, struct arena *a, struct link_words *ret, struct err *e)
{
	struct caller c = caller_system(l->account);
	struct application_view v;
	struct row_account account;
	int r = application_load(tx, &c, l->object_id, a, &v, e);

	(void)s;
	if (r == E_NOT_FOUND)
		return 1;
	if (r == 0 && (!is_submitted(v.row.state) || !str_eq(v.confirmation.recipient, l->recipient)))
		return 1;
	if (r == 0)
		r = q_account_get(tx, l->account, a, &account, e);
	if (r <= 0)
		return r < 0 ? r : 1;
	*ret = l->language == LANGUAGE_ZH ? words_zh(&v, &account, a) : words_en(&v, &account, a);
	return 0;
}

static int
used(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_link *l, struct err *e)
{
	int r = q_confirmation_give(tx, l->account, l->object_id, l->recipient, tx->now_ms, e);

	if (r == 0)
		return err_set(e, E_LINK_DEAD, "the application is not waited for any more");
	return r < 0 ? r
		     : audit_add(tx, s, c, "application.confirmed", "applications", l->object_id,
			       detail_kv(tx->arena, "email", l->recipient), e);
}

const struct link_kind link_application = {tell, used};

/* -- the end of its time */

struct lapse {
	struct svc *s;
	struct arena *a;
	struct row_confirmation_lapsed *rows;
	size_t n;
};

static int
lapse_one(struct db_tx *tx, struct svc *s, const struct row_confirmation_lapsed *k, struct err *e)
{
	struct row_application row = {.id = k->application, .account = k->account, .state = k->state};
	struct caller c = caller_system(k->account);
	struct str text = arena_printf(tx->arena, "\"%.*s\" did not confirm the application in time", STRF(k->recipient));
	int r = q_confirmation_lapse(tx, k->account, k->application, tx->now_ms, e);

	if (r <= 0)
		return r; /* confirmed, or asked for anew, meanwhile */
	r = link_kill(tx, k->account, LINK_APPLICATION, k->application, e);
	if (r < 0 || !is_submitted(k->state))
		return r;
	return application_fail_in(tx, s, &c, &row, SM_SYSTEM, E_CONFIRMATION_LAPSED, text, e);
}

static int
lapse_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct lapse *t = arg;
	int r = q_confirmation_lapsed(tx, tx->now_ms, BATCH, t->a, &t->rows, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++)
		r = lapse_one(tx, t->s, &t->rows[i], e);
	return MIN(r, 0);
}

int
confirmations_lapse(struct svc *s, struct err *e)
{
	size_t n = BATCH;
	int r = 0;

	while (r == 0 && n == BATCH && !atomic_load(&s->stopping)) {
		ARENA(a);
		struct lapse t = {.s = s, .a = &a};

		r = svc_write(s, lapse_body, &t, e);
		n = t.n;
		for (size_t i = 0; r == 0 && i < n; i++)
			log_event(LOG_INFO, "confirmation.lapsed", F_INT("application", t.rows[i].application),
				F_INT("account", t.rows[i].account));
	}
	return r;
}
