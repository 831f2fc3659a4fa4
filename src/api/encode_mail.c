/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

void
put_mail(struct jsonw *w, const struct row_mail *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "kind", word_name(words_mail_kind, r->kind));
	jsonw_kv_int(w, "object", r->object_id);
	put_text(w, "to", r->recipient);
	jsonw_kv_c(w, "state", word_name(words_mail_state, r->state));
	jsonw_kv_int(w, "attempts", r->attempts);
	jsonw_kv_str(w, "code", r->error_code.n ? r->error_code : (struct str){NULL, 0});
	jsonw_kv_str(w, "message", r->error_text.n ? r->error_text : (struct str){NULL, 0});
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "sent", r->sent_ms);
	jsonw_object_end(w);
}
