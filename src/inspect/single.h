/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The status of one certificate by one revocation list or OCSP response and its issuer's certificate, without a chain:
 * whoever asks so has chosen the issuer. Fewer things are asked of a list than in a chain (path.h): the number and key
 * identifier may be missing, and without nextUpdate it holds for seven days (docs/operate/chain-rules.md).
 */
#pragma once

#include "inspect/path.h"
#include "x509/ocsp.h"

enum single_word { SINGLE_UNKNOWN, SINGLE_GOOD, SINGLE_REVOKED };

struct single_answer {
	enum single_word word;
	char why[200]; /* what made it unknown */
	int64_t revoked_ms;
	int reason; /* enum x509_reason */
	int64_t this_update_ms, next_update_ms; /* INT64_MAX: not said */
};

/* issuers: certificates of the leaf's issuer (several after a change of keys). */
void single_by_crl(const struct path_cert *leaf, const struct path_cert *const *issuers, size_t n,
	const struct x509_crl *l, int64_t now_ms, struct single_answer *ret);
void single_by_ocsp(const struct path_cert *leaf, const struct path_cert *const *issuers, size_t n,
	const struct x509_ocsp *o, int64_t now_ms, struct single_answer *ret);
