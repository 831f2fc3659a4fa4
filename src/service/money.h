/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: double entry, sums are zero, no wallet below zero. For transactions of this folder. */
#pragma once

#include "service/svc_priv.h"

/* From the caller's wallet to sales. E_BALANCE_LOW. */
int money_charge(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t amount, int64_t bill,
	struct err *e) CHECKED;
/* From sales back to the account's wallet. */
int money_refund(struct db_tx *tx, const struct svc *s, int64_t account, int64_t by_user, int64_t amount, int64_t bill,
	struct err *e) CHECKED;
/* After a revocation was completed: the full price when all certificates of the subscription are revoked and the last one
 * within the refund window of the first issue, unless a replacement is wanted (SPEC 3.9). */
int money_refund_revoked(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account,
	int64_t subscription, struct err *e) CHECKED;
