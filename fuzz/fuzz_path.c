/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A chain out of pieces: one octet of options, then pieces of two octets of length and a kind
 * (leaf, pool, anchor, list, OCSP response). Whatever is given, the search ends within its bounds and answers with
 * a chain or with faults that have their place.
 */
#include "base/cursor.h"
#include "inspect/single.h"
#include "inspect/source.h"
#include "text/psl.h"

#define PIECES_MAX 12

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct given {
	const struct path_cert *certs[3][PIECES_MAX];
	size_t n[3];
	struct x509_crl crls[PIECES_MAX];
	struct x509_ocsp ocsp[PIECES_MAX];
	size_t n_crls, n_ocsp;
};

static void
piece_take(struct cursor *c, struct given *g, struct arena *a)
{
	size_t n = cursor_u16(c);
	unsigned kind = cursor_u8(c) % 5;
	struct blob der = cursor_take(c, MIN(n, cursor_left(c)));
	ERR(e);

	if (kind == 3) {
		if (x509_crl_read(der, &g->crls[g->n_crls], &e) == 0)
			g->n_crls++;
	} else if (kind == 4) {
		if (x509_ocsp_read(der, &g->ocsp[g->n_ocsp], &e) == 0)
			g->n_ocsp++;
	} else if (path_cert_new(a, der, &g->certs[kind][g->n[kind]], &e) == 0) {
		g->n[kind]++;
	}
}

/* One response and the chain that was found: the word, and where else to ask. */
static void
status_holds(const struct given *g, const struct path_query *q, const struct path_result *r, struct arena *a)
{
	struct source sources[8];
	struct blob chain[PATH_LENGTH_MAX];
	struct single_answer answer;

	for (size_t i = 0; i < g->n_ocsp; i++) {
		single_by_ocsp(i % 2 ? NULL : q->leaf, q->pool, q->n_pool, &g->ocsp[i], q->now_ms, &answer);
		BUG_ON((answer.word == SINGLE_UNKNOWN) != (answer.why[0] != 0));
	}
	for (unsigned i = 0; i < r->n_chain; i++)
		chain[i] = r->chain[i]->x.der;
	BUG_ON(sources_of_chain(chain, r->n_chain, a, sources, ARRAY_LEN(sources)) > ARRAY_LEN(sources));
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
		.ocsp = g.ocsp,
		.n_ocsp = g.n_ocsp,
		.plain_lists = opts & 32,
		.now_ms = INT64_C(1800000000000),
		.purpose = opts % 3,
		.status = opts / 4 % 3,
		.explicit_policy = opts & 64,
		.max_depth = opts & 128 ? 1 : -1};
	BUG_ON(path_find(&q, &a, &r, &e) < 0);
	answer_holds(&q, &r);
	status_holds(&g, &q, &r, &a);
	return 0;
}
