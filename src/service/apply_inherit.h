/* SPDX-License-Identifier: Apache-2.0 */
/* Applications that take over what an earlier one said: names, key's kind, method, contact, company. */
#pragma once

#include "service/apply_priv.h"

/* For a transaction: the draft of an assigned subscription that follows another one, from that one's newest issued
 * application. > 0: it is there; 0: what that one said makes no application any more (another rule, a product that lost
 * its algorithm), so that the applicant has to write one. */
int application_inherit(struct db_tx *tx, struct svc *s, const struct row_subscription *sub, struct err *e) CHECKED;
