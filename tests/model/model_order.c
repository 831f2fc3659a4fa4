/* SPDX-License-Identifier: Apache-2.0 */
/* Closing and opening again, and sending back, in the reference model. */
#include "model.h"

/* The application that belongs to the order: the newest that was not deleted. */
static struct m_app *
app_of(struct model *m, int sub)
{
	for (size_t i = m->n_apps; i > 0; i--) {
		if (m->apps[i - 1].sub == sub && m->apps[i - 1].state != MA_DELETED)
			return &m->apps[i - 1];
	}
	return NULL;
}

void
m_close_app(struct m_app *a)
{
	a->before = a->state;
	a->state = MA_CLOSED;
	/* values to publish die, proofs stay */
	for (size_t i = 0; i < a->n; i++) {
		if (!a->names[i].valid)
			a->names[i].until = 0;
	}
}

unsigned
m_close(struct model *m, int sub)
{
	struct m_sub *s = sub < 0 ? NULL : &m->subs[sub];
	struct m_app *a = s ? app_of(m, sub) : NULL;

	if (!s)
		return WANT_NOT_FOUND;
	if (s->state != MS_UNASSIGNED && s->state != MS_NOT_ACTIVATED && s->state != MS_ASSIGNED)
		return WANT_STATE;
	if (a && (a->state == MA_ISSUING || a->state == MA_READY))
		return WANT_STATE;
	s->before = s->state;
	s->state = MS_CLOSED;
	if (a)
		m_close_app(a);
	return WANT_OK;
}

unsigned
m_reopen(struct model *m, int sub, int64_t now)
{
	struct m_sub *s = sub < 0 ? NULL : &m->subs[sub];
	struct m_app *a = s ? app_of(m, sub) : NULL;
	bool on = a && a->state == MA_CLOSED && (a->before == MA_VALIDATING || a->before == MA_REVIEWING);

	if (!s)
		return WANT_NOT_FOUND;
	if (s->state != MS_CLOSED || (s->window_end < now && !on))
		return WANT_STATE;
	if (s->follows && m_successor(m, s->follows - 1) >= 0)
		return WANT_STATE;
	s->state = s->before;
	if (s->follows && m->subs[s->follows - 1].state != MS_ACTIVE)
		s->activates = 0;
	if (!a || a->state != MA_CLOSED)
		return WANT_OK;
	a->state = MA_DRAFT;
	return on ? m_submit(m, (int)(a - m->apps), now) : WANT_OK;
}

unsigned
m_correct(struct model *m, int app)
{
	struct m_app *a = app < 0 ? NULL : &m->apps[app];

	if (!a || a->state == MA_DELETED)
		return WANT_NOT_FOUND;
	if (a->state != MA_VALIDATING && a->state != MA_REVIEWING)
		return WANT_STATE;
	a->state = MA_DRAFT;
	return WANT_OK;
}
