/* SPDX-License-Identifier: Apache-2.0 */
/* `signet inspect HOST:PORT`: a live server seen, what its certificates point at fetched, all of it judged and shown. */
#pragma once

#include "cli/cli.h"
#include "inspect/live.h"
#include "net/probe.h"

/* The one argument is HOST:PORT (a name, an IPv4 address, an IPv6 address in brackets) and no file is called so. */
bool inspect_live_meant(const struct cli *c);
/* Exit code: 0 the server is in order, 1 it is not, 2 the command was not understood. */
int inspect_live(struct cli *c);

/* -- what its files share */

#define LIVE_ASKS_MAX 32

/* An address of the certificates that was asked. */
struct live_ask {
	const char *kind, *url; /* "crl", "ocsp", "issuer" */
	const char *fault;	/* NULL: it has answered */
};

struct live_run {
	struct cli *c;
	struct str host, name; /* where it is; who it shall be (A-labels, or an address) */
	uint16_t port;
	enum starttls starttls;
	int timeout_ms;
	bool fetch, chinese;
	struct addr address;
	struct probe probe;
	const struct path_cert **known; /* given and fetched */
	struct check_field crls[LIVE_ASKS_MAX], ocsp[LIVE_ASKS_MAX];
	struct live_in in;
	struct live live;
	unsigned n_asks;
	struct live_ask asks[LIVE_ASKS_MAX];
};

/* Judges what is there up to now. */
int inspect_live_judge(struct live_run *l, struct err *e) CHECKED;
/* Asks the certificates' own addresses (http only, capped, within the timeout) for missing issuers, then for revocation;
 * judges anew. What cannot be had is told in asks. */
int inspect_live_fetch(struct live_run *l, struct err *e) CHECKED;
void inspect_live_put(const struct live_run *l);
void inspect_live_json(const struct live_run *l);
/* All addresses of a host, at most max; E_NET when it has none. */
int host_addresses(struct str host, uint16_t port, struct arena *a, struct addr *ret, unsigned max, unsigned *ret_n,
	struct err *e) CHECKED;
