/* SPDX-License-Identifier: Apache-2.0 */
/* Money, bills and quota (SPEC 3.1). Amounts are integers of the currency's smallest unit. */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

/* Staff put money into an account's wallet. */
int ledger_top_up(struct svc *s, const struct caller *c, int64_t account, int64_t amount, struct str note, struct arena *a,
	struct row_account *ret, struct err *e) CHECKED;
/* A statement, newest first; account 0: the caller's own, another one for staff. */
int ledger_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_ledger **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
/* Staff give {product, names per certificate, certificates per period of so many months} instead of money. Given again, it
 * is changed; what was used of the running period counts. */
int allowance_give(struct svc *s, const struct caller *c, int64_t account, struct str product, int64_t names_max,
	int64_t certificates, int64_t months, struct err *e) CHECKED;
/* As they are now: periods that have passed are counted as rolled over. */
int allowance_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_allowance **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

struct purchase {
	struct str product; /* code; with a predecessor it may be {NULL, 0} */
	int64_t quantity, months; /* months: with a predecessor 0 means as many as there */
	int64_t n_common, n_wildcard; /* never both; both 0: one of the kind that the product sells */
	bool pay; /* charge at once; otherwise the bill waits for bill_pay() */
	/* As typed; with them the quantity is 1, they are counted where no number is given, and once it is paid the
	 * subscription is assigned to them, with a draft that waits for the rest. */
	const struct str *names;
	size_t n_names;
	/* A subscription that it renews (successor.h), 0: none. What is left out (product, months, counts) is as there. */
	int64_t predecessor;
};
/* ret_subscriptions: the new ones when it was paid. All faults of the input at once. E_BALANCE_LOW leaves an unpaid bill
 * (its id is in *ret). An allowance for the product is used up first (price 0). */
int purchase_make(struct svc *s, const struct caller *c, const struct purchase *in, struct arena *a, struct row_bill *ret,
	struct row_subscription **ret_subscriptions, size_t *ret_n, struct err *e) CHECKED;
/* The same for a repeated request: what became of its bill; without money still E_BALANCE_LOW, as the first time. */
int purchase_again(struct svc *s, const struct caller *c, int64_t bill, bool pay, struct arena *a, struct row_bill *ret,
	struct row_subscription **ret_subscriptions, size_t *ret_n, struct err *e) CHECKED;
int bill_pay(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_bill *ret, struct err *e) CHECKED;
int bill_cancel(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_bill *ret, struct err *e)
	CHECKED;
int bill_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_bill *ret, struct err *e)
	CHECKED;
int bill_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_bill **ret,
	size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

/* state < 0: all. */
int subscription_show_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct row_subscription **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
int subscription_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_subscription *ret,
	struct err *e) CHECKED;
/* For staff, of another account. */
int subscription_show_of(struct svc *s, const struct caller *c, int64_t account, int64_t id, struct arena *a,
	struct row_subscription *ret, struct err *e) CHECKED;
