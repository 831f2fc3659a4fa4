/* SPDX-License-Identifier: Apache-2.0 */
/* DSA (RFC 3279 2.3.2, 2.2.2; RFC 5758 3.1): read and verified in chains of a time when it was used; never more. */
#pragma once

#include "crypto/ossl_priv.h"

struct dsa {
	struct blob p, q, g; /* magnitudes; {NULL, 0}: those of the issuer's key */
	struct blob y;
	unsigned bits;	/* of p; 0 without it */
	EVP_PKEY *pkey; /* NULL without parameters */
	uint8_t *room;	/* what the blobs point into */
};

bool dsa_is(struct blob spki);
/* E_KEY_UNREADABLE; E_KEY_WEAK outside of 1024 to 4096 bits. */
int dsa_new(struct blob spki, struct dsa **ret, struct err *e) CHECKED;
struct dsa *dsa_free(struct dsa *d);
/* The key with the other's parameters. */
int dsa_inherit(const struct dsa *d, const struct dsa *from, struct dsa **ret, struct err *e) CHECKED;
/* The digest of a signature algorithm; NULL when it is none with DSA. */
const EVP_MD *dsa_alg(struct blob alg);
bool dsa_verify(const struct dsa *d, const EVP_MD *md, struct blob tbs, struct blob sig);
