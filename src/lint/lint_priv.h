/* SPDX-License-Identifier: Apache-2.0 */
/* What the rules see of a certificate, taken apart once. */
#pragma once

#include "base/der.h"
#include "lint/lint.h"

#define LINT_EXTS_MAX 40
#define LINT_PLACE_MAX sizeof(((struct lint_finding *)0)->place)

struct lint_ext {
	struct blob oid, value;
	bool critical, explicit_false;
};

struct lint_attr {
	struct blob oid, value;
	uint8_t tag;
	unsigned rdn;
};

struct lint_general_name {
	uint8_t tag;
	struct blob value;
};

enum lint_key { LINT_KEY_OTHER, LINT_KEY_RSA, LINT_KEY_EC, LINT_KEY_SM2 };

struct lint_view {
	const struct lint_conf *conf;
	struct arena *a;
	int64_t version;
	struct blob serial, sig_alg, issuer, subject, spki;
	int64_t not_before_ms, not_after_ms;
	uint8_t not_before_tag, not_after_tag;
	bool unique_ids, has_exts;
	unsigned n_ext;
	struct lint_ext ext[LINT_EXTS_MAX];

	/* the known extensions; NULL: not there */
	const struct lint_ext *basic, *usage, *eku, *san, *aki, *ski, *cdp, *aia, *policies, *feature;
	const struct lint_ext *unreadable; /* the first known one whose value is not what it should be */
	bool self_issued, ca, path_len_given, basic_false;
	unsigned key_usage; /* bit n: named bit n */
	struct blob usage_bits; /* first octet: unused bits */
	unsigned n_attr, n_names, n_ekus, n_policies;
	struct lint_attr *attr;
	struct lint_general_name *name;
	struct blob *eku_oid, *policy;
	bool policy_qualifier;
	enum lint_key key;
	struct blob key_alg /* AlgorithmIdentifier */, key_bits, curve;
};

struct lint_out {
	struct arena *a;
	const struct lint_rule *rule;
	struct lint_finding *found;
	size_t n, room;
};
/* Notes that the rule in hand is broken; place may be "". */
void lint_hit(struct lint_out *out, const char *place);
/* The place is a text from the certificate: shown in printable ASCII. */
void lint_hit_text(struct lint_out *out, struct blob text);

/* False when tbs is no TBSCertificate. */
bool lint_view_read(struct blob tbs, const struct lint_conf *conf, struct arena *a, struct lint_view *ret);
/* Takes the values of the known extensions, the subject and the key apart. */
void lint_view_decode(struct lint_view *v);

#define OID_BODY(s) BLOB((s), sizeof(s) - 1)
#define IS_OID(b, s) blob_eq((b), OID_BODY(s))

enum lint_scope {
	LINT_LEAF = 1 << 0,
	LINT_SUB_CA = 1 << 1,
	LINT_ROOT = 1 << 2,
	LINT_PUBLIC = 1 << 3, /* only where the CA/Browser rules apply */
	LINT_CA = LINT_SUB_CA | LINT_ROOT,
	LINT_ALL = LINT_LEAF | LINT_CA,
};

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
