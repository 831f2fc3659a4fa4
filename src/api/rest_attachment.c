/* SPDX-License-Identifier: Apache-2.0 */
/* Files that people send, and get back as they were. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "service/attachment.h"

int
api_attachment_list(struct call *c, struct err *e)
{
	struct row_attachment *rows;
	bool more;
	size_t n;
	int r;

	r = attachment_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_attachment(&c->w, &rows[i], c->arena);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_attachment_upload(struct call *c, struct err *e)
{
	struct row_attachment row;
	int r;

	r = attachment_upload(c->svc, &c->caller, c->q.file_name, c->rq->body, c->arena, &row, e);
	if (r < 0)
		return r;
	c->made = row.id;
	put_attachment(&c->w, &row, c->arena);
	return 0;
}

int
api_attachment_show(struct call *c, struct err *e)
{
	struct row_attachment row;
	int r;

	r = attachment_show(c->svc, &c->caller, c->q.account, c->id, c->arena, &row, NULL, e);
	if (r == 0)
		put_attachment(&c->w, &row, c->arena);
	return r;
}

/* RFC 6266: a plain name for old readers, the whole one behind it (RFC 8187). */
static struct str
disposition(struct arena *a, struct str name)
{
	static const char hex[] = "0123456789ABCDEF";
	char *plain = arena_copy(a, name.p, name.n), *full = arena_alloc(a, name.n * 3 + 1);
	size_t n = 0;

	for (size_t i = 0; i < name.n; i++) {
		unsigned char ch = (unsigned char)name.p[i];
		bool word = (ch >= '0' && ch <= '9') ||
			    ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') || ch == '.' || ch == '-' ||
			    ch == '_';

		if (!word)
			plain[i] = '_';
		if (word) {
			full[n++] = (char)ch;
			continue;
		}
		full[n++] = '%';
		full[n++] = hex[ch >> 4];
		full[n++] = hex[ch & 15];
	}
	return arena_printf(a, "attachment; filename=\"%.*s\"; filename*=UTF-8''%.*s", (int)name.n,
		plain, (int)n, full);
}

/* It comes from a stranger: the browser keeps it as a file, and gives it no rights should it be
 * shown all the same. */
int
api_attachment_content(struct call *c, struct err *e)
{
	struct row_attachment row;
	struct blob content;
	int r;

	r = attachment_show(c->svc, &c->caller, c->q.account, c->id, c->arena, &row, &content, e);
	if (r < 0)
		return r;
	buf_put_blob(&c->rs->body, content);
	c->media = row.media == MEDIA_TEXT ? "text/plain; charset=utf-8"
					   : word_name(words_media, row.media);
	http_reply_header(c->rs, "Content-Disposition", disposition(c->arena, row.name));
	http_reply_header(c->rs, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
	return 0;
}

int
api_attachment_delete(struct call *c, struct err *e)
{
	return attachment_delete(c->svc, &c->caller, c->id, e);
}
