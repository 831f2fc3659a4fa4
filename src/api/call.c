/* SPDX-License-Identifier: Apache-2.0 */
#include "api/call.h"

#include "service/certificate.h"

void
call_list(struct call *c)
{
	jsonw_object(&c->w);
	jsonw_key(&c->w, "items");
	jsonw_array(&c->w);
}

void
call_list_end(struct call *c, bool more, int64_t next, int64_t total)
{
	jsonw_array_end(&c->w);
	jsonw_kv_bool(&c->w, "more", more);
	jsonw_key(&c->w, "next_cursor");
	if (more)
		jsonw_int(&c->w, next);
	else
		jsonw_null(&c->w);
	jsonw_key(&c->w, "total");
	if (total >= 0)
		jsonw_int(&c->w, total);
	else
		jsonw_null(&c->w);
	jsonw_object_end(&c->w);
}

void
call_etag(struct call *c, int64_t version)
{
	http_reply_header(c->rs, "ETag", arena_printf(c->arena, "\"%lld\"", (long long)version));
}

void
call_package(struct call *c, const struct package *pack)
{
	buf_done(&c->rs->body);
	c->rs->body = pack->zip;
	c->secret = pack->has_key;
	http_reply_header(c->rs, "Content-Disposition",
		arena_printf(c->arena, "attachment; filename=\"%.*s\"", STRF(pack->file_name)));
}
