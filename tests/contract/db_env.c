/* SPDX-License-Identifier: Apache-2.0 */
#include "db_env.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

static struct db_conf
conf_of(const struct env *v, const char *vfs)
{
	return (struct db_conf){.url = v->url, .readers = 8, .writers = 8, .sqlite_vfs = vfs};
}

struct db *
env_again(const struct env *v, const char *vfs)
{
	struct db_conf conf = conf_of(v, vfs);
	struct db *db = NULL;
	ERR(e);
	int r = db_open(&conf, &db, &e);

	assert_done(r, &e);
	return db;
}

void
env_pg_sql(const struct env *v, const char *sql)
{
	PGconn *h = PQconnectdb(v->url);
	PGresult *res = PQexec(h, sql);

	if (PQresultStatus(res) != PGRES_COMMAND_OK && PQresultStatus(res) != PGRES_TUPLES_OK)
		print_error("%s: %s\n", sql, PQerrorMessage(h));
	assert_true(PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK);
	PQclear(res);
	PQfinish(h);
}

void
env_open(struct env *v, const char *vfs)
{
	ERR(e);
	int r;

	if (v->engine == ENV_SQLITE) {
		const char *tmp = getenv("TMPDIR");

		snprintf(v->dir, sizeof(v->dir), "%s/signet-db-XXXXXX", tmp && strlen(tmp) < 40 ? tmp : "/tmp");
		assert_non_null(mkdtemp(v->dir));
		snprintf(v->url, sizeof(v->url), "sqlite:%s/db", v->dir);
	} else {
		snprintf(v->url, sizeof(v->url), "%s", pg_server_url(v->pg));
		env_pg_sql(v, "SET client_min_messages = error; DROP SCHEMA public CASCADE; CREATE SCHEMA public");
	}
	v->db = env_again(v, vfs);
	r = db_migrate(v->db, store_migrations, store_migrations_n, &e);
	assert_done(r, &e);
}

void
env_close(struct env *v)
{
	v->db = db_close(v->db);
	if (v->engine == ENV_SQLITE) {
		pid_t pid = fork();

		if (pid == 0) {
			execlp("rm", "rm", "-rf", v->dir, NULL);
			_exit(127);
		}
		waitpid(pid, NULL, 0);
	}
}

void
env_write(struct db *db, db_body *body, void *arg)
{
	ERR(e);
	int r = db_write(db, body, arg, &e);

	assert_done(r, &e);
}

void
env_read(struct db *db, db_body *body, void *arg)
{
	ERR(e);
	int r = db_read(db, body, arg, &e);

	assert_done(r, &e);
}

struct int_query {
	int (*query)(struct db_tx *tx, int64_t *ret, struct err *e);
	int64_t key, n;
};

static int
body_int(struct db_tx *tx, void *arg, struct err *e)
{
	struct int_query *q = arg;

	return q->query(tx, &q->n, e);
}

int64_t
env_int(struct db *db, int (*query)(struct db_tx *tx, int64_t *ret, struct err *e))
{
	struct int_query q = {.query = query};

	env_read(db, body_int, &q);
	return q.n;
}

static int
body_counter_get(struct db_tx *tx, void *arg, struct err *e)
{
	struct int_query *q = arg;

	q->n = -1;
	return q_counter_get(tx, q->key, &q->n, e);
}

int64_t
env_counter(struct db *db, int64_t key)
{
	struct int_query q = {.key = key};

	env_read(db, body_counter_get, &q);
	return q.n;
}

static int
body_counter_set(struct db_tx *tx, void *arg, struct err *e)
{
	struct int_query *q = arg;
	int64_t n;

	return q_counter_set(tx, q->key, q->n, &n, e);
}

void
env_counter_set(struct db *db, int64_t key, int64_t n)
{
	struct int_query q = {.key = key, .n = n};

	env_write(db, body_counter_set, &q);
}

/* -- suites */

struct run {
	struct env env;
	const struct env_case *what;
};

static void
run_case(void **state)
{
	struct run *r = *state;

	env_open(&r->env, NULL);
	r->what->fn(&r->env);
	env_close(&r->env);
}

int
env_run(const struct env_case *cases, size_t n)
{
	static struct run runs[2 * ENV_CASES_MAX];
	static struct CMUnitTest tests[ARRAY_LEN(runs)];
	static char names[ARRAY_LEN(runs)][96];
	struct pg_server *pg = pg_server_new(false);
	int r;

	assert_true(n <= ENV_CASES_MAX);
	clock_init();
	for (size_t i = 0; i < 2 * n; i++) {
		runs[i].what = &cases[i % n];
		runs[i].env.engine = i < n ? ENV_SQLITE : ENV_PGSQL;
		runs[i].env.pg = pg;
		snprintf(names[i], sizeof(names[i]), "%s: %s", i < n ? "sqlite" : "postgresql", cases[i % n].name);
		tests[i] = (struct CMUnitTest){.name = names[i], .test_func = run_case, .initial_state = &runs[i]};
	}
	if (!pg)
		print_error("PostgreSQL is not installed: its half of the suite cannot run\n");
	r = _cmocka_run_group_tests("db", tests, pg ? 2 * n : n, NULL, NULL);
	pg_server_free(pg);
	return pg ? r : 77;
}
