/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_pgsql_priv.h"

#include <endian.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/inject.h"
#include "base/rand.h"

#define RUNS_MAX 12 /* of a body that keeps colliding */
#define MIGRATE_KEY "7310313713041" /* of the advisory lock under which schemas are changed */

/* How a run of a transaction ended. */
enum ended { ENDED, COLLIDED, LOST };

#define CLOCK_KEPT_MS 1000
#define CLOCK_JUMP_MS 50

#define OWN(id, title, sql) static const struct db_stmt id = {.name = (title), .pgsql = (sql)}
OWN(stmt_begin_write, "begin", "BEGIN ISOLATION LEVEL READ COMMITTED");
OWN(stmt_begin_read, "begin", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
OWN(stmt_clock, "clock", "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS bigint)");
OWN(stmt_commit, "commit", "COMMIT");
OWN(stmt_rollback, "rollback", "ROLLBACK");

/*
 * The server's clock, asked at most once a second and counted on by the monotonic clock: behind the server's by the
 * round trip at most, never ahead. Where this machine slept, or its clocks stopped with the whole machine, they differ,
 * and it is asked again.
 */
static int
clock_ask(struct pgsql_conn *c, struct err *e)
{
	int64_t mono = clock_mono_ms(), wall = clock_wall_ms() - clock_shift_ms(), since = mono - c->asked_mono_ms;
	PGSQL_RESULT(res);
	int r;

	if (c->asked_mono_ms && since < CLOCK_KEPT_MS && llabs(wall - c->asked_wall_ms - since) < CLOCK_JUMP_MS)
		return 0;
	r = pgsql_queue(c, &stmt_clock, NULL, e);
	if (r == 0)
		r = pgsql_queue_end(c, &res, e);
	if (r < 0)
		return r;
	memcpy(&c->clock_ms, PQgetvalue(res, 0, 0), sizeof(c->clock_ms));
	c->clock_ms = (int64_t)be64toh((uint64_t)c->clock_ms);
	c->asked_mono_ms = clock_mono_ms();
	c->asked_wall_ms = clock_wall_ms() - clock_shift_ms();
	return 0;
}

/* The BEGIN travels with the body's first statement. */
static int
begin(struct pgsql_conn *c, int64_t *ret_now, struct err *e)
{
	int r = c->n_queue ? pgsql_queue_wait(c, NULL, e) : 0; /* of the reading before, see end_read() */

	if (r == 0)
		r = pgsql_queue(c, c->c.writer ? &stmt_begin_write : &stmt_begin_read, NULL, e);
	if (r == 0)
		r = clock_ask(c, e);
	if (r == 0 && clock_stands())
		*ret_now = db_now(c->c.db, clock_wall_ms());
	else if (r == 0)
		*ret_now = db_now(c->c.db, c->clock_ms + clock_mono_ms() - c->asked_mono_ms + clock_shift_ms());
	return r;
}

static void
rollback(struct pgsql_conn *c)
{
	ERR(ignored);

	c->c.epoch++;
	/* What is still queued may have failed; the transaction goes back either way. */
	if (pgsql_queue_end(c, NULL, &ignored) < 0)
		err_clear(&ignored);
	if (pgsql_alive(c) && pgsql_do(c, "ROLLBACK", "rollback", &ignored) == 0)
		return;
	pgsql_disconnect(c);
}

/* Nobody waits for the end of a reading: the next user of the connection does. */
static void
end_read(struct pgsql_conn *c)
{
	ERR(ignored);

	if (pgsql_queue(c, &stmt_rollback, NULL, &ignored) < 0 || pgsql_queue_send(c, &ignored) < 0)
		pgsql_disconnect(c);
}

static int
uncertain(struct pgsql_conn *c, struct err *e)
{
	pgsql_disconnect(c);
	return err_set(e, E_DB_UNCERTAIN, "the connection to PostgreSQL died in COMMIT");
}

static int
commit(struct pgsql_conn *c, struct err *e)
{
	PGSQL_RESULT(res);
	int r;

	if (c->c.writer && (INJECT("db.commit") || INJECT("db.fsync"))) {
		rollback(c);
		return err_set(e, E_DB_ERROR, "commit: the database reports a fault");
	}
	r = pgsql_queue(c, &stmt_commit, NULL, e);
	if (r == 0)
		r = pgsql_queue_end(c, &res, e);
	if (r < 0 && !pgsql_alive(c))
		return uncertain(c, e);
	/* A transaction that had failed answers COMMIT with success and the word ROLLBACK. */
	if (r == 0 && strcmp(PQcmdStatus(res), "COMMIT") != 0)
		r = err_set(e, E_DB_ERROR, "commit: PostgreSQL rolled the transaction back");
	if (r == 0 && c->c.writer && INJECT("db.committed"))
		return uncertain(c, e);
	return r;
}

/* Connects where needed, begins, runs the body, commits or rolls back. */
static enum ended
run(struct pgsql_conn *c, struct db_work *w, unsigned lane)
{
	int64_t now;

	c->collided = false;
	w->r = pgsql_connect(c, &w->err);
	if (w->r < 0)
		return ENDED;
	w->r = begin(c, &now, &w->err);
	if (w->r == 0)
		db_work_run(w, &c->c, now, lane);
	/* The COMMIT travels with what is queued, unless one of that may forbid it. */
	if (w->r == 0 && c->must)
		w->r = pgsql_queue_end(c, NULL, &w->err);
	if (!pgsql_alive(c)) {
		/* Nothing was committed: it may run again. The error of the loss is told if that fails too. */
		if (w->r == 0)
			w->r = err_set(&w->err, E_DB_DOWN, "the connection to PostgreSQL is lost");
		pgsql_disconnect(c);
		return LOST;
	}
	if (w->r == 0 && !c->c.writer) {
		end_read(c);
	} else if (w->r == 0) {
		w->r = commit(c, &w->err);
		if (w->r < 0 && pgsql_alive(c))
			rollback(c);
	} else {
		rollback(c);
	}
	/* Alive but of no use, like a standby after a failover: the next one asks anew for a server that serves. */
	if (w->r == E_DB_DOWN)
		pgsql_disconnect(c);
	return c->collided ? COLLIDED : ENDED;
}

static void
pause_ms(uint64_t ms)
{
	struct timespec ts = {(time_t)(ms / 1000), (long)(ms % 1000 * 1000000)};

	nanosleep(&ts, NULL);
}

/* Connections that a restarted server has closed are noticed at their first use only: one more run is free. */
static void
run_all(struct pgsql_conn *c, struct db_work *w, unsigned lane)
{
	bool lost = false;

	for (unsigned i = 1; i <= RUNS_MAX; i++) {
		enum ended ended = run(c, w, lane);

		if (ended == ENDED || (ended == LOST && lost))
			return;
		if (ended == LOST)
			lost = true;
		else
			pause_ms(rand_below(UINT64_C(4) << MIN(i, 6u)));
	}
	w->r = err_set(&w->err, E_DB_BUSY, "the write collided %d times with others", RUNS_MAX);
	w->err.retry_after_s = 1;
}

static int
pgsql_write(struct db *base, db_body *body, void *arg, struct err *e)
{
	struct pgsql_db *db = (struct pgsql_db *)base;
	struct db_work w = {.body = body, .arg = arg, .e = e};
	unsigned i;
	int r = db_pool_take(&db->writing, &i, e);

	if (r < 0)
		return r;
	run_all(&db->writers[i], &w, i);
	db_pool_give(&db->writing, i);
	return db_work_end(&w);
}

static int
pgsql_read(struct db *base, db_body *body, void *arg, struct err *e)
{
	struct pgsql_db *db = (struct pgsql_db *)base;
	struct db_work w = {.body = body, .arg = arg, .e = e};
	unsigned i;
	int r = db_pool_take(&db->reading, &i, e);

	if (r < 0)
		return r;
	run_all(&db->readers[i], &w, 0);
	db_pool_give(&db->reading, i);
	/* Nothing was to be kept, so nothing is uncertain. */
	if (w.r == E_DB_UNCERTAIN)
		w.r = err_set(&w.err, E_DB_DOWN, "the connection to PostgreSQL is lost");
	return db_work_end(&w);
}

static int
pgsql_script(struct db_tx *tx, const char *sql, struct err *e)
{
	return pgsql_do((struct pgsql_conn *)tx->conn, sql, "script", e);
}

static int
pgsql_migrate_lock(struct db_tx *tx, struct err *e)
{
	return db_script(tx, "SET LOCAL lock_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0;"
		"SELECT pg_advisory_xact_lock(" MIGRATE_KEY ")", e);
}

/*
 * Where the url names no user libpq takes the name of the one who runs the program. The core's own user has none: whoever
 * started the service as root would be told of an unknown "local user with ID 60706".
 */
static int
url_check(const char *url, struct err *e)
{
	PQconninfoOption *all = PQconninfoParse(url, NULL);
	bool named = getenv("PGUSER") || getenv("PGSERVICE") || getpwuid(geteuid());

	if (!all)
		return err_set(e, E_CONFIG, "the database's url is not of the form postgresql://user@host:port/database");
	for (PQconninfoOption *o = all; o->keyword; o++)
		named |= o->val && (strcmp(o->keyword, "user") == 0 || strcmp(o->keyword, "service") == 0);
	PQconninfoFree(all);
	if (named)
		return 0;
	err_set(e, E_CONFIG, "the database's url names no user, and the user who runs the service here has no name");
	err_hint(e, "Write postgresql://USER@HOST/NAME.");
	return E_CONFIG;
}

static struct pgsql_conn *
conns_new(struct pgsql_db *db, unsigned n, bool writer)
{
	struct pgsql_conn *c = calloc(n, sizeof(*c));

	if (!c)
		BUG("out of memory");
	for (unsigned i = 0; i < n; i++) {
		c[i].c.db = &db->db;
		c[i].c.writer = writer;
	}
	return c;
}

static void
pgsql_close(struct db *base)
{
	struct pgsql_db *db = (struct pgsql_db *)base;

	for (unsigned i = 0; i < db->n_readers; i++)
		pgsql_disconnect(&db->readers[i]);
	for (unsigned i = 0; i < db->n_writers; i++)
		pgsql_disconnect(&db->writers[i]);
	db_pool_done(&db->reading);
	db_pool_done(&db->writing);
	free(db->readers);
	free(db->writers);
	free(db->url);
	free(db);
}

static int
pgsql_open(const struct db_conf *conf, struct db **ret, struct err *e)
{
	struct pgsql_db *db;
	int r = url_check(conf->url, e);

	if (r < 0)
		return r;
	db = calloc(1, sizeof(*db));
	if (!db)
		BUG("out of memory");
	db->db.ops = &db_pgsql_ops;
	db->url = strdup(conf->url);
	if (!db->url)
		BUG("out of memory");
	db->n_readers = MIN(MAX(conf->readers, 1u), (unsigned)DB_POOL_MAX);
	db->n_writers = MIN(MAX(conf->writers, 1u), (unsigned)DB_POOL_MAX);
	db->readers = conns_new(db, db->n_readers, false);
	db->writers = conns_new(db, db->n_writers, true);
	db_pool_init(&db->reading, db->n_readers);
	db_pool_init(&db->writing, db->n_writers);
	/* The others are opened at their first use. */
	r = pgsql_connect(&db->writers[0], e);
	if (r < 0)
		pgsql_close(&db->db);
	else
		*ret = &db->db;
	return r;
}

const struct db_ops db_pgsql_ops = {
	.name = "postgresql",
	.scheme = "postgresql://",
	.open = pgsql_open,
	.close = pgsql_close,
	.write = pgsql_write,
	.read = pgsql_read,
	.exec = pgsql_exec,
	.script = pgsql_script,
	.migrate_lock = pgsql_migrate_lock,
};
