/* SPDX-License-Identifier: Apache-2.0 */
#include "service/purchase_names.h"

/* A text of the bill's column: 250 names of 253 characters and the blanks between them. */
#define TEXT_MAX (APPLY_NAMES_MAX * 254)

enum key_alg
usual_algorithm(const struct row_product *p)
{
	struct str rest = p->algorithms;
	enum key_alg first = KEY_NONE;

	while (rest.p) {
		enum key_alg alg = key_alg_by_name(str_cut(&rest, ' '));

		if (alg == KEY_EC_P256)
			return alg;
		first = first == KEY_NONE ? alg : first;
	}
	return first;
}

int
purchase_names_read(const struct row_product *p, const struct str *names, size_t n, struct arena *a,
	struct apply *ret_apply, struct form *ret, struct err *e)
{
	*ret_apply = (struct apply){.names = names, .n_names = n, .names_only = true,
		.method = p->internal           ? METHOD_INTERNAL
			: p->ip                 ? METHOD_FILE
			: p->type != TYPE_DV    ? METHOD_EMAIL
						: METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = usual_algorithm(p)};
	return form_read(ret_apply, p, a, ret, e);
}

void
purchase_names_count(const struct form *f, int64_t *ret_common, int64_t *ret_wildcard)
{
	*ret_common = *ret_wildcard = 0;
	for (size_t i = 0; i < f->n_names; i++) {
		if (!f->names[i].companion)
			++*(f->names[i].name.kind == NAME_WILDCARD ? ret_wildcard : ret_common);
	}
}

struct str
purchase_names_text(const struct form *f, struct arena *a)
{
	BUF(b, TEXT_MAX);

	for (size_t i = 0; i < f->n_names; i++) {
		if (f->names[i].companion)
			continue;
		if (b.n)
			buf_put_c(&b, " ");
		buf_put_str(&b, f->names[i].name.ascii);
	}
	BUG_ON(b.over);
	return arena_str(a, buf_str(&b));
}

int
purchase_names_bind(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_product *p,
	const struct row_subscription *sub, struct str text, struct err *e)
{
	struct str *names = arena_new_n(tx->arena, APPLY_NAMES_MAX, struct str);
	struct apply in;
	struct form f;
	size_t n = 0;
	int r;

	while (text.p && n < APPLY_NAMES_MAX)
		names[n++] = str_cut(&text, ' ');
	r = purchase_names_read(p, names, n, tx->arena, &in, &f, e);
	return r < 0 ? r : application_bind(tx, s, c, p, sub, &in, &f, e);
}
