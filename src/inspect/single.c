/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/single.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/der.h"
#include "crypto/digest.h"
#include "inspect/path_priv.h"
#include "inspect/scope_priv.h"
#include "x509/name.h"
#include "x509/oid.h"

#define SKEW (5 * MS_MINUTE)
#define OLDEST (7 * MS_DAY) /* without nextUpdate */
/* BR 7.1.3.2.1: status answers signed with SHA-1 ended with May 2022. */
#define SHA1_ENDED INT64_C(1654041600000)
#define OID_OCSP_SIGNING "\x2b\x06\x01\x05\x05\x07\x03\x09"
#define OID_SHA1 "\x2b\x0e\x03\x02\x1a"
#define OID_SHA256 "\x60\x86\x48\x01\x65\x03\x04\x02\x01"
#define OID_SHA384 "\x60\x86\x48\x01\x65\x03\x04\x02\x02"
#define OID_SHA512 "\x60\x86\x48\x01\x65\x03\x04\x02\x03"

/* -- what both ask */

bool
single_current(int64_t this_ms, int64_t next_ms, int64_t now_ms)
{
	if (next_ms == INT64_MAX)
		next_ms = this_ms + OLDEST;
	return this_ms - SKEW <= now_ms && now_ms <= next_ms;
}

static bool
signature_ok(const struct path_cert *by, struct blob alg, struct blob tbs, struct blob sig,
	int64_t made_ms)
{
	struct err why;

	err_clear(&why);
	if (!by->key)
		return false;
	return (made_ms < SHA1_ENDED ? verify_old_signature(by->key, alg, tbs, sig, &why)
				     : verify_signature(by->key, alg, tbs, sig, &why)) == 0;
}

static void
unknown(struct single_answer *ret, const char *why)
{
	ret->word = SINGLE_UNKNOWN;
	snprintf(ret->why, sizeof(ret->why), "%s", why);
}

/* -- lists */

static bool
crl_signed(const struct path_cert *leaf, const struct path_cert *const *issuers, size_t n,
	const struct x509_crl *l)
{
	for (size_t i = 0; i < n; i++) {
		const struct x509_cert *x = &issuers[i]->x;

		if (x509_name_eq(x->subject, l->issuer) &&
			x509_name_eq(x->subject, leaf->x.issuer) &&
			(!x509_has(x, X509_EXT_KEY_USAGE) || (x->key_usage & X509_KU_CRL_SIGN)) &&
			signature_ok(issuers[i], l->sig_alg, l->tbs, l->sig, l->this_update_ms))
			return true;
	}
	return false;
}

/* The reasons that the list tells of for this certificate; 0: it is not for it. */
static unsigned
crl_reasons(const struct x509_cert *x, const struct x509_crl *l)
{
	struct cursor c = cursor_of(x->crl_points);
	unsigned of_list = l->has_idp ? l->idp.reasons : X509_REASONS_ALL, reasons = 0;
	struct x509_point p;

	while (x509_point_next(&c, &p)) {
		if (crl_in_scope(x, &p, l))
			reasons |= p.reasons & of_list;
	}
	return reasons | (crl_in_scope(x, NULL, l) ? of_list : 0);
}

static const char *
crl_unfit(const struct path_cert *leaf, const struct x509_crl *l, int64_t now_ms)
{
	if (l->indirect)
		return "it is an indirect list, which more than the issuer's certificate is needed "
		       "for";
	if (l->unknown_critical.p || l->criticality_wrong)
		return "it has a critical extension that is not known, or one that is not critical "
		       "and must be";
	if (l->alg_differs)
		return "inside another signature algorithm is named than outside";
	if (!single_current(l->this_update_ms, l->next_update_ms, now_ms))
		return "it is not of this time";
	if (!crl_reasons(&leaf->x, l))
		return "it is not for this certificate (issuer, distribution point, kind)";
	return NULL;
}

void
single_by_crl(const struct path_cert *leaf, const struct path_cert *const *issuers, size_t n,
	const struct x509_crl *l, int64_t now_ms, struct single_answer *ret)
{
	const char *unfit = crl_unfit(leaf, l, now_ms);
	struct x509_crl_entry entry;

	*ret = (struct single_answer){
		.this_update_ms = l->this_update_ms, .next_update_ms = l->next_update_ms};
	if (unfit)
		return unknown(ret, unfit);
	if (!crl_signed(leaf, issuers, n, l))
		return unknown(ret, "its signature is not that of the issuer, or the issuer's key "
				    "may not sign lists");
	if (crl_find(l, &leaf->x, &entry) && entry.reason != X509_REMOVE_FROM_CRL) {
		ret->word = SINGLE_REVOKED;
		ret->revoked_ms = entry.revoked_ms;
		ret->reason = entry.reason;
		return;
	}
	/* but what it revokes is revoked, whatever the complete list says that it follows */
	if (l->base.p)
		return unknown(ret, "it is a delta list, which alone tells nothing");
	if (crl_reasons(&leaf->x, l) != X509_REASONS_ALL)
		return unknown(ret, "it tells of some reasons only");
	ret->word = SINGLE_GOOD;
}

/* -- OCSP */

/* The bits of a SubjectPublicKeyInfo. */
static struct blob
bits_of(struct blob spki)
{
	struct cursor outer = cursor_of(spki), c;
	struct blob alg, bits = {NULL, 0};

	if (der_open(&outer, DER_SEQUENCE, &c) && der_get(&c, DER_SEQUENCE, &alg) &&
		der_get_bits(&c, &bits))
		return bits;
	return (struct blob){NULL, 0};
}

/* The digests that responders name issuers by. */
static const struct {
	struct blob oid;
	size_t n;
	void (*digest)(struct blob of, uint8_t *ret);
} hashes[] = {
	{X509_OID(OID_SHA1), 20, digest_sha1},
	{X509_OID(OID_SHA256), 32, digest_sha256},
	{X509_OID(OID_SHA384), 48, digest_sha384},
	{X509_OID(OID_SHA512), 64, digest_sha512},
};

static bool
hash_is(struct blob alg, struct blob of, struct blob hash)
{
	uint8_t out[64];

	for (size_t i = 0; i < ARRAY_LEN(hashes); i++) {
		if (!blob_eq(alg, hashes[i].oid))
			continue;
		hashes[i].digest(of, out);
		return blob_eq(hash, BLOB(out, hashes[i].n));
	}
	return false;
}

/* RFC 6960 4.1.1: issuer's name, issuer's key, serial number. */
static bool
is_about(const struct x509_ocsp_single *s, const struct path_cert *leaf,
	const struct path_cert *issuer)
{
	return (!leaf || blob_eq(s->serial, leaf->x.serial)) &&
	       hash_is(s->hash_alg, leaf ? leaf->x.issuer : issuer->x.subject, s->name_hash) &&
	       hash_is(s->hash_alg, bits_of(issuer->x.spki), s->key_hash);
}

static bool
is_responder(const struct x509_ocsp *o, const struct x509_cert *x)
{
	if (o->by_name.p)
		return x509_name_eq(o->by_name, x->subject);
	return hash_is(X509_OID(OID_SHA1), bits_of(x->spki), o->by_key);
}

/* RFC 6960 4.2.2.2: the issuer has certified this key for answering, itself. RFC 5280 4.2.1.12: a keyUsage must allow it
 * as well. */
static bool
is_delegate(const struct path_cert *d, const struct path_cert *issuer, int64_t now_ms)
{
	return issuer_names_fit(&d->x, &issuer->x) &&
	       (!x509_has(&d->x, X509_EXT_KEY_USAGE) ||
		       (d->x.key_usage & (X509_KU_SIGNATURE | X509_KU_NON_REPUDIATION))) &&
	       x509_has_eku(&d->x, X509_OID(OID_OCSP_SIGNING)) && d->x.not_before_ms <= now_ms &&
	       now_ms <= d->x.not_after_ms && !d->x.unknown_critical.p &&
	       signature_ok(issuer, d->x.sig_alg, d->x.tbs, d->x.sig, d->x.not_before_ms);
}

/* ret_delegate: {NULL, 0} when the issuer itself has signed. */
static bool
ocsp_signed(const struct x509_ocsp *o, const struct path_cert *issuer, int64_t now_ms, struct blob *ret_delegate)
{
	struct cursor c = cursor_of(o->certs);
	const struct path_cert *d;
	struct blob der;
	ARENA(a);

	*ret_delegate = (struct blob){NULL, 0};
	if (is_responder(o, &issuer->x) &&
		signature_ok(issuer, o->sig_alg, o->tbs, o->sig, o->produced_ms))
		return true;
	while (x509_ocsp_cert_next(&c, &der)) {
		ERR(why);

		if (path_cert_new(&a, der, &d, &why) == 0 && is_responder(o, &d->x) &&
			is_delegate(d, issuer, now_ms) &&
			signature_ok(d, o->sig_alg, o->tbs, o->sig, o->produced_ms)) {
			*ret_delegate = der;
			return true;
		}
	}
	return false;
}

static const char *
ocsp_unfit(const struct x509_ocsp *o, const struct path_cert *leaf, int64_t now_ms)
{
	if (o->status != 0)
		return "the responder has refused to answer";
	if (o->unknown_critical.p)
		return "it has a critical extension that is not known";
	if (o->produced_ms > now_ms + SKEW || (leaf && o->produced_ms < leaf->x.not_before_ms))
		return "it was made before the certificate, or is from the future";
	return NULL;
}

/* Of several answers about the certificate revoked wins, then unknown. False: none of this time is about it, or, when none
 * is asked for by name, they are about several. ret_about: there is one of whatever time. */
static bool
ocsp_word(const struct x509_ocsp *o, const struct path_cert *leaf, const struct path_cert *issuer,
	int64_t now_ms, struct x509_ocsp_single *ret, bool *ret_about)
{
	struct cursor c = cursor_of(o->responses);
	struct x509_ocsp_single s;
	bool found = false;

	while (x509_ocsp_next(&c, &s)) {
		if (s.unknown_critical.p || !is_about(&s, leaf, issuer))
			continue;
		*ret_about = true;
		if (!single_current(s.this_update_ms, s.next_update_ms, now_ms))
			continue;
		if (found && !blob_eq(s.serial, ret->serial))
			return false;
		if (!found || s.word == X509_OCSP_REVOKED ||
			(s.word == X509_OCSP_UNKNOWN && ret->word == X509_OCSP_GOOD))
			*ret = s;
		found = true;
	}
	return found;
}

void
single_by_ocsp(const struct path_cert *leaf, const struct path_cert *const *issuers, size_t n,
	const struct x509_ocsp *o, int64_t now_ms, struct single_answer *ret)
{
	const char *unfit = ocsp_unfit(o, leaf, now_ms);
	struct x509_ocsp_single s = {.word = X509_OCSP_UNKNOWN};

	*ret = (struct single_answer){.next_update_ms = INT64_MAX};
	if (unfit)
		return unknown(ret, unfit);
	for (size_t i = 0; i < n; i++) {
		if ((leaf && !issuer_names_fit(&leaf->x, &issuers[i]->x)) ||
			!ocsp_word(o, leaf, issuers[i], now_ms, &s, &ret->about))
			continue;
		if (!ocsp_signed(o, issuers[i], now_ms, &ret->delegate))
			return unknown(ret, "its signature is neither the issuer's nor that of a "
					    "responder which the issuer has named");
		ret->word = s.word == X509_OCSP_GOOD	  ? SINGLE_GOOD
			    : s.word == X509_OCSP_REVOKED ? SINGLE_REVOKED
							  : SINGLE_UNKNOWN;
		ret->revoked_ms = s.revoked_ms;
		ret->reason = s.reason;
		ret->this_update_ms = s.this_update_ms;
		ret->next_update_ms = s.next_update_ms;
		if (ret->word == SINGLE_UNKNOWN)
			unknown(ret, "the responder does not know the certificate");
		return;
	}
	unknown(ret, "it has no answer of this time about this certificate");
}
