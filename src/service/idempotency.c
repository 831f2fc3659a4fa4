/* SPDX-License-Identifier: Apache-2.0 */
#include "service/idempotency.h"

#include "base/rand.h"
#include "service/svc_priv.h"

struct find {
	const struct caller *c;
	const struct idem *i;
	struct arena *a;
	struct row_idempotency row;
	bool found;
};

static int
find_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct find *f = arg;
	int r = q_idempotency_get(tx, f->c->account, f->c->user, f->i->key, f->a, &f->row, e);

	f->found = r > 0;
	return MIN(r, 0);
}

int
idem_find(struct svc *s, const struct caller *c, const struct idem *i, struct arena *a, struct str *ret_object,
	int64_t *ret_id, struct err *e)
{
	struct find f = {.c = c, .i = i, .a = a};
	int r = svc_read(s, find_body, &f, e);

	if (r < 0 || !f.found)
		return r;
	if (!blob_eq(f.row.request_sha256, BLOB(i->request_sha256, 32)))
		return err_field(e, E_IDEMPOTENCY_MISMATCH, "Idempotency-Key",
			"the idempotency key \"%.*s\" was used with another request", STRF(i->key));
	*ret_object = f.row.object;
	*ret_id = f.row.object_id;
	return 1;
}

int
idem_write(struct db_tx *tx, const struct caller *c, const char *object, int64_t object_id, struct err *e)
{
	struct idem *i = c->idem;
	struct row_idempotency row;
	int r;

	if (!i)
		return 0;
	if (!i->claim)
		i->claim = (int64_t)(rand_u64() >> 1) + 1;
	r = q_idempotency_insert(tx,
		&(struct in_idempotency_insert){.account = c->account, .user_id = c->user, .key = i->key,
			.request_sha256 = BLOB(i->request_sha256, 32), .object = str_c(object), .object_id = object_id,
			.claim = i->claim, .now = tx->now_ms},
		e);
	if (r != 0)
		return MIN(r, 0);
	/* An act of several rows or transactions leaves one record, with its first. */
	r = q_idempotency_get(tx, c->account, c->user, i->key, tx->arena, &row, e);
	if (r < 0 || (r > 0 && row.claim == i->claim))
		return MIN(r, 0);
	return err_field(e, E_IDEMPOTENCY_BUSY, "Idempotency-Key",
		"a request with the idempotency key \"%.*s\" was being worked on", STRF(i->key));
}
