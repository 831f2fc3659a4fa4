/* SPDX-License-Identifier: Apache-2.0 */
#include "model/company.h"

#include <stddef.h>
#include <stdio.h>

#include "model/contact.h"
#include "model/country.h"

const char *const words_company_type[] = {
	"individual", "commercial", "government", "non_profit", NULL};
const char *const words_business_category[] = {"private_organization", "government_entity",
	"business_entity", "non_commercial_entity", NULL};

enum form { FORM_TEXT, FORM_NUMBER, FORM_PHONE, FORM_COUNTRY };

static const struct field {
	const char *name, *what;
	size_t offset;
	enum form form;
	bool required;
} fields[] = {
#define FIELD(name, what, form, required)                                   \
	{                                                                   \
#name, what, offsetof(struct company, name), form, required \
	}
	FIELD(name, "name", FORM_TEXT, true),
	FIELD(number, "registration number", FORM_NUMBER, true),
	FIELD(phone, "phone number", FORM_PHONE, true),
	FIELD(country, "country", FORM_COUNTRY, true),
	FIELD(province, "province", FORM_TEXT, true),
	FIELD(city, "city", FORM_TEXT, true),
	FIELD(address, "address", FORM_TEXT, true),
	FIELD(postcode, "postcode", FORM_TEXT, true),
	FIELD(department, "department", FORM_TEXT, false),
	FIELD(jurisdiction_country, "country of registration", FORM_COUNTRY, false),
	FIELD(jurisdiction_province, "province of registration", FORM_TEXT, false),
	FIELD(jurisdiction_locality, "place of registration", FORM_TEXT, false),
};

static struct str *
at(struct company *c, const struct field *f)
{
	return (struct str *)(void *)((char *)c + f->offset);
}

static struct str
value(const struct company *c, const struct field *f)
{
	struct str v;

	memcpy(&v, (const char *)c + f->offset, sizeof(v));
	return v;
}

struct company
company_trim(const struct company *c)
{
	struct company out = *c;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (value(c, &fields[i]).p)
			*at(&out, &fields[i]) = str_trim(value(c, &fields[i]));
	}
	return out;
}

struct company
company_overlay(const struct company *base, const struct company *set)
{
	struct company out = *base;

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		if (value(set, &fields[i]).p)
			*at(&out, &fields[i]) = value(set, &fields[i]);
	}
	if (set->type >= 0)
		out.type = set->type;
	if (set->business_category >= 0)
		out.business_category = set->business_category;
	if (set->licence)
		out.licence = set->licence;
	return out;
}

/* "-", "..." and the like say nothing (BR 7.1.4.2). */
static bool
says_something(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (!s.p[i] || !strchr("-. _", s.p[i]))
			return true;
	}
	return false;
}

/* It becomes a PrintableString (X.680 41.4). */
static bool
number_ok(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char ch = s.p[i];

		if (!((ch >= '0' && ch <= '9') || ((ch | 0x20) >= 'a' && (ch | 0x20) <= 'z') ||
			    (ch && strchr(" '()+,-./:=?", ch))))
			return false;
	}
	return true;
}

static const char *
fault_of(const struct field *f, struct str v)
{
	if (!says_something(v))
		return "says nothing";
	switch (f->form) {
	case FORM_NUMBER:
		return number_ok(v) ? NULL
				    : "may hold letters, digits, blanks and '()+,-./:=? only";
	case FORM_PHONE:
		return phone_ok(v) ? NULL : "is none: 3 to 20 digits are, with country code";
	case FORM_COUNTRY:
		return country_ok(v) ? NULL
				     : "is no country's code of two capital letters (ISO 3166-1), like CN";
	case FORM_TEXT:
		break;
	}
	return NULL;
}

void
company_check(const struct company *c, const char *prefix, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		const struct field *f = &fields[i];
		struct str v = value(c, f);
		char name[ERR_FIELD_MAX];
		const char *fault;

		snprintf(name, sizeof(name), "%s%s", prefix, f->name);
		if (v.n == 0) {
			if (f->required)
				err_note(
					e, E_FIELD_MISSING, name, "the company has no %s", f->what);
			continue;
		}
		fault = fault_of(f, v);
		if (fault)
			err_note(e, E_FIELD_FORM, name, "the company's %s \"%.*s\" %s", f->what,
				STRF(v), fault);
	}
}
