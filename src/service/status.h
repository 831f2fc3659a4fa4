/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What TLS clients ask: CRLs, OCSP answers, issuers' certificates. *_fast() answer from memory on a loop thread and
 * return false when they cannot; *_slow() run on the status lane. Answers are immutable, reference-counted blobs.
 */
#pragma once

#include "service/svc.h"

struct shared_blob; /* released by shared_blob_unref() */
struct blob shared_blob_bytes(const struct shared_blob *b);
int64_t shared_blob_expires_ms(const struct shared_blob *b); /* for Cache-Control; nextUpdate */
int64_t shared_blob_made_ms(const struct shared_blob *b);
void shared_blob_unref(void *b);

/* issuer: its name; der: the OCSPRequest. NULL: ask the slow one. */
struct shared_blob *status_ocsp_fast(struct svc *s, struct str issuer, struct blob der);
struct shared_blob *status_ocsp_slow(struct svc *s, struct str issuer, struct blob der);
/* NULL: no such shard. Builds it when it is not in memory yet or out of date. */
struct shared_blob *status_crl_fast(struct svc *s, struct str issuer, unsigned shard);
struct shared_blob *status_crl_slow(struct svc *s, struct str issuer, unsigned shard);
/* DER; NULL: no such issuer. Memory that lives as long as the service. */
struct blob status_aia(struct svc *s, struct str issuer);

/* Issuers for /api/v1/issuers, roots first. */
const struct ca_issuer *const *status_issuers(struct svc *s, size_t *ret_n);
