/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger: double entry, sums are zero, no wallet below zero. For transactions of this folder. */
#pragma once

#include "service/svc_priv.h"

/* From cash into the account's wallet; by_user 0: nobody of ours. */
int money_top_up(struct db_tx *tx, int64_t account, int64_t by_user, int64_t amount, struct str note, struct err *e) CHECKED;
/* From the caller's wallet to sales. E_BALANCE_LOW. */
int money_charge(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t amount, int64_t bill,
	struct err *e) CHECKED;
/* From sales back to the account's wallet. */
int money_refund(struct db_tx *tx, const struct svc *s, int64_t account, int64_t by_user, int64_t amount, int64_t bill,
	struct err *e) CHECKED;
/* Certificates of an allowance that are left, after the periods that have passed were rolled over; takes `want` of them.
 * 1: taken, from the period that began at *ret_period_ms. 0: there is no allowance for so many names. E_QUOTA_NONE. */
int allowance_take(struct db_tx *tx, int64_t account, const struct row_product *p, int64_t names, int64_t want,
	int64_t *ret_period_ms, struct err *e) CHECKED;
/* What was taken for a bill of that period (0: for none) comes back; to no later period. */
int allowance_back(struct db_tx *tx, int64_t account, int64_t product, int64_t period_ms, int64_t n, struct err *e) CHECKED;
