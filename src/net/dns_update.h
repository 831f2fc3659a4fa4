/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Talking to one authoritative server, by address: questions without any cache, and changes of TXT
 * records (RFC 2136) signed with TSIG. Calls block until their time is over, the answer is there,
 * or dns_stop(); any thread. The caller has vetted the address.
 */
#pragma once

#include "net/dns_message.h"

enum dns_update_act {
	DNS_UPDATE_ADD,	   /* adds the record to what stands at the name; nothing happens when it
			      stands there */
	DNS_UPDATE_REMOVE, /* removes exactly this record and no other; nothing happens when it is
			      not there */
};

/* One TXT record of a zone. The answer's signature is verified before anything is believed.
 * E_DNS_KEY_REFUSED, E_DNS_UPDATE_REFUSED (the response code is named), E_DNS_ZONE (the server has
 * no such zone), E_DNS_SERVFAIL, E_DNS_TIMEOUT, E_NET. */
int dns_update_txt(struct dns *d, const struct addr *server, struct str zone,
	const struct dns_tsig_key *key, enum dns_update_act act, struct str name, struct str text,
	int timeout_ms, struct err *e) CHECKED;

/* One question, first by UDP; as long as the answer is only referring elsewhere or cut short by the
 * way, it is none. Not validated by DNSSEC: what a server shows, not what is true. *ret borrows
 * from the arena. E_DNS_SERVFAIL (any other response code than NOERROR and NXDOMAIN, or a malformed
 * answer), E_DNS_ZONE (not authoritative), E_DNS_TIMEOUT, E_NET. */
int dns_ask_server(struct dns *d, const struct addr *server, struct str name, enum dns_type type,
	int timeout_ms, struct arena *a, struct dns_message *ret, struct err *e) CHECKED;
/* Whether the answer holds this TXT at the name that was asked. */
bool dns_shows_txt(const struct dns_message *m, struct str text, struct arena *a);
