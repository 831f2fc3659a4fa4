/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of stored signing requests share. */
#pragma once

#include "inspect/intake.h"
#include "service/csr_store.h"
#include "service/svc_priv.h"

/* The row with what it was used for, into *v; E_NOT_FOUND. */
int csr_load(struct db_tx *tx, const struct caller *c, int64_t id, struct arena *a, struct csr_view *v, struct err *e)
	CHECKED;
/* What it says of itself, read from its bytes. */
int csr_tell(struct csr_view *v, struct arena *a, struct err *e) CHECKED;

/*
 * The private key among what was handed in, if it is that of the request (spki_sha256): sealed by the signer for this
 * account. E_KEY_MISMATCH tells both fingerprints; E_FIELD_MISSING, E_CERT_SEVERAL.
 */
int csr_key_import(struct svc *s, const struct caller *c, const struct intake *in, const uint8_t spki_sha256[32],
	struct arena *a, struct signer_key *ret, struct err *e) CHECKED;
