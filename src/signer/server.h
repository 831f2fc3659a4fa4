/* SPDX-License-Identifier: Apache-2.0 */
/* Serves the core's questions over the channel: reads them, hands them to lanes, sends what is on
 * disk. */
#pragma once

#include "base/err.h"

struct server;
struct signer;

/* Starts the threads: call between sandbox_confine() and sandbox_seal(). The signer is taken over.
 */
int server_new(struct signer *signer, int control_fd, int signal_fd, struct server **ret,
	struct err *e) CHECKED;
/* Until SIGTERM or the supervisor's end (0), or until the log cannot be trusted any more (1). */
int server_run(struct server *s);
/* Finishes and answers what was taken, closes the signer, joins the threads. */
struct server *server_free(struct server *s);
