/* SPDX-License-Identifier: Apache-2.0 */
#include "service/scan.h"

#include <stdio.h>

#include "base/utf8.h"
#include "service/look.h"
#include "service/scan_priv.h"
#include "service/svc_priv.h"

#define NAME_MAX_LEN 64
#define RATE_USUAL 20
#define AUDIT_TEXT_MAX 1000
#define TEXT_MAX (SCAN_TARGETS_MAX * (SCAN_TARGET_MAX + 1))

struct act {
	struct svc *s;
	const struct caller *c;
	const struct page *page;
	int64_t id, rate;
	struct str name;
	struct scan_plan plan;
	struct str targets, ports;
	int starttls;
	struct arena *a;
	struct scan_view *view;
	struct row_scan *rows;
	size_t n;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_scan_get(tx, t->c->account, t->id, t->a, &t->view->row, e);

	if (r == 0)
		return not_found(e, "scan", t->id);
	if (r > 0)
		r = q_scan_fault_list(
			tx, t->c->account, t->id, SCAN_FAULTS_MAX, t->a, &t->view->faults, &t->view->n_faults, e);
	return MIN(r, 0);
}

/* -- making */

/* Networks that the operator has not opened are refused as a whole, before anybody waits for them. */
static void
check_addresses(const struct act *t, struct err *e)
{
	const struct svc_settings *st = settings_of(t->s);

	for (size_t i = 0; i < t->plan.n_targets; i++) {
		const struct scan_target *at = &t->plan.targets[i];
		struct scan_plan one = {.targets = at, .n_targets = 1, .ports = {1}, .n_ports = 1, .total = at->size};
		ARENA(scratch);

		for (uint32_t k = 0; !at->host.p && k < at->size; k++) {
			struct scan_place place = scan_plan_at(&one, k, &scratch);
			char field[32];

			if (look_may(st, &place.ip))
				continue;
			snprintf(field, sizeof(field), "targets[%zu]", i);
			err_note(e, E_ADDRESS_REFUSED, field, "%.*s is private or special", STRF(place.host));
			break;
		}
	}
}

/* What the row holds of it: the texts in their one form. */
static void
write_plan(struct act *t)
{
	BUF(b, TEXT_MAX);
	BUF(p, SCAN_PORTS_MAX * 6);

	for (size_t i = 0; i < t->plan.n_targets; i++)
		buf_printf(&b, "%s%.*s", i ? "\n" : "", STRF(t->plan.targets[i].text));
	for (size_t i = 0; i < t->plan.n_ports; i++)
		buf_printf(&p, "%s%u", i ? " " : "", t->plan.ports[i]);
	t->targets = arena_str(t->a, buf_str(&b));
	t->ports = arena_str(t->a, buf_str(&p));
}

static int
read_new(struct act *t, const struct scan_new *in, struct err *e)
{
	static const int64_t usual[] = {443};
	int64_t now = svc_now(t->s), most = policy_value("scan-rate", now), widest = policy_value("scan-targets", now);
	int r = scan_plan_read(in->targets, in->n_targets, in->n_ports ? in->ports : usual, in->n_ports ? in->n_ports : 1,
		t->a, &t->plan, e);

	if (r < 0)
		return r;
	t->rate = in->rate ? in->rate : MIN(RATE_USUAL, most);
	if (t->rate > most)
		err_note(e, E_FIELD_RANGE, "rate", "the rate %lld is above %lld, the most that the operator allows",
			(long long)t->rate, (long long)most);
	if (t->plan.total > widest)
		err_note(e, E_SCAN_WIDE, "targets", "%lld places are to be looked at; a scan has %lld at most",
			(long long)t->plan.total, (long long)widest);
	else
		check_addresses(t, e);
	t->name = in->name.p ? in->name : t->plan.targets[0].text;
	t->name.n = MIN(t->name.n, (size_t)NAME_MAX_LEN);
	t->starttls = in->starttls;
	write_plan(t);
	return err_faults(e);
}

int
scan_wake(struct db_tx *tx, const struct svc *s, struct err *e)
{
	int r = 0;

	for (int64_t slot = 1; r == 0 && slot <= SCANNERS; slot++)
		r = jobs_add(tx, s, s->own_account, WORK_SCAN, slot, tx->now_ms, e);
	return r;
}

/* As many as the audit's row takes. */
static struct str
shortened(struct str s, struct arena *a)
{
	return s.n <= AUDIT_TEXT_MAX ? s : arena_printf(a, "%.*s...", AUDIT_TEXT_MAX, s.p);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int64_t n = 0, most = policy_value("scan-open", tx->now_ms);
	int r = q_account_hold(tx, t->c->account, e);

	if (r >= 0)
		r = q_scan_open_count(tx, t->c->account, &n, e);
	if (r >= 0 && n >= most)
		return err_set(
			e, E_SCAN_FULL, "%lld scans of the account wait or run; there is no room for more", (long long)n);
	if (r >= 0)
		r = q_scan_insert(tx,
			&(struct in_scan_insert){.account = t->c->account, .name = t->name, .targets = t->targets,
				.ports = t->ports, .starttls = t->starttls, .rate = t->rate, .total = t->plan.total,
				.now = tx->now_ms},
			&t->id, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "scan.create", "scans", t->id,
			detail_2kv(tx->arena, "targets", shortened(t->targets, tx->arena), "ports", t->ports), e);
	if (r >= 0)
		r = scan_wake(tx, t->s, e);
	return r < 0 ? r : load(tx, t, e);
}

int
scan_create(struct svc *s, const struct caller *c, const struct scan_new *in, struct arena *a, struct scan_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .a = a, .view = ret};
	int r = read_new(&t, in, e);

	if (r == 0)
		r = svc_write(s, create_body, &t, e);
	if (r == 0)
		svc_kick(s);
	return r;
}

/* -- ending */

static int
stop_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	if (r == 0 && t->view->row.state > SCAN_RUNNING)
		return err_set(e, E_STATE_REFUSED, "scan %lld is %s", (long long)t->id,
			word_name(words_scan_state, t->view->row.state));
	if (r == 0)
		r = q_scan_stop(tx, t->c->account, t->id, tx->now_ms, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "scan.stop", "scans", t->id, (struct str){NULL, 0}, e);
	return r < 0 ? r : load(tx, t, e);
}

int
scan_stop(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct scan_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a, .view = ret};

	return svc_write(s, stop_body, &t, e);
}

static int
delete_rows(struct db_tx *tx, int64_t account, int64_t id, struct err *e)
{
	int r = q_scan_delete(tx, account, id, e);

	if (r > 0 && q_scan_fault_delete(tx, account, id, e) < 0)
		return e->code;
	return r <= 0 ? r : q_scan_host_delete(tx, account, id, e) < 0 ? e->code : 1;
}

static int
remove_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	if (r == 0)
		r = delete_rows(tx, t->c->account, t->id, e);
	if (r == 0)
		return err_set(e, E_STATE_REFUSED, "scan %lld is %s; stop it first", (long long)t->id,
			word_name(words_scan_state, t->view->row.state));
	return r < 0 ? r : audit_add(tx, t->s, t->c, "scan.remove", "scans", t->id, (struct str){NULL, 0}, e);
}

int
scan_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	ARENA(a);
	struct scan_view view;
	struct act t = {.s = s, .c = c, .id = id, .a = &a, .view = &view};

	return svc_write(s, remove_body, &t, e);
}

/* -- showing */

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
scan_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct scan_view *ret, struct err *e)
{
	struct act t = {.c = c, .id = id, .a = a, .view = ret};

	return svc_read(s, show_body, &t, e);
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_scan_list(tx, t->c->account, page_before(t->page), t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
scan_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_scan **ret,
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

/* -- the sweep */

#define SWEEP_MAX 20

static int
sweep_body(struct db_tx *tx, void *arg UNUSED, struct err *e)
{
	int64_t before = tx->now_ms - policy_value("scan-kept", tx->now_ms);
	struct row_scan_old *rows;
	size_t n;
	int r = q_scan_old(tx, before, SWEEP_MAX, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = delete_rows(tx, rows[i].account, rows[i].id, e);
	return MIN(r, 0);
}

static int
wake_body(struct db_tx *tx, void *arg, struct err *e)
{
	int64_t id;
	int r = q_scan_any(tx, &id, e);

	return r <= 0 ? r : scan_wake(tx, arg, e);
}

int
scan_sweep(struct svc *s, struct err *e)
{
	int r = svc_write(s, sweep_body, s, e);

	return r < 0 ? r : svc_write(s, wake_body, s, e);
}
