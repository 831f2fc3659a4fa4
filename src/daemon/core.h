/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The core role: network and database, no CA key, no exec. Started by the supervisor as a fork of itself, before that one
 * has any thread.
 */
#pragma once

#include "daemon/config.h"

struct core_listener {
	int fd; /* bound and listening */
	struct addr addr;
	bool tls;
};

struct core_start {
	const struct config *conf;
	int argc; /* of the program: what it says goes before the file of --config, also when that is read again */
	char **argv;
	int files[CONFIG_FILES]; /* open, or -1 */
	const struct core_listener *listeners;
	unsigned n_listeners;
	int control_fd; /* to the supervisor (os/control.h); the channel to the signer comes over it */
	int signal_fd; /* signals_open(): SIGTERM drains and stops */
	int data_dirfd, ca_dirfd; /* DIR/handover, from where the supervisor takes admin.json to DIR (data.h), and DIR/ca */
	const char *db_url; /* "sqlite:DIR/db/signet.db" or postgresql://… */
	const char *data_path, *cli_path; /* absolute, to be shown: DIR, and the folder of `signet` (NULL: in PATH) */
	bool announce; /* tell the person at the terminal what happens */
};

/* What the core asks the supervisor to know about a configuration that was read again. */
#define CORE_TAKEN "config.taken"
#define CORE_REFUSED "config.refused"
/* The body of CONTROL_RELOAD: an octet with the number of perspectives, the key of each (CONFIG_KEY_LEN), the text of the
 * file. */

/* In the child, confined already (sandbox_confine()) and still with one thread. Seals itself once all is open.
 * Returns the process's exit code: 0 after SIGTERM. */
int core_main(const struct core_start *start);
