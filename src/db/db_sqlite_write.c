/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writers share one fsync. A thread that wants to write queues its body; the one with the baton runs all that wait,
 * each between SAVEPOINT and RELEASE, commits once, tells each its result and hands the baton on.
 */
#include "db/db_sqlite_priv.h"

#include "base/clock.h"
#include "base/inject.h"

enum member_state { WAITS, LEADS, DONE };

/* Lives on the stack of the thread that waits for it. */
struct sqlite_member {
	struct sqlite_member *next;
	enum member_state state; /* under the queue's lock */
	pthread_cond_t wake;
	struct db_work w;
};

struct group {
	struct sqlite_member *members[SQLITE_GROUP_MAX];
	unsigned n;
};

#define OWN(id, sql) static const struct db_stmt id = {.name = sql, .sqlite = sql}
OWN(stmt_begin, "BEGIN IMMEDIATE");
OWN(stmt_commit, "COMMIT");
OWN(stmt_rollback, "ROLLBACK");
OWN(stmt_savepoint, "SAVEPOINT member");
OWN(stmt_release, "RELEASE member");
OWN(stmt_rollback_to, "ROLLBACK TO member");
OWN(stmt_mark_0, "PRAGMA user_version=0");
OWN(stmt_mark_1, "PRAGMA user_version=1");

static void
rollback(struct sqlite_conn *c)
{
	if (!sqlite3_get_autocommit(c->h))
		sqlite_do(c, &stmt_rollback);
	BUG_ON(!sqlite3_get_autocommit(c->h));
}

/*
 * A COMMIT that failed in its fsync has left its frames in the WAL: no connection sees them, but the recovery after a
 * crash would. The next commit lies over them, and nobody may be told "nothing was done" before it has. So a small
 * commit is made at once; while it fails, tail_dirty stays and those who fail are told E_DB_UNCERTAIN.
 */
static void
scrub(struct sqlite_db *db)
{
	struct sqlite_conn *c = &db->writer;

	if (!db->tail_dirty || sqlite_do(c, &stmt_begin) != SQLITE_OK)
		return;
	db->mark = !db->mark;
	if (sqlite_do(c, db->mark ? &stmt_mark_1 : &stmt_mark_0) == SQLITE_OK && sqlite_do(c, &stmt_commit) == SQLITE_OK)
		db->tail_dirty = false;
	rollback(c);
}

/* SQLite's code; when it is not OK, the transaction is over and nothing of it stands. */
static int
commit(struct sqlite_db *db)
{
	struct sqlite_conn *c = &db->writer;
	int rc = SQLITE_OK;

	if (INJECT("db.commit") || INJECT("db.fsync"))
		rc = SQLITE_IOERR_FSYNC;
	if (rc == SQLITE_OK) {
		rc = sqlite_do(c, &stmt_commit);
		if ((rc & 0xff) == SQLITE_IOERR)
			db->tail_dirty = true;
	}
	if (rc != SQLITE_OK) {
		rollback(c);
		scrub(db);
	}
	return rc;
}

static void
uncertain(struct sqlite_member *m)
{
	m->w.r = err_set(&m->w.err, E_DB_UNCERTAIN, "the disk failed during the commit");
}

/* Runs one body inside the open transaction. False: the engine has thrown the transaction away. */
static bool
member_run(struct sqlite_db *db, struct sqlite_member *m)
{
	struct sqlite_conn *c = &db->writer;
	int rc = sqlite_do(c, &stmt_savepoint);

	if (rc == SQLITE_OK) {
		db_work_run(&m->w, &c->c, db_now(&db->db, clock_wall_ms()), 0);
		if (sqlite3_get_autocommit(c->h))
			return false;
		if (m->w.r < 0)
			rc = sqlite_do(c, &stmt_rollback_to);
		if (rc == SQLITE_OK)
			rc = sqlite_do(c, &stmt_release);
	}
	if (rc != SQLITE_OK)
		m->w.r = sqlite_fail(c, rc, "write", &m->w.err);
	return rc == SQLITE_OK;
}

/* A transaction of its own for one that was in a lost group: what fails now is its own failure. */
static void
member_alone(struct sqlite_db *db, struct sqlite_member *m)
{
	struct sqlite_conn *c = &db->writer;
	int rc = sqlite_do(c, &stmt_begin);

	if (rc != SQLITE_OK) {
		m->w.r = sqlite_fail(c, rc, "write", &m->w.err);
		return;
	}
	if (!member_run(db, m)) {
		BUG_ON(m->w.r >= 0);
		rollback(c);
		return;
	}
	rc = commit(db);
	if (rc != SQLITE_OK && m->w.r >= 0)
		m->w.r = sqlite_fail(c, rc, "commit", &m->w.err);
	else if (rc == SQLITE_OK && INJECT("db.committed"))
		uncertain(m);
}

static void
group_alone(struct sqlite_db *db, struct group *g)
{
	for (unsigned i = 0; i < g->n; i++) {
		struct sqlite_member *m = g->members[i];

		/* Between the two runs. */
		m->w.r = err_set(&m->w.err, E_DB_GROUP_LOST, "the group of writes was lost");
		member_alone(db, m);
	}
	scrub(db);
	for (unsigned i = 0; i < g->n && db->tail_dirty; i++) {
		if (g->members[i]->w.r < 0)
			uncertain(g->members[i]);
	}
}

/* Takes the next that waits into the group; NULL when there is none or the group is full. */
static struct sqlite_member *
group_take(struct sqlite_db *db, struct group *g)
{
	struct sqlite_member *m = NULL;

	if (g->n == SQLITE_GROUP_MAX)
		return NULL;
	pthread_mutex_lock(&db->lock);
	m = db->head;
	if (m) {
		db->head = m->next;
		if (!m->next)
			db->tail = &db->head;
		g->members[g->n++] = m;
	}
	pthread_mutex_unlock(&db->lock);
	return m;
}

static void
group_run(struct sqlite_db *db, struct group *g)
{
	struct sqlite_conn *c = &db->writer;
	struct sqlite_member *m;
	int rc;

	scrub(db);
	sqlite_wal_hold(db);
	rc = sqlite_do(c, &stmt_begin);
	while ((m = group_take(db, g))) {
		if (rc != SQLITE_OK) {
			m->w.r = sqlite_fail(c, rc, "write", &m->w.err);
		} else if (!member_run(db, m)) {
			rollback(c);
			group_alone(db, g);
			return;
		}
	}
	if (rc != SQLITE_OK)
		return;
	if (commit(db) != SQLITE_OK) {
		group_alone(db, g);
	} else if (INJECT("db.committed")) {
		for (unsigned i = 0; i < g->n; i++)
			uncertain(g->members[i]);
	}
}

/* The caller holds the baton. Its own member is the queue's first. */
static void
lead(struct sqlite_db *db, struct sqlite_member *me)
{
	struct group g = {.n = 0};

	group_run(db, &g);
	BUG_ON(g.n == 0 || g.members[0] != me);
	pthread_mutex_lock(&db->lock);
	for (unsigned i = 0; i < g.n; i++) {
		g.members[i]->state = DONE;
		pthread_cond_signal(&g.members[i]->wake);
	}
	db->held = db->head;
	if (db->head) {
		db->head->state = LEADS;
		pthread_cond_signal(&db->head->wake);
	}
	pthread_mutex_unlock(&db->lock);
}

int
sqlite_write(struct db *base, db_body *body, void *arg, struct err *e)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	struct sqlite_member me = {.state = WAITS, .w = {.body = body, .arg = arg, .e = e}};
	bool leads;

	pthread_cond_init(&me.wake, NULL);
	pthread_mutex_lock(&db->lock);
	*db->tail = &me;
	db->tail = &me.next;
	if (!db->held) {
		db->held = true;
		me.state = LEADS;
	}
	while (me.state == WAITS)
		pthread_cond_wait(&me.wake, &db->lock);
	leads = me.state == LEADS;
	pthread_mutex_unlock(&db->lock);
	if (leads)
		lead(db, &me);
	pthread_cond_destroy(&me.wake);
	return db_work_end(&me.w);
}
