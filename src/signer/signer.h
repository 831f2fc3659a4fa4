/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signer: the CA keys, the key that wraps all others, and the limits that nobody talks it out
 * of. This is what the process `signet-signer` serves over its channel, and what unit tests call
 * straight. Any thread.
 */
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "ca/signer_proto.h"

struct signer;
struct ledger;

/* Opens the signer's directory (makes its keys at the first start). dirfd stays the caller's. */
int signer_open_dir(int dirfd, struct signer **ret, struct err *e) CHECKED;
struct signer *signer_close(struct signer *s);

/* Answers one question: reply gets the code 0 and what the question asks for. Blocks until the
 * act's record is on disk. The reply may hold a secret: end it with buf_done_secret(). */
int signer_handle(struct signer *s, uint16_t op, struct blob body, struct arena *a,
	struct buf *reply, struct err *e) CHECKED;
/* The same in two steps, for servers: the reply must not leave before the record (when there is
 * one) is in the ledger. */
int signer_begin(struct signer *s, uint16_t op, struct blob body, struct arena *a,
	struct buf *reply, struct str *ret_record, struct err *e) CHECKED;
struct ledger *signer_ledger(struct signer *s);

/* Which lane takes a question: making RSA keys, which takes seconds, never delays a signature nor other keys, which are
 * made as fast as a signature; nor does the hashing of a large CRL. */
enum signer_lane { SIGNER_LANE_SIGN, SIGNER_LANE_KEYS, SIGNER_LANE_BULK };
enum signer_lane signer_lane_of(uint16_t op, struct blob body);

/* For signer_client_new(): questions go straight to the signer given as arg. */
int signer_call_direct(void *signer, uint16_t op, struct blob body, struct arena *a,
	struct blob *ret, struct err *e) CHECKED;
