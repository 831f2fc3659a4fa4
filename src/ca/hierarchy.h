/* SPDX-License-Identifier: Apache-2.0 */
/* The hierarchies that a first start makes: rows of policy/hierarchies.def, a parent before its children. */
#pragma once

#include "ca/signer_proto.h"

struct hierarchy_row {
	const char *name; /* of the issuer: "rsa-root-1", "rsa-1" … [a-z0-9-], at most SIGNER_ISSUER_NAME_MAX */
	const char *family; /* "rsa", "ecdsa", "sm2" */
	const char *parent; /* an issuer's name; NULL: a root */
	enum key_alg alg;
	const char *profile; /* "root", "intermediate" */
	const char *c, *o, *cn; /* the subject */
	int64_t validity_ms;
	unsigned shards;
	struct signer_limits limits;
};

/* NULL: the first; NULL at the end. */
const struct hierarchy_row *hierarchy_next(const struct hierarchy_row *r);
/* NULL when there is none with this name. */
const struct hierarchy_row *hierarchy_find(struct str name);
/* The issuer that signs leaves with such a subscriber key; NULL for keys that are not issued. */
const struct hierarchy_row *hierarchy_for_key(enum key_alg alg);
