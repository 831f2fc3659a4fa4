/* SPDX-License-Identifier: Apache-2.0 */
/* Whether mails to a user's address arrive: confirmed by a one-time link. A changed address is unconfirmed again. */
#pragma once

#include "service/link.h"

/* Mails the link. Own address, or right manage. E_MAIL_NONE, E_MAIL_ADDRESS, E_MAIL_TOO_SOON, E_STATE_REFUSED (confirmed
 * already). */
int user_confirm_email(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_users *ret,
	struct err *e) CHECKED;

extern const struct link_kind link_user_email;
