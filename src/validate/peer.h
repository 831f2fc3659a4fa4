/* SPDX-License-Identifier: Apache-2.0 */
/* A perspective at an address of the operator's, asked over HTTP with sealed bodies. */
#pragma once

#include "base/secret.h"
#include "validate/quorum.h"

struct peer {
	struct addr address;
	const struct secret *key; /* QUESTION_KEY_LEN */
	const char *purpose; /* of the call */
};

/* perspective.ask; arg: struct peer. E_NET, E_TIMEOUT, E_UNAUTHENTICATED (its key is another one, or somebody answered in
 * its place), E_BUSY. */
int peer_ask(const void *arg, const struct validate_question *q, int timeout_ms, struct arena *a,
	struct validate_result *ret, int *ret_code, struct err *why, struct err *e) CHECKED;
