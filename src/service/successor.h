/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A subscription that follows another one (SPEC 3.14): bought as its renewal, not_activated while that one has more than
 * `renew-before` left, then assigned with a draft that takes over names and applicant. What is left of the one before is
 * added to what it is paid for (issue_priv.h).
 */
#pragma once

#include "service/svc_priv.h"

/* For a transaction: may something follow this subscription now? Holds its row until the end, so that of two purchases one
 * is refused. E_NOT_FOUND, E_STATE_REFUSED: never used, given back, over for too long, or followed already. */
int successor_may(struct db_tx *tx, int64_t account, int64_t predecessor, struct arena *a, struct row_subscription *ret,
	struct err *e) CHECKED;
/* From when on a purchase of this moment can be used; 0: at once. */
int64_t successor_from(const struct row_subscription *predecessor, int64_t now_ms);
/* For the transaction that has bought it: not_activated, or assigned at once. */
int successor_start(struct db_tx *tx, struct svc *s, const struct row_subscription *sub, struct err *e) CHECKED;
/* The one before has ended: what follows it waits no longer than until the next sweep. */
int successor_wake(struct db_tx *tx, int64_t account, int64_t predecessor, struct err *e) CHECKED;
/* A closed one may be opened again unless another follows the same subscription meanwhile: E_STATE_REFUSED. */
int successor_may_return(struct db_tx *tx, const struct row_subscription *sub, struct err *e) CHECKED;
/* And when it is not_activated again, but the one before has ended: as successor_wake(). */
int successor_returned(struct db_tx *tx, const struct row_subscription *sub, struct err *e) CHECKED;
/* For the sweep: not_activated -> assigned where the time has come. */
int successors_activate(struct svc *s, struct err *e) CHECKED;
