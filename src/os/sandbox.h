/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The walls around each process (DESIGN 2). In this order: sandbox_prepare() first of all;
 * sandbox_confine() while there is one thread (landlock, capabilities and uids are a thread's own
 * and inherited); threads; sandbox_seal(), which binds all threads. In sanitizer builds nothing is
 * confined or sealed, since their runtimes need what is forbidden.
 */
#pragma once

#include <sys/types.h>

#include "base/err.h"

enum sandbox_role { SANDBOX_SUPERVISOR, SANDBOX_CORE, SANDBOX_SIGNER, SANDBOX_PERSPECTIVE };

/* The uid and gid that a role takes when it is started as root: of a range that Debian and systemd
 * leave free. */
#define SANDBOX_UID_CORE 60706
#define SANDBOX_UID_SIGNER 60707

/* Fixes the allocator's arenas, forbids dumps, raises the soft limits on descriptors, reads the
 * time zone. */
void sandbox_prepare(void);

/* A file or folder that the role may use, with all below it. A path that does not exist is passed
 * over. */
struct sandbox_path {
	const char *path; /* or NULL: fd */
	int fd;
	bool write; /* also create, remove and rename within */
	bool execute;
};

struct sandbox_conf {
	enum sandbox_role role;
	const struct sandbox_path *paths;
	unsigned n_paths;
	uid_t uid;		/* when not 0: taken when the process is root */
	pid_t parent;		/* when not 0: dies with this parent */
	bool keep_capabilities; /* those that a supervisor of other uids needs */
	bool off;		/* confine nothing, only die with the parent */
};

struct sandbox_report {
	int landlock; /* its version; 0: the kernel has none */
	bool own_uid;
};

/* E_SANDBOX. On success without landlock and without an own uid the caller decides. */
int sandbox_confine(
	const struct sandbox_conf *c, struct sandbox_report *ret, struct err *e) CHECKED;
/* Only the system calls of the role from now on: in a release others answer EPERM and are logged by
 * the kernel, in testing builds they kill. E_SANDBOX. */
int sandbox_seal(enum sandbox_role role, struct err *e) CHECKED;

/* The kernel's landlock version, 0 for none. */
int sandbox_landlock(void);
/* Root may take this uid here (false for others, and in user namespaces that do not map it). */
bool sandbox_can_take(uid_t uid);
/* Someone with the uid can walk down to the folder: each folder above it lets others pass. */
bool sandbox_reachable(const char *dir, uid_t uid);
