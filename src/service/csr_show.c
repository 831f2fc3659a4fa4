/* SPDX-License-Identifier: Apache-2.0 */
/* Stored signing requests shown: one with what came of it, and lists. */
#include "service/csr_priv.h"

/* Behind everything that begins so: the last character of Unicode, as the databases compare bytes. */
#define BEHIND_ALL "\xf4\x8f\xbf\xbf"

struct show {
	const struct caller *c;
	int64_t id;
	const struct csr_filter *f;
	const struct page *page;
	struct arena *a;
	struct csr_view *view;
	struct row_csr *rows;
	struct row_csr_use *applications;
	struct row_csr_certificate *certificates;
	size_t n;
};

int
csr_load(struct db_tx *tx, const struct caller *c, int64_t id, struct arena *a, struct csr_view *v, struct err *e)
{
	int r = q_csr_get(tx, c->account, id, a, &v->row, e);

	if (r == 0)
		return not_found(e, "signing request", id);
	if (r > 0)
		r = q_csr_use_counts(tx, c->account, v->row.spki_sha256, 0, a, &v->uses, e);
	if (r > 0)
		r = q_csr_uses(tx, c->account, v->row.spki_sha256, ID_MAX, CSR_USES_MAX, a, &v->applications,
			&v->n_applications, e);
	if (r >= 0)
		r = q_csr_certificates(tx, c->account, v->row.spki_sha256, ID_MAX, CSR_USES_MAX, a, &v->certificates,
			&v->n_certificates, e);
	return MIN(r, 0);
}

int
csr_tell(struct csr_view *v, struct arena *a, struct err *e)
{
	return facts_read(FACT_CSR, v->row.der, (struct str){NULL, 0}, a, &v->facts, e);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;

	return csr_load(tx, t->c, t->id, t->a, t->view, e);
}

int
csr_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct csr_view *ret, struct err *e)
{
	struct show t = {.c = c, .id = id, .a = a, .view = ret};
	int r = svc_read(s, show_body, &t, e);

	return r < 0 ? r : csr_tell(ret, a, e);
}

/* -- lists */

static struct str
lower(struct str s, struct arena *a)
{
	char *out = arena_copy(a, s.p, s.n);

	for (size_t i = 0; i < s.n; i++) {
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] = (char)(out[i] | 0x20);
	}
	return (struct str){out, s.n};
}

static int
list_words(struct db_tx *tx, struct show *t, struct err *e)
{
	struct str from = lower(t->f->search, tx->arena);

	return q_csr_list_words(tx,
		&(struct in_csr_list_words){.account = t->c->account, .from_word = from,
			.to_word = arena_printf(tx->arena, "%.*s" BEHIND_ALL, STRF(from)), .alg = t->f->alg,
			.held = t->f->held, .before = page_before(t->page), .unused = t->f->unused,
			.n = t->page->limit + 1},
		t->a, &t->rows, &t->n, e);
}

/* By the index that finds the fewest. */
static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	const struct csr_filter *f = t->f;
	int64_t before = page_before(t->page), n = t->page->limit + 1;

	if (f->search.n)
		return list_words(tx, t, e);
	if (f->alg != KEY_NONE)
		return q_csr_list_alg(
			tx, t->c->account, f->alg, f->held, before, f->unused, n, t->a, &t->rows, &t->n, e);
	if (f->held > 0)
		return q_csr_list_here(tx, t->c->account, before, f->unused, n, t->a, &t->rows, &t->n, e);
	if (f->held == 0)
		return q_csr_list_elsewhere(tx, t->c->account, before, f->unused, n, t->a, &t->rows, &t->n, e);
	return q_csr_list(tx, t->c->account, before, f->unused, n, t->a, &t->rows, &t->n, e);
}

int
csr_show_list(struct svc *s, const struct caller *c, const struct csr_filter *f, const struct page *page, struct arena *a,
	struct row_csr **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct show t = {.c = c, .f = f, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

/* -- what came of one, in pages */

static int
key_of(struct db_tx *tx, const struct show *t, struct row_csr *ret, struct err *e)
{
	int r = q_csr_get(tx, t->c->account, t->id, tx->arena, ret, e);

	return r == 0 ? not_found(e, "signing request", t->id) : MIN(r, 0);
}

static int
applications_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	struct row_csr row;
	int r = key_of(tx, t, &row, e);

	return r < 0 ? r
		     : q_csr_uses(tx, t->c->account, row.spki_sha256, page_before(t->page), t->page->limit + 1, t->a,
			       &t->applications, &t->n, e);
}

int
csr_show_applications(struct svc *s, const struct caller *c, int64_t id, const struct page *page, struct arena *a,
	struct row_csr_use **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct show t = {.c = c, .id = id, .page = page, .a = a};
	int r = svc_read(s, applications_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.applications;
	*ret_n = t.n;
	return 0;
}

static int
certificates_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct show *t = arg;
	struct row_csr row;
	int r = key_of(tx, t, &row, e);

	return r < 0 ? r
		     : q_csr_certificates(tx, t->c->account, row.spki_sha256, page_before(t->page), t->page->limit + 1,
			       t->a, &t->certificates, &t->n, e);
}

int
csr_show_certificates(struct svc *s, const struct caller *c, int64_t id, const struct page *page, struct arena *a,
	struct row_csr_certificate **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct show t = {.c = c, .id = id, .page = page, .a = a};
	int r = svc_read(s, certificates_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.certificates;
	*ret_n = t.n;
	return 0;
}
