/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The questions that the core may ask the signer. Bodies are written with buf_put_*() and read with cursors; every
 * answer begins with a 32-bit code (0, or an enum err_code as its positive number followed by message and field).
 */
#pragma once

#include "ca/profile.h"
#include "crypto/seal.h"

enum signer_op {
	SIGNER_HELLO = 1, /* which issuers are known */
	SIGNER_ISSUER_NEW, /* makes (or finds) an issuer's key with its hard limits */
	SIGNER_SIGN_CERT,
	SIGNER_SIGN_CA,
	SIGNER_SIGN_CRL,
	SIGNER_SIGN_OCSP,
	SIGNER_SIGN_CHECKPOINT,
	SIGNER_KEY_NEW,
	SIGNER_KEY_SIGN_CSR,
	SIGNER_KEY_EXPORT,
	SIGNER_SM2_ENVELOPE,
	SIGNER_SEAL,
	SIGNER_OPEN,
	SIGNER_KEY_IMPORT,
};

#define SIGNER_ISSUER_NAME_MAX 40
/* What is signed by the checkpoint key begins with it. */
#define SIGNER_CHECKPOINT_PREFIX "signet-checkpoint-v1\n"
#define SIGNER_TBS_MAX (64 * 1024)
#define SIGNER_TIMEOUT_MS 60000

/* Hard limits of one issuer: stand in the signer's own directory from the issuer's birth and never change. */
struct signer_limits {
	bool ca; /* may sign CA certificates: only for keys that this signer holds, only roots' children or itself */
	bool leaves; /* may sign end-entity certificates */
	int64_t max_validity_ms; /* of what it signs */
	unsigned key_usages; /* enum key_usage: allowed in leaves */
	bool any_name; /* false: every dNSName has two labels at least and no iPAddress is private */
};
