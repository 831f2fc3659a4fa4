/* SPDX-License-Identifier: Apache-2.0 */
/* What a certificate is, by what it says of itself: the rules that apply hang on it. */
#include "lint/lint_priv.h"

#define KP_PREFIX "\x2b\x06\x01\x05\x05\x07\x03"
#define ETSI_QC_PREFIX "\x04\x00\x8e\x46\x01"
#define MAIL_POLICY_PREFIX "\x67\x81\x0c\x01\x05"
#define ETSI_POLICY_PREFIX "\x04\x00\x8f\x7a\x01"
#define QUALIFIED_POLICY_PREFIX "\x04\x00\x8b\xec\x40\x01"
#define HAS_PREFIX(b, s) ((b).n >= sizeof(s) - 1 && memcmp((b).p, s, sizeof(s) - 1) == 0)

bool
lint_has_eku(const struct lint_view *v, struct blob oid)
{
	for (unsigned i = 0; i < v->n_ekus; i++)
		if (blob_eq(v->eku_oid[i], oid))
			return true;
	return false;
}

bool
lint_has_kp(const struct lint_view *v, unsigned n)
{
	for (unsigned i = 0; i < v->n_ekus; i++)
		if (v->eku_oid[i].n == 8 && HAS_PREFIX(v->eku_oid[i], KP_PREFIX) && v->eku_oid[i].p[7] == n)
			return true;
	return false;
}

bool
lint_has_policy(const struct lint_view *v, struct blob oid)
{
	for (unsigned i = 0; i < v->n_policies; i++)
		if (blob_eq(v->policy[i].oid, oid))
			return true;
	return false;
}

const struct lint_attr *
lint_attr_of(const struct lint_dn *dn, enum lint_at at)
{
	for (unsigned i = 0; i < dn->n; i++)
		if (dn->attr[i].at == at && dn->attr[i].tag)
			return &dn->attr[i];
	return NULL;
}

unsigned
lint_attr_count(const struct lint_dn *dn, enum lint_at at)
{
	unsigned n = 0;

	for (unsigned i = 0; i < dn->n; i++)
		n += dn->attr[i].at == at && dn->attr[i].tag;
	return n;
}

const struct lint_qc *
lint_qc_of(const struct lint_view *v, unsigned n)
{
	for (unsigned i = 0; i < v->n_qc; i++)
		if (v->qc[i].oid.n == 6 && HAS_PREFIX(v->qc[i].oid, ETSI_QC_PREFIX) && v->qc[i].oid.p[5] == n)
			return &v->qc[i];
	return NULL;
}

/* -- what the policies say */

static unsigned
mail_policy(struct blob oid)
{
	static const unsigned types[] = {LINT_MAILBOX, LINT_ORGANIZATION, LINT_SPONSOR, LINT_INDIVIDUAL};
	static const unsigned generations[] = {LINT_LEGACY, LINT_MULTIPURPOSE, LINT_STRICT};

	if (oid.n != 7 || !HAS_PREFIX(oid, MAIL_POLICY_PREFIX) || oid.p[5] < 1 || oid.p[5] > 4 || oid.p[6] < 1 ||
		oid.p[6] > 3)
		return 0;
	return LINT_MAIL | LINT_MAIL_POLICY | types[oid.p[5] - 1] | generations[oid.p[6] - 1];
}

/* ETSI EN 319 411-1 5.3, EN 319 411-2 5.3 */
static unsigned
etsi_policy(struct blob oid)
{
	if (oid.n == 6 && HAS_PREFIX(oid, ETSI_POLICY_PREFIX))
		return LINT_ETSI | (oid.p[5] >= 4 && oid.p[5] <= 8 ? LINT_WEB : 0);
	if (oid.n == 7 && HAS_PREFIX(oid, QUALIFIED_POLICY_PREFIX)) {
		static const unsigned kinds[] = {LINT_NATURAL, LINT_LEGAL, LINT_NATURAL, LINT_LEGAL, LINT_WEB, LINT_WEB,
			LINT_WEB};

		return LINT_ETSI | (oid.p[6] < ARRAY_LEN(kinds) ? kinds[oid.p[6]] : 0);
	}
	return 0;
}

/* EVG 9.7: the Forum's own; and those under which CAs issued EV before it. */
static bool
is_ev(struct blob oid)
{
	static const struct blob ev[] = {
		OID_BODY("\x67\x81\x0c\x01\x01"), /* 2.23.140.1.1 */
		OID_BODY("\x2a\x81\x1c\x86\xef\x3a\x01\x01\x03"), /* 1.2.156.112570.1.1.3 */
		OID_BODY("\x2b\x81\x1f\x01\x11\x01"), /* 1.3.159.1.17.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\xe6\x79\x0a\x01\x03\x0a"), /* 1.3.6.1.4.1.13177.10.1.3.10 */
		OID_BODY("\x2b\x06\x01\x04\x01\xf3\x39\x06\x01\x01"), /* 1.3.6.1.4.1.14777.6.1.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\xf3\x39\x06\x01\x02"), /* 1.3.6.1.4.1.14777.6.1.2 */
		OID_BODY("\x2b\x06\x01\x04\x01\xf0\x22\x01\x06"), /* 1.3.6.1.4.1.14370.1.6 */
		OID_BODY("\x2b\x06\x01\x04\x01\x81\x87\x2e\x0a\x0e\x02\x01\x02"), /* 1.3.6.1.4.1.17326.10.14.2.1.2 */
		OID_BODY("\x2b\x06\x01\x04\x01\x81\x87\x2e\x0a\x08\x0c\x01\x02"), /* 1.3.6.1.4.1.17326.10.8.12.1.2 */
		OID_BODY("\x2b\x06\x01\x04\x01\x81\xad\x5a\x02\x05\x02\x03\x01"), /* 1.3.6.1.4.1.22234.2.5.2.3.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\x81\xb5\x37\x01\x01\x01"), /* 1.3.6.1.4.1.23223.1.1.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\x81\xe9\x0c\x01\x0a"), /* 1.3.6.1.4.1.29836.1.10 */
		OID_BODY("\x2b\x06\x01\x04\x01\x82\x8f\x09\x02\x01"), /* 1.3.6.1.4.1.34697.2.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\x82\x8f\x09\x02\x02"), /* 1.3.6.1.4.1.34697.2.2 */
		OID_BODY("\x2b\x06\x01\x04\x01\x82\x8f\x09\x02\x03"), /* 1.3.6.1.4.1.34697.2.3 */
		OID_BODY("\x2b\x06\x01\x04\x01\x82\x8f\x09\x02\x04"), /* 1.3.6.1.4.1.34697.2.4 */
		OID_BODY("\x2b\x06\x01\x04\x01\x82\x9b\x51\x02"), /* 1.3.6.1.4.1.36305.2 */
		OID_BODY("\x2b\x06\x01\x04\x01\x82\xbf\x25\x01\x01\x16\x03"), /* 1.3.6.1.4.1.40869.1.1.22.3 */
		OID_BODY("\x2b\x06\x01\x04\x01\xa0\x32\x01\x01"), /* 1.3.6.1.4.1.4146.1.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\xa5\x34\x02\x81\x4a\x01"), /* 1.3.6.1.4.1.4788.2.202.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\xb1\x3e\x01\x64\x01"), /* 1.3.6.1.4.1.6334.1.100.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\xb2\x31\x01\x02\x01\x05\x01"), /* 1.3.6.1.4.1.6449.1.2.1.5.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\x86\x0e\x01\x02\x01\x08\x01"), /* 1.3.6.1.4.1.782.1.2.1.8.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\xbd\x47\x0d\x18\x01"), /* 1.3.6.1.4.1.7879.13.24.1 */
		OID_BODY("\x2b\x06\x01\x04\x01\xbe\x58\x00\x02\x64\x01\x02"), /* 1.3.6.1.4.1.8024.0.2.100.1.2 */
		OID_BODY("\x60\x81\x1c\x86\xef\x2a\x03"), /* 2.16.156.112554.3 */
		OID_BODY("\x60\x84\x10\x01\x87\x6b\x01\x02\x07"), /* 2.16.528.1.1003.1.2.7 */
		OID_BODY("\x60\x84\x42\x01\x1a\x01\x03\x03"), /* 2.16.578.1.26.1.3.3 */
		OID_BODY("\x60\x85\x74\x01\x53\x15\x00"), /* 2.16.756.1.83.21.0 */
		OID_BODY("\x60\x85\x74\x01\x59\x01\x02\x01\x01"), /* 2.16.756.1.89.1.2.1.1 */
		OID_BODY("\x60\x86\x18\x03\x00\x03\x01\x01\x05"), /* 2.16.792.3.0.3.1.1.5 */
		OID_BODY("\x60\x86\x48\x01\x86\xf8\x45\x01\x07\x17\x06"), /* 2.16.840.1.113733.1.7.23.6 */
		OID_BODY("\x60\x86\x48\x01\x86\xf8\x45\x01\x07\x30\x01"), /* 2.16.840.1.113733.1.7.48.1 */
		OID_BODY("\x60\x86\x48\x01\x86\xfa\x6c\x0a\x01\x02"), /* 2.16.840.1.114028.10.1.2 */
		OID_BODY("\x60\x86\x48\x01\x86\xfb\x7b\x83\x74\x09"), /* 2.16.840.1.114171.500.9 */
		OID_BODY("\x60\x86\x48\x01\x86\xfd\x64\x01\x01\x02\x04\x01"), /* 2.16.840.1.114404.1.1.2.4.1 */
		OID_BODY("\x60\x86\x48\x01\x86\xfd\x6c\x02\x01"), /* 2.16.840.1.114412.2.1 */
		OID_BODY("\x60\x86\x48\x01\x86\xfd\x6d\x01\x07\x17\x03"), /* 2.16.840.1.114413.1.7.23.3 */
		OID_BODY("\x60\x86\x48\x01\x86\xfd\x6e\x01\x07\x17\x03"), /* 2.16.840.1.114414.1.7.23.3 */
	};

	for (size_t i = 0; i < ARRAY_LEN(ev); i++)
		if (blob_eq(oid, ev[i]))
			return true;
	return false;
}

static unsigned
tls_policy(struct blob oid)
{
	static const unsigned kinds[] = {LINT_DV, LINT_OV, LINT_IV};

	if (oid.n == 6 && HAS_PREFIX(oid, "\x67\x81\x0c\x01\x02") && oid.p[5] >= 1 && oid.p[5] <= 3)
		return kinds[oid.p[5] - 1];
	return is_ev(oid) ? LINT_EV : 0;
}

static unsigned
code_policy(struct blob oid)
{
	bool code = IS_OID(oid, "\x67\x81\x0c\x01\x04\x01") || IS_OID(oid, "\x67\x81\x0c\x01\x04\x02") ||
		    IS_OID(oid, "\x67\x81\x0c\x01\x03");

	return code ? LINT_CODE : 0;
}

static unsigned
by_policies(const struct lint_view *v)
{
	unsigned scope = 0;

	for (unsigned i = 0; i < v->n_policies; i++) {
		struct blob oid = v->policy[i].oid;

		scope |= tls_policy(oid) | mail_policy(oid) | code_policy(oid) | etsi_policy(oid);
	}
	if (scope & (LINT_DV | LINT_OV | LINT_IV | LINT_EV))
		scope |= LINT_TLS;
	return scope;
}

/* -- what the purposes say */

static bool
has_mail_name(const struct lint_view *v)
{
	for (unsigned i = 0; i < v->san.n; i++)
		if (v->san.p[i].tag == GN_EMAIL ||
			(v->san.p[i].tag == GN_OTHER && v->san.p[i].value.n > 10 &&
				/* id-on-SmtpUTF8Mailbox */
				memcmp(v->san.p[i].value.p, "\x06\x08\x2b\x06\x01\x05\x05\x07\x08\x09", 10) == 0))
			return true;
	return false;
}

static unsigned
by_purposes(const struct lint_view *v)
{
	unsigned scope = 0;
	bool any = lint_has_eku(v, OID_ANY_EKU);

	if (!v->n_ekus || any || lint_has_kp(v, KP_SERVER))
		scope |= LINT_SERVER;
	if (lint_has_kp(v, KP_SERVER))
		scope |= LINT_TLS;
	if (lint_has_kp(v, KP_MAIL) && has_mail_name(v))
		scope |= LINT_MAIL;
	if (!v->ca && (lint_has_kp(v, KP_OCSP) || v->x[LX_NOCHECK]))
		scope |= LINT_OCSP;
	return scope;
}

static unsigned
by_statements(const struct lint_view *v)
{
	const struct lint_attr *id = lint_attr_of(&v->subj, AT_ORGANIZATION_ID);
	unsigned scope = 0;

	if (v->x[LX_QC])
		scope |= LINT_QC;
	if (lint_qc_of(v, 1))
		scope |= LINT_QUALIFIED | LINT_ETSI;
	for (unsigned i = 0; i < v->n_qc; i++)
		if (IS_OID(v->qc[i].oid, "\x04\x00\x81\x98\x27\x02"))
			scope |= LINT_PSD2;
	if (lint_has_policy(v, OID_BODY("\x04\x00\x81\x98\x27\x03\x01")) ||
		(id && str_starts(str_of(id->value), STR("PSD"))))
		scope |= LINT_PSD2;
	return scope;
}

/* No signature is checked here: who carries its own name and no other key's identifier takes itself for a root. */
static unsigned
role(const struct lint_view *v)
{
	bool other_key = v->aki_id.n && v->aki_id.n == v->ski_id.n && !blob_eq(v->aki_id, v->ski_id);
	bool self = v->self_issued && v->subj.n && !other_key;

	if (v->ca)
		return self ? LINT_ROOT : LINT_SUB_CA;
	return self ? LINT_SELF : LINT_LEAF;
}

void
lint_view_kind(struct lint_view *v)
{
	v->scope = role(v) | by_policies(v) | by_purposes(v) | by_statements(v) |
		   (v->x[LX_POISON] ? LINT_PRECERT : LINT_FINAL);
	if (v->conf->public_rules)
		v->scope |= LINT_PUBLIC;
}
