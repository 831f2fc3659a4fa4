/* SPDX-License-Identifier: Apache-2.0 */
/* OCSP responses (RFC 6960 4.2.1) read strictly. Owns nothing: the blobs are spans of the input. */
#pragma once

#include "x509/cert.h"

#define X509_OCSP_MAX (64 * 1024)

struct x509_ocsp {
	struct blob der;
	int status; /* OCSPResponseStatus; 0: successful, and only then the rest is there */
	struct blob tbs, sig_alg, sig;
	struct blob by_name /* whole Name */, by_key /* SHA-1 of the key's bits */; /* one of them */
	int64_t produced_ms;
	struct blob responses; /* contents; x509_ocsp_next() */
	struct blob certs; /* contents: Certificate after Certificate */
	struct blob unknown_critical;
};

/* E_OCSP_UNREADABLE, the field naming the place. */
int x509_ocsp_read(struct blob der, struct x509_ocsp *ret, struct err *e) CHECKED;

enum x509_ocsp_word { X509_OCSP_GOOD, X509_OCSP_REVOKED, X509_OCSP_UNKNOWN };
struct x509_ocsp_single {
	struct blob hash_alg; /* OID of the CertID's digest */
	struct blob name_hash, key_hash, serial /* content octets */;
	enum x509_ocsp_word word;
	int64_t revoked_ms;
	int reason; /* enum x509_reason */
	int64_t this_update_ms, next_update_ms; /* next: INT64_MAX when not said */
	struct blob unknown_critical;
};
/* Start it with cursor_of(responses). False at the end. */
bool x509_ocsp_next(struct cursor *c, struct x509_ocsp_single *ret);
/* A Certificate of certs, whole. Start it with cursor_of(certs). */
bool x509_ocsp_cert_next(struct cursor *c, struct blob *ret);
