/* SPDX-License-Identifier: Apache-2.0 */
/* Owners of accounts on the service floor, on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "service/account.h"
#include "service/attachment.h"
#include "service/owner.h"
#include "world.h"

static struct world w;

/* An account of its own; its caller. */
static struct caller
an_account(const char *site, const char *name)
{
	struct account_new in = {.site = str_c(site), .name = str_c(name), .owner_kind = OWNER_ENTERPRISE,
		.owner_name = STR("Ltd"), .owner_number = STR("1"), .currency = STR("CNY"), .user_name = STR("owner"),
		.user_email = STR("o@example.com"), .user_password = STR("correct horse battery")};
	struct row_account account;
	struct str password;
	ERR(e);

	world_need(account_create(w.svc, &w.staff, &in, &w.arena, &account, &password, &e), &e, "account");
	return (struct caller){.account = account.id, .user = 1, .role = ROLE_OWNER, .peer = STR("")};
}

static int
submit(const struct caller *c, enum owner_kind kind, const char *number, struct owner_view *ret, struct err *e)
{
	struct owner_submit in = {.kind = &kind, .name = STR("Acme Ltd"), .number = str_c(number)};

	err_clear(e);
	return owner_submit(w.svc, c, c->account, 0, &in, &w.arena, ret, e);
}

static int
decide(int64_t account, bool verified, const char *note, struct owner_view *ret, struct err *e)
{
	err_clear(e);
	return owner_decide(w.svc, &w.staff, account, verified, str_c(note), &w.arena, ret, e);
}

static void
an_owner_is_submitted_refused_submitted_again_and_verified(void **state UNUSED)
{
	struct caller c = an_account("cn", "walk");
	struct owner_view v;
	ERR(e);

	world_need(submit(&c, OWNER_ENTERPRISE, "91-1", &v, &e), &e, "submit");
	assert_int_equal(v.row.state, OWNER_PENDING);
	assert_true(v.row.submission && v.row.submitted_ms && !v.row.decided_ms);
	assert_int_equal(submit(&c, OWNER_ENTERPRISE, "91-2", &v, &e), E_STATE_REFUSED);
	assert_int_equal(decide(c.account, false, "", &v, &e), E_FIELD_MISSING);
	world_need(decide(c.account, false, "the register has another number", &v, &e), &e, "refuse");
	assert_int_equal(v.row.state, OWNER_REFUSED);
	assert_true(str_eq_c(v.row.note, "the register has another number"));
	assert_int_equal(decide(c.account, true, "", &v, &e), E_STATE_REFUSED);
	world_need(submit(&c, OWNER_ENTERPRISE, "91-2", &v, &e), &e, "again");
	assert_true(v.row.state == OWNER_PENDING && v.row.note.n == 0);
	world_need(decide(c.account, true, "", &v, &e), &e, "verify");
	assert_true(v.row.state == OWNER_VERIFIED && str_eq_c(v.row.number, "91-2") && v.row.decided_ms);
}

static void
a_verified_owner_is_verified_anew_when_its_data_change(void **state UNUSED)
{
	struct caller c = an_account("cn", "edit");
	struct owner_view v;
	ERR(e);

	world_need(submit(&c, OWNER_INDIVIDUAL, "4711", &v, &e), &e, "submit");
	world_need(decide(c.account, true, "", &v, &e), &e, "verify");
	assert_int_equal(submit(&c, OWNER_INDIVIDUAL, "4711", &v, &e), E_STATE_REFUSED);
	world_need(owner_show(w.svc, &c, 0, &w.arena, &v, &e), &e, "show");
	assert_int_equal(v.row.state, OWNER_VERIFIED);
	world_need(submit(&c, OWNER_INDIVIDUAL, "4712", &v, &e), &e, "edit");
	assert_int_equal(v.row.state, OWNER_PENDING);
	world_need(decide(c.account, false, "no", &v, &e), &e, "refuse");
	assert_int_equal(v.row.state, OWNER_REFUSED); /* what was verified before is gone */
}

static void
reviewers_see_who_gives_the_same_kind_and_number(void **state UNUSED)
{
	struct caller a = an_account("cn", "twin a"), b = an_account("intl", "twin b"), other = an_account("cn", "twin c");
	struct owner_view v;
	ERR(e);

	world_need(submit(&a, OWNER_ENTERPRISE, "91 3100-00ma", &v, &e), &e, "a");
	world_need(submit(&b, OWNER_ENTERPRISE, "91310000MA", &v, &e), &e, "b");
	world_need(submit(&other, OWNER_INDIVIDUAL, "91310000MA", &v, &e), &e, "c");
	world_need(owner_show(w.svc, &w.staff, a.account, &w.arena, &v, &e), &e, "staff");
	assert_int_equal(v.n_twins, 1);
	assert_int_equal(v.twins[0].account, b.account);
	assert_true(str_eq_c(v.twins[0].site, "intl") && v.twins[0].state == OWNER_PENDING);
	world_need(owner_show(w.svc, &a, a.account, &w.arena, &v, &e), &e, "itself");
	assert_int_equal(v.n_twins, 0);
	err_clear(&e);
	assert_int_equal(owner_show(w.svc, &a, b.account, &w.arena, &v, &e), E_NOT_FOUND);
}

static void
papers_belong_to_the_submission_and_are_all_or_none(void **state UNUSED)
{
	static const char pdf[] = "%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\n0000000000 65535 f \ntrailer\n<<>>\nstartxref\n"
				  "30\n%%EOF\n";
	struct caller c = an_account("cn", "papers");
	struct row_attachment file, text;
	struct owner_submit in = {.name = STR("Acme Ltd"), .number = STR("91-9")};
	struct owner_view v;
	int64_t ids[2];
	ERR(e);

	world_need(attachment_upload(w.svc, &c, STR("register.pdf"), BLOB(pdf, sizeof(pdf) - 1), &w.arena, &file, &e), &e,
		"upload");
	world_need(attachment_upload(w.svc, &c, STR("a.txt"), BLOB("hello", 5), &w.arena, &text, &e), &e, "upload");
	ids[0] = file.id;
	ids[1] = text.id;
	in.documents = ids;
	in.n_documents = 2;
	assert_int_equal(owner_submit(w.svc, &c, c.account, 0, &in, &w.arena, &v, &e), E_ATTACHMENT_TYPE);
	err_clear(&e);
	world_need(owner_show(w.svc, &c, 0, &w.arena, &v, &e), &e, "show");
	assert_int_equal(v.row.state, OWNER_UNVERIFIED);
	in.n_documents = 1;
	world_need(owner_submit(w.svc, &c, c.account, 0, &in, &w.arena, &v, &e), &e, "submit");
	assert_true(v.n_documents == 1 && v.documents[0].id == file.id);
	world_need(decide(c.account, false, "unreadable", &v, &e), &e, "refuse");
	in.documents = NULL;
	in.n_documents = 0;
	world_need(owner_submit(w.svc, &c, c.account, 0, &in, &w.arena, &v, &e), &e, "again");
	assert_int_equal(v.n_documents, 0);
}

static void
an_account_submits_its_own_owner_alone_and_staff_alone_decide(void **state UNUSED)
{
	struct caller a = an_account("cn", "mine"), b = an_account("cn", "yours");
	struct owner_submit in = {.name = STR("Acme Ltd"), .number = STR("91-3")};
	struct page page = {.limit = 10};
	struct row_owner *rows;
	struct owner_view v;
	bool more;
	size_t n;
	ERR(e);

	assert_int_equal(owner_submit(w.svc, &a, b.account, 0, &in, &w.arena, &v, &e), E_NOT_FOUND);
	err_clear(&e);
	assert_int_equal(owner_submit(w.svc, &a, a.account, 99, &in, &w.arena, &v, &e), E_PRECONDITION);
	err_clear(&e);
	assert_int_equal(owner_decide(w.svc, &a, a.account, true, STR(""), &w.arena, &v, &e), E_FORBIDDEN);
	err_clear(&e);
	assert_int_equal(owner_queue(w.svc, &a, &page, &w.arena, &rows, &n, &more, &e), E_FORBIDDEN);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_owner_is_submitted_refused_submitted_again_and_verified),
		cmocka_unit_test(a_verified_owner_is_verified_anew_when_its_data_change),
		cmocka_unit_test(reviewers_see_who_gives_the_same_kind_and_number),
		cmocka_unit_test(papers_belong_to_the_submission_and_are_all_or_none),
		cmocka_unit_test(an_account_submits_its_own_owner_alone_and_staff_alone_decide),
	};
	int r;

	if (argc != 2)
		return 1;
	if (!world_open(&w, argv[1]))
		return 77;
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return r;
}
