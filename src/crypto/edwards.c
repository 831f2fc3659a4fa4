/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519 and Ed448 (RFC 8410): read, checked and handed on for those who have them; never certified here. */
#include "base/der.h"
#include "crypto/key_priv.h"
#include "crypto/oid_priv.h"

#define PUBLIC_MAX 57

int
edwards_from_private(const char *group, struct blob body, struct blob given, struct key **ret, struct err *e)
{
	struct cursor c = cursor_of(body);
	uint8_t public[PUBLIC_MAX];
	size_t n = sizeof(public);
	struct blob raw;
	EVP_PKEY *pkey;
	BUF(spki, 128);

	if (!der_get(&c, DER_OCTET_STRING, &raw) || !der_done(&c) || raw.n != spki_edwards_bytes(group))
		return ossl_err(e, E_KEY_UNREADABLE, "the private key cannot be read: it holds no %s key", group);
	pkey = EVP_PKEY_new_raw_private_key_ex(NULL, group, NULL, raw.p, raw.n);
	if (!pkey || EVP_PKEY_get_raw_public_key(pkey, public, &n) != 1) {
		EVP_PKEY_free(pkey);
		return ossl_fault(e, "EVP_PKEY_new_raw_private_key_ex");
	}
	if (given.p && !blob_eq(given, BLOB(public, n))) {
		EVP_PKEY_free(pkey);
		return ossl_err(e, E_KEY_UNREADABLE,
			"the private key cannot be read: private and public part do not fit");
	}
	spki_put_edwards(&spki, group, BLOB(public, n));
	return key_wrap(pkey, true, buf_blob(&spki), ret, e);
}

EVP_PKEY *
edwards_from_spki(const struct spki *s)
{
	return EVP_PKEY_new_raw_public_key_ex(NULL, s->group, NULL, s->point.p, s->point.n);
}

int
edwards_put_private(struct buf *b, const struct key *k, struct err *e)
{
	size_t n = k->info.point.n;
	SECRET(raw);

	raw = secret_new(n);
	if (EVP_PKEY_get_raw_private_key(k->pkey, raw->p, &n) != 1)
		return ossl_fault(e, "EVP_PKEY_get_raw_private_key");
	der_put(b, DER_OCTET_STRING, secret_blob(raw));
	return 0;
}

bool
edwards_verify(const struct key *k, struct blob tbs, struct blob sig)
{
	OSSL_MD_CTX(c);

	c = EVP_MD_CTX_new();
	return c && EVP_DigestVerifyInit_ex(c, NULL, NULL, NULL, NULL, k->pkey, NULL) == 1 &&
	       EVP_DigestVerify(c, sig.p, sig.n, tbs.p, tbs.n) == 1;
}
