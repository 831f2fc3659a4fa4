/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The search: depth first from the leaf, anchors before others, certificates that fit the key
 * identifiers before those that do not say. Certificates with a fault of their own are passed over,
 * and each pair's signature is checked once. Steps and signatures are counted and end the search,
 * so that a pool made to confuse costs no more than milliseconds.
 */
#include "inspect/path.h"

#include <stdio.h>

#include "inspect/path_priv.h"

#define STEPS_MAX 4000

/* -- certificates */

static void
key_free_deferred(void *k)
{
	verify_key_free(k);
}

int
path_cert_new(struct arena *a, struct blob der, const struct path_cert **ret, struct err *e)
{
	struct path_cert *c = arena_new(a, struct path_cert);
	int r = x509_cert_read(der, &c->x, e);
	struct err why;

	if (r < 0)
		return r;
	err_clear(&why);
	if (verify_key_new(c->x.spki, &c->key, &why) < 0)
		snprintf(c->key_fault, sizeof(c->key_fault), "%.*s", (int)sizeof(c->key_fault) - 1,
			why.msg);
	else
		arena_defer(a, key_free_deferred, c->key);
	*ret = c;
	return 0;
}

/* -- facts about nodes, found once */

bool
alg_believed(const struct path_query *q, struct blob alg)
{
	bool old;

	return verify_alg_known(alg) ||
		(q->purpose == PATH_ANY && verify_alg_dsa(alg, &old) && (!old || q->now_ms < DSA_OLD_ENDED));
}

/* RFC 5280 6.1.4 (e): the parameters are those of the next key above that has some, as long as all are DSA's. NULL: there
 * are none. */
static const struct verify_key *
key_with_parameters(struct search *s, unsigned node)
{
	const struct verify_key *k = s->nodes[node].c->key;
	struct verify_key *whole;
	unsigned at = 0;
	struct err why;

	if (!verify_key_inherits(k))
		return k;
	while (at < s->n_chain && s->chain[at] != node)
		at++;
	while (++at < s->n_chain) {
		const struct verify_key *above = s->nodes[s->chain[at]].c->key;

		err_clear(&why);
		if (!above || verify_key_kind(above) != VERIFY_DSA)
			return NULL;
		if (verify_key_inherits(above))
			continue;
		if (verify_key_inherit(k, above, &whole, &why) < 0)
			return NULL;
		arena_defer(s->a, key_free_deferred, whole);
		return whole;
	}
	return NULL;
}

/* Of an RSA signature it grows with the square of the length. */
unsigned
signature_cost(const struct verify_key *k)
{
	unsigned n = verify_key_kind(k) <= VERIFY_RSA_PSS ? verify_key_bits(k) / 4096 : 0;

	return n > 1 ? n * n : 1;
}

bool
search_verify(struct search *s, unsigned by, struct blob alg, struct blob tbs, struct blob sig)
{
	const struct verify_key *k = key_with_parameters(s, by);
	struct err why;

	s->n_signatures += k ? signature_cost(k) : 1;
	err_clear(&why);
	if (!k || !alg_believed(s->q, alg))
		return false;
	return (verify_key_kind(k) == VERIFY_DSA ? verify_dsa_signature(k, alg, tbs, sig, &why)
						 : verify_signature(k, alg, tbs, sig, &why)) == 0;
}

bool
search_signed(struct search *s, unsigned child, unsigned issuer)
{
	struct node *n = &s->nodes[child];
	const struct path_cert *by = s->nodes[issuer].c;

	if (by->key && verify_key_inherits(by->key))
		return true;
	if (!n->signed_by)
		n->signed_by = arena_alloc(s->a, s->n);
	if (n->signed_by[issuer] == UNKNOWN) {
		if (!by->key || s->n_signatures >= SIGNATURES_MAX) {
			s->given_up |= by->key != NULL;
			return false;
		}
		n->signed_by[issuer] =
			search_verify(s, issuer, n->c->x.sig_alg, n->c->x.tbs, n->c->x.sig) ? YES : NO;
	}
	return n->signed_by[issuer] == YES;
}

/* The certificate has no fault of its own in the role that it would have. */
static bool
sound(struct search *s, unsigned i)
{
	struct node *n = &s->nodes[i];
	struct faults count = {.tolerated = s->tolerated};

	if (n->sound == UNKNOWN) {
		own_judge(s->q, n->c,
			i == 0	    ? ROLE_LEAF
			: n->anchor ? ROLE_ANCHOR
				    : ROLE_INTERMEDIATE,
			0, &count);
		n->sound = count.n ? NO : YES;
	}
	return n->sound == YES;
}

/* Which certificates can lead to an anchor at all, by names: the others are not tried. */
static void
find_reaching(struct search *s)
{
	unsigned *queue = arena_new_n(s->a, s->n, unsigned), head = 0, tail = 0;

	for (unsigned i = s->first_anchor; i < s->n; i++) {
		s->nodes[i].reaches = true;
		queue[tail++] = i;
	}
	while (head < tail) {
		const struct x509_cert *issuer = &s->nodes[queue[head++]].c->x;

		for (unsigned i = 0; i < s->first_anchor; i++) {
			if (!s->nodes[i].reaches &&
				s->nodes[i].c->x.issuer_hash == issuer->subject_hash) {
				s->nodes[i].reaches = true;
				queue[tail++] = i;
			}
		}
	}
}

/* -- the search for a chain without a fault */

/* The same certificate, or one of the same subject and key: a chain that comes back to it gains
 * nothing. */
static bool
stands_in_chain(const struct search *s, unsigned i)
{
	const struct x509_cert *x = &s->nodes[i].c->x;

	for (unsigned k = 0; k < s->n_chain; k++) {
		const struct x509_cert *y = &s->nodes[s->chain[k]].c->x;

		if (blob_eq(x->spki, y->spki) && x->subject_hash == y->subject_hash &&
			(k > 0 || blob_eq(x->der, y->der)))
			return true;
	}
	return false;
}

/* Cheap tests that chain_judge() would fail as well. */
static bool
worth_trying(struct search *s, unsigned i)
{
	struct node *n = &s->nodes[i];
	struct faults count = {.tolerated = s->tolerated};
	const struct path_cert *chain[PATH_LENGTH_MAX];
	int below = 0;

	if (!n->reaches || !sound(s, i) || stands_in_chain(s, i))
		return false;
	for (unsigned k = 0; k < s->n_chain; k++) {
		chain[k] = s->nodes[s->chain[k]].c;
		below += k > 0 && !chain[k]->x.self_issued;
	}
	if (n->c->x.path_len >= 0 && below > n->c->x.path_len && !(s->tolerated >> PATH_PATH_LENGTH & 1))
		return false;
	constraints_judge(n->c, chain, s->n_chain, &s->n_comparisons, &count);
	s->given_up |= s->n_comparisons > COMPARISONS_ALL;
	return count.n == 0 && search_signed(s, s->chain[s->n_chain - 1], i);
}

static bool extend(struct search *s, unsigned issuer);

/* One round over anchors or pool; exact: those whose key identifier is the one wanted, else those
 * that do not say. */
static bool
try_issuers(struct search *s, unsigned from, unsigned to, bool exact)
{
	const struct x509_cert *child = &s->nodes[s->chain[s->n_chain - 1]].c->x;

	for (unsigned i = from; i < to; i++) {
		const struct x509_cert *x = &s->nodes[i].c->x;

		if (!issuer_names_fit(child, x) || (child->aki.id.p && x->ski.p) != exact ||
			(!issuer_ids_fit(child, x) && !(s->tolerated >> PATH_ISSUER_KEY_ID & 1)))
			continue;
		if (worth_trying(s, i) && extend(s, i))
			return true;
		if (s->given_up)
			return false;
	}
	return false;
}

static bool
chain_found(struct search *s)
{
	struct faults count = {.tolerated = s->tolerated};

	chain_judge(s, true, &count);
	return count.n == 0;
}

/* With the issuer put on top: is there a whole chain? Leaves it in s->chain if so. */
static bool
extend(struct search *s, unsigned issuer)
{
	if (s->n_steps++ >= STEPS_MAX)
		s->given_up = true;
	if (s->given_up || s->n_chain == PATH_LENGTH_MAX)
		return false;
	s->chain[s->n_chain++] = issuer;
	if (s->nodes[issuer].anchor ? chain_found(s)
				    : try_issuers(s, s->first_anchor, s->n, true) ||
					      try_issuers(s, s->first_anchor, s->n, false) ||
					      try_issuers(s, 1, s->first_anchor, true) ||
					      try_issuers(s, 1, s->first_anchor, false))
		return true;
	s->n_chain--;
	return false;
}

/* -- the most telling chain when there is none without a fault */

static unsigned
promise(struct search *s, unsigned child, unsigned i)
{
	unsigned points = 1;

	points += s->nodes[i].reaches ? 32 : 0;
	points += s->nodes[i].anchor ? 16 : 0;
	points += issuer_ids_fit(&s->nodes[child].c->x, &s->nodes[i].c->x) ? 8 : 0;
	points += search_signed(s, child, i) ? 64 : 0;
	points += sound(s, i) ? 4 : 0;
	return points;
}

static void
best_effort(struct search *s)
{
	bool anchored = false;

	s->n_chain = 1;
	s->chain[0] = 0;
	while (!anchored && s->n_chain < PATH_LENGTH_MAX) {
		unsigned child = s->chain[s->n_chain - 1], best = 0, most = 0;

		for (unsigned i = 1; i < s->n; i++) {
			unsigned points;

			if (!issuer_names_fit(&s->nodes[child].c->x, &s->nodes[i].c->x) ||
				stands_in_chain(s, i))
				continue;
			points = promise(s, child, i);
			if (points > most) {
				most = points;
				best = i;
			}
		}
		if (!most)
			break;
		s->chain[s->n_chain++] = best;
		anchored = s->nodes[best].anchor;
	}
}

/* -- the question */

static void
nodes_make(struct search *s)
{
	const struct path_query *q = s->q;

	s->n = s->first_anchor = (unsigned)(1 + q->n_pool);
	s->n += (unsigned)q->n_anchors;
	s->nodes = arena_new_n(s->a, s->n, struct node);
	s->nodes[0].c = q->leaf;
	for (size_t i = 0; i < q->n_pool; i++)
		s->nodes[1 + i].c = q->pool[i];
	for (size_t i = 0; i < q->n_anchors; i++)
		s->nodes[s->first_anchor + i] = (struct node){.c = q->anchors[i], .anchor = true};
}

static void
tell(struct search *s, struct path_result *ret)
{
	struct faults f = {.a = s->a, .tolerated = s->tolerated};

	ret->anchored = s->nodes[s->chain[s->n_chain - 1]].anchor;
	ret->n_chain = s->n_chain;
	if (!ret->ok || s->tolerated)
		chain_judge(s, ret->anchored, &f);
	for (unsigned i = 0; i < s->n_chain; i++) {
		ret->chain[i] = s->nodes[s->chain[i]].c;
		ret->told[i] = s->told[i];
	}
	if (!ret->ok && (!f.n || s->given_up))
		fault(&f, PATH_GIVEN_UP, -1, "", "the search was ended after %u steps and %u signatures",
			s->n_steps, s->n_signatures);
	ret->faults = f.v;
	ret->n_faults = f.n;
	ret->n_signatures = s->n_signatures;
}

bool
search_run(struct search *s, const struct path_query *q, struct arena *a)
{
	s->q = q;
	s->a = a;
	for (enum path_code c = 0; c < PATH_CODES; c++)
		s->tolerated |= path_code_tolerable(c) ? q->tolerated & 1ULL << c : 0;
	nodes_make(s);
	find_reaching(s);
	return s->nodes[0].reaches && sound(s, 0) && extend(s, 0);
}

int
path_find(const struct path_query *q, struct arena *a, struct path_result *ret, struct err *e)
{
	struct search s = {.outer = NULL};

	if (q->n_pool + q->n_anchors >= PATH_POOL_MAX)
		return err_set(e, E_TOO_LARGE,
			"there are %zu certificates; at most %d are searched",
			q->n_pool + q->n_anchors, PATH_POOL_MAX);
	*ret = (struct path_result){.ok = search_run(&s, q, a)};
	if (!ret->ok)
		best_effort(&s);
	tell(&s, ret);
	return 0;
}
