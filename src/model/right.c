/* SPDX-License-Identifier: Apache-2.0 */
#include "model/right.h"

const char *const words_role[] = {"owner", "operator", "viewer", "administrator", "reviewer", "support", NULL};
const char *const words_right[] = {"public", "self", "read", "operate", "buy", "manage", "staff_read", "staff_review",
	"staff_support", "staff_admin", NULL};

#define R(x) (1U << RIGHT_##x)

/* Staff work in the operator's own account as its owner would: its certificates are Signet's own. */
static const unsigned rights[ROLES] = {
	[ROLE_OWNER] = R(PUBLIC) | R(SELF) | R(READ) | R(OPERATE) | R(BUY) | R(MANAGE),
	[ROLE_OPERATOR] = R(PUBLIC) | R(SELF) | R(READ) | R(OPERATE),
	[ROLE_VIEWER] = R(PUBLIC) | R(SELF) | R(READ),
	[ROLE_ADMINISTRATOR] = R(PUBLIC) | R(SELF) | R(READ) | R(OPERATE) | R(BUY) | R(MANAGE) |
		R(STAFF_READ) | R(STAFF_REVIEW) | R(STAFF_SUPPORT) | R(STAFF_ADMIN),
	[ROLE_REVIEWER] = R(PUBLIC) | R(SELF) | R(READ) | R(STAFF_READ) | R(STAFF_REVIEW),
	[ROLE_SUPPORT] = R(PUBLIC) | R(SELF) | R(READ) | R(STAFF_READ) | R(STAFF_SUPPORT),
};

bool
role_is_staff(enum role r)
{
	return r >= ROLE_ADMINISTRATOR;
}

bool
role_has(enum role role, enum right right)
{
	return (rights[role] >> right) & 1;
}
