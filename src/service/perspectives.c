/* SPDX-License-Identifier: Apache-2.0 */
#include "service/perspectives_priv.h"

#include "base/jsonw.h"

#define TOLD_MAX 8 /* rows of one perspective in the answer to a person; its record keeps all */
#define WAY_MS 3000 /* to a perspective and back */

static struct quorum_rule
rule_of(int64_t now)
{
	return (struct quorum_rule){.min = policy_value("perspectives-min", now),
		.regions = policy_value("perspectives-regions", now),
		.spare_few = policy_value("perspectives-spare-few", now),
		.spare_many = policy_value("perspectives-spare-many", now)};
}

/* What is kept with the proof outlives the settings. */
static const struct perspective *
own_copy(const struct perspective *p, struct arena *a)
{
	struct perspective *out = arena_new(a, struct perspective);

	out->name = arena_cstr(a, str_c(p->name));
	out->region = arena_cstr(a, str_c(p->region));
	return out;
}

int
outlook_take(struct svc *s, const struct validate_question *q, struct arena *a, struct outlook *ret)
{
	struct quorum_rule rule = rule_of(clock_wall_ms());
	const struct svc_settings *cf = settings_of(s);
	struct outlook o = {.n = cf->n_perspectives};

	o.views = arena_new_n(a, o.n, struct perspective_view);
	err_clear(&o.why);
	perspectives_ask(cf->perspectives, o.n, q, cf->validate.timeout_ms + WAY_MS, a, o.views);
	for (unsigned i = 0; i < o.n; i++) {
		o.views[i].who = own_copy(o.views[i].who, a);
		if (o.views[i].silent)
			log_event(LOG_WARN, "perspective.silent", F_STR("name", o.views[i].who->name),
				F_STR("why", o.views[i].why.msg));
	}
	o.code = quorum_decide(o.views, o.n, &rule, &o.why);
	*ret = o;
	return o.code;
}

int
outlook_keep(struct db_tx *tx, const struct outlook *o, const struct in_validation_record_insert *like, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; r >= 0 && i < o->n; i++) {
		const struct perspective_view *v = &o->views[i];
		struct in_validation_record_insert row = *like;
		int64_t id;

		row.perspective = str_c(v->who->name);
		row.ok = v->code == 0;
		row.proves = false; /* their quorum decides, and the own record says so */
		row.error_code = v->code ? str_c(err_info(v->code)->name) : STR("");
		row.error_text = v->code ? str_c(v->why.msg) : STR("");
		row.seen = seen_json(&v->result, NULL, tx->arena);
		if (v->result.name_proven.n)
			row.name_proven = v->result.name_proven;
		r = q_validation_record_insert(tx, &row, &id, e);
	}
	return MIN(r, 0);
}

static void
put_row(struct jsonw *w, struct str what, struct str result, const struct perspective *who)
{
	jsonw_object(w);
	jsonw_kv_str(w, "what", what);
	jsonw_kv_str(w, "result", result);
	if (who) {
		jsonw_kv_str(w, "perspective", str_c(who->name));
		jsonw_kv_str(w, "region", str_c(who->region));
	}
	jsonw_object_end(w);
}

struct str
seen_json(const struct validate_result *v, const struct outlook *far, struct arena *a)
{
	BUF(b, 256 * 1024);
	struct jsonw w;

	jsonw_init(&w, &b);
	jsonw_array(&w);
	for (unsigned i = 0; i < v->n_seen; i++)
		put_row(&w, v->seen[i].what, v->seen[i].result, NULL);
	for (unsigned i = 0; far && i < far->n; i++) {
		const struct perspective_view *view = &far->views[i];

		put_row(&w, STR("its view"), view->code ? str_c(view->why.msg) : STR("the same"), view->who);
		for (unsigned k = 0; k < view->result.n_seen && k < TOLD_MAX; k++)
			put_row(&w, view->result.seen[k].what, view->result.seen[k].result, view->who);
	}
	jsonw_array_end(&w);
	return b.over ? STR("[]") : arena_str(a, buf_str(&b));
}
