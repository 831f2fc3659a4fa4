/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/product.h"

static void
answer(struct call *c, const struct row_product *row)
{
	put_product(&c->w, row);
	call_etag(c, row->version);
}

int
api_product_list(struct call *c, struct err *e)
{
	struct row_product *rows;
	int64_t total;
	bool more;
	size_t n;
	int r;

	r = product_show_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, &total, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_product(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, total);
	return 0;
}

int
api_product_show(struct call *c, struct err *e)
{
	struct row_product row;
	int r;

	r = product_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		answer(c, &row);
	return r;
}

int
api_product_create(struct call *c, struct err *e)
{
	const struct in_product_new *in = c->in;
	struct product_form form = {
		.code = in->code,
		.brand = in->brand,
		.profile = in->profile,
		.guidance = in->guidance,
		.type = (enum product_type)in->type,
		.kind = (enum product_kind)in->kind,
		.algorithms = in->algorithms,
		.n_algorithms = in->n_algorithms,
		.months = in->months,
		.n_months = in->n_months,
		.price_year = in->price_year,
		.names_max = in->names_max,
		.rank = in->rank,
		.test = in->test,
		.ip = in->ip,
		.professional = in->professional,
	};
	struct row_product row;
	int r;

	r = product_create(c->svc, &c->caller, &form, c->arena, &row, e);
	if (r < 0)
		return r;
	c->made = row.id;
	answer(c, &row);
	return 0;
}

int
api_product_change(struct call *c, struct err *e)
{
	const struct in_product_patch *in = c->in;
	struct product_change change = {
		.id = c->id,
		.version = c->version,
		.algorithms = in->has_algorithms ? in->algorithms : NULL,
		.n_algorithms = in->n_algorithms,
		.months = in->has_months ? in->months : NULL,
		.n_months = in->n_months,
		.price_year = in->has_price_year ? &in->price_year : NULL,
		.names_max = in->has_names_max ? &in->names_max : NULL,
		.rank = in->has_rank ? &in->rank : NULL,
		.guidance = in->has_guidance ? &in->guidance : NULL,
		.active = in->has_active ? &in->active : NULL,
	};
	struct row_product row;
	int r;

	r = product_change(c->svc, &c->caller, &change, c->arena, &row, e);
	if (r == 0)
		answer(c, &row);
	return r;
}

int
api_recommendation_list(struct call *c, struct err *e)
{
	struct recommendation *list;
	size_t n;
	int r;

	if (!c->q.purpose)
		return err_field(e, E_FIELD_MISSING, "purpose", "the parameter \"purpose\" is missing");
	r = product_recommend(c->svc, c->q.purpose, c->arena, &list, &n, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++) {
		jsonw_object(&c->w);
		jsonw_key(&c->w, "product");
		put_product(&c->w, list[i].product);
		jsonw_kv_c(&c->w, "reason", list[i].reason);
		jsonw_object_end(&c->w);
	}
	call_list_end(c, false, 0, (int64_t)n);
	return 0;
}
