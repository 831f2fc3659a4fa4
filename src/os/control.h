/* SPDX-License-Identifier: Apache-2.0 */
/* What the supervisor and a role say to each other over the role's control socket (types of
 * os/ipc.h). */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct ipc_msg;

enum control_type {
	CONTROL_CHANNEL =
		1,     /* supervisor -> role: the descriptor is a new channel to the other role */
	CONTROL_READY, /* role -> supervisor: it serves; the body is a text for people, or empty */
	CONTROL_LOST,  /* role -> supervisor: the channel has ended; a new one is wanted */
	CONTROL_ASK, /* role -> supervisor: a question of the program's own; answered with the same
			id */
	CONTROL_ANSWER, /* supervisor -> role: 32-bit code (0 or a positive error code), then the
			   message */
	CONTROL_FILE, /* supervisor -> role: the descriptor is a file's; the program's own number of it as the id */
	CONTROL_RELOAD, /* supervisor -> role: what was read again; with the files that came before it */
};

#define CONTROL_BODY_MAX (256 * 1024)

/* Says so; the supervisor counts the role as started. */
int control_ready(int fd, struct str text, struct err *e) CHECKED;
int control_lost(int fd, struct err *e) CHECKED;
/* The supervisor's next message. E_TIMEOUT; E_IPC when it is gone. */
int control_next(int fd, int timeout_ms, struct arena *a, struct ipc_msg *ret, struct err *e) CHECKED;
/* Waits for the next new channel within the time, and drops all else: *ret_fd. E_TIMEOUT; E_IPC when the supervisor is
 * gone. */
int control_next_channel(int fd, int timeout_ms, int *ret_fd, struct err *e) CHECKED;
