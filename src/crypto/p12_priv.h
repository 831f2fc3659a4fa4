/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the PKCS#12 reader share. */
#pragma once

#include <openssl/pkcs12.h>

#include "crypto/unlock_priv.h"

/*
 * The code over all of it proves the passphrase; a file without one is taken. No passphrase and an empty one are two things
 * here; files of the one are opened with the other, as everybody does: *passphrase becomes what opens it.
 */
int p12_mac_check(struct opener *o, PKCS12 *p12, struct str *passphrase, struct err *e) CHECKED;
int p12_locked(struct err *e);
