/* SPDX-License-Identifier: Apache-2.0 */
/* Stored signing requests. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "crypto/pem.h"

static int
answer(struct call *c, const struct csr_view *v)
{
	put_csr(&c->w, v, svc_now(c->svc), c->arena);
	return 0;
}

int
api_csr_create(struct call *c, struct err *e)
{
	const struct in_csr_new *in = c->in;
	struct csr_new data = {.name = in->name,
		.names = in->names,
		.n_names = in->n_names,
		.alg = in->has_key_alg ? key_alg_by_name(str_c(api_words_key_alg[in->key_alg])) : KEY_EC_P256};
	struct csr_view v;
	int r;

	r = csr_create(c->svc, &c->caller, &data, c->arena, &v, e);
	if (r < 0)
		return r;
	c->made = v.row.id;
	return answer(c, &v);
}

int
api_csr_upload(struct call *c, struct err *e)
{
	const struct in_csr_upload *in = c->in;
	const struct csr_brought brought = {.name = in->name, .csr = in->csr, .key = in->key, .passphrase = in->passphrase};
	struct csr_view v;
	int r;

	r = csr_upload(c->svc, &c->caller, &brought, c->arena, &v, e);
	if (r < 0)
		return r;
	c->made = v.row.id;
	return answer(c, &v);
}

int
api_csr_add_key(struct call *c, struct err *e)
{
	const struct in_csr_key *in = c->in;
	struct csr_view v;
	int r = csr_key_add(c->svc, &c->caller, c->id, in->key, in->passphrase, c->arena, &v, e);

	return r < 0 ? r : answer(c, &v);
}

int
api_csr_show(struct call *c, struct err *e)
{
	struct csr_view v;
	int r;

	r = csr_show(c->svc, &c->caller, c->id, c->arena, &v, e);
	return r < 0 ? r : answer(c, &v);
}

int
api_csr_list(struct call *c, struct err *e)
{
	const struct csr_filter filter = {.search = c->q.search,
		.alg = c->q.key_alg ? key_alg_by_name(str_c(c->q.key_alg)) : KEY_NONE,
		.held = c->q.key_held,
		.unused = c->q.unused};
	struct row_csr *rows;
	bool more;
	size_t n;
	int r;

	r = csr_show_list(c->svc, &c->caller, &filter, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_csr_line(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_csr_applications(struct call *c, struct err *e)
{
	struct row_csr_use *rows;
	bool more;
	size_t n;
	int r = csr_show_applications(c->svc, &c->caller, c->id, &c->q.page, c->arena, &rows, &n, &more, e);

	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_csr_use(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].application : 0, -1);
	return 0;
}

int
api_csr_certificates(struct call *c, struct err *e)
{
	struct row_csr_certificate *rows;
	int64_t now = svc_now(c->svc);
	bool more;
	size_t n;
	int r = csr_show_certificates(c->svc, &c->caller, c->id, &c->q.page, c->arena, &rows, &n, &more, e);

	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_csr_certificate(&c->w, &rows[i], now);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_csr_pem(struct call *c, struct err *e)
{
	struct csr_view v;
	int r = csr_show(c->svc, &c->caller, c->id, c->arena, &v, e);

	if (r == 0)
		buf_put_str(&c->rs->body, pem_encode(c->arena, "CERTIFICATE REQUEST", v.row.der));
	return r;
}

int
api_csr_delete(struct call *c, struct err *e)
{
	return csr_remove(c->svc, &c->caller, c->id, e);
}
