/* SPDX-License-Identifier: Apache-2.0 */
#include "lint/lint_priv.h"

#include <stdio.h>

static const struct lint_table *const tables[] = {
	&lint_base_rules, &lint_dn_rules, &lint_name_rules, &lint_ext_rules};

void
lint_hit(struct lint_out *out, const char *place)
{
	struct lint_finding *f;

	if (out->n == out->room) {
		struct lint_finding *more;

		out->room = out->room ? out->room * 2 : 8;
		more = arena_new_n(out->a, out->room, struct lint_finding);
		if (out->n)
			memcpy(more, out->found, out->n * sizeof(*more));
		out->found = more;
	}
	f = &out->found[out->n++];
	f->rule = out->rule;
	snprintf(f->place, sizeof(f->place), "%s", place);
}

void
lint_hit_text(struct lint_out *out, struct blob text)
{
	char place[LINT_PLACE_MAX];
	size_t n = MIN(text.n, sizeof(place) - 1);

	for (size_t i = 0; i < n; i++)
		place[i] = text.p[i] > ' ' && text.p[i] < 0x7f ? (char)text.p[i] : '?';
	place[n] = 0;
	lint_hit(out, place);
}

static unsigned
scope_of(const struct lint_view *v)
{
	if (!v->ca)
		return LINT_LEAF;
	return v->self_issued ? LINT_ROOT : LINT_SUB_CA;
}

static bool
applies(const struct lint_row *row, const struct lint_view *v, unsigned scope)
{
	if (!(row->scope & scope) || row->rule.from_ms > v->not_before_ms)
		return false;
	return !(row->scope & LINT_PUBLIC) || v->conf->public_rules;
}

int
lint_tbs(struct blob tbs, const struct lint_conf *conf, struct arena *a, struct lint_finding **ret,
	size_t *ret_n, struct err *e)
{
	struct lint_out out = {.a = a};
	struct lint_view v;
	unsigned scope;

	if (!lint_view_read(tbs, conf, a, &v))
		return err_set(e, E_CERT_UNREADABLE, "%zu bytes are no DER of a TBSCertificate", tbs.n);
	lint_view_decode(&v);
	scope = scope_of(&v);
	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct lint_row *row = &tables[t]->row[i];

			out.rule = &row->rule;
			if (applies(row, &v, scope))
				row->check(&v, &out);
		}
	}
	*ret = out.found;
	*ret_n = out.n;
	return 0;
}

const struct lint_rule *
lint_next(const struct lint_rule *r)
{
	bool next = !r;

	for (size_t t = 0; t < ARRAY_LEN(tables); t++) {
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct lint_rule *here = &tables[t]->row[i].rule;

			if (next)
				return here;
			next = here == r;
		}
	}
	return NULL;
}
