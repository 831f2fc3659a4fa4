/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

#include "base/clock.h"
#include "base/rfc3339.h"

static struct str
of_application(struct arena *a, const struct row_order_line *r)
{
	if (!r->application)
		return arena_printf(
			a, "Apply with it: POST /api/v1/applications with \"subscription\": %lld", (long long)r->id);
	return application_next_step(
		&(struct step){.state = (enum application_state)r->application_state, .application = r->application,
			.certificate = r->certificate, .method = r->method, .failed = r->failure_code.n > 0,
			.asked = r->asked != 0},
		a);
}

/* Its certificate is there; does one follow it? */
static struct str
of_certificate(struct arena *a, const struct order *o)
{
	const struct row_order_line *r = &o->row;
	char end[RFC3339_MAX];

	if (!r->certificate || certificate_closed(r->certificate_state))
		return arena_printf(a, "Its certificate is %s: POST /api/v1/applications with \"subscription\": %lld brings "
				       "another one",
			!r->certificate ? "deleted"
			: r->certificate_state == CERTIFICATE_REVOKED ? "revoked" : "being revoked", (long long)r->id);
	if (!o->ending)
		return application_next_step(&(struct step){.state = APPLICATION_ISSUED, .certificate = r->certificate}, a);
	rfc3339_put(r->not_after_ms, end);
	if (r->paid_until_ms > r->not_after_ms + MS_SECOND)
		return arena_printf(a, "Certificate %lld ends %s, the subscription later: apply for the next one, POST "
				       "/api/v1/applications with \"subscription\": %lld",
			(long long)r->certificate, end, (long long)r->id);
	if (r->successor)
		return arena_printf(a, "Certificate %lld ends %s: order %lld follows.", (long long)r->certificate, end,
			(long long)r->successor);
	return arena_printf(a, "Certificate %lld ends %s: renew it, POST /api/v1/purchases with \"predecessor\": %lld",
		(long long)r->certificate, end, (long long)r->id);
}

static struct str
next_step(struct arena *a, const struct order *o)
{
	const struct row_order_line *r = &o->row;
	char from[RFC3339_MAX];

	switch ((enum order_status)r->status) {
	case ORDER_QUOTA:
		return arena_printf(
			a, "Apply with it: POST /api/v1/applications with \"subscription\": %lld", (long long)r->id);
	case ORDER_NOT_ACTIVATED:
		return arena_printf(a, "Wait: it follows order %lld and can be used from %s on.", (long long)r->predecessor,
			rfc3339_put(r->activates_ms, from));
	case ORDER_ISSUED:
		return of_certificate(a, o);
	case ORDER_EXPIRED:
		return r->successor ? arena_printf(a, "Nothing: order %lld follows.", (long long)r->successor)
				    : STR("Nothing: its time is over.");
	case ORDER_CLOSED:
		return r->state == SUBSCRIPTION_MERGED ? STR("Nothing: it became part of another subscription.")
						       : STR("Nothing; by mistake? A ticket opens it again.");
	case ORDER_REFUNDED:
		return STR("Nothing: it was given back.");
	case ORDER_PENDING_APPLICATION:
	case ORDER_VALIDATING:
	case ORDER_VERIFYING:
	case ORDER_FAILED:
		return of_application(a, r);
	}
	return STR("Nothing.");
}

void
put_order(struct jsonw *w, const struct order *o, struct arena *a)
{
	const struct row_order_line *r = &o->row;

	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "instance_id", r->instance_id);
	jsonw_kv_c(w, "status", word_name(words_order_status, r->status));
	jsonw_kv_str(w, "next_step", next_step(a, o));
	jsonw_kv_time(w, "expected", o->expected_ms);
	jsonw_kv_time(w, "deadline", r->deadline_ms);
	put_failure(w, r->failure_code, r->failure_text);
	put_text(w, "product_code", r->product_code);
	jsonw_kv_c(w, "type", word_name(words_type, r->product_type));
	put_text_or_null(w, "name", r->name);
	jsonw_kv_int(w, "n_names", r->n_names);
	put_id_or_null(w, "application", r->application);
	jsonw_kv_c(w, "application_state", r->application ? sm_name(&sm_application, (int)r->application_state) : NULL);
	put_id_or_null(w, "certificate", r->certificate);
	put_id_or_null(w, "bill", r->bill);
	jsonw_kv_c(w, "bill_state", r->bill ? sm_name(&sm_bill, (int)r->bill_state) : NULL);
	jsonw_kv_int(w, "price", r->price);
	jsonw_kv_time(w, "refundable_until", o->refundable_until_ms);
	jsonw_kv_time(w, "window_end", r->window_end_ms);
	jsonw_kv_time(w, "paid_until", r->paid_until_ms);
	put_id_or_null(w, "predecessor", r->predecessor);
	put_id_or_null(w, "successor", r->successor);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_object_end(w);
}
