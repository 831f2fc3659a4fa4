/* SPDX-License-Identifier: Apache-2.0 */
/* What only SQLite can suffer: lost groups, sick and full disks, power failures, a WAL that grows. */
#include "db_env.h"

#include <pthread.h>
#include <fcntl.h>
#include <sched.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rand.h"
#include "vfs_power.h"

#define MEMBERS 9
#define BIG (1 << 20)

/* -- groups: one write keeps the transaction open until the others have queued, so that all are in one group */

enum harm {
	HARM_SPILL_LOST, /* pages leave the cache in mid-body, the disk is full, the engine drops the transaction */
	HARM_SPILL_ONE, /* the same in a statement that the engine can undo by itself */
	HARM_COMMIT_WRITE,
	HARM_COMMIT_SYNC,
};

struct group {
	struct db *db;
	enum harm harm;
	int rc, k; /* the k-th body to run does the harm with this code */
	bool again; /* also when it runs alone */
	_Atomic int started, order;
};

struct member {
	struct group *g;
	pthread_t thread;
	int me, order, runs, r;
	char key[16];
};

static const uint8_t bulk[BIG];

/* More than the writer's cache holds. */
static int
spill(struct db_tx *tx, const struct member *m, struct err *e)
{
	int64_t id;
	int r = 0;

	vfs_power_fault(VFS_WAL_WRITE, m->g->rc, UINT64_MAX);
	if (m->g->harm == HARM_SPILL_ONE)
		r = q_thing_fill(tx, 600000, STR("0123456789012345678901234567890123456789"), e);
	for (int i = 0; i < 40 && r >= 0 && m->g->harm == HARM_SPILL_LOST; i++)
		r = q_thing_add(tx, i, STR("bulk"), BLOB(bulk, BIG), &id, e);
	vfs_power_fault(VFS_WAL_WRITE, 0, 0);
	return r;
}

static int
harm(struct db_tx *tx, const struct member *m, struct err *e)
{
	switch (m->g->harm) {
	case HARM_COMMIT_WRITE:
		vfs_power_fault(VFS_WAL_WRITE, m->g->rc, 1);
		return 0;
	case HARM_COMMIT_SYNC:
		vfs_power_fault(VFS_WAL_SYNC, m->g->rc, 1);
		return 0;
	case HARM_SPILL_LOST:
	case HARM_SPILL_ONE:
		return spill(tx, m, e);
	}
	return 0;
}

static int
body_member(struct db_tx *tx, void *arg, struct err *e)
{
	struct member *m = arg;
	int r = q_counter_add(tx, 1, 1, e);

	if (m->runs++ == 0) {
		m->order = atomic_fetch_add(&m->g->order, 1);
		while (m->me == 0 && atomic_load(&m->g->started) < MEMBERS)
			usleep(1000);
		if (m->me == 0)
			usleep(30000); /* from "started" into the queue */
	}
	if (r >= 0 && m->order == m->g->k && (m->runs == 1 || m->g->again))
		r = harm(tx, m, e);
	return r < 0 ? r : q_thing_unique(tx, str_c(m->key), m->me, e);
}

static void *
member_run(void *arg)
{
	struct member *m = arg;
	ERR(e);

	atomic_fetch_add(&m->g->started, 1);
	m->r = db_write(m->g->db, body_member, m, &e);
	return NULL;
}

/* Returns how many succeeded; checks that the database holds these whole and no others. */
static int
group_play(struct group *g, struct member ms[MEMBERS])
{
	int done = 0;

	env_counter_set(g->db, 1, 0);
	for (int i = 0; i < MEMBERS; i++) {
		ms[i] = (struct member){.g = g, .me = i};
		snprintf(ms[i].key, sizeof(ms[i].key), "member %d", i);
		assert_int_equal(pthread_create(&ms[i].thread, NULL, member_run, &ms[i]), 0);
		while (i == 0 && atomic_load(&g->order) == 0)
			usleep(1000);
	}
	for (int i = 0; i < MEMBERS; i++) {
		pthread_join(ms[i].thread, NULL);
		done += ms[i].r >= 0;
	}
	assert_int_equal(atomic_load(&g->order), MEMBERS);
	assert_int_equal(env_counter(g->db, 1), done);
	assert_int_equal(env_int(g->db, q_thing_key_count), done);
	return done;
}

static const struct {
	enum harm harm;
	int rc, fails; /* fails: what the harmful one gets when it does it alone too */
} harms[] = {
	{HARM_SPILL_LOST, SQLITE_FULL, E_DB_FULL},
	{HARM_SPILL_LOST, SQLITE_IOERR_WRITE, E_DB_ERROR},
	{HARM_SPILL_ONE, SQLITE_FULL, E_DB_FULL},
	{HARM_SPILL_ONE, SQLITE_IOERR_WRITE, E_DB_ERROR},
	{HARM_COMMIT_WRITE, SQLITE_FULL, E_DB_FULL},
	{HARM_COMMIT_WRITE, SQLITE_IOERR_WRITE, E_DB_ERROR},
	{HARM_COMMIT_SYNC, SQLITE_IOERR_FSYNC, E_DB_ERROR},
};

static void
harm_case(size_t h, int k, bool again)
{
	struct env v = {.engine = ENV_SQLITE};
	struct group g = {.harm = harms[h].harm, .rc = harms[h].rc, .k = k, .again = again};
	struct member ms[MEMBERS];
	int done;

	env_open(&v, VFS_POWER);
	g.db = v.db;
	done = group_play(&g, ms);
	/* A failure that the first run alone suffers reaches nobody, except where it is the body's own. */
	if (g.harm != HARM_SPILL_ONE || g.rc != SQLITE_FULL)
		assert_int_equal(done, again ? MEMBERS - 1 : MEMBERS);
	assert_true(done >= MEMBERS - 1);
	for (int i = 0; i < MEMBERS; i++) {
		if (ms[i].r < 0) {
			assert_int_equal(ms[i].order, k);
			assert_code(ms[i].r, harms[h].fails);
		}
		/* once in the group, once alone; those that had not run in the group begin alone or in the next */
		assert_true(ms[i].runs <= 2);
		if (g.harm != HARM_SPILL_ONE && ms[i].order <= k)
			assert_int_equal(ms[i].runs, 2);
	}
	env_close(&v);
	vfs_power_settle(VFS_LEFT_ALL, 0);
}

static void
a_failure_in_the_kth_member_costs_nobody_else_anything(UNUSED void **state)
{
	static const int ks[] = {0, 1, 4, MEMBERS - 1};

	for (size_t h = 0; h < ARRAY_LEN(harms); h++) {
		for (size_t i = 0; i < ARRAY_LEN(ks); i++) {
			harm_case(h, ks[i], false);
			harm_case(h, ks[i], true);
		}
	}
}

/* -- a commit whose fsync fails */

static int
body_key(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	return q_thing_unique(tx, STR("ghost"), 1, e);
}

static void
crash_and_open(struct env *v, enum vfs_power_left left)
{
	vfs_power_cut(1); /* closing may not tidy up: a killed process does not either */
	v->db = db_close(v->db);
	vfs_power_settle(left, 1);
	v->db = env_again(v, VFS_POWER);
}

static void
a_commit_that_may_come_back_after_a_crash_is_uncertain(UNUSED void **state)
{
	struct env v = {.engine = ENV_SQLITE};
	ERR(e);

	env_open(&v, VFS_POWER);
	env_counter_set(v.db, 1, 1);
	vfs_power_fault(VFS_WAL_SYNC, SQLITE_IOERR_FSYNC, UINT64_MAX);
	assert_code(db_write(v.db, body_key, NULL, &e), E_DB_UNCERTAIN);
	vfs_power_fault(VFS_WAL_SYNC, 0, 0);
	assert_int_equal(env_int(v.db, q_thing_key_count), 0);
	/* with the disk well again, the next write goes through and what was uncertain is gone for good */
	env_counter_set(v.db, 1, 2);
	crash_and_open(&v, VFS_LEFT_ALL);
	assert_int_equal(env_int(v.db, q_thing_key_count), 0);
	assert_int_equal(env_counter(v.db, 1), 2);
	env_close(&v);
}

static void
a_commit_that_is_said_to_have_failed_never_comes_back(UNUSED void **state)
{
	struct env v = {.engine = ENV_SQLITE};
	ERR(e);

	env_open(&v, VFS_POWER);
	env_counter_set(v.db, 1, 1);
	/* fails: the group's commit, and the one alone; works: the small commits over what they left */
	vfs_power_fault(VFS_WAL_SYNC, SQLITE_IOERR_FSYNC, 5);
	assert_code(db_write(v.db, body_key, NULL, &e), E_DB_ERROR);
	crash_and_open(&v, VFS_LEFT_ALL);
	assert_int_equal(env_int(v.db, q_thing_key_count), 0);
	assert_int_equal(env_counter(v.db, 1), 1);
	env_close(&v);
}

/* -- power loss */

#define WRITERS 4
#ifdef SIGNET_SANITIZED
#define ROUNDS 10 /* races show in few rounds; what power loss leaves is the other builds' matter */
#else
#define ROUNDS 40
#endif

struct power_writer {
	struct db *db;
	pthread_t thread;
	int64_t me, done; /* done: acknowledged, over all rounds */
	bool maybe; /* the last one is uncertain */
	_Atomic bool *stop;
};

/* Two tables and an index in one body: after any failure all of it is there or nothing. */
static int
body_pair(struct db_tx *tx, void *arg, struct err *e)
{
	struct power_writer *w = arg;
	int64_t id;
	int r = q_counter_add(tx, w->me, 1, e);

	return r < 0 ? r : q_thing_add(tx, w->me, STR("pair"), BLOB(bulk, 3000), &id, e);
}

static void *
power_writer_run(void *arg)
{
	struct power_writer *w = arg;
	int r = 0;

	while (!atomic_load(w->stop) && r >= 0) {
		ERR(e);

		r = db_write(w->db, body_pair, w, &e);
		w->done += r >= 0;
		w->maybe = r == E_DB_UNCERTAIN;
	}
	return NULL;
}

static void
raw_check(const struct env *v, const char *sql, const char *want)
{
	sqlite3_stmt *st = NULL;
	sqlite3 *h = NULL;

	assert_int_equal(sqlite3_open_v2(v->url + strlen("sqlite:"), &h, SQLITE_OPEN_READWRITE, VFS_POWER), SQLITE_OK);
	sqlite3_busy_timeout(h, 1000);
	assert_int_equal(sqlite3_prepare_v2(h, sql, -1, &st, NULL), SQLITE_OK);
	if (sqlite3_step(st) == SQLITE_ROW && want)
		assert_string_equal((const char *)sqlite3_column_text(st, 0), want);
	sqlite3_finalize(st);
	sqlite3_close(h);
}

static void
power_round(struct env *v, struct power_writer ws[WRITERS], uint64_t seed)
{
	_Atomic bool stop = false;
	int64_t sum = 0, until = clock_mono_ms() + 3000;

	vfs_power_cut((long)(seed % 600) + 1);
	for (int i = 0; i < WRITERS; i++) {
		ws[i].db = v->db;
		ws[i].stop = &stop;
		assert_int_equal(pthread_create(&ws[i].thread, NULL, power_writer_run, &ws[i]), 0);
	}
	while (!vfs_power_is_cut() && clock_mono_ms() < until) {
		if (seed % 3 == 0)
			raw_check(v, seed % 2 ? "PRAGMA wal_checkpoint(PASSIVE)" : "PRAGMA wal_checkpoint(RESTART)", NULL);
		usleep(2000);
	}
	atomic_store(&stop, true);
	for (int i = 0; i < WRITERS; i++)
		pthread_join(ws[i].thread, NULL);
	assert_true(vfs_power_is_cut());
	v->db = db_close(v->db);
	vfs_power_settle(seed % 4 ? VFS_LEFT_SOME : VFS_LEFT_NONE, seed);
	v->db = env_again(v, VFS_POWER);
	raw_check(v, "PRAGMA integrity_check", "ok");
	for (int i = 0; i < WRITERS; i++) {
		int64_t is = env_counter(v->db, i);

		assert_true(is == ws[i].done || (ws[i].maybe && is == ws[i].done + 1));
		ws[i].done = is;
		sum += is;
	}
	assert_int_equal(env_int(v->db, q_thing_count), sum);
}

static void
what_was_acknowledged_outlives_a_power_failure(UNUSED void **state)
{
	struct env v = {.engine = ENV_SQLITE};
	struct power_writer ws[WRITERS] = {0};
	uint64_t seed = getenv("SEED") ? strtoull(getenv("SEED"), NULL, 10) : rand_u64() >> 1;

	print_message("SEED=%llu\n", (unsigned long long)seed);
	env_open(&v, VFS_POWER);
	for (int i = 0; i < WRITERS; i++) {
		env_counter_set(v.db, i, 0);
		ws[i].me = i;
	}
	for (int i = 0; i < ROUNDS; i++)
		power_round(&v, ws, (seed + (uint64_t)i) * UINT64_C(0x9e3779b97f4a7c15) >> 8);
	env_close(&v);
}

/* -- a full disk */

static int
body_bulk(struct db_tx *tx, UNUSED void *arg, struct err *e)
{
	int64_t id;
	int r = q_counter_add(tx, 1, 1, e);

	return r < 0 ? r : q_thing_add(tx, 1, STR("bulk"), BLOB(bulk, BIG / 4), &id, e);
}

static bool
tmpfs_mount(const char *dir)
{
	return unshare(CLONE_NEWNS) == 0 && mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
		mount("tmpfs", dir, "tmpfs", 0, "size=6m") == 0;
}

static void
a_full_disk_is_told_and_service_goes_on_when_there_is_room(UNUSED void **state)
{
	struct env v = {.engine = ENV_SQLITE};
	char dir[] = "/tmp/signet-full-XXXXXX", ballast[64];
	int r = 0, done = 0, fd;
	ERR(e);

	assert_non_null(mkdtemp(dir));
	if (!tmpfs_mount(dir)) {
		print_message("no tmpfs can be mounted here\n");
		rmdir(dir);
		skip();
	}
	setenv("TMPDIR", dir, 1);
	env_open(&v, NULL);
	unsetenv("TMPDIR");
	env_counter_set(v.db, 1, 0);
	snprintf(ballast, sizeof(ballast), "%s/ballast", dir);
	fd = open(ballast, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (int i = 0; i < 2; i++)
		assert_int_equal(write(fd, bulk, BIG), BIG);
	close(fd);
	while (r >= 0 && done < 1000) {
		r = db_write(v.db, body_bulk, NULL, &e);
		done += r >= 0;
	}
	assert_code(r, E_DB_FULL);
	assert_code(db_write(v.db, body_bulk, NULL, &e), E_DB_FULL);
	assert_int_equal(env_counter(v.db, 1), done);
	assert_int_equal(env_int(v.db, q_thing_count), done);
	assert_int_equal(unlink(ballast), 0);
	env_write(v.db, body_bulk, NULL);
	assert_int_equal(env_counter(v.db, 1), done + 1);
	env_close(&v);
	umount(dir);
	rmdir(dir);
}

/* -- the WAL */

#ifdef SIGNET_SANITIZED
#define LOAD 100 /* more than the bound still */
#else
#define LOAD 250
#endif

struct load {
	struct db *db;
	pthread_t thread;
	bool reads;
	int n;
};

static void *
load_run(void *arg)
{
	struct load *l = arg;

	for (int i = 0; i < l->n; i++) {
		if (l->reads)
			env_int(l->db, q_thing_count);
		else
			env_write(l->db, body_bulk, NULL);
	}
	return NULL;
}

static int64_t
wal_size(const struct env *v)
{
	struct stat st;
	char path[128];

	snprintf(path, sizeof(path), "%s/db-wal", v->dir);
	assert_int_equal(stat(path, &st), 0);
	return st.st_size;
}

static void
the_wal_stays_bounded_under_load(UNUSED void **state)
{
	struct env v = {.engine = ENV_SQLITE};
	struct load loads[6];

	env_open(&v, NULL);
	env_counter_set(v.db, 1, 0);
	for (int i = 0; i < 6; i++) {
		loads[i] = (struct load){.db = v.db, .reads = i >= 4, .n = i >= 4 ? 2 * LOAD : LOAD};
		assert_int_equal(pthread_create(&loads[i].thread, NULL, load_run, &loads[i]), 0);
	}
	for (int i = 0; i < 6; i++)
		pthread_join(loads[i].thread, NULL);
	/* LOAD MB went through it; a file that was large once stays so until it begins anew */
	assert_true(wal_size(&v) < INT64_C(80) << 20);
	env_close(&v);
}

struct slow_reader {
	struct db *db;
	pthread_t thread;
	_Atomic bool begun, stop;
	bool same;
};

static int
body_slow(struct db_tx *tx, void *arg, struct err *e)
{
	struct slow_reader *s = arg;
	int64_t first = -1, last = -2;
	int r = q_thing_count(tx, &first, e);

	atomic_store(&s->begun, true);
	while (!atomic_load(&s->stop))
		usleep(1000);
	if (r >= 0)
		r = q_thing_count(tx, &last, e);
	s->same = first == last;
	return r;
}

static void *
slow_run(void *arg)
{
	struct slow_reader *s = arg;

	env_read(s->db, body_slow, s);
	return NULL;
}

static void
a_long_reader_lets_the_wal_grow_and_stops_no_writer(UNUSED void **state)
{
	struct env v = {.engine = ENV_SQLITE};
	struct slow_reader s = {0};
	int64_t slowest = 0;

	env_open(&v, NULL);
	env_counter_set(v.db, 1, 0);
	s.db = v.db;
	assert_int_equal(pthread_create(&s.thread, NULL, slow_run, &s), 0);
	while (!atomic_load(&s.begun))
		usleep(1000);
	for (int i = 0; i < 400; i++) {
		int64_t begun = clock_mono_ms();

		env_write(v.db, body_bulk, NULL);
		slowest = MAX(slowest, clock_mono_ms() - begun);
	}
	assert_true(wal_size(&v) > INT64_C(90) << 20);
	assert_true(slowest < 3000);
	atomic_store(&s.stop, true);
	pthread_join(s.thread, NULL);
	assert_true(s.same);
	for (int i = 0; i < 40; i++)
		env_write(v.db, body_bulk, NULL);
	assert_true(wal_size(&v) <= INT64_C(64) << 20);
	env_close(&v);
}

static void
who_finds_it_locked_by_another_process_for_long_is_told_to_come_again(UNUSED void **state)
{
	struct env v = {.engine = ENV_SQLITE};
	sqlite3 *other = NULL;
	ERR(e);

	env_open(&v, NULL);
	env_counter_set(v.db, 1, 0);
	assert_int_equal(sqlite3_open(v.url + strlen("sqlite:"), &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	assert_code(db_write(v.db, body_bulk, NULL, &e), E_DB_BUSY);
	assert_true(e.retry_after_s > 0);
	assert_int_equal(sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	env_write(v.db, body_bulk, NULL);
	env_close(&v);
}

/* What a failed test left of its faults must not reach the next. */
static int
power_back(UNUSED void **state)
{
	vfs_power_settle(VFS_LEFT_ALL, 0);
	return 0;
}

#define TEST(fn) cmocka_unit_test_setup(fn, power_back)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_failure_in_the_kth_member_costs_nobody_else_anything),
		TEST(a_commit_that_may_come_back_after_a_crash_is_uncertain),
		TEST(a_commit_that_is_said_to_have_failed_never_comes_back),
		TEST(what_was_acknowledged_outlives_a_power_failure),
		TEST(the_wal_stays_bounded_under_load),
		TEST(a_long_reader_lets_the_wal_grow_and_stops_no_writer),
		TEST(who_finds_it_locked_by_another_process_for_long_is_told_to_come_again),
		/* last: it changes the process's mounts */
		TEST(a_full_disk_is_told_and_service_goes_on_when_there_is_room),
	};

	vfs_power_register();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
