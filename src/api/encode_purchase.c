/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

#include "base/rfc3339.h"
#include "service/refund.h"

void
put_product(struct jsonw *w, const struct row_product *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "code", r->code);
	put_text(w, "brand", r->brand);
	jsonw_kv_c(w, "type", word_name(words_type, r->type));
	jsonw_kv_c(w, "kind", word_name(words_kind, r->kind));
	put_words(w, "algorithms", r->algorithms);
	jsonw_kv_int(w, "price_year", r->price_year);
	put_text(w, "currency", r->currency);
	jsonw_kv_int(w, "names_max", r->names_max);
	put_numbers(w, "months", r->months);
	jsonw_kv_int(w, "rank", r->rank);
	jsonw_kv_bool(w, "test", r->test != 0);
	jsonw_kv_bool(w, "ip", r->ip != 0);
	jsonw_kv_bool(w, "professional", r->professional != 0);
	jsonw_kv_bool(w, "internal", r->internal != 0);
	jsonw_kv_bool(w, "sold", r->sold != 0);
	jsonw_kv_bool(w, "active", r->active != 0);
	put_text(w, "profile", r->profile);
	put_text(w, "guidance", r->guidance);
	jsonw_kv_int(w, "version", r->version);
	jsonw_object_end(w);
}

void
put_bill(struct jsonw *w, const struct row_bill *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "state", sm_name(&sm_bill, (int)r->state));
	jsonw_kv_int(w, "product", r->product);
	jsonw_kv_int(w, "quantity", r->quantity);
	jsonw_kv_int(w, "months", r->months);
	jsonw_kv_int(w, "n_common", r->n_common);
	jsonw_kv_int(w, "n_wildcard", r->n_wildcard);
	jsonw_kv_int(w, "amount", r->amount);
	jsonw_kv_int(w, "refunded", r->refunded);
	put_text(w, "currency", r->currency);
	put_words(w, "names", r->names);
	put_id_or_null(w, "predecessor", r->predecessor);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_kv_time(w, "due", r->due_ms);
	jsonw_kv_time(w, "paid", r->paid_ms);
	jsonw_object_end(w);
}

void
put_ledger_entry(struct jsonw *w, const struct row_ledger *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "kind", word_name(words_ledger, r->kind));
	jsonw_kv_int(w, "amount", r->amount);
	jsonw_kv_int(w, "balance", r->balance);
	put_id_or_null(w, "bill", r->bill);
	put_text(w, "note", r->note);
	put_id_or_null(w, "by_user", r->by_user);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_object_end(w);
}

void
put_allowance(struct jsonw *w, const struct row_allowance *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_int(w, "product", r->product);
	jsonw_kv_int(w, "names_max", r->names_max);
	jsonw_kv_int(w, "certificates", r->certificates);
	jsonw_kv_int(w, "used", r->used);
	jsonw_kv_int(w, "months", r->months);
	jsonw_kv_time(w, "period_start", r->period_start_ms);
	jsonw_kv_time(w, "period_end", civil_add_months_ms(r->period_start_ms, (int)r->months));
	jsonw_object_end(w);
}

void
put_payment(struct jsonw *w, const struct row_payment *r, bool replayed)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "reference", r->reference);
	jsonw_kv_int(w, "account", r->account);
	jsonw_kv_int(w, "amount", r->amount);
	put_text(w, "currency", r->currency);
	jsonw_kv_bool(w, "replayed", replayed);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_object_end(w);
}

void
put_payment_secret(struct jsonw *w, const struct row_payment_secret *r, struct str secret)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text_or_null(w, "secret", secret);
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_object_end(w);
}

void
put_subscription(struct jsonw *w, const struct row_subscription *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "instance_id", r->instance_id);
	jsonw_kv_int(w, "product", r->product);
	put_id_or_null(w, "bill", r->bill);
	jsonw_kv_c(w, "state", sm_name(&sm_subscription, (int)r->state));
	jsonw_kv_int(w, "months", r->months);
	jsonw_kv_int(w, "n_common", r->n_common);
	jsonw_kv_int(w, "n_wildcard", r->n_wildcard);
	jsonw_kv_int(w, "price", r->price);
	put_id_or_null(w, "predecessor", r->predecessor);
	jsonw_kv_time(w, "activates", r->activates_ms);
	put_id_or_null(w, "successor", r->successor);
	put_id_or_null(w, "merged_into", r->merged_into);
	jsonw_kv_int(w, "merged", r->n_merged);
	jsonw_kv_time(w, "window_end", r->window_end_ms);
	jsonw_kv_time(w, "first_issued", r->first_issued_ms);
	jsonw_kv_time(w, "paid_until", r->paid_until_ms);
	jsonw_kv_time(w, "refundable_until", refund_until(r));
	jsonw_kv_time(w, "created", r->created_ms);
	jsonw_object_end(w);
}
