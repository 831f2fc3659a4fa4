/* SPDX-License-Identifier: Apache-2.0 */
/* Which certificates a revocation list speaks of (RFC 5280 6.3.3 (b)), and what it says about one.
 */
#include "inspect/scope_priv.h"

#include "x509/name.h"

/* -- 6.3.3 (b): the list is one for this certificate and distribution point */

static bool
has_directory(struct blob names, struct blob name)
{
	struct x509_general g = {X509_DIRECTORY, name};

	return names.p && x509_generals_have(names, &g);
}

static bool
full_meets_relative(struct blob names, struct blob base, struct blob rdn)
{
	struct cursor c = cursor_of(names);
	struct x509_general g;

	while (x509_general_next(&c, &g)) {
		if (g.kind == X509_DIRECTORY && x509_name_eq_relative(g.value, base, rdn))
			return true;
	}
	return false;
}

static bool
full_meets_full(struct blob a, struct blob b)
{
	struct cursor c = cursor_of(a);
	struct x509_general g;

	while (x509_general_next(&c, &g)) {
		if (x509_generals_have(b, &g))
			return true;
	}
	return false;
}

/* A name of the list's issuingDistributionPoint is one of the point's (or, without, of its
 * cRLIssuer's). */
static bool
names_meet(const struct x509_cert *x, const struct x509_point *p, const struct x509_crl *l)
{
	struct blob full = p->named ? p->full_names : p->crl_issuers;
	struct blob base = p->crl_issuers.p ? l->issuer : x->issuer;

	if (l->idp.relative.p)
		return p->relative.p ? x509_name_eq(base, l->issuer) &&
					       x509_rdn_eq(p->relative, l->idp.relative)
				     : full_meets_relative(full, l->issuer, l->idp.relative);
	return p->relative.p ? full_meets_relative(l->idp.full_names, base, p->relative)
			     : full_meets_full(l->idp.full_names, full);
}

bool
crl_in_scope(const struct x509_cert *x, const struct x509_point *p, const struct x509_crl *l)
{
	if (p && p->crl_issuers.p) {
		if (!has_directory(p->crl_issuers, l->issuer) || !l->indirect)
			return false;
	} else if (!x509_name_eq(l->issuer, x->issuer)) {
		return false;
	}
	if (!l->has_idp)
		return true;
	if (l->only_attribute || (l->only_user && (x->ca || x->version == 1)) ||
		(l->only_ca && !x->ca))
		return false;
	if (!l->idp.named)
		return true;
	return p ? names_meet(x, p, l) : has_directory(l->idp.full_names, x->issuer);
}

/* -- entries */

bool
crl_find(const struct x509_crl *l, const struct x509_cert *x, struct x509_crl_entry *ret)
{
	struct x509_crl_walk it = x509_crl_walk(l);
	struct x509_crl_entry entry;
	bool found = false;

	/* the last one of a serial counts: a delta may put a certificate on hold and take it off
	 * again; in a complete list, and of other reasons, nothing is taken back (RFC 5280 5.3.1) */
	while (x509_crl_next(&it, &entry)) {
		if (!blob_eq(entry.serial, x->serial) || !x509_name_eq(entry.issuer, x->issuer))
			continue;
		if (found && entry.reason == X509_REMOVE_FROM_CRL &&
			(!l->base.p || ret->reason != X509_CERTIFICATE_HOLD))
			continue;
		*ret = entry;
		found = true;
	}
	return found;
}
