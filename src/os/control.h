/* SPDX-License-Identifier: Apache-2.0 */
/* What the supervisor and a role say to each other over the role's control socket (types of
 * os/ipc.h). */
#pragma once

#include "base/err.h"

enum control_type {
	CONTROL_CHANNEL =
		1,     /* supervisor -> role: the descriptor is a new channel to the other role */
	CONTROL_READY, /* role -> supervisor: it serves; the body is a text for people, or empty */
	CONTROL_LOST,  /* role -> supervisor: the channel has ended; a new one is wanted */
	CONTROL_ASK, /* role -> supervisor: a question of the program's own; answered with the same
			id */
	CONTROL_ANSWER, /* supervisor -> role: 32-bit code (0 or a positive error code), then the
			   message */
};

#define CONTROL_BODY_MAX (256 * 1024)

/* Says so; the supervisor counts the role as started. */
int control_ready(int fd, struct str text, struct err *e) CHECKED;
int control_lost(int fd, struct err *e) CHECKED;
/* Waits for the next new channel within the time: *ret_fd. E_TIMEOUT; E_IPC when the supervisor is
 * gone. */
int control_next_channel(int fd, int timeout_ms, int *ret_fd, struct err *e) CHECKED;
