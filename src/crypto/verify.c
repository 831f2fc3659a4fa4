/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/verify.h"

#include <openssl/rsa.h>
#include <stdlib.h>

#include "crypto/dsa_priv.h"
#include "crypto/oid_priv.h"
#include "crypto/pss_priv.h"

struct verify_key {
	struct key *key; /* NULL: a DSA key */
	struct dsa *dsa;
};

int
verify_key_new(struct blob spki, struct verify_key **ret, struct err *e)
{
	struct verify_key *k = calloc(1, sizeof(*k));
	int r;

	BUG_ON(!k);
	r = dsa_is(spki) ? dsa_new(spki, &k->dsa, e) : key_from_spki(spki, &k->key, e);
	if (r < 0) {
		verify_key_free(k);
		return r;
	}
	*ret = k;
	return 0;
}

struct verify_key *
verify_key_free(struct verify_key *k)
{
	if (k) {
		key_free(k->key);
		dsa_free(k->dsa);
		free(k);
	}
	return NULL;
}

enum verify_kind
verify_key_kind(const struct verify_key *k)
{
	static const enum verify_kind kinds[] = {
		[KIND_RSA] = VERIFY_RSA, [KIND_EC] = VERIFY_EC, [KIND_SM2] = VERIFY_SM2, [KIND_EDWARDS] = VERIFY_EDWARDS};

	if (k->dsa)
		return VERIFY_DSA;
	return k->key->info.pss ? VERIFY_RSA_PSS : kinds[k->key->info.kind];
}

unsigned
verify_key_bits(const struct verify_key *k)
{
	return k->dsa ? k->dsa->bits : k->key->info.bits;
}

struct str
verify_key_name(const struct verify_key *k, struct arena *a)
{
	return k->dsa ? STR("DSA") : key_name(k->key, a);
}

/* -- signatures */

/* RFC 8410 3: no parameters. The curve's name, or NULL. */
static const char *
edwards_alg(struct blob alg)
{
	if (blob_eq(alg, OID("\x30\x05\x06\x03" OID_ED25519)))
		return spki_edwards_by_oid(OID(OID_ED25519));
	return blob_eq(alg, OID("\x30\x05\x06\x03" OID_ED448)) ? spki_edwards_by_oid(OID(OID_ED448)) : NULL;
}

bool
verify_alg_known(struct blob alg)
{
	struct pss pss;

	return sig_alg_by_der(alg) || edwards_alg(alg) || pss_alg_read(alg, &pss);
}

int
verify_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig,
	struct err *e)
{
	if (k->dsa)
		return err_set(e, E_SIGNATURE_BAD, "signatures with DSA are not believed");
	return key_verify_alg(k->key, alg, tbs, sig, e);
}

int
key_verify_alg(const struct key *k, struct blob alg, struct blob tbs, struct blob sig, struct err *e)
{
	const struct sig_alg *sa = sig_alg_by_der(alg);
	const struct spki *info = &k->info;
	struct pss pss;
	bool ok;

	if (sa)
		return key_verify_with(k, sa, tbs, sig, e);
	if (info->kind == KIND_EDWARDS && edwards_alg(alg) == info->group)
		ok = edwards_verify(k, tbs, sig);
	else if (info->kind == KIND_RSA && pss_alg_read(alg, &pss) && pss_allowed(info, &pss))
		ok = pss_verify(k, &pss, tbs, sig);
	else
		return err_set(e, E_SIGNATURE_BAD,
			"the signature's algorithm is unknown, too weak (SHA-256 or better is taken), or none of its key");
	return ok ? 0 : ossl_err(e, E_SIGNATURE_BAD, "the signature does not verify with the key");
}

/* -- SHA-1 */

static bool
sha1_verify(const struct key *k, struct blob tbs, struct blob sig)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned n;
	OSSL_PKEY_CTX(c);

	c = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
	return c && EVP_Digest(tbs.p, tbs.n, digest, &n, ossl_algs()->sha1, NULL) == 1 && EVP_PKEY_verify_init(c) == 1 &&
		(k->info.kind != KIND_RSA || (EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
						     EVP_PKEY_CTX_set_signature_md(c, ossl_algs()->sha1) == 1)) &&
		EVP_PKEY_verify(c, sig.p, sig.n, digest, n) == 1;
}

int
verify_old_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig, struct err *e)
{
	/* its NULL there or not, as with the others (RFC 4055 5) */
	bool rsa = blob_eq(alg, OID("\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05\x05\x00")) ||
		blob_eq(alg, OID("\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05"));
	bool ecdsa = blob_eq(alg, OID("\x30\x09\x06\x07\x2a\x86\x48\xce\x3d\x04\x01"));

	if (k->dsa || (!(rsa && k->key->info.kind == KIND_RSA && !k->key->info.pss) &&
			      !(ecdsa && k->key->info.kind == KIND_EC)))
		return verify_signature(k, alg, tbs, sig, e);
	return sha1_verify(k->key, tbs, sig) ? 0 :
					       ossl_err(e, E_SIGNATURE_BAD, "the signature does not verify with the key");
}

/* -- DSA */

bool
verify_alg_dsa(struct blob alg, bool *ret_old)
{
	const EVP_MD *md = dsa_alg(alg);

	*ret_old = md == ossl_algs()->sha1;
	return md;
}

bool
verify_key_inherits(const struct verify_key *k)
{
	return k->dsa && !k->dsa->p.p;
}

int
verify_key_inherit(const struct verify_key *k, const struct verify_key *from, struct verify_key **ret, struct err *e)
{
	struct dsa *dsa;
	int r;

	if (!k->dsa || !from->dsa)
		return err_set(e, E_KEY_UNREADABLE, "the key has no parameters to inherit");
	r = dsa_inherit(k->dsa, from->dsa, &dsa, e);
	if (r < 0)
		return r;
	*ret = calloc(1, sizeof(**ret));
	BUG_ON(!*ret);
	(*ret)->dsa = dsa;
	return 0;
}

int
verify_dsa_signature(const struct verify_key *k, struct blob alg, struct blob tbs, struct blob sig, struct err *e)
{
	const EVP_MD *md = dsa_alg(alg);

	if (!k->dsa || !md)
		return err_set(e, E_SIGNATURE_BAD, "the signature's algorithm is none of its key");
	return dsa_verify(k->dsa, md, tbs, sig)
		       ? 0
		       : ossl_err(e, E_SIGNATURE_BAD, "the signature does not verify with the key");
}
