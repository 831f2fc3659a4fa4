/* SPDX-License-Identifier: Apache-2.0 */
/* Tickets of the reference model. */
#include "model.h"

#include <stdlib.h>

unsigned
m_ticket_open(const struct model *m, int account, bool mine)
{
	int alive = 0;

	for (size_t i = 0; i < m->n_tickets; i++)
		alive += m->tickets[i].account == account && m->tickets[i].state != MT_CLOSED;
	if (alive >= M_TICKETS_ALIVE)
		return WANT_STATE;
	return mine ? WANT_OK : WANT_INPUT;
}

int
m_ticket_add(struct model *m, int account, int64_t id, bool urgent)
{
	if (m->n_tickets == M_ROWS)
		abort();
	m->tickets[m->n_tickets] =
		(struct m_ticket){.id = id, .account = account, .urgent = urgent, .since = ++m->words, .words = 1};
	return (int)m->n_tickets++;
}

unsigned
m_ticket_say(struct model *m, int ticket, bool staff)
{
	struct m_ticket *t = ticket < 0 ? NULL : &m->tickets[ticket];
	enum m_ticket_state to = staff ? MT_ANSWERED : MT_OPEN;

	if (!t)
		return WANT_NOT_FOUND;
	if (t->state == MT_CLOSED)
		return WANT_STATE;
	m->words++;
	t->words++;
	if (t->state != to) {
		t->state = to;
		t->since = m->words;
	}
	return WANT_OK;
}

unsigned
m_ticket_close(struct model *m, int ticket)
{
	if (ticket < 0)
		return WANT_NOT_FOUND;
	if (m->tickets[ticket].state == MT_CLOSED)
		return WANT_STATE;
	m->tickets[ticket].state = MT_CLOSED;
	return WANT_OK;
}

unsigned
m_ticket_record(struct model *m, int ticket, bool mine)
{
	if (ticket < 0)
		return WANT_NOT_FOUND;
	if (!mine || m->tickets[ticket].state == MT_CLOSED)
		return WANT_INPUT;
	m->tickets[ticket].acts++;
	return WANT_OK;
}

static bool
before(const struct m_ticket *a, const struct m_ticket *b)
{
	return a->urgent != b->urgent ? a->urgent : a->since < b->since;
}

int
m_ticket_at(const struct model *m, enum m_ticket_state state, size_t place)
{
	for (size_t i = 0; i < m->n_tickets; i++) {
		size_t ahead = 0;

		if (m->tickets[i].state != state)
			continue;
		for (size_t k = 0; k < m->n_tickets; k++)
			ahead += m->tickets[k].state == state && before(&m->tickets[k], &m->tickets[i]);
		if (ahead == place)
			return (int)i;
	}
	return -1;
}
