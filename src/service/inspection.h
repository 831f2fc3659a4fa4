/* SPDX-License-Identifier: Apache-2.0 */
/* One server looked at for somebody who waits for the answer. It is written into the audit log, and nowhere else. */
#pragma once

#include "service/look.h"

#define INSPECTION_MS 20000

struct inspection_new {
	struct str target; /* "www.example.com", "192.0.2.7:8443"; port 443 where none is named */
	int starttls; /* enum starttls; -1: as is custom at the port */
	struct str name; /* asked for and checked in the target's place; {NULL, 0}: the target's own */
};

struct inspection {
	struct scan_place place;
	enum starttls starttls;
	struct look look;
	enum host_status status; /* now */
};

/* 0 also where nobody answers. E_SCAN_TARGET, E_ADDRESS_REFUSED, E_NAME_*, E_DNS_*; E_BUSY when too many are at it. */
int inspection_run(struct svc *s, const struct caller *c, const struct inspection_new *in, struct arena *a,
	struct inspection *ret, struct err *e) CHECKED;
