/* SPDX-License-Identifier: Apache-2.0 */
#include "service/host.h"

#include "model/name.h"

#include "base/hex.h"
#include "service/svc_priv.h"

#define COUNTER "host" /* a table may be too long to be counted each time */

struct act {
	struct svc *s;
	const struct caller *c;
	const struct host_filter *f;
	const struct page *page;
	int64_t id, now;
	struct arena *a;
	struct host_view *view;
	struct row_host *rows;
	size_t n;
};

struct str
host_text(struct arena *a, struct str name, int64_t port)
{
	bool six = str_find(name, ':') >= 0;

	return arena_printf(a, "%s%.*s%s:%lld", six ? "[" : "", STRF(name), six ? "]" : "", (long long)port);
}

/* -- keeping */

static int
room(struct db_tx *tx, int64_t account, struct err *e)
{
	int64_t most = policy_value("hosts-max", tx->now_ms);
	struct row_counter_sums *sums;
	size_t n;
	int r = q_counter_sums(tx, account, tx->arena, &sums, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (str_eq_c(sums[i].name, COUNTER ".0") && sums[i].value >= most)
			return err_set(e, E_INVENTORY_FULL, "the inventory holds %lld servers; there is no room for more",
				(long long)sums[i].value);
	}
	return MIN(r, 0);
}

/* One that is new, where it has a place. Of those who bring it at the same moment one counts it. */
static int
add(struct db_tx *tx, int64_t account, const struct scan_place *at, enum starttls starttls, struct err *e)
{
	int64_t id;
	int r = room(tx, account, e);

	if (r == 0)
		r = q_host_new(tx, account, at->host, name_reversed(at->host, tx->arena), at->port, starttls, &id, e);
	return r <= 0 ? r : count_move(tx, account, COUNTER, -1, 0, e);
}

static int
keep_cert(struct db_tx *tx, int64_t account, const struct look *l, int64_t *ret_id, struct err *e)
{
	const struct cert_info *c = &l->leaf;

	return q_host_cert_put(tx,
		&(struct in_host_cert_put){.account = account, .sha256 = BLOB(c->sha256, 32),
			.spki_sha256 = BLOB(l->spki_sha256, 32), .der = c->der, .subject = c->subject_text,
			.issuer = c->issuer_text, .serial = c->serial, .names = l->names,
			.key_alg = str_c(c->alg == KEY_OTHER ? "other" : key_alg_name(c->alg)),
			.not_before_ms = c->not_before_ms, .not_after_ms = c->not_after_ms},
		ret_id, e);
}

/* When no other server shows it. */
static int
drop_cert(struct db_tx *tx, int64_t account, int64_t id, struct err *e)
{
	int r = q_host_cert_hold(tx, account, id, e);

	return r < 0 ? r : q_host_cert_drop(tx, account, id, e);
}

int
host_keep(struct db_tx *tx, int64_t account, const struct look_call *call, const struct look *l, int64_t *ret_id,
	struct err *e)
{
	const struct scan_place *at = &call->place;
	struct in_host_put put = {.account = account, .name = at->host, .port = at->port,
		.starttls = call->starttls, .address = addr_text(tx->arena, &l->address, true),
		.not_after_ms = l->leaf.not_after_ms, .verdict = l->verdict, .trusted = l->trusted, .errors = l->errors,
		.warnings = l->warnings, .notes = l->notes, .protocol = str_c(probe_version_word(l->probe.version)),
		.suite = str_c(l->probe.suite), .findings = l->findings, .now = tx->now_ms};
	struct row_host old = {0};
	int r = q_host_find(tx, account, at->host, at->port, tx->arena, &old, e);

	if (r == 0)
		r = add(tx, account, at, call->starttls, e);
	if (r >= 0)
		r = keep_cert(tx, account, l, &put.cert, e);
	if (r >= 0)
		r = q_host_put(tx, &put, ret_id, e);
	if (r == 0) { /* it was removed meanwhile */
		r = add(tx, account, at, call->starttls, e);
		if (r >= 0)
			r = q_host_put(tx, &put, ret_id, e);
	}
	if (r == 0)
		return err_set(e, E_CONFLICT, "the server %.*s was changed meanwhile",
			STRF(host_text(tx->arena, at->host, at->port)));
	if (r >= 0 && old.cert && old.cert != put.cert)
		r = drop_cert(tx, account, old.cert, e);
	return MIN(r, 0);
}

int
host_want(struct db_tx *tx, int64_t account, const struct scan_place *at, enum starttls starttls, struct arena *a,
	int64_t *ret_id, struct err *e)
{
	struct row_host row;
	int r = q_host_find(tx, account, at->host, at->port, a, &row, e);

	if (r == 0) {
		r = add(tx, account, at, starttls, e);
		if (r >= 0)
			r = q_host_find(tx, account, at->host, at->port, a, &row, e);
	}
	if (r > 0)
		*ret_id = row.id;
	return r == 0 ? err_set(e, E_CONFLICT, "the server %.*s was changed meanwhile",
				STRF(host_text(a, at->host, at->port)))
		      : MIN(r, 0);
}

/* -- showing */

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	struct row_host_findings more = {0};
	int r = q_host_get(tx, t->c->account, t->id, t->a, &t->view->row, e);

	if (r == 0)
		return not_found(e, "server", t->id);
	if (r > 0)
		r = q_host_findings(tx, t->c->account, t->id, t->a, &more, e);
	t->view->findings = more.findings;
	t->view->der = more.der;
	t->view->now_ms = tx->now_ms;
	return MIN(r, 0);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
host_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct host_view *ret, struct err *e)
{
	struct act t = {.c = c, .id = id, .a = a, .view = ret};

	return svc_read(s, show_body, &t, e);
}

/* -- lists */

/* Where the page before ended; nothing when that server is gone. */
static int
place(struct db_tx *tx, const struct act *t, struct row_host_place *ret, struct err *e)
{
	*ret = (struct row_host_place){0};
	return t->page->cursor ? q_host_place(tx, t->c->account, t->page->cursor, tx->arena, ret, e) : 0;
}

static int
list_by_end(struct db_tx *tx, struct act *t, struct err *e)
{
	bool over = t->f->status == HOST_EXPIRED;
	int64_t soon = tx->now_ms + policy_value("about-to-expire", tx->now_ms), from = over ? 0 : tx->now_ms,
		to = (over ? tx->now_ms : soon) + 1, before = 0;
	struct row_host_place edge;
	int r = place(tx, t, &edge, e);

	if (r > 0 && edge.not_after_ms < to) {
		to = edge.not_after_ms;
		before = t->page->cursor;
	}
	return r < 0 ? r
		     : q_host_list_end(tx,
			       &(struct in_host_list_end){.account = t->c->account, .but = over ? HOST_REVOKED : -1,
				       .worst = over ? 0 : HOST_GOOD, .from_ms = from, .to_ms = to, .before = before,
				       .n = t->page->limit + 1},
			       t->a, &t->rows, &t->n, e);
}

static int
list_by_status(struct db_tx *tx, struct act *t, struct err *e)
{
	int64_t after = tx->now_ms;

	if (t->f->status == HOST_EXPIRED || t->f->status == HOST_ABOUT_TO_EXPIRE)
		return list_by_end(tx, t, e);
	if (t->f->status == HOST_UNSEEN || t->f->status == HOST_REVOKED)
		after = -1;
	else if (t->f->status == HOST_GOOD)
		after += policy_value("about-to-expire", tx->now_ms);
	return q_host_list_verdict(tx, t->c->account, t->f->status, after, page_before(t->page), t->page->limit + 1, t->a,
		&t->rows, &t->n, e);
}

static int
list_by_name(struct db_tx *tx, struct act *t, struct err *e)
{
	struct str low = name_reversed(t->f->name, tx->arena);
	char *high = arena_copy(tx->arena, low.p, low.n);
	struct row_host_place edge;
	int r = place(tx, t, &edge, e);

	if (r < 0)
		return r;
	if (t->f->name.p[0] != '.')
		return q_host_list_name(
			tx, t->c->account, t->f->name, edge.port, t->page->limit + 1, t->a, &t->rows, &t->n, e);
	high[low.n - 1]++;
	return q_host_list_suffix(tx, t->c->account, r > 0 ? edge.reversed : low, (struct str){high, low.n},
		r > 0 ? t->page->cursor : 0, t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

/* Another account's scan is none: nobody walks through what it has found. */
static int
list_by_scan(struct db_tx *tx, struct act *t, struct err *e)
{
	struct row_scan scan;
	int r = q_scan_get(tx, t->c->account, t->f->scan, tx->arena, &scan, e);

	if (r == 0)
		return not_found(e, "scan", t->f->scan);
	return r < 0 ? r
		     : q_host_list_scan(tx, t->c->account, scan.id, page_before(t->page), t->page->limit + 1, t->a,
			       &t->rows, &t->n, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t before = page_before(t->page), n = t->page->limit + 1;

	t->now = tx->now_ms;
	if (t->f->name.p)
		return list_by_name(tx, t, e);
	if (t->f->scan)
		return list_by_scan(tx, t, e);
	if (t->f->status >= 0)
		return list_by_status(tx, t, e);
	return q_host_list(tx, t->c->account, before, n, t->a, &t->rows, &t->n, e);
}

int
host_show_list(struct svc *s, const struct caller *c, const struct host_filter *f, const struct page *page, struct arena *a,
	struct row_host **ret, size_t *ret_n, bool *ret_more, int64_t *ret_now_ms, struct err *e)
{
	struct act t = {.c = c, .f = f, .page = page, .a = a};
	int r;

	if ((f->name.p != NULL) + (f->scan != 0) + (f->status >= 0) > 1)
		return err_field(
			e, E_FIELD_FORM, "name", "status, name and scan are not asked for together; leave all but one out");
	r = svc_read(s, list_body, &t, e);
	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	*ret_now_ms = t.now;
	return 0;
}

/* -- removing */

static int
remove_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_host_hold(tx, t->c->account, t->id, e);

	if (r >= 0)
		r = load(tx, t, e);
	if (r == 0)
		r = q_host_delete(tx, t->c->account, t->id, e);
	if (r == 0)
		return err_set(e, E_HOST_WATCHED, "monitor %lld watches the server", (long long)t->view->row.monitor);
	if (r > 0)
		r = count_move(tx, t->c->account, COUNTER, 0, -1, e);
	if (r >= 0)
		r = q_host_scans_delete(tx, t->c->account, t->id, e);
	if (r >= 0)
		r = drop_cert(tx, t->c->account, t->view->row.cert, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "host.remove", "hosts", t->id,
			       detail_kv(tx->arena, "server", host_text(tx->arena, t->view->row.name, t->view->row.port)), e);
}

int
host_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	ARENA(a);
	struct host_view view;
	struct act t = {.s = s, .c = c, .id = id, .a = &a, .view = &view};

	return svc_write(s, remove_body, &t, e);
}
