/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outgoing mail. What shall be sent is queued in the transaction of the act that wants it, as a row without text; the job
 * WORK_MAIL writes the text from what the database holds at that moment and hands it to the mail server, so that nothing
 * secret and nothing outdated waits. A crash between the two sends it once more: with the same Message-ID.
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

struct mail_new {
	enum mail_kind kind;
	int64_t account, object_id; /* of the kind's table */
	struct str to; /* passed mail_address() when it was taken in */
	enum language language;
	int64_t not_before_ms; /* 0: at once */
};
/* Queues. Where no mail server is configured it waits, visibly, until one is or policy mail-life is over. After the commit:
 * svc_kick(). */
int mail_add(struct db_tx *tx, const struct svc *s, const struct mail_new *m, int64_t *ret_id, struct err *e) CHECKED;
/* 0, or E_MAIL_NONE: for acts that cannot do without mail. */
int mail_ready(const struct svc *s, struct err *e) CHECKED;
/* The language in which mails to this account are written where nobody has said otherwise. */
int mail_language(struct db_tx *tx, int64_t account, enum language *ret, struct err *e) CHECKED;

/* What a kind's writer is given. */
struct mail_writing {
	struct svc *s;
	const struct row_mail *mail;
	const uint8_t *random; /* 32 fresh bytes, for a link's token */
	struct arena *a;
	struct str subject, text; /* to be filled in; the foot with the service's address is added */
};
/* Runs in a writing transaction that may be repeated. 1: nothing is to be said any more, the mail is dropped. */
typedef int mail_writer(struct db_tx *tx, struct mail_writing *w, struct err *e);

/* The job. */
int mail_send(struct svc *s, int64_t account, int64_t id, struct err *e) CHECKED;

/* Newest first; staff may ask for another account's (0: the own). */
int mail_show_list(struct svc *s, const struct caller *c, int64_t account, const struct page *page, struct arena *a,
	struct row_mail **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;
