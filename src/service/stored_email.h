/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mail addresses of contacts and users, confirmed by a one-time link (LINK_CONTACT_EMAIL, LINK_USER_EMAIL): notices go to
 * no other. A changed address is unconfirmed again.
 */
#pragma once

#include "service/link.h"

/* Mails the link; the row as it stands. E_STATE_REFUSED: confirmed already; E_MAIL_NONE, E_MAIL_ADDRESS, E_MAIL_TOO_SOON. */
int contact_confirm_email(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_contact *ret,
	struct err *e) CHECKED;
/* Own address, or right manage. */
int user_confirm_email(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_users *ret,
	struct err *e) CHECKED;

extern const struct link_kind link_contact_email, link_user_email;
