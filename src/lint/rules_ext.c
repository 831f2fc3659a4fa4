/* SPDX-License-Identifier: Apache-2.0 */
/* Extensions but subjectAltName. */
#include "lint/lint_priv.h"

#include "base/clock.h"

#define RULE(id, source, severity, scope, check, text)                                             \
	{                                                                                          \
		{id, source, 0, 0, severity, text, NULL, ""}, scope, check                                      \
	}

static void
hit_ext(struct lint_out *out, const struct lint_ext *x)
{
	char oid[LINT_PLACE_MAX];

	lint_hit(out, der_oid_text(x->oid, oid, sizeof(oid)) ? oid : "");
}

/* -- all of them */

static void
ext_unreadable(const struct lint_view *v, struct lint_out *out)
{
	if (v->unreadable)
		hit_ext(out, v->unreadable);
}

static void
ext_duplicate(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 1; i < v->n_ext; i++)
		for (unsigned k = 0; k < i; k++)
			if (blob_eq(v->ext[i].oid, v->ext[k].oid)) {
				hit_ext(out, &v->ext[i]);
				break;
			}
}

static void
ext_default_false(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 0; i < v->n_ext; i++)
		if (v->ext[i].explicit_false)
			hit_ext(out, &v->ext[i]);
}

static bool
known(struct blob oid)
{
	/* 2.5.29.x that RFC 5280 defines, and the two of id-pe that this program writes */
	static const uint8_t ce[] = {14, 15, 17, 18, 19, 30, 31, 32, 33, 35, 36, 37, 54};

	if (oid.n == 3 && oid.p[0] == 0x55 && oid.p[1] == 0x1d)
		return memchr(ce, oid.p[2], sizeof(ce));
	return IS_OID(oid, "\x2b\x06\x01\x05\x05\x07\x01\x01") || IS_OID(oid, "\x2b\x06\x01\x05\x05\x07\x01\x18");
}

static void
ext_unknown_critical(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 0; i < v->n_ext; i++)
		if (v->ext[i].critical && !known(v->ext[i].oid))
			hit_ext(out, &v->ext[i]);
}

static void
ext_critical(const struct lint_view *v, struct lint_out *out)
{
	const struct lint_ext *const must[] = {v->x[LX_BASIC], v->x[LX_USAGE]};

	for (size_t i = 0; i < ARRAY_LEN(must); i++)
		if (must[i] && !must[i]->critical)
			hit_ext(out, must[i]);
}

static void
ext_noncritical(const struct lint_view *v, struct lint_out *out)
{
	const struct lint_ext *const must[] = {v->x[LX_AKI], v->x[LX_SKI], v->x[LX_AIA], v->x[LX_CDP],
		v->x[LX_POLICIES], v->x[LX_EKU], v->x[LX_FEATURE]};

	for (size_t i = 0; i < ARRAY_LEN(must); i++)
		if (must[i] && must[i]->critical)
			hit_ext(out, must[i]);
}

/* -- basicConstraints */

static void
bc_default_false(const struct lint_view *v, struct lint_out *out)
{
	if (v->basic_false)
		lint_hit(out, "");
}

static void
bc_path_len(const struct lint_view *v, struct lint_out *out)
{
	if (v->path_len_given)
		lint_hit(out, "");
}

/* -- keyUsage */

static void
ku_present(const struct lint_view *v, struct lint_out *out)
{
	if (!v->x[LX_USAGE])
		lint_hit(out, "");
}

static void
ku_encoding(const struct lint_view *v, struct lint_out *out)
{
	struct blob b = v->usage_bits;

	if (!b.n)
		return;
	/* X.690 11.2.2: the last bit that stands is a one; RFC 5280 4.2.1.3: one at least is set */
	if (b.n == 1 || !(b.p[b.n - 1] & 1U << b.p[0]) || (b.p[b.n - 1] & ((1U << b.p[0]) - 1)))
		lint_hit(out, "");
}

static void
ku_leaf(const struct lint_view *v, struct lint_out *out)
{
	if (v->key_usage & (KU(KU_CERT) | KU(KU_CRL)))
		lint_hit(out, "");
}

static void
ku_ca(const struct lint_view *v, struct lint_out *out)
{
	unsigned need = KU(KU_CERT) | KU(KU_CRL);

	if (v->x[LX_USAGE] && (v->key_usage & need) != need)
		lint_hit(out, "");
}

/* What such a key cannot do. */
static unsigned
impossible(const struct lint_view *v)
{
	if (v->key == LINT_KEY_EC)
		return KU(KU_KEY_ENC) | KU(KU_DATA_ENC);
	return v->key == LINT_KEY_RSA ? KU(KU_AGREE) : 0;
}

static void
ku_fits_key(const struct lint_view *v, struct lint_out *out)
{
	if (v->key_usage & impossible(v))
		lint_hit(out, "");
}

static void
ku_public(const struct lint_view *v, struct lint_out *out)
{
	unsigned fine = KU(KU_SIGN) | KU(KU_KEY_ENC) | KU(KU_AGREE);

	/* other rules speak of the rest */
	if (v->key_usage & ~(fine | impossible(v) | KU(KU_CERT) | KU(KU_CRL)))
		lint_hit(out, "");
}

/* GM/T 0015: signing and encryption do not share a certificate. */
static void
ku_sm2_pair(const struct lint_view *v, struct lint_out *out)
{
	unsigned sign = KU(KU_SIGN) | KU(KU_COMMIT);
	unsigned enc = KU(KU_KEY_ENC) | KU(KU_DATA_ENC) | KU(KU_AGREE);

	if (v->key == LINT_KEY_SM2 && (v->key_usage & sign) && (v->key_usage & enc))
		lint_hit(out, "");
}

/* -- extKeyUsage */

static void
eku_server_auth(const struct lint_view *v, struct lint_out *out)
{
	/* a broken one is another rule's */
	if (v->x[LX_EKU] && v->unreadable == v->x[LX_EKU])
		return;
	if (!lint_has_eku(v, OID_BODY("\x2b\x06\x01\x05\x05\x07\x03\x01")))
		lint_hit(out, "");
}

static void
eku_forbidden(const struct lint_view *v, struct lint_out *out)
{
	if (lint_has_eku(v, OID_BODY("\x55\x1d\x25\x00")))
		lint_hit(out, "anyExtendedKeyUsage");
	/* codeSigning 3, emailProtection 4, timeStamping 8, OCSPSigning 9 */
	for (unsigned i = 0; i < v->n_ekus; i++) {
		struct blob o = v->eku_oid[i];

		if (o.n == 8 && memcmp(o.p, "\x2b\x06\x01\x05\x05\x07\x03", 7) == 0 &&
			memchr("\x03\x04\x08\x09", o.p[7], 4))
			lint_hit(out, "");
	}
}

static void
eku_root(const struct lint_view *v, struct lint_out *out)
{
	if (v->x[LX_EKU])
		lint_hit(out, "");
}

/* -- certificatePolicies */

static void
policy_present(const struct lint_view *v, struct lint_out *out)
{
	if (!v->x[LX_POLICIES])
		lint_hit(out, "");
}

static void
policy_duplicate(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 1; i < v->n_policies; i++)
		for (unsigned k = 0; k < i && k < 32; k++)
			if (blob_eq(v->policy[i].oid, v->policy[k].oid)) {
				lint_hit(out, "");
				return;
			}
}

static void
policy_reserved(const struct lint_view *v, struct lint_out *out)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_policies; i++) {
		struct blob o = v->policy[i].oid;

		/* 2.23.140.1.2.1 to .3 and 2.23.140.1.1 */
		n += IS_OID(o, "\x67\x81\x0c\x01\x01") ||
		     (o.n == 6 && memcmp(o.p, "\x67\x81\x0c\x01\x02", 5) == 0 && o.p[5] >= 1 && o.p[5] <= 3);
	}
	if (v->n_policies && n != 1)
		lint_hit(out, "");
}

static void
policy_qualifier(const struct lint_view *v, struct lint_out *out)
{
	if (v->policy_qualifier)
		lint_hit(out, "");
}

/* -- key identifiers */

static void
aki_present(const struct lint_view *v, struct lint_out *out)
{
	if (!v->x[LX_AKI])
		lint_hit(out, "");
}

static void
aki_form(const struct lint_view *v, struct lint_out *out)
{
	struct cursor c, in;
	struct blob id;

	if (!v->x[LX_AKI])
		return;
	c = cursor_of(v->x[LX_AKI]->value);
	if (!der_open(&c, DER_SEQUENCE, &in) || !der_done(&c) || !der_get(&in, DER_CTX(0), &id) || !id.n ||
		!der_done(&in))
		lint_hit(out, "");
}

static void
ski_present(const struct lint_view *v, struct lint_out *out)
{
	if (!v->x[LX_SKI])
		lint_hit(out, "");
}

static void
ski_form(const struct lint_view *v, struct lint_out *out)
{
	struct cursor c;
	struct blob id;

	if (!v->x[LX_SKI])
		return;
	c = cursor_of(v->x[LX_SKI]->value);
	if (!der_get(&c, DER_OCTET_STRING, &id) || !der_done(&c) || !id.n)
		lint_hit(out, "");
}

/* -- addresses */

static bool
http_url(struct blob b)
{
	struct str s = str_of(b);

	if (!str_starts(s, STR("http://")) || s.n < 8 || s.p[7] == '/')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= ' ' || (uint8_t)s.p[i] >= 0x7f)
			return false;
	return true;
}

struct aia {
	bool ok, ocsp, ca_issuers;
};

static struct aia
read_aia(const struct lint_view *v)
{
	struct aia r = {0};
	struct cursor c, in, one;
	struct blob oid, url;

	c = cursor_of(v->x[LX_AIA]->value);
	if (!der_open(&c, DER_SEQUENCE, &in) || !der_done(&c) || !der_peek(&in))
		return r;
	while (der_peek(&in)) {
		bool ocsp;

		if (!der_open(&in, DER_SEQUENCE, &one) || !der_get(&one, DER_OID, &oid) ||
			!der_get(&one, DER_CTX(6), &url) || !der_done(&one) || !http_url(url))
			return (struct aia){0};
		ocsp = IS_OID(oid, "\x2b\x06\x01\x05\x05\x07\x30\x01");
		if (!ocsp && !IS_OID(oid, "\x2b\x06\x01\x05\x05\x07\x30\x02"))
			return (struct aia){0};
		r.ocsp |= ocsp;
		r.ca_issuers |= !ocsp;
	}
	r.ok = der_done(&in);
	return r;
}

static void
aia_form(const struct lint_view *v, struct lint_out *out)
{
	if (v->x[LX_AIA] && !read_aia(v).ok)
		lint_hit(out, "");
}

static void
aia_ca_issuers(const struct lint_view *v, struct lint_out *out)
{
	struct aia r;

	if (!v->x[LX_AIA]) {
		lint_hit(out, "");
		return;
	}
	r = read_aia(v);
	if (r.ok && !r.ca_issuers)
		lint_hit(out, "");
}

/* One distribution point: fullName with one http address; no reasons, no cRLIssuer. */
static bool
cdp_ok(struct blob value)
{
	struct cursor c = cursor_of(value), in, point, name, full;
	struct blob url;

	return der_open(&c, DER_SEQUENCE, &in) && der_done(&c) && der_open(&in, DER_SEQUENCE, &point) &&
	       der_done(&in) && der_open(&point, DER_CTX_CONS(0), &name) && der_done(&point) &&
	       der_open(&name, DER_CTX_CONS(0), &full) && der_done(&name) &&
	       der_get(&full, DER_CTX(6), &url) && der_done(&full) && http_url(url);
}

static void
cdp_form(const struct lint_view *v, struct lint_out *out)
{
	if (v->x[LX_CDP] && !cdp_ok(v->x[LX_CDP]->value))
		lint_hit(out, "");
}

/* BR 7.1.2.11.2: one that lives longer than seven days says where its revocation would be told. */
static void
revocation_pointer(const struct lint_view *v, struct lint_out *out)
{
	bool short_lived = v->not_after_ms - v->not_before_ms < 7 * MS_DAY;

	if (short_lived || v->x[LX_CDP])
		return;
	if (!v->x[LX_AIA] || (read_aia(v).ok && !read_aia(v).ocsp))
		lint_hit(out, "");
}

static void
feature_form(const struct lint_view *v, struct lint_out *out)
{
	/* RFC 7633: status_request alone */
	if (v->x[LX_FEATURE] && !blob_eq(v->x[LX_FEATURE]->value, BLOB("\x30\x03\x02\x01\x05", 5)))
		lint_hit(out, "");
}

static const struct lint_row rows[] = {
	RULE("ext-unreadable", "RFC 5280 4.2", LINT_ERROR, LINT_ALL, ext_unreadable,
		"an extension's value is not what its syntax says"),
	RULE("ext-duplicate", "RFC 5280 4.2", LINT_ERROR, LINT_ALL, ext_duplicate, "an extension stands twice"),
	RULE("ext-default-false", "X.690 11.5", LINT_ERROR, LINT_ALL, ext_default_false,
		"critical FALSE is written out"),
	RULE("ext-unknown-critical", "RFC 5280 4.2", LINT_ERROR, LINT_ALL, ext_unknown_critical,
		"an unknown extension is critical"),
	RULE("ext-critical", "BR 7.1.2", LINT_ERROR, LINT_ALL, ext_critical,
		"basicConstraints or keyUsage is not critical"),
	RULE("ext-noncritical", "RFC 5280 4.2, BR 7.1.2", LINT_ERROR, LINT_ALL, ext_noncritical,
		"an extension is critical that must not be"),
	RULE("bc-default-false", "X.690 11.5", LINT_ERROR, LINT_ALL, bc_default_false, "cA FALSE is written out"),
	RULE("bc-path-len", "RFC 5280 4.2.1.9", LINT_ERROR, LINT_LEAF, bc_path_len, "a leaf has a path length"),
	RULE("ku-present", "RFC 5280 4.2.1.3", LINT_ERROR, LINT_ALL, ku_present, "there is no keyUsage"),
	RULE("ku-encoding", "X.690 11.2.2", LINT_ERROR, LINT_ALL, ku_encoding,
		"keyUsage sets no bit, or trailing zero bits stand"),
	RULE("ku-leaf", "RFC 5280 4.2.1.9", LINT_ERROR, LINT_LEAF, ku_leaf,
		"a leaf may sign certificates or CRLs"),
	RULE("ku-ca", "BR 7.1.2.10.7", LINT_ERROR, LINT_CA, ku_ca, "a CA may not sign certificates or CRLs"),
	RULE("ku-fits-key", "RFC 5480 3, RFC 3279 2.3.1", LINT_ERROR, LINT_ALL, ku_fits_key,
		"keyUsage names what the key cannot do"),
	RULE("ku-public", "BR 7.1.2.7.11", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, ku_public,
		"keyUsage names more than a TLS server needs"),
	RULE("ku-sm2-pair", "GM/T 0015", LINT_ERROR, LINT_LEAF, ku_sm2_pair,
		"an SM2 certificate both signs and encrypts"),
	RULE("eku-server-auth", "BR 7.1.2.7.10", LINT_ERROR, LINT_LEAF | LINT_SUB_CA, eku_server_auth,
		"extKeyUsage lacks serverAuth"),
	RULE("eku-forbidden", "BR 7.1.2.7.10", LINT_ERROR, LINT_LEAF | LINT_SUB_CA, eku_forbidden,
		"extKeyUsage names a purpose that does not go with TLS servers"),
	RULE("eku-root", "BR 7.1.2.1.2", LINT_ERROR, LINT_ROOT, eku_root, "a root has extKeyUsage"),
	RULE("policy-present", "BR 7.1.2.7.9", LINT_ERROR, LINT_LEAF | LINT_SUB_CA, policy_present,
		"there is no certificatePolicies"),
	RULE("policy-duplicate", "RFC 5280 4.2.1.4", LINT_ERROR, LINT_ALL, policy_duplicate,
		"a policy stands twice"),
	RULE("policy-reserved", "BR 7.1.2.7.9", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, policy_reserved,
		"not exactly one policy is reserved by the CA/Browser Forum"),
	RULE("policy-qualifier", "BR 7.1.2.7.9", LINT_WARN, LINT_ALL | LINT_PUBLIC, policy_qualifier,
		"a policy has a qualifier"),
	RULE("aki-present", "RFC 5280 4.2.1.1", LINT_ERROR, LINT_LEAF | LINT_SUB_CA, aki_present,
		"there is no authorityKeyIdentifier"),
	RULE("aki-form", "BR 7.1.2.11.1", LINT_ERROR, LINT_ALL, aki_form,
		"authorityKeyIdentifier is not a key identifier alone"),
	RULE("ski-present", "RFC 5280 4.2.1.2", LINT_ERROR, LINT_CA, ski_present,
		"a CA has no subjectKeyIdentifier"),
	RULE("ski-form", "RFC 5280 4.2.1.2", LINT_ERROR, LINT_ALL, ski_form,
		"subjectKeyIdentifier is no OCTET STRING"),
	RULE("aia-form", "BR 7.1.2.7.7", LINT_ERROR, LINT_ALL, aia_form,
		"authorityInfoAccess holds more than http addresses of OCSP and issuers"),
	RULE("aia-ca-issuers", "BR 7.1.2.7.7", LINT_WARN, LINT_LEAF | LINT_PUBLIC, aia_ca_issuers,
		"the issuer's certificate has no address"),
	RULE("cdp-form", "BR 7.1.2.11.2", LINT_ERROR, LINT_ALL, cdp_form,
		"cRLDistributionPoints is not one http address"),
	RULE("revocation-pointer", "BR 7.1.2.11.2", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, revocation_pointer,
		"there is neither a CRL's nor an OCSP server's address"),
	RULE("feature-form", "RFC 7633 4", LINT_ERROR, LINT_ALL, feature_form,
		"the TLS feature is not status_request alone"),
};
const struct lint_table lint_ext_rules = {rows, ARRAY_LEN(rows)};
