/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sealed values: AES-256-GCM with a fresh 96-bit nonce; the associated data binds class, account and the value's own
 * random 128-bit id, so that a value moved to another row does not open.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"

enum seal_class { SEAL_SUBSCRIBER_KEY = 1, SEAL_SERVICE_SECRET = 2, SEAL_TLS_KEY = 3, SEAL_CA_KEY = 4,
	SEAL_QUESTION = 5, SEAL_ANSWER = 6, /* between the core and a perspective, under a key of these two */
	SEAL_UPLOADED_KEY = 7 /* of a foreign certificate: never given out for a download */ };

struct seal_name {
	enum seal_class class;
	int64_t account;
	uint8_t id[16];
};

/* kek: 32 bytes. ret: version byte, nonce, ciphertext, tag. */
int seal_close(struct blob kek, const struct seal_name *name, struct blob plain, struct arena *a, struct blob *ret,
	struct err *e) CHECKED;
/* E_SEAL_BROKEN when anything does not fit. */
int seal_open(struct blob kek, const struct seal_name *name, struct blob sealed, struct secret **ret, struct err *e)
	CHECKED;
