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
	struct blob delegate; /* OCSP: the responder's certificate, DER; {NULL, 0}: the issuer itself has signed */
	bool about; /* OCSP: it has an answer about the certificate, believed or not */
	int64_t this_update_ms, next_update_ms; /* INT64_MAX: not said */
};

/* Without nextUpdate a list or an answer holds for seven days; clocks may differ by minutes. */
bool single_current(int64_t this_ms, int64_t next_ms, int64_t now_ms);
/* issuers: certificates of the leaf's issuer (several after a change of keys). */
void single_by_crl(const struct path_cert *leaf, const struct path_cert *const *issuers, size_t n,
	const struct x509_crl *l, int64_t now_ms, struct single_answer *ret);
/* leaf NULL: the certificate that the response speaks of; it must speak of one alone. */
void single_by_ocsp(const struct path_cert *leaf, const struct path_cert *const *issuers, size_t n,
	const struct x509_ocsp *o, int64_t now_ms, struct single_answer *ret);
