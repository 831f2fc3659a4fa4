/* SPDX-License-Identifier: Apache-2.0 */
/* The inner forms of names, constraints and usages that the RFCs ask for. */
#include "lint/chars.h"
#include "lint/world.h"

/* -- keyUsage */

static bool
both_only(const struct lint_view *v, struct lint_spot *s)
{
	unsigned both = KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY);

	(void)s;
	return (v->key_usage & both) == both;
}

/* id-X25519 and id-X448 */
static bool
agreement_lacks(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_EDWARDS && v->key_oid.p[2] < 0x70 && v->x[LX_USAGE] && !(v->key_usage & KU(KU_AGREE));
}

/* RFC 5480 3 */
static bool
ec_leaf_usage(const struct lint_view *v, struct lint_spot *s)
{
	unsigned fine = KU(KU_SIGN) | KU(KU_COMMIT) | KU(KU_AGREE);

	(void)s;
	/* they say more of an agreement */
	if (v->key_usage & KU(KU_AGREE))
		fine |= KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY);
	return v->key == LINT_KEY_EC && (v->key_usage & ~fine);
}

static bool
path_length_of_nobody(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->path_len_given && !v->ca;
}

/* -- names */

static bool
twice_in_rdn(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 1; i < v->subj.n; i++)
		for (unsigned k = i; k-- > 0 && v->subj.attr[k].rdn == v->subj.attr[i].rdn;)
			if (v->subj.attr[i].tag && blob_eq(v->subj.attr[i].oid, v->subj.attr[k].oid))
				return lint_spot_oid(s, v->subj.attr[i].oid);
	return false;
}

/* otherName: its OID and, in [0], the value. */
static bool
read_other(const struct lint_general_name *g, struct blob oid, uint8_t *ret_tag, struct str *ret)
{
	struct cursor c = cursor_of(g->value), in;
	struct blob id, b;

	if (g->tag != GN_OTHER || !der_get(&c, DER_OID, &id) || !blob_eq(id, oid) ||
		!der_open(&c, DER_CTX_CONS(0), &in) || !der_next(&in, ret_tag, &b, NULL) || !der_done(&in))
		return false;
	*ret = str_of(b);
	return true;
}

enum utf8_mail { HAS_MARK, HAS_CAPITALS, NO_AT, ONLY_ASCII };

static bool
utf8_mail_fault(struct str t, enum utf8_mail fault)
{
	struct str local = t, domain = {NULL, 0};

	for (size_t i = t.n; i-- > 0 && !domain.p;)
		if (t.p[i] == '@') {
			local = (struct str){t.p, i};
			domain = (struct str){t.p + i + 1, t.n - i - 1};
		}
	switch (fault) {
	case HAS_MARK:
		return t.n >= 3 && memcmp(t.p, "\xef\xbb\xbf", 3) == 0;
	case HAS_CAPITALS:
		for (size_t i = 0; i < domain.n; i++)
			if (domain.p[i] >= 'A' && domain.p[i] <= 'Z')
				return true;
		return false;
	case NO_AT:
		return !domain.p;
	case ONLY_ASCII:
		return domain.p && lint_ascii(blob_of(local));
	}
	return false;
}

/* RFC 9598 3; arg: the fault. */
static bool
utf8_mail(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->san.n; i++) {
		struct str text;
		uint8_t tag;

		if (read_other(&v->san.p[i], OID_BODY("\x2b\x06\x01\x05\x05\x07\x08\x09"), &tag, &text) &&
			utf8_mail_fault(text, s->arg))
			return lint_spot_text(s, blob_of(text));
	}
	return false;
}

/* Microsoft's user principal name, 1.3.6.1.4.1.311.20.2.3: user@domain */
static bool
principal_name(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->san.n; i++) {
		struct str text, user;
		uint8_t tag;

		if (!read_other(&v->san.p[i], OID_BODY("\x2b\x06\x01\x04\x01\x82\x37\x14\x02\x03"), &tag, &text))
			continue;
		user = str_cut(&text, '@');
		if (!user.n || !text.n || lint_has_octet(blob_of(text), '@'))
			return lint_spot_text(s, blob_of(user));
	}
	return false;
}

/* -- nameConstraints: an address and its mask */

static bool
mask_holes(struct blob b)
{
	bool zero = false;

	for (size_t i = b.n / 2 * 8; i < b.n * 8; i++) {
		bool one = b.p[i / 8] & 0x80 >> (i % 8);

		if (one && zero)
			return true;
		zero |= !one;
	}
	return false;
}

/* arg: 0 for the length, 1 for the mask */
static bool
names_ip(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_names *const sides[] = {&v->permitted, &v->excluded};

	for (size_t k = 0; k < ARRAY_LEN(sides); k++)
		for (unsigned i = 0; i < sides[k]->n; i++) {
			struct blob b = sides[k]->p[i].value;
			bool fits = b.n == 8 || b.n == 32;

			if (sides[k]->p[i].tag == GN_IP && (s->arg ? fits && mask_holes(b) : !fits))
				return true;
		}
	return false;
}

/* -- others */

static bool
capabilities_critical(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_ext; i++)
		if (v->ext[i].critical && IS_OID(v->ext[i].oid, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x0f"))
			return lint_spot_oid(s, v->ext[i].oid);
	return false;
}

static bool
orgid_encoding(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);

	return at && at->tag != DER_UTF8_STRING && at->tag != DER_PRINTABLE_STRING && lint_spot_text(s, at->value);
}

static bool
statement_critical(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned n = 1; n <= 7; n++)
		if (lint_qc_of(v, n))
			return v->x[LX_QC]->critical;
	return false;
}

/* id-qcs-pkixQCSyntax-v1 */
static bool
statement_obsolete(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_qc; i++)
		if (IS_OID(v->qc[i].oid, "\x2b\x06\x01\x05\x05\x07\x0b\x01"))
			return lint_spot_oid(s, v->qc[i].oid);
	return false;
}

static bool
no_rsa_key(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && !v->rsa_n.n;
}

/* As the country of jurisdiction says, where the registry is a country's (EVG 9.2.8). */
static bool
orgid_elsewhere(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *id = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);
	const struct lint_attr *home = lint_attr_of(&v->subj, AT_JURISDICTION_C);

	if (!id || !home || id->value.n < 5 || home->value.n != 2 || memcmp(id->value.p, "NTR", 3) != 0)
		return false;
	return memcmp(id->value.p + 3, home->value.p, 2) != 0 && lint_spot_text(s, id->value);
}

static bool
serial_edge(const struct lint_view *v, struct lint_spot *s)
{
	struct blob n = v->serial;

	(void)s;
	while (n.n && n.p[0] == 0)
		n = BLOB(n.p + 1, n.n - 1);
	return n.n <= 8;
}

#define F(id, source, from, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, place, aka, text, cure)
#define LEAF (LINT_LEAF | LINT_SELF)
#define REWRITE "Issue again with the value in its right form."

static const struct lint_world_row rows[] = {
	F("ku-both-only", "RFC 5280 4.2.1.3", 0, LINT_ERROR, LINT_ALL, both_only, 0, "keyUsage",
		"pkix.both_encipheronly_and_decipheronly_ku_set",
		"encipherOnly and decipherOnly stand together", REWRITE),
	F("ku-agreement-key", "RFC 9295 3", 0, LINT_ERROR, LINT_ALL, agreement_lacks, 0, "keyUsage",
		"pkix.key_usage_value_required_but_missing_for_edwards_curve",
		"keyUsage of an X25519 or X448 key lacks keyAgreement", REWRITE),
	F("ku-ec-leaf", "RFC 5480 3", RFC5280, LINT_NOTE, LEAF, ec_leaf_usage, 0, "keyUsage", "n_ecdsa_ee_invalid_ku",
		"keyUsage of an EC key names more than signing and agreement", REWRITE),
	F("bc-path-length-nobody", "RFC 5280 4.2.1.9", 0, LINT_ERROR, LINT_ALL, path_length_of_nobody, 0,
		"basicConstraints", "pkix.basic_constraints_has_pathlen_for_non_ca",
		"a path length stands in a certificate that is no CA", REWRITE),
	F("subject-rdn-twice", "X.501 9.3", 0, LINT_ERROR, LINT_ALL, twice_in_rdn, 0, "subject",
		"pkix.rdn_contains_duplicate_attribute_types", "an RDN holds an attribute twice", REWRITE),
	F("san-mail-utf8-mark", "RFC 9598 3", 0, LINT_ERROR, LINT_ALL, utf8_mail, HAS_MARK, "subjectAltName",
		"pkix.smtp_utf8_mailbox_has_bom", "an internationalised mail address begins with a byte order mark",
		REWRITE),
	F("san-mail-utf8-capitals", "RFC 9598 3", 0, LINT_ERROR, LINT_ALL, utf8_mail, HAS_CAPITALS, "subjectAltName",
		"pkix.smtp_utf8_mailbox_has_uppercase",
		"the domain of an internationalised mail address holds capitals", REWRITE),
	F("san-mail-utf8-syntax", "RFC 9598 3", 0, LINT_ERROR, LINT_ALL, utf8_mail, NO_AT, "subjectAltName",
		"pkix.smtp_utf8_mailbox_invalid_syntax", "an internationalised mail address is none", REWRITE),
	F("san-mail-utf8-ascii", "RFC 9598 3", 0, LINT_ERROR, LINT_ALL, utf8_mail, ONLY_ASCII, "subjectAltName",
		"pkix.smtp_utf8_mailbox_is_ascii_only",
		"an address whose local part is ASCII stands as an internationalised one", REWRITE),
	F("san-principal-name", "MS-WCCE 2.2.2.7.5", 0, LINT_ERROR, LINT_ALL, principal_name, 0, "subjectAltName",
		"msft.invalid_user_principal_name_syntax", "a user principal name is not user@domain", REWRITE),
	F("names-ip-length", "RFC 5280 4.2.1.10", 0, LINT_ERROR, LINT_ALL, names_ip, 0, "nameConstraints",
		"pkix.ip_address_name_constraint_wrong_length",
		"a constraint of addresses has neither 8 nor 32 octets", REWRITE),
	F("names-ip-mask", "RFC 5280 4.2.1.10", 0, LINT_ERROR, LINT_ALL, names_ip, 1, "nameConstraints",
		"pkix.ip_address_name_constraint_invalid_cidr", "a constraint's mask has holes", REWRITE),
	F("capabilities-critical", "RFC 4262 2", 0, LINT_ERROR, LINT_ALL, capabilities_critical, 0, "extensions",
		"pkix.smime_capabilities_extension_critical", "smimeCapabilities is critical", REWRITE),
	F("orgid-encoding", "EVG 9.2.8", BR_2, LINT_ERROR, LEAF | LINT_EV, orgid_encoding, 0, "subject",
		"cabf.invalid_subject_organization_identifier_encoding",
		"organizationIdentifier is neither UTF8String nor PrintableString", REWRITE),
	F("orgid-encoding-mail", "S/MIME BR 7.1.4.2", SMIME_1, LINT_ERROR, LEAF | LINT_MAIL_POLICY, orgid_encoding, 0,
		"subject", "cabf.invalid_subject_organization_identifier_encoding",
		"organizationIdentifier is neither UTF8String nor PrintableString", REWRITE),
	F("orgid-elsewhere", "EVG 9.2.8", DAY(2019, 6, 21), LINT_ERROR, LEAF | LINT_EV, orgid_elsewhere, 0, "subject",
		"e_inconsistent_joic_and_orgid",
		"organizationIdentifier is of another country than the jurisdiction", REWRITE),
	F("qc-critical-etsi", "ETSI EN 319 412-5 4.1", DAY(2017, 11, 1), LINT_ERROR, LINT_ALL, statement_critical, 0,
		"qcStatements", "e_qcstatem_etsi_present_qcs_critical",
		"statements of ETSI's stand in a critical extension", "Issue again with qcStatements not critical."),
	F("qc-obsolete", "RFC 3739 3.2.6.1", 0, LINT_ERROR, LEAF | LINT_ETSI, statement_obsolete, 0, "qcStatements",
		"pkix.prohibited_qualified_statement_present", "there is the statement of RFC 3039, which is obsolete",
		"Issue again with id-qcs-pkixQCSyntax-v2 in its place."),
	F("spki-rsa-empty", "RFC 8017 A.1.1", 0, LINT_ERROR, LINT_ALL, no_rsa_key, 0, "subjectPublicKeyInfo",
		"e_rsa_no_public_key", "there is no RSA key where one is announced",
		"Issue again with the key in its right form."),
	F("serial-edge", "BR 7.1", DAY(2016, 9, 30), LINT_NOTE, LINT_ALL | LINT_PUBLIC, serial_edge, 0, "serialNumber",
		"n_serial_number_low_entropy",
		"the serial number has 64 bits or fewer: the least that may be random", "Issue with longer serial numbers."),
};
const struct lint_world_table lint_world_forms = {rows, ARRAY_LEN(rows)};
