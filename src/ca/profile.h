/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles: named, versioned descriptions of a certificate's contents, compiled from policy/profiles.def, and the
 * dated policy rows of policy/schedule.def. A figure that the CA world may change is a row with a date, never a constant.
 */
#pragma once

#include "base/err.h"
#include "crypto/key.h"

enum profile_use { PROFILE_ROOT, PROFILE_INTERMEDIATE, PROFILE_TLS, PROFILE_SM2_SIGN, PROFILE_SM2_ENC };

enum key_usage {
	KU_DIGITAL_SIGNATURE = 1 << 0,
	KU_NON_REPUDIATION = 1 << 1, /* GM/T 0015: the signing half of a pair */
	KU_KEY_ENCIPHERMENT = 1 << 2,
	KU_DATA_ENCIPHERMENT = 1 << 3,
	KU_KEY_AGREEMENT = 1 << 4,
	KU_CERT_SIGN = 1 << 5,
	KU_CRL_SIGN = 1 << 6,
};

struct profile {
	const char *name; /* "public-tls-dv", "private-tls" … */
	int version;
	enum profile_use use;
	bool public_rules; /* the CA/Browser rules by date apply */
	unsigned key_usage_rsa, key_usage_ec, key_usage_sm2; /* enum key_usage, or-ed; by the subject key */
	const char *eku[4]; /* dotted OIDs, NULL-terminated; [0] NULL: no extension */
	const char *policies[4]; /* where the subject names no organisation; [0] NULL: no extension */
	const char *policies_org[4]; /* where it does; [0] NULL: an organisation is refused */
	bool common_name; /* false: the subject's CN is left out (BR 7.1.4.3) */
	bool ocsp, ca_issuers, cdp; /* addresses written in */
	bool ski; /* subjectKeyIdentifier written in */
	const char *validity_policy; /* schedule row with the longest validity in ms */
	const char *default_validity_policy; /* schedule row with what is given when nothing is asked */
	bool any_name; /* single labels, private addresses and special domains are allowed */
	unsigned path_len; /* CAs: pathLenConstraint; PROFILE_NO_PATH_LEN: none */
	struct blob eku_der, policies_der, policies_org_der; /* extnValues, ready to be written */
};
#define PROFILE_NO_PATH_LEN 255U

/* The newest version with this name, or the one with this version (0: newest); NULL when there is none. */
const struct profile *profile_find(struct str name, int version);
const struct profile *profile_next(const struct profile *p); /* NULL: the first; NULL at the end */

/* What counts at a time, e.g. policy_value("leaf-validity-max", now): ms for spans of time, the plain number for rows in
 * months and counts; an operator's own value first (policy.h). An unknown row is a bug. */
int64_t policy_value(const char *row, int64_t at_ms);
/* Walks the schedule's rows for showing: name, from, value, source. */
struct policy_row {
	const char *name, *unit /* "ms", "months", "count" */, *source;
	int64_t from_ms /* INT64_MIN: always */, value;
	const char *text; /* as written: "200 d" */
};
const struct policy_row *policy_next(const struct policy_row *p);
