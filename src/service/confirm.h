/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The requester's confirmation (SPEC 3.4): OV and EV applications need the word of their contact, given by a one-time link.
 * It is asked for at submission, runs beside the proofs, and holds for the data that it was given for: names, contact,
 * company, key. Without it nobody approves; when its time is over the application fails.
 */
#pragma once

#include "service/apply.h"
#include "service/link.h"

/* Mails the link again. E_STATE_REFUSED: there is nothing to confirm (any more); E_MAIL_NONE, E_MAIL_TOO_SOON. */
int apply_send_confirmation(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct application_view *ret, struct err *e) CHECKED;

/* -- for the application's way; in the transaction of its act */
/* After every edit, and at submission: what was confirmed and is not so any more is void, and its link is dead. The next
 * submission asks anew. */
int application_data_changed(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t id,
	struct err *e) CHECKED;
/* At submission, after the company's copy was taken, and when staff open it again: OV and EV ask, unless the very same was
 * confirmed before. E_MAIL_NONE. */
int confirmation_ask(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_application *app,
	struct err *e) CHECKED;
/* 0, or E_CONFIRMATION_MISSING. */
int confirmation_given(struct db_tx *tx, const struct row_application *app, struct err *e) CHECKED;
/* Applications whose contacts did not confirm in time fail (job sweep). */
int confirmations_lapse(struct svc *s, struct err *e) CHECKED;

extern const struct link_kind link_application;
