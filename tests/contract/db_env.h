/* SPDX-License-Identifier: Apache-2.0 */
/* What the suites of the database share: an empty database of either engine with the contract's tables. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "db/db.h"
#include "db_contract.h"
#include "pg.h"

enum env_engine { ENV_SQLITE, ENV_PGSQL };

struct env {
	enum env_engine engine;
	struct pg_server *pg; /* ENV_PGSQL */
	struct db *db;
	char dir[64], url[160]; /* dir: ENV_SQLITE */
};

/* An empty database with its schema, opened. vfs: of SQLite, NULL for the usual one. */
void env_open(struct env *v, const char *vfs);
/* Opens the database of env_open() once more, as another node would. */
struct db *env_again(const struct env *v, const char *vfs);
/* Closes and removes. */
void env_close(struct env *v);
/* Runs SQL beside the driver, on a connection of its own to PostgreSQL. */
void env_pg_sql(const struct env *v, const char *sql);

/* The calls below fail the test when they fail. */
void env_write(struct db *db, db_body *body, void *arg);
void env_read(struct db *db, db_body *body, void *arg);
int64_t env_int(struct db *db, int (*query)(struct db_tx *tx, int64_t *ret, struct err *e));
int64_t env_counter(struct db *db, int64_t key);
void env_counter_set(struct db *db, int64_t key, int64_t n);

/* A suite: each case runs on an empty database of each engine. The value is main()'s: 77 without PostgreSQL. */
struct env_case {
	const char *name;
	void (*fn)(struct env *v);
};
#define ENV_CASE(fn) {#fn, fn}
#define ENV_CASES_MAX 64
int env_run(const struct env_case *cases, size_t n);

extern const struct db_migration store_migrations[];
extern const size_t store_migrations_n;

#define assert_done(r, e)                                                                          \
	do {                                                                                       \
		if ((r) < 0)                                                                       \
			print_error("%s (%s)\n", (e)->msg, (e)->detail);                           \
		assert_true((r) >= 0);                                                             \
	} while (0)
/* Compares by name, so that a failure says which. */
#define assert_code(r, code) assert_string_equal(err_info(r)->name, err_info(code)->name)
