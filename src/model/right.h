/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what. Every route names its right; a role has rights. Users of customer accounts are owner, operator or
 * viewer and reach their own account only; users of the operator's account are staff.
 */
#pragma once

#include "base/str.h"

enum role { ROLE_OWNER, ROLE_OPERATOR, ROLE_VIEWER, ROLE_ADMINISTRATOR, ROLE_REVIEWER, ROLE_SUPPORT, ROLES };
extern const char *const words_role[];
bool role_is_staff(enum role r);

enum right {
	RIGHT_PUBLIC, /* no sign-in */
	RIGHT_SELF, /* anybody signed in */
	RIGHT_READ, /* look at the account's objects */
	RIGHT_OPERATE, /* apply, revoke, deploy … */
	RIGHT_BUY, /* spend the account's money */
	RIGHT_MANAGE, /* users and keys of the account */
	RIGHT_STAFF_READ, /* look at any account */
	RIGHT_STAFF_REVIEW, /* the registration authority's acts */
	RIGHT_STAFF_SUPPORT, /* tickets, corrections */
	RIGHT_STAFF_ADMIN, /* accounts, money, policy, issuers */
	RIGHTS
};
extern const char *const words_right[];
bool role_has(enum role role, enum right right);
