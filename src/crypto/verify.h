/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of foreign certificates and revocation lists, by the AlgorithmIdentifier that they
 * name: RSA PKCS#1 and PSS, ECDSA (all with SHA-256, SHA-384, SHA-512), Ed25519, Ed448, SM2 with SM3
 * and the default signer ID. An RSA key for PSS alone verifies nothing else, and only as it allows.
 * MD5 and SHA-1 are not believed. DSA has calls of its own. A struct verify_key is immutable once
 * made and may be used by several threads at once.
 */
#pragma once

#include "crypto/key.h"

enum verify_kind { VERIFY_RSA, VERIFY_RSA_PSS /* alone */, VERIFY_EC, VERIFY_SM2, VERIFY_EDWARDS, VERIFY_DSA };

struct verify_key;

/* The SubjectPublicKeyInfo is read once; it may be forgotten afterwards. E_KEY_UNREADABLE,
 * E_KEY_WEAK as key_from_spki(); DSA keys are read as well. */
int verify_key_new(struct blob spki, struct verify_key **ret, struct err *e) CHECKED;
struct verify_key *verify_key_free(struct verify_key *k); /* takes NULL; returns NULL */
enum verify_kind verify_key_kind(const struct verify_key *k);
unsigned verify_key_bits(const struct verify_key *k);
struct str verify_key_name(const struct verify_key *k, struct arena *a); /* key_name() */

/* The AlgorithmIdentifier names a signature that is believed here, whatever the key. */
bool verify_alg_known(struct blob alg);
/* It names a signature with DSA, which only verify_dsa_signature() takes. ret_old: by SHA-1. */
bool verify_alg_dsa(struct blob alg, bool *ret_old);
/* A DSA key without parameters: they are those of its issuer's key (RFC 3279 2.3.2). */
bool verify_key_inherits(const struct verify_key *k);
/* The key with the other's parameters; E_KEY_UNREADABLE when that has none or is of another kind. */
int verify_key_inherit(
	const struct verify_key *k, const struct verify_key *from, struct verify_key **ret, struct err *e) CHECKED;
/* A DSA signature, by SHA-1 too: whether such a one is believed is the caller's to say. */
int verify_dsa_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig,
	struct err *e) CHECKED;
/* 0 or E_SIGNATURE_BAD: also for an algorithm that is unknown or is none of the key. */
int verify_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig,
	struct err *e) CHECKED;
/* The same, and RSA PKCS#1 and ECDSA with SHA-1 as well: for statements of a time when that was allowed. */
int verify_old_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig,
	struct err *e) CHECKED;
