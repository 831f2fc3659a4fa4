/* SPDX-License-Identifier: Apache-2.0 */
/* Which way of proof fits what, and changing it while proofs are looked for (SPEC 3.4). */
#include "service/dns_auto_priv.h"
#include "service/email_proof.h"
#include "service/mail.h"

void
method_check(enum method method, const struct row_product *product, enum name_kind kind,
	struct str name, struct err *e)
{
	bool internal = method == METHOD_INTERNAL,
	     dns = method == METHOD_DNS || method == METHOD_DNS_AUTO;

	if (internal != (product->internal != 0))
		err_note(e, E_METHOD_UNFIT, "method",
			"the method \"internal\" and the product \"internal\" go together");
	else if (method == METHOD_EMAIL && kind == NAME_IP)
		err_note(e, E_METHOD_UNFIT, "method", "the address \"%.*s\" has no mailbox; it is proven by file only",
			STRF(name));
	else if (method == METHOD_FILE && kind == NAME_WILDCARD)
		err_note(e, E_METHOD_UNFIT, "method", "the wildcard \"%.*s\" is proven by DNS only",
			STRF(name));
	else if (dns && kind == NAME_IP)
		err_note(e, E_METHOD_UNFIT, "method", "the address \"%.*s\" is proven by file only",
			STRF(name));
}

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t id, version;
	enum method method;
	struct arena *a;
	struct application_view *view;
};

static int
check(const struct act *t, struct err *e)
{
	const struct application_view *v = t->view;

	if (version_fits("application", t->id, t->version, v->row.version, e) < 0)
		return e->code;
	if (v->row.state != APPLICATION_VALIDATING)
		return err_set(e, E_STATE_REFUSED,
			"application %lld is %s; the method is changed while it is validating",
			(long long)t->id, sm_name(&sm_application, (int)v->row.state));
	if (t->method == METHOD_EMAIL && v->product.type == TYPE_DV)
		err_note(e, E_METHOD_UNFIT, "method", "proof by e-mail is for OV and EV products");
	for (size_t i = 0; i < v->n_names; i++)
		method_check(t->method, &v->product, (enum name_kind)v->names[i].kind,
			v->names[i].ascii, e);
	return err_faults(e);
}

/* Links die with the method; with it new ones go out. */
static int
change_mails(struct db_tx *tx, const struct act *t, struct err *e)
{
	struct row_application now = t->view->row;

	if (t->method == (enum method)now.method)
		return 0;
	now.method = t->method;
	return t->method == METHOD_EMAIL ? email_proof_ask(tx, t->s, &now, e) : email_proof_stop(tx, &now, e);
}

/* Values and proofs stay: each method finds its own. */
static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = application_load(tx, t->c, t->id, t->a, t->view, e);

	if (r == 0)
		r = check(t, e);
	if (r == 0 && t->method == METHOD_EMAIL)
		r = mail_ready(t->s, e);
	if (r < 0)
		return r;
	r = q_application_set_method(
		tx, t->c->account, t->id, t->view->row.version, t->method, tx->now_ms, e);
	if (r == 0)
		return err_set(
			e, E_CONFLICT, "application %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = dns_clean_soon(tx, t->s, t->c->account, t->id, e);
	if (r == 0)
		r = change_mails(tx, t, e);
	if (r == 0)
		r = jobs_add(tx, t->s, t->c->account, WORK_VALIDATE, t->id, tx->now_ms, e);
	if (r == 0)
		r = audit_add(tx, t->s, t->c, "application.method", "applications", t->id,
			detail_2kv(tx->arena, "from",
				str_c(word_name(words_method, t->view->row.method)), "to",
				str_c(word_name(words_method, t->method))),
			e);
	return r < 0 ? r : application_load(tx, t->c, t->id, t->a, t->view, e);
}

int
apply_set_method(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	enum method method, struct arena *a, struct application_view *ret, struct err *e)
{
	struct act t = {.s = s,
		.c = c,
		.id = id,
		.version = version,
		.method = method,
		.a = a,
		.view = ret};
	int r = svc_write(s, change_body, &t, e);

	if (r == 0)
		svc_kick(s);
	return r;
}
