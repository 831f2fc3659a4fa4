/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys that a passphrase protects, in the forms that other programs write. Nothing here is written that way. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/pem.h"

#define OPENER_WORK 10000000 /* some four seconds */

/* What opens things, and how much work that may cost in all: each asks for its own, and a file may hold hundreds of them. */
struct opener {
	struct str passphrase; /* {NULL, 0}: none was given */
	int64_t work; /* rounds of a hash that are left */
};

static inline struct opener
opener_of(struct str passphrase)
{
	return (struct opener){passphrase, OPENER_WORK};
}

/* Before the sandbox closes: loads the library's module of old ciphers, if the system has it. May be called again. */
void unlock_init(void);

/*
 * A PEM block or the DER of a key, protected (EncryptedPrivateKeyInfo of RFC 5958 3, an encrypted PEM body of RFC 1421) or
 * not. ret: its DER in the clear, of any form that key_from_private() reads. Without a passphrase it is
 * E_KEY_LOCKED; E_PASSPHRASE_WRONG when it does not open it. More work than one thing may ask for, or than is left, is
 * refused with E_KEY_UNREADABLE. Old ciphers (RC2) come from a module of the library's (unlock_init()); where the system
 * lacks it, what needs them cannot be opened.
 */
int unlock_block(const struct pem_block *b, struct opener *o, struct secret **ret, struct err *e) CHECKED;
int unlock_der(struct blob der, struct opener *o, struct secret **ret, struct err *e) CHECKED;
