/* SPDX-License-Identifier: Apache-2.0 */
/* Staff add products, change them and take them off the list. A product is never deleted: what was bought names it. */
#include "service/product.h"

#include "ca/profile.h"
#include "service/svc_priv.h"

#define LIST_MAX 256
static const int64_t months_sold[] = {6, 12, 24, 36};

struct act {
	struct svc *s;
	const struct caller *c;
	const struct product_form *form;
	const struct product_change *change;
	struct str algorithms, months;
	struct arena *a;
	struct row_product *row;
};

/* "a b": the form in which the row keeps a list. */
static struct str
joined(const struct str *list, size_t n, struct arena *a)
{
	BUF(b, LIST_MAX);

	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_put_c(&b, " ");
		buf_put_str(&b, list[i]);
	}
	return arena_str(a, buf_str(&b));
}

static void
check_algorithms(const struct str *list, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (key_alg_by_name(list[i]) == KEY_NONE)
			err_note(e, E_FIELD_FORM, "algorithms", "there is no key algorithm \"%.*s\"", STRF(list[i]));
		for (size_t k = 0; k < i; k++) {
			if (str_eq(list[i], list[k]))
				err_note(e, E_FIELD_FORM, "algorithms", "\"%.*s\" stands twice", STRF(list[i]));
		}
	}
}

static void
check_months(const struct str *list, size_t n, struct err *e)
{
	int64_t last = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t m = 0;
		bool known = false;

		if (str_u64(list[i], 1000, &m)) {
			for (size_t k = 0; k < ARRAY_LEN(months_sold); k++)
				known |= months_sold[k] == (int64_t)m;
		}
		if (!known)
			err_note(e, E_FIELD_FORM, "months", "\"%.*s\" months are not sold; 6, 12, 24 and 36 are",
				STRF(list[i]));
		else if ((int64_t)m <= last)
			err_note(e, E_FIELD_FORM, "months", "the months stand out of order");
		last = (int64_t)m;
	}
}

/* A single certificate has one name, and so has a wildcard (SPEC 3.2). */
static void
check_names(int64_t kind, int64_t names_max, struct err *e)
{
	if ((kind == KIND_SINGLE || kind == KIND_WILDCARD) && names_max != 1)
		err_note(e, E_FIELD_RANGE, "names_max", "a %s product has exactly one name, not %lld", words_kind[kind],
			(long long)names_max);
	if (kind == KIND_HYBRID && names_max < 2)
		err_note(e, E_FIELD_RANGE, "names_max", "a hybrid product has at least two names");
}

static void
check_form(const struct product_form *in, struct err *e)
{
	const struct profile *p = profile_find(in->profile, 0);

	for (size_t i = 0; i < in->code.n; i++) {
		char ch = in->code.p[i];

		if ((ch >= 'a' && ch <= 'z') || (ch >= '0' && ch <= '9') || (ch == '-' && i > 0))
			continue;
		err_note(e, E_FIELD_FORM, "code", "the code \"%.*s\" may hold small letters, digits and hyphens",
			STRF(in->code));
		break;
	}
	if (!p || p->use != PROFILE_TLS)
		err_note(e, E_PROFILE_UNKNOWN, "profile", "\"%.*s\" is no profile of server certificates",
			STRF(in->profile));
	else if (in->type != TYPE_DV && !p->policies_org[0])
		err_note(e, E_PROFILE_UNKNOWN, "profile", "the profile \"%.*s\" has no place for a company",
			STRF(in->profile));
	check_algorithms(in->algorithms, in->n_algorithms, e);
	check_months(in->months, in->n_months, e);
	check_names(in->kind, in->names_max, e);
	if (in->professional && (in->type != TYPE_OV || in->kind == KIND_HYBRID))
		err_note(e, E_FIELD_FORM, "professional", "professional products are OV single, multi and wildcard ones");
	if (in->test && (in->type != TYPE_DV || in->kind != KIND_SINGLE || in->price_year))
		err_note(e, E_FIELD_FORM, "test", "a test product is DV, of one name and free of charge");
	if (in->ip && (in->type != TYPE_DV || in->kind == KIND_WILDCARD || in->kind == KIND_HYBRID))
		err_note(e, E_FIELD_FORM, "ip", "a product for addresses is DV and has no wildcards");
	/* EV Guidelines 7.1.4.2.1 */
	if (in->type == TYPE_EV && (in->kind == KIND_WILDCARD || in->kind == KIND_HYBRID))
		err_note(e, E_FIELD_FORM, "kind", "an EV product has no wildcards");
	if (in->kind == KIND_HYBRID && in->price_year)
		err_note(e, E_FIELD_RANGE, "price_year", "a hybrid product is not for sale and has no price");
}

static struct str
told(struct db_tx *tx, const struct row_product *p)
{
	return detail_2kv(tx->arena, "code", p->code, "terms",
		arena_printf(tx->arena, "price_year %lld names_max %lld months %.*s rank %lld active %lld",
			(long long)p->price_year, (long long)p->names_max, STRF(p->months), (long long)p->rank,
			(long long)p->active));
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct product_form *in = t->form;
	int64_t id;
	int r = q_product_put(tx,
		&(struct in_product_put){.code = in->code, .brand = in->brand, .type = in->type, .kind = in->kind,
			.algorithms = t->algorithms, .price_year = in->price_year, .currency = STR("CNY"),
			.names_max = in->names_max, .months = t->months, .rank = in->rank, .test = in->test,
			.ip = in->ip, .professional = in->professional, .sold = in->kind != KIND_HYBRID,
			.profile = in->profile, .guidance = in->guidance.p ? in->guidance : STR("")},
		&id, e);

	if (r == 0)
		return err_field(e, E_NAME_TAKEN, "code", "there is a product \"%.*s\" already", STRF(in->code));
	if (r > 0)
		r = q_product_get(tx, id, t->a, t->row, e);
	return r < 0 ? r : audit_add(tx, t->s, t->c, "product.create", "products", id, told(tx, t->row), e);
}

int
product_create(struct svc *s, const struct caller *c, const struct product_form *in, struct arena *a,
	struct row_product *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .form = in, .a = a, .row = ret};
	int r;

	check_form(in, e);
	r = err_faults(e);
	if (r < 0)
		return r;
	t.algorithms = joined(in->algorithms, in->n_algorithms, a);
	t.months = joined(in->months, in->n_months, a);
	return svc_write(s, create_body, &t, e);
}

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct product_change *in = t->change;
	struct row_product *p = t->row;
	int r = q_product_get(tx, in->id, t->a, p, e);

	if (r == 0)
		return not_found(e, "product", in->id);
	if (r > 0 && version_fits("product", in->id, in->version, p->version, e) < 0)
		return e->code;
	if (r < 0)
		return r;
	p->price_year = in->price_year ? *in->price_year : p->price_year;
	p->names_max = in->names_max ? *in->names_max : p->names_max;
	p->rank = in->rank ? *in->rank : p->rank;
	p->active = in->active ? *in->active : p->active;
	p->guidance = in->guidance ? *in->guidance : p->guidance;
	p->algorithms = in->algorithms ? t->algorithms : p->algorithms;
	p->months = in->months ? t->months : p->months;
	check_names(p->kind, p->names_max, e);
	if (p->price_year && (p->test || p->kind == KIND_HYBRID))
		err_note(e, E_FIELD_RANGE, "price_year", "the product \"%.*s\" has no price", STRF(p->code));
	r = err_faults(e);
	if (r == 0)
		r = q_product_update(tx,
			&(struct in_product_update){.id = p->id, .version = p->version, .algorithms = p->algorithms,
				.price_year = p->price_year, .names_max = p->names_max, .months = p->months,
				.rank = p->rank, .guidance = p->guidance, .active = p->active},
			e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "product %lld was changed meanwhile", (long long)p->id);
	p->version++;
	return r < 0 ? r : audit_add(tx, t->s, t->c, "product.change", "products", p->id, told(tx, p), e);
}

int
product_change(struct svc *s, const struct caller *c, const struct product_change *in, struct arena *a,
	struct row_product *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .change = in, .a = a, .row = ret};
	int r;

	check_algorithms(in->algorithms, in->n_algorithms, e);
	check_months(in->months, in->n_months, e);
	r = err_faults(e);
	if (r < 0)
		return r;
	if (in->algorithms)
		t.algorithms = joined(in->algorithms, in->n_algorithms, a);
	if (in->months)
		t.months = joined(in->months, in->n_months, a);
	return svc_write(s, change_body, &t, e);
}
