/* SPDX-License-Identifier: Apache-2.0 */
/* PKCS#10 certification requests (RFC 2986). */
#pragma once

#include "crypto/key.h"

#define CSR_DER_MAX (32 * 1024)
#define CSR_NAMES_MAX 250

/* An extension that is asked for; an attribute of another kind, whose value is the content of its SET. */
struct csr_part {
	struct blob oid, value;
	bool critical;
};

struct csr {
	struct blob der, tbs, sig_alg /* whole AlgorithmIdentifier */, sig;
	struct blob spki; /* of the key, in its regular form (RFC 5480): what a certificate carries */
	struct blob subject; /* the Name, DER */
	struct str cn; /* first commonName as UTF-8; {NULL, 0} when there is none */
	unsigned n_dns, n_ip, n_other; /* of the requested subjectAltName */
	struct str *dns; /* as given, not yet checked */
	struct blob *ip; /* 4 or 16 bytes */
	bool must_staple;
	unsigned n_extensions, n_attributes;
	struct csr_part *extensions, *attributes;
	enum key_alg alg;
	unsigned bits;
};

/* Reads and verifies the signature (SM2 with the default signer ID) and the key (key_check_public()). der stays the
 * caller's and must outlive *ret. E_CSR_UNREADABLE, E_CSR_SIGNATURE, E_KEY_WEAK. */
int csr_read(struct blob der, struct arena *a, struct csr *ret, struct err *e) CHECKED;
/* What it says, without its key and signature: spki is as it stands there, alg and bits are not known. E_CSR_UNREADABLE. */
int csr_parse(struct blob der, struct arena *a, struct csr *ret, struct err *e) CHECKED;
/* PEM (BEGIN [NEW] CERTIFICATE REQUEST) or DER to DER. */
int csr_from_text(struct blob text, struct arena *a, struct blob *ret_der, struct err *e) CHECKED;
/* The CertificationRequestInfo for cn (may be none) and names; the caller signs it and calls csr_finish(). */
int csr_build_tbs(struct str cn, const struct str *dns, unsigned n_dns, struct blob spki, struct arena *a,
	struct blob *ret, struct err *e) CHECKED;
int csr_finish(struct blob tbs, enum key_alg alg, struct blob sig, struct arena *a, struct blob *ret_der, struct err *e)
	CHECKED;
