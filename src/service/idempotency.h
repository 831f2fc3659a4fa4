/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Idempotency keys (SPEC 4). A write with a key remembers, in the transaction of its act, which object the act was about
 * (audit_add() does it: no act goes without). A repetition is answered by showing that object; nothing is done again.
 * No answer is stored, so no secret can be: the repeated creation of an access key shows the key without its secret.
 */
#pragma once

#include "service/svc.h"

#define IDEM_KEY_MAX 128

struct idem {
	struct str key;
	uint8_t request_sha256[32]; /* of method, path and body */
	int64_t claim; /* tells this request's record from a twin's; 0: made by idem_write() */
};

/* To be asked before the act when a key is given; the same `struct idem` then goes into caller->idem.
 * 1: done before: *ret_object ("applications", as in the addresses) and *ret_id say about what; show it.
 * 0: new. E_IDEMPOTENCY_MISMATCH: the key was used with another request.
 * The act itself fails with E_IDEMPOTENCY_BUSY when a twin was faster: ask again then. */
int idem_find(struct svc *s, const struct caller *c, const struct idem *i, struct arena *a, struct str *ret_object,
	int64_t *ret_id, struct err *e) CHECKED;

struct db_tx;
/* For audit_add(). */
int idem_write(struct db_tx *tx, const struct caller *c, const char *object, int64_t object_id, struct err *e) CHECKED;
