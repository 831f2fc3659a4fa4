/* SPDX-License-Identifier: Apache-2.0 */
/* One certificate with what belongs to it, found among items that came in any order: its chain, its key. */
#pragma once

#include "inspect/intake.h"

#define BUNDLE_CHAIN_MAX 16

struct bundle {
	const struct item *leaf;
	const struct item *key; /* NULL: none was given */
	unsigned n_chain;
	const struct item *chain[BUNDLE_CHAIN_MAX]; /* the issuer first; a self-signed one at the end */
	unsigned n_left_out; /* certificates on no path from the leaf; doubles are not counted */
	const struct item *pair, *pair_key; /* of bundle_find_pair(); then the leaf is the half that signs */
};

/*
 * The leaf is the certificate of the key; without a key the one that issued no other. An issuer is recognised by its
 * name, by its key identifier where both say it, and by its signature where its algorithm is known here; nothing else
 * is verified. Notes all faults in *e: E_FIELD_MISSING without a certificate, E_KEY_MISMATCH, E_CERT_SEVERAL for two leaves
 * or two keys.
 */
void bundle_find(const struct intake *t, struct arena *a, struct bundle *ret, struct err *e);
/* The same of an SM2 pair: two certificates told apart by their usage, with both their keys or none. E_KEY_NONE when one of
 * the keys is missing. */
void bundle_find_pair(const struct intake *t, struct arena *a, struct bundle *ret, struct err *e);
