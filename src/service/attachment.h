/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files that people send. A file is uploaded first and belongs to its user; an object then takes it
 * by its id (attachment_bind) with rules of its own. What nobody takes within `attachment-unused`
 * goes away. Content is kept and given back byte for byte; its type is what its bytes are
 * (model/media.h).
 */
#pragma once

#include "model/media.h"
#include "service/svc.h"
#include "store/store_sql.h"

/* The largest file of any kind. */
#define ATTACHMENT_MAX ((size_t)4 * 1024 * 1024)
#define ATTACHMENT_NAME_MAX 100
/* Files of one user that nothing has taken yet. */
#define ATTACHMENT_UNUSED_MAX 20

/* name: 1 to 100 characters, without path. E_ATTACHMENT_*, E_FIELD_FORM, E_FIELD_MISSING. */
int attachment_upload(struct svc *s, const struct caller *c, struct str name, struct blob content,
	struct arena *a, struct row_attachment *ret, struct err *e) CHECKED;
/* account: 0 for the caller's own; another one is for staff. ret_content may be NULL. */
int attachment_show(struct svc *s, const struct caller *c, int64_t account, int64_t id,
	struct arena *a, struct row_attachment *ret, struct blob *ret_content,
	struct err *e) CHECKED;
int attachment_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_attachment **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* One's own that nothing has taken. */
int attachment_delete(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;

/* What an object takes. */
struct attachment_rule {
	unsigned kinds;	   /* 1 << enum media, or-ed */
	int64_t size_max;  /* of each */
	int64_t count_max; /* of the object, with those that it has */
	const char *field; /* of the ids in the input, for errors */
};
struct db_tx;
/* The files become the object's, which lives in `account` (staff answer in customers' accounts).
 * All or none; all faults at once. Within the transaction of the act that names them. */
int attachment_bind(struct db_tx *tx, const struct caller *c, const struct attachment_rule *rule,
	const int64_t *ids, size_t n, int64_t account, const char *object, int64_t object_id,
	struct err *e) CHECKED;
