/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"
#include "crypto/pem.h"

static void
put_facts(struct jsonw *w, const struct row_csr *r)
{
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	put_text(w, "cn", r->cn);
	put_words(w, "names", r->names);
	jsonw_kv_c(w, "key_alg", key_alg_name((enum key_alg)r->alg));
	jsonw_kv_int(w, "bits", r->bits);
	jsonw_kv_bool(w, "key_held", r->key_id.n > 0);
	jsonw_kv_bool(w, "made_here", r->made_here != 0);
	jsonw_kv_time(w, "created", r->created_ms);
}

void
put_csr_line(struct jsonw *w, const struct row_csr *r)
{
	jsonw_object(w);
	put_facts(w, r);
	jsonw_object_end(w);
}

void
put_csr_use(struct jsonw *w, const struct row_csr_use *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "application", r->application);
	jsonw_kv_c(w, "state", sm_name(&sm_application, (int)r->state));
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "submitted", r->submitted_ms);
	jsonw_kv_time(w, "issued", r->issued_ms);
	jsonw_object_end(w);
}

void
put_csr_certificate(struct jsonw *w, const struct row_csr_certificate *r, int64_t now_ms)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	jsonw_kv_c(w, "status", words_status[certificate_status_of(r->state, r->not_after_ms, now_ms)]);
	jsonw_kv_c(w, "source", word_name(words_source, r->source));
	jsonw_kv_c(w, "role", word_name(words_pair_role, r->role));
	jsonw_kv_time(w, "issued", r->issued_ms);
	jsonw_kv_time(w, "not_after", r->not_after_ms);
	jsonw_object_end(w);
}

static void
put_said(struct jsonw *w, const struct facts *f)
{
	jsonw_key(w, "facts");
	jsonw_array(w);
	for (unsigned i = 0; i < f->n; i++) {
		jsonw_object(w);
		jsonw_kv_c(w, "name", f->v[i].name);
		put_text(w, "value", f->v[i].value);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

void
put_csr(struct jsonw *w, const struct csr_view *v, int64_t now_ms, struct arena *a)
{
	jsonw_object(w);
	put_facts(w, &v->row);
	jsonw_kv_hex(w, "spki_sha256", v->row.spki_sha256);
	jsonw_kv_str(w, "pem", pem_encode(a, "CERTIFICATE REQUEST", v->row.der));
	put_said(w, &v->facts);
	jsonw_kv_int(w, "n_applications", v->uses.applications);
	jsonw_key(w, "applications");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_applications; i++)
		put_csr_use(w, &v->applications[i]);
	jsonw_array_end(w);
	jsonw_kv_int(w, "n_certificates", v->uses.certificates);
	jsonw_key(w, "certificates");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_certificates; i++)
		put_csr_certificate(w, &v->certificates[i], now_ms);
	jsonw_array_end(w);
	jsonw_object_end(w);
}
