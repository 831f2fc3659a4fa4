/* SPDX-License-Identifier: Apache-2.0 */
/* Orders as a whole on the service floor, on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "service/order.h"
#include "service/purchase.h"
#include "service/svc_priv.h"
#include "service/ticket.h"
#include "world.h"

#define CONTACT {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}

static struct world w;

static struct application_view
an_application(bool submit)
{
	struct str name = STR("order.example.com");
	struct apply in = {.product = STR("private-multi"), .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .contact = CONTACT, .submit = submit};
	struct application_view v;
	ERR(e);

	world_buy(&w, "private-multi", 1, 1, 0);
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	return v;
}

static void
show(struct application_view *v)
{
	ERR(e);

	world_need(apply_show(w.svc, &w.owner, v->row.id, &w.arena, v, &e), &e, "application");
}

static void
close_order(int64_t subscription)
{
	struct row_subscription sub;
	ERR(e);

	world_need(order_close(w.svc, &w.owner, subscription, &w.arena, &sub, &e), &e, "close");
	assert_int_equal(sub.state, SUBSCRIPTION_CLOSED);
}

static int
reopen(int64_t account, int64_t subscription, struct row_subscription *ret, struct err *e)
{
	struct order_act in = {.account = account, .reason = STR("by mistake")};

	return order_reopen(w.svc, &w.staff, subscription, &in, &w.arena, ret, e);
}

struct quota {
	int64_t unassigned, uneven;
};

static int
quota_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_counter_sums *sums;
	struct quota *t = arg;
	size_t n;
	int r = q_counter_sums(tx, w.owner.account, tx->arena, &sums, &n, e);

	t->unassigned = 0;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (str_eq_c(sums[i].name, "subscription.0"))
			t->unassigned = sums[i].value;
	}
	return r < 0 ? r : MIN(q_ledger_check(tx, &t->uneven, e), 0);
}

static struct quota
quota_now(void)
{
	struct quota q;
	ERR(e);

	world_need(svc_read(w.svc, quota_body, &q, &e), &e, "quota");
	assert_int_equal(q.uneven, 0);
	return q;
}

/* What was there when it was closed is there again, but for the values to publish. */
static void
a_validating_order_is_opened_again_with_new_values_and_its_data(void **state)
{
	struct application_view v = an_application(true), was = v;
	struct row_subscription sub;
	ERR(e);

	(void)state;
	close_order(v.row.subscription);
	show(&v);
	assert_int_equal(v.row.state, APPLICATION_CLOSED);
	assert_int_equal(v.authzs[0].state, AUTHZ_DEACTIVATED);
	assert_int_equal(v.next_check_ms, 0);
	world_need(reopen(w.owner.account, v.row.subscription, &sub, &e), &e, "reopen");
	assert_int_equal(sub.state, SUBSCRIPTION_ASSIGNED);
	show(&v);
	assert_int_equal(v.row.state, APPLICATION_VALIDATING);
	assert_int_equal(v.authzs[0].state, AUTHZ_PENDING);
	assert_false(str_eq(v.authzs[0].dns_value, was.authzs[0].dns_value));
	assert_true(v.next_check_ms > 0 && v.row.deadline_ms > 0);
	assert_true(str_eq(v.row.contact_email, was.row.contact_email) && str_eq(v.names[0].ascii, was.names[0].ascii));
	{
		ERR(again);

		assert_int_equal(reopen(w.owner.account, v.row.subscription, &sub, &again), E_STATE_REFUSED);
		assert_non_null(strstr(again.msg, "only a closed one"));
	}
}

static void
failed_and_withdrawn_ones_are_drafts_again(void **state)
{
	struct application_view v = an_application(true);
	struct row_subscription sub;
	ERR(e);
	ERR(why);

	(void)state;
	err_set(&why, E_TIMEOUT, "too long");
	world_need(application_fail(w.svc, w.owner.account, v.row.id, APPLICATION_VALIDATING, &why, &e), &e, "fail");
	close_order(v.row.subscription);
	world_need(reopen(w.owner.account, v.row.subscription, &sub, &e), &e, "reopen");
	show(&v);
	assert_int_equal(v.row.state, APPLICATION_DRAFT);
	assert_true(str_eq_c(v.row.failure_code, "TIMEOUT"));
	world_need(apply_submit(w.svc, &w.owner, v.row.id, &w.arena, &v, &e), &e, "submit");
	assert_int_equal(v.row.failure_code.n, 0);
}

static int
edit(int64_t id, struct application_view *ret, struct err *e)
{
	const struct apply_patch name = {.has = APPLY_NAME, .set = {.certificate_name = STR("edited")}};

	return apply_change(w.svc, &w.owner, id, 0, &name, &w.arena, ret, e);
}

/* An address: CAA has nothing to say about it. */
static struct application_view
next_of(int64_t subscription, bool submit)
{
	struct str name = STR("127.19.0.1");
	struct apply in = {.subscription = subscription, .names = &name, .n_names = 1, .method = METHOD_FILE,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .contact = CONTACT, .submit = submit};
	struct application_view v;
	ERR(e);

	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	return v;
}

static void
let_fail(const struct application_view *v)
{
	ERR(why);
	ERR(e);

	err_set(&why, E_CAA_FAILED, "it is so");
	world_need(application_fail(w.svc, w.owner.account, v->row.id, APPLICATION_VALIDATING, &why, &e), &e, "fail");
}

static void
a_failed_one_is_not_taken_up_while_another_one_is_open(void **state)
{
	struct purchase buy = {.product = STR("private-multi"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
	struct application_view first, failed, cancelled, open, v;
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);
	ERR(no);

	(void)state;
	world_need(purchase_make(w.svc, &w.owner, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	first = next_of(subs[0].id, true);
	world_prove(&w, first.row.id);
	world_need(issue_application(w.svc, w.owner.account, first.row.id, &e), &e, "issue");
	failed = next_of(subs[0].id, true);
	let_fail(&failed);
	cancelled = next_of(subs[0].id, true);
	world_need(apply_cancel(w.svc, &w.owner, cancelled.row.id, &w.arena, &v, &e), &e, "cancel");
	open = next_of(subs[0].id, false);
	assert_int_equal(edit(failed.row.id, &v, &no), E_STATE_REFUSED);
	assert_non_null(strstr(no.msg, arena_printf(&w.arena, "application %lld", (long long)open.row.id).p));
	assert_true(err_hint_text(&no)[0]);
	err_clear(&no);
	assert_int_equal(edit(cancelled.row.id, &v, &no), E_STATE_REFUSED);
	show(&failed);
	assert_int_equal(failed.row.state, APPLICATION_FAILED);
	/* what is open itself is edited, and once it is gone the other one, too */
	world_need(edit(open.row.id, &v, &e), &e, "edit");
	world_need(apply_delete(w.svc, &w.owner, open.row.id, &e), &e, "delete");
	world_need(edit(failed.row.id, &v, &e), &e, "edit");
	assert_int_equal(v.row.state, APPLICATION_DRAFT);
	err_clear(&no);
	assert_int_equal(edit(cancelled.row.id, &v, &no), E_STATE_REFUSED);
}

#define RACERS 8

struct racer {
	pthread_t thread;
	int64_t subscription;
	int result;
};

static void *
racer_main(void *arg)
{
	struct str name = STR("127.19.0.1");
	struct racer *t = arg;
	struct apply in = {.subscription = t->subscription, .names = &name, .n_names = 1, .method = METHOD_FILE,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .contact = CONTACT};
	struct application_view v;
	ARENA(a);
	ERR(e);

	t->result = apply_create(w.svc, &w.owner, &in, &a, &v, &e);
	return NULL;
}

static void
of_applications_that_come_at_the_same_moment_one_is_open(void **state)
{
	struct purchase buy = {.product = STR("private-multi"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
	struct row_subscription *subs;
	struct row_bill bill;
	struct application_view first;
	size_t n;
	ERR(e);

	(void)state;
	world_need(purchase_make(w.svc, &w.owner, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	/* of quota, and then of the active subscription */
	for (int round = 0; round < 2; round++) {
		struct racer racers[RACERS];
		unsigned won = 0;

		for (size_t i = 0; i < RACERS; i++) {
			racers[i] = (struct racer){.subscription = subs[0].id};
			assert_int_equal(pthread_create(&racers[i].thread, NULL, racer_main, &racers[i]), 0);
		}
		for (size_t i = 0; i < RACERS; i++) {
			pthread_join(racers[i].thread, NULL);
			won += racers[i].result == 0;
			assert_true(racers[i].result == 0 || racers[i].result == E_STATE_REFUSED || racers[i].result == E_CONFLICT);
		}
		assert_int_equal(won, 1);
		if (round == 0) {
			struct order o;

			world_need(order_show(w.svc, &w.owner, subs[0].id, &w.arena, &o, &e), &e, "order");
			world_need(apply_submit(w.svc, &w.owner, o.row.application, &w.arena, &first, &e), &e, "submit");
			world_prove(&w, first.row.id);
			world_need(issue_application(w.svc, w.owner.account, first.row.id, &e), &e, "issue");
		}
	}
}

static void
closed_quota_is_no_quota_until_it_is_opened_again(void **state)
{
	struct quota before = quota_now();
	struct row_subscription *rows, sub;
	struct page page = {.limit = 1};
	bool more;
	size_t n;
	ERR(e);

	(void)state;
	world_buy(&w, "private-multi", 1, 1, 0);
	world_need(subscription_show_list(w.svc, &w.owner, -1, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
	close_order(rows[0].id);
	assert_int_equal(quota_now().unassigned, before.unassigned);
	world_need(reopen(w.owner.account, rows[0].id, &sub, &e), &e, "reopen");
	assert_int_equal(sub.state, SUBSCRIPTION_UNASSIGNED);
	assert_int_equal(quota_now().unassigned, before.unassigned + 1);
	close_order(rows[0].id); /* and is out of the others' way */
}

/* The internal product asks nothing of DNS. */
static struct application_view
an_own_application(void)
{
	struct str name = STR("gate.internal");
	struct apply in = {.product = STR("internal"), .names = &name, .n_names = 1, .method = METHOD_INTERNAL,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .submit = true};
	struct purchase buy = {.product = STR("internal"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
	struct row_subscription *subs;
	struct application_view v;
	struct caller was = w.owner;
	struct row_bill bill;
	size_t n;
	ERR(e);

	world_need(purchase_make(w.svc, &w.staff, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	world_need(apply_create(w.svc, &w.staff, &in, &w.arena, &v, &e), &e, "apply");
	w.owner = w.staff;
	world_prove(&w, v.row.id);
	w.owner = was;
	return v;
}

static void
what_is_active_or_being_issued_is_not_closed_nor_sent_back(void **state)
{
	struct application_view v = an_own_application();
	struct row_subscription sub;

	(void)state;
	{
		ERR(e);

		assert_int_equal(order_close(w.svc, &w.staff, v.row.subscription, &w.arena, &sub, &e), E_STATE_REFUSED);
		assert_non_null(strstr(e.msg, "issuing"));
		world_need(issue_application(w.svc, w.staff.account, v.row.id, &e), &e, "issue");
	}
	{
		ERR(e);

		assert_int_equal(order_close(w.svc, &w.staff, v.row.subscription, &w.arena, &sub, &e), E_STATE_REFUSED);
		assert_non_null(strstr(e.msg, "active"));
		assert_non_null(strstr(e.hint, "revoked"));
	}
	{
		struct order_act in = {.account = w.staff.account, .reason = STR("another company")};
		ERR(e);

		assert_int_equal(order_correct(w.svc, &w.staff, v.row.id, &in, &w.arena, &v, &e), E_STATE_REFUSED);
		assert_non_null(strstr(e.hint, "new application"));
	}
}

/* The act names the account: another one's order is none. */
static void
staff_reach_an_order_only_in_the_account_that_they_name(void **state)
{
	struct application_view v = an_application(true);
	struct order_act in = {.account = w.staff.account, .reason = STR("x")};
	struct row_subscription sub;

	(void)state;
	{
		ERR(e);

		assert_int_equal(order_correct(w.svc, &w.staff, v.row.id, &in, &w.arena, &v, &e), E_NOT_FOUND);
	}
	close_order(v.row.subscription);
	in.account = w.owner.account;
	{
		ERR(e);

		/* what is closed is opened again, not sent back */
		assert_int_equal(order_correct(w.svc, &w.staff, v.row.id, &in, &w.arena, &v, &e), E_STATE_REFUSED);
	}
	{
		ERR(e);

		assert_int_equal(reopen(w.staff.account, v.row.subscription, &sub, &e), E_NOT_FOUND);
	}
}

static void
a_correction_keeps_the_proofs_and_shows_its_reason_until_it_is_submitted(void **state)
{
	struct application_view v = an_application(true);
	struct order_act in = {.account = w.owner.account, .reason = STR("the phone is another's")};
	struct apply_patch mail = {.has = APPLY_CONTACT, .set = {.contact = CONTACT}};
	struct row_authz z = v.authzs[0];
	ERR(e);

	(void)state;
	world_need(order_correct(w.svc, &w.staff, v.row.id, &in, &w.arena, &v, &e), &e, "correct");
	assert_int_equal(v.row.state, APPLICATION_DRAFT);
	assert_true(str_eq_c(v.row.failure_code, "CORRECTION_WANTED") && str_eq(v.row.failure_text, in.reason));
	world_need(apply_change(w.svc, &w.owner, v.row.id, 0, &mail, &w.arena, &v, &e), &e, "change");
	assert_true(str_eq(v.row.failure_text, in.reason));
	world_need(apply_submit(w.svc, &w.owner, v.row.id, &w.arena, &v, &e), &e, "submit");
	assert_int_equal(v.row.failure_code.n, 0);
	/* what is published already still serves */
	assert_true(v.authzs[0].id == z.id && str_eq(v.authzs[0].dns_value, z.dns_value));
}

/* SPEC 1: it must be used within its window; what was on its way was. */
static void
after_the_window_only_what_was_on_its_way_is_opened_again(void **state)
{
	struct application_view draft, sent;
	struct row_subscription sub;

	(void)state;
	if (w.clock < 0)
		skip();
	draft = an_application(false);
	sent = an_application(true);
	close_order(draft.row.subscription);
	close_order(sent.row.subscription);
	world_shift(&w, 400 * MS_DAY);
	{
		ERR(e);

		world_need(sweep_run(w.svc, &e), &e, "sweep");
		assert_int_equal(reopen(w.owner.account, draft.row.subscription, &sub, &e), E_STATE_REFUSED);
		assert_non_null(strstr(e.msg, "window of use"));
	}
	{
		ERR(e);

		world_need(reopen(w.owner.account, sent.row.subscription, &sub, &e), &e, "reopen");
		world_need(sweep_run(w.svc, &e), &e, "sweep");
		show(&sent);
		assert_int_equal(sent.row.state, APPLICATION_VALIDATING);
	}
	(void)quota_now();
}

static void
a_look_that_the_end_of_the_service_cuts_off_is_repeated_later(void **state)
{
	struct application_view v = an_application(true);
	struct verify_name *names;
	size_t n;
	ERR(e);

	(void)state;
	atomic_store(&w.svc->stopping, true);
	assert_int_equal(apply_verify(w.svc, &w.owner, v.row.id, &w.arena, &v, &names, &n, &e), E_DRAINING);
	atomic_store(&w.svc->stopping, false);
	show(&v);
	assert_int_equal(v.row.state, APPLICATION_VALIDATING);
}

/* -- tickets: what the scenarios would take long for */

static int
ask(struct ticket_view *ret, struct err *e)
{
	struct ticket_new in = {.kind = TICKET_OTHER, .subject = STR("s"), .word = {.text = STR("t")}};

	return ticket_open(w.svc, &w.owner, &in, &w.arena, ret, e);
}

static void
an_account_has_so_many_tickets_at_a_time(void **state)
{
	struct ticket_view v;

	(void)state;
	for (int i = 0; i < TICKET_ALIVE_MAX; i++) {
		ERR(e);

		world_need(ask(&v, &e), &e, "open");
	}
	{
		struct ticket_view more;
		ERR(e);

		assert_int_equal(ask(&more, &e), E_STATE_REFUSED);
		assert_non_null(strstr(e.msg, "50"));
		assert_non_null(strstr(e.hint, "close"));
		world_need(ticket_close(w.svc, &w.owner, v.row.id, &w.arena, &v, &e), &e, "close");
		world_need(ask(&more, &e), &e, "open");
	}
}

static void
a_thread_and_the_acts_of_a_ticket_end_somewhere(void **state)
{
	struct ticket_word word = {.text = STR("more")};
	struct ticket_done done = {.act = TICKET_ACT_OTHER};
	struct row_ticket *rows;
	struct page page = {.limit = 1};
	struct ticket_view v;
	bool more;
	size_t n;
	ERR(e);

	(void)state;
	world_need(ticket_show_list(w.svc, &w.owner, TICKET_OPEN, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
	for (int i = 1; i < TICKET_THREAD_MAX; i++)
		world_need(ticket_reply(w.svc, &w.owner, rows[0].id, &word, &w.arena, &v, &e), &e, "reply");
	assert_int_equal(v.n_messages, TICKET_THREAD_MAX);
	for (int i = 0; i < TICKET_ACTS_MAX; i++)
		world_need(ticket_record(w.svc, &w.staff, rows[0].id, &done, &w.arena, &v, &e), &e, "record");
	{
		ERR(full);

		assert_int_equal(ticket_reply(w.svc, &w.owner, rows[0].id, &word, &w.arena, &v, &full), E_TOO_LARGE);
		assert_non_null(strstr(full.msg, "200"));
	}
	{
		ERR(full);

		assert_int_equal(ticket_record(w.svc, &w.staff, rows[0].id, &done, &w.arena, &v, &full), E_TOO_LARGE);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_validating_order_is_opened_again_with_new_values_and_its_data),
		cmocka_unit_test(failed_and_withdrawn_ones_are_drafts_again),
		cmocka_unit_test(a_failed_one_is_not_taken_up_while_another_one_is_open),
		cmocka_unit_test(of_applications_that_come_at_the_same_moment_one_is_open),
		cmocka_unit_test(closed_quota_is_no_quota_until_it_is_opened_again),
		cmocka_unit_test(what_is_active_or_being_issued_is_not_closed_nor_sent_back),
		cmocka_unit_test(staff_reach_an_order_only_in_the_account_that_they_name),
		cmocka_unit_test(a_correction_keeps_the_proofs_and_shows_its_reason_until_it_is_submitted),
		cmocka_unit_test(a_look_that_the_end_of_the_service_cuts_off_is_repeated_later),
		cmocka_unit_test(an_account_has_so_many_tickets_at_a_time),
		cmocka_unit_test(a_thread_and_the_acts_of_a_ticket_end_somewhere),
		cmocka_unit_test(after_the_window_only_what_was_on_its_way_is_opened_again), /* from here on it is next year */
	};
	int failed;

	if (argc != 2)
		return 2;
	if (!world_open(&w, argv[1]))
		return 77; /* skipped: the engine is not installed */
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return failed;
}
