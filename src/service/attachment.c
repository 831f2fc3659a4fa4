/* SPDX-License-Identifier: Apache-2.0 */
#include "service/attachment.h"

#include "base/utf8.h"
#include "service/svc_priv.h"

struct act {
	struct svc *s;
	const struct caller *c;
	const struct page *page;
	int64_t account, id;
	struct str name;
	struct blob content, *ret_content;
	uint8_t sha256[32];
	enum media media;
	struct arena *a;
	struct row_attachment row, *rows;
	size_t n;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_attachment_get(tx, t->account, t->id, t->a, &t->row, e);

	return r == 0 ? not_found(e, "attachment", t->id) : MIN(r, 0);
}

/* -- upload */

static int
check_name(struct str name, struct err *e)
{
	size_t n;

	if (!name.p)
		return err_field(e, E_FIELD_MISSING, "file_name", "the file has no name");
	if (!utf8_printable(name, false))
		return err_field(e, E_FIELD_UTF8, "file_name",
			"the file's name holds a control character or is not valid UTF-8");
	n = utf8_len(name);
	if (n < 1 || n > ATTACHMENT_NAME_MAX)
		return err_field(e, E_FIELD_LENGTH, "file_name",
			"the file's name has %zu characters; 1 to %d are possible", n,
			ATTACHMENT_NAME_MAX);
	if (str_find(name, '/') >= 0 || str_find(name, '\\') >= 0 || name.p[0] == '.')
		return err_field(e, E_FIELD_FORM, "file_name",
			"the file's name \"%.*s\" may not begin with a dot nor hold a slash or "
			"backslash",
			STRF(name));
	return 0;
}

static int
upload_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t unused = 0;
	int r = q_attachment_unused(tx, t->c->account, t->c->user, &unused, e);

	if (r >= 0 && unused >= ATTACHMENT_UNUSED_MAX)
		return err_set(e, E_ATTACHMENT_COUNT,
			"you have uploaded %lld files that nothing uses yet; %d are possible",
			(long long)unused, ATTACHMENT_UNUSED_MAX);
	if (r >= 0)
		r = q_attachment_insert(tx,
			&(struct in_attachment_insert){.account = t->c->account,
				.user_id = t->c->user,
				.name = t->name,
				.media = t->media,
				.size = (int64_t)t->content.n,
				.sha256 = BLOB(t->sha256, 32),
				.content = t->content,
				.now = tx->now_ms},
			&t->id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "attachment.upload", "attachments", t->id,
			detail_2kv(
				tx->arena, "name", t->name, "media", str_c(words_media[t->media])),
			e);
	return r < 0 ? r : load(tx, t, e);
}

int
attachment_upload(struct svc *s, const struct caller *c, struct str name, struct blob content,
	struct arena *a, struct row_attachment *ret, struct err *e)
{
	struct act t = {
		.s = s, .c = c, .account = c->account, .name = name, .content = content, .a = a};
	int r = check_name(name, e);

	if (r < 0)
		return r;
	if (content.n == 0)
		return err_set(e, E_FIELD_MISSING,
			"the request has no body: the file's bytes are wanted there");
	if (content.n > ATTACHMENT_MAX)
		return err_set(e, E_TOO_LARGE, "the file has %zu bytes; allowed are at most %zu",
			content.n, ATTACHMENT_MAX);
	r = media_sniff(content, &t.media, e);
	if (r < 0)
		return r;
	digest_sha256(content, t.sha256);
	r = svc_write(s, upload_body, &t, e);
	if (r == 0)
		*ret = t.row;
	return r;
}

/* -- reading */

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_attachment_content content;
	struct act *t = arg;
	int r = load(tx, t, e);

	if (r < 0 || !t->ret_content)
		return r;
	r = q_attachment_content(tx, t->account, t->id, t->a, &content, e);
	if (r > 0)
		*t->ret_content = content.content;
	return r == 0 ? not_found(e, "attachment", t->id) : MIN(r, 0);
}

int
attachment_show(struct svc *s, const struct caller *c, int64_t account, int64_t id, struct arena *a,
	struct row_attachment *ret, struct blob *ret_content, struct err *e)
{
	struct act t = {.account = account ? account : c->account,
		.id = id,
		.ret_content = ret_content,
		.a = a};
	int r;

	if (t.account != c->account && !role_has(c->role, RIGHT_STAFF_READ))
		return err_set(e, E_FORBIDDEN, "only staff may read another account's files");
	r = svc_read(s, show_body, &t, e);
	if (r == 0)
		*ret = t.row;
	return r;
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_attachment_list(tx, t->c->account, page_before(t->page), t->page->limit + 1, t->a,
		&t->rows, &t->n, e);
}

int
attachment_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_attachment **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.c = c, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

/* -- delete */

static int
delete_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	if (r < 0)
		return r;
	if (t->row.object_id)
		return err_set(e, E_STATE_REFUSED, "attachment %lld belongs to %.*s/%lld",
			(long long)t->id, STRF(t->row.object), (long long)t->row.object_id);
	r = q_attachment_delete_unused(tx, t->c->account, t->c->user, t->id, e);
	if (r == 0)
		return err_set(e, E_FORBIDDEN, "attachment %lld was uploaded by another user",
			(long long)t->id);
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "attachment.delete", "attachments", t->id,
			(struct str){NULL, 0}, e);
	return MIN(r, 0);
}

int
attachment_delete(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	ARENA(a);
	struct act t = {.s = s, .c = c, .account = c->account, .id = id, .a = &a};

	return svc_write(s, delete_body, &t, e);
}

/* -- use */

/* One file against the rule. */
static int
check_one(struct db_tx *tx, const struct caller *c, const struct attachment_rule *rule, int64_t id,
	struct err *e)
{
	struct row_attachment row;
	int r = q_attachment_get(tx, c->account, id, tx->arena, &row, e);

	if (r < 0)
		return r;
	if (r == 0 || row.object_id || row.user_id != c->user) {
		err_note(e, E_ATTACHMENT_GONE, rule->field, "there is no unused file %lld of yours",
			(long long)id);
		return 0;
	}
	if (!(rule->kinds >> row.media & 1))
		err_note(e, E_ATTACHMENT_TYPE, rule->field,
			"the file \"%.*s\" is %s, which is not taken here", STRF(row.name),
			word_name(words_media, row.media));
	if (row.size > rule->size_max)
		err_note(e, E_TOO_LARGE, rule->field,
			"the file \"%.*s\" has %lld bytes; allowed here are at most %lld",
			STRF(row.name), (long long)row.size, (long long)rule->size_max);
	return 0;
}

static int
check_all(struct db_tx *tx, const struct caller *c, const struct attachment_rule *rule,
	const int64_t *ids, size_t n, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < n; i++) {
		for (size_t k = 0; k < i; k++) {
			if (ids[k] == ids[i])
				err_note(e, E_ATTACHMENT_GONE, rule->field,
					"the file %lld is named twice", (long long)ids[i]);
		}
		r = check_one(tx, c, rule, ids[i], e);
	}
	return r < 0 ? r : err_faults(e);
}

int
attachment_bind(struct db_tx *tx, const struct caller *c, const struct attachment_rule *rule,
	const int64_t *ids, size_t n, int64_t account, const char *object, int64_t object_id,
	struct err *e)
{
	int64_t there = 0;
	int r = check_all(tx, c, rule, ids, n, e);

	if (r == 0)
		r = q_attachment_count_object(tx, account, str_c(object), object_id, &there, e);
	if (r >= 0 && there + (int64_t)n > rule->count_max)
		return err_field(e, E_ATTACHMENT_COUNT, rule->field,
			"with these there would be %lld files; allowed are %lld",
			(long long)there + (long long)n, (long long)rule->count_max);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		r = q_attachment_bind(
			tx, c->account, c->user, ids[i], account, str_c(object), object_id, e);
		if (r == 0)
			return err_field(e, E_ATTACHMENT_GONE, rule->field,
				"the file %lld was used meanwhile", (long long)ids[i]);
	}
	return MIN(r, 0);
}
