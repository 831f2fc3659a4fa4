/* SPDX-License-Identifier: Apache-2.0 */
/* What the world says of a foreign chain, asked where its certificates point to; for the checks of uploads and servers. */
#pragma once

#include "inspect/check.h"
#include "service/svc_priv.h"

#define FOREIGN_ASKED_MAX 32

/* Answers under the address that they came from, for check_in's crls and ocsp; those that did not come are not there. */
struct foreign_status {
	struct check_field crls[FOREIGN_ASKED_MAX], ocsp[FOREIGN_ASKED_MAX];
	unsigned n_crls, n_ocsp;
};
/* chain: DER, leaf first. The OCSP responder of each certificate, and its list where that gives nothing. Blocks until
 * deadline_us (monotonic) at the latest. Not in a transaction. */
void foreign_status_ask(struct svc *s, const struct blob *chain, unsigned n, int64_t deadline_us, struct arena *a,
	struct foreign_status *ret);
/* The issuer of the chain's last certificate, as its address gives it (DER, or PKCS#7 with several; RFC 5280 4.2.2.1).
 * Returns how many of at most max were put into ret. */
unsigned foreign_issuer_ask(struct svc *s, const struct blob *chain, unsigned n, int64_t deadline_us, struct arena *a,
	struct blob *ret, unsigned max);
