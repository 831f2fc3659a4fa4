/* SPDX-License-Identifier: Apache-2.0 */
/* Facts about a certificate for showing and checking, read from its DER. */
#pragma once

#include "crypto/key.h"

#define CERT_DER_MAX (64 * 1024)

struct cert_info {
	struct blob der, tbs, sig_alg, sig, spki;
	struct blob serial; /* magnitude; of a negative one (foreign, malformed) the content octets */
	struct blob issuer, subject; /* Names, DER */
	struct str issuer_text, subject_text, cn; /* RFC 4514 text */
	int64_t not_before_ms, not_after_ms;
	unsigned n_dns, n_ip;
	struct str *dns;
	struct blob *ip;
	bool ca;
	struct blob ski, aki;
	enum key_alg alg;
	unsigned bits;
	uint8_t sha256[32], sha1[20];
};

/* E_CERT_UNREADABLE. der must outlive *ret. */
int cert_read(struct blob der, struct arena *a, struct cert_info *ret, struct err *e) CHECKED;
/* The certificate from its parts: SEQUENCE { tbs, sig_alg, BIT STRING sig }. */
struct blob cert_assemble(struct blob tbs, enum key_alg issuer_alg, struct blob sig, struct arena *a);
/* Signature of a certificate by an issuer's key (SM2 with the default ID). */
int cert_verify(const struct cert_info *c, const struct key *issuer, struct err *e) CHECKED;
