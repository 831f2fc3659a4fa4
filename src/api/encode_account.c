/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

void
put_account(struct jsonw *w, const struct row_account *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "site", r->site);
	put_text(w, "name", r->name);
	jsonw_kv_bool(w, "operator", r->operator!= 0);
	jsonw_kv_c(w, "owner_kind", word_name(words_owner_kind, r->owner_kind));
	put_text(w, "owner_name", r->owner_name);
	put_text(w, "owner_number", r->owner_number);
	jsonw_kv_c(w, "owner_state", sm_name(&sm_owner, (int)r->owner_state));
	put_text(w, "currency", r->currency);
	jsonw_kv_int(w, "balance", r->balance);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_object_end(w);
}

void
put_user(struct jsonw *w, const struct row_users *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	put_text(w, "email", r->email);
	jsonw_kv_time(w, "email_confirmed", r->email_confirmed_ms);
	jsonw_kv_c(w, "role", word_name(words_role, r->role));
	jsonw_kv_bool(w, "disabled", r->disabled != 0);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_int(w, "version", r->version);
	jsonw_object_end(w);
}

void
put_access_key(struct jsonw *w, const struct row_access_key *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "access_key_id", r->key_id);
	jsonw_kv_int(w, "user", r->user_id);
	jsonw_kv_c(w, "role", word_name(words_role, r->role));
	jsonw_kv_bool(w, "disabled", r->disabled || r->user_disabled);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_object_end(w);
}
