/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents that foreign certificates point to: revocation lists, OCSP answers, issuers. Whoever made a certificate chose
 * its addresses, so only addresses of the public internet are called, and those that the operator opens (fetch-allow);
 * the name is resolved once and the address pinned.
 */
#pragma once

#include "inspect/source.h"
#include "service/svc_priv.h"

#define OUTSIDE_CRL_MAX (16 * 1024 * 1024)
#define OUTSIDE_OCSP_MAX (64 * 1024)
#define OUTSIDE_ISSUER_MAX (64 * 1024)

/* src: from sources_of_chain(). Blocks until deadline_us (monotonic) at the latest. E_ADDRESS_REFUSED, E_TIMEOUT,
 * E_FILE_CONNECT, E_NET, E_TOO_LARGE, E_DNS_*; E_NET also for another status than 200. Not in a transaction. */
int outside_fetch(struct svc *s, const struct source *src, int64_t deadline_us, struct arena *a, struct blob *ret,
	struct err *e) CHECKED;

/* Whether that address may be called; allow: special networks that the operator opened; public_too: those of the public
 * internet as well. */
bool outside_may(const struct addr *ad, const struct addr_net *allow, unsigned n_allow, bool public_too);
/* Where a foreign name leads: addresses that may be called; allow: special networks that the operator opened;
 * public_too: those of the public internet as well. E_ADDRESS_REFUSED. */
int outside_addresses(struct svc *s, struct str host, const struct addr_net *allow, unsigned n_allow, bool public_too,
	int timeout_ms, struct arena *a, struct addr *ret, unsigned max, unsigned *ret_n, struct err *e) CHECKED;
