/* SPDX-License-Identifier: Apache-2.0 */
/* Renewals and merges in the reference model (SPEC 3.7, 3.14). */
#include "model.h"

#include <string.h>

int
m_successor(const struct model *m, int sub)
{
	for (size_t i = 0; i < m->n_subs; i++) {
		const struct m_sub *s = &m->subs[i];

		if (s->follows == sub + 1 && (s->state == MS_NOT_ACTIVATED || s->state == MS_ASSIGNED || s->state == MS_ACTIVE))
			return (int)i;
	}
	return -1;
}

bool
m_may_follow(const struct model *m, int sub, int64_t now)
{
	const struct m_sub *s = &m->subs[sub];

	if ((s->state != MS_ACTIVE && s->state != MS_EXPIRED) || !s->paid_until)
		return false;
	return now <= s->paid_until + M_RENEW && m_successor(m, sub) < 0;
}

int64_t
m_usable_from(const struct model *m, int sub, int64_t now)
{
	const struct m_sub *s = &m->subs[sub];

	return s->state == MS_ACTIVE && s->paid_until - M_RENEW > now ? s->paid_until - M_RENEW : 0;
}

unsigned
m_renew(const struct model *m, const struct m_purchase *p, bool other_product, int64_t now)
{
	int64_t balance = m->accounts[p->account].balance;

	if (!p->follows)
		return WANT_NOT_FOUND;
	if (!m_may_follow(m, p->follows - 1, now))
		return WANT_STATE;
	if (p->quantity != 1 || other_product || (p->months != 6 && p->months != 12 && p->months != 24))
		return WANT_INPUT;
	return p->pay && m_price(p) > balance ? WANT_MONEY : WANT_OK;
}

int
m_app_inherit(struct model *m, int sub, int64_t id)
{
	const struct m_sub *s = &m->subs[sub];
	const struct m_app *a = &m->apps[m_sub_last_issued(m, s->follows - 1)];
	struct m_form f = {.account = s->account, .addresses = a->addresses, .n = a->n};

	for (size_t i = 0; i < a->n; i++)
		memcpy(f.names[i], a->names[i].name, M_NAME_LEN);
	return m_app_add(m, &f, id, sub);
}

void
m_activate(struct model *m, int sub, int64_t now)
{
	struct m_sub *s = &m->subs[sub];

	if (s->state == MS_NOT_ACTIVATED && s->activates <= now)
		s->state = MS_ASSIGNED;
}

void
m_wake(struct model *m, int sub)
{
	for (size_t i = 0; i < m->n_subs; i++) {
		if (m->subs[i].follows == sub + 1)
			m->subs[i].activates = 0;
	}
}

/* -- merge */

static bool
may_merge(const struct model *m, int account, const int *subs, size_t n, int64_t now)
{
	int64_t common = 0, wildcards = 0;

	for (size_t i = 0; i < n; i++) {
		const struct m_sub *s = &m->subs[subs[i]];

		if (s->account != account || s->state != MS_UNASSIGNED || s->window_end <= now || !m_products[s->product].pro ||
			s->months != m->subs[subs[0]].months)
			return false;
		common += s->common;
		wildcards += s->wildcards;
	}
	return common && wildcards && common + wildcards <= m_products[M_HYBRID].names_max;
}

unsigned
m_merge(struct model *m, int account, const int64_t *ids, size_t n, int64_t now)
{
	struct m_sub *whole = NULL;
	bool missing = false;
	int subs[M_MERGE];

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (ids[k] == ids[i])
				return WANT_INPUT;
		}
		subs[i] = m_sub_find(m, account, ids[i]);
		missing = missing || subs[i] < 0;
	}
	if (missing)
		return WANT_NOT_FOUND;
	if (!may_merge(m, account, subs, n, now))
		return WANT_STATE | WANT_INPUT; /* one fault, or several */
	for (size_t i = 0; i < n; i++)
		whole = !whole || m->subs[subs[i]].id < whole->id ? &m->subs[subs[i]] : whole;
	for (size_t i = 0; i < n; i++) {
		struct m_sub *s = &m->subs[subs[i]];

		if (s == whole)
			continue;
		s->state = MS_MERGED;
		whole->common += s->common;
		whole->wildcards += s->wildcards;
		whole->price += s->price;
		whole->window_end = s->window_end < whole->window_end ? s->window_end : whole->window_end;
	}
	whole->product = M_HYBRID;
	whole->merged = true;
	return WANT_OK;
}
