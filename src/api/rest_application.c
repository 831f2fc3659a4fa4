/* SPDX-License-Identifier: Apache-2.0 */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "crypto/pem.h"
#include "service/apply.h"

/* Applicants publish while a proof is wanted; the internal product's proof is the service's own affair. */
static struct publish *
to_publish(struct call *c, const struct application_view *v)
{
	struct publish *all = arena_new_n(c->arena, v->n_authzs, struct publish);

	for (size_t i = 0; i < v->n_authzs; i++) {
		if (v->authzs[i].state == AUTHZ_PENDING && v->row.method != METHOD_INTERNAL)
			all[i] = apply_publish(c->svc, &v->row, &v->authzs[i], c->arena);
	}
	return all;
}

static int
answer(struct call *c, const struct application_view *v)
{
	put_application(&c->w, v, to_publish(c, v), c->arena);
	call_etag(c, v->row.version);
	return 0;
}

static struct apply_contact
contact_of(const struct in_contact *in)
{
	return (struct apply_contact){in->name, in->email, in->phone};
}

int
api_application_create(struct call *c, struct err *e)
{
	const struct in_application_new *in = c->in;
	struct apply apply = {
		.subscription = in->subscription,
		.product = in->product,
		.certificate_name = in->name,
		.names = in->names,
		.n_names = in->n_names,
		.no_companions = in->has_companions && !in->companions,
		.method = (enum method)in->method,
		.key_source = in->has_key_source ? (enum key_source)in->key_source : KEY_SOURCE_GENERATE,
		.key_alg = in->has_key_alg ? key_alg_by_name(str_c(api_words_key_alg[in->key_alg])) : KEY_EC_P256,
		.csr = in->csr,
		.contact = contact_of(&in->contact),
		.must_staple = in->must_staple,
		.submit = in->submit,
	};
	struct application_view view;
	int r;

	if (!in->has_product && !in->has_subscription)
		return err_field(e, E_FIELD_MISSING, "product", "give the product's code, or a subscription");
	if (apply.key_source == KEY_SOURCE_CSR && !in->has_csr)
		return err_field(e, E_FIELD_MISSING, "csr", "key_source csr needs the signing request");
	r = apply_create(c->svc, &c->caller, &apply, c->arena, &view, e);
	if (r < 0)
		return r;
	c->made = view.row.id;
	return answer(c, &view);
}

int
api_application_list(struct call *c, struct err *e)
{
	struct row_application *rows;
	bool more;
	size_t n;
	int r;

	r = apply_show_list(c->svc, &c->caller, c->q.state, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_application_line(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_application_show(struct call *c, struct err *e)
{
	struct application_view view;
	int r;

	r = apply_show(c->svc, &c->caller, c->id, c->arena, &view, e);
	return r < 0 ? r : answer(c, &view);
}

/* The application as it stands, in the form that a change takes. */
static struct apply
as_it_stands(struct call *c, const struct application_view *v)
{
	const struct row_application *r = &v->row;
	struct str *names = arena_new_n(c->arena, v->n_names, struct str);
	struct apply out = {
		.subscription = r->subscription,
		.certificate_name = r->name,
		.names = names,
		.no_companions = true,
		.method = (enum method)r->method,
		.key_source = (enum key_source)r->key_source,
		.key_alg = (enum key_alg)r->key_alg,
		.csr = r->csr.n ? pem_encode(c->arena, "CERTIFICATE REQUEST", r->csr) : (struct str){NULL, 0},
		.contact = {r->contact_name, r->contact_email, r->contact_phone},
		.must_staple = r->must_staple != 0,
	};

	for (size_t i = 0; i < v->n_names; i++) {
		if (v->names[i].companion)
			out.no_companions = false;
		else
			names[out.n_names++] = v->names[i].ascii;
	}
	return out;
}

static void
overlay(const struct in_application_patch *in, struct apply *out)
{
	if (in->has_name)
		out->certificate_name = in->name;
	if (in->has_names) {
		out->names = in->names;
		out->n_names = in->n_names;
		/* never dropped silently (SPEC 3.2): other names, other companions */
		out->no_companions = false;
	}
	if (in->has_companions)
		out->no_companions = !in->companions;
	if (in->has_method)
		out->method = (enum method)in->method;
	if (in->has_key_source)
		out->key_source = (enum key_source)in->key_source;
	if (in->has_key_alg)
		out->key_alg = key_alg_by_name(str_c(api_words_key_alg[in->key_alg]));
	if (in->has_csr)
		out->csr = in->csr;
	if (in->has_contact)
		out->contact = contact_of(&in->contact);
	if (in->has_must_staple)
		out->must_staple = in->must_staple;
}

/* The service takes an application whole: what a patch leaves out is filled in from the version that was read, and
 * that version is then required. */
int
api_application_change(struct call *c, struct err *e)
{
	struct application_view view;
	struct apply apply;
	int r;

	r = apply_show(c->svc, &c->caller, c->id, c->arena, &view, e);
	if (r < 0)
		return r;
	apply = as_it_stands(c, &view);
	overlay(c->in, &apply);
	r = apply_change(
		c->svc, &c->caller, c->id, c->version ? c->version : view.row.version, &apply, c->arena, &view, e);
	return r < 0 ? r : answer(c, &view);
}

int
api_application_submit(struct call *c, struct err *e)
{
	struct application_view view;
	int r;

	r = apply_submit(c->svc, &c->caller, c->id, c->arena, &view, e);
	return r < 0 ? r : answer(c, &view);
}

static void
put_verified(struct call *c, const struct application_view *view, const struct verify_name *names, size_t n)
{
	jsonw_object(&c->w);
	jsonw_key(&c->w, "application");
	put_application(&c->w, view, to_publish(c, view), c->arena);
	jsonw_key(&c->w, "names");
	jsonw_array(&c->w);
	for (size_t i = 0; i < n; i++)
		put_verify_name(&c->w, &names[i]);
	jsonw_array_end(&c->w);
	jsonw_object_end(&c->w);
}

int
api_application_verify(struct call *c, struct err *e)
{
	struct application_view view;
	struct verify_name *names;
	size_t n;
	int r;

	r = apply_verify(c->svc, &c->caller, c->id, c->arena, &view, &names, &n, e);
	if (r < 0)
		return r;
	put_verified(c, &view, names, n);
	return 0;
}

int
api_application_verify_again(struct call *c, struct err *e)
{
	struct application_view view;
	int r;

	r = apply_show(c->svc, &c->caller, c->id, c->arena, &view, e);
	if (r == 0)
		put_verified(c, &view, NULL, 0);
	return r;
}

int
api_application_cancel(struct call *c, struct err *e)
{
	struct application_view view;
	int r;

	r = apply_cancel(c->svc, &c->caller, c->id, c->arena, &view, e);
	return r < 0 ? r : answer(c, &view);
}

int
api_application_delete(struct call *c, struct err *e)
{
	return apply_delete(c->svc, &c->caller, c->id, e);
}

int
api_application_records(struct call *c, struct err *e)
{
	struct row_validation_record *rows;
	size_t n;
	int r;

	r = apply_records(c->svc, &c->caller, c->id, c->arena, &rows, &n, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_validation_record(&c->w, &rows[i]);
	call_list_end(c, false, 0, (int64_t)n);
	return 0;
}
