/* SPDX-License-Identifier: Apache-2.0 */
#include "db/db_priv.h"

#define TABLE                                                                                      \
	"CREATE TABLE IF NOT EXISTS schema_migration (version bigint PRIMARY KEY, "                \
	"name text NOT NULL, sha256 text NOT NULL, applied_ms bigint NOT NULL)"

static const struct db_stmt stmt_list = {
	.name = "migration_list",
	.sqlite = "SELECT version, sha256 FROM schema_migration ORDER BY version",
	.pgsql = "SELECT version, sha256 FROM schema_migration ORDER BY version",
	.n_columns = 2,
	.columns = {DB_INT, DB_TEXT},
};

static const struct db_stmt stmt_add = {
	.name = "migration_add",
	.sqlite = "INSERT INTO schema_migration (version, name, sha256, applied_ms) VALUES (?1, ?2, ?3, ?4)",
	.pgsql = "INSERT INTO schema_migration (version, name, sha256, applied_ms) "
		 "VALUES ($1::bigint, $2::text, $3::text, $4::bigint)",
	.n_params = 4,
	.params = {DB_INT, DB_TEXT, DB_TEXT, DB_INT},
	.writes = true,
};

struct migrate {
	const struct db_migration *list;
	size_t n;
	int64_t at; /* the database's version */
	bool pgsql;
};

/* Each row of the database must be the one that the program knows under this number. */
static int
row_check(void *arg, const struct db_value *c, struct err *e)
{
	struct migrate *m = arg;
	int64_t version = c[0].i;

	if (version != m->at + 1)
		return err_set(e, E_DB_MIGRATION, "migration %lld stands in the database, but %lld does not",
			(long long)version, (long long)m->at + 1);
	if ((uint64_t)version > m->n)
		return err_set(e, E_DB_MIGRATION,
			"the database has migration %lld, this program only knows %zu: it was written by a newer one",
			(long long)version, m->n);
	if (!str_eq_c(str_of(c[1].s), m->list[version - 1].sha256))
		return err_set(e, E_DB_MIGRATION, "migration %lld (%s) is not the one that made this database",
			(long long)version, m->list[version - 1].name);
	m->at = version;
	return 0;
}

static int
list_check(const struct db_migration *list, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (list[i].version != (int64_t)i + 1)
			return err_set(e, E_DB_MIGRATION, "migration %zu is missing: %lld (%s) stands in its place", i + 1,
				(long long)list[i].version, list[i].name);
	}
	return 0;
}

/* One step: looks where the database is and brings it one version on, if there is one. */
static int
step(struct db_tx *tx, void *arg, struct err *e)
{
	struct migrate *m = arg;
	const struct db_migration *next;
	int r = tx->conn->db->ops->migrate_lock(tx, e);

	m->at = 0;
	if (r >= 0)
		r = db_script(tx, TABLE, e);
	if (r >= 0)
		r = db_exec(tx, &stmt_list, NULL, row_check, m, e);
	if (r < 0 || (size_t)m->at == m->n)
		return r;
	next = &m->list[m->at];
	r = db_script(tx, m->pgsql ? next->pgsql : next->sqlite, e);
	if (r < 0)
		return err_wrap(e, "migration %lld (%s)", (long long)next->version, next->name);
	r = db_exec(tx, &stmt_add, (const struct db_value[]){
		{.type = DB_INT, .i = next->version},
		{.type = DB_TEXT, .s = blob_of(str_c(next->name))},
		{.type = DB_TEXT, .s = blob_of(str_c(next->sha256))},
		{.type = DB_INT, .i = tx->now_ms},
	}, NULL, NULL, e);
	if (r >= 0)
		m->at = next->version;
	return r;
}

int
db_migrate(struct db *db, const struct db_migration *list, size_t n, struct err *e)
{
	struct migrate m = {.list = list, .n = n, .pgsql = db->ops == &db_pgsql_ops};
	int r = list_check(list, n, e);

	if (r < 0)
		return r;
	do {
		r = db_write(db, step, &m, e);
	} while (r >= 0 && (size_t)m.at < n);
	return r;
}
