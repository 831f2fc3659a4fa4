/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

static bool
all_automatic(const struct application_view *v)
{
	for (size_t i = 0; i < v->n_authzs; i++) {
		if (v->authzs[i].state == AUTHZ_PENDING && v->autos[i].missing)
			return false;
	}
	return true;
}

static struct str
next_step(const struct application_view *v, struct arena *a)
{
	bool confirming = v->confirmation.application && !v->confirmation.confirmed_ms; /* OV, EV: the contact's word */

	return application_next_step(
		&(struct step){.state = (enum application_state)v->row.state, .application = v->row.id,
			.certificate = v->row.certificate,
			.revoked = v->n_certificates && certificate_closed(v->certificates[0].state),
			.method = v->row.method, .failed = v->row.failure_code.n > 0,
			.asked = v->asked, .automatic = v->autos && all_automatic(v),
			.unconfirmed = confirming ? v->confirmation.recipient : (struct str){NULL, 0}},
		a);
}

void
put_failure(struct jsonw *w, struct str code, struct str text)
{
	int n = err_by_name(code);

	jsonw_key(w, "failure");
	if (!code.n) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	put_text(w, "code", code);
	put_text(w, "message", text);
	jsonw_kv_c(w, "hint", n ? err_info(n)->hint : "");
	jsonw_object_end(w);
}

static void
put_times(struct jsonw *w, const struct row_application *r)
{
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "changed", r->changed_ms);
	jsonw_kv_time(w, "submitted", r->submitted_ms);
	jsonw_kv_time(w, "issued", r->issued_ms);
	jsonw_kv_time(w, "deadline", r->deadline_ms);
	jsonw_kv_int(w, "version", r->version);
}

void
put_application_line(struct jsonw *w, const struct row_application *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	jsonw_kv_c(w, "state", sm_name(&sm_application, (int)r->state));
	jsonw_kv_int(w, "subscription", r->subscription);
	jsonw_kv_int(w, "product", r->product);
	jsonw_kv_c(w, "method", word_name(words_method, r->method));
	jsonw_kv_c(w, "key_source", word_name(words_key_source, r->key_source));
	jsonw_kv_c(w, "key_alg", key_alg_name((enum key_alg)r->key_alg));
	put_text(w, "cn", r->cn);
	jsonw_kv_int(w, "n_names", r->n_names);
	put_id_or_null(w, "certificate", r->certificate);
	put_times(w, r);
	jsonw_object_end(w);
}

static const char *
kind_name(int64_t kind)
{
	static const char *const kinds[] = {[NAME_DNS] = "dns", [NAME_WILDCARD] = "wildcard", [NAME_IP] = "ip", NULL};

	return word_name(kinds, kind);
}

static void
put_names(struct jsonw *w, const struct application_view *v)
{
	jsonw_key(w, "names");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_names; i++) {
		jsonw_object(w);
		put_text(w, "name", v->names[i].ascii);
		put_text(w, "unicode", v->names[i].unicode);
		jsonw_kv_c(w, "kind", kind_name(v->names[i].kind));
		jsonw_kv_bool(w, "companion", v->names[i].companion != 0);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
put_contact(struct jsonw *w, const struct row_application *r)
{
	jsonw_key(w, "contact");
	jsonw_object(w);
	put_text(w, "name", r->contact_name);
	put_text(w, "email", r->contact_email);
	put_text(w, "phone", r->contact_phone);
	jsonw_object_end(w);
}

static void
put_company_copy(struct jsonw *w, const struct application_view *v)
{
	struct company c = company_kept(&v->company);

	jsonw_key(w, "company");
	if (!v->company.company) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	jsonw_kv_int(w, "id", v->company.company);
	put_company_facts(w, &c);
	jsonw_object_end(w);
}

static void
put_confirmation(struct jsonw *w, const struct row_confirmation *r)
{
	jsonw_key(w, "confirmation");
	if (!r->application) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	put_text(w, "email", r->recipient);
	jsonw_kv_time(w, "asked", r->asked_ms);
	jsonw_kv_time(w, "expires", r->confirmed_ms ? 0 : r->expires_ms);
	jsonw_kv_time(w, "confirmed", r->confirmed_ms);
	jsonw_object_end(w);
}

static void
put_publish(struct jsonw *w, const struct publish *p)
{
	jsonw_key(w, "publish");
	if (!p->type.p) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	put_text(w, "type", p->type);
	put_text(w, "where", p->where);
	put_text(w, "value", p->value);
	jsonw_object_end(w);
}

static void
put_waiting_link(struct jsonw *w, const struct row_email_proof *p)
{
	jsonw_key(w, "mail");
	if (!p) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	put_text(w, "to", p->recipient);
	put_text(w, "proves", p->proves);
	jsonw_kv_time(w, "until", p->expires_ms);
	jsonw_object_end(w);
}

static void
put_authorizations(struct jsonw *w, const struct application_view *v, const struct publish *publish)
{
	jsonw_key(w, "authorizations");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_authzs; i++) {
		const struct row_authz *z = &v->authzs[i];

		jsonw_object(w);
		jsonw_kv_int(w, "id", z->id);
		put_text(w, "name", z->name);
		jsonw_kv_c(w, "state", sm_name(&sm_authz, (int)z->state));
		put_publish(w, &publish[i]);
		put_text_or_null(w, "note", v->autos ? v->autos[i].note : STR(""));
		put_waiting_link(w, email_proof_of(v, z));
		jsonw_kv_time(w, "token_expires", z->token_expires_ms);
		jsonw_kv_time(w, "proven_until", z->state == AUTHZ_VALID ? z->proof_until_ms : 0);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

static void
put_notes(struct jsonw *w, const struct application_view *v)
{
	jsonw_key(w, "notes");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_notes; i++)
		jsonw_str(w, v->notes[i]);
	jsonw_array_end(w);
}

static void
put_certificates(struct jsonw *w, const struct application_view *v)
{
	jsonw_key(w, "certificates");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_certificates; i++) {
		jsonw_object(w);
		jsonw_kv_int(w, "id", v->certificates[i].id);
		jsonw_kv_c(w, "role", word_name(words_pair_role, v->certificates[i].role));
		jsonw_kv_c(w, "state", sm_name(&sm_certificate, (int)v->certificates[i].state));
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

void
put_application(struct jsonw *w, const struct application_view *v, const struct publish *publish, struct arena *a)
{
	const struct row_application *r = &v->row;

	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	jsonw_kv_c(w, "state", sm_name(&sm_application, (int)r->state));
	jsonw_kv_str(w, "next_step", next_step(v, a));
	put_text_or_null(w, "held", v->held);
	put_failure(w, r->failure_code, r->failure_text);
	jsonw_kv_int(w, "subscription", r->subscription);
	jsonw_kv_int(w, "product", r->product);
	put_text(w, "product_code", v->product.code);
	jsonw_kv_c(w, "method", word_name(words_method, r->method));
	jsonw_kv_c(w, "key_source", word_name(words_key_source, r->key_source));
	put_id_or_null(w, "csr_id", v->csr);
	jsonw_kv_c(w, "key_alg", key_alg_name((enum key_alg)r->key_alg));
	put_text(w, "cn", r->cn);
	put_names(w, v);
	put_contact(w, r);
	put_company_copy(w, v);
	put_confirmation(w, &v->confirmation);
	jsonw_kv_bool(w, "must_staple", r->must_staple != 0);
	put_authorizations(w, v, publish);
	jsonw_kv_time(w, "next_check", v->next_check_ms);
	jsonw_kv_time(w, "refundable_until", v->refundable_until_ms);
	put_notes(w, v);
	put_certificates(w, v);
	put_times(w, r);
	jsonw_object_end(w);
}

void
put_verify_name(struct jsonw *w, const struct verify_name *v)
{
	jsonw_object(w);
	put_text(w, "name", v->name);
	jsonw_kv_bool(w, "proven", v->proven);
	jsonw_kv_c(w, "code", v->code ? err_info(v->code)->name : NULL);
	put_text_or_null(w, "message", v->message);
	put_text_or_null(w, "hint", v->hint);
	put_json(w, "seen", v->seen);
	jsonw_object_end(w);
}

void
put_evidence_facts(struct jsonw *w, const struct row_validation_record *r)
{
	jsonw_kv_c(w, "purpose", r->purpose ? "caa" : "proof");
	put_text(w, "name_asked", r->name_asked);
	put_text(w, "name_proven", r->name_proven);
	jsonw_kv_c(w, "method", word_name(words_method, r->method));
	put_text(w, "perspective", r->perspective);
	jsonw_kv_bool(w, "ok", r->ok != 0);
	put_text_or_null(w, "code", r->error_code);
	put_text_or_null(w, "message", r->error_text);
	put_json(w, "seen", r->seen);
	jsonw_kv_time(w, "at", r->at_ms);
}

void
put_validation_record(struct jsonw *w, const struct row_validation_record *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_int(w, "authorization", r->authz);
	put_evidence_facts(w, r);
	jsonw_object_end(w);
}

void
put_email_addresses(struct jsonw *w, const struct email_addresses *l)
{
	jsonw_object(w);
	jsonw_kv_int(w, "authorization", l->authz.id);
	put_text(w, "name", l->authz.name);
	jsonw_key(w, "addresses");
	jsonw_array(w);
	for (size_t i = 0; i < l->n; i++) {
		jsonw_object(w);
		put_text(w, "address", l->list[i].address);
		jsonw_kv_c(w, "source", word_name(words_email_source, l->list[i].source));
		put_text(w, "proves", l->list[i].proves);
		jsonw_kv_bool(w, "mailed", l->list[i].mailed);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	put_json(w, "seen", l->seen);
	jsonw_object_end(w);
}
