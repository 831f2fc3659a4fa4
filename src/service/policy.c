/* SPDX-License-Identifier: Apache-2.0 */
#include "service/policy.h"

#include "service/svc_priv.h"

struct own_rows {
	struct arena *a;
	struct row_operator_policy *rows;
	size_t n;
};

static int
all_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct own_rows *t = arg;

	return q_operator_policy_all(tx, t->a, &t->rows, &t->n, e);
}

static int
load(struct svc *s, struct err *e)
{
	ARENA(a);
	struct own_rows t = {.a = &a};
	struct policy_own *own;
	size_t n = 0;
	int r = svc_read(s, all_body, &t, e);

	if (r < 0)
		return r;
	own = arena_new_n(&a, t.n, struct policy_own);
	for (size_t i = 0; i < t.n && n < POLICY_OWN_MAX; i++) {
		const struct policy_row *row = policy_scheduled(t.rows[i].name, INT64_MAX);

		/* a row that a later version no longer knows stays where it is */
		if (row)
			own[n++] = (struct policy_own){row->name, t.rows[i].from_ms, t.rows[i].value};
	}
	policy_use(own, n);
	return 0;
}

/* One after another: of two changes at once, what was read later is used later. */
int
policy_load(struct svc *s, struct err *e)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	int r;

	pthread_mutex_lock(&lock);
	r = load(s, e);
	pthread_mutex_unlock(&lock);
	return r;
}

/* -- showing */

static struct policy_view
view_scheduled(const struct policy_row *r)
{
	return (struct policy_view){.name = r->name, .from_ms = r->from_ms, .value = r->value, .unit = r->unit,
		.text = str_c(r->text), .source = r->source, .bounds = policy_bounds(str_c(r->name))};
}

static struct policy_view
view_own(const struct policy_row *r, const struct row_operator_policy *o, struct arena *a)
{
	struct policy_view v = view_scheduled(r);

	v.id = o->id;
	v.from_ms = o->from_ms;
	v.value = o->value;
	v.text = policy_text(a, o->value, r);
	v.source = "operator";
	v.by_user = o->by_user;
	v.since_ms = o->since_ms;
	return v;
}

/* The newest that has begun counts, the operator's before the schedule's. */
static void
mark(struct policy_view *v, size_t n, int64_t now)
{
	struct policy_view *best = NULL;

	for (size_t i = 0; i < n; i++) {
		v[i].effective = policy_value(v[i].name, now);
		if (v[i].from_ms <= now && (!best || !!v[i].id > !!best->id || v[i].from_ms >= best->from_ms))
			best = &v[i];
	}
	if (best)
		best->active = true;
}

/* The rows of the schedule from *p on that share its name, then the operator's; *p: the next name's. */
static size_t
view_name(const struct policy_row **p, const struct own_rows *own, int64_t now, struct arena *a, struct policy_view *out)
{
	const struct policy_row *first = *p, *r = first;
	size_t n = 0;

	for (; r && strcmp(r->name, first->name) == 0; r = policy_next(r))
		out[n++] = view_scheduled(r);
	for (size_t i = 0; i < own->n; i++) {
		if (str_eq_c(own->rows[i].name, first->name))
			out[n++] = view_own(first, &own->rows[i], a);
	}
	mark(out, n, now);
	*p = r;
	return n;
}

int
policy_show_list(struct svc *s, struct arena *a, struct policy_view **ret, size_t *ret_n, struct err *e)
{
	struct own_rows own = {.a = a};
	int64_t now = svc_now(s);
	size_t n = 0;
	int r = svc_read(s, all_body, &own, e);

	if (r < 0)
		return r;
	for (const struct policy_row *p = policy_next(NULL); p; p = policy_next(p))
		n++;
	*ret = arena_new_n(a, n + own.n, struct policy_view);
	n = 0;
	for (const struct policy_row *p = policy_next(NULL); p;)
		n += view_name(&p, &own, now, a, *ret + n);
	*ret_n = n;
	return 0;
}

static int
unknown(struct str name, struct err *e)
{
	err_field(e, E_NOT_FOUND, "name", "there is no policy \"%.*s\"", (int)MIN(name.n, (size_t)64), name.p);
	err_hint(e, "GET /api/v1/policies lists them (signet policy list).");
	return e->code;
}

int
policy_show(struct svc *s, struct str name, struct arena *a, struct policy_view *ret, struct err *e)
{
	struct policy_view *all;
	size_t n;
	int r = policy_show_list(s, a, &all, &n, e);

	for (size_t i = 0; r == 0 && i < n; i++) {
		if (all[i].active && str_eq_c(name, all[i].name)) {
			*ret = all[i];
			return 0;
		}
	}
	return r < 0 ? r : unknown(name, e);
}

/* -- changing */

struct change {
	struct svc *s;
	const struct caller *c;
	struct str name, text;
	int64_t from_ms, value;
	struct arena *a;
};

static int
beyond(const struct change *t, const char *side, int64_t limit, const struct policy_row *row, struct err *e)
{
	struct str is = policy_text(t->a, limit, row);

	return err_field(e, E_POLICY_BOUND, "value", "\"%.*s\" is %s %.*s, the bound of \"%s\" on that day", STRF(t->text),
		side, STRF(is), row->name);
}

/* What the CA world has set may be tightened, never loosened. */
static int
check(struct change *t, int64_t from_ms, struct err *e)
{
	const struct policy_row *row = policy_scheduled(t->name, from_ms);
	const struct policy_bounds *b = policy_bounds(t->name);
	int64_t least, most;

	if (!row)
		return unknown(t->name, e);
	if (!b)
		return err_field(e, E_POLICY_BOUND, "name", "\"%s\" is fixed: it cannot be changed while the service runs",
			row->name);
	if (!policy_read(t->text, row, &t->value))
		return err_field(e, E_FIELD_FORM, "value", "\"%.*s\" is no value like \"%s\"", STRF(t->text), row->text);
	least = b->rule == POLICY_UP ? MAX(b->least, row->value) : b->least;
	most = b->rule == POLICY_DOWN ? MIN(b->most, row->value) : b->most;
	if (t->value < least)
		return beyond(t, "below", least, row, e);
	return t->value > most ? beyond(t, "above", most, row, e) : 0;
}

static int
set_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct change *t = arg;
	int64_t from_ms = t->from_ms ? t->from_ms : tx->now_ms, id;
	struct row_operator_policy *rows;
	size_t n;
	int r;

	if (from_ms < tx->now_ms)
		return err_field(e, E_FIELD_RANGE, "from", "the time lies in the past: what was done under a rule stays so");
	r = check(t, from_ms, e);
	if (r == 0)
		r = q_operator_policy_all(tx, tx->arena, &rows, &n, e);
	if (r == 0 && n >= POLICY_OWN_MAX)
		return err_set(e, E_POLICY_BOUND, "there are %d own values already", POLICY_OWN_MAX);
	if (r == 0)
		r = q_operator_policy_put(tx, t->name, from_ms, t->value, t->c->user, tx->now_ms, &id, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "policy.set", "policies", id,
			       detail_2kv(tx->arena, "name", t->name, "value", t->text), e);
}

static int
unset_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct change *t = arg;
	int r = q_operator_policy_drop(tx, t->name, e);

	if (r == 0)
		return err_field(e, E_NOT_FOUND, "name", "there is no own value of \"%.*s\"",
			(int)MIN(t->name.n, (size_t)64), t->name.p);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "policy.unset", "policies", 0, detail_kv(tx->arena, "name", t->name), e);
}

static int
change(struct change *t, db_body *body, struct policy_view *ret, struct err *e)
{
	int r = svc_write(t->s, body, t, e);

	if (r == 0)
		r = policy_load(t->s, e);
	if (r < 0)
		return r;
	log_event(LOG_WARN, "policy.changed", F_S("name", t->name), F_S("value", t->text), F_INT("user", t->c->user));
	return policy_show(t->s, t->name, t->a, ret, e);
}

int
policy_set(struct svc *s, const struct caller *c, struct str name, struct str text, int64_t from_ms, struct arena *a,
	struct policy_view *ret, struct err *e)
{
	struct change t = {.s = s, .c = c, .name = name, .text = text, .from_ms = from_ms, .a = a};

	return change(&t, set_body, ret, e);
}

int
policy_unset(struct svc *s, const struct caller *c, struct str name, struct arena *a, struct policy_view *ret,
	struct err *e)
{
	struct change t = {.s = s, .c = c, .name = name, .text = STR("unset"), .a = a};

	return change(&t, unset_body, ret, e);
}
