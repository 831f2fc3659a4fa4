/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the signer reads of the bytes that it shall sign, with a strict reader of its own: it
 * believes nothing that the core says about them. All blobs borrow from the input.
 */
#pragma once

#include "base/err.h"

#define TBS_EXTENSIONS_MAX 32

/* Facts of a TBSCertificate (RFC 5280 4.1). */
struct tbs_cert {
	struct blob serial;			    /* content octets, positive and minimal */
	struct blob sig_alg, issuer, subject, spki; /* whole elements */
	int64_t not_before_ms, not_after_ms;
	struct str cn; /* the last commonName of the subject; {NULL, 0} for none */
	bool has_basic, ca, basic_critical;
	int path_len; /* -1: none */
	bool has_usage;
	unsigned key_usage; /* bit i of the BIT STRING is 1 << i, as in enum key_usage */
	struct blob eku;    /* content of ExtKeyUsageSyntax; {NULL, 0}: absent */
	struct blob san;    /* content of GeneralNames; {NULL, 0}: absent */
};

/* E_LIMIT_REFUSED says what is wrong: version 3, unique extensions of known kinds only, everything
 * in strict DER. */
int tbs_cert_read(struct blob tbs, struct tbs_cert *ret, struct err *e) CHECKED;
/* The bytes are a v2 tbsCertList with this algorithm (RFC 5280 5.1), hence no certificate and no
 * OCSP answer. */
int tbs_crl_check(struct blob tbs, struct blob sig_alg, struct err *e) CHECKED;
/* The bytes are a ResponseData (RFC 6960 4.2.1), hence no certificate and no CRL. */
int tbs_ocsp_check(struct blob tbs, struct err *e) CHECKED;
/* The bytes are a CertificationRequestInfo (RFC 2986 4.1) about this key. */
int tbs_csr_check(struct blob tbs, struct blob spki, struct err *e) CHECKED;
