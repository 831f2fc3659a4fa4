/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Revocation by lists (RFC 5280 6.3): complete, delta and indirect ones, lists for some reasons or
 * some certificates, signed by the issuer's key or by another key that the same anchor vouches for;
 * and by OCSP responses (RFC 6960). "Revoked" wins over everything else that is told.
 */
#include <stdio.h>

#include "base/rfc3339.h"
#include "inspect/path_priv.h"
#include "inspect/scope_priv.h"
#include "inspect/single.h"
#include "x509/name.h"

#define NESTED_MAX 3

/* One certificate, of the chain or an OCSP responder's, and what is known about it so far. */
struct asked {
	struct search *s;
	const struct path_cert *c, *issuer;
	const struct x509_cert *x; /* c's */
	unsigned covered; /* reasons that some list has told of */
	bool good;	  /* an OCSP response says so */
	bool revoked;
	int64_t revoked_ms;
	int reason;
	const char *by;
	uint8_t *named; /* by list: enum word; NULL until one is asked */
	char why[200]; /* why something that tells of it is not believed */
};

enum word { NOT_ASKED, NOT_NAMED, NAMED };

static void
revoke(struct asked *a, const char *by, int64_t when_ms, int reason)
{
	a->revoked = true;
	a->by = by;
	a->revoked_ms = when_ms;
	a->reason = reason;
}

/* -- the list by itself */

static bool
current(const struct path_query *q, const struct x509_crl *l)
{
	if (q->plain_lists)
		return single_current(l->this_update_ms, l->next_update_ms, q->now_ms);
	return l->next_update_ms != INT64_MAX && l->this_update_ms <= q->now_ms && q->now_ms <= l->next_update_ms;
}

/* RFC 5280 5.1.2.5, 5.2.1, 5.2.3: what a list of version 2 must have; what is critical must be
 * understood. */
static bool
usable(const struct path_query *q, const struct x509_crl *l)
{
	return !l->unknown_critical.p && !l->criticality_wrong && !l->alg_differs && alg_believed(q, l->sig_alg) &&
	       current(q, l) && (l->version == 1 || q->plain_lists || (l->has_aki && l->number.p));
}

/* -- 6.3.3 (f) and (g): who has signed it */

/* The same key under the same name: one anchor, whichever certificate of it is given. */
static bool
same_anchor(const struct path_cert *a, const struct path_cert *b)
{
	return blob_eq(a->x.spki, b->x.spki) && x509_name_eq(a->x.subject, b->x.subject);
}

static bool
being_asked(const struct search *s, const struct path_cert *c)
{
	for (; s; s = s->outer) {
		if (blob_eq(s->nodes[0].c->x.der, c->x.der))
			return true;
	}
	return false;
}

static unsigned
depth_of(const struct search *s)
{
	unsigned n = 0;

	while ((s = s->outer))
		n++;
	return n;
}

/* The signer of a list stands under the anchor of the chain, and is not revoked itself. */
static bool
vouched_for(struct search *s, const struct path_cert *signer)
{
	const struct path_cert *anchor = s->nodes[s->chain[s->n_chain - 1]].c;
	struct path_query q = *s->q;
	struct search in = {.outer = s, .n_signatures = s->n_signatures, .n_steps = s->n_steps,
		.n_comparisons = s->n_comparisons};
	bool found;

	for (unsigned i = 1; i < s->n_chain; i++) {
		if (blob_eq(s->nodes[s->chain[i]].c->x.der, signer->x.der))
			return true;
	}
	if (same_anchor(signer, anchor))
		return true;
	/* Its own issuer has made it the one that tells of itself; whoever holds its key could not
	 * say less. */
	if (blob_eq(s->nodes[0].c->x.der, signer->x.der))
		return true;
	if (being_asked(s, signer) || depth_of(s) == NESTED_MAX)
		return false;
	q.leaf = signer;
	q.purpose = PATH_ANY;
	q.peer = (struct x509_peer){.kind = X509_PEER_NONE};
	q.n_policies = 0;
	q.explicit_policy = q.inhibit_mapping = q.inhibit_any = false;
	found = search_run(&in, &q, s->a);
	s->n_signatures = in.n_signatures;
	s->n_steps = in.n_steps;
	s->n_comparisons = in.n_comparisons;
	s->given_up |= in.given_up;
	return found && same_anchor(in.nodes[in.chain[in.n_chain - 1]].c, anchor);
}

static bool
may_sign(const struct x509_crl *l, const struct path_cert *c)
{
	struct x509_cert as_child = {.aki = l->aki};

	return c->key && x509_name_eq(c->x.subject, l->issuer) &&
	       (!x509_has(&c->x, X509_EXT_KEY_USAGE) || (c->x.key_usage & X509_KU_CRL_SIGN)) &&
	       issuer_ids_fit(&as_child, &c->x);
}

static bool
signed_well(struct search *s, const struct x509_crl *l)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct path_cert *c = s->nodes[i].c;

		if (!may_sign(l, c))
			continue;
		if (s->n_signatures >= SIGNATURES_MAX) {
			s->given_up = true;
			return false;
		}
		if (search_verify(s, i, l->sig_alg, l->tbs, l->sig) && vouched_for(s, c))
			return true;
	}
	return false;
}

/* -- deltas */

static int
number_cmp(struct blob a, struct blob b)
{
	return a.n != b.n ? (a.n < b.n ? -1 : 1) : memcmp(a.p, b.p, a.n);
}

/* 6.3.3 (c): the delta is one to this complete list. */
static bool
delta_fits(const struct x509_crl *delta, const struct x509_crl *complete)
{
	return delta->base.p && complete->number.p &&
	       x509_name_eq(delta->issuer, complete->issuer) &&
	       delta->has_idp == complete->has_idp && blob_eq(delta->idp_der, complete->idp_der) &&
	       blob_eq(delta->aki.id, complete->aki.id) &&
	       number_cmp(complete->number, delta->base) >= 0 &&
	       number_cmp(delta->number, complete->number) > 0;
}

/* The newest fitting delta's word about the certificate: false when there is none or it says
 * nothing. */
static bool
delta_says(struct asked *a, const struct x509_crl *complete, struct x509_crl_entry *ret)
{
	const struct path_query *q = a->s->q;
	const struct x509_crl *newest = NULL;

	for (size_t i = 0; i < q->n_crls; i++) {
		const struct x509_crl *d = &q->crls[i];

		if (d->base.p && usable(q, d) && delta_fits(d, complete) &&
			(!newest || number_cmp(d->number, newest->number) > 0) &&
			signed_well(a->s, d))
			newest = d;
	}
	return newest && crl_find(newest, a->x, ret);
}

/* A list that would tell of the certificate, were it to be believed. */
static void
list_unfit(struct asked *a, const struct x509_crl *l)
{
	char t[RFC3339_MAX];

	if (!current(a->s->q, l) && l->next_update_ms != INT64_MAX && l->next_update_ms < a->s->q->now_ms)
		snprintf(a->why, sizeof(a->why), "the revocation list was good until %s", rfc3339_put(l->next_update_ms, t));
	else if (!usable(a->s->q, l))
		snprintf(a->why, sizeof(a->why), "the revocation list is not of this time, or not as RFC 5280 5 says");
	else
		snprintf(a->why, sizeof(a->why),
			"the signature of the revocation list is not that of a key that may sign it");
}

/* The list, or a delta to it, names the certificate, be it believed or not. Asked once of each list: whoever wants to keep us
 * busy makes many points. */
static bool
names_it(struct asked *a, size_t list)
{
	const struct path_query *q = a->s->q;
	const struct x509_crl *l = &q->crls[list];
	struct x509_crl_entry entry;

	if (!a->named)
		a->named = arena_alloc(a->s->a, q->n_crls);
	if (a->named[list] == NOT_ASKED) {
		bool named = crl_find(l, a->x, &entry);

		for (size_t i = 0; !named && i < q->n_crls; i++)
			named = q->crls[i].base.p && delta_fits(&q->crls[i], l) && crl_find(&q->crls[i], a->x, &entry);
		a->named[list] = named ? NAMED : NOT_NAMED;
	}
	return a->named[list] == NAMED;
}

/* What the list and its newest delta say together. */
static bool
on_list(struct asked *a, const struct x509_crl *l, struct x509_crl_entry *ret)
{
	bool listed = crl_find(l, a->x, ret) && ret->reason != X509_REMOVE_FROM_CRL;
	struct x509_crl_entry later;

	if (!delta_says(a, l, &later))
		return listed;
	/* RFC 5280 5.3.1: only what was on hold is taken off again */
	if (later.reason == X509_REMOVE_FROM_CRL)
		return listed && ret->reason != X509_CERTIFICATE_HOLD;
	*ret = later;
	return true;
}

/* One list's word: reasons covered, and whether the certificate is on it. RFC 5280 6.3.3 ends when all reasons are covered,
 * so that the order of two lists would decide: here a list that names the certificate is heard in any place. */
static void
list_says(struct asked *a, const struct x509_point *p, size_t list)
{
	const struct x509_crl *l = &a->s->q->crls[list];
	unsigned reasons = (p ? p->reasons : X509_REASONS_ALL) &
			   (l->has_idp ? l->idp.reasons : X509_REASONS_ALL);
	struct x509_crl_entry entry;

	if (a->revoked || l->base.p || !crl_in_scope(a->x, p, l) || (!(reasons & ~a->covered) && !names_it(a, list)))
		return;
	if (!usable(a->s->q, l) || !signed_well(a->s, l))
		return list_unfit(a, l);
	if (on_list(a, l, &entry))
		revoke(a, "a revocation list", entry.revoked_ms, entry.reason);
	a->covered |= reasons;
}

static void
lists_say(struct asked *a)
{
	const struct path_query *q = a->s->q;
	struct cursor c = cursor_of(a->x->crl_points);
	struct x509_point p;

	while (x509_point_next(&c, &p)) {
		for (size_t i = 0; i < q->n_crls; i++)
			list_says(a, &p, i);
	}
	for (size_t i = 0; i < q->n_crls; i++)
		list_says(a, NULL, i);
}

/* -- OCSP */

/* RFC 6960 4.2.2.2.1: a responder without nocheck is asked about as well, by the lists given; without a word about it it
 * is believed, as everybody does. */
static bool
responder_revoked(struct asked *a, struct blob der)
{
	const struct path_cert *c;
	struct asked of = {.s = a->s};
	ERR(why);

	if (!a->s->q->n_crls || path_cert_new(a->s->a, der, &c, &why) < 0 || x509_has(&c->x, X509_EXT_OCSP_NOCHECK))
		return false;
	of.c = c;
	of.x = &c->x;
	lists_say(&of);
	return of.revoked;
}

static void
response_says(struct asked *a, const struct x509_ocsp *o)
{
	struct single_answer r;

	if (a->s->n_signatures >= SIGNATURES_MAX) {
		a->s->given_up = true;
		return;
	}
	single_by_ocsp(a->c, &a->issuer, 1, o, a->s->q->now_ms, &r);
	/* the responder's certificate's and its own */
	a->s->n_signatures += r.about && a->issuer->key ? 1 + signature_cost(a->issuer->key) : 0;
	if (r.word != SINGLE_UNKNOWN && r.delegate.p && responder_revoked(a, r.delegate)) {
		r.word = SINGLE_UNKNOWN;
		snprintf(r.why, sizeof(r.why), "the certificate of the responder is revoked");
	}
	if (r.word == SINGLE_REVOKED)
		revoke(a, "an OCSP response", r.revoked_ms, r.reason);
	else if (r.word == SINGLE_GOOD)
		a->good = true;
	else if (r.about)
		snprintf(a->why, sizeof(a->why), "the OCSP response: %.*s", (int)sizeof(a->why) - 32, r.why);
}

static enum path_told
status_of(struct asked *a)
{
	const struct path_query *q = a->s->q;

	lists_say(a);
	for (size_t i = 0; !a->revoked && i < q->n_ocsp; i++)
		response_says(a, &q->ocsp[i]);
	if (a->revoked)
		return PATH_TOLD_REVOKED;
	return a->good || a->covered == X509_REASONS_ALL ? PATH_TOLD_GOOD : PATH_TOLD_UNKNOWN;
}

void
status_judge(struct search *s, struct faults *f)
{
	bool all = s->q->status == PATH_STATUS_ALL;
	char t[RFC3339_MAX];

	for (unsigned i = 0; i + 1 < s->n_chain; i++) {
		const struct path_cert *c = s->nodes[s->chain[i]].c;
		struct asked a = {.s = s, .c = c, .x = &c->x, .issuer = s->nodes[s->chain[i + 1]].c};

		s->told[i] = status_of(&a);
		if (a.revoked)
			fault(f, PATH_REVOKED, (int)i, "serialNumber", "it was revoked at %s (reason %d), says %s",
				rfc3339_put(a.revoked_ms, t), a.reason, a.by);
		/* the signer of a list is asked about only where everything is */
		else if (s->told[i] == PATH_TOLD_UNKNOWN && (all || (i == 0 && !s->outer)))
			fault(f, PATH_STATUS_UNKNOWN, (int)i, "serialNumber", "%s",
				a.why[0] ? a.why : PATH_UNTOLD);
	}
}
