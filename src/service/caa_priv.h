/* SPDX-License-Identifier: Apache-2.0 */
/* What the CAA records of an application's names say now (RFC 8659); each look is kept with the evidence. */
#pragma once

#include "model/name.h"
#include "service/svc_priv.h"

struct caa_ask {
	struct svc *s;
	int64_t account, application;
	enum method method; /* of the proofs: a record may allow only some (RFC 8657) */
	struct str name, base; /* as proven; without "*." */
	enum name_kind kind;
	bool fresh; /* a person wants to see what stands there now: no answer remembered */
};

/* Looks from here and, when that allows it, from afar, and writes down what was seen. 0: it is written, and *ret_code is 0
 * (allowed) or what forbids: E_CAA_FORBIDS, E_CAA_FAILED, E_PERSPECTIVE_QUORUM with its message in *why. E_DRAINING: cut off,
 * nothing is written. No transaction. */
int caa_look(const struct caa_ask *q, struct arena *a, int *ret_code, struct err *why, struct err *e) CHECKED;

/* The last look at each name of the application that can have a CAA record. */
int caa_last_looks(struct db_tx *tx, int64_t account, int64_t application, struct arena *a, struct row_caa_last **ret,
	size_t *ret_n, struct err *e) CHECKED;
/* It allows, and is not too old to issue by (policy caa-reuse). */
bool caa_stands(const struct row_caa_last *row, int64_t now_ms);
