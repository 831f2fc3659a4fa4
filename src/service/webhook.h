/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Webhooks: each notice of an account goes at once to the addresses that it has named, in the form that the receiver knows
 * (webhook_form.c). Address and secret are sealed, as the address alone is enough to write there. A message is a row, queued
 * in the transaction of the notice; the job WORK_WEBHOOK delivers those of one webhook in their order, each at least once,
 * with its number.
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

struct webhook_new {
	enum webhook_type type;
	struct str name, url, secret; /* secret {NULL, 0}: none given */
	int language; /* enum language; -1: the account's */
	const struct str *off; /* kinds of notices */
	size_t n_off;
};
struct webhook_patch {
	struct str name; /* {NULL, 0}: as it is */
	int active, language; /* -1: as it is */
	const struct str *off, *on;
	size_t n_off, n_on;
};

/* *ret_secret: what was made here, else {NULL, 0}. E_WEBHOOK_URL, E_WEBHOOK_SECRET. */
int webhook_create(struct svc *s, const struct caller *c, const struct webhook_new *in, struct arena *a,
	struct row_webhook *ret, struct str *ret_secret, struct err *e) CHECKED;
/* version from If-Match, 0: any. */
int webhook_change(struct svc *s, const struct caller *c, int64_t id, int64_t version, const struct webhook_patch *in,
	struct arena *a, struct row_webhook *ret, struct err *e) CHECKED;
int webhook_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e) CHECKED;
int webhook_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_webhook *ret, struct err *e)
	CHECKED;
int webhook_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_webhook **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
int webhook_deliveries(struct svc *s, const struct caller *c, int64_t id, const struct page *page, struct arena *a,
	struct row_webhook_delivery **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

/* Sends a test message now; what came of it stands in *ret. */
int webhook_test(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_webhook_delivery *ret,
	struct err *e) CHECKED;
/* The last one. */
int webhook_test_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_webhook_delivery *ret,
	struct err *e) CHECKED;

/* For notice_add(): a message to each webhook that wants the kind. */
int webhook_queue(struct db_tx *tx, const struct svc *s, int64_t account, enum notice_kind kind, int64_t notice,
	struct err *e) CHECKED;
/* The job. */
int webhook_run(struct svc *s, int64_t account, int64_t id, struct err *e) CHECKED;
