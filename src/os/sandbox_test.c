/* SPDX-License-Identifier: Apache-2.0 */
#include "os/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "os/fd.h"
#include "os/file.h"
#include "os/thread.h"

#ifdef SIGNET_SANITIZED
int
main(void)
{
	return 77; /* nothing is confined there */
}
#else

static char top[64];
static int top_fd;

/* Runs fn in a child and gives its exit code, or the negative signal that ended it. */
static int
in_child(int (*fn)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		alarm(20);
		_exit(fn());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A forbidden call: EPERM in a release, death in testing builds. */
#ifdef SIGNET_TESTING
#define REFUSED (-SIGSYS)
#else
#define REFUSED EPERM
#endif

static struct sandbox_report
confine(enum sandbox_role role, uid_t uid)
{
	struct sandbox_path paths[] = {{.fd = top_fd, .write = true}, {.path = "/usr", .fd = -1},
		{.path = "/lib64", .fd = -1}, {.path = "/no/such/folder", .fd = -1}};
	struct sandbox_conf c = {.role = role,
		.paths = paths,
		.n_paths = ARRAY_LEN(paths),
		.uid = uid,
		.parent = getppid()};
	struct sandbox_report rep;
	ERR(e);

	if (sandbox_confine(&c, &rep, &e) < 0) {
		fprintf(stderr, "%s\n", e.msg);
		_exit(99);
	}
	return rep;
}

/* errno of a call, 0 when it worked. */
#define ERRNO_OF(call) ((call) < 0 ? errno : 0)

static int
files_outside(void)
{
	ERR(e);
	char path[128];

	if (confine(SANDBOX_CORE, 0).landlock == 0)
		return 77;
	snprintf(path, sizeof(path), "%s/../outside", top);
	if (ERRNO_OF(open("/etc/passwd", O_RDONLY)) != EACCES ||
		ERRNO_OF(open(path, O_CREAT | O_WRONLY, 0600)) != EACCES)
		return 1;
	if (ERRNO_OF(open("/usr/bin/env", O_WRONLY)) == 0 ||
		ERRNO_OF(open("/usr/bin/env", O_RDONLY)) != 0)
		return 2;
	if (ERRNO_OF(execl("/usr/bin/env", "env", NULL)) != EACCES)
		return 3;
	if (file_write_atomic(top_fd, "inside", BLOB("x", 1), 0600, &e) < 0 ||
		file_remove(top_fd, "inside", &e) < 0)
		return 4;
	return 0;
}

static void
files_outside_the_allowed_folders_cannot_be_reached(void **state)
{
	(void)state;
	if (sandbox_landlock() == 0)
		skip();
	assert_int_equal(in_child(files_outside), 0);
}

static int
as_other_uid(void)
{
	struct sandbox_report rep = confine(SANDBOX_SIGNER, SANDBOX_UID_SIGNER);

	if (!rep.own_uid || getuid() != SANDBOX_UID_SIGNER || geteuid() != SANDBOX_UID_SIGNER ||
		getgid() != SANDBOX_UID_SIGNER)
		return 1;
	if (ERRNO_OF(setuid(0)) == 0 || prctl(PR_GET_DUMPABLE) != 0 ||
		prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 2;
	return 0;
}

static int
as_root_without_capabilities(void)
{
	struct sandbox_report rep;
	struct {
		uint32_t version;
		int pid;
	} head = {0x20080522, 0};
	uint32_t data[6];

	if (mkdirat(top_fd, "private", 0700) != 0 ||
		fchownat(top_fd, "private", 12345, 12345, 0) != 0)
		return 9;
	rep = confine(SANDBOX_CORE, 0);
	if (rep.own_uid || geteuid() != 0)
		return 1;
	if (syscall(SYS_capget, &head, data) != 0 ||
		data[0] | data[1] | data[2] | data[3] | data[4] | data[5])
		return 2;
	/* what belongs to another uid is closed now */
	if (ERRNO_OF(openat(top_fd, "private/x", O_CREAT | O_WRONLY, 0600)) != EACCES)
		return 3;
	if (ERRNO_OF(setuid(1)) != EPERM)
		return 4;
	return 0;
}

static void
root_takes_the_roles_uid_for_good_or_loses_its_capabilities(void **state)
{
	(void)state;
	if (geteuid() != 0 || !sandbox_can_take(SANDBOX_UID_SIGNER))
		skip();
	assert_int_equal(in_child(as_other_uid), 0);
	assert_int_equal(in_child(as_root_without_capabilities), 0);
}

static int
orphan(void)
{
	int p[2];
	char c;
	pid_t pid;

	if (pipe2(p, O_CLOEXEC) != 0)
		return 1;
	pid = fork();
	if (pid == 0) {
		pid_t me = getpid();

		if (fork() == 0) {
			struct sandbox_conf conf = {
				.role = SANDBOX_CORE, .parent = me, .off = true};
			struct sandbox_report rep;
			ERR(e);

			close(p[0]);
			if (sandbox_confine(&conf, &rep, &e) == 0 && write(p[1], "x", 1) == 1)
				pause();
			_exit(1);
		}
		close(p[1]);
		if (read(p[0], &c, 1) != 1)
			_exit(1);
		_exit(0);
	}
	close(p[1]);
	waitpid(pid, NULL, 0);
	/* the grandchild held the other end: its death shows as the end of file */
	while (read(p[0], &c, 1) > 0)
		;
	return 0;
}

static void
a_role_dies_with_its_parent(void **state)
{
	(void)state;
	assert_int_equal(in_child(orphan), 0);
}

static enum sandbox_role role;
static int (*forbidden)(void);

static int
sealed(void)
{
	ERR(e);

	confine(role, 0);
	if (sandbox_seal(role, &e) < 0)
		return 99;
	return ERRNO_OF(forbidden());
}

static int
do_exec(void)
{
	return execl("/usr/bin/env", "env", NULL);
}

static int
do_fork(void)
{
	return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static int
do_ptrace(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int
do_kill_other(void)
{
	return kill(getppid(), 0);
}

static int
do_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int
do_raw_socket(void)
{
	return socket(AF_PACKET, SOCK_RAW, 0);
}

static int
do_map_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0) == MAP_FAILED
		       ? -1
		       : 0;
}

static int
do_mount(void)
{
	return (int)syscall(SYS_umount2, "/", 0);
}

static int
do_setuid(void)
{
	return (int)syscall(SYS_setuid, 1);
}

static void
forbidden_calls_are_refused(void **state)
{
	static const struct {
		const char *what;
		enum sandbox_role role;
		int (*fn)(void);
	} rows[] = {
		{"core exec", SANDBOX_CORE, do_exec},
		{"core fork", SANDBOX_CORE, do_fork},
		{"core ptrace", SANDBOX_CORE, do_ptrace},
		{"core kill", SANDBOX_CORE, do_kill_other},
		{"core raw socket", SANDBOX_CORE, do_raw_socket},
		{"core code", SANDBOX_CORE, do_map_code},
		{"core mount", SANDBOX_CORE, do_mount},
		{"core setuid", SANDBOX_CORE, do_setuid},
		{"signer exec", SANDBOX_SIGNER, do_exec},
		{"signer fork", SANDBOX_SIGNER, do_fork},
		{"signer socket", SANDBOX_SIGNER, do_socket},
		{"signer kill", SANDBOX_SIGNER, do_kill_other},
		{"signer code", SANDBOX_SIGNER, do_map_code},
		{"supervisor ptrace", SANDBOX_SUPERVISOR, do_ptrace},
		{"supervisor mount", SANDBOX_SUPERVISOR, do_mount},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		role = rows[i].role;
		forbidden = rows[i].fn;
		if (in_child(sealed) != REFUSED)
			fail_msg("%s is not refused", rows[i].what);
	}
}

static void *
do_nothing(void *arg)
{
	return arg;
}

static int
ordinary_work(void)
{
	pthread_t t;
	ERR(e);
	FD(sock);
	void *p;

	if (file_write_atomic(top_fd, "x", BLOB("x", 1), 0600, &e) < 0)
		return -1;
	p = malloc(10 << 20);
	free(p);
	if (role == SANDBOX_SIGNER)
		return 0;
	/* clone3 answers ENOSYS, and threads come by clone */
	if (syscall(SYS_clone3, NULL, 0) != -1 || errno != ENOSYS)
		return -1;
	if (thread_start(&t, "t", 0, do_nothing, NULL, &e) < 0 || pthread_join(t, NULL) != 0)
		return -1;
	sock = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	return sock < 0 ? -1 : 0;
}

static void
ordinary_work_goes_on_behind_the_seal(void **state)
{
	(void)state;
	forbidden = ordinary_work;
	role = SANDBOX_CORE;
	assert_int_equal(in_child(sealed), 0);
	role = SANDBOX_SIGNER;
	assert_int_equal(in_child(sealed), 0);
}

static pthread_mutex_t go = PTHREAD_MUTEX_INITIALIZER;

static void *
forbidden_later(void *arg)
{
	pthread_mutex_lock(&go);
	*(int *)arg = ERRNO_OF(do_socket());
	return NULL;
}

static int
thread_before(void)
{
	pthread_t t;
	int seen = 0;
	ERR(e);

	confine(SANDBOX_SIGNER, 0);
	pthread_mutex_lock(&go);
	if (thread_start(&t, "t", 0, forbidden_later, &seen, &e) < 0 ||
		sandbox_seal(SANDBOX_SIGNER, &e) < 0)
		return 99;
	pthread_mutex_unlock(&go);
	pthread_join(t, NULL);
	return seen;
}

static void
the_seal_binds_threads_that_were_there_before(void **state)
{
	(void)state;
	assert_int_equal(in_child(thread_before), REFUSED);
}

static int
prepared(void)
{
	struct rlimit l;

	sandbox_prepare();
	return getrlimit(RLIMIT_CORE, &l) == 0 && l.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0
		       ? 0
		       : 1;
}

static void
no_process_leaves_a_dump(void **state)
{
	(void)state;
	assert_int_equal(in_child(prepared), 0);
}

static void
a_folder_behind_a_closed_one_is_not_reachable(void **state)
{
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/closed", top);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/closed/inner", top);
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(chmod(top, 0711), 0);
	assert_false(sandbox_reachable(path, SANDBOX_UID_CORE));
	*strrchr(path, '/') = '\0';
	assert_true(sandbox_reachable(path, SANDBOX_UID_CORE));
	assert_true(sandbox_reachable("/", SANDBOX_UID_CORE));
}

static int
setup(void **state)
{
	(void)state;
	snprintf(top, sizeof(top), "/tmp/signet-sandbox-XXXXXX");
	assert_non_null(mkdtemp(top));
	top_fd = open(top, O_DIRECTORY | O_CLOEXEC);
	return 0;
}

static int
teardown(void **state)
{
	char cmd[96];

	(void)state;
	close(top_fd);
	snprintf(cmd, sizeof(cmd), "rm -rf %s", top);
	return system(cmd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_outside_the_allowed_folders_cannot_be_reached),
		cmocka_unit_test(root_takes_the_roles_uid_for_good_or_loses_its_capabilities),
		cmocka_unit_test(a_role_dies_with_its_parent),
		cmocka_unit_test(forbidden_calls_are_refused),
		cmocka_unit_test(ordinary_work_goes_on_behind_the_seal),
		cmocka_unit_test(the_seal_binds_threads_that_were_there_before),
		cmocka_unit_test(no_process_leaves_a_dump),
		cmocka_unit_test(a_folder_behind_a_closed_one_is_not_reachable),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
#endif
