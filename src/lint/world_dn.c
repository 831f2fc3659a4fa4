/* SPDX-License-Identifier: Apache-2.0 */
/* Distinguished names: what may stand in them, how it is written, and how long it is. */
#include "base/utf8.h"
#include "lint/chars.h"
#include "lint/world.h"

static bool
has(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, s->arg);

	return at && lint_spot_text(s, at->value);
}

static bool
lacks(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, s->arg);

	return !at || !at->value.n;
}

static bool
empty_subject(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->subj.n == 0;
}

static bool
empty_issuer(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->iss.n == 0;
}

static bool
empty_without_san(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->subj.n == 0 && !v->x[LX_SAN];
}

static bool
unreadable(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (v->subj.n && !v->subj.attr[v->subj.n - 1].tag) || (v->iss.n && !v->iss.attr[v->iss.n - 1].tag);
}

static bool
several_in_rdn(const struct lint_dn *dn, struct lint_spot *s)
{
	for (unsigned i = 1; i < dn->n; i++)
		if (dn->attr[i].rdn == dn->attr[i - 1].rdn)
			return lint_spot_oid(s, dn->attr[i].oid);
	return false;
}

static bool
subject_rdn(const struct lint_view *v, struct lint_spot *s)
{
	return several_in_rdn(&v->subj, s);
}

static bool
issuer_rdn(const struct lint_view *v, struct lint_spot *s)
{
	return several_in_rdn(&v->iss, s);
}

static bool
several(const struct lint_view *v, struct lint_spot *s)
{
	return lint_attr_count(&v->subj, s->arg) > 1;
}

/* -- lengths */

static size_t
characters(const struct lint_attr *at)
{
	if (at->tag == DER_UTF8_STRING && utf8_ok(str_of(at->value)))
		return utf8_len(str_of(at->value));
	return at->tag == 0x1e ? at->value.n / 2 : at->value.n;
}

#define LONGER(at, n) ((unsigned)(at) | (unsigned)(n) << 8)

static bool
longer(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++) {
		const struct lint_attr *at = &v->subj.attr[i];

		if (at->at == (s->arg & 0xff) && at->tag && characters(at) > s->arg >> 8)
			return lint_spot_text(s, at->value);
	}
	return false;
}

/* X.520's upper bounds of the kinds that RFC 5280 lists. */
static bool
bounds(const struct lint_view *v, struct lint_spot *s)
{
	static const unsigned most[AT_LAST] = {[AT_CN] = 64, [AT_O] = 64, [AT_OU] = 64, [AT_L] = 128, [AT_ST] = 128,
		[AT_C] = 2, [AT_SERIAL] = 64};

	for (unsigned i = 0; i < v->subj.n; i++) {
		const struct lint_attr *at = &v->subj.attr[i];

		if (most[at->at] && at->tag && characters(at) > most[at->at])
			return lint_spot_text(s, at->value);
	}
	return false;
}

static bool
mail_long(const struct lint_view *v, struct lint_spot *s)
{
	return longer(v, s);
}

/* -- characters */

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
bad_printable(const struct lint_attr *at)
{
	return at->tag == DER_PRINTABLE_STRING && !printable(at->value);
}

static bool
bad_utf8(const struct lint_attr *at)
{
	return at->tag == DER_UTF8_STRING && !utf8_ok(str_of(at->value)) && at->value.n;
}

static bool
control(const struct lint_attr *at)
{
	struct str s = str_of(at->value);
	uint32_t c;

	if (at->tag == DER_UTF8_STRING && utf8_ok(s)) {
		while ((c = utf8_next(&s)) != UINT32_MAX)
			if (c < 0x20 || (c >= 0x7f && c < 0xa0))
				return true;
		return false;
	}
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

static bool
blank_before(const struct lint_attr *at)
{
	return at->value.n && at->value.p[0] == ' ';
}

static bool
blank_behind(const struct lint_attr *at)
{
	return at->value.n && at->value.p[at->value.n - 1] == ' ';
}

/* "-", ".", "n/a" and the like in the place of a value (BR 7.1.4.2). */
static bool
says_nothing(const struct lint_attr *at)
{
	for (size_t i = 0; i < at->value.n; i++)
		if (!strchr(" -.*#?!,:;/\\_", at->value.p[i]) || at->value.p[i] == 0)
			return false;
	return true;
}

static bool
structured(const struct lint_attr *at)
{
	if (at->at != AT_ST && at->at != AT_L)
		return false;
	for (size_t i = 0; i < at->value.n; i++)
		if (at->value.p[i] && strchr("=:{};\"|\\[]", at->value.p[i]))
			return true;
	return false;
}

static bool
html(const struct lint_attr *at)
{
	struct str s = str_of(at->value);

	for (size_t i = 0; i + 3 < s.n; i++) {
		size_t k = i + 1;

		if (s.p[i] != '&')
			continue;
		if (s.p[k] == '#')
			k++;
		while (k < s.n && k < i + 9 &&
			((s.p[k] >= '0' && s.p[k] <= '9') || ((s.p[k] | 0x20) >= 'a' && (s.p[k] | 0x20) <= 'z')))
			k++;
		/* companies do call themselves so */
		if (k < s.n && s.p[k] == ';' && k > i + 2 && !(at->at == AT_O && k == i + 4 && memcmp(s.p + i,
		"&amp", 4) == 0))
			return true;
	}
	return false;
}

/* UTF-8 that was taken for Latin-1 and written as UTF-8 again. */
static bool
twice_utf8(const struct lint_attr *at)
{
	struct str s = str_of(at->value);
	uint32_t last = 0, c;

	if (at->tag != DER_UTF8_STRING || !utf8_ok(s))
		return false;
	for (; (c = utf8_next(&s)) != UINT32_MAX; last = c)
		if (last >= 0xc2 && last <= 0xf4 && c >= 0x80 && c <= 0xbf)
			return true;
	return false;
}

static bool
teletex(const struct lint_attr *at)
{
	return at->tag != DER_PRINTABLE_STRING && at->tag != DER_UTF8_STRING && at->tag != DER_IA5_STRING;
}

static bool
country_string(const struct lint_attr *at)
{
	return at->at == AT_C && at->tag != DER_PRINTABLE_STRING;
}

static bool
country_case(const struct lint_attr *at)
{
	if (at->at != AT_C && at->at != AT_JURISDICTION_C)
		return false;
	for (size_t i = 0; i < at->value.n; i++)
		if (at->value.p[i] >= 'a' && at->value.p[i] <= 'z')
			return true;
	return false;
}

static bool
country_unknown(const struct lint_attr *at)
{
	struct str s = str_of(at->value);

	char room[2];

	s = lint_lower(s, room, sizeof(room));
	for (size_t i = 0; i < s.n; i++)
		room[i] = (char)(room[i] & ~0x20);
	return at->at == AT_C && (at->value.n != 2 || (!lint_country_known(s) && !str_eq(s, STR("XX"))));
}

static bool
country_length(const struct lint_attr *at)
{
	return (at->at == AT_C || at->at == AT_JURISDICTION_C) && at->value.n != 2;
}

static bool
serial_string(const struct lint_attr *at)
{
	return at->at == AT_SERIAL && at->tag != DER_PRINTABLE_STRING;
}

static bool
mail_string(const struct lint_attr *at)
{
	return (at->at == AT_EMAIL || at->at == AT_DC) && at->tag != DER_IA5_STRING;
}

/* BR 7.1.4.2, tables 77 and 78 */
static bool
table_encoding(const struct lint_attr *at)
{
	bool printable = at->tag == DER_PRINTABLE_STRING;

	if (at->at == AT_OTHER || at->at == AT_EMAIL || at->at == AT_PSEUDONYM || at->at == AT_TITLE)
		return false;
	if (at->at == AT_DC)
		return at->tag != DER_IA5_STRING;
	if (at->at == AT_C || at->at == AT_SERIAL || at->at == AT_JURISDICTION_C)
		return !printable;
	return !printable && at->tag != DER_UTF8_STRING;
}

typedef bool attr_test(const struct lint_attr *at);
enum {
	BAD_PRINTABLE,
	BAD_UTF8,
	CONTROL,
	BLANK_BEFORE,
	BLANK_BEHIND,
	NOTHING,
	STRUCTURED,
	HTML,
	TWICE_UTF8,
	TELETEX,
	COUNTRY_STRING,
	COUNTRY_CASE,
	COUNTRY_UNKNOWN,
	COUNTRY_LENGTH,
	SERIAL_STRING,
	MAIL_STRING,
	TABLE,
};
static attr_test *const tests[] = {bad_printable, bad_utf8, control, blank_before, blank_behind, says_nothing,
	structured,
	html, twice_utf8, teletex, country_string, country_case, country_unknown, country_length, serial_string,
		mail_string,
	table_encoding};

static bool
any(const struct lint_dn *dn, struct lint_spot *s)
{
	for (unsigned i = 0; i < dn->n; i++)
		if (dn->attr[i].tag && tests[s->arg](&dn->attr[i]))
			return lint_spot_oid(s, dn->attr[i].oid);
	return false;
}

static bool
in_subject(const struct lint_view *v, struct lint_spot *s)
{
	return any(&v->subj, s);
}

static bool
in_issuer(const struct lint_view *v, struct lint_spot *s)
{
	return any(&v->iss, s);
}

/* -- order and number */

/* BR 7.1.4.2: the places of the table. */
static unsigned
place_of(enum lint_at at)
{
	static const unsigned places[AT_LAST] = {[AT_DC] = 1,
		[AT_C] = 2,
		[AT_ST] = 3,
		[AT_L] = 4,
		[AT_POSTAL] = 5,
		[AT_STREET] = 6,
		[AT_O] = 7,
		[AT_SURNAME] = 8,
		[AT_GIVEN] = 9,
		[AT_OU] = 10,
		[AT_CN] = 11};

	return places[at];
}

static bool
out_of_order(const struct lint_view *v, struct lint_spot *s)
{
	unsigned last = 0;

	for (unsigned i = 0; i < v->subj.n; i++) {
		unsigned place = place_of(v->subj.attr[i].at);

		if (place && place < last)
			return lint_spot_oid(s, v->subj.attr[i].oid);
		last = MAX(last, place);
	}
	return false;
}

static bool
twice(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 1; i < v->subj.n; i++)
		for (unsigned k = 0; k < i; k++) {
			enum lint_at at = v->subj.attr[i].at;

			if (at != AT_DC && at != AT_STREET && at != AT_OTHER && at == v->subj.attr[k].at)
				return lint_spot_oid(s, v->subj.attr[i].oid);
		}
	return false;
}

static bool
unit_without_organization(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_attr_of(&v->subj, AT_OU) && !lint_attr_of(&v->subj, AT_O);
}

static bool
domain_components(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++) {
		const struct lint_attr *at = &v->subj.attr[i];

		if (at->at == AT_DC && (!lint_ldh_label(str_of(at->value)) || at->value.n > 63))
			return lint_spot_text(s, at->value);
	}
	return false;
}

/* -- what belongs to a person, an organization, a place */

#define HAVE(v, at) (lint_attr_of(&(v)->subj, at) != NULL)

static bool
place_without_organization(const struct lint_view *v, struct lint_spot *s)
{
	return HAVE(v, s->arg) && !HAVE(v, AT_O) && !HAVE(v, AT_GIVEN) && !HAVE(v, AT_SURNAME);
}

static bool
no_country(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (HAVE(v, AT_O) || HAVE(v, AT_GIVEN) || HAVE(v, AT_SURNAME)) && !HAVE(v, AT_C);
}

/* arg: which of the two is missing while the other one is, too. */
static bool
no_place(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (HAVE(v, AT_O) || HAVE(v, AT_GIVEN) || HAVE(v, AT_SURNAME)) && !HAVE(v, AT_ST) && !HAVE(v, AT_L);
}

static bool
name_without_policy(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (HAVE(v, AT_GIVEN) || HAVE(v, AT_SURNAME)) && !(v->scope & LINT_IV);
}

static bool
country_codes(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++)
		if (v->subj.attr[i].at == AT_C && !lint_country_known(str_of(v->subj.attr[i].value)) &&
			!blob_eq(v->subj.attr[i].value, BLOB("XX", 2)))
			return lint_spot_text(s, v->subj.attr[i].value);
	return false;
}

#define N(id, source, from, until, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, until, severity, scope, fn, arg, "subject", aka, text, cure)
#define N_ISSUER(id, source, from, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, "issuer", aka, text, cure)
#define SHORTEN "Issue again with a shorter value."
#define WRITE_STRING "Issue again with the value as PrintableString or UTF8String, as BR 7.1.4.2 says."
#define TAKE_OUT "Issue again without the attribute."
#define PUT_IN "Issue again with the attribute."
#define CLEAN "Issue again with the value cleaned of it."
#define LEN(id, at, max, aka, what) \
	N(id, "RFC 5280 A.1", RFC2459, 0, LINT_ERROR, LINT_ALL, longer, LONGER(at, max), aka, what, SHORTEN)
#define TLS_LEAF (LINT_LEAF | LINT_SELF | LINT_BR)
#define GIVEN_NAMES DAY(2016, 9, 7)

static const struct lint_world_row rows[] = {
	N("dn-malformed", "RFC 5280 4.1.2.6", 0, 0, LINT_ERROR, LINT_ALL, unreadable, 0, "",
		"a name is no sequence of sets of attributes", "Issue again with the name as X.501 writes it."),
	N("subject-empty-ca", "RFC 5280 4.1.2.6", RFC5280, 0, LINT_ERROR, LINT_CA, empty_subject, 0,
		"e_ca_subject_field_empty pkix.name_empty", "a CA has an empty subject", "Issue again with a subject."),
	N("subject-empty", "RFC 5280 4.1.2.6", RFC2459, 0, LINT_ERROR, LINT_ALL, empty_without_san, 0,
		"e_subject_empty_without_san", "there is neither a subject nor a subjectAltName",
		"Issue again with a subject or a subjectAltName."),
	N_ISSUER("issuer-empty-name", "RFC 5280 4.1.2.4", RFC2459, LINT_ERROR, LINT_ALL, empty_issuer, 0,
		"e_issuer_field_empty", "the issuer's name is empty", "Issue under a CA that has a name."),
	N_ISSUER("issuer-empty-ca", "RFC 5280 4.1.2.4", 0, LINT_ERROR, LINT_ALL, empty_issuer, 0, "pkix.name_empty",
		"the issuer's name is empty", "Issue under a CA that has a name."),
	N("subject-rdn-several", "RFC 5280 4.1.2.4", 0, 0, LINT_NOTE, LINT_ALL, subject_rdn, 0,
		"n_multiple_subject_rdn",
		"several attributes share an RDN", "Give each attribute an RDN of its own."),
	N_ISSUER("issuer-rdn-several", "RFC 5280 4.1.2.4", 0, LINT_WARN, LINT_ALL, issuer_rdn, 0,
		"w_multiple_issuer_rdn",
		"several attributes of the issuer share an RDN", "Give each attribute an RDN of its own."),
	N("subject-rdn-tls", "BR 7.1.4.1", BR_2, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC | LINT_TLS, subject_rdn, 0,
		"cabf.serverauth.rdn_contains_multiple_atvs", "several attributes share an RDN",
		"Give each attribute an RDN of its own."),
	N("subject-order", "BR 7.1.4.2", BR_2, 0, LINT_ERROR, LINT_LEAF | LINT_BR, out_of_order, 0,
		"e_invalid_subject_rdn_order cabf.serverauth.invalid_rdn_order",
		"the attributes are not in the order of BR 7.1.4.2",
		"Issue again with the attributes in order: country, state, locality, organization, common name."),
	N("subject-twice", "BR 7.1.4.1", BR_2, 0, LINT_ERROR, TLS_LEAF, twice, 0,
		"e_duplicate_subject_attribs cabf.serverauth.prohibited_duplicate_attribute_type",
		"an attribute stands twice that may stand once", "Issue again with each attribute once."),
	N("subject-twice-ca", "BR 7.1.4.1", BR_2, 0, LINT_ERROR, LINT_CA | LINT_BR, twice, 0,
		"cabf.serverauth.prohibited_duplicate_attribute_type", "an attribute stands twice that may stand once",
		"Issue again with each attribute once."),
	N("subject-encoding", "BR 7.1.4.2", BR_2, 0, LINT_ERROR, LINT_ALL | LINT_BR, in_subject, TABLE,
		"e_subject_rdns_correct_encoding "
		"cabf.serverauth.attribute_value_invalid_encoding_type",
		"an attribute is in a string type that the Baseline Requirements do not allow",
		WRITE_STRING),
	N("subject-legacy-string", "RFC 5280 4.1.2.6", RFC5280, 0, LINT_NOTE, LINT_ALL, in_subject, TELETEX, "",
		"an attribute is in a string type that RFC 5280 keeps for old names", WRITE_STRING),
	N("subject-printable", "RFC 5280 4.1.2.4", RFC2459, 0, LINT_ERROR, LINT_ALL, in_subject, BAD_PRINTABLE,
		"e_subject_printable_string_badalpha", "a PrintableString holds characters that it does not have",
		WRITE_STRING),
	N("subject-utf8", "RFC 5280 4.1.2.6", 0, 0, LINT_ERROR, LINT_ALL, in_subject, BAD_UTF8, "",
		"a UTF8String is not valid UTF-8", WRITE_STRING),
	N("subject-control", "RFC 5280 4.1.2.6", 0, 0, LINT_ERROR, LINT_ALL, in_subject, CONTROL,
		"e_subject_dn_not_printable_characters", "an attribute holds control characters", CLEAN),
	N("subject-blank-before", "RFC 5280 4.1.2.6", 0, 0, LINT_WARN, LINT_ALL, in_subject, BLANK_BEFORE,
		"w_subject_dn_leading_whitespace", "an attribute begins with a blank", CLEAN),
	N("subject-blank-behind", "RFC 5280 4.1.2.6", 0, 0, LINT_WARN, LINT_ALL, in_subject, BLANK_BEHIND,
		"w_subject_dn_trailing_whitespace", "an attribute ends with a blank", CLEAN),
	N_ISSUER("issuer-blank-before", "RFC 5280 4.1.2.4", 0, LINT_WARN, LINT_ALL, in_issuer, BLANK_BEFORE,
		"w_issuer_dn_leading_whitespace", "an attribute of the issuer begins with a blank", CLEAN),
	N_ISSUER("issuer-blank-behind", "RFC 5280 4.1.2.4", 0, LINT_WARN, LINT_ALL, in_issuer, BLANK_BEHIND,
		"w_issuer_dn_trailing_whitespace", "an attribute of the issuer ends with a blank", CLEAN),
	N("subject-says-nothing", "BR 7.1.4.2", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, in_subject, NOTHING,
		"e_subject_contains_noninformational_value "
		"cabf.insignificant_attribute_value_present",
		"an attribute is empty or says nothing", TAKE_OUT),
	N("subject-structured", "BR 3.2.2.1", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, in_subject, STRUCTURED,
		"e_state_or_province_name_must_not_contain_control_characters",
		"a state or locality holds characters of data formats, not of names of places", CLEAN),
	N("subject-html", "BR 7.1.4.2", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, in_subject, HTML,
		"e_subj_contains_html_entities cabf.name.attribute_value_contains_html_entity",
		"an attribute holds an HTML entity", CLEAN),
	N("subject-utf8-twice", "BR 7.1.4.2", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, in_subject, TWICE_UTF8,
		"e_utf8_latin1_mixup", "an attribute was encoded in UTF-8 twice", CLEAN),
	N("subject-country-string", "RFC 5280 A.1", RFC2459, 0, LINT_ERROR, LINT_ALL, in_subject, COUNTRY_STRING,
		"e_subject_dn_country_not_printable_string", "the country is no PrintableString",
		"Issue again with the country as PrintableString."),
	N_ISSUER("issuer-country-string", "RFC 5280 A.1", RFC2459, LINT_ERROR, LINT_ALL, in_issuer, COUNTRY_STRING,
		"e_issuer_dn_country_not_printable_string", "the issuer's country is no PrintableString",
		"Issue under a CA whose country is a PrintableString."),
	N("subject-serial-string", "RFC 5280 A.1", RFC2459, 0, LINT_ERROR, LINT_ALL, in_subject, SERIAL_STRING,
		"e_subject_dn_serial_number_not_printable_string", "serialNumber is no PrintableString", WRITE_STRING),
	N_ISSUER("issuer-serial-string", "RFC 5280 A.1", RFC2459, LINT_ERROR, LINT_ALL, in_issuer, SERIAL_STRING,
		"e_issuer_dn_serial_number_not_printable_string", "serialNumber of the issuer is no PrintableString",
		WRITE_STRING),
	N("subject-ia5", "RFC 5280 A.1", RFC2459, 0, LINT_WARN, LINT_ALL, in_subject, MAIL_STRING, "",
		"emailAddress or domainComponent is no IA5String", "Issue again with the value as IA5String."),
	N("subject-country-case", "BR 7.1.4.2", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, in_subject, COUNTRY_CASE,
		"e_subj_country_not_uppercase", "the country is not in capitals",
		"Issue again with the country in capitals."),
	N("subject-country-unknown", "BR 7.1.4.2", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_BR, in_subject,
		COUNTRY_UNKNOWN, "e_subject_country_not_iso", "the country is no code of ISO 3166-1",
		"Issue again with the two letters of the country."),
	N("subject-country-code", "BR 7.1.4.2", BR_1, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, country_codes, 0,
		"cabf.invalid_country_code", "the country is no code of ISO 3166-1",
		"Issue again with the two letters of the country."),
	N("subject-bounds", "RFC 5280 A.1", 0, 0, LINT_ERROR, LINT_ALL, bounds, 0, "itu.invalid_asn1_syntax",
		"an attribute is longer than its type allows", SHORTEN),
	N("subject-country-length", "RFC 5280 A.1", RFC2459, 0, LINT_ERROR, LINT_ALL, in_subject, COUNTRY_LENGTH, "",
		"the country has not two letters", "Issue again with the two letters of the country."),
	N("subject-domain-components", "RFC 4519 2.4", 0, 0, LINT_ERROR, LINT_ALL, domain_components, 0,
		"pkix.name_domain_components_invalid_domain_name", "a domainComponent is no label of a domain name",
		"Issue again with one label in each domainComponent."),

	LEN("subject-cn-length", AT_CN, 64, "e_subject_common_name_max_length",
		"the common name has more than 64 characters"),
	LEN("subject-o-length", AT_O, 64, "e_subject_organization_name_max_length",
		"the organization has more than 64 characters"),
	LEN("subject-ou-length", AT_OU, 64, "e_subject_organizational_unit_name_max_length",
		"the organizational unit has more than 64 characters"),
	LEN("subject-l-length", AT_L, 128, "e_subject_locality_name_max_length",
		"the locality has more than 128 characters"),
	LEN("subject-st-length", AT_ST, 128, "e_subject_state_name_max_length",
		"the state has more than 128 characters"),
	LEN("subject-street-length", AT_STREET, 128, "e_subject_street_address_max_length",
		"the street has more than 128 characters"),
	LEN("subject-postal-length", AT_POSTAL, 16, "e_subject_postal_code_max_length",
		"the postal code has more than 16 characters"),
	LEN("subject-serial-length", AT_SERIAL, 64,
		"e_subject_serial_number_max_length e_subject_dn_serial_number_max_length",
		"serialNumber has more than 64 characters"),
	LEN("subject-given-length", AT_GIVEN, 32768, "e_subject_given_name_max_length",
		"the given name has more than 32768 characters"),
	LEN("subject-surname-length", AT_SURNAME, 32768, "e_subject_surname_max_length",
		"the surname has more than 32768 characters"),
	N("subject-given-recommended", "RFC 5280 A.1", RFC2459, 0, LINT_WARN, LINT_ALL, longer, LONGER(AT_GIVEN, 64),
		"w_subject_given_name_recommended_max_length", "the given name has more than 64 characters", SHORTEN),
	N("subject-surname-recommended", "RFC 5280 A.1", RFC2459, 0, LINT_WARN, LINT_ALL, longer, LONGER(AT_SURNAME,
		64),
		"w_subject_surname_recommended_max_length", "the surname has more than 64 characters", SHORTEN),
	N("subject-dc-length", "BR 7.1.4.2", BR_2, 0, LINT_ERROR, LINT_ALL | LINT_PUBLIC, longer, LONGER(AT_DC, 63),
		"cabf.serverauth.domain_component_attribute_value_length_too_long",
		"a domainComponent has more than 63 characters", SHORTEN),
	N("subject-email-length", "RFC 5280 A.1", RFC2459, 0, LINT_ERROR, LINT_ALL, mail_long, LONGER(AT_EMAIL, 255),
		"e_subject_email_max_length", "the mail address has more than 255 characters", SHORTEN),

	N("subject-cn-early", "BR 7.1.4.3", BR_1, BR_2, LINT_WARN, TLS_LEAF, has, AT_CN,
		"n_subject_common_name_included", "there is a common name, which is not recommended", TAKE_OUT),
	N("subject-cn-several", "BR 7.1.4.3", BR_1, 0, LINT_WARN, TLS_LEAF, several, AT_CN,
		"w_extra_subject_common_names", "there are several common names",
		"Issue again with one common name or none."),
	N("subject-ou", "BR 7.1.4.2", DAY(2022, 9, 1), 0, LINT_ERROR, TLS_LEAF, has, AT_OU,
		"e_organizational_unit_name_prohibited", "there is an organizational unit", TAKE_OUT),
	N("subject-ou-alone", "BR 7.1.4.2", DAY(2021, 8, 16), 0, LINT_ERROR, LINT_ALL | LINT_BR,
		unit_without_organization, 0,
		"e_subject_contains_organizational_unit_name_and_no_organization_name",
		"there is an organizational unit without an organization", TAKE_OUT),
	N("subject-street-alone", "BR 7.1.4.2", GIVEN_NAMES, 0, LINT_ERROR, LINT_LEAF | LINT_BR,
		place_without_organization, AT_STREET,
		"e_sub_cert_street_address_should_not_exist",
		"there is a street, but neither organization nor person", TAKE_OUT),
	N("subject-locality-alone", "BR 7.1.4.2", GIVEN_NAMES, 0, LINT_ERROR, LINT_LEAF | LINT_BR,
		place_without_organization, AT_L,
		"e_sub_cert_locality_name_must_not_appear", "there is a locality, but neither organization nor person",
		TAKE_OUT),
	N("subject-state-alone", "BR 7.1.4.2", GIVEN_NAMES, 0, LINT_ERROR, LINT_LEAF | LINT_BR,
		place_without_organization, AT_ST,
		"e_sub_cert_province_must_not_appear", "there is a state, but neither organization nor person",
		TAKE_OUT),
	N("subject-postal-alone", "BR 7.1.4.2", GIVEN_NAMES, 0, LINT_ERROR, LINT_LEAF | LINT_BR,
		place_without_organization, AT_POSTAL,
		"e_sub_cert_postal_code_must_not_appear", "there is a postal code, but neither organization nor person",
		TAKE_OUT),
	N("subject-no-country", "BR 7.1.4.2", GIVEN_NAMES, 0, LINT_ERROR, LINT_LEAF | LINT_BR, no_country, 0,
		"e_sub_cert_country_name_must_appear", "there is an organization or person, but no country", PUT_IN),
	N("subject-no-locality", "BR 7.1.4.2", GIVEN_NAMES, 0, LINT_ERROR, LINT_LEAF | LINT_BR, no_place, 0,
		"e_sub_cert_locality_name_must_appear",
		"there is an organization or person, but neither locality nor state",
		PUT_IN),
	N("subject-no-state", "BR 7.1.4.2", GIVEN_NAMES, 0, LINT_ERROR, LINT_LEAF | LINT_BR, no_place, 0,
		"e_sub_cert_province_must_appear",
		"there is an organization or person, but neither state nor locality", PUT_IN),
	N("subject-person-policy", "BR 7.1.6.1", GIVEN_NAMES, 0, LINT_ERROR, LINT_LEAF | LINT_BR,
		name_without_policy, 0,
		"e_sub_cert_given_name_surname_contains_correct_policy",
		"there is a person's name, but not the policy of individual validation",
		"Issue again with policy 2.23.140.1.2.3."),
	N("subject-ca-country", "BR 7.1.2.10.2", BR_1, 0, LINT_ERROR, LINT_CA | LINT_BR, lacks, AT_C,
		"e_ca_country_name_missing cabf.serverauth.ca.country_attribute_absent",
		"a CA's subject has no country", PUT_IN),
	N("subject-ca-country-unknown", "BR 7.1.2.10.2", BR_1, 0, LINT_ERROR, LINT_CA | LINT_BR, country_codes, 0,
		"e_ca_country_name_invalid", "a CA's country is no code of ISO 3166-1",
		"Issue again with the two letters of the country."),
	N("subject-ca-organization", "BR 7.1.2.10.2", BR_1, 0, LINT_ERROR, LINT_CA | LINT_BR, lacks, AT_O,
		"e_ca_organization_name_missing "
		"cabf.serverauth.ca.organization_name_attribute_absent",
		"a CA's subject has no organization", PUT_IN),
	N("subject-ca-cn", "BR 7.1.2.10.2", DAY(2017, 6, 8), 0, LINT_ERROR, LINT_CA | LINT_BR, lacks, AT_CN,
		"e_ca_common_name_missing", "a CA's subject has no common name", PUT_IN),
	N("subject-ca-cn-root", "BR 7.1.2.10.2", BR_2, 0, LINT_ERROR, LINT_CA | LINT_PUBLIC, lacks, AT_CN,
		"cabf.serverauth.ca.common_name_attribute_absent", "a CA's subject has no common name", PUT_IN),
	N("subject-ca-ou-tls", "BR 7.1.2.10.2", BR_2, 0, LINT_ERROR, LINT_SUB_CA | LINT_BR, has, AT_OU,
		"e_subj_orgunit_in_ca_cert", "a CA's subject has an organizational unit", TAKE_OUT),
	N("subject-ca-ou", "BR 7.1.2.10.2", BR_2, 0, LINT_ERROR, LINT_CA | LINT_PUBLIC, has, AT_OU,
		"cabf.serverauth.ca.organizational_unit_name_attribute_present",
		"a CA's subject has an organizational unit", TAKE_OUT),
};
const struct lint_world_table lint_world_dn = {rows, ARRAY_LEN(rows)};
