/* SPDX-License-Identifier: Apache-2.0 */
#include "model/contact.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "model/free_mail_priv.h"

#define DOMAIN_MAX 253
#define LOCAL_MAX 64

bool
phone_ok(struct str s)
{
	unsigned digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];

		if (ch >= '0' && ch <= '9')
			digits++;
		else if (!(ch && strchr(" -.()", ch)) && !(ch == '+' && i == 0))
			return false;
	}
	return digits >= 3 && digits <= 20;
}

/* RFC 5321 4.1.2, Dot-string; letters of other scripts may stand in it (RFC 6531). */
static bool
local_ok(struct str s)
{
	if (s.n == 0 || s.n > LOCAL_MAX || s.p[0] == '.' || s.p[s.n - 1] == '.')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];

		if (ch <= ' ' || ch == 0x7f || strchr("()<>[]:;@\\,\"", ch) ||
			(ch == '.' && s.p[i + 1] == '.'))
			return false;
	}
	return true;
}

static bool
label_ok(struct str s)
{
	if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char ch = (unsigned char)s.p[i];

		if (!(ch >= 0x80 || (ch >= '0' && ch <= '9') ||
			    ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') || ch == '-'))
			return false;
	}
	return true;
}

bool
email_ok(struct str s)
{
	struct str local = str_cut(&s, '@');
	unsigned labels = 0;

	if (!s.p || s.n > DOMAIN_MAX || !local_ok(local) || !utf8_printable(s, false))
		return false;
	while (s.p) {
		if (!label_ok(str_cut(&s, '.')))
			return false;
		labels++;
	}
	return labels >= 2;
}

static int
by_name(const void *key, const void *row)
{
	return str_cmp(*(const struct str *)key, str_c(*(const char *const *)row));
}

bool
email_is_free(struct str email)
{
	char lower[DOMAIN_MAX];
	struct str domain;

	str_cut(&email, '@');
	if (!email.p || email.n > sizeof(lower))
		return false;
	for (size_t i = 0; i < email.n; i++)
		lower[i] = (char)(email.p[i] >= 'A' && email.p[i] <= 'Z' ? email.p[i] | 0x20
									 : email.p[i]);
	domain = (struct str){lower, email.n};
	while (domain.p) {
		if (bsearch(&domain, free_mail_table, free_mail_count, sizeof(free_mail_table[0]),
			    by_name))
			return true;
		str_cut(&domain, '.');
	}
	return false;
}

struct contact
contact_trim(const struct contact *c)
{
	return (struct contact){str_trim(c->name), str_trim(c->email), str_trim(c->phone)};
}

void
contact_check(const struct contact *given, const char *prefix, struct err *e)
{
	struct contact c = contact_trim(given);
	char name[ERR_FIELD_MAX], email[ERR_FIELD_MAX], phone[ERR_FIELD_MAX];

	snprintf(name, sizeof(name), "%sname", prefix);
	snprintf(email, sizeof(email), "%semail", prefix);
	snprintf(phone, sizeof(phone), "%sphone", prefix);
	if (c.name.n == 0)
		err_note(e, E_CONTACT_MISSING, name, "the contact has no name");
	if (c.email.n == 0)
		err_note(e, E_CONTACT_MISSING, email, "the contact has no e-mail address");
	else if (!email_ok(c.email))
		err_note(e, E_FIELD_FORM, email,
			"the contact's e-mail address \"%.*s\" has not the form name@example.com",
			STRF(c.email));
	if (c.phone.n == 0)
		err_note(e, E_CONTACT_MISSING, phone, "the contact has no phone number");
	else if (!phone_ok(c.phone))
		err_note(e, E_FIELD_FORM, phone,
			"the contact's phone number \"%.*s\" is none: 3 to 20 digits are, with "
			"country code",
			STRF(c.phone));
}
