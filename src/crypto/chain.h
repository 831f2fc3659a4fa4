/* SPDX-License-Identifier: Apache-2.0 */
/* Plain checks of a short path whose order is known (leaf first): used before packaging, in tests and by `signet`. */
#pragma once

#include "crypto/cert.h"

/* Every signature by the next, names chained, within validity at now_ms. 0, E_SIGNATURE_BAD or E_CERT_UNREADABLE. */
int chain_verify(const struct blob *ders, unsigned n, int64_t now_ms, struct err *e) CHECKED;
