/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a TLS client makes of an issuer's answers: OCSP questions and answers (RFC 6960), revocation lists (RFC 5280 5),
 * each signature checked with the issuer's own key. Reads with base/der.h alone; no network.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct status_issuer {
	struct blob subject; /* Name, DER */
	struct blob spki;
};
/* From the issuer's certificate in DER. E_CERT_UNREADABLE. */
int status_issuer_read(struct blob cert, struct arena *a, struct status_issuer *ret, struct err *e) CHECKED;

struct status {
	const char *word; /* "good", "revoked", "unknown"; for lists: "listed", "not listed" */
	int64_t revoked_ms;
	int reason; /* RFC 5280 5.3.1; 0 when not said */
	int64_t this_update_ms, next_update_ms, produced_ms;
	int64_t entries; /* of a list */
};

/* The question about one serial (magnitude): CertID by SHA-1, which every responder knows (RFC 5019 2.1.1). */
struct blob ocsp_question(const struct status_issuer *is, struct blob serial, struct arena *a);
/* The answer to it. E_SIGNATURE_BAD; E_FIELD_FORM: no OCSP answer, or one about another certificate; E_NET: the responder
 * refused (malformedRequest, tryLater …). */
int ocsp_answer_read(struct blob der, const struct status_issuer *is, struct blob serial, struct status *ret, struct err *e)
	CHECKED;
int crl_read(struct blob der, const struct status_issuer *is, struct blob serial, struct status *ret, struct err *e) CHECKED;
