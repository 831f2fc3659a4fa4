/* SPDX-License-Identifier: Apache-2.0 */
/* Scans and the inventory of servers. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"

int
api_scan_create(struct call *c, struct err *e)
{
	const struct in_scan_new *in = c->in;
	struct scan_new new = {.name = in->name, .targets = in->targets, .n_targets = in->n_targets, .ports = in->ports,
		.n_ports = in->n_ports, .starttls = in->has_starttls ? in->starttls : -1, .rate = in->rate};
	struct scan_view v;
	int r = scan_create(c->svc, &c->caller, &new, c->arena, &v, e);

	if (r < 0)
		return r;
	c->made = v.row.id;
	put_scan(&c->w, &v);
	return 0;
}

int
api_scan_show(struct call *c, struct err *e)
{
	struct scan_view v;
	int r = scan_show(c->svc, &c->caller, c->id, c->arena, &v, e);

	if (r == 0)
		put_scan(&c->w, &v);
	return r;
}

int
api_scan_list(struct call *c, struct err *e)
{
	struct row_scan *rows;
	bool more;
	size_t n;
	int r = scan_show_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);

	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_scan_line(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_scan_stop(struct call *c, struct err *e)
{
	struct scan_view v;
	int r = scan_stop(c->svc, &c->caller, c->id, c->arena, &v, e);

	if (r == 0)
		put_scan(&c->w, &v);
	return r;
}

int
api_scan_remove(struct call *c, struct err *e)
{
	return scan_remove(c->svc, &c->caller, c->id, e);
}

/* -- the inventory */

int
api_host_list(struct call *c, struct err *e)
{
	struct host_filter f = {.status = c->q.status ? word_find(words_host_status, str_c(c->q.status)) : -1,
		.name = c->q.name, .scan = c->q.scan};
	struct row_host *rows;
	int64_t now;
	bool more;
	size_t n;
	int r = host_show_list(c->svc, &c->caller, &f, &c->q.page, c->arena, &rows, &n, &more, &now, e);

	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_host_line(&c->w, &rows[i], now);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_host_show(struct call *c, struct err *e)
{
	struct host_view v;
	int r = host_show(c->svc, &c->caller, c->id, c->arena, &v, e);

	if (r == 0)
		put_host(&c->w, &v, c->arena);
	return r;
}

int
api_host_remove(struct call *c, struct err *e)
{
	return host_remove(c->svc, &c->caller, c->id, e);
}
