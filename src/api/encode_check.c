/* SPDX-License-Identifier: Apache-2.0 */
/* What checks of certificates find. */
#include "api/encode.h"

void
put_findings(struct jsonw *w, const struct check *c)
{
	jsonw_array(w);
	for (unsigned i = 0; i < c->n; i++) {
		const struct check_finding *f = &c->v[i];

		jsonw_object(w);
		jsonw_kv_c(w, "code", check_word(f->code));
		jsonw_kv_c(w, "severity", check_severity_word(f->severity));
		jsonw_kv_c(w, "message", check_text(f->code, false));
		jsonw_kv_c(w, "message_zh", check_text(f->code, true));
		jsonw_kv_c(w, "cure", check_cure(f->code, false));
		jsonw_kv_c(w, "cure_zh", check_cure(f->code, true));
		jsonw_kv_c(w, "found", f->text);
		jsonw_kv_c(w, "field", f->file);
		jsonw_kv_int(w, "line", f->line);
		jsonw_kv_int(w, "certificate", f->at);
		jsonw_object_end(w);
	}
	jsonw_array_end(w);
}

void
put_certificate_checked(struct jsonw *w, const struct check *c, int64_t csr, const struct cert_info *chain, int64_t now_ms)
{
	jsonw_object(w);
	jsonw_kv_bool(w, "ok", c->n_errors == 0);
	jsonw_kv_bool(w, "trusted", c->trusted);
	jsonw_kv_bool(w, "has_key", c->key || c->by_request);
	put_id_or_null(w, "csr", csr);
	put_chain(w, NULL, c->n_chain, chain, now_ms);
	jsonw_key(w, "findings");
	put_findings(w, c);
	jsonw_object_end(w);
}
