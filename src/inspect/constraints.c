/* SPDX-License-Identifier: Apache-2.0 */
/* Name constraints of one CA certificate against the names below it (RFC 5280 4.2.1.10, 6.1.3 (b)
 * and (c), 6.1.4 (g)). */
#include "inspect/path_priv.h"
#include "x509/name.h"
#include "x509/oid.h"
#include "x509/subtree.h"

#define COMPARISONS_MAX (1U << 20) /* of one CA certificate with one below */
#define TEXT_MAX 320

/* One CA's constraints and what has been compared with them. */
struct against {
	const struct x509_cert *ca;
	int at; /* the certificate below, whose names are judged */
	unsigned done;
	unsigned *all; /* of the whole search */
	struct faults *f;
	uint32_t kinds; /* that some subtree has */
};

static uint32_t
kinds_of(struct blob list, unsigned *n_comparisons)
{
	struct cursor c = cursor_of(list);
	struct x509_general g;
	uint32_t kinds = 0;

	while (*n_comparisons <= COMPARISONS_ALL && x509_subtree_next(&c, &g)) {
		++*n_comparisons;
		kinds |= 1U << g.kind;
	}
	return kinds;
}

static bool
too_many(const struct against *a)
{
	return a->done > COMPARISONS_MAX || *a->all > COMPARISONS_ALL;
}

/* The name lies in some subtree of the list. *ret_kind: there was one of its kind at all. */
static enum x509_fit
in_some(struct against *a, struct blob list, const struct x509_general *name, bool excluding,
	bool *ret_kind)
{
	struct cursor c = cursor_of(list);
	struct x509_general base;
	enum x509_fit fit;

	*ret_kind = false;
	while (x509_subtree_next(&c, &base)) {
		a->done++;
		*a->all += *a->all <= COMPARISONS_ALL;
		if (too_many(a))
			return X509_FIT_UNCLEAR;
		if (base.kind != name->kind)
			continue;
		*ret_kind = true;
		fit = x509_subtree_fit(name, &base, excluding);
		if (fit != X509_FIT_NO)
			return fit;
	}
	return X509_FIT_NO;
}

static void
name_judge(struct against *a, const struct x509_general *name)
{
	bool text = name->kind == X509_DNS || name->kind == X509_EMAIL || name->kind == X509_URI,
	     kind;
	int n = text ? (int)MIN(name->value.n, (size_t)100) : 0;
	const char *p = text ? (const char *)name->value.p : "";
	enum x509_fit fit;

	if (!(a->kinds >> name->kind & 1))
		return;
	if (in_some(a, a->ca->excluded, name, true, &kind) != X509_FIT_NO)
		fault(a->f, too_many(a) ? PATH_NAMES_TOO_MANY : PATH_NAME_EXCLUDED, a->at, "extensions.subjectAltName",
			"a CA certificate above excludes a name of it%s%.*s", n ? ": " : "", n, p);
	fit = in_some(a, a->ca->permitted, name, false, &kind);
	if (fit == X509_FIT_UNCLEAR || (kind && fit == X509_FIT_NO))
		fault(a->f, too_many(a) ? PATH_NAMES_TOO_MANY : PATH_NAME_NOT_PERMITTED, a->at, "extensions.subjectAltName",
			"no CA certificate above permits a name of it%s%.*s", n ? ": " : "", n, p);
}

static bool
names_host(const struct x509_cert *x)
{
	struct cursor c = cursor_of(x->san);
	struct x509_general g;

	while (x509_general_next(&c, &g)) {
		if (g.kind == X509_DNS || g.kind == X509_IP)
			return true;
	}
	return false;
}

/* What stands in the subject and is as good as an alternative name to those who read only the
 * subject. */
static void
subject_judge(struct against *a, const struct x509_cert *x, bool leaf)
{
	struct x509_name_walk it = x509_name_walk(x->subject);
	struct x509_attr at;
	struct x509_general g;
	bool host = leaf && !names_host(x);
	char text[TEXT_MAX];
	size_t n;

	if (!x509_name_empty(x->subject)) {
		g = (struct x509_general){X509_DIRECTORY, x->subject};
		name_judge(a, &g);
	}
	if (!(a->kinds & (1U << X509_DNS | 1U << X509_EMAIL)))
		return;
	while (x509_name_next(&it, &at)) {
		if (!x509_attr_text(&at, text, sizeof(text), &n))
			continue;
		g = (struct x509_general){X509_GENERAL_KINDS, BLOB(text, n)};
		/* RFC 5280 4.2.1.10: an emailAddress of the subject; a common name is a host to old
		 * readers without a SAN of hosts */
		if (blob_eq(at.oid, X509_OID(X509_OID_EMAIL)))
			g.kind = X509_EMAIL;
		else if (host && blob_eq(at.oid, X509_OID(X509_OID_CN)) && memchr(text, '.', n) &&
			 x509_dns_ok((struct str){text, n}, true))
			g.kind = X509_DNS;
		if (g.kind != X509_GENERAL_KINDS)
			name_judge(a, &g);
	}
}

void
constraints_judge(const struct path_cert *ca, const struct path_cert *const *chain, unsigned n,
	unsigned *n_comparisons, struct faults *f)
{
	struct against a = {.ca = &ca->x, .all = n_comparisons, .f = f};

	if (!x509_has(&ca->x, X509_EXT_NAME_CONSTRAINTS))
		return;
	a.kinds = kinds_of(ca->x.permitted, n_comparisons) | kinds_of(ca->x.excluded, n_comparisons);
	for (unsigned i = 0; i < n; i++) {
		const struct x509_cert *x = &chain[i]->x;
		struct cursor c = cursor_of(x->san);
		struct x509_general g;

		/* 6.1.3 (b): self-issued ones are passed over, but for the leaf */
		if (i > 0 && x->self_issued)
			continue;
		a.at = (int)i;
		a.done = 0;
		subject_judge(&a, x, i == 0);
		while (!too_many(&a) && x509_general_next(&c, &g))
			name_judge(&a, &g);
	}
}
