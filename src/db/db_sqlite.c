/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_sqlite_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"

#define OWN(id, sql) static const struct db_stmt id = {.name = sql, .sqlite = sql}
OWN(stmt_begin_read, "BEGIN");
OWN(stmt_end_read, "ROLLBACK");

static int
code_of(struct sqlite_conn *c, int rc)
{
	int sys = c->h ? sqlite3_system_errno(c->h) : 0;

	switch (rc & 0xff) {
	case SQLITE_FULL:
		return E_DB_FULL;
	case SQLITE_CONSTRAINT:
		return E_DB_CONSTRAINT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return E_DB_BUSY;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		/* SQLite calls only some writes FULL: a quota, or the index of the WAL, is an I/O error to it. */
		return sys == ENOSPC || sys == EDQUOT ? E_DB_FULL : E_DB_ERROR;
	default:
		return E_DB_ERROR;
	}
}

bool
sqlite_is_full(struct sqlite_conn *c, int rc)
{
	return code_of(c, rc) == E_DB_FULL;
}

int
sqlite_fail(struct sqlite_conn *c, int rc, const char *what, struct err *e)
{
	static const struct {
		int code;
		const char *text;
	} texts[] = {
		{E_DB_FULL, "the database's disk is full"},
		{E_DB_CONSTRAINT, "a constraint of the database forbids it"},
		{E_DB_BUSY, "another process keeps the database locked"},
		{E_DB_ERROR, "the database reports a fault"},
	};
	int code = code_of(c, rc);
	const char *said = c->h && (sqlite3_extended_errcode(c->h) & 0xff) == (rc & 0xff) ?
		sqlite3_errmsg(c->h) : sqlite3_errstr(rc);
	char detail[ERR_TEXT_MAX];

	snprintf(detail, sizeof(detail), "SQLite %d: %s", rc, said);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		if (texts[i].code == code)
			err_set(e, code, "%s: %s", what, texts[i].text);
	}
	err_detail(e, "%s", detail);
	if (code == E_DB_BUSY)
		e->retry_after_s = 1;
	return code;
}

/* -- statements */

static int
stmt_get(struct sqlite_conn *c, const struct db_stmt *stmt, sqlite3_stmt **ret, bool *ret_temp)
{
	sqlite3_stmt *st = db_cache_get(&c->stmts, stmt);
	int rc;

	/* The same statement is being walked further out: it gets a twin for this call. */
	*ret_temp = st && sqlite3_stmt_busy(st);
	*ret = st;
	if (st && !*ret_temp)
		return SQLITE_OK;
	rc = sqlite3_prepare_v3(c->h, stmt->sqlite, -1, *ret_temp ? 0 : SQLITE_PREPARE_PERSISTENT, &st, NULL);
	if (rc != SQLITE_OK)
		return rc;
	BUG_ON(!st);
	if (!*ret_temp)
		db_cache_put(&c->stmts, stmt, st);
	*ret = st;
	return SQLITE_OK;
}

int
sqlite_do(struct sqlite_conn *c, const struct db_stmt *stmt)
{
	sqlite3_stmt *st;
	bool temp;
	int rc = stmt_get(c, stmt, &st, &temp);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(st);
	sqlite3_reset(st);
	if (temp)
		sqlite3_finalize(st);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

static int
bind(sqlite3_stmt *st, const struct db_stmt *stmt, const struct db_value *params)
{
	int rc = SQLITE_OK;

	for (int i = 0; i < (int)stmt->n_params && rc == SQLITE_OK; i++) {
		const struct db_value *v = &params[i];

		if (v->type == DB_INT)
			rc = sqlite3_bind_int64(st, i + 1, v->i);
		else if (!v->s.p)
			rc = sqlite3_bind_null(st, i + 1);
		else if (v->type == DB_TEXT)
			rc = sqlite3_bind_text64(st, i + 1, (const char *)v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
		else
			rc = sqlite3_bind_blob64(st, i + 1, v->s.p, v->s.n, SQLITE_STATIC);
	}
	return rc;
}

static int
column_get(sqlite3_stmt *st, int i, enum db_type type, struct db_value *ret)
{
	static const int want[] = {[DB_INT] = SQLITE_INTEGER, [DB_TEXT] = SQLITE_TEXT, [DB_BLOB] = SQLITE_BLOB};
	int is = sqlite3_column_type(st, i);

	*ret = (struct db_value){.type = type};
	if (is == SQLITE_NULL)
		return 0;
	if (is != want[type])
		return -1;
	if (type == DB_INT) {
		ret->i = sqlite3_column_int64(st, i);
		return 0;
	}
	ret->s.p = type == DB_TEXT ? sqlite3_column_text(st, i) : sqlite3_column_blob(st, i);
	ret->s.n = (size_t)sqlite3_column_bytes(st, i);
	if (!ret->s.p)
		ret->s.p = (const uint8_t *)""; /* an empty blob comes as NULL */
	return 0;
}

static int
row_give(struct sqlite_conn *c, sqlite3_stmt *st, const struct db_stmt *stmt, db_row *row, void *arg, struct err *e)
{
	struct db_value values[DB_COLUMNS_MAX];

	for (unsigned i = 0; i < stmt->n_columns; i++) {
		if (column_get(st, (int)i, stmt->columns[i], &values[i]) < 0)
			return c->c.fault = err_set(e, E_DB_ERROR, "column %u of statement %s has another type",
				i + 1, stmt->name);
	}
	return row ? row(arg, values, e) : 0;
}

static int
walk(struct sqlite_conn *c, sqlite3_stmt *st, const struct db_stmt *stmt, db_row *row, void *arg, struct err *e)
{
	int rc, n = 0, r = 0;

	if ((unsigned)sqlite3_column_count(st) != stmt->n_columns)
		return c->c.fault = err_set(e, E_DB_ERROR, "statement %s has %d columns, not %u", stmt->name,
			sqlite3_column_count(st), stmt->n_columns);
	while (r == 0) {
		rc = sqlite3_step(st);
		if (rc == SQLITE_DONE)
			break;
		if (rc != SQLITE_ROW)
			return c->c.fault = sqlite_fail(c, rc, stmt->name, e);
		r = row_give(c, st, stmt, row, arg, e);
		n++;
	}
	if (r < 0)
		return r;
	return stmt->n_columns ? n : sqlite3_changes(c->h);
}

int
sqlite_exec(struct db_tx *tx, const struct db_stmt *stmt, const struct db_value *params, db_row *row, void *arg,
	struct err *e)
{
	struct sqlite_conn *c = (struct sqlite_conn *)tx->conn;
	sqlite3_stmt *st;
	bool temp;
	int r, rc = stmt_get(c, stmt, &st, &temp);

	if (rc != SQLITE_OK)
		return c->c.fault = sqlite_fail(c, rc, stmt->name, e);
	rc = bind(st, stmt, params);
	r = rc == SQLITE_OK ? walk(c, st, stmt, row, arg, e) : (c->c.fault = sqlite_fail(c, rc, stmt->name, e));
	sqlite3_reset(st);
	if (temp)
		sqlite3_finalize(st);
	else
		sqlite3_clear_bindings(st); /* the values belong to the caller */
	return r;
}

static int
sqlite_script(struct db_tx *tx, const char *sql, struct err *e)
{
	struct sqlite_conn *c = (struct sqlite_conn *)tx->conn;
	int rc = sqlite3_exec(c->h, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : (c->c.fault = sqlite_fail(c, rc, "script", e));
}

static int
sqlite_migrate_lock(UNUSED struct db_tx *tx, UNUSED struct err *e)
{
	return 0; /* BEGIN IMMEDIATE holds the only write lock there is */
}

/* -- connections */

static int
journal_is_wal(void *ret, UNUSED int n, char **values, UNUSED char **names)
{
	*(bool *)ret = values[0] && strcmp(values[0], "wal") == 0;
	return 0;
}

static int
conn_settings(struct sqlite_conn *c, bool writer, const char *path, struct err *e)
{
	bool wal = false;
	int rc;

	sqlite3_extended_result_codes(c->h, 1);
	sqlite3_busy_timeout(c->h, DB_WAIT_MS);
	sqlite3_db_config(c->h, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(c->h, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(c->h, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(c->h, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	rc = sqlite3_exec(c->h, "PRAGMA journal_mode=WAL", journal_is_wal, &wal, NULL);
	if (rc == SQLITE_OK && !wal)
		return err_set(e, E_CONFIG, "\"%s\" lies on a file system that cannot hold a database in WAL mode", path);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(c->h, writer ?
			"PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
			"PRAGMA wal_autocheckpoint=0; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-32000" :
			"PRAGMA synchronous=FULL; PRAGMA query_only=ON; PRAGMA temp_store=MEMORY;"
			"PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-8000", NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : sqlite_fail(c, rc, path, e);
}

int
sqlite_conn_open(struct sqlite_db *db, struct sqlite_conn *c, bool writer, struct err *e)
{
	int rc = sqlite3_open_v2(db->path, &c->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, db->vfs), r;

	c->c.db = &db->db;
	c->c.writer = writer;
	r = rc == SQLITE_OK ? conn_settings(c, writer, db->path, e) : sqlite_fail(c, rc, db->path, e);
	if (r < 0)
		sqlite_conn_close(c);
	return r;
}

static void
stmt_drop(void *st)
{
	sqlite3_finalize(st);
}

void
sqlite_conn_close(struct sqlite_conn *c)
{
	db_cache_done(&c->stmts, stmt_drop);
	sqlite3_close_v2(c->h);
	c->h = NULL;
}

/* SQLite would make the file readable for all; its WAL takes the mode from it. */
static int
file_make(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600), dir, r = 0;
	char *copy;

	if (fd < 0 && errno == EEXIST)
		return 0;
	if (fd < 0)
		return err_errno(e, E_IO, errno, "could not create \"%s\"", path);
	close(fd);
	copy = strdup(path);
	if (!copy)
		BUG("out of memory");
	dir = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(copy);
	if (dir < 0 || fsync(dir) < 0)
		r = err_errno(e, E_IO, errno, "could not sync the directory of \"%s\"", path);
	if (dir >= 0)
		close(dir);
	return r;
}

static void
sqlite_close(struct db *base)
{
	struct sqlite_db *db = (struct sqlite_db *)base;

	sqlite_wal_stop(db);
	for (unsigned i = 0; i < db->n_readers; i++)
		sqlite_conn_close(&db->readers[i]);
	sqlite_conn_close(&db->writer);
	db_pool_done(&db->pool);
	pthread_mutex_destroy(&db->lock);
	free(db->readers);
	free(db->path);
	free(db);
}

static int
conns_open(struct sqlite_db *db, struct err *e)
{
	int r = file_make(db->path, e);

	if (r >= 0)
		r = sqlite_conn_open(db, &db->writer, true, e);
	for (unsigned i = 0; i < db->n_readers && r >= 0; i++)
		r = sqlite_conn_open(db, &db->readers[i], false, e);
	return r < 0 ? r : sqlite_wal_start(db, e);
}

static void
library_setup(void)
{
	/* The count of memory in use takes a lock at each allocation; nobody reads it. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

static int
sqlite_open(const struct db_conf *conf, struct db **ret, struct err *e)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	const char *path = conf->url + strlen(db_sqlite_ops.scheme);
	struct sqlite_db *db;
	int r;

	if (!*path || *path == ':')
		return err_set(e, E_CONFIG, "the database's url \"%s\" names no file", conf->url);
	pthread_once(&once, library_setup);
	BUG_ON(!sqlite3_threadsafe());
	db = calloc(1, sizeof(*db));
	if (!db)
		BUG("out of memory");
	db->db.ops = &db_sqlite_ops;
	db->path = strdup(path);
	db->vfs = conf->sqlite_vfs;
	db->n_readers = MIN(MAX(conf->readers, 1u), (unsigned)DB_POOL_MAX);
	db->readers = calloc(db->n_readers, sizeof(*db->readers));
	if (!db->path || !db->readers)
		BUG("out of memory");
	db_pool_init(&db->pool, db->n_readers);
	pthread_mutex_init(&db->lock, NULL);
	db->tail = &db->head;
	r = conns_open(db, e);
	if (r < 0)
		sqlite_close(&db->db);
	else
		*ret = &db->db;
	return r;
}

static void
read_run(struct sqlite_conn *c, struct db_work *w)
{
	int rc = sqlite_do(c, &stmt_begin_read);

	if (rc != SQLITE_OK) {
		w->r = sqlite_fail(c, rc, "read", &w->err);
		return;
	}
	db_work_run(w, &c->c, db_now(c->c.db, clock_wall_ms()), 0);
	/* A lost snapshot is gone already; another one must not stay, for it would keep the WAL from beginning anew. */
	if (!sqlite3_get_autocommit(c->h))
		sqlite_do(c, &stmt_end_read);
	BUG_ON(!sqlite3_get_autocommit(c->h));
}

static int
sqlite_read(struct db *base, db_body *body, void *arg, struct err *e)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	struct db_work w = {.body = body, .arg = arg, .e = e};
	unsigned i;
	int r = db_pool_take(&db->pool, &i, e);

	if (r < 0)
		return r;
	read_run(&db->readers[i], &w);
	db_pool_give(&db->pool, i);
	return db_work_end(&w);
}

const struct db_ops db_sqlite_ops = {
	.name = "sqlite",
	.scheme = "sqlite:",
	.open = sqlite_open,
	.close = sqlite_close,
	.write = sqlite_write,
	.read = sqlite_read,
	.exec = sqlite_exec,
	.script = sqlite_script,
	.migrate_lock = sqlite_migrate_lock,
};
