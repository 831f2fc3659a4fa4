/* SPDX-License-Identifier: Apache-2.0 */
/* signetd with a core of a few lines, behind its walls. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "os/fd.h"
#include "os/file.h"

static const char *program;

struct world {
	char top[64], dir[96];
	pid_t pid;
	unsigned port;
};

struct answer {
	int pid, uid, hups, kek, hello;
};

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	snprintf(w->top, sizeof(w->top), "/tmp/signet-supervisor-XXXXXX");
	assert_non_null(mkdtemp(w->top));
	assert_int_equal(chmod(w->top, 0755), 0);
	snprintf(w->dir, sizeof(w->dir), "%s/data", w->top);
	*state = w;
	return 0;
}

static int
end(struct world *w, int sig)
{
	int status;

	if (sig)
		kill(w->pid, sig);
	assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
	w->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int
teardown(void **state)
{
	struct world *w = *state;
	char cmd[128];

	if (w->pid)
		end(w, SIGKILL);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", w->top);
	assert_int_equal(system(cmd), 0);
	free(w);
	return 0;
}

/* Its standard error goes to TOP/err. */
static void
start(struct world *w, const char *extra)
{
	char err[96];

	snprintf(err, sizeof(err), "%s/err", w->top);
	w->pid = fork();
	if (w->pid)
		return;
	if (!freopen(err, "a", stderr) || !freopen("/dev/null", "w", stdout))
		_exit(98);
	execl(program, "signetd", "--data", w->dir, "--listen-https=127.0.0.1:0",
		"--listen-http=127.0.0.1:0", extra, NULL);
	_exit(99);
}

static bool
said(struct world *w, const char *what)
{
	char path[96];
	ARENA(a);
	struct blob text;
	ERR(e);

	snprintf(path, sizeof(path), "%s/err", w->top);
	return file_read(AT_FDCWD, path, 1 << 20, &a, &text, &e) == 0 &&
	       memmem(text.p, text.n, what, strlen(what));
}

static bool
ask(unsigned port, struct answer *ret)
{
	FD(fd);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	struct timeval tv = {.tv_sec = 5};
	char line[256] = "";
	size_t n = 0;
	ssize_t r;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return false;
	while (n < sizeof(line) - 1 && (r = read(fd, line + n, sizeof(line) - 1 - n)) > 0)
		n += (size_t)r;
	return sscanf(line, "pid %d uid %d hups %d kek %d hello %d", &ret->pid, &ret->uid,
		       &ret->hups, &ret->kek, &ret->hello) == 5;
}

static bool
read_port(struct world *w)
{
	char path[128];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s/ca/ports", w->dir);
	f = fopen(path, "r");
	ok = f && fscanf(f, "%u", &w->port) == 1;
	if (f)
		fclose(f);
	return ok;
}

#define WAIT_FOR(cond)                                                    \
	do {                                                              \
		int64_t until_ = clock_mono_ms() + 60000;                 \
		while (!(cond)) {                                         \
			if (clock_mono_ms() > until_)                     \
				fail_msg("waited in vain for %s", #cond); \
			usleep(3000);                                     \
		}                                                         \
	} while (0)

/* Both roles serve: the core is reached and reaches the signer. */
static struct answer
wait_serving(struct world *w)
{
	struct answer an = {0};

	/* an earlier life may have left its port */
	WAIT_FOR(read_port(w) && ask(w->port, &an) && an.hello == 0);
	return an;
}

static pid_t
child_named(pid_t parent, const char *name)
{
	DIR *d = opendir("/proc");
	pid_t found = 0;

	for (struct dirent *en; (en = readdir(d));) {
		char path[300], comm[32] = "";
		int pid = 0, ppid = 0;
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%s/stat", en->d_name);
		if (en->d_name[0] < '0' || en->d_name[0] > '9' || !(f = fopen(path, "r")))
			continue;
		if (fscanf(f, "%d (%31[^)]) %*c %d", &pid, comm, &ppid) == 3 && ppid == parent &&
			strncmp(comm, name, strlen(name)) == 0)
			found = pid;
		fclose(f);
	}
	closedir(d);
	return found;
}

static mode_t
mode_of(struct world *w, const char *name)
{
	char path[160];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", w->dir, name);
	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
it_serves_hands_over_and_stops(void **state)
{
	struct world *w = *state;
	struct answer an;

	start(w, NULL);
	an = wait_serving(w);
	assert_int_equal(mode_of(w, "admin.json"), 0600);
	assert_int_equal(mode_of(w, "signer"), 0700);
	assert_int_equal(mode_of(w, "db"), 0700);
	assert_int_equal(mode_of(w, "ca"), 0755);
	assert_true(an.pid != w->pid);
#ifndef SIGNET_SANITIZED
	/* the wall that matters: the core does not reach the key that wraps all others */
	assert_false(an.kek);
	if (geteuid() == 0)
		assert_true(an.uid != 0);
#endif
	kill(w->pid, SIGHUP);
	WAIT_FOR(ask(w->port, &an) && an.hups == 1);
	assert_int_equal(end(w, SIGTERM), 0);
	assert_false(ask(w->port, &an));
}

static void
a_killed_role_comes_back_and_the_port_stays(void **state)
{
	struct world *w = *state;
	struct answer an, again;
	pid_t signer;
	unsigned port;

	start(w, NULL);
	an = wait_serving(w);
	port = w->port;
	signer = child_named(w->pid, "signet-signer");
	assert_true(signer > 0);
	kill(signer, SIGKILL);
	WAIT_FOR(child_named(w->pid, "signet-signer") > 0 &&
		 child_named(w->pid, "signet-signer") != signer);
	again = wait_serving(w);
	assert_int_equal(again.pid, an.pid);
	kill(an.pid, SIGKILL);
	WAIT_FOR(ask(port, &again) && again.hello == 0 && again.pid != an.pid);
	assert_int_equal(end(w, SIGTERM), 0);
}

static void
roles_die_with_the_supervisor_and_the_next_start_works(void **state)
{
	struct world *w = *state;
	struct answer an;
	pid_t signer;

	start(w, NULL);
	an = wait_serving(w);
	signer = child_named(w->pid, "signet-signer");
	assert_int_equal(end(w, SIGKILL), -SIGKILL);
	WAIT_FOR(kill(an.pid, 0) != 0 && kill(signer, 0) != 0);
	start(w, NULL);
	wait_serving(w);
	assert_int_equal(end(w, SIGTERM), 0);
}

static void
one_directory_has_one_service(void **state)
{
	struct world *w = *state, second = *w;
	char pid[32];

	start(w, NULL);
	wait_serving(w);
	start(&second, NULL);
	assert_int_equal(end(&second, 0), 5);
	snprintf(pid, sizeof(pid), "process %d", (int)w->pid);
	assert_true(said(w, pid));
	assert_true(said(w, "is in use"));
	assert_int_equal(end(w, SIGTERM), 0);
}

static void
what_the_operator_removed_is_not_written_again(void **state)
{
	struct world *w = *state;
	char path[128];

	start(w, NULL);
	wait_serving(w);
	assert_int_equal(end(w, SIGTERM), 0);
	snprintf(path, sizeof(path), "%s/admin.json", w->dir);
	assert_int_equal(unlink(path), 0);
	start(w, NULL);
	wait_serving(w);
	assert_int_equal(mode_of(w, "admin.json"), 0);
	assert_int_equal(end(w, SIGTERM), 0);
}

static void
a_signer_that_cannot_start_ends_all_and_says_why(void **state)
{
	struct world *w = *state;
	char path[128];

	start(w, NULL);
	wait_serving(w);
	assert_int_equal(end(w, SIGTERM), 0);
	snprintf(path, sizeof(path), "%s/signer/kek", w->dir);
	assert_int_equal(unlink(path), 0);
	start(w, NULL);
	assert_int_equal(end(w, 0), 7);
	assert_true(said(w, "no \\\"kek\\\"") || said(w, "no \"kek\""));
}

static void
a_taken_port_is_named(void **state)
{
	struct world *w = *state;
	FD(fd);
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t n = sizeof(at);
	char extra[64], want[64];

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	snprintf(extra, sizeof(extra), "--listen-http=127.0.0.1:%u", ntohs(at.sin_port));
	snprintf(want, sizeof(want), "could not listen on 127.0.0.1:%u", ntohs(at.sin_port));
	start(w, extra);
	assert_int_equal(end(w, 0), 2);
	assert_true(said(w, want));
}

static void
without_walls_it_says_so(void **state)
{
	struct world *w = *state;
	struct answer an;

	start(w, "--insecure-no-sandbox");
	an = wait_serving(w);
	assert_int_equal(an.uid, (int)geteuid());
	assert_true(an.kek);
	assert_true(said(w, "sandbox.off"));
	assert_int_equal(end(w, SIGTERM), 0);
	/* and with walls again: what was written is given to the roles' users */
	start(w, NULL);
	wait_serving(w);
	assert_int_equal(end(w, SIGTERM), 0);
}

static void
a_closed_folder_above_leaves_the_core_root_without_capabilities(void **state)
{
	struct world *w = *state;
	struct answer an;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(w->top, 0700), 0);
	start(w, NULL);
	an = wait_serving(w);
	assert_int_equal(an.uid, 0);
#ifndef SIGNET_SANITIZED
	assert_false(an.kek);
#endif
	assert_int_equal(end(w, SIGTERM), 0);
}

static void
a_folder_above_that_lets_nobody_through_is_named(void **state)
{
	struct world *w = *state;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(w->top, 0700), 0);
	assert_int_equal(chown(w->top, 12345, 12345), 0);
	start(w, NULL);
	assert_int_equal(end(w, 0), err_info(E_SANDBOX)->exit);
	assert_true(said(w, "lets neither other users"));
	assert_true(said(w, "Start signetd as the user that owns the folder"));
}

#ifdef SIGNET_TESTING
static void
killed_while_handing_over_the_next_start_finishes(void **state)
{
	static const char *const points[] = {"handover.before=kill", "handover.between=kill"};

	for (size_t i = 0; i < ARRAY_LEN(points); i++) {
		struct world *w = *state;
		char cmd[160];

		setenv("SIGNET_TEST_INJECT", points[i], 1);
		start(w, NULL);
		assert_int_equal(end(w, 0), -SIGKILL);
		unsetenv("SIGNET_TEST_INJECT");
		start(w, NULL);
		wait_serving(w);
		assert_int_equal(mode_of(w, "admin.json"), 0600);
		assert_int_equal(end(w, SIGTERM), 0);
		snprintf(cmd, sizeof(cmd), "rm -rf %s", w->dir);
		assert_int_equal(system(cmd), 0);
	}
}
#endif

int
main(int argc, char **argv)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(it_serves_hands_over_and_stops),
		T(a_killed_role_comes_back_and_the_port_stays),
		T(roles_die_with_the_supervisor_and_the_next_start_works),
		T(one_directory_has_one_service),
		T(what_the_operator_removed_is_not_written_again),
		T(a_signer_that_cannot_start_ends_all_and_says_why),
		T(a_taken_port_is_named),
		T(without_walls_it_says_so),
		T(a_closed_folder_above_leaves_the_core_root_without_capabilities),
		T(a_folder_above_that_lets_nobody_through_is_named),
#ifdef SIGNET_TESTING
		T(killed_while_handing_over_the_next_start_finishes),
#endif
	};

	if (argc < 2)
		return 99;
	program = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
