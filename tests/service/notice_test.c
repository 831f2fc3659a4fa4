/* SPDX-License-Identifier: Apache-2.0 */
/* Notices: what each says, what time makes due at which edge, to whom it goes; on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/account.h"
#include "service/apply.h"
#include "service/certificate.h"
#include "service/contact.h"
#include "service/mail.h"
#include "service/notice_priv.h"
#include "service/purchase.h"
#include "service/refund.h"
#include "world.h"

#define EDGE (10 * MS_SECOND) /* the clock of the tests runs */

static struct world w;
static int64_t shift;

/* -- words */

static void
every_kind_has_words_in_both_languages_and_leaves_no_gap(void **state)
{
	struct row_notice n = {.id = 7, .object_id = 42, .name = STR("www.example.com"), .code = STR("TIMEOUT"),
		.detail = STR("so it is"), .due_ms = 1900000000000, .created_ms = 1900000000000 - 5 * MS_DAY + 1};

	(void)state;
	for (n.kind = 0; n.kind < NOTICE_KINDS; n.kind++) {
		struct str title[2], text[2];

		assert_non_null(words_notice_kind[n.kind]);
		for (int l = LANGUAGE_EN; l <= LANGUAGE_ZH; l++) {
			title[l] = notice_title(&n, (enum language)l, &w.arena);
			text[l] = notice_text(&n, (enum language)l, &w.arena);
			assert_true(title[l].n > 0 && title[l].n < 400 && text[l].n > 0);
			assert_null(memchr(title[l].p, '{', title[l].n));
			assert_null(memchr(text[l].p, '{', text[l].n));
			assert_null(memchr(title[l].p, '\n', title[l].n));
		}
		assert_false(str_eq(title[LANGUAGE_EN], title[LANGUAGE_ZH]) || str_eq(text[LANGUAGE_EN], text[LANGUAGE_ZH]));
	}
	assert_null(words_notice_kind[NOTICE_KINDS]);
	n.kind = NOTICE_CERTIFICATE_EXPIRES;
	assert_string_equal(notice_title(&n, LANGUAGE_EN, &w.arena).p, "The certificate for www.example.com ends in 5 days");
	n.kind = NOTICE_APPLICATION_FAILED;
	assert_non_null(strstr(notice_text(&n, LANGUAGE_EN, &w.arena).p, err_info(E_TIMEOUT)->hint));
}

/* -- writing */

static size_t
notices_of(const struct caller *c, enum notice_kind kind, struct row_notice *ret)
{
	return world_told(&w, c, kind, 0, ret);
}

struct add {
	struct notice_new n;
	int again;
};

static int
add_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct add *t = arg;
	int r = 0;

	for (int i = 0; r == 0 && i <= t->again; i++)
		r = notice_add(tx, w.svc, &t->n, e);
	return r;
}

static void
add(enum notice_kind kind, int64_t object, int64_t mark, int again)
{
	struct add t = {{.kind = kind, .account = w.owner.account, .object_id = object, .mark = mark, .name = STR("n")}, again};
	ERR(e);

	world_need(svc_write(w.svc, add_body, &t, &e), &e, "add");
}

static int
confirm_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct row_users *rows;
	size_t n;
	int r = q_users_list(tx, w.owner.account, 0, 10, tx->arena, &rows, &n, e);

	(void)arg;
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = q_users_confirm_email(tx, w.owner.account, rows[i].id, rows[i].email, tx->now_ms, e);
	return MIN(r, 0);
}

static int64_t
owners_user(void)
{
	struct page page = {.limit = 1};
	struct row_users *rows;
	size_t n;
	bool more;
	ERR(e);

	world_need(user_list(w.svc, &w.owner, &page, &w.arena, &rows, &n, &more, &e), &e, "users");
	return rows[0].id;
}

static size_t
mails_of(enum mail_kind kind, struct row_mail *ret)
{
	struct page page = {.limit = 200};
	struct row_mail *rows;
	size_t n, found = 0;
	bool more;
	ERR(e);

	world_need(mail_show_list(w.svc, &w.owner, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "mails");
	for (size_t i = 0; i < n; i++) {
		if (rows[i].kind == kind && found++ == 0 && ret)
			*ret = rows[i];
	}
	return found;
}

static void
a_notice_is_written_once_and_mailed_to_confirmed_addresses_alone(void **state)
{
	size_t before = mails_of(MAIL_NOTICE, NULL);
	ERR(e);

	(void)state;
	add(NOTICE_REVIEW_QUESTION, 1, 1, 0);
	assert_int_equal(mails_of(MAIL_NOTICE, NULL), before);
	world_need(svc_write(w.svc, confirm_body, NULL, &e), &e, "confirm");
	add(NOTICE_REVIEW_QUESTION, 1, 1, 3);
	assert_int_equal(notices_of(&w.owner, NOTICE_REVIEW_QUESTION, NULL), 1);
	assert_int_equal(mails_of(MAIL_NOTICE, NULL), before);
	add(NOTICE_REVIEW_QUESTION, 1, 2, 3);
	add(NOTICE_REVIEW_QUESTION, 2, 1, 3);
	assert_int_equal(notices_of(&w.owner, NOTICE_REVIEW_QUESTION, NULL), 3);
	assert_int_equal(mails_of(MAIL_NOTICE, NULL), before + 2);
	add(NOTICE_BILL_UNPAID, 3, 1, 0); /* for the daily mail */
	assert_int_equal(mails_of(MAIL_NOTICE, NULL), before + 2);
}

static void
switches_of_kinds_and_people_are_obeyed(void **state)
{
	struct str kind = STR("review_question"), wrong = STR("weather");
	struct notice_settings_patch patch = {.mail = -1, .language = LANGUAGE_ZH, .off = &kind, .n_off = 1};
	size_t before = mails_of(MAIL_NOTICE, NULL);
	int64_t user = owners_user();
	struct row_notice_settings row;
	struct row_mail mail;
	ERR(e);

	(void)state;
	world_need(notice_settings_change(w.svc, &w.owner, NOTICE_USER, user, &patch, &w.arena, &row, &e), &e, "off");
	assert_int_equal(row.off, NOTICE_BIT(NOTICE_REVIEW_QUESTION));
	add(NOTICE_REVIEW_QUESTION, 10, 1, 0);
	assert_int_equal(mails_of(MAIL_NOTICE, NULL), before);
	add(NOTICE_CERTIFICATE_REVOKED, 10, 1, 0);
	assert_int_equal(mails_of(MAIL_NOTICE, &mail), before + 1);
	assert_int_equal(mail.language, LANGUAGE_ZH);
	patch = (struct notice_settings_patch){.mail = 0, .language = LANGUAGE_EN, .on = &kind, .n_on = 1};
	world_need(notice_settings_change(w.svc, &w.owner, NOTICE_USER, user, &patch, &w.arena, &row, &e), &e, "no mail");
	assert_int_equal(row.off, 0);
	add(NOTICE_REVIEW_QUESTION, 11, 1, 0);
	assert_int_equal(mails_of(MAIL_NOTICE, NULL), before + 1);
	patch = (struct notice_settings_patch){.mail = 1, .language = -1, .off = &wrong, .n_off = 1};
	assert_int_equal(notice_settings_change(w.svc, &w.owner, NOTICE_USER, user, &patch, &w.arena, &row, &e),
		E_FIELD_FORM);
	assert_string_equal(e.field, "off");
	patch.n_off = 0;
	world_need(notice_settings_change(w.svc, &w.owner, NOTICE_USER, user, &patch, &w.arena, &row, &e), &e, "mail");
	assert_int_equal(row.language, LANGUAGE_EN);
}

static void
what_was_read_is_marked_and_counted(void **state)
{
	struct page page = {.limit = 200};
	struct row_notice *rows, one;
	int64_t unread, total;
	size_t n;
	bool more;
	ERR(e);

	(void)state;
	world_need(notice_list(w.svc, &w.owner, NOTICE_UNREAD, &page, &w.arena, &rows, &n, &more, &unread, &e), &e, "unread");
	assert_true(n > 3 && (int64_t)n == unread);
	world_need(notice_read(w.svc, &w.owner, rows[0].id, false, &w.arena, &one, &e), &e, "read");
	assert_true(one.read_ms > 0);
	world_need(notice_list(w.svc, &w.owner, NOTICE_UNREAD, &page, &w.arena, &rows, &n, &more, &total, &e), &e, "unread");
	assert_int_equal(total, unread - 1);
	world_need(notice_read(w.svc, &w.owner, rows[1].id, true, &w.arena, &one, &e), &e, "read all before");
	world_need(notice_list(w.svc, &w.owner, NOTICE_UNREAD, &page, &w.arena, &rows, &n, &more, &total, &e), &e, "unread");
	assert_int_equal(total, 1);
	assert_int_equal(notice_show(w.svc, &w.staff, rows[0].id, &w.arena, &one, &e), E_NOT_FOUND);
}

/* -- what time does */

static void
sweep(void)
{
	ERR(e);

	world_need(sweep_run(w.svc, &e), &e, "sweep");
}

/* The clock never goes back: times ascend over all tests. */
static void
at(int64_t ms)
{
	shift += ms - svc_now(w.svc);
	world_shift(&w, shift);
	sweep();
}

static struct certificate_view
a_certificate(const char *host, int64_t *ret_subscription)
{
	struct str name = str_c(host);
	struct apply in = {.product = STR("internal"), .names = &name, .n_names = 1, .method = METHOD_INTERNAL,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .submit = true};
	struct purchase buy = {.product = STR("internal"), .quantity = 1, .months = 12, .n_common = 1, .pay = true};
	struct row_subscription *subs;
	struct certificate_view cert;
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
	world_need(issue_application(w.svc, w.staff.account, v.row.id, &e), &e, "issue");
	world_need(apply_show(w.svc, &w.staff, v.row.id, &w.arena, &v, &e), &e, "application");
	world_need(certificate_show(w.svc, &w.staff, v.row.certificate, &w.arena, &cert, &e), &e, "certificate");
	*ret_subscription = v.row.subscription;
	return cert;
}

/* How often the certificate's end was told, in all. */
static size_t
told(int64_t certificate, enum notice_kind kind)
{
	struct page page = {.limit = 200};
	struct row_notice *rows;
	int64_t total;
	size_t n, found = 0;
	bool more;
	ERR(e);

	world_need(notice_list(w.svc, &w.staff, -1, &page, &w.arena, &rows, &n, &more, &total, &e), &e, "notices");
	for (size_t i = 0; i < n; i++)
		found += rows[i].object_id == certificate && rows[i].kind == kind;
	return found;
}

static void
the_end_of_a_certificate_is_told_at_each_edge_once(void **state)
{
	static const int days[] = {30, 15, 7, 3, 1};
	struct certificate_view loud, quiet;
	struct row_notice_switch sw;
	struct row_notice n;
	int64_t sub, end;
	ERR(e);

	(void)state;
	if (w.clock < 0)
		skip();
	quiet = a_certificate("quiet.internal", &sub);
	loud = a_certificate("loud.internal", &sub);
	assert_int_equal(notices_of(&w.staff, NOTICE_APPLICATION_ISSUED, &n), 2 + 0);
	assert_int_equal(n.object_id, loud.row.id);
	assert_int_equal(n.due_ms, loud.row.not_after_ms);
	world_need(notice_switch_change(w.svc, &w.staff, quiet.row.id, false, &sw, &e), &e, "quiet");
	assert_int_equal(notice_switch_change(w.svc, &w.owner, loud.row.id, false, &sw, &e), E_NOT_FOUND);
	end = loud.row.not_after_ms;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		enum notice_kind kind = days[i] > 7 ? NOTICE_CERTIFICATE_EXPIRES : NOTICE_CERTIFICATE_EXPIRES_SOON;
		size_t before = i < 2 ? i : i - 2;

		at(end - days[i] * MS_DAY - EDGE);
		assert_int_equal(told(loud.row.id, kind), before);
		at(end - days[i] * MS_DAY);
		assert_int_equal(told(loud.row.id, kind), before + 1);
		sweep();
		assert_int_equal(told(loud.row.id, kind), before + 1);
		assert_int_equal(notices_of(&w.staff, kind, &n), before + 1);
		assert_int_equal((n.due_ms - n.created_ms + MS_DAY - 1) / MS_DAY, days[i]);
	}
	at(end - EDGE);
	assert_int_equal(told(loud.row.id, NOTICE_CERTIFICATE_EXPIRED), 0);
	at(end);
	sweep();
	assert_int_equal(told(loud.row.id, NOTICE_CERTIFICATE_EXPIRED), 1);
	assert_int_equal(told(quiet.row.id, NOTICE_CERTIFICATE_EXPIRES) + told(quiet.row.id, NOTICE_CERTIFICATE_EXPIRED), 0);
}

static void
who_slept_through_several_edges_is_told_the_last(void **state)
{
	struct certificate_view cert;
	int64_t sub;

	(void)state;
	if (w.clock < 0)
		skip();
	cert = a_certificate("sleeper.internal", &sub);
	at(cert.row.not_after_ms - 2 * MS_DAY);
	assert_int_equal(told(cert.row.id, NOTICE_CERTIFICATE_EXPIRES), 0);
	assert_int_equal(told(cert.row.id, NOTICE_CERTIFICATE_EXPIRES_SOON), 1);
	/* over for long when somebody looks: no news */
	at(cert.row.not_after_ms + 31 * MS_DAY);
	assert_int_equal(told(cert.row.id, NOTICE_CERTIFICATE_EXPIRED), 0);
}

/* -- revocations that wait while the time for a refund runs out */

struct waiting {
	int64_t certificate, application;
	bool replace;
};

static int
waiting_body(struct db_tx *tx, void *arg, struct err *e)
{
	const struct waiting *t = arg;
	int64_t account = w.staff.account;
	int r = q_certificate_move(tx, account, t->certificate, CERTIFICATE_ISSUED, CERTIFICATE_CONFIRMING, e);

	if (r > 0 && t->replace)
		r = q_certificate_replace_wanted(tx, account, t->application, e);
	return MIN(r, 0);
}

/* As when its owner has asked for it, and the contact does not look at his mails. */
static void
let_wait(const struct certificate_view *cert, bool replace)
{
	struct waiting t = {cert->row.id, cert->row.application, replace};
	ERR(e);

	world_need(db_write(w.db, waiting_body, &t, &e), &e, "ask");
}

static void
a_revocation_that_waits_is_told_three_days_before_the_time_for_a_refund_ends(void **state)
{
	struct certificate_view asked, kept, replaced;
	struct row_subscription sub;
	struct row_notice n;
	int64_t id, other, end;
	ERR(e);

	(void)state;
	if (w.clock < 0)
		skip();
	asked = a_certificate("refund.internal", &id);
	kept = a_certificate("kept.internal", &other);
	replaced = a_certificate("replaced.internal", &other);
	let_wait(&asked, false);
	let_wait(&replaced, true);
	world_need(subscription_show(w.svc, &w.staff, id, &w.arena, &sub, &e), &e, "subscription");
	end = refund_until(&sub);
	assert_int_equal(end, sub.first_issued_ms + 30 * MS_DAY);
	at(end - 3 * MS_DAY - EDGE);
	assert_int_equal(told(asked.row.id, NOTICE_REFUND_DEADLINE), 0);
	at(end - 3 * MS_DAY + EDGE);
	at(end - MS_DAY);
	assert_int_equal(told(asked.row.id, NOTICE_REFUND_DEADLINE), 1);
	assert_int_equal(notices_of(&w.staff, NOTICE_REFUND_DEADLINE, &n), 1); /* the other two expect no money */
	assert_int_equal(n.object_id, asked.row.id);
	assert_int_equal(n.due_ms, end);
	assert_true(kept.row.id > 0);
	/* over: nothing to hurry for */
	let_wait(&kept, false);
	at(end + 2 * EDGE);
	assert_int_equal(told(kept.row.id, NOTICE_REFUND_DEADLINE), 0);
}

static void
quota_and_periods_are_told_before_their_end_and_at_it(void **state)
{
	struct certificate_view cert;
	struct row_subscription *subs, one;
	struct purchase buy = {.product = STR("private-multi"), .quantity = 2, .months = 12, .n_common = 1, .pay = true};
	struct row_bill bill;
	int64_t active, end;
	size_t n;
	ERR(e);

	(void)state;
	if (w.clock < 0)
		skip();
	world_buy(&w, "private-multi", 1, 1, 0);
	world_need(purchase_make(w.svc, &w.owner, &buy, &w.arena, &bill, &subs, &n, &e), &e, "purchase");
	cert = a_certificate("period.internal", &active);
	end = subs[0].window_end_ms;
	at(end - 30 * MS_DAY - EDGE);
	assert_int_equal(notices_of(&w.owner, NOTICE_QUOTA_EXPIRES, NULL), 0); /* those of last year are gone */
	at(end - 30 * MS_DAY + EDGE);
	sweep();
	assert_int_equal(notices_of(&w.owner, NOTICE_QUOTA_EXPIRES, NULL), 3);
	world_need(subscription_show(w.svc, &w.staff, active, &w.arena, &one, &e), &e, "subscription");
	assert_int_equal(told(active, NOTICE_SUBSCRIPTION_EXPIRES), one.paid_until_ms - 30 * MS_DAY <= svc_now(w.svc));
	at(end + EDGE);
	at(MAX(one.paid_until_ms, end) + 2 * EDGE);
	sweep();
	assert_int_equal(notices_of(&w.owner, NOTICE_QUOTA_EXPIRED, NULL), 3);
	assert_int_equal(told(active, NOTICE_SUBSCRIPTION_EXPIRES), 1);
	assert_int_equal(told(active, NOTICE_SUBSCRIPTION_EXPIRED), 1);
	assert_true(cert.row.id > 0);
}

static void
an_unpaid_bill_is_told_two_days_before_it_ends_and_when_it_does(void **state)
{
	struct purchase buy = {.product = STR("private-multi"), .quantity = 1, .months = 12, .n_common = 1};
	struct row_subscription *subs;
	struct row_bill bill;
	struct row_notice n;
	size_t n_subs;
	ERR(e);

	(void)state;
	if (w.clock < 0)
		skip();
	world_need(purchase_make(w.svc, &w.owner, &buy, &w.arena, &bill, &subs, &n_subs, &e), &e, "purchase");
	at(bill.due_ms - 2 * MS_DAY - EDGE);
	assert_int_equal(notices_of(&w.owner, NOTICE_BILL_UNPAID, NULL), 1); /* that of the first test */
	at(bill.due_ms - 2 * MS_DAY);
	sweep();
	assert_int_equal(notices_of(&w.owner, NOTICE_BILL_UNPAID, &n), 2);
	assert_int_equal(n.object_id, bill.id);
	assert_true(str_eq_c(n.name, "private-multi"));
	at(bill.due_ms + EDGE);
	sweep();
	assert_int_equal(notices_of(&w.owner, NOTICE_BILL_EXPIRED, NULL), 1);
}

static void
a_value_to_publish_is_told_before_it_ends(void **state)
{
	struct str name = STR("value.example.com");
	struct apply in = {.product = STR("private-multi"), .names = &name, .n_names = 1, .method = METHOD_DNS,
		.key_source = KEY_SOURCE_GENERATE, .key_alg = KEY_EC_P256, .submit = true,
		.contact = {STR("Li Wei"), STR("li@example.com"), STR("+86 21 5555")}};
	struct application_view v;
	struct row_notice n;
	size_t before;
	ERR(e);

	(void)state;
	if (w.clock < 0)
		skip();
	before = notices_of(&w.owner, NOTICE_APPLICATION_PROOF, NULL);
	world_buy(&w, "private-multi", 1, 1, 0);
	world_need(apply_create(w.svc, &w.owner, &in, &w.arena, &v, &e), &e, "apply");
	assert_int_equal(notices_of(&w.owner, NOTICE_APPLICATION_PROOF, &n), before + 1);
	assert_int_equal(n.object_id, v.row.id);
	assert_true(str_eq(n.name, name));
	at(v.authzs[0].token_expires_ms - MS_DAY - EDGE);
	assert_int_equal(notices_of(&w.owner, NOTICE_PROOF_EXPIRES, NULL), 0);
	at(v.authzs[0].token_expires_ms - MS_DAY + EDGE);
	sweep();
	assert_int_equal(notices_of(&w.owner, NOTICE_PROOF_EXPIRES, &n), 1);
	assert_int_equal(n.due_ms, v.authzs[0].token_expires_ms);
	/* it never got further: told why, with the cure */
	at(v.authzs[0].token_expires_ms + 31 * MS_DAY);
	assert_int_equal(notices_of(&w.owner, NOTICE_APPLICATION_FAILED, &n), 1);
	assert_true(str_eq_c(n.code, "TIMEOUT"));
}

static void
a_days_notices_go_in_one_mail_at_its_hour(void **state)
{
	int64_t hour = 8 * MS_HOUR, day;
	struct row_mail mail;
	size_t before;

	(void)state;
	if (w.clock < 0)
		skip();
	day = svc_now(w.svc) / MS_DAY * MS_DAY + MS_DAY;
	at(day + hour + MS_MINUTE); /* what was left goes */
	before = mails_of(MAIL_DIGEST, NULL);
	add(NOTICE_BILL_UNPAID, 100, 1, 0);
	add(NOTICE_QUOTA_EXPIRES, 101, 1, 0);
	at(day + MS_DAY + hour - EDGE);
	assert_int_equal(mails_of(MAIL_DIGEST, NULL), before);
	at(day + MS_DAY + hour + EDGE);
	sweep();
	assert_int_equal(mails_of(MAIL_DIGEST, &mail), before + 1);
	assert_int_equal(mail.attempts, 0);
	at(day + 2 * MS_DAY + hour + EDGE); /* nothing new, no mail */
	assert_int_equal(mails_of(MAIL_DIGEST, NULL), before + 1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_has_words_in_both_languages_and_leaves_no_gap),
		cmocka_unit_test(a_notice_is_written_once_and_mailed_to_confirmed_addresses_alone),
		cmocka_unit_test(switches_of_kinds_and_people_are_obeyed),
		cmocka_unit_test(what_was_read_is_marked_and_counted),
		cmocka_unit_test(an_unpaid_bill_is_told_two_days_before_it_ends_and_when_it_does),
		cmocka_unit_test(a_value_to_publish_is_told_before_it_ends),
		cmocka_unit_test(a_days_notices_go_in_one_mail_at_its_hour),
		cmocka_unit_test(the_end_of_a_certificate_is_told_at_each_edge_once),
		cmocka_unit_test(who_slept_through_several_edges_is_told_the_last),
		cmocka_unit_test(quota_and_periods_are_told_before_their_end_and_at_it),
		cmocka_unit_test(a_revocation_that_waits_is_told_three_days_before_the_time_for_a_refund_ends),
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
