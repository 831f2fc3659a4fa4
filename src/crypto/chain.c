/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/chain.h"

#include "base/rfc3339.h"

static int
validity_check(const struct cert_info *c, int64_t now_ms, struct err *e)
{
	char when[RFC3339_MAX];

	if (now_ms < c->not_before_ms)
		return err_set(e, E_SIGNATURE_BAD, "the certificate of \"%.*s\" is not valid before %s",
			STRF(c->subject_text), rfc3339_put(c->not_before_ms, when));
	if (now_ms > c->not_after_ms)
		return err_set(e, E_SIGNATURE_BAD, "the certificate of \"%.*s\" has expired at %s",
			STRF(c->subject_text), rfc3339_put(c->not_after_ms, when));
	return 0;
}

static int
link_check(const struct cert_info *c, const struct cert_info *issuer, struct err *e)
{
	KEY(k);
	int r;

	if (!blob_eq(c->issuer, issuer->subject))
		return err_set(e, E_SIGNATURE_BAD, "\"%.*s\" is issued by \"%.*s\", but \"%.*s\" comes next",
			STRF(c->subject_text), STRF(c->issuer_text), STRF(issuer->subject_text));
	if (!issuer->ca)
		return err_set(e, E_SIGNATURE_BAD, "\"%.*s\" is no CA", STRF(issuer->subject_text));
	r = key_from_spki(issuer->spki, &k, e);
	if (r == 0)
		r = cert_verify(c, k, e);
	return r < 0 ? err_wrap(e, "\"%.*s\"", STRF(c->subject_text)) : 0;
}

int
chain_verify(const struct blob *ders, unsigned n, int64_t now_ms, struct err *e)
{
	struct cert_info *list;
	ARENA(a);
	int r = 0;

	BUG_ON(n == 0);
	list = arena_new_n(&a, n, struct cert_info);
	for (unsigned i = 0; i < n && r == 0; i++) {
		r = cert_read(ders[i], &a, &list[i], e);
		if (r == 0)
			r = validity_check(&list[i], now_ms, e);
		if (r == 0 && i > 0)
			r = link_check(&list[i - 1], &list[i], e);
	}
	/* A root stands for itself, by its own signature. */
	if (r == 0 && blob_eq(list[n - 1].issuer, list[n - 1].subject))
		r = link_check(&list[n - 1], &list[n - 1], e);
	return r;
}
