/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Orders as a whole (SPEC 3.5): a subscription with its application. An applicant closes one; staff open it again as it
 * was, and send applications back for correction.
 */
#pragma once

#include "service/apply.h"

/* unassigned|not_activated|assigned -> closed, and the application under it with it: its values to publish die, what was
 * proven stays. E_STATE_REFUSED: active, or an application that is being issued. */
int order_close(struct svc *s, const struct caller *c, int64_t subscription, struct arena *a, struct row_subscription *ret,
	struct err *e) CHECKED;

/* What staff do in a customer's account. */
struct order_act {
	int64_t account;
	struct str reason; /* {NULL, 0}: none given */
	int64_t ticket; /* that asks for it, which keeps the act; 0: none */
};
/* closed -> the state before; its application as well: draft, or validating with new values for what has no valid proof.
 * E_STATE_REFUSED: not closed (a merged one never is), or its window of use is over and no application was on its way. */
int order_reopen(struct svc *s, const struct caller *c, int64_t subscription, const struct order_act *in, struct arena *a,
	struct row_subscription *ret, struct err *e) CHECKED;
/* validating|reviewing -> draft with the reason, which the applicant reads; proofs stay. E_STATE_REFUSED. */
int order_correct(struct svc *s, const struct caller *c, int64_t application, const struct order_act *in, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;
/* The same for a repeated request: the application as it is now. */
int order_correct_again(struct svc *s, int64_t application, const struct order_act *in, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;
int order_reopen_again(struct svc *s, int64_t subscription, const struct order_act *in, struct arena *a,
	struct row_subscription *ret, struct err *e) CHECKED;

/* -- the orders page: for each subscription its newest application */

struct order_filter {
	int status; /* enum order_status; -1: all */
	struct str product; /* code; {NULL, 0}: all */
	struct str name; /* a whole name of an application; {NULL, 0}: all */
	struct str search; /* the beginning of a name, or the subscription's own ("cas-…"); {NULL, 0}: all */
	int64_t since_ms, until_ms; /* when it was bought; 0 and INT64_MAX: ever */
};
struct order {
	struct row_order_line row;
	int64_t refundable_until_ms; /* 0: its price never comes back (any more) */
	int64_t expected_ms; /* when the present step ends; 0: nobody can tell */
	bool ending; /* its newest certificate ends within `renew-before`, or has: the next one is due */
};
/* Newest first; the cursor is the subscription's id. Of names, the first thousand that fit are looked through.
 * E_PRODUCT_UNFIT: there is no such product. */
int order_list(struct svc *s, const struct caller *c, const struct order_filter *f, const struct page *page, struct arena *a,
	struct order **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
int order_show(struct svc *s, const struct caller *c, int64_t subscription, struct arena *a, struct order *ret, struct err *e)
	CHECKED;
