/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Certificate policies (RFC 5280 6.1.2 to 6.1.5), with the valid policy tree kept as a graph (RFC
 * 9618): one node per policy and level, so that its size grows with the certificates and not with
 * their combinations.
 */
#include "inspect/path_priv.h"
#include "x509/oid.h"

#define ANY X509_OID(X509_OID_ANY_POLICY)

struct pnode {
	struct blob policy;
	struct blob
		*parents; /* policies of the level above that lead here; none: its anyPolicy does */
	unsigned n_parents, size;
	bool mapped, reached;
};

struct level {
	struct pnode *v;
	unsigned n, size;
	bool any; /* the node anyPolicy */
};

struct graph {
	const struct path_query *q;
	struct arena *a;
	struct level levels[PATH_LENGTH_MAX + 1];
	unsigned n; /* the last level in use */
	int explicit_policy, inhibit_mapping, inhibit_any;
};

static struct pnode *
find(const struct level *l, struct blob policy)
{
	for (unsigned i = 0; i < l->n; i++) {
		if (blob_eq(l->v[i].policy, policy))
			return &l->v[i];
	}
	return NULL;
}

static struct pnode *
add(struct graph *g, struct level *l, struct blob policy)
{
	if (l->n == l->size) {
		struct pnode *more = arena_new_n(g->a, l->size * 2 + 8, struct pnode);

		if (l->n)
			memcpy(more, l->v, l->n * sizeof(*more));
		l->v = more;
		l->size = l->size * 2 + 8;
	}
	l->v[l->n] = (struct pnode){.policy = policy};
	return &l->v[l->n++];
}

static void
add_parent(struct graph *g, struct pnode *p, struct blob parent)
{
	if (p->n_parents == p->size) {
		struct blob *more = arena_new_n(g->a, p->size * 2 + 2, struct blob);

		if (p->n_parents)
			memcpy(more, p->parents, p->n_parents * sizeof(*more));
		p->parents = more;
		p->size = p->size * 2 + 2;
	}
	p->parents[p->n_parents++] = parent;
}

static bool
in_policies(const struct x509_cert *x, struct blob oid)
{
	struct cursor c = cursor_of(x->policies);
	struct x509_policy p;

	while (x509_policy_next(&c, &p)) {
		if (blob_eq(p.oid, oid))
			return true;
	}
	return false;
}

/* 6.1.3 (d) and (e) */
static void
take_policies(struct graph *g, const struct x509_cert *x, bool any_allowed)
{
	struct level *l = &g->levels[g->n];
	struct cursor c = cursor_of(x->policies);
	struct x509_policy p;
	bool any_before = l->any;
	unsigned kept = 0;

	if (!x509_has(x, X509_EXT_POLICIES)) {
		l->n = 0;
		l->any = false;
		return;
	}
	if (!any_allowed || !in_policies(x, ANY)) {
		for (unsigned i = 0; i < l->n; i++) {
			if (in_policies(x, l->v[i].policy))
				l->v[kept++] = l->v[i];
		}
		l->n = kept;
		l->any = false;
	}
	while (any_before && x509_policy_next(&c, &p)) {
		if (!blob_eq(p.oid, ANY) && !find(l, p.oid))
			add(g, l, p.oid);
	}
}

static bool
mapped_from(const struct x509_cert *x, struct blob policy)
{
	struct cursor c = cursor_of(x->mappings);
	struct x509_mapping m;

	while (x509_mapping_next(&c, &m)) {
		if (blob_eq(m.from, policy))
			return true;
	}
	return false;
}

/* 6.1.4 (b) (2): without mapping, what would be mapped ends. */
static void
drop_mapped(struct level *l, const struct x509_cert *x)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < l->n; i++) {
		if (!mapped_from(x, l->v[i].policy))
			l->v[kept++] = l->v[i];
	}
	l->n = kept;
}

/* 6.1.4 (a) and (b), and the next level with what each node expects there. */
static void
map_policies(struct graph *g, const struct x509_cert *x, int at, struct faults *f)
{
	struct level *l = &g->levels[g->n], *next = &g->levels[g->n + 1];
	bool allowed = g->inhibit_mapping > 0;
	struct cursor c = cursor_of(x->mappings);
	struct x509_mapping m;
	struct pnode *p;

	while (x509_mapping_next(&c, &m)) {
		if (blob_eq(m.from, ANY) || blob_eq(m.to, ANY)) {
			fault(f, PATH_POLICY_MAPPING, at, "extensions.policyMappings",
				"anyPolicy is mapped");
			continue;
		}
		p = find(l, m.from);
		if (allowed && !p && l->any)
			p = add(g, l, m.from);
		if (allowed && p)
			p->mapped = true;
	}
	if (!allowed)
		drop_mapped(l, x);
	*next = (struct level){.any = l->any};
	for (unsigned i = 0; i < l->n; i++) {
		if (!l->v[i].mapped)
			add_parent(g, add(g, next, l->v[i].policy), l->v[i].policy);
	}
	c = cursor_of(x->mappings);
	while (allowed && x509_mapping_next(&c, &m)) {
		if (blob_eq(m.from, ANY) || blob_eq(m.to, ANY) || !find(l, m.from))
			continue;
		p = find(next, m.to);
		add_parent(g, p ? p : add(g, next, m.to), m.from);
	}
	g->n++;
}

static void
count_down(int *v)
{
	if (*v > 0)
		(*v)--;
}

static void
lower(int *v, int to)
{
	if (to >= 0 && to < *v)
		*v = to;
}

/* 6.1.4 (h) to (j) */
static void
prepare(struct graph *g, const struct x509_cert *x, bool counts)
{
	if (counts) {
		count_down(&g->explicit_policy);
		count_down(&g->inhibit_mapping);
		count_down(&g->inhibit_any);
	}
	lower(&g->explicit_policy, x->explicit_policy);
	lower(&g->inhibit_mapping, x->inhibit_mapping);
	lower(&g->inhibit_any, x->inhibit_any);
}

static bool
wanted(const struct path_query *q, struct blob policy)
{
	for (size_t i = 0; i < q->n_policies; i++) {
		if (blob_eq(q->policies[i], policy) || blob_eq(q->policies[i], ANY))
			return true;
	}
	return q->n_policies == 0;
}

static bool
all_wanted(const struct path_query *q)
{
	return wanted(q, ANY);
}

/* 6.1.5 (g): some policy of the last level goes back, by whatever mappings, to one that is wanted.
 */
static bool
some_policy(struct graph *g)
{
	struct level *last = &g->levels[g->n];

	/* anyPolicy to the end stands for every wanted one */
	if (last->any || (last->n && all_wanted(g->q)))
		return true;
	for (unsigned i = 0; i < last->n; i++)
		last->v[i].reached = true;
	for (unsigned k = g->n + 1; k-- > 0;) {
		for (unsigned i = 0; i < g->levels[k].n; i++) {
			struct pnode *p = &g->levels[k].v[i];

			if (p->reached && !p->n_parents && wanted(g->q, p->policy))
				return true;
			for (unsigned j = 0; p->reached && j < p->n_parents; j++)
				find(&g->levels[k - 1], p->parents[j])->reached = true;
		}
	}
	return false;
}

void
policy_judge(const struct path_query *q, const struct path_cert *const *chain, unsigned n,
	struct arena *a, struct faults *f)
{
	struct graph g = {.q = q, .a = a};

	g.levels[0].any = true;
	g.explicit_policy = q->explicit_policy ? 0 : (int)n;
	g.inhibit_mapping = q->inhibit_mapping ? 0 : (int)n;
	g.inhibit_any = q->inhibit_any ? 0 : (int)n;
	for (unsigned i = n; i-- > 0;) {
		const struct x509_cert *x = &chain[i]->x;
		bool anchor = i == n - 1;

		/* an anchor that says nothing of policies leaves all open; one that does is taken
		 * at its word (RFC 5937 3.2) */
		if (!anchor || x509_has(x, X509_EXT_POLICIES)) {
			take_policies(&g, x, g.inhibit_any > 0 || (i > 0 && x->self_issued));
			if (i > 0)
				map_policies(&g, x, (int)i, f);
		}
		if (i > 0)
			prepare(&g, x, !anchor && !x->self_issued);
	}
	/* 6.1.5 (a) and (b) */
	count_down(&g.explicit_policy);
	if (chain[0]->x.explicit_policy == 0)
		g.explicit_policy = 0;
	if (g.explicit_policy == 0 && !some_policy(&g))
		fault(f, PATH_POLICY, -1, "extensions.certificatePolicies",
			"a policy is required, and none is acceptable");
}
