/* SPDX-License-Identifier: Apache-2.0 */
/* What every process does once before it uses this folder. */
#pragma once

#include "base/err.h"

/*
 * Loads the default provider, the error strings and every algorithm that this folder uses, and draws from the random
 * source once, so that nothing is opened or looked up later: call it before the sandbox and before threads.
 * The library's configuration file is never read, neither now nor later (docs/decisions/0020): what Signet does with
 * keys depends on no file or environment variable. May be called again. E_INTERNAL when the library lacks something.
 */
int crypto_init(struct err *e) CHECKED;
