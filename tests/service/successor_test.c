/* SPDX-License-Identifier: Apache-2.0 */
/* Renewals: subscriptions that follow another one (SPEC 3.14), on the engine named by the first argument. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/rfc3339.h"
#include "crypto/csr.h"
#include "crypto/pem.h"
#include "service/apply.h"
#include "service/certificate.h"
#include "service/merge.h"
#include "service/notice.h"
#include "service/order.h"
#include "service/purchase.h"
#include "service/refund.h"
#include "service/svc_priv.h"
#include "world.h"

#define IP_PRODUCT "ip-dv-single" /* public: its certificates last 199 days at most */

static struct world w;
static int64_t at_ms; /* what the clock shows */

/* -- acts of the world's owner */

static int64_t
buy(const char *product, int64_t months)
{
	struct purchase in = {.product = str_c(product), .quantity = 1, .months = months, .n_common = 1, .pay = true};
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	world_need(purchase_make(w.svc, &w.owner, &in, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	return subs[0].id;
}

static int
renew_as(const struct purchase *in, struct row_subscription *ret, struct err *e)
{
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n = 0;
	int r = purchase_make(w.svc, &w.owner, in, &w.arena, &bill, &subs, &n, e);

	if (r == 0 && n)
		*ret = subs[0];
	return r;
}

static int
try_renew(int64_t predecessor, struct row_subscription *ret)
{
	struct purchase in = {.predecessor = predecessor, .quantity = 1, .pay = true};
	ERR(e);
	int r = renew_as(&in, ret, &e);

	if (r < 0)
		assert_true(e.msg[0] && err_hint_text(&e)[0]);
	return r;
}

static struct row_subscription
renew(int64_t predecessor)
{
	struct row_subscription sub = {0};

	assert_int_equal(try_renew(predecessor, &sub), 0);
	return sub;
}

static struct row_subscription
show(int64_t id)
{
	struct row_subscription sub;
	ERR(e);

	world_need(subscription_show(w.svc, &w.owner, id, &w.arena, &sub, &e), &e, "subscription");
	return sub;
}

static struct order
order_of(int64_t id)
{
	struct order o;
	ERR(e);

	world_need(order_show(w.svc, &w.owner, id, &w.arena, &o, &e), &e, "order");
	return o;
}

static struct application_view
application(int64_t id)
{
	struct application_view v;
	ERR(e);

	world_need(apply_show(w.svc, &w.owner, id, &w.arena, &v, &e), &e, "application");
	return v;
}

static struct apply
form_for(int64_t subscription, const struct str *name)
{
	return (struct apply){.subscription = subscription, .names = name, .n_names = 1, .method = METHOD_FILE,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P384, .submit = true,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
}

static struct certificate_view
issue(int64_t id)
{
	struct certificate_view cert;
	struct application_view v;
	ERR(e);

	world_prove(&w, id);
	world_need(issue_application(w.svc, w.owner.account, id, &e), &e, "issue");
	v = application(id);
	world_need(certificate_show(w.svc, &w.owner, v.certificates[0].id, &w.arena, &cert, &e), &e, "certificate");
	return cert;
}

/* A certificate under the subscription. An address: CAA has nothing to say about it. */
static struct certificate_view
used_for(int64_t subscription, struct str name)
{
	struct apply in = form_for(subscription, &name);
	struct application_view v;
	ERR(e);

	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	return issue(v.row.id);
}

static struct certificate_view
used(int64_t subscription)
{
	static int names;

	names++;
	return used_for(subscription, arena_printf(&w.arena, "127.17.%d.%d", names / 250, 1 + names % 250));
}

/* A signing request of a fresh key, without names. */
static struct str
request(void)
{
	struct blob spki, tbs, sig, der;
	KEY(k);
	ERR(e);

	world_need(key_generate(KEY_EC_P256, &k, &e), &e, "key");
	world_need(key_spki(k, &w.arena, &spki, &e), &e, "spki");
	world_need(csr_build_tbs(STR(""), NULL, 0, spki, &w.arena, &tbs, &e), &e, "request");
	world_need(key_sign(k, tbs, &w.arena, &sig, &e), &e, "sign");
	world_need(csr_finish(tbs, KEY_EC_P256, sig, &w.arena, &der, &e), &e, "request");
	return pem_encode(&w.arena, "CERTIFICATE REQUEST", der);
}

static void
submit(int64_t id)
{
	struct application_view v;
	ERR(e);

	world_need(apply_submit(w.svc, &w.owner, id, &w.arena, &v, &e), &e, "submit");
}

static void
sweep(void)
{
	ERR(e);

	world_need(sweep_run(w.svc, &e), &e, "sweep");
}

static void
to(int64_t ms)
{
	at_ms = ms;
	world_clock(&w, ms);
}

static size_t
told(enum notice_kind kind, int64_t object)
{
	struct page page = {.limit = 200};
	struct row_notice *rows;
	int64_t total;
	size_t n, hit = 0;
	bool more;
	ERR(e);

	world_need(notice_list(w.svc, &w.owner, -1, &page, &w.arena, &rows, &n, &more, &total, &e), &e, "notices");
	for (size_t i = 0; i < n; i++)
		hit += rows[i].kind == kind && rows[i].object_id == object;
	return hit;
}

/* -- when it can be used */

static void
bought_early_it_waits_until_the_one_before_has_thirty_days_left(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct certificate_view cert = used(first);
	struct row_subscription before = show(first), sub = renew(first);
	struct application_view v;
	struct order o = order_of(sub.id);

	(void)state;
	assert_int_equal(sub.state, SUBSCRIPTION_NOT_ACTIVATED);
	assert_int_equal(sub.predecessor, first);
	assert_int_equal(sub.product, before.product);
	assert_int_equal(sub.months, 12);
	assert_int_equal(sub.activates_ms, before.paid_until_ms - 30 * MS_DAY);
	/* it has its whole window from then on */
	assert_int_equal(sub.window_end_ms, civil_add_months_ms(sub.activates_ms, 12));
	assert_int_equal(show(first).successor, sub.id);
	assert_int_equal(o.row.status, ORDER_NOT_ACTIVATED);
	assert_int_equal(o.expected_ms, sub.activates_ms);
	assert_int_equal(o.row.application, 0);
	to(sub.activates_ms - 1);
	sweep();
	assert_int_equal(show(sub.id).state, SUBSCRIPTION_NOT_ACTIVATED);
	assert_int_equal(told(NOTICE_SUBSCRIPTION_ACTIVATED, sub.id), 0);
	to(sub.activates_ms);
	sweep();
	sweep();
	assert_int_equal(show(sub.id).state, SUBSCRIPTION_ASSIGNED);
	assert_int_equal(told(NOTICE_SUBSCRIPTION_ACTIVATED, sub.id), 1);
	/* nobody is asked to buy what was bought */
	assert_int_equal(told(NOTICE_SUBSCRIPTION_EXPIRES, first), 0);
	o = order_of(sub.id);
	assert_int_equal(o.row.status, ORDER_PENDING_APPLICATION);
	v = application(o.row.application);
	assert_int_equal(v.row.state, APPLICATION_DRAFT);
	assert_int_equal(v.n_names, 1);
	assert_true(str_eq(v.names[0].ascii, cert.names[0]));
	assert_true(str_eq_c(v.row.contact_name, "Li Wei") && str_eq_c(v.row.contact_email, "li@example.com"));
	assert_int_equal(v.row.method, METHOD_FILE);
	assert_int_equal(v.row.key_source, KEY_SOURCE_GENERATE);
	assert_int_equal(v.row.key_alg, KEY_EC_P384);
}

static void
what_is_left_is_added_to_the_period_and_not_to_the_certificate(void **state)
{
	int64_t first = buy("private-multi", 12), now;
	struct certificate_view cert;
	struct row_subscription before, sub;

	(void)state;
	(void)used(first);
	before = show(first);
	to(before.paid_until_ms - 20 * MS_DAY);
	sub = renew(first);
	assert_int_equal(sub.state, SUBSCRIPTION_ASSIGNED);
	assert_int_equal(sub.activates_ms, 0);
	submit(order_of(sub.id).row.application);
	cert = issue(order_of(sub.id).row.application);
	now = at_ms;
	sub = show(sub.id);
	assert_int_equal(sub.state, SUBSCRIPTION_ACTIVE);
	assert_int_equal(sub.paid_until_ms, civil_add_months_ms(now, 12) + 20 * MS_DAY);
	assert_in_range(cert.row.not_after_ms, civil_add_months_ms(now, 12) - MS_DAY, civil_add_months_ms(now, 12));
	/* what was left makes room for another one */
	to(cert.row.not_after_ms - MS_DAY);
	cert = used_for(sub.id, cert.names[0]);
	assert_in_range(cert.row.not_after_ms, sub.paid_until_ms - MS_SECOND, sub.paid_until_ms);
}

static void
nothing_is_left_of_one_that_is_over(void **state)
{
	int64_t first = buy("private-multi", 6);
	struct row_subscription before, sub;

	(void)state;
	(void)used(first);
	before = show(first);
	to(before.paid_until_ms + 30 * MS_DAY);
	sweep();
	assert_int_equal(show(first).state, SUBSCRIPTION_EXPIRED);
	sub = renew(first);
	assert_int_equal(sub.state, SUBSCRIPTION_ASSIGNED);
	submit(order_of(sub.id).row.application);
	(void)issue(order_of(sub.id).row.application);
	assert_int_equal(show(sub.id).paid_until_ms, civil_add_months_ms(at_ms, 6));
}

static void
one_that_comes_back_lets_its_successor_begin(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct certificate_view cert = used(first);
	struct revoke in = {.id = cert.row.id, .reason = REASON_SUPERSEDED};
	struct row_subscription sub = renew(first);
	ERR(e);

	(void)state;
	assert_int_equal(sub.state, SUBSCRIPTION_NOT_ACTIVATED);
	world_need(certificate_revoke(w.svc, &w.owner, &in, &w.arena, &cert, &e), &e, "revoke");
	assert_int_equal(show(first).state, SUBSCRIPTION_REFUNDED);
	sweep();
	assert_int_equal(show(sub.id).state, SUBSCRIPTION_ASSIGNED);
	submit(order_of(sub.id).row.application);
	(void)issue(order_of(sub.id).row.application);
	/* its price came back, so nothing of it is left */
	assert_int_equal(show(sub.id).paid_until_ms, civil_add_months_ms(at_ms, 12));
}

/* -- what may be renewed */

static void
only_what_has_issued_is_renewed_and_until_thirty_days_after_its_end(void **state)
{
	int64_t unused = buy("private-multi", 12), first = buy("private-multi", 12);
	struct row_subscription sub;
	int64_t end;

	(void)state;
	assert_int_equal(try_renew(unused, &sub), E_STATE_REFUSED);
	assert_int_equal(try_renew(INT64_C(1) << 40, &sub), E_NOT_FOUND);
	(void)used(first);
	end = show(first).paid_until_ms;
	to(end + 30 * MS_DAY + 1);
	/* also while the sweep has not come by yet */
	assert_int_equal(try_renew(first, &sub), E_STATE_REFUSED);
	sweep();
	assert_int_equal(try_renew(first, &sub), E_STATE_REFUSED);
	assert_int_equal(show(unused).state, SUBSCRIPTION_EXPIRED);
	assert_int_equal(try_renew(unused, &sub), E_STATE_REFUSED);
}

static void
another_accounts_subscription_is_not_there(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct purchase in = {.predecessor = first, .quantity = 1, .pay = true};
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	(void)state;
	(void)used(first);
	assert_int_equal(purchase_make(w.svc, &w.staff, &in, &w.arena, &bill, &subs, &n, &e), E_NOT_FOUND);
	assert_string_equal(e.field, "predecessor");
}

static void
one_follows_at_a_time(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct order_act act = {.account = w.owner.account, .reason = STR("by mistake")};
	struct row_subscription sub, other, closed;
	ERR(e);

	(void)state;
	(void)used(first);
	sub = renew(first);
	assert_int_equal(try_renew(first, &other), E_STATE_REFUSED);
	/* closed, it makes room, and does not come back while another follows */
	world_need(order_close(w.svc, &w.owner, sub.id, &w.arena, &closed, &e), &e, "close");
	assert_int_equal(show(first).successor, 0);
	other = renew(first);
	assert_int_equal(show(first).successor, other.id);
	assert_int_equal(order_reopen(w.svc, &w.staff, sub.id, &act, &w.arena, &closed, &e), E_STATE_REFUSED);
	world_need(subscription_refund(w.svc, &w.owner, &(struct refund){.subscription = other.id}, &w.arena, &other, &e), &e,
		"refund");
	world_need(order_reopen(w.svc, &w.staff, sub.id, &act, &w.arena, &closed, &e), &e, "reopen");
	assert_int_equal(closed.state, SUBSCRIPTION_NOT_ACTIVATED);
	assert_int_equal(show(first).successor, sub.id);
}

#define BUYERS 8

struct buyer {
	pthread_t thread;
	int64_t predecessor;
	int result;
};

static void *
buyer_main(void *arg)
{
	struct buyer *t = arg;
	struct purchase in = {.predecessor = t->predecessor, .quantity = 1, .pay = true};
	struct row_subscription *subs;
	struct row_bill bill;
	ARENA(a);
	size_t n;
	ERR(e);

	t->result = purchase_make(w.svc, &w.owner, &in, &a, &bill, &subs, &n, &e);
	return NULL;
}

static void
of_renewals_that_are_bought_at_the_same_moment_one_follows(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct buyer buyers[BUYERS];
	unsigned won = 0;

	(void)state;
	(void)used(first);
	for (size_t i = 0; i < BUYERS; i++) {
		buyers[i] = (struct buyer){.predecessor = first};
		assert_int_equal(pthread_create(&buyers[i].thread, NULL, buyer_main, &buyers[i]), 0);
	}
	for (size_t i = 0; i < BUYERS; i++) {
		pthread_join(buyers[i].thread, NULL);
		won += buyers[i].result == 0;
		assert_true(buyers[i].result == 0 || buyers[i].result == E_STATE_REFUSED);
	}
	assert_int_equal(won, 1);
	assert_int_not_equal(show(first).successor, 0);
}

static void
opened_again_it_begins_when_the_one_before_has_ended_meanwhile(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct certificate_view cert = used(first);
	struct order_act act = {.account = w.owner.account, .reason = STR("by mistake")};
	struct revoke in = {.id = cert.row.id, .reason = REASON_SUPERSEDED};
	struct row_subscription sub = renew(first);
	ERR(e);

	(void)state;
	world_need(order_close(w.svc, &w.owner, sub.id, &w.arena, &sub, &e), &e, "close");
	world_need(certificate_revoke(w.svc, &w.owner, &in, &w.arena, &cert, &e), &e, "revoke");
	sweep();
	assert_int_equal(show(sub.id).state, SUBSCRIPTION_CLOSED);
	world_need(order_reopen(w.svc, &w.staff, sub.id, &act, &w.arena, &sub, &e), &e, "reopen");
	sweep();
	assert_int_equal(show(sub.id).state, SUBSCRIPTION_ASSIGNED);
}

static void
it_is_the_same_again_but_for_how_long(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct str name = STR("127.1.1.1");
	const struct {
		struct purchase in;
		int code;
		const char *field;
	} wrong[] = {
		{{.predecessor = first, .quantity = 1, .product = STR(IP_PRODUCT)}, E_PRODUCT_UNFIT, "product"},
		{{.predecessor = first, .quantity = 2}, E_FIELD_RANGE, "quantity"},
		{{.predecessor = first, .quantity = 1, .n_common = 2}, E_PRODUCT_UNFIT, "n_common"},
		{{.predecessor = first, .quantity = 1, .names = &name, .n_names = 1}, E_FIELD_FORM, "names"},
		{{.predecessor = first, .quantity = 1, .months = 7}, E_PRODUCT_UNFIT, "months"},
		{{.quantity = 1, .months = 12}, E_FIELD_MISSING, "product"},
	};
	struct purchase good = {.predecessor = first, .quantity = 1, .product = STR("private-multi"), .months = 24,
		.n_common = 1, .pay = true};
	struct row_subscription sub;
	ERR(fine);

	(void)state;
	(void)used(first);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		ERR(e);

		assert_int_equal(renew_as(&wrong[i].in, &sub, &e), wrong[i].code);
		assert_string_equal(e.field, wrong[i].field);
	}
	world_need(renew_as(&good, &sub, &fine), &fine, "renew");
	assert_int_equal(sub.months, 24);
}

static void
a_bill_that_is_paid_later_is_looked_at_again(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct purchase in = {.predecessor = first, .quantity = 1};
	struct row_subscription *subs, sub;
	struct row_bill bill, again;
	size_t n = 1;
	ERR(e);

	(void)state;
	(void)used(first);
	world_need(purchase_make(w.svc, &w.owner, &in, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	world_need(purchase_make(w.svc, &w.owner, &in, &w.arena, &again, &subs, &n, &e), &e, "purchase");
	assert_int_equal(bill.predecessor, first);
	assert_int_equal(show(first).successor, 0);
	world_need(bill_pay(w.svc, &w.owner, bill.id, &w.arena, &bill, &e), &e, "pay");
	sub = show(show(first).successor);
	assert_int_equal(sub.bill, bill.id);
	assert_int_equal(sub.state, SUBSCRIPTION_NOT_ACTIVATED);
	assert_int_equal(bill_pay(w.svc, &w.owner, again.id, &w.arena, &again, &e), E_STATE_REFUSED);
}

/* -- what becomes of its application */

static void
without_its_draft_it_is_quota_and_follows_nobody(void **state)
{
	int64_t first = buy("private-multi", 12);
	struct row_subscription sub;
	ERR(e);

	(void)state;
	(void)used(first);
	to(show(first).paid_until_ms - MS_DAY);
	sub = renew(first);
	world_need(apply_delete(w.svc, &w.owner, order_of(sub.id).row.application, &e), &e, "delete");
	sub = show(sub.id);
	assert_int_equal(sub.state, SUBSCRIPTION_UNASSIGNED);
	assert_int_equal(sub.predecessor, 0);
	assert_int_equal(show(first).successor, 0);
	(void)used(sub.id);
	assert_int_equal(show(sub.id).paid_until_ms, civil_add_months_ms(at_ms, 12));
}

static int
block_body(struct db_tx *tx, void *arg, struct err *e)
{
	return MIN(q_blocked_key_put(tx, BLOB((uint8_t *)arg, 32), tx->now_ms, STR("test"), e), 0);
}

static void
a_request_of_the_applicants_own_goes_on_under_the_successor(void **state)
{
	int64_t first = buy("private-multi", 6);
	struct str name = STR("127.17.99.1");
	struct apply in = form_for(first, &name);
	struct application_view v, next;
	struct row_subscription sub;
	uint8_t hash[32];
	ERR(e);

	(void)state;
	in.key_source = KEY_SOURCE_CSR;
	in.key_alg = KEY_NONE;
	in.csr = request();
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	(void)issue(v.row.id);
	/* also of one that follows one that follows */
	for (int i = 0; i < 3; i++) {
		to(show(first).paid_until_ms - MS_DAY);
		sub = renew(first);
		next = application(order_of(sub.id).row.application);
		assert_int_equal(next.row.key_source, KEY_SOURCE_CSR);
		assert_true(blob_eq(next.row.csr, v.row.csr));
		submit(next.row.id);
		(void)issue(next.row.id);
		first = sub.id;
	}
	/* but not with a key that was blocked meanwhile */
	digest_sha256(v.row.spki, hash);
	world_need(db_write(w.db, block_body, hash, &e), &e, "block");
	to(show(first).paid_until_ms - MS_DAY);
	next = application(order_of(renew(first).id).row.application);
	assert_int_equal(next.row.key_source, KEY_SOURCE_GENERATE);
	assert_int_equal(next.row.key_alg, KEY_EC_P256);
	assert_true(str_eq(next.names[0].ascii, name));
}

static int
nameless_body(struct db_tx *tx, void *arg, struct err *e)
{
	return MIN(q_application_names_clear(tx, w.owner.account, *(int64_t *)arg, e), 0);
}

/* As when the rules have changed since the last certificate. */
static void
where_no_draft_can_be_made_it_is_assigned_without_one(void **state)
{
	int64_t first = buy("private-multi", 6), app = used(first).row.application;
	struct row_subscription sub;
	struct certificate_view cert;
	ERR(e);

	(void)state;
	world_need(db_write(w.db, nameless_body, &app, &e), &e, "names");
	to(show(first).paid_until_ms - MS_DAY);
	sub = renew(first);
	assert_int_equal(sub.state, SUBSCRIPTION_ASSIGNED);
	assert_int_equal(order_of(sub.id).row.application, 0);
	assert_int_equal(order_of(sub.id).row.status, ORDER_PENDING_APPLICATION);
	cert = used(sub.id);
	assert_int_equal(cert.row.subscription, sub.id);
	assert_true(show(sub.id).paid_until_ms > civil_add_months_ms(at_ms, 6));
}

/* -- several certificates in a period */

static void
a_period_longer_than_a_certificate_yields_several(void **state)
{
	int64_t sub = buy(IP_PRODUCT, 12), end = INT64_MAX, last = 0;
	struct str name = STR("93.184.215.14");
	unsigned n = 0;

	(void)state;
	while (last < end - MS_SECOND) {
		last = used_for(sub, name).row.not_after_ms;
		end = n++ ? end : show(sub).paid_until_ms;
		assert_int_equal(show(sub).paid_until_ms, end);
		assert_true(last <= end && last > at_ms);
		/* the next one is due when this has 30 days left */
		to(last - 30 * MS_DAY - 1);
		assert_false(order_of(sub).ending);
		to(last - 30 * MS_DAY);
		assert_true(order_of(sub).ending);
	}
	assert_true(n > 1);
}

static void
the_end_is_told_of_unless_the_successor_has_these_names(void **state)
{
	int64_t first = buy("private-multi", 6);
	struct certificate_view cert = used(first);
	struct row_subscription sub;

	(void)state;
	to(cert.row.not_after_ms - 29 * MS_DAY);
	sub = renew(first);
	submit(order_of(sub.id).row.application);
	(void)issue(order_of(sub.id).row.application);
	sweep();
	to(cert.row.not_after_ms - MS_DAY);
	sweep();
	assert_int_equal(told(NOTICE_CERTIFICATE_EXPIRES, cert.row.id), 0);
	assert_int_equal(told(NOTICE_CERTIFICATE_EXPIRES_SOON, cert.row.id), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bought_early_it_waits_until_the_one_before_has_thirty_days_left),
		cmocka_unit_test(what_is_left_is_added_to_the_period_and_not_to_the_certificate),
		cmocka_unit_test(nothing_is_left_of_one_that_is_over),
		cmocka_unit_test(one_that_comes_back_lets_its_successor_begin),
		cmocka_unit_test(only_what_has_issued_is_renewed_and_until_thirty_days_after_its_end),
		cmocka_unit_test(another_accounts_subscription_is_not_there),
		cmocka_unit_test(one_follows_at_a_time),
		cmocka_unit_test(of_renewals_that_are_bought_at_the_same_moment_one_follows),
		cmocka_unit_test(opened_again_it_begins_when_the_one_before_has_ended_meanwhile),
		cmocka_unit_test(it_is_the_same_again_but_for_how_long),
		cmocka_unit_test(a_bill_that_is_paid_later_is_looked_at_again),
		cmocka_unit_test(without_its_draft_it_is_quota_and_follows_nobody),
		cmocka_unit_test(a_request_of_the_applicants_own_goes_on_under_the_successor),
		cmocka_unit_test(where_no_draft_can_be_made_it_is_assigned_without_one),
		cmocka_unit_test(a_period_longer_than_a_certificate_yields_several),
		cmocka_unit_test(the_end_is_told_of_unless_the_successor_has_these_names),
	};
	int failed;

	if (argc != 2)
		return 2;
	if (!world_open(&w, argv[1]) || w.clock < 0)
		return 77; /* skipped: the engine is not installed, or this build has no clock to set */
	world_buy(&w, "private-multi", 1, 1, 0); /* money */
	to(clock_wall_ms());
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return failed;
}
