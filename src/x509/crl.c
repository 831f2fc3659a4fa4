/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/crl.h"

#include "x509/ext_priv.h"
#include "x509/name.h"

#define WHAT "the revocation list cannot be read: "
#define CE(arc) (oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1d && oid.p[2] == (arc))
#define NONE ((struct blob){NULL, 0})
#define NUMBER_MAX 20 /* RFC 5280 5.2.3 */
#define IDP_MAX (16 * 1024) /* each of its names is compared with each of a certificate's points */

static int
unreadable(struct err *e, const char *field, const char *what)
{
	return err_field(e, E_CRL_UNREADABLE, field, WHAT "%s", what);
}

/* A non-negative INTEGER of any length, as magnitude without leading zeros. */
static bool
number_read(struct blob value, struct blob *ret)
{
	struct cursor c = cursor_of(value);
	struct blob b;

	if (!der_get_integer(&c, &b) || !der_done(&c) || b.p[0] >= 0x80 || b.n > NUMBER_MAX + 1)
		return false;
	if (b.n > 1 && b.p[0] == 0)
		b = (struct blob){b.p + 1, b.n - 1};
	*ret = b;
	return true;
}

/* -- IssuingDistributionPoint (RFC 5280 5.2.5) */

static bool
flag_read(struct cursor *c, uint8_t tag, bool *ret)
{
	struct blob b;

	if (!der_optional(c, tag, &b))
		return !c->bad;
	*ret = true;
	/* a written FALSE is no DER */
	return b.n == 1 && b.p[0] == 0xff;
}

static bool
idp_read(struct blob value, struct x509_crl *r)
{
	struct cursor outer = cursor_of(value), c;
	struct blob body;
	uint32_t reasons;

	r->has_idp = true;
	r->idp_der = value;
	r->idp = (struct x509_point){.reasons = X509_REASONS_ALL};
	if (value.n > IDP_MAX || !der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) ||
		(der_optional(&c, DER_CTX_CONS(0), &body) && !point_name(body, &r->idp)) ||
		!flag_read(&c, DER_CTX(1), &r->only_user) ||
		!flag_read(&c, DER_CTX(2), &r->only_ca))
		return false;
	if (der_optional(&c, DER_CTX(3), &body)) {
		if (!named_bits(body, &reasons))
			return false;
		r->some_reasons = true;
		r->idp.reasons = reasons & X509_REASONS_ALL;
	}
	return flag_read(&c, DER_CTX(4), &r->indirect) &&
	       flag_read(&c, DER_CTX(5), &r->only_attribute) && der_done(&c) &&
	       r->only_user + r->only_ca + r->only_attribute <= 1;
}

/* -- extensions of the list */

static bool
list_extension(struct blob oid, bool critical, struct blob value, struct x509_crl *r)
{
	/* RFC 5280 5.2.4, 5.2.5: these two change what the list means; 5.2.1, 5.2.3, 5.2.6: these
	 * do not */
	if (CE(27) || CE(28))
		r->criticality_wrong |= !critical;
	else if (CE(35) || CE(20) || CE(46))
		r->criticality_wrong |= critical;
	if (CE(35)) {
		r->has_aki = true;
		return aki_read(value, &r->aki);
	}
	if (CE(20))
		return number_read(value, &r->number);
	if (CE(27))
		return number_read(value, &r->base);
	if (CE(28))
		return idp_read(value, r);
	if (critical && !r->unknown_critical.p)
		r->unknown_critical = oid;
	return true;
}

static bool
list_extensions(struct cursor *tbs, struct x509_crl *r)
{
	struct cursor in, c;
	struct blob list, oid, value;
	bool critical, sloppy = false;
	unsigned n = 0;

	if (!der_open(tbs, DER_CTX_CONS(0), &in) || !der_get(&in, DER_SEQUENCE, &list) ||
		!der_done(&in))
		return false;
	c = cursor_of(list);
	do {
		const uint8_t *start = c.p;

		if (n++ == X509_EXTENSIONS_MAX || !ext_next(&c, &oid, &critical, &value, &sloppy) ||
			ext_seen(list, start, oid) || !list_extension(oid, critical, value, r))
			return false;
	} while (cursor_left(&c));
	return true;
}

/* -- entries */

static bool
reason_read(struct blob value, int *ret)
{
	struct cursor c = cursor_of(value);
	struct blob v;

	if (!der_get(&c, DER_ENUMERATED, &v) || !der_done(&c) || v.n != 1 ||
		v.p[0] > X509_REASON_LAST || v.p[0] == 7)
		return false;
	*ret = v.p[0];
	return true;
}

/* certificateIssuer (RFC 5280 5.3.3): the directory name among its names. */
static bool
issuer_read(struct blob value, struct blob *ret)
{
	struct cursor outer = cursor_of(value), names;
	struct x509_general g;
	struct blob list, found = NONE;

	if (!der_get(&outer, DER_SEQUENCE, &list) || !der_done(&outer) || !x509_generals_ok(list))
		return false;
	names = cursor_of(list);
	while (!found.p && x509_general_next(&names, &g)) {
		if (g.kind == X509_DIRECTORY)
			found = g.value;
	}
	if (found.p)
		*ret = found;
	return found.p;
}

static bool
entry_extensions(struct blob exts, struct x509_crl_walk *it, struct x509_crl_entry *r,
	struct x509_crl *list_facts)
{
	struct cursor c = cursor_of(exts);
	struct blob oid, value;
	bool critical, sloppy = false, ok = true;
	unsigned n = 0;

	do {
		const uint8_t *start = c.p;

		if (n++ == X509_EXTENSIONS_MAX || !ext_next(&c, &oid, &critical, &value, &sloppy) ||
			ext_seen(exts, start, oid))
			return false;
		if (CE(21))
			ok = reason_read(value, &r->reason);
		else if (CE(29))
			ok = issuer_read(value, &it->issuer);
		else if (critical && !list_facts->unknown_critical.p)
			list_facts->unknown_critical = oid;
		/* RFC 5280 5.3.1, 5.3.3 */
		list_facts->criticality_wrong |= (CE(21) && critical) || (CE(29) && !critical);
	} while (ok && cursor_left(&c));
	return ok;
}

static bool
entry_next(struct x509_crl_walk *it, struct x509_crl_entry *ret, struct x509_crl *list_facts)
{
	struct x509_crl_entry r = {.reason = X509_UNSPECIFIED};
	struct cursor c;
	struct blob list;

	if (!cursor_left(&it->rest))
		return false;
	if (!der_open(&it->rest, DER_SEQUENCE, &c) || !der_get_integer(&c, &r.serial) ||
		!der_get_time(&c, &r.revoked_ms) ||
		/* RFC 5280 5.3: extensions are of version 2 */
		(der_optional(&c, DER_SEQUENCE, &list) &&
			(list_facts->version == 1 || !entry_extensions(list, it, &r, list_facts))) ||
		!der_done(&c)) {
		it->rest.bad = true;
		return false;
	}
	r.issuer = it->issuer;
	*ret = r;
	return true;
}

struct x509_crl_walk
x509_crl_walk(const struct x509_crl *crl)
{
	return (struct x509_crl_walk){cursor_of(crl->entries), crl->issuer};
}

bool
x509_crl_next(struct x509_crl_walk *it, struct x509_crl_entry *ret)
{
	struct x509_crl ignored = {.version = 0};

	return entry_next(it, ret, &ignored);
}

/* -- the whole */

static bool
entries_read(struct cursor *c, struct x509_crl *r)
{
	struct x509_crl_walk it;
	struct x509_crl_entry entry;

	if (!der_optional(c, DER_SEQUENCE, &r->entries))
		return !c->bad;
	it = x509_crl_walk(r);
	while (entry_next(&it, &entry, r))
		;
	return der_done(&it.rest);
}

static int
tbs_read(struct x509_crl *r, struct err *e)
{
	struct cursor outer = cursor_of(r->tbs), c;
	int64_t version = 0;
	struct blob alg;

	if (!der_open(&outer, DER_SEQUENCE, &c))
		return unreadable(e, "tbsCertList", "it is no CertificateList in DER");
	if (der_peek(&c) == DER_INTEGER && (!der_get_int(&c, &version) || version != 1))
		return unreadable(e, "version", "its version is unknown");
	r->version = (unsigned)version + 1;
	if (!element_get(&c, DER_SEQUENCE, &alg))
		return unreadable(e, "signature", "its signature algorithm is malformed");
	r->alg_differs = !blob_eq(alg, r->sig_alg);
	if (!element_get(&c, DER_SEQUENCE, &r->issuer) || !x509_name_ok(r->issuer))
		return unreadable(e, "issuer", "its issuer is malformed");
	r->issuer_hash = x509_name_hash(r->issuer);
	if (!der_get_time(&c, &r->this_update_ms))
		return unreadable(e, "thisUpdate", "its time of issue is malformed");
	r->next_update_ms = INT64_MAX;
	if ((der_peek(&c) == DER_UTC_TIME || der_peek(&c) == DER_GENERALIZED_TIME) &&
		!der_get_time(&c, &r->next_update_ms))
		return unreadable(e, "nextUpdate", "the time of the next one is malformed");
	if (!entries_read(&c, r))
		return unreadable(e, "revokedCertificates", "an entry is malformed");
	if (cursor_left(&c) && (r->version != 2 || !list_extensions(&c, r)))
		return unreadable(e, "crlExtensions", "its extensions are malformed");
	return der_done(&c) ? 0
			    : unreadable(e, "tbsCertList", "there are bytes behind its extensions");
}

int
x509_crl_read(struct blob der, struct x509_crl *ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c;
	struct x509_crl r = {.der = der};
	int rc;

	if (der.n > X509_CRL_MAX)
		return err_set(e, E_CRL_UNREADABLE, WHAT "it has %zu bytes; at most %d are read",
			der.n, X509_CRL_MAX);
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) ||
		!element_get(&c, DER_SEQUENCE, &r.tbs) ||
		!element_get(&c, DER_SEQUENCE, &r.sig_alg) || !der_get_bits(&c, &r.sig) ||
		!der_done(&c))
		return unreadable(e, "", "it is no CertificateList in DER");
	rc = tbs_read(&r, e);
	if (rc < 0)
		return rc;
	*ret = r;
	return 0;
}
