/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_pgsql_priv.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

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
rows_changed(PGresult *res)
{
	uint64_t n = 0;

	/* "" for what changes no rows */
	return str_u64(str_c(PQcmdTuples(res)), INT32_MAX, &n) ? (int)n : 0;
}

/* -- the queue: statements that travel together, whose results are read together */

static int
prepared(struct pgsql_conn *c, const struct db_stmt *stmt, char name[16], struct err *e)
{
	uintptr_t no = (uintptr_t)db_cache_get(&c->stmts, stmt);
	PGSQL_RESULT(res);
	int r;

	if (no) {
		snprintf(name, 16, "s%u", (unsigned)no);
		return 0;
	}
	r = pgsql_queue_end(c, NULL, e);
	if (r < 0)
		return r;
	snprintf(name, 16, "s%u", c->n_stmts + 1);
	res = PQprepare(c->h, name, stmt->pgsql, 0, NULL);
	if (!pgsql_result_ok(res))
		return pgsql_result_fail(c, res, stmt->name, e);
	db_cache_put(&c->stmts, stmt, (void *)(uintptr_t)++c->n_stmts);
	return 0;
}

int
pgsql_queue(struct pgsql_conn *c, const struct db_stmt *stmt, const struct db_value *params, struct err *e)
{
	struct bound b;
	char name[16];
	int r = c->n_queue == PGSQL_QUEUE_MAX ? pgsql_queue_end(c, NULL, e) : 0;

	if (r == 0)
		r = prepared(c, stmt, name, e);
	if (r < 0)
		return r;
	bind(stmt, params, &b);
	if ((c->n_queue == 0 && PQenterPipelineMode(c->h) != 1) ||
		PQsendQueryPrepared(c->h, name, (int)stmt->n_params, b.values, b.lengths, b.formats, 1) != 1)
		return pgsql_result_fail(c, NULL, stmt->name, e);
	c->queue[c->n_queue++] = stmt;
	c->must = c->must || stmt->must;
	return 0;
}

int
pgsql_queue_send(struct pgsql_conn *c, struct err *e)
{
	return PQpipelineSync(c->h) == 1 ? 0 : pgsql_result_fail(c, NULL, c->queue[0]->name, e);
}

/* The results of one statement: the first, or NULL when the connection has died. */
static PGresult *
result_next(struct pgsql_conn *c)
{
	PGresult *res = PQgetResult(c->h), *more;

	while (res && pgsql_alive(c) && (more = PQgetResult(c->h)))
		PQclear(more);
	return res;
}

int
pgsql_queue_wait(struct pgsql_conn *c, PGresult **ret, struct err *e)
{
	int r = 0;

	for (unsigned i = 0; i < c->n_queue && pgsql_alive(c); i++) {
		PGSQL_RESULT(res);

		res = result_next(c);
		if (r == 0 && !pgsql_result_ok(res))
			r = pgsql_result_fail(c, res, c->queue[i]->name, e);
		else if (r == 0 && c->queue[i]->must && rows_changed(res) == 0)
			r = c->c.fault = db_must_fail(c->queue[i], e);
		else if (r == 0 && ret && i + 1 == c->n_queue)
			*ret = TAKE(res);
	}
	PQclear(PQgetResult(c->h)); /* the end's own */
	if (PQexitPipelineMode(c->h) != 1 && r == 0)
		r = pgsql_result_fail(c, NULL, c->queue[0]->name, e);
	c->n_queue = 0;
	c->must = false;
	return r;
}

int
pgsql_queue_end(struct pgsql_conn *c, PGresult **ret, struct err *e)
{
	int r;

	if (c->n_queue == 0)
		return 0;
	r = pgsql_queue_send(c, e);
	return r < 0 ? r : pgsql_queue_wait(c, ret, e);
}

/* -- statements */

/*
 * A streamed statement runs in a cursor, whose portions leave the connection free for other statements between them
 * and keep a million rows out of memory. It ends with the transaction.
 */
static int
stream(struct pgsql_conn *c, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e)
{
	unsigned cursor = ++c->n_cursors;
	char fetch[48], *sql = NULL;
	struct bound b;
	PGSQL_RESULT(declared);
	int r = pgsql_queue_end(c, NULL, e), n = 0, before;

	if (r < 0)
		return r;
	snprintf(fetch, sizeof(fetch), "FETCH %d FROM c%u", PGSQL_FETCH, cursor);
	bind(stmt, params, &b);
	if (asprintf(&sql, "DECLARE c%u BINARY NO SCROLL CURSOR FOR %s", cursor, stmt->pgsql) < 0)
		BUG("out of memory");
	declared = PQexecParams(c->h, sql, (int)stmt->n_params, NULL, b.values, b.lengths, b.formats, 1);
	free(sql);
	if (!pgsql_result_ok(declared))
		return pgsql_result_fail(c, declared, stmt->name, e);
	do {
		PGSQL_RESULT(res);

		res = PQexec(c->h, fetch);
		r = pgsql_result_ok(res) ? 0 : pgsql_result_fail(c, res, stmt->name, e);
		before = n;
		if (r == 0)
			r = rows_give(c, res, stmt, row, arg, &n, e);
	} while (r == 0 && n - before == PGSQL_FETCH);
	return r < 0 ? r : n;
}

int
pgsql_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e)
{
	struct pgsql_conn *c = (struct pgsql_conn *)tx->conn;
	PGSQL_RESULT(res);
	int r, n = 0;

	if (stmt->stream)
		return stream(c, stmt, params, row, arg, e);
	r = pgsql_queue(c, stmt, params, e);
	if (r < 0)
		return r;
	if (stmt->later)
		return stmt->must; /* looked at when the result is there */
	r = pgsql_queue_end(c, &res, e);
	if (r < 0)
		return r;
	if (!stmt->n_columns)
		return rows_changed(res);
	r = rows_give(c, res, stmt, row, arg, &n, e);
	return r < 0 ? r : n;
}
