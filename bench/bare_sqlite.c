/* SPDX-License-Identifier: Apache-2.0 */
#include "bare.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

struct bare_sqlite {
	struct bare_db db;
	sqlite3 *h;
	sqlite3_stmt *stmts[BARE_STMTS];
};

static void
need(struct bare_sqlite *s, int rc)
{
	if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
		return;
	fprintf(stderr, "sqlite: %s\n", sqlite3_errmsg(s->h));
	abort();
}

static void
begin(struct bare_db *db)
{
	struct bare_sqlite *s = (struct bare_sqlite *)db;

	need(s, sqlite3_exec(s->h, "BEGIN IMMEDIATE", NULL, NULL, NULL));
}

static void
commit(struct bare_db *db)
{
	struct bare_sqlite *s = (struct bare_sqlite *)db;

	need(s, sqlite3_exec(s->h, "COMMIT", NULL, NULL, NULL));
}

static void
settle(struct bare_db *db)
{
	(void)db;
}

static void
run(struct bare_db *db, unsigned stmt, const struct bare_value *v, unsigned n, int64_t *ret)
{
	struct bare_sqlite *s = (struct bare_sqlite *)db;
	sqlite3_stmt *st = s->stmts[stmt];
	int rc;

	for (unsigned i = 0; i < n; i++) {
		if (!v[i].p)
			sqlite3_bind_int64(st, (int)i + 1, v[i].i);
		else if (v[i].text)
			sqlite3_bind_text(st, (int)i + 1, v[i].p, (int)v[i].n, SQLITE_STATIC);
		else
			sqlite3_bind_blob(st, (int)i + 1, v[i].p, (int)v[i].n, SQLITE_STATIC);
	}
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		if (ret)
			*ret = sqlite3_column_int64(st, 0);
	}
	need(s, rc);
	sqlite3_reset(st);
}

static void
done(struct bare_db *db)
{
	struct bare_sqlite *s = (struct bare_sqlite *)db;

	for (unsigned i = 0; i < BARE_STMTS; i++)
		sqlite3_finalize(s->stmts[i]);
	sqlite3_close(s->h);
	free(s);
}

struct bare_db *
bare_sqlite_open(const char *path)
{
	struct bare_sqlite *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->db = (struct bare_db){begin, run, settle, commit, done};
	need(s, sqlite3_open_v2(path, &s->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
	/* The service's own settings; the WAL is moved at 32 MB, as the service does it. */
	need(s, sqlite3_exec(s->h,
		"PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
		"PRAGMA wal_autocheckpoint=8000", NULL, NULL, NULL));
	for (unsigned i = 0; i < BARE_STMTS; i++)
		need(s, sqlite3_prepare_v3(s->h, bare_sql[i], -1, SQLITE_PREPARE_PERSISTENT, &s->stmts[i], NULL));
	return &s->db;
}
