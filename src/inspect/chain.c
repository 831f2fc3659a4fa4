/* SPDX-License-Identifier: Apache-2.0 */
/* One chain, judged as a whole and with all faults (RFC 5280 6.1). */
#include "inspect/path_priv.h"
#include "x509/name.h"

bool
issuer_names_fit(const struct x509_cert *child, const struct x509_cert *issuer)
{
	return child->issuer_hash == issuer->subject_hash &&
	       x509_name_eq(child->issuer, issuer->subject);
}

bool
issuer_ids_fit(const struct x509_cert *child, const struct x509_cert *issuer)
{
	const struct x509_aki *aki = &child->aki;
	struct x509_general name = {X509_DIRECTORY, issuer->issuer}, have;
	struct cursor c = cursor_of(aki->issuers);
	bool named = false;

	if (aki->id.p && issuer->ski.p && !blob_eq(aki->id, issuer->ski))
		return false;
	if (aki->serial.p && !blob_eq(aki->serial, issuer->serial))
		return false;
	while (x509_general_next(&c, &have))
		named |= have.kind == X509_DIRECTORY;
	return !named || x509_generals_have(aki->issuers, &name);
}

/* Signed by a key whose parameters stand above it. */
static void
inherited_judge(struct search *s, unsigned i, struct faults *f)
{
	const struct x509_cert *child = &s->nodes[s->chain[i]].c->x;

	if (s->n_signatures >= SIGNATURES_MAX)
		fault(f, PATH_GIVEN_UP, (int)i, "signatureValue", "the signature was not checked any more");
	else if (!search_verify(s, s->chain[i + 1], child->sig_alg, child->tbs, child->sig))
		fault(f, PATH_SIGNATURE, (int)i, "signatureValue",
			"the signature does not verify with the issuer's key and the parameters above it");
}

/* The link from chain[i] to the certificate above it. */
static void
link_judge(struct search *s, unsigned i, struct faults *f)
{
	const struct path_cert *child = s->nodes[s->chain[i]].c,
			       *issuer = s->nodes[s->chain[i + 1]].c;

	if (!issuer_ids_fit(&child->x, &issuer->x))
		fault(f, PATH_ISSUER_KEY_ID, (int)i, "extensions.authorityKeyIdentifier",
			"it names another issuer certificate than the one found");
	/* an issuer's key that is unreadable, and an unknown algorithm, are faults of their own */
	if (!issuer->key || !alg_believed(s->q, child->x.sig_alg))
		return;
	if (verify_key_inherits(issuer->key))
		return inherited_judge(s, i, f);
	if (search_signed(s, s->chain[i], s->chain[i + 1]))
		return;
	if (s->nodes[s->chain[i]].signed_by[s->chain[i + 1]] == NO)
		fault(f, PATH_SIGNATURE, (int)i, "signatureValue",
			"the signature does not verify with the issuer's key");
	else
		fault(f, PATH_GIVEN_UP, (int)i, "signatureValue", "the signature was not checked any more");
}

/* 6.1.4 (l) and (m): of the certificates between this CA's and the leaf, self-issued ones do not
 * count. */
static void
path_length_judge(const struct path_cert *const *chain, unsigned i, struct faults *f)
{
	int below = 0;

	for (unsigned k = 1; k < i; k++)
		below += !chain[k]->x.self_issued;
	if (i > 0 && chain[i]->x.path_len >= 0 && below > chain[i]->x.path_len)
		fault(f, PATH_PATH_LENGTH, (int)i, "extensions.basicConstraints.pathLenConstraint",
			"%d CA certificates follow; %d may", below, chain[i]->x.path_len);
}

static void
depth_judge(const struct path_query *q, const struct path_cert *const *chain, unsigned n_between,
	struct faults *f)
{
	int depth = 0;

	for (unsigned i = 1; i <= n_between; i++)
		depth += !chain[i]->x.self_issued;
	if (q->max_depth >= 0 && depth > q->max_depth)
		fault(f, PATH_TOO_LONG, -1, "", "there are %d intermediate certificates; %d may be",
			depth, q->max_depth);
}

static void
end_judge(const struct search *s, struct faults *f)
{
	const struct path_cert *last = s->nodes[s->chain[s->n_chain - 1]].c;
	int at = (int)s->n_chain - 1;

	for (unsigned i = s->first_anchor; i < s->n; i++) {
		if (s->n_chain == 1 && blob_eq(s->nodes[i].c->x.der, last->x.der))
			return fault(f, PATH_IS_ANCHOR, at, "", "it is itself a trust anchor");
	}
	if (last->x.self_issued)
		fault(f, PATH_UNTRUSTED, at, "", "it signs itself and is no trust anchor");
	else
		fault(f, PATH_NO_ISSUER, at, "issuer", "no certificate of its issuer is given");
}

void
chain_judge(struct search *s, bool anchored, struct faults *f)
{
	const struct path_cert *chain[PATH_LENGTH_MAX];
	unsigned n = s->n_chain;

	for (unsigned i = 0; i < n; i++)
		chain[i] = s->nodes[s->chain[i]].c;
	for (unsigned i = 0; i < n; i++) {
		bool top = anchored && i == n - 1;

		own_judge(s->q, chain[i],
			i == 0 ? ROLE_LEAF
			: top  ? ROLE_ANCHOR
			       : ROLE_INTERMEDIATE,
			(int)i, f);
		if (i + 1 < n)
			link_judge(s, i, f);
		path_length_judge(chain, i, f);
		if (i > 0)
			constraints_judge(chain[i], chain, i, &s->n_comparisons, f);
	}
	depth_judge(s->q, chain, n - 1 - anchored, f);
	if (anchored)
		policy_judge(s->q, chain, n, s->a, f);
	else
		end_judge(s, f);
	if (s->q->status != PATH_STATUS_OFF)
		status_judge(s, f);
}
