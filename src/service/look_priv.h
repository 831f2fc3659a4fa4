/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about looks share. */
#pragma once

#include "service/foreign.h"
#include "service/look.h"
#include "service/trust.h"

/* What the probe has seen, judged; name: what was asked for, {NULL, 0}: an address. */
int look_judge(struct svc *s, const struct look_call *call, const struct trust *trust, struct str name, struct arena *a,
	struct look *l, struct err *e) CHECKED;

/* What is told of the status of a chain that is believed: by this service of what it has issued, by others where policy
 * `foreign-status` lets them be asked. A few looks ask at a time; false: nothing was asked. */
bool look_status(struct svc *s, const struct blob *chain, unsigned n, struct arena *a, struct foreign_status *ret);
