/* SPDX-License-Identifier: Apache-2.0 */
/* Delivering: the messages of one webhook one after the other, each until it is taken or too old. */
#include "base/inject.h"
#include "net/dns.h"
#include "net/url.h"
#include "service/mail.h"
#include "service/outside.h"
#include "service/webhook_priv.h"
#include "service/svc_priv.h"

#define CALL_MS 10000
#define ANSWER_MAX (16 * 1024)
#define TRIES_MAX 4 /* addresses of one host */
#define RUN_MS 20000 /* within a job's lease */
#define SENDING_MAX 4 /* of the jobs' threads: receivers that are slow must not hold up certificates */

struct sending {
	struct svc *s;
	int64_t account, id;
	const struct caller *c; /* of a test */
	struct arena *a;
	struct row_webhook hook;
	struct row_webhook_delivery delivery;
	struct row_notice notice;
	enum language language;
	int64_t now;
	bool over; /* nothing waits */
	bool skip; /* this one is not sent */
	int status, result;
	const struct err *why;
};

/* -- one call */

/* Special networks are the operator's to open; what goes there needs no TLS. */
static int
call(struct sending *t, const struct url *u, const struct webhook_form *f, struct err *e)
{
	const struct svc_settings *st = settings_of(t->s);
	struct http_call hc = {.purpose = "webhook", .https = u->https, .verify = true, .host = u->host, .port = u->port,
		.path = f->target, .allow = st->webhook_allow, .n_allow = st->n_webhook_allow, .timeout_ms = CALL_MS,
		.body_max = ANSWER_MAX, .send = f->body, .send_type = "application/json", .headers = f->headers,
		.ca_file = st->webhook_ca};
	struct addr addrs[TRIES_MAX];
	struct http_answer answer;
	unsigned n;
	int r = outside_addresses(t->s, u->host, st->webhook_allow, st->n_webhook_allow, u->https, CALL_MS, t->a, addrs,
		TRIES_MAX, &n, e);

	if (r < 0)
		return r;
	for (unsigned i = 0; i < n; i++) {
		err_clear(e);
		hc.address = addrs[i];
		r = http_post(&hc, t->a, &answer, e);
		if (r != E_FILE_CONNECT)
			break;
	}
	if (r < 0)
		return r;
	t->status = answer.status;
	r = webhook_answer((enum webhook_type)t->hook.type, &answer, t->a, e);
	if (r == 0 && INJECT("webhook.sent"))
		r = err_set(e, E_WEBHOOK_FAILED, "injected");
	return r;
}

static int
send_open(struct sending *t, struct str open, struct err *e)
{
	struct webhook_message m = {.type = (enum webhook_type)t->hook.type, .account = t->account,
		.delivery = t->delivery.id, .now_ms = t->now, .notice = t->delivery.notice ? &t->notice : NULL,
		.language = t->language, .service = settings_of(t->s)->public_url};
	struct str url = str_cut(&open, '\n');
	struct webhook_form f;
	struct url u;

	if (!url_read(url, &u))
		return err_set(e, E_INTERNAL, "the address of webhook %lld cannot be read", (long long)t->id);
	m.target = u.target;
	m.secret = open.n ? open : (struct str){NULL, 0};
	webhook_form(&m, t->a, &f);
	return call(t, &u, &f, e);
}

/* Into one code what passes; what the operator's rules forbid will not. */
static int
send_it(struct sending *t, struct err *e)
{
	struct seal_name name = {.class = SEAL_SERVICE_SECRET, .account = t->account};
	SECRET(open);
	ERR(why);
	int r;

	t->status = 0;
	memcpy(name.id, t->hook.seal_id.p, sizeof(name.id));
	r = signer_open(t->s->conf.signer, &name, t->hook.sealed, &open, &why);
	if (r == 0)
		r = send_open(t, str_of(secret_blob(open)), &why);
	if (r == 0)
		return 0;
	if (r == E_ADDRESS_REFUSED || r == E_DRAINING)
		*e = why;
	else
		err_set(e, E_WEBHOOK_FAILED, "%s", why.msg);
	return e->code;
}

static int
keep(struct db_tx *tx, const struct sending *t, enum webhook_state old, struct err *e)
{
	enum webhook_state state = t->result == 0 ? WEBHOOK_DELIVERED
		: t->result == E_WEBHOOK_FAILED || t->result == E_DRAINING ? old : WEBHOOK_GIVEN_UP;
	struct in_webhook_delivery_put put = {.account = t->account, .id = t->delivery.id, .old = old, .state = state,
		.status = t->status, .error_code = STR(""), .error_text = STR("")};
	int r;

	if (t->result < 0) {
		put.error_code = str_c(err_info(t->result)->name);
		put.error_text = str_c(t->why->msg);
	}
	put.done_ms = state == WEBHOOK_WAITING ? 0 : tx->now_ms;
	r = q_webhook_delivery_put(tx, &put, e);
	return MIN(r, 0);
}

static int
load_hook(struct db_tx *tx, struct sending *t, struct err *e)
{
	enum language language;
	int r = q_webhook_get(tx, t->account, t->id, t->a, &t->hook, e);

	if (r > 0 && mail_language(tx, t->account, &language, e) < 0)
		return e->code;
	if (r > 0)
		t->language = t->hook.language < 0 ? language : (enum language)t->hook.language;
	t->now = tx->now_ms;
	return r;
}

/* -- the job */

static int
begin_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct sending *t = arg;
	enum webhook_state end = WEBHOOK_WAITING;
	int r = load_hook(tx, t, e);

	if (r == 0) { /* queued while the webhook was being removed */
		t->over = true;
		return MIN(q_webhook_delivery_delete(tx, t->account, t->id, e), 0);
	}
	if (r > 0)
		r = q_webhook_delivery_next(tx, t->account, t->id, t->a, &t->delivery, e);
	t->over = r == 0;
	if (r > 0)
		r = q_notice_get(tx, t->account, t->delivery.notice, t->a, &t->notice, e);
	if (r < 0 || t->over)
		return r;
	if (r == 0 || !t->hook.active || t->hook.off >> t->notice.kind & 1)
		end = WEBHOOK_DROPPED;
	else if (t->delivery.created_ms + policy_value("webhook-life", tx->now_ms) < tx->now_ms)
		end = WEBHOOK_GIVEN_UP;
	t->skip = end != WEBHOOK_WAITING;
	return t->skip ? MIN(q_webhook_delivery_end(tx, t->account, t->delivery.id, end, tx->now_ms, e), 0) : 0;
}

static int
end_body(struct db_tx *tx, void *arg, struct err *e)
{
	return keep(tx, arg, WEBHOOK_WAITING, e);
}

/* > 0: on with the next. */
static int
deliver_one(struct svc *s, int64_t account, int64_t id, struct err *e)
{
	ARENA(a);
	struct sending t = {.s = s, .account = account, .id = id, .a = &a, .why = e};
	ERR(settle);
	int r = svc_write(s, begin_body, &t, e);

	if (r < 0 || t.over)
		return r;
	if (t.skip)
		return 1;
	t.result = send_it(&t, e);
	r = svc_write(s, end_body, &t, &settle);
	if (r < 0)
		*e = settle;
	if (r < 0 || t.result == E_WEBHOOK_FAILED || t.result == E_DRAINING)
		return r < 0 ? r : t.result;
	return 1;
}

struct more {
	struct svc *s;
	int64_t account, id;
};

static int
more_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct more *t = arg;

	return jobs_add(tx, t->s, t->account, WORK_WEBHOOK, t->id, tx->now_ms, e);
}

int
webhook_run(struct svc *s, int64_t account, int64_t id, struct err *e)
{
	int64_t until = clock_mono_ms() + RUN_MS;
	struct more more = {s, account, id};
	int r = 1;

	if (atomic_fetch_add(&s->webhooks, 1) >= SENDING_MAX)
		r = err_set(e, E_BUSY, "other messages are on their way");
	while (r > 0 && clock_mono_ms() < until && !atomic_load(&s->stopping))
		r = deliver_one(s, account, id, e);
	atomic_fetch_sub(&s->webhooks, 1);
	return r > 0 ? svc_write(s, more_body, &more, e) : r;
}

/* -- a test */

/* Until it is known what came of it, it counts as lost. */
static int
test_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct sending *t = arg;
	int r = load_hook(tx, t, e);

	if (r == 0)
		return not_found(e, "webhook", t->id);
	if (r > 0)
		r = q_webhook_delivery_insert(tx, t->account, t->id, 0, WEBHOOK_GIVEN_UP, tx->now_ms, &t->delivery.id, e);
	return r < 0 ? r : audit_add(tx, t->s, t->c, "webhook.test", "webhooks", t->id, (struct str){NULL, 0}, e);
}

static int
tested_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct sending *t = arg;
	int r = keep(tx, t, WEBHOOK_GIVEN_UP, e);

	if (r == 0)
		r = q_webhook_delivery_get(tx, t->account, t->delivery.id, t->a, &t->delivery, e);
	return r == 0 ? not_found(e, "webhook", t->id) : MIN(r, 0);
}

int
webhook_test(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_webhook_delivery *ret,
	struct err *e)
{
	ERR(why);
	struct sending t = {.s = s, .account = c->account, .id = id, .c = c, .a = a, .why = &why};
	int r = svc_write(s, test_body, &t, e);

	if (r < 0)
		return r;
	t.result = send_it(&t, &why);
	r = svc_write(s, tested_body, &t, e);
	if (r == 0)
		*ret = t.delivery;
	return r;
}

static int
test_show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct sending *t = arg;
	int r = q_webhook_delivery_test(tx, t->account, t->id, t->a, &t->delivery, e);

	return r == 0 ? not_found(e, "webhook", t->id) : MIN(r, 0);
}

int
webhook_test_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_webhook_delivery *ret,
	struct err *e)
{
	struct sending t = {.s = s, .account = c->account, .id = id, .a = a};
	int r = svc_read(s, test_show_body, &t, e);

	if (r == 0)
		*ret = t.delivery;
	return r;
}
