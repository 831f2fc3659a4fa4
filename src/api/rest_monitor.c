/* SPDX-License-Identifier: Apache-2.0 */
/* Servers that are watched, and those that somebody has looked at at once. */
#include "api/call.h"
#include "api/encode.h"
#include "api/routes_gen.h"
#include "base/clock.h"

static int
answer(struct call *c, const struct monitor_view *v)
{
	put_monitor(&c->w, v);
	call_etag(c, v->row.version);
	return 0;
}

int
api_monitor_create(struct call *c, struct err *e)
{
	const struct in_monitor_new *in = c->in;
	struct monitor_new new = {.host = in->host, .target = in->target,
		.starttls = in->has_starttls ? in->starttls : -1, .interval_ms = in->interval * MS_SECOND};
	struct monitor_view v;
	int r = monitor_create(c->svc, &c->caller, &new, c->arena, &v, e);

	if (r < 0)
		return r;
	c->made = v.row.id;
	return answer(c, &v);
}

int
api_monitor_show(struct call *c, struct err *e)
{
	struct monitor_view v;
	int r = monitor_show(c->svc, &c->caller, c->id, c->arena, &v, e);

	return r < 0 ? r : answer(c, &v);
}

int
api_monitor_list(struct call *c, struct err *e)
{
	struct row_monitor *rows;
	bool more;
	size_t n;
	int r = monitor_show_list(c->svc, &c->caller, &c->q.page, c->arena, &rows, &n, &more, e);

	if (r < 0)
		return r;
	call_list(c);
	for (size_t i = 0; i < n; i++)
		put_monitor_line(&c->w, &rows[i]);
	call_list_end(c, more, n ? rows[n - 1].id : 0, -1);
	return 0;
}

int
api_monitor_change(struct call *c, struct err *e)
{
	const struct in_monitor_patch *in = c->in;
	struct monitor_view v;
	int r = monitor_change(c->svc, &c->caller, c->id, c->version, in->interval * MS_SECOND, c->arena, &v, e);

	return r < 0 ? r : answer(c, &v);
}

int
api_monitor_remove(struct call *c, struct err *e)
{
	return monitor_remove(c->svc, &c->caller, c->id, e);
}

int
api_inspection_run(struct call *c, struct err *e)
{
	const struct in_inspection_new *in = c->in;
	struct inspection_new new = {
		.target = in->target, .starttls = in->has_starttls ? in->starttls : -1, .name = in->name};
	struct inspection v;
	int r = inspection_run(c->svc, &c->caller, &new, c->arena, &v, e);

	if (r == 0)
		put_inspection(&c->w, &v, c->arena);
	return r;
}
