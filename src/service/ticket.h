/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tickets (SPEC 3.5): an account asks staff for something, both write, staff act. An account reaches its own alone; staff
 * (right staff_support) reach all, by the queue.
 */
#pragma once

#include "service/svc.h"
#include "store/store_sql.h"

#define TICKET_TEXT_MAX 4000
#define TICKET_THREAD_MAX 200
#define TICKET_ACTS_MAX 50
#define TICKET_FILES_MAX 10
/* Those of one account that are not closed. */
#define TICKET_ALIVE_MAX 50

/* What one side says, with uploads of its own that nothing uses yet (attachment.h). */
struct ticket_word {
	struct str text;
	const int64_t *files;
	size_t n_files;
};
struct ticket_new {
	enum ticket_kind kind;
	bool urgent;
	struct str subject;
	enum ticket_object object; /* TICKET_OF_NOTHING: no object */
	int64_t object_id; /* must be the account's */
	struct ticket_word word;
};

struct ticket_view {
	struct row_ticket row;
	struct row_ticket_message *messages;
	size_t n_messages;
	struct row_ticket_act *acts;
	size_t n_acts;
	struct row_attachment *files;
	size_t n_files;
};

/* E_TICKET_OBJECT, E_ATTACHMENT_*, E_STATE_REFUSED: too many are open. */
int ticket_open(struct svc *s, const struct caller *c, const struct ticket_new *in, struct arena *a, struct ticket_view *ret,
	struct err *e) CHECKED;
/* answered -> open; an open one stays open. E_STATE_REFUSED: closed. */
int ticket_reply(struct svc *s, const struct caller *c, int64_t id, const struct ticket_word *in, struct arena *a,
	struct ticket_view *ret, struct err *e) CHECKED;
int ticket_close(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct ticket_view *ret,
	struct err *e) CHECKED;
int ticket_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct ticket_view *ret, struct err *e)
	CHECKED;
/* state < 0: all; newest first. */
int ticket_show_list(struct svc *s, const struct caller *c, int state, const struct page *page, struct arena *a,
	struct row_ticket **ret, size_t *ret_n, bool *ret_more, struct err *e) CHECKED;

/* -- staff */
/* Urgent ones first, then those that wait longest; the cursor is row.queue. */
int ticket_queue_list(struct svc *s, int state, const struct page *page, struct arena *a, struct row_ticket **ret,
	size_t *ret_n, bool *ret_more, int64_t *ret_total, struct err *e) CHECKED;
int ticket_queue_show(struct svc *s, int64_t id, struct arena *a, struct ticket_view *ret, struct err *e) CHECKED;
/* open -> answered; a further word to an answered one leaves it there. */
int ticket_answer(struct svc *s, const struct caller *c, int64_t id, const struct ticket_word *in, struct arena *a,
	struct ticket_view *ret, struct err *e) CHECKED;
int ticket_end(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct ticket_view *ret, struct err *e)
	CHECKED;
/* What was done about it, by whatever door: kept with the ticket. */
struct ticket_done {
	enum ticket_act act;
	enum ticket_object object; /* TICKET_OF_NOTHING: no object */
	int64_t object_id; /* must be the ticket's account's */
	struct str note; /* {NULL, 0}: none */
};
int ticket_record(struct svc *s, const struct caller *c, int64_t id, const struct ticket_done *in, struct arena *a,
	struct ticket_view *ret, struct err *e) CHECKED;

struct db_tx;
/* In the transaction of an act that names the ticket (0: none; then nothing happens). E_TICKET_OTHER: it is not `account`'s
 * or closed. */
int ticket_acted(struct db_tx *tx, const struct caller *c, int64_t account, int64_t ticket, const struct ticket_done *in,
	struct err *e) CHECKED;
