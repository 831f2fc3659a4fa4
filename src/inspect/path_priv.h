/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the engine share. */
#pragma once

#include "inspect/path.h"

#define FAULTS_MAX 128
/* The text of PATH_STATUS_UNKNOWN when nothing that was given speaks of the certificate. */
#define PATH_UNTOLD "no revocation list or OCSP response given tells of it"
#define SIGNATURES_MAX 300
#define COMPARISONS_ALL (1U << 24) /* of names with constraints, in one search */

/* A growing list; without an arena faults are only counted. */
struct faults {
	struct arena *a;
	uint64_t tolerated; /* when counting: not counted */
	struct path_fault *v;
	unsigned n, size;
};
void fault(struct faults *f, enum path_code code, int at, const char *field, const char *fmt, ...)
	PRINTF(5, 6);

enum role { ROLE_LEAF, ROLE_INTERMEDIATE, ROLE_ANCHOR };

/* A certificate by itself: validity, key, profile and, for servers, the rules of the web. */
void own_judge(const struct path_query *q, const struct path_cert *c, enum role role, int at,
	struct faults *f);

/* The constraints of ca against everything below it, chain[0] to chain[n - 1]. n_comparisons: of all calls of a search; with
 * too many of them nothing more is compared, and every name is PATH_NAMES_TOO_MANY. */
void constraints_judge(const struct path_cert *ca, const struct path_cert *const *chain, unsigned n,
	unsigned *n_comparisons, struct faults *f);

/* RFC 5280 6.1.2 to 6.1.5, policies only; the last of the chain is the anchor. */
void policy_judge(const struct path_query *q, const struct path_cert *const *chain, unsigned n,
	struct arena *a, struct faults *f);

/* -- one search */

enum known { UNKNOWN, YES, NO };

struct node {
	const struct path_cert *c;
	bool anchor, reaches, dead;
	uint8_t sound;	    /* enum known: own_judge() in its role has no fault */
	uint8_t *signed_by; /* enum known per node, made at first need */
};

struct search {
	const struct path_query *q;
	struct arena *a;
	struct node *nodes; /* leaf, pool, anchors */
	unsigned n, first_anchor;
	unsigned chain[PATH_LENGTH_MAX], n_chain;
	unsigned n_signatures, n_steps, n_comparisons;
	bool given_up;
	enum path_told told[PATH_LENGTH_MAX]; /* by status_judge() */
	uint64_t tolerated; /* of the query's, those that are tolerable */
	const struct search
		*outer; /* the one that asks for the issuer of a revocation list; NULL */
};

/* The algorithm is believed for the question: DSA for no server, and with SHA-1 only long ago. */
bool alg_believed(const struct path_query *q, struct blob alg);
/* DSA keys of less than 2048 bits, and with SHA-1: to the end of 2013 (NIST SP 800-131A). */
#define DSA_OLD_ENDED INT64_C(1388534400000)
/* How many usual signatures one by this key is worth. */
unsigned signature_cost(const struct verify_key *k);
/* A signature by the key of a node, which must not inherit its parameters unless it stands in the chain. Counts it. */
bool search_verify(struct search *s, unsigned by, struct blob alg, struct blob tbs, struct blob sig);
/* child's signature by issuer; remembered within the search, but that of a key that inherits its parameters: it is only
 * judged in a chain (true here). */
bool search_signed(struct search *s, unsigned child, unsigned issuer);
/* Everything about the chain that s->chain holds. */
void chain_judge(struct search *s, bool anchored, struct faults *f);
/* The child may have been issued by this one: names, and key identifiers where both are there. */
bool issuer_names_fit(const struct x509_cert *child, const struct x509_cert *issuer);
bool issuer_ids_fit(const struct x509_cert *child, const struct x509_cert *issuer);

/* A chain without a fault from q's leaf; leaves it in s. */
bool search_run(struct search *s, const struct path_query *q, struct arena *a);

/* Status of each certificate of the chain by the query's revocation lists and OCSP responses. */
void status_judge(struct search *s, struct faults *f);
