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
put_csr(struct jsonw *w, const struct csr_view *v, struct arena *a)
{
	jsonw_object(w);
	put_facts(w, &v->row);
	jsonw_kv_hex(w, "spki_sha256", v->row.spki_sha256);
	jsonw_kv_str(w, "pem", pem_encode(a, "CERTIFICATE REQUEST", v->row.der));
	jsonw_key(w, "applications");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_uses; i++) {
		jsonw_object(w);
		jsonw_kv_int(w, "application", v->uses[i].application);
		jsonw_kv_c(w, "state", sm_name(&sm_application, (int)v->uses[i].state));
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
	jsonw_object_end(w);
}
