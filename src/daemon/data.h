/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The data directory DIR, made and locked by the supervisor, and who owns what in it:
 *   DIR           the supervisor's      lock, admin.json
 *   DIR/signer    the signer's          keys, limits, log
 *   DIR/db        the core's            the SQLite database
 *   DIR/ca        the core's            <issuer>.pem
 *   DIR/handover  the core's            files on their way to DIR, which the core cannot write
 */
#pragma once

#include <sys/types.h>

#include "base/arena.h"
#include "base/err.h"

struct data {
	const char *path;			 /* absolute */
	int dir, lock, signer, db, ca, handover; /* descriptors */
	uid_t core_uid, signer_uid;		 /* 0: the supervisor's own */
	bool core_is_root; /* a folder above DIR lets no other uid through: the core stays root
			      without capabilities */
};

/* E_LOCKED when another process works there; E_IO, E_SANDBOX. sandbox: roles may get uids of their
 * own. */
int data_open(
	const char *path, bool sandbox, struct arena *a, struct data *ret, struct err *e) CHECKED;
void data_close(struct data *d);

/* -- the way of a file from DIR/handover to DIR */

#define HANDOVER_MAX (64 * 1024)

/* The supervisor's side. Takes the file over (0600) and leaves an empty one, by which the core sees
 * that it was taken and will not be wanted again, even when the operator has removed it from DIR.
 */
int data_take_over(struct data *d, const char *name, struct err *e) CHECKED;
/* The core's side: asks the supervisor to take the file and waits until it has. Nothing to do when
 * it was taken before. */
int data_hand_over(int handover_fd, int control_fd, const char *name, struct err *e) CHECKED;
