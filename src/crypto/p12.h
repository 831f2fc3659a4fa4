/* SPDX-License-Identifier: Apache-2.0 */
/* PKCS#12 containers (RFC 7292) for IIS and Tomcat: PBES2 with AES-256 and HMAC-SHA-256. */
#pragma once

#include "crypto/key.h"

int p12_build(struct str friendly_name, struct str password, const struct key *key, struct blob leaf,
	const struct blob *chain, unsigned n_chain, struct arena *a, struct blob *ret, struct err *e) CHECKED;
