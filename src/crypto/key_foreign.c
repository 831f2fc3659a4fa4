/* SPDX-License-Identifier: Apache-2.0 */
/* Naming private keys of kinds that are not taken: the one place where the library's general decoder reads a key, which
 * is then let go. */
#include <openssl/core_names.h>
#include <openssl/x509.h>

#include "crypto/key_priv.h"
#include "crypto/unlock.h"

#define DER_MAX (16 * 1024)
/* The library raises to a power whose length, like the modulus's, is the key's alone: the time grows with the cube. */
#define WORK(n) ((int64_t)(n) * (int64_t)(n) * (int64_t)(n) / 2000)

#define NUMBERS \
	" with the curve's numbers instead of its name (openssl pkey -in OLD -ec_param_enc named_curve " \
	"-out NEW writes the name)"

static bool
spelled_out(const EVP_PKEY *pkey)
{
	int yes = 0;

	return EVP_PKEY_get_int_param(pkey, OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &yes) == 1 && yes;
}

int
key_foreign_name(struct blob der, struct opener *o, struct arena *a, struct str *ret, struct err *e)
{
	const unsigned char *p = der.p;
	const char *type;
	char group[64];
	size_t n = 0;
	OSSL_PKEY(pkey);
	OSSL_PKEY_CTX(ctx);

	ossl_algs();
	if (der.n > DER_MAX || WORK(der.n) > o->work)
		return err_set(e, E_KEY_UNREADABLE,
			"the private key is of a kind that is not taken, and too long to be looked at");
	o->work -= WORK(der.n);
	pkey = d2i_AutoPrivateKey_ex(NULL, &p, (long)der.n, NULL, NULL);
	if (!pkey || p != der.p + der.n)
		return ossl_err(e, E_KEY_UNREADABLE, "the private key cannot be read");
	ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	if (!ctx || EVP_PKEY_pairwise_check(ctx) != 1)
		return ossl_err(e, E_KEY_UNREADABLE, "the private key's parts do not fit each other");
	type = EVP_PKEY_get0_type_name(pkey);
	if (EVP_PKEY_get_group_name(pkey, group, sizeof(group), &n) == 1)
		*ret = arena_printf(a, "%s on %s%s", type, group, spelled_out(pkey) ? NUMBERS : "");
	else
		*ret = arena_printf(a, "%s of %d bits", type, EVP_PKEY_get_bits(pkey));
	return 0;
}
