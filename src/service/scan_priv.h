/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about scans share. */
#pragma once

#include "service/scan.h"

/* There is something for the scanners. */
int scan_wake(struct db_tx *tx, const struct svc *s, struct err *e) CHECKED;
