/* SPDX-License-Identifier: Apache-2.0 */
/* What the readers of protected containers share. */
#pragma once

#include <openssl/x509.h>

#include "crypto/ossl_priv.h"
#include "crypto/unlock.h"

/* The default and, where the system has it, the legacy provider; never NULL. */
OSSL_LIB_CTX *unlock_ctx(void);
/* Takes the work from what is left: E_KEY_UNREADABLE. alg: the AlgorithmIdentifier of a password-based encryption. */
int unlock_alg_take(struct opener *o, const X509_ALGOR *alg, struct err *e) CHECKED;
int unlock_rounds_take(struct opener *o, int64_t rounds, struct err *e) CHECKED;
/* PBES1, PBES2 and the schemes of PKCS#12. */
int unlock_by(const X509_ALGOR *alg, struct blob sealed, struct opener *o, struct secret **ret, struct err *e)
	CHECKED;
int unlock_wrong(struct err *e);
