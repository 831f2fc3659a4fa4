/* SPDX-License-Identifier: Apache-2.0 */
/* The code over a PKCS#12 file, which proves the passphrase: as RFC 7292 has it, and PBMAC1 (RFC 9579), which the library
 * knows from version 3.4 on and is therefore read here. */
#include "crypto/p12_priv.h"

#include <openssl/hmac.h>

#include "base/der.h"
#include "crypto/oid_priv.h"

#define HMAC_KEY_MIN 20 /* RFC 9579 4: shorter ones are an attack */
#define HMAC_KEY_MAX 64

OSSL_CLEANUP_TYPE(md_p, EVP_MD, EVP_MD_free)

static int
unreadable(struct err *e, const char *what)
{
	return ossl_err(e, E_STORE_UNREADABLE, "the PKCS#12 file cannot be read: %s", what);
}

/* -- PBMAC1 */

struct pbmac {
	struct blob salt, code;
	int64_t rounds, key_n;
	const EVP_MD *prf, *hash;
};

static const EVP_MD *
hmac_hash(struct blob oid)
{
	static const struct {
		const char *oid;
		const EVP_MD *(*md)(void);
	} rows[] = {
		{"1.2.840.113549.2.7", EVP_sha1},
		{"1.2.840.113549.2.8", EVP_sha224},
		{"1.2.840.113549.2.9", EVP_sha256},
		{"1.2.840.113549.2.10", EVP_sha384},
		{"1.2.840.113549.2.11", EVP_sha512},
		{"1.2.156.10197.1.401.2", EVP_sm3},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (der_oid_is(oid, rows[i].oid))
			return rows[i].md();
	}
	return NULL;
}

static bool
alg_open(struct cursor *c, struct blob *ret_oid, struct cursor *ret_params)
{
	return der_open(c, DER_SEQUENCE, ret_params) && der_get(ret_params, DER_OID, ret_oid);
}

/* RFC 8018 A.5: the derivation, then the code's own algorithm. */
static int
pbmac_read(struct cursor params, struct pbmac *ret, struct err *e)
{
	struct cursor pbmac, kdf, pbkdf2, alg;
	struct blob oid;

	if (!der_open(&params, DER_SEQUENCE, &pbmac) || !alg_open(&pbmac, &oid, &kdf) || !blob_eq(oid, OID(OID_PBKDF2)) ||
		!der_open(&kdf, DER_SEQUENCE, &pbkdf2) || !der_get(&pbkdf2, DER_OCTET_STRING, &ret->salt) ||
		!der_get_int(&pbkdf2, &ret->rounds))
		return unreadable(e, "the parameters of its code (PBMAC1) are damaged");
	/* RFC 9579 3: the length has to be there */
	if (!der_get_int(&pbkdf2, &ret->key_n) || ret->key_n < HMAC_KEY_MIN || ret->key_n > HMAC_KEY_MAX)
		return err_set(e, E_STORE_UNREADABLE,
			"the PKCS#12 file cannot be read: the key of its code (PBMAC1) has not %d to %d bytes", HMAC_KEY_MIN,
			HMAC_KEY_MAX);
	ret->prf = EVP_sha1();
	if (cursor_left(&pbkdf2))
		ret->prf = alg_open(&pbkdf2, &oid, &alg) ? hmac_hash(oid) : NULL;
	ret->hash = alg_open(&pbmac, &oid, &alg) ? hmac_hash(oid) : NULL;
	return ret->prf && ret->hash ? 0 : unreadable(e, "its code (PBMAC1) is made with a hash that is not known");
}

/* The contents that the code is over, and the DigestInfo: PFX ::= version, authSafe, macData. */
static bool
parts_find(struct blob der, struct blob *ret_content, struct blob *ret_code, struct cursor *ret_alg)
{
	struct cursor outer = cursor_of(der), pfx, safe, inner, mac, digest;

	return der_open(&outer, DER_SEQUENCE, &pfx) && der_get(&pfx, DER_INTEGER, NULL) &&
	       der_open(&pfx, DER_SEQUENCE, &safe) && der_get(&safe, DER_OID, NULL) &&
	       der_open(&safe, DER_CTX_CONS(0), &inner) && der_get(&inner, DER_OCTET_STRING, ret_content) &&
	       der_open(&pfx, DER_SEQUENCE, &mac) &&
	       der_open(&mac, DER_SEQUENCE, &digest) && der_open(&digest, DER_SEQUENCE, ret_alg) &&
	       der_get(&digest, DER_OCTET_STRING, ret_code);
}

static bool
pbmac_fits(const struct pbmac *m, struct str passphrase, struct blob content)
{
	uint8_t key[HMAC_KEY_MAX], code[EVP_MAX_MD_SIZE];
	unsigned n = 0;
	bool fits = PKCS5_PBKDF2_HMAC(passphrase.p ? passphrase.p : "", (int)passphrase.n, m->salt.p, (int)m->salt.n,
			    (int)m->rounds, m->prf, (int)m->key_n, key) == 1 &&
		    HMAC(m->hash, key, (int)m->key_n, content.p, content.n, code, &n) &&
		    blob_eq_secret(BLOB(code, n), m->code);

	wipe(key, sizeof(key));
	return fits;
}

static int
pbmac_check(struct opener *o, PKCS12 *p12, struct str *passphrase, struct err *e)
{
	struct blob content, oid;
	struct pbmac m = {0};
	struct cursor alg;
	unsigned char *der = NULL;
	int n = i2d_PKCS12(p12, &der), r;

	if (n <= 0)
		return ossl_fault(e, "i2d_PKCS12");
	r = parts_find(BLOB(der, (size_t)n), &content, &m.code, &alg) && der_get(&alg, DER_OID, &oid)
		    ? pbmac_read(alg, &m, e)
		    : unreadable(e, "its code is damaged");
	if (r == 0)
		r = unlock_rounds_take(o, m.rounds, e);
	if (r == 0 && !pbmac_fits(&m, *passphrase, content))
		r = passphrase->p ? unlock_wrong(e) : p12_locked(e);
	else if (r == 0 && !passphrase->p)
		*passphrase = STR("");
	OPENSSL_free(der);
	return r;
}

/* -- RFC 7292 */

int
p12_locked(struct err *e)
{
	return ossl_err(
		e, E_KEY_LOCKED, "the PKCS#12 file is encrypted and no passphrase is given");
}

static bool
hash_known(const ASN1_OBJECT *oid)
{
	const char *name = OBJ_nid2sn(OBJ_obj2nid(oid));
	CLEANUP(md_p) EVP_MD *md = name ? EVP_MD_fetch(unlock_ctx(), name, NULL) : NULL;

	return md != NULL;
}

int
p12_mac_check(struct opener *o, PKCS12 *p12, struct str *passphrase, struct err *e)
{
	const ASN1_INTEGER *rounds = NULL;
	const X509_ALGOR *alg = NULL;
	const ASN1_OBJECT *oid;
	int r;

	if (!PKCS12_mac_present(p12))
		return 0;
	PKCS12_get0_mac(NULL, &alg, NULL, &rounds, p12);
	X509_ALGOR_get0(&oid, NULL, NULL, alg);
	if (blob_eq(BLOB(OBJ_get0_data(oid), OBJ_length(oid)), OID(OID_PBMAC1)))
		return pbmac_check(o, p12, passphrase, e);
	if (!hash_known(oid))
		return unreadable(e, "its code is made with a hash that is not known");
	r = unlock_rounds_take(o, rounds ? ASN1_INTEGER_get(rounds) : 1, e);
	if (r < 0)
		return r;
	if (passphrase->n)
		return PKCS12_verify_mac(p12, passphrase->p, (int)passphrase->n) ? 0
										 : unlock_wrong(e);
	if (PKCS12_verify_mac(p12, "", 0)) {
		*passphrase = STR("");
		return 0;
	}
	if (PKCS12_verify_mac(p12, NULL, 0)) {
		*passphrase = (struct str){NULL, 0};
		return 0;
	}
	return passphrase->p ? unlock_wrong(e) : p12_locked(e);
}
