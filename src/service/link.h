/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One-time links in mails. The token (256 bits) is made when the mail is written and only its SHA-256 is stored, so that
 * neither the database nor the queue ever holds one that works; a mail that is sent again carries a new token, and the old
 * one is unknown from then on. Opening a link (GET) changes nothing: mail scanners do it. The button on its page (POST) does.
 *
 * A new purpose: a word in model/words.h (enum link_purpose), a `const struct link_kind` in a file of its own, a row in
 * link_kinds.c.
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

struct mail_writing;

/* What a link says, in its language. Plain text: doors escape it. */
struct link_words {
	struct str subject; /* of the mail, heading of the page; one line */
	struct str about; /* what will be confirmed, with names and values; lines */
	struct str button;
	struct str done; /* after it was pressed */
};

struct link_kind {
	/* Fills *ret (arena a) from the link's object. 1: the object is gone or has moved on, the link means nothing any
	 * more; then the mail is dropped and the page says LINK_DEAD. */
	int (*tell)(struct db_tx *tx, struct svc *s, const struct row_link *l, struct arena *a, struct link_words *ret,
		struct err *e);
	/* What the button does: runs in the transaction that consumes the link, after the link has become `used`. An error
	 * leaves the link pending and is shown on the page. Audits its own act; c: the link's account, nobody's user, the
	 * peer's address. */
	int (*used)(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_link *l, struct err *e);
};
/* By purpose. */
extern const struct link_kind *const link_kinds[];

struct link_new {
	enum link_purpose purpose;
	int64_t account, object_id;
	struct str to; /* the caller has checked it with mail_address() */
	enum language language;
	int64_t life_ms; /* from now */
};
/* Makes a link and queues its mail. An earlier pending one of the same purpose and object to the same address dies. A mail
 * to that address about the same object goes at most every policy mail-again. After the commit: svc_kick(). */
int link_open(struct db_tx *tx, const struct svc *s, const struct link_new *l, int64_t *ret_id, struct err *e) CHECKED;
/* Queues the mail of each pending link of the object once more. E_LINK_DEAD: there is none; E_MAIL_TOO_SOON: a mail to one
 * of the addresses is younger than policy mail-again. */
int link_send_again(struct db_tx *tx, const struct svc *s, int64_t account, enum link_purpose purpose, int64_t object_id,
	struct err *e) CHECKED;
/* 0, or E_MAIL_TOO_SOON: the last mail about the object to this address is younger than policy mail-again. */
int link_may_mail(struct db_tx *tx, int64_t account, enum link_purpose purpose, int64_t object_id, struct str to,
	struct err *e) CHECKED;
/* All pending links of the object are dead: it was withdrawn or changed. */
int link_kill(struct db_tx *tx, int64_t account, enum link_purpose purpose, int64_t object_id, struct err *e) CHECKED;
/* All links of the object, oldest first: state, recipient, times. q_link_list() of store_sql.h in a read transaction. */

/* -- for the door. The token is not kept; it never goes into an error. */
struct link_view {
	struct link_words words;
	enum language language;
};
/* What the link is about, for its page. E_LINK_UNKNOWN, E_LINK_USED, E_LINK_DEAD, E_LINK_EXPIRED, E_LINK_THROTTLED. */
int link_look(struct svc *s, struct str peer, struct str token, enum language language, struct arena *a,
	struct link_view *ret, struct err *e) CHECKED;
/* Uses it. The same errors, and those of the purpose. */
int link_use(struct svc *s, struct str peer, struct str token, enum language language, struct arena *a,
	struct link_view *ret, struct err *e) CHECKED;

/* The writer of MAIL_LINK. */
int link_write_mail(struct db_tx *tx, struct mail_writing *w, struct err *e);
