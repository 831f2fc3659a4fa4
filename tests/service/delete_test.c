/* SPDX-License-Identifier: Apache-2.0 */
/* Deleting certificates (SPEC 3.9): each rule, and what goes; on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/apply.h"
#include "service/certificate.h"
#include "service/purchase.h"
#include "service/svc_priv.h"
#include "world.h"

static struct world w;

/* -- acts of the world's owner */

static int64_t
buy(void)
{
	struct purchase in = {.product = STR("private-multi"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
	struct row_subscription *subs;
	struct row_bill bill;
	size_t n;
	ERR(e);

	world_need(purchase_make(w.svc, &w.owner, &in, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	return subs[0].id;
}

static struct certificate_view
show(int64_t id)
{
	struct certificate_view v;
	ERR(e);

	world_need(certificate_show(w.svc, &w.owner, id, &w.arena, &v, &e), &e, "certificate");
	return v;
}

static struct application_view
application(int64_t id)
{
	struct application_view v;
	ERR(e);

	world_need(apply_show(w.svc, &w.owner, id, &w.arena, &v, &e), &e, "application");
	return v;
}

static struct certificate_view
issued(int64_t id)
{
	ERR(e);

	world_prove(&w, id);
	world_need(issue_application(w.svc, w.owner.account, id, &e), &e, "issue");
	return show(application(id).certificates[0].id);
}

/* An address: CAA has nothing to say about it. */
static struct certificate_view
certificate(int64_t subscription)
{
	static int names;
	struct str name = arena_printf(&w.arena, "127.18.0.%d", ++names);
	struct apply in = {.subscription = subscription, .names = &name, .n_names = 1, .method = METHOD_FILE,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .submit = true,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
	struct application_view v;
	ERR(e);

	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	return issued(v.row.id);
}

static void
revoke(int64_t id, bool replace)
{
	struct revoke in = {.id = id, .reason = REASON_SUPERSEDED, .replace = replace};
	struct certificate_view v;
	ERR(e);

	world_need(certificate_revoke(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "revoke");
}

/* Tries to delete it; what it says stands in *e. */
static int
try_delete(int64_t id, bool confirmed, struct err *e)
{
	int r = certificate_delete(w.svc, &w.owner, id, confirmed, e);

	if (r < 0)
		assert_true(e->msg[0] && err_hint_text(e)[0]);
	return r;
}

static int
delete(int64_t id)
{
	ERR(e);

	return try_delete(id, false, &e);
}

static bool
has_key(struct blob id)
{
	struct signer_key key;
	ERR(e);

	return subscriber_key_load(w.svc, w.owner.account, id, &w.arena, &key, &e) == 0;
}

/* -- what no door of this version sets */

#define FLAG(what)                                                                                 \
	{                                                                                          \
		.name = "test_" #what, .sqlite = "UPDATE certificate SET " #what " = 1 WHERE id = ?1",      \
		.pgsql = "UPDATE certificate SET " #what " = 1 WHERE id = $1::bigint", .n_params = 1,       \
		.params = {DB_INT}, .writes = true                                                         \
	}
static const struct db_stmt hosted = FLAG(hosted), deployed = FLAG(deployed);

struct flag {
	const struct db_stmt *stmt;
	int64_t id;
};

static int
flag_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct flag *t = arg;
	struct db_value id = {.type = DB_INT, .i = t->id};

	return MIN(db_exec(tx, t->stmt, &id, NULL, NULL, e), 0);
}

static void
set(const struct db_stmt *stmt, int64_t id)
{
	struct flag t = {stmt, id};
	ERR(e);

	world_need(db_write(w.db, flag_body, &t, &e), &e, "flag");
}

static int
revoking_body(struct db_tx *tx, void *arg, struct err *e)
{
	return MIN(q_certificate_move(tx, w.owner.account, *(int64_t *)arg, CERTIFICATE_ISSUED, CERTIFICATE_REVOKING, e), 0);
}

/* -- the rules */

static void
a_valid_one_is_revoked_first(void **state)
{
	int64_t id = certificate(buy()).row.id;
	ERR(e);

	(void)state;
	assert_int_equal(try_delete(id, true, &e), E_DELETE_VALID);
	revoke(id, false);
	assert_int_equal(delete(id), 0);
	assert_int_equal(delete(id), E_NOT_FOUND);
}

static void
one_that_is_being_revoked_is_left_until_it_is(void **state)
{
	int64_t id = certificate(buy()).row.id;
	ERR(e);

	(void)state;
	world_need(db_write(w.db, revoking_body, &id, &e), &e, "revoking");
	assert_int_equal(delete(id), E_DELETE_REVOKING);
}

static void
one_in_use_wants_a_confirmation(void **state)
{
	static const struct {
		const struct db_stmt *first, *second;
		const char *text;
	} rows[] = {{&hosted, NULL, "is hosted"}, {&deployed, NULL, "is deployed"}, {&hosted, &deployed, "deployed and hosted"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t id = certificate(buy()).row.id;
		ERR(e);

		revoke(id, false);
		set(rows[i].first, id);
		if (rows[i].second)
			set(rows[i].second, id);
		assert_int_equal(try_delete(id, false, &e), E_DELETE_UNCONFIRMED);
		assert_non_null(strstr(e.msg, rows[i].text));
		assert_int_equal(show(id).status, STATUS_REVOKED);
		assert_int_equal(try_delete(id, true, &e), 0);
	}
}

static void
no_confirmation_helps_against_the_other_rules(void **state)
{
	int64_t id = certificate(buy()).row.id;
	ERR(e);

	(void)state;
	set(&hosted, id);
	assert_int_equal(try_delete(id, true, &e), E_DELETE_VALID);
}

static void
an_expired_one_goes_as_it_is(void **state)
{
	int64_t id;
	struct certificate_view cert;
	ERR(e);

	(void)state;
	if (w.clock < 0)
		skip();
	cert = certificate(buy());
	id = cert.row.id;
	world_clock(&w, cert.row.not_after_ms);
	assert_int_equal(try_delete(id, false, &e), E_DELETE_VALID);
	world_clock(&w, cert.row.not_after_ms + 1);
	assert_int_equal(delete(id), 0);
}

/* -- what goes and what stays */

static void
its_key_goes_with_it(void **state)
{
	struct certificate_view cert = certificate(buy());

	(void)state;
	assert_true(has_key(cert.row.key_id));
	revoke(cert.row.id, false);
	assert_int_equal(delete(cert.row.id), 0);
	assert_false(has_key(cert.row.key_id));
}

static void
its_application_stays_without_it(void **state)
{
	struct certificate_view cert = certificate(buy());
	struct application_view v;

	(void)state;
	revoke(cert.row.id, false);
	assert_int_equal(delete(cert.row.id), 0);
	v = application(cert.row.application);
	assert_int_equal(v.row.state, APPLICATION_ISSUED);
	assert_int_equal(v.row.certificate, 0);
	assert_int_equal(v.n_certificates, 0);
	assert_int_equal(v.n_names, 1);
}

static void
a_deleted_one_counts_as_revoked_for_the_refund(void **state)
{
	int64_t sub = buy();
	struct certificate_view first = certificate(sub);
	struct apply_patch next = {.set = {.subscription = sub, .submit = true}};
	struct row_subscription row;
	struct application_view v;
	int64_t second;
	ERR(e);

	(void)state;
	world_need(apply_next(w.svc, &w.owner, &next, &w.arena, &v, &e), &e, "next");
	second = issued(v.row.id).row.id;
	revoke(first.row.id, false);
	assert_int_equal(delete(first.row.id), 0);
	revoke(second, false);
	world_need(subscription_show(w.svc, &w.owner, sub, &w.arena, &row, &e), &e, "subscription");
	assert_int_equal(row.state, SUBSCRIPTION_REFUNDED);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_valid_one_is_revoked_first),
		cmocka_unit_test(one_that_is_being_revoked_is_left_until_it_is),
		cmocka_unit_test(one_in_use_wants_a_confirmation),
		cmocka_unit_test(no_confirmation_helps_against_the_other_rules),
		cmocka_unit_test(its_key_goes_with_it),
		cmocka_unit_test(its_application_stays_without_it),
		cmocka_unit_test(a_deleted_one_counts_as_revoked_for_the_refund),
		cmocka_unit_test(an_expired_one_goes_as_it_is),
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
