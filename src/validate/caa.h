/* SPDX-License-Identifier: Apache-2.0 */
/* What a set of CAA records says (RFC 8659, section 4, and RFC 8657). Bytes in, a verdict out; asks nobody. */
#pragma once

#include "net/dns.h"

struct caa_asker {
	const struct str *identities; /* domain names that mean us */
	unsigned n_identities;
	bool wildcard;
	const char *method; /* label of RFC 8657 */
	struct str account_uri; /* {NULL, 0}: none */
};

/* The set must not be empty. 0: it allows us to issue. E_CAA_FORBIDS; owner is for the message. */
int caa_decide(const struct dns_record *records, unsigned n, const struct caa_asker *who, struct str owner,
	struct arena *a, struct err *e) CHECKED;
/* As in a zone file: `0 issue "ca.example"`; for people. */
struct str caa_text(const struct dns_record *r, struct arena *a);
