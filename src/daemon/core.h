/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core role: network and database, no CA key, no exec. Started by the supervisor as a fork of itself, before that one
 * has any thread.
 */
#pragma once

#include "daemon/config.h"

/* Messages over the control socket (os/ipc.h, bodies empty). */
enum control {
	CONTROL_CHANNEL = 1, /* supervisor -> role: the descriptor is the new channel between core and signer */
	CONTROL_DRAIN, /* supervisor -> role: finish what is under way and stop */
	CONTROL_RELOAD, /* supervisor -> role: SIGHUP */
	CONTROL_READY, /* core -> supervisor: first start has finished, requests are served */
};

struct core_listener {
	int fd; /* bound and listening */
	struct addr addr;
	bool tls;
};

struct core_start {
	const struct config *conf;
	const struct core_listener *listeners;
	unsigned n_listeners;
	int control_fd, channel_fd; /* to the supervisor; to the signer (-1: comes over the control socket) */
	int data_dirfd, ca_dirfd; /* DIR and DIR/ca */
	const char *db_url; /* "sqlite:DIR/db/signet.db" or postgresql://… */
	/* Seals the process: called once all files are open and all threads that need it are made. */
	int (*seal)(void *arg, struct err *e);
	void *seal_arg;
	bool announce; /* tell the person at the terminal what happens */
};

/* Returns the process's exit code: 0 after CONTROL_DRAIN. */
int core_main(const struct core_start *start);
