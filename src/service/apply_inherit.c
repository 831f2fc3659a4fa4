/* SPDX-License-Identifier: Apache-2.0 */
#include "service/apply_inherit.h"

#include "service/safety.h"

struct inherit {
	struct svc *s;
	const struct row_subscription *sub;
	struct row_product product;
	struct row_application from;
	struct apply in;
	struct form form;
};

static int
load(struct db_tx *tx, struct inherit *t, struct err *e)
{
	const struct apply_patch nothing = {0};
	int64_t id;
	int r = q_successor_model(tx, t->sub->account, t->sub->predecessor, &id, e);

	if (r > 0)
		r = q_application_get(tx, t->sub->account, id, tx->arena, &t->from, e);
	if (r > 0)
		r = q_product_get(tx, t->sub->product, tx->arena, &t->product, e);
	if (r <= 0)
		return r;
	r = application_patched(tx, &t->from, &nothing, tx->arena, &t->in, e);
	t->in.subscription = t->sub->id;
	return r < 0 ? r : 1;
}

/* A key that was blocked meanwhile, or is another's by now, is no key to go on with. */
static int
key_is_good(struct db_tx *tx, const struct inherit *t, struct err *e)
{
	struct blob hash = BLOB(t->form.spki_sha256, 32);
	int64_t elsewhere = 0;
	ERR(why);
	int r;

	if (t->in.key_source == KEY_SOURCE_GENERATE)
		return 1;
	r = safety_key(tx, t->s, hash, &why);
	if (r == E_KEY_BLOCKED)
		return 0;
	if (r < 0)
		return err_set(e, r, "%s", why.msg);
	r = q_csr_used_elsewhere(tx, hash, 0, t->sub->id, &elsewhere, e);
	return r < 0 ? r : !elsewhere;
}

/* > 0: what the other one said makes a draft. */
static int
read(struct db_tx *tx, struct inherit *t, struct err *e)
{
	ERR(why);

	if (form_read(&t->in, &t->product, tx->arena, &t->form, &why) < 0 || form_fits(&t->form, t->sub, &why) < 0)
		return 0;
	return key_is_good(tx, t, e);
}

/* Its company as that stands now, where it still is. */
static int
company(struct db_tx *tx, const struct inherit *t, int64_t *ret, struct err *e)
{
	struct row_application_company named;
	struct row_company c;
	int r = 0;

	*ret = 0;
	if (t->product.type != TYPE_DV)
		r = q_application_company_get(tx, t->sub->account, t->from.id, tx->arena, &named, e);
	if (r > 0)
		r = q_company_get(tx, t->sub->account, named.company, tx->arena, &c, e);
	if (r > 0)
		*ret = c.id;
	return MIN(r, 0);
}

int
application_inherit(struct db_tx *tx, struct svc *s, const struct row_subscription *sub, struct err *e)
{
	struct inherit t = {.s = s, .sub = sub};
	struct caller c = caller_system(sub->account);
	int64_t company_id = 0;
	int r = load(tx, &t, e);

	if (r <= 0)
		return r;
	r = read(tx, &t, e);
	/* With the applicant's request goes its key. Where that can't be, or the product has that algorithm no more, the
	 * service makes one of the usual kind. */
	if (r == 0) {
		t.in.key_source = KEY_SOURCE_GENERATE;
		t.in.key_alg = usual_algorithm(&t.product);
		t.in.csr = (struct str){NULL, 0};
		r = read(tx, &t, e);
	}
	if (r <= 0)
		return r;
	r = company(tx, &t, &company_id, e);
	if (r == 0)
		r = application_draft(tx, s, &c, &t.product, sub, &t.in, &t.form, company_id, e);
	return r < 0 ? r : 1;
}
