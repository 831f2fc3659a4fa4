/* SPDX-License-Identifier: Apache-2.0 */
#include "service/audit_priv.h"
#include "service/idempotency.h"

/* Rows of an account in one millisecond: a sweep or a cascade writes hundreds. */
#define SAME_TIME_MAX 5000

static void
put_text(struct buf *b, struct str s)
{
	buf_put_u32(b, (uint32_t)s.n);
	buf_put_str(b, s);
}

void
audit_row_hash(const struct row_audit *r, struct blob prev, uint8_t ret[AUDIT_HASH_LEN])
{
	BUF(b, 64 * 1024);

	buf_put_blob(&b, prev);
	buf_put_u64(&b, (uint64_t)r->node);
	buf_put_u64(&b, (uint64_t)r->lane);
	buf_put_u64(&b, (uint64_t)r->seq);
	buf_put_u64(&b, (uint64_t)r->at_ms);
	buf_put_u64(&b, (uint64_t)r->account);
	buf_put_u64(&b, (uint64_t)r->user_id);
	put_text(&b, r->act);
	put_text(&b, r->object);
	buf_put_u64(&b, (uint64_t)r->object_id);
	put_text(&b, r->detail);
	BUG_ON(b.over);
	digest_sha256(buf_blob(&b), ret);
}

/* The end of the lane's chain: from memory while nothing of the lane was taken back, else its last row. */
static int
head_find(struct db_tx *tx, const struct svc *s, struct audit_lane *lane, struct err *e)
{
	struct row_audit_head_get head = {0};
	int r;

	if (lane->epoch == tx->epoch)
		return 0;
	*lane = (struct audit_lane){0};
	r = q_audit_head_get(tx, s->node, tx->lane, tx->arena, &head, e);
	if (r <= 0)
		return r;
	BUG_ON(head.hash.n != AUDIT_HASH_LEN);
	lane->seq = head.seq;
	memcpy(lane->hash, head.hash.p, AUDIT_HASH_LEN);
	return 0;
}

int
audit_add(struct db_tx *tx, const struct svc *s, const struct caller *c, const char *act, const char *object,
	int64_t object_id, struct str detail, struct err *e)
{
	struct audit_lane *lane = &s->audit_lanes[tx->lane];
	struct row_audit row;
	uint8_t hash[AUDIT_HASH_LEN];
	int r = head_find(tx, s, lane, e);

	if (r < 0)
		return r;
	row = (struct row_audit){s->node, tx->lane, lane->seq + 1, tx->now_ms, c->account, c->user, str_c(act),
		str_c(object), object_id, detail.p ? detail : STR("{}"), {NULL, 0}};
	audit_row_hash(&row, BLOB(lane->hash, AUDIT_HASH_LEN), hash);
	r = q_audit_insert(tx,
		&(struct in_audit_insert){.node = row.node, .lane = row.lane, .seq = row.seq, .at_ms = row.at_ms,
			.account = row.account, .user_id = row.user_id, .act = row.act, .object = row.object,
			.object_id = row.object_id, .detail = row.detail, .hash = BLOB(hash, AUDIT_HASH_LEN)},
		e);
	if (r < 0)
		return r;
	*lane = (struct audit_lane){.epoch = tx->epoch, .seq = row.seq};
	memcpy(lane->hash, hash, AUDIT_HASH_LEN);
	return idem_write(tx, c, object, object_id, e);
}

struct list {
	int64_t account;
	const struct page *page;
	struct arena *a;
	struct row_audit *rows;
	size_t n;
	bool more;
};

/* A page ends with the last row of a millisecond, because the cursor is a time and one transaction's rows have the same. */
static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *l = arg;
	size_t most = (size_t)l->page->limit;
	int64_t edge;
	int r = q_audit_list(tx, l->account, l->page->cursor ? l->page->cursor : INT64_MAX, l->page->limit + 1, l->a,
		&l->rows, &l->n, e);

	l->more = r >= 0 && l->n > most;
	if (!l->more)
		return MIN(r, 0);
	edge = l->rows[most].at_ms;
	while (l->n && l->rows[l->n - 1].at_ms == edge)
		l->n--;
	return l->n ? 0 : MIN(q_audit_list_at(tx, l->account, edge, SAME_TIME_MAX, l->a, &l->rows, &l->n, e), 0);
}

int
audit_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_audit **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct list l = {.account = account ? account : c->account, .page = page, .a = a};
	int r;

	if (l.account != c->account && !role_has(c->role, RIGHT_STAFF_READ))
		return err_set(e, E_FORBIDDEN, "only staff may read another account's audit rows");
	r = svc_read(s, list_body, &l, e);
	if (r < 0)
		return r;
	*ret_more = l.more;
	*ret = l.rows;
	*ret_n = l.n;
	return 0;
}
