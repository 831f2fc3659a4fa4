/* SPDX-License-Identifier: Apache-2.0 */
/* The service floor as a whole, in one process, on the engine named by the first argument. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "crypto/cert.h"
#include "crypto/csr.h"
#include "crypto/pem.h"
#include "service/account.h"
#include "service/apply.h"
#include "service/audit.h"
#include "service/certificate.h"
#include "service/idempotency.h"
#include "service/purchase.h"
#include "service/status_priv.h"
#include "service/svc_priv.h"
#include "world.h"

static struct world w;

static struct apply
an_application(const struct str *names, size_t n, enum key_alg alg)
{
	return (struct apply){.product = STR("private-multi"), .names = names, .n_names = n, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = alg, .submit = true,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
}

/* A proven application of the owner, ready to be issued. */
static int64_t
a_ready_application(enum key_alg alg)
{
	struct str names[] = {STR("www.example.com"), STR("shop.example.com")};
	struct apply in = an_application(names, 2, alg);
	struct application_view v;
	ERR(e);

	world_buy(&w, "private-multi", 1, 4, 0);
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	assert_int_equal(v.row.state, APPLICATION_VALIDATING);
	assert_int_equal(v.n_authzs, 3); /* www.example.com brings its apex */
	world_prove(&w, v.row.id);
	return v.row.id;
}

static void
caa_that_cannot_be_looked_up_fails_the_application(void **state)
{
	int64_t id = a_ready_application(KEY_EC_P256);
	struct application_view v;
	ERR(e);

	(void)state;
	assert_int_equal(issue_application(w.svc, w.owner.account, id, &e), E_CAA_FAILED);
	world_need(apply_show(w.svc, &w.owner, id, &w.arena, &v, &e), &e, "show");
	assert_int_equal(v.row.state, APPLICATION_FAILED);
	assert_true(str_eq_c(v.row.failure_code, "CAA_FAILED"));
	assert_int_equal(v.n_certificates, 0);
}

/* An application of the operator for Signet's own names: the pipeline without DNS. */
static int64_t
an_internal_application(struct str name, enum key_source source, struct str csr)
{
	struct apply in = {.product = STR("internal"), .names = &name, .n_names = 1, .method = METHOD_INTERNAL,
		.key_source = source, .key_alg = KEY_EC_P256, .csr = csr, .submit = true};
	struct purchase buy = {.product = STR("internal"), .quantity = 1, .months = 12, .n_common = 20, .pay = true};
	struct row_subscription *subs;
	struct application_view v;
	struct row_bill bill;
	struct caller was = w.owner;
	size_t n;
	ERR(e);

	world_need(purchase_make(w.svc, &w.staff, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	world_need(apply_create(w.svc, &w.staff, &in, &w.arena, &v, &e), &e, "apply");
	w.owner = w.staff;
	world_prove(&w, v.row.id);
	w.owner = was;
	return v.row.id;
}

static struct certificate_view
issue_one(int64_t application)
{
	struct certificate_view cert;
	struct application_view v;
	ERR(e);

	world_need(issue_application(w.svc, w.staff.account, application, &e), &e, "issue");
	world_need(apply_show(w.svc, &w.staff, application, &w.arena, &v, &e), &e, "show");
	assert_int_equal(v.row.state, APPLICATION_ISSUED);
	assert_int_equal(v.n_certificates, 1);
	world_need(certificate_show(w.svc, &w.staff, v.certificates[0].id, &w.arena, &cert, &e), &e, "certificate");
	return cert;
}

static void
an_issued_certificate_verifies_and_is_counted(void **state)
{
	struct overview before, after;
	struct certificate_view c;
	ERR(e);

	(void)state;
	world_need(overview_show(w.svc, &w.staff, &w.arena, &before, &e), &e, "overview");
	c = issue_one(an_internal_application(STR("gate.internal"), KEY_SOURCE_GENERATE, (struct str){NULL, 0}));
	assert_int_equal(cert_verify(&c.info, c.issuer->key, &e), 0);
	assert_true(c.has_key);
	assert_int_equal(c.n_chain, 2);
	assert_int_equal(c.status, STATUS_ISSUED);
	world_need(overview_show(w.svc, &w.staff, &w.arena, &after, &e), &e, "overview");
	assert_int_equal(after.issued, before.issued + 1);
	assert_int_equal(after.total, before.total + 1);
}

static struct str
a_request(struct str name, struct blob *ret_spki)
{
	struct blob tbs, sig, der;
	KEY(k);
	ERR(e);

	world_need(key_generate(KEY_EC_P256, &k, &e), &e, "key");
	world_need(key_spki(k, &w.arena, ret_spki, &e), &e, "spki");
	world_need(csr_build_tbs(name, &name, 1, *ret_spki, &w.arena, &tbs, &e), &e, "csr");
	world_need(key_sign(k, tbs, &w.arena, &sig, &e), &e, "sign");
	world_need(csr_finish(tbs, KEY_EC_P256, sig, &w.arena, &der, &e), &e, "csr");
	return pem_encode(&w.arena, "CERTIFICATE REQUEST", der);
}

static void
a_signing_request_is_certified_once(void **state)
{
	struct apply in = {.product = STR("internal"), .method = METHOD_INTERNAL, .key_source = KEY_SOURCE_CSR,
		.submit = true};
	struct str name = STR("csr.internal"), pem;
	struct blob spki;
	struct application_view v;
	struct certificate_view c;
	ERR(e);

	(void)state;
	pem = a_request(name, &spki);
	c = issue_one(an_internal_application(name, KEY_SOURCE_CSR, pem));
	assert_true(blob_eq(c.info.spki, spki));
	assert_false(c.has_key);
	in.names = &name;
	in.n_names = 1;
	in.csr = pem;
	{
		struct purchase buy = {.product = STR("internal"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
		struct row_subscription *subs;
		struct row_bill bill;
		size_t n;

		world_need(purchase_make(w.svc, &w.staff, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	}
	assert_int_equal(apply_create(w.svc, &w.staff, &in, &w.arena, &v, &e), E_CSR_USED);
}

static int
report_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct blob *spki = arg;
	uint8_t hash[32];

	digest_sha256(*spki, hash);
	return q_blocked_key_put(tx, BLOB(hash, 32), tx->now_ms, STR("reported"), e);
}

static void
a_key_that_is_reported_after_the_application_gets_no_certificate(void **state)
{
	struct str name = STR("late.internal");
	struct application_view v;
	struct blob spki;
	int64_t id;
	ERR(e);

	(void)state;
	id = an_internal_application(name, KEY_SOURCE_CSR, a_request(name, &spki));
	world_need(db_write(w.db, report_body, &spki, &e), &e, "report");
	assert_int_equal(issue_application(w.svc, w.staff.account, id, &e), E_KEY_BLOCKED);
	world_need(apply_show(w.svc, &w.staff, id, &w.arena, &v, &e), &e, "show");
	assert_int_equal(v.row.state, APPLICATION_FAILED);
	assert_true(str_eq_c(v.row.failure_code, "KEY_BLOCKED"));
	assert_int_equal(v.n_certificates, 0);
}

static void
revocation_is_in_the_list_at_once_and_final(void **state)
{
	struct certificate_view c = issue_one(
		an_internal_application(STR("gone.internal"), KEY_SOURCE_GENERATE, (struct str){NULL, 0}));
	struct revoke in = {.id = c.row.id, .reason = REASON_SUPERSEDED};
	struct shared_blob *before, *after = NULL;
	struct certificate_view v;
	ERR(e);

	(void)state;
	before = status_crl_slow(w.svc, c.issuer->name, (unsigned)c.row.shard);
	assert_non_null(before);
	world_need(certificate_revoke(w.svc, &w.staff, &in, &w.arena, &v, &e), &e, "revoke");
	assert_int_equal(v.status, STATUS_REVOKED);
	assert_true(v.content_closed);
	assert_null(v.row.der.p);
	for (int i = 0; i < 100; i++) {
		shared_blob_unref(after);
		after = status_crl_slow(w.svc, c.issuer->name, (unsigned)c.row.shard);
		if (memmem(shared_blob_bytes(after).p, shared_blob_bytes(after).n, c.row.serial.p, c.row.serial.n))
			break;
		assert_int_not_equal(i, 99);
	}
	assert_null(memmem(shared_blob_bytes(before).p, shared_blob_bytes(before).n, c.row.serial.p, c.row.serial.n));
	assert_int_equal(certificate_revoke(w.svc, &w.staff, &in, &w.arena, &v, &e), E_STATE_REFUSED);
	shared_blob_unref(before);
	shared_blob_unref(after);
	assert_int_equal(certificate_delete(w.svc, &w.staff, c.row.id, false, &e), 0);
	assert_int_equal(certificate_show(w.svc, &w.staff, c.row.id, &w.arena, &v, &e), E_NOT_FOUND);
}

/* The database's clock may be ahead of this machine's: what was made just now would be made anew as long as it is. */
static void
an_answer_made_by_a_clock_ahead_of_ours_is_fresh(void **state)
{
	int64_t now = clock_wall_ms();
	struct shared_blob *b = shared_blob_new("a", 1, now + MS_SECOND, now + MS_HOUR, now + MS_DAY);

	(void)state;
	assert_true(shared_blob_fresh(b, clock_wall_ms()));
	assert_true(shared_blob_made_ms(b) <= clock_wall_ms());
	shared_blob_unref(b);
}

static void
a_valid_certificate_is_not_deleted(void **state)
{
	struct certificate_view c = issue_one(
		an_internal_application(STR("keep.internal"), KEY_SOURCE_GENERATE, (struct str){NULL, 0}));
	ERR(e);

	(void)state;
	assert_int_equal(certificate_delete(w.svc, &w.staff, c.row.id, true, &e), E_DELETE_VALID);
}

#define ASKERS 64

struct race {
	pthread_t thread;
	int64_t id;
	int result;
};

static void *
race_main(void *arg)
{
	struct race *t = arg;
	ERR(e);

	t->result = issue_application(w.svc, w.staff.account, t->id, &e);
	return NULL;
}

static void
sixty_four_simultaneous_issuings_give_one_serial(void **state)
{
	int64_t id = an_internal_application(STR("race.internal"), KEY_SOURCE_GENERATE, (struct str){NULL, 0});
	struct race races[ASKERS];
	struct application_view v;
	int done = 0;
	ERR(e);

	(void)state;
	for (int i = 0; i < ASKERS; i++) {
		races[i].id = id;
		assert_int_equal(pthread_create(&races[i].thread, NULL, race_main, &races[i]), 0);
	}
	for (int i = 0; i < ASKERS; i++) {
		pthread_join(races[i].thread, NULL);
		assert_true(races[i].result == 0 || races[i].result == E_BUSY);
		done += races[i].result == 0;
	}
	assert_true(done >= 1);
	world_need(apply_show(w.svc, &w.staff, id, &w.arena, &v, &e), &e, "show");
	assert_int_equal(v.row.state, APPLICATION_ISSUED);
	assert_int_equal(v.n_certificates, 1);
}

static void
another_account_sees_nothing(void **state)
{
	struct certificate_view c = issue_one(
		an_internal_application(STR("mine.internal"), KEY_SOURCE_GENERATE, (struct str){NULL, 0}));
	struct revoke in = {.id = c.row.id};
	struct application_view app;
	struct certificate_view v;
	struct package p;
	ERR(e);

	(void)state;
	assert_int_equal(certificate_show(w.svc, &w.owner, c.row.id, &w.arena, &v, &e), E_NOT_FOUND);
	assert_int_equal(certificate_revoke(w.svc, &w.owner, &in, &w.arena, &v, &e), E_NOT_FOUND);
	assert_int_equal(certificate_delete(w.svc, &w.owner, c.row.id, true, &e), E_NOT_FOUND);
	assert_int_equal(certificate_package(w.svc, &w.owner, c.row.id, STR("nginx"), &w.arena, &p, &e), E_NOT_FOUND);
	assert_int_equal(apply_show(w.svc, &w.owner, c.row.application, &w.arena, &app, &e), E_NOT_FOUND);
	assert_int_equal(apply_submit(w.svc, &w.owner, c.row.application, &w.arena, &app, &e), E_NOT_FOUND);
}

static void
an_sm2_pair_is_issued_whole(void **state)
{
	struct str name = STR("sm2.example.com");
	struct apply in = {.product = STR("test-dv-single"), .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_SM2, .submit = true, .no_companions = true,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+1 555 0100")}};
	struct application_view v;
	ERR(e);

	(void)state;
	world_buy(&w, "test-dv-single", 1, 1, 0);
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	world_prove(&w, v.row.id);
	/* CAA cannot be looked up here: the application fails before anything is signed, and no half is left. */
	assert_int_equal(issue_application(w.svc, w.owner.account, v.row.id, &e), E_CAA_FAILED);
	world_need(apply_show(w.svc, &w.owner, v.row.id, &w.arena, &v, &e), &e, "show");
	assert_int_equal(v.n_certificates, 0);
}

static void
all_faults_of_an_application_are_told_at_once(void **state)
{
	struct str names[] = {STR("bad_name.example.com"), STR("*.*.example.com"), STR("10.0.0.1")};
	struct apply in = {.product = STR("digicert-dv-single"), .names = names, .n_names = 3, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_SM2};
	struct application_view v;
	ERR(e);

	(void)state;
	assert_int_equal(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), E_SEVERAL_FAULTS);
	assert_int_equal(e.n_causes, 7);
	assert_string_equal(e.causes[0].field, "names[0]");
	assert_int_equal(e.causes[2].code, E_NAME_IP);
}

static void
money_never_goes_below_zero_and_sums_are_zero(void **state)
{
	struct purchase in = {.product = STR("digicert-ev-multi"), .quantity = 900, .months = 24, .n_common = 200, .pay = true};
	struct row_subscription *subs;
	struct row_bill bill, again;
	size_t n;
	ERR(e);

	(void)state;
	assert_int_equal(purchase_make(w.svc, &w.owner, &in, &w.arena, &bill, &subs, &n, &e), E_BALANCE_LOW);
	assert_int_equal(bill.state, BILL_UNPAID);
	assert_int_equal(bill_pay(w.svc, &w.owner, bill.id, &w.arena, &again, &e), E_BALANCE_LOW);
	assert_int_equal(bill_cancel(w.svc, &w.owner, bill.id, &w.arena, &again, &e), 0);
	assert_int_equal(again.state, BILL_CANCELLED);
	assert_int_equal(bill_pay(w.svc, &w.owner, bill.id, &w.arena, &again, &e), E_STATE_REFUSED);
}

static int
ledger_body(struct db_tx *tx, void *arg, struct err *e)
{
	return q_ledger_check(tx, arg, e);
}

static void
ledger_sums_are_zero(void **state)
{
	struct row_account account;
	int64_t uneven = -1;
	ERR(e);

	(void)state;
	world_need(account_show(w.svc, &w.owner, 0, &w.arena, &account, &e), &e, "account");
	assert_true(account.balance >= 0);
	assert_true(db_read(w.db, ledger_body, &uneven, &e) >= 0);
	assert_int_equal(uneven, 0);
}

static void
an_idempotency_key_repeats_nothing(void **state)
{
	struct purchase in = {.product = STR("internal"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
	struct idem idem = {.key = STR("key-1"), .request_sha256 = {1}}, other = {.key = STR("key-1"), .request_sha256 = {2}};
	struct caller c = w.staff;
	struct row_subscription *subs;
	struct row_bill bill;
	struct str object;
	int64_t id;
	size_t n;
	ERR(e);

	(void)state;
	c.idem = &idem;
	assert_int_equal(idem_find(w.svc, &c, &idem, &w.arena, &object, &id, &e), 0);
	world_need(purchase_make(w.svc, &c, &in, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	assert_int_equal(idem_find(w.svc, &c, &idem, &w.arena, &object, &id, &e), 1);
	assert_true(str_eq_c(object, "bills"));
	assert_int_equal(id, bill.id);
	assert_int_equal(idem_find(w.svc, &c, &other, &w.arena, &object, &id, &e), E_IDEMPOTENCY_MISMATCH);
	/* A twin that did not ask first is refused by the act itself. */
	c.idem = &(struct idem){.key = STR("key-1"), .request_sha256 = {1}};
	assert_int_equal(purchase_make(w.svc, &c, &in, &w.arena, &bill, &subs, &n, &e), E_IDEMPOTENCY_BUSY);
}

static void
sign_in_is_throttled_and_tells_nothing(void **state)
{
	struct sign_in in = {STR("cn"), STR("customer"), STR("owner"), STR("correct horse battery")};
	struct sign_in wrong = {STR("cn"), STR("customer"), STR("owner"), STR("guess")};
	struct sign_in nobody = {STR("cn"), STR("customer"), STR("nobody"), STR("guess")};
	struct caller c, again;
	struct str token;
	int64_t until;
	char first[ERR_TEXT_MAX];
	ERR(e);

	(void)state;
	world_need(session_open(w.svc, STR("192.0.2.1"), &in, &w.arena, &c, &token, &until, &e), &e, "sign in");
	world_need(session_check(w.svc, token, &again, &e), &e, "session");
	assert_int_equal(again.account, w.owner.account);
	assert_int_equal(session_open(w.svc, STR("192.0.2.2"), &nobody, &w.arena, &c, &token, &until, &e), E_SIGN_IN_FAILED);
	snprintf(first, sizeof(first), "%s", e.msg);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(session_open(w.svc, STR("192.0.2.3"), &wrong, &w.arena, &c, &token, &until, &e),
			E_SIGN_IN_FAILED);
		assert_string_equal(e.msg, first);
	}
	assert_int_equal(session_open(w.svc, STR("192.0.2.4"), &in, &w.arena, &c, &token, &until, &e), E_SIGN_IN_THROTTLED);
	assert_true(e.retry_after_s > 0);
}

static void
every_timeout_has_its_policy_row(void **state)
{
	(void)state;
	for (size_t m = 0; sm_all[m]; m++) {
		for (int s = 0; s < sm_all[m]->n; s++) {
			if (sm_all[m]->states[s].timeout)
				assert_true(policy_value(sm_all[m]->states[s].timeout, clock_wall_ms()) > 0);
		}
	}
}

static void
the_audit_chain_holds_after_all_this(void **state)
{
	int64_t rows = 0;
	ERR(e);

	(void)state;
	world_need(audit_checkpoint(w.svc, &e), &e, "checkpoint");
	world_need(audit_verify(w.svc, &rows, &e), &e, "verify");
	assert_true(rows > 50);
}

static void
a_restart_finds_everything_as_it_was(void **state)
{
	int64_t rows = 0;
	ERR(e);

	(void)state;
	world_restart(&w);
	world_need(audit_verify(w.svc, &rows, &e), &e, "verify");
	assert_int_equal(w.svc->n_issuers, 6);
}

/* The last row of a lane: nothing behind it tells that it is gone. */
#define CUT "DELETE FROM audit WHERE lane = (SELECT min(lane) FROM audit) " \
	"AND seq = (SELECT max(seq) FROM audit WHERE lane = (SELECT min(lane) FROM audit))"

static int
cut_body(struct db_tx *tx, void *arg, struct err *e)
{
	static const struct db_stmt cut = {.name = "cut", .sqlite = CUT, .pgsql = CUT, .writes = true};

	(void)arg;
	assert_int_equal(db_exec(tx, &cut, NULL, NULL, NULL, e), 1);
	return 0;
}

static void
a_row_that_a_checkpoint_covers_cannot_vanish(void **state)
{
	int64_t rows = 0;
	ERR(e);

	(void)state;
	world_need(audit_checkpoint(w.svc, &e), &e, "checkpoint");
	world_need(audit_verify(w.svc, &rows, &e), &e, "verify");
	world_need(db_write(w.db, cut_body, NULL, &e), &e, "cut");
	assert_int_equal(audit_verify(w.svc, &rows, &e), E_SIGNATURE_BAD);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(caa_that_cannot_be_looked_up_fails_the_application),
		cmocka_unit_test(an_issued_certificate_verifies_and_is_counted),
		cmocka_unit_test(a_signing_request_is_certified_once),
		cmocka_unit_test(a_key_that_is_reported_after_the_application_gets_no_certificate),
		cmocka_unit_test(revocation_is_in_the_list_at_once_and_final),
		cmocka_unit_test(an_answer_made_by_a_clock_ahead_of_ours_is_fresh),
		cmocka_unit_test(a_valid_certificate_is_not_deleted),
		cmocka_unit_test(sixty_four_simultaneous_issuings_give_one_serial),
		cmocka_unit_test(another_account_sees_nothing),
		cmocka_unit_test(an_sm2_pair_is_issued_whole),
		cmocka_unit_test(all_faults_of_an_application_are_told_at_once),
		cmocka_unit_test(money_never_goes_below_zero_and_sums_are_zero),
		cmocka_unit_test(ledger_sums_are_zero),
		cmocka_unit_test(an_idempotency_key_repeats_nothing),
		cmocka_unit_test(sign_in_is_throttled_and_tells_nothing),
		cmocka_unit_test(every_timeout_has_its_policy_row),
		cmocka_unit_test(the_audit_chain_holds_after_all_this),
		cmocka_unit_test(a_restart_finds_everything_as_it_was),
		cmocka_unit_test(a_row_that_a_checkpoint_covers_cannot_vanish), /* the last: the chain stays broken */
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
