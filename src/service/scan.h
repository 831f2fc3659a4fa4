/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Scans: names, addresses and networks are looked at port by port, and the servers that show a certificate stand in the
 * inventory (host.h). A scan is a row that two scanners (jobs of the kind WORK_SCAN) take turns at: a few seconds for the
 * account that was served the longest ago, one scan of it after the other. Its places are numbered; `done` says how far it
 * has got, and moves in the transaction that stores what was found: what was not stored is looked at again.
 */
#pragma once

#include "net/starttls.h"
#include "service/scan_target.h"
#include "service/svc.h"
#include "store/store_sql.h"

#define SCAN_FAULTS_MAX 200 /* that are told of a scan */

struct scan_new {
	struct str name; /* {NULL, 0}: the first target */
	const struct str *targets;
	size_t n_targets;
	const int64_t *ports; /* none: 443 */
	size_t n_ports;
	int starttls; /* enum starttls; -1: as is custom at each port */
	int64_t rate; /* new connections a second; 0: usual */
};

struct scan_view {
	struct row_scan row;
	struct row_scan_fault *faults; /* of servers that were named, and of those that answer without a certificate */
	size_t n_faults;
};

/* E_SCAN_TARGET, E_SCAN_WIDE, E_SCAN_FULL, E_ADDRESS_REFUSED, E_FIELD_*, E_NAME_*: all faults at once. */
int scan_create(struct svc *s, const struct caller *c, const struct scan_new *in, struct arena *a, struct scan_view *ret,
	struct err *e) CHECKED;
int scan_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct scan_view *ret, struct err *e)
	CHECKED;
/* Without their faults. */
int scan_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_scan **ret,
	size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* For good; what was found stays. E_STATE_REFUSED when it is over. */
int scan_stop(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct scan_view *ret, struct err *e)
	CHECKED;
/* What was found stays in the inventory. E_STATE_REFUSED while it waits or runs. */
int scan_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;

/* The job of one scanner: a few seconds of one scan. */
#define SCANNERS 2
int scan_run(struct svc *s, int64_t slot, struct err *e) CHECKED;
/* Old scans go; scanners that gave up begin again. */
int scan_sweep(struct svc *s, struct err *e) CHECKED;
