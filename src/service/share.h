/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sharing certificates between accounts of one verified owner (SPEC 3.12). The receiver's copy is a row among its own
 * certificates, without a key; its state repeats that of the shared one, moved in the same transaction, until the share
 * ends. A share whose end date has come counts as ended from that moment on, before the sweep has marked it.
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

struct certificate_view;
struct db_tx;

struct share_new {
	int64_t certificate, receiver; /* receiver: number of the account */
	const enum share_grade *grade; /* NULL: as it is, `deploy` for a new one */
	const int64_t *ends_ms; /* NULL: as it is, no end for a new one */
};
/* The one that stands, with what is given changed, when it is shared with that account already. E_SHARE_UPLOADED, _RECEIVED,
 * _REVOKED, _REVOKING, _EXPIRED, _SELF, _ACCOUNT, _OWNER, _UNVERIFIED, _SITE; E_FIELD_RANGE: an end that is over. */
int share_create(struct svc *s, const struct caller *c, const struct share_new *in, struct arena *a, struct row_share *ret,
	struct err *e) CHECKED;
/* To the giver and to the receiver. */
int share_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_share *ret, struct err *e)
	CHECKED;

struct share_filter {
	bool received; /* those of others; else the caller's own */
	int64_t certificate; /* of the caller's own; 0: of all */
	int over; /* 0: that go on, 1: that have ended, -1: all */
};
/* Newest first. E_NOT_FOUND: no such certificate. */
int share_list(struct svc *s, const struct caller *c, const struct share_filter *f, const struct page *page, struct arena *a,
	struct row_share **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

struct share_change {
	int64_t id, version; /* version from If-Match; 0: any */
	const enum share_grade *grade;
	const int64_t *ends_ms; /* 0: none */
};
/* By the giver. What opens more is checked as a new share is. E_SHARE_ENDED, E_SHARE_COPY: it is the receiver who asks. */
int share_change(struct svc *s, const struct caller *c, const struct share_change *in, struct arena *a,
	struct row_share *ret, struct err *e) CHECKED;
/* By the giver: the copy's content closes in the same transaction. */
int share_withdraw(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_share *ret, struct err *e)
	CHECKED;

/* Ended, or its end date has come. */
bool share_over(const struct row_share *sh, int64_t now_ms);
/* Those that the copies among these rows come from, by index; id 0: no copy. */
int share_of_lines(struct svc *s, const struct caller *c, const struct row_certificate_line *rows, size_t n, struct arena *a,
	struct row_share **ret, struct err *e) CHECKED;

/* Those whose end date has come (sweep). */
int share_lapse(struct svc *s, struct err *e) CHECKED;

/* -- in the transactions of certificates */

/* Copies go where the certificate (the signing half of a pair) has gone; nothing when it is not shared. */
int share_follow(struct db_tx *tx, const struct svc *s, const struct row_certificate *row, int state, int reason,
	struct err *e) CHECKED;
/* active -> ended, the copy with it, told to both. who acts: the giver, the receiver (SHARE_END_LEFT), or the system in the
 * giver's account. */
int share_finish(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_share *sh,
	enum share_end why, struct err *e) CHECKED;
/* The certificate is deleted: its shares end. */
int share_end_all(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_certificate *row,
	struct err *e) CHECKED;
/* The receiver deletes its copy: the share ends with it. */
int share_leave(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_certificate *row,
	struct err *e) CHECKED;
/* Refuses what only the giver may: `what` as in "cannot be revoked". E_SHARE_COPY; 0: it is no copy. */
int share_refuse_copy(const struct row_certificate *row, const char *what, struct err *e) CHECKED;
/* The share of a copy, and the certificate it comes from (id 0: deleted). Either half of a pair. */
int share_source(struct db_tx *tx, int64_t account, const struct row_certificate *copy, struct arena *a,
	struct row_share *ret, struct row_certificate *ret_from, struct err *e) CHECKED;
/* The receiver takes the files of a copy: only while the share opens them. Fills in the giver's keys, and tells the audit of
 * both accounts. E_SHARE_GRADE, E_CONTENT_CLOSED. */
int share_take(struct db_tx *tx, const struct svc *s, const struct caller *c, struct certificate_view *v, struct arena *a,
	struct err *e) CHECKED;
/* Whether the share opens downloads. E_SHARE_GRADE. */
int share_opens(const struct row_share *sh, struct err *e) CHECKED;
