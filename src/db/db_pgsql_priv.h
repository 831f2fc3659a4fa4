/* SPDX-License-Identifier: Apache-2.0 */
/* PostgreSQL's driver: connections and statements (db_pgsql_conn.c), pools and transactions (db_pgsql.c). */
#pragma once

#include "db/db_priv.h"

/* As libpq-fe.h has them, which only the files that call libpq include. */
typedef struct pg_conn PGconn;
typedef struct pg_result PGresult;

#define PGSQL_DOWN_MS 500 /* after a failed connect the others are not tried for so long */
#define PGSQL_FETCH 500 /* rows of a portion of a streamed statement */

struct pgsql_conn {
	struct db_conn c;
	PGconn *h; /* NULL: not connected */
	struct db_cache stmts;
	unsigned n_stmts, n_cursors;
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
/* Runs SQL of the driver's own, without parameters; what names the act. ret may be NULL, else is the caller's to clear. */
int pgsql_do(struct pgsql_conn *c, const char *sql, const char *what, PGresult **ret, struct err *e) CHECKED;
int pgsql_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e);

void pgsql_result_free(PGresult **res);
#define PGSQL_RESULT(name) CLEANUP(pgsql_result_free) PGresult *name = NULL
