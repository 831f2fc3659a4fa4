/* SPDX-License-Identifier: Apache-2.0 */
/* Shares (SPEC 3.12): each refusal, each move, what both sides see; on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "share_world.h"
#include "service/revocation.h"

/* -- who may share what with whom */

/* Runs first: the world's owner is verified from then on. */
static void
who_has_no_verified_owner_learns_nothing_of_other_accounts(void **state UNUSED)
{
	const int64_t accounts[] = {taker.account, w.staff.account, INT64_C(9007199254740991)};
	int64_t id = certificate();
	struct row_share sh;
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(accounts); i++) {
		assert_int_equal(try_share(&w.owner, id, accounts[i], &sh, &e), E_SHARE_UNVERIFIED);
		assert_non_null(strstr(e.msg, "of this account"));
	}
	give_owner(&w.owner, "91-Acme", true);
	assert_int_equal(try_share(&w.owner, id, taker.account, &sh, &e), 0);
}

static void
accounts_of_another_owner_and_none_are_refused_each_in_its_words(void **state UNUSED)
{
	struct caller unverified = an_account("cn", "unverified"), other = an_account("cn", "other"),
		      abroad = an_account("intl", "abroad"), stranger = an_account("intl", "stranger");
	const struct {
		int64_t account;
		int code;
		const char *cure;
	} rows[] = {
		{w.owner.account, E_SHARE_SELF, "another account"},
		{INT64_C(9007199254740991), E_SHARE_ACCOUNT, "upload it in the other account"},
		{unverified.account, E_SHARE_UNVERIFIED, "upload it in the other account"},
		{other.account, E_SHARE_OWNER, "upload it in the other account"},
		{stranger.account, E_SHARE_OWNER, "upload it in the other account"}, /* not even its site is told */
		{abroad.account, E_SHARE_SITE, "upload it in the other account"},
	};
	int64_t id = certificate();
	struct row_share sh;
	ERR(e);

	give_owner(&unverified, "91-acme", false);
	give_owner(&other, "92", true);
	give_owner(&abroad, "91acme", true);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		assert_int_equal(try_share(&w.owner, id, rows[i].account, &sh, &e), rows[i].code);
		assert_string_equal(e.field, "account");
		assert_non_null(strstr(err_hint_text(&e), rows[i].cure));
	}
}

static void
certificates_that_are_no_longer_good_or_not_the_accounts_own_are_refused(void **state UNUSED)
{
	int64_t id = certificate(), gone = certificate(), copy = share(certificate(), GRADE_DEPLOY).copy;
	struct caller third = a_taker("third");
	struct row_share sh;
	ERR(e);

	set(&uploaded, id);
	assert_int_equal(try_share(&w.owner, id, taker.account, &sh, &e), E_SHARE_UPLOADED);
	assert_non_null(strstr(err_hint_text(&e), "Upload its files in the other account"));
	set(&official, id);
	assert_int_equal(try_share(&taker, copy, third.account, &sh, &e), E_SHARE_RECEIVED);
	assert_int_equal(try_share(&taker, copy, w.owner.account, &sh, &e), E_SHARE_RECEIVED);
	assert_non_null(strstr(err_hint_text(&e), "upload it in the other account"));
	revoke(gone);
	assert_int_equal(try_share(&w.owner, gone, taker.account, &sh, &e), E_SHARE_REVOKED);
	assert_int_equal(try_share(&taker, id, third.account, &sh, &e), E_NOT_FOUND);
}

static int
confirm_body(struct db_tx *tx, void *arg, struct err *e)
{
	const int64_t *t = arg; /* certificate, from, to */
	struct row_certificate row;
	int r = q_certificate_get(tx, w.owner.account, t[0], tx->arena, &row, e);

	if (r > 0)
		r = q_certificate_move(tx, w.owner.account, t[0], t[1], t[2], e);
	return r < 0 ? r : share_follow(tx, w.svc, &row, (int)t[2], 0, e);
}

static void
confirm(int64_t id, int from, int to)
{
	int64_t t[] = {id, from, to};
	ERR(e);

	world_need(db_write(w.db, confirm_body, t, &e), &e, "move");
}

static void
one_that_waits_for_its_revocation_is_refused_and_its_copies_are_closed_until_it_does_not(void **state UNUSED)
{
	int64_t id = certificate();
	struct row_share sh = share(id, GRADE_DOWNLOAD), none;
	struct certificate_view v;
	ERR(e);

	confirm(id, CERTIFICATE_ISSUED, CERTIFICATE_CONFIRMING);
	assert_int_equal(try_share(&w.owner, id, taker.account, &none, &e), E_SHARE_REVOKING);
	v = see(&taker, sh.copy);
	assert_true(v.status == STATUS_REVOKING && v.content_closed && !v.has_key);
	assert_int_equal(download(&taker, sh.copy, "nginx"), E_CONTENT_CLOSED);
	err_clear(&e);
	assert_int_equal(revocation_withdraw(w.svc, &taker, sh.copy, &w.arena, &v, &e), E_SHARE_COPY);
	err_clear(&e);
	assert_int_equal(revocation_send_again(w.svc, &taker, sh.copy, &w.arena, &v, &e), E_SHARE_COPY);
	confirm(id, CERTIFICATE_CONFIRMING, CERTIFICATE_ISSUED);
	assert_int_equal(see(&taker, sh.copy).status, STATUS_ISSUED);
	assert_int_equal(download(&taker, sh.copy, "nginx"), 0);
}

static void
an_expired_one_is_refused_and_its_copy_shown_as_expired(void **state UNUSED)
{
	int64_t id;
	struct row_share sh, none;
	ERR(e);

	if (w.clock < 0)
		skip();
	id = certificate();
	sh = share(id, GRADE_DEPLOY);
	world_clock(&w, see(&w.owner, id).row.not_after_ms);
	assert_int_equal(try_share(&w.owner, id, taker.account, &none, &e), 0);
	world_clock(&w, see(&w.owner, id).row.not_after_ms + 1);
	assert_int_equal(try_share(&w.owner, id, taker.account, &none, &e), E_SHARE_EXPIRED);
	assert_int_equal(see(&taker, sh.copy).status, STATUS_EXPIRED);
}

/* -- what a share is */

static void
the_receiver_sees_it_marked_among_its_certificates_and_never_counts_it_as_its_own(void **state UNUSED)
{
	int64_t id = certificate(), before = 0, after = 0, mine = see(&w.owner, id).row.not_after_ms;
	struct overview had, has;
	struct certificate_view v;
	struct row_share sh;
	ERR(e);

	world_need(overview_show(w.svc, &taker, &w.arena, &had, &e), &e, "overview");
	listed(&taker, NULL, 0, &before);
	sh = share(id, GRADE_DEPLOY);
	assert_true(sh.state == SHARE_ACTIVE && sh.copy_state == COPY_ACTIVE && sh.grade == GRADE_DEPLOY && !sh.ends_ms);
	v = see(&taker, sh.copy);
	assert_true(v.row.source == SOURCE_SHARED && v.status == STATUS_ISSUED && !v.content_closed && v.has_key);
	assert_true(v.share && v.share->account == w.owner.account && v.row.not_after_ms == mine);
	assert_true(v.n_chain > 0 && v.n_names > 0 && v.issuer);
	assert_int_equal(v.row.key_id.n, 0);
	assert_int_equal(listed(&taker, NULL, sh.copy, &after), 1);
	assert_int_equal(after, before + 1);
	assert_int_equal(listed(&taker, "issued", sh.copy, &after), 1);
	world_need(overview_show(w.svc, &taker, &w.arena, &has, &e), &e, "overview");
	assert_true(has.total == had.total && has.issued == had.issued && has.expired == had.expired);
	assert_int_equal(world_told(&w, &taker, NOTICE_SHARE_RECEIVED, sh.copy, NULL), 1);
	assert_true(history(&w.owner, "share.create", sh.id) == 1 && history(&taker, "share.receive", sh.id) == 1);
}

static void
sharing_twice_is_the_same_share_with_what_is_given_changed(void **state UNUSED)
{
	int64_t id = certificate(), end = svc_now(w.svc) + MS_DAY;
	struct row_share first = share(id, GRADE_DEPLOY), again;
	ERR(e);

	assert_int_equal(try_share(&w.owner, id, taker.account, &again, &e), 0);
	assert_true(again.id == first.id && again.copy == first.copy && again.grade == GRADE_DEPLOY);
	again = share_until(id, GRADE_SEE, end);
	assert_true(again.id == first.id && again.grade == GRADE_SEE && again.ends_ms == end);
	assert_int_equal(try_share(&w.owner, id, taker.account, &again, &e), 0);
	assert_true(again.grade == GRADE_SEE && again.ends_ms == end);
	assert_int_equal(world_told(&w, &taker, NOTICE_SHARE_RECEIVED, first.copy, NULL), 1);
}

static void
only_the_grade_download_opens_packages_and_takes_the_givers_key(void **state UNUSED)
{
	static const char *const formats[] = {"nginx", "apache", "tomcat", "iis", "jks", "other", "root", "tlcp"};
	int64_t id = certificate();
	struct row_share sh = share(id, GRADE_SEE);
	struct share_change wider = {.id = sh.id};
	struct str pem;
	ERR(e);

	for (enum share_grade grade = GRADE_SEE; grade < GRADE_DOWNLOAD; grade++) {
		wider.grade = &grade;
		world_need(share_change(w.svc, &w.owner, &wider, &w.arena, &sh, &e), &e, "change");
		assert_true(see(&taker, sh.copy).has_key == (grade == GRADE_DEPLOY));
		for (size_t i = 0; i < ARRAY_LEN(formats); i++)
			assert_int_equal(download(&taker, sh.copy, formats[i]), E_SHARE_GRADE);
		err_clear(&e);
		assert_int_equal(certificate_pem(w.svc, &taker, sh.copy, &w.arena, &pem, &e), E_SHARE_GRADE);
		err_clear(&e);
	}
	sh = share(id, GRADE_DOWNLOAD);
	assert_int_equal(sh.taken_ms, 0);
	for (size_t i = 0; i + 1 < ARRAY_LEN(formats); i++)
		assert_int_equal(download(&taker, sh.copy, formats[i]), 0);
	err_clear(&e);
	assert_int_equal(certificate_pem(w.svc, &taker, sh.copy, &w.arena, &pem, &e), 0);
	assert_true(find(&w.owner, sh.id).taken_ms > 0);
	assert_int_equal(see(&taker, sh.copy).row.key_id.n, 0);
}

/* -- how it ends */

static void
withdrawn_it_closes_at_once_and_may_be_made_anew(void **state UNUSED)
{
	int64_t id = certificate(), total;
	struct row_share sh = share(id, GRADE_DOWNLOAD), again;
	struct share_change change = {.id = sh.id};
	struct certificate_view v;
	struct str pem;
	ERR(e);

	assert_int_equal(withdraw(&w.owner, sh.id), 0);
	again = find(&taker, sh.id);
	assert_true(again.state == SHARE_ENDED && again.ended_by == SHARE_END_WITHDRAWN && again.copy_state == COPY_ENDED);
	v = see(&taker, sh.copy);
	assert_true(v.status == STATUS_ENDED && v.content_closed && !v.has_key && !v.row.der.n && !v.issuer);
	assert_int_equal(listed(&taker, "ended", sh.copy, &total), 1);
	assert_int_equal(listed(&taker, "issued", sh.copy, &total), 0);
	assert_int_equal(download(&taker, sh.copy, "nginx"), E_SHARE_ENDED);
	assert_int_equal(certificate_pem(w.svc, &taker, sh.copy, &w.arena, &pem, &e), E_SHARE_ENDED);
	assert_int_equal(world_told(&w, &taker, NOTICE_SHARE_ENDED, sh.copy, NULL), 1);
	assert_true(history(&w.owner, "share.end", sh.id) == 1 && history(&taker, "share.end", sh.id) == 1);
	assert_int_equal(withdraw(&w.owner, sh.id), E_SHARE_ENDED);
	err_clear(&e);
	assert_int_equal(share_change(w.svc, &w.owner, &change, &w.arena, &again, &e), E_SHARE_ENDED);
	again = share(id, GRADE_DEPLOY);
	assert_true(again.id != sh.id && again.copy != sh.copy && see(&taker, again.copy).status == STATUS_ISSUED);
	assert_int_equal(see(&taker, sh.copy).status, STATUS_ENDED);
}

static void
its_end_date_counts_at_each_use_and_is_marked_by_the_sweep(void **state UNUSED)
{
	int64_t id, end;
	struct row_share sh, again;
	ERR(e);

	if (w.clock < 0)
		skip();
	id = certificate();
	end = svc_now(w.svc) + MS_DAY;
	sh = share_until(id, GRADE_DOWNLOAD, end);
	world_clock(&w, end - 1);
	assert_int_equal(download(&taker, sh.copy, "nginx"), 0);
	world_clock(&w, end);
	assert_int_equal(find(&taker, sh.id).state, SHARE_ACTIVE); /* nobody has looked yet */
	assert_int_equal(download(&taker, sh.copy, "nginx"), E_SHARE_ENDED);
	assert_true(see(&taker, sh.copy).status == STATUS_ENDED && see(&taker, sh.copy).content_closed);
	assert_int_equal(withdraw(&w.owner, sh.id), E_SHARE_ENDED);
	world_need(share_lapse(w.svc, &e), &e, "sweep");
	again = find(&w.owner, sh.id);
	assert_true(again.state == SHARE_ENDED && again.ended_by == SHARE_END_DATE && again.ended_ms == end);
	assert_int_equal(world_told(&w, &taker, NOTICE_SHARE_ENDED, sh.copy, NULL), 1);
	/* shared anew before the sweep has come: that one ends, another begins */
	sh = share_until(id, GRADE_DEPLOY, end + MS_HOUR);
	world_clock(&w, end + MS_HOUR);
	again = share(id, GRADE_DEPLOY);
	assert_true(again.id != sh.id && find(&w.owner, sh.id).ended_by == SHARE_END_DATE);
}

static void
an_end_lies_in_the_future(void **state UNUSED)
{
	int64_t id = certificate(), past = svc_now(w.svc) - 1;
	struct share_new in = {.certificate = id, .receiver = taker.account, .ends_ms = &past};
	struct row_share sh = share(id, GRADE_DEPLOY), none;
	struct share_change change = {.id = sh.id, .ends_ms = &past};
	ERR(e);

	assert_int_equal(share_create(w.svc, &w.owner, &in, &w.arena, &none, &e), E_FIELD_RANGE);
	assert_string_equal(e.field, "ends");
	err_clear(&e);
	assert_int_equal(share_change(w.svc, &w.owner, &change, &w.arena, &none, &e), E_FIELD_RANGE);
}

static void
the_receiver_leaves_by_deleting_its_copy(void **state UNUSED)
{
	int64_t id = certificate(), total, before;
	struct row_share sh;
	struct certificate_view v;
	ERR(e);

	listed(&taker, NULL, 0, &before);
	sh = share(id, GRADE_DEPLOY);
	assert_int_equal(delete(&taker, sh.copy, false), 0); /* valid as it is */
	assert_int_equal(certificate_show(w.svc, &taker, sh.copy, &w.arena, &v, &e), E_NOT_FOUND);
	assert_int_equal(listed(&taker, NULL, sh.copy, &total), 0);
	assert_int_equal(total, before);
	sh = find(&w.owner, sh.id);
	assert_true(sh.state == SHARE_ENDED && sh.ended_by == SHARE_END_LEFT && sh.copy_state == COPY_DELETED);
	assert_int_equal(world_told(&w, &w.owner, NOTICE_SHARE_LEFT, sh.id, NULL), 1);
	assert_int_equal(see(&w.owner, id).status, STATUS_ISSUED);
	sh = share(id, GRADE_DEPLOY);
	assert_int_equal(withdraw(&w.owner, sh.id), 0);
	assert_int_equal(delete(&taker, sh.copy, false), 0); /* what is left of it */
	assert_int_equal(find(&w.owner, sh.id).copy_state, COPY_DELETED);
	assert_int_equal(find(&w.owner, sh.id).ended_by, SHARE_END_WITHDRAWN);
	listed(&taker, NULL, 0, &total);
	assert_int_equal(total, before);
}

static void
the_owners_revocation_reaches_the_copies_and_its_deletion_ends_them(void **state UNUSED)
{
	int64_t id = certificate(), total;
	struct row_share sh = share(id, GRADE_DOWNLOAD);
	struct certificate_view v;

	revoke(id);
	v = see(&taker, sh.copy);
	assert_true(v.status == STATUS_REVOKED && v.content_closed && v.row.reason == REASON_SUPERSEDED && v.row.revoked_ms > 0);
	assert_true(v.issuer != NULL); /* where its status is told stays open */
	assert_int_equal(listed(&taker, "revoked", sh.copy, &total), 1);
	assert_int_equal(download(&taker, sh.copy, "nginx"), E_CONTENT_CLOSED);
	assert_int_equal(world_told(&w, &taker, NOTICE_CERTIFICATE_REVOKED, sh.copy, NULL), 1);
	assert_int_equal(history(&taker, "share.follow", sh.id), 1);
	assert_int_equal(find(&taker, sh.id).state, SHARE_ACTIVE);
	assert_int_equal(delete(&w.owner, id, false), 0);
	sh = find(&taker, sh.id);
	assert_true(sh.state == SHARE_ENDED && sh.ended_by == SHARE_END_DELETED);
	assert_int_equal(see(&taker, sh.copy).status, STATUS_ENDED);
	assert_int_equal(delete(&taker, sh.copy, false), 0);
}

static void
a_copy_that_is_deployed_warns_when_it_closes_and_is_deleted_only_on_a_word(void **state UNUSED)
{
	struct row_share sh = share(certificate(), GRADE_DEPLOY);

	set(&deployed, sh.copy);
	assert_false(see(&taker, sh.copy).warn);
	assert_int_equal(delete(&taker, sh.copy, false), E_DELETE_UNCONFIRMED);
	assert_int_equal(withdraw(&w.owner, sh.id), 0);
	assert_true(see(&taker, sh.copy).warn);
	assert_int_equal(delete(&taker, sh.copy, false), E_DELETE_UNCONFIRMED);
	assert_int_equal(delete(&taker, sh.copy, true), 0);
}

/* -- who may do what */

static void
the_receiver_changes_nothing_and_strangers_see_nothing(void **state UNUSED)
{
	static struct caller stranger;
	int64_t id = certificate();
	struct row_share sh = share(id, GRADE_DEPLOY), none;
	struct share_change change = {.id = sh.id};
	ERR(e);

	if (!stranger.account)
		stranger = a_taker("bystander");
	assert_int_equal(revoke_as(&taker, sh.copy, &e), E_SHARE_COPY);
	assert_non_null(strstr(e.msg, "cannot be revoked"));
	err_clear(&e);
	assert_int_equal(share_change(w.svc, &taker, &change, &w.arena, &none, &e), E_SHARE_COPY);
	assert_int_equal(withdraw(&taker, sh.id), E_SHARE_COPY);
	assert_int_equal(withdraw(&stranger, sh.id), E_NOT_FOUND);
	err_clear(&e);
	assert_int_equal(share_show(w.svc, &stranger, sh.id, &w.arena, &none, &e), E_NOT_FOUND);
	assert_int_equal(delete(&stranger, sh.copy, true), E_NOT_FOUND);
	assert_int_equal(delete(&w.owner, sh.copy, true), E_NOT_FOUND);
	err_clear(&e);
	change.version = sh.version + 1;
	assert_int_equal(share_change(w.svc, &w.owner, &change, &w.arena, &none, &e), E_PRECONDITION);
	assert_int_equal(find(&taker, sh.id).version, sh.version);
}

static void
lists_hold_what_is_given_and_received_by_whether_it_goes_on(void **state UNUSED)
{
	int64_t id = certificate();
	struct row_share one = share(id, GRADE_DEPLOY), *rows;
	struct page page = {.limit = 1};
	struct share_filter of = {.certificate = id, .over = -1}, given = {.over = 0}, received = {.received = true, .over = 1};
	bool more;
	size_t n;
	ERR(e);

	assert_int_equal(withdraw(&w.owner, one.id), 0);
	world_need(share_list(w.svc, &taker, &received, &page, &w.arena, &rows, &n, &more, &e), &e, "received");
	assert_true(n == 1 && rows[0].id == one.id);
	one = share(id, GRADE_SEE);
	world_need(share_list(w.svc, &w.owner, &given, &page, &w.arena, &rows, &n, &more, &e), &e, "given");
	assert_true(n == 1 && rows[0].id == one.id && more);
	world_need(share_list(w.svc, &w.owner, &of, &page, &w.arena, &rows, &n, &more, &e), &e, "of");
	assert_true(n == 1 && rows[0].id == one.id && more);
	page.cursor = one.id;
	world_need(share_list(w.svc, &w.owner, &of, &page, &w.arena, &rows, &n, &more, &e), &e, "of");
	assert_true(n == 1 && rows[0].state == SHARE_ENDED && !more);
	of.certificate = one.copy;
	assert_int_equal(share_list(w.svc, &w.owner, &of, &page, &w.arena, &rows, &n, &more, &e), E_NOT_FOUND);
}

static void
a_share_outlives_the_owners_verification_but_opens_no_more(void **state UNUSED)
{
	struct caller c = a_taker("edited");
	enum share_grade see_only = GRADE_SEE, files = GRADE_DOWNLOAD;
	int64_t end = svc_now(w.svc) + MS_DAY, never = 0;
	struct row_share sh;
	struct share_change change = {0};
	ERR(e);

	assert_int_equal(try_share(&w.owner, certificate(), c.account, &sh, &e), 0);
	give_owner(&c, "other number", false);
	assert_int_equal(see(&c, sh.copy).status, STATUS_ISSUED);
	change = (struct share_change){.id = sh.id, .grade = &files};
	assert_int_equal(share_change(w.svc, &w.owner, &change, &w.arena, &sh, &e), E_SHARE_OWNER);
	err_clear(&e);
	change = (struct share_change){.id = sh.id, .grade = &see_only, .ends_ms = &end};
	world_need(share_change(w.svc, &w.owner, &change, &w.arena, &sh, &e), &e, "less");
	change = (struct share_change){.id = sh.id, .ends_ms = &never};
	assert_int_equal(share_change(w.svc, &w.owner, &change, &w.arena, &sh, &e), E_SHARE_OWNER);
	assert_int_equal(withdraw(&w.owner, sh.id), 0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_has_no_verified_owner_learns_nothing_of_other_accounts),
		cmocka_unit_test(accounts_of_another_owner_and_none_are_refused_each_in_its_words),
		cmocka_unit_test(certificates_that_are_no_longer_good_or_not_the_accounts_own_are_refused),
		cmocka_unit_test(one_that_waits_for_its_revocation_is_refused_and_its_copies_are_closed_until_it_does_not),
		cmocka_unit_test(the_receiver_sees_it_marked_among_its_certificates_and_never_counts_it_as_its_own),
		cmocka_unit_test(sharing_twice_is_the_same_share_with_what_is_given_changed),
		cmocka_unit_test(only_the_grade_download_opens_packages_and_takes_the_givers_key),
		cmocka_unit_test(withdrawn_it_closes_at_once_and_may_be_made_anew),
		cmocka_unit_test(an_end_lies_in_the_future),
		cmocka_unit_test(the_receiver_leaves_by_deleting_its_copy),
		cmocka_unit_test(the_owners_revocation_reaches_the_copies_and_its_deletion_ends_them),
		cmocka_unit_test(a_copy_that_is_deployed_warns_when_it_closes_and_is_deleted_only_on_a_word),
		cmocka_unit_test(the_receiver_changes_nothing_and_strangers_see_nothing),
		cmocka_unit_test(lists_hold_what_is_given_and_received_by_whether_it_goes_on),
		cmocka_unit_test(a_share_outlives_the_owners_verification_but_opens_no_more),
		cmocka_unit_test(its_end_date_counts_at_each_use_and_is_marked_by_the_sweep),
		cmocka_unit_test(an_expired_one_is_refused_and_its_copy_shown_as_expired),
	};
	int failed;

	if (argc != 2)
		return 2;
	if (!shares_open(argv[1], false))
		return 77; /* skipped: the engine is not installed */
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return failed;
}
