/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/csr.h"

#include "base/b64.h"
#include "base/der.h"
#include "crypto/key_priv.h"
#include "crypto/name_priv.h"
#include "crypto/oid_priv.h"
#include "crypto/pem.h"

#define TEXT_MAX (CSR_DER_MAX * 2)
#define EXTENSIONS_MAX 64
#define ATTRIBUTES_MAX 64
#define TLS_FEATURE_STATUS_REQUEST 5 /* RFC 7633 */

static int
unreadable(struct err *e, const char *what)
{
	return err_set(e, E_CSR_UNREADABLE, "the signing request cannot be read: %s", what);
}

/* -- extensions asked for */

static bool
tls_feature_read(struct blob value, struct csr *r)
{
	struct cursor outer = cursor_of(value), c;
	int64_t feature;

	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer))
		return false;
	while (cursor_left(&c)) {
		if (!der_get_int(&c, &feature))
			return false;
		r->must_staple = r->must_staple || feature == TLS_FEATURE_STATUS_REQUEST;
	}
	return true;
}

/* Extensions that are not looked at must still be one element of DER each (RFC 5280 4.2). */
static bool
is_one_element(struct blob value)
{
	struct cursor c = cursor_of(value);
	struct blob body, whole;
	uint8_t tag;

	return der_next(&c, &tag, &body, &whole) && der_done(&c);
}

/* Over all extension requests of a CSR: some software (Alibaba's) makes one for each extension. */
static int
extension_add(struct csr *r, const struct csr_part *x, struct arena *a, struct err *e)
{
	for (unsigned i = 0; i < r->n_extensions; i++) {
		if (blob_eq(r->extensions[i].oid, x->oid))
			return unreadable(e, "it asks for one extension twice");
	}
	if (r->n_extensions == EXTENSIONS_MAX)
		return unreadable(e, "it asks for too many extensions");
	if (!r->extensions)
		r->extensions = arena_new_n(a, EXTENSIONS_MAX, struct csr_part);
	r->extensions[r->n_extensions++] = *x;
	return 0;
}

static int
extension_take(struct blob oid, struct blob value, struct csr *r, struct arena *a, struct err *e)
{
	struct alt_names names;

	if (!is_one_element(value))
		return unreadable(e, "an extension's value is no DER");
	if (blob_eq(oid, OID(OID_SAN))) {
		if (!alt_names_read(value, CSR_NAMES_MAX, a, &names))
			return err_set(e, E_CSR_UNREADABLE,
				"the signing request's subjectAltName is malformed, empty, or has more than %d names",
				CSR_NAMES_MAX);
		r->n_dns = names.n_dns;
		r->n_ip = names.n_ip;
		r->n_other = names.n_other;
		r->dns = names.dns;
		r->ip = names.ip;
	}
	if ((blob_eq(oid, OID(OID_KEY_USAGE)) || blob_eq(oid, OID(OID_NS_CERT_TYPE))) && value.p[0] != DER_BIT_STRING)
		return unreadable(e, "an extension that holds bits holds none");
	if (blob_eq(oid, OID(OID_TLS_FEATURE)) && !tls_feature_read(value, r))
		return unreadable(e, "its TLS feature extension is malformed");
	return 0;
}

static int
extensions_read(struct blob sequence, struct csr *r, struct arena *a, struct err *e)
{
	struct cursor c = cursor_of(sequence);
	struct csr_part x;

	while (cursor_left(&c)) {
		int rc;

		if (!extension_next(&c, &x.oid, &x.critical, &x.value))
			return unreadable(e, "its extensions are malformed");
		rc = extension_add(r, &x, a, e);
		if (rc == 0)
			rc = extension_take(x.oid, x.value, r, a, e);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Attribute ::= SEQUENCE { type, values SET OF ANY }; extensionRequest has one value, Extensions (RFC 2985 5.4.2). */
static int
attribute_read(struct cursor *attributes, struct csr *r, struct arena *a, struct err *e)
{
	struct blob oid, values, body, whole, extensions;
	struct cursor c, set;
	uint8_t tag;

	if (!der_open(attributes, DER_SEQUENCE, &c) || !der_get(&c, DER_OID, &oid) || !der_get(&c, DER_SET, &values) ||
		!der_done(&c))
		return unreadable(e, "its attributes are malformed");
	set = cursor_of(values);
	if (!blob_eq(oid, OID(OID_EXTENSION_REQUEST)) && !blob_eq(oid, OID(OID_MS_EXTENSION_REQUEST))) {
		while (cursor_left(&set)) {
			if (!der_next(&set, &tag, &body, &whole))
				return unreadable(e, "its attributes are malformed");
		}
		if (!r->attributes)
			r->attributes = arena_new_n(a, ATTRIBUTES_MAX, struct csr_part);
		r->attributes[r->n_attributes++] = (struct csr_part){oid, values, false};
		return 0;
	}
	if (!der_get(&set, DER_SEQUENCE, &extensions) || !der_done(&set))
		return unreadable(e, "its extension request is malformed");
	return extensions_read(extensions, r, a, e);
}

/* -- the whole */

/* CertificationRequestInfo (RFC 2986 4.1) */
static int
info_read(struct blob body, struct csr *r, struct arena *a, struct err *e)
{
	struct blob spki_body, attributes = {NULL, 0};
	struct cursor c = cursor_of(body), attrs;
	int64_t version;
	unsigned n = 0;
	uint8_t tag;

	if (!der_get_int(&c, &version) || version != 0)
		return unreadable(e, "its version is not 1");
	if (!name_get(&c, &r->subject))
		return unreadable(e, "its subject is malformed");
	if (!name_cn(r->subject, a, &r->cn))
		return unreadable(e, "its common name is no text");
	if (der_peek(&c) != DER_SEQUENCE || !der_next(&c, &tag, &spki_body, &r->spki))
		return unreadable(e, "its public key is malformed");
	/* Old software leaves the attributes out where it has none. */
	der_optional(&c, DER_CTX_CONS(0), &attributes);
	if (!der_done(&c))
		return unreadable(e, "there are bytes where its attributes should be");
	attrs = cursor_of(attributes);
	while (cursor_left(&attrs)) {
		int rc = n++ < ATTRIBUTES_MAX ? attribute_read(&attrs, r, a, e)
					      : unreadable(e, "it has too many attributes");

		if (rc < 0)
			return rc;
	}
	return 0;
}

static int
signature_check(const struct key *k, const struct csr *r, struct err *e)
{
	const struct sig_alg *sa = sig_alg_by_der(r->sig_alg);
	int rc;

	if (!sa)
		return err_set(e, E_CSR_SIGNATURE,
			"the signing request's signature algorithm is unknown or too weak (SHA-256 or better is taken)");
	rc = key_verify_with(k, sa, r->tbs, r->sig, e);
	return rc == E_SIGNATURE_BAD ? err_set(e, E_CSR_SIGNATURE, "the signing request's signature is not by its key")
				     : rc;
}

static int
key_read(struct csr *r, struct arena *a, struct err *e)
{
	KEY(k);
	int rc = key_from_spki(r->spki, &k, e);

	if (rc == E_KEY_UNREADABLE) {
		e->code = E_CSR_UNREADABLE;
		e->hint[0] = '\0';
		return e->code;
	}
	if (rc < 0)
		return rc;
	r->alg = key_alg(k);
	r->bits = key_bits(k);
	rc = key_check_public(k, e);
	if (rc == 0)
		rc = signature_check(k, r, e);
	return rc < 0 ? rc : key_spki(k, a, &r->spki, e);
}

int
csr_parse(struct blob der, struct arena *a, struct csr *ret, struct err *e)
{
	struct cursor outer = cursor_of(der), c;
	struct blob info, alg_body;
	struct csr r = {.der = der};
	uint8_t tag;
	int rc;

	if (der.n > CSR_DER_MAX)
		return err_set(e, E_CSR_UNREADABLE, "the signing request has %zu bytes; at most %d are read", der.n,
			CSR_DER_MAX);
	if (!der_open(&outer, DER_SEQUENCE, &c) || !der_done(&outer) || der_peek(&c) != DER_SEQUENCE ||
		!der_next(&c, &tag, &info, &r.tbs) || der_peek(&c) != DER_SEQUENCE ||
		!der_next(&c, &tag, &alg_body, &r.sig_alg) || !der_get_bits(&c, &r.sig) || !der_done(&c))
		return unreadable(e, "it is no PKCS#10 CertificationRequest in DER");
	rc = info_read(info, &r, a, e);
	if (rc == 0)
		*ret = r;
	return rc;
}

int
csr_read(struct blob der, struct arena *a, struct csr *ret, struct err *e)
{
	struct csr r;
	int rc = csr_parse(der, a, &r, e);

	if (rc == 0)
		rc = key_read(&r, a, e);
	if (rc == 0)
		*ret = r;
	return rc;
}

/* The base64 alone, as some forms and interfaces send it. */
static bool
bare_base64(struct str s, struct arena *a, struct blob *ret)
{
	char *p = arena_alloc(a, s.n);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (!strchr(" \t\r\n", s.p[i]))
			p[n++] = s.p[i];
	}
	/* a SEQUENCE with a length of one octet or more */
	return n > 2 && p[0] == 'M' && b64_decode(a, (struct str){p, n}, ret);
}

int
csr_from_text(struct blob text, struct arena *a, struct blob *ret_der, struct err *e)
{
	static const char *const labels[] = {"CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"};
	int r = E_NOT_FOUND;

	if (text.n > TEXT_MAX)
		return err_set(e, E_CSR_UNREADABLE, "the signing request has %zu bytes; at most %d are read", text.n,
			TEXT_MAX);
	if (text.n && text.p[0] == DER_SEQUENCE) {
		*ret_der = arena_blob(a, text);
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(labels) && r == E_NOT_FOUND; i++)
		r = pem_decode(str_of(text), labels[i], a, ret_der, e);
	if (r == E_NOT_FOUND && bare_base64(str_of(text), a, ret_der))
		return 0;
	if (r < 0)
		return err_set(e, E_CSR_UNREADABLE, r == E_NOT_FOUND ? "there is no CERTIFICATE REQUEST in the text"
								    : "the PEM text of the signing request is damaged");
	return 0;
}

/* -- making one */

static void
put_subject(struct buf *b, struct str cn)
{
	size_t name = der_begin(b, DER_SEQUENCE), set, attribute;

	if (cn.p) {
		set = der_begin(b, DER_SET);
		attribute = der_begin(b, DER_SEQUENCE);
		der_put(b, DER_OID, OID(OID_CN));
		der_put(b, DER_UTF8_STRING, blob_of(cn));
		der_end(b, attribute);
		der_end(b, set);
	}
	der_end(b, name);
}

/* The extension request with subjectAltName as the only extension. */
static void
put_names(struct buf *b, const struct str *dns, unsigned n_dns)
{
	size_t attribute = der_begin(b, DER_SEQUENCE), set, list, extension, octets, names;

	der_put(b, DER_OID, OID(OID_EXTENSION_REQUEST));
	set = der_begin(b, DER_SET);
	list = der_begin(b, DER_SEQUENCE);
	extension = der_begin(b, DER_SEQUENCE);
	der_put(b, DER_OID, OID(OID_SAN));
	octets = der_begin(b, DER_OCTET_STRING);
	names = der_begin(b, DER_SEQUENCE);
	for (unsigned i = 0; i < n_dns; i++)
		der_put(b, DER_CTX(2), blob_of(dns[i]));
	der_end(b, names);
	der_end(b, octets);
	der_end(b, extension);
	der_end(b, list);
	der_end(b, set);
	der_end(b, attribute);
}

int
csr_build_tbs(struct str cn, const struct str *dns, unsigned n_dns, struct blob spki, struct arena *a,
	struct blob *ret, struct err *e)
{
	BUF(b, CSR_DER_MAX);
	size_t info, attributes;

	if (n_dns > CSR_NAMES_MAX)
		return err_set(e, E_NAME_COUNT, "%u names are too many for a signing request (at most %d)", n_dns,
			CSR_NAMES_MAX);
	info = der_begin(&b, DER_SEQUENCE);
	der_put_int(&b, 0);
	put_subject(&b, cn);
	buf_put_blob(&b, spki);
	attributes = der_begin(&b, DER_CTX_CONS(0));
	if (n_dns)
		put_names(&b, dns, n_dns);
	der_end(&b, attributes);
	der_end(&b, info);
	if (b.over)
		return err_set(e, E_TOO_LARGE, "the signing request would be longer than %d bytes", CSR_DER_MAX);
	*ret = arena_blob(a, buf_blob(&b));
	return 0;
}

int
csr_finish(struct blob tbs, enum key_alg alg, struct blob sig, struct arena *a, struct blob *ret_der, struct err *e)
{
	BUF(b, CSR_DER_MAX);
	size_t seq = der_begin(&b, DER_SEQUENCE);

	buf_put_blob(&b, tbs);
	buf_put_blob(&b, key_sig_alg(alg));
	der_put_bits(&b, sig, 0);
	der_end(&b, seq);
	if (b.over)
		return err_set(e, E_TOO_LARGE, "the signing request would be longer than %d bytes", CSR_DER_MAX);
	*ret_der = arena_blob(a, buf_blob(&b));
	return 0;
}
