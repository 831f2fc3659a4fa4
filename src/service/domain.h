/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Domains that an account looks after: who holds them (verified by staff), until when, and in which
 * zone of ours they stand. What automatic DNS needs of a domain is decided in one place (SPEC 3.4).
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

/* In a change, what is {NULL, 0} or NULL stays. */
struct domain_data {
	struct str name;   /* of a new domain only: a registered domain, as typed */
	struct str holder; /* as registered; a new one asks staff for verification */
	const int64_t *expires_ms;
	const int64_t *zone; /* 0: none */
};

int domain_create(struct svc *s, const struct caller *c, const struct domain_data *in,
	struct arena *a, struct row_domain *ret, struct err *e) CHECKED;
/* version from If-Match, 0: any. */
int domain_change(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	const struct domain_data *in, struct arena *a, struct row_domain *ret,
	struct err *e) CHECKED;
int domain_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
int domain_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_domain *ret, struct err *e) CHECKED;
int domain_show_list(struct svc *s, const struct caller *c, const struct page *page,
	struct arena *a, struct row_domain **ret, size_t *ret_n, bool *ret_more,
	struct err *e) CHECKED;
/* Staff: domains of all accounts whose holder waits for a decision. */
int domain_review_list(struct svc *s, const struct caller *c, const struct page *page,
	struct arena *a, struct row_domain **ret, size_t *ret_n, bool *ret_more,
	struct err *e) CHECKED;
/* Staff: one of them, of any account. */
int domain_review_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_domain *ret, struct err *e) CHECKED;
/* Staff: pending -> verified, or refused with a note that the account reads. version: of the domain as it was judged
 * (0: any), for its account may give another holder meanwhile. E_PRECONDITION. */
int domain_verify_holder(struct svc *s, const struct caller *c, int64_t id, int64_t version, bool verified,
	struct str note, struct arena *a, struct row_domain *ret, struct err *e) CHECKED;

/* What automatic DNS lacks: bits 1 << enum dns_need; 0: nothing. NULL: the account has no such
 * domain. */
unsigned domain_missing(const struct row_domain *d, int64_t now_ms);
/* The first thing to do about it, as a sentence. */
struct str domain_advice(unsigned missing, struct str name, struct arena *a);
