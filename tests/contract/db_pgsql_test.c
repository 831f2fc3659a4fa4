/* SPDX-License-Identifier: Apache-2.0 */
/* What only PostgreSQL can suffer: connections that die, a server that vanishes, deadlocks. */
#include "db_env.h"

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

static struct pg_server *pg;

#define BACKEND "FROM pg_stat_activity WHERE application_name = 'signet' AND "

/* How many rows the SQL gives, asked beside the driver. */
static int
count(const struct env *v, const char *sql)
{
	PGconn *h = PQconnectdb(v->url);
	PGresult *res = PQexec(h, sql);
	int n = PQntuples(res);

	PQclear(res);
	PQfinish(h);
	return n;
}

static void
wait_for(const struct env *v, const char *sql)
{
	int64_t until = clock_mono_ms() + 20000;

	while (count(v, sql) == 0) {
		assert_true(clock_mono_ms() < until);
		usleep(20000);
	}
}

struct write {
	struct env *v;
	pthread_t thread;
	_Atomic int runs;
	int kill_runs; /* so many first runs lose their connection */
	int r;
	struct err e;
};

static int
body_key(struct db_tx *tx, void *arg, struct err *e)
{
	struct write *w = arg;
	int r = q_thing_unique(tx, STR("key"), 1, e);

	if (atomic_fetch_add(&w->runs, 1) < w->kill_runs)
		env_pg_sql(w->v, "SELECT pg_terminate_backend(pid, 5000) " BACKEND "state = 'idle in transaction'");
	return r < 0 ? r : q_counter_add(tx, 1, 1, e);
}

static void *
write_run(void *arg)
{
	struct write *w = arg;

	w->r = db_write(w->v->db, body_key, w, &w->e);
	return NULL;
}

/* Starts a write that hangs in its COMMIT, and takes its connection away. */
static void
commit_killed(struct env *v, struct write *w)
{
	*w = (struct write){.v = v};
	assert_int_equal(pthread_create(&w->thread, NULL, write_run, w), 0);
	wait_for(v, "SELECT 1 " BACKEND "state = 'active' AND query = 'COMMIT'");
	usleep(100000);
	assert_int_equal(count(v, "SELECT pg_terminate_backend(pid) " BACKEND "query = 'COMMIT' AND state = 'active'"), 1);
	pthread_join(w->thread, NULL);
	assert_code(w->r, E_DB_UNCERTAIN);
	assert_int_equal(atomic_load(&w->runs), 1); /* run again, it might happen twice */
}

static void
a_connection_killed_in_commit_is_uncertain(UNUSED void **state)
{
	struct env v = {.engine = ENV_PGSQL, .pg = pg};
	struct write w;

	env_open(&v, NULL);
	/* before: a deferred trigger sleeps in the commit */
	env_pg_sql(&v, "CREATE FUNCTION doze() RETURNS trigger LANGUAGE plpgsql AS "
		"$$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$; "
		"CREATE CONSTRAINT TRIGGER doze AFTER INSERT ON thing_key DEFERRABLE INITIALLY DEFERRED "
		"FOR EACH ROW EXECUTE FUNCTION doze()");
	commit_killed(&v, &w);
	assert_int_equal(env_int(v.db, q_thing_key_count), 0);
	env_pg_sql(&v, "DROP TRIGGER doze ON thing_key");
	/* after: it is committed and waits for a standby that does not come */
	env_pg_sql(&v, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
	env_pg_sql(&v, "SELECT pg_reload_conf()");
	usleep(200000);
	commit_killed(&v, &w);
	env_pg_sql(&v, "ALTER SYSTEM RESET synchronous_standby_names");
	env_pg_sql(&v, "SELECT pg_reload_conf()");
	assert_int_equal(env_int(v.db, q_thing_key_count), 1);
	env_close(&v);
}

static void
a_connection_lost_before_commit_is_a_second_run(UNUSED void **state)
{
	struct env v = {.engine = ENV_PGSQL, .pg = pg};
	struct write once = {.v = &v, .kill_runs = 1}, always = {.v = &v, .kill_runs = 100};
	ERR(e);

	env_open(&v, NULL);
	assert_code(db_write(v.db, body_key, &always, &e), E_DB_DOWN);
	assert_int_equal(atomic_load(&always.runs), 2);
	assert_int_equal(env_int(v.db, q_thing_key_count), 0);
	assert_int_equal(db_write(v.db, body_key, &once, &e), 0);
	assert_int_equal(atomic_load(&once.runs), 2);
	assert_int_equal(env_int(v.db, q_thing_key_count), 1);
	env_close(&v);
}

static int
body_count(struct db_tx *tx, void *arg, struct err *e)
{
	return q_thing_key_count(tx, arg, e);
}

static void
a_vanished_server_is_told_and_service_goes_on_when_it_is_back(UNUSED void **state)
{
	struct env v = {.engine = ENV_PGSQL, .pg = pg};
	struct write w = {.v = &v};
	int64_t n, begun;
	ERR(e);

	env_open(&v, NULL);
	env_int(v.db, q_thing_key_count);
	pg_server_crash(pg);
	begun = clock_mono_ms();
	for (int i = 0; i < 20; i++) {
		assert_code(db_write(v.db, body_key, &w, &e), E_DB_DOWN);
		assert_code(db_read(v.db, body_count, &n, &e), E_DB_DOWN);
		assert_int_equal(e.retry_after_s, 1);
	}
	assert_true(clock_mono_ms() - begun < 2000);
	/* a BEGIN travels with the first statement, which is where the loss is noticed */
	assert_true(atomic_load(&w.runs) <= 1);
	pg_server_start(pg);
	usleep(600000);
	assert_int_equal(db_write(v.db, body_key, &w, &e), 0);
	assert_int_equal(env_int(v.db, q_thing_key_count), 1);
	env_close(&v);
}

static void
a_restart_between_two_writes_is_not_noticed(UNUSED void **state)
{
	struct env v = {.engine = ENV_PGSQL, .pg = pg};
	struct write w = {.v = &v};
	ERR(e);

	env_open(&v, NULL);
	env_int(v.db, q_thing_key_count);
	pg_server_crash(pg);
	pg_server_start(pg);
	assert_int_equal(env_int(v.db, q_thing_key_count), 0);
	assert_int_equal(db_write(v.db, body_key, &w, &e), 0);
	assert_true(atomic_load(&w.runs) <= 2);
	assert_int_equal(env_int(v.db, q_thing_key_count), 1);
	env_close(&v);
}

struct cross {
	struct db *db;
	pthread_t thread;
	int64_t first, second;
	_Atomic int *arrived;
	int runs, r;
};

static int
body_cross(struct db_tx *tx, void *arg, struct err *e)
{
	struct cross *x = arg;
	int r = q_counter_add(tx, x->first, 1, e);

	if (x->runs++ == 0) {
		atomic_fetch_add(x->arrived, 1);
		while (atomic_load(x->arrived) < 2)
			usleep(1000);
	}
	return r < 0 ? r : q_counter_add(tx, x->second, 1, e);
}

static void *
cross_run(void *arg)
{
	struct cross *x = arg;
	ERR(e);

	x->r = db_write(x->db, body_cross, x, &e);
	return NULL;
}

static void
a_deadlock_is_a_second_run(UNUSED void **state)
{
	struct env v = {.engine = ENV_PGSQL, .pg = pg};
	_Atomic int arrived = 0;
	struct cross x[2];

	env_open(&v, NULL);
	env_counter_set(v.db, 1, 0);
	env_counter_set(v.db, 2, 0);
	for (int i = 0; i < 2; i++) {
		x[i] = (struct cross){.db = v.db, .first = 1 + i, .second = 2 - i, .arrived = &arrived};
		assert_int_equal(pthread_create(&x[i].thread, NULL, cross_run, &x[i]), 0);
	}
	for (int i = 0; i < 2; i++)
		pthread_join(x[i].thread, NULL);
	assert_int_equal(x[0].r, 0);
	assert_int_equal(x[1].r, 0);
	/* a victim that is quick may meet the other in a second deadlock */
	assert_true(x[0].runs + x[1].runs >= 3);
	assert_int_equal(env_counter(v.db, 1), 2);
	assert_int_equal(env_counter(v.db, 2), 2);
	env_close(&v);
}

static void
a_database_of_another_encoding_is_refused(UNUSED void **state)
{
	struct env v = {.engine = ENV_PGSQL, .pg = pg};
	struct db_conf conf = {.url = v.url, .readers = 1, .writers = 1};
	struct db *db = NULL;
	ERR(e);

	env_open(&v, NULL);
	env_pg_sql(&v, "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
	memcpy(strrchr(v.url, '/'), "/latin", 7);
	assert_code(db_open(&conf, &db, &e), E_CONFIG);
	assert_non_null(strstr(e.msg, "LATIN1"));
	memcpy(strrchr(v.url, '/'), "/none", 6);
	assert_code(db_open(&conf, &db, &e), E_DB_DOWN);
	assert_non_null(strstr(e.detail, "none"));
	env_close(&v);
}

struct lanes {
	_Atomic unsigned seen, inside;
};

static int
body_lane(struct db_tx *tx, void *arg, UNUSED struct err *e)
{
	struct lanes *l = arg;

	atomic_fetch_or(&l->seen, 1u << tx->lane);
	atomic_fetch_add(&l->inside, 1);
	while (atomic_load(&l->inside) < 8)
		usleep(1000);
	return 0;
}

struct lane_thread {
	struct db *db;
	struct lanes *l;
	pthread_t thread;
};

static void *
lane_run(void *arg)
{
	struct lane_thread *t = arg;

	env_write(t->db, body_lane, t->l);
	return NULL;
}

static void
transactions_at_one_time_have_lanes_of_their_own(UNUSED void **state)
{
	struct env v = {.engine = ENV_PGSQL, .pg = pg};
	struct lanes l = {0};
	struct lane_thread t[8];

	env_open(&v, NULL);
	for (int i = 0; i < 8; i++) {
		t[i] = (struct lane_thread){.db = v.db, .l = &l};
		assert_int_equal(pthread_create(&t[i].thread, NULL, lane_run, &t[i]), 0);
	}
	for (int i = 0; i < 8; i++)
		pthread_join(t[i].thread, NULL);
	assert_int_equal(atomic_load(&l.seen), 255);
	env_close(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_connection_killed_in_commit_is_uncertain),
		cmocka_unit_test(a_connection_lost_before_commit_is_a_second_run),
		cmocka_unit_test(a_vanished_server_is_told_and_service_goes_on_when_it_is_back),
		cmocka_unit_test(a_restart_between_two_writes_is_not_noticed),
		cmocka_unit_test(a_deadlock_is_a_second_run),
		cmocka_unit_test(a_database_of_another_encoding_is_refused),
		cmocka_unit_test(transactions_at_one_time_have_lanes_of_their_own),
	};
	int r;

	pg = pg_server_new(false);
	if (!pg) {
		print_error("PostgreSQL is not installed\n");
		return 77;
	}
	r = cmocka_run_group_tests(tests, NULL, NULL);
	pg_server_free(pg);
	return r;
}
