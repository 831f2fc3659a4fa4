/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signer's own keys: one per issuer, each with its hard limits, and the checkpoint key. They
 * are made once, are durable before anything about them is answered, and live until the process
 * ends. Any thread.
 */
#pragma once

#include <pthread.h>

#include "crypto/key.h"
#include "signer/limits.h"

struct own_key {
	char name[SIGNER_ISSUER_NAME_MAX + 1];
	enum key_alg alg;
	struct signer_limits limits; /* all zero for the checkpoint key */
	struct key *key;
	struct blob spki, sig_alg;
	pthread_mutex_t lock; /* the idle signing contexts */
	struct key_signer *idle[16];
	unsigned n_idle;
	struct own_key *next;
};

struct issuers;

/* Loads all of the directory, and makes the checkpoint key where it is missing. dirfd and kek must
 * stay. Leftovers of a birth that was cut off are removed. */
int issuers_open(int dirfd, struct blob kek, struct issuers **ret, struct err *e) CHECKED;
struct issuers *issuers_close(struct issuers *is);
/* Takes NULL for the first; NULL at the end. */
const struct own_key *issuers_next(struct issuers *is, const struct own_key *k);
/* E_ISSUER_UNKNOWN. */
int issuers_find(struct issuers *is, struct str name, struct own_key **ret, struct err *e) CHECKED;
/* The issuer whose public key this is, or NULL. */
const struct own_key *issuers_by_spki(struct issuers *is, struct blob spki);
struct own_key *issuers_checkpoint(struct issuers *is);
/* Makes the key, or finds the one made before with the same limits (E_CONFLICT with others). Slow:
 * the key lane's. *ret_made: it is new. */
int issuers_birth(struct issuers *is, struct str name, enum key_alg alg,
	const struct signer_limits *limits, struct own_key **ret, bool *ret_made,
	struct err *e) CHECKED;
/* Signs with a kept context. */
int own_key_sign(struct own_key *k, struct blob tbs, struct arena *a, struct blob *ret,
	struct err *e) CHECKED;
