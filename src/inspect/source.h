/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a chain's certificates say that more can be had: revocation lists, OCSP responders, their issuers' certificates.
 * The addresses were chosen by whoever made the certificates: the caller decides which of them may be asked.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

enum source_kind { SOURCE_CRL, SOURCE_OCSP, SOURCE_ISSUER };

struct source {
	unsigned at; /* in the chain */
	enum source_kind kind;
	struct str url;	     /* http:// only, printable ASCII; of the certificate's bytes */
	struct blob request; /* OCSP: the body to POST as application/ocsp-request (RFC 6960 A.1), without a nonce */
};

/* chain: DER, leaf first. CRL and OCSP of each certificate whose issuer stands behind it; the issuer's address of the last
 * one, unless it is self-issued. Unreadable certificates have none. Returns how many of at most max were put into ret. */
unsigned sources_of_chain(const struct blob *chain, unsigned n, struct arena *a, struct source *ret, unsigned max);
