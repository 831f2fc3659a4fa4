/* SPDX-License-Identifier: Apache-2.0 */
#include "service/domain_auto_priv.h"

#include "service/domain.h"

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t domain;
	struct str product; /* code */
	struct arena *a;
	struct domain_auto_view *view;
};

/* -- what it looks like */

static void
choose_names(struct domain_auto_view *v, struct arena *a)
{
	enum product_kind kind = (enum product_kind)v->product.kind;

	v->n_names = 0;
	if (kind != KIND_WILDCARD)
		v->names[v->n_names++] = arena_printf(a, "www.%.*s", STRF(v->domain.name));
	if (kind == KIND_WILDCARD || kind == KIND_HYBRID)
		v->names[v->n_names++] = arena_printf(a, "*.%.*s", STRF(v->domain.name));
}

static int
quota_there(struct db_tx *tx, const struct domain_auto_view *v, struct err *e)
{
	int64_t id, common = v->product.kind != KIND_WILDCARD, wildcard = v->product.kind >= KIND_WILDCARD;

	return q_subscription_quota(tx, v->domain.account, v->product.id, common, wildcard, tx->now_ms, &id, e);
}

static int
find_missing(struct db_tx *tx, struct domain_auto_view *v, struct err *e)
{
	unsigned lacks = domain_missing(&v->domain, tx->now_ms);
	int64_t contact;
	int r = q_contact_default(tx, v->domain.account, &contact, e);

	v->missing = (lacks & 1U << NEED_ZONE ? 1U << AUTO_ZONE : 0U) | (lacks & 1U << NEED_HOLDER ? 1U << AUTO_HOLDER : 0U) |
		     (lacks & 1U << NEED_TERM ? 1U << AUTO_TERM : 0U);
	if (r == 0)
		v->missing |= 1U << AUTO_CONTACT;
	/* a test certificate is taken when its turn comes */
	if (r >= 0 && !v->product.test) {
		r = quota_there(tx, v, e);
		if (r == 0)
			v->missing |= 1U << AUTO_QUOTA;
	}
	return MIN(r, 0);
}

/* The first thing to do. */
static struct str
advice(const struct domain_auto_view *v, int64_t now_ms, struct arena *a)
{
	const struct row_application *app = &v->application;

	if (v->row.application && !app->id)
		return arena_printf(a,
			"Application %lld was deleted: switch the automatic certificate on again for a new one.",
			(long long)v->row.application);
	if (app->id && app->state > APPLICATION_ISSUED)
		return arena_printf(a,
			"Application %lld is %s. Change it and submit it again, or switch the automatic certificate "
			"on again for a new one.",
			(long long)app->id, sm_name(&sm_application, (int)app->state));
	if (app->id)
		return STR("");
	if (v->missing & (1U << AUTO_ZONE | 1U << AUTO_HOLDER | 1U << AUTO_TERM))
		return domain_advice(domain_missing(&v->domain, now_ms), v->domain.name, a);
	if (v->missing & 1U << AUTO_CONTACT)
		return STR("Store a contact: the default one stands behind the application.");
	if (v->missing & 1U << AUTO_QUOTA)
		return arena_printf(a, "Buy the product \"%.*s\": no unassigned subscription of it is left.",
			STRF(v->product.code));
	return v->row.error_text;
}

static int
load_on(struct db_tx *tx, struct act *t, struct err *e)
{
	struct domain_auto_view *v = t->view;
	int r = q_product_get(tx, v->row.product, t->a, &v->product, e);

	choose_names(v, t->a);
	if (r >= 0 && v->row.application)
		r = q_application_get(tx, v->row.account, v->row.application, t->a, &v->application, e);
	else if (r >= 0)
		r = find_missing(tx, v, e);
	if (r >= 0)
		v->advice = advice(v, tx->now_ms, t->a);
	return MIN(r, 0);
}

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	struct domain_auto_view *v = t->view;
	int r;

	*v = (struct domain_auto_view){.advice = STR("")};
	r = q_domain_get(tx, t->c->account, t->domain, t->a, &v->domain, e);
	if (r == 0)
		return not_found(e, "domain", t->domain);
	if (r > 0)
		r = q_domain_auto_get(tx, t->c->account, t->domain, t->a, &v->row, e);
	v->on = r > 0;
	return r <= 0 ? r : load_on(tx, t, e);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
domain_auto_show(struct svc *s, const struct caller *c, int64_t domain, struct arena *a, struct domain_auto_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .domain = domain, .a = a, .view = ret};

	return svc_read(s, show_body, &t, e);
}

/* -- the switch */

static int
check_product(struct db_tx *tx, const struct act *t, struct row_product *ret, struct err *e)
{
	int r = q_product_by_code(tx, t->product, tx->arena, ret, e);

	if (r == 0)
		return err_field(e, E_PRODUCT_UNFIT, "product", "there is no product \"%.*s\"", STRF(t->product));
	if (r > 0 && (ret->type != TYPE_DV || ret->ip || ret->internal))
		return err_field(e, E_PRODUCT_UNFIT, "product",
			"the product \"%.*s\" is not issued by itself: DV products for domain names are", STRF(t->product));
	return MIN(r, 0);
}

static int
on_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct domain_auto_view *v = t->view;
	struct row_product p;
	int r = check_product(tx, t, &p, e);

	if (r == 0)
		r = load(tx, t, e);
	if (r == 0 && v->on && v->application.id && v->application.state <= APPLICATION_ISSUED)
		return err_set(e, E_STATE_REFUSED, "the automatic certificate of %.*s has application %lld, which is %s",
			STRF(v->domain.name), (long long)v->application.id,
			sm_name(&sm_application, (int)v->application.state));
	if (r == 0)
		r = q_domain_auto_put(tx, t->c->account, t->domain, p.id, v->row.application, tx->now_ms, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "the automatic certificate of %.*s was applied for meanwhile",
			STRF(v->domain.name));
	if (r >= 0)
		r = jobs_add(tx, t->s, t->c->account, WORK_DOMAIN_AUTO, t->domain, tx->now_ms, e);
	if (r == 0)
		r = audit_add(tx, t->s, t->c, "domain.automatic_on", "domains", t->domain,
			detail_kv(tx->arena, "product", p.code), e);
	return r < 0 ? r : load(tx, t, e);
}

int
domain_auto_on(struct svc *s, const struct caller *c, int64_t domain, struct str product, struct arena *a,
	struct domain_auto_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .domain = domain, .product = product, .a = a, .view = ret};
	int r = svc_write(s, on_body, &t, e);

	if (r == 0)
		svc_kick(s);
	return r;
}

static int
off_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	if (r == 0)
		r = q_domain_auto_delete(tx, t->c->account, t->domain, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "domain.automatic_off", "domains", t->domain, (struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
domain_auto_off(struct svc *s, const struct caller *c, int64_t domain, struct arena *a, struct domain_auto_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .domain = domain, .a = a, .view = ret};

	return svc_write(s, off_body, &t, e);
}
