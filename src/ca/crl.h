/* SPDX-License-Identifier: Apache-2.0 */
/* CRLs (RFC 5280 5): streamed front to back, sharded with a critical issuingDistributionPoint. */
#pragma once

#include "ca/issue.h"

#define CRL_MAX (256 * 1024 * 1024)

struct crl_entry {
	struct blob serial; /* magnitude */
	int64_t revoked_ms;
	int reason; /* RFC 5280 5.3.1; 0 (unspecified) is left out */
};

struct crl_writer;
/* count and bytes of the entries need not be known before. next_update_ms inclusive. */
int crl_begin(const struct ca_issuer *is, unsigned shard, int64_t number, int64_t this_update_ms, int64_t next_update_ms,
	struct crl_writer **ret, struct err *e) CHECKED;
void crl_add(struct crl_writer *w, const struct crl_entry *en);
/* The tbsCertList; lives until crl_end(). */
int crl_tbs(struct crl_writer *w, struct blob *ret, struct err *e) CHECKED;
/* The signed CRL, malloc'ed; frees the writer. sig NULL: only frees. */
int crl_end(struct crl_writer *w, const struct blob *sig, uint8_t **ret, size_t *ret_n, struct err *e) CHECKED;
