/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A certificate with its chain and key in another form (SPEC 3.11): what comes with the call goes out with its answer, and
 * nothing of it is kept. The audit says that it was done.
 */
#pragma once

#include "service/certificate.h"

struct conversion {
	const char *to; /* a format of inspect/convert.h */
	struct str certificate, chain, key; /* of any form that intake_add() reads; n 0: not given */
	struct str passphrase, new_password, name; /* {NULL, 0}: none */
};
/* All faults of what was given at once, each with its field. Opening what a passphrase protects takes seconds: not on a lane
 * for quick calls; E_BUSY when too many wait already. */
int conversion_make(struct svc *s, const struct caller *c, const struct conversion *in, struct arena *a,
	struct package *ret, struct err *e) CHECKED;
