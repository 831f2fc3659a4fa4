/* SPDX-License-Identifier: Apache-2.0 */
/* Removing what the service has put into zones: exactly those records, and nothing else of the
 * zone. */
#include "base/inject.h"
#include "service/dns_auto_priv.h"
#include "service/zone_priv.h"

#define BATCH 50
#define RETRY_FIRST_MS (2 * MS_SECOND)
#define SOON_MS MS_MINUTE /* what is due before the next sweep, the job itself comes back for */
#define KEPT_MS (7 * MS_DAY)

struct clean {
	struct svc *s;
	int64_t account, zone_id;
	struct arena *a;
	struct row_zone zone;
	struct row_dns_change *rows, *now;
	size_t n;
	int64_t now_ms;
	int to;
	bool moved, left; /* left: something is still to be removed, and soon */
	const struct err *why;
};

int
dns_clean_soon(
	struct db_tx *tx, const struct svc *s, int64_t account, int64_t application, struct err *e)
{
	struct row_dns_change_zones *rows;
	size_t n;
	int r = q_dns_change_zones(tx, account, application, tx->arena, &rows, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = jobs_add(tx, s, account, WORK_DNS_CLEAN, rows[i].zone, tx->now_ms, e);
	return r;
}

static int
load_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct clean *t = arg;
	int r = q_zone_get(tx, t->account, t->zone_id, t->a, &t->zone, e);

	t->n = 0;
	t->now_ms = tx->now_ms;
	return r <= 0 ? r
		      : q_dns_change_unwanted(tx, t->account, t->zone_id, tx->now_ms + SOON_MS,
				BATCH, t->a, &t->rows, &t->n, e);
}

static int
move_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct clean *t = arg;
	int r = sm_move(&sm_dns_change, (int)t->now->state, t->to, SM_SYSTEM, e);

	if (r == 0)
		r = q_dns_change_move(
			tx, t->account, t->now->id, t->now->state, t->to, tx->now_ms, e);
	t->moved = r > 0;
	return MIN(r, 0);
}

static int
move(struct clean *t, int to, struct err *e)
{
	int r;

	t->to = to;
	r = svc_write(t->s, move_body, t, e);
	if (r == 0 && t->moved)
		t->now->state = to;
	return r;
}

static int
fault_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct clean *t = arg;
	int64_t wait = RETRY_FIRST_MS;
	int r;

	for (int64_t i = 0; i < t->now->attempts && wait < MS_HOUR; i++)
		wait *= 2;
	r = q_dns_change_fault(tx, t->account, t->now->id, t->now->state,
		tx->now_ms + MIN(wait, MS_HOUR), str_c(err_info(t->why->code)->name),
		str_c(t->why->msg), e);
	return MIN(r, 0);
}

/* An add that is under way may still arrive: removed before, its record would stay. */
static bool
must_wait(const struct row_dns_change *d, int64_t now_ms)
{
	return d->retry_ms > now_ms || (d->state == DNS_CHANGE_ADDING && d->changed_ms + DNS_ADD_MS > now_ms);
}

static int
remove_one(struct clean *t, const struct zone_session *z, struct err *e)
{
	struct row_dns_change *d = t->now;
	int r = 0;

	/* nothing was ever sent */
	if (d->state == DNS_CHANGE_PLANNED)
		return move(t, DNS_CHANGE_REMOVED, e);
	if (d->state != DNS_CHANGE_REMOVING) {
		r = move(t, DNS_CHANGE_REMOVING, e);
		if (r < 0 || !t->moved)
			return r;
	}
	(void)INJECT("dns.removing");
	r = zone_session_update(z, DNS_UPDATE_REMOVE, d->name, d->value, e);
	(void)INJECT("dns.removed");
	return r < 0 ? r : move(t, DNS_CHANGE_REMOVED, e);
}

static int
remove_all(struct clean *t, const struct zone_session *z, const struct err *closed, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < t->n && !atomic_load(&t->s->stopping); i++) {
		struct err why = *closed;

		t->now = &t->rows[i];
		if (must_wait(t->now, t->now_ms)) {
			t->left = true;
			continue;
		}
		if (closed->code == 0 && remove_one(t, z, &why) == 0)
			continue;
		if (atomic_load(&t->s->stopping))
			break;
		log_event(LOG_WARN, "dns.not_removed", F_INT("zone", t->zone_id),
			F_INT("account", t->account), F_S("name", t->now->name),
			F_STR("code", err_info(why.code)->name), F_STR("message", why.msg));
		t->why = &why;
		t->left = true;
		r = svc_write(t->s, fault_body, t, e);
	}
	return r;
}

int
dns_clean_run(struct svc *s, int64_t account, int64_t zone, struct err *e)
{
	ARENA(a);
	struct clean t = {.s = s, .account = account, .zone_id = zone, .a = &a};
	struct zone_session z = {.secret = NULL};
	ERR(closed);
	int r = svc_read(s, load_body, &t, e);

	if (r < 0 || t.n == 0)
		return r;
	(void)!zone_session_open(s, &t.zone, &a, &z, &closed);
	r = remove_all(&t, &z, &closed, e);
	zone_session_done(&z);
	if (r == 0 && atomic_load(&s->stopping))
		return err_set(e, E_DRAINING, "the service is stopping");
	if (r == 0 && (t.left || t.n == BATCH))
		return err_set(e, E_BUSY, "records of zone %lld are still to be removed", (long long)zone);
	return r;
}

static int
sweep_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct svc *s = arg;
	struct row_dns_change_zones_to_clean *rows;
	size_t n;
	int r = q_dns_change_zones_to_clean(tx, tx->now_ms, BATCH, tx->arena, &rows, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = jobs_add(tx, s, rows[i].account, WORK_DNS_CLEAN, rows[i].zone, tx->now_ms, e);
	if (r == 0)
		r = q_dns_change_sweep(tx, tx->now_ms - KEPT_MS, e);
	return MIN(r, 0);
}

int
dns_clean_sweep(struct svc *s, struct err *e)
{
	return svc_write(s, sweep_body, s, e);
}
