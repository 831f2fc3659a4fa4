/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/issue_priv.h"
#include "crypto/cert.h"
#include "crypto/digest.h"

static void
free_key(void *p)
{
	key_free(p);
}

int
ca_issuer_load(struct ca_issuer *is, struct blob cert_der, struct arena *a, struct err *e)
{
	struct blob der = arena_blob(a, cert_der), bits;
	struct cert_info info;
	enum spki_kind kind;
	int r = cert_read(der, a, &info, e);

	if (r < 0)
		return r;
	if (!info.ca || info.ski.n != sizeof(is->ski) || !spki_look(info.spki, &kind, &bits))
		return err_set(e, E_CERT_UNREADABLE,
			"the certificate of issuer \"%.*s\" is no CA certificate with a key identifier of 20 octets",
			STRF(is->name));
	r = key_from_spki(info.spki, &is->key, e);
	if (r < 0)
		return r;
	arena_defer(a, free_key, is->key);
	is->alg = key_alg(is->key);
	is->cert = der;
	is->subject = info.subject;
	is->spki = info.spki;
	memcpy(is->ski, info.ski.p, sizeof(is->ski));
	digest_sha1(is->subject, is->name_sha1);
	digest_sha1(bits, is->key_sha1);
	digest_sha256(is->subject, is->name_sha256);
	digest_sha256(bits, is->key_sha256);
	is->not_before_ms = info.not_before_ms;
	is->not_after_ms = info.not_after_ms;
	return 0;
}
