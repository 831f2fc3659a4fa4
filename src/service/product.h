/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue: products as rows, looked at by everybody, kept by staff (SPEC 3.1). */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

/* Customers see active products, staff all. */
int product_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_product **ret, size_t *ret_n, bool *ret_more, int64_t *ret_total, struct err *e) CHECKED;
int product_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_product *ret,
	struct err *e) CHECKED;

/* What is for sale for a purpose ("finance"), the best first, each with the reason. */
struct recommendation {
	const struct row_product *product;
	const char *reason;
};
int product_recommend(struct svc *s, const char *purpose, struct arena *a, struct recommendation **ret, size_t *ret_n,
	struct err *e) CHECKED;

/* Staff. Lists are texts: "EC_P256", "12". What a field may say depends on the others; all faults at once. */
struct product_form {
	struct str code, brand, profile, guidance;
	enum product_type type;
	enum product_kind kind;
	const struct str *algorithms, *months;
	size_t n_algorithms, n_months;
	int64_t price_year, names_max, rank;
	bool test, ip, professional;
};
int product_create(struct svc *s, const struct caller *c, const struct product_form *in, struct arena *a,
	struct row_product *ret, struct err *e) CHECKED;

/* NULL and 0: stays. What was bought keeps what it was bought with. */
struct product_change {
	int64_t id, version; /* from If-Match; 0: any */
	const struct str *algorithms, *months;
	size_t n_algorithms, n_months;
	const int64_t *price_year, *names_max, *rank;
	const struct str *guidance;
	const bool *active;
};
int product_change(struct svc *s, const struct caller *c, const struct product_change *in, struct arena *a,
	struct row_product *ret, struct err *e) CHECKED;
