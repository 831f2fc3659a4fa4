/* SPDX-License-Identifier: Apache-2.0 */
/* RSASSA-PSS-params (RFC 4055 3.1): SHA-2, the mask with the same hash. */
#pragma once

#include "crypto/key_priv.h"

struct pss {
	const EVP_MD *md;
	int salt;
};

/* The SEQUENCE alone; the whole AlgorithmIdentifier. */
bool pss_params_read(struct blob der, struct pss *ret);
bool pss_alg_read(struct blob alg, struct pss *ret);
/* The key may be used so: one without restrictions for everything. */
bool pss_allowed(const struct spki *key, const struct pss *pss);
bool pss_verify(const struct key *k, const struct pss *pss, struct blob tbs, struct blob sig);
