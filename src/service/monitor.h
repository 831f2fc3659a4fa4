/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Monitors: servers of the inventory that are looked at again and again (job WORK_MONITOR). What changes is remembered, up
 * to a number of events, and told by notices: another certificate than before, its end, a fault (untrusted, revoked,
 * expired, a wrong name), nobody there several times in a row, and the return. A look counts only for the monitor as it was
 * when the look began, in one transaction with its event and notice: nothing is told twice.
 */
#pragma once

#include "net/starttls.h"
#include "service/svc.h"
#include "store/store_sql.h"

#define MONITOR_EVENTS_SHOWN 100

struct monitor_new {
	int64_t host; /* of the inventory; 0: the target */
	struct str target; /* "www.example.com:8443"; {NULL, 0}: the host */
	int starttls; /* enum starttls; -1: as is custom at the port */
	int64_t interval_ms; /* 0: usual */
};

struct monitor_view {
	struct row_monitor row;
	struct row_monitor_event *events; /* newest first */
	size_t n_events;
	int64_t now_ms;
};

/* The first look comes at once. E_MONITOR_THERE, E_INVENTORY_FULL, E_SCAN_TARGET, E_ADDRESS_REFUSED, E_FIELD_*. */
int monitor_create(struct svc *s, const struct caller *c, const struct monitor_new *in, struct arena *a,
	struct monitor_view *ret, struct err *e) CHECKED;
int monitor_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct monitor_view *ret,
	struct err *e) CHECKED;
/* Without their events. */
int monitor_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_monitor **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* version from If-Match, 0: any. */
int monitor_change(struct svc *s, const struct caller *c, int64_t id, int64_t version, int64_t interval_ms, struct arena *a,
	struct monitor_view *ret, struct err *e) CHECKED;
/* The server stays in the inventory. */
int monitor_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;

/* The job: those that are due, a few of each account. */
#define MONITOR_SLOT 1
int monitor_run(struct svc *s, struct err *e) CHECKED;
/* Queues it when one is due. */
int monitor_sweep(struct svc *s, struct err *e) CHECKED;
