/* SPDX-License-Identifier: Apache-2.0 */
#include "service/apply_priv.h"
#include "service/dns_auto_priv.h"
#include "service/refund.h"
#include "service/review_priv.h"

#define FILE_PATH "/.well-known/pki-validation/fileauth.txt"
#define RECORDS_MAX 200

/* The stored signing request that the application uses: found by its key. */
static int
load_csr(struct db_tx *tx, struct application_view *v, struct err *e)
{
	struct row_csr row;
	uint8_t hash[32];
	int r;

	v->csr = 0;
	if (v->row.key_source != KEY_SOURCE_STORED)
		return 0;
	digest_sha256(v->row.spki, hash);
	r = q_csr_by_key(tx, v->row.account, BLOB(hash, 32), tx->arena, &row, e);
	if (r > 0)
		v->csr = row.id;
	return MIN(r, 0);
}

int
application_load(struct db_tx *tx, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret,
	struct err *e)
{
	struct row_subscription sub;
	int r = q_application_get(tx, c->account, id, a, &ret->row, e);

	if (r == 0)
		return not_found(e, "application", id);
	if (r > 0)
		r = q_product_get(tx, ret->row.product, a, &ret->product, e);
	if (r >= 0)
		r = q_application_names(tx, c->account, id, a, &ret->names, &ret->n_names, e);
	if (r >= 0)
		r = q_authz_list(tx, c->account, id, a, &ret->authzs, &ret->n_authzs, e);
	if (r >= 0)
		r = q_certificate_pair(tx, c->account, id, a, &ret->certificates, &ret->n_certificates, e);
	ret->company = (struct row_application_company){0};
	ret->confirmation = (struct row_confirmation){0};
	if (r >= 0 && ret->product.type != TYPE_DV)
		r = q_application_company_get(tx, c->account, id, a, &ret->company, e);
	if (r >= 0 && ret->product.type != TYPE_DV)
		r = q_confirmation_get(tx, c->account, id, a, &ret->confirmation, e);
	if (r >= 0)
		r = load_csr(tx, ret, e);
	if (r >= 0)
		r = q_subscription_get(tx, c->account, ret->row.subscription, tx->arena, &sub, e);
	if (r >= 0)
		ret->refundable_until_ms = refund_until(&sub);
	ret->notes = NULL;
	ret->n_notes = 0;
	ret->held = STR("");
	ret->asked = false;
	ret->next_check_ms = 0;
	if (r >= 0 && ret->row.state == APPLICATION_VALIDATING)
		r = q_job_run_at(tx, WORK_VALIDATE, id, &ret->next_check_ms, e);
	ret->n_emails = 0;
	if (r >= 0 && ret->row.state == APPLICATION_VALIDATING && ret->row.method == METHOD_EMAIL)
		r = q_email_proof_waiting(tx, c->account, id, tx->now_ms, a, &ret->emails, &ret->n_emails, e);
	if (r >= 0)
		r = dns_auto_load(tx, c, a, ret, e);
	return r < 0 || ret->row.state != APPLICATION_REVIEWING ? MIN(r, 0) : review_state_of(tx, ret, a, e);
}

struct show {
	const struct caller *c;
	const struct page *page;
	int64_t id;
	int state;
	struct arena *a;
	struct application_view *view;
	struct row_application *rows;
	struct row_validation_record *records;
	size_t n;
};

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;

	return application_load(tx, t->c, t->id, t->a, t->view, e);
}

int
apply_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret, struct err *e)
{
	struct show t = {.c = c, .id = id, .a = a, .view = ret};

	return svc_read(s, show_body, &t, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	int64_t before = page_before(t->page), n = t->page->limit + 1;

	if (t->state < 0)
		return q_application_list(tx, t->c->account, before, n, t->a, &t->rows, &t->n, e);
	return q_application_list_state(tx, t->c->account, t->state, before, n, t->a, &t->rows, &t->n, e);
}

int
apply_show_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct row_application **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct show t = {.c = c, .state = state, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

static int
records_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	struct row_application app;
	int r = q_application_get(tx, t->c->account, t->id, tx->arena, &app, e);

	if (r == 0)
		return not_found(e, "application", t->id);
	return r < 0 ? r : q_validation_record_list(tx, t->c->account, t->id, RECORDS_MAX, t->a, &t->records, &t->n, e);
}

int
apply_records(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_validation_record **ret,
	size_t *ret_n, struct err *e)
{
	struct show t = {.c = c, .id = id, .a = a};
	int r = svc_read(s, records_body, &t, e);

	if (r < 0)
		return r;
	*ret = t.records;
	*ret_n = t.n;
	return 0;
}

struct publish
apply_publish(const struct svc *s, const struct row_application *app, const struct row_authz *z, struct arena *a)
{
	(void)s;
	if (app->method == METHOD_FILE || app->method == METHOD_INTERNAL)
		return (struct publish){STR("FILE"), arena_printf(a, "http://%.*s" FILE_PATH, STRF(z->base)),
			z->file_value};
	/* One record at the registered domain proves all names below it; a single name is proven where it stands. */
	return (struct publish){STR("TXT"),
		arena_printf(a, "_dnsauth.%.*s", STRF(app->n_names > 1 && z->registered.n ? z->registered : z->base)),
		z->dns_value};
}
