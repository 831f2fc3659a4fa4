/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain out of pieces: one octet of options, then pieces of two octets of length and a kind
 * (leaf, pool, anchor, list). Whatever is given, the search ends within its bounds and answers with
 * a chain or with faults that have their place.
 */
#include "base/cursor.h"
#include "inspect/path.h"
#include "text/psl.h"

#define PIECES_MAX 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct given {
	const struct path_cert *certs[3][PIECES_MAX];
	size_t n[3];
	struct x509_crl crls[PIECES_MAX];
	size_t n_crls;
};

static void
piece_take(struct cursor *c, struct given *g, struct arena *a)
{
	size_t n = cursor_u16(c);
	unsigned kind = cursor_u8(c) % 4;
	struct blob der = cursor_take(c, MIN(n, cursor_left(c)));
	ERR(e);

	if (kind == 3) {
		if (x509_crl_read(der, &g->crls[g->n_crls], &e) == 0)
			g->n_crls++;
	} else if (path_cert_new(a, der, &g->certs[kind][g->n[kind]], &e) == 0) {
		g->n[kind]++;
	}
}

static void
answer_holds(const struct path_query *q, const struct path_result *r)
{
	BUG_ON(r->n_chain == 0 || r->n_chain > PATH_LENGTH_MAX || r->chain[0] != q->leaf);
	BUG_ON(r->ok && (r->n_faults || !r->anchored));
	BUG_ON(!r->ok && !r->n_faults);
	for (unsigned i = 0; i < r->n_faults; i++)
		BUG_ON(r->faults[i].at >= (int)r->n_chain ||
			!memchr(r->faults[i].text, 0, sizeof(r->faults[i].text)) ||
			!path_code_word(r->faults[i].code));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool loaded;
	struct cursor c = cursor_of(BLOB(data, size));
	uint8_t opts = cursor_u8(&c);
	struct given g = {.n_crls = 0};
	struct path_result r;
	ARENA(a);
	ERR(e);

	if (!loaded)
		BUG_ON(psl_init(&e) < 0);
	loaded = true;
	for (unsigned i = 0; i < PIECES_MAX && cursor_left(&c); i++)
		piece_take(&c, &g, &a);
	if (!g.n[0])
		return 0;
	struct path_query q = {.leaf = g.certs[0][0],
		.pool = g.certs[1],
		.n_pool = g.n[1],
		.anchors = g.certs[2],
		.n_anchors = g.n[2],
		.crls = g.crls,
		.n_crls = g.n_crls,
		.now_ms = INT64_C(1800000000000),
		.purpose = opts % 3,
		.status = opts / 4 % 3,
		.explicit_policy = opts & 64,
		.max_depth = opts & 128 ? 1 : -1};
	BUG_ON(path_find(&q, &a, &r, &e) < 0);
	answer_holds(&q, &r);
	return 0;
}
