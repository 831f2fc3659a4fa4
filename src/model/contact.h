/* SPDX-License-Identifier: Apache-2.0 */
/* The person whom the service asks about an application. */
#pragma once

#include "base/err.h"

struct contact {
	struct str name, email, phone;
};

/* Notes every fault; `prefix` stands before the fields' names ("contact." or ""). Blanks at the
 * ends count as nothing. E_CONTACT_MISSING for what is empty, E_FIELD_FORM for what has not its
 * form. */
void contact_check(const struct contact *c, const char *prefix, struct err *e);
struct contact contact_trim(const struct contact *c);
/* Digits with blanks, hyphens, dots, brackets and a leading plus: 3 to 20 digits. */
bool phone_ok(struct str s);
/* local@domain, the domain with two labels at least; no quoted local parts. */
bool email_ok(struct str s);
/* Anybody gets an address there (policy/free-mail.txt): it does not tell whose company one belongs
 * to. */
bool email_is_free(struct str email);
