/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

void
put_domain_auto(struct jsonw *w, const struct domain_auto_view *v)
{
	const struct row_application *app = &v->application;

	jsonw_object(w);
	jsonw_kv_int(w, "domain", v->domain.id);
	put_text(w, "name", v->domain.name);
	jsonw_kv_bool(w, "on", v->on);
	put_text_or_null(w, "product_code", v->product.code);
	jsonw_key(w, "names");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_names; i++)
		jsonw_str(w, v->names[i]);
	jsonw_array_end(w);
	put_id_or_null(w, "application", app->id);
	jsonw_kv_c(w, "application_state", app->id ? sm_name(&sm_application, (int)app->state) : NULL);
	put_id_or_null(w, "certificate", app->certificate);
	jsonw_key(w, "missing");
	jsonw_array(w);
	for (unsigned i = 0; words_auto_need[i]; i++) {
		if (v->missing & 1U << i)
			jsonw_str(w, str_c(words_auto_need[i]));
	}
	jsonw_array_end(w);
	put_text_or_null(w, "advice", v->advice);
	put_text_or_null(w, "code", v->row.error_code);
	jsonw_kv_time(w, "looked", v->row.looked_ms);
	jsonw_kv_time(w, "since", v->row.since_ms);
	jsonw_object_end(w);
}
