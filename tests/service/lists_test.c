/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of certificates on the service floor, on the engine named by the first argument. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "db/db.h"
#include "service/audit.h"
#include "service/certificate.h"
#include "service/svc_priv.h"
#include "world.h"

#define N 2100
#define RARE 3 /* the oldest have a name of their own */
#define PAGE 50

#define AUDIT_ROWS 5

static struct world w;
static int64_t first; /* id */

/* $1: account, $2: its number, $3: when it expires */
#define PUT_SQL(bytes) \
	"INSERT INTO certificate (account, application, subscription, product, role, state, source, name, cn, issuer, serial," \
	" profile, profile_version, tbs, der, envelope, spki_sha256, sha256, alg, key_id, not_before_ms, not_after_ms," \
	" reserved_ms, issued_ms, revoked_ms, reason, revocation_number, replace_wanted, hosted, deployed, deleted_ms, shard)" \
	" VALUES (CAST($1 AS BIGINT), 0, 1, 1, 0, 1, 0, '', '', 99, " bytes ", 'public-tls-dv', 1, NULL, NULL, NULL, " bytes "," \
	" NULL, 4, NULL, 1, CAST($3 AS BIGINT), 1, 1, 0, 0, 0, 0, 0, 0, 0, 0) RETURNING id"
static const struct db_stmt put = {
	.name = "test_put",
	.sqlite = PUT_SQL("CAST(CAST($2 AS TEXT) AS BLOB)"),
	.pgsql = PUT_SQL("convert_to(CAST(CAST($2 AS BIGINT) AS TEXT), 'UTF8')"),
	.n_params = 3,
	.n_columns = 1,
	.params = {DB_INT, DB_INT, DB_INT},
	.columns = {DB_INT},
	.writes = true,
};

static int
take_id(void *arg, const struct db_value *columns, struct err *e UNUSED)
{
	*(int64_t *)arg = columns[0].i;
	return 0;
}

/* Of ten certificates in a row the first expires last; each tenth is expired. */
static int
put_body(struct db_tx *tx, void *arg UNUSED, struct err *e)
{
	int r = 0;

	for (int64_t i = 0; r >= 0 && i < N; i++) {
		int64_t end = i % 10 == 9 ? tx->now_ms - MS_HOUR : tx->now_ms + 90 * MS_DAY - i % 10 * MS_HOUR, id = 0;
		struct db_value v[] = {{DB_INT, w.owner.account, {NULL, 0}}, {DB_INT, i, {NULL, 0}}, {DB_INT, end, {NULL, 0}}};

		r = db_exec(tx, &put, v, take_id, &id, e);
		if (r >= 0 && i == 0)
			first = id;
		if (r >= 0)
			r = q_certificate_name_insert(tx, w.owner.account, i < RARE ? STR("a.rare.example") : STR("a.many.example"),
				i < RARE ? STR("elpmaxe.erar.a") : STR("elpmaxe.ynam.a"), id, e);
	}
	return MIN(r, 0);
}

/* Walks all pages; each row is given to fn. The number of rows. */
static size_t
walk(const char *status, const char *name, void (*fn)(const struct row_certificate_line *before, const struct row_certificate_line *row))
{
	struct certificate_filter f = {.status = status, .name = name ? str_c(name) : (struct str){NULL, 0}};
	struct row_certificate_line last = {0}, *rows;
	struct page page = {.limit = PAGE};
	size_t n, sum = 0;
	bool more = true;

	while (more) {
		ARENA(a);
		int64_t total;
		ERR(e);

		world_need(certificate_show_list(w.svc, &w.owner, &f, &page, &a, &rows, &n, &more, &total, &e), &e, "list");
		for (size_t i = 0; i < n; i++) {
			if (sum++)
				fn(&last, &rows[i]);
			last = rows[i];
		}
		page.cursor = last.id;
	}
	return sum;
}

static void
newest_first(const struct row_certificate_line *before, const struct row_certificate_line *row)
{
	assert_true(row->id < before->id);
}

static void
last_to_expire_first(const struct row_certificate_line *before, const struct row_certificate_line *row)
{
	assert_true(row->not_after_ms < before->not_after_ms ||
		(row->not_after_ms == before->not_after_ms && row->id < before->id));
}

static void
pages_of_a_status_hold_each_one_once_the_last_to_expire_first(void **state UNUSED)
{
	assert_int_equal(walk("issued", NULL, last_to_expire_first), N / 10 * 9);
	assert_int_equal(walk("expired", NULL, last_to_expire_first), N / 10);
	assert_int_equal(walk("about_to_expire", NULL, last_to_expire_first), 0);
	assert_int_equal(walk(NULL, NULL, newest_first), N);
}

static void
a_suffix_is_found_among_many_and_far_back(void **state UNUSED)
{
	assert_int_equal(walk(NULL, ".many.example", newest_first), N - RARE);
	assert_int_equal(walk(NULL, ".rare.example", newest_first), RARE);
	assert_int_equal(walk(NULL, ".example", newest_first), N);
	assert_int_equal(walk(NULL, "a.rare.example", newest_first), RARE);
	assert_int_equal(walk(NULL, ".none.example", newest_first), 0);
}

static void
a_page_behind_a_row_that_left_its_status_begins_anew_within_it(void **state UNUSED)
{
	struct certificate_filter f = {.status = "expired"};
	struct page page = {.cursor = first, .limit = PAGE}; /* not expired */
	struct row_certificate_line *rows;
	int64_t total;
	bool more;
	size_t n;
	ERR(e);

	world_need(certificate_show_list(w.svc, &w.owner, &f, &page, &w.arena, &rows, &n, &more, &total, &e), &e, "list");
	assert_int_equal(n, PAGE);
	assert_int_equal(rows[0].id, first + N - 1);
}

/* -- the audit log: rows of one transaction have the same time */

static int
audit_body(struct db_tx *tx, void *arg UNUSED, struct err *e)
{
	int r = 0;

	for (int64_t i = 1; r >= 0 && i <= AUDIT_ROWS; i++)
		r = audit_add(tx, w.svc, &w.owner, "test.row", "tests", i, (struct str){NULL, 0}, e);
	return r;
}

static void
pages_of_the_audit_log_hold_each_row_once(void **state UNUSED)
{
	for (int i = 0; i < 3; i++) {
		ERR(e);

		world_need(db_write(w.db, audit_body, NULL, &e), &e, "rows");
	}
	for (int64_t limit = 1; limit < 2 * AUDIT_ROWS; limit++) {
		struct page page = {.limit = limit};
		bool more = true;
		size_t all = 0;

		while (more) {
			struct row_audit *rows;
			size_t n;
			ERR(e);

			world_need(audit_show_list(w.svc, &w.owner, 0, &page, &w.arena, &rows, &n, &more, &e), &e, "list");
			for (size_t i = 0; i < n; i++)
				all += str_eq_c(rows[i].act, "test.row");
			assert_true(n > 0 || !more);
			page.cursor = n ? rows[n - 1].at_ms : 0;
		}
		assert_int_equal(all, 3 * AUDIT_ROWS);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_of_a_status_hold_each_one_once_the_last_to_expire_first),
		cmocka_unit_test(a_suffix_is_found_among_many_and_far_back),
		cmocka_unit_test(a_page_behind_a_row_that_left_its_status_begins_anew_within_it),
		cmocka_unit_test(pages_of_the_audit_log_hold_each_row_once),
	};
	ERR(e);
	int r;

	if (argc != 2)
		return 1;
	if (!world_open(&w, argv[1]))
		return 77;
	world_need(db_write(w.db, put_body, NULL, &e), &e, "certificates");
	r = cmocka_run_group_tests(tests, NULL, NULL);
	world_close(&w);
	return r;
}
