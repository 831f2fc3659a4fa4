/* SPDX-License-Identifier: Apache-2.0 */
#include "inspect/bundle.h"

#include "crypto/cert.h"
#include "x509/cert.h"

/* A certificate and what was read of it; doubles have no entry. */
struct node {
	const struct item *item;
	struct cert_info info;
};

#define SIGNATURES_MAX 2000

struct nodes {
	unsigned n;
	struct node *v;
	unsigned *n_signatures; /* checked; those of long keys count more */
};

static bool
is_double(const struct nodes *t, struct blob der)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (blob_eq(t->v[i].item->der, der))
			return true;
	}
	return false;
}

static void
nodes_read(const struct intake *in, struct arena *a, struct nodes *ret)
{
	*ret = (struct nodes){0, arena_new_n(a, in->n, struct node), arena_new(a, unsigned)};
	for (unsigned i = 0; i < in->n; i++) {
		struct node *n = &ret->v[ret->n];
		ERR(ignored);

		/* What could not be read is no item. */
		if (in->v[i].kind == ITEM_CERT && !is_double(ret, in->v[i].der) &&
			cert_read(in->v[i].der, a, &n->info, &ignored) == 0) {
			n->item = &in->v[i];
			ret->n++;
		}
	}
}

static bool
self_issued(const struct node *n)
{
	return blob_eq(n->info.issuer, n->info.subject);
}

/* Certificates of one name and many keys ask for each signature by each key. */
static bool
given_up(const struct nodes *t)
{
	return *t->n_signatures > SIGNATURES_MAX;
}

static bool
issued_by(const struct nodes *t, const struct node *n, const struct node *by)
{
	KEY(key);
	ERR(e);
	int r;

	if (n == by || !blob_eq(n->info.issuer, by->info.subject))
		return false;
	if (n->info.aki.n && by->info.ski.n && !blob_eq(n->info.aki, by->info.ski))
		return false;
	*t->n_signatures += 1 + by->info.bits / 1024;
	if (given_up(t))
		return false;
	if (key_from_spki(by->info.spki, &key, &e) < 0)
		return true; /* of a kind that is not known here */
	r = cert_verify(&n->info, key, &e);
	return r == 0 || e.code != E_SIGNATURE_BAD;
}

static const struct node *
issuer_of(const struct nodes *t, const struct node *n)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (issued_by(t, n, &t->v[i]))
			return &t->v[i];
	}
	return NULL;
}

static bool
issued_another(const struct nodes *t, const struct node *n)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (issued_by(t, &t->v[i], n))
			return true;
	}
	return false;
}

static const struct item *
one_key(const struct intake *in, struct err *e)
{
	const struct item *first = intake_find(in, ITEM_KEY, 0);
	const struct item *more =
		first ? intake_find(in, ITEM_KEY, (unsigned)(first - in->v) + 1) : NULL;

	for (; more; more = intake_find(in, ITEM_KEY, (unsigned)(more - in->v) + 1)) {
		if (!blob_eq(more->der, first->der))
			err_note(e, E_CERT_SEVERAL, more->file,
				"there is more than one private key");
	}
	return first;
}

static void
given_up_note(const struct nodes *t, struct err *e)
{
	if (given_up(t))
		err_note(e, E_TOO_LARGE, t->v[0].item->file,
			"there are too many certificates of one issuer's name to find those that belong together");
}

/* Of two certificates of one key: a server's before an authority's, the newer one when it was renewed with its key. */
static bool
is_rather(const struct node *n, const struct node *than)
{
	if (n->info.ca != than->info.ca)
		return !n->info.ca;
	return n->info.not_after_ms > than->info.not_after_ms;
}

/* The one of this key. */
static const struct node *
leaf_of_key(const struct nodes *t, const struct item *key, struct err *e)
{
	const struct node *leaf = NULL;

	for (unsigned i = 0; i < t->n; i++) {
		const struct node *n = &t->v[i];

		if (key_is_of(key->key, n->info.spki) && (!leaf || is_rather(n, leaf)))
			leaf = n;
	}
	if (!leaf)
		err_note(e, E_KEY_MISMATCH, key->file,
			"the private key belongs to none of the %u certificates", t->n);
	return leaf;
}

/* The one that issued no other; a certificate authority only when there is nothing else. */
static const struct node *
leaf_alone(const struct nodes *t, struct err *e)
{
	const struct node *leaf = NULL;
	bool several = false;

	for (unsigned i = 0; i < t->n; i++) {
		const struct node *n = &t->v[i];

		if (issued_another(t, n) || (leaf && n->info.ca && !leaf->info.ca))
			continue;
		several = leaf && leaf->info.ca == n->info.ca;
		leaf = n;
	}
	if (given_up(t))
		return NULL;
	if (several) {
		err_note(e, E_CERT_SEVERAL, leaf->item->file,
			"there are several certificates of no common path, and no key says which "
			"is meant");
		return NULL;
	}
	return leaf;
}

static void
chain_follow(const struct nodes *t, const struct node *leaf, struct bundle *ret)
{
	const struct node *n = leaf;

	ret->leaf = leaf->item;
	while (!self_issued(n) && ret->n_chain < BUNDLE_CHAIN_MAX && (n = issuer_of(t, n))) {
		/* Two may have certified each other. */
		for (unsigned i = 0; i < ret->n_chain; i++) {
			if (ret->chain[i] == n->item)
				return;
		}
		ret->chain[ret->n_chain++] = n->item;
	}
}

void
bundle_find(const struct intake *in, struct arena *a, struct bundle *ret, struct err *e)
{
	const struct node *leaf = NULL;
	struct nodes t;

	*ret = (struct bundle){0};
	nodes_read(in, a, &t);
	ret->key = one_key(in, e);
	if (!t.n && e->n_causes)
		return; /* none could be read, which is said */
	if (!t.n)
		err_note(e, E_FIELD_MISSING, "certificate", "there is no certificate");
	else
		leaf = ret->key ? leaf_of_key(&t, ret->key, e) : leaf_alone(&t, e);
	if (leaf)
		chain_follow(&t, leaf, ret);
	given_up_note(&t, e);
	if (!leaf)
		return;
	ret->n_left_out = t.n - 1 - ret->n_chain;
}

/* -- SM2 pairs */

static bool
encrypts(const struct node *n)
{
	struct x509_cert x;
	ERR(ignored);

	/* RFC 5280 4.2.1.3 as GM/T 0015 has it: a certificate of either kind says nothing of the other */
	return x509_cert_read(n->item->der, &x, &ignored) == 0 &&
	       !(x.key_usage & (X509_KU_SIGNATURE | X509_KU_NON_REPUDIATION)) &&
	       (x.key_usage & (X509_KU_KEY_ENCIPHERMENT | X509_KU_DATA_ENCIPHERMENT | X509_KU_KEY_AGREEMENT));
}

/* ret: the half that signs, the one that encrypts. */
static bool
halves(const struct nodes *t, const struct node *ret[2], struct err *e)
{
	const struct node *v[2] = {NULL, NULL};
	unsigned n = 0;

	for (unsigned i = 0; i < t->n; i++) {
		if (t->v[i].info.ca || t->v[i].info.alg != KEY_SM2)
			continue;
		if (n < ARRAY_LEN(v))
			v[n] = &t->v[i];
		n++;
	}
	if (n < 2)
		err_note(e, E_FIELD_MISSING, "certificate",
			"TLCP takes an SM2 pair: a certificate that signs and one that encrypts, and there are %u", n);
	else if (n > 2)
		err_note(e, E_CERT_SEVERAL, v[1]->item->file, "there are %u SM2 certificates that are no CA's", n);
	else if (encrypts(v[0]) == encrypts(v[1]))
		err_note(e, E_CERT_SEVERAL, v[1]->item->file, "both SM2 certificates are for %s",
			encrypts(v[0]) ? "encryption" : "signing");
	if (n != 2 || encrypts(v[0]) == encrypts(v[1]))
		return false;
	ret[0] = v[encrypts(v[0])];
	ret[1] = v[!encrypts(v[0])];
	return true;
}

static void
pair_keys(const struct intake *in, const struct node *const half[2], struct arena *a, struct bundle *ret, struct err *e)
{
	const struct item **keys[2] = {&ret->key, &ret->pair_key};
	bool fits;

	for (unsigned i = 0; i < in->n; i++) {
		struct blob spki;
		ERR(why);

		if (in->v[i].kind != ITEM_KEY || key_spki(in->v[i].key, a, &spki, &why) < 0)
			continue;
		fits = false;
		for (unsigned k = 0; k < 2; k++) {
			if (blob_eq(half[k]->info.spki, spki)) {
				*keys[k] = &in->v[i];
				fits = true;
			}
		}
		if (!fits)
			err_note(e, E_KEY_MISMATCH, in->v[i].file,
				"the private key belongs to neither certificate of the pair");
	}
	if (!ret->key != !ret->pair_key)
		err_note(e, E_KEY_NONE, "key", "the private key of the certificate that %s is missing",
			ret->key ? "encrypts" : "signs");
}

void
bundle_find_pair(const struct intake *in, struct arena *a, struct bundle *ret, struct err *e)
{
	const struct node *half[2];
	struct nodes t;

	*ret = (struct bundle){0};
	nodes_read(in, a, &t);
	if (!t.n && e->n_causes)
		return; /* none could be read, which is said */
	if (!halves(&t, half, e))
		return;
	chain_follow(&t, half[0], ret);
	given_up_note(&t, e);
	ret->pair = half[1]->item;
	pair_keys(in, half, a, ret, e);
	ret->n_left_out = t.n - 2 - ret->n_chain;
}
