/* SPDX-License-Identifier: Apache-2.0 */
/* Acts on one share at the same moment, on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>

#include "share_world.h"

/* -- at the same moment */

struct racer {
	pthread_t thread;
	int (*act)(int64_t id);
	int64_t id;
	int result;
};

static void *
race_main(void *arg)
{
	struct racer *t = arg;

	t->result = t->act(t->id);
	return NULL;
}

static void
race(struct racer *a, struct racer *b)
{
	assert_int_equal(pthread_create(&a->thread, NULL, race_main, a), 0);
	assert_int_equal(pthread_create(&b->thread, NULL, race_main, b), 0);
	pthread_join(a->thread, NULL);
	pthread_join(b->thread, NULL);
}

static int
act_withdraw(int64_t id)
{
	return withdraw(&w.owner, id);
}

static int
act_download(int64_t copy)
{
	return download(&taker, copy, "nginx");
}

static int
act_revoke(int64_t id)
{
	ERR(e);

	return revoke_as(&w.owner, id, &e);
}

static int
act_share(int64_t id)
{
	struct share_new in = {.certificate = id, .receiver = taker.account};
	struct row_share sh;
	ARENA(a);
	ERR(e);

	return share_create(w.svc, &w.owner, &in, &a, &sh, &e);
}

static int
act_delete(int64_t copy)
{
	return delete(&taker, copy, false);
}

#define ROUNDS 8

static void
withdrawn_while_it_is_downloaded_one_comes_first(void **state UNUSED)
{
	int64_t id = certificate();

	for (int i = 0; i < ROUNDS; i++) {
		struct row_share sh = share(id, GRADE_DOWNLOAD);
		struct racer files = {.act = act_download, .id = sh.copy}, end = {.act = act_withdraw, .id = sh.id};

		race(&files, &end);
		assert_int_equal(end.result, 0);
		assert_true(files.result == 0 || files.result == E_SHARE_ENDED || files.result == E_CONTENT_CLOSED);
		/* what was taken stands in the share, what was not does not */
		assert_true((find(&w.owner, sh.id).taken_ms > 0) == (files.result == 0));
		assert_int_equal(see(&taker, sh.copy).status, STATUS_ENDED);
	}
}

static void
revoked_while_it_is_shared_no_copy_stays_open(void **state UNUSED)
{
	for (int i = 0; i < ROUNDS; i++) {
		int64_t id = certificate();
		struct racer give = {.act = act_share, .id = id}, end = {.act = act_revoke, .id = id};
		struct share_filter of = {.certificate = id, .over = -1};
		struct page page = {.limit = 10};
		struct row_share *rows;
		bool more;
		size_t n;
		ERR(e);

		race(&give, &end);
		assert_int_equal(end.result, 0);
		assert_true(give.result == 0 || give.result == E_SHARE_REVOKED || give.result == E_CONFLICT);
		world_need(share_list(w.svc, &w.owner, &of, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
		assert_int_equal(n, give.result == 0);
		if (n)
			assert_int_equal(see(&taker, rows[0].copy).status, STATUS_REVOKED);
	}
}

static void
shared_by_two_at_once_it_is_one_share(void **state UNUSED)
{
	for (int i = 0; i < ROUNDS; i++) {
		int64_t id = certificate();
		struct racer a = {.act = act_share, .id = id}, b = a;
		struct share_filter of = {.certificate = id, .over = -1};
		struct page page = {.limit = 10};
		struct row_share *rows;
		bool more;
		size_t n;
		ERR(e);

		race(&a, &b);
		assert_true(a.result == 0 && b.result == 0);
		world_need(share_list(w.svc, &w.owner, &of, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
		assert_int_equal(n, 1);
	}
}

static void
withdrawn_and_left_at_once_it_ends_once(void **state UNUSED)
{
	int64_t id = certificate();

	for (int i = 0; i < ROUNDS; i++) {
		struct row_share sh = share(id, GRADE_DEPLOY);
		struct racer leave = {.act = act_delete, .id = sh.copy}, end = {.act = act_withdraw, .id = sh.id};

		race(&leave, &end);
		assert_true(leave.result == 0 || leave.result == E_CONFLICT);
		assert_true(end.result == 0 || end.result == E_SHARE_ENDED || end.result == E_CONFLICT);
		sh = find(&w.owner, sh.id);
		assert_int_equal(sh.state, SHARE_ENDED);
		assert_true((sh.copy_state == COPY_DELETED) == (leave.result == 0));
		assert_int_equal(history(&w.owner, "share.end", sh.id), 1);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(withdrawn_while_it_is_downloaded_one_comes_first),
		cmocka_unit_test(revoked_while_it_is_shared_no_copy_stays_open),
		cmocka_unit_test(shared_by_two_at_once_it_is_one_share),
		cmocka_unit_test(withdrawn_and_left_at_once_it_ends_once),
	};
	int failed;

	if (argc != 2)
		return 2;
	if (!shares_open(argv[1], true))
		return 77; /* skipped: the engine is not installed */
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return failed;
}
