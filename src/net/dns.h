/* SPDX-License-Identifier: Apache-2.0 */
/* DNS questions with DNSSEC validation (libunbound), asynchronous inside, blocking with a deadline outside. */
#pragma once

#include "net/addr.h"

enum dns_type { DNS_A = 1, DNS_NS = 2, DNS_CNAME = 5, DNS_SOA = 6, DNS_MX = 15, DNS_TXT = 16, DNS_AAAA = 28, DNS_CAA = 257 };

struct dns_conf {
	const char *resolver; /* "A:P" forward; NULL: from the root */
	const char *trust_anchor; /* file in place of the root anchor; NULL: the system's (dns-root-data) */
	struct str anchor_text; /* what the file holds, where it was read already; else {NULL, 0} */
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
/* Reads the trust anchors; no file is read afterwards (each context starts a thread inside the library when it is first
 * asked). E_CONFIG for a bad resolver address or anchor. */
int dns_open(const struct dns_conf *conf, struct dns **ret, struct err *e) CHECKED;
/* From now on questions end at once as if their time were over: the service is stopping. Any thread. */
void dns_stop(struct dns *d);
struct dns *dns_close(struct dns *d);
/* fresh: no cache at all (challenge answers); else the shared cache (CAA). 0 also for NXDOMAIN and no data.
 * E_DNS_BOGUS, E_DNS_SERVFAIL, E_DNS_TIMEOUT, E_BUSY. */
int dns_ask(struct dns *d, struct str name, enum dns_type type, bool fresh, int timeout_ms, struct arena *a,
	struct dns_answer *ret, struct err *e) CHECKED;

/* One check's questions over one cache of their own, which begins empty: what was learned about the way to the
 * servers serves all of them. Counts against fresh_max until closed; waits for a place until the deadline (E_BUSY).
 * For one thread. */
struct dns_session;
int dns_session_open(struct dns *d, int timeout_ms, struct dns_session **ret, struct err *e) CHECKED;
struct dns_session *dns_session_close(struct dns_session *s);
void dns_session_closep(struct dns_session **s);
/* As dns_ask() and dns_addresses(). */
int dns_session_ask(struct dns_session *s, struct str name, enum dns_type type, int timeout_ms, struct arena *a,
	struct dns_answer *ret, struct err *e) CHECKED;
/* One of several questions asked at once. result: 0 or what dns_ask() would have returned; fault: its message. */
struct dns_query {
	struct str name;
	enum dns_type type;
	struct dns_answer answer;
	int result;
	struct str fault;
};
void dns_session_ask_all(struct dns_session *s, struct dns_query *queries, unsigned n, int timeout_ms, struct arena *a);
/* The same in the shared cache. */
void dns_ask_all(struct dns *d, struct dns_query *queries, unsigned n, int timeout_ms, struct arena *a);
int dns_session_addresses(struct dns_session *s, struct str host, int timeout_ms, struct arena *a, struct addr **ret,
	size_t *ret_n, struct err *e) CHECKED;

/* The text of a TXT record: its strings joined. false: malformed. */
bool dns_txt(struct blob rdata, struct arena *a, struct str *ret);
/* A domain name in wire form (CNAME, NS, MX after its preference): lower case, no final dot, master file escapes. */
bool dns_name(struct blob wire, struct arena *a, struct str *ret);
struct dns_caa {
	uint8_t flags;
	struct str tag, value;
};
bool dns_caa(struct blob rdata, struct dns_caa *ret);
/* A and AAAA together, IPv6 first. E_DNS_NO_RECORD when there is none; where one of the two questions fails and the
 * other has addresses, these count (but E_DNS_BOGUS always stands). */
int dns_addresses(struct dns *d, struct str host, bool fresh, int timeout_ms, struct arena *a, struct addr **ret,
	size_t *ret_n, struct err *e) CHECKED;
