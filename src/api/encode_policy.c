/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

static const char *
rule_name(const struct policy_bounds *b)
{
	static const char *const names[] = {[POLICY_DOWN] = "down", [POLICY_UP] = "up", [POLICY_FREE] = "free"};

	return b ? names[b->rule] : "fixed";
}

void
put_policy(struct jsonw *w, const struct policy_view *v)
{
	jsonw_object(w);
	jsonw_kv_c(w, "name", v->name);
	jsonw_kv_time(w, "from", v->from_ms == INT64_MIN ? 0 : v->from_ms);
	jsonw_kv_int(w, "value", v->value);
	jsonw_kv_c(w, "unit", v->unit);
	jsonw_kv_str(w, "text", v->text);
	jsonw_kv_c(w, "source", v->source);
	jsonw_kv_bool(w, "active", v->active);
	jsonw_kv_int(w, "effective", v->effective);
	jsonw_kv_c(w, "rule", rule_name(v->bounds));
	put_id_or_null(w, "set_by", v->by_user);
	jsonw_kv_time(w, "set_at", v->since_ms);
	jsonw_object_end(w);
}
