/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys that a passphrase protects, in the forms that other programs write. Nothing here is written that way. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/pem.h"

/* Loads the library's old ciphers (DES, RC2…) beside the others, for these files alone: before the sandbox, like
 * crypto_init(). Without them, where the system does not have them, files that need them cannot be opened. */
void unlock_init(void);

/*
 * passphrase: {NULL, 0} is none given, which is E_KEY_LOCKED; E_PASSPHRASE_WRONG when it does not open it. A file may
 * ask for much work: more than some seconds of it is refused with E_KEY_UNREADABLE. *ret: the DER within.
 */

/* EncryptedPrivateKeyInfo (RFC 5958 3). ret: a PrivateKeyInfo. */
int unlock_pkcs8(struct blob der, struct str passphrase, struct secret **ret, struct err *e) CHECKED;
/* An encrypted PEM body (RFC 1421): dek is its DEK-Info, "AES-256-CBC,0011…". */
int unlock_pem(struct blob body, struct str dek, struct str passphrase, struct secret **ret, struct err *e) CHECKED;
/* A PEM block or the DER of a key, protected or not. ret: its DER in the clear, of any form (key_from_private()). */
int unlock_block(const struct pem_block *b, struct str passphrase, struct secret **ret, struct err *e) CHECKED;
int unlock_der(struct blob der, struct str passphrase, struct secret **ret, struct err *e) CHECKED;
