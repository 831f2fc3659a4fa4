/* SPDX-License-Identifier: Apache-2.0 */
/* Builds to-be-signed certificates from profiles, byte by byte (DESIGN 10). No I/O, no keys. */
#pragma once

#include "ca/profile.h"

#define SERIAL_LEN 17 /* 1 prefix byte 0x01..0x7f, 32 bits of time, 96 random bits */

/* A new serial: positive, its first octet without the high bit and not zero (RFC 5280 4.1.2.2, SPEC 3.6). */
void serial_new(int64_t now_ms, uint8_t ret[SERIAL_LEN]);
/* The time that the serial carries, in ms. */
int64_t serial_time_ms(const uint8_t serial[SERIAL_LEN]);
/* The CRL shard of a serial of any length. */
unsigned serial_shard(struct blob serial, unsigned shards);

/* What is fixed per issuer from its birth. Immutable while in use. */
struct ca_issuer {
	int64_t id;
	struct str name; /* "rsa-r1-i1": in addresses and file names, [a-z0-9-] */
	enum key_alg alg;
	struct blob cert; /* DER */
	struct blob subject; /* Name, DER: byte-identical in what it issues */
	struct blob spki;
	uint8_t ski[20];
	uint8_t name_sha1[20], key_sha1[20], name_sha256[32], key_sha256[32]; /* for OCSP CertIDs */
	int64_t not_before_ms, not_after_ms;
	unsigned shards;
	struct str status_url; /* base of CDP, OCSP and AIA; without a final slash */
	struct key *key; /* the public key, for verifying */
	struct ca_issuer *parent; /* NULL for a root */
};
/* Fills everything that follows from cert; id, name, shards, status_url and parent are set by the caller before. */
int ca_issuer_load(struct ca_issuer *is, struct blob cert_der, struct arena *a, struct err *e) CHECKED;

/* The subject's attributes; {NULL, 0} are left out. */
struct ca_subject {
	struct str c, st, l, o, ou, cn, serial_number, business_category;
	struct str jurisdiction_c, jurisdiction_st, jurisdiction_l;
};

struct ca_request {
	const struct profile *profile;
	/* cn only when it fits 64 characters (SPEC 3.2); profiles that write none leave it out. What is wholly empty then
	 * makes the SAN critical. */
	struct ca_subject subject;
	const struct str *dns; /* A-labels, lower case, in order */
	unsigned n_dns;
	const struct blob *ip;
	unsigned n_ip;
	struct blob spki;
	int64_t not_before_ms, not_after_ms; /* whole seconds; inclusive */
	bool must_staple;
};

/* ret_tbs: the complete TBSCertificate. Refuses (E_LINT_FAILED) a request that the profile forbids. */
int ca_tbs_build(const struct ca_issuer *is, const struct ca_request *rq, const uint8_t serial[SERIAL_LEN],
	struct arena *a, struct blob *ret_tbs, struct err *e) CHECKED;
/* Validity from the rules: not_before = now - backdate [policy]; not_after inclusive, cut by policy, issuer and
 * paid_until_ms (0: no limit). wanted_ms: 0 for the profile's. */
void ca_validity(const struct profile *p, const struct ca_issuer *is, int64_t now_ms, int64_t wanted_ms,
	int64_t paid_until_ms, int64_t *ret_not_before, int64_t *ret_not_after);

/* The to-be-signed of a root (self-signed, parent NULL) or an intermediate. */
struct ca_birth {
	const struct profile *profile;
	struct ca_subject subject;
	enum key_alg alg;
	struct blob spki;
	const struct ca_issuer *parent;
	int64_t not_before_ms, not_after_ms;
};
int ca_birth_tbs(const struct ca_birth *b, const uint8_t serial[SERIAL_LEN], struct arena *a, struct blob *ret_tbs,
	struct err *e) CHECKED;
