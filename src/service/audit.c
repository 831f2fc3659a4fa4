/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "service/idempotency.h"
#include "service/svc_priv.h"

#define HASH_LEN 32
#define CHECKPOINT_PREFIX "signet-checkpoint-v1\n"

static void
put_text(struct buf *b, struct str s)
{
	buf_put_u32(b, (uint32_t)s.n);
	buf_put_str(b, s);
}

/* What a row's hash covers: its predecessor's hash and every field, lengths included. */
static void
row_hash(const struct row_audit *r, struct blob prev, uint8_t ret[HASH_LEN])
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

/* The end of the lane's chain: from memory while nothing of the lane was taken back, else from its row. */
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
	BUG_ON(head.hash.n != HASH_LEN);
	lane->seq = head.seq;
	memcpy(lane->hash, head.hash.p, HASH_LEN);
	return 0;
}

int
audit_add(struct db_tx *tx, const struct svc *s, const struct caller *c, const char *act, const char *object,
	int64_t object_id, struct str detail, struct err *e)
{
	struct audit_lane *lane = &s->audit_lanes[tx->lane];
	struct row_audit row;
	uint8_t hash[HASH_LEN];
	int r = head_find(tx, s, lane, e);

	if (r < 0)
		return r;
	row = (struct row_audit){s->node, tx->lane, lane->seq + 1, tx->now_ms, c->account, c->user, str_c(act),
		str_c(object), object_id, detail.p ? detail : STR("{}"), {NULL, 0}};
	row_hash(&row, BLOB(lane->hash, HASH_LEN), hash);
	r = q_audit_insert(tx,
		&(struct in_audit_insert){.node = row.node, .lane = row.lane, .seq = row.seq, .at_ms = row.at_ms,
			.account = row.account, .user_id = row.user_id, .act = row.act, .object = row.object,
			.object_id = row.object_id, .detail = row.detail, .hash = BLOB(hash, HASH_LEN)},
		e);
	if (r >= 0)
		r = q_audit_head_put(tx, s->node, tx->lane, row.seq, BLOB(hash, HASH_LEN), e);
	if (r < 0)
		return r;
	*lane = (struct audit_lane){.epoch = tx->epoch, .seq = row.seq};
	memcpy(lane->hash, hash, HASH_LEN);
	return idem_write(tx, c, object, object_id, e);
}

struct list {
	int64_t account;
	const struct page *page;
	struct arena *a;
	struct row_audit *rows;
	size_t n;
};

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct list *l = arg;

	return q_audit_list(tx, l->account, l->page->cursor ? l->page->cursor : INT64_MAX, l->page->limit + 1, l->a,
		&l->rows, &l->n, e);
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
	*ret_more = page_cut(page, &l.n);
	*ret = l.rows;
	*ret_n = l.n;
	return 0;
}

/* -- verifying */

struct walk {
	int64_t rows, node, lane, seq;
	uint8_t prev[HASH_LEN];
	struct row_audit_heads *heads;
	size_t n_heads;
	struct row_audit_checkpoints *points;
	size_t n_points;
	struct arena *a;
};

static int
broken(struct err *e, const struct row_audit *row, const char *what)
{
	return err_set(e, E_SIGNATURE_BAD, "the audit chain breaks at node %lld lane %lld row %lld: %s",
		(long long)row->node, (long long)row->lane, (long long)row->seq, what);
}

static int
walk_row(void *arg, const struct row_audit *row, struct err *e)
{
	struct walk *w = arg;
	uint8_t hash[HASH_LEN];

	if (row->node != w->node || row->lane != w->lane) {
		w->node = row->node;
		w->lane = row->lane;
		w->seq = 0;
		memset(w->prev, 0, HASH_LEN);
	}
	if (row->seq != w->seq + 1)
		return broken(e, row, "a row before it is missing");
	row_hash(row, BLOB(w->prev, HASH_LEN), hash);
	if (!blob_eq(row->hash, BLOB(hash, HASH_LEN)))
		return broken(e, row, "its content does not fit its hash");
	w->seq = row->seq;
	memcpy(w->prev, hash, HASH_LEN);
	w->rows++;
	for (size_t i = 0; i < w->n_heads; i++) {
		struct row_audit_heads *h = &w->heads[i];

		if (h->node == row->node && h->lane == row->lane && h->seq == row->seq) {
			if (!blob_eq(h->hash, row->hash))
				return broken(e, row, "the head differs");
			h->seq = -1; /* seen */
		}
	}
	return 0;
}

static int
walk_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct walk *w = arg;
	int r = q_audit_heads(tx, w->a, &w->heads, &w->n_heads, e);

	w->rows = w->node = w->lane = w->seq = 0;
	if (r >= 0)
		r = q_audit_checkpoints(tx, w->a, &w->points, &w->n_points, e);
	if (r >= 0)
		r = q_audit_chain(tx, walk_row, w, e);
	return MIN(r, 0);
}

int
audit_verify(struct svc *s, int64_t *ret_rows, struct err *e)
{
	ARENA(a);
	KEY(key);
	struct walk w = {.a = &a};
	struct signer_hello hello;
	int r = svc_read(s, walk_body, &w, e);

	if (r == 0)
		r = signer_hello(s->conf.signer, &a, &hello, e);
	if (r == 0)
		r = key_from_spki(hello.checkpoint_spki, &key, e);
	if (r < 0)
		return r;
	for (size_t i = 0; i < w.n_heads; i++) {
		if (w.heads[i].seq >= 0)
			return err_set(e, E_SIGNATURE_BAD, "the audit chain's end is missing: node %lld lane %lld row %lld",
				(long long)w.heads[i].node, (long long)w.heads[i].lane, (long long)w.heads[i].seq);
	}
	for (size_t i = 0; i < w.n_points; i++) {
		r = key_verify(key, blob_of(w.points[i].body), w.points[i].signature, e);
		if (r < 0)
			return err_wrap(e, "the audit checkpoint %zu does not verify", i + 1);
	}
	*ret_rows = w.rows;
	return 0;
}

/* -- checkpoints */

struct point {
	struct svc *s;
	struct arena *a;
	struct str body;
	struct blob sig;
	int64_t now;
};

static int
heads_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct point *p = arg;
	struct row_audit_heads *heads;
	BUF(b, 1024 * 1024);
	size_t n;
	int r = q_audit_heads(tx, tx->arena, &heads, &n, e);

	if (r < 0)
		return r;
	buf_printf(&b, CHECKPOINT_PREFIX "at %lld\n", (long long)tx->now_ms);
	for (size_t i = 0; i < n; i++) {
		struct str hex = hex_encode(tx->arena, heads[i].hash);

		buf_printf(&b, "%lld %lld %lld %.*s\n", (long long)heads[i].node, (long long)heads[i].lane,
			(long long)heads[i].seq, STRF(hex));
	}
	p->body = arena_str(p->a, buf_str(&b));
	p->now = tx->now_ms;
	return 0;
}

static int
point_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct point *p = arg;
	int r = q_audit_checkpoint_insert(tx, p->s->node, p->now, p->body, p->sig, e);

	return MIN(r, 0);
}

int
audit_checkpoint(struct svc *s, struct err *e)
{
	ARENA(a);
	struct point p = {.s = s, .a = &a};
	int r = svc_read(s, heads_body, &p, e);

	if (r == 0)
		r = signer_sign_checkpoint(s->conf.signer, blob_of(p.body), &a, &p.sig, e);
	return r < 0 ? r : svc_write(s, point_body, &p, e);
}
