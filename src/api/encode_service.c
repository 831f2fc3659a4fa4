/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

static void
put_list(struct jsonw *w, const char *key, const char *const *list, size_t max)
{
	jsonw_key(w, key);
	jsonw_array(w);
	for (size_t i = 0; i < max && list[i]; i++)
		jsonw_str(w, str_c(list[i]));
	jsonw_array_end(w);
}

void
put_profile(struct jsonw *w, const struct profile *p)
{
	static const char *const uses[] = {[PROFILE_ROOT] = "root",
		[PROFILE_INTERMEDIATE] = "intermediate",
		[PROFILE_TLS] = "tls",
		[PROFILE_SM2_SIGN] = "sm2_sign",
		[PROFILE_SM2_ENC] = "sm2_encrypt",
		NULL};

	jsonw_object(w);
	jsonw_kv_c(w, "name", p->name);
	jsonw_kv_int(w, "version", p->version);
	jsonw_kv_c(w, "use", word_name(uses, p->use));
	jsonw_kv_bool(w, "public_rules", p->public_rules);
	jsonw_kv_bool(w, "any_name", p->any_name);
	put_list(w, "eku", p->eku, ARRAY_LEN(p->eku));
	put_list(w, "policies", p->policies, ARRAY_LEN(p->policies));
	jsonw_object_end(w);
}

void
put_overview(struct jsonw *w, const struct overview *o)
{
	jsonw_object(w);
	jsonw_kv_int(w, "total", o->total);
	jsonw_kv_int(w, "issued", o->issued);
	jsonw_kv_int(w, "pending_application", o->pending_application);
	jsonw_kv_int(w, "will_expire", o->will_expire);
	jsonw_kv_int(w, "check_failed", o->check_failed);
	jsonw_kv_int(w, "expired", o->expired);
	jsonw_kv_int(w, "quota", o->quota);
	jsonw_kv_int(w, "revoked", o->revoked);
	jsonw_object_end(w);
}

void
put_audit(struct jsonw *w, const struct row_audit *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "node", r->node);
	jsonw_kv_int(w, "lane", r->lane);
	jsonw_kv_int(w, "seq", r->seq);
	jsonw_kv_time(w, "at", r->at_ms);
	put_id_or_null(w, "account", r->account);
	put_id_or_null(w, "user", r->user_id);
	put_text(w, "act", r->act);
	put_text(w, "object", r->object);
	jsonw_kv_int(w, "object_id", r->object_id);
	put_json(w, "detail", r->detail);
	jsonw_kv_hex(w, "hash", r->hash);
	jsonw_object_end(w);
}

void
put_job(struct jsonw *w, const struct row_job *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "kind", word_name(words_work, r->kind));
	jsonw_kv_int(w, "object", r->object);
	jsonw_kv_c(w, "state", sm_name(&sm_work, (int)r->state));
	jsonw_kv_time(w, "run_at", r->run_at_ms);
	jsonw_kv_int(w, "attempts", r->attempts);
	put_text_or_null(w, "code", r->error_code);
	put_text_or_null(w, "message", r->error_text);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "done", r->done_ms);
	jsonw_object_end(w);
}

void
put_error_row(struct jsonw *w, const struct err_info *i)
{
	jsonw_object(w);
	jsonw_kv_c(w, "code", i->name);
	jsonw_kv_int(w, "status", i->http);
	jsonw_kv_int(w, "exit", i->exit);
	jsonw_kv_c(w, "meaning", i->text);
	jsonw_kv_c(w, "hint", i->hint);
	jsonw_object_end(w);
}
