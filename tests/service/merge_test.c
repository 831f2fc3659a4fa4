/* SPDX-License-Identifier: Apache-2.0 */
/* Hybrid merge (SPEC 3.7), on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "service/account.h"
#include "service/apply.h"
#include "service/merge.h"
#include "service/order.h"
#include "service/product.h"
#include "service/purchase.h"
#include "service/refund.h"
#include "service/svc_priv.h"
#include "world.h"

static struct world w;

static int64_t
buy(const char *product, int64_t months, int64_t common, int64_t wildcard)
{
	struct purchase in = {.product = str_c(product), .quantity = 1, .months = months, .n_common = common,
		.n_wildcard = wildcard, .pay = true};
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	world_need(purchase_make(w.svc, &w.owner, &in, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	return subs[0].id;
}

static int64_t
commons(int64_t n)
{
	return buy("cfca-ov-multi-pro", 12, n, 0);
}

static int64_t
wildcard(void)
{
	return buy("cfca-ov-wildcard-pro", 12, 0, 1);
}

static struct row_subscription
show(int64_t id)
{
	struct row_subscription sub;
	ERR(e);

	world_need(subscription_show(w.svc, &w.owner, id, &w.arena, &sub, &e), &e, "subscription");
	return sub;
}

static int
merge_as(const struct caller *c, int64_t account, const int64_t *ids, size_t n, struct row_subscription *ret, struct err *e)
{
	struct merge in = {.account = account, .subscriptions = ids, .n = n};

	err_clear(e);
	return subscription_merge(w.svc, c, &in, &w.arena, ret, e);
}

#define MERGE(ret, e, ...) \
	merge_as(&w.owner, 0, (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t), ret, e)

static void
counts_add_up_in_the_lowest_and_the_others_are_merged_for_good(void **state)
{
	int64_t a = wildcard(), b = commons(3), c = wildcard();
	int64_t price = show(a).price + show(b).price + show(c).price;
	struct row_subscription sub, other;
	struct row_product p;
	struct order_act again = {.account = w.owner.account, .reason = STR("by mistake")};
	ERR(e);

	(void)state;
	world_need(MERGE(&sub, &e, c, a, b), &e, "merge");
	assert_int_equal(sub.id, a);
	assert_int_equal(sub.state, SUBSCRIPTION_UNASSIGNED);
	assert_int_equal(sub.n_common, 3);
	assert_int_equal(sub.n_wildcard, 2);
	assert_int_equal(sub.price, price);
	assert_int_equal(sub.n_merged, 3);
	world_need(product_show(w.svc, &w.owner, sub.product, &w.arena, &p, &e), &e, "product");
	assert_true(str_eq_c(p.code, "cfca-ov-hybrid"));
	for (size_t i = 0; i < 2; i++) {
		other = show(i ? b : c);
		assert_int_equal(other.state, SUBSCRIPTION_MERGED);
		assert_int_equal(other.merged_into, a);
		assert_int_equal(order_reopen(w.svc, &w.staff, other.id, &again, &w.arena, &other, &e), E_STATE_REFUSED);
	}
	/* none of it comes back */
	assert_int_equal(refund_until(&sub), 0);
	assert_int_equal(subscription_refund(w.svc, &w.owner, &(struct refund){.subscription = a}, &w.arena, &other, &e), E_REFUND_MERGED);
	assert_int_equal(subscription_refund(w.svc, &w.staff, &(struct refund){.account = w.owner.account, .subscription = b}, &w.arena, &other, &e), E_REFUND_MERGED);
	assert_int_equal(MERGE(&sub, &e, b, wildcard()), E_STATE_REFUSED);
	assert_int_equal(MERGE(&sub, &e, a, commons(1)), E_MERGE_UNFIT); /* a hybrid is not Professional */
}

static void
the_earliest_end_of_the_windows_counts(void **state)
{
	int64_t a = commons(1), b, first = show(a).window_end_ms;
	struct row_subscription sub;
	ERR(e);

	(void)state;
	usleep(2000); /* windows are told apart by the millisecond */
	b = wildcard();
	assert_true(first < show(b).window_end_ms);
	world_need(MERGE(&sub, &e, b, a), &e, "merge");
	assert_int_equal(sub.window_end_ms, first);
}

static void
with_names_it_is_assigned_to_them_and_names_that_do_not_fit_merge_nothing(void **state)
{
	struct str good[] = {STR("www.example.com"), STR("*.shop.example.com")},
		   turned[] = {STR("*.shop.example.com"), STR("www.example.com")},
		   many[] = {STR("www.example.com"), STR("mail.example.com"), STR("*.shop.example.com")};
	int64_t ids[] = {commons(1), wildcard()}, app;
	struct merge in = {.subscriptions = ids, .n = 2};
	struct row_application *rows;
	struct page page = {.limit = 10};
	struct row_subscription sub;
	bool more;
	size_t n;
	ERR(e);

	(void)state;
	in.names = turned;
	in.n_names = 2;
	assert_int_equal(subscription_merge(w.svc, &w.owner, &in, &w.arena, &sub, &e), E_NAME_KIND);
	in.names = many;
	in.n_names = 3;
	assert_true(subscription_merge(w.svc, &w.owner, &in, &w.arena, &sub, &e) < 0);
	assert_int_equal(show(ids[1]).state, SUBSCRIPTION_UNASSIGNED);
	assert_int_equal(show(ids[0]).n_merged, 0);
	in.names = good;
	in.n_names = 2;
	err_clear(&e);
	world_need(subscription_merge(w.svc, &w.owner, &in, &w.arena, &sub, &e), &e, "merge");
	assert_int_equal(sub.state, SUBSCRIPTION_ASSIGNED);
	world_need(apply_show_list(w.svc, &w.owner, APPLICATION_DRAFT, &page, &w.arena, &rows, &n, &more, &e), &e, "drafts");
	app = n ? rows[0].subscription : 0;
	assert_int_equal(app, ids[0]);
}

static void
what_does_not_belong_together_is_refused_with_all_faults(void **state)
{
	int64_t one = commons(1), wild = wildcard(), plain = buy("cfca-ov-multi", 12, 1, 0), dv = buy("cfca-dv-wildcard", 12, 0, 1),
		other = buy("geotrust-ov-wildcard-pro", 12, 0, 1), longer = buy("cfca-ov-wildcard-pro", 24, 0, 1),
		most = commons(250);
	struct row_subscription sub;
	ERR(e);

	(void)state;
	assert_int_equal(MERGE(&sub, &e, one), E_FIELD_LENGTH);
	assert_int_equal(MERGE(&sub, &e, one, one), E_FIELD_FORM);
	assert_int_equal(MERGE(&sub, &e, one, 999999), E_NOT_FOUND);
	assert_int_equal(MERGE(&sub, &e, wild, plain), E_MERGE_UNFIT);
	assert_int_equal(MERGE(&sub, &e, one, dv), E_MERGE_UNFIT);
	assert_int_equal(MERGE(&sub, &e, one, other), E_MERGE_UNFIT);
	assert_non_null(strstr(e.msg, "GeoTrust"));
	assert_int_equal(MERGE(&sub, &e, one, longer), E_MERGE_UNFIT);
	assert_non_null(strstr(e.msg, "24 months"));
	assert_int_equal(MERGE(&sub, &e, one, commons(2)), E_MERGE_UNFIT);
	assert_non_null(strstr(e.msg, "0 wildcards"));
	assert_int_equal(MERGE(&sub, &e, most, wild), E_MERGE_UNFIT);
	assert_non_null(strstr(e.msg, "251 names"));
	assert_int_equal(MERGE(&sub, &e, one, other, longer), E_SEVERAL_FAULTS);
	assert_int_equal(subscription_refund(w.svc, &w.owner, &(struct refund){.subscription = other}, &w.arena, &sub, &e), 0);
	assert_int_equal(MERGE(&sub, &e, one, other), E_STATE_REFUSED);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(show(i ? one : wild).state, SUBSCRIPTION_UNASSIGNED);
		assert_int_equal(show(i ? one : wild).n_merged, 0);
	}
}

static void
support_merges_for_an_account_and_nobody_else(void **state)
{
	int64_t ids[] = {commons(1), wildcard()};
	struct caller reviewer = w.staff;
	struct row_subscription sub;
	ERR(e);

	(void)state;
	reviewer.role = ROLE_REVIEWER;
	assert_int_equal(merge_as(&reviewer, w.owner.account, ids, 2, &sub, &e), E_FORBIDDEN);
	assert_int_equal(merge_as(&w.owner, w.staff.account, ids, 2, &sub, &e), E_FORBIDDEN);
	assert_int_equal(merge_as(&w.staff, 0, ids, 2, &sub, &e), E_NOT_FOUND);
	world_need(merge_as(&w.staff, w.owner.account, ids, 2, &sub, &e), &e, "merge");
	assert_int_equal(sub.id, ids[0]);
	assert_int_equal(sub.account, w.owner.account);
	assert_int_equal(world_told(&w, &w.owner, NOTICE_SUBSCRIPTION_MERGED, sub.id, NULL), 1);
}

#define MERGERS 8

struct race {
	pthread_t thread;
	int64_t ids[2];
	int result;
};

static void *
race_main(void *arg)
{
	struct race *t = arg;
	struct merge in = {.subscriptions = t->ids, .n = 2};
	struct row_subscription sub;
	ARENA(a);
	ERR(e);

	t->result = subscription_merge(w.svc, &w.owner, &in, &a, &sub, &e);
	return NULL;
}

static void
of_merges_that_want_one_subscription_at_the_same_moment_one_gets_it(void **state)
{
	int64_t wanted = wildcard();
	struct race races[MERGERS];
	int won = 0, merged = 0;

	(void)state;
	for (size_t i = 0; i < MERGERS; i++) {
		races[i] = (struct race){.ids = {wanted, commons(1)}};
		assert_int_equal(pthread_create(&races[i].thread, NULL, race_main, &races[i]), 0);
	}
	for (size_t i = 0; i < MERGERS; i++) {
		pthread_join(races[i].thread, NULL);
		won += races[i].result == 0;
		merged += show(races[i].ids[1]).state == SUBSCRIPTION_MERGED;
		assert_true(races[i].result == 0 || races[i].result == E_CONFLICT || races[i].result == E_MERGE_UNFIT);
	}
	assert_int_equal(won, 1);
	assert_int_equal(merged, 1);
	assert_int_equal(show(wanted).n_common, 1);
}

/* -- an application comes between what a merge has read and its commit, or the other way round */

struct slow_merge {
	pthread_t thread;
	int64_t id, hybrid;
	atomic_bool holds;
	int result;
};

static int
slow_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct slow_merge *t = arg;
	struct row_subscription sub;
	int r = q_subscription_get(tx, w.owner.account, t->id, tx->arena, &sub, e);

	if (r > 0)
		r = q_subscription_grow(tx,
			&(struct in_subscription_grow){.account = w.owner.account, .id = t->id, .product = t->hybrid,
				.n_common = 1, .n_wildcard = 1, .price = sub.price, .window_end_ms = sub.window_end_ms,
				.n_merged = 2, .now = tx->now_ms},
			e);
	atomic_store(&t->holds, true);
	usleep(300 * 1000); /* the applications of the test begin meanwhile */
	return r;
}

static void *
slow_main(void *arg)
{
	struct slow_merge *t = arg;
	ERR(e);

	t->result = db_write(w.db, slow_body, t, &e);
	return NULL;
}

static int
apply_for(struct apply *in, struct application_view *ret)
{
	static struct str name = STR("race.example.com");
	ERR(e);

	in->names = &name;
	in->n_names = 1;
	in->method = METHOD_DNS;
	in->key_alg = KEY_EC_P256;
	in->contact = (struct apply_contact){STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")};
	return apply_create(w.svc, &w.owner, in, &w.arena, ret, &e);
}

/* DV, which needs no company: only what becomes of the row is looked at. */
static int64_t
plain(void)
{
	return buy("private-multi", 12, 1, 0);
}

static void
begin_merge(struct slow_merge *merge, int64_t id, int64_t hybrid)
{
	*merge = (struct slow_merge){.id = id, .hybrid = hybrid};
	assert_int_equal(pthread_create(&merge->thread, NULL, slow_main, merge), 0);
	while (!atomic_load(&merge->holds))
		usleep(1000);
}

static void
end_merge(struct slow_merge *merge)
{
	pthread_join(merge->thread, NULL);
	assert_int_equal(merge->result, 0);
	assert_int_equal(show(merge->id).state, SUBSCRIPTION_UNASSIGNED);
	assert_int_equal(show(merge->id).product, merge->hybrid);
}

/* The product as the row stood before the merge is no product of the application. */
static void
an_application_takes_nothing_that_a_merge_has_changed_meanwhile(void **state)
{
	int64_t hybrid = show(commons(1)).product, one = plain(), two = plain(), three = plain();
	struct apply given = {.subscription = one}, quota = {.product = STR("private-multi")};
	struct application_view v;
	struct slow_merge merge;

	(void)state;
	begin_merge(&merge, one, hybrid);
	assert_int_equal(apply_for(&given, &v), E_CONFLICT);
	end_merge(&merge);
	/* from quota it takes the next one, which covers the names as well */
	begin_merge(&merge, two, hybrid);
	assert_int_equal(apply_for(&quota, &v), 0);
	end_merge(&merge);
	assert_int_equal(v.row.subscription, three);
	assert_int_equal(v.row.product, show(three).product);
}

#ifdef SIGNET_TESTING
static void
a_window_that_is_over_merges_no_more(void **state)
{
	int64_t a = commons(1), b, end = show(a).window_end_ms;
	struct row_subscription sub;
	ERR(e);

	(void)state;
	/* the other one's window ends a day later */
	world_clock(&w, show(a).created_ms + MS_DAY);
	b = wildcard();
	world_clock(&w, end + MS_MINUTE);
	assert_int_equal(MERGE(&sub, &e, a, b), E_STATE_REFUSED);
}
#endif

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_add_up_in_the_lowest_and_the_others_are_merged_for_good),
		cmocka_unit_test(the_earliest_end_of_the_windows_counts),
		cmocka_unit_test(with_names_it_is_assigned_to_them_and_names_that_do_not_fit_merge_nothing),
		cmocka_unit_test(what_does_not_belong_together_is_refused_with_all_faults),
		cmocka_unit_test(support_merges_for_an_account_and_nobody_else),
		cmocka_unit_test(of_merges_that_want_one_subscription_at_the_same_moment_one_gets_it),
		cmocka_unit_test(an_application_takes_nothing_that_a_merge_has_changed_meanwhile),
#ifdef SIGNET_TESTING
		cmocka_unit_test(a_window_that_is_over_merges_no_more), /* the clock moves: the last one */
#endif
	};
	struct row_account account;
	int failed;
	ERR(e);

	if (argc != 2)
		return 2;
	if (!world_open(&w, argv[1]))
		return 77; /* skipped: the engine is not installed */
	world_need(ledger_top_up(w.svc, &w.staff, w.owner.account, INT64_C(100000000000), STR("test"), &w.arena, &account, &e), &e,
		"top-up");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return failed;
}
