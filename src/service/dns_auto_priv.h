/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Automatic DNS (SPEC 3.4). A record is planned as a row before anything is sent, and its row lives
 * until the record is known to be gone: each step can be repeated after a crash, and what nobody
 * waits for is removed by a job.
 */
#pragma once

#include "service/apply_priv.h"

/* Fills view->autos for an application whose method is automatic DNS: what each name's domain
 * lacks, and how far its record is. For a draft, the notes. */
int dns_auto_load(struct db_tx *tx, const struct caller *c, struct arena *a,
	struct application_view *view, struct err *e) CHECKED;

struct dns_auto_seen {
	int code; /* 0: every authoritative server shows the record, or the name is not for us */
	struct err why;
};
/* Puts the records of all pending names whose domain lacks nothing, and asks every authoritative
 * server for them. One result for each authorization. No transaction is open. */
int dns_auto_publish(struct svc *s, int64_t account, const struct application_view *view,
	struct arena *a, struct dns_auto_seen **ret, struct err *e) CHECKED;
/* Tells the account, once, that a name waits for a record by hand: what automatic DNS needs is not there (any more). */
int dns_auto_ask(struct db_tx *tx, const struct svc *s, const struct application_view *view, struct err *e) CHECKED;
/* A domain or a zone of the account was changed: who waits for automatic DNS, and
 * what certificates are automatic, is looked at anew. */
int dns_auto_kick(struct db_tx *tx, const struct svc *s, int64_t account, struct err *e) CHECKED;
/* The first thing to do about what a name lacks, and what serves until then. */
struct str dns_auto_advice(
	const struct application_auto *au, const struct row_authz *z, struct arena *a);

/* -- removing (dns_clean.c) */
/* Queues the removal of what the application has in zones and does not wait for any more. */
int dns_clean_soon(struct db_tx *tx, const struct svc *s, int64_t account, int64_t application,
	struct err *e) CHECKED;
/* Removes what nobody waits for from one zone (job). A failure is kept with its row. E_BUSY: something
 * is left, so come again; what must wait for longer is left to the sweep. */
int dns_clean_run(struct svc *s, int64_t account, int64_t zone, struct err *e) CHECKED;
/* Queues the zones that hold such, and forgets what is long gone. */
int dns_clean_sweep(struct svc *s, struct err *e) CHECKED;
/* An add may be under way for so long: what is being added is left alone until then. */
#define DNS_ADD_MS (15 * MS_SECOND)
