/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The owner of an account: given by the account with papers, verified or refused by staff, given again. What counts as
 * the same owner is decided by model/owner.h; only verified owners count (SPEC 1).
 */
#pragma once

#include "model/owner.h"
#include "service/svc.h"
#include "store/store_sql.h"

/* Papers of one submission. */
#define OWNER_DOCUMENTS_MAX 5
/* Accounts that are shown beside one with the same number. */
#define OWNER_TWINS_MAX 50

struct owner_view {
	struct row_owner row;
	struct row_attachment *documents; /* of the last submission */
	size_t n_documents;
	struct row_owner_twin *twins; /* for reviewers only */
	size_t n_twins;
};

/* account 0 or the caller's own: itself; another one's: staff only (E_NOT_FOUND otherwise). */
int owner_show(struct svc *s, const struct caller *c, int64_t account, struct arena *a, struct owner_view *ret,
	struct err *e) CHECKED;
/* Staff: submissions of all accounts that wait for a decision, oldest first; the page's key is row.submission. */
int owner_queue(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_owner **ret,
	size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

/* In `data` what is {NULL, 0} stays as it is. */
struct owner_submit {
	const enum owner_kind *kind; /* NULL: as it is */
	struct str name, number;
	const int64_t *documents; /* uploads of the caller's that nothing uses yet */
	size_t n_documents;
};
/* unverified | refused -> pending; a verified owner only with other data, and is unverified from then on. version from
 * If-Match, 0: any. E_STATE_REFUSED while staff look at the last one. */
int owner_submit(struct svc *s, const struct caller *c, int64_t account, int64_t version, const struct owner_submit *in,
	struct arena *a, struct owner_view *ret, struct err *e) CHECKED;
/* Staff: pending -> verified, or refused with a note that the account reads. */
int owner_decide(struct svc *s, const struct caller *c, int64_t account, bool verified, struct str note, struct arena *a,
	struct owner_view *ret, struct err *e) CHECKED;
