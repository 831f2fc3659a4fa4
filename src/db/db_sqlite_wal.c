/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite moves the WAL into the database file at a commit once it is 4 MB large, which makes one writer wait for all.
 * Here a thread does it, beside the writers, and only where it cannot keep up does the writer stop for it.
 */
#include "db/db_sqlite_priv.h"

#include <stdlib.h>

#define READERS_WAIT_MS 250 /* how long the writer waits for readers of an old snapshot */

/* Called by SQLite after each commit of the writer. */
static int
wal_grew(void *arg, UNUSED sqlite3 *h, UNUSED const char *name, int frames)
{
	struct sqlite_wal *w = arg;
	int64_t bytes = frames * w->frame;

	atomic_store(&w->bytes, bytes);
	if (bytes > SQLITE_WAL_SOFT) {
		pthread_mutex_lock(&w->lock);
		if (bytes > atomic_load(&w->next_soft))
			pthread_cond_signal(&w->wake);
		pthread_mutex_unlock(&w->lock);
	} else {
		atomic_store(&w->next_soft, SQLITE_WAL_SOFT);
		w->next_hard = SQLITE_WAL_HARD;
	}
	return SQLITE_OK;
}

static void *
wal_thread(void *arg)
{
	struct sqlite_wal *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!w->stop) {
		int64_t bytes = atomic_load(&w->bytes);

		if (bytes <= atomic_load(&w->next_soft)) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		atomic_store(&w->next_soft, bytes + SQLITE_WAL_STEP);
		pthread_mutex_unlock(&w->lock);
		pthread_mutex_lock(&w->checkpointing);
		/* A failure shows again at the writer's own checkpoint and, at last, as a full disk. */
		sqlite3_wal_checkpoint_v2(w->conn.h, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
		pthread_mutex_unlock(&w->checkpointing);
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

void
sqlite_wal_hold(struct sqlite_db *db)
{
	struct sqlite_wal *w = &db->wal;
	int64_t bytes = atomic_load(&w->bytes);

	if (bytes <= w->next_hard)
		return;
	pthread_mutex_lock(&w->checkpointing);
	sqlite3_busy_timeout(db->writer.h, READERS_WAIT_MS);
	/* When a reader holds an old snapshot for long, the WAL cannot begin anew: tried again a step later. */
	if (sqlite3_wal_checkpoint_v2(db->writer.h, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL) == SQLITE_OK)
		atomic_store(&w->bytes, 0);
	else
		w->next_hard = bytes + SQLITE_WAL_STEP;
	sqlite3_busy_timeout(db->writer.h, DB_WAIT_MS);
	pthread_mutex_unlock(&w->checkpointing);
}

static int
page_size_get(void *ret, UNUSED int n, char **values, UNUSED char **names)
{
	*(int64_t *)ret = strtoll(values[0], NULL, 10) + 24; /* a frame's header has 24 bytes */
	return 0;
}

int
sqlite_wal_start(struct sqlite_db *db, struct err *e)
{
	struct sqlite_wal *w = &db->wal;
	int r, rc = sqlite3_exec(db->writer.h, "PRAGMA page_size", page_size_get, &w->frame, NULL);

	if (rc != SQLITE_OK)
		return sqlite_fail(&db->writer, rc, db->path, e);
	r = sqlite_conn_open(db, &w->conn, false, e);
	if (r < 0)
		return r;
	pthread_mutex_init(&w->lock, NULL);
	pthread_mutex_init(&w->checkpointing, NULL);
	pthread_cond_init(&w->wake, NULL);
	atomic_store(&w->next_soft, SQLITE_WAL_SOFT);
	w->next_hard = SQLITE_WAL_HARD;
	r = pthread_create(&w->thread, NULL, wal_thread, w);
	if (r != 0) {
		sqlite_conn_close(&w->conn);
		return err_errno(e, E_INTERNAL, r, "could not start the checkpoint thread");
	}
	pthread_setname_np(w->thread, "checkpoint");
	w->started = true;
	sqlite3_wal_hook(db->writer.h, wal_grew, w);
	return 0;
}

void
sqlite_wal_stop(struct sqlite_db *db)
{
	struct sqlite_wal *w = &db->wal;

	if (!w->started)
		return;
	pthread_mutex_lock(&w->lock);
	w->stop = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	sqlite_conn_close(&w->conn);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->checkpointing);
	pthread_mutex_destroy(&w->lock);
}
