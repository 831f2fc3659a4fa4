/* SPDX-License-Identifier: Apache-2.0 */
/* PEM text, and behind it the readers of what people paste: certificates, private keys, public keys. */
#include "crypto/cert.h"
#include "crypto/pem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_all(struct blob der)
{
	struct cert_info c;
	ARENA(a);
	KEY(private);
	KEY(public);
	ERR(e);

	(void)!key_from_pkcs8(der, &private, &e);
	(void)!key_from_spki(der, &public, &e);
	if (public)
		(void)!key_check_public(public, &e);
	if (cert_read(der, &a, &c, &e) == 0)
		BUG_ON(c.alg == KEY_NONE || !c.subject_text.p || !c.tbs.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pem_reader rest;
	struct pem_block b;
	struct blob again;
	ARENA(a);
	ERR(e);

	read_all(BLOB(data, size));
	if (pem_open(BLOB(data, size), &a, &rest, &e) < 0)
		return 0;
	for (int i = 0; i < 8 && pem_next(&rest, &a, &b, &e) == 0; i++) {
		struct str text;

		read_all(b.body);
		/* what was read is written so that it reads the same */
		text = pem_encode(&a, "X", b.body);
		BUG_ON(pem_decode(text, "X", &a, &again, &e) != 0 || !blob_eq(b.body, again));
	}
	return 0;
}
