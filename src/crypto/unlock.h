/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys that a passphrase protects, in the forms that other programs write. Nothing here is written that way. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/pem.h"

/*
 * A PEM block or the DER of a key, protected (EncryptedPrivateKeyInfo of RFC 5958 3, an encrypted PEM body of RFC 1421) or
 * not. ret: its DER in the clear, of any form that key_from_private() reads. passphrase: {NULL, 0} is none given, which
 * is E_KEY_LOCKED; E_PASSPHRASE_WRONG when it does not open it. A file may ask for much work: more than some seconds of
 * it is refused with E_KEY_UNREADABLE. Old ciphers (DES, RC2) come from a module of the library's that is loaded at the
 * first use; where the system lacks it, what needs them cannot be opened.
 */
int unlock_block(const struct pem_block *b, struct str passphrase, struct secret **ret, struct err *e) CHECKED;
int unlock_der(struct blob der, struct str passphrase, struct secret **ret, struct err *e) CHECKED;
