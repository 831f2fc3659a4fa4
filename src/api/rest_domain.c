/* SPDX-License-Identifier: Apache-2.0 */
/* Domains and zones. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

/* -- domains */

static int
answer_domain(struct call *c, const struct row_domain *row)
{
	put_domain(&c->w, row, svc_now(c->svc), c->arena);
	call_etag(c, row->version);
	return 0;
}

int
api_domain_create(struct call *c, struct err *e)
{
	const struct in_domain_new *in = c->in;
	struct domain_data data = {.name = in->name,
		.holder = in->holder,
		.expires_ms = &in->expires,
		.zone = in->has_zone ? &in->zone : NULL};
	struct row_domain row;
	int r;

	r = domain_create(c->svc, &c->caller, &data, c->arena, &row, e);
	if (r < 0)
		return r;
	c->made = row.id;
	return answer_domain(c, &row);
}

int
api_domain_change(struct call *c, struct err *e)
{
	const struct in_domain_patch *in = c->in;
	struct domain_data data = {.holder = in->holder,
		.expires_ms = in->has_expires ? &in->expires : NULL,
		.zone = in->has_zone ? &in->zone : NULL};
	struct row_domain row;
	int r;

	r = domain_change(c->svc, &c->caller, c->id, c->version, &data, c->arena, &row, e);
	return r < 0 ? r : answer_domain(c, &row);
}

int
api_domain_show(struct call *c, struct err *e)
{
	struct row_domain row;
	int r;

	r = domain_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	return r < 0 ? r : answer_domain(c, &row);
}

int
api_domain_delete(struct call *c, struct err *e)
{
	return domain_remove(c->svc, &c->caller, c->id, e);
}

static void
put_domains(struct call *c, const struct row_domain *rows, size_t n, bool more)
{
	int64_t now = svc_now(c->svc);

	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_domain(&c->w, &rows[i], now, c->arena);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
}

int
api_domain_list(struct call *c, struct err *e)
{
	struct row_domain *rows;
	bool more;
	size_t n;
	int r;

	r = domain_show_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r == 0)
		put_domains(c, rows, n, more);
	return r;
}

int
api_domain_review(struct call *c, struct err *e)
{
	struct row_domain *rows;
	bool more;
	size_t n;
	int r;

	r = domain_review_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r == 0)
		put_domains(c, rows, n, more);
	return r;
}

int
api_domain_verify_holder(struct call *c, struct err *e)
{
	const struct in_holder_decision *in = c->in;
	struct row_domain row;
	int r;

	r = domain_verify_holder(
		c->svc, &c->caller, c->id, c->version, in->verified, in->note, c->arena, &row, e);
	if (r == 0)
		put_domain(&c->w, &row, svc_now(c->svc), c->arena);
	return r;
}

int
api_domain_verify_holder_again(struct call *c, struct err *e)
{
	struct row_domain row;
	int r;

	r = domain_review_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_domain(&c->w, &row, svc_now(c->svc), c->arena);
	return r;
}

/* -- zones */

static int
answer_zone(struct call *c, const struct row_zone *row)
{
	put_zone(&c->w, row);
	call_etag(c, row->version);
	return 0;
}

int
api_zone_create(struct call *c, struct err *e)
{
	const struct in_zone_new *in = c->in;
	enum dns_tsig_alg alg = in->has_key_alg ? (enum dns_tsig_alg)in->key_alg : DNS_HMAC_SHA256;
	struct zone_data data = {.name = in->name,
		.servers = in->servers,
		.n_servers = in->n_servers,
		.key_name = in->key_name,
		.key_alg = &alg,
		.secret = in->secret};
	struct row_zone row;
	int r;

	r = zone_create(c->svc, &c->caller, &data, c->arena, &row, e);
	if (r < 0)
		return r;
	c->made = row.id;
	return answer_zone(c, &row);
}

int
api_zone_change(struct call *c, struct err *e)
{
	const struct in_zone_patch *in = c->in;
	enum dns_tsig_alg alg = (enum dns_tsig_alg)in->key_alg;
	struct zone_data data = {.servers = in->servers,
		.n_servers = in->n_servers,
		.key_name = in->key_name,
		.key_alg = in->has_key_alg ? &alg : NULL,
		.secret = in->secret};
	struct row_zone row;
	int r;

	r = zone_change(c->svc, &c->caller, c->id, c->version, &data, c->arena, &row, e);
	return r < 0 ? r : answer_zone(c, &row);
}

int
api_zone_show(struct call *c, struct err *e)
{
	struct row_zone row;
	int r;

	r = zone_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	return r < 0 ? r : answer_zone(c, &row);
}

int
api_zone_delete(struct call *c, struct err *e)
{
	return zone_remove(c->svc, &c->caller, c->id, e);
}

int
api_zone_list(struct call *c, struct err *e)
{
	struct row_zone *rows;
	bool more;
	size_t n;
	int r;

	r = zone_show_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);
	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_zone(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

static void
put_checked(struct call *c, const struct row_zone *row, const struct zone_look *looks, size_t n)
{
	jsonw_object(&c->w);
	jsonw_key(&c->w, "zone");
	put_zone(&c->w, row);
	jsonw_kv_bool(&c->w, "ok", row->checked_ms && !row->check_code.n);
	jsonw_key(&c->w, "looks");
	jsonw_array(&c->w);
	for (size_t i = 0; i < n; i++)
		put_zone_look(&c->w, &looks[i]);
	jsonw_array_end(&c->w);
	jsonw_object_end(&c->w);
}

int
api_zone_check(struct call *c, struct err *e)
{
	struct zone_look *looks;
	struct row_zone row;
	size_t n;
	int r;

	r = zone_check(c->svc, &c->caller, c->id, c->arena, &row, &looks, &n, e);
	if (r == 0)
		put_checked(c, &row, looks, n);
	return r;
}

int
api_zone_check_again(struct call *c, struct err *e)
{
	struct row_zone row;
	int r;

	r = zone_show(c->svc, &c->caller, c->id, c->arena, &row, e);
	if (r == 0)
		put_checked(c, &row, NULL, 0);
	return r;
}
