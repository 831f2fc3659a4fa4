/* SPDX-License-Identifier: Apache-2.0 */
/* Qualified certificates: ETSI EN 319 412-5 and what hangs on it. */
#include "lint/chars.h"
#include "lint/world.h"

#define ETSI "\x04\x00\x8e\x46\x01"
enum { COMPLIANCE = 1, LIMIT, RETENTION, SSCD, PDS, TYPE, LEGISLATION };
enum { ESIGN = 1, ESEAL, WEB };

static bool
is_etsi(struct blob oid)
{
	return oid.n >= 6 && memcmp(oid.p, ETSI, 5) == 0;
}

static unsigned
count_etsi(const struct lint_view *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_qc; i++)
		n += is_etsi(v->qc[i].oid);
	return n;
}

static bool
no_compliance(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return count_etsi(v) && !lint_qc_of(v, COMPLIANCE);
}

static bool
compliance_info(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_qc *q = lint_qc_of(v, COMPLIANCE);

	(void)s;
	return q && q->info.n;
}

static bool
sscd_info(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_qc *q = lint_qc_of(v, SSCD);

	(void)s;
	return q && q->info.n;
}

static bool
critical(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg] && v->x[s->arg]->critical;
}

static bool
duplicate(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 1; i < v->n_qc; i++)
		for (unsigned k = 0; k < i && k < 64; k++)
			if (is_etsi(v->qc[i].oid) && blob_eq(v->qc[i].oid, v->qc[k].oid))
				return lint_spot_oid(s, v->qc[i].oid);
	return false;
}

/* -- QcType */

static bool
type_as_statement(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_qc; i++)
		if (v->qc[i].oid.n == 7 && memcmp(v->qc[i].oid.p, ETSI "\x06", 6) == 0)
			return lint_spot_oid(s, v->qc[i].oid);
	return false;
}

/* The types that stand, as bits by their number; 1 << 0: an unknown one; *n: how many. */
static unsigned
types_of(const struct lint_view *v, unsigned *n)
{
	const struct lint_qc *q = lint_qc_of(v, TYPE);
	struct cursor in;
	struct blob oid;
	unsigned set = 0;

	*n = 0;
	if (!q || !q->info.n || !lint_open(q->info, &in))
		return 0;
	while (der_peek(&in) && der_get(&in, DER_OID, &oid)) {
		bool known = oid.n == 7 && memcmp(oid.p, ETSI "\x06", 6) == 0 && oid.p[6] >= ESIGN && oid.p[6] <= WEB;

		set |= 1U << (known ? oid.p[6] : 0);
		++*n;
	}
	return set;
}

static bool
type_unknown(const struct lint_view *v, struct lint_spot *s)
{
	unsigned n, set = types_of(v, &n);

	(void)s;
	return lint_qc_of(v, TYPE) && (n == 0 || (set & 1));
}

static bool
type_several(const struct lint_view *v, struct lint_spot *s)
{
	unsigned n, set = types_of(v, &n);

	(void)s;
	return lint_qc_of(v, TYPE) && (n != 1 || (set & 1));
}

static bool
type_not_web(const struct lint_view *v, struct lint_spot *s)
{
	unsigned n, set = types_of(v, &n);

	(void)s;
	return lint_qc_of(v, TYPE) && !(set & 1U << WEB);
}

static bool
type_not_mail(const struct lint_view *v, struct lint_spot *s)
{
	unsigned n, set = types_of(v, &n);

	(void)s;
	return lint_qc_of(v, TYPE) && !(set & (1U << ESIGN | 1U << ESEAL));
}

static bool
type_mismatch(const struct lint_view *v, struct lint_spot *s)
{
	unsigned n, set = types_of(v, &n);
	unsigned want = v->scope & LINT_WEB ? WEB : v->scope & LINT_LEGAL ? ESEAL : ESIGN;

	(void)s;
	return n && (v->scope & (LINT_WEB | LINT_LEGAL | LINT_NATURAL)) && !(set & 1U << want);
}

/* -- QcEuPDS: {url, language} */

struct pds {
	struct blob url, language;
	uint8_t url_tag, language_tag;
};

static bool
next_pds(struct cursor *in, struct pds *p)
{
	struct cursor one;

	return der_open(in, DER_SEQUENCE, &one) && der_next(&one, &p->url_tag, &p->url, NULL) &&
	       der_next(&one, &p->language_tag, &p->language, NULL) && der_done(&one);
}

static bool
lower_pair(struct blob b)
{
	return b.n == 2 && (b.p[0] | 0x20) >= 'a' && (b.p[0] | 0x20) <= 'z' && (b.p[1] | 0x20) >= 'a' &&
	       (b.p[1] | 0x20) <= 'z' && b.p[0] >= 'A' && b.p[1] >= 'A';
}

static bool
open_pds(const struct lint_view *v, struct cursor *in)
{
	const struct lint_qc *q = lint_qc_of(v, PDS);

	return q && q->info.n && lint_open(q->info, in);
}

static bool
pds_bad(const struct lint_view *v, struct lint_spot *s)
{
	struct blob seen[64];
	size_t n = 0;
	struct cursor in;
	struct pds p;
	bool english = false;

	if (!lint_qc_of(v, PDS))
		return false;
	if (!open_pds(v, &in))
		return true;
	while (der_peek(&in)) {
		if (!next_pds(&in, &p) || p.url_tag != DER_IA5_STRING || p.language_tag != DER_PRINTABLE_STRING ||
			!lower_pair(p.language))
			return true;
		for (size_t i = 0; i < n; i++)
			if (str_eq_nocase(str_of(seen[i]), str_of(p.language)))
				return lint_spot_text(s, p.language);
		if (n < ARRAY_LEN(seen))
			seen[n++] = p.language;
		english |= str_eq_nocase(str_of(p.language), STR("en"));
	}
	return !english;
}

static bool
pds_case(const struct lint_view *v, struct lint_spot *s)
{
	struct cursor in;
	struct pds p;

	if (!open_pds(v, &in))
		return false;
	while (der_peek(&in) && next_pds(&in, &p))
		for (size_t i = 0; i < p.language.n; i++)
			if (p.language.p[i] < 'a' || p.language.p[i] > 'z')
				return lint_spot_text(s, p.language);
	return false;
}

static bool
pds_not_https(const struct lint_view *v, struct lint_spot *s)
{
	struct cursor in;
	struct pds p;

	if (!open_pds(v, &in))
		return false;
	while (der_peek(&in) && next_pds(&in, &p))
		if (!lint_uri_scheme(str_of(p.url), "https"))
			return lint_spot_text(s, p.url);
	return false;
}

/* ISO 639-1 */
static bool
pds_language(const struct lint_view *v, struct lint_spot *s)
{
	static const char known[] =
		"aaabaeafakamanarasavayazbabebgbhbibmbnbobrbscacechcocrcscucvcydadedvdzeeeleneoeseteufafffifjfofrfygagdgl"
		"gngugvhahehihohrhthuhyhziaidieigiiikioisitiujajvkakgkikjkkklkmknkokrkskukvkwkylalblglilnloltlulvmgmhmimk"
		"mlmnmrmsmtmynanbndnengnlnnnonrnvnyocojomorospapiplpsptqurmrnrorurwsascsdsesgsiskslsmsnsosqsrssstsusvswta"
		"tetgthtitktltntotrtstttwtyugukuruzvevivowawoxhyiyozazhzu";
	struct cursor in;
	struct pds p;

	if (!open_pds(v, &in))
		return false;
	while (der_peek(&in) && next_pds(&in, &p)) {
		bool found = false;

		for (size_t i = 0; p.language.n == 2 && i + 2 < sizeof(known) && !found; i += 2)
			found = (p.language.p[0] | 0x20) == known[i] && (p.language.p[1] | 0x20) == known[i + 1];
		if (!found)
			return lint_spot_text(s, p.language);
	}
	return false;
}

static bool
pds_missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->n_qc; i++)
		if (IS_OID(v->qc[i].oid, "\x04\x00\x81\x98\x27\x02"))
			return !lint_qc_of(v, PDS);
	return true;
}

/* -- QcLimitValue: {currency, amount, exponent} */

struct limit {
	struct blob currency, amount;
	uint8_t currency_tag;
};

static bool
read_limit(const struct lint_view *v, struct limit *l)
{
	const struct lint_qc *q = lint_qc_of(v, LIMIT);
	struct cursor in;
	struct blob exponent;

	return q && q->info.n && lint_open(q->info, &in) && der_next(&in, &l->currency_tag, &l->currency, NULL) &&
	       der_get_integer(&in, &l->amount) && der_get_integer(&in, &exponent) && der_done(&in);
}

static bool
currency_bad(const struct limit *l)
{
	if (l->currency_tag == DER_INTEGER)
		return l->currency.n > 2 || !l->currency.n || l->currency.p[0] >= 0x80;
	if (l->currency_tag != DER_PRINTABLE_STRING || l->currency.n != 3)
		return true;
	for (size_t i = 0; i < 3; i++)
		if (l->currency.p[i] < 'A' || l->currency.p[i] > 'Z')
			return true;
	return false;
}

static bool
limit_bad(const struct lint_view *v, struct lint_spot *s)
{
	struct limit l;

	(void)s;
	return lint_qc_of(v, LIMIT) && (!read_limit(v, &l) || currency_bad(&l) || l.amount.p[0] >= 0x80);
}

static bool
limit_negative(const struct lint_view *v, struct lint_spot *s)
{
	struct limit l;

	(void)s;
	return read_limit(v, &l) && l.amount.p[0] >= 0x80;
}

/* ISO 4217, those that are in use. */
static bool
limit_currency(const struct lint_view *v, struct lint_spot *s)
{
	static const char known[] =
		"AEDAFNALLAMDANGAOAARSAUDAWGAZNBAMBBDBDTBGNBHDBIFBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCLPCNYCOPCRCCUPCVECZK"
		"DJFDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGNFGTQGYDHKDHNLHTGHUFIDRILSINRIQDIRRISKJMDJODJPYKESKGSKHRKMF"
		"KPWKRWKWDKYDKZTLAKLBPLKRLRDLSLLYDMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDOMRPABPENPGK"
		"PHPPKRPLNPYGQARRONRSDRUBRWFSARSBDSCRSDGSEKSGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTNDTOPTRYTTDTWDTZSUAHUGX"
		"USDUYUUZSVESVNDVUVWSTXAFXCDXOFXPFYERZARZMWZWL";
	struct limit l;

	if (!read_limit(v, &l) || l.currency_tag == DER_INTEGER)
		return false;
	for (size_t i = 0; l.currency.n == 3 && i + 3 < sizeof(known); i += 3)
		if (memcmp(known + i, l.currency.p, 3) == 0)
			return false;
	return lint_spot_text(s, l.currency);
}

static bool
retention_bad(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_qc *q = lint_qc_of(v, RETENTION);
	struct cursor c;
	struct blob years;

	(void)s;
	if (!q)
		return false;
	c = cursor_of(q->info);
	return !der_get_integer(&c, &years) || years.p[0] >= 0x80 || (years.n == 1 && years.p[0] == 0);
}

static bool
legislation_bad(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_qc *q = lint_qc_of(v, LEGISLATION);
	struct cursor in;
	struct blob country;

	if (!q || !lint_open(q->info, &in))
		return q;
	while (der_peek(&in)) {
		if (!der_get(&in, DER_PRINTABLE_STRING, &country))
			return true;
		if (!lint_country_known(str_of(country)))
			return lint_spot_text(s, country);
	}
	return false;
}

static bool
qualified_policy(const struct lint_view *v)
{
	for (unsigned i = 0; i < v->n_policies; i++)
		if (v->policy[i].oid.n == 7 && memcmp(v->policy[i].oid.p, "\x04\x00\x8b\xec\x40\x01", 6) == 0)
			return true;
	return false;
}

static bool
statement_missing(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[LX_QC] && qualified_policy(v) && !lint_qc_of(v, s->arg);
}

static bool
sscd_missing(const struct lint_view *v, struct lint_spot *s)
{
	/* QCP-n-qscd, QCP-l-qscd */
	(void)s;
	return v->x[LX_QC] && !lint_qc_of(v, SSCD) &&
	       (lint_has_policy(v, OID_BODY("\x04\x00\x8b\xec\x40\x01\x02")) ||
		       lint_has_policy(v, OID_BODY("\x04\x00\x8b\xec\x40\x01\x03")));
}

/* -- keyUsage of natural persons (EN 319 412-2 4.3.2): types A to F */

#define WRAP (KU(KU_KEY_ENC) | KU(KU_AGREE))

/* Of a person: by the subject's name, under a policy of ETSI's or a qualified one. */
static bool
natural(const struct lint_view *v)
{
	return qualified_policy(v) && (lint_attr_of(&v->subj, AT_GIVEN) || lint_attr_of(&v->subj, AT_SURNAME) ||
					      lint_attr_of(&v->subj, AT_PSEUDONYM));
}

static bool
natural_missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return natural(v) && !v->x[LX_USAGE];
}

static bool
one_of(unsigned ku, unsigned bits)
{
	return (ku & bits) && !(ku & ~bits) && (ku & bits) != bits;
}

static bool
natural_wrong(const struct lint_view *v, struct lint_spot *s)
{
	unsigned ku = v->key_usage & ~(KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY)), rest = ku & ~(KU(KU_SIGN) | KU(KU_COMMIT));

	(void)s;
	if (!natural(v) || !v->x[LX_USAGE])
		return false;
	return ku == 0 || (rest && !one_of(rest, WRAP));
}

static bool
natural_mixed(const struct lint_view *v, struct lint_spot *s)
{
	unsigned ku = v->key_usage & ~(KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY));

	if (!natural(v) || !v->x[LX_USAGE] || natural_wrong(v, s))
		return false;
	return ku != KU(KU_COMMIT) && ku != KU(KU_SIGN) && !one_of(ku, WRAP);
}

#define Q(id, source, from, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, "qcStatements", aka, text, cure)
#define LEAF (LINT_LEAF | LINT_SELF)
#define QC (LEAF | LINT_QC)
#define AGAIN "Issue again with the statements as ETSI EN 319 412-5 writes them."
#define EN5 "ETSI EN 319 412-5"
#define EN5_2024 DAY(2023, 9, 1)

static const struct lint_world_row rows[] = {
	Q("qc-compliance", EN5 " 5", 0, LINT_ERROR, QC, no_compliance, 0, "e_qcstatem_mandatory_etsi_statems",
		"there are statements of ETSI's, but not the one of compliance", AGAIN),
	Q("qc-compliance-info", EN5 " 4.2.1", 0, LINT_ERROR, QC, compliance_info, 0, "e_qcstatem_qccompliance_valid",
		"the statement of compliance holds something", AGAIN),
	Q("qc-sscd-info", EN5 " 4.2.2", 0, LINT_ERROR, QC, sscd_info, 0, "e_qcstatem_qcsscd_valid",
		"the statement of a secure device holds something", AGAIN),
	Q("qc-critical", EN5 " 4.1", 0, LINT_ERROR, QC, critical, LX_QC,
		"etsi.en_319_412_5.qcs-4.1-02.qcstatements_extension_is_critical", "qcStatements is critical", AGAIN),
	Q("qc-duplicate", EN5 " 4.1", DAY(2026, 2, 1), LINT_ERROR, QC, duplicate, 0, "e_duplicate_etsi_qcstatement",
		"a statement stands twice", AGAIN),
	Q("qc-type-statement", EN5 " 4.2.3", 0, LINT_ERROR, QC, type_as_statement, 0, "e_qcstatem_etsi_type_as_statem",
		"a type of certificate stands as a statement of its own", AGAIN),
	Q("qc-type", EN5 " 4.2.3", 0, LINT_ERROR, QC, type_unknown, 0, "e_qcstatem_qctype_valid",
		"the type of certificate is missing or unknown", AGAIN),
	Q("qc-type-several", EN5 " 4.2.3", DAY(2023, 9, 1), LINT_ERROR, QC, type_several, 0,
		"e_qcstatem_qctype_oneonly",
		"there is not exactly one known type of certificate", AGAIN),
	Q("qc-type-web", EN5 " 4.2.3", 0, LINT_ERROR, QC | LINT_TLS, type_not_web, 0,
		"e_qcstatem_qctype_web w_qcstatem_qctype_web",
		"a TLS certificate is not of the type for websites", AGAIN),
	Q("qc-type-mail", EN5 " 4.2.3", 0, LINT_ERROR, QC | LINT_MAIL, type_not_mail, 0, "e_qcstatem_qctype_smime",
		"an S/MIME certificate is neither of the type for signatures nor of that for seals", AGAIN),
	Q("qc-type-mismatch", EN5 " 4.2.3", 0, LINT_ERROR, QC | LINT_ETSI, type_mismatch, 0,
		"etsi.en_319_412_5.gen-4.2.3.qc_type_mismatch", "the type is not the one of the policy", AGAIN),
	Q("qc-type-missing", EN5 " 5", 0, LINT_ERROR, QC | LINT_ETSI, statement_missing, TYPE,
		"etsi.en_319_412_5.qcs-5.01.qc_type_qualified_statement_absent", "the type is missing", AGAIN),
	Q("qc-compliance-missing", EN5 " 5", 0, LINT_ERROR, QC | LINT_ETSI, statement_missing, COMPLIANCE,
		"etsi.en_319_412_5.qcs-5.01.qc_compliance_qualified_statement_absent",
		"the statement of compliance is missing",
		AGAIN),
	Q("qc-sscd-missing", EN5 " 5", 0, LINT_ERROR, QC | LINT_ETSI, sscd_missing, 0,
		"etsi.en_319_412_5.qcs-5.01.qc_sscd_qualified_statement_absent",
		"the statement of a secure device is missing",
		AGAIN),
	Q("qc-limit", EN5 " 4.3.2", 0, LINT_ERROR, QC, limit_bad, 0, "e_qcstatem_qclimitvalue_valid",
		"the limit of value is malformed", AGAIN),
	Q("qc-limit-negative", EN5 " 4.3.2", 0, LINT_ERROR, QC, limit_negative, 0,
		"etsi.en_319_412_5.gen-4.3.2.amount_negative", "the limit of value is negative", AGAIN),
	Q("qc-limit-currency", EN5 " 4.3.2", 0, LINT_ERROR, QC, limit_currency, 0,
		"etsi.en_319_412_5.gen-4.3.2.currency_code_invalid", "the limit's currency is no code of ISO 4217",
		AGAIN),
	Q("qc-retention", EN5 " 4.3.3", 0, LINT_ERROR, QC, retention_bad, 0,
		"e_qcstatem_qcretentionperiod_valid etsi.en_319_412_5.gen-4.3.3.retention_period_years_not_positive",
		"the years of retention are not positive", AGAIN),
	Q("qc-legislation", EN5 " 4.2.4", 0, LINT_ERROR, QC, legislation_bad, 0,
		"etsi.en_319_412_5.gen-4.2.4.iso_country_code_invalid",
		"the country of legislation is no code of ISO 3166-1",
		AGAIN),
	Q("qc-pds", EN5 " 4.3.4", 0, LINT_ERROR, QC, pds_bad, 0, "e_qcstatem_qcpds_valid",
		"the disclosure statements are malformed, two of one language, or none in English", AGAIN),
	Q("qc-pds-case", EN5 " 4.3.4", 0, LINT_WARN, QC, pds_case, 0, "w_qcstatem_qcpds_lang_case",
		"the language of a disclosure statement is not in small letters", AGAIN),
	Q("qc-pds-https", EN5 " 4.3.4", EN5_2024, LINT_ERROR, QC, pds_not_https, 0,
		"e_qcstatem_pds_must_have_https_only",
		"the address of a disclosure statement is not https", AGAIN),
	Q("qc-pds-language", EN5 " 4.3.4", 0, LINT_ERROR, QC, pds_language, 0,
		"etsi.en_319_412_5.gen-4.3.4.iso_language_code_invalid",
		"the language of a disclosure statement is no code of ISO 639-1", AGAIN),
	Q("qc-pds-missing", "ETSI TS 119 495 5.1", 0, LINT_ERROR, QC | LINT_PSD2, pds_missing, 0,
		"etsi.ts_119_495.gen-5.1.1.qc_eu_pds_missing",
		"a payment service's certificate lacks its own statement or the one of disclosure",
		AGAIN),
	WORLD("qc-ku-missing", "ETSI EN 319 412-2 4.3.2", 0, 0, LINT_ERROR, LEAF | LINT_ETSI, natural_missing, 0,
		"keyUsage", "e_etsi_natural_person_key_usage_mandatory", "there is no keyUsage",
		"Issue again with keyUsage."),
	WORLD("qc-ku", "ETSI EN 319 412-2 4.3.2", 0, 0, LINT_ERROR, LEAF | LINT_ETSI, natural_wrong, 0, "keyUsage",
		"e_etsi_natural_person_key_usage_correct_values", "keyUsage is none of the types A to F",
		"Issue again with one of the types A to F."),
	WORLD("qc-ku-mixed", "ETSI EN 319 412-2 4.3.2", 0, 0, LINT_WARN, LEAF | LINT_ETSI, natural_mixed, 0, "keyUsage",
		"w_etsi_natural_person_key_usage_preferred_values",
		"keyUsage mixes purposes: it is none of the types A, C and E", "Issue again with type A, C or E."),
};
const struct lint_world_table lint_world_qc = {rows, ARRAY_LEN(rows)};
