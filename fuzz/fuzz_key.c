/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Private and public keys of any kind: what is taken is written so that it reads the same, and fits itself. The first octet
 * says how much of the input is a signature's AlgorithmIdentifier, tried with the key.
 */
#include "base/cursor.h"
#include "crypto/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
private_key(struct blob der)
{
	struct blob spki, again;
	SECRET(pkcs8);
	ARENA(a);
	KEY(key);
	KEY(back);
	ERR(e);

	if (key_from_private(der, &key, &e) < 0) {
		BUG_ON(e.code != E_KEY_UNREADABLE && e.code != E_KEY_WEAK);
		return;
	}
	BUG_ON(key_to_pkcs8(key, &pkcs8, &e) < 0 || key_from_pkcs8(secret_blob(pkcs8), &back, &e) < 0);
	BUG_ON(key_spki(key, &a, &spki, &e) < 0 || key_spki(back, &a, &again, &e) < 0 || !blob_eq(spki, again));
	BUG_ON(!key_is_of(key, spki) || !key_name(key, &a).n);
	/* what is issued has a name of its own */
	BUG_ON(key_check_public(key, &e) == 0 && key_alg(key) == KEY_OTHER && key_bits(key) > 4096);
}

static void
public_key(struct blob der, struct blob alg)
{
	struct verify_key *k, *inherited;
	ARENA(a);
	ERR(e);

	if (verify_key_new(der, &k, &e) < 0) {
		BUG_ON(e.code != E_KEY_UNREADABLE && e.code != E_KEY_WEAK);
		return;
	}
	BUG_ON(!verify_key_name(k, &a).n);
	BUG_ON(verify_signature(k, alg, der, der, &e) == 0);
	BUG_ON(verify_old_signature(k, alg, der, der, &e) == 0);
	BUG_ON(verify_dsa_signature(k, alg, der, der, &e) == 0);
	if (verify_key_inherit(k, k, &inherited, &e) == 0)
		verify_key_free(inherited);
	verify_key_free(k);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(BLOB(data, size));
	size_t n = cursor_u8(&c);
	struct blob alg = cursor_take(&c, MIN(n, cursor_left(&c))), der = cursor_take(&c, cursor_left(&c));

	private_key(der);
	public_key(der, alg);
	return 0;
}
