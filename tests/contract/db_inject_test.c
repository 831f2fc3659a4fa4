/* SPDX-License-Identifier: Apache-2.0 */
/* The database's injection points, on both engines: a process killed around its commit, and commits made to fail. */
#include "db_env.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/inject.h"

static char dir[] = "/tmp/signet-inject-XXXXXX";

/* The next passing of the point acts. */
static void
inject(const char *point, const char *what)
{
	char path[96];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, point);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, what, strlen(what)), strlen(what));
	close(fd);
}

static int
body_key(struct db_tx *tx, void *arg, struct err *e)
{
	++*(int *)arg;
	return q_thing_unique(tx, STR("key"), 1, e);
}

static const struct {
	const char *point;
	int sqlite, pgsql; /* what the writer is told */
	int rows; /* and what is there then */
} failures[] = {
	/* SQLite's group is lost and each member runs again */
	{"db.commit", 0, E_DB_ERROR, 0},
	{"db.fsync", 0, E_DB_ERROR, 0},
	{"db.committed", E_DB_UNCERTAIN, E_DB_UNCERTAIN, 1},
};

static void
fail_all(struct env *v)
{
	for (size_t i = 0; i < ARRAY_LEN(failures); i++) {
		int r, want = v->engine == ENV_SQLITE ? failures[i].sqlite : failures[i].pgsql, runs = 0;
		ERR(e);

		env_open(v, NULL);
		inject(failures[i].point, "fail");
		r = db_write(v->db, body_key, &runs, &e);
		assert_code(r, want);
		assert_int_equal(runs, want ? 1 : 2);
		assert_int_equal(env_int(v->db, q_thing_key_count), want ? failures[i].rows : 1);
		env_close(v);
	}
}

static void
kill_all(struct env *v)
{
	static const struct {
		const char *point;
		int rows;
	} kills[] = {{"db.commit", 0}, {"db.fsync", 0}, {"db.committed", 1}};
	int status;

	for (size_t i = 0; i < ARRAY_LEN(kills); i++) {
		pid_t pid;

		env_open(v, NULL);
		v->db = db_close(v->db);
		inject(kills[i].point, "kill");
		pid = fork();
		if (pid == 0) {
			int runs = 0;
			ERR(e);

			v->db = env_again(v, NULL);
			_exit(db_write(v->db, body_key, &runs, &e) == 0);
		}
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		v->db = env_again(v, NULL);
		assert_int_equal(env_int(v->db, q_thing_key_count), kills[i].rows);
		env_close(v);
	}
}

static void
a_failing_commit_is_told_as_it_is(void **state)
{
	fail_all(&(struct env){.engine = ENV_SQLITE});
	if (*state)
		fail_all(&(struct env){.engine = ENV_PGSQL, .pg = *state});
}

static void
a_process_killed_around_its_commit_has_done_all_or_nothing(void **state)
{
	kill_all(&(struct env){.engine = ENV_SQLITE});
	if (*state)
		kill_all(&(struct env){.engine = ENV_PGSQL, .pg = *state});
}

int
main(void)
{
	struct pg_server *pg = pg_server_new(false);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(a_failing_commit_is_told_as_it_is, pg),
		cmocka_unit_test_prestate(a_process_killed_around_its_commit_has_done_all_or_nothing, pg),
	};
	char passed[96];
	int r;

	if (!mkdtemp(dir))
		return 1;
	setenv("SIGNET_TEST_INJECT_DIR", dir, 1);
	inject_init();
	r = cmocka_run_group_tests(tests, NULL, NULL);
	snprintf(passed, sizeof(passed), "%s/passed", dir);
	unlink(passed);
	rmdir(dir);
	pg_server_free(pg);
	return r;
}
