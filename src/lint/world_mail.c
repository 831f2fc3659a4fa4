/* SPDX-License-Identifier: Apache-2.0 */
/* S/MIME Baseline Requirements. */
#include "lint/chars.h"
#include "lint/orgid.h"
#include "lint/world.h"

static bool
missing(const struct lint_view *v, struct lint_spot *s)
{
	return !v->x[s->arg];
}

static bool
present(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg];
}

static bool
critical(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg] && v->x[s->arg]->critical;
}

static bool
noncritical(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[s->arg] && !v->x[s->arg]->critical;
}

/* -- addresses */

static bool
is_smtp_utf8(const struct lint_general_name *g)
{
	return g->tag == GN_OTHER && g->value.n > 10 &&
	       memcmp(g->value.p, "\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09", 10) == 0;
}

/* The text stands among the mail addresses; the domain compares without case. */
static bool
among_mail(const struct lint_view *v, struct blob text)
{
	for (unsigned i = 0; i < v->san.n; i++) {
		struct lint_general_name *g = &v->san.p[i];

		if (g->tag == GN_EMAIL && str_eq_nocase(str_of(g->value), str_of(text)))
			return true;
		if (is_smtp_utf8(g) && g->value.n > text.n &&
			memcmp(g->value.p + g->value.n - text.n, text.p, text.n) == 0)
			return true;
	}
	return false;
}

static bool
no_mailbox(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++) {
		const struct lint_attr *at = &v->subj.attr[i];

		if ((at->at == AT_EMAIL || at->at == AT_CN) && lint_has_octet(at->value, '@') && !among_mail(v,
		at->value))
			return lint_spot_text(s, at->value);
	}
	return false;
}

static bool
other_name_kind(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	for (unsigned i = 0; i < v->san.n; i++)
		/* user principal names are left to the legacy generation and to multipurpose ones */
		if (v->san.p[i].tag == GN_OTHER && !is_smtp_utf8(&v->san.p[i]) && (v->scope & LINT_STRICT))
			return true;
	return false;
}

static bool
subject_mail_elsewhere(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++)
		if (v->subj.attr[i].at == AT_EMAIL && v->subj.attr[i].tag && !among_mail(v, v->subj.attr[i].value))
			return lint_spot_text(s, v->subj.attr[i].value);
	return false;
}

static bool
cn_no_mail(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++)
		if (v->subj.attr[i].at == AT_CN && !lint_mailbox_ok(str_of(v->subj.attr[i].value)))
			return lint_spot_text(s, v->subj.attr[i].value);
	return !lint_attr_of(&v->subj, AT_CN);
}

static bool
several_mail(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_EMAIL && !lint_mailbox_ok(str_of(v->san.p[i].value)))
			return lint_spot_text(s, v->san.p[i].value);
	return false;
}

static bool
several_subject_mail(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++)
		if (v->subj.attr[i].at == AT_EMAIL && !lint_mailbox_ok(str_of(v->subj.attr[i].value)))
			return lint_spot_text(s, v->subj.attr[i].value);
	return lint_attr_count(&v->subj, AT_EMAIL) > 1;
}

/* -- policies and purposes */

static unsigned
count_policies(const struct lint_view *v)
{
	unsigned n = 0;

	for (unsigned i = 0; i < v->n_policies; i++) {
		struct blob o = v->policy[i].oid;

		n += o.n == 7 && memcmp(o.p, "\x67\x81\x0c\x01\x05", 5) == 0 && o.p[5] >= 1 && o.p[5] <= 4 &&
		     o.p[6] >= 1 && o.p[6] <= 3;
	}
	return n;
}

static bool
not_one_policy(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return count_policies(v) != 1;
}

static bool
no_policy(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !count_policies(v) && lint_has_kp(v, KP_MAIL) && !(v->scope & (LINT_TLS | LINT_ETSI | LINT_CODE));
}

static bool
eku_not_strict(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->n_ekus != 1 || !lint_has_kp(v, KP_MAIL);
}

static bool
eku_not_mail(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !lint_has_kp(v, KP_MAIL) || lint_has_kp(v, KP_SERVER) || lint_has_kp(v, KP_CODE) || lint_has_kp(v,
		KP_STAMP) ||
	       lint_has_eku(v, OID_ANY_EKU);
}

static bool
eku_prohibited(const struct lint_view *v, struct lint_spot *s)
{
	bool strict = v->scope & LINT_STRICT;

	(void)s;
	return lint_has_kp(v, KP_SERVER) || lint_has_kp(v, KP_CODE) || lint_has_kp(v, KP_STAMP) ||
	       lint_has_eku(v, OID_ANY_EKU) || (strict && v->n_ekus > lint_has_kp(v, KP_MAIL));
}

/* -- keyUsage (S/MIME BR 7.1.2.3 e) */

#define SIGNING (KU(KU_SIGN) | KU(KU_COMMIT))

static bool
rsa_strict(const struct lint_view *v, struct lint_spot *s)
{
	unsigned ku = v->key_usage;

	(void)s;
	if (v->key != LINT_KEY_RSA || !(ku & (KU(KU_SIGN) | KU(KU_KEY_ENC))))
		return false;
	return ku & ~(SIGNING | KU(KU_KEY_ENC));
}

static bool
rsa_wide(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && (v->key_usage & ~(SIGNING | KU(KU_KEY_ENC) | KU(KU_DATA_ENC)));
}

static bool
rsa_none(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_RSA && v->x[LX_USAGE] && !(v->key_usage & (KU(KU_SIGN) | KU(KU_KEY_ENC)));
}

static bool
ec_usage(const struct lint_view *v, struct lint_spot *s)
{
	unsigned only = KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY);
	unsigned ku = v->key_usage;

	(void)s;
	if (v->key != LINT_KEY_EC || !v->x[LX_USAGE])
		return false;
	if (ku & ~(SIGNING | KU(KU_AGREE) | only))
		return true;
	return (ku & only) && !(ku & KU(KU_AGREE));
}

static bool
ec_none(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_EC && v->key_usage && !(v->key_usage & (KU(KU_SIGN) | KU(KU_AGREE)));
}

static bool
edwards_usage(const struct lint_view *v, struct lint_spot *s)
{
	bool curve25519 = v->key_oid.n == 3 && v->key_oid.p[2] >= 0x70;

	(void)s;
	return v->key == LINT_KEY_EDWARDS && curve25519 && v->x[LX_USAGE] &&
	       (!(v->key_usage & KU(KU_SIGN)) || (v->key_usage & ~SIGNING));
}

static bool
usage_prohibited(const struct lint_view *v, struct lint_spot *s)
{
	return ec_usage(v, s) || ((v->scope & LINT_STRICT) ? rsa_strict(v, s) : rsa_wide(v, s)) ||
	       (v->key == LINT_KEY_EDWARDS && (v->key_usage & ~SIGNING));
}

/* -- the subject */

#define HAVE(v, at) (lint_attr_of(&(v)->subj, at) != NULL)

static bool
mailbox_subject(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->subj.n; i++) {
		enum lint_at at = v->subj.attr[i].at;

		if (at != AT_CN && at != AT_EMAIL && at != AT_SERIAL)
			return lint_spot_oid(s, v->subj.attr[i].oid);
	}
	return false;
}

static bool
attribute_missing(const struct lint_view *v, struct lint_spot *s)
{
	bool sponsor = v->scope & LINT_SPONSOR, organization = v->scope & LINT_ORGANIZATION;

	(void)s;
	if ((sponsor || organization) && (!HAVE(v, AT_O) || !HAVE(v, AT_ORGANIZATION_ID)))
		return true;
	if ((v->scope & LINT_INDIVIDUAL) || sponsor) {
		if (v->scope & LINT_LEGACY)
			return !HAVE(v, AT_GIVEN) && !HAVE(v, AT_SURNAME) && !HAVE(v, AT_PSEUDONYM) && !HAVE(v, AT_CN);
		return !HAVE(v, AT_PSEUDONYM) && (!HAVE(v, AT_GIVEN) || !HAVE(v, AT_SURNAME));
	}
	return false;
}

/* S/MIME BR 7.1.4.2.5: a person's name in full or a pseudonym, not both. */
static bool
identity(const struct lint_view *v, struct lint_spot *s)
{
	bool person = HAVE(v, AT_GIVEN) || HAVE(v, AT_SURNAME), pseudonym = HAVE(v, AT_PSEUDONYM);

	(void)s;
	return person == pseudonym;
}

static bool
country(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_C);

	return at && !lint_country_known(str_of(at->value)) && !str_eq(str_of(at->value), STR("XX")) &&
	       lint_spot_text(s, at->value);
}

/* LEI in an organizationIdentifier: XG for the country, 20 characters, their check digits (ISO 17442). */
static bool
lei_bad(struct str ref)
{
	unsigned rest = 0;

	if (ref.n != 20)
		return true;
	for (size_t i = 0; i < ref.n; i++) {
		char c = ref.p[i];

		if (c >= '0' && c <= '9')
			rest = (rest * 10 + (unsigned)(c - '0')) % 97;
		else if (c >= 'A' && c <= 'Z')
			rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
		else
			return true;
	}
	return rest != 1;
}

/* The extension 1.3.6.1.4.1.52266.1: not where only a mailbox is validated, nor critical. */
static bool
lei_extension(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_ext; i++) {
		bool lei = IS_OID(v->ext[i].oid, "\x2b\x06\x01\x04\x01\x83\x98\x2a\x01");
		bool role = IS_OID(v->ext[i].oid, "\x2b\x06\x01\x04\x01\x83\x98\x2a\x02");

		if (lei && (v->ext[i].critical || (v->scope & (LINT_MAILBOX | LINT_INDIVIDUAL))))
			return lint_spot_oid(s, v->ext[i].oid);
		if (role && (v->ext[i].critical || !(v->scope & LINT_SPONSOR)))
			return lint_spot_oid(s, v->ext[i].oid);
	}
	return false;
}

static bool
lei_in_subject(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *at = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);
	struct orgid id;

	return at && orgid_read(str_of(at->value), &id) && str_eq_c(id.scheme, "LEI") &&
	       (!str_eq_c(id.country, "XG") || lei_bad(id.reference)) && lint_spot_text(s, at->value);
}

/* The country of the register is the subject's. */
static bool
other_country(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *c = lint_attr_of(&v->subj, AT_C);

	for (unsigned i = 0; c && i < v->subj.n; i++) {
		struct orgid id;

		if (v->subj.attr[i].at != AT_ORGANIZATION_ID || !orgid_read(str_of(v->subj.attr[i].value), &id) ||
			orgid_among(id.scheme, "INT LEI") || str_eq(id.country, str_of(c->value)))
			continue;
		/* Greece in the tax numbers of the European Union */
		if (!str_eq_c(id.country, "EL") || !str_eq_c(str_of(c->value), "GR"))
			return lint_spot_text(s, v->subj.attr[i].value);
	}
	return false;
}

static bool
organization_cn(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *cn = lint_attr_of(&v->subj, AT_CN);

	if (!cn || among_mail(v, cn->value))
		return false;
	for (unsigned i = 0; i < v->subj.n; i++)
		if (v->subj.attr[i].at == AT_O && blob_eq(v->subj.attr[i].value, cn->value))
			return false;
	return lint_spot_text(s, cn->value);
}

static bool
dependent(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (HAVE(v, AT_ST) || HAVE(v, AT_L) || HAVE(v, AT_STREET) || HAVE(v, AT_POSTAL)) && !HAVE(v, AT_C);
}

/* "Given Surname", "Surname Given" or the pseudonym, without case. */
static bool
person_cn(const struct lint_view *v, struct lint_spot *s)
{
	const struct lint_attr *cn = lint_attr_of(&v->subj, AT_CN), *given = lint_attr_of(&v->subj, AT_GIVEN);
	const struct lint_attr *surname = lint_attr_of(&v->subj, AT_SURNAME), *pseudonym = lint_attr_of(&v->subj,
		AT_PSEUDONYM);
	size_t n;

	if (!cn || !(v->scope & (LINT_INDIVIDUAL | LINT_SPONSOR)) || among_mail(v, cn->value))
		return false;
	if (pseudonym && str_eq_nocase(str_of(cn->value), str_of(pseudonym->value)))
		return false;
	if (!given && !surname)
		return pseudonym && lint_spot_text(s, cn->value);
	/* both names stand in it, in either order */
	n = (given ? given->value.n : 0) + (surname ? surname->value.n : 0);
	return cn->value.n < n && lint_spot_text(s, cn->value);
}

static bool
other_attribute(const struct lint_view *v, struct lint_spot *s)
{
	const unsigned mailbox = 1U << AT_CN | 1U << AT_EMAIL | 1U << AT_SERIAL;
	const unsigned place = 1U << AT_C | 1U << AT_ST | 1U << AT_L | 1U << AT_STREET | 1U << AT_POSTAL;
	const unsigned person = 1U << AT_GIVEN | 1U << AT_SURNAME | 1U << AT_PSEUDONYM | 1U << AT_TITLE;
	const unsigned organization = 1U << AT_O | 1U << AT_OU | 1U << AT_ORGANIZATION_ID;
	unsigned fine = mailbox;

	if (v->scope & (LINT_INDIVIDUAL | LINT_SPONSOR))
		fine |= place | person;
	if (v->scope & (LINT_ORGANIZATION | LINT_SPONSOR))
		fine |= place | organization;
	if (v->scope & LINT_LEGACY)
		fine |= 1U << AT_OTHER;
	for (unsigned i = 0; i < v->subj.n; i++)
		if (!(fine & 1U << v->subj.attr[i].at))
			return lint_spot_oid(s, v->subj.attr[i].oid);
	return false;
}

#define M(id, from, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, "S/MIME BR 7.1.2.3", from, 0, severity, scope, fn, arg, place, aka, text, cure)
#define MS(id, severity, scope, fn, arg, aka, text, cure) \
	WORLD(id, "S/MIME BR 7.1.4.2", SMIME_1, 0, severity, scope, fn, arg, "subject", aka, text, cure)
#define LEAF (LINT_LEAF | LINT_SELF)
#define MAIL (LEAF | LINT_MAIL)
#define POLICY (LEAF | LINT_MAIL_POLICY)
#define AGAIN "Issue again as the S/MIME Baseline Requirements say."

static const struct lint_world_row rows[] = {
	M("mail-san-missing", SMIME_1, LINT_ERROR, POLICY, missing, LX_SAN, "subjectAltName",
		"e_san_shall_be_present cabf.smime.san_extension_missing", "there is no subjectAltName", AGAIN),
	M("mail-san-critical", SMIME_1, LINT_WARN, MAIL, critical, LX_SAN, "subjectAltName",
		"w_san_should_not_be_critical", "subjectAltName is critical", AGAIN),
	M("mail-no-mailbox", SMIME_1, LINT_ERROR, POLICY, no_mailbox, 0, "subjectAltName",
		"e_mailbox_address_shall_contain_an_rfc822_name "
		"cabf.smime.email_address_in_attribute_not_in_san",
		"a mail address of the subject is not in subjectAltName", AGAIN),
	M("mail-other-name", SMIME_1, LINT_ERROR, POLICY, other_name_kind, 0, "subjectAltName",
		"cabf.smime.prohibited_othername_type_present", "there is an otherName that is no mail address", AGAIN),
	M("mail-one-policy", SMIME_1, LINT_ERROR, MAIL, not_one_policy, 0, "certificatePolicies",
		"e_exactly_one_smime_policy", "not exactly one policy is reserved for S/MIME", AGAIN),
	M("mail-no-policy", SMIME_1, LINT_ERROR, LEAF | LINT_PUBLIC, no_policy, 0, "certificatePolicies",
		"cabf.smime.no_required_reserved_policy_oid", "no policy is reserved for S/MIME", AGAIN),
	M("mail-ku-missing", SMIME_1, LINT_ERROR, MAIL, missing, LX_USAGE, "keyUsage",
		"e_key_usage_presence cabf.smime.key_usage_extension_missing",
		"there is no keyUsage", AGAIN),
	M("mail-ku-critical", SMIME_1, LINT_WARN, MAIL, noncritical, LX_USAGE, "keyUsage",
		"w_key_usage_criticality cabf.smime.ku_extension_not_critical",
		"keyUsage is not critical", AGAIN),
	M("mail-ku-rsa-strict", SMIME_1, LINT_ERROR, LEAF | LINT_STRICT, rsa_strict, 0, "keyUsage",
		"e_rsa_key_usage_strict", "keyUsage of an RSA key names more than the strict generation allows", AGAIN),
	M("mail-ku-rsa-multipurpose", SMIME_1, LINT_ERROR, LEAF | LINT_MULTIPURPOSE, rsa_wide, 0, "keyUsage",
		"e_rsa_key_usage_legacy_multipurpose", "keyUsage of an RSA key names more than is allowed", AGAIN),
	M("mail-ku-rsa-legacy", SMIME_1, LINT_ERROR, LEAF | LINT_LEGACY, rsa_wide, 0, "keyUsage",
		"e_rsa_key_usage_legacy_multipurpose", "keyUsage of an RSA key names more than is allowed", AGAIN),
	M("mail-ku-rsa-other", SMIME_1, LINT_ERROR, MAIL, rsa_none, 0, "keyUsage",
		"e_rsa_other_key_usages cabf.smime.unknown_certificate_key_usage_type",
		"keyUsage of an RSA key neither signs nor wraps keys", AGAIN),
	M("mail-ku-ec", SMIME_1, LINT_ERROR, MAIL, ec_usage, 0, "keyUsage", "e_ecpublickey_key_usages",
		"keyUsage of an EC key names what is not allowed", AGAIN),
	M("mail-ku-ec-other", SMIME_1, LINT_ERROR, MAIL, ec_none, 0, "keyUsage",
		"e_ec_other_key_usages cabf.smime.unknown_certificate_key_usage_type",
		"keyUsage of an EC key neither signs nor agrees on keys", AGAIN),
	M("mail-ku-edwards", SMIME_1, LINT_ERROR, MAIL, edwards_usage, 0, "keyUsage", "e_edwardspublickey_key_usages",
		"keyUsage of an Edwards key names what is not allowed", AGAIN),
	M("mail-ku-prohibited", SMIME_1, LINT_ERROR, POLICY, usage_prohibited, 0, "keyUsage",
		"cabf.smime.prohibited_ku_present", "keyUsage names what is not allowed", AGAIN),
	M("mail-eku-strict", SMIME_1, LINT_ERROR, LEAF | LINT_STRICT, eku_not_strict, 0, "extKeyUsage",
		"e_smime_strict_eku_check", "extKeyUsage is not emailProtection alone", AGAIN),
	M("mail-eku-multipurpose", SMIME_1, LINT_ERROR, LEAF | LINT_MULTIPURPOSE, eku_not_mail, 0, "extKeyUsage",
		"e_smime_legacy_multipurpose_eku_check",
		"extKeyUsage lacks emailProtection, or names what does not go with it", AGAIN),
	M("mail-eku-legacy", SMIME_1, LINT_ERROR, LEAF | LINT_LEGACY, eku_not_mail, 0, "extKeyUsage",
		"e_smime_legacy_multipurpose_eku_check",
		"extKeyUsage lacks emailProtection, or names what does not go with it", AGAIN),
	M("mail-eku-prohibited", SMIME_1, LINT_ERROR, POLICY, eku_prohibited, 0, "extKeyUsage",
		"cabf.smime.prohibited_eku_present", "extKeyUsage names what does not go with S/MIME", AGAIN),
	M("mail-legacy", DAY(2025, 7, 15), LINT_ERROR, LEAF | LINT_LEGACY | LINT_DATED, present, LX_POLICIES,
		"certificatePolicies",
		"e_legacy_generation_deprecated cabf.smime.legacy_generation_certificate_issued_after_prohibition",
		"the certificate is of the legacy generation, which has ended", AGAIN),
	M("mail-dir-attrs-strict", SMIME_1, LINT_ERROR, LEAF | LINT_STRICT, present, LX_DIR_ATTRS,
		"subjectDirectoryAttributes",
		"e_strict_multipurpose_smime_ext_subject_directory_attr "
		"cabf.smime.subject_directory_attributes_extension_prohibited",
		"there is a subjectDirectoryAttributes", AGAIN),
	M("mail-dir-attrs-multipurpose", SMIME_1, LINT_ERROR, LEAF | LINT_MULTIPURPOSE, present, LX_DIR_ATTRS,
		"subjectDirectoryAttributes",
		"e_strict_multipurpose_smime_ext_subject_directory_attr "
		"cabf.smime.subject_directory_attributes_extension_prohibited",
		"there is a subjectDirectoryAttributes", AGAIN),
	M("mail-qc-critical", SMIME_1, LINT_ERROR, MAIL, critical, LX_QC, "qcStatements",
		"e_smime_qc_statements_must_not_be_critical "
		"cabf.smime.qc_statements_extension_critical", "qcStatements is critical", AGAIN),
	M("mail-adobe-strict", SMIME_1, LINT_ERROR, LEAF | LINT_STRICT, present, LX_ADOBE_STAMP, "extensions",
		"e_adobe_extensions_strict_presence "
		"cabf.smime.adobe_timestamp_extension_prohibited", "there is an extension of Adobe's", AGAIN),
	M("mail-adobe-revoke-strict", SMIME_1, LINT_ERROR, LEAF | LINT_STRICT, present, LX_ADOBE_REVOKE, "extensions",
		"e_adobe_extensions_strict_presence "
		"cabf.smime.adobe_archive_revinfo_extension_prohibited",
		"there is an extension of Adobe's", AGAIN),
	M("mail-adobe-critical", SMIME_1, LINT_ERROR, LEAF | LINT_LEGACY, critical, LX_ADOBE_STAMP, "extensions",
		"e_adobe_extensions_legacy_multipurpose_criticality "
		"cabf.smime.adobe_timestamp_extension_critical",
		"an extension of Adobe's is critical", AGAIN),
	M("mail-adobe-critical-multipurpose", SMIME_1, LINT_ERROR, LEAF | LINT_MULTIPURPOSE, critical, LX_ADOBE_STAMP,
		"extensions",
		"e_adobe_extensions_legacy_multipurpose_criticality "
		"cabf.smime.adobe_timestamp_extension_critical",
		"an extension of Adobe's is critical", AGAIN),
	M("mail-adobe-revoke-critical-multipurpose", SMIME_1, LINT_ERROR, LEAF | LINT_MULTIPURPOSE, critical,
		LX_ADOBE_REVOKE, "extensions",
		"e_adobe_extensions_legacy_multipurpose_criticality "
		"cabf.smime.adobe_archive_revinfo_extension_critical",
		"an extension of Adobe's is critical", AGAIN),
	M("mail-adobe-revoke-critical", SMIME_1, LINT_ERROR, LEAF | LINT_LEGACY, critical, LX_ADOBE_REVOKE,
		"extensions",
		"e_adobe_extensions_legacy_multipurpose_criticality "
		"cabf.smime.adobe_archive_revinfo_extension_critical",
		"an extension of Adobe's is critical", AGAIN),
	M("mail-lei-extension", SMIME_1, LINT_ERROR, POLICY, lei_extension, 0, "extensions",
		"e_legal_entity_identifier",
		"the extension of legal entity identifiers is critical, or stands where it must not", AGAIN),
	MS("mail-lei", LINT_ERROR, POLICY, lei_in_subject, 0, "",
		"the legal entity identifier's check digits are wrong",
		AGAIN),
	MS("mail-cn-mailbox", LINT_ERROR, LEAF | LINT_MAILBOX, cn_no_mail, 0, "e_commonname_mailbox_validated",
		"the common name is no mail address", AGAIN),
	MS("mail-subject-mailbox", LINT_ERROR, LEAF | LINT_MAILBOX, mailbox_subject, 0,
		"e_mailbox_validated_enforce_subject_field_restrictions",
		"the subject holds more than address and serial number", AGAIN),
	MS("mail-several-mailbox", LINT_ERROR, POLICY, several_mail, 0, "e_single_email_if_present",
		"a mail address of subjectAltName is not a single one", AGAIN),
	MS("mail-several-subject", LINT_ERROR, POLICY, several_subject_mail, 0, "e_single_email_subject_if_present",
		"there is not a single mail address in the subject's", AGAIN),
	MS("mail-country", LINT_ERROR, POLICY, country, 0, "e_subject_country_name",
		"the country is no code of ISO 3166-1", AGAIN),
	MS("mail-attribute-missing", LINT_ERROR, POLICY, attribute_missing, 0, "cabf.smime.missing_required_attribute",
		"an attribute is missing that the kind of certificate needs", AGAIN),
	MS("mail-dependent", LINT_ERROR, POLICY, dependent, 0,
		"cabf.smime.required_attribute_missing_for_dependent_attribute",
		"there is a place without its country", AGAIN),
	MS("mail-identity-sponsor", LINT_ERROR, LEAF | LINT_SPONSOR, identity, 0, "e_invalid_individual_identity",
		"there is neither a person's name nor a pseudonym, or both", AGAIN),
	MS("mail-identity-individual", LINT_ERROR, LEAF | LINT_INDIVIDUAL, identity, 0, "e_invalid_individual_identity",
		"there is neither a person's name nor a pseudonym, or both", AGAIN),
	MS("mail-register-country", LINT_ERROR, POLICY, other_country, 0,
		"e_registration_scheme_id_matches_subject_country "
		"cabf.smime.org_identifier_and_country_name_attribute_inconsistent",
		"organizationIdentifier is of another country than the subject", AGAIN),
	MS("mail-cn-organization", LINT_ERROR, LEAF | LINT_ORGANIZATION, organization_cn, 0,
		"e_org_validated_invalid_cn cabf.smime.common_name_value_unknown_source",
		"the common name is neither the organization nor one of the mail addresses", AGAIN),
	MS("mail-cn-person", LINT_ERROR, POLICY, person_cn, 0, "cabf.smime.common_name_value_unknown_source",
		"the common name is neither the person's name or pseudonym nor one of the mail addresses", AGAIN),
	MS("mail-attributes", LINT_ERROR, POLICY, other_attribute, 0, "cabf.smime.prohibited_attribute",
		"there is an attribute that the kind of certificate must not have", AGAIN),
	WORLD("mail-elsewhere-ca", "RFC 5280 4.1.2.6", 0, 0, LINT_ERROR, LINT_ALL, subject_mail_elsewhere, 0, "subject",
		"pkix.subject_email_address_not_in_san", "the subject's mail address does not stand in subjectAltName",
		"Issue again with the address in subjectAltName."),
	WORLD("mail-elsewhere", "RFC 5280 4.1.2.6", 0, 0, LINT_ERROR, LEAF, subject_mail_elsewhere, 0, "subject",
		"e_subj_email_not_in_san",
		"the subject's mail address does not stand in subjectAltName",
		"Issue again with the address in subjectAltName."),
};
const struct lint_world_table lint_world_mail = {rows, ARRAY_LEN(rows)};
