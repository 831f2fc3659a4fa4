/* SPDX-License-Identifier: Apache-2.0 */
/* DNS questions with DNSSEC validation (libunbound), asynchronous inside, blocking with a deadline outside. */
#pragma once

#include "net/addr.h"

enum dns_type { DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28, DNS_CAA = 257 };

struct dns_conf {
	const char *resolver; /* "A:P" forward; NULL: from the root */
	const char *trust_anchor; /* file in place of the root anchor; NULL: the system's (dns-root-data) */
	unsigned fresh_max; /* contexts without cache at once (16) */
};

struct dns_record {
	struct blob rdata; /* wire form */
};

struct dns_answer {
	bool nxdomain, secure; /* secure: DNSSEC-validated */
	struct str canonical; /* the name at the end of the CNAME chain, lower case, without final dot */
	unsigned n;
	struct dns_record *records; /* of the asked type, at the canonical name */
	int rcode;
	int64_t ttl_s;
};

struct dns;
int dns_open(const struct dns_conf *conf, struct dns **ret, struct err *e) CHECKED;
struct dns *dns_close(struct dns *d);
/* fresh: no cache at all (challenge answers); else the shared cache (CAA). 0 also for NXDOMAIN and no data.
 * E_DNS_BOGUS, E_DNS_SERVFAIL, E_DNS_TIMEOUT, E_BUSY. */
int dns_ask(struct dns *d, struct str name, enum dns_type type, bool fresh, int timeout_ms, struct arena *a,
	struct dns_answer *ret, struct err *e) CHECKED;
/* The text of a TXT record: its strings joined. false: malformed. */
bool dns_txt(struct blob rdata, struct arena *a, struct str *ret);
/* A domain name in wire form (CNAME, NS, MX after its preference). */
bool dns_name(struct blob wire, struct arena *a, struct str *ret);
struct dns_caa {
	uint8_t flags;
	struct str tag, value;
};
bool dns_caa(struct blob rdata, struct dns_caa *ret);
/* A and AAAA together. E_DNS_NO_RECORD when there is none. */
int dns_addresses(struct dns *d, struct str host, bool fresh, int timeout_ms, struct arena *a, struct addr **ret,
	size_t *ret_n, struct err *e) CHECKED;
