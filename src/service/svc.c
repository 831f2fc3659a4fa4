/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/inject.h"
#include "base/jsonw.h"
#include "service/policy.h"
#include "service/svc_priv.h"

struct caller
caller_system(int64_t account)
{
	return (struct caller){.account = account, .role = ROLE_ADMINISTRATOR, .peer = STR("")};
}

struct caller
caller_of(const struct caller *c, int64_t account)
{
	struct caller out = *c;

	if (c->account != account)
		out.idem = NULL;
	out.account = account;
	return out;
}

/* Mails that waited for a mail server need not wait out their pause, too. */
static int
mails_body(struct db_tx *tx, void *arg UNUSED, struct err *e)
{
	int r = q_job_hurry(tx, WORK_MAIL, tx->now_ms, e);

	return MIN(r, 0);
}

static int
node_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct svc *s = arg;
	struct row_meta_get high;
	uint64_t ms;
	int r = q_node_put(tx, str_c(s->conf.node_name), tx->now_ms, &s->node, e);

	if (r >= 0)
		r = q_meta_get(tx, STR("time-high"), tx->arena, &high, e);
	if (r > 0 && str_u64(high.value, INT64_MAX, &ms))
		s->time_high_ms = (int64_t)ms;
	return r < 0 || !settings_of(s)->mail ? MIN(r, 0) : mails_body(tx, NULL, e);
}

int
svc_new(const struct svc_conf *conf, struct svc **ret, struct err *e)
{
	struct svc *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		BUG("out of memory");
	s->audit_lanes = calloc(DB_LANES_MAX, sizeof(*s->audit_lanes));
	if (!s->audit_lanes)
		BUG("out of memory");
	s->conf = *conf;
	atomic_init(&s->settings, conf->settings);
	flights_init(&s->flights);
	r = svc_write(s, node_body, s, e);
	if (r == 0)
		r = policy_load(s, e);
	if (r == 0)
		r = status_start(s, e);
	if (r < 0) {
		svc_free(s);
		return r;
	}
	*ret = s;
	return 0;
}

int
svc_set(struct svc *s, const struct svc_settings *settings, struct err *e)
{
	atomic_store(&s->settings, settings);
	return settings->mail ? svc_write(s, mails_body, NULL, e) : 0;
}

void
svc_stop(struct svc *s)
{
	atomic_store(&s->stopping, true);
	dns_stop(settings_of(s)->validate.dns);
}

struct svc *
svc_free(struct svc *s)
{
	if (!s)
		return NULL;
	jobs_stop(s);
	status_stop(s);
	flights_done(&s->flights);
	arena_done(&s->arena);
	free(s->audit_lanes);
	free(s);
	return NULL;
}

int
svc_read(struct svc *s, db_body *body, void *arg, struct err *e)
{
	return db_read(s->conf.db, body, arg, e);
}

int
svc_write(struct svc *s, db_body *body, void *arg, struct err *e)
{
	int r = db_write(s->conf.db, body, arg, e);

	if (r == 0)
		(void)INJECT("service.wrote"); /* the end of a transaction in its own thread, whoever committed it */
	return r;
}

bool
svc_passing(int code)
{
	return err_info(code)->exit == 6 || code == E_IO || code == E_IPC || code == E_DB_ERROR;
}

int
account_in_reach(const struct caller *c, int64_t asked, int64_t *ret, struct err *e)
{
	*ret = asked ? asked : c->account;
	if (*ret == c->account || role_has(c->role, RIGHT_STAFF_READ))
		return 0;
	return err_field(e, E_FORBIDDEN, "account", "only staff may look into another account");
}

int
account_to_act(const struct caller *c, int64_t asked, int64_t *ret, struct err *e)
{
	*ret = asked ? asked : c->account;
	if (*ret == c->account || role_has(c->role, RIGHT_STAFF_SUPPORT))
		return 0;
	return err_field(e, E_FORBIDDEN, "account", "only support may act in another account");
}

int
not_found(struct err *e, const char *noun, int64_t id)
{
	return err_set(e, E_NOT_FOUND, "there is no %s %lld%s", noun, (long long)id,
		strcmp(noun, "account") == 0 || strcmp(noun, "product") == 0 ? "" : " in this account");
}

int
version_fits(const char *noun, int64_t id, int64_t meant, int64_t is, struct err *e)
{
	if (!meant || meant == is)
		return 0;
	return err_set(e, E_PRECONDITION, "%s %lld was changed meanwhile: its version is %lld, not %lld", noun, (long long)id,
		(long long)is, (long long)meant);
}

bool
page_cut(const struct page *p, size_t *n)
{
	bool more = *n > (size_t)p->limit;

	if (more)
		*n = (size_t)p->limit;
	return more;
}

int64_t
page_before(const struct page *p)
{
	return p->cursor ? p->cursor : ID_MAX;
}

static struct str
counter_name(struct db_tx *tx, const char *noun, int state)
{
	return arena_printf(tx->arena, "%s.%d", noun, state);
}

int
count_move(struct db_tx *tx, int64_t account, const char *noun, int from, int to, struct err *e)
{
	if (from == to)
		return 0;
	if (from < 0)
		return q_counter_add(tx, account, counter_name(tx, noun, to), tx->lane, 1, e);
	if (to < 0)
		return q_counter_add(tx, account, counter_name(tx, noun, from), tx->lane, -1, e);
	return q_counter_move(tx, account, counter_name(tx, noun, from), counter_name(tx, noun, to), tx->lane, e);
}

int
count_moves(struct db_tx *tx, int64_t account, const struct count c[COUNTS_MAX], struct err *e)
{
	struct str name[COUNTS_MAX];

	for (size_t i = 0; i < COUNTS_MAX; i++)
		name[i] = counter_name(tx, c[i].noun, c[i].state);
	return q_counter_add_all(tx,
		&(struct in_counter_add_all){.account = account, .lane = tx->lane, .name1 = name[0], .by1 = c[0].by,
			.name2 = name[1], .by2 = c[1].by, .name3 = name[2], .by3 = c[2].by, .name4 = name[3],
			.by4 = c[3].by, .name5 = name[4], .by5 = c[4].by},
		e);
}

int
count_expiry(struct db_tx *tx, int64_t account, int state, int64_t not_after_ms, int by, struct err *e)
{
	return q_expiry_add(tx, account, state, not_after_ms / MS_DAY, tx->lane, by, e);
}

struct str
detail_2kv(struct arena *a, const char *k1, struct str v1, const char *k2, struct str v2)
{
	BUF(b, CERT_DETAIL_MAX * 8);
	struct jsonw w;

	jsonw_init(&w, &b);
	jsonw_object(&w);
	jsonw_kv_str(&w, k1, v1);
	if (k2)
		jsonw_kv_str(&w, k2, v2);
	jsonw_object_end(&w);
	return b.over ? STR("{}") : arena_str(a, buf_str(&b));
}

struct str
detail_kv(struct arena *a, const char *key, struct str value)
{
	return detail_2kv(a, key, value, NULL, (struct str){NULL, 0});
}

static int
now_body(struct db_tx *tx, void *arg, struct err *e)
{
	(void)e;
	*(int64_t *)arg = tx->now_ms;
	return 0;
}

int64_t
svc_now(struct svc *s)
{
	int64_t now = clock_wall_ms();
	ERR(e);

	/* The database's clock rules; where it cannot be asked, the own one is near enough for showing. */
	if (svc_read(s, now_body, &now, &e) < 0)
		return clock_wall_ms();
	return now;
}
