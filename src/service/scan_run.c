/* SPDX-License-Identifier: Apache-2.0 */
/* The scanners: each takes the scan whose account was served the longest ago, for a few seconds. */
#include <unistd.h>

#include "base/inject.h"
#include "service/host.h"
#include "service/look.h"
#include "service/scan_priv.h"
#include "service/svc_priv.h"

#define TURN_MS 4000 /* then it is another account's turn */
#define BATCH_MAX 64
#define BATCH_S 2 /* of beginning places: with the last look it stays below a job's lease */
#define WAIT_MAX_MS 10000

struct turn {
	struct svc *s;
	int64_t slot, account, id;
	bool got, more;
	struct arena *a; /* of the turn */
	struct row_scan row;
	struct scan_plan plan;
	/* of a batch */
	struct look_one *ones;
	size_t n, found, failed;
	bool over; /* it was stopped, or another run has done this part */
};

static int
take_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct turn *t = arg;
	int r = q_scan_next(tx, t->slot, t->a, &t->row, e);

	t->got = false;
	if (r > 0)
		r = q_scan_take(tx, t->row.account, t->row.id, t->slot, tx->now_ms, e);
	if (r > 0)
		r = q_scan_served(tx, t->row.account, tx->now_ms, e);
	t->got = r > 0;
	return MIN(r, 0);
}

static int
read_plan(struct turn *t, struct err *e)
{
	struct str *texts = arena_new_n(t->a, SCAN_TARGETS_MAX, struct str), rest = t->row.targets;
	int64_t ports[SCAN_PORTS_MAX];
	size_t n = 0, n_ports = 0;
	uint64_t port;

	while (rest.p && n < SCAN_TARGETS_MAX)
		texts[n++] = str_cut(&rest, '\n');
	rest = t->row.ports;
	while (rest.p && n_ports < SCAN_PORTS_MAX) {
		if (str_u64(str_cut(&rest, ' '), UINT16_MAX, &port))
			ports[n_ports++] = (int64_t)port;
	}
	return scan_plan_read(texts, n, ports, n_ports, t->a, &t->plan, e);
}

/* -- a batch */

static void
prepare(struct turn *t, struct arena *a)
{
	int64_t most = MIN(BATCH_MAX, MAX(t->row.rate * BATCH_S, 1)), left = t->row.total - t->row.done;

	t->n = (size_t)MIN(most, left);
	t->ones = arena_new_n(a, t->n, struct look_one);
	for (size_t i = 0; i < t->n; i++) {
		struct look_call *call = &t->ones[i].call;

		call->place = scan_plan_at(&t->plan, t->row.done + (int64_t)i, a);
		call->starttls = t->row.starttls < 0 ? starttls_by_port(call->place.port)
						     : (enum starttls)t->row.starttls;
		call->timeout_ms = call->place.alone ? LOOK_MS : LOOK_MS / 2;
	}
}

static int
keep_fault(struct db_tx *tx, struct turn *t, const struct look_one *one, const struct err *why, struct err *e)
{
	const struct scan_place *at = &one->call.place;

	/* of an address among many, silence is what is to be expected */
	if (why->code == E_SERVER_SILENT && !at->alone)
		return 0;
	t->failed++;
	return q_scan_fault_insert(tx, t->row.account, t->row.id, host_text(tx->arena, at->host, at->port),
		str_c(err_info(why->code)->name), str_c(why->msg), SCAN_FAULTS_MAX, e);
}

static int
keep_one(struct db_tx *tx, struct turn *t, const struct look_one *one, struct err *e)
{
	int64_t host;
	ERR(why);
	int r;

	if (one->result < 0)
		return keep_fault(tx, t, one, one->why, e);
	if (look_fault(&one->look, &why) < 0)
		return keep_fault(tx, t, one, &why, e);
	r = host_keep(tx, t->row.account, &one->call, &one->look, &host, &why);
	if (r == E_INVENTORY_FULL)
		return keep_fault(tx, t, one, &why, e);
	if (r < 0) {
		*e = why;
		return r;
	}
	t->found++;
	return q_scan_host_put(tx, t->row.account, t->row.id, host, e);
}

/* The place where the scan stands moves first: what follows happens once. */
static int
batch_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct turn *t = arg;
	int64_t next = tx->now_ms + (t->row.rate < MS_SECOND ? MS_SECOND / t->row.rate : 1);
	struct in_scan_advance adv = {.account = t->row.account, .id = t->row.id, .slot = t->slot, .done = t->row.done,
		.n = (int64_t)t->n, .next_ms = next};
	int r = q_scan_advance(tx, &adv, e);

	t->over = r == 0;
	t->found = t->failed = 0;
	for (size_t i = 0; r > 0 && i < t->n; i++) {
		if (keep_one(tx, t, &t->ones[i], e) < 0)
			return e->code;
	}
	if (r <= 0 || !(t->found + t->failed))
		return MIN(r, 0);
	adv.done += adv.n;
	adv.n = 0;
	adv.found = (int64_t)t->found;
	adv.failed = (int64_t)t->failed;
	return MIN(q_scan_advance(tx, &adv, e), 0);
}

static int
run_batch(struct turn *t, struct err *e)
{
	int64_t pace_us = INT64_C(1000000) / t->row.rate;
	ARENA(a);
	int r;

	prepare(t, &a);
	r = look_many(t->s, t->ones, t->n, pace_us, &a, e);
	if (r == 0 && INJECT("scan.looked"))
		return err_set(e, E_IO, "injected");
	if (r == 0)
		r = svc_write(t->s, batch_body, t, e);
	if (r == 0 && INJECT("scan.stored"))
		return err_set(e, E_IO, "injected");
	t->row.done += (int64_t)t->n;
	return r;
}

/* -- a turn */

static int
release_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct turn *t = arg;
	int64_t id;
	int r = t->got ? q_scan_release(tx, t->row.account, t->row.id, t->slot, tx->now_ms, e) : 0;

	if (r >= 0)
		r = q_scan_any(tx, &id, e);
	return r <= 0 ? r : jobs_add(tx, t->s, t->s->own_account, WORK_SCAN, t->slot, tx->now_ms, e);
}

/* What was begun shortly before a restart counts for the rate. */
static void
wait_for_rate(struct turn *t)
{
	int64_t left = MIN(t->row.next_ms - svc_now(t->s), WAIT_MAX_MS);

	while (left > 0 && !atomic_load(&t->s->stopping)) {
		int64_t nap = MIN(left, 100);

		usleep((useconds_t)(nap * 1000));
		left -= nap;
	}
}

int
scan_run(struct svc *s, int64_t slot, struct err *e)
{
	int64_t until = clock_mono_ms() + TURN_MS;
	ARENA(a);
	struct turn t = {.s = s, .slot = slot, .a = &a};
	int r = svc_write(s, take_body, &t, e);

	if (r == 0 && t.got)
		r = read_plan(&t, e);
	if (r < 0 || !t.got)
		return r;
	wait_for_rate(&t);
	while (r == 0 && !t.over && t.row.done < t.row.total && clock_mono_ms() < until)
		r = run_batch(&t, e);
	return r < 0 ? r : svc_write(s, release_body, &t, e);
}
