/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Zones that are managed here: where they are changed (RFC 2136) and with which key. The key's
 * secret is sealed by the signer and never shown.
 */
#pragma once

#include "net/dns_message.h"
#include "service/svc.h"
#include "store/store_sql.h"

#define ZONE_SERVERS_MAX 8

/* What is written about a zone; in a change, what is {NULL, 0}, 0 or NULL stays. */
struct zone_data {
	struct str name;	   /* of a new zone only */
	const struct str *servers; /* addresses, port 53 unless said; the first takes the updates */
	size_t n_servers;
	struct str key_name;
	const enum dns_tsig_alg *key_alg;
	struct str secret; /* base64 */
};

int zone_create(struct svc *s, const struct caller *c, const struct zone_data *in, struct arena *a,
	struct row_zone *ret, struct err *e) CHECKED;
/* version from If-Match, 0: any. */
int zone_change(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	const struct zone_data *in, struct arena *a, struct row_zone *ret, struct err *e) CHECKED;
/* Refused while a domain names it. */
int zone_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
int zone_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_zone *ret, struct err *e) CHECKED;
int zone_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_zone **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

/* One thing that the check tried. */
struct zone_look {
	struct str server, what;
	int code; /* 0 or an enum err_code */
	struct str message, hint;
};
/* Tries an update that changes nothing, and asks every authoritative server. A fault found is no
 * error of the call. Blocks for the network (validate lane). */
int zone_check(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_zone *ret, struct zone_look **ret_looks, size_t *ret_n, struct err *e) CHECKED;
