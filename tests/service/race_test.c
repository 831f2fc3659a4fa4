/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two acts at the same moment, where what one decides depends on what the other writes; on the engine named by the first
 * argument. In a testing build the first one stands before its commit until the second one has come past it, or waits.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <unistd.h>

#include "service/account.h"
#include "service/purchase.h"
#include "service/apply_priv.h"
#include "service/attachment.h"
#include "service/certificate.h"
#include "service/company.h"
#include "service/confirm.h"
#include "service/csr_store.h"
#include "service/domain.h"
#include "service/domain_auto.h"
#include "service/host.h"
#include "service/monitor.h"
#include "service/refund.h"
#include "service/svc_priv.h"
#include "world.h"

#define CONTACT {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}
#define STANDS "sleep:500"
#define STANDS_TRIES 300 /* milliseconds until it does, or until it is clear that this is no testing build */

static struct world w;
static char points[] = "/tmp/signet-race-XXXXXX";

/* -- two at once */

struct racer {
	int (*act)(const struct racer *t, struct arena *a, struct err *e);
	int64_t id, other;
	struct str text;
	pthread_t thread;
	int result;
	char field[64];
};

static void *
race_main(void *arg)
{
	struct racer *t = arg;
	ARENA(a);
	ERR(e);

	t->result = t->act(t, &a, &e);
	snprintf(t->field, sizeof(t->field), "%s", e.field);
	return NULL;
}

static void
at_once(struct racer *first, struct racer *second)
{
	char path[sizeof(points) + 16];
	FILE *f;

	snprintf(path, sizeof(path), "%s/db.commit", points);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(STANDS, f);
	fclose(f);
	assert_int_equal(pthread_create(&first->thread, NULL, race_main, first), 0);
	for (int i = 0; i < STANDS_TRIES && access(path, F_OK) == 0; i++)
		usleep(1000);
	unlink(path);
	race_main(second);
	pthread_join(first->thread, NULL);
}

static void
drop_points(void)
{
	char path[sizeof(points) + 16];

	snprintf(path, sizeof(path), "%s/passed", points);
	unlink(path);
	rmdir(points);
}

/* -- people */

static struct row_users
user(const char *name)
{
	struct user_new in = {.name = str_c(name), .email = STR("u@example.com"), .password = STR("the first password"),
		.role = ROLE_OWNER};
	struct row_users row;
	struct str password;
	ERR(e);

	world_need(user_create(w.svc, &w.owner, &in, &w.arena, &row, &password, &e), &e, "user");
	return row;
}

static int
act_password(const struct racer *t, struct arena *a, struct err *e)
{
	return user_set_password(w.svc, &w.owner, t->id, STR(""), STR("the second password"), a, e);
}

static int
act_sign_in(const struct racer *t, struct arena *a, struct err *e)
{
	struct row_account account;
	struct sign_in in = {.user = t->text, .password = t->id ? STR("the first password") : STR("a wrong password")};
	struct caller c;
	struct str token;
	int64_t expires;
	int r = account_show(w.svc, &w.owner, 0, a, &account, e);

	in.site = account.site;
	in.account = account.name;
	return r < 0 ? r : session_open(w.svc, STR("127.0.0.9"), &in, a, &c, &token, &expires, e);
}

static void
who_signs_in_while_the_password_is_changed_gets_no_session_by_the_old_one(void **state UNUSED)
{
	struct row_users u = user("changed");
	struct racer change = {.act = act_password, .id = u.id}, enter = {.act = act_sign_in, .id = 1, .text = u.name};

	at_once(&change, &enter);
	assert_int_equal(change.result, 0);
	assert_int_equal(enter.result, E_SIGN_IN_FAILED);
}

static int
act_lower(const struct racer *t, struct arena *a, struct err *e)
{
	static const enum role role = ROLE_VIEWER;
	struct user_change in = {.id = t->id, .role = &role};
	struct row_users row;

	return user_change(w.svc, &w.owner, &in, a, &row, e);
}

static void
of_two_last_owners_who_go_at_once_one_stays(void **state UNUSED)
{
	struct page page = {.limit = 100};
	struct row_users *rows;
	int64_t left[2];
	size_t n, k = 0;
	bool more;
	ERR(e);

	(void)user("other");
	world_need(user_list(w.svc, &w.owner, &page, &w.arena, &rows, &n, &more, &e), &e, "users");
	assert_true(n >= 2);
	for (size_t i = 0; i < n; i++) {
		struct racer one = {.act = act_lower, .id = rows[i].id};

		if (rows[i].role != ROLE_OWNER)
			continue;
		if (i >= n - 2) {
			left[k++] = rows[i].id;
			continue;
		}
		race_main(&one);
		assert_int_equal(one.result, 0);
	}
	assert_int_equal(k, 2);
	{
		struct racer a = {.act = act_lower, .id = left[0]}, b = {.act = act_lower, .id = left[1]};

		at_once(&a, &b);
		assert_int_equal(a.result, 0);
		assert_int_equal(b.result, E_STATE_REFUSED);
	}
}

static int
failures_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_throttle row = {0};
	int r = q_throttle_get(tx, STR("peer 127.0.0.9"), tx->arena, &row, e);

	*(int64_t *)arg = row.failures;
	return MIN(r, 0);
}

static int64_t
failures(void)
{
	int64_t n = 0;
	ERR(e);

	world_need(db_read(w.db, failures_body, &n, &e), &e, "throttle");
	return n;
}

static void
wrong_passwords_at_once_count_each(void **state UNUSED)
{
	struct racer a = {.act = act_sign_in, .text = STR("nobody")}, b = {.act = act_sign_in, .text = STR("nobody else")};
	int64_t before = failures();

	at_once(&a, &b);
	assert_true(a.result == E_SIGN_IN_FAILED && b.result == E_SIGN_IN_FAILED);
	assert_int_equal(failures(), before + 2);
}

/* -- money */

static struct row_subscription *
buy(int64_t quantity, struct row_bill *bill)
{
	struct purchase in = {.product = STR("private-multi"), .quantity = quantity, .months = 12, .n_common = 1, .pay = true};
	struct row_subscription *subs;
	struct row_account account;
	size_t n;
	ERR(e);

	world_need(ledger_top_up(w.svc, &w.staff, w.owner.account, 1000 * quantity, STR("for a test"), &w.arena, &account, &e),
		&e, "top up");
	world_need(purchase_make(w.svc, &w.owner, &in, &w.arena, bill, &subs, &n, &e), &e, "purchase");
	return subs;
}

static int
act_refund(const struct racer *t, struct arena *a, struct err *e)
{
	struct refund in = {.subscription = t->id};
	struct row_subscription sub;

	return subscription_refund(w.svc, &w.owner, &in, a, &sub, e);
}

static void
the_last_of_a_bill_that_are_given_back_at_once_settle_it(void **state UNUSED)
{
	struct row_bill bill;
	struct row_subscription *subs = buy(3, &bill);
	struct racer one = {.act = act_refund, .id = subs[0].id}, two = {.act = act_refund, .id = subs[1].id},
		     three = {.act = act_refund, .id = subs[2].id};
	ERR(e);

	race_main(&one);
	at_once(&two, &three);
	assert_true(one.result == 0 && two.result == 0 && three.result == 0);
	world_need(bill_show(w.svc, &w.owner, bill.id, &w.arena, &bill, &e), &e, "bill");
	assert_int_equal(bill.refunded, bill.amount);
	assert_int_equal(bill.state, BILL_REFUNDED);
}

static int
act_revoke(const struct racer *t, struct arena *a, struct err *e)
{
	struct revoke in = {.id = t->id, .reason = REASON_SUPERSEDED};
	struct certificate_view v;

	return certificate_revoke(w.svc, &w.owner, &in, a, &v, e);
}

/* An address: CAA has nothing to say about it. */
static int64_t
certificate(int64_t subscription, enum key_alg alg)
{
	struct str name = STR("127.19.0.1");
	struct apply in = {.subscription = subscription, .names = &name, .n_names = 1, .method = METHOD_FILE,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = alg, .submit = true, .contact = CONTACT};
	struct application_view v;
	ERR(e);

	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	world_prove(&w, v.row.id);
	world_need(issue_application(w.svc, w.owner.account, v.row.id, &e), &e, "issue");
	world_need(apply_show(w.svc, &w.owner, v.row.id, &w.arena, &v, &e), &e, "application");
	return v.certificates[0].id;
}

static void
the_last_certificates_that_are_revoked_at_once_bring_the_refund(void **state UNUSED)
{
	struct row_bill bill;
	struct row_subscription sub = buy(1, &bill)[0];
	/* of two issuers: the row of one lets only one revocation pass at a time */
	struct racer a = {.act = act_revoke, .id = certificate(sub.id, KEY_EC_P256)},
		     b = {.act = act_revoke, .id = certificate(sub.id, KEY_RSA_2048)};
	ERR(e);

	at_once(&a, &b);
	assert_true(a.result == 0 && b.result == 0);
	world_need(subscription_show(w.svc, &w.owner, sub.id, &w.arena, &sub, &e), &e, "subscription");
	assert_int_equal(sub.state, SUBSCRIPTION_REFUNDED);
}

static int
act_take(const struct racer *t UNUSED, struct arena *a, struct err *e)
{
	struct purchase in = {.product = STR("private-multi"), .quantity = 1, .months = 12, .n_common = 1};
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	int r = purchase_make(w.svc, &w.owner, &in, a, &bill, &subs, &n, e);

	return r < 0 ? r : bill_cancel(w.svc, &w.owner, bill.id, a, &bill, e);
}

static void
of_an_allowance_whose_period_begins_for_two_at_once_all_comes_back(void **state UNUSED)
{
	struct racer a = {.act = act_take}, b = {.act = act_take};
	struct page page = {.limit = 10};
	struct row_allowance *rows;
	bool more;
	size_t n;
	ERR(e);

	if (w.clock < 0)
		skip();
	world_need(allowance_give(w.svc, &w.staff, w.owner.account, STR("private-multi"), 100, 5, 1, &e), &e, "allowance");
	world_shift(&w, 40 * MS_DAY);
	at_once(&a, &b);
	assert_true(a.result == 0 && b.result == 0);
	world_need(allowance_show_list(w.svc, &w.owner, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "allowances");
	assert_int_equal(rows[0].used, 0);
}

/* -- signing requests */

static struct csr_view
request(void)
{
	struct str name = STR("kept.example.com");
	struct csr_new in = {.names = &name, .n_names = 1, .alg = KEY_EC_P256};
	struct csr_view v;
	ERR(e);

	world_need(csr_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "csr");
	return v;
}

static int
act_apply(const struct racer *t, struct arena *a, struct err *e)
{
	struct str name = STR("kept.example.com");
	struct apply in = {.subscription = t->other, .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_STORED, .csr_id = t->id, .no_companions = true, .contact = CONTACT};
	struct application_view v;

	return apply_create(w.svc, &w.owner, &in, a, &v, e);
}

static int
act_remove_csr(const struct racer *t, struct arena *a UNUSED, struct err *e)
{
	return csr_remove(w.svc, &w.owner, t->id, e);
}

static void
a_request_that_an_application_takes_just_now_stays_with_its_key(void **state UNUSED)
{
	struct row_bill bill;
	struct row_subscription *subs = buy(2, &bill);
	struct csr_view first = request(), second;
	struct racer take = {.act = act_apply, .id = first.row.id, .other = subs[0].id},
		     drop = {.act = act_remove_csr, .id = first.row.id};

	at_once(&take, &drop);
	assert_int_equal(take.result, 0);
	assert_int_equal(drop.result, E_STATE_REFUSED);

	second = request();
	take.id = drop.id = second.row.id;
	take.other = subs[1].id;
	at_once(&drop, &take);
	assert_int_equal(drop.result, 0);
	assert_int_equal(take.result, E_NOT_FOUND);
	assert_string_equal(take.field, "csr_id");
}

/* -- keys */

static const struct db_stmt share_key = {
	.name = "test_share_key",
	.sqlite = "UPDATE certificate SET key_id = (SELECT key_id FROM certificate WHERE id = ?1) WHERE id = ?2",
	.pgsql = "UPDATE certificate SET key_id = (SELECT key_id FROM certificate WHERE id = $1::bigint) WHERE id = $2::bigint",
	.n_params = 2,
	.params = {DB_INT, DB_INT},
	.writes = true,
};

static int
share_key_body(struct db_tx *tx, void *arg, struct err *e)
{
	return MIN(db_exec(tx, &share_key, arg, NULL, NULL, e), 0);
}

static int
act_delete(const struct racer *t, struct arena *a UNUSED, struct err *e)
{
	return certificate_delete(w.svc, &w.owner, t->id, false, e);
}

static void
a_key_that_its_last_certificates_let_go_at_once_is_destroyed(void **state UNUSED)
{
	struct row_bill bill;
	struct row_subscription sub = buy(1, &bill)[0];
	struct racer a = {.act = act_revoke, .id = certificate(sub.id, KEY_EC_P256)},
		     b = {.act = act_revoke, .id = certificate(sub.id, KEY_EC_P256)};
	struct db_value ids[] = {{.type = DB_INT, .i = a.id}, {.type = DB_INT, .i = b.id}};
	struct certificate_view v;
	struct signer_key key;
	ERR(e);

	world_need(db_write(w.db, share_key_body, ids, &e), &e, "share");
	world_need(certificate_show(w.svc, &w.owner, b.id, &w.arena, &v, &e), &e, "certificate");
	race_main(&a);
	race_main(&b);
	a.act = b.act = act_delete;
	at_once(&a, &b);
	assert_true(a.result == 0 && b.result == 0);
	assert_int_equal(subscriber_key_load(w.svc, w.owner.account, v.row.key_id, &w.arena, &key, &e), E_KEY_NONE);
}

/* -- companies */

static int
picture_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct in_attachment_insert in = {.account = w.owner.account, .user_id = w.owner.user, .name = STR("licence.png"),
		.media = MEDIA_PNG, .size = 3, .sha256 = BLOB("12345678901234567890123456789012", 32),
		.content = BLOB("png", 3), .now = tx->now_ms};

	return MIN(q_attachment_insert(tx, &in, arg, e), 0);
}

static int64_t
picture(void)
{
	int64_t id = 0;
	ERR(e);

	world_need(db_write(w.db, picture_body, &id, &e), &e, "picture");
	return id;
}

struct taking {
	int64_t application, company;
};

static int
take_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct taking *t = arg;

	return company_take(tx, w.owner.account, t->application, t->company, e);
}

static int
act_take_company(const struct racer *t, struct arena *a UNUSED, struct err *e)
{
	struct taking in = {t->id, t->other};

	return db_write(w.db, take_body, &in, e);
}

static int
act_other_licence(const struct racer *t, struct arena *a, struct err *e)
{
	struct company in = {.business_category = -1, .type = -1, .licence = t->id};
	struct row_company row;

	return company_change(w.svc, &w.owner, t->other, 0, &in, a, &row, e);
}

static void
the_licence_that_an_application_takes_just_now_is_not_deleted(void **state UNUSED)
{
	struct company in = {.name = STR("Acme Trading Co., Ltd."), .number = STR("91310000MA1FL0000X"),
		.phone = STR("+86 21 5555"), .country = STR("CN"), .province = STR("Shanghai"), .city = STR("Shanghai"),
		.address = STR("1 Main Street"), .postcode = STR("200000"), .business_category = -1, .licence = picture()};
	struct row_bill bill;
	struct str name = STR("licensed.example.com");
	struct apply apply = {.subscription = buy(1, &bill)[0].id, .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .contact = CONTACT};
	struct application_view v;
	struct row_attachment row;
	struct row_company c;
	struct racer take = {.act = act_take_company}, other = {.act = act_other_licence, .id = picture()};
	ERR(e);

	world_need(company_create(w.svc, &w.owner, &in, &w.arena, &c, &e), &e, "company");
	world_need(apply_create(w.svc, &w.owner, &apply, &w.arena, &v, &e), &e, "apply");
	take.id = v.row.id;
	take.other = other.other = c.id;
	at_once(&take, &other);
	assert_true(take.result == 0 && other.result == 0);
	assert_int_equal(attachment_show(w.svc, &w.owner, 0, in.licence, &w.arena, &row, NULL, &e), 0);
}

/* -- servers */

static int
act_watch(const struct racer *t, struct arena *a, struct err *e)
{
	struct monitor_new in = {.host = t->id, .target = t->text, .starttls = -1};
	struct monitor_view v;

	return monitor_create(w.svc, &w.owner, &in, a, &v, e);
}

static int
act_remove_host(const struct racer *t, struct arena *a UNUSED, struct err *e)
{
	return host_remove(w.svc, &w.owner, t->id, e);
}

static struct row_monitor
newest_monitor(void)
{
	struct page page = {.limit = 1};
	struct row_monitor *rows;
	bool more;
	size_t n;
	ERR(e);

	world_need(monitor_show_list(w.svc, &w.owner, &page, &w.arena, &rows, &n, &more, &e), &e, "monitors");
	assert_int_equal(n, 1);
	return rows[0];
}

/* It stands in the inventory, and nobody watches it. */
static int64_t
server(const char *target)
{
	struct racer watch = {.act = act_watch, .text = str_c(target)};
	struct row_monitor m;
	ERR(e);

	race_main(&watch);
	assert_int_equal(watch.result, 0);
	m = newest_monitor();
	world_need(monitor_remove(w.svc, &w.owner, m.id, &e), &e, "monitor");
	return m.host;
}

static void
a_server_that_is_to_be_watched_just_now_is_not_removed(void **state UNUSED)
{
	int64_t one = server("one.example.com"), two = server("two.example.com");
	struct racer watch = {.act = act_watch, .id = one}, gone = {.act = act_remove_host, .id = one};

	at_once(&watch, &gone);
	assert_int_equal(watch.result, 0);
	assert_int_equal(gone.result, E_HOST_WATCHED);

	watch.id = gone.id = two;
	at_once(&gone, &watch);
	assert_int_equal(gone.result, 0);
	assert_int_equal(watch.result, E_NOT_FOUND);
}

static int
counted_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_counter_sums *rows;
	size_t n;
	int r = q_counter_sums(tx, w.owner.account, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (str_eq_c(rows[i].name, "host.0"))
			*(int64_t *)arg = rows[i].value;
	}
	return MIN(r, 0);
}

static int64_t
counted(void)
{
	int64_t n = 0;
	ERR(e);

	world_need(db_read(w.db, counted_body, &n, &e), &e, "counters");
	return n;
}

/* What a look has shown, of a server that nobody has seen before. */
static int
keep_body(struct db_tx *tx, void *arg UNUSED, struct err *e)
{
	static const struct look_call call = {.place = {.host = {"both.example.com", 16}, .port = 443}};
	struct look look = {.shown = true, .findings = STR("[]"), .names = STR("both.example.com"), .verdict = HOST_GOOD,
		.leaf = {.der = BLOB("der", 3), .serial = BLOB("1", 1), .subject_text = STR("CN=both"),
			.issuer_text = STR("CN=issuer"), .not_after_ms = 1}};
	int64_t id;

	return host_keep(tx, w.owner.account, &call, &look, &id, e);
}

static int
act_keep(const struct racer *t UNUSED, struct arena *a UNUSED, struct err *e)
{
	return db_write(w.db, keep_body, NULL, e);
}

static void
a_server_that_two_bring_at_once_is_counted_once(void **state UNUSED)
{
	struct racer a = {.act = act_keep}, b = {.act = act_keep};
	int64_t before = counted();

	at_once(&a, &b);
	assert_true(a.result == 0 && b.result == 0);
	assert_int_equal(counted(), before + 1);
}

/* -- applications */

static int
act_apply_for_domain(const struct racer *t, struct arena *a, struct err *e)
{
	struct str name = STR("www.switched.com");
	struct apply in = {.subscription = t->other, .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .contact = CONTACT, .for_domain = t->id};
	struct application_view v;

	return apply_create(w.svc, &w.owner, &in, a, &v, e);
}

static int
act_switch_on(const struct racer *t, struct arena *a, struct err *e)
{
	struct domain_auto_view v;

	return domain_auto_on(w.svc, &w.owner, t->id, STR("private-multi"), a, &v, e);
}

static void
a_domain_that_is_switched_on_again_keeps_the_application_of_the_same_moment(void **state UNUSED)
{
	int64_t until = svc_now(w.svc) + 1000 * MS_DAY;
	struct domain_data in = {.name = STR("switched.com"), .expires_ms = &until};
	struct domain_auto_view v;
	struct row_domain d;
	struct row_bill bill;
	struct racer run = {.act = act_apply_for_domain}, on = {.act = act_switch_on};
	ERR(e);

	world_need(domain_create(w.svc, &w.owner, &in, &w.arena, &d, &e), &e, "domain");
	run.id = on.id = d.id;
	run.other = buy(1, &bill)[0].id;
	race_main(&on);
	assert_int_equal(on.result, 0);
	at_once(&run, &on);
	assert_int_equal(run.result, 0);
	assert_true(on.result == E_CONFLICT || on.result == E_STATE_REFUSED);
	world_need(domain_auto_show(w.svc, &w.owner, d.id, &w.arena, &v, &e), &e, "switch");
	assert_true(v.row.application > 0);
}

static int
give_body(struct db_tx *tx, void *arg, struct err *e)
{
	return MIN(q_confirmation_give(tx, w.owner.account, *(int64_t *)arg, STR("li@example.com"), tx->now_ms, e), 0);
}

static int
act_confirm(const struct racer *t, struct arena *a UNUSED, struct err *e)
{
	int64_t id = t->id;

	return db_write(w.db, give_body, &id, e);
}

static int
act_lapse(const struct racer *t UNUSED, struct arena *a UNUSED, struct err *e)
{
	return confirmations_lapse(w.svc, e);
}

static int
asked_body(struct db_tx *tx, void *arg, struct err *e)
{
	uint8_t data[32] = {0};

	return MIN(q_confirmation_ask(tx, w.owner.account, *(int64_t *)arg, STR("li@example.com"), BLOB(data, 32), 1, 2, e), 0);
}

static int
confirmed_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_confirmation row = {0};
	int r = q_confirmation_get(tx, w.owner.account, *(int64_t *)arg, tx->arena, &row, e);

	*(int64_t *)arg = row.confirmed_ms;
	return MIN(r, 0);
}

static void
a_word_that_is_given_at_the_last_moment_counts(void **state UNUSED)
{
	struct row_bill bill;
	struct str name = STR("word.example.com");
	struct apply in = {.subscription = buy(1, &bill)[0].id, .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .contact = CONTACT};
	struct application_view v;
	struct racer give = {.act = act_confirm}, lapse = {.act = act_lapse};
	ERR(e);

	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	give.id = v.row.id;
	world_need(db_write(w.db, asked_body, &give.id, &e), &e, "ask");
	at_once(&give, &lapse);
	assert_true(give.result == 0 && lapse.result == 0);
	world_need(db_read(w.db, confirmed_body, &give.id, &e), &e, "confirmation");
	assert_true(give.id > 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_signs_in_while_the_password_is_changed_gets_no_session_by_the_old_one),
		cmocka_unit_test(of_two_last_owners_who_go_at_once_one_stays),
		cmocka_unit_test(wrong_passwords_at_once_count_each),
		cmocka_unit_test(the_last_of_a_bill_that_are_given_back_at_once_settle_it),
		cmocka_unit_test(the_last_certificates_that_are_revoked_at_once_bring_the_refund),
		cmocka_unit_test(a_request_that_an_application_takes_just_now_stays_with_its_key),
		cmocka_unit_test(a_key_that_its_last_certificates_let_go_at_once_is_destroyed),
		cmocka_unit_test(the_licence_that_an_application_takes_just_now_is_not_deleted),
		cmocka_unit_test(a_server_that_is_to_be_watched_just_now_is_not_removed),
		cmocka_unit_test(a_server_that_two_bring_at_once_is_counted_once),
		cmocka_unit_test(a_domain_that_is_switched_on_again_keeps_the_application_of_the_same_moment),
		cmocka_unit_test(a_word_that_is_given_at_the_last_moment_counts),
		cmocka_unit_test(of_an_allowance_whose_period_begins_for_two_at_once_all_comes_back), /* from here on it is later */
	};
	int failed;

	if (argc != 2)
		return 2;
	if (!mkdtemp(points) || setenv("SIGNET_TEST_INJECT_DIR", points, 1) != 0)
		return 2;
	if (!world_open(&w, argv[1])) {
		rmdir(points);
		return 77; /* skipped: the engine is not installed */
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	drop_points();
	return failed;
}
