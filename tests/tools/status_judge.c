/* SPDX-License-Identifier: Apache-2.0 */
/* Reads cases of tests/vectors/status, one JSON object a line, and prints for each: id, "good", "revoked" or "unknown", why. */
#include <stdio.h>
#include <stdlib.h>

#include "base/rfc3339.h"
#include "crypto/crypto.h"
#include "crypto/pem.h"
#include "inspect/single.h"
#include "text/json.h"
#include "x509/name.h"

#define ISSUERS_MAX 8

struct issuers {
	const struct path_cert *v[ISSUERS_MAX];
	size_t n;
};

static struct blob
der_of(struct str pem, const char *label, struct arena *a)
{
	struct blob der = {NULL, 0};
	ERR(e);

	if (pem_decode(pem, label, a, &der, &e) < 0)
		return (struct blob){NULL, 0};
	return der;
}

static void
issuer_add(const struct json *v, struct issuers *ret, struct arena *a)
{
	ERR(e);

	for (size_t i = 0; !json_str(v).p && i < json_count(v); i++)
		issuer_add(json_item(v, i), ret, a);
	if (json_str(v).p && ret->n < ISSUERS_MAX &&
		path_cert_new(a, der_of(json_str(v), "CERTIFICATE", a), &ret->v[ret->n], &e) == 0)
		ret->n++;
}

/* OpenSSL's cases: a response, anchors ("ca"), and certificates ("other") that count when an anchor, or another that counts,
 * has signed them; of the time of SHA-1. */
static void
others_add(const struct json *others, struct issuers *ret, struct arena *a)
{
	struct issuers others_read = {.n = 0};
	ERR(e);

	issuer_add(others, &others_read, a);
	for (size_t round = 0; round < others_read.n; round++) {
		for (size_t i = 0; i < others_read.n; i++) {
			const struct path_cert *c = others_read.v[i];
			bool counts = false;

			for (size_t k = 0; k < ret->n && !counts; k++)
				counts = ret->v[k]->key && x509_name_eq(c->x.issuer, ret->v[k]->x.subject) &&
					verify_old_signature(ret->v[k]->key, c->x.sig_alg, c->x.tbs, c->x.sig, &e) == 0;
			if (counts && ret->n < ISSUERS_MAX)
				ret->v[ret->n++] = c;
		}
	}
}

static void
answer(const struct json *c, struct arena *a, struct single_answer *ret)
{
	struct str crl = json_str(json_item(json_at(c, "crl"), 0)), response = json_str(json_at(c, "response"));
	struct issuers issuers = {.n = 0};
	const struct path_cert *leaf = NULL;
	struct x509_crl l;
	struct x509_ocsp o;
	int64_t now_ms;
	ERR(e);

	*ret = (struct single_answer){.word = SINGLE_UNKNOWN, .why = "unreadable"};
	issuer_add(json_at(c, "issuer"), &issuers, a);
	issuer_add(json_at(c, "issuer2"), &issuers, a);
	issuer_add(json_at(c, "ca"), &issuers, a);
	others_add(json_at(c, "other"), &issuers, a);
	if (!rfc3339_get(json_str(json_at(c, "time")), &now_ms) ||
		(json_str(json_at(c, "leaf")).p &&
			path_cert_new(a, der_of(json_str(json_at(c, "leaf")), "CERTIFICATE", a), &leaf, &e) < 0))
		return;
	if (crl.p && x509_crl_read(der_of(crl, "X509 CRL", a), &l, &e) == 0)
		single_by_crl(leaf, issuers.v, issuers.n, &l, now_ms, ret);
	else if (response.p && x509_ocsp_read(der_of(response, "OCSP RESPONSE", a), &o, &e) == 0)
		/* without a leaf no dates are asked for: the response is judged at its own time */
		single_by_ocsp(leaf, issuers.v, issuers.n, &o, leaf ? now_ms : o.produced_ms, ret);
	else
		snprintf(ret->why, sizeof(ret->why), "%.*s", (int)sizeof(ret->why) - 1, e.msg);
}

int
main(void)
{
	static const char *const words[] = {[SINGLE_UNKNOWN] = "unknown", [SINGLE_GOOD] = "good", [SINGLE_REVOKED] = "revoked"};
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	ERR(e);

	if (crypto_init(&e) < 0)
		return 1;
	while ((n = getline(&line, &size, stdin)) > 0) {
		ARENA(a);
		struct single_answer r;
		const struct json *c;

		if (json_parse_any((struct str){line, (size_t)n}, &a, &c, &e) < 0)
			abort();
		answer(c, &a, &r);
		printf("%.*s\t%s\t%s\n", STRF(json_str(json_at(c, "id"))), words[r.word], r.why);
	}
	free(line);
	return 0;
}
