/* SPDX-License-Identifier: Apache-2.0 */
#include "service/monitor.h"

#include "service/host.h"
#include "service/svc_priv.h"

#define INTERVAL_MAX_MS (30 * MS_DAY)

struct act {
	struct svc *s;
	const struct caller *c;
	const struct page *page;
	int64_t id, version, interval_ms, host;
	struct scan_place place;
	enum starttls starttls;
	struct arena *a;
	struct monitor_view *view;
	struct row_monitor *rows;
	size_t n;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_monitor_get(tx, t->c->account, t->id, t->a, &t->view->row, e);

	if (r == 0)
		return not_found(e, "monitor", t->id);
	if (r > 0)
		r = q_monitor_event_list(tx, t->c->account, t->id, MONITOR_EVENTS_SHOWN, t->a, &t->view->events,
			&t->view->n_events, e);
	t->view->now_ms = tx->now_ms;
	return MIN(r, 0);
}

static void
check_interval(struct svc *s, int64_t *interval_ms, struct err *e)
{
	int64_t now = svc_now(s), least = policy_value("monitor-interval-min", now);

	if (!*interval_ms)
		*interval_ms = policy_value("monitor-interval", now);
	else if (*interval_ms < least || *interval_ms > INTERVAL_MAX_MS)
		err_note(e, E_FIELD_RANGE, "interval", "the interval is not within %lld to %lld seconds",
			(long long)(least / MS_SECOND), (long long)(INTERVAL_MAX_MS / MS_SECOND));
}

/* -- making */

static void
read_target(struct act *t, const struct monitor_new *in, struct err *e)
{
	struct scan_target target;
	struct scan_plan plan = {.targets = &target, .n_targets = 1, .ports = {443}, .n_ports = 1, .total = 1};
	ERR(why);

	if (!in->target.p == !in->host) {
		err_note(e, E_FIELD_MISSING, "target", "either a target or a server of the inventory is watched");
		return;
	}
	if (in->host)
		return;
	if (scan_target_read(in->target, false, "target", t->a, &target, &why) < 0) {
		err_note(e, why.code, "target", "%s", why.msg);
		return;
	}
	t->place = scan_plan_at(&plan, 0, t->a);
	t->starttls = in->starttls < 0 ? starttls_by_port(t->place.port) : (enum starttls)in->starttls;
	if (t->place.is_ip && !look_may(settings_of(t->s), &t->place.ip))
		err_note(e, E_ADDRESS_REFUSED, "target", "%.*s is private or special", STRF(t->place.host));
}

/* Held until the end of the transaction: who removes it at the same moment sees that it is watched, or was faster. */
static int
want_host(struct db_tx *tx, struct act *t, struct row_host *ret, struct err *e)
{
	int64_t id = t->host;
	int r = id ? 0 : host_want(tx, t->c->account, &t->place, t->starttls, tx->arena, &id, e);

	if (r == 0)
		r = q_host_hold(tx, t->c->account, id, e);
	if (r > 0)
		r = q_host_get(tx, t->c->account, id, tx->arena, ret, e);
	return r == 0 ? not_found(e, "server", id) : MIN(r, 0);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t n = 0, most = policy_value("monitors-max", tx->now_ms);
	struct row_host host;
	int r = q_account_hold(tx, t->c->account, e);

	if (r >= 0)
		r = q_monitor_count(tx, t->c->account, most, &n, e);
	if (r >= 0 && n >= most)
		return err_set(
			e, E_INVENTORY_FULL, "the account watches %lld servers; there is no room for more", (long long)n);
	if (r >= 0)
		r = want_host(tx, t, &host, e);
	if (r >= 0)
		r = q_monitor_insert(tx, t->c->account, host.id, t->interval_ms, tx->now_ms, &t->id, e);
	if (r == 0)
		return err_set(e, E_MONITOR_THERE, "monitor %lld watches %.*s", (long long)host.monitor,
			STRF(host_text(tx->arena, host.name, host.port)));
	if (r > 0)
		r = jobs_add(tx, t->s, t->s->own_account, WORK_MONITOR, MONITOR_SLOT, tx->now_ms, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "monitor.create", "monitors", t->id,
			detail_kv(tx->arena, "server", host_text(tx->arena, host.name, host.port)), e);
	return r < 0 ? r : load(tx, t, e);
}

int
monitor_create(struct svc *s, const struct caller *c, const struct monitor_new *in, struct arena *a,
	struct monitor_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .host = in->host, .interval_ms = in->interval_ms, .a = a, .view = ret};
	int r;

	read_target(&t, in, e);
	check_interval(s, &t.interval_ms, e);
	r = err_faults(e);
	if (r == 0)
		r = svc_write(s, create_body, &t, e);
	if (r == 0)
		svc_kick(s);
	return r;
}

/* -- editing */

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct row_monitor *row = &t->view->row;
	int64_t next;
	int r = load(tx, t, e);

	if (r < 0 || version_fits("monitor", t->id, t->version, row->version, e) < 0)
		return e->code;
	/* one that has not been looked at yet is due as it was */
	next = row->looked_ms ? row->looked_ms + t->interval_ms : row->next_ms;
	r = q_monitor_update(tx, t->c->account, t->id, row->version, t->interval_ms, next, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "monitor %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "monitor.change", "monitors", t->id, (struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
monitor_change(struct svc *s, const struct caller *c, int64_t id, int64_t version, int64_t interval_ms, struct arena *a,
	struct monitor_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .version = version, .interval_ms = interval_ms, .a = a, .view = ret};
	int r;

	check_interval(s, &t.interval_ms, e);
	r = err_faults(e);
	return r < 0 ? r : svc_write(s, change_body, &t, e);
}

static int
remove_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_monitor_delete(tx, t->c->account, t->id, e);

	if (r == 0)
		return not_found(e, "monitor", t->id);
	if (r > 0)
		r = q_monitor_event_delete(tx, t->c->account, t->id, e);
	return r < 0 ? r : audit_add(tx, t->s, t->c, "monitor.remove", "monitors", t->id, (struct str){NULL, 0}, e);
}

int
monitor_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id};

	return svc_write(s, remove_body, &t, e);
}

/* -- showing */

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
monitor_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct monitor_view *ret, struct err *e)
{
	struct act t = {.c = c, .id = id, .a = a, .view = ret};

	return svc_read(s, show_body, &t, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_monitor_list(tx, t->c->account, page_before(t->page), t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
monitor_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_monitor **ret,
	size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.c = c, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}
