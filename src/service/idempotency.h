/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Idempotency keys (SPEC 4): a repeated write with the same key gets the answer of the first; another request with the
 * key is refused. The record carries no secret: an answer with one (passwords, access keys) is kept as "done" without it.
 */
#pragma once

#include "service/svc.h"

struct idem {
	struct str key; /* {NULL, 0}: none given; then all functions do nothing */
	uint8_t request_sha256[32]; /* method, path and body */
};
/* 1: answered before; *ret_status and *ret_body are that answer. 0: new. E_IDEMPOTENCY_MISMATCH, E_IDEMPOTENCY_BUSY. */
int idem_begin(struct svc *s, const struct caller *c, const struct idem *i, struct arena *a, int *ret_status,
	struct str *ret_body, struct err *e) CHECKED;
/* Keeps the answer. The claim was taken by idem_begin(); after a failure of the act idem_forget() frees the key. */
int idem_end(struct svc *s, const struct caller *c, const struct idem *i, int status, struct str body, struct err *e) CHECKED;
void idem_forget(struct svc *s, const struct caller *c, const struct idem *i);
