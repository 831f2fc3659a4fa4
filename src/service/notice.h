/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Notices: what the service tells an account by itself. An act that leaves something waiting for a person, or ends
 * something, calls notice_add() in its own transaction; what time does is found by the sweep. A notice is a row with the
 * facts; its words come from its kind (notice_kinds.c) in the reader's language. Mails go at once or once a day, by kind,
 * to users and contacts whose address is confirmed and whose switches say so.
 *
 * A new kind: a word in model/words.h (enum notice_kind), words.c and api/schemas.def, and a row in notice_kinds.c.
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

struct mail_writing;

struct notice_new {
	enum notice_kind kind;
	int64_t account; /* whom it is for: the operator's (svc.own_account) for staff */
	int64_t object_id; /* of the kind's table */
	int64_t mark; /* tells two notices of one kind and object apart; 0: each moment is another one */
	struct str name; /* what people call the object; {NULL, 0}: looked up */
	int code; /* of the registry of errors: its hint is the cure; 0: none */
	struct str detail; /* in the words of who decided; may be {NULL, 0} */
	int64_t due_ms; /* until when something is to be done, or when it ends; 0: none */
};
/* Writes it and queues its mails; the same one (account, kind, object, mark) again does nothing. After the commit:
 * svc_kick(), or the next job comes within a second. */
int notice_add(struct db_tx *tx, const struct svc *s, const struct notice_new *n, struct err *e) CHECKED;
/* One that needs no further words. */
int notice_of(struct db_tx *tx, const struct svc *s, enum notice_kind kind, int64_t account, int64_t object_id, struct err *e)
	CHECKED;

/* To the operator's staff, about an application of another account. */
int notice_staff(struct db_tx *tx, const struct svc *s, enum notice_kind kind, int64_t account, int64_t application,
	int64_t object_id, struct str detail, struct err *e) CHECKED;

/* -- words */

struct notice_words {
	const char *title, *text; /* {name} {id} {detail} {cure} {due} {days} */
};
struct notice_about {
	bool daily; /* waits for the daily mail */
	const char *object; /* collection of the API that object_id belongs to */
	struct notice_words words[2]; /* by enum language */
};
extern const struct notice_about notice_kinds[NOTICE_KINDS];

/* One line; lines. */
struct str notice_title(const struct row_notice *n, enum language language, struct arena *a);
struct str notice_text(const struct row_notice *n, enum language language, struct arena *a);

/* -- reading */

/* Newest first. state: enum notice_state, -1: all. *ret_total: unread ones when these are asked for, else -1. */
int notice_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct row_notice **ret, size_t *ret_n, bool *ret_more, int64_t *ret_total, struct err *e) CHECKED;
int notice_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_notice *ret, struct err *e)
	CHECKED;
/* Marks it as read, and with `earlier` all before it. */
int notice_read(struct svc *s, const struct caller *c, int64_t id, bool earlier, struct arena *a, struct row_notice *ret,
	struct err *e) CHECKED;

/* -- switches */

struct notice_settings_patch {
	int mail; /* 0, 1; -1: as it is */
	int language; /* enum language; -1: as it is */
	const struct str *off, *on; /* kinds */
	size_t n_off, n_on;
};
/* Of a user (everybody his own, owners all) or a contact. */
int notice_settings_show(struct svc *s, const struct caller *c, enum notice_who who, int64_t id, struct arena *a,
	struct row_notice_settings *ret, struct err *e) CHECKED;
int notice_settings_change(struct svc *s, const struct caller *c, enum notice_who who, int64_t id,
	const struct notice_settings_patch *in, struct arena *a, struct row_notice_settings *ret, struct err *e) CHECKED;
/* Whether a certificate's end is told. */
int notice_switch_show(struct svc *s, const struct caller *c, int64_t certificate, struct row_notice_switch *ret,
	struct err *e) CHECKED;
int notice_switch_change(struct svc *s, const struct caller *c, int64_t certificate, bool on,
	struct row_notice_switch *ret, struct err *e) CHECKED;
/* Names of kinds to bits. E_FIELD_FORM at `field`. */
int notice_mask(const struct str *kinds, size_t n, const char *field, int64_t *ret, struct err *e) CHECKED;

/* -- for mail.c and sweep.c */
int notice_write_mail(struct db_tx *tx, struct mail_writing *w, struct err *e);
int notice_write_digest(struct db_tx *tx, struct mail_writing *w, struct err *e);
/* What time makes due, and the daily mails. */
int notice_sweep(struct svc *s, struct err *e) CHECKED;
