/* SPDX-License-Identifier: Apache-2.0 */
/* The process signet-signer itself, over its channel, behind its walls; killed where it can be. */
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/hex.h"
#include "ca/signer_client.h"
#include "os/control.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/ipc.h"
#include "signer/make_tbs_priv.h"

static const char *program;

struct world {
	char path[64];
	int dir, control;
	pid_t pid;
	struct ipc_client *ipc;
	struct signer_client *c;
	struct arena a;
};

static const struct signer_limits limits = {
	.leaves = true,
	.max_validity_ms = 100 * MS_DAY,
	.key_usages = KU_DIGITAL_SIGNATURE,
};

static void
run_signer(struct world *w, int control, const char *inject)
{
	char control_arg[24], dir_arg[24], parent_arg[24];
	pid_t parent = getpid();
	ERR(e);

	snprintf(control_arg, sizeof(control_arg), "control=%d", control);
	snprintf(dir_arg, sizeof(dir_arg), "dir=%d", w->dir);
	snprintf(parent_arg, sizeof(parent_arg), "parent=%d", (int)parent);
	w->pid = fork();
	if (w->pid)
		return;
	if (!getenv("SIGNER_TEST_LOG"))
		(void)!freopen("/dev/null", "w", stderr);
	if (inject)
		setenv("SIGNET_TEST_INJECT", inject, 1);
	if (fd_cloexec(control, false, &e) < 0 || fd_cloexec(w->dir, false, &e) < 0)
		_exit(98);
	execl(program, "signet-signer", control_arg, dir_arg, parent_arg, "uid=0", "insecure=0",
		NULL);
	_exit(99);
}

/* Whether it became ready. */
static bool
start(struct world *w, const char *inject)
{
	int pair[2];
	ARENA(a);
	struct ipc_msg m;
	ERR(e);

	assert_int_equal(ipc_pair(pair, &e), 0);
	w->control = pair[0];
	run_signer(w, pair[1], inject);
	close(pair[1]);
	return ipc_recv(w->control, 1000, 20000, &a, &m, &e) == 1 && m.type == CONTROL_READY;
}

static void
give_channel(struct world *w)
{
	int pair[2];
	ERR(e);

	assert_int_equal(ipc_pair(pair, &e), 0);
	/* it may be dead already: the calls will tell */
	(void)!ipc_send(w->control, CONTROL_CHANNEL, 0, (struct blob){0}, pair[1], &e);
	close(pair[1]);
	ipc_client_attach(w->ipc, pair[0]);
}

/* Its end: the exit code, or the negative signal. */
static int
end(struct world *w, int sig)
{
	int status;

	if (sig)
		kill(w->pid, sig);
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	w->pid = 0;
	fd_close(&w->control);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	snprintf(w->path, sizeof(w->path), "/tmp/signet-server-XXXXXX");
	assert_non_null(mkdtemp(w->path));
	w->dir = open(w->path, O_DIRECTORY | O_CLOEXEC);
	w->ipc = ipc_client_new(-1);
	w->c = signer_client_over_ipc(w->ipc);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	char cmd[96];

	if (w->pid)
		end(w, SIGKILL);
	signer_client_free(w->c);
	ipc_client_free(w->ipc);
	close(w->dir);
	arena_done(&w->a);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", w->path);
	assert_int_equal(system(cmd), 0);
	free(w);
	return 0;
}

struct burst {
	struct world *w;
	struct blob spki;
	unsigned each;
	atomic_uint ok, failed, ended;
	atomic_bool stop;
};

static void *
sign_many(void *arg)
{
	struct burst *b = arg;

	for (unsigned i = 0; i < b->each && !atomic_load(&b->stop); i++) {
		ARENA(a);
		struct make_tbs m = make_leaf(KEY_EC_P256, b->spki);
		struct blob sig;
		ERR(e);

		if (signer_sign_cert(b->w->c, STR("i"), make_tbs(&m, &a), &a, &sig, &e) == 0)
			atomic_fetch_add(&b->ok, 1);
		else
			atomic_fetch_add(&b->failed, 1);
	}
	atomic_fetch_add(&b->ended, 1);
	return NULL;
}

static struct blob
birth_and_key(struct world *w)
{
	struct blob spki;
	struct signer_key k;
	ERR(e);

	if (signer_issuer_new(w->c, STR("i"), KEY_EC_P256, &limits, &w->a, &spki, &e) < 0 ||
		signer_key_new(w->c, SEAL_SUBSCRIBER_KEY, 1, KEY_EC_P256, &w->a, &k, &e) < 0)
		fail_msg("%s", e.msg);
	return k.spki;
}

static void
sixty_four_askers_are_served_behind_the_walls(void **state)
{
	struct world *w = *state;
	struct burst b = {.w = w, .each = 10};
	pthread_t t[64];

	assert_true(start(w, NULL));
	give_channel(w);
	b.spki = birth_and_key(w);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, sign_many, &b), 0);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		pthread_join(t[i], NULL);
	assert_int_equal(atomic_load(&b.ok), 640);
	assert_int_equal(end(w, SIGTERM), 0);
}

static void
a_stop_answers_what_was_taken(void **state)
{
	struct world *w = *state;
	struct burst b = {.w = w, .each = 50};
	pthread_t t[8];
	struct blob log;
	unsigned logged = 0;
	ERR(e);

	assert_true(start(w, NULL));
	give_channel(w);
	b.spki = birth_and_key(w);
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		assert_int_equal(pthread_create(&t[i], NULL, sign_many, &b), 0);
	while (atomic_load(&b.ok) < 20)
		usleep(500);
	kill(w->pid, SIGTERM);
	assert_int_equal(end(w, 0), 0);
	while (ipc_client_connected(w->ipc))
		usleep(500);
	/* those that were not taken fail, each when the next channel turns out to be dead */
	atomic_store(&b.stop, true);
	while (atomic_load(&b.ended) < ARRAY_LEN(t)) {
		int pair[2];

		assert_int_equal(ipc_pair(pair, &e), 0);
		close(pair[1]);
		ipc_client_attach(w->ipc, pair[0]);
		usleep(1000);
	}
	for (size_t i = 0; i < ARRAY_LEN(t); i++)
		pthread_join(t[i], NULL);
	assert_int_equal(file_read(w->dir, "log", 1 << 24, &w->a, &log, &e), 0);
	for (const uint8_t *p = log.p; (p = memmem(p, (size_t)(log.p + log.n - p), " cert ", 6));
		p += 6)
		logged++;
	assert_int_equal(logged, atomic_load(&b.ok));
}

static void
garbage_ends_the_channel_and_the_next_one_serves(void **state)
{
	struct world *w = *state;
	int pair[2];
	ARENA(a);
	struct ipc_msg m;
	struct signer_hello h;
	ERR(e);

	assert_true(start(w, NULL));
	assert_int_equal(ipc_pair(pair, &e), 0);
	assert_int_equal(
		ipc_send(w->control, CONTROL_CHANNEL, 0, (struct blob){0}, pair[1], &e), 0);
	close(pair[1]);
	assert_int_equal(write(pair[0], "garbage", 7), 7);
	assert_int_equal(ipc_recv(w->control, 1000, 10000, &a, &m, &e), 1);
	assert_int_equal(m.type, CONTROL_LOST);
	close(pair[0]);
	give_channel(w);
	assert_int_equal(signer_hello(w->c, &a, &h, &e), 0);
	assert_int_equal(end(w, SIGTERM), 0);
}

static void
the_signer_ends_with_its_supervisor(void **state)
{
	struct world *w = *state;

	assert_true(start(w, NULL));
	fd_close(&w->control);
	assert_int_equal(end(w, 0), 0);
}

#ifdef SIGNET_TESTING
/* Where the process is killed: point and passing. Births pass the key points, each act the others.
 */
static const char *const points[] = {"signer.key_made", "signer.key_made@2", "signer.key_stored",
	"file.written", "file.written@2", "file.written@3", "file.written@4", "signer.signed",
	"signer.before_log", "signer.before_log@3", "signer.logged", "signer.logged@3",
	"ipc.send@2", "ipc.send@4"};

struct work {
	struct blob issuer_spki;
	struct blob tbs, other;
};

/* A birth, a subscriber key, a certificate; again from the start until all of it is done. False
 * when it died. */
static bool
do_work(struct world *w, struct work *k)
{
	struct blob spki, sig;
	struct signer_key key;
	ERR(e);

	if (signer_issuer_new(w->c, STR("i"), KEY_EC_P256, &limits, &w->a, &spki, &e) < 0)
		return false;
	/* what was answered once stays so */
	if (k->issuer_spki.n)
		assert_true(blob_eq(spki, k->issuer_spki));
	k->issuer_spki = spki;
	if (signer_key_new(w->c, SEAL_SUBSCRIBER_KEY, 1, KEY_EC_P256, &w->a, &key, &e) < 0)
		return false;
	if (!k->tbs.n) {
		struct make_tbs m = make_leaf(KEY_EC_P256, key.spki);

		k->tbs = make_tbs(&m, &w->a);
		m.dns[1] = NULL;
		k->other = make_tbs(&m, &w->a);
	}
	if (signer_sign_cert(w->c, STR("i"), k->tbs, &w->a, &sig, &e) < 0) {
		assert_int_equal(e.code, E_SIGNER_GONE);
		return false;
	}
	assert_int_equal(
		signer_sign_cert(w->c, STR("i"), k->other, &w->a, &sig, &e), E_SERIAL_REUSED);
	return true;
}

static void
killed_anywhere_the_next_start_finishes_the_work(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < ARRAY_LEN(points); i++) {
		struct work k = {0};
		char inject[64], cmd[96];
		bool done = false;

		snprintf(inject, sizeof(inject), "%s=kill", points[i]);
		if (start(w, inject)) {
			give_channel(w);
			done = do_work(w, &k);
		}
		if (done)
			fail_msg("%s was not passed", points[i]);
		assert_int_equal(end(w, 0), -SIGKILL);
		assert_true(start(w, NULL));
		give_channel(w);
		if (!do_work(w, &k))
			fail_msg("%s: the work cannot be finished", points[i]);
		assert_int_equal(end(w, SIGTERM), 0);
		snprintf(cmd, sizeof(cmd), "rm -rf %s/*", w->path);
		assert_int_equal(system(cmd), 0);
	}
}
#endif

int
main(int argc, char **argv)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(sixty_four_askers_are_served_behind_the_walls),
		T(a_stop_answers_what_was_taken),
		T(garbage_ends_the_channel_and_the_next_one_serves),
		T(the_signer_ends_with_its_supervisor),
#ifdef SIGNET_TESTING
		T(killed_anywhere_the_next_start_finishes_the_work),
#endif
	};

	if (argc < 2)
		return 99;
	program = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
