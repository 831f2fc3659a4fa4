/* SPDX-License-Identifier: Apache-2.0 */
/* Catalogue, purchases and money on the service floor, on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "base/hex.h"
#include "service/account.h"
#include "service/apply.h"
#include "service/catalogue.h"
#include "service/owner.h"
#include "service/payment.h"
#include "service/product.h"
#include "service/purchase.h"
#include "service/svc_priv.h"
#include "world.h"

static struct world w;

static struct row_product
product_of(const char *code)
{
	struct page page = {.limit = 200};
	struct row_product *rows;
	int64_t total;
	bool more;
	size_t n;
	ERR(e);

	world_need(product_show_list(w.svc, &w.staff, &page, &w.arena, &rows, &n, &more, &total, &e), &e, "products");
	assert_false(more);
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(rows[i].code, code))
			return rows[i];
	}
	fail_msg("no product %s", code);
	abort();
}

/* An account with money; its caller. */
static struct caller
an_account(const char *name, const char *number)
{
	struct account_new in = {.site = STR("cn"), .name = str_c(name), .owner_kind = OWNER_ENTERPRISE,
		.owner_name = STR("Ltd"), .owner_number = str_c(number), .currency = STR("CNY"), .user_name = STR("owner"),
		.user_email = STR("o@example.com"), .user_password = STR("correct horse battery")};
	struct row_account account;
	struct str password;
	ERR(e);

	world_need(account_create(w.svc, &w.staff, &in, &w.arena, &account, &password, &e), &e, "account");
	world_need(ledger_top_up(w.svc, &w.staff, account.id, 10000000, STR("test"), &w.arena, &account, &e), &e, "top-up");
	return (struct caller){.account = account.id, .role = ROLE_OWNER, .peer = STR("")};
}

static void
owner_is_verified(int64_t account)
{
	struct caller c = {.account = account, .user = 1, .role = ROLE_OWNER, .peer = STR("")};
	struct owner_submit nothing_new = {.kind = NULL};
	struct owner_view v;
	ERR(e);

	world_need(owner_submit(w.svc, &c, account, 0, &nothing_new, &w.arena, &v, &e), &e, "submit");
	world_need(owner_decide(w.svc, &w.staff, account, true, STR(""), &w.arena, &v, &e), &e, "verify");
}

#ifdef SIGNET_TESTING
/* The clock goes ahead, and never back: the database remembers. */
static void
days_pass(int days)
{
	static int64_t shift;

	shift += days * MS_DAY;
	world_shift(&w, shift);
}
#endif

static struct purchase
one(const char *product)
{
	return (struct purchase){.product = str_c(product), .quantity = 1, .months = 12, .pay = true};
}

static int
buy(const struct caller *c, struct purchase in, struct row_bill *bill, struct row_subscription **subs, size_t *n, struct err *e)
{
	err_clear(e);
	return purchase_make(w.svc, c, &in, &w.arena, bill, subs, n, e);
}

/* -- catalogue */

static void
the_catalogue_has_each_brand_with_its_types_and_kinds(void **state)
{
	static const char *const brands[] = {"digicert", "geotrust", "globalsign", "entrust", "cfca"};
	static const char *const parts[] = {"dv-single", "dv-multi", "dv-wildcard", "ov-single", "ov-multi", "ov-wildcard",
		"ov-single-pro", "ov-multi-pro", "ov-wildcard-pro", "ov-hybrid", "ev-single", "ev-multi"};
	int64_t rank = 0;

	(void)state;
	for (size_t b = 0; b < ARRAY_LEN(brands); b++) {
		struct row_product p;

		for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
			char code[64];

			snprintf(code, sizeof(code), "%s-%s", brands[b], parts[i]);
			p = product_of(code);
			assert_true(p.guidance.n > 0 && p.rank == rank + 1 && p.active);
			assert_int_equal(p.sold, p.kind != KIND_HYBRID);
			assert_int_equal(p.professional, strstr(code, "-pro") != NULL);
		}
		rank = p.rank;
	}
	assert_true(product_of("test-dv-single").test && product_of("ip-dv-single").ip && product_of("internal").internal);
}

static void
advice_for_a_purpose_names_what_is_for_sale(void **state)
{
	static const struct {
		const char *purpose, *first;
	} want[] = {{"business", "digicert-ov-single"}, {"interface", "digicert-ov-single"}, {"finance", "digicert-ev-single"},
		{"mobile", "digicert-dv-single"}, {"mail", "geotrust-ov-wildcard"}, {"server_ip", "digicert-ev-single"},
		{"address", "ip-dv-single"}, {"bucket", "digicert-dv-single"}, {"test", "test-dv-single"},
		{"private", "private-multi"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		struct recommendation *list;
		size_t n;
		ERR(e);

		world_need(product_recommend(w.svc, want[i].purpose, &w.arena, &list, &n, &e), &e, want[i].purpose);
		assert_true(n > 0);
		if (!str_eq_c(list[0].product->code, want[i].first))
			fail_msg("%s: %.*s", want[i].purpose, STRF(list[0].product->code));
		for (size_t k = 0; k < n; k++)
			assert_true(list[k].product->sold && list[k].product->active && !list[k].product->internal);
	}
	for (size_t i = 0; i < catalogue_n_advice; i++) {
		bool known = false;

		for (size_t k = 0; k < ARRAY_LEN(want); k++)
			known |= strcmp(want[k].purpose, catalogue_advice[i].purpose) == 0;
		assert_true(known);
	}
}

static void
staff_add_change_and_take_off_products(void **state)
{
	struct str algs[] = {STR("EC_P256")}, months[] = {STR("6"), STR("12")};
	struct product_form form = {.code = STR("acme-dv-single"), .brand = STR("Acme"), .profile = STR("public-tls-dv"),
		.kind = KIND_SINGLE, .algorithms = algs, .n_algorithms = 1, .months = months, .n_months = 2,
		.price_year = 120, .names_max = 1, .rank = 10};
	struct product_change change = {.price_year = &(int64_t){240}};
	struct product_change off = {.active = &(bool){false}};
	struct row_product p, shown;
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	(void)state;
	world_need(product_create(w.svc, &w.staff, &form, &w.arena, &p, &e), &e, "create");
	assert_int_equal(product_create(w.svc, &w.staff, &form, &w.arena, &p, &e), E_NAME_TAKEN);
	p = product_of("acme-dv-single");
	change.id = off.id = p.id;
	change.version = p.version + 1;
	assert_int_equal(product_change(w.svc, &w.staff, &change, &w.arena, &p, &e), E_PRECONDITION);
	change.version = 0;
	world_need(product_change(w.svc, &w.staff, &change, &w.arena, &p, &e), &e, "change");
	assert_int_equal(p.version, 2);
	/* two years of it */
	world_need(buy(&w.owner, one("acme-dv-single"), &bill, &subs, &n, &e), &e, "buy");
	assert_int_equal(bill.amount, 240);
	world_need(product_change(w.svc, &w.staff, &off, &w.arena, &p, &e), &e, "off");
	assert_int_equal(buy(&w.owner, one("acme-dv-single"), &bill, &subs, &n, &e), E_PRODUCT_GONE);
	assert_int_equal(product_show(w.svc, &w.owner, p.id, &w.arena, &shown, &e), E_NOT_FOUND);
	world_need(product_show(w.svc, &w.staff, p.id, &w.arena, &shown, &e), &e, "staff see it");
}

static void
a_product_that_cannot_be_is_refused_with_all_its_faults(void **state)
{
	struct str algs[] = {STR("EC_P256"), STR("EC_P256"), STR("ROT13")}, months[] = {STR("12"), STR("6"), STR("7")};
	struct product_form form = {.code = STR("Acme!"), .brand = STR("Acme"), .profile = STR("root"), .kind = KIND_SINGLE,
		.algorithms = algs, .n_algorithms = 3, .months = months, .n_months = 3, .price_year = 1, .names_max = 2,
		.rank = 10, .test = true, .professional = true};
	static const char *const fields[] = {"code", "profile", "algorithms", "algorithms", "months", "months", "names_max",
		"professional", "test"};
	struct row_product p;
	ERR(e);

	(void)state;
	assert_int_equal(product_create(w.svc, &w.staff, &form, &w.arena, &p, &e), E_SEVERAL_FAULTS);
	assert_int_equal(e.n_causes, ARRAY_LEN(fields));
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		assert_string_equal(e.causes[i].field, fields[i]);
	form.type = TYPE_OV;
	form.kind = KIND_HYBRID;
	form.names_max = 1;
	form.ip = true;
	err_clear(&e);
	assert_int_equal(product_create(w.svc, &w.staff, &form, &w.arena, &p, &e), E_SEVERAL_FAULTS);
}

/* -- what is not sold */

static void
a_hybrid_is_not_for_sale(void **state)
{
	struct purchase in = one("geotrust-ov-hybrid");
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	(void)state;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), E_PRODUCT_UNFIT);
	in.n_common = in.n_wildcard = 1;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), E_PRODUCT_GONE);
	in = one("geotrust-ov-multi");
	in.n_common = in.n_wildcard = 1;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), E_PRODUCT_UNFIT);
	/* an allowance is the other way to one */
	world_need(allowance_give(w.svc, &w.staff, w.owner.account, STR("geotrust-ov-hybrid"), 5, 1, 12, &e), &e, "allow");
	in = one("geotrust-ov-hybrid");
	in.n_common = 2;
	in.n_wildcard = 1;
	world_need(buy(&w.owner, in, &bill, &subs, &n, &e), &e, "allowance");
	assert_int_equal(bill.amount, 0);
}

static void
nothing_is_sold_for_longer_than_the_policy(void **state)
{
	struct purchase in = one("geotrust-dv-single");
	struct row_product p = product_of("geotrust-dv-single"), seen;
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	(void)state;
	assert_true(str_ends(p.months, STR(" 36")));
	world_need(product_show(w.svc, &w.owner, p.id, &w.arena, &seen, &e), &e, "show");
	assert_true(str_eq_c(seen.months, "6 12 24"));
	in.months = 36;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), E_PRODUCT_UNFIT);
	in.months = 7;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), E_PRODUCT_UNFIT);
	in.months = 24;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), 0);
	assert_int_equal(bill.amount, p.price_year * 2);
}

static void
test_certificates_are_counted_by_the_year_and_the_verified_owner(void **state)
{
	struct caller a = an_account("tests-a", "91-31 000x"), b = an_account("tests-b", "91-31 000x");
	struct caller other = an_account("tests-c", "91-77");
	int64_t most = policy_value("test-per-year", clock_wall_ms());
	struct purchase in = one("test-dv-single");
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	(void)state;
	in.quantity = most - 1;
	world_need(buy(&a, in, &bill, &subs, &n, &e), &e, "tests");
	in.quantity = 2;
	assert_int_equal(buy(&a, in, &bill, &subs, &n, &e), E_TEST_NONE);
	/* not verified: nobody knows that b is the same owner */
	world_need(buy(&b, in, &bill, &subs, &n, &e), &e, "tests of b");
	owner_is_verified(a.account);
	owner_is_verified(b.account);
	owner_is_verified(other.account);
	in.quantity = 1;
	assert_int_equal(buy(&b, in, &bill, &subs, &n, &e), E_TEST_NONE);
	assert_int_equal(buy(&a, in, &bill, &subs, &n, &e), E_TEST_NONE);
	assert_int_equal(buy(&other, in, &bill, &subs, &n, &e), 0);
#ifdef SIGNET_TESTING
	days_pass(366);
	assert_int_equal(buy(&b, in, &bill, &subs, &n, &e), 0);
#endif
}

#define TAKERS 8
#define TESTS_EACH 6

struct taker {
	pthread_t thread;
	struct caller c;
	int result;
};

static void *
take_main(void *arg)
{
	struct taker *t = arg;
	struct purchase in = one("test-dv-single");
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ARENA(a);
	ERR(e);

	in.quantity = TESTS_EACH;
	t->result = purchase_make(w.svc, &t->c, &in, &a, &bill, &subs, &n, &e);
	return NULL;
}

static void
accounts_of_one_owner_that_take_tests_at_the_same_moment_take_no_more_than_the_year_has(void **state)
{
	int64_t most = policy_value("test-per-year", clock_wall_ms());
	struct taker takers[TAKERS];
	int64_t taken = 0;

	(void)state;
	for (size_t i = 0; i < TAKERS; i++) {
		char name[32];

		snprintf(name, sizeof(name), "takers-%zu", i);
		takers[i] = (struct taker){.c = an_account(name, "91-race")};
		owner_is_verified(takers[i].c.account);
	}
	for (size_t i = 0; i < TAKERS; i++)
		assert_int_equal(pthread_create(&takers[i].thread, NULL, take_main, &takers[i]), 0);
	for (size_t i = 0; i < TAKERS; i++) {
		pthread_join(takers[i].thread, NULL);
		assert_true(takers[i].result == 0 || takers[i].result == E_TEST_NONE);
		taken += takers[i].result == 0 ? TESTS_EACH : 0;
	}
	assert_int_equal(taken, most / TESTS_EACH * TESTS_EACH);
}

/* -- names in the purchase */

static struct row_application
only_application(const struct caller *c)
{
	struct page page = {.limit = 200};
	struct row_application *rows;
	bool more;
	size_t n;
	ERR(e);

	world_need(apply_show_list(w.svc, c, -1, &page, &w.arena, &rows, &n, &more, &e), &e, "applications");
	assert_int_equal(n, 1);
	return rows[0];
}

static void
a_purchase_with_names_is_assigned_to_them_once_it_is_paid(void **state)
{
	struct caller c = an_account("named", "1");
	struct str names[] = {STR("WWW.example.com"), STR("shop.example.com.")};
	struct purchase in = one("geotrust-dv-multi");
	struct row_subscription *subs;
	struct application_view v;
	struct row_application app;
	struct row_bill bill, paid;
	size_t n;
	ERR(e);

	(void)state;
	in.names = names;
	in.n_names = 2;
	in.pay = false;
	world_need(buy(&c, in, &bill, &subs, &n, &e), &e, "bill");
	assert_int_equal(n, 0);
	assert_int_equal(bill.n_common, 2); /* the free apex is not counted */
	assert_true(str_eq_c(bill.names, "www.example.com shop.example.com"));
	world_need(bill_pay(w.svc, &c, bill.id, &w.arena, &paid, &e), &e, "pay");
	app = only_application(&c);
	assert_int_equal(app.state, APPLICATION_DRAFT);
	world_need(apply_show(w.svc, &c, app.id, &w.arena, &v, &e), &e, "draft");
	assert_int_equal(v.n_names, 3);
	world_need(purchase_again(w.svc, &c, bill.id, false, &w.arena, &bill, &subs, &n, &e), &e, "again");
	assert_int_equal(subs[0].state, SUBSCRIPTION_ASSIGNED);
	/* the rest is still missing */
	assert_int_equal(apply_submit(w.svc, &c, app.id, &w.arena, &v, &e), E_CONTACT_MISSING);
}

static void
names_that_do_not_fit_the_purchase_are_refused(void **state)
{
	struct str names[] = {STR("www.example.com"), STR("bad_name.example.com")}, wild[] = {STR("*.example.com")};
	struct purchase in = one("geotrust-dv-single");
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	(void)state;
	in.names = names;
	in.n_names = 2;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), E_NAME_SYNTAX);
	assert_string_equal(e.field, "names[1]");
	in.n_names = 1;
	in.quantity = 2;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), E_FIELD_RANGE);
	in.quantity = 1;
	in.names = wild;
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), E_NAME_KIND);
	in.product = STR("geotrust-dv-wildcard");
	assert_int_equal(buy(&w.owner, in, &bill, &subs, &n, &e), 0);
	assert_int_equal(bill.n_wildcard, 1);
}

/* -- money */

static void
a_statement_shows_the_balance_after_each_entry(void **state)
{
	struct caller c = an_account("statement", "2");
	struct page page = {.limit = 10};
	struct row_subscription *subs;
	struct row_account account;
	struct row_ledger *rows;
	struct row_bill bill;
	int64_t sum = 0;
	bool more;
	size_t n;
	ERR(e);

	(void)state;
	world_need(buy(&c, one("geotrust-dv-single"), &bill, &subs, &n, &e), &e, "buy");
	world_need(ledger_top_up(w.svc, &w.staff, c.account, 5, STR(""), &w.arena, &account, &e), &e, "top-up");
	world_need(ledger_show_list(w.svc, &c, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "ledger");
	assert_int_equal(n, 3);
	for (size_t i = n; i-- > 0;) {
		sum += rows[i].amount;
		assert_int_equal(rows[i].balance, sum);
	}
	assert_int_equal(account.balance, sum);
	assert_int_equal(ledger_show_list(w.svc, &c, w.owner.account, &page, &w.arena, &rows, &n, &more, &e), E_FORBIDDEN);
	world_need(ledger_show_list(w.svc, &w.staff, c.account, &page, &w.arena, &rows, &n, &more, &e), &e, "staff");
	assert_int_equal(n, 3);
}

static void
an_allowance_is_used_first_and_begins_anew_with_each_period(void **state)
{
	struct caller c = an_account("allowed", "3");
	struct purchase in = one("geotrust-dv-single");
	struct page page = {.limit = 10};
	struct row_subscription *subs;
	struct row_allowance *rows;
	struct row_bill bill;
	bool more;
	size_t n;
	ERR(e);

	(void)state;
	world_need(allowance_give(w.svc, &w.staff, c.account, in.product, 1, 3, 1, &e), &e, "allow");
	in.quantity = 2;
	world_need(buy(&c, in, &bill, &subs, &n, &e), &e, "buy");
	assert_int_equal(bill.amount, 0);
	assert_int_equal(buy(&c, in, &bill, &subs, &n, &e), E_QUOTA_NONE);
	assert_int_equal(allowance_give(w.svc, &w.staff, c.account, in.product, 1, 1, 1, &e), E_FIELD_RANGE);
	world_need(allowance_show_list(w.svc, &c, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].used, 2);
#ifdef SIGNET_TESTING
	days_pass(70); /* the third period: the second was never used */
	world_need(allowance_show_list(w.svc, &c, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
	assert_int_equal(rows[0].used, 0);
	in.quantity = 3;
	world_need(buy(&c, in, &bill, &subs, &n, &e), &e, "buy");
	assert_int_equal(bill.amount, 0);
	in.quantity = 1;
	assert_int_equal(buy(&c, in, &bill, &subs, &n, &e), E_QUOTA_NONE);
#endif
}

/* -- payment callbacks */

static struct payment
signed_payment(struct str secret, int64_t at_s, const char *body)
{
	struct payment p = {.account = w.owner.account, .amount = 700, .body = blob_of(str_c(body)),
		.reference = STR("pay-1")};
	uint8_t mac[32];

	p.timestamp = arena_printf(&w.arena, "%lld", (long long)at_s);
	digest_hmac_sha256(blob_of(secret), blob_of(arena_printf(&w.arena, "%.*s.%s", STRF(p.timestamp), body)), mac);
	p.signature = hex_encode(&w.arena, BLOB(mac, 32));
	return p;
}

static int64_t
balance_of(const struct caller *c)
{
	struct row_account account;
	ERR(e);

	world_need(account_show(w.svc, c, 0, &w.arena, &account, &e), &e, "account");
	return account.balance;
}

static int
callback(const struct payment *p, bool *replayed)
{
	struct row_payment row;
	ERR(e);

	return payment_take(w.svc, STR("192.0.2.1"), p, &w.arena, &row, replayed, &e);
}

static void
a_signed_payment_is_taken_once(void **state)
{
	int64_t now = svc_now(w.svc) / 1000, before = balance_of(&w.owner);
	struct row_payment_secret row;
	struct str secret, second;
	struct payment p;
	bool replayed;
	ERR(e);

	(void)state;
	p = signed_payment(STR("guess"), now, "{}");
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED); /* no secret yet */
	assert_int_equal(payment_secret_set(w.svc, &w.staff, STR("short"), &w.arena, &row, &secret, &e), E_FIELD_LENGTH);
	world_need(payment_secret_set(w.svc, &w.staff, (struct str){NULL, 0}, &w.arena, &row, &secret, &e), &e, "secret");
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	p = signed_payment(secret, now, "{}");
	assert_int_equal(callback(&p, &replayed), 0);
	assert_false(replayed);
	assert_int_equal(callback(&p, &replayed), 0);
	assert_true(replayed);
	assert_int_equal(balance_of(&w.owner), before + 700);
	p.amount = 701;
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_USED);
	p.reference = STR("pay-2");
	p.currency = STR("USD");
	assert_int_equal(callback(&p, &replayed), E_FIELD_FORM);
	p.currency = (struct str){NULL, 0};
	p.account = 999999;
	assert_int_equal(callback(&p, &replayed), E_NOT_FOUND);
	world_need(payment_secret_set(w.svc, &w.staff, (struct str){NULL, 0}, &w.arena, &row, &second, &e), &e, "secret");
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	assert_int_equal(balance_of(&w.owner), before + 700);
}

static void
a_payment_that_is_old_or_altered_is_refused(void **state)
{
	int64_t now = svc_now(w.svc) / 1000, before = balance_of(&w.owner);
	struct row_payment_secret row;
	struct str secret;
	struct payment p;
	bool replayed;
	ERR(e);

	(void)state;
	world_need(payment_secret_set(w.svc, &w.staff, (struct str){NULL, 0}, &w.arena, &row, &secret, &e), &e, "secret");
	p = signed_payment(secret, now - 301, "{}");
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	p = signed_payment(secret, now + 310, "{}");
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	p = signed_payment(secret, now, "{\"amount\":1}");
	p.body = blob_of(STR("{\"amount\":9}"));
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	p = signed_payment(secret, now, "{}");
	p.timestamp = arena_printf(&w.arena, "%lld", (long long)now + 1);
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	p = signed_payment(secret, now, "{}");
	p.signature = STR("00");
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	p.timestamp = STR("now");
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	p = (struct payment){.reference = STR("x"), .amount = 1, .account = w.owner.account};
	assert_int_equal(callback(&p, &replayed), E_PAYMENT_REFUSED);
	assert_int_equal(balance_of(&w.owner), before);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_catalogue_has_each_brand_with_its_types_and_kinds),
		cmocka_unit_test(advice_for_a_purpose_names_what_is_for_sale),
		cmocka_unit_test(staff_add_change_and_take_off_products),
		cmocka_unit_test(a_product_that_cannot_be_is_refused_with_all_its_faults),
		cmocka_unit_test(a_hybrid_is_not_for_sale),
		cmocka_unit_test(nothing_is_sold_for_longer_than_the_policy),
		cmocka_unit_test(a_purchase_with_names_is_assigned_to_them_once_it_is_paid),
		cmocka_unit_test(names_that_do_not_fit_the_purchase_are_refused),
		cmocka_unit_test(a_statement_shows_the_balance_after_each_entry),
		cmocka_unit_test(a_signed_payment_is_taken_once),
		cmocka_unit_test(a_payment_that_is_old_or_altered_is_refused),
		/* the clock moves */
		cmocka_unit_test(an_allowance_is_used_first_and_begins_anew_with_each_period),
		cmocka_unit_test(test_certificates_are_counted_by_the_year_and_the_verified_owner),
		cmocka_unit_test(accounts_of_one_owner_that_take_tests_at_the_same_moment_take_no_more_than_the_year_has),
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
