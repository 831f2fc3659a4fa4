/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between the processes of Signet over socket pairs (AF_UNIX, SOCK_SEQPACKET). A message
 * is a type, an id that pairs question and answer, a body and at most one descriptor. Bodies over
 * IPC_INLINE_MAX travel in a sealed memfd. The peer is hostile: sizes are checked against the
 * receiver's cap before anything is allocated.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

#define IPC_INLINE_MAX (64 * 1024)
#define IPC_BODY_MAX (256 * 1024 * 1024)

struct ipc_msg {
	uint16_t type;
	uint64_t id;
	struct blob body; /* in the arena given to ipc_recv() */
	int fd;		  /* passed descriptor, -1 for none; the receiver's to close */
};

/* Both ends close-on-exec. */
int ipc_pair(int ret_fds[2], struct err *e) CHECKED;
/* pass_fd: -1 for none; it stays the sender's. E_SIGNER_GONE when the peer is gone, E_TOO_LARGE,
 * E_IPC. */
int ipc_send(
	int fd, uint16_t type, uint64_t id, struct blob body, int pass_fd, struct err *e) CHECKED;
/* 1 a message, 0 the peer has closed, < 0 an error (E_TIMEOUT after timeout_ms; -1 waits for ever).
 * max: cap on the body. */
int ipc_recv(int fd, size_t max, int timeout_ms, struct arena *a, struct ipc_msg *ret,
	struct err *e) CHECKED;

/*
 * The asking side, for many threads at once: ids are handed out, a reader thread gives answers to
 * their askers. The channel can be replaced when the peer was restarted: calls in flight fail with
 * E_SIGNER_GONE.
 */
struct ipc_client;
struct ipc_client *ipc_client_new(int fd /* owned; -1: none yet */);
struct ipc_client *ipc_client_free(struct ipc_client *c);
void ipc_client_attach(struct ipc_client *c, int fd /* owned */);
bool ipc_client_connected(struct ipc_client *c);
/* Waits for the answer; its body is in the arena. While no channel stands, waits for one within the
 * timeout. */
int ipc_call(struct ipc_client *c, uint16_t type, struct blob body, int timeout_ms, struct arena *a,
	struct ipc_msg *ret, struct err *e) CHECKED;
