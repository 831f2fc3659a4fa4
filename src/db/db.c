/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_priv.h"

#include <stdio.h>

#include "base/utf8.h"

static const struct db_ops *const engines[] = {&db_sqlite_ops, &db_pgsql_ops};

/* A body that writes again would wait for itself. */
static _Thread_local bool in_write;

int
db_open(const struct db_conf *conf, struct db **ret, struct err *e)
{
	struct str url = str_c(conf->url);

	for (size_t i = 0; i < ARRAY_LEN(engines); i++) {
		if (str_starts(url, str_c(engines[i]->scheme)))
			return engines[i]->open(conf, ret, e);
	}
	/* The url is not quoted: a password may stand in it. */
	return err_set(e, E_CONFIG, "the database's url begins neither with \"sqlite:\" nor with \"postgresql://\"");
}

struct db *
db_close(struct db *db)
{
	if (db)
		db->ops->close(db);
	return NULL;
}

const char *
db_engine(const struct db *db)
{
	return db->ops->name;
}

int64_t
db_now(struct db *db, int64_t clock_ms)
{
	int64_t seen = atomic_load(&db->seen_ms);

	while (clock_ms > seen) {
		if (atomic_compare_exchange_weak(&db->seen_ms, &seen, clock_ms))
			return clock_ms;
	}
	return seen;
}

static void
fault_keep(struct db_tx *tx, const struct err *e)
{
	struct db_conn *c = tx->conn;

	if (tx->poisoned)
		return;
	tx->poisoned = true;
	c->fault = e->code;
	snprintf(c->fault_msg, sizeof(c->fault_msg), "%s", e->msg);
	snprintf(c->fault_detail, sizeof(c->fault_detail), "%s", e->detail);
}

static int
fault_tell(const struct db_tx *tx, struct err *e)
{
	const struct db_conn *c = tx->conn;
	int r = err_set(e, c->fault, "%s", c->fault_msg);

	err_detail(e, "%s", c->fault_detail);
	return r;
}

static int
params_check(const struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, struct err *e)
{
	if (stmt->writes && !tx->conn->writer)
		return err_set(e, E_DB_ERROR, "statement %s writes in a transaction that only reads", stmt->name);
	for (unsigned i = 0; i < stmt->n_params; i++) {
		BUG_ON(params[i].type != stmt->params[i]);
		/* PostgreSQL refuses such text, SQLite would keep it: neither shall see it. */
		if (params[i].type == DB_TEXT && !utf8_ok(str_of(params[i].s)))
			return err_set(e, E_DB_ERROR, "parameter %u of statement %s is not valid UTF-8", i + 1,
				stmt->name);
	}
	return 0;
}

int
db_must_fail(const struct db_stmt *stmt, struct err *e)
{
	return err_set(e, E_CONFLICT, "statement %s found nothing to change: it was changed meanwhile", stmt->name);
}

int
db_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e)
{
	struct db_conn *c = tx->conn;
	int r;

	if (tx->poisoned)
		return fault_tell(tx, e);
	r = c->fault = params_check(tx, stmt, params, e);
	if (r >= 0)
		r = c->db->ops->exec(tx, stmt, params, row, arg, e);
	if (stmt->must && r == 0)
		r = c->fault = db_must_fail(stmt, e);
	if (stmt->writes && (r != 0 || stmt->later))
		c->touched = true;
	if (r < 0 && c->fault)
		fault_keep(tx, e);
	return r;
}

int
db_script(struct db_tx *tx, const char *sql, struct err *e)
{
	int r;

	if (tx->poisoned)
		return fault_tell(tx, e);
	tx->conn->touched = true;
	r = tx->conn->db->ops->script(tx, sql, e);
	if (r < 0)
		fault_keep(tx, e);
	return r;
}

void
db_after_commit(struct db_tx *tx, void (*fn)(void *arg), void *arg)
{
	struct db_effect *f = arena_new(tx->arena, struct db_effect), **at = &tx->effects;

	BUG_ON(!tx->conn->writer);
	f->fn = fn;
	f->arg = arg;
	while (*at)
		at = &(*at)->next;
	*at = f;
}

void
db_work_run(struct db_work *w, struct db_conn *conn, int64_t now_ms, unsigned lane)
{
	bool outer = in_write;

	arena_done(&w->arena);
	err_clear(&w->err);
	w->tx = (struct db_tx){.conn = conn, .arena = &w->arena, .now_ms = now_ms, .lane = lane, .epoch = conn->epoch + 1};
	conn->touched = false;
	in_write = in_write || conn->writer;
	w->r = w->body(&w->tx, w->arg, &w->err);
	in_write = outer;
	if (w->r >= 0)
		w->r = w->tx.poisoned ? fault_tell(&w->tx, &w->err) : 0;
}

int
db_work_end(struct db_work *w)
{
	if (w->r == 0) {
		for (struct db_effect *f = w->tx.effects; f; f = f->next)
			f->fn(f->arg);
	} else {
		*w->e = w->err;
	}
	arena_done(&w->arena);
	return w->r;
}

int
db_write(struct db *db, db_body *body, void *arg, struct err *e)
{
	BUG_ON(in_write);
	return db->ops->write(db, body, arg, e);
}

int
db_read(struct db *db, db_body *body, void *arg, struct err *e)
{
	return db->ops->read(db, body, arg, e);
}
