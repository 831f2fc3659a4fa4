/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checking an applicant's control over a name (SPEC 3.4) and the domain's CAA records (RFC 8659, 8657). Asks real
 * servers, writes nothing; what was seen comes back whole, so that it can be stored and shown.
 */
#pragma once

#include "base/arena.h"
#include "net/addr.h"
#include "net/dns.h"

enum validate_method { VALIDATE_DNS, VALIDATE_FILE, VALIDATE_INTERNAL, VALIDATE_EMAIL };

struct validate_conf {
	struct dns *dns;
	uint16_t http_port, https_port; /* 80 and 443 but for tests */
	const struct addr_net *allow; /* --validation-allow */
	unsigned n_allow;
	const struct str *caa_identities;
	unsigned n_caa_identities;
	int timeout_ms;
};

/* Private and special addresses are called only where the operator has listed them (SPEC 3.4). */
bool validate_may_call(const struct validate_conf *c, const struct addr *ad);

/* One thing seen while checking. */
struct validate_seen {
	struct str what; /* "TXT _dnsauth.example.com", "GET https://www.example.com:443/…" */
	struct str result; /* "NXDOMAIN", "\"abc\"", "200 \"abc\"", "connection refused" */
};

struct validate_result {
	struct str name_asked, name_proven; /* proven: the ancestor where the record stood, which proves the names below */
	enum validate_method method;
	unsigned n_seen;
	struct validate_seen *seen;
	int64_t at_ms; /* set by the caller */
};

/* -- the one pair of functions that makes and checks challenge values, for every door. */
#define CHALLENGE_LEN 43 /* 256 random bits in base64url */
void challenge_new(char ret[CHALLENGE_LEN + 1]);
/* Equal, in constant time. */
bool challenge_equal(struct str expected, struct str seen);

/*
 * What a CNAME in place of the TXT record points at: the SHA-256 of the value in hex, as two labels, below
 * `dcv.<registered>` (a name without regard to case cannot carry the value itself). Nothing needs to stand there.
 */
struct str validate_cname_target(struct str value, struct str registered, struct arena *a);

/*
 * TXT with exactly this value, or CNAME to validate_cname_target(), at _dnsauth.<base> or at the same label of an
 * ancestor down to the registered domain (the base alone where there is none). Fresh answers; a CNAME to elsewhere is
 * followed. On failure *ret still holds what was seen.
 * E_DNS_NO_RECORD, E_DNS_WRONG_VALUE, E_DNS_SERVFAIL, E_DNS_BOGUS, E_DNS_TIMEOUT, E_BUSY.
 */
int validate_dns(const struct validate_conf *c, struct str base, struct str registered, struct str value, struct arena *a,
	struct validate_result *ret, struct err *e) CHECKED;
/*
 * /.well-known/pki-validation/fileauth.txt on the name itself (a domain name or an address): https, whose certificate is
 * not checked, then http where no address could be connected to. Addresses are vetted, IPv6 first. Exactly the value,
 * one newline behind it is tolerated. On failure *ret still holds what was seen.
 * E_FILE_STATUS, E_FILE_BODY, E_FILE_CONNECT, E_ADDRESS_REFUSED, E_METHOD_UNFIT (a wildcard), E_DNS_*, E_BUSY.
 */
int validate_file(const struct validate_conf *c, struct str name, struct str value, struct arena *a,
	struct validate_result *ret, struct err *e) CHECKED;
/* Which of several values that wait on one name is asked for: the query that validate_internal() adds to the file. */
#define FILE_WHICH "which"
#define FILE_WHICH_LEN 16
const char *file_which(struct str value, char ret[FILE_WHICH_LEN + 1]);
/* The product `internal`: the same file fetched from our own listener's address (https, else http, on its port) with the
 * name as Host; no DNS, no vetting. */
int validate_internal(struct str name, const struct addr *listener, struct str value, struct arena *a,
	struct validate_result *ret, struct err *e) CHECKED;

/* A mailbox that a domain names for questions about its certificates. */
struct validate_contact {
	struct str address; /* passed mail_address() */
	struct str proves; /* where it stood: a click there proves this name and those below it */
	bool caa; /* from a CAA record; else from a TXT record */
};
/*
 * The contacts of a name (BR 3.2.2.4.13 and 14): CAA records with the property `contactemail` at the name and its ancestors
 * down to the registered domain, and TXT records at _validation-contactemail below each of them. Fresh answers. A CNAME in
 * CAA's way leads to somebody else's contact and is not followed. What could not be looked up names nobody; *ret_seen tells
 * it. E_BUSY.
 */
int validate_contacts(const struct validate_conf *c, struct str base, struct str registered, struct arena *a,
	struct validate_contact **ret, size_t *ret_n, struct validate_result *ret_seen, struct err *e) CHECKED;

struct validate_caa_ask {
	struct str base; /* without "*."; for an address nothing is asked */
	bool wildcard;
	enum validate_method method; /* of the proof (RFC 8657): "ca-dns" or "ca-file" in validationmethods */
	struct str account_uri; /* of the ACME account; {NULL, 0}: any accounturi forbids */
	bool fresh; /* nothing remembered: else an answer may be ten seconds old */
};
/* CAA for one name (RFC 8659, 8657): climbs the tree up to the TLD, follows CNAMEs, issuewild for wildcards; 0: allowed.
 * E_CAA_FORBIDS (the record is quoted), E_CAA_FAILED (SERVFAIL, bogus, timeout: a refusal), E_BUSY (fresh). */
int validate_caa(const struct validate_conf *c, const struct validate_caa_ask *ask, struct arena *a,
	struct validate_result *ret, struct err *e) CHECKED;
