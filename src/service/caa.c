/* SPDX-License-Identifier: Apache-2.0 */
#include "service/caa_priv.h"

#include "service/perspectives_priv.h"

struct look {
	const struct caa_ask *q;
	struct validate_result result;
	struct outlook far;
	struct err why;
	int code; /* what this server sees */
};

static int
keep_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct look *l = arg;
	bool ok = l->code == 0;
	struct in_validation_record_insert row = {.account = l->q->account, .application = l->q->application, .authz = 0,
		.purpose = 1, .name_asked = l->q->name,
		.name_proven = l->result.name_proven.p ? l->result.name_proven : l->q->base, .method = METHOD_DNS,
		.perspective = STR("local"), .ok = ok, .error_code = ok ? STR("") : str_c(err_info(l->code)->name),
		.error_text = ok ? STR("") : str_c(l->why.msg), .seen = seen_json(&l->result, NULL, tx->arena),
		.at_ms = tx->now_ms};
	int64_t id;
	int r = q_validation_record_insert(tx, &row, &id, e);

	return r < 0 ? r : outlook_keep(tx, &l->far, &row, e);
}

int
caa_look(const struct caa_ask *q, struct arena *a, int *ret_code, struct err *why, struct err *e)
{
	const struct validate_conf *conf = &settings_of(q->s)->validate;
	struct validate_question question = {.kind = QUESTION_CAA, .base = q->base, .wildcard = q->kind == NAME_WILDCARD,
		.method = q->method == METHOD_FILE  ? VALIDATE_FILE
			: q->method == METHOD_EMAIL ? VALIDATE_EMAIL
						    : VALIDATE_DNS,
		.fresh = q->fresh, .identities = conf->caa_identities, .n_identities = conf->n_caa_identities};
	struct look l = {.q = q};
	int r;

	err_clear(&l.why);
	l.code = question_check(conf, &question, a, &l.result, &l.why);
	if (l.code == 0)
		(void)outlook_take(q->s, &question, a, &l.far);
	/* A look that was cut off says nothing about the domain. */
	if ((l.code < 0 || l.far.code < 0) && atomic_load(&q->s->stopping))
		return err_set(e, E_DRAINING, "the service is stopping");
	r = svc_write(q->s, keep_body, &l, e);
	if (r < 0)
		return r;
	*ret_code = l.code < 0 ? l.code : l.far.code;
	*why = l.code < 0 ? l.why : l.far.why;
	return 0;
}

int
caa_last_looks(struct db_tx *tx, int64_t account, int64_t application, struct arena *a, struct row_caa_last **ret,
	size_t *ret_n, struct err *e)
{
	struct row_caa_last *rows;
	size_t n = 0, kept = 0;
	int r = q_caa_last_looks(tx, account, application, a, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].kind != NAME_IP)
			rows[kept++] = rows[i];
	}
	*ret = rows;
	*ret_n = kept;
	return MIN(r, 0);
}

bool
caa_stands(const struct row_caa_last *row, int64_t now_ms)
{
	return row->ok && row->at_ms + policy_value("caa-reuse", now_ms) > now_ms;
}
