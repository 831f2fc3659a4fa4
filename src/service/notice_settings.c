/* SPDX-License-Identifier: Apache-2.0 */
/* Who is told what: switches of users, contacts and certificates. */
#include "service/notice_priv.h"

int
notice_mask(const struct str *kinds, size_t n, const char *field, int64_t *ret, struct err *e)
{
	*ret = 0;
	for (size_t i = 0; i < n; i++) {
		int kind = word_find(words_notice_kind, kinds[i]);

		if (kind < 0)
			return err_field(e, E_FIELD_FORM, field, "\"%.*s\" is no kind of notice", STRF(kinds[i]));
		*ret |= NOTICE_BIT(kind);
	}
	return 0;
}

struct act {
	struct svc *s;
	const struct caller *c;
	enum notice_who who;
	int64_t id;
	const struct notice_settings_patch *in;
	int64_t off, on;
	struct arena *a;
	struct row_notice_settings *row;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = t->who == NOTICE_USER ? q_notice_settings_user(tx, t->c->account, t->id, t->a, t->row, e)
				      : q_notice_settings_contact(tx, t->c->account, t->id, t->a, t->row, e);

	return r == 0 ? not_found(e, words_notice_who[t->who], t->id) : MIN(r, 0);
}

static int
may(const struct act *t, struct err *e)
{
	if (t->who == NOTICE_CONTACT || t->id == t->c->user || role_has(t->c->role, RIGHT_MANAGE))
		return 0;
	return err_set(e, E_FORBIDDEN, "only an owner may see or change which notices another user gets");
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
notice_settings_show(struct svc *s, const struct caller *c, enum notice_who who, int64_t id, struct arena *a,
	struct row_notice_settings *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .who = who, .id = id, .a = a, .row = ret};
	int r = may(&t, e);

	return r < 0 ? r : svc_read(s, show_body, &t, e);
}

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t mail, language, off;
	int r = load(tx, t, e);

	if (r < 0)
		return r;
	mail = t->in->mail < 0 ? t->row->mail : t->in->mail;
	language = t->in->language < 0 ? t->row->language : t->in->language;
	off = (t->row->off | t->off) & ~t->on;
	r = t->who == NOTICE_USER
		? q_notice_settings_user_set(tx, t->c->account, t->id, mail, language, off, e)
		: q_notice_settings_contact_set(tx, t->c->account, t->id, mail, language, off, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "notice.settings", t->who == NOTICE_USER ? "users" : "contacts", t->id,
			(struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
notice_settings_change(struct svc *s, const struct caller *c, enum notice_who who, int64_t id,
	const struct notice_settings_patch *in, struct arena *a, struct row_notice_settings *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .who = who, .id = id, .in = in, .a = a, .row = ret};
	int r = may(&t, e);

	if (r == 0)
		r = notice_mask(in->off, in->n_off, "off", &t.off, e);
	if (r == 0)
		r = notice_mask(in->on, in->n_on, "on", &t.on, e);
	return r < 0 ? r : svc_write(s, change_body, &t, e);
}

/* -- certificates */

struct quiet {
	struct svc *s;
	const struct caller *c;
	int64_t id;
	bool on;
	struct row_notice_switch *row;
};

static int
switch_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct quiet *t = arg;
	int r = q_notice_switch_get(tx, t->c->account, t->id, tx->arena, t->row, e);

	return r == 0 ? not_found(e, "certificate", t->id) : MIN(r, 0);
}

static int
switch_change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct quiet *t = arg;
	int r = q_notice_switch_set(tx, t->c->account, t->id, !t->on, e);

	if (r > 0)
		r = audit_add(tx, t->s, t->c, "certificate.notices", "certificates", t->id,
			detail_kv(tx->arena, "on", t->on ? STR("yes") : STR("no")), e);
	return r < 0 ? r : switch_body(tx, t, e);
}

int
notice_switch_show(struct svc *s, const struct caller *c, int64_t certificate, struct row_notice_switch *ret,
	struct err *e)
{
	struct quiet t = {.c = c, .id = certificate, .row = ret};

	return svc_read(s, switch_body, &t, e);
}

int
notice_switch_change(struct svc *s, const struct caller *c, int64_t certificate, bool on,
	struct row_notice_switch *ret, struct err *e)
{
	struct quiet t = {.s = s, .c = c, .id = certificate, .on = on, .row = ret};

	return svc_write(s, switch_change_body, &t, e);
}
