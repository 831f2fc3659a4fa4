/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

static void
put_object(struct jsonw *w, int64_t object, int64_t id)
{
	jsonw_kv_c(w, "object", object == TICKET_OF_NOTHING ? NULL : word_name(words_ticket_object, object));
	put_id_or_null(w, "object_id", id);
}

static void
put_head(struct jsonw *w, const struct row_ticket *r)
{
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_int(w, "account", r->account);
	put_text(w, "account_name", r->account_name);
	jsonw_kv_c(w, "kind", word_name(words_ticket_kind, r->kind));
	jsonw_kv_bool(w, "urgent", r->urgent != 0);
	put_text(w, "subject", r->subject);
	jsonw_kv_c(w, "state", sm_name(&sm_ticket, (int)r->state));
	put_object(w, r->object, r->object_id);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "since", r->since_ms);
}

void
put_ticket_line(struct jsonw *w, const struct row_ticket *r)
{
	jsonw_object(w);
	put_head(w, r);
	jsonw_object_end(w);
}

static void
put_word(struct jsonw *w, const struct row_ticket_message *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_bool(w, "from_staff", r->staff != 0);
	put_text(w, "user", r->user_name);
	put_text(w, "text", r->body);
	jsonw_kv_time(w, "at", r->at_ms);
	jsonw_object_end(w);
}

static void
put_act(struct jsonw *w, const struct row_ticket_act *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "act", word_name(words_ticket_act, r->act));
	put_text(w, "user", r->user_name);
	put_object(w, r->object, r->object_id);
	put_text_or_null(w, "note", r->note);
	jsonw_kv_time(w, "at", r->at_ms);
	jsonw_object_end(w);
}

void
put_ticket(struct jsonw *w, const struct ticket_view *v, struct arena *a)
{
	jsonw_object(w);
	put_head(w, &v->row);
	jsonw_key(w, "messages");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_messages; i++)
		put_word(w, &v->messages[i]);
	jsonw_array_end(w);
	jsonw_key(w, "acts");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_acts; i++)
		put_act(w, &v->acts[i]);
	jsonw_array_end(w);
	jsonw_key(w, "attachments");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_files; i++)
		put_attachment(w, &v->files[i], a);
	jsonw_array_end(w);
	jsonw_object_end(w);
}
