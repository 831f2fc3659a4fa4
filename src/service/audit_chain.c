/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The chain as a whole: a checkpoint is a signed text with the last row of each lane, and verifying walks all rows and
 * holds them against all checkpoints. Who changes or removes rows that a checkpoint covers would have to sign anew.
 */
#include <stdlib.h>

#include "base/hex.h"
#include "service/audit_priv.h"

#define CHECKPOINT_PREFIX "signet-checkpoint-v1\n"

/* -- verifying */

/* One line of a checkpoint: this row had this hash. */
struct mark {
	int64_t node, lane, seq;
	struct blob hash;
};

struct walk {
	struct arena *a;
	int64_t rows, node, lane, seq;
	uint8_t prev[AUDIT_HASH_LEN];
	struct row_audit_checkpoints *points;
	size_t n_points;
	struct mark *marks; /* of all checkpoints, in the order of the walk */
	size_t n_marks, at;
};

static bool
read_number(struct str *line, int64_t *ret)
{
	uint64_t n;

	if (!str_u64(str_cut(line, ' '), INT64_MAX, &n))
		return false;
	*ret = (int64_t)n;
	return true;
}

static bool
read_mark(struct arena *a, struct str line, struct mark *ret)
{
	return read_number(&line, &ret->node) && read_number(&line, &ret->lane) && read_number(&line, &ret->seq) &&
		hex_decode(a, line, &ret->hash) && ret->hash.n == AUDIT_HASH_LEN;
}

static size_t
count_lines(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '\n';
	return n;
}

/* The marks of one checkpoint stand behind its prefix and the line with its time. */
static int
read_point(struct walk *w, size_t i, struct err *e)
{
	struct str rest = w->points[i].body;

	str_cut(&rest, '\n');
	str_cut(&rest, '\n');
	while (rest.n) {
		if (!read_mark(w->a, str_cut(&rest, '\n'), &w->marks[w->n_marks++]))
			return err_set(e, E_SIGNATURE_BAD, "the audit checkpoint %zu is malformed", i + 1);
	}
	return 0;
}

static int
compare(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	if (x->lane != y->lane)
		return x->lane < y->lane ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

static int
read_points(struct walk *w, struct err *e)
{
	size_t most = 0;
	int r = 0;

	for (size_t i = 0; i < w->n_points; i++)
		most += count_lines(w->points[i].body);
	w->marks = arena_new_n(w->a, most, struct mark);
	for (size_t i = 0; r == 0 && i < w->n_points; i++)
		r = read_point(w, i, e);
	if (w->n_marks)
		qsort(w->marks, w->n_marks, sizeof(*w->marks), compare);
	return r;
}

static int
missing(const struct mark *m, struct err *e)
{
	return err_set(e, E_SIGNATURE_BAD, "the audit chain lacks a row of a checkpoint: node %lld lane %lld row %lld",
		(long long)m->node, (long long)m->lane, (long long)m->seq);
}

static int
broken(struct err *e, const struct row_audit *row, const char *what)
{
	return err_set(e, E_SIGNATURE_BAD, "the audit chain breaks at node %lld lane %lld row %lld: %s",
		(long long)row->node, (long long)row->lane, (long long)row->seq, what);
}

/* The marks up to this row are this row's own, or their rows are missing. */
static int
check_marks(struct walk *w, const struct row_audit *row, struct err *e)
{
	struct mark here = {row->node, row->lane, row->seq, row->hash};

	for (; w->at < w->n_marks && compare(&w->marks[w->at], &here) <= 0; w->at++) {
		if (compare(&w->marks[w->at], &here) < 0)
			return missing(&w->marks[w->at], e);
		if (!blob_eq(w->marks[w->at].hash, row->hash))
			return broken(e, row, "a checkpoint has another hash");
	}
	return 0;
}

static int
walk_row(void *arg, const struct row_audit *row, struct err *e)
{
	struct walk *w = arg;
	uint8_t hash[AUDIT_HASH_LEN];

	if (row->node != w->node || row->lane != w->lane) {
		w->node = row->node;
		w->lane = row->lane;
		w->seq = 0;
		memset(w->prev, 0, AUDIT_HASH_LEN);
	}
	if (row->seq != w->seq + 1)
		return broken(e, row, "a row before it is missing");
	audit_row_hash(row, BLOB(w->prev, AUDIT_HASH_LEN), hash);
	if (!blob_eq(row->hash, BLOB(hash, AUDIT_HASH_LEN)))
		return broken(e, row, "its content does not fit its hash");
	w->seq = row->seq;
	memcpy(w->prev, hash, AUDIT_HASH_LEN);
	w->rows++;
	return check_marks(w, row, e);
}

static int
walk_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct walk *w = arg;
	int r;

	*w = (struct walk){.a = w->a};
	r = q_audit_checkpoints(tx, w->a, &w->points, &w->n_points, e);
	if (r >= 0)
		r = read_points(w, e);
	if (r >= 0)
		r = q_audit_chain(tx, walk_row, w, e);
	if (r >= 0 && w->at < w->n_marks)
		r = missing(&w->marks[w->at], e);
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
