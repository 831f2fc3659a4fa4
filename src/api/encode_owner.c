/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

static void
put_twin(struct jsonw *w, const struct row_owner_twin *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "account", r->account);
	put_text(w, "account_name", r->account_name);
	put_text(w, "site", r->site);
	put_text(w, "name", r->name);
	jsonw_kv_c(w, "state", sm_name(&sm_owner, (int)r->state));
	jsonw_object_end(w);
}

void
put_owner(struct jsonw *w, const struct owner_view *v, struct arena *a)
{
	const struct row_owner *r = &v->row;

	jsonw_object(w);
	jsonw_kv_int(w, "account", r->account);
	put_text(w, "account_name", r->account_name);
	put_text(w, "site", r->site);
	jsonw_kv_c(w, "kind", word_name(words_owner_kind, r->kind));
	put_text(w, "name", r->name);
	put_text(w, "number", r->number);
	jsonw_kv_c(w, "state", sm_name(&sm_owner, (int)r->state));
	put_text_or_null(w, "note", r->note);
	put_id_or_null(w, "submission", r->submission);
	jsonw_kv_time(w, "submitted", r->submitted_ms);
	jsonw_kv_time(w, "decided", r->decided_ms);
	jsonw_key(w, "documents");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_documents; i++)
		put_attachment(w, &v->documents[i], a);
	jsonw_array_end(w);
	jsonw_key(w, "twins");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_twins; i++)
		put_twin(w, &v->twins[i]);
	jsonw_array_end(w);
	jsonw_kv_int(w, "version", r->version);
	jsonw_object_end(w);
}
