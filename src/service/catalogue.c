/* SPDX-License-Identifier: Apache-2.0 */
/* The shipped catalogue goes into the database; what it is good for is asked of the advice (policy/catalogue.def). */
#include "service/catalogue.h"

#include "service/product.h"

#define PRODUCTS_MAX 1000

int
catalogue_put(struct db_tx *tx, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < catalogue_n_products; i++) {
		int64_t id;

		r = q_product_put(tx, &catalogue_products[i], &id, e);
	}
	return MIN(r, 0);
}

struct recommend {
	struct arena *a;
	struct row_product *rows;
	size_t n;
};

static int
for_sale_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct recommend *t = arg;

	return q_product_for_sale(tx, PRODUCTS_MAX, t->a, &t->rows, &t->n, e);
}

static bool
brand_listed(const char *brands, struct str brand)
{
	struct str rest = str_c(brands);

	if (!rest.n)
		return true;
	while (rest.p) {
		if (str_eq(str_cut(&rest, '\n'), brand))
			return true;
	}
	return false;
}

static bool
fits(const struct advice_row *row, const struct row_product *p)
{
	unsigned flags = (p->test ? ADVICE_TEST : 0U) | (p->ip ? ADVICE_IP : 0U) |
		(p->professional ? ADVICE_PROFESSIONAL : 0U);

	return (row->types >> p->type & 1) && (row->kinds >> p->kind & 1) && flags == row->flags &&
		brand_listed(row->brands, p->brand);
}

static bool
taken(const struct recommendation *list, size_t n, const struct row_product *p)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].product == p)
			return true;
	}
	return false;
}

int
product_recommend(struct svc *s, const char *purpose, struct arena *a, struct recommendation **ret, size_t *ret_n,
	struct err *e)
{
	struct recommend t = {.a = a};
	int r = svc_read(s, for_sale_body, &t, e);
	size_t n = 0;

	if (r < 0)
		return r;
	*ret = arena_new_n(a, t.n + 1, struct recommendation);
	for (size_t k = 0; k < catalogue_n_advice; k++) {
		const struct advice_row *row = &catalogue_advice[k];

		if (strcmp(row->purpose, purpose) != 0)
			continue;
		for (size_t i = 0; i < t.n; i++) {
			if (fits(row, &t.rows[i]) && !taken(*ret, n, &t.rows[i]))
				(*ret)[n++] = (struct recommendation){&t.rows[i], row->reason};
		}
	}
	*ret_n = n;
	return 0;
}
