/* SPDX-License-Identifier: Apache-2.0 */
/* What the two drivers share: their table of functions, the transaction's common part, pools, statement caches. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "db/db.h"

#define DB_POOL_MAX DB_LANES_MAX
#define DB_WAIT_MS 5000 /* for a connection of the pool, and for a lock of another process */

struct db_ops {
	const char *name, *scheme; /* scheme: how the url begins */
	int (*open)(const struct db_conf *conf, struct db **ret, struct err *e);
	void (*close)(struct db *db);
	int (*write)(struct db *db, db_body *body, void *arg, struct err *e);
	int (*read)(struct db *db, db_body *body, void *arg, struct err *e);
	/* The statement's parameters are checked already. Returns as db_exec(). */
	int (*exec)(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row,
		void *arg, struct err *e);
	/* Several statements without parameters or rows. */
	int (*script)(struct db_tx *tx, const char *sql, struct err *e);
	/* Holds off other nodes that migrate, until the transaction ends. */
	int (*migrate_lock)(struct db_tx *tx, struct err *e);
};
extern const struct db_ops db_sqlite_ops, db_pgsql_ops;

/* The common first member of a driver's struct. */
struct db {
	const struct db_ops *ops;
	_Atomic int64_t seen_ms; /* the highest time given out */
};

/* The common first member of a driver's connection. */
struct db_conn {
	struct db *db;
	bool writer;
	bool touched; /* the run of the body has changed something, or may have */
	uint64_t epoch; /* how often something was taken back */
	/* The failure of the last statement (not of its row function), set by the driver; in a poisoned transaction it
	 * stays, with its texts. */
	int fault;
	char fault_msg[ERR_TEXT_MAX], fault_detail[ERR_TEXT_MAX];
};

struct db_effect {
	struct db_effect *next;
	void (*fn)(void *arg);
	void *arg;
};

/* One call of db_write() or db_read() on its way: what a run of the body needs. */
struct db_work {
	db_body *body;
	void *arg;
	struct err *e; /* the caller's: filled at the end, and only when it fails */
	struct err err;
	int r;
	struct arena arena; /* of the last run; lives until the effects have happened */
	struct db_tx tx;
};

/* Never goes back, whatever the clock does. */
int64_t db_now(struct db *db, int64_t clock_ms);
/* Runs the body once on conn with a fresh arena, leaving the result in w->r; a poisoned run never succeeds. */
void db_work_run(struct db_work *w, struct db_conn *conn, int64_t now_ms, unsigned lane);
/* Runs the effects (w->r == 0), frees the arena, returns the result. On the caller's thread. */
int db_work_end(struct db_work *w);
/* A statement that had to change a row has changed none. */
int db_must_fail(const struct db_stmt *stmt, struct err *e);
/* Runs a script in the body of db_write(). */
int db_script(struct db_tx *tx, const char *sql, struct err *e) CHECKED;

/* -- a pool of numbered connections: which are free. */
struct db_pool {
	pthread_mutex_t lock;
	pthread_cond_t given;
	unsigned n_free, free[DB_POOL_MAX];
};
void db_pool_init(struct db_pool *p, unsigned n);
void db_pool_done(struct db_pool *p);
/* E_DB_BUSY when none gets free in time. */
int db_pool_take(struct db_pool *p, unsigned *ret, struct err *e) CHECKED;
void db_pool_give(struct db_pool *p, unsigned i);

/* -- a connection's prepared statements, by the statement's address. */
struct db_cache_slot {
	const struct db_stmt *stmt;
	void *value;
};
struct db_cache {
	struct db_cache_slot *slots;
	size_t n, size;
};
void *db_cache_get(const struct db_cache *c, const struct db_stmt *stmt); /* NULL: none */
void db_cache_put(struct db_cache *c, const struct db_stmt *stmt, void *value);
/* Calls drop (may be NULL) for each value and empties. */
void db_cache_done(struct db_cache *c, void (*drop)(void *value));
