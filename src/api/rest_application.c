/* SPDX-License-Identifier: Apache-2.0 */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/apply.h"
#include "service/confirm.h"
#include "service/email_proof.h"

/* Applicants publish while a proof is wanted; the internal product's proof is the service's own affair. */
static struct publish *
to_publish(struct call *c, const struct application_view *v)
{
	struct publish *all = arena_new_n(c->arena, v->n_authzs, struct publish);

	for (size_t i = 0; i < v->n_authzs; i++) {
		bool automatic = v->row.method == METHOD_INTERNAL || (v->autos && !v->autos[i].missing);

		automatic |= v->row.method == METHOD_EMAIL; /* there is nothing to publish */
		if (v->authzs[i].state == AUTHZ_PENDING && !automatic)
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

/* What a new application and a change of one name alike: members of struct apply, and which of them are given. */
#define SET(in, source_otherwise) \
	.certificate_name = (in)->name, .names = (in)->names, .n_names = (in)->n_names, \
	.no_companions = (in)->has_companions && !(in)->companions, .method = (enum method)(in)->method, \
	.key_source = (in)->has_key_source ? (enum key_source)(in)->key_source \
		      : (in)->has_csr_id ? KEY_SOURCE_STORED : (source_otherwise), \
	.key_alg = (in)->has_key_alg ? key_alg_by_name(str_c(api_words_key_alg[(in)->key_alg])) : KEY_NONE, \
	.csr = (in)->csr, .csr_id = (in)->has_csr_id ? (in)->csr_id : 0, \
	.contact_id = (in)->has_contact_id ? (in)->contact_id : 0, .contact = contact_of(&(in)->contact), \
	.company_id = (in)->has_company_id ? (in)->company_id : 0, .must_staple = (in)->must_staple
#define HAS(in) \
	(((in)->has_name ? APPLY_NAME : 0U) | ((in)->has_companions ? APPLY_COMPANIONS : 0U) | \
		((in)->has_method ? APPLY_METHOD : 0U) | ((in)->has_key_alg ? APPLY_KEY_ALG : 0U) | \
		((in)->has_key_source ? APPLY_KEY_SOURCE : 0U) | ((in)->has_csr ? APPLY_CSR : 0U) | \
		((in)->has_csr_id ? APPLY_CSR_ID | APPLY_KEY_SOURCE : 0U) | \
		((in)->has_contact || (in)->has_contact_id ? APPLY_CONTACT : 0U) | \
		((in)->has_company_id ? APPLY_COMPANY : 0U) | ((in)->has_must_staple ? APPLY_MUST_STAPLE : 0U))

/* What is given of an application that goes on from the one before. */
static struct apply_patch
next_of(const struct in_application_new *in)
{
	return (struct apply_patch){.has = HAS(in) | (in->has_csr ? APPLY_KEY_SOURCE : 0U),
		.set = {SET(in, KEY_SOURCE_CSR), .subscription = in->subscription, .submit = in->submit}};
}

static int
create_next(struct call *c, const struct in_application_new *in, struct err *e)
{
	const struct apply_patch next = next_of(in);
	struct application_view view;
	int r;

	if (!in->has_subscription)
		return err_field(e, E_FIELD_MISSING, "names", "the application has no names");
	r = apply_next(c->svc, &c->caller, &next, c->arena, &view, e);
	if (r < 0)
		return r;
	c->made = view.row.id;
	return answer(c, &view);
}

int
api_application_create(struct call *c, struct err *e)
{
	const struct in_application_new *in = c->in;
	struct apply apply = {SET(in, KEY_SOURCE_GENERATE), .subscription = in->subscription, .product = in->product,
		.submit = in->submit};
	struct application_view view;
	int r;

	if (apply.key_source == KEY_SOURCE_GENERATE && apply.key_alg == KEY_NONE)
		apply.key_alg = KEY_EC_P256;
	if (!in->has_names)
		return create_next(c, in, e);
	if (!in->has_method)
		return err_field(e, E_FIELD_MISSING, "method", "the application does not say how its names are proven");
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

int
api_application_change(struct call *c, struct err *e)
{
	const struct in_application_patch *in = c->in;
	const struct apply_patch patch = {.has = HAS(in) | (in->has_names ? APPLY_NAMES : 0U),
		.set = {SET(in, KEY_SOURCE_CSR)}};
	struct application_view view;
	int r;

	r = apply_change(c->svc, &c->caller, c->id, c->version, &patch, c->arena, &view, e);
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

int
api_application_method(struct call *c, struct err *e)
{
	const struct in_method_choice *in = c->in;
	struct application_view view;
	int r;

	r = apply_set_method(c->svc, &c->caller, c->id, c->version, (enum method)in->method, c->arena, &view, e);
	return r < 0 ? r : answer(c, &view);
}

int
api_application_send_confirmation(struct call *c, struct err *e)
{
	struct application_view view;
	int r;

	r = apply_send_confirmation(c->svc, &c->caller, c->id, c->arena, &view, e);
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

/* -- proof by e-mail */

int
api_authorization_addresses(struct call *c, struct err *e)
{
	struct email_addresses list;
	int r = email_proof_addresses(c->svc, &c->caller, c->id, c->arena, &list, e);

	if (r == 0)
		put_email_addresses(&c->w, &list);
	return r;
}

int
api_authorization_send_mail(struct call *c, struct err *e)
{
	const struct in_email_send *in = c->in;
	struct application_view view;
	int r = email_proof_send(c->svc, &c->caller, c->id, in->address, c->arena, &view, e);

	return r < 0 ? r : answer(c, &view);
}

int
api_authorization_send_mail_again(struct call *c, struct err *e)
{
	struct application_view view;
	int r = email_proof_application(c->svc, &c->caller, c->id, c->arena, &view, e);

	return r < 0 ? r : answer(c, &view);
}
