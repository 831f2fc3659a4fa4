/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs two child processes that talk to each other, restarts the one that dies with back-off, and
 * gives both a new channel each time. It parses nothing that they say but the types of
 * os/control.h. One thread, no others.
 */
#pragma once

#include <sys/types.h>

#include "os/ipc.h"

enum supervise_event {
	SUPERVISE_STARTED, /* value: its pid */
	SUPERVISE_READY,   /* value: ms since its start; text: what it said */
	SUPERVISE_EXITED,  /* value: its exit code */
	SUPERVISE_KILLED,  /* value: the signal */
	SUPERVISE_WAITS,   /* value: ms until the restart */
	SUPERVISE_STOPPING,
	SUPERVISE_FAULT, /* text: what could not be done */
};

struct supervise_role {
	const char *name;
	/* In the child, with its end of the control socket and the supervisor's pid. Its value is
	 * the exit code. */
	int (*run)(void *arg, int control_fd, pid_t parent);
	void *arg;
};

#define SUPERVISE_ROLES 2

struct supervise_conf {
	/* Started from the last to the first, each when the one behind it is ready; stopped in this
	 * order. */
	struct supervise_role roles[SUPERVISE_ROLES];
	/* For the log. */
	void (*event)(void *arg, const char *role, enum supervise_event ev, int64_t value,
		struct str text);
	/* Answers a role's own question (CONTROL_ASK): 0 or an error. NULL: there are none. */
	int (*ask)(void *arg, const char *role, const struct ipc_msg *m, struct err *e);
	/* After SIGHUP, with the control socket of the first role, -1: it does not run. NULL: the
	 * signal is passed on. */
	void (*hangup)(void *arg, int control_fd);
	void *arg;
	int drain_ms;			      /* what a role has after SIGTERM until SIGKILL */
	int backoff_first_ms, backoff_max_ms; /* 0: 100 ms and 10 s */
};

/*
 * Until SIGTERM or SIGINT (signal_fd: signals_open()) or until a role fails before it was ever
 * ready: then its exit code is the value. 0 after a stop that was asked for.
 */
int supervise_run(const struct supervise_conf *conf, int signal_fd);
