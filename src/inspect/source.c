/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/source.h"

#include "base/der.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "x509/cert.h"
#include "x509/oid.h"

#define URL_MAX 2048
#define OID_OCSP "\x2b\x06\x01\x05\x05\x07\x30\x01"
#define OID_CA_ISSUERS "\x2b\x06\x01\x05\x05\x07\x30\x02"

struct finding {
	struct arena *a;
	struct source *v;
	unsigned n, max, at;
};

static bool
is_http(const struct x509_general *g)
{
	struct str url = str_of(g->value);
	const size_t scheme = strlen("http://");

	if (g->kind != X509_URI || url.n < scheme || url.n > URL_MAX ||
		!str_eq_nocase((struct str){url.p, scheme}, STR("http://")))
		return false;
	for (size_t i = 0; i < url.n; i++) {
		if (url.p[i] <= ' ' || url.p[i] > '~')
			return false;
	}
	return true;
}

static void
add(struct finding *f, enum source_kind kind, const struct x509_general *g, struct blob request)
{
	if (f->n < f->max && is_http(g))
		f->v[f->n++] = (struct source){f->at, kind, str_of(g->value), request};
}

/* RFC 6960 4.1.1 with SHA-1, which every responder knows (RFC 5019 2.1.1). */
static struct blob
request_make(const struct x509_cert *x, const struct x509_cert *issuer, struct arena *a)
{
	uint8_t name[20], key[20];
	size_t request, tbs, list, one, id, alg;
	BUF(b, 512);
	ERR(ignored);

	if (key_id(issuer->spki, key, &ignored) < 0)
		return (struct blob){NULL, 0};
	digest_sha1(x->issuer, name);
	request = der_begin(&b, DER_SEQUENCE);
	tbs = der_begin(&b, DER_SEQUENCE);
	list = der_begin(&b, DER_SEQUENCE);
	one = der_begin(&b, DER_SEQUENCE);
	id = der_begin(&b, DER_SEQUENCE);
	alg = der_begin(&b, DER_SEQUENCE);
	der_put_oid(&b, "1.3.14.3.2.26");
	der_put(&b, DER_NULL, (struct blob){NULL, 0});
	der_end(&b, alg);
	der_put(&b, DER_OCTET_STRING, BLOB(name, sizeof(name)));
	der_put(&b, DER_OCTET_STRING, BLOB(key, sizeof(key)));
	der_put(&b, DER_INTEGER, x->serial);
	der_end(&b, id);
	der_end(&b, one);
	der_end(&b, list);
	der_end(&b, tbs);
	der_end(&b, request);
	return b.over ? (struct blob){NULL, 0} : arena_blob(a, buf_blob(&b));
}

static void
lists_find(struct finding *f, const struct x509_cert *x)
{
	struct cursor c = cursor_of(x->crl_points);
	struct x509_general g;
	struct x509_point p;

	while (x509_point_next(&c, &p)) {
		struct cursor names = cursor_of(p.full_names);

		while (x509_general_next(&names, &g))
			add(f, SOURCE_CRL, &g, (struct blob){NULL, 0});
	}
}

static void
accesses_find(struct finding *f, const struct x509_cert *x, struct blob method, enum source_kind kind, struct blob request)
{
	struct cursor c = cursor_of(x->aia);
	struct x509_access access;

	while (x509_access_next(&c, &access)) {
		if (blob_eq(access.method, method))
			add(f, kind, &access.location, request);
	}
}

unsigned
sources_of_chain(const struct blob *chain, unsigned n, struct arena *a, struct source *ret, unsigned max)
{
	struct finding f = {.a = a, .v = ret, .max = max};
	struct x509_cert x, issuer;

	for (f.at = 0; f.at < n; f.at++) {
		ERR(ignored);

		if (x509_cert_read(chain[f.at], &x, &ignored) < 0)
			continue;
		if (f.at + 1 == n && !x.self_issued)
			accesses_find(&f, &x, X509_OID(OID_CA_ISSUERS), SOURCE_ISSUER, (struct blob){NULL, 0});
		if (f.at + 1 == n || x509_cert_read(chain[f.at + 1], &issuer, &ignored) < 0)
			continue;
		accesses_find(&f, &x, X509_OID(OID_OCSP), SOURCE_OCSP, request_make(&x, &issuer, a));
		lists_find(&f, &x);
	}
	return f.n;
}
