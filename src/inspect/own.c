/* SPDX-License-Identifier: Apache-2.0 */
/* What a certificate says by itself: validity, key, and whether it is as RFC 5280 4 wants it
 * (docs/operate/chain-rules.md). */
#include "base/der.h"
#include "base/rfc3339.h"
#include "inspect/path_priv.h"
#include "inspect/web_priv.h"
#include "x509/name.h"
#include "x509/oid.h"
#include "x509/subtree.h"

#define SERIAL_MAX 20
#define RSA_BITS_MIN 2048
#define POLICIES_MAX 512

#define EXT(name) "extensions." name

/* One certificate being judged. */
struct own {
	const struct path_query *q;
	const struct x509_cert *x;
	const struct path_cert *c;
	enum role role;
	int at;
	struct faults *f;
};

#define TELL(o, code, field, ...) fault((o)->f, (code), (o)->at, (field), __VA_ARGS__)

static void
validity(const struct own *o)
{
	char t[RFC3339_MAX];

	/* inclusive at both ends (RFC 5280 4.1.2.5) */
	if (o->q->now_ms < o->x->not_before_ms)
		TELL(o, PATH_NOT_YET_VALID, "validity.notBefore", "it is valid from %s on",
			rfc3339_put(o->x->not_before_ms, t));
	/* 99991231235959Z: no end known */
	if (o->q->now_ms > o->x->not_after_ms)
		TELL(o, PATH_EXPIRED, "validity.notAfter", "it was valid until %s",
			rfc3339_put(o->x->not_after_ms, t));
}

static void
key(const struct own *o)
{
	const struct verify_key *k = o->c->key;

	if (!k)
		TELL(o, PATH_KEY, "subjectPublicKeyInfo", "%s", o->c->key_fault);
	else if (verify_key_kind(k) <= VERIFY_RSA_PSS && verify_key_bits(k) < RSA_BITS_MIN)
		TELL(o, PATH_KEY_WEAK, "subjectPublicKeyInfo",
			"the RSA key has %u bits; at least %d are needed", verify_key_bits(k),
			RSA_BITS_MIN);
	else if (verify_key_kind(k) == VERIFY_DSA && o->q->purpose != PATH_ANY)
		TELL(o, PATH_KEY, "subjectPublicKeyInfo", "DSA keys are not taken any more");
	else if (verify_key_kind(k) == VERIFY_DSA && !verify_key_inherits(k) && verify_key_bits(k) < RSA_BITS_MIN &&
		 o->q->now_ms >= DSA_OLD_ENDED)
		TELL(o, PATH_KEY_WEAK, "subjectPublicKeyInfo", "the DSA key has %u bits; at least %d are needed",
			verify_key_bits(k), RSA_BITS_MIN);
}

static void
serial(const struct own *o)
{
	struct blob s = o->x->serial;
	bool zero = s.n == 1 && s.p[0] == 0;

	/* The oldest roots have the number 0, and nobody tells roots apart by it. */
	if (s.p[0] >= 0x80 || (zero && o->role != ROLE_ANCHOR))
		TELL(o, PATH_SERIAL, "serialNumber", "the serial number is %s",
			zero ? "zero" : "negative");
	else if (s.n > SERIAL_MAX)
		TELL(o, PATH_SERIAL, "serialNumber",
			"the serial number has %zu octets; at most %d may be", s.n, SERIAL_MAX);
}

static void
names(const struct own *o)
{
	bool san_critical = x509_is_critical(o->x, X509_EXT_SAN);

	if (x509_name_empty(o->x->issuer))
		TELL(o, PATH_EMPTY_NAME, "issuer", "the issuer's name is empty");
	if (!x509_name_empty(o->x->subject)) {
		if (san_critical)
			TELL(o, PATH_CRITICALITY, EXT("subjectAltName"),
				"subjectAltName is critical though there is a subject");
	} else if (o->x->ca || !x509_has(o->x, X509_EXT_SAN)) {
		TELL(o, PATH_EMPTY_NAME, "subject", "the subject's name is empty");
	} else if (!san_critical) {
		TELL(o, PATH_CRITICALITY, EXT("subjectAltName"),
			"subjectAltName is not critical though the subject is empty");
	}
}

static void
name_strings(const struct own *o)
{
	struct x509_name_walk it = x509_name_walk(o->x->subject);
	struct x509_attr a;

	while (x509_name_next(&it, &a)) {
		if (!x509_attr_regular(&a))
			return TELL(o, PATH_NAME_STRING, "subject",
				"a part of the subject is no PrintableString or UTF8String");
	}
}

static bool
alt_name_ok(const struct x509_general *g)
{
	struct str s = str_of(g->value);

	switch (g->kind) {
	case X509_DNS:
		return x509_dns_ok(s, true);
	case X509_EMAIL:
		return x509_email_ok(s);
	case X509_URI:
		return x509_uri_ok(s);
	case X509_IP:
		return s.n == 4 || s.n == 16;
	case X509_OTHER_NAME:
	case X509_X400:
	case X509_DIRECTORY:
	case X509_EDI_PARTY:
	case X509_REGISTERED_ID:
	case X509_GENERAL_KINDS:
		break;
	}
	return true;
}

static void
alt_names(const struct own *o)
{
	static const char *const kinds[] = {[X509_DNS] = "dNSName",
		[X509_EMAIL] = "rfc822Name",
		[X509_URI] = "uniformResourceIdentifier",
		[X509_IP] = "iPAddress"};
	struct cursor c = cursor_of(o->x->san);
	struct x509_general g;

	while (x509_general_next(&c, &g)) {
		if (!alt_name_ok(&g))
			TELL(o, PATH_NAME_FORM, EXT("subjectAltName"), "a %s is malformed%s%.*s",
				kinds[g.kind], g.kind == X509_IP ? "" : ": ",
				g.kind == X509_IP ? 0 : (int)MIN(g.value.n, (size_t)100),
				(const char *)g.value.p);
	}
}

/* -- extensions */

static void
criticality(const struct own *o)
{
	static const struct {
		enum x509_ext x;
		bool critical;
	} rows[] = {
		/* RFC 5280: 4.2.1.1, 4.2.1.2, 4.2.1.8, 4.2.1.15, 4.2.2.1, 4.2.2.2 */
		{X509_EXT_AKI, false},
		{X509_EXT_SKI, false},
		{X509_EXT_DIRECTORY_ATTRIBUTES, false},
		{X509_EXT_FRESHEST, false},
		{X509_EXT_AIA, false},
		{X509_EXT_SIA, false},
		/* where it says SHOULD: 4.2.1.7, 4.2.1.13, 4.2.1.5 */
		{X509_EXT_IAN, false},
		{X509_EXT_CRL_POINTS, false},
		{X509_EXT_MAPPINGS, true},
		/* 4.2.1.10, 4.2.1.14 */
		{X509_EXT_NAME_CONSTRAINTS, true},
		{X509_EXT_INHIBIT_ANY, true},
	};
	char text[80];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (x509_has(o->x, rows[i].x) &&
			x509_is_critical(o->x, rows[i].x) != rows[i].critical)
			TELL(o, PATH_CRITICALITY, "extensions", "%s %s critical",
				x509_ext_name(rows[i].x),
				rows[i].critical ? "must be" : "may not be");
	}
	/* 4.2.1.11: PKITS has CA certificates where it is not, so elsewhere only servers' chains are held to it */
	if (x509_has(o->x, X509_EXT_POLICY_CONSTRAINTS) && !x509_is_critical(o->x, X509_EXT_POLICY_CONSTRAINTS) &&
		(o->role == ROLE_LEAF || o->q->purpose == PATH_SERVER))
		TELL(o, PATH_CRITICALITY, EXT("policyConstraints"), "policyConstraints must be critical");
	/* 4.2.1.9: of a CA whose key signs certificates */
	if (x509_has(o->x, X509_EXT_BASIC) && o->x->ca && o->role != ROLE_LEAF &&
		!x509_is_critical(o->x, X509_EXT_BASIC))
		TELL(o, PATH_CRITICALITY, EXT("basicConstraints"),
			"basicConstraints of a CA must be critical");
	/* 4.2.1.12 */
	if (x509_is_critical(o->x, X509_EXT_EKU) && x509_has_eku(o->x, X509_OID(X509_OID_ANY_EKU)))
		TELL(o, PATH_CRITICALITY, EXT("extKeyUsage"),
			"extKeyUsage with anyExtendedKeyUsage may not be critical");
	if (o->x->unknown_critical.p)
		TELL(o, PATH_CRITICAL_UNKNOWN, "extensions",
			"the critical extension %s is not known",
			der_oid_text(o->x->unknown_critical, text, sizeof(text)) ? text
										 : "(malformed)");
}

static void
key_ids(const struct own *o)
{
	const struct x509_aki *aki = &o->x->aki;

	/* 4.2.1.1: it finds the issuer, which an anchor needs no longer; its two other fields come
	 * together */
	if (!aki->id.p && o->role != ROLE_ANCHOR)
		TELL(o, PATH_KEY_ID_MISSING, EXT("authorityKeyIdentifier"),
			"there is no key identifier of the issuer");
	if (!aki->issuers.p != !aki->serial.p)
		TELL(o, PATH_KEY_ID_MISSING, EXT("authorityKeyIdentifier"),
			"authorityCertIssuer and -SerialNumber come together");
	/* 4.2.1.2 */
	if (o->x->ca && !o->x->ski.p)
		TELL(o, PATH_KEY_ID_MISSING, EXT("subjectKeyIdentifier"),
			"a CA's certificate has a subjectKeyIdentifier");
}

static void
key_usage(const struct own *o)
{
	bool has = x509_has(o->x, X509_EXT_KEY_USAGE), signs = o->x->key_usage & X509_KU_CERT_SIGN;

	if (has && !o->x->key_usage)
		TELL(o, PATH_KEY_USAGE, EXT("keyUsage"), "keyUsage allows nothing");
	if (signs && !o->x->ca)
		TELL(o, PATH_KEY_USAGE, EXT("keyUsage"),
			"keyCertSign stands in a certificate that is not a CA's");
	if (o->x->path_len >= 0 && (!o->x->ca || (has && !signs)))
		TELL(o, PATH_KEY_USAGE, EXT("basicConstraints"),
			"pathLenConstraint stands where no certificate is signed");
	if (o->role == ROLE_LEAF)
		return;
	if (!o->x->ca)
		TELL(o, PATH_NO_CA, EXT("basicConstraints"),
			"basicConstraints does not say that it is a CA");
	else if (has && !signs)
		TELL(o, PATH_NO_CERT_SIGN, EXT("keyUsage"), "keyUsage lacks keyCertSign");
}

static void
subtrees(const struct own *o, struct blob list)
{
	struct cursor c = cursor_of(list);
	struct x509_general g;

	while (x509_subtree_next(&c, &g)) {
		if (!x509_subtree_base_ok(&g))
			return TELL(o, PATH_CONSTRAINTS_FORM, EXT("nameConstraints"),
				"a subtree is malformed or of a kind that may not be constrained");
	}
}

static void
constraints(const struct own *o)
{
	if (!x509_has(o->x, X509_EXT_NAME_CONSTRAINTS))
		return;
	if (!o->x->ca)
		TELL(o, PATH_CONSTRAINTS_FORM, EXT("nameConstraints"),
			"nameConstraints stand in a certificate that is not a CA's");
	if (o->x->constraints_empty)
		TELL(o, PATH_CONSTRAINTS_FORM, EXT("nameConstraints"),
			"nameConstraints hold an empty list");
	subtrees(o, o->x->permitted);
	subtrees(o, o->x->excluded);
}

static bool
policy_seen(struct blob list, const uint8_t *before, struct blob oid)
{
	struct cursor c = cursor_of(list);
	struct x509_policy p;

	while (c.p < before && x509_policy_next(&c, &p)) {
		if (blob_eq(p.oid, oid))
			return true;
	}
	return false;
}

/* RFC 5280 4.2.1.4: those of anyPolicy are of two kinds. */
static bool
qualifiers_known(struct blob list)
{
	struct cursor c = cursor_of(list), q;
	struct blob oid;

	while (cursor_left(&c) && der_open(&c, DER_SEQUENCE, &q) && der_get(&q, DER_OID, &oid)) {
		if (!blob_eq(oid, X509_OID(X509_OID_CPS)) &&
			!blob_eq(oid, X509_OID(X509_OID_USER_NOTICE)))
			return false;
	}
	return true;
}

static void
policies(const struct own *o)
{
	struct cursor c = cursor_of(o->x->policies);
	struct x509_policy p;
	struct x509_mapping m;
	unsigned n = 0;

	for (const uint8_t *start = c.p; x509_policy_next(&c, &p); start = c.p) {
		if (n++ == POLICIES_MAX)
			return TELL(o, PATH_POLICIES_FORM, EXT("certificatePolicies"),
				"there are more than %d policies", POLICIES_MAX);
		if (policy_seen(o->x->policies, start, p.oid))
			TELL(o, PATH_POLICIES_FORM, EXT("certificatePolicies"),
				"a policy stands there twice");
		if (blob_eq(p.oid, X509_OID(X509_OID_ANY_POLICY)) &&
			!qualifiers_known(p.qualifiers))
			TELL(o, PATH_POLICIES_FORM, EXT("certificatePolicies"),
				"anyPolicy has a qualifier of another kind");
	}
	c = cursor_of(o->x->mappings);
	for (n = 0; x509_mapping_next(&c, &m); n++) {
		if (n == POLICIES_MAX)
			return TELL(o, PATH_POLICIES_FORM, EXT("policyMappings"),
				"there are more than %d mappings", POLICIES_MAX);
		/* 4.2.1.5 */
		if (!policy_seen(o->x->policies, o->x->policies.p + o->x->policies.n, m.from) &&
			!policy_seen(o->x->policies, o->x->policies.p + o->x->policies.n,
				X509_OID(X509_OID_ANY_POLICY)))
			TELL(o, PATH_POLICY_MAPPING, EXT("policyMappings"),
				"a policy is mapped that is none of the certificate's");
	}
}

/* -- purpose */

/* A leaf that names no purpose is taken as made for TLS, so a CA above that is confined to other
 * purposes refuses it. */
static bool
shares_purpose(const struct x509_cert *leaf, const struct x509_cert *ca)
{
	struct cursor c = cursor_of(leaf->eku);
	struct blob oid;

	if (!x509_has(leaf, X509_EXT_EKU) || x509_has_eku(leaf, X509_OID(X509_OID_ANY_EKU)))
		return x509_has_eku(ca, X509_OID(X509_OID_SERVER_AUTH)) ||
		       x509_has_eku(ca, X509_OID(X509_OID_CLIENT_AUTH));
	while (x509_oid_next(&c, &oid)) {
		if (x509_has_eku(ca, oid))
			return true;
	}
	return false;
}

static void
purpose(const struct own *o)
{
	bool any = x509_has_eku(o->x, X509_OID(X509_OID_ANY_EKU)), allowed;

	if (x509_has(o->x, X509_EXT_EKU) && !any) {
		if (o->q->purpose == PATH_SERVER)
			allowed = x509_has_eku(o->x, X509_OID(X509_OID_SERVER_AUTH));
		else if (o->q->purpose == PATH_CLIENT)
			allowed = x509_has_eku(o->x, X509_OID(X509_OID_CLIENT_AUTH));
		else
			allowed = o->role != ROLE_INTERMEDIATE ||
				  shares_purpose(&o->q->leaf->x, o->x);
		if (!allowed)
			TELL(o, PATH_PURPOSE, EXT("extKeyUsage"),
				"extKeyUsage does not allow the purpose");
	}
	if (o->role != ROLE_LEAF || o->q->purpose == PATH_ANY ||
		!x509_has(o->x, X509_EXT_KEY_USAGE))
		return;
	if (!(o->x->key_usage &
		    (X509_KU_SIGNATURE | X509_KU_KEY_ENCIPHERMENT | X509_KU_KEY_AGREEMENT)))
		TELL(o, PATH_PURPOSE, EXT("keyUsage"), "keyUsage allows no TLS");
}

static void
leaf_only(const struct own *o)
{
	struct str wildcard = {NULL, 0};

	if (!x509_peer_matches(o->x, &o->q->peer, &wildcard))
		TELL(o, PATH_NAME_MISMATCH, EXT("subjectAltName"), "it is not for \"%.*s\"",
			(int)MIN(o->q->peer.text.n, (size_t)100), o->q->peer.text.p);
	/* a wildcard stands for one's own domain only */
	else if (o->q->purpose == PATH_SERVER && wildcard.n && web_public_wildcard(wildcard))
		TELL(o, PATH_WEB_PUBLIC_SUFFIX, EXT("subjectAltName"),
			"\"%.*s\" covers all of a public suffix", (int)MIN(wildcard.n, (size_t)100),
			wildcard.p);
}

void
own_judge(const struct path_query *q, const struct path_cert *c, enum role role, int at,
	struct faults *f)
{
	struct own o = {q, &c->x, c, role, at, f};

	validity(&o);
	key(&o);
	/* of an anchor the name and key are taken, not the signature */
	if (role != ROLE_ANCHOR && c->x.alg_differs)
		TELL(&o, PATH_SIGNATURE_ALGORITHM, "signature",
			"inside another signature algorithm is named than outside");
	else if (role != ROLE_ANCHOR && !alg_believed(q, c->x.sig_alg))
		TELL(&o, PATH_SIGNATURE_ALGORITHM, "signatureAlgorithm",
			"the signature algorithm is unknown or too weak");
	if (role != ROLE_ANCHOR && (c->x.loose_default || c->x.loose_bits))
		TELL(&o, PATH_NOT_DER, "tbsCertificate", "a default value is written, or keyUsage has zero bits at its end");
	serial(&o);
	names(&o);
	/* old roots were named before the rule */
	if (role != ROLE_ANCHOR)
		name_strings(&o);
	alt_names(&o);
	criticality(&o);
	key_ids(&o);
	key_usage(&o);
	constraints(&o);
	policies(&o);
	purpose(&o);
	if (role == ROLE_LEAF)
		leaf_only(&o);
	if (q->purpose == PATH_SERVER)
		web_judge(c, role, at, f);
}
