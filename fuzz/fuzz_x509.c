/* SPDX-License-Identifier: Apache-2.0 */
/* Anything as a certificate, a revocation list and an OCSP response: what was read holds together when it is
 * walked. */
#include "x509/crl.h"
#include "x509/name.h"
#include "x509/ocsp.h"
#include "x509/subtree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
within(struct blob inner, struct blob outer)
{
	BUG_ON(inner.n && (inner.p < outer.p || inner.p + inner.n > outer.p + outer.n));
}

static void
name_holds(struct blob name)
{
	struct x509_name_walk it = x509_name_walk(name);
	struct x509_attr a;
	char text[64];
	size_t n = 0;

	BUG_ON(!x509_name_eq(name, name) || !x509_name_within(name, name));
	while (x509_name_next(&it, &a)) {
		if (x509_attr_text(&a, text, sizeof(text), &n))
			BUG_ON(n > sizeof(text));
	}
}

static void
subtrees_hold(const struct x509_cert *x, struct blob list)
{
	struct cursor subtrees = cursor_of(list);
	struct x509_general base, name;

	while (x509_subtree_next(&subtrees, &base)) {
		struct cursor names = cursor_of(x->san);

		x509_subtree_base_ok(&base);
		while (x509_general_next(&names, &name)) {
			if (name.kind == base.kind)
				x509_subtree_fit(&name, &base, true);
		}
	}
	BUG_ON(subtrees.bad);
}

static void
texts_hold(const struct x509_cert *x)
{
	struct cursor c = cursor_of(x->san);
	struct x509_general g;

	while (x509_general_next(&c, &g)) {
		struct str s = str_of(g.value);

		x509_email_ok(s);
		if (x509_uri_ok(s))
			x509_uri_host(s);
		/* what is a plain name is one with a wildcard allowed as well */
		BUG_ON(x509_dns_ok(s, false) && !x509_dns_ok(s, true));
	}
	BUG_ON(c.bad);
}

static void
certificate(struct blob der)
{
	struct cursor c;
	struct x509_cert x;
	struct x509_point point;
	struct x509_access access;
	struct x509_policy policy;
	struct x509_mapping mapping;
	struct blob oid;
	ERR(e);

	if (x509_cert_read(der, &x, &e) < 0) {
		BUG_ON(e.code != E_CERT_UNREADABLE);
		return;
	}
	within(x.tbs, der);
	within(x.spki, x.tbs);
	within(x.san, x.tbs);
	name_holds(x.issuer);
	name_holds(x.subject);
	texts_hold(&x);
	subtrees_hold(&x, x.permitted);
	subtrees_hold(&x, x.excluded);
#define WALK(list, next, to) \
	c = cursor_of(list); \
	while (next(&c, to)) \
		;            \
	BUG_ON(cursor_left(&c) || c.bad)
	WALK(x.crl_points, x509_point_next, &point);
	WALK(x.freshest, x509_point_next, &point);
	WALK(x.aia, x509_access_next, &access);
	WALK(x.sia, x509_access_next, &access);
	WALK(x.policies, x509_policy_next, &policy);
	WALK(x.mappings, x509_mapping_next, &mapping);
	WALK(x.eku, x509_oid_next, &oid);
}

static void
list(struct blob der)
{
	struct x509_crl l;
	struct x509_crl_walk it;
	struct x509_crl_entry entry;
	ERR(e);

	if (x509_crl_read(der, &l, &e) < 0) {
		BUG_ON(e.code != E_CRL_UNREADABLE);
		return;
	}
	name_holds(l.issuer);
	it = x509_crl_walk(&l);
	while (x509_crl_next(&it, &entry)) {
		within(entry.serial, l.entries);
		name_holds(entry.issuer);
	}
	BUG_ON(it.rest.bad || cursor_left(&it.rest));
}

static void
response(struct blob der)
{
	struct x509_ocsp o;
	struct x509_ocsp_single s;
	struct cursor c;
	struct blob cert;
	ERR(e);

	if (x509_ocsp_read(der, &o, &e) < 0) {
		BUG_ON(e.code != E_OCSP_UNREADABLE);
		return;
	}
	c = cursor_of(o.responses);
	while (x509_ocsp_next(&c, &s))
		within(s.serial, o.tbs);
	BUG_ON(cursor_left(&c) || c.bad);
	c = cursor_of(o.certs);
	while (x509_ocsp_cert_next(&c, &cert))
		certificate(cert);
	BUG_ON(cursor_left(&c) || c.bad);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	certificate(BLOB(data, size));
	list(BLOB(data, size));
	response(BLOB(data, size));
	return 0;
}
