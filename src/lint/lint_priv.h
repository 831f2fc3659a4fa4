/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules see of a certificate, taken apart once. */
#pragma once

#include "base/clock.h"
#include "base/der.h"
#include "lint/lint.h"

#define LINT_EXTS_MAX 40
#define LINT_PLACE_MAX sizeof(((struct lint_finding *)0)->place)

/* Extensions that rules know. */
enum lint_x {
	LX_BASIC,
	LX_USAGE,
	LX_EKU,
	LX_SAN,
	LX_IAN,
	LX_AKI,
	LX_SKI,
	LX_CDP,
	LX_FRESHEST,
	LX_AIA,
	LX_SIA,
	LX_POLICIES,
	LX_MAPPINGS,
	LX_POLICY_CONSTRAINTS,
	LX_INHIBIT,
	LX_NAMES,
	LX_FEATURE,
	LX_QC,
	LX_SCT,
	LX_POISON,
	LX_NOCHECK,
	LX_ORGID,
	LX_DIR_ATTRS,
	LX_ONION,
	LX_ADOBE_STAMP,
	LX_ADOBE_REVOKE,
	LX_COUNT,
};

struct lint_ext {
	struct blob oid, value;
	bool critical, explicit_false;
};

/* What an attribute of a name is. */
enum lint_at {
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
	AT_EMAIL,
	AT_PSEUDONYM,
	AT_TITLE,
	AT_LAST,
};

struct lint_attr {
	struct blob oid, value;
	uint8_t tag; /* 0: no attribute could be read here */
	unsigned rdn;
	enum lint_at at;
};

struct lint_dn {
	unsigned n, rdns;
	struct lint_attr *attr;
};

struct lint_general_name {
	uint8_t tag;
	struct blob value;
};
#define GN_OTHER DER_CTX_CONS(0)
#define GN_EMAIL DER_CTX(1)
#define GN_DNS DER_CTX(2)
#define GN_X400 DER_CTX_CONS(3)
#define GN_DIRECTORY DER_CTX_CONS(4)
#define GN_EDI DER_CTX_CONS(5)
#define GN_URI DER_CTX(6)
#define GN_IP DER_CTX(7)
#define GN_RID DER_CTX(8)

struct lint_names {
	struct lint_general_name *p;
	unsigned n;
};

/* An entry of authorityInfoAccess or subjectInfoAccess. */
struct lint_access {
	struct blob method;
	struct lint_general_name where;
};
struct lint_accesses {
	struct lint_access *p;
	unsigned n;
};

struct lint_point {
	bool name, relative, reasons, issuer;
	struct blob reasons_bits; /* first octet: unused bits */
	struct lint_names full;
};
struct lint_points {
	struct lint_point *p;
	unsigned n;
};

struct lint_qualifier {
	struct blob oid;
	uint8_t tag, text_tag; /* of the value; of a notice's explicitText, 0: none */
	struct blob value, text;
	bool notice_ref;
};
struct lint_policy {
	struct blob oid;
	unsigned n;
	struct lint_qualifier *q;
};

struct lint_qc {
	struct blob oid, info; /* info: the whole element; n = 0: none */
};

enum lint_key { LINT_KEY_OTHER, LINT_KEY_RSA, LINT_KEY_EC, LINT_KEY_SM2, LINT_KEY_DSA, LINT_KEY_EDWARDS, LINT_KEY_PQ };

struct lint_view {
	const struct lint_conf *conf;
	struct arena *a;
	unsigned scope; /* what it is: bits of enum lint_scope */
	int64_t version;
	/* of a whole certificate: the outer algorithm and the signature's octets; n = 0 in a to-be-signed one */
	struct blob outer_alg, signature;
	struct blob serial, sig_alg, issuer, subject, spki;
	int64_t not_before_ms, not_after_ms;
	uint8_t not_before_tag, not_after_tag;
	struct blob not_before, not_after; /* as written */
	bool issuer_uid, subject_uid, has_exts;
	bool loose_bool; /* a critical that is TRUE by another octet than 0xff */
	unsigned n_ext;
	struct lint_ext ext[LINT_EXTS_MAX];
	const char *stopped; /* the field that could not be read */
	uintptr_t stopped_at; /* its place in the input */

	const struct lint_ext *x[LX_COUNT]; /* NULL: not there */
	uint32_t bad; /* bit per lint_x: its value is not what its syntax says */
	const struct lint_ext *unreadable; /* the first such one */
	bool self_issued, ca, path_len_given, basic_false;
	struct blob path_len; /* the INTEGER's octets */
	unsigned key_usage; /* bit n: named bit n */
	struct blob usage_bits; /* first octet: unused bits */
	struct lint_dn subj, iss;
	struct lint_names san, ian, permitted, excluded;
	unsigned nc_min, nc_max; /* subtrees that say a minimum, a maximum */
	struct lint_accesses aia, sia;
	struct lint_points cdp, freshest;
	unsigned n_ekus, n_policies, n_mappings, n_qc, n_scts;
	struct blob *eku_oid, *mapping; /* mapping: pairs */
	struct lint_policy *policy;
	struct lint_qc *qc;
	uint64_t sct_first_ms[8]; /* times of the first ones */
	uint8_t sct_log[8][32];
	struct blob aki_id, aki_serial, ski_id;
	bool aki_issuer;
	bool policy_qualifier, qualifiers_empty;
	bool empty_constraints;
	uint64_t inhibit_skip;
	enum lint_key key;
	struct blob key_oid, key_alg /* AlgorithmIdentifier */, key_bits, curve;
	unsigned key_size; /* bits of an RSA modulus, of a DSA prime; 0: none */
	struct blob rsa_n, rsa_e, dsa_p, dsa_q;
};

/* -- what is found */

struct lint_out {
	struct arena *a;
	const struct lint_rule *rule;
	bool early; /* told of a certificate from before the rule */
	const char *aka; /* NULL: the rule's */
	struct lint_finding *found;
	size_t n, room;
};
/* Notes that the rule in hand is broken; place may be "". */
void lint_hit(struct lint_out *out, const char *place);
/* The place is a text from the certificate: shown in printable ASCII. */
void lint_hit_text(struct lint_out *out, struct blob text);

/* False when tbs is no TBSCertificate; then v->stopped says where. */
bool lint_view_read(struct blob tbs, const struct lint_conf *conf, struct arena *a, struct lint_view *ret);
/* As above, of a whole certificate. */
bool lint_view_read_cert(struct blob der, const struct lint_conf *conf, struct arena *a, struct lint_view *ret);
/* Takes the values of the known extensions, the names and the key apart. */
void lint_view_decode(struct lint_view *v);
/* The parts of it, in view_ext.c, view_names.c and view_kind.c. */
void lint_view_exts(struct lint_view *v);
void lint_view_dn(struct lint_view *v, struct blob name, struct lint_dn *ret);
void lint_view_kind(struct lint_view *v);
bool lint_read_names(struct lint_view *v, struct cursor in, struct lint_names *ret);
/* A time as it stands, also in the forms that RFC 5280 forbids. */
bool lint_read_time(struct blob body, uint8_t tag, int64_t *ret);
bool lint_open(struct blob value, struct cursor *ret); /* one SEQUENCE and nothing behind it */
size_t lint_count(struct cursor c);

/* -- questions that many rules ask, in view_kind.c */

bool lint_has_eku(const struct lint_view *v, struct blob oid);
/* One of the purposes below id-kp (1.3.6.1.5.5.7.3.n). */
bool lint_has_kp(const struct lint_view *v, unsigned n);
bool lint_has_policy(const struct lint_view *v, struct blob oid);
/* The first attribute of the kind, or NULL. */
const struct lint_attr *lint_attr_of(const struct lint_dn *dn, enum lint_at at);
unsigned lint_attr_count(const struct lint_dn *dn, enum lint_at at);
/* An ETSI qualified statement 0.4.0.1862.1.n, or NULL. */
const struct lint_qc *lint_qc_of(const struct lint_view *v, unsigned n);

/* keyUsage */
enum { KU_SIGN, KU_COMMIT, KU_KEY_ENC, KU_DATA_ENC, KU_AGREE, KU_CERT, KU_CRL, KU_ENC_ONLY, KU_DEC_ONLY };
#define KU(bit) (1U << (bit))
/* id-kp */
enum { KP_SERVER = 1, KP_CLIENT = 2, KP_CODE = 3, KP_MAIL = 4, KP_STAMP = 8, KP_OCSP = 9 };
#define OID_ANY_EKU OID_BODY("\x55\x1d\x25\x00")
#define OID_ANY_POLICY OID_BODY("\x55\x1d\x20\x00")

#define OID_BODY(s) BLOB((s), sizeof(s) - 1)
#define IS_OID(b, s) blob_eq((b), OID_BODY(s))

/* What a certificate is. A rule applies when one of its roles is among them and all of its other bits are. */
enum lint_scope {
	LINT_LEAF = 1 << 0,
	LINT_SUB_CA = 1 << 1,
	LINT_ROOT = 1 << 2,
	LINT_CA = LINT_SUB_CA | LINT_ROOT,
	LINT_SELF = 1 << 28, /* no CA, but issued by itself: nobody's subscriber */
	LINT_NOT_ROOT = LINT_LEAF | LINT_SUB_CA,
	LINT_ALL = LINT_LEAF | LINT_SELF | LINT_CA,
	LINT_PUBLIC = 1 << 3, /* only where the CA/Browser rules apply */
	LINT_SERVER = 1 << 4, /* may serve TLS: no extKeyUsage, any, or serverAuth */
	LINT_CODE = 1 << 5, /* code signing, by policy */
	LINT_MAIL = 1 << 6, /* S/MIME, by policy, or by purpose and address */
	LINT_DV = 1 << 7,
	LINT_OV = 1 << 8,
	LINT_IV = 1 << 9,
	LINT_EV = 1 << 10,
	LINT_OCSP = 1 << 11, /* a leaf that signs OCSP answers */
	LINT_MAILBOX = 1 << 12,
	LINT_ORGANIZATION = 1 << 13,
	LINT_SPONSOR = 1 << 14,
	LINT_INDIVIDUAL = 1 << 15,
	LINT_LEGACY = 1 << 16,
	LINT_MULTIPURPOSE = 1 << 17,
	LINT_STRICT = 1 << 18,
	LINT_MAIL_POLICY = 1 << 19, /* one of the S/MIME policies */
	LINT_QC = 1 << 20, /* has qcStatements */
	LINT_QUALIFIED = 1 << 21, /* says qcCompliance */
	LINT_PRECERT = 1 << 22,
	LINT_FINAL = 1 << 23, /* no precertificate */
	LINT_TLS = 1 << 24, /* serverAuth, or one of the TLS policies */
	LINT_NATURAL = 1 << 25, /* ETSI: of a natural person */
	LINT_LEGAL = 1 << 26, /* ETSI: of a legal person */
	LINT_ETSI = 1 << 27, /* ETSI rules apply: an ETSI policy or a qualified one */
	LINT_WEB = 1 << 29, /* ETSI: for websites */
	LINT_PSD2 = 1 << 30,
	LINT_BR = LINT_PUBLIC | LINT_SERVER,
};
/* Not told of certificates from before it was in force, whatever names it has. */
#define LINT_DATED (1U << 31)

struct lint_row {
	struct lint_rule rule;
	unsigned scope;
	void (*check)(const struct lint_view *v, struct lint_out *out);
};

struct lint_table {
	const struct lint_row *row;
	size_t n;
};
extern const struct lint_table lint_base_rules, lint_dn_rules, lint_name_rules, lint_ext_rules;
