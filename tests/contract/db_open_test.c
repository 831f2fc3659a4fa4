/* SPDX-License-Identifier: Apache-2.0 */
/* Opening and migrating a database, on both engines. */
#include "db_env.h"

#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

/* -- migrations */

#define MIGRATION(n, text, hash) {.version = (n), .name = "m" #n, .sqlite = (text), .pgsql = (text), .sha256 = (hash)}

static void
migrations_go_forward_and_are_checked(struct env *v)
{
	struct db_migration list[] = {store_migrations[0],
		MIGRATION(2, "CREATE TABLE m2 (x bigint);\nINSERT INTO m2 VALUES (1);\n", "h2"),
		MIGRATION(3, "CREATE TABLE m3 (x bigint);", "h3")};
	struct db_migration changed[] = {list[0], list[1], list[2]}, gap[] = {list[0], list[2]},
		bad[] = {list[0], list[1], list[2],
			MIGRATION(4, "CREATE TABLE m4 (x bigint);\nSELECT nothing FROM nowhere;", "h4")};
	ERR(e);

	assert_code(db_migrate(v->db, gap, 2, &e), E_DB_MIGRATION);
	assert_int_equal(db_migrate(v->db, list, 3, &e), 0);
	assert_int_equal(db_migrate(v->db, list, 3, &e), 0);
	changed[1].sha256 = "other";
	assert_code(db_migrate(v->db, changed, 3, &e), E_DB_MIGRATION);
	assert_non_null(strstr(e.msg, "m2"));
	assert_code(db_migrate(v->db, list, 2, &e), E_DB_MIGRATION);
	assert_non_null(strstr(e.msg, "newer"));
	/* one that fails leaves nothing of itself, so that it can be mended and run again */
	assert_code(db_migrate(v->db, bad, 4, &e), E_DB_ERROR);
	bad[3].sqlite = bad[3].pgsql = "CREATE TABLE m4 (x bigint)";
	assert_int_equal(db_migrate(v->db, bad, 4, &e), 0);
}

struct node {
	struct db *db;
	const struct db_migration *list;
	size_t n;
	pthread_t thread;
	int r;
};

static void *
node_run(void *arg)
{
	struct node *n = arg;
	ERR(e);

	n->r = db_migrate(n->db, n->list, n->n, &e);
	return NULL;
}

static void
several_nodes_migrate_at_once(struct env *v)
{
	struct db_migration list[8] = {store_migrations[0]};
	struct node nodes[3];
	char sql[8][64], name[8][8];

	for (int i = 1; i < 8; i++) {
		snprintf(sql[i], sizeof(sql[i]), "CREATE TABLE n%d (x bigint)", i);
		snprintf(name[i], sizeof(name[i]), "n%d", i);
		list[i] = (struct db_migration){i + 1, name[i], sql[i], sql[i], name[i]};
	}
	for (int i = 0; i < 3; i++) {
		nodes[i] = (struct node){.db = env_again(v, NULL), .list = list, .n = 8};
		assert_int_equal(pthread_create(&nodes[i].thread, NULL, node_run, &nodes[i]), 0);
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(nodes[i].thread, NULL);
		assert_int_equal(nodes[i].r, 0);
		db_close(nodes[i].db);
	}
}

/* -- opening */

static void
a_wrong_url_is_a_fault_of_the_configuration(struct env *v)
{
	static const char *const urls[] = {"mysql://x", "sqlite:", "sqlite::memory:", "postgresql://u:secret@[/d", ""};
	struct db *db = NULL;
	ERR(e);

	(void)v;
	for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
		struct db_conf conf = {.url = urls[i], .readers = 1, .writers = 1};

		assert_code(db_open(&conf, &db, &e), E_CONFIG);
		assert_null(strstr(e.msg, "secret"));
		assert_null(strstr(e.detail, "secret"));
	}
	assert_null(db);
}

static void
the_file_is_its_owners_only(struct env *v)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct stat st;
	char path[128];

	if (v->engine != ENV_SQLITE)
		return;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		snprintf(path, sizeof(path), "%s/db%s", v->dir, ends[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
	}
}

static const struct env_case cases[] = {
	ENV_CASE(migrations_go_forward_and_are_checked),
	ENV_CASE(several_nodes_migrate_at_once),
	ENV_CASE(a_wrong_url_is_a_fault_of_the_configuration),
	ENV_CASE(the_file_is_its_owners_only),
};

int
main(void)
{
	return env_run(cases, ARRAY_LEN(cases));
}
