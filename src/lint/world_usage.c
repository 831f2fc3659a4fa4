/* SPDX-License-Identifier: Apache-2.0 */
/* basicConstraints, keyUsage and extKeyUsage. */
#include "lint/world.h"

/* -- basicConstraints */

static bool
path_len_improper(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->path_len_given && !(v->bad & 1U << LX_BASIC) && (!v->ca || !(v->key_usage & KU(KU_CERT)));
}

static bool
path_len_negative(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->path_len_given && v->path_len.n && v->path_len.p[0] >= 0x80;
}

static bool
path_len_present(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->path_len_given;
}

static bool
ca_false_written(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->basic_false;
}

static bool
ca_without_cert_sign(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_USAGE] && v->ca && !(v->key_usage & KU(KU_CERT));
}

static bool
cert_sign_without_ca(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (v->key_usage & KU(KU_CERT)) && !v->ca;
}

static bool
cert_sign_not_ca(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_BASIC] && (v->key_usage & KU(KU_CERT)) && !v->ca;
}

/* -- keyUsage */

static bool
ku_missing(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->x[LX_USAGE];
}

static bool
ku_none(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return !v->key_usage;
}

static bool
ku_noncritical(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_USAGE] && !v->x[LX_USAGE]->critical;
}

/* One of the bits of the row stands. */
static bool
ku_any(const struct lint_view *v, struct lint_spot *s)
{
	return v->key_usage & s->arg;
}

/* There is a keyUsage, but not all of the bits of the row stand. */
static bool
ku_lacks(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[LX_USAGE] && (v->key_usage & s->arg) != s->arg;
}

static bool
ku_empty(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->x[LX_USAGE] && !(v->bad & 1U << LX_USAGE) && !v->key_usage;
}

static bool
ku_trailing(const struct lint_view *v, struct lint_spot *s)
{
	struct blob b = v->usage_bits;

	(void)s;
	return b.n > 1 && (b.p[0] || v->key_usage) && !(b.p[b.n - 1] & 1U << b.p[0]);
}

/* A whole octet of zeros at the end. */
static bool
ku_superfluous(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->usage_bits.n > 1 && v->usage_bits.p[v->usage_bits.n - 1] == 0;
}

static bool
ku_padding(const struct lint_view *v, struct lint_spot *s)
{
	struct blob b = v->usage_bits;

	(void)s;
	return b.n > 1 && (b.p[b.n - 1] & ((1U << b.p[0]) - 1));
}

static bool
ku_long(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->usage_bits.n > 1 && 8 * (v->usage_bits.n - 1) - v->usage_bits.p[0] > 9;
}

#define ENCIPHER (KU(KU_KEY_ENC) | KU(KU_DATA_ENC))
#define ISSUE (KU(KU_CERT) | KU(KU_CRL))

static bool
of_key(const struct lint_view *v, enum lint_key key, unsigned bits)
{
	return v->key == key && (v->key_usage & bits);
}

static bool
rsa_ku(const struct lint_view *v, struct lint_spot *s)
{
	return of_key(v, LINT_KEY_RSA, s->arg);
}

static bool
ec_ku(const struct lint_view *v, struct lint_spot *s)
{
	return of_key(v, LINT_KEY_EC, s->arg);
}

static bool
rsa_ca_enciphers(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return of_key(v, LINT_KEY_RSA, ISSUE) && (v->key_usage & ENCIPHER);
}

static bool
rsa_both(const struct lint_view *v, struct lint_spot *s)
{
	unsigned both = KU(KU_SIGN) | KU(KU_KEY_ENC);

	(void)s;
	return v->key == LINT_KEY_RSA && (v->key_usage & both) == both;
}

static bool
edwards_ku(const struct lint_view *v, struct lint_spot *s)
{
	unsigned fine = KU(KU_SIGN) | KU(KU_COMMIT) | ISSUE;
	bool agree = v->key_oid.n == 3 && v->key_oid.p[2] <= 0x6f; /* X25519, X448 */

	(void)s;
	if (v->key != LINT_KEY_EDWARDS)
		return false;
	return v->key_usage & ~(agree ? KU(KU_AGREE) | KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY) : fine);
}

/* NIST's signature algorithms sign, and its key encapsulation wraps keys. arg: the arc,
	3 or 4; 13: the prehash ones. */
static bool
pq_ku(const struct lint_view *v, struct lint_spot *s)
{
	bool prehash = v->key == LINT_KEY_PQ && v->key_oid.p[7] == 3 && v->key_oid.p[8] >= 32;
	unsigned sign = KU(KU_SIGN) | KU(KU_COMMIT) | (prehash ? 0 : ISSUE);

	if (v->key != LINT_KEY_PQ || v->key_oid.p[7] != s->arg % 10 || prehash != (s->arg == 13))
		return false;
	return v->key_usage & ~(s->arg == 4 ? KU(KU_KEY_ENC) : sign);
}

static bool
prehash_ca(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->key == LINT_KEY_PQ && v->key_oid.p[7] == 3 && v->key_oid.p[8] >= 32;
}

static bool
only_without_agree(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return (v->key_usage & (KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY))) && !(v->key_usage & KU(KU_AGREE));
}

/* -- extKeyUsage */

static bool
eku_has(const struct lint_view *v, struct lint_spot *s)
{
	return lint_has_kp(v, s->arg);
}

static bool
eku_lacks(const struct lint_view *v, struct lint_spot *s)
{
	return v->x[LX_EKU] && !(v->bad & 1U << LX_EKU) && !lint_has_kp(v, s->arg);
}

static bool
eku_any(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_eku(v, OID_ANY_EKU);
}

static bool
any_critical(const struct lint_view *v, struct lint_spot *s)
{
	return eku_any(v, s) && v->x[LX_EKU]->critical;
}

static bool
eku_twice(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 1; i < v->n_ekus; i++)
		for (unsigned k = 0; k < i && k < 64; k++)
			if (blob_eq(v->eku_oid[i], v->eku_oid[k]))
				return lint_spot_oid(s, v->eku_oid[i]);
	return false;
}

static bool
neither_server_nor_client(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return v->n_ekus && !lint_has_kp(v, KP_SERVER) && !lint_has_kp(v, KP_CLIENT);
}

static bool
eku_extra(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_ekus; i++) {
		struct blob o = v->eku_oid[i];
		bool kp = o.n == 8 && memcmp(o.p, "\x2b\x06\x01\x05\x05\x07\x03", 7) == 0;

		if (!kp || (o.p[7] != KP_SERVER && o.p[7] != KP_CLIENT && o.p[7] != KP_MAIL))
			return lint_spot_oid(s, o);
	}
	return false;
}

#define OID_PRECERT OID_BODY("\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x04")

/* BR 7.1.2.7.10: what must not stand beside serverAuth. */
static bool
leaf_forbidden(const struct lint_view *v, struct lint_spot *s)
{
	static const unsigned never[] = {KP_CODE, KP_MAIL, KP_STAMP, KP_OCSP};

	(void)s;
	if (!v->x[LX_EKU])
		return false;
	for (size_t i = 0; i < ARRAY_LEN(never); i++)
		if (lint_has_kp(v, never[i]))
			return true;
	return !lint_has_kp(v, KP_SERVER) || eku_any(v, s) || lint_has_eku(v, OID_PRECERT);
}

static bool
leaf_unknown(const struct lint_view *v, struct lint_spot *s)
{
	for (unsigned i = 0; i < v->n_ekus; i++) {
		struct blob o = v->eku_oid[i];
		bool kp = o.n == 8 && memcmp(o.p, "\x2b\x06\x01\x05\x05\x07\x03", 7) == 0;

		if (kp && (o.p[7] <= KP_MAIL || o.p[7] == KP_STAMP || o.p[7] == KP_OCSP))
			continue;
		if (!blob_eq(o, OID_ANY_EKU) && !blob_eq(o, OID_PRECERT))
			return lint_spot_oid(s, o);
	}
	return false;
}

/* RFC 5280 4.2.1.12: the bits that go with a purpose; all of them for one of which nothing is said. */
static unsigned
usage_for(struct blob eku)
{
	static const unsigned bits[] = {
		[KP_SERVER] = KU(KU_SIGN) | KU(KU_KEY_ENC) | KU(KU_AGREE),
		[KP_CLIENT] = KU(KU_SIGN) | KU(KU_AGREE),
		[KP_CODE] = KU(KU_SIGN),
		[KP_MAIL] = KU(KU_SIGN) | KU(KU_COMMIT) | KU(KU_KEY_ENC) | KU(KU_AGREE),
		[KP_STAMP] = KU(KU_SIGN) | KU(KU_COMMIT),
		[KP_OCSP] = KU(KU_SIGN) | KU(KU_COMMIT),
	};
	bool kp = eku.n == 8 && memcmp(eku.p, "\x2b\x06\x01\x05\x05\x07\x03", 7) == 0;

	return kp && eku.p[7] < ARRAY_LEN(bits) && bits[eku.p[7]] ? bits[eku.p[7]] : ~0U;
}

static bool
inconsistent(const struct lint_view *v, struct lint_spot *s)
{
	unsigned fine = 0;

	(void)s;
	/* GM/T 0015 has usages of its own for the two certificates of a pair */
	if (v->key == LINT_KEY_SM2)
		return false;
	for (unsigned i = 0; i < v->n_ekus; i++)
		fine |= usage_for(v->eku_oid[i]);
	return v->n_ekus && (v->key_usage & ~fine);
}

static bool
stamp_not_critical(const struct lint_view *v, struct lint_spot *s)
{
	(void)s;
	return lint_has_kp(v, KP_STAMP) && !v->x[LX_EKU]->critical;
}

#define U(id, source, from, severity, scope, fn, arg, place, aka, text, cure) \
	WORLD(id, source, from, 0, severity, scope, fn, arg, place, aka, text, cure)
#define TLS_LEAF (LINT_LEAF | LINT_BR)
#define FIX_KU "Issue again with the usages that the key and the purpose need."
#define FIX_EKU "Issue again with the purposes that BR 7.1.2.7.10 allows."
#define NO_PATH_LEN "Leave the path length out and issue again."

static const struct lint_world_row rows[] = {
	U("bc-path-length-leaf", "RFC 5280 4.2.1.9", RFC3280, LINT_ERROR, LINT_ALL, path_len_improper, 0,
		"basicConstraints",
		"e_path_len_constraint_improperly_included",
		"a path length stands where cA or keyCertSign do not", NO_PATH_LEN),
	U("bc-path-length-negative", "RFC 5280 4.2.1.9", RFC2459, LINT_ERROR, LINT_ALL, path_len_negative, 0,
		"basicConstraints", "e_path_len_constraint_zero_or_less", "the path length is negative",
		"Issue again with a path length of 0 or more."),
	U("bc-path-length-root", "BR 7.1.2.1.4", BR_1, LINT_WARN, LINT_ROOT | LINT_PUBLIC, path_len_present, 0,
		"basicConstraints",
		"w_root_ca_basic_constraints_path_len_constraint_field_present "
		"cabf.serverauth.root_basic_constraints_pathlenconstraint_present", "a root has a path length",
		NO_PATH_LEN),
	U("bc-false-written", "X.690 11.5", RFC2459, LINT_ERROR, LINT_ALL, ca_false_written, 0, "basicConstraints",
		"e_basic_constr_invalid_der",
		"cA FALSE is written out, though it is the default", "Leave the FALSE out and issue again."),
	U("bc-ca-cannot-sign", "BR 7.1.2.7.8", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, ca_without_cert_sign, 0,
		"basicConstraints", "e_sub_cert_not_is_ca", "cA stands, but keyCertSign does not",
		"Issue again as what it is: without cA, or with keyCertSign."),
	U("bc-signs-without-ca", "BR 7.1.2.10.4", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, cert_sign_not_ca, 0,
		"basicConstraints", "e_ca_is_ca", "keyCertSign stands, but cA does not",
		"Issue again as what it is: with cA, or without keyCertSign."),
	U("ku-cert-sign-without-ca", "RFC 5280 4.2.1.9", RFC3280, LINT_ERROR, LINT_ALL, cert_sign_without_ca, 0,
		"keyUsage",
		"e_ext_key_usage_cert_sign_without_ca "
		"pkix.ee_certificate_keycertsign_keyusage_set",
		"keyCertSign stands in a certificate that is no CA",
		FIX_KU),

	U("ku-missing-ca", "RFC 5280 4.2.1.3", RFC3280, LINT_ERROR, LINT_CA, ku_none, 0, "keyUsage",
		"e_ca_key_usage_missing", "a CA has no keyUsage, or one without bits", FIX_KU),
	U("ku-absent-ca", "RFC 5280 4.2.1.3", RFC3280, LINT_ERROR, LINT_CA, ku_missing, 0, "keyUsage",
		"pkix.ca_certificate_no_ku_extension", "a CA has no keyUsage", FIX_KU),
	U("ku-missing-root", "BR 7.1.2.1.2", BR_1, LINT_ERROR, LINT_ROOT | LINT_PUBLIC, ku_missing, 0, "keyUsage",
		"e_root_ca_key_usage_present cabf.serverauth.root.key_usage_extension_absent",
		"a root has no keyUsage", FIX_KU),
	U("ku-critical-ca", "BR 7.1.2.10.7", BR_1, LINT_ERROR, LINT_CA | LINT_BR, ku_noncritical, 0, "keyUsage",
		"e_ca_key_usage_not_critical cabf.serverauth.ca.non_critical_key_usage_extension",
		"keyUsage of a CA is not critical",
		"Issue again with keyUsage critical."),
	U("ku-critical-root", "BR 7.1.2.1.2", BR_1, LINT_ERROR, LINT_ROOT | LINT_PUBLIC, ku_noncritical, 0, "keyUsage",
		"e_root_ca_key_usage_must_be_critical", "keyUsage of a root is not critical",
		"Issue again with keyUsage critical."),
	U("ku-critical", "RFC 5280 4.2.1.3", RFC2459, LINT_WARN, LINT_ALL, ku_noncritical, 0, "keyUsage",
		"w_ext_key_usage_not_critical pkix.key_usage_extension_not_critical", "keyUsage is not critical",
		"Issue again with keyUsage critical."),
	U("ku-critical-leaf", "BR 7.1.2.7.6", BR_2, LINT_ERROR, TLS_LEAF, ku_noncritical, 0, "keyUsage",
		"cabf.serverauth.subscriber.non_critical_key_usage_extension",
		"keyUsage of a subscriber's certificate is not critical", "Issue again with keyUsage critical."),
	U("ku-missing-leaf", "BR 7.1.2.7.6", BR_2, LINT_WARN, TLS_LEAF, ku_missing, 0, "keyUsage",
		"cabf.serverauth.subscriber.key_usage_extension_absent",
		"there is no keyUsage, which is recommended", FIX_KU),
	U("ku-ca-cannot-sign", "BR 7.1.2.10.7", BR_1, LINT_ERROR, LINT_CA | LINT_BR, ku_lacks, KU(KU_CERT), "keyUsage",
		"e_ca_key_cert_sign_not_set", "keyUsage of a CA lacks keyCertSign", FIX_KU),
	U("ku-ca-cannot-sign-pkix", "RFC 5280 4.2.1.3", RFC3280, LINT_ERROR, LINT_CA, ku_lacks, KU(KU_CERT), "keyUsage",
		"pkix.ca_certificate_keycertsign_keyusage_not_set", "keyUsage of a CA lacks keyCertSign", FIX_KU),
	U("ku-ca-cannot-sign-crls", "BR 7.1.2.10.7", BR_1, LINT_ERROR, LINT_CA | LINT_BR, ku_lacks, KU(KU_CRL),
		"keyUsage",
		"e_ca_crl_sign_not_set", "keyUsage of a CA lacks cRLSign", FIX_KU),
	U("ku-ca-required", "BR 7.1.2.10.7", BR_2, LINT_ERROR, LINT_CA | LINT_PUBLIC, ku_lacks, ISSUE, "keyUsage",
		"cabf.ca_certificate_required_ku_missing", "keyUsage of a CA lacks keyCertSign or cRLSign", FIX_KU),
	U("ku-ca-no-signature", "BR 7.1.2.10.7", BR_1, LINT_NOTE, LINT_CA | LINT_BR, ku_lacks, KU(KU_SIGN),
		"keyUsage",
		"n_ca_digital_signature_not_set cabf.ca_certificate_no_digital_signature_bit",
		"keyUsage of a CA lacks digitalSignature: it cannot sign OCSP answers itself",
		"Add digitalSignature where the CA answers OCSP with its own key."),
	U("ku-leaf-signs-certificates", "BR 7.1.2.7.11", BR_1, LINT_ERROR, TLS_LEAF, ku_any, KU(KU_CERT), "keyUsage",
		"e_sub_cert_key_usage_cert_sign_bit_set", "a subscriber's certificate may sign certificates", FIX_KU),
	U("ku-leaf-signs-crls", "BR 7.1.2.7.11", BR_1, LINT_ERROR, TLS_LEAF, ku_any, KU(KU_CRL), "keyUsage",
		"e_sub_cert_key_usage_crl_sign_bit_set", "a subscriber's certificate may sign revocation lists",
		FIX_KU),
	U("ku-empty", "RFC 5280 4.2.1.3", RFC5280, LINT_ERROR, LINT_ALL, ku_empty, 0, "keyUsage",
		"e_ext_key_usage_without_bits pkix.no_ku_bits_set", "keyUsage sets no bit", FIX_KU),
	U("ku-trailing-zeros", "X.690 11.2.2", 0, LINT_ERROR, LINT_ALL, ku_trailing, 0, "keyUsage",
		"e_incorrect_ku_encoding itu.invalid_asn1_syntax", "keyUsage keeps zero bits at its end",
		"Cut the zero bits at the end."),
	U("ku-zero-octet", "X.690 11.2.2", 0, LINT_ERROR, LINT_ALL, ku_superfluous, 0, "keyUsage",
		"e_superfluous_ku_encoding", "keyUsage ends with an octet of zeros", "Cut the zero bits at the end."),
	U("ku-unused-bits", "X.690 11.2.1", 0, LINT_ERROR, LINT_ALL, ku_padding, 0, "keyUsage", "",
		"unused bits of keyUsage are not zero", "Write the unused bits as zero."),
	U("ku-too-long", "RFC 5280 4.2.1.3", RFC5280, LINT_ERROR, LINT_ALL, ku_long, 0, "keyUsage",
		"e_key_usage_incorrect_length", "keyUsage has more than the nine bits that have a meaning", FIX_KU),
	U("ku-only-without-agreement", "RFC 5280 4.2.1.3", RFC2459, LINT_WARN, LINT_ALL, only_without_agree, 0,
		"keyUsage",
		"", "encipherOnly or decipherOnly stand without keyAgreement, so they mean nothing", FIX_KU),
	U("ku-rsa-leaf", "RFC 3279 2.3.1", RFC3280, LINT_ERROR, LINT_LEAF, rsa_ku,
		KU(KU_AGREE) | ISSUE | KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY), "keyUsage", "e_rsa_allowed_ku_ee",
		"keyUsage names what an RSA key of a subscriber cannot or must not do", FIX_KU),
	U("ku-rsa-ca", "RFC 3279 2.3.1", RFC3280, LINT_ERROR, LINT_CA, rsa_ku,
		KU(KU_AGREE) | KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY), "keyUsage", "e_rsa_allowed_ku_ca",
		"keyUsage names what an RSA key cannot do", FIX_KU),
	U("ku-rsa", "RFC 3279 2.3.1", 0, LINT_ERROR, LINT_ALL, rsa_ku, KU(KU_AGREE) | KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY),
		"keyUsage", "pkix.key_usage_value_prohibited_for_rsa", "keyUsage names what an RSA key cannot do",
		FIX_KU),
	U("ku-rsa-ca-enciphers", "RFC 3279 2.3.1", RFC3280, LINT_ERROR, LINT_CA, rsa_ca_enciphers, 0, "keyUsage",
		"e_rsa_allowed_ku_no_encipherment_ca", "an RSA key that issues shall not encipher as well", FIX_KU),
	U("ku-rsa-both", "BR 7.1.2.7.11", BR_2, LINT_NOTE, TLS_LEAF, rsa_both, 0, "keyUsage",
		"cabf.serverauth.subscriber_rsa_digitalsignature_and_keyencipherment_present",
		"an RSA key both signs and wraps keys, which is not recommended", FIX_KU),
	U("ku-ec", "RFC 8813 3", RFC8813, LINT_ERROR, LINT_ALL, ec_ku, ENCIPHER, "keyUsage",
		"e_ecdsa_allowed_ku pkix.key_usage_value_prohibited_for_ec",
		"keyUsage has an EC key encipher, which it cannot",
		FIX_KU),
	U("ku-ec-tls", "BR 7.1.2.7.11", BR_2, LINT_ERROR, TLS_LEAF, ec_ku,
		KU(KU_COMMIT) | ENCIPHER | KU(KU_CERT) | KU(KU_CRL) | KU(KU_ENC_ONLY) | KU(KU_DEC_ONLY), "keyUsage",
		"e_cabf_ecc_allowed_key_usages", "keyUsage of an EC key names more than a TLS server needs", FIX_KU),
	U("ku-ec-agreement", "BR 7.1.2.7.11", BR_2, LINT_WARN, TLS_LEAF, ec_ku, KU(KU_AGREE), "keyUsage",
		"w_cabf_ecc_ku_keyagreement_present",
		"keyUsage of an EC key has keyAgreement, which is not recommended", FIX_KU),
	U("ku-edwards", "RFC 8410 5", 0, LINT_ERROR, LINT_ALL, edwards_ku, 0, "keyUsage",
		"pkix.key_usage_value_prohibited_for_edwards_curve", "keyUsage names what such a key cannot do",
		FIX_KU),
	U("ku-signature-key", "RFC 9881 5", 0, LINT_ERROR, LINT_ALL, pq_ku, 3, "keyUsage",
		"pkix.key_usage_value_prohibited_for_mldsa",
		"keyUsage names what a post-quantum signature key cannot do", FIX_KU),
	U("ku-prehash-key", "RFC 9881 5", 0, LINT_ERROR, LINT_ALL, pq_ku, 13, "keyUsage",
		"pkix.key_usage_value_prohibited_for_hash_mldsa",
		"keyUsage names what a prehash signature key cannot do", FIX_KU),
	U("ku-prehash-ca", "RFC 9881 5", 0, LINT_ERROR, LINT_CA, prehash_ca, 0, "subjectPublicKeyInfo",
		"pkix.hash_mldsa_ca_key_prohibited", "a CA has a key of a prehash kind", "Use a key of the pure kind."),
	U("ku-encapsulation-key", "RFC 9935 5", 0, LINT_ERROR, LINT_ALL, pq_ku, 4, "keyUsage",
		"pkix.key_usage_value_prohibited_for_mlkem", "keyUsage names what an encapsulation key cannot do",
		FIX_KU),

	U("eku-twice", "RFC 5280 4.2.1.12", RFC2459, LINT_WARN, LINT_ALL, eku_twice, 0, "extKeyUsage", "",
		"a purpose stands twice", "Name each purpose once."),
	U("eku-any-critical", "RFC 5280 4.2.1.12", RFC3280, LINT_WARN, LINT_ALL, any_critical, 0, "extKeyUsage",
		"w_eku_critical_improperly", "extKeyUsage is critical, though it holds anyExtendedKeyUsage",
		"Issue again with extKeyUsage not critical."),
	U("eku-no-tls", "BR 7.1.2.7.10", BR_1, LINT_ERROR, LINT_ALL | LINT_BR, neither_server_nor_client, 0,
		"extKeyUsage",
		"e_sub_cert_eku_server_auth_client_auth_missing", "neither serverAuth nor clientAuth stand", FIX_EKU),
	U("eku-extra", "BR 7.1.2.7.10", BR_1, LINT_WARN, TLS_LEAF, eku_extra, 0, "extKeyUsage",
		"w_sub_cert_eku_extra_values",
		"there are purposes beside serverAuth, clientAuth and emailProtection", FIX_EKU),
	U("eku-leaf-forbidden", "BR 7.1.2.7.10", BR_2, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS,
		leaf_forbidden, 0,
		"extKeyUsage", "e_sub_cert_eku_check",
		"extKeyUsage of a TLS certificate has what must not stand in it", FIX_EKU),
	U("eku-leaf-unknown", "BR 7.1.2.7.10", BR_2, LINT_WARN, LINT_LEAF | LINT_PUBLIC | LINT_TLS, leaf_unknown, 0,
		"extKeyUsage", "e_sub_cert_eku_check", "extKeyUsage of a TLS certificate has a purpose of its own",
		FIX_EKU),
	U("eku-leaf-ocsp", "BR 7.1.2.7.10", BR_2, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS, eku_has, KP_OCSP,
		"extKeyUsage", "cabf.serverauth.subscriber.ocspsigning_eku_present",
		"a TLS certificate may sign OCSP answers", FIX_EKU),
	U("eku-client-auth", "Chrome Root Program 1.8", DAY(2027, 3, 15), LINT_ERROR,
		LINT_LEAF | LINT_PUBLIC | LINT_TLS,
		eku_has, KP_CLIENT, "extKeyUsage", "e_client_auth_not_allowed",
		"a TLS server's certificate has clientAuth, which Chrome's root program no longer takes",
		"Use a certificate of a private hierarchy for clients."),
	U("eku-ku", "RFC 5280 4.2.1.12", RFC5280, LINT_ERROR, LINT_LEAF, inconsistent, 0, "extKeyUsage",
		"e_key_usage_and_extended_key_usage_inconsistent", "keyUsage allows what none of the purposes needs",
		FIX_KU),
	U("eku-stamp-critical", "RFC 3161 2.3", 0, LINT_ERROR, LINT_ALL, stamp_not_critical, 0, "extKeyUsage",
		"pkix.extended_key_usage_extension_with_timestamping_not_critical",
		"extKeyUsage with timeStamping is not critical", "Issue again with extKeyUsage critical."),
	U("eku-ca-any", "BR 7.1.2.10.6", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC | LINT_TLS, eku_any, 0,
		"extKeyUsage", "cabf.serverauth.ca.anyeku_present", "a TLS CA has anyExtendedKeyUsage", FIX_EKU),
	U("eku-ca-ocsp", "BR 7.1.2.10.6", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC | LINT_TLS, eku_has, KP_OCSP,
		"extKeyUsage",
		"cabf.serverauth.ca.ocspsigning_eku_present cabf.serverauth.cross_ca.ocspsigning_eku_present",
		"a TLS CA has OCSPSigning", FIX_EKU),
	U("eku-ca-mail", "BR 7.1.2.10.6", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC | LINT_TLS, eku_has, KP_MAIL,
		"extKeyUsage", "cabf.serverauth.ca.emailprotection_eku_present", "a TLS CA has emailProtection",
		FIX_EKU),
	U("eku-ca-code", "BR 7.1.2.10.6", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC | LINT_TLS, eku_has, KP_CODE,
		"extKeyUsage", "cabf.serverauth.ca.codesigning_eku_present", "a TLS CA has codeSigning", FIX_EKU),
	U("eku-ca-stamp", "BR 7.1.2.10.6", BR_2, LINT_ERROR, LINT_SUB_CA | LINT_PUBLIC | LINT_TLS, eku_has, KP_STAMP,
		"extKeyUsage", "cabf.serverauth.ca.timestamping_eku_present", "a TLS CA has timeStamping", FIX_EKU),
	U("eku-leaf-server", "BR 7.1.2.7.10", BR_2, LINT_ERROR, LINT_LEAF | LINT_PUBLIC | LINT_TLS, eku_lacks,
		KP_SERVER,
		"extKeyUsage", "cabf.serverauth.subscriber.serverauth_eku_absent",
		"a TLS certificate lacks serverAuth", FIX_EKU),
};
const struct lint_world_table lint_world_usage = {rows, ARRAY_LEN(rows)};
