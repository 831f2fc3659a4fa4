/* SPDX-License-Identifier: Apache-2.0 */
/* The subject's distinguished name. */
#include "lint/lint_priv.h"

#include "base/utf8.h"

#define RULE(id, source, severity, scope, check, text)                                             \
	{                                                                                          \
		{id, source, 0, 0, severity, text, NULL, ""}, scope, check                                      \
	}

/* Encoding and upper bound (RFC 5280 A.1, BR 7.1.4.2); order: the place in BR's list, 0 for those without one. */
static const struct attr_type {
	enum lint_at kind;
	size_t max;
	unsigned order;
	bool printable_only;
} types[] = {
	{AT_CN, 64, 11, false},
	{AT_C, 2, 2, true},
	{AT_ST, 128, 3, false},
	{AT_L, 128, 4, false},
	{AT_POSTAL, 40, 5, false},
	{AT_STREET, 128, 6, false},
	{AT_O, 64, 7, false},
	{AT_SURNAME, 64, 8, false},
	{AT_GIVEN, 64, 9, false},
	{AT_OU, 64, 10, false},
	{AT_SERIAL, 64, 0, true},
	{AT_BUSINESS, 128, 0, false},
	{AT_ORGANIZATION_ID, 256, 0, false},
	{AT_JURISDICTION_C, 2, 0, true},
	{AT_JURISDICTION_ST, 128, 0, false},
	{AT_JURISDICTION_L, 128, 0, false},
	{AT_DC, 63, 1, false},
};
static const struct attr_type other = {.kind = AT_OTHER, .max = SIZE_MAX};

static const struct attr_type *
type_of(const struct lint_attr *at)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (at->at == types[i].kind)
			return &types[i];
	return &other;
}

static void
hit_attr(struct lint_out *out, const struct lint_attr *at)
{
	char oid[LINT_PLACE_MAX];

	lint_hit(out, at->tag && der_oid_text(at->oid, oid, sizeof(oid)) ? oid : "subject");
}

/* Calls the rule's own test for each attribute that has a value. */
static void
each(const struct lint_view *v, struct lint_out *out,
	bool (*bad)(const struct lint_attr *at, const struct attr_type *type))
{
	for (unsigned i = 0; i < v->subj.n; i++)
		if (v->subj.attr[i].tag && bad(&v->subj.attr[i], type_of(&v->subj.attr[i])))
			hit_attr(out, &v->subj.attr[i]);
}

static void
dn_unreadable(const struct lint_view *v, struct lint_out *out)
{
	if (v->subj.n && !v->subj.attr[v->subj.n - 1].tag)
		lint_hit(out, "subject");
}

static bool
bad_encoding(const struct lint_attr *at, const struct attr_type *type)
{
	if (type->kind == AT_DC)
		return at->tag != DER_IA5_STRING;
	if (type->kind == AT_OTHER)
		return false;
	return at->tag != DER_PRINTABLE_STRING && (at->tag != DER_UTF8_STRING || type->printable_only);
}

static void
dn_encoding(const struct lint_view *v, struct lint_out *out)
{
	each(v, out, bad_encoding);
}

static bool
printable(struct blob b)
{
	for (size_t i = 0; i < b.n; i++) {
		uint8_t o = b.p[i];
		bool alnum = (o >= '0' && o <= '9') || ((o | 0x20) >= 'a' && (o | 0x20) <= 'z');

		if (!alnum && (o == 0 || !strchr(" '()+,-./:=?", o)))
			return false;
	}
	return true;
}

static bool
bad_characters(const struct lint_attr *at, const struct attr_type *type)
{
	(void)type;
	switch (at->tag) {
	case DER_PRINTABLE_STRING:
		return !printable(at->value);
	case DER_UTF8_STRING:
		return !utf8_printable(str_of(at->value), false);
	case DER_IA5_STRING:
		for (size_t i = 0; i < at->value.n; i++)
			if (at->value.p[i] < 0x20 || at->value.p[i] > 0x7e)
				return true;
		return false;
	default:
		return false;
	}
}

static void
dn_characters(const struct lint_view *v, struct lint_out *out)
{
	each(v, out, bad_characters);
}

static size_t
length_of(const struct lint_attr *at)
{
	if (at->tag == DER_UTF8_STRING && utf8_ok(str_of(at->value)))
		return utf8_len(str_of(at->value));
	return at->value.n;
}

static bool
bad_length(const struct lint_attr *at, const struct attr_type *type)
{
	return length_of(at) > type->max;
}

static void
dn_length(const struct lint_view *v, struct lint_out *out)
{
	each(v, out, bad_length);
}

/* BR 7.1.4.2: no metadata such as "-", "." or blanks in the place of a value. */
static bool
bad_blank(const struct lint_attr *at, const struct attr_type *type)
{
	struct str s = str_of(at->value), trimmed = str_trim(s);

	(void)type;
	if (trimmed.n != s.n || s.n == 0)
		return true;
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("-. _", s.p[i]) || s.p[i] == 0)
			return false;
	return true;
}

static void
dn_blank(const struct lint_view *v, struct lint_out *out)
{
	each(v, out, bad_blank);
}

static bool
bad_country(const struct lint_attr *at, const struct attr_type *type)
{
	if (type->kind != AT_C && type->kind != AT_JURISDICTION_C)
		return false;
	for (size_t i = 0; i < at->value.n; i++)
		if (at->value.p[i] < 'A' || at->value.p[i] > 'Z')
			return true;
	return at->value.n < 2;
}

static void
dn_country(const struct lint_view *v, struct lint_out *out)
{
	each(v, out, bad_country);
}

static void
dn_multivalue(const struct lint_view *v, struct lint_out *out)
{
	for (unsigned i = 1; i < v->subj.n; i++)
		if (v->subj.attr[i].rdn == v->subj.attr[i - 1].rdn)
			hit_attr(out, &v->subj.attr[i]);
}

static void
dn_duplicate(const struct lint_view *v, struct lint_out *out)
{
	bool seen[AT_LAST] = {false};

	for (unsigned i = 0; i < v->subj.n; i++) {
		enum lint_at kind = type_of(&v->subj.attr[i])->kind;

		/* BR 7.1.4.1: these alone may stand several times */
		if (kind == AT_OTHER || kind == AT_DC || kind == AT_STREET)
			continue;
		if (seen[kind])
			hit_attr(out, &v->subj.attr[i]);
		seen[kind] = true;
	}
}

static void
dn_order(const struct lint_view *v, struct lint_out *out)
{
	unsigned last = 0;

	for (unsigned i = 0; i < v->subj.n; i++) {
		unsigned order = type_of(&v->subj.attr[i])->order;

		if (order && order < last)
			hit_attr(out, &v->subj.attr[i]);
		last = MAX(last, order);
	}
}

static bool
bad_ou(const struct lint_attr *at, const struct attr_type *type)
{
	(void)at;
	return type->kind == AT_OU;
}

static void
dn_ou(const struct lint_view *v, struct lint_out *out)
{
	each(v, out, bad_ou);
}

/* -- what the validation type asks for */

static unsigned
attrs_present(const struct lint_view *v)
{
	unsigned set = 0;

	for (unsigned i = 0; i < v->subj.n; i++)
		if (v->subj.attr[i].tag)
			set |= 1U << type_of(&v->subj.attr[i])->kind;
	return set;
}

#define BIT(kind) (1U << (kind))

static void
dv_subject(const struct lint_view *v, struct lint_out *out)
{
	if (lint_has_policy(v, OID_BODY("\x67\x81\x0c\x01\x02\x01")) &&
		(attrs_present(v) & ~(BIT(AT_C) | BIT(AT_CN))))
		lint_hit(out, "");
}

static void
ov_subject(const struct lint_view *v, struct lint_out *out)
{
	unsigned have = attrs_present(v);

	if (lint_has_policy(v, OID_BODY("\x67\x81\x0c\x01\x02\x02")) &&
		(!(have & BIT(AT_O)) || !(have & BIT(AT_C)) || !(have & (BIT(AT_ST) | BIT(AT_L)))))
		lint_hit(out, "");
}

static void
ev_subject(const struct lint_view *v, struct lint_out *out)
{
	unsigned need = BIT(AT_O) | BIT(AT_C) | BIT(AT_SERIAL) | BIT(AT_BUSINESS) | BIT(AT_JURISDICTION_C);
	unsigned have = attrs_present(v);

	if (lint_has_policy(v, OID_BODY("\x67\x81\x0c\x01\x01")) &&
		((have & need) != need || !(have & (BIT(AT_ST) | BIT(AT_L)))))
		lint_hit(out, "");
}

static bool
bad_business(const struct lint_attr *at, const struct attr_type *type)
{
	static const char *const known[] = {
		"Private Organization", "Government Entity", "Business Entity", "Non-Commercial Entity"};

	if (type->kind != AT_BUSINESS)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eq_c(str_of(at->value), known[i]))
			return false;
	return true;
}

static void
ev_business(const struct lint_view *v, struct lint_out *out)
{
	each(v, out, bad_business);
}

static void
ca_subject(const struct lint_view *v, struct lint_out *out)
{
	unsigned need = BIT(AT_C) | BIT(AT_O) | BIT(AT_CN);

	if ((attrs_present(v) & need) != need)
		lint_hit(out, "");
}

static const struct lint_row rows[] = {
	RULE("dn-unreadable", "RFC 5280 4.1.2.6", LINT_ERROR, LINT_ALL, dn_unreadable,
		"the subject is no sequence of sets of attributes"),
	RULE("dn-encoding", "BR 7.1.4.2", LINT_ERROR, LINT_ALL, dn_encoding,
		"an attribute is neither PrintableString nor, where allowed, UTF8String"),
	RULE("dn-characters", "RFC 5280 4.1.2.6", LINT_ERROR, LINT_ALL, dn_characters,
		"an attribute holds characters that its string type does not have, or control characters"),
	RULE("dn-length", "RFC 5280 A.1", LINT_ERROR, LINT_ALL, dn_length,
		"an attribute is longer than its upper bound"),
	RULE("dn-blank", "BR 7.1.4.2", LINT_ERROR, LINT_ALL, dn_blank,
		"an attribute is empty, has blanks at an end, or says nothing"),
	RULE("dn-country", "BR 7.1.4.2", LINT_ERROR, LINT_ALL, dn_country, "a country is not two capital letters"),
	RULE("dn-multivalue", "BR 7.1.4.1", LINT_ERROR, LINT_ALL, dn_multivalue, "several attributes share an RDN"),
	RULE("dn-duplicate", "BR 7.1.4.1", LINT_ERROR, LINT_ALL, dn_duplicate, "an attribute stands twice"),
	RULE("dn-order", "BR 7.1.4.2", LINT_ERROR, LINT_ALL | LINT_PUBLIC, dn_order,
		"the attributes are not in the order of BR"),
	RULE("dn-ou", "BR 7.1.4.2", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, dn_ou, "there is an organizationalUnitName"),
	RULE("dv-subject", "BR 7.1.2.7.2", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, dv_subject,
		"a domain-validated subject holds more than country and common name"),
	RULE("ov-subject", "BR 7.1.2.7.4", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, ov_subject,
		"an organization-validated subject lacks organization, country, or both state and locality"),
	RULE("ev-subject", "EVG 9.2", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, ev_subject,
		"an extended-validation subject lacks one of its attributes"),
	RULE("ev-business", "EVG 9.2.3", LINT_ERROR, LINT_LEAF | LINT_PUBLIC, ev_business,
		"the business category is none of the four"),
	RULE("ca-subject", "BR 7.1.2.10.2", LINT_ERROR, LINT_CA, ca_subject,
		"a CA's subject lacks country, organization or common name"),
};
const struct lint_table lint_dn_rules = {rows, ARRAY_LEN(rows)};
