/* SPDX-License-Identifier: Apache-2.0 */
/* The subject's distinguished name. */
#include "lint/lint_priv.h"

#include "base/utf8.h"

#define RULE(id, source, severity, scope, check, text)                                             \
	{                                                                                          \
		{id, source, 0, severity, text}, scope, check                                      \
	}

enum attr_kind {
	AT_OTHER,
	AT_DC,
	AT_C,
	AT_ST,
	AT_L,
	AT_POSTAL,
	AT_STREET,
	AT_O,
	AT_SURNAME,
	AT_GIVEN,
	AT_OU,
	AT_CN,
	AT_SERIAL,
	AT_BUSINESS,
	AT_JURISDICTION_C,
	AT_JURISDICTION_ST,
	AT_JURISDICTION_L,
	AT_ORGANIZATION_ID,
	AT_LAST,
};

/* Encoding and upper bound (RFC 5280 A.1, BR 7.1.4.2); order: the place in BR's list, 0 for those without one. */
static const struct attr_type {
	struct blob oid;
	enum attr_kind kind;
	size_t max;
	unsigned order;
	bool printable_only;
} types[] = {
	{OID_BODY("\x55\x04\x03"), AT_CN, 64, 11, false},
	{OID_BODY("\x55\x04\x06"), AT_C, 2, 2, true},
	{OID_BODY("\x55\x04\x08"), AT_ST, 128, 3, false},
	{OID_BODY("\x55\x04\x07"), AT_L, 128, 4, false},
	{OID_BODY("\x55\x04\x11"), AT_POSTAL, 40, 5, false},
	{OID_BODY("\x55\x04\x09"), AT_STREET, 128, 6, false},
	{OID_BODY("\x55\x04\x0a"), AT_O, 64, 7, false},
	{OID_BODY("\x55\x04\x04"), AT_SURNAME, 64, 8, false},
	{OID_BODY("\x55\x04\x2a"), AT_GIVEN, 64, 9, false},
	{OID_BODY("\x55\x04\x0b"), AT_OU, 64, 10, false},
	{OID_BODY("\x55\x04\x05"), AT_SERIAL, 64, 0, true},
	{OID_BODY("\x55\x04\x0f"), AT_BUSINESS, 128, 0, false},
	{OID_BODY("\x55\x04\x61"), AT_ORGANIZATION_ID, 256, 0, false},
	{OID_BODY("\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x03"), AT_JURISDICTION_C, 2, 0, true},
	{OID_BODY("\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x02"), AT_JURISDICTION_ST, 128, 0, false},
	{OID_BODY("\x2b\x06\x01\x04\x01\x82\x37\x3c\x02\x01\x01"), AT_JURISDICTION_L, 128, 0, false},
};
static const struct attr_type domain_component = {
	OID_BODY("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19"), AT_DC, 63, 1, false};
static const struct attr_type other = {.kind = AT_OTHER, .max = SIZE_MAX};

static const struct attr_type *
type_of(const struct lint_attr *at)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (blob_eq(at->oid, types[i].oid))
			return &types[i];
	return blob_eq(at->oid, domain_component.oid) ? &domain_component : &other;
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
	for (unsigned i = 0; i < v->n_attr; i++)
		if (v->attr[i].tag && bad(&v->attr[i], type_of(&v->attr[i])))
			hit_attr(out, &v->attr[i]);
}

static void
dn_unreadable(const struct lint_view *v, struct lint_out *out)
{
	if (v->n_attr && !v->attr[v->n_attr - 1].tag)
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
	for (unsigned i = 1; i < v->n_attr; i++)
		if (v->attr[i].rdn == v->attr[i - 1].rdn)
			hit_attr(out, &v->attr[i]);
}

static void
dn_duplicate(const struct lint_view *v, struct lint_out *out)
{
	bool seen[AT_LAST] = {false};

	for (unsigned i = 0; i < v->n_attr; i++) {
		enum attr_kind kind = type_of(&v->attr[i])->kind;

		/* BR 7.1.4.1: these alone may stand several times */
		if (kind == AT_OTHER || kind == AT_DC || kind == AT_STREET)
			continue;
		if (seen[kind])
			hit_attr(out, &v->attr[i]);
		seen[kind] = true;
	}
}

static void
dn_order(const struct lint_view *v, struct lint_out *out)
{
	unsigned last = 0;

	for (unsigned i = 0; i < v->n_attr; i++) {
		unsigned order = type_of(&v->attr[i])->order;

		if (order && order < last)
			hit_attr(out, &v->attr[i]);
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

	for (unsigned i = 0; i < v->n_attr; i++)
		if (v->attr[i].tag)
			set |= 1U << type_of(&v->attr[i])->kind;
	return set;
}

static bool
has_policy(const struct lint_view *v, struct blob oid)
{
	for (unsigned i = 0; i < v->n_policies; i++)
		if (blob_eq(v->policy[i], oid))
			return true;
	return false;
}

#define BIT(kind) (1U << (kind))

static void
dv_subject(const struct lint_view *v, struct lint_out *out)
{
	if (has_policy(v, OID_BODY("\x67\x81\x0c\x01\x02\x01")) &&
		(attrs_present(v) & ~(BIT(AT_C) | BIT(AT_CN))))
		lint_hit(out, "");
}

static void
ov_subject(const struct lint_view *v, struct lint_out *out)
{
	unsigned have = attrs_present(v);

	if (has_policy(v, OID_BODY("\x67\x81\x0c\x01\x02\x02")) &&
		(!(have & BIT(AT_O)) || !(have & BIT(AT_C)) || !(have & (BIT(AT_ST) | BIT(AT_L)))))
		lint_hit(out, "");
}

static void
ev_subject(const struct lint_view *v, struct lint_out *out)
{
	unsigned need = BIT(AT_O) | BIT(AT_C) | BIT(AT_SERIAL) | BIT(AT_BUSINESS) | BIT(AT_JURISDICTION_C);
	unsigned have = attrs_present(v);

	if (has_policy(v, OID_BODY("\x67\x81\x0c\x01\x01")) &&
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
	RULE("dn-length", "RFC 5280 A.1", LINT_ERROR, LINT_ALL, dn_length, "an attribute is longer than its upper bound"),
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
