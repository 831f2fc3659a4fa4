/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question about a name, which this server answers itself and may put to others who look from elsewhere in the
 * network (perspectives), and its way there and back: sealed with a key that only the two know, so that nobody in
 * between reads or forges it (docs/decisions/0090). Bytes from the wire are hostile until they have opened.
 */
#pragma once

#include "validate/validate.h"

enum question_kind { QUESTION_DNS = 1, QUESTION_FILE = 2, QUESTION_CAA = 3 };

struct validate_question {
	enum question_kind kind;
	struct str base; /* without "*." */
	struct str registered, value; /* of proofs */
	bool wildcard; /* of CAA, and the rest */
	bool fresh; /* of CAA: by this server, who does not tell others */
	enum validate_method method;
	struct str account_uri; /* {NULL, 0}: none */
	const struct str *identities; /* what CAA may name */
	unsigned n_identities;
};

#define QUESTION_KEY_LEN 32
#define QUESTION_PATH "/perspective/v1"
#define QUESTION_MAX (8 * 1024)
#define ANSWER_MAX (96 * 1024)
/* Clocks of the two may differ by so much; an older question is refused. */
#define QUESTION_AGE_MS INT64_C(300000)

/* Looks now. 0, or what validate_dns(), validate_file() or validate_caa() say. */
int question_check(const struct validate_conf *c, const struct validate_question *q, struct arena *a,
	struct validate_result *ret, struct err *e) CHECKED;

/* What binds the answer to its question. */
struct question_bond {
	uint8_t id[16];
};

int question_seal(struct blob key, const struct validate_question *q, int64_t now_ms, struct arena *a, struct blob *ret,
	struct question_bond *ret_bond, struct err *e) CHECKED;
/* E_UNAUTHENTICATED: another key, damaged, or of another time. */
int question_open(struct blob key, struct blob sealed, int64_t now_ms, struct arena *a, struct validate_question *ret,
	struct question_bond *ret_bond, struct err *e) CHECKED;

/* code, why: what question_check() said. */
int answer_seal(struct blob key, const struct question_bond *bond, const struct validate_result *result, int code,
	const struct err *why, struct arena *a, struct blob *ret, struct err *e) CHECKED;
/* The far end's verdict: 0 or its error in *why. The call's own: E_UNAUTHENTICATED. */
int answer_open(struct blob key, const struct question_bond *bond, struct blob sealed, struct arena *a,
	struct validate_result *ret, int *ret_code, struct err *why, struct err *e) CHECKED;
