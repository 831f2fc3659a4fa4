/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the switch does. Every step can be repeated: a test certificate that was bought is quota for the next look, and the
 * application is linked to its domain in the transaction that makes it, so that there is never a second one.
 */
#include "base/inject.h"
#include "service/domain_auto_priv.h"
#include "service/apply_priv.h"
#include "service/notice.h"
#include "service/purchase.h"

#define KICK_MAX 200
#define SWEEP_MAX 100
#define FAILED_PAUSE_MS (10 * MS_MINUTE)

struct run {
	struct svc *s;
	struct caller c;
	int64_t domain;
	bool gone, bought;
	struct domain_auto_view view;
	struct err *why; /* what to keep with the row; NULL: nothing */
};

static int
quota_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct run *t = arg;
	int64_t id, common = t->view.product.kind != KIND_WILDCARD, wildcard = t->view.product.kind >= KIND_WILDCARD;
	int r = q_subscription_quota(tx, t->c.account, t->view.product.id, common, wildcard, tx->now_ms, &id, e);

	t->bought = r > 0;
	return MIN(r, 0);
}

/* The longest period that it is sold for. */
static int64_t
months_of(const struct row_product *p)
{
	struct str rest = p->months;
	uint64_t n, most = 0;

	while (rest.p) {
		if (str_u64(str_cut(&rest, ' '), 1000, &n) && n > most)
			most = n;
	}
	return (int64_t)most;
}

/* A test certificate from the owner's yearly number, unless one is there already. */
static int
take_test(struct run *t, struct arena *a, struct err *e)
{
	struct purchase in = {.product = t->view.product.code, .quantity = 1,
		.months = months_of(&t->view.product), .pay = true};
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	int r = svc_read(t->s, quota_body, t, e);

	if (r < 0 || t->bought)
		return r;
	r = purchase_make(t->s, &t->c, &in, a, &bill, &subs, &n, e);
	if (r == 0)
		(void)INJECT("auto.bought");
	return r;
}

static int
apply(struct run *t, struct arena *a, struct err *e)
{
	struct apply in = {.product = t->view.product.code, .names = t->view.names, .n_names = t->view.n_names,
		.method = METHOD_DNS_AUTO, .key_source = KEY_SOURCE_GENERATE, .key_alg = usual_algorithm(&t->view.product),
		.submit = true, .for_domain = t->domain};
	struct application_view app;
	int r;

	if (INJECT("auto.apply"))
		return err_set(e, E_TIMEOUT, "injected");
	r = apply_create(t->s, &t->c, &in, a, &app, e);
	if (r == 0)
		(void)INJECT("auto.applied");
	return r;
}

static int
looked_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct run *t = arg;
	struct str code = t->why ? str_c(err_info(t->why->code)->name) : STR("");
	int r = q_domain_auto_looked(tx, t->c.account, t->domain, code, t->why ? str_c(t->why->msg) : STR(""), tx->now_ms, e);

	if (r <= 0 || !t->why || str_eq(code, t->view.row.error_code))
		return MIN(r, 0);
	return notice_add(tx, t->s,
		&(struct notice_new){.kind = NOTICE_AUTOMATIC_BLOCKED, .account = t->c.account, .object_id = t->domain,
			.name = t->view.domain.name, .code = t->why->code, .detail = str_c(t->why->msg)},
		e);
}

int
domain_auto_run(struct svc *s, int64_t account, int64_t domain, struct err *e)
{
	ARENA(a);
	struct run t = {.s = s, .c = caller_system(account), .domain = domain};
	int r = domain_auto_show(s, &t.c, domain, &a, &t.view, e);

	if (r == E_NOT_FOUND || (r == 0 && (!t.view.on || t.view.row.application)))
		return 0; /* removed, switched off, or done */
	if (r == 0 && !t.view.missing && t.view.product.test)
		r = take_test(&t, &a, e);
	if (r == 0 && !t.view.missing)
		r = apply(&t, &a, e);
	if (r == E_CONFLICT)
		return 0; /* somebody else was faster */
	if (r < 0 && svc_passing(r))
		return r;
	if (r == 0 && !t.view.missing)
		return 0;
	if (r < 0) {
		struct err kept = *e;

		t.why = &kept;
		err_clear(e);
		return svc_write(s, looked_body, &t, e);
	}
	return svc_write(s, looked_body, &t, e);
}

int
domain_auto_link(struct db_tx *tx, int64_t account, int64_t domain, int64_t application, struct err *e)
{
	int r = q_domain_auto_link(tx, account, domain, application, e);

	return r == 0 ? err_set(e, E_CONFLICT, "domain %lld has its application, or needs none any more", (long long)domain)
		      : MIN(r, 0);
}

int
domain_auto_kick(struct db_tx *tx, const struct svc *s, int64_t account, struct err *e)
{
	struct row_domain_auto_of_account *rows;
	size_t n;
	int r = q_domain_auto_of_account(tx, account, KICK_MAX, tx->arena, &rows, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = jobs_add(tx, s, account, WORK_DOMAIN_AUTO, rows[i].domain, tx->now_ms, e);
	return r;
}

static int
sweep_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_domain_auto_due *rows;
	size_t n;
	int r = q_domain_auto_due(
		tx, tx->now_ms - MS_MINUTE / 2, tx->now_ms - FAILED_PAUSE_MS, SWEEP_MAX, tx->arena, &rows, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = jobs_add(tx, arg, rows[i].account, WORK_DOMAIN_AUTO, rows[i].domain, tx->now_ms, e);
	return r;
}

int
domain_auto_sweep(struct svc *s, struct err *e)
{
	return svc_write(s, sweep_body, s, e);
}
