/* SPDX-License-Identifier: Apache-2.0 */
/* Writing applications: create, change, submit, withdraw, delete. */
#include "service/apply.h"

#include "base/inject.h"
#include "base/rfc3339.h"
#include "crypto/pem.h"
#include "service/apply_priv.h"
#include "service/confirm.h"
#include "service/dns_auto_priv.h"
#include "service/domain_auto_priv.h"
#include "service/idempotency.h"
#include "service/review_priv.h"
#include "service/safety.h"

#define QUOTA_TRIES 16

struct act {
	struct svc *s;
	const struct caller *c;
	const struct apply *in;
	const struct apply_patch *patch;
	struct apply whole; /* what `in` points to when a change fills in the rest */
	int64_t id, version;
	int64_t from; /* an earlier application that lends what is left out; 0: none */
	bool version_given;
	struct arena *a;
	struct row_product product;
	struct row_subscription sub;
	struct row_company company; /* OV, EV; id 0: none */
	struct form form;
	struct row_csr_use_counts reused; /* what had the signing request's key before */
	struct application_view *view;
};

int
application_step(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_application *row, int to,
	enum sm_who who, struct err *e)
{
	struct caller part = caller_of(c, row->account);
	int64_t deadline = 0;
	const char *timeout = sm_application.states[to].timeout;
	int r = sm_move(&sm_application, (int)row->state, to, who, e);

	if (r < 0)
		return r;
	if (timeout)
		deadline = tx->now_ms + policy_value(timeout, tx->now_ms);
	r = q_application_move(tx, row->account, row->id, row->state, to, deadline, tx->now_ms, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "application %lld was changed meanwhile", (long long)row->id);
	if (r > 0)
		r = q_order_settle(tx, row->account, 0, row->id, e);
	if (r >= 0)
		r = count_move(tx, row->account, "application", (int)row->state, to, e);
	if (r >= 0 && row->state == APPLICATION_REVIEWING && to != APPLICATION_ISSUING)
		r = review_leave(tx, row->account, row->id, e);
	if (r >= 0 && row->method == METHOD_DNS_AUTO && row->state == APPLICATION_VALIDATING)
		r = dns_clean_soon(tx, s, row->account, row->id, e);
	if (r >= 0)
		r = audit_add(tx, s, &part, "application.move", "applications", row->id,
			detail_2kv(tx->arena, "from", str_c(sm_name(&sm_application, (int)row->state)), "to",
				str_c(sm_name(&sm_application, to))),
			e);
	return r;
}

/* -- which subscription */

static int
sub_move(struct db_tx *tx, const struct act *t, int to, enum sm_who who, struct err *e)
{
	int r = subscription_step(tx, t->s, t->c, t->c->account, t->sub.id, (int)t->sub.state, to, who, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "subscription %lld was taken meanwhile", (long long)t->sub.id);
	return MIN(r, 0);
}

/* Quota for this application. 0: somebody has taken it, or a merge has made another product of it meanwhile. */
static int
sub_take(struct db_tx *tx, const struct act *t, struct err *e)
{
	int r = sm_move(&sm_subscription, (int)t->sub.state, SUBSCRIPTION_ASSIGNED, SM_USER, e);

	if (r == 0)
		r = q_subscription_take(tx, t->c->account, t->sub.id, t->product.id, tx->now_ms, e);
	if (r <= 0)
		return r;
	r = count_move(tx, t->c->account, "subscription", SUBSCRIPTION_UNASSIGNED, SUBSCRIPTION_ASSIGNED, e);
	if (r >= 0)
		r = subscription_tell(tx, t->s, t->c, t->c->account, t->sub.id, SUBSCRIPTION_UNASSIGNED,
			SUBSCRIPTION_ASSIGNED, e);
	return r < 0 ? r : 1;
}

/* The same set of names as the subscription's last certificate (SPEC 1, application). */
static int
same_names(struct db_tx *tx, const struct act *t, struct err *e)
{
	struct row_application_name *rows;
	int64_t last;
	size_t n, hit = 0;
	int r = q_application_latest(tx, t->c->account, t->sub.id, &last, e);

	if (r <= 0)
		return r;
	r = q_application_names(tx, t->c->account, last, tx->arena, &rows, &n, e);
	for (size_t i = 0; r == 0 && i < n; i++) {
		for (size_t k = 0; k < t->form.n_names; k++)
			hit += str_eq(rows[i].ascii, t->form.names[k].name.ascii);
	}
	if (r == 0 && (hit != n || n != t->form.n_names))
		return err_field(e, E_NAME_KIND, "names",
			"subscription %lld is bound to the names of its first certificate", (long long)t->sub.id);
	return r;
}

/* Of one subscription one application is open. Its row is held and read, so that this stays so until the end of the
 * transaction. */
static int
none_open(struct db_tx *tx, struct act *t, int64_t subscription, struct err *e)
{
	int64_t open;
	int r = q_subscription_hold(tx, t->c->account, subscription, e);

	if (r > 0)
		r = q_subscription_get(tx, t->c->account, subscription, t->a, &t->sub, e);
	if (r == 0)
		return not_found(e, "subscription", subscription);
	if (r > 0)
		r = q_application_of_subscription(tx, t->c->account, subscription, &open, e);
	if (r <= 0)
		return r;
	err_field(e, E_STATE_REFUSED, "subscription", "subscription %lld has the open application %lld",
		(long long)t->sub.id, (long long)open);
	err_hint(e, "Go on with that one; or withdraw and delete it first.");
	return e->code;
}

/* Only a successor is assigned without an application: where what it follows lent it none. */
static int
sub_assigned(struct db_tx *tx, const struct act *t, struct err *e)
{
	int64_t id;
	int r = q_application_latest(tx, t->c->account, t->sub.id, &id, e);

	return r <= 0 ? r
		      : err_field(e, E_STATE_REFUSED, "subscription",
				"subscription %lld has application %lld already: change and submit that one",
				(long long)t->sub.id, (long long)id);
}

static int
sub_given(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = none_open(tx, t, t->in->subscription, e);

	if (r < 0)
		return r;
	if (t->sub.state == SUBSCRIPTION_ACTIVE)
		return same_names(tx, t, e);
	if (t->sub.state == SUBSCRIPTION_ASSIGNED)
		return sub_assigned(tx, t, e);
	if (t->sub.state == SUBSCRIPTION_NOT_ACTIVATED) {
		char from[RFC3339_MAX];

		return err_field(e, E_STATE_REFUSED, "subscription",
			"subscription %lld follows subscription %lld and can be used from %s on", (long long)t->sub.id,
			(long long)t->sub.predecessor, rfc3339_put(t->sub.activates_ms, from));
	}
	r = sub_take(tx, t, e);
	return r == 0 ? err_set(e, E_CONFLICT, "subscription %lld was taken or merged meanwhile", (long long)t->sub.id)
		      : MIN(r, 0);
}

/* The smallest that covers the names. */
static int
pick(struct db_tx *tx, struct act *t, struct err *e)
{
	int64_t id, common, wildcard;
	int r;

	form_count(&t->form, &common, &wildcard);
	r = q_subscription_quota(tx, t->c->account, t->product.id, common, wildcard, tx->now_ms, &id, e);
	/* Where none covers these names, form_fits() tells by how much. */
	if (r == 0)
		r = q_subscription_quota(tx, t->c->account, t->product.id, 0, 0, tx->now_ms, &id, e);
	if (r == 0)
		return err_field(e, E_QUOTA_NONE, "product", "there is no unassigned subscription of \"%.*s\"",
			STRF(t->product.code));
	if (r > 0)
		r = q_subscription_get(tx, t->c->account, id, t->a, &t->sub, e);
	return MIN(r, 0);
}

/* Whoever comes to the same one at the same moment takes the next. */
static int
sub_from_quota(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < QUOTA_TRIES; i++) {
		r = pick(tx, t, e);
		if (r == 0 && t->sub.state == SUBSCRIPTION_UNASSIGNED)
			r = sub_take(tx, t, e);
	}
	return r == 0 ? err_set(e, E_CONFLICT, "subscription %lld was taken meanwhile", (long long)t->sub.id) : MIN(r, 0);
}

/* -- rows */

static int
put_names(struct db_tx *tx, const struct act *t, int64_t id, struct err *e)
{
	int r = q_application_names_clear(tx, t->c->account, id, e);

	for (size_t i = 0; r >= 0 && i < t->form.n_names; i++) {
		const struct form_name *n = &t->form.names[i];

		r = q_application_name_insert(tx,
			&(struct in_application_name_insert){.application = id, .account = t->c->account,
				.ord = (int64_t)i, .kind = n->name.kind, .ascii = n->name.ascii,
				.unicode = n->name.unicode, .base = n->name.base,
				.registered = n->name.registered.p ? n->name.registered : STR(""),
				.companion = n->companion},
			e);
	}
	return MIN(r, 0);
}

/* The stored request stays, with its key, as long as the application may come to need it: who removes it sees this one. */
static int
hold_csr(struct db_tx *tx, const struct act *t, struct blob spki_sha256, struct err *e)
{
	int64_t id;
	int r = t->in->key_source == KEY_SOURCE_STORED ? q_csr_hold_key(tx, t->c->account, spki_sha256, &id, e) : 1;

	if (r == 0 && t->in->csr_id)
		return err_field(e, E_NOT_FOUND, "csr_id", "signing request %lld was removed meanwhile",
			(long long)t->in->csr_id);
	return MIN(r, 0);
}

/* A signing request belongs to one subscription, in any account (SPEC 3.3). */
static int
claim_csr(struct db_tx *tx, struct act *t, int64_t id, struct err *e)
{
	struct blob hash = BLOB(t->form.spki_sha256, 32);
	int64_t n = 0;
	int r;

	if (t->in->key_source == KEY_SOURCE_GENERATE)
		return 0;
	r = safety_key(tx, t->s, hash, e);
	if (r == E_KEY_BLOCKED)
		return err_field(e, r, "csr", "%s", (const char *)arena_str(tx->arena, str_c(e->msg)).p);
	if (r == 0)
		r = hold_csr(tx, t, hash, e);
	if (r == 0)
		r = q_csr_claim(tx, hash, e);
	if (r >= 0)
		r = q_csr_used_elsewhere(tx, hash, id, t->sub.id, &n, e);
	if (r >= 0 && n > 0)
		return err_field(e, E_CSR_USED, "csr", "the key of this signing request was used by another application");
	(void)INJECT("csr.claimed");
	if (r >= 0)
		r = q_csr_use_counts(tx, t->c->account, hash, id, tx->arena, &t->reused, e);
	if (r >= 0)
		r = q_csr_use_insert(tx, hash, id, t->c->account, e);
	return MIN(r, 0);
}

static int
insert(struct db_tx *tx, struct act *t, struct err *e)
{
	const struct form *f = &t->form;
	bool csr = t->in->key_source != KEY_SOURCE_GENERATE;
	int r = q_application_insert(tx,
		&(struct in_application_insert){.account = t->c->account, .subscription = t->sub.id,
			.product = t->product.id, .name = f->certificate_name, .method = t->in->method,
			.key_source = t->in->key_source, .key_alg = f->key_alg,
			.spki = csr ? f->csr.spki : (struct blob){NULL, 0}, .csr = f->csr_der, .cn = f->cn,
			.contact_name = t->in->contact.name.p ? t->in->contact.name : STR(""),
			.contact_email = t->in->contact.email.p ? t->in->contact.email : STR(""),
			.contact_phone = t->in->contact.phone.p ? t->in->contact.phone : STR(""),
			.profile = t->product.profile, .profile_version = f->profile->version,
			.must_staple = t->in->must_staple || (csr && f->csr.must_staple),
			.n_names = (int64_t)f->n_names, .now = tx->now_ms},
		&t->id, e);

	if (r >= 0)
		r = put_names(tx, t, t->id, e);
	if (r >= 0)
		r = claim_csr(tx, t, t->id, e);
	if (r >= 0 && t->company.id)
		r = company_take(tx, t->c->account, t->id, t->company.id, e);
	if (r >= 0)
		r = q_order_settle(tx, t->c->account, t->sub.id, 0, e);
	if (r >= 0)
		r = count_move(tx, t->c->account, "application", -1, APPLICATION_DRAFT, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "application.create", "applications", t->id,
			detail_kv(tx->arena, "name", f->n_names ? f->names[0].name.ascii : STR("")), e);
	return r;
}

int
application_draft(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_product *p,
	const struct row_subscription *sub, const struct apply *in, const struct form *f, int64_t company, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .product = *p, .sub = *sub, .company = {.id = company}, .form = *f};

	return insert(tx, &t, e);
}

int
application_bind(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_product *p,
	const struct row_subscription *sub, const struct apply *in, const struct form *f, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .product = *p, .sub = *sub, .form = *f};
	int r = sub_move(tx, &t, SUBSCRIPTION_ASSIGNED, SM_USER, e);

	return r < 0 ? r : insert(tx, &t, e);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = t->in->subscription ? sub_given(tx, t, e) : sub_from_quota(tx, t, e);

	if (r == 0)
		r = form_fits(&t->form, &t->sub, e);
	if (r == 0)
		r = insert(tx, t, e);
	if (r == 0 && t->in->for_domain)
		r = domain_auto_link(tx, t->c->account, t->in->for_domain, t->id, e);
	if (r == 0 && t->in->submit)
		r = application_submit(tx, t->s, t->c, t->id, e);
	return r < 0 ? r : application_load(tx, t->c, t->id, t->a, t->view, e);
}

/* The product decides how names and key are read; it never changes under a subscription. */
static int
product_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_subscription sub;
	struct row_application app;
	int64_t product = 0;
	int r;

	if (t->id) {
		r = q_application_get(tx, t->c->account, t->id, t->a, &app, e);
		if (r == 0)
			return not_found(e, "application", t->id);
		if (r > 0 && application_patched(tx, &app, t->patch, t->a, &t->whole, e) < 0)
			r = e->code;
		product = app.product;
		if (!t->version_given)
			t->version = app.version;
	} else if (t->in->subscription) {
		r = q_subscription_get(tx, t->c->account, t->in->subscription, tx->arena, &sub, e);
		if (r == 0)
			return not_found(e, "subscription", t->in->subscription);
		product = sub.product;
	} else {
		r = q_product_by_code(tx, t->in->product, t->a, &t->product, e);
		return r == 0 ? err_field(e, E_PRODUCT_UNFIT, "product", "there is no product \"%.*s\"",
					STRF(t->in->product))
			      : MIN(r, 0);
	}
	if (r > 0)
		r = q_product_get(tx, product, t->a, &t->product, e);
	return MIN(r, 0);
}

/* The stored contact that the input names, or the default where it names none: the application keeps a copy. */
static int
contact_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct apply_contact *c = &t->whole.contact;
	int64_t id = t->whole.contact_id;
	struct row_contact row;
	int r = 1;

	if (!id && (c->name.p || c->email.p || c->phone.p || t->product.internal))
		return 0;
	if (id && c->name.p)
		return err_field(e, E_FIELD_FORM, "contact_id", "give the contact or the id of a stored one, not both");
	if (!id)
		r = q_contact_default(tx, t->c->account, &id, e);
	if (r > 0)
		r = q_contact_get(tx, t->c->account, id, t->a, &row, e);
	if (r == 0 && t->whole.contact_id)
		return err_field(e, E_CONTACT_MISSING, "contact_id", "there is no contact %lld", (long long)id);
	if (r > 0)
		t->whole.contact = (struct apply_contact){row.name, row.email, row.phone};
	return MIN(r, 0);
}

/* The same for the company of OV and EV. */
static int
company_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_application_company named = {0};
	int64_t app = t->id ? t->id : t->from;
	int r = app ? q_application_company_get(tx, t->c->account, app, t->a, &named, e) : 0;

	if (r >= 0)
		r = company_choose(tx, t->c, &t->product, &t->whole, named.company, t->a, &t->company, e);
	if (r == 0)
		t->company.id = 0;
	if (!t->whole.company_id)
		t->whole.company_id = named.company;
	return MIN(r, 0);
}

/* What the input says, with all its faults. */
static int
read_input(struct act *t, struct err *e)
{
	const struct row_company *company = t->company.id ? &t->company : NULL;
	struct str email = t->in->contact.email.p ? t->in->contact.email : STR("");

	applicant_check(&t->product, t->in->company_id, company, email, t->in->submit, e);
	return form_read(t->in, &t->product, t->a, &t->form, e);
}

/* The stored signing request that the input names, as if it had been given with it. */
static int
csr_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_csr row;
	int r;

	if (t->whole.key_source != KEY_SOURCE_STORED || (!t->whole.csr_id && t->whole.csr.p))
		return 0;
	if (!t->whole.csr_id)
		return err_field(e, E_FIELD_MISSING, "csr_id", "the key source is stored, but no signing request is named");
	r = q_csr_get(tx, t->c->account, t->whole.csr_id, t->a, &row, e);
	if (r == 0)
		return err_field(e, E_NOT_FOUND, "csr_id", "there is no signing request %lld in this account",
			(long long)t->whole.csr_id);
	if (r > 0)
		t->whole.csr = pem_encode(t->a, "CERTIFICATE REQUEST", row.der);
	return MIN(r, 0);
}

static void
keep_notes(struct act *t)
{
	size_t n = t->form.n_notes, more = t->view->n_notes;
	struct str *all = arena_new_n(t->a, n + more + 1, struct str);

	for (size_t i = 0; i < n; i++)
		all[i] = t->form.notes[i];
	for (size_t i = 0; i < more; i++)
		all[n + i] = t->view->notes[i];
	if (t->reused.applications || t->reused.certificates)
		all[n + more++] = arena_printf(t->a,
			"the key of the signing request was used before, by %lld applications and %lld certificates: "
			"a new key for each certificate is safer",
			(long long)t->reused.applications, (long long)t->reused.certificates);
	t->view->notes = all;
	t->view->n_notes = n + more;
}

/* Reads what the input names, then writes. */
static int
apply(struct act *t, bool contact, db_body *write, struct err *e)
{
	int r = svc_read(t->s, product_body, t, e);

	if (r == 0 && contact)
		r = svc_read(t->s, contact_body, t, e);
	if (r == 0)
		r = svc_read(t->s, company_body, t, e);
	if (r == 0)
		r = svc_read(t->s, csr_body, t, e);
	if (r == 0)
		r = read_input(t, e);
	if (r == 0)
		r = svc_write(t->s, write, t, e);
	if (r < 0)
		return r;
	keep_notes(t);
	svc_kick(t->s);
	return 0;
}

int
apply_create(struct svc *s, const struct caller *c, const struct apply *in, struct arena *a, struct application_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .a = a, .view = ret};

	if (!in->subscription && !in->product.p)
		return err_field(e, E_FIELD_MISSING, "product", "the application names neither product nor subscription");
	t.whole = *in;
	t.in = &t.whole;
	return apply(&t, true, create_body, e);
}

static int
next_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_application last;
	int r = q_subscription_get(tx, t->c->account, t->patch->set.subscription, t->a, &t->sub, e);

	if (r == 0)
		return not_found(e, "subscription", t->patch->set.subscription);
	if (r > 0 && t->sub.state != SUBSCRIPTION_ACTIVE)
		return err_field(e, E_FIELD_MISSING, "names",
			"the application has no names, and subscription %lld is %s: only an active one has a certificate "
			"whose names it may have",
			(long long)t->sub.id, sm_name(&sm_subscription, (int)t->sub.state));
	if (r > 0)
		r = q_successor_model(tx, t->c->account, t->sub.id, &t->from, e);
	if (r > 0)
		r = q_application_get(tx, t->c->account, t->from, t->a, &last, e);
	if (r == 0)
		return not_found(e, "application", t->from);
	return r < 0 ? r : application_patched(tx, &last, t->patch, t->a, &t->whole, e);
}

int
apply_next(struct svc *s, const struct caller *c, const struct apply_patch *in, struct arena *a,
	struct application_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .patch = in, .a = a, .view = ret};
	int r = svc_read(s, next_body, &t, e);

	t.in = &t.whole;
	return r < 0 ? r : apply(&t, true, create_body, e);
}

/* -- change */

static int
update(struct db_tx *tx, struct act *t, const struct row_application *row, struct err *e)
{
	const struct form *f = &t->form;
	bool csr = t->in->key_source != KEY_SOURCE_GENERATE;
	struct kept_keys keys;
	int r = application_keys_keep(tx, row, f, &keys, e);

	if (r < 0)
		return r;
	r = q_application_update(tx,
		&(struct in_application_update){.account = t->c->account, .id = t->id, .version = row->version,
			.name = f->certificate_name, .method = t->in->method, .key_source = t->in->key_source,
			.key_alg = f->key_alg, .key_id = keys.key_id, .enc_key_id = keys.enc_key_id, .spki = keys.spki,
			.csr = f->csr_der, .cn = f->cn, .contact_name = t->in->contact.name.p ? t->in->contact.name : STR(""),
			.contact_email = t->in->contact.email.p ? t->in->contact.email : STR(""),
			.contact_phone = t->in->contact.phone.p ? t->in->contact.phone : STR(""),
			.must_staple = t->in->must_staple || (csr && f->csr.must_staple),
			.n_names = (int64_t)f->n_names, .now = tx->now_ms},
		e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "application %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = put_names(tx, t, t->id, e);
	if (r >= 0)
		r = claim_csr(tx, t, t->id, e);
	if (r >= 0 && t->company.id)
		r = company_take(tx, t->c->account, t->id, t->company.id, e);
	if (r >= 0)
		r = application_data_changed(tx, t->s, t->c, t->c->account, t->id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "application.change", "applications", t->id, (struct str){NULL, 0}, e);
	return r;
}

/* After a failure or withdrawal, editing takes it up again (SPEC 3.5), unless another one is open by now. */
static int
take_up(struct db_tx *tx, struct act *t, const struct row_application *row, struct err *e)
{
	int r = sm_move(&sm_application, (int)row->state, APPLICATION_DRAFT, SM_USER, e);

	if (r == 0)
		r = none_open(tx, t, row->subscription, e);
	return r < 0 ? r : application_step(tx, t->s, t->c, row, APPLICATION_DRAFT, SM_USER, e);
}

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_application row;
	int r = q_application_get(tx, t->c->account, t->id, tx->arena, &row, e);

	if (r == 0)
		return not_found(e, "application", t->id);
	/* what a change left out was filled in from that version */
	if (r > 0 && t->version != row.version)
		return err_set(e, t->version_given ? E_PRECONDITION : E_CONFLICT,
			"application %lld was changed meanwhile: its version is %lld, not %lld",
			(long long)t->id, (long long)row.version, (long long)t->version);
	if (r > 0)
		r = q_subscription_get(tx, t->c->account, row.subscription, tx->arena, &t->sub, e);
	if (r > 0 && row.state != APPLICATION_DRAFT) {
		r = take_up(tx, t, &row, e);
		if (r == 0)
			r = q_application_get(tx, t->c->account, t->id, tx->arena, &row, e);
	}
	if (r > 0)
		r = form_fits(&t->form, &t->sub, e);
	if (r == 0 && t->sub.state == SUBSCRIPTION_ACTIVE)
		r = same_names(tx, t, e);
	if (r == 0)
		r = update(tx, t, &row, e);
	if (r == 0 && t->in->submit)
		r = application_submit(tx, t->s, t->c, t->id, e);
	return r < 0 ? r : application_load(tx, t->c, t->id, t->a, t->view, e);
}

int
apply_change(struct svc *s, const struct caller *c, int64_t id, int64_t version, const struct apply_patch *in,
	struct arena *a, struct application_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .patch = in, .id = id, .version = version, .version_given = version != 0, .a = a,
		.view = ret};

	t.in = &t.whole;
	return apply(&t, in->has & APPLY_CONTACT, change_body, e);
}

/* -- acts without data */

static int
submit_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = application_submit(tx, t->s, t->c, t->id, e);

	return r < 0 ? r : application_load(tx, t->c, t->id, t->a, t->view, e);
}

static int
cancel_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_application row;
	int r = q_application_get(tx, t->c->account, t->id, tx->arena, &row, e);

	if (r == 0)
		return not_found(e, "application", t->id);
	if (r > 0)
		r = application_step(tx, t->s, t->c, &row, APPLICATION_CANCELLED, SM_USER, e);
	if (r == 0)
		r = q_job_end_for(tx, WORK_VALIDATE, t->id, tx->now_ms, e);
	return r < 0 ? r : application_load(tx, t->c, t->id, t->a, t->view, e);
}

static int
delete_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_application row;
	int r = q_application_get(tx, t->c->account, t->id, tx->arena, &row, e);

	if (r == 0)
		return not_found(e, "application", t->id);
	if (r > 0)
		r = application_step(tx, t->s, t->c, &row, APPLICATION_DELETED, SM_USER, e);
	if (r == 0)
		r = application_keys_drop(tx, &row, e);
	if (r == 0)
		r = q_subscription_get(tx, t->c->account, row.subscription, tx->arena, &t->sub, e);
	/* The right goes back to the quota, unless certificates came from it already. */
	if (r > 0 && t->sub.state == SUBSCRIPTION_ASSIGNED)
		r = sub_move(tx, t, SUBSCRIPTION_UNASSIGNED, SM_USER, e);
	/* with the names that it took over it leaves what it followed */
	if (r == 0 && t->sub.predecessor)
		r = q_successor_forget(tx, t->c->account, t->sub.id, e);
	return MIN(r, 0);
}

static int
act(struct svc *s, const struct caller *c, int64_t id, db_body *body, struct arena *a, struct application_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a, .view = ret};
	int r = svc_write(s, body, &t, e);

	if (r == 0)
		svc_kick(s);
	return r;
}

int
apply_submit(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret, struct err *e)
{
	return act(s, c, id, submit_body, a, ret, e);
}

int
apply_cancel(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret, struct err *e)
{
	return act(s, c, id, cancel_body, a, ret, e);
}

int
apply_delete(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id};

	return svc_write(s, delete_body, &t, e);
}
