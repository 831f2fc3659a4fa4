/* SPDX-License-Identifier: Apache-2.0 */
/* A zone at work: its servers' addresses, its key in the clear for one call. */
#pragma once

#include "base/secret.h"
#include "net/dns_update.h"
#include "service/svc_priv.h"
#include "service/zone.h"

#define ZONE_CALL_MS 6000
/* Authoritative servers asked; a zone with more is refused rather than half asked. */
#define ZONE_AUTHORITIES_MAX 32

/* Where a zone's record stands for one server. */
struct zone_authority {
	struct str host; /* "" for those that the zone's data name */
	struct addr addr;
};

struct zone_session {
	struct svc *s;
	const struct row_zone *row;
	struct arena *a;
	struct addr servers[ZONE_SERVERS_MAX];
	size_t n_servers;
	struct secret *secret;
};

/* Reads the addresses, each as "192.0.2.1" or "192.0.2.1:53", and vets them. Faults are noted under
 * "servers[i]". */
void zone_servers_read(
	const struct svc *s, const struct str *texts, size_t n, struct addr *ret, struct err *e);
/* Has the signer open the key. The row and the arena outlive the session. */
int zone_session_open(struct svc *s, const struct row_zone *row, struct arena *a,
	struct zone_session *ret, struct err *e) CHECKED;
void zone_session_done(struct zone_session *z); /* wipes the key */
int zone_session_update(const struct zone_session *z, enum dns_update_act act, struct str name,
	struct str text, struct err *e) CHECKED;
/* Every authoritative server: those of the NS records and of the SOA, as the primary names them,
 * each address once, and those that the zone's data name. A server at an address of the zone's data
 * is asked at the port given there. Hosts without an address are left out: no resolver can ask
 * them. E_DNS_*, E_ADDRESS_REFUSED. */
int zone_session_authorities(const struct zone_session *z, struct zone_authority *ret,
	size_t *ret_n, struct err *e) CHECKED;
/* 0: every authoritative server shows the record; else the first that does not is named:
 * E_PROOF_MISSING, E_DNS_*. */
int zone_session_shown(
	const struct zone_session *z, struct str name, struct str text, struct err *e) CHECKED;
