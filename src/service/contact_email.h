/* SPDX-License-Identifier: Apache-2.0 */
/* The mail address of a contact, confirmed by a one-time link (purpose LINK_CONTACT_EMAIL): notices go to no other. */
#pragma once

#include "service/contact.h"
#include "service/link.h"

/* Mails the link. E_STATE_REFUSED: confirmed already; E_MAIL_NONE, E_MAIL_ADDRESS, E_MAIL_TOO_SOON. */
int contact_confirm_email(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct contact_view *ret,
	struct err *e) CHECKED;

extern const struct link_kind link_contact_email;
