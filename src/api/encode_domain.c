/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

void
put_zone(struct jsonw *w, const struct row_zone *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	put_words(w, "servers", r->servers);
	put_text(w, "key_name", r->key_name);
	jsonw_kv_c(w, "key_alg", word_name(words_tsig_alg, r->key_alg));
	jsonw_kv_time(w, "checked", r->checked_ms);
	put_text_or_null(w, "check_code", r->check_code);
	put_text_or_null(w, "check_message", r->check_text);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "changed", r->changed_ms);
	jsonw_kv_int(w, "version", r->version);
	jsonw_object_end(w);
}

void
put_zone_look(struct jsonw *w, const struct zone_look *l)
{
	jsonw_object(w);
	put_text(w, "server", l->server);
	put_text(w, "what", l->what);
	jsonw_kv_bool(w, "ok", l->code == 0);
	jsonw_kv_c(w, "code", l->code ? err_info(l->code)->name : NULL);
	put_text_or_null(w, "message", l->message);
	put_text_or_null(w, "hint", l->hint);
	jsonw_object_end(w);
}

void
put_domain(struct jsonw *w, const struct row_domain *r, int64_t now_ms, struct arena *a)
{
	unsigned missing = domain_missing(r, now_ms);

	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_int(w, "account", r->account);
	put_text(w, "name", r->name);
	put_text(w, "unicode", r->unicode);
	put_text(w, "holder", r->holder);
	jsonw_kv_c(w, "holder_state", sm_name(&sm_owner, (int)r->holder_state));
	put_text_or_null(w, "holder_note", r->holder_note);
	jsonw_kv_time(w, "expires", r->expires_ms);
	put_id_or_null(w, "zone", r->zone);
	put_text_or_null(w, "zone_name", r->zone_name);
	jsonw_kv_bool(w, "automatic_dns", missing == 0);
	jsonw_key(w, "missing");
	jsonw_array(w);
	for (unsigned i = 0; words_dns_need[i]; i++) {
		if (missing & 1U << i)
			jsonw_str(w, str_c(words_dns_need[i]));
	}
	jsonw_array_end(w);
	put_text_or_null(w, "advice", domain_advice(missing, r->name, a));
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "changed", r->changed_ms);
	jsonw_kv_int(w, "version", r->version);
	jsonw_object_end(w);
}
