/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

void
put_webhook(struct jsonw *w, const struct row_webhook *r, struct str secret)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "type", word_name(words_webhook_type, r->type));
	put_text(w, "name", r->name);
	put_text(w, "host", r->host);
	jsonw_kv_bool(w, "signed", r->is_signed != 0);
	if (secret.p)
		jsonw_kv_str(w, "secret", secret);
	jsonw_kv_bool(w, "active", r->active != 0);
	jsonw_kv_c(w, "language", r->language < 0 ? NULL : word_name(words_language, r->language));
	put_notice_kinds(w, "off", r->off);
	jsonw_kv_int(w, "waiting", r->waiting);
	put_text_or_null(w, "last_error", r->last_error);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_int(w, "version", r->version);
	jsonw_object_end(w);
}

void
put_webhook_delivery(struct jsonw *w, const struct row_webhook_delivery *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_int(w, "webhook", r->webhook);
	put_id_or_null(w, "notice", r->notice);
	jsonw_kv_c(w, "state", word_name(words_webhook_state, r->state));
	jsonw_kv_int(w, "attempts", r->attempts);
	put_id_or_null(w, "status", r->status);
	put_text_or_null(w, "code", r->error_code);
	put_text_or_null(w, "message", r->error_text);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "done", r->done_ms);
	jsonw_object_end(w);
}
