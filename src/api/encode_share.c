/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"
#include "service/share.h"

void
put_share(struct jsonw *w, const struct row_share *r, int64_t account, int64_t now_ms)
{
	bool given = r->account == account, over = share_over(r, now_ms);
	/* between its end date and the sweep nothing stands in the row yet */
	int64_t why = r->ended_by ? r->ended_by : SHARE_END_DATE;

	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "direction", given ? "given" : "received");
	jsonw_kv_int(w, "account", given ? r->receiver : r->account);
	put_text(w, "account_name", given ? r->receiver_name : r->account_name);
	put_id_or_null(w, "certificate", given ? r->certificate : r->copy_state == COPY_DELETED ? 0 : r->copy);
	put_text(w, "name", r->name);
	jsonw_kv_c(w, "grade", word_name(words_share_grade, r->grade));
	jsonw_kv_time(w, "ends", r->ends_ms);
	jsonw_kv_c(w, "state", sm_name(&sm_share, over ? SHARE_ENDED : SHARE_ACTIVE));
	jsonw_kv_time(w, "ended", over ? r->ended_ms ? r->ended_ms : r->ends_ms : 0);
	jsonw_kv_c(w, "ended_by", over ? word_name(words_share_end, why) : NULL);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "downloaded", r->taken_ms);
	jsonw_object_end(w);
}

void
put_share_ref(struct jsonw *w, const struct row_share *r, bool warn, int64_t now_ms)
{
	jsonw_key(w, "share");
	if (!r || !r->id) {
		jsonw_null(w);
		return;
	}
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_int(w, "account", r->account);
	put_text(w, "account_name", r->account_name);
	jsonw_kv_c(w, "grade", word_name(words_share_grade, r->grade));
	jsonw_kv_time(w, "ends", r->ends_ms);
	jsonw_kv_c(w, "state", sm_name(&sm_share, share_over(r, now_ms) ? SHARE_ENDED : SHARE_ACTIVE));
	jsonw_kv_c(w, "warning",
		warn ? "It is deployed: put another certificate in its place where it is in use." : NULL);
	jsonw_object_end(w);
}
