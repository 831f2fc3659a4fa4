/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

#include "service/notice.h"

void
put_notice(struct jsonw *w, const struct row_notice *r, enum language language, struct arena *a)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "kind", word_name(words_notice_kind, r->kind));
	jsonw_kv_c(w, "object", notice_kinds[r->kind].object);
	jsonw_kv_int(w, "object_id", r->object_id);
	put_text(w, "name", r->name);
	jsonw_kv_str(w, "title", notice_title(r, language, a));
	jsonw_kv_str(w, "text", notice_text(r, language, a));
	put_text_or_null(w, "code", r->code);
	jsonw_kv_time(w, "due", r->due_ms);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "read", r->read_ms);
	jsonw_object_end(w);
}

void
put_notice_kind(struct jsonw *w, enum notice_kind kind, enum language language)
{
	const struct notice_about *about = &notice_kinds[kind];

	jsonw_object(w);
	jsonw_kv_c(w, "kind", words_notice_kind[kind]);
	jsonw_kv_bool(w, "daily", about->daily);
	jsonw_kv_c(w, "object", about->object);
	jsonw_kv_c(w, "title", about->words[language].title);
	jsonw_kv_c(w, "text", about->words[language].text);
	jsonw_object_end(w);
}

void
put_notice_settings(struct jsonw *w, enum notice_who who, const struct row_notice_settings *r)
{
	jsonw_object(w);
	jsonw_kv_c(w, "who", words_notice_who[who]);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "email", r->email);
	jsonw_kv_time(w, "confirmed", r->confirmed_ms);
	jsonw_kv_bool(w, "mail", r->mail != 0);
	jsonw_kv_c(w, "language", r->language < 0 ? NULL : word_name(words_language, r->language));
	put_notice_kinds(w, "off", r->off);
	jsonw_object_end(w);
}

void
put_notice_kinds(struct jsonw *w, const char *key, int64_t bits)
{
	jsonw_key(w, key);
	jsonw_array(w);
	for (int kind = 0; kind < NOTICE_KINDS; kind++) {
		if (bits >> kind & 1)
			jsonw_str(w, str_c(words_notice_kind[kind]));
	}
	jsonw_array_end(w);
}

void
put_notice_switch(struct jsonw *w, const struct row_notice_switch *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "certificate", r->id);
	jsonw_kv_bool(w, "on", r->quiet == 0);
	jsonw_object_end(w);
}
