/* SPDX-License-Identifier: Apache-2.0 */
/* What the files about keys share. */
#pragma once

#include <stdatomic.h>

#include "base/buf.h"
#include "crypto/key.h"
#include "crypto/ossl_priv.h"

enum key_kind { KIND_RSA, KIND_EC, KIND_SM2, KIND_EDWARDS };

/* A SubjectPublicKeyInfo taken apart; the blobs point into it. */
struct spki {
	enum key_kind kind;
	enum key_alg alg;
	unsigned bits;
	const char *group; /* the library's name of the curve; NULL for RSA */
	struct blob n, e; /* RSA, magnitudes */
	bool pss; /* RSA, for PSS alone (RFC 4055 3.1) */
	struct blob pss_params; /* the whole SEQUENCE; {NULL, 0}: the key restricts nothing */
	struct blob point; /* 04 || X || Y; of KIND_EDWARDS the raw key */
};

/* Contexts ready to verify, so that a key used often pays for one only once. */
#define KEY_SPARES 4

struct key {
	EVP_PKEY *pkey;
	bool private;
	struct spki info; /* points into der */
	uint8_t *der; /* the SubjectPublicKeyInfo in its regular form */
	size_t der_n;
	uint8_t za[32]; /* SM2: the hash of signer ID, curve and key that goes before each message */
	_Atomic(EVP_PKEY_CTX *) spare[KEY_SPARES];
};

/* E_KEY_UNREADABLE, E_KEY_WEAK. */
int spki_parse(struct blob der, struct spki *ret, struct err *e) CHECKED;
/* The same, weak sizes and curves too: for private keys, whose owners want to hear more than that they cannot be read. */
int spki_parse_any(struct blob der, struct spki *ret, struct err *e) CHECKED;
/* Kind and size alone, of any key, good or bad: KEY_OTHER and 0 bits for what is not understood. */
void spki_peek(struct blob der, enum key_alg *ret_alg, unsigned *ret_bits);
/* pss, params: as struct spki has them. */
void spki_put_rsa(struct buf *b, struct blob n, struct blob e, bool pss, struct blob params);
void spki_put_edwards(struct buf *b, const char *group, struct blob raw);
/* rsaEncryption, or id-RSASSA-PSS with its parameters. */
void spki_put_rsa_alg(struct buf *b, bool pss, struct blob params);
/* "ED25519" or "ED448" for its OID, else NULL; and back. */
const char *spki_edwards_by_oid(struct blob oid);
struct blob spki_edwards_oid(const char *group);
size_t spki_edwards_bytes(const char *group);
void spki_put_ec(struct buf *b, const char *group, struct blob point);
/* The curve's OID by the library's name for it. */
struct blob spki_curve_oid(const char *group);
int spki_curve_nid(const char *group);
const char *spki_group_by_oid(struct blob oid);

/* Takes pkey over in every case. spki is copied. */
int key_wrap(EVP_PKEY *pkey, bool private, struct blob spki, struct key **ret, struct err *e) CHECKED;
/* An EVP_PKEY of the kind from parameters. What a key for PSS alone is restricted to is not told to the library: it is
 * checked where signatures are (pss_allowed()). */
EVP_PKEY *key_from_params(const struct spki *s, int selection, OSSL_PARAM *params);
/* The private value of an EC or SM2 key, big endian, 32 or more bytes as the curve has. */
int key_ec_private(const struct key *k, struct secret **ret, struct err *e) CHECKED;
/* An EC or SM2 key from its private value d and, where known ({NULL, 0} otherwise), its point; refused with
 * E_KEY_UNREADABLE unless the point is d*G. */
int key_from_ec_private(const char *group, struct blob d, struct blob point, struct key **ret, struct err *e) CHECKED;

/* -- Ed25519, Ed448 */

/* body: what the OCTET STRING of PKCS#8 holds. given: the public key that stands beside it, {NULL, 0} when none does. */
int edwards_from_private(const char *group, struct blob body, struct blob given, struct key **ret, struct err *e) CHECKED;
EVP_PKEY *edwards_from_spki(const struct spki *s);
int edwards_put_private(struct buf *b, const struct key *k, struct err *e) CHECKED;
bool edwards_verify(const struct key *k, struct blob tbs, struct blob sig);

/* -- signatures */

/* A signature algorithm that certificates and requests may carry. */
struct sig_alg {
	enum key_kind kind;
	size_t md; /* offset in struct ossl_algs */
	struct blob der; /* AlgorithmIdentifier */
};

/* The algorithm with this AlgorithmIdentifier, or NULL: unknown, or too weak to be believed (SHA-1, MD5). */
const struct sig_alg *sig_alg_by_der(struct blob der);
/* The one that this key signs with. */
const struct sig_alg *sig_alg_of(const struct key *k);
/* As key_verify() under an algorithm that is not the key's usual one. */
int key_verify_with(const struct key *k, const struct sig_alg *sa, struct blob tbs, struct blob sig, struct err *e)
	CHECKED;
/* The same by the AlgorithmIdentifier, PSS and Edwards curves as well. */
int key_verify_alg(const struct key *k, struct blob alg, struct blob tbs, struct blob sig, struct err *e) CHECKED;
/* Fills in za of an SM2 key. */
void sig_sm2_za(struct blob point, uint8_t ret[32]);
