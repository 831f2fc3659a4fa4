/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP (RFC 6960, RFC 5019, nonces by RFC 9654): requests in, response data out; signed by the issuer's own key. */
#pragma once

#include "ca/issue.h"

#define OCSP_REQUEST_MAX 2048
#define OCSP_CERTS_MAX 8

enum ocsp_status { OCSP_GOOD, OCSP_REVOKED, OCSP_UNKNOWN };
enum ocsp_failure { OCSP_SUCCESSFUL, OCSP_MALFORMED = 1, OCSP_INTERNAL = 2, OCSP_TRY_LATER = 3, OCSP_UNAUTHORIZED = 6 };

struct ocsp_cert_id {
	struct blob whole; /* the CertID's DER, copied into the answer as it came */
	bool sha256; /* else SHA-1 */
	struct blob name_hash, key_hash, serial /* magnitude */;
};

struct ocsp_request {
	unsigned n;
	struct ocsp_cert_id certs[OCSP_CERTS_MAX];
	struct blob nonce; /* {NULL, 0}: none; at most 128 bytes */
};

/* Borrows from der. false: answer malformedRequest. */
bool ocsp_request_read(struct blob der, struct ocsp_request *ret);
/* The CertID names this issuer. */
bool ocsp_names_issuer(const struct ocsp_cert_id *id, const struct ca_issuer *is);
/* The CertID of a certificate that this issuer signed; serial: magnitude. Lives in the arena. */
struct ocsp_cert_id ocsp_cert_id_of(const struct ca_issuer *is, struct blob serial, bool sha256, struct arena *a);

struct ocsp_answer {
	struct ocsp_cert_id id;
	enum ocsp_status status;
	int64_t revoked_ms;
	int reason; /* 0: left out */
	int64_t this_update_ms, next_update_ms;
};
/* The ResponseData to sign. */
int ocsp_tbs(const struct ca_issuer *is, const struct ocsp_answer *answers, unsigned n, struct blob nonce,
	int64_t produced_ms, struct arena *a, struct blob *ret, struct err *e) CHECKED;
struct blob ocsp_response(const struct ca_issuer *is, struct blob tbs, struct blob sig, struct arena *a);
/* An unsigned failure; static bytes. */
struct blob ocsp_failure(enum ocsp_failure f);
