/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificates of other issuers (SPEC 3.8): checked for a purpose, and stored with their key and chain. The key is wrapped
 * by the signer at once and never leaves again through any download.
 */
#pragma once

#include "inspect/check.h"
#include "service/certificate.h"

#define UPLOAD_NAME_MAX 63

/* What is handed in; content decides which is what, so that one field may hold everything. {NULL, 0}: not given. Keys are
 * in the clear in it: the caller's to wipe, and the arena's that is passed along. */
struct upload {
	struct str name; /* {NULL, 0}: the certificate's first name, made to fit */
	struct blob certificate, chain, key, encryption_certificate, encryption_key; /* files of any form; PEM text */
	struct str passphrase;
	int64_t csr; /* the stored signing request whose key it is; 0: looked for when no key is given */
	enum check_purpose purpose; /* upload_check() alone */
	struct str target; /* the same: the host name that it shall serve */
	struct blob roots; /* the same: the trust store, of any form; {NULL, 0}: the roots of system and service */
};

struct upload_found {
	const struct check *check;
	int64_t csr; /* the stored signing request whose key the certificate has; 0: none */
};
/* The check alone, for any purpose; what the account holds counts (issuers, signing requests). E_NOT_FOUND for csr;
 * E_FIELD_FORM and others of intake.h for roots. */
int upload_check(struct svc *s, const struct caller *c, const struct upload *in, struct arena *a,
	struct upload_found *ret, struct err *e) CHECKED;
/*
 * ret_check: everything that was found, also when it is stored; NULL when no check could be made. E_CHECK_FAILED when an
 * error is among it: nothing is stored then. E_UPLOAD_NAME (its form), E_UPLOAD_NAME_TAKEN.
 */
int upload_store(struct svc *s, const struct caller *c, const struct upload *in, struct arena *a,
	const struct check **ret_check, struct certificate_view *ret, struct err *e) CHECKED;
