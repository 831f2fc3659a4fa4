/* SPDX-License-Identifier: Apache-2.0 */
/* What one-time links can be for. Each purpose stands in the file of what it confirms. */
#include "service/confirm.h"
#include "service/link.h"
#include "service/email_proof.h"
#include "service/revocation.h"
#include "service/stored_email.h"

const struct link_kind *const link_kinds[] = {
	[LINK_USER_EMAIL] = &link_user_email,
	[LINK_CONTACT_EMAIL] = &link_contact_email,
	[LINK_EMAIL_PROOF] = &link_email_proof,
	[LINK_REVOCATION] = &link_revocation,
	[LINK_APPLICATION] = &link_application,
};
