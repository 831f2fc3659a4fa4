/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite's driver. One connection writes, used by whoever holds the baton; readers have connections of their own;
 * one more belongs to the thread that moves the WAL into the database.
 */
#pragma once

#include <sqlite3.h>

#include "db/db_priv.h"

#define SQLITE_GROUP_MAX 128 /* members of a group: bounds what a lost one repeats */
/*
 * Above the soft size the thread checkpoints, above the hard one, twice as large, the writer itself does, between groups;
 * an eighth of the soft one is the growth between two tries. On a disk with little room they are smaller: the WAL may take
 * a quarter of it, for what it holds needs room in the database, too.
 */
#define SQLITE_WAL_SOFT (INT64_C(32) << 20)
#define SQLITE_WAL_SOFT_MIN (INT64_C(1) << 20)

struct sqlite_conn {
	struct db_conn c;
	sqlite3 *h;
	struct db_cache stmts;
};

/* The WAL's size and the thread that keeps it small. */
struct sqlite_wal {
	struct sqlite_conn conn;
	pthread_t thread;
	bool started;
	pthread_mutex_t lock; /* of stop, and what wake is about */
	pthread_cond_t wake;
	bool stop;
	pthread_mutex_t checkpointing; /* SQLite answers "busy" to the second checkpoint: one at a time */
	_Atomic int64_t bytes; /* after the last commit */
	_Atomic int64_t next_soft; /* the size at which the thread tries (again) */
	int64_t next_hard; /* and the writer */
	_Atomic int64_t soft;
	int64_t next_look; /* the size at which the writer looks at the disk's room again */
	int64_t relieved_ms; /* monotonic */
	const char *path;
	int64_t frame; /* bytes of one */
};

struct sqlite_member;

struct sqlite_db {
	struct db db;
	char *path;
	const char *vfs;
	struct db_pool pool;
	struct sqlite_conn *readers;
	unsigned n_readers;
	struct sqlite_wal wal;
	/* -- the writer */
	struct sqlite_conn writer; /* the baton holder's */
	bool tail_dirty, mark; /* see scrub() in db_sqlite_write.c */
	unsigned careful; /* groups that run with savepoints */
	pthread_mutex_t lock; /* of the queue and the baton */
	struct sqlite_member *head, **tail;
	bool held;
};

/* -- db_sqlite.c */
int sqlite_conn_open(struct sqlite_db *db, struct sqlite_conn *c, bool writer, struct err *e) CHECKED;
void sqlite_conn_close(struct sqlite_conn *c);
/* Runs one of the driver's own statements; returns SQLite's code. */
int sqlite_do(struct sqlite_conn *c, const struct db_stmt *stmt);
/* Whether the code means that the disk is full. */
bool sqlite_is_full(struct sqlite_conn *c, int rc);
/* Fills *e from SQLite's code and the connection's last message; what names the act. */
int sqlite_fail(struct sqlite_conn *c, int rc, const char *what, struct err *e);
int sqlite_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e);

/* -- db_sqlite_write.c */
int sqlite_write(struct db *db, db_body *body, void *arg, struct err *e);

/* -- db_sqlite_wal.c */
int sqlite_wal_start(struct sqlite_db *db, struct err *e) CHECKED;
void sqlite_wal_stop(struct sqlite_db *db);
/* The baton holder, between groups. */
void sqlite_wal_hold(struct sqlite_db *db);
/* The same when the disk is full: gives back what the WAL takes, if that can be. */
void sqlite_wal_relieve(struct sqlite_db *db);
