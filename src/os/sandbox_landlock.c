/* SPDX-License-Identifier: Apache-2.0 */
/* Landlock by its bare system calls: Debian 12's headers know less of it than newer kernels do. */
#include "os/sandbox_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"

#define NR_CREATE_RULESET 444
#define NR_ADD_RULE 445
#define NR_RESTRICT_SELF 446
#define CREATE_RULESET_VERSION (1U << 0)
#define RULE_PATH_BENEATH 1

/* Rights on files, in the order of their bits (linux/landlock.h). */
enum {
	FS_EXECUTE = 1 << 0,
	FS_WRITE_FILE = 1 << 1,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_REMOVE_DIR = 1 << 4,
	FS_REMOVE_FILE = 1 << 5,
	FS_MAKE_CHAR = 1 << 6,
	FS_MAKE_DIR = 1 << 7,
	FS_MAKE_REG = 1 << 8,
	FS_MAKE_SOCK = 1 << 9,
	FS_MAKE_FIFO = 1 << 10,
	FS_MAKE_BLOCK = 1 << 11,
	FS_MAKE_SYM = 1 << 12,
	FS_REFER = 1 << 13,	/* from version 2 */
	FS_TRUNCATE = 1 << 14,	/* 3 */
	FS_IOCTL_DEV = 1 << 15, /* 5 */
};
#define FS_READ (FS_READ_FILE | FS_READ_DIR)
#define FS_WRITE                                                                                 \
	(FS_WRITE_FILE | FS_REMOVE_DIR | FS_REMOVE_FILE | FS_MAKE_DIR | FS_MAKE_REG | FS_REFER | \
		FS_TRUNCATE)
/* What a rule on a file, rather than a folder, may say. */
#define FS_OF_FILE (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)
enum { NET_BIND_TCP = 1 << 0, NET_CONNECT_TCP = 1 << 1 };     /* 4 */
enum { SCOPE_ABSTRACT_UNIX = 1 << 0, SCOPE_SIGNAL = 1 << 1 }; /* 6 */

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

int
sandbox_landlock(void)
{
	long v = syscall(NR_CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);

	return v > 0 ? (int)v : 0;
}

static uint64_t
fs_known(int version)
{
	uint64_t all = FS_MAKE_SYM * 2 - 1;

	if (version >= 2)
		all |= FS_REFER;
	if (version >= 3)
		all |= FS_TRUNCATE;
	if (version >= 5)
		all |= FS_IOCTL_DEV;
	return all;
}

static int
create(int version, enum sandbox_role role, int *ret_fd, struct err *e)
{
	struct ruleset_attr attr = {.fs = fs_known(version)};
	size_t size = sizeof(attr.fs);

	if (version >= 4) {
		size = offsetof(struct ruleset_attr, scoped);
		if (role == SANDBOX_SIGNER)
			attr.net = NET_BIND_TCP | NET_CONNECT_TCP;
	}
	if (version >= 6) {
		size = sizeof(attr);
		attr.scoped = SCOPE_SIGNAL | SCOPE_ABSTRACT_UNIX;
	}
	*ret_fd = (int)syscall(NR_CREATE_RULESET, &attr, size, 0);
	if (*ret_fd < 0)
		return err_errno(e, E_SANDBOX, errno, "could not make a landlock ruleset");
	return 0;
}

static int
allow(int ruleset, int version, const struct sandbox_path *p, struct err *e)
{
	FD(opened);
	struct stat st;
	struct path_beneath rule = {.allowed = FS_READ};
	int fd = p->fd;

	if (p->path) {
		opened = open(p->path, O_PATH | O_CLOEXEC);
		if (opened < 0 && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
			return 0;
		fd = opened;
	}
	if (fd < 0 || fstat(fd, &st) != 0)
		return err_errno(e, E_SANDBOX, errno, "could not open \"%s\" for the sandbox",
			p->path ? p->path : "a folder");
	if (p->write)
		rule.allowed |= FS_WRITE;
	if (p->execute)
		rule.allowed |= FS_EXECUTE;
	rule.allowed &= fs_known(version);
	if (!S_ISDIR(st.st_mode))
		rule.allowed &= FS_OF_FILE;
	rule.fd = fd;
	if (syscall(NR_ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) != 0)
		return err_errno(e, E_SANDBOX, errno, "could not allow \"%s\" in the sandbox",
			p->path ? p->path : "a folder");
	return 0;
}

int
landlock_confine(const struct sandbox_conf *c, struct err *e)
{
	FD(ruleset);
	int version = sandbox_landlock(), r;

	if (version == 0)
		return 1;
	r = create(version, c->role, &ruleset, e);
	for (unsigned i = 0; r == 0 && i < c->n_paths; i++)
		r = allow(ruleset, version, &c->paths[i], e);
#ifdef SIGNET_TESTING
	/* the folder of the killing points */
	if (r == 0 && getenv("SIGNET_TEST_INJECT_DIR"))
		r = allow(ruleset, version,
			&(struct sandbox_path){
				.path = getenv("SIGNET_TEST_INJECT_DIR"), .write = true},
			e);
#endif
	if (r < 0)
		return r;
	if (syscall(NR_RESTRICT_SELF, ruleset, 0) != 0)
		return err_errno(e, E_SANDBOX, errno, "could not enter the landlock ruleset");
	return 0;
}
