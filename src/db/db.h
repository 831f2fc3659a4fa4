/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The database, whichever engine: SQLite inside, or PostgreSQL. One dialect of SQL; prepared statements only; the
 * statements are generated from store/sql/ by tools/gen_sql.py. Nothing above this header knows the engine.
 *
 * Writing has one door, db_write(). Its body sees a transaction and tx->now; it may run more than once, and on another
 * thread than the caller's, so it does no IPC, network, logging or clock, and it leaves its results in memory that a
 * second run overwrites. Effects are queued with db_after_commit(). Nobody is answered before db_write() has returned 0.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum db_type { DB_INT, DB_TEXT, DB_BLOB };

/* A parameter or a column. i is used for DB_INT; s for text and bytes; {NULL, 0} is SQL NULL there. */
struct db_value {
	enum db_type type;
	int64_t i; /* NULL in a column is read as 0 */
	struct blob s;
};

#define DB_PARAMS_MAX 40
#define DB_COLUMNS_MAX 48
#define DB_LANES_MAX 64

/* A statement of the generated table; static, compared by address. */
struct db_stmt {
	const char *name; /* the block's name, for errors */
	const char *sqlite, *pgsql; /* text for each engine */
	unsigned n_params, n_columns;
	enum db_type params[DB_PARAMS_MAX], columns[DB_COLUMNS_MAX];
	bool writes;
	bool stream; /* rows are fetched in portions (:each), not held in memory together */
	/* Nobody waits for it (:later): it has no columns, db_exec() may return 0 before it has run, and a failure may show
	 * at a later statement, or at the commit, and fails the transaction there. */
	bool later;
	bool must; /* (:must) that too, and when no row changes the transaction fails there with E_CONFLICT */
};

struct db;
struct db_conn;

struct db_tx {
	struct db_conn *conn;
	struct arena *arena; /* lives as long as this run of the body, and until the effects of the last run */
	int64_t now_ms; /* domain time: one per transaction; the database's on PostgreSQL; never goes back */
	unsigned lane; /* number of the write connection, below DB_LANES_MAX, for lanes of counters and audit */
	/* Changes (and is never 0) when the write connection has taken anything back: what was remembered of its lane's
	 * rows at another epoch may never have been committed. */
	uint64_t epoch;
	bool poisoned; /* a statement failed: all further ones fail, the commit too */
	struct db_effect *effects;
};

struct db_conf {
	const char *url; /* "sqlite:/path/file" or "postgresql://…" (a password in it is never told) */
	unsigned readers, writers; /* connections; SQLite has one writer */
	const char *sqlite_vfs; /* tests: the VFS that loses power; NULL otherwise */
};

/* Opens and checks (encoding UTF8 on PostgreSQL, WAL and synchronous=FULL on SQLite). Threads are started here. */
int db_open(const struct db_conf *conf, struct db **ret, struct err *e) CHECKED;
struct db *db_close(struct db *db); /* takes NULL; returns NULL */
const char *db_engine(const struct db *db); /* "sqlite" or "postgresql" */

typedef int db_body(struct db_tx *tx, void *arg, struct err *e);

/*
 * Runs body in a writing transaction and commits it durably. The body returning < 0 rolls back and is the result.
 * Repeats by itself on serialization failures, deadlocks and the loss of a group of writes. E_DB_UNCERTAIN: the connection
 * died in COMMIT (or, on SQLite, the disk failed in it), read again what happened. E_DB_DOWN, E_DB_FULL: nothing was done.
 * Returns 0 or < 0, whatever the body returned >= 0. Within a body of db_write() another one is a bug; reading is not.
 */
int db_write(struct db *db, db_body *body, void *arg, struct err *e) CHECKED;
/* A consistent snapshot; writing in it is an error. Returns as db_write(). */
int db_read(struct db *db, db_body *body, void *arg, struct err *e) CHECKED;
/* fn(arg) runs on the caller's thread after this transaction's commit; never when it is rolled back. */
void db_after_commit(struct db_tx *tx, void (*fn)(void *arg), void *arg);

/* Runs a statement; rows are given to `row` one by one, with values that live until it returns (row may be NULL).
 * row returning nonzero stops the walk, and is the result when negative. Returns the rows changed (or walked). */
typedef int db_row(void *arg, const struct db_value *columns, struct err *e);
int db_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e) CHECKED;

/* -- migrations: forward only, each in one transaction, recorded with its hash in schema_migration. */
struct db_migration {
	int64_t version; /* 1, 2, … without gaps */
	const char *name;
	const char *sqlite, *pgsql; /* several statements separated by ';' at a line's end */
	const char *sha256; /* of the source text: a changed migration is refused (E_DB_MIGRATION) */
};
/* Brings the schema up to the last version. A database that is newer is refused. Safe to run on several nodes at once. */
int db_migrate(struct db *db, const struct db_migration *list, size_t n, struct err *e) CHECKED;
