/* SPDX-License-Identifier: Apache-2.0 */
#include "service/webhook.h"

#include "net/url.h"
#include "service/notice.h"
#include "service/svc_priv.h"
#include "validate/validate.h"

#define WEBHOOKS_MAX 20

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t id, version, off, on;
	const struct webhook_new *in;
	const struct webhook_patch *patch;
	struct str host;
	bool is_signed;
	struct seal_name name;
	struct blob sealed;
	const struct page *page;
	struct arena *a;
	struct row_webhook *row;
	struct row_webhook_delivery *deliveries;
	size_t n;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_webhook_get(tx, t->c->account, t->id, t->a, t->row, e);

	return r == 0 ? not_found(e, "webhook", t->id) : MIN(r, 0);
}

/* -- making */

/* What may be shown of it: the path is as good as a password. */
static void
read_url(struct act *t, struct err *e)
{
	unsigned plain = settings_of(t->s)->n_webhook_allow;
	struct url u;
	bool six;

	if (!url_read(t->in->url, &u)) {
		err_note(e, E_WEBHOOK_URL, "url", "the address is not of the form https://HOST[:PORT]/PATH");
		return;
	}
	if (!u.https && !plain)
		err_note(e, E_WEBHOOK_URL, "url", "the address begins with http://; messages go over https:// only");
	six = str_find(u.host, ':') >= 0;
	t->host = arena_printf(t->a, "%s://%s%.*s%s", u.https ? "https" : "http", six ? "[" : "", STRF(u.host),
		six ? "]" : "");
	if (u.port != (u.https ? 443 : 80))
		t->host = arena_printf(t->a, "%.*s:%u", STRF(t->host), u.port);
}

static int
read_new(struct act *t, struct str *ret_secret, struct str *ret_made, struct err *e)
{
	char made[CHALLENGE_LEN + 1];
	enum webhook_type type = t->in->type;

	*ret_secret = t->in->secret;
	*ret_made = (struct str){NULL, 0};
	read_url(t, e);
	if (t->in->secret.p && (type == WEBHOOK_WECOM || type == WEBHOOK_SLACK))
		err_note(e, E_WEBHOOK_SECRET, "secret", "webhooks of the type %s have no secret", words_webhook_type[type]);
	if (!t->in->secret.p && type == WEBHOOK_GENERIC) {
		challenge_new(made);
		*ret_secret = *ret_made = arena_str(t->a, str_c(made));
		wipe(made, sizeof(made));
	}
	t->is_signed = ret_secret->p != NULL;
	return err_faults(e);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t n = 0;
	int r = q_account_hold(tx, t->c->account, e);

	if (r >= 0)
		r = q_webhook_count(tx, t->c->account, &n, e);
	if (r >= 0 && n >= WEBHOOKS_MAX)
		return err_set(e, E_TOO_LARGE, "the account has %d webhooks; there is no room for more", WEBHOOKS_MAX);
	if (r >= 0)
		r = q_webhook_insert(tx,
			&(struct in_webhook_insert){.account = t->c->account, .type = t->in->type, .name = t->in->name,
				.host = t->host, .is_signed = t->is_signed, .seal_id = BLOB(t->name.id, 16),
				.sealed = t->sealed, .language = t->in->language, .off = t->off, .now = tx->now_ms},
			&t->id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "webhook.create", "webhooks", t->id,
			detail_2kv(tx->arena, "type", str_c(words_webhook_type[t->in->type]), "host", t->host), e);
	return r < 0 ? r : load(tx, t, e);
}

/* "<address>\n<secret>": neither holds a line's end. */
static int
seal(struct act *t, struct str secret, struct err *e)
{
	SECRET(plain);

	plain = secret_new(t->in->url.n + 1 + secret.n);
	memcpy(plain->p, t->in->url.p, t->in->url.n);
	plain->p[t->in->url.n] = '\n';
	if (secret.n)
		memcpy(plain->p + t->in->url.n + 1, secret.p, secret.n);
	return signer_seal(t->s->conf.signer, t->c->account, secret_blob(plain), t->a, &t->name, &t->sealed, e);
}

int
webhook_create(struct svc *s, const struct caller *c, const struct webhook_new *in, struct arena *a,
	struct row_webhook *ret, struct str *ret_secret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .a = a, .row = ret};
	struct str secret, made;
	int r = read_new(&t, &secret, &made, e);

	if (r == 0)
		r = notice_mask(in->off, in->n_off, "off", &t.off, e);
	if (r == 0)
		r = seal(&t, secret, e);
	if (r == 0)
		r = svc_write(s, create_body, &t, e);
	if (r == 0)
		*ret_secret = made;
	return r;
}

/* -- editing */

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct webhook_patch *in = t->patch;
	int r = load(tx, t, e);

	if (r < 0)
		return r;
	if (version_fits("webhook", t->id, t->version, t->row->version, e) < 0)
		return e->code;
	r = q_webhook_update(tx,
		&(struct in_webhook_update){.account = t->c->account, .id = t->id, .version = t->row->version,
			.name = in->name.p ? in->name : t->row->name, .active = in->active < 0 ? t->row->active : in->active,
			.language = in->language < 0 ? t->row->language : in->language,
			.off = (t->row->off | t->off) & ~t->on},
		e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "webhook %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "webhook.change", "webhooks", t->id, (struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
webhook_change(struct svc *s, const struct caller *c, int64_t id, int64_t version, const struct webhook_patch *in,
	struct arena *a, struct row_webhook *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .version = version, .patch = in, .a = a, .row = ret};
	int r = notice_mask(in->off, in->n_off, "off", &t.off, e);

	if (r == 0)
		r = notice_mask(in->on, in->n_on, "on", &t.on, e);
	return r < 0 ? r : svc_write(s, change_body, &t, e);
}

static int
remove_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_webhook_delete(tx, t->c->account, t->id, e);

	if (r == 0)
		return not_found(e, "webhook", t->id);
	if (r > 0)
		r = q_webhook_delivery_delete(tx, t->c->account, t->id, e);
	return r < 0 ? r : audit_add(tx, t->s, t->c, "webhook.remove", "webhooks", t->id, (struct str){NULL, 0}, e);
}

int
webhook_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id};

	return svc_write(s, remove_body, &t, e);
}

/* -- showing */

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
webhook_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_webhook *ret, struct err *e)
{
	struct act t = {.c = c, .id = id, .a = a, .row = ret};

	return svc_read(s, show_body, &t, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_webhook_list(tx, t->c->account, page_before(t->page), t->page->limit + 1, t->a, &t->row, &t->n, e);
}

int
webhook_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_webhook **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.c = c, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.row;
	*ret_n = t.n;
	return 0;
}

static int
deliveries_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	return r < 0 ? r
		     : q_webhook_delivery_list(tx, t->c->account, t->id, page_before(t->page), t->page->limit + 1, t->a,
			       &t->deliveries, &t->n, e);
}

int
webhook_deliveries(struct svc *s, const struct caller *c, int64_t id, const struct page *page, struct arena *a,
	struct row_webhook_delivery **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct row_webhook row;
	struct act t = {.c = c, .id = id, .page = page, .a = a, .row = &row};
	int r = svc_read(s, deliveries_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.deliveries;
	*ret_n = t.n;
	return 0;
}

/* -- queueing */

int
webhook_queue(struct db_tx *tx, const struct svc *s, int64_t account, enum notice_kind kind, int64_t notice, struct err *e)
{
	struct row_webhook_active *rows;
	size_t n;
	int r = q_webhook_active(tx, account, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		int64_t id;

		if (rows[i].off >> kind & 1)
			continue;
		r = q_webhook_delivery_insert(tx, account, rows[i].id, notice, WEBHOOK_WAITING, tx->now_ms, &id, e);
		if (r >= 0)
			r = jobs_add(tx, s, account, WORK_WEBHOOK, rows[i].id, tx->now_ms, e);
	}
	return MIN(r, 0);
}
