/* SPDX-License-Identifier: Apache-2.0 */
/* Giving subscriptions back (SPEC 3.9), on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "service/account.h"
#include "service/apply.h"
#include "service/certificate.h"
#include "service/purchase.h"
#include "service/refund.h"
#include "service/svc_priv.h"
#include "world.h"

#define PRICE 1000 /* of one name of private-multi for a year */

static struct world w;

/* -- acts of the world's owner */

static struct row_subscription *
buy_of(const struct caller *c, const char *product, int64_t quantity, struct row_bill *bill)
{
	struct purchase in = {.product = str_c(product), .quantity = quantity, .months = 12, .n_common = 1, .pay = true};
	struct row_subscription *subs;
	size_t n;
	ERR(e);

	world_need(purchase_make(w.svc, c, &in, &w.arena, bill, &subs, &n, &e), &e, "purchase");
	assert_int_equal(n, quantity);
	return subs;
}

static struct row_subscription *
buy(int64_t quantity, struct row_bill *bill)
{
	return buy_of(&w.owner, "private-multi", quantity, bill);
}

static struct row_subscription
show(int64_t id)
{
	struct row_subscription sub;
	ERR(e);

	world_need(subscription_show(w.svc, &w.owner, id, &w.arena, &sub, &e), &e, "subscription");
	return sub;
}

static struct row_bill
bill_of(int64_t id)
{
	struct row_bill bill;
	ERR(e);

	world_need(bill_show(w.svc, &w.owner, id, &w.arena, &bill, &e), &e, "bill");
	return bill;
}

static int64_t
balance(void)
{
	struct row_account account;
	ERR(e);

	world_need(account_show(w.svc, &w.owner, 0, &w.arena, &account, &e), &e, "account");
	return account.balance;
}

static int
give_back(int64_t id, struct row_subscription *ret)
{
	ERR(e);

	return subscription_refund(w.svc, &w.owner, &(struct refund){.subscription = id}, &w.arena, ret, &e);
}

static int
staff_give_back(int64_t id)
{
	struct row_subscription sub;
	ERR(e);

	return subscription_refund(w.svc, &w.staff, &(struct refund){.account = w.owner.account, .subscription = id}, &w.arena, &sub, &e);
}

/* An address: CAA has nothing to say about it. */
static struct application_view
apply_for(int64_t subscription, bool submit)
{
	static int names;
	struct str name = arena_printf(&w.arena, "127.16.%d.%d", names / 250, 1 + names % 250);
	struct apply in = {.subscription = subscription, .names = &name, .n_names = 1, .method = METHOD_FILE,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .submit = submit,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
	struct application_view v;
	ERR(e);

	names++;
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	return v;
}

static int64_t
issue(int64_t application)
{
	struct application_view v;
	ERR(e);

	world_need(issue_application(w.svc, w.owner.account, application, &e), &e, "issue");
	world_need(apply_show(w.svc, &w.owner, application, &w.arena, &v, &e), &e, "show");
	assert_int_equal(v.n_certificates, 1);
	return v.certificates[0].id;
}

/* The certificate of a first application. */
static int64_t
used(int64_t subscription)
{
	int64_t application = apply_for(subscription, true).row.id;

	world_prove(&w, application);
	return issue(application);
}

static void
revoke(int64_t certificate, bool replace)
{
	struct revoke in = {.id = certificate, .reason = REASON_SUPERSEDED, .replace = replace};
	struct certificate_view v;
	ERR(e);

	world_need(certificate_revoke(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "revoke");
}

static int64_t
application_state(int64_t id)
{
	struct application_view v;
	ERR(e);

	world_need(apply_show(w.svc, &w.owner, id, &w.arena, &v, &e), &e, "application");
	return v.row.state;
}

static int
submit(int64_t id)
{
	struct application_view v;
	ERR(e);

	return apply_submit(w.svc, &w.owner, id, &w.arena, &v, &e);
}

/* -- on request */

static void
an_unused_subscription_comes_back_and_its_share_of_the_bill_with_it(void **state)
{
	struct row_bill bill;
	struct row_subscription sub, *subs = buy(3, &bill);
	int64_t had = balance();

	(void)state;
	assert_int_equal(subs[0].price, PRICE);
	assert_int_equal(give_back(subs[0].id, &sub), 0);
	assert_int_equal(sub.state, SUBSCRIPTION_REFUNDED);
	assert_int_equal(refund_until(&sub), 0);
	assert_int_equal(balance(), had + PRICE);
	assert_int_equal(bill_of(bill.id).state, BILL_PARTLY_REFUNDED);
	assert_int_equal(bill_of(bill.id).refunded, PRICE);
	assert_int_equal(give_back(subs[0].id, &sub), E_STATE_REFUSED);
	assert_int_equal(give_back(subs[1].id, &sub), 0);
	assert_int_equal(staff_give_back(subs[2].id), 0);
	assert_int_equal(bill_of(bill.id).state, BILL_REFUNDED);
	assert_int_equal(balance(), had + 3 * PRICE);
	for (int i = 0; i < 3; i++)
		assert_int_equal(world_told(&w, &w.owner, NOTICE_SUBSCRIPTION_REFUNDED, subs[i].id, NULL), 1);
}

static void
a_draft_goes_with_its_subscription_and_what_was_submitted_stays(void **state)
{
	struct row_bill bill;
	struct row_subscription sub, *subs = buy(4, &bill);
	int64_t draft = apply_for(subs[0].id, false).row.id, sent = apply_for(subs[1].id, true).row.id, had = balance();
	struct application_view v;
	ERR(e);

	(void)state;
	assert_int_equal(give_back(subs[0].id, &sub), 0);
	assert_int_equal(balance(), had + PRICE);
	assert_int_equal(application_state(draft), APPLICATION_CLOSED);
	assert_int_equal(submit(draft), E_STATE_REFUSED);
	assert_int_equal(refund_until(&subs[1]), subs[1].paid_ms + 7 * MS_DAY);
	assert_int_equal(give_back(subs[1].id, &sub), E_REFUND_USED);
	assert_int_equal(staff_give_back(subs[1].id), E_REFUND_USED);
	world_need(apply_cancel(w.svc, &w.owner, sent, &w.arena, &v, &e), &e, "withdraw");
	assert_int_equal(v.refundable_until_ms, 0);
	assert_int_equal(give_back(subs[1].id, &sub), E_REFUND_USED);
	world_need(apply_delete(w.svc, &w.owner, sent, &e), &e, "delete");
	assert_int_equal(show(subs[1].id).state, SUBSCRIPTION_UNASSIGNED);
	assert_int_equal(give_back(subs[1].id, &sub), E_REFUND_USED); /* deleted or not, it was submitted */
	draft = apply_for(subs[2].id, false).row.id;
	world_need(apply_delete(w.svc, &w.owner, draft, &e), &e, "delete");
	assert_int_equal(give_back(subs[2].id, &sub), 0);
	assert_int_equal(balance(), had + 2 * PRICE);
}

static void
only_support_gives_back_for_another_account(void **state)
{
	struct row_bill bill;
	struct row_subscription sub, *subs = buy(1, &bill);
	struct caller reviewer = w.staff;
	ERR(e);

	(void)state;
	reviewer.role = ROLE_REVIEWER;
	assert_int_equal(subscription_refund(w.svc, &w.owner, &(struct refund){.account = w.staff.account, .subscription = subs[0].id}, &w.arena, &sub, &e), E_FORBIDDEN);
	assert_int_equal(subscription_refund(w.svc, &reviewer, &(struct refund){.account = w.owner.account, .subscription = subs[0].id}, &w.arena, &sub, &e), E_FORBIDDEN);
	assert_int_equal(subscription_refund(w.svc, &w.staff, &(struct refund){.account = 0, .subscription = subs[0].id}, &w.arena, &sub, &e), E_NOT_FOUND);
	assert_int_equal(give_back(999999, &sub), E_NOT_FOUND);
	assert_int_equal(staff_give_back(subs[0].id), 0);
}

static int64_t
allowance_used(void)
{
	struct page page = {.limit = 10};
	struct row_allowance *rows;
	bool more;
	size_t n;
	ERR(e);

	world_need(allowance_show_list(w.svc, &w.owner, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
	return rows[n - 1].used; /* of the last one that was given */
}

static void
what_came_from_an_allowance_goes_back_to_it(void **state)
{
	struct purchase later = {.product = STR("cfca-dv-single"), .quantity = 2, .months = 12, .n_common = 1};
	struct row_bill bill;
	struct row_subscription sub, *subs;
	int64_t had = balance();
	size_t n;
	ERR(e);

	(void)state;
	world_need(allowance_give(w.svc, &w.staff, w.owner.account, later.product, 1, 5, 1, &e), &e, "allow");
	subs = buy_of(&w.owner, "cfca-dv-single", 3, &bill);
	assert_int_equal(allowance_used(), 3);
	assert_int_equal(give_back(subs[0].id, &sub), 0);
	assert_int_equal(allowance_used(), 2);
	assert_int_equal(balance(), had);
	/* an unpaid bill holds what it took until it is cancelled */
	world_need(purchase_make(w.svc, &w.owner, &later, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	assert_int_equal(allowance_used(), 4);
	world_need(bill_cancel(w.svc, &w.owner, bill.id, &w.arena, &bill, &e), &e, "cancel");
	assert_int_equal(allowance_used(), 2);
}

/* -- after revocation */

static void
revoked_certificates_bring_the_price_back_unless_a_replacement_is_wanted(void **state)
{
	struct row_bill bill;
	struct row_subscription sub, *subs = buy(2, &bill);
	int64_t first = used(subs[0].id), second = used(subs[1].id), had = balance();

	(void)state;
	sub = show(subs[0].id);
	assert_int_equal(refund_until(&sub), sub.first_issued_ms + 30 * MS_DAY);
	assert_int_equal(give_back(subs[0].id, &sub), E_REFUND_USED);
	assert_int_equal(staff_give_back(subs[0].id), E_REFUND_USED);
	revoke(first, false);
	assert_int_equal(show(subs[0].id).state, SUBSCRIPTION_REFUNDED);
	assert_int_equal(balance(), had + PRICE);
	revoke(second, true);
	sub = show(subs[1].id);
	assert_int_equal(sub.state, SUBSCRIPTION_ACTIVE);
	assert_int_equal(give_back(subs[1].id, &sub), E_REFUND_USED);
	assert_int_equal(staff_give_back(subs[1].id), 0); /* the replacement is not wanted any more */
	assert_int_equal(bill_of(bill.id).state, BILL_REFUNDED);
	assert_int_equal(balance(), had + 2 * PRICE);
}

/* A further application with the names of the first. */
static int64_t
apply_again(int64_t subscription, int64_t certificate)
{
	struct apply in = {.subscription = subscription, .method = METHOD_FILE, .key_source = KEY_SOURCE_GENERATE,
		.key_alg = KEY_EC_P256, .submit = true,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
	struct certificate_view c;
	struct application_view v;
	ERR(e);

	world_need(certificate_show(w.svc, &w.owner, certificate, &w.arena, &c, &e), &e, "certificate");
	in.names = c.names;
	in.n_names = c.n_names;
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	return v.row.id;
}

static void
what_replaced_another_is_given_back_like_a_first_one(void **state)
{
	struct row_bill bill;
	struct row_subscription *subs = buy(1, &bill);
	int64_t first = used(subs[0].id), next = apply_again(subs[0].id, first), had = balance();

	(void)state;
	revoke(first, true);
	world_prove(&w, next);
	revoke(issue(next), false);
	assert_int_equal(show(subs[0].id).state, SUBSCRIPTION_REFUNDED);
	assert_int_equal(balance(), had + PRICE);
}

static void
nothing_is_issued_from_what_came_back(void **state)
{
	struct row_bill bill;
	struct row_subscription *subs = buy(1, &bill);
	int64_t first = used(subs[0].id), next = apply_again(subs[0].id, first);
	struct str name = STR("127.16.99.1");
	struct apply in = {.subscription = subs[0].id, .names = &name, .n_names = 1, .method = METHOD_FILE,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
	struct application_view v;
	ERR(e);

	(void)state;
	revoke(first, false);
	assert_int_equal(show(subs[0].id).state, SUBSCRIPTION_REFUNDED);
	assert_int_equal(application_state(next), APPLICATION_CLOSED);
	assert_true(application_advance(w.svc, w.owner.account, next, &e) <= 0);
	assert_int_equal(application_state(next), APPLICATION_CLOSED);
	assert_int_equal(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), E_STATE_REFUSED);
}

static void
what_is_being_issued_holds_the_refund_until_it_is_revoked_too(void **state)
{
	struct row_bill bill;
	struct row_subscription sub, *subs = buy(1, &bill);
	int64_t first = used(subs[0].id), next = apply_again(subs[0].id, first), had = balance();

	(void)state;
	world_prove(&w, next);
	revoke(first, false);
	assert_int_equal(show(subs[0].id).state, SUBSCRIPTION_ACTIVE);
	assert_int_equal(give_back(subs[0].id, &sub), E_STATE_REFUSED);
	assert_int_equal(balance(), had);
	revoke(issue(next), false);
	assert_int_equal(show(subs[0].id).state, SUBSCRIPTION_REFUNDED);
	assert_int_equal(balance(), had + PRICE);
}

/* -- to the millisecond */

#ifdef SIGNET_TESTING
static void
a_request_is_in_time_until_the_last_millisecond_of_the_seventh_day(void **state)
{
	static const struct {
		int64_t after_ms;
		int code;
	} table[] = {{0, 0}, {6 * MS_DAY, 0}, {7 * MS_DAY - 1, 0}, {7 * MS_DAY, 0}, {7 * MS_DAY + 1, E_REFUND_LATE},
		{8 * MS_DAY, E_REFUND_LATE}};
	int64_t paid = clock_wall_ms() + MS_MINUTE;
	struct row_subscription sub, *subs;
	struct row_bill bill;

	(void)state;
	world_clock(&w, paid);
	subs = buy(ARRAY_LEN(table), &bill);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		world_clock(&w, paid + table[i].after_ms);
		sub = show(subs[i].id);
		assert_int_equal(refund_until(&sub), paid + 7 * MS_DAY);
		assert_int_equal(give_back(subs[i].id, &sub), table[i].code);
		if (table[i].code)
			assert_int_equal(staff_give_back(subs[i].id), table[i].code);
	}
}

static void
a_revocation_is_in_time_until_thirty_times_24_hours_after_the_first_issue(void **state)
{
	static const struct {
		int64_t after_ms;
		bool refunded;
	} table[] = {{28 * MS_DAY, true}, {29 * MS_DAY, true}, {30 * MS_DAY - 1, true}, {30 * MS_DAY, true},
		{30 * MS_DAY + 1, false}, {31 * MS_DAY, false}};
	int64_t issued = clock_wall_ms() + MS_MINUTE, certs[ARRAY_LEN(table)];
	struct row_subscription *subs;
	struct row_bill bill;

	(void)state;
	world_clock(&w, issued);
	subs = buy(ARRAY_LEN(table), &bill);
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		certs[i] = used(subs[i].id);
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		world_clock(&w, issued + table[i].after_ms);
		revoke(certs[i], false);
		assert_int_equal(show(subs[i].id).state, table[i].refunded ? SUBSCRIPTION_REFUNDED : SUBSCRIPTION_ACTIVE);
		if (!table[i].refunded)
			assert_int_equal(staff_give_back(subs[i].id), E_REFUND_USED);
	}
	assert_int_equal(bill_of(bill.id).refunded, 4 * PRICE);
}

static void
the_first_issue_begins_the_time_and_the_last_revocation_ends_it(void **state)
{
	int64_t issued = clock_wall_ms() + MS_MINUTE, first, second;
	struct row_subscription *subs;
	struct row_bill bill;

	(void)state;
	world_clock(&w, issued);
	subs = buy(1, &bill);
	first = used(subs[0].id);
	world_clock(&w, issued + 20 * MS_DAY);
	second = apply_again(subs[0].id, first);
	world_prove(&w, second);
	second = issue(second);
	revoke(first, false);
	assert_int_equal(show(subs[0].id).state, SUBSCRIPTION_ACTIVE);
	world_clock(&w, issued + 30 * MS_DAY + 1); /* day ten of the second one */
	revoke(second, false);
	assert_int_equal(show(subs[0].id).state, SUBSCRIPTION_ACTIVE);
	assert_int_equal(bill_of(bill.id).refunded, 0);
}

static void
a_period_of_an_allowance_that_has_passed_takes_nothing_back(void **state)
{
	struct purchase later = {.product = STR("entrust-dv-single"), .quantity = 1, .months = 12, .n_common = 1};
	int64_t now = clock_wall_ms();
	struct row_subscription sub, *subs;
	struct row_bill bill, unpaid;
	size_t n;
	ERR(e);

	(void)state;
	world_need(allowance_give(w.svc, &w.staff, w.owner.account, later.product, 1, 5, 1, &e), &e, "allow");
	world_clock(&w, now + 27 * MS_DAY);
	subs = buy_of(&w.owner, "entrust-dv-single", 1, &bill);
	world_need(purchase_make(w.svc, &w.owner, &later, &w.arena, &unpaid, &(struct row_subscription *){NULL}, &n, &e), &e,
		"purchase");
	world_clock(&w, now + 32 * MS_DAY);
	(void)buy_of(&w.owner, "entrust-dv-single", 1, &bill);
	assert_int_equal(allowance_used(), 1);
	assert_int_equal(give_back(subs[0].id, &sub), 0);
	assert_int_equal(allowance_used(), 1);
	/* nor does an unpaid bill that expires */
	world_clock(&w, now + 40 * MS_DAY);
	world_need(sweep_run(w.svc, &e), &e, "sweep");
	assert_int_equal(bill_of(unpaid.id).state, BILL_EXPIRED);
	assert_int_equal(allowance_used(), 1);
}
#endif

/* -- after all this */

static int
sums_body(struct db_tx *tx, void *arg, struct err *e)
{
	return MIN(q_ledger_check(tx, arg, e), 0);
}

static void
the_ledgers_sums_are_zero(void **state)
{
	int64_t uneven = -1;
	ERR(e);

	(void)state;
	world_need(db_read(w.db, sums_body, &uneven, &e), &e, "sums");
	assert_int_equal(uneven, 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unused_subscription_comes_back_and_its_share_of_the_bill_with_it),
		cmocka_unit_test(a_draft_goes_with_its_subscription_and_what_was_submitted_stays),
		cmocka_unit_test(only_support_gives_back_for_another_account),
		cmocka_unit_test(what_came_from_an_allowance_goes_back_to_it),
		cmocka_unit_test(revoked_certificates_bring_the_price_back_unless_a_replacement_is_wanted),
		cmocka_unit_test(what_replaced_another_is_given_back_like_a_first_one),
		cmocka_unit_test(nothing_is_issued_from_what_came_back),
		cmocka_unit_test(what_is_being_issued_holds_the_refund_until_it_is_revoked_too),
#ifdef SIGNET_TESTING
		cmocka_unit_test(a_request_is_in_time_until_the_last_millisecond_of_the_seventh_day),
		cmocka_unit_test(a_revocation_is_in_time_until_thirty_times_24_hours_after_the_first_issue),
		cmocka_unit_test(the_first_issue_begins_the_time_and_the_last_revocation_ends_it),
		cmocka_unit_test(a_period_of_an_allowance_that_has_passed_takes_nothing_back),
#endif
		cmocka_unit_test(the_ledgers_sums_are_zero),
	};
	int failed;

	if (argc != 2)
		return 2;
	if (!world_open(&w, argv[1]))
		return 77; /* skipped: the engine is not installed */
	world_buy(&w, "private-multi", 1, 1, 0); /* money */
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return failed;
}
