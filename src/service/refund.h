/* SPDX-License-Identifier: Apache-2.0 */
/* Giving a subscription back (SPEC 3.9): on request while it is unused, or by itself after revocation in time. */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

struct db_tx;

/* Until when its price can come back, 0: never (any more). Unused: from payment on; active: by revoking all its certificates,
 * from the first one's issue on. The figures are those of the day when the time began, so that the end never moves. */
int64_t refund_until(const struct row_subscription *r);

struct refund {
	int64_t account; /* 0: the caller's own; another one: for support */
	int64_t subscription;
	int64_t ticket; /* that asks for it, which keeps the act; 0: none */
	struct str reason; /* for the record; {NULL, 0}: none */
};
/* Gives it back on request, merged ones never (SPEC 3.7). The bill's share goes to the wallet, or the certificate to the
 * period of the allowance that it was taken from; drafts are closed. Staff may give back, too, what was
 * revoked in time for a replacement that is not wanted any more.
 * E_REFUND_USED, E_REFUND_LATE, E_REFUND_MERGED, E_STATE_REFUSED, E_TICKET_OTHER. */
int subscription_refund(struct svc *s, const struct caller *c, const struct refund *in, struct arena *a,
	struct row_subscription *ret, struct err *e) CHECKED;

/* For a transaction that has completed a revocation: gives the subscription back when all its certificates are revoked, the
 * last one in time, and that one not for a replacement. */
int refund_revoked(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t subscription,
	struct err *e) CHECKED;
