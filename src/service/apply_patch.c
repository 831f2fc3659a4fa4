/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of an application's data when a change leaves some of it out. */
#include "crypto/pem.h"
#include "service/apply_priv.h"

/* The application as it stands, in the form that an applicant fills in. */
static struct apply
as_it_stands(const struct row_application *r, const struct row_application_name *names, size_t n, struct arena *a)
{
	struct str *typed = arena_new_n(a, n, struct str);
	struct apply out = {
		.subscription = r->subscription,
		.certificate_name = r->name,
		.names = typed,
		.no_companions = true,
		.method = (enum method)r->method,
		.key_source = (enum key_source)r->key_source,
		.key_alg = (enum key_alg)r->key_alg,
		.csr = r->csr.n ? pem_encode(a, "CERTIFICATE REQUEST", r->csr) : (struct str){NULL, 0},
		.contact = {r->contact_name, r->contact_email, r->contact_phone},
		.must_staple = r->must_staple != 0,
	};

	/* companions stand among the names, so that none is added which the applicant has switched off */
	for (size_t i = 0; i < n; i++)
		typed[out.n_names++] = names[i].ascii;
	return out;
}

/* Switched on, companions are added again to the names that bring them. */
static void
drop_companions(const struct row_application_name *names, size_t n, struct arena *a, struct apply *out)
{
	struct str *typed = arena_new_n(a, n, struct str);

	out->n_names = 0;
	for (size_t i = 0; i < n; i++) {
		if (!names[i].companion)
			typed[out->n_names++] = names[i].ascii;
	}
	out->names = typed;
}

static void
overlay(const struct apply_patch *p, struct apply *out)
{
	const struct apply *in = &p->set;

	if (p->has & APPLY_NAME)
		out->certificate_name = in->certificate_name;
	if (p->has & APPLY_NAMES) {
		out->names = in->names;
		out->n_names = in->n_names;
		/* never dropped silently (SPEC 3.2): other names, other companions */
		out->no_companions = false;
	}
	if (p->has & APPLY_COMPANIONS)
		out->no_companions = in->no_companions;
	if (p->has & APPLY_METHOD)
		out->method = in->method;
	if (p->has & APPLY_KEY_SOURCE) {
		if (in->key_source != out->key_source)
			out->csr = (struct str){NULL, 0};
		out->key_source = in->key_source;
	}
	if (p->has & APPLY_KEY_ALG)
		out->key_alg = in->key_alg;
	if (p->has & APPLY_CSR)
		out->csr = in->csr;
	if (p->has & APPLY_CSR_ID)
		out->csr_id = in->csr_id;
	/* the algorithm is the request's own */
	if (out->key_source == KEY_SOURCE_STORED && !(p->has & APPLY_KEY_ALG))
		out->key_alg = KEY_NONE;
	if (p->has & APPLY_CONTACT) {
		out->contact = in->contact;
		out->contact_id = in->contact_id;
	}
	if (p->has & APPLY_COMPANY)
		out->company_id = in->company_id;
	if (p->has & APPLY_MUST_STAPLE)
		out->must_staple = in->must_staple;
	out->submit = in->submit;
}

int
application_patched(struct db_tx *tx, const struct row_application *row, const struct apply_patch *p, struct arena *a,
	struct apply *ret, struct err *e)
{
	struct row_application_name *names;
	size_t n;
	int r = q_application_names(tx, row->account, row->id, a, &names, &n, e);

	if (r < 0)
		return r;
	*ret = as_it_stands(row, names, n, a);
	if (p->has & APPLY_COMPANIONS)
		drop_companions(names, n, a, ret);
	overlay(p, ret);
	return 0;
}
