/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads cases of tests/vectors/path, one JSON object a line, and prints for each: id, "ok" or
 * "fail", and the faults found (their words, separated by blanks). `path_judge -v` adds each fault
 * in full.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/der.h"
#include "base/rfc3339.h"
#include "crypto/crypto.h"
#include "crypto/pem.h"
#include "inspect/path.h"
#include "text/json.h"
#include "text/psl.h"

#define CERTS_MAX 512
#define POLICIES_MAX 16

struct list {
	const struct path_cert *v[CERTS_MAX];
	size_t n;
};

static bool verbose;

static struct blob
der_of(struct str pem, const char *label, struct arena *a)
{
	struct blob der = {NULL, 0};
	ERR(e);

	if (pem_decode(pem, label, a, &der, &e) < 0)
		return (struct blob){NULL, 0};
	return der;
}

/* What cannot be read cannot help: it is left out. */
static void
certs_read(const struct json *array, struct list *ret, struct arena *a)
{
	for (size_t i = 0; i < json_count(array) && ret->n < CERTS_MAX; i++) {
		struct blob der = der_of(json_str(json_item(array, i)), "CERTIFICATE", a);
		ERR(e);

		if (path_cert_new(a, der, &ret->v[ret->n], &e) == 0)
			ret->n++;
		else if (verbose)
			printf("\t(left out: %s)\n", e.msg);
	}
}

static void
crls_read(const struct json *array, struct path_query *q, struct arena *a)
{
	struct x509_crl *l = arena_new_n(a, json_count(array), struct x509_crl);

	q->crls = l;
	for (size_t i = 0; i < json_count(array); i++) {
		ERR(e);

		if (x509_crl_read(der_of(json_str(json_item(array, i)), "X509 CRL", a),
			    &l[q->n_crls], &e) == 0)
			q->n_crls++;
		else if (verbose)
			printf("\t(left out: %s)\n", e.msg);
	}
}

/* "anyPolicy", "NIST-test-policy-3" (PKITS) or dotted. */
static void
policy_add(struct str name, struct path_query *q, struct blob *policies, struct arena *a)
{
	struct str nist = STR("NIST-test-policy-");
	BUF(b, 128);
	struct cursor c;

	if (!name.n || q->n_policies == POLICIES_MAX)
		return;
	if (str_eq_c(name, "anyPolicy"))
		name = STR("2.5.29.32.0");
	else if (str_starts(name, nist))
		name = arena_printf(
			a, "2.16.840.1.101.3.2.1.48.%.*s", (int)(name.n - nist.n), name.p + nist.n);
	der_put_oid(&b, arena_cstr(a, name));
	c = cursor_of(arena_blob(a, buf_blob(&b)));
	if (der_get(&c, DER_OID, &policies[q->n_policies]))
		q->n_policies++;
}

static bool
yes(const struct json *opts, const char *key)
{
	return str_eq_c(json_str(json_at(opts, key)), "true") || json_bool(json_at(opts, key));
}

static void
openssl_option(const struct json *args, size_t i, struct path_query *q, struct blob *policies,
	struct arena *a)
{
	struct str arg = json_str(json_item(args, i));

	if (str_eq_c(arg, "-policy"))
		policy_add(json_str(json_item(args, i + 1)), q, policies, a);
	q->explicit_policy |= str_eq_c(arg, "-explicit_policy");
	q->inhibit_any |= str_eq_c(arg, "-inhibit_any");
	q->inhibit_mapping |= str_eq_c(arg, "-inhibit_map");
}

static void
opts_read(const struct json *opts, struct path_query *q, struct arena *a)
{
	struct blob *policies = arena_new_n(a, POLICIES_MAX, struct blob);
	struct str set = json_str(json_at(opts, "initial_policy_set"));
	const struct json *features = json_at(opts, "features"), *args = json_at(opts, "openssl");
	int64_t depth;

	q->policies = policies;
	while (set.n)
		policy_add(str_cut(&set, ','), q, policies, a);
	q->explicit_policy = yes(opts, "explicit_policy") || yes(opts, "initial_explicit_policy");
	q->inhibit_mapping =
		yes(opts, "inhibit_mapping") || yes(opts, "initial_policy_mapping_inhibit");
	q->inhibit_any = yes(opts, "inhibit_any") || yes(opts, "initial_inhibit_any_policy");
	for (size_t i = 0; i < json_count(args); i++)
		openssl_option(args, i, q, policies, a);
	if (json_int(json_at(opts, "max_chain_depth"), &depth))
		q->max_depth = (int)depth;
	for (size_t i = 0; i < json_count(features); i++) {
		/* a depth of 0 is left out of the cases */
		if (q->max_depth < 0 &&
			str_eq_c(json_str(json_item(features, i)), "max-chain-depth"))
			q->max_depth = 0;
	}
	if (q->n_crls)
		q->status = str_eq_c(json_str(json_at(opts, "crl_check")), "all")
				    ? PATH_STATUS_ALL
				    : PATH_STATUS_LEAF;
}

/* Variants of a purpose ("CLIENT_AUTH_STRICT") are that purpose. */
static enum path_purpose
purpose_of(struct str s)
{
	if (str_eq_c(s, "server") || str_starts(s, STR("SERVER_AUTH")))
		return PATH_SERVER;
	return str_eq_c(s, "any") ? PATH_ANY : PATH_CLIENT;
}

static int
peer_read(const struct json *c, struct path_query *q, struct err *e)
{
	struct str kind = json_str(json_at(c, "name_kind")), name = json_str(json_at(c, "name"));

	if (str_eq_c(kind, "DNS"))
		return x509_peer_dns(name, &q->peer, e);
	if (str_eq_c(kind, "IP"))
		return x509_peer_ip(name, &q->peer, e);
	if (str_eq_c(kind, "RFC822"))
		return x509_peer_email(name, &q->peer, e);
	return 0;
}

static void
answer(struct str id, const struct path_result *r)
{
	printf("%.*s\t%s\t", STRF(id), r->ok ? "ok" : "fail");
	for (unsigned i = 0; i < r->n_faults; i++)
		printf("%s%s", i ? " " : "", path_code_word(r->faults[i].code));
	printf("\n");
	for (unsigned i = 0; verbose && i < r->n_faults; i++)
		printf("\t%d of %u %s: %s: %s\n", r->faults[i].at, r->n_chain, r->faults[i].field,
			path_code_word(r->faults[i].code), r->faults[i].text);
}

static void
judge(struct str line)
{
	ARENA(a);
	struct path_query q = {.max_depth = -1};
	static struct list pool, anchors, leaf;
	struct path_result r;
	const struct json *c;
	struct str id;
	ERR(e);

	pool.n = anchors.n = 0;
	if (json_parse_any(line, &a, &c, &e) < 0)
		abort();
	id = json_str(json_at(c, "id"));
	if (path_cert_new(&a, der_of(json_str(json_at(c, "leaf")), "CERTIFICATE", &a), &leaf.v[0],
		    &e) < 0 ||
		peer_read(c, &q, &e) < 0) {
		printf("%.*s\tfail\tunreadable\n", STRF(id));
		if (verbose)
			printf("\t%s\n", e.msg);
		return;
	}
	certs_read(json_at(c, "intermediates"), &pool, &a);
	certs_read(json_at(c, "roots"), &anchors, &a);
	crls_read(json_at(c, "crls"), &q, &a);
	q.leaf = leaf.v[0];
	q.pool = pool.v;
	q.n_pool = pool.n;
	q.anchors = anchors.v;
	q.n_anchors = anchors.n;
	q.purpose = purpose_of(json_str(json_at(c, "purpose")));
	if (!rfc3339_get(json_str(json_at(c, "time")), &q.now_ms))
		q.now_ms = (int64_t)time(NULL) * 1000;
	opts_read(json_at(c, "opts"), &q, &a);
	if (path_find(&q, &a, &r, &e) < 0)
		abort();
	answer(id, &r);
}

int
main(int argc, char **argv)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;
	ERR(e);

	verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
	if (crypto_init(&e) < 0 || psl_init(&e) < 0) {
		fprintf(stderr, "%s\n", e.msg);
		return 1;
	}
	while ((n = getline(&line, &size, stdin)) > 0)
		judge((struct str){line, (size_t)n});
	free(line);
	return 0;
}
