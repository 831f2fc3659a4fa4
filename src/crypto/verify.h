/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures of foreign certificates and revocation lists, by the AlgorithmIdentifier that they
 * name: RSA PKCS#1 and PSS, ECDSA (all with SHA-256, SHA-384, SHA-512), Ed25519, Ed448, SM2 with SM3
 * and the default signer ID. An RSA key for PSS alone verifies nothing else, and only as it allows.
 * MD5 and SHA-1 are not believed. A struct verify_key is immutable once made and may be used by
 * several threads at once.
 */
#pragma once

#include "crypto/key.h"

enum verify_kind { VERIFY_RSA, VERIFY_RSA_PSS /* alone */, VERIFY_EC, VERIFY_SM2, VERIFY_EDWARDS };

struct verify_key;

/* The SubjectPublicKeyInfo is read once; it may be forgotten afterwards. E_KEY_UNREADABLE,
 * E_KEY_WEAK as key_from_spki(). */
int verify_key_new(struct blob spki, struct verify_key **ret, struct err *e) CHECKED;
struct verify_key *verify_key_free(struct verify_key *k); /* takes NULL; returns NULL */
enum verify_kind verify_key_kind(const struct verify_key *k);
unsigned verify_key_bits(const struct verify_key *k);
struct str verify_key_name(const struct verify_key *k, struct arena *a); /* key_name() */

/* The AlgorithmIdentifier names a signature that is believed here, whatever the key. */
bool verify_alg_known(struct blob alg);
/* 0 or E_SIGNATURE_BAD: also for an algorithm that is unknown or is none of the key. */
int verify_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig,
	struct err *e) CHECKED;
/* The same, and RSA PKCS#1 and ECDSA with SHA-1 as well: for statements of a time when that was allowed. */
int verify_old_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig,
	struct err *e) CHECKED;
