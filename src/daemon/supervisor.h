/* SPDX-License-Identifier: Apache-2.0 */
/* Process 1 of signetd: binds, locks, starts the signer and the core, restarts them, parses nothing
 * that they say. */
#pragma once

#include "daemon/config.h"

/* Until SIGTERM; SIGHUP reads again what argv and --config say. The exit code; what went wrong before the roles ran is in
 * *e (code < 0). */
int supervisor_run(struct config *c, int argc, char **argv, struct arena *a, struct err *e) CHECKED;
