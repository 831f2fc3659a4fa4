/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PostgreSQL's driver: connections (db_pgsql_conn.c), statements and their queue (db_pgsql_stmt.c), pools and
 * transactions (db_pgsql.c).
 */
#pragma once

#include "db/db_priv.h"

/* As libpq-fe.h has them, which only the files that call libpq include. */
typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;

#define PGSQL_DOWN_MS 500 /* after a failed connect the others are not tried for so long */
#define PGSQL_FETCH 500 /* rows of a portion of a streamed statement */

#define PGSQL_QUEUE_MAX 64 /* statements that travel together */

struct pgsql_conn {
	struct db_conn c;
	PGconn *h; /* NULL: not connected */
	const struct db_stmt *queue[PGSQL_QUEUE_MAX]; /* whose results are not there yet */
	unsigned n_queue;
	bool must; /* one of them decides whether there may be a COMMIT */
	struct db_cache stmts;
	unsigned n_stmts, n_cursors;
	/* What the server's clock said, and this machine's two when the answer was there; asked_mono_ms 0: not asked. */
	int64_t clock_ms, asked_mono_ms, asked_wall_ms;
	bool collided; /* the running transaction met a serialization failure or a deadlock */
};

struct pgsql_db {
	struct db db;
	char *url;
	_Atomic int64_t down_until; /* monotonic ms */
	struct db_pool reading, writing;
	struct pgsql_conn *readers, *writers;
	unsigned n_readers, n_writers;
};

/* Connects unless the connection stands. E_DB_DOWN, E_CONFIG. */
int pgsql_connect(struct pgsql_conn *c, struct err *e) CHECKED;
void pgsql_disconnect(struct pgsql_conn *c);
bool pgsql_alive(const struct pgsql_conn *c);
/* Runs SQL of the driver's own, without parameters; what names the act. The queue's failure is its own. */
int pgsql_do(struct pgsql_conn *c, const char *sql, const char *what, struct err *e) CHECKED;
bool pgsql_result_ok(const PGresult *res);
/* Fills *e and the connection's fault from what the server said; res may be NULL. */
int pgsql_result_fail(struct pgsql_conn *c, const PGresult *res, const char *what, struct err *e);
void pgsql_result_free(PGresult **res);
#define PGSQL_RESULT(name) CLEANUP(pgsql_result_free) PGresult *name = NULL

int pgsql_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e);
/* Queues a statement, to travel with those behind it. */
int pgsql_queue(struct pgsql_conn *c, const struct db_stmt *stmt, const struct db_value *params, struct err *e) CHECKED;
/* Sends what is queued, and does not wait. */
int pgsql_queue_send(struct pgsql_conn *c, struct err *e) CHECKED;
/* Waits for all that was sent: the first failure, or 0 and the result of the last (ret may be NULL). */
int pgsql_queue_wait(struct pgsql_conn *c, PGresult **ret, struct err *e) CHECKED;
/* Both; at once 0 when nothing is queued. */
int pgsql_queue_end(struct pgsql_conn *c, PGresult **ret, struct err *e) CHECKED;
