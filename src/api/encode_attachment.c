/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"
#include "base/hex.h"

void
put_attachment(struct jsonw *w, const struct row_attachment *r, struct arena *a)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "name", r->name);
	jsonw_kv_c(w, "media", word_name(words_media, r->media));
	jsonw_kv_int(w, "size", r->size);
	jsonw_kv_str(w, "sha256", hex_encode(a, r->sha256));
	put_text_or_null(w, "object", r->object);
	put_id_or_null(w, "object_id", r->object_id);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_object_end(w);
}
