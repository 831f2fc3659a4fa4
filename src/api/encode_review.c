/* SPDX-License-Identifier: Apache-2.0 */
#include "api/encode.h"

static void
put_person(struct jsonw *w, const char *key, struct str name)
{
	put_text_or_null(w, key, name);
}

static void
put_wait(struct jsonw *w, int64_t average_ms)
{
	jsonw_key(w, "average_wait_s");
	if (average_ms)
		jsonw_int(w, average_ms / 1000);
	else
		jsonw_null(w);
}

void
put_message(struct jsonw *w, const struct row_review_message *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_bool(w, "from_reviewer", r->staff != 0);
	put_text(w, "user", r->user_name);
	put_text(w, "text", r->body);
	jsonw_kv_time(w, "at", r->at_ms);
	jsonw_object_end(w);
}

void
put_review_queue(struct jsonw *w, const struct review_queue *q)
{
	jsonw_object(w);
	jsonw_kv_int(w, "waiting", q->total);
	put_wait(w, q->average_wait_ms);
	jsonw_object_end(w);
}

void
put_review_line(struct jsonw *w, const struct row_review_line *r, int64_t now_ms)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_int(w, "application", r->application);
	jsonw_kv_int(w, "account", r->account);
	put_text(w, "account_name", r->account_name);
	jsonw_kv_c(w, "state", word_name(words_review_state, r->state));
	put_text(w, "product_code", r->product_code);
	jsonw_kv_c(w, "type", word_name(words_type, r->product_type));
	put_text(w, "name", r->name);
	jsonw_kv_int(w, "n_names", r->n_names);
	put_text_or_null(w, "held", r->held);
	put_person(w, "claimed_by", r->claimed_name);
	jsonw_kv_bool(w, "approved_once", r->approved_by != 0 && r->state == REVIEW_WAITING);
	jsonw_kv_time(w, "since", r->since_ms);
	jsonw_kv_int(w, "wait_s", MAX((r->decided_ms ? r->decided_ms : now_ms) - r->since_ms, 0) / 1000);
	jsonw_kv_bool(w, "overdue", r->reminded_ms != 0);
	put_text_or_null(w, "reason", r->reason);
	jsonw_object_end(w);
}

static void
put_evidence(struct jsonw *w, const struct row_validation_record *r)
{
	jsonw_object(w);
	put_evidence_facts(w, r);
	jsonw_object_end(w);
}

static void
put_caa(struct jsonw *w, const struct review_caa *l)
{
	jsonw_object(w);
	put_text(w, "name", l->row.name);
	jsonw_key(w, "allowed");
	if (l->row.at_ms)
		jsonw_bool(w, l->row.ok != 0);
	else
		jsonw_null(w);
	jsonw_kv_bool(w, "fresh", l->fresh);
	put_text_or_null(w, "code", l->row.error_code);
	put_text_or_null(w, "message", l->row.error_text);
	put_json(w, "seen", l->row.seen);
	jsonw_kv_time(w, "at", l->row.at_ms);
	jsonw_object_end(w);
}

static void
put_call(struct jsonw *w, const struct row_review_call *r)
{
	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	put_text(w, "user", r->user_name);
	put_text(w, "callee", r->callee);
	put_text(w, "number", r->number);
	put_text_or_null(w, "source", r->source);
	jsonw_kv_c(w, "result", word_name(words_call_result, r->result));
	put_text_or_null(w, "note", r->note);
	jsonw_kv_time(w, "called", r->called_ms);
	jsonw_object_end(w);
}

static void
put_lists(struct jsonw *w, const struct review_view *v)
{
	jsonw_key(w, "caa");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_caa; i++)
		put_caa(w, &v->caa[i]);
	jsonw_array_end(w);
	jsonw_key(w, "records");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_records; i++)
		put_evidence(w, &v->records[i]);
	jsonw_array_end(w);
	jsonw_key(w, "messages");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_messages; i++)
		put_message(w, &v->messages[i]);
	jsonw_array_end(w);
	jsonw_key(w, "calls");
	jsonw_array(w);
	for (size_t i = 0; i < v->n_calls; i++)
		put_call(w, &v->calls[i]);
	jsonw_array_end(w);
}

void
put_review(struct jsonw *w, const struct review_view *v, struct arena *a)
{
	const struct row_review *r = &v->row;

	jsonw_object(w);
	jsonw_kv_int(w, "id", r->id);
	jsonw_kv_c(w, "state", word_name(words_review_state, r->state));
	put_text_or_null(w, "held", r->held);
	jsonw_kv_time(w, "since", r->since_ms);
	jsonw_kv_bool(w, "overdue", r->reminded_ms != 0);
	put_wait(w, v->average_wait_ms);
	put_person(w, "claimed_by", v->claimed_name);
	jsonw_kv_bool(w, "four_eyes", v->four_eyes);
	put_person(w, "approved_by", v->approved_name);
	put_person(w, "decided_by", v->decided_name);
	jsonw_kv_time(w, "decided", r->decided_ms);
	put_text_or_null(w, "reason", r->reason);
	put_text_or_null(w, "note", r->note);
	jsonw_kv_int(w, "unproven", v->unproven);
	put_id_or_null(w, "company_application", v->company_application);
	jsonw_kv_time(w, "company_verified", v->company_verified_ms);
	jsonw_kv_time(w, "company_until", v->company_until_ms);
	jsonw_key(w, "application");
	/* reviewers publish nothing */
	put_application(w, &v->app, arena_new_n(a, v->app.n_authzs, struct publish), a);
	jsonw_key(w, "account");
	put_account(w, &v->account);
	put_lists(w, v);
	jsonw_object_end(w);
}
