/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about looks share. */
#pragma once

#include "service/look.h"
#include "service/trust.h"

/* What the probe has seen, judged; name: what was asked for, {NULL, 0}: an address. */
int look_judge(struct svc *s, const struct trust *trust, struct str name, struct arena *a, struct look *l, struct err *e)
	CHECKED;
