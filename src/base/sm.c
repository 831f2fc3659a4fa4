/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sm.h"

#include <stdio.h>

bool
sm_legal(const struct sm *m, int from, int to, enum sm_who who)
{
	BUG_ON(from < 0 || from >= m->n || to < 0 || to >= m->n);
	for (int i = 0; i < SM_MOVES_MAX && m->states[from].moves[i].who; i++) {
		const struct sm_move *mv = &m->states[from].moves[i];

		if (mv->to == to && (mv->who & who))
			return true;
	}
	return false;
}

int
sm_move(const struct sm *m, int from, int to, enum sm_who who, struct err *e)
{
	char list[160] = "";
	size_t n = 0;

	if (sm_legal(m, from, to, who))
		return 0;
	for (int i = 0; i < m->n; i++) {
		if (sm_legal(m, i, to, who) && n < sizeof(list) - 1)
			n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s", n ? ", " : "",
				m->states[i].name);
	}
	err_set(e, E_STATE_REFUSED, "the %s is %s and cannot become %s", m->noun,
		m->states[from].name, m->states[to].name);
	if (list[0])
		err_hint(e, "This is possible only when it is %s.", list);
	return e->code;
}

const char *
sm_name(const struct sm *m, int state)
{
	BUG_ON(state < 0 || state >= m->n);
	return m->states[state].name;
}

int
sm_by_name(const struct sm *m, struct str name)
{
	for (int i = 0; i < m->n; i++) {
		if (str_eq_c(name, m->states[i].name))
			return i;
	}
	return -1;
}
