/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asymmetric keys. No type, macro or number of the crypto library crosses the headers of this folder.
 * A `struct key` is immutable once made and may be used by several threads at once.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"

enum key_alg {
	KEY_NONE,
	KEY_RSA_2048,
	KEY_RSA_3072,
	KEY_RSA_4096,
	KEY_EC_P256,
	KEY_EC_P384,
	KEY_SM2,
	KEY_OTHER, /* readable, but of a kind or size that is not issued: key_name() says which */
};

/* Names as stored and shown: "RSA_2048" … "EC_P256", "EC_P384", "SM2". */
const char *key_alg_name(enum key_alg alg);
static inline bool
key_is_rsa(enum key_alg alg)
{
	return alg == KEY_RSA_2048 || alg == KEY_RSA_3072 || alg == KEY_RSA_4096;
}
enum key_alg key_alg_by_name(struct str name); /* KEY_NONE when unknown */

struct key;
struct opener;

/* May take seconds for RSA. */
int key_generate(enum key_alg alg, struct key **ret, struct err *e) CHECKED;
struct key *key_free(struct key *k); /* takes NULL; returns NULL */
void key_freep(struct key **k);
#define KEY(name) CLEANUP(key_freep) struct key *name = NULL

enum key_alg key_alg(const struct key *k);
unsigned key_bits(const struct key *k);
/* For people: "EC_P256", "Ed25519", "RSA of 8192 bits", "RSA-PSS of 2048 bits", "EC on P-521". */
struct str key_name(const struct key *k, struct arena *a);

/* PKCS#8 PrivateKeyInfo (RFC 5958), unencrypted; the form in which private keys are wrapped. Read only when its parts
 * fit each other. RSA of 512 to 16384 bits, for PSS alone as well (RFC 4055), EC on P-192 to P-521, secp256k1 and
 * brainpool curves, SM2, Ed25519 and Ed448: their owners may keep them and hand them on; whether such a key may be
 * certified is key_check_public()'s word. E_KEY_UNREADABLE; E_KEY_WEAK for other kinds and sizes. */
int key_from_pkcs8(struct blob der, struct key **ret, struct err *e) CHECKED;
/* The same of any of the forms that files carry: PKCS#8, RSAPrivateKey (RFC 8017), ECPrivateKey with its curve (RFC 5915). */
int key_from_private(struct blob der, struct key **ret, struct err *e) CHECKED;
/* What a sound private key is that key_from_private() refuses with E_KEY_WEAK, for messages: "X25519 of 253 bits", "EC on
 * secp160r1". Its cost is taken from what the opener has left. E_KEY_UNREADABLE when it is none at all, or asks for more. */
int key_foreign_name(struct blob der, struct opener *o, struct arena *a, struct str *ret, struct err *e) CHECKED;
int key_to_pkcs8(const struct key *k, struct secret **ret, struct err *e) CHECKED;
/*
 * SubjectPublicKeyInfo (RFC 5280 4.1.2.7). Reading does not go through the generic decoder (DESIGN 10). Explicit curve
 * parameters, compressed points, points off the curve and RSA exponents below 3, even or longer than 64 bits are refused
 * with E_KEY_WEAK, what is no key at all with E_KEY_UNREADABLE. RSA of 1024 to 16384 bits (for PSS alone as well), P-521,
 * Ed25519 and Ed448 are readable; whether a key may be certified is key_check_public()'s word.
 */
int key_from_spki(struct blob spki, struct key **ret, struct err *e) CHECKED;
int key_spki(const struct key *k, struct arena *a, struct blob *ret, struct err *e) CHECKED;
/* The SubjectPublicKeyInfo is that of this key, however it is written: for PSS alone, or SM2 as early software wrote it. */
bool key_is_of(const struct key *k, struct blob spki);
/* SHA-1 of the subjectPublicKey bits (RFC 5280 4.2.1.2 method 1), 20 bytes. */
int key_id(struct blob spki, uint8_t ret[20], struct err *e) CHECKED;
/* Weak keys: size, exponent, small factors, ROCA, close primes (SPEC 3.5). RSA of 2048 to 4096 bits in steps of 8, P-256,
 * P-384 and SM2 pass; 0 or E_KEY_WEAK. Whether a product takes the key (key_alg() may be KEY_OTHER) is not asked here. */
int key_check_public(const struct key *k, struct err *e) CHECKED;

/* -- signatures as certificates carry them: RSA PKCS#1 with SHA-256, ECDSA with SHA-256 (P-256) or SHA-384 (P-384),
 * SM2 with SM3 and always the default signer ID 1234567812345678. */

/* The DER AlgorithmIdentifier that goes with this key's signatures; static bytes. */
struct blob key_sig_alg(enum key_alg alg);
/* Keeps contexts for reuse: one per thread. It needs no longer than its making the key that it is made of. */
struct key_signer;
/* E_KEY_WEAK for kinds that sign nothing here: Ed25519, Ed448, RSA for PSS alone. */
int key_signer_new(const struct key *k, struct key_signer **ret, struct err *e) CHECKED;
struct key_signer *key_signer_free(struct key_signer *s);
/* ret: the signature bytes as they stand in the BIT STRING. */
int key_signer_sign(struct key_signer *s, struct blob tbs, struct arena *a, struct blob *ret, struct err *e) CHECKED;
/* The same once, without a kept context. */
int key_sign(const struct key *k, struct blob tbs, struct arena *a, struct blob *ret, struct err *e) CHECKED;
/* 0 or E_SIGNATURE_BAD. Thread-safe; meant for the hot path. */
int key_verify(const struct key *k, struct blob tbs, struct blob sig, struct err *e) CHECKED;
