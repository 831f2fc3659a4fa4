/* SPDX-License-Identifier: Apache-2.0 */
#include "os/sandbox_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <linux/capability.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define DESCRIPTORS_WANTED 65536

static void
raise_limit(__rlimit_resource_t what, rlim_t want)
{
	struct rlimit l;

	if (getrlimit(what, &l) != 0 || (l.rlim_cur != RLIM_INFINITY && l.rlim_cur >= want))
		return;
	l.rlim_cur = l.rlim_max == RLIM_INFINITY ? want : MIN(want, l.rlim_max);
	(void)setrlimit(what, &l);
}

void
sandbox_prepare(void)
{
	static const struct rlimit none = {0, 0};

	/* one arena: freed memory of one thread serves the others, and nothing is read from /proc
	 * later */
	mallopt(M_ARENA_MAX, 1);
	tzset();
	umask(077);
	(void)setrlimit(RLIMIT_CORE, &none);
	raise_limit(RLIMIT_NOFILE, DESCRIPTORS_WANTED);
	raise_limit(RLIMIT_MEMLOCK, RLIM_INFINITY);
#ifndef SIGNET_SANITIZED
	/* also closes /proc/self/mem and ptrace to others of the same uid */
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

bool
sandbox_can_take(uid_t uid)
{
	struct stat st;
	uid_t r, eff, saved;

	if (geteuid() != 0 || fstatat(AT_FDCWD, "/", &st, 0) != 0)
		return false;
	/* an unmapped uid is refused with EINVAL; the saved uid leads back */
	if (getresuid(&r, &eff, &saved) != 0 || setresuid((uid_t)-1, uid, (uid_t)-1) != 0)
		return false;
	if (setresuid((uid_t)-1, eff, (uid_t)-1) != 0)
		BUG("the way back to root is closed");
	return true;
}

bool
sandbox_reachable(const char *dir, uid_t uid)
{
	char path[PATH_MAX];
	struct stat st;

	if (!realpath(dir, path))
		return false;
	for (char *slash; path[1]; *slash = '\0') {
		slash = strrchr(path, '/');
		if (slash == path)
			slash++;
		*slash = '\0';
		if (stat(path, &st) != 0 ||
			!(st.st_uid == uid ? st.st_mode & S_IXUSR : st.st_mode & S_IXOTH))
			return false;
		if (slash == path + 1)
			break;
	}
	return true;
}

static int
drop_capabilities(uint64_t keep, struct err *e)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct have[2] = {0}, want[2] = {0};

	if (syscall(SYS_capget, &head, have) != 0)
		return err_errno(e, E_SANDBOX, errno, "could not read the capabilities");
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++) {
		if (!(keep & UINT64_C(1) << cap) && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0 &&
			errno != EPERM)
			return err_errno(e, E_SANDBOX, errno, "could not drop capability %d", cap);
	}
	(void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	for (int i = 0; i < 2; i++)
		want[i].effective = want[i].permitted =
			have[i].permitted & (uint32_t)(keep >> (32 * i));
	if (syscall(SYS_capset, &head, want) != 0)
		return err_errno(e, E_SANDBOX, errno, "could not drop the capabilities");
	return 0;
}

static int
take_uid(uid_t uid, struct err *e)
{
	if (setgroups(0, NULL) != 0 || setresgid(uid, uid, uid) != 0 ||
		setresuid(uid, uid, uid) != 0)
		return err_errno(e, E_SANDBOX, errno, "could not become uid %u", (unsigned)uid);
	if (setresuid((uid_t)-1, 0, (uid_t)-1) == 0)
		return err_set(
			e, E_SANDBOX, "the way back from uid %u to root is open", (unsigned)uid);
	return 0;
}

static int
die_with(pid_t parent, struct err *e)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
		return err_errno(e, E_SANDBOX, errno, "could not tie the process to its parent");
	/* it may have died before */
	if (getppid() != parent)
		return err_set(e, E_SANDBOX, "the parent process is gone");
	return 0;
}

#ifdef SIGNET_SANITIZED
int
sandbox_confine(const struct sandbox_conf *c, struct sandbox_report *ret, struct err *e)
{
	*ret = (struct sandbox_report){0};
	(void)take_uid;
	(void)drop_capabilities;
	return c->parent ? die_with(c->parent, e) : 0;
}
#else
#define SUPERVISOR_CAPABILITIES                                                               \
	(UINT64_C(1) << CAP_SETUID | UINT64_C(1) << CAP_SETGID | UINT64_C(1) << CAP_SETPCAP | \
		UINT64_C(1) << CAP_KILL | UINT64_C(1) << CAP_DAC_OVERRIDE)

int
sandbox_confine(const struct sandbox_conf *c, struct sandbox_report *ret, struct err *e)
{
	struct sandbox_report rep = {0};
	int r;

	if (c->off) {
		*ret = rep;
		return c->parent ? die_with(c->parent, e) : 0;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_errno(e, E_SANDBOX, errno, "could not give up new privileges");
	r = landlock_confine(c, e);
	if (r < 0)
		return r;
	rep.landlock = r == 0 ? sandbox_landlock() : 0;
	if (c->uid && geteuid() == 0) {
		r = take_uid(c->uid, e);
		if (r < 0)
			return r;
	}
	rep.own_uid = c->uid && geteuid() == c->uid;
	r = drop_capabilities(c->keep_capabilities ? SUPERVISOR_CAPABILITIES : 0, e);
	/* the change of uid has cleared both of these */
	if (r == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		r = err_errno(e, E_SANDBOX, errno, "could not forbid dumps");
	if (r == 0 && c->parent)
		r = die_with(c->parent, e);
	if (r == 0)
		*ret = rep;
	return r;
}
#endif
