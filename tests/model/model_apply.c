/* SPDX-License-Identifier: Apache-2.0 */
/* Applications and proofs of the reference model. */
#include "model.h"

#include <stdlib.h>
#include <string.h>

bool
m_app_open(const struct m_app *a)
{
	return a->state < MA_ISSUED;
}

int
m_sub_open(const struct model *m, int sub)
{
	for (size_t i = 0; i < m->n_apps; i++) {
		if (m->apps[i].sub == sub && m_app_open(&m->apps[i]))
			return (int)i;
	}
	return -1;
}

int
m_sub_last_issued(const struct model *m, int sub)
{
	int last = -1;

	for (size_t i = 0; i < m->n_apps; i++) {
		if (m->apps[i].sub == sub && m->apps[i].state == MA_ISSUED)
			last = (int)i;
	}
	return last;
}

static bool
same_names(const struct m_app *a, const struct m_form *f)
{
	size_t hit = 0;

	for (size_t i = 0; i < a->n; i++) {
		for (size_t k = 0; k < f->n; k++)
			hit += strcmp(a->names[i].name, f->names[k]) == 0;
	}
	return a->n == f->n && hit == f->n;
}

static unsigned
form_faults(const struct m_form *f)
{
	return f->bad_contact || f->n == 0 ? WANT_INPUT : 0;
}

bool
m_quota_fits(const struct model *m, const struct m_form *f, int sub, bool *ret_there)
{
	const struct m_sub *s = &m->subs[sub];

	*ret_there = s->account == f->account && s->product == f->product && s->state == MS_UNASSIGNED;
	return *ret_there && s->common >= (int64_t)f->n;
}

static unsigned
create_from_quota(const struct model *m, const struct m_form *f)
{
	bool any = false, there;

	for (size_t i = 0; i < m->n_subs; i++) {
		if (m_quota_fits(m, f, (int)i, &there))
			return WANT_OK;
		any |= there;
	}
	return any ? WANT_INPUT : WANT_STATE;
}

static unsigned
create_given(const struct model *m, const struct m_form *f)
{
	const struct m_sub *s = &m->subs[f->sub];
	int last = m_sub_last_issued(m, f->sub);

	if (m_sub_open(m, f->sub) >= 0)
		return WANT_STATE;
	if (s->state == MS_ACTIVE)
		return last >= 0 && same_names(&m->apps[last], f) ? WANT_OK : WANT_INPUT;
	if (s->state != MS_UNASSIGNED)
		return WANT_STATE;
	return (int64_t)f->n > s->common ? WANT_INPUT : WANT_OK;
}

unsigned
m_create(const struct model *m, const struct m_form *f)
{
	unsigned faults = form_faults(f), rest;

	if (f->sub == -2)
		return WANT_NOT_FOUND;
	rest = f->sub < 0 ? create_from_quota(m, f) : create_given(m, f);
	if (faults)
		return faults | (rest & ~(unsigned)WANT_OK);
	return rest;
}

static void
set_names(struct m_app *a, const struct m_form *f)
{
	struct m_authz old[M_NAMES];
	size_t n_old = a->n;

	memcpy(old, a->names, sizeof(old));
	memset(a->names, 0, sizeof(a->names));
	a->n = f->n;
	a->addresses = f->addresses;
	for (size_t i = 0; i < f->n; i++) {
		memcpy(a->names[i].name, f->names[i], M_NAME_LEN);
		for (size_t k = 0; k < n_old; k++) {
			if (strcmp(old[k].name, f->names[i]) == 0)
				a->names[i] = old[k];
		}
	}
}

int
m_app_add(struct model *m, const struct m_form *f, int64_t id, int sub)
{
	struct m_app *a = &m->apps[m->n_apps];

	if (m->n_apps == M_ROWS)
		abort();
	*a = (struct m_app){.id = id, .account = f->account, .sub = sub,
		.ov = m_products[m->subs[sub].product].ov};
	set_names(a, f);
	if (m->subs[sub].state == MS_UNASSIGNED)
		m->subs[sub].state = MS_ASSIGNED;
	return (int)m->n_apps++;
}

unsigned
m_change(struct model *m, int app, const struct m_form *f)
{
	struct m_app *a = app < 0 ? NULL : &m->apps[app];
	const struct m_sub *s = a ? &m->subs[a->sub] : NULL;
	unsigned bad = form_faults(f), wrong = 0;
	int open, last;

	if (!a || a->state == MA_DELETED)
		return WANT_NOT_FOUND;
	open = m_sub_open(m, a->sub);
	last = m_sub_last_issued(m, a->sub);
	if (a->state != MA_DRAFT && a->state != MA_FAILED && a->state != MA_CANCELLED)
		wrong = WANT_STATE;
	if (open >= 0 && open != app)
		wrong = WANT_STATE;
	if ((int64_t)f->n > s->common || (s->state == MS_ACTIVE && last >= 0 && !same_names(&m->apps[last], f)))
		bad |= WANT_INPUT;
	if (bad || wrong)
		return bad | wrong;
	a->state = MA_DRAFT;
	set_names(a, f);
	m_word_void(a);
	return WANT_OK;
}

static struct m_proof *
proof_of(struct model *m, int account, const char *name)
{
	for (size_t i = 0; i < m->n_proofs; i++) {
		if (m->proofs[i].account == account && strcmp(m->proofs[i].name, name) == 0)
			return &m->proofs[i];
	}
	return NULL;
}

void
m_proven(struct model *m, int account, const char *name, int64_t at)
{
	struct m_proof *p = proof_of(m, account, name);

	if (!p) {
		if (m->n_proofs == M_ROWS)
			abort();
		p = &m->proofs[m->n_proofs++];
		p->account = account;
		memcpy(p->name, name, M_NAME_LEN);
	}
	p->at = at;
}

/* A value that is not alive any more is replaced by a new one, unless the account has a proof that still counts. */
static void
ask(struct model *m, int account, struct m_authz *z, int64_t now)
{
	const struct m_proof *p = proof_of(m, account, z->name);

	if (z->asked && z->until > now)
		return;
	z->asked = true;
	z->valid = p && p->at + M_REUSE > now;
	z->token = ++m->tokens;
	z->until = z->valid ? p->at + M_REUSE : now + M_TOKEN_LIFE;
}

void
m_ask_proofs(struct model *m, int app, int64_t now)
{
	struct m_app *a = &m->apps[app];

	for (size_t i = 0; i < a->n; i++)
		ask(m, a->account, &a->names[i], now);
}

unsigned
m_submit(struct model *m, int app, int64_t now)
{
	struct m_app *a = app < 0 ? NULL : &m->apps[app];

	if (!a || a->state == MA_DELETED)
		return WANT_NOT_FOUND;
	if (a->state != MA_DRAFT || !m_may_issue(m, app))
		return WANT_STATE;
	a->state = MA_VALIDATING;
	a->sent = true;
	a->deadline = now + M_VALIDATING;
	m_ask_proofs(m, app, now);
	m_ask_word(a, now);
	return WANT_OK;
}

unsigned
m_cancel(struct model *m, int app)
{
	struct m_app *a = app < 0 ? NULL : &m->apps[app];

	if (!a || a->state == MA_DELETED)
		return WANT_NOT_FOUND;
	if (a->state != MA_VALIDATING && a->state != MA_REVIEWING)
		return WANT_STATE;
	a->state = MA_CANCELLED;
	return WANT_OK;
}

/* Quota like any other: it follows nobody. */
static struct m_sub
unassigned(const struct m_sub *was)
{
	struct m_sub s = *was;

	s.state = MS_UNASSIGNED;
	s.follows = 0;
	return s;
}

unsigned
m_delete_app(struct model *m, int app)
{
	struct m_app *a = app < 0 ? NULL : &m->apps[app];

	if (!a || a->state == MA_DELETED)
		return WANT_NOT_FOUND;
	if (a->state != MA_DRAFT && a->state != MA_FAILED && a->state != MA_CANCELLED)
		return WANT_STATE;
	a->state = MA_DELETED;
	if (m->subs[a->sub].state == MS_ASSIGNED)
		m->subs[a->sub] = unassigned(&m->subs[a->sub]);
	return WANT_OK;
}

void
m_publish(struct model *m, int app, size_t name)
{
	const struct m_authz *z = &m->apps[app].names[name];
	size_t i = 0;

	while (i < m->n_files && strcmp(m->files[i].name, z->name) != 0)
		i++;
	if (i == M_ROWS)
		abort();
	m->n_files += i == m->n_files;
	m->files[i] = (struct m_file){.app = app, .token = z->token};
	memcpy(m->files[i].name, z->name, M_NAME_LEN);
}

static bool
published(const struct model *m, int app, const struct m_authz *z)
{
	for (size_t i = 0; i < m->n_files; i++) {
		if (strcmp(m->files[i].name, z->name) == 0)
			return m->files[i].app == app && m->files[i].token == z->token;
	}
	return false;
}

void
m_prove(struct model *m, int app, int64_t until)
{
	for (size_t i = 0; i < m->apps[app].n; i++) {
		m->apps[app].names[i].valid = true;
		m->apps[app].names[i].until = until;
	}
}

unsigned
m_verify(struct model *m, int app, int64_t now)
{
	struct m_app *a = app < 0 ? NULL : &m->apps[app];
	size_t proven = 0;

	if (!a || a->state == MA_DELETED)
		return WANT_NOT_FOUND;
	if (a->state == MA_DRAFT || a->state == MA_CANCELLED || a->state == MA_CLOSED)
		return WANT_STATE;
	if (a->state != MA_VALIDATING)
		return WANT_OK;
	for (size_t i = 0; i < a->n; i++) {
		struct m_authz *z = &a->names[i];

		if (!z->valid && z->until > now && published(m, app, z)) {
			z->valid = true;
			z->until = now + M_REUSE;
			m_proven(m, a->account, z->name, now);
		}
		ask(m, a->account, z, now);
		proven += z->valid && z->until > now;
	}
	if (proven == a->n)
		a->state = a->ov ? MA_REVIEWING : MA_ISSUING;
	return WANT_OK;
}

bool
m_may_issue(const struct model *m, int app)
{
	enum m_sub_state s = m->subs[m->apps[app].sub].state;

	return s == MS_ASSIGNED || s == MS_ACTIVE;
}

int
m_issue(struct model *m, int app, int64_t id, int64_t issued, int64_t not_after, int64_t paid_until)
{
	struct m_app *a = &m->apps[app];
	struct m_sub *s = &m->subs[a->sub];

	if (m->n_certs == M_ROWS)
		abort();
	m->certs[m->n_certs] = (struct m_cert){.id = id, .account = a->account, .app = app, .sub = a->sub,
		.issued = issued, .not_after = not_after};
	a->state = MA_ISSUED;
	if (s->state == MS_ASSIGNED) {
		s->state = MS_ACTIVE;
		s->first_issued = issued;
		s->paid_until = paid_until;
	}
	return (int)m->n_certs++;
}
