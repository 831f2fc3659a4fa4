/* SPDX-License-Identifier: Apache-2.0 */
/* Where the application's way meets the review. */
#pragma once

#include "service/review.h"
#include "service/svc_priv.h"

/* In the transaction that moved the application to reviewing: 1 when a person decides (its place in the queue is made),
 * 0 when it passes at once: DV without a high-risk name (SPEC 3.5). */
int review_enter(struct db_tx *tx, const struct svc *s, const struct application_view *v, struct err *e) CHECKED;
/* Looks at the CAA records of its application's names, at those that a look allows not long ago only when all is set. 0: all
 * allow; else what the first that does not says (caa_priv.h). E_BUSY: not all were looked at in time. No transaction. */
int review_look_at_caa(struct svc *s, const struct row_review *row, bool all, struct err *e) CHECKED;
/* The application leaves reviewing without a decision. */
int review_leave(struct db_tx *tx, int64_t account, int64_t application, struct err *e) CHECKED;
/* What is waited for while reviewing; the view's row is. */
int review_state_of(struct db_tx *tx, struct application_view *v, struct arena *a, struct err *e) CHECKED;
/* Those that wait longer than the policy says: the operator is told, nothing is decided (job sweep). */
int review_remind(struct svc *s, struct err *e) CHECKED;
