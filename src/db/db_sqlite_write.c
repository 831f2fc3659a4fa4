/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writers share one fsync. A thread that wants to write queues its body; the one with the baton runs all that wait,
 * commits once, tells each its result and hands the baton on.
 *
 * A savepoint makes SQLite copy each page that a member changes, so a group runs without at first: nearly all bodies
 * that fail do so before they have changed anything. Where one fails later, the group begins anew with each member
 * between SAVEPOINT and RELEASE, and so do the next groups.
 */
#include "db/db_sqlite_priv.h"

#include <errno.h>
#include <semaphore.h>

#include "base/clock.h"
#include "base/inject.h"

#define CAREFUL_GROUPS 32 /* that run with savepoints after one was spoiled: who fails on purpose costs little */

/* Lives on the stack of the thread that waits for it. Its own semaphore wakes it: one that slept on the queue's lock would
 * at once wait for that again, behind the one that wakes all others. */
struct sqlite_member {
	struct sqlite_member *next;
	bool leads; /* why it is woken: for the baton, or because it is done */
	sem_t wake; /* posted once; from then on the member may be gone */
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

/* How the run of one member ended. */
enum ran {
	RAN, /* what it did stands, or it failed and did nothing */
	SPOILED, /* it failed, and what it did cannot be told from what the others did */
	LOST, /* the engine has thrown the transaction away */
};

static void
rollback(struct sqlite_conn *c)
{
	c->c.epoch++;
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

static int
take_back(struct sqlite_conn *c)
{
	c->c.epoch++;
	return sqlite_do(c, &stmt_rollback_to);
}

/* Runs one body inside the open transaction. */
static enum ran
member_run(struct sqlite_db *db, struct sqlite_member *m, bool savepoint)
{
	struct sqlite_conn *c = &db->writer;
	int rc = savepoint ? sqlite_do(c, &stmt_savepoint) : SQLITE_OK;

	if (rc == SQLITE_OK) {
		db_work_run(&m->w, &c->c, db_now(&db->db, clock_wall_ms()), 0);
		if (sqlite3_get_autocommit(c->h))
			return LOST;
		if (!savepoint)
			return m->w.r < 0 && c->c.touched ? SPOILED : RAN;
		if (m->w.r < 0)
			rc = take_back(c);
		if (rc == SQLITE_OK)
			rc = sqlite_do(c, &stmt_release);
	}
	if (rc != SQLITE_OK)
		m->w.r = sqlite_fail(c, rc, "write", &m->w.err);
	return rc == SQLITE_OK ? RAN : LOST;
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
	if (member_run(db, m, false) != RAN) {
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
	for (unsigned i = 0; i < g->n; i++)
		member_alone(db, g->members[i]);
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

/* Runs those in the group and all that wait, up to the commit. RAN without a transaction: it could not begin. */
static enum ran
group_try(struct sqlite_db *db, struct group *g, bool savepoints)
{
	struct sqlite_conn *c = &db->writer;
	struct sqlite_member *m;
	enum ran ran = RAN;
	int rc = sqlite_do(c, &stmt_begin);

	for (unsigned i = 0; ran == RAN && (m = i < g->n ? g->members[i] : group_take(db, g)); i++) {
		if (rc != SQLITE_OK)
			m->w.r = sqlite_fail(c, rc, "write", &m->w.err);
		else
			ran = member_run(db, m, savepoints);
	}
	if (ran != RAN)
		rollback(c);
	return ran;
}

/* A commit that fails keeps its code for the question whether the disk is full. */
static bool
group_end(struct sqlite_db *db, const struct group *g, enum ran ran)
{
	int rc = ran == LOST ? SQLITE_OK : commit(db);
	bool full = rc != SQLITE_OK && sqlite_is_full(&db->writer, rc);

	for (unsigned i = 0; ran == LOST && i < g->n; i++)
		full |= g->members[i]->w.r == E_DB_FULL;
	if (full)
		sqlite_wal_relieve(db);
	return ran != LOST && rc == SQLITE_OK;
}

static void
group_run(struct sqlite_db *db, struct group *g)
{
	enum ran ran;

	scrub(db);
	sqlite_wal_hold(db);
	ran = group_try(db, g, db->careful > 0);
	if (db->careful)
		db->careful--;
	if (ran == SPOILED) {
		db->careful = CAREFUL_GROUPS;
		ran = group_try(db, g, true);
	}
	if (ran == RAN && sqlite3_get_autocommit(db->writer.h))
		return;
	if (!group_end(db, g, ran)) {
		group_alone(db, g);
	} else if (INJECT("db.committed")) {
		for (unsigned i = 0; i < g->n; i++)
			uncertain(g->members[i]);
	}
}

static void
wake(struct sqlite_member *m, bool leads)
{
	m->leads = leads;
	sem_post(&m->wake);
}

/* The caller holds the baton. Its own member is the queue's first. */
static void
lead(struct sqlite_db *db, struct sqlite_member *me)
{
	struct group g = {.n = 0};
	struct sqlite_member *next;

	group_run(db, &g);
	BUG_ON(g.n == 0 || g.members[0] != me);
	pthread_mutex_lock(&db->lock);
	next = db->head; /* it stays the first until it leads */
	db->held = next;
	pthread_mutex_unlock(&db->lock);
	if (next)
		wake(next, true);
	for (unsigned i = 1; i < g.n; i++)
		wake(g.members[i], false);
}

int
sqlite_write(struct db *base, db_body *body, void *arg, struct err *e)
{
	struct sqlite_db *db = (struct sqlite_db *)base;
	struct sqlite_member me = {.w = {.body = body, .arg = arg, .e = e}};
	bool waits;

	sem_init(&me.wake, 0, 0);
	pthread_mutex_lock(&db->lock);
	*db->tail = &me;
	db->tail = &me.next;
	waits = db->held;
	db->held = true;
	pthread_mutex_unlock(&db->lock);
	while (waits && sem_wait(&me.wake) < 0)
		BUG_ON(errno != EINTR);
	if (!waits || me.leads)
		lead(db, &me);
	sem_destroy(&me.wake);
	return db_work_end(&me.w);
}
