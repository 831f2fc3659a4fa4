/* SPDX-License-Identifier: Apache-2.0 */
/* A signing request (RFC 2986): whom it names, what it asks for, how it is signed. */
#include "base/der.h"
#include "base/hex.h"
#include "base/quote.h"
#include "crypto/csr.h"
#include "crypto/name.h"
#include "inspect/facts_priv.h"
#include "x509/general.h"

#define TEXT_MAX 1024 /* of one value */
#define HEX_MAX 64 /* bytes of a value of unknown form */
#define OID_MAX 80

/* -- object identifiers */

struct named {
	const char *oid, *name;
};

static const struct named signatures[] = {
	{"1.2.840.113549.1.1.11", "RSA with SHA-256"},
	{"1.2.840.113549.1.1.12", "RSA with SHA-384"},
	{"1.2.840.113549.1.1.13", "RSA with SHA-512"},
	{"1.2.840.10045.4.3.2", "ECDSA with SHA-256"},
	{"1.2.840.10045.4.3.3", "ECDSA with SHA-384"},
	{"1.2.840.10045.4.3.4", "ECDSA with SHA-512"},
	{"1.2.156.10197.1.501", "SM2 with SM3"},
	/* those of requests that are refused */
	{"1.2.840.113549.1.1.5", "RSA with SHA-1"},
	{"1.2.840.113549.1.1.10", "RSASSA-PSS"},
	{"1.2.840.10045.4.1", "ECDSA with SHA-1"},
	{"1.3.101.112", "Ed25519"},
	{"1.3.101.113", "Ed448"},
	{0},
};

static const struct named extensions[] = {
	{"2.5.29.14", "subjectKeyIdentifier"},
	{"2.5.29.15", "keyUsage"},
	{"2.5.29.17", "subjectAltName"},
	{"2.5.29.19", "basicConstraints"},
	{"2.5.29.32", "certificatePolicies"},
	{"2.5.29.37", "extKeyUsage"},
	{"1.3.6.1.5.5.7.1.24", "tlsFeature"},
	{"2.16.840.1.113730.1.1", "nsCertType"},
	{"1.3.6.1.4.1.311.20.2", "certificateTemplateName"},
	{"1.3.6.1.4.1.311.21.7", "certificateTemplate"},
	{0},
};

static const struct named purposes[] = {
	{"1.3.6.1.5.5.7.3.1", "serverAuth"},
	{"1.3.6.1.5.5.7.3.2", "clientAuth"},
	{"1.3.6.1.5.5.7.3.3", "codeSigning"},
	{"1.3.6.1.5.5.7.3.4", "emailProtection"},
	{"1.3.6.1.5.5.7.3.8", "timeStamping"},
	{"1.3.6.1.5.5.7.3.9", "OCSPSigning"},
	{0},
};

static const struct named attributes[] = {
	{"1.2.840.113549.1.9.2", "unstructuredName"},
	{"1.2.840.113549.1.9.7", "challengePassword"},
	{"1.2.840.113549.1.9.8", "unstructuredAddress"},
	{"1.3.6.1.4.1.311.13.2.3", "osVersion"},
	{0},
};

static struct str
oid_named(const struct named *list, struct blob oid, struct arena *a)
{
	char text[OID_MAX];

	for (; list->oid; list++) {
		if (der_oid_is(oid, list->oid))
			return str_c(list->name);
	}
	return der_oid_text(oid, text, sizeof(text)) ? arena_str(a, str_c(text)) : STR("?");
}

static struct str
sig_name(struct blob alg, struct arena *a)
{
	struct cursor outer = cursor_of(alg), c;
	struct blob oid;

	return der_open(&outer, DER_SEQUENCE, &c) && der_get(&c, DER_OID, &oid)
		       ? oid_named(signatures, oid, a)
		       : STR("?");
}

/* -- values of extensions */

static struct str
key_usage(struct blob value, struct arena *a)
{
	static const char *const words[] = {"digitalSignature", "nonRepudiation", "keyEncipherment",
		"dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign", "encipherOnly",
		"decipherOnly"};
	struct cursor c = cursor_of(value);
	BUF(b, TEXT_MAX);
	struct blob bits; /* behind the count of unused ones, X.690 8.6.2.2 */

	if (!der_get(&c, DER_BIT_STRING, &bits) || !bits.n)
		return STR("?");
	for (unsigned i = 0; i < ARRAY_LEN(words) && 1 + i / 8 < bits.n; i++) {
		if (bits.p[1 + i / 8] & (0x80 >> i % 8))
			buf_printf(&b, "%s%s", b.n ? ", " : "", words[i]);
	}
	return arena_str(a, buf_str(&b));
}

static struct str
purposes_text(struct blob value, struct arena *a)
{
	struct cursor outer = cursor_of(value), c;
	BUF(b, TEXT_MAX);
	struct blob oid;

	if (!der_open(&outer, DER_SEQUENCE, &c))
		return STR("?");
	while (der_get(&c, DER_OID, &oid))
		buf_printf(&b, "%s%.*s", b.n ? ", " : "", STRF(oid_named(purposes, oid, a)));
	return arena_str(a, buf_str(&b));
}

static struct str
basic(struct blob value)
{
	struct cursor outer = cursor_of(value), c;

	if (!der_open(&outer, DER_SEQUENCE, &c))
		return STR("?");
	return der_peek(&c) == DER_BOOLEAN ? STR("a certificate authority")
					   : STR("no certificate authority");
}

static struct str
bytes_text(struct blob value, struct arena *a)
{
	struct str hex = hex_encode(a, BLOB(value.p, MIN(value.n, (size_t)HEX_MAX)));

	return value.n > HEX_MAX ? arena_printf(a, "%.*s... (%zu bytes)", STRF(hex), value.n) : hex;
}

/* The names themselves are facts of their own. */
static struct str
value_text(const struct csr *r, const struct csr_part *x, struct arena *a)
{
	if (der_oid_is(x->oid, "2.5.29.17"))
		return arena_printf(a, "%u names", r->n_dns + r->n_ip + r->n_other);
	if (der_oid_is(x->oid, "2.5.29.15"))
		return key_usage(x->value, a);
	if (der_oid_is(x->oid, "2.5.29.37"))
		return purposes_text(x->value, a);
	if (der_oid_is(x->oid, "2.5.29.19"))
		return basic(x->value);
	if (der_oid_is(x->oid, "1.3.6.1.5.5.7.1.24"))
		return r->must_staple ? STR("must staple") : bytes_text(x->value, a);
	return bytes_text(x->value, a);
}

/* -- names that are neither host names nor addresses */

static void
other_names(const struct facts_reading *t, struct blob value)
{
	static const char *const names[X509_GENERAL_KINDS] = {"other_name", "email", NULL, "x400", "directory_name",
		"edi_party", "uri", NULL, "registered_id"};
	struct cursor outer = cursor_of(value), c;
	struct x509_general g;
	struct arena *a = t->to->a;

	if (!der_open(&outer, DER_SEQUENCE, &c))
		return;
	while (x509_general_next(&c, &g)) {
		if (g.kind == X509_EMAIL || g.kind == X509_URI)
			fact_put(t, names[g.kind], quote_text(str_of(g.value), TEXT_MAX, a));
		else if (names[g.kind])
			fact_put(t, names[g.kind], bytes_text(g.value, a));
	}
}

/* -- the whole */

/* A challenge password is a secret between the applicant and whoever revokes. */
static struct str
attribute_text(const struct csr_part *x, struct arena *a)
{
	struct cursor c = cursor_of(x->value);
	struct blob body, whole;
	uint8_t tag;

	if (der_oid_is(x->oid, "1.2.840.113549.1.9.7"))
		return STR("(not shown)");
	if (!der_next(&c, &tag, &body, &whole))
		return STR("");
	if (tag == DER_UTF8_STRING || tag == DER_PRINTABLE_STRING || tag == DER_IA5_STRING)
		return quote_text(str_of(body), TEXT_MAX, a);
	return bytes_text(whole, a);
}

static void
put_parts(const struct facts_reading *t, const struct csr *r)
{
	struct arena *a = t->to->a;

	for (unsigned i = 0; i < r->n_extensions; i++) {
		const struct csr_part *x = &r->extensions[i];

		fact_put(t, "extension",
			arena_printf(a, "%.*s%s: %.*s", STRF(oid_named(extensions, x->oid, a)),
				x->critical ? " (critical)" : "", STRF(value_text(r, x, a))));
		if (der_oid_is(x->oid, "2.5.29.17") && r->n_other)
			other_names(t, x->value);
	}
	for (unsigned i = 0; i < r->n_attributes; i++) {
		const struct csr_part *x = &r->attributes[i];

		fact_put(t, "attribute",
			arena_printf(a, "%.*s: %.*s", STRF(oid_named(attributes, x->oid, a)),
				STRF(attribute_text(x, a))));
	}
}

int
facts_csr(const struct facts_reading *t, struct blob der, struct err *e)
{
	struct arena *a = t->to->a;
	struct csr c, proven;
	int r = csr_parse(der, a, &c, e);

	if (r == 0)
		r = csr_read(der, a, &proven, e);
	/* Who may be certified is another question. */
	if (r == E_KEY_WEAK || r == E_CSR_SIGNATURE)
		fact_put(t, "refused", arena_str(a, str_c(e->msg)));
	else if (r < 0)
		return r;
	else
		c = proven;
	fact_put(t, "subject", name_text(c.subject, a));
	fact_put(t, "cn", c.cn.n ? quote_text(c.cn, TEXT_MAX, a) : STR(""));
	for (unsigned i = 0; i < c.n_dns; i++)
		fact_put(t, "dns", quote_text(c.dns[i], TEXT_MAX, a));
	for (unsigned i = 0; i < c.n_ip; i++)
		fact_put_ip(t, c.ip[i]);
	if (r == 0)
		fact_put_key(t, c.alg, c.bits, c.spki);
	fact_put(t, "signature", sig_name(c.sig_alg, a));
	put_parts(t, &c);
	fact_put_sha256(t, "sha256", der);
	fact_put_sha256(t, "spki_sha256", c.spki);
	return 0;
}
