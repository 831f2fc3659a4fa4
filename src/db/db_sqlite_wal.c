/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SQLite moves the WAL into the database file at a commit once it is 4 MB large, which makes one writer wait for all.
 * Here a thread does it, beside the writers, and only where it cannot keep up does the writer stop for it.
 */
#include "db/db_sqlite_priv.h"

#include <stdlib.h>
#include <sys/statvfs.h>

#include "base/clock.h"

#define READERS_WAIT_MS 250 /* how long the writer waits for readers of an old snapshot */
#define RELIEVE_PAUSE_MS 1000

/* The disk's room decides how large the WAL may become. */
static void
look(struct sqlite_wal *w, int64_t bytes)
{
	struct statvfs v;
	int64_t soft = SQLITE_WAL_SOFT;

	if (statvfs(w->path, &v) == 0)
		soft = MIN(soft, ((int64_t)v.f_bavail * (int64_t)v.f_frsize + bytes) / 4);
	soft = MAX(soft, SQLITE_WAL_SOFT_MIN);
	atomic_store(&w->soft, soft);
	w->next_look = bytes + SQLITE_WAL_SOFT_MIN;
	atomic_store(&w->next_soft, MIN(atomic_load(&w->next_soft), MAX(soft, bytes + soft / 8)));
	w->next_hard = MIN(w->next_hard, MAX(2 * soft, bytes + soft / 8));
}

/* Called by SQLite after each commit of the writer. */
static int
wal_grew(void *arg, UNUSED sqlite3 *h, UNUSED const char *name, int frames)
{
	struct sqlite_wal *w = arg;
	int64_t bytes = frames * w->frame;

	atomic_store(&w->bytes, bytes);
	if (bytes > w->next_look || bytes < w->next_look - 2 * SQLITE_WAL_SOFT_MIN)
		look(w, bytes);
	if (bytes > w->soft) {
		pthread_mutex_lock(&w->lock);
		if (bytes > atomic_load(&w->next_soft))
			pthread_cond_signal(&w->wake);
		pthread_mutex_unlock(&w->lock);
	} else {
		atomic_store(&w->next_soft, w->soft);
		w->next_hard = 2 * w->soft;
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
		atomic_store(&w->next_soft, bytes + w->soft / 8);
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
		w->next_hard = bytes + w->soft / 8;
	sqlite3_busy_timeout(db->writer.h, DB_WAIT_MS);
	pthread_mutex_unlock(&w->checkpointing);
}

void
sqlite_wal_relieve(struct sqlite_db *db)
{
	struct sqlite_wal *w = &db->wal;
	int64_t now = clock_mono_ms();

	if (!w->started || (w->relieved_ms && now - w->relieved_ms < RELIEVE_PAUSE_MS))
		return;
	w->relieved_ms = now;
	pthread_mutex_lock(&w->checkpointing);
	sqlite3_busy_timeout(db->writer.h, READERS_WAIT_MS);
	if (sqlite3_wal_checkpoint_v2(db->writer.h, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK) {
		atomic_store(&w->bytes, 0);
		look(w, 0);
	}
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
	w->path = db->path;
	atomic_store(&w->next_soft, SQLITE_WAL_SOFT);
	w->next_hard = 2 * SQLITE_WAL_SOFT;
	look(w, 0);
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
