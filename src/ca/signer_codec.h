/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bytes of questions to the signer and of its answers, for both sides. Numbers are big endian;
 * a run of bytes is its 32-bit length and the bytes. Readers set the cursor's `bad` instead of
 * failing one by one.
 */
#pragma once

#include "base/buf.h"
#include "base/cursor.h"
#include "ca/signer_client.h"

/* Caps of single parts. */
#define SIGNER_KEY_MAX (24 * 1024) /* a private key, PKCS#8 */
#define SIGNER_SEALED_MAX (32 * 1024) /* a sealed value */
#define SIGNER_PLAIN_MAX (16 * 1024)  /* a service secret in the clear */
#define SIGNER_SPKI_MAX 4096
#define SIGNER_ISSUERS_MAX 4096
/* The whole body of a question or answer that is no CRL. */
#define SIGNER_BODY_MAX (1024 * 1024)

void signer_put_bytes(struct buf *b, struct blob bytes);
void signer_put_str(struct buf *b, struct str s);
void signer_put_limits(struct buf *b, const struct signer_limits *l);
void signer_put_name(struct buf *b, const struct seal_name *n);
void signer_put_key(struct buf *b, const struct signer_key *k);

struct str signer_get_str(struct cursor *c, size_t max);
void signer_get_limits(struct cursor *c, struct signer_limits *ret);
void signer_get_name(struct cursor *c, struct seal_name *ret);
/* Borrows from the question. */
void signer_get_key(struct cursor *c, struct signer_key *ret);

/* An answer: the code 0 and what follows, or a failure with its message and field. */
void signer_put_failure(struct buf *b, const struct err *e);
/* Reads the head of an answer: 0 and the cursor stands behind it, or the failure that it carries.
 * E_IPC. */
int signer_get_result(struct cursor *c, struct err *e) CHECKED;
