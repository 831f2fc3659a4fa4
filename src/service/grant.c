/* SPDX-License-Identifier: Apache-2.0 */
#include "service/grant_priv.h"

#include "model/name.h"

/* The name itself and its highest ancestors: as far as a proof by DNS looks. */
#define LEVELS_MAX 16

struct search {
	struct db_tx *tx;
	int64_t account, since_ms;
	struct row_validation_record_proof best;
};

/* The newest proof that stands at this name. Elsewhere than at the name itself, and for wildcards,
 * only those by DNS or e-mail count: a file proves one name alone. */
static int
look(struct search *s, struct str name, bool any_method, struct err *e)
{
	struct row_validation_record_proof row;
	int r = q_validation_record_proof(
		s->tx, s->account, name, any_method, s->since_ms, s->tx->arena, &row, e);

	if (r > 0 && row.at_ms > s->best.at_ms)
		s->best = row;
	return MIN(r, 0);
}

static unsigned
levels_between(struct str name, struct str ancestor)
{
	unsigned n = 0;

	for (size_t i = 0; i + ancestor.n < name.n; i++)
		n += name.p[i] == '.';
	return n;
}

int
grant_find(struct db_tx *tx, const struct row_application *app, const struct row_application_name *n,
	struct grant *ret, struct err *e)
{
	int64_t window = grant_window_ms(app, tx->now_ms);
	struct search s = {.tx = tx, .account = app->account, .since_ms = tx->now_ms - window};
	struct str up = n->base;
	unsigned levels =
		name_below(n->base, n->registered) ? levels_between(n->base, n->registered) : 0;
	int r = look(&s, n->base, n->kind != NAME_WILDCARD, e);

	for (unsigned i = 1; r == 0 && i <= levels; i++) {
		str_cut(&up, '.');
		if (levels - i < LEVELS_MAX)
			r = look(&s, up, false, e);
	}
	if (r < 0 || !s.best.id)
		return r;
	*ret = (struct grant){.record = s.best.id, .until_ms = s.best.at_ms + window};
	return 1;
}

int64_t
grant_window_ms(const struct row_application *app, int64_t at_ms)
{
	const struct profile *p = profile_find(app->profile, (int)app->profile_version);

	return policy_value(p && !p->public_rules ? "private-domain-reuse" : "domain-reuse", at_ms);
}
