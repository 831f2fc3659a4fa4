/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_pgsql_priv.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"

/* Types of PostgreSQL as they come in the protocol (pg_type.dat): they never change. */
enum oid {
	OID_BOOL = 16,
	OID_BYTEA = 17,
	OID_INT8 = 20,
	OID_INT2 = 21,
	OID_INT4 = 23,
	OID_TEXT = 25,
	OID_VARCHAR = 1043,
};

#define SETTINGS                                                                                   \
	"SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; SET jit = off; " \
	"SET cursor_tuple_fraction = 1; SET client_min_messages = error; "                         \
	"SET default_transaction_isolation = 'read committed'; "                                   \
	"SELECT set_config('synchronous_commit', 'on', false) "                                    \
	"WHERE current_setting('synchronous_commit') = 'off'"

void
pgsql_result_free(PGresult **res)
{
	PQclear(*res);
}

bool
pgsql_alive(const struct pgsql_conn *c)
{
	return c->h && PQstatus(c->h) == CONNECTION_OK;
}

void
pgsql_disconnect(struct pgsql_conn *c)
{
	db_cache_done(&c->stmts, NULL);
	c->n_stmts = 0;
	PQfinish(c->h);
	c->h = NULL;
}

/* -- errors */

static int
code_of(const struct pgsql_conn *c, const char *state)
{
	static const struct {
		const char *begin;
		int code;
	} codes[] = {
		{"08", E_DB_DOWN}, {"57P0", E_DB_DOWN}, {"25006", E_DB_DOWN}, /* a standby after a failover */
		{"23", E_DB_CONSTRAINT}, {"53100", E_DB_FULL}, {"53", E_DB_BUSY}, {"40001", E_DB_BUSY},
		{"40P01", E_DB_BUSY}, {"55P03", E_DB_BUSY}, {"57014", E_DB_BUSY},
	};

	if (!pgsql_alive(c))
		return E_DB_DOWN;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		if (strncmp(state, codes[i].begin, strlen(codes[i].begin)) == 0)
			return codes[i].code;
	}
	return E_DB_ERROR;
}

static int
result_fail(struct pgsql_conn *c, const PGresult *res, const char *what, struct err *e)
{
	const char *state = res ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;
	const char *said = res ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	int code = code_of(c, state ? state : "");

	if (state && (strcmp(state, "40001") == 0 || strcmp(state, "40P01") == 0))
		c->collided = true;
	err_set(e, code, "%s: %s", what,
		code == E_DB_DOWN ? "the connection to PostgreSQL is lost" :
		code == E_DB_FULL ? "the database's disk is full" :
		code == E_DB_CONSTRAINT ? "a constraint of the database forbids it" :
		code == E_DB_BUSY ? "the database is busy" : "the database reports a fault");
	/* The primary message alone: PostgreSQL's detail quotes values. */
	err_detail(e, "PostgreSQL %s: %s", state ? state : "-", said ? said : PQerrorMessage(c->h));
	if (code == E_DB_BUSY || code == E_DB_DOWN)
		e->retry_after_s = 1;
	return c->c.fault = code;
}

static bool
result_ok(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

int
pgsql_do(struct pgsql_conn *c, const char *sql, const char *what, PGresult **ret, struct err *e)
{
	PGSQL_RESULT(res);

	res = PQexec(c->h, sql);
	if (!result_ok(res))
		return result_fail(c, res, what, e);
	if (ret)
		*ret = TAKE(res);
	return 0;
}

/* -- connecting */

static void
notice_drop(UNUSED void *arg, UNUSED const PGresult *res)
{
}

static int
down(struct pgsql_db *db, struct pgsql_conn *c, struct err *e)
{
	char said[ERR_TEXT_MAX];

	snprintf(said, sizeof(said), "%s", c->h ? PQerrorMessage(c->h) : "out of memory");
	said[strcspn(said, "\n")] = '\0';
	pgsql_disconnect(c);
	atomic_store(&db->down_until, clock_mono_ms() + PGSQL_DOWN_MS);
	err_set(e, E_DB_DOWN, "PostgreSQL cannot be reached");
	err_detail(e, "%s", said);
	e->retry_after_s = 1;
	return E_DB_DOWN;
}

static int
server_check(struct pgsql_conn *c, struct err *e)
{
	const char *encoding = PQparameterStatus(c->h, "server_encoding");

	if (PQserverVersion(c->h) < 150000)
		return err_set(e, E_CONFIG, "the server is PostgreSQL %d, at least 15 is needed",
			PQserverVersion(c->h) / 10000);
	if (!encoding || strcmp(encoding, "UTF8") != 0)
		return err_set(e, E_CONFIG, "the database's encoding is \"%s\", it must be \"UTF8\"",
			encoding ? encoding : "");
	return pgsql_do(c, SETTINGS, "settings", NULL, e);
}

int
pgsql_connect(struct pgsql_conn *c, struct err *e)
{
	struct pgsql_db *db = (struct pgsql_db *)c->c.db;
	/* Those before dbname can be set otherwise in the url, those behind it cannot. */
	const char *const keys[] = {"connect_timeout", "tcp_user_timeout", "keepalives_idle", "keepalives_interval",
		"keepalives_count", "application_name", "dbname", "client_encoding", NULL};
	const char *const values[] = {"5", "15000", "10", "5", "3", "signet", db->url, "UTF8", NULL};
	int r;

	if (pgsql_alive(c))
		return 0;
	pgsql_disconnect(c);
	if (clock_mono_ms() < atomic_load(&db->down_until)) {
		err_set(e, E_DB_DOWN, "PostgreSQL cannot be reached");
		err_detail(e, "tried a moment ago");
		e->retry_after_s = 1;
		return E_DB_DOWN;
	}
	c->h = PQconnectdbParams(keys, values, 1);
	if (PQstatus(c->h) != CONNECTION_OK)
		return down(db, c, e);
	PQsetNoticeReceiver(c->h, notice_drop, NULL);
	r = server_check(c, e);
	if (r < 0)
		pgsql_disconnect(c);
	return r;
}

/* -- statements */

struct bound {
	const char *values[DB_PARAMS_MAX];
	int lengths[DB_PARAMS_MAX], formats[DB_PARAMS_MAX];
	int64_t ints[DB_PARAMS_MAX]; /* big endian */
};

static void
bind(const struct db_stmt *stmt, const struct db_value *params, struct bound *b)
{
	for (unsigned i = 0; i < stmt->n_params; i++) {
		const struct db_value *v = &params[i];

		b->formats[i] = 1;
		if (v->type == DB_INT) {
			b->ints[i] = (int64_t)htobe64((uint64_t)v->i);
			b->values[i] = (const char *)&b->ints[i];
			b->lengths[i] = sizeof(b->ints[i]);
		} else {
			BUG_ON(v->s.n > INT32_MAX);
			b->values[i] = (const char *)v->s.p;
			b->lengths[i] = (int)v->s.n;
		}
	}
}

static int
int_get(const PGresult *res, int row, int col, int64_t *ret)
{
	const char *p = PQgetvalue(res, row, col);
	uint64_t v8;
	uint32_t v4;
	uint16_t v2;

	switch (PQftype(res, col)) {
	case OID_INT8:
		memcpy(&v8, p, sizeof(v8));
		*ret = (int64_t)be64toh(v8);
		return 0;
	case OID_INT4:
		memcpy(&v4, p, sizeof(v4));
		*ret = (int32_t)be32toh(v4);
		return 0;
	case OID_INT2:
		memcpy(&v2, p, sizeof(v2));
		*ret = (int16_t)be16toh(v2);
		return 0;
	case OID_BOOL:
		*ret = *p;
		return 0;
	default:
		return -1;
	}
}

static int
column_get(const PGresult *res, int row, int col, enum db_type type, struct db_value *ret)
{
	Oid is = PQftype(res, col);

	*ret = (struct db_value){.type = type};
	if (PQgetisnull(res, row, col))
		return 0;
	if (type == DB_INT)
		return int_get(res, row, col, &ret->i);
	if (type == DB_TEXT ? is != OID_TEXT && is != OID_VARCHAR : is != OID_BYTEA)
		return -1;
	ret->s = BLOB(PQgetvalue(res, row, col), (size_t)PQgetlength(res, row, col));
	return 0;
}

static int
rows_give(struct pgsql_conn *c, const PGresult *res, const struct db_stmt *stmt, db_row *row, void *arg, int *n,
	struct err *e)
{
	struct db_value values[DB_COLUMNS_MAX];
	int r = 0;

	if ((unsigned)PQnfields(res) != stmt->n_columns)
		return c->c.fault = err_set(e, E_DB_ERROR, "statement %s has %d columns, not %u", stmt->name,
			PQnfields(res), stmt->n_columns);
	for (int i = 0; i < PQntuples(res) && r == 0; i++) {
		for (unsigned j = 0; j < stmt->n_columns; j++) {
			if (column_get(res, i, (int)j, stmt->columns[j], &values[j]) < 0)
				return c->c.fault = err_set(e, E_DB_ERROR,
					"column %u of statement %s has another type", j + 1, stmt->name);
		}
		c->c.fault = 0;
		++*n;
		r = row ? row(arg, values, e) : 0;
	}
	return r;
}

static int
prepared(struct pgsql_conn *c, const struct db_stmt *stmt, char name[16], struct err *e)
{
	uintptr_t no = (uintptr_t)db_cache_get(&c->stmts, stmt);
	PGSQL_RESULT(res);

	if (no) {
		snprintf(name, 16, "s%u", (unsigned)no);
		return 0;
	}
	snprintf(name, 16, "s%u", c->n_stmts + 1);
	res = PQprepare(c->h, name, stmt->pgsql, 0, NULL);
	if (!result_ok(res))
		return result_fail(c, res, stmt->name, e);
	db_cache_put(&c->stmts, stmt, (void *)(uintptr_t)++c->n_stmts);
	return 0;
}

/*
 * A streamed statement runs in a cursor, whose portions leave the connection free for other statements between them
 * and keep a million rows out of memory. It ends with the transaction.
 */
static int
stream(struct pgsql_conn *c, const struct db_stmt *stmt, const struct bound *b, db_row *row, void *arg, struct err *e)
{
	unsigned cursor = ++c->n_cursors;
	char fetch[48], *sql = NULL;
	PGSQL_RESULT(declared);
	int r, n = 0, before;

	snprintf(fetch, sizeof(fetch), "FETCH %d FROM c%u", PGSQL_FETCH, cursor);
	if (asprintf(&sql, "DECLARE c%u BINARY NO SCROLL CURSOR FOR %s", cursor, stmt->pgsql) < 0)
		BUG("out of memory");
	declared = PQexecParams(c->h, sql, (int)stmt->n_params, NULL, b->values, b->lengths, b->formats, 1);
	free(sql);
	if (!result_ok(declared))
		return result_fail(c, declared, stmt->name, e);
	do {
		PGSQL_RESULT(res);

		r = pgsql_do(c, fetch, stmt->name, &res, e);
		before = n;
		if (r == 0)
			r = rows_give(c, res, stmt, row, arg, &n, e);
	} while (r == 0 && n - before == PGSQL_FETCH);
	return r < 0 ? r : n;
}

static int
rows_changed(PGresult *res)
{
	uint64_t n = 0;

	/* "" for what changes no rows */
	return str_u64(str_c(PQcmdTuples(res)), INT32_MAX, &n) ? (int)n : 0;
}

int
pgsql_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e)
{
	struct pgsql_conn *c = (struct pgsql_conn *)tx->conn;
	struct bound b;
	PGSQL_RESULT(res);
	char name[16];
	int r, n = 0;

	bind(stmt, params, &b);
	if (stmt->stream)
		return stream(c, stmt, &b, row, arg, e);
	r = prepared(c, stmt, name, e);
	if (r < 0)
		return r;
	res = PQexecPrepared(c->h, name, (int)stmt->n_params, b.values, b.lengths, b.formats, 1);
	if (!result_ok(res))
		return result_fail(c, res, stmt->name, e);
	if (!stmt->n_columns)
		return rows_changed(res);
	r = rows_give(c, res, stmt, row, arg, &n, e);
	return r < 0 ? r : n;
}
