/* SPDX-License-Identifier: Apache-2.0 */
/* Which system calls each role may make, as named sets. What a set lacks is found by the tests,
 * where it kills. */
#include "os/sandbox_priv.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What every program does: memory, waiting, time, its own descriptors, ending. */
static const char *const set_plain[] = {"brk", "close", "clock_getres", "clock_gettime",
	"clock_nanosleep", "dup", "dup2", "dup3", "epoll_create1", "epoll_ctl", "epoll_pwait",
	"epoll_pwait2", "epoll_wait", "eventfd2", "exit", "exit_group", "fcntl", "fstat", "futex",
	"futex_wait", "futex_wake", "futex_requeue", "futex_waitv", "getcpu", "getegid", "geteuid",
	"getgid", "getpgrp", "getpid", "getppid", "getrandom", "getresgid", "getresuid",
	"getrlimit", "getrusage", "gettid", "gettimeofday", "getuid", "lseek", "madvise",
	"membarrier", "mlock", "mlock2", "mremap", "munlock", "munmap", "nanosleep", "pipe2",
	"poll", "ppoll", "pread64", "preadv", "preadv2", "pselect6", "read", "readv",
	"restart_syscall", "rseq", "rt_sigaction", "rt_sigpending", "rt_sigprocmask",
	"rt_sigreturn", "rt_sigsuspend", "rt_sigtimedwait", "sched_getaffinity", "sched_getparam",
	"sched_getscheduler", "sched_yield", "select", "set_robust_list", "sigaltstack", "sysinfo",
	"time", "timer_create", "timer_delete", "timer_settime", "timerfd_create",
	"timerfd_settime", "times", "uname", "write", "writev", NULL};
/* Messages over sockets that stand. */
static const char *const set_messages[] = {"getpeername", "getsockname", "getsockopt",
	"memfd_create", "recvfrom", "recvmmsg", "recvmsg", "sendmmsg", "sendmsg", "sendto",
	"setsockopt", "shutdown", NULL};
/* Files below the allowed folders; landlock says which. */
static const char *const set_files[] = {"access", "chdir", "faccessat", "faccessat2", "fadvise64",
	"fallocate", "fchdir", "fchmod", "fchmodat", "fchown", "fdatasync", "flock", "fstatfs",
	"fsync", "ftruncate", "getcwd", "getdents64", "link", "linkat", "lstat", "mkdir", "mkdirat",
	"newfstatat", "open", "openat", "openat2", "pwrite64", "pwritev", "pwritev2", "readlink",
	"readlinkat", "rename", "renameat", "renameat2", "rmdir", "stat", "statfs", "statx",
	"sync_file_range", "truncate", "umask", "unlink", "unlinkat", "utimensat", NULL};
/* Sockets of the Internet and the local ones of databases. */
static const char *const set_network[] = {"accept", "accept4", "bind", "connect", "copy_file_range",
	"listen", "sendfile", "socketpair", "splice", NULL};
/* Starting other processes, and all that these do before they confine themselves. */
static const char *const set_supervise[] = {"arch_prctl", "capget", "capset", "close_range",
	"execve", "execveat", "fork", "landlock_add_rule", "landlock_create_ruleset",
	"landlock_restrict_self", "mprotect", "mmap", "pidfd_open", "pidfd_send_signal", "prctl",
	"prlimit64", "seccomp", "set_tid_address", "setgid", "setgroups", "setpriority",
	"setresgid", "setresuid", "setrlimit", "setsid", "setuid", "signalfd4", "kill", "tgkill",
	"tkill", "vfork", "wait4", "waitid", "ioctl", "clone", "socket", NULL};

struct filter {
	scmp_filter_ctx ctx;
	int failed; /* the first error number */
};

static void
note(struct filter *f, int r)
{
	if (r < 0 && !f->failed)
		f->failed = -r;
}

/* Names that this machine or the library does not know are passed over. */
static void
allow_set(struct filter *f, const char *const *names)
{
	for (; *names; names++) {
		int nr = seccomp_syscall_resolve_name(*names);

		if (nr != __NR_SCMP_ERROR)
			note(f, seccomp_rule_add(f->ctx, SCMP_ACT_ALLOW, nr, 0));
	}
}

static void
allow_if(struct filter *f, const char *name, struct scmp_arg_cmp cmp)
{
	int nr = seccomp_syscall_resolve_name(name);

	if (nr != __NR_SCMP_ERROR)
		note(f, seccomp_rule_add(f->ctx, SCMP_ACT_ALLOW, nr, 1, cmp));
}

/* Signals to itself alone: abort(), and the killing points of tests. */
static void
allow_own_signals(struct filter *f)
{
	scmp_datum_t self = (scmp_datum_t)getpid();

	allow_if(f, "kill", SCMP_A0(SCMP_CMP_EQ, self));
	allow_if(f, "tgkill", SCMP_A0(SCMP_CMP_EQ, self));
	/* asking for limits, not setting those of others */
	allow_if(f, "prlimit64", SCMP_A0(SCMP_CMP_EQ, 0));
	/* a thread that has just begun: its own priority and name */
	allow_if(f, "setpriority", SCMP_A1(SCMP_CMP_EQ, 0));
	allow_if(f, "prctl", SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME));
	allow_if(f, "prctl", SCMP_A0(SCMP_CMP_EQ, PR_GET_NAME));
	/* glibc names its mappings where the kernel can */
	allow_if(f, "prctl", SCMP_A0(SCMP_CMP_EQ, 0x53564d41));
}

static void
allow_threads(struct filter *f)
{
	allow_if(f, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	allow_if(f, "sched_setscheduler", SCMP_A0(SCMP_CMP_EQ, 0));
}

/* Memory that is never executable. */
static void
allow_data_mappings(struct filter *f)
{
	allow_if(f, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	allow_if(f, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

static void
allow_core(struct filter *f)
{
	static const int families[] = {AF_UNIX, AF_INET, AF_INET6, AF_NETLINK};
	static const unsigned long requests[] = {FIONREAD, FIONBIO, FIOCLEX, TCGETS};

	allow_set(f, set_files);
	allow_set(f, set_network);
	allow_threads(f);
	/* libraries load others when first used: name services, tokens */
	allow_if(f, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, 0));
	allow_if(f, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_WRITE));
	allow_if(f, "mmap", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC));
	allow_if(f, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, 0));
	allow_if(f, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_WRITE));
	allow_if(f, "mprotect", SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC));
	for (size_t i = 0; i < ARRAY_LEN(families); i++)
		allow_if(f, "socket", SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]));
	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		allow_if(f, "ioctl", SCMP_A1(SCMP_CMP_EQ, requests[i]));
	allow_own_signals(f);
}

static void
allow_signer(struct filter *f)
{
	allow_set(f, set_files);
	allow_data_mappings(f);
	allow_own_signals(f);
}

static void
allow_supervisor(struct filter *f)
{
	/* the children inherit this filter: it allows what any of them may */
	allow_set(f, set_files);
	allow_set(f, set_network);
	allow_set(f, set_supervise);
	note(f, seccomp_rule_add(f->ctx, SCMP_ACT_ALLOW, SCMP_SYS(sched_setscheduler), 0));
}

static int
build(struct filter *f, enum sandbox_role role)
{
	/* thread libraries fall back to clone, whose flags can be looked at */
	note(f, seccomp_rule_add(f->ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0));
	allow_set(f, set_plain);
	allow_set(f, set_messages);
	if (role == SANDBOX_CORE || role == SANDBOX_PERSPECTIVE)
		allow_core(f);
	else if (role == SANDBOX_SIGNER)
		allow_signer(f);
	else
		allow_supervisor(f);
	note(f, seccomp_attr_set(f->ctx, SCMP_FLTATR_CTL_TSYNC, 1));
	/* those that the kernel or library lacks do no harm */
	(void)seccomp_attr_set(f->ctx, SCMP_FLTATR_CTL_LOG, 1);
	(void)seccomp_attr_set(f->ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	return f->failed;
}

#ifdef SIGNET_TESTING
#define FORBIDDEN SCMP_ACT_KILL_PROCESS
#else
#define FORBIDDEN SCMP_ACT_ERRNO(EPERM)
#endif

int
sandbox_seal(enum sandbox_role role, struct err *e)
{
	struct filter f = {.ctx = seccomp_init(FORBIDDEN)};
	int r;

	if (!f.ctx)
		return err_set(e, E_SANDBOX, "could not make a filter of system calls");
	r = build(&f, role);
#ifndef SIGNET_SANITIZED
	if (r == 0)
		r = -seccomp_load(f.ctx);
#endif
	seccomp_release(f.ctx);
	return r ? err_errno(e, E_SANDBOX, r, "could not load the filter of system calls") : 0;
}
