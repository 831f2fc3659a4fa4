/* SPDX-License-Identifier: Apache-2.0 */
/* The two halves of an SM2 pair: told apart by their usage, never by the field that they came in.
 */
#include "crypto/verify.h"
#include "inspect/check_priv.h"

#define SIGNS (X509_KU_SIGNATURE | X509_KU_NON_REPUDIATION)
#define ENCRYPTS (X509_KU_KEY_ENCIPHERMENT | X509_KU_DATA_ENCIPHERMENT | X509_KU_KEY_AGREEMENT)

struct halves {
	unsigned n;		  /* SM2 certificates that are no CA's */
	const struct given *v[3]; /* the first of them */
};

static void
halves_find(struct checking *t, struct halves *ret)
{
	*ret = (struct halves){0};
	for (unsigned i = 0; i < t->n; i++) {
		const struct given *g = &t->v[i];

		if (g->cert->x.ca || !g->cert->key || verify_key_kind(g->cert->key) != VERIFY_SM2)
			continue;
		if (ret->n < ARRAY_LEN(ret->v))
			ret->v[ret->n] = g;
		ret->n++;
	}
}

static bool
encrypts(const struct given *g)
{
	return !(g->cert->x.key_usage & SIGNS) && (g->cert->x.key_usage & ENCRYPTS);
}

static bool
in_encryption_field(const struct checking *t, const struct given *g)
{
	return t->in->encryption_field &&
	       g->item->file == t->in->fields[t->in->encryption_field].name;
}

/* Each half's key, and that they are two. */
static void
keys_find(struct checking *t)
{
	t->out->key = check_key_of(t, t->leaf);
	t->out->pair_key = t->pair ? check_key_of(t, t->pair) : NULL;
	if (t->pair && blob_eq(t->leaf->cert->x.spki, t->pair->cert->x.spki))
		check_find(t, CHECK_PAIR_ONE_KEY, t->pair->item, -1, "%s", "");
	if (t->in->n_requests)
		check_find(t, CHECK_PAIR_REQUEST, NULL, -1, "%s", "");
	if (!intake_find(&t->items, ITEM_KEY, 0)) {
		if (t->in->key_needed && !t->out->n_errors)
			check_find(t, CHECK_KEY_MISSING, NULL, -1, "%s", "");
		return;
	}
	if (!t->out->key)
		check_find(t, CHECK_KEY_MISMATCH, t->leaf->item, -1,
			"none of the keys is that of the signing certificate");
	if (t->pair && !t->out->pair_key)
		check_find(t, CHECK_KEY_MISMATCH, t->pair->item, -1,
			"none of the keys is that of the encryption certificate");
}

/* Two of them: which is which, and do they belong together? */
static void
halves_judge(struct checking *t, const struct given *a, const struct given *b)
{
	if (encrypts(a) == encrypts(b))
		check_find(t, CHECK_PAIR_USAGE, b->item, -1, "both are for %s",
			encrypts(a) ? "encryption" : "signing");
	else if (t->in->encryption_field && !in_encryption_field(t, t->pair))
		check_find(
			t, CHECK_PAIR_USAGE, t->pair->item, -1, "they stand in each other's field");
	if (!blob_eq(a->cert->x.subject, b->cert->x.subject))
		check_find(t, CHECK_PAIR_SUBJECT, b->item, -1, "%s", "");
}

bool
check_pair(struct checking *t)
{
	struct halves h;

	halves_find(t, &h);
	if (!h.n)
		return false;
	t->leaf = h.v[0];
	if (h.n > 1) {
		bool swap = encrypts(h.v[0]) && !encrypts(h.v[1]);

		t->leaf = h.v[swap];
		t->pair = h.v[!swap];
		halves_judge(t, h.v[0], h.v[1]);
	} else {
		check_find(t, CHECK_PAIR_HALF, h.v[0]->item, -1, "only the %s certificate is here",
			encrypts(h.v[0]) ? "encryption" : "signing");
	}
	if (h.n > 2)
		check_find(t, CHECK_TWO_LEAVES, h.v[2]->item, -1,
			"there are %u SM2 certificates that are no CA's", h.n);
	t->out->leaf = t->leaf->item;
	t->out->pair = t->pair ? t->pair->item : NULL;
	keys_find(t);
	return true;
}
