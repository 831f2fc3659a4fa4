/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on applications and their proofs. */
#include "play.h"

#include <stdio.h>

#include "service/apply.h"
#include "service/purchase.h"
#include "service/svc_priv.h"

/* -- thinking of something */

/* An application, rather one in the state; sometimes asked for by another account, sometimes none. */
static int64_t
pick(struct play *p, unsigned states, int *ret_account, int *ret_app)
{
	int app = p->m.n_apps ? (int)play_below(p, p->m.n_apps) : -1;
	int64_t id = 999999999;

	for (int i = 0; i < 40 && app >= 0 && !(states & 1U << p->m.apps[app].state); i++)
		app = (int)play_below(p, p->m.n_apps);
	*ret_account = app >= 0 && !play_chance(p, 3) ? p->m.apps[app].account : (int)play_below(p, M_ACCOUNTS);
	if (app >= 0 && !play_chance(p, 2))
		id = p->m.apps[app].id;
	*ret_app = p->touched = m_app_find(&p->m, *ret_account, id);
	return id;
}

#define IN(state) (1U << (state))

static void
think_of_names(struct play *p, struct m_form *f)
{
	f->addresses = play_chance(p, 92);
	f->n = 1 + play_below(p, play_chance(p, 5) ? M_NAMES : 2);
	for (size_t i = 0; i < f->n; i++) {
		int k = ++p->names;

		if (f->addresses)
			snprintf(f->names[i], M_NAME_LEN, "127.%d.%d.%d", 16 + k / 62500, k / 250 % 250, 1 + k % 250);
		else
			snprintf(f->names[i], M_NAME_LEN, "n%d.model.test", k);
	}
}

static void
take_names(struct m_form *f, const struct m_app *a)
{
	f->addresses = a->addresses;
	f->n = a->n;
	for (size_t i = 0; i < a->n; i++)
		snprintf(f->names[i], M_NAME_LEN, "%s", a->names[i].name);
}

static struct apply
as_input(const struct m_form *f, struct str names[M_NAMES])
{
	for (size_t i = 0; i < f->n; i++)
		names[i] = str_c(f->names[i]);
	return (struct apply){.names = names, .n_names = f->n, .method = METHOD_FILE, .key_source = KEY_SOURCE_GENERATE,
		.key_alg = KEY_EC_P256, .submit = f->submit,
		.contact = {STR("Li Wei"), f->bad_contact ? STR("") : STR("li@example.com"), STR("+86 21 5555")}};
}

/* -- adopting what the service chose */

void
play_adopt_times(struct play *p, int app, const struct application_view *v, int64_t from)
{
	struct m_app *a = &p->m.apps[app];
	int64_t to = play_now(p);

	if (a->state == MA_VALIDATING && a->deadline >= from + M_VALIDATING - PLAY_SLACK_MS) {
		play_between(p, "the deadline", v->row.deadline_ms, from + M_VALIDATING, to + M_VALIDATING);
		a->deadline = v->row.deadline_ms;
	}
	if (a->word == MW_ASKED && a->word_until >= from + M_CONFIRM) {
		play_between(p, "the end of the waiting", v->confirmation.expires_ms, from + M_CONFIRM, to + M_CONFIRM);
		a->word_until = v->confirmation.expires_ms;
	}
	for (size_t i = 0; i < a->n; i++) {
		struct m_authz *z = &a->names[i];

		for (size_t k = 0; k < v->n_authzs; k++) {
			const struct row_authz *row = &v->authzs[k];
			int64_t until = z->valid ? row->proof_until_ms : row->token_expires_ms;

			if (!str_eq_c(row->name, z->name) || z->until < from)
				continue;
			play_between(p, z->name, until, z->until, z->until + (to - from));
			/* the proof was seen when the service says; what it is reused for counts from then */
			if (z->valid && z->until >= from + M_REUSE)
				m_proven(&p->m, a->account, z->name, until - M_REUSE);
			z->until = until;
		}
	}
}

static int
taken_subscription(struct play *p, const struct m_form *f, int64_t id)
{
	int sub = m_sub_find(&p->m, f->account, id);
	bool there;

	if (sub < 0 || (f->sub >= 0 && f->sub != sub) || (f->sub < 0 && !m_quota_fits(&p->m, f, sub, &there)))
		play_fail(p, "subscription %lld was taken", (long long)id);
	return sub;
}

/* -- acts */

static void
create(struct play *p)
{
	struct m_form f = {.account = (int)play_below(p, M_ACCOUNTS), .sub = -1, .bad_contact = play_chance(p, 3),
		.submit = play_chance(p, 60)};
	struct application_view v;
	struct str names[M_NAMES];
	struct apply in;
	int64_t from = play_now(p);
	int last = -1;
	ERR(e);

	f.product = play_chance(p, 35);
	think_of_names(p, &f);
	if (p->m.n_subs && play_chance(p, 35)) {
		f.sub = (int)play_below(p, p->m.n_subs);
		last = m_sub_last_issued(&p->m, f.sub);
		if (m_products[p->m.subs[f.sub].product].usable)
			f.product = p->m.subs[f.sub].product;
		else
			f.sub = last = -1;
	}
	if (f.sub >= 0 && last >= 0 && play_chance(p, 80))
		take_names(&f, &p->m.apps[last]);
	in = as_input(&f, names);
	in.product = str_c(m_products[f.product].code);
	in.subscription = f.sub < 0 ? 0 : p->m.subs[f.sub].id;
	play_tell(p, "account %d applies under %lld for %zu names from %s, submit %d%s", f.account,
		(long long)in.subscription, f.n, f.names[0], f.submit, f.bad_contact ? ", no e-mail" : "");
	if (f.sub >= 0 && p->m.subs[f.sub].account != f.account)
		f.sub = -2;
	if (!play_result(p, m_create(&p->m, &f), apply_create(p->w.svc, &p->callers[f.account], &in, &p->arena, &v, &e), &e))
		return;
	p->touched = m_app_add(&p->m, &f, v.row.id, taken_subscription(p, &f, v.row.subscription));
	if (f.submit)
		(void)m_submit(&p->m, p->touched, from);
	play_adopt_times(p, p->touched, &v, from);
}

static void
change(struct play *p)
{
	struct m_form f = {.bad_contact = play_chance(p, 3)};
	struct application_view v;
	struct str names[M_NAMES];
	struct apply_patch in;
	int app;
	int64_t id = pick(p, IN(MA_DRAFT) | IN(MA_FAILED) | IN(MA_CANCELLED), &f.account, &app);
	ERR(e);

	think_of_names(p, &f);
	if (app >= 0 && play_chance(p, 60))
		take_names(&f, &p->m.apps[app]);
	in = (struct apply_patch){.has = APPLY_NAMES | APPLY_CONTACT, .set = as_input(&f, names)};
	play_tell(p, "account %d edits application %lld: %zu names from %s%s", f.account, (long long)id, f.n, f.names[0],
		f.bad_contact ? ", no e-mail" : "");
	(void)play_result(p, m_change(&p->m, app, &f),
		apply_change(p->w.svc, &p->callers[f.account], id, 0, &in, &p->arena, &v, &e), &e);
}

static void
submit(struct play *p)
{
	struct application_view v;
	int account, app;
	int64_t id = pick(p, IN(MA_DRAFT), &account, &app), from = play_now(p);
	ERR(e);

	play_tell(p, "account %d submits application %lld", account, (long long)id);
	if (play_result(p, m_submit(&p->m, app, from), apply_submit(p->w.svc, &p->callers[account], id, &p->arena, &v, &e), &e))
		play_adopt_times(p, app, &v, from);
}

static void
cancel(struct play *p)
{
	struct application_view v;
	int account, app;
	int64_t id = pick(p, IN(MA_VALIDATING), &account, &app);
	ERR(e);

	play_tell(p, "account %d withdraws application %lld", account, (long long)id);
	(void)play_result(p, m_cancel(&p->m, app), apply_cancel(p->w.svc, &p->callers[account], id, &p->arena, &v, &e), &e);
}

static void
delete(struct play *p)
{
	int account, app;
	int64_t id = pick(p, IN(MA_DRAFT) | IN(MA_FAILED) | IN(MA_CANCELLED), &account, &app);
	ERR(e);

	play_tell(p, "account %d deletes application %lld", account, (long long)id);
	(void)play_result(p, m_delete_app(&p->m, app), apply_delete(p->w.svc, &p->callers[account], id, &e), &e);
	p->touched = -1;
}

/* The applicant puts the files up; sometimes not all of them. */
static void
publish(struct play *p)
{
	struct application_view v;
	int account, app;
	int64_t id = pick(p, IN(MA_VALIDATING), &account, &app);
	ERR(e);

	play_tell(p, "account %d publishes for application %lld", account, (long long)id);
	if (app < 0 || p->m.apps[app].state != MA_VALIDATING)
		return;
	world_need(apply_show(p->w.svc, &p->callers[account], id, &p->arena, &v, &e), &e, "application");
	for (size_t i = 0; i < p->m.apps[app].n; i++) {
		if (play_chance(p, 10))
			continue;
		m_publish(&p->m, app, i);
		for (size_t k = 0; k < v.n_authzs; k++) {
			if (str_eq_c(v.authzs[k].name, p->m.apps[app].names[i].name))
				proofs_put(p->proofs, p->m.apps[app].names[i].name, v.authzs[k].file_value);
		}
	}
}

/* -- looking, and issuing behind it */

/* Of the subscription that it follows. */
static int64_t
left_of(const struct model *m, const struct m_sub *s, int64_t now)
{
	const struct m_sub *before = s->follows ? &m->subs[s->follows - 1] : NULL;

	return before && before->state == MS_ACTIVE ? MAX(before->paid_until - now, 0) : 0;
}

void
play_after_proofs(struct play *p, int app, const struct application_view *v, int64_t from)
{
	struct m_app *a = &p->m.apps[app];
	struct m_sub *s = &p->m.subs[a->sub];
	const struct row_certificate *row = v->n_certificates == 1 ? &v->certificates[0] : NULL;
	struct row_subscription sub;
	int64_t to = play_now(p);
	ERR(e);

	if (!m_may_issue(&p->m, app) || !a->addresses) {
		/* the right is gone; or CAA cannot be looked up here */
		a->state = MA_FAILED;
		return;
	}
	if (!row)
		play_fail(p, "application %lld is %s with %zu certificates; the model has one issued", (long long)a->id,
			sm_name(&sm_application, (int)v->row.state), v->n_certificates);
	play_between(p, "issued", row->issued_ms, from, to);
	world_need(subscription_show(p->w.svc, &p->callers[a->account], s->id, &p->arena, &sub, &e), &e, "subscription");
	if (!s->paid_until) {
		int64_t left = left_of(&p->m, s, from), end = m_add_months(row->issued_ms, s->months);

		play_between(p, "paid_until", sub.paid_until_ms, m_add_months(from - PLAY_SLACK_MS, s->months) + left - (to - from),
			end + left);
		/* what is left of the one before makes no certificate longer */
		play_between(p, "notAfter", row->not_after_ms, row->issued_ms, end);
	}
	if (row->not_after_ms > sub.paid_until_ms || row->not_after_ms < row->issued_ms - PLAY_SLACK_MS)
		play_fail(p, "notAfter %lld is outside the paid period", (long long)row->not_after_ms);
	m_issue(&p->m, app, row->id, row->issued_ms, row->not_after_ms, sub.paid_until_ms);
}

static void
verify(struct play *p)
{
	struct verify_name *names;
	struct application_view v;
	int account, app;
	int64_t id = pick(p, IN(MA_VALIDATING), &account, &app), from = play_now(p);
	size_t n;
	ERR(e);

	/* names of DNS have nobody who answers here: see prove() */
	if (app >= 0 && p->m.apps[app].state == MA_VALIDATING && !p->m.apps[app].addresses)
		return;
	play_tell(p, "account %d verifies application %lld", account, (long long)id);
	if (!play_result(p, m_verify(&p->m, app, from),
		    apply_verify(p->w.svc, &p->callers[account], id, &p->arena, &v, &names, &n, &e), &e))
		return;
	if (p->m.apps[app].state == MA_ISSUING)
		play_after_proofs(p, app, &v, from);
	play_adopt_times(p, app, &v, from);
}

struct proving {
	struct play *p;
	int64_t account, id, until;
};

static int
prove_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct proving *t = arg;
	struct row_authz *z;
	size_t n;
	int r = q_authz_list(tx, t->account, t->id, tx->arena, &z, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		/* also where an earlier proof has run out */
		r = q_authz_renew(tx, t->account, z[i].id, z[i].dns_value, z[i].file_value, t->until, e);
		if (r >= 0)
			r = q_authz_prove(tx, t->account, z[i].id, 1, t->until, e);
	}
	return r < 0 ? r : 0;
}

/* Names of DNS are proven by hand; their CAA cannot be looked up, and that fails the application. */
static void
prove(struct play *p)
{
	struct proving t = {.p = p, .until = play_now(p) + M_DAY};
	struct verify_name *names;
	struct application_view v;
	int account, app;
	size_t n;
	ERR(e);

	t.id = pick(p, IN(MA_VALIDATING), &account, &app);
	if (app < 0 || p->m.apps[app].state != MA_VALIDATING || p->m.apps[app].addresses)
		return;
	play_tell(p, "application %lld is proven without CAA", (long long)t.id);
	t.account = p->callers[account].account;
	world_need(db_write(p->w.db, prove_body, &t, &e), &e, "prove");
	m_prove(&p->m, app, t.until);
	if (play_result(p, m_verify(&p->m, app, play_now(p)),
		    apply_verify(p->w.svc, &p->callers[account], t.id, &p->arena, &v, &names, &n, &e), &e) &&
		p->m.apps[app].state == MA_ISSUING)
		play_after_proofs(p, app, &v, play_now(p));
}

struct act acts_apply[] = {
	{"create", 22, create, 0, 0},
	{"edit", 6, change, 0, 0},
	{"submit", 10, submit, 0, 0},
	{"publish", 20, publish, 0, 0},
	{"verify", 24, verify, 0, 0},
	{"prove without CAA", 2, prove, 0, 0},
	{"withdraw", 4, cancel, 0, 0},
	{"delete", 4, delete, 0, 0},
	{NULL, 0, NULL, 0, 0},
};
