/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/hierarchy.h"

#include "ca/profile_priv.h"

const struct hierarchy_row *
hierarchy_next(const struct hierarchy_row *r)
{
	size_t i = r ? (size_t)(r - hierarchy_table) + 1 : 0;

	return i < hierarchy_count ? &hierarchy_table[i] : NULL;
}

const struct hierarchy_row *
hierarchy_find(struct str name)
{
	const struct hierarchy_row *r = NULL;

	while ((r = hierarchy_next(r)))
		if (str_eq_c(name, r->name))
			return r;
	return NULL;
}

static const char *
family_of(enum key_alg alg)
{
	switch (alg) {
	case KEY_RSA_2048:
	case KEY_RSA_3072:
	case KEY_RSA_4096:
		return "rsa";
	case KEY_EC_P256:
	case KEY_EC_P384:
		return "ecdsa";
	case KEY_SM2:
		return "sm2";
	case KEY_NONE:
	case KEY_OTHER:
		break;
	}
	return NULL;
}

const struct hierarchy_row *
hierarchy_for_key(enum key_alg alg)
{
	const char *family = family_of(alg);
	const struct hierarchy_row *r = NULL;

	while (family && (r = hierarchy_next(r)))
		if (r->limits.leaves && strcmp(r->family, family) == 0)
			return r;
	return NULL;
}
