/* SPDX-License-Identifier: Apache-2.0 */
#include "service/dns_auto_priv.h"

#include "base/inject.h"
#include "service/domain.h"
#include "service/domain_auto_priv.h"
#include "service/notice.h"
#include "service/zone_priv.h"

/* Applications looked at at once when a domain changes; the rest is found by its own polling. */
#define KICK_MAX 200

/* -- what each name lacks */

static struct str
record_name(struct arena *a, struct str registered)
{
	return arena_printf(a, "_dnsauth.%.*s", STRF(registered));
}

/* How far the record of a name is, for people. */
static struct str
progress(const struct row_dns_change *d)
{
	if (d->error_text.n)
		return d->error_text;
	switch ((enum dns_change_state)d->state) {
	case DNS_CHANGE_PLANNED:
	case DNS_CHANGE_ADDING:
		return STR("The record is being published for you.");
	case DNS_CHANGE_PRESENT:
		return STR("The record is published; every name server must show it.");
	case DNS_CHANGE_REMOVING:
	case DNS_CHANGE_REMOVED:
	case DNS_CHANGE_STATES:
		break;
	}
	return STR("The record was removed.");
}

struct str
dns_auto_advice(const struct application_auto *au, const struct row_authz *z, struct arena *a)
{
	struct str advice =
		domain_advice(au->missing, z->registered.n ? z->registered : z->base, a);

	return arena_printf(a,
		"%.*s Until then publish the record by hand; it counts all the same.",
		STRF(advice));
}

static int
load_domain(struct db_tx *tx, int64_t account, struct str registered, struct application_auto *ret,
	struct err *e)
{
	struct row_domain d;
	int r = registered.n ? q_domain_by_name(tx, account, registered, tx->arena, &d, e) : 0;

	if (r < 0)
		return r;
	ret->missing = domain_missing(r > 0 ? &d : NULL, tx->now_ms);
	ret->zone = ret->missing ? 0 : d.zone;
	return 0;
}

static int
load_authz(struct db_tx *tx, const struct row_authz *z, struct arena *a,
	struct application_auto *ret, struct err *e)
{
	struct row_dns_change d;
	int r = load_domain(tx, z->account, z->registered, ret, e);

	if (r < 0 || z->state != AUTHZ_PENDING)
		return r;
	if (ret->missing) {
		ret->note = dns_auto_advice(ret, z, a);
		return 0;
	}
	r = q_dns_change_get(tx, z->account, ret->zone, record_name(tx->arena, z->registered),
		z->dns_value, a, &d, e);
	ret->note = r > 0 ? progress(&d) : STR("The record will be published for you.");
	return MIN(r, 0);
}

/* A draft has no authorizations yet: what its names lack is said as a note, once for each domain.
 */
static int
load_draft(struct db_tx *tx, int64_t account, struct arena *a, struct application_view *v,
	struct err *e)
{
	int r = 0;

	v->notes = arena_new_n(a, v->n_names, struct str);
	for (size_t i = 0; r == 0 && i < v->n_names; i++) {
		struct str registered = v->names[i].registered,
			   name = registered.n ? registered : v->names[i].base;
		struct application_auto au = {0};
		bool told = false;

		for (size_t k = 0; k < i; k++)
			told |= registered.n && str_eq(v->names[k].registered, registered);
		if (told)
			continue;
		r = load_domain(tx, account, registered, &au, e);
		if (r == 0 && au.missing)
			v->notes[v->n_notes++] = arena_printf(
				a, "automatic DNS: %.*s", STRF(domain_advice(au.missing, name, a)));
	}
	return r;
}

int
dns_auto_load(struct db_tx *tx, const struct caller *c, struct arena *a, struct application_view *v,
	struct err *e)
{
	int r = 0;

	v->autos = NULL;
	if (v->row.method != METHOD_DNS_AUTO)
		return 0;
	if (v->row.state == APPLICATION_DRAFT)
		return load_draft(tx, c->account, a, v, e);
	if (v->row.state != APPLICATION_VALIDATING)
		return 0;
	v->autos = arena_new_n(a, v->n_authzs, struct application_auto);
	for (size_t i = 0; r == 0 && i < v->n_authzs; i++)
		r = load_authz(tx, &v->authzs[i], a, &v->autos[i], e);
	return r;
}

int
dns_auto_ask(struct db_tx *tx, const struct svc *s, const struct application_view *v, struct err *e)
{
	struct notice_new n = {.kind = NOTICE_APPLICATION_PROOF, .account = v->row.account, .object_id = v->row.id};
	int64_t unproven = 0;
	unsigned missing = 0;
	int r;

	for (size_t i = 0; i < v->n_authzs; i++) {
		const struct row_authz *z = &v->authzs[i];

		if (z->state != AUTHZ_PENDING || !v->autos[i].missing)
			continue;
		missing |= v->autos[i].missing;
		n.due_ms = n.due_ms ? MIN(n.due_ms, z->token_expires_ms) : z->token_expires_ms;
	}
	if (!missing)
		return 0;
	r = q_authz_unproven(tx, v->row.account, v->row.id, tx->now_ms, &unproven, e);
	n.mark = n.due_ms * 16 + missing; /* of these values, for this want */
	return r < 0 || !unproven ? MIN(r, 0) : notice_add(tx, s, &n, e);
}

int
dns_auto_kick(struct db_tx *tx, const struct svc *s, int64_t account, struct err *e)
{
	struct row_application_automatic *rows;
	size_t n;
	int r = q_application_automatic(tx, account, KICK_MAX, tx->arena, &rows, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++)
		r = jobs_add(tx, s, account, WORK_VALIDATE, rows[i].id, tx->now_ms, e);
	return r < 0 ? r : domain_auto_kick(tx, s, account, e);
}

/* -- publishing */

/* One record, which may prove several names. */
struct record {
	int64_t zone;
	struct str name, value;
	struct row_dns_change row;
	struct dns_auto_seen seen;
};

struct publish_run {
	struct svc *s;
	int64_t account;
	const struct application_view *view;
	struct arena *a;
	struct record *records;
	size_t n;
	struct row_zone zone;
	int64_t zone_id;
	/* of one step */
	struct record *now;
	int to;
	bool moved;
};

static struct record *
record_of(struct publish_run *t, size_t authz, int64_t now_ms)
{
	const struct application_auto *au = &t->view->autos[authz];
	const struct row_authz *z = &t->view->authzs[authz];

	if (z->state != AUTHZ_PENDING || au->missing || z->token_expires_ms <= now_ms)
		return NULL;
	for (size_t i = 0; i < t->n; i++) {
		if (t->records[i].zone == au->zone && str_eq(t->records[i].value, z->dns_value))
			return &t->records[i];
	}
	t->records[t->n] = (struct record){
		.zone = au->zone, .name = record_name(t->a, z->registered), .value = z->dns_value};
	return &t->records[t->n++];
}

static int
plan_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct publish_run *t = arg;
	struct row_application row;
	int r = q_application_get(tx, t->account, t->view->row.id, tx->arena, &row, e);

	if (r == 0 || (r > 0 && (row.state != APPLICATION_VALIDATING ||
					row.version != t->view->row.version)))
		return err_set(e, E_CONFLICT, "application %lld was changed meanwhile",
			(long long)t->view->row.id);
	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		struct record *rec = &t->records[i];

		r = q_dns_change_plan(
			tx, t->account, row.id, rec->zone, rec->name, rec->value, tx->now_ms, e);
		if (r >= 0)
			r = q_dns_change_get(tx, t->account, rec->zone, rec->name, rec->value, t->a,
				&rec->row, e);
	}
	return MIN(r, 0);
}

/* The state as it was read goes with the UPDATE: where a removal was faster, nothing moves. */
static int
move_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct publish_run *t = arg;
	struct row_dns_change *d = &t->now->row;
	int r = t->to == d->state ? 0 : sm_move(&sm_dns_change, (int)d->state, t->to, SM_SYSTEM, e);

	if (r < 0)
		return r;
	if (t->to == d->state)
		r = q_dns_change_touch(tx, t->account, d->id, d->state, tx->now_ms, e);
	else
		r = q_dns_change_move(tx, t->account, d->id, d->state, t->to, tx->now_ms, e);
	t->moved = r > 0;
	return MIN(r, 0);
}

static int
move(struct publish_run *t, int to, struct err *e)
{
	int r;

	t->to = to;
	r = svc_write(t->s, move_body, t, e);
	if (r == 0 && t->moved)
		t->now->row.state = to;
	return r;
}

/* An add that came after its removal: the record is removed once more. */
static int
late_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct publish_run *t = arg;
	int r = q_dns_change_again(tx, t->account, t->now->row.id, tx->now_ms, e);

	if (r >= 0)
		r = jobs_add(tx, t->s, t->account, WORK_DNS_CLEAN, t->now->zone, tx->now_ms, e);
	return MIN(r, 0);
}

static int
fault_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct publish_run *t = arg;
	const struct dns_auto_seen *seen = &t->now->seen;
	int r = q_dns_change_fault(tx, t->account, t->now->row.id, t->now->row.state, 0,
		str_c(err_info(seen->code)->name), str_c(seen->why.msg), e);

	return MIN(r, 0);
}

static int
gone(const struct record *rec, struct err *e)
{
	return err_set(e, E_PROOF_MISSING,
		"the record at %.*s is being removed; it will be published anew", STRF(rec->name));
}

static int
reload_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct publish_run *t = arg;
	struct record *rec = t->now;
	int r = q_dns_change_get(tx, t->account, rec->zone, rec->name, rec->value, t->a, &rec->row, e);

	return MIN(r, 0);
}

/* A job and a person's "verify now" may be at the same record: an add is sent twice then, which is the same as once. */
static int
begin_add(struct publish_run *t, struct err *e)
{
	int r = move(t, DNS_CHANGE_ADDING, e);

	if (r < 0 || t->moved)
		return r;
	r = svc_read(t->s, reload_body, t, e);
	if (r == 0 && t->now->row.state < DNS_CHANGE_REMOVING)
		r = move(t, DNS_CHANGE_ADDING, e);
	return r < 0 || t->moved ? r : gone(t->now, e);
}

/* planned, present (but lost) -> adding -> sent -> present */
static int
add(struct publish_run *t, const struct zone_session *z, struct err *e)
{
	struct record *rec = t->now;
	int r = begin_add(t, e);

	if (r < 0)
		return r;
	if (INJECT("dns.adding"))
		return err_set(e, E_DNS_TIMEOUT, "injected");
	r = zone_session_update(z, DNS_UPDATE_ADD, rec->name, rec->value, e);
	(void)INJECT("dns.added");
	if (r == 0)
		r = move(t, DNS_CHANGE_PRESENT, e);
	if (r == 0 && !t->moved)
		r = svc_read(t->s, reload_body, t, e);
	if (r == 0 && rec->row.state != DNS_CHANGE_PRESENT) {
		r = svc_write(t->s, late_body, t, e);
		return r < 0 ? r : gone(rec, e);
	}
	(void)INJECT("dns.present");
	return r;
}

/* The server that takes updates has lost it: somebody else removed it. */
static bool
is_lost(const struct zone_session *z, const struct record *rec, struct arena *a)
{
	struct dns_message m;
	ERR(why);

	return dns_ask_server(settings_of(z->s)->validate.dns, &z->servers[0], rec->name, DNS_TXT, ZONE_CALL_MS, a,
		       &m, &why) == 0 &&
	       !dns_shows_txt(&m, rec->value, a);
}

static int
put(struct publish_run *t, const struct zone_session *z, struct err *e)
{
	struct record *rec = t->now;
	int r = 0;

	if (rec->row.state == DNS_CHANGE_REMOVING || rec->row.state == DNS_CHANGE_REMOVED)
		return gone(rec, e);
	if (rec->row.state != DNS_CHANGE_PRESENT || is_lost(z, rec, t->a))
		r = add(t, z, e);
	return r < 0 ? r : zone_session_shown(z, rec->name, rec->value, e);
}

static int
zone_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct publish_run *t = arg;
	int r = q_zone_get(tx, t->account, t->zone_id, t->a, &t->zone, e);

	return r == 0 ? not_found(e, "zone", t->zone_id) : MIN(r, 0);
}

/* All records of one zone, with its key open once. */
static void
put_zone(struct publish_run *t, int64_t zone)
{
	struct zone_session z = {.secret = NULL};
	int r;
	ERR(e);
	ERR(kept);

	t->zone_id = zone;
	r = svc_read(t->s, zone_body, t, &e);
	if (r == 0)
		r = zone_session_open(t->s, &t->zone, t->a, &z, &e);
	for (size_t i = 0; i < t->n; i++) {
		struct record *rec = t->now = &t->records[i];

		if (rec->zone != zone)
			continue;
		err_clear(&rec->seen.why);
		rec->seen.why = e;
		rec->seen.code = r < 0 ? r : put(t, &z, &rec->seen.why);
		/* for people: what is in the way; without it they see the state alone */
		if (rec->seen.code < 0 && rec->seen.code != E_CONFLICT)
			(void)!svc_write(t->s, fault_body, t, &kept);
	}
	zone_session_done(&z);
}

int
dns_auto_publish(struct svc *s, int64_t account, const struct application_view *view,
	struct arena *a, struct dns_auto_seen **ret, struct err *e)
{
	struct publish_run t = {.s = s, .account = account, .view = view, .a = a};
	struct record **of = arena_new_n(a, view->n_authzs, struct record *);
	struct dns_auto_seen *out = arena_new_n(a, view->n_authzs, struct dns_auto_seen);
	int64_t now = svc_now(s);
	int r;

	t.records = arena_new_n(a, view->n_authzs, struct record);
	for (size_t i = 0; i < view->n_authzs; i++)
		of[i] = record_of(&t, i, now);
	r = t.n ? svc_write(s, plan_body, &t, e) : 0;
	if (r < 0)
		return r;
	(void)INJECT("dns.planned");
	for (size_t i = 0; i < t.n; i++) {
		bool first = true;

		for (size_t k = 0; k < i; k++)
			first &= t.records[k].zone != t.records[i].zone;
		if (first)
			put_zone(&t, t.records[i].zone);
	}
	for (size_t i = 0; i < view->n_authzs; i++) {
		if (of[i])
			out[i] = of[i]->seen;
	}
	*ret = out;
	return 0;
}
