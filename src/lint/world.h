/* SPDX-License-Identifier: Apache-2.0 */
/* Rules over anyone's certificates: one question per row, one finding per rule. */
#pragma once

#include "lint/lint_priv.h"

/* What a question gets from its row, and where it leaves the place that breaks the rule. */
struct lint_spot {
	unsigned arg;
	char place[LINT_PLACE_MAX]; /* empty: the row's own */
};
/* The place is a text from the certificate. Both return true, so that a question can end with them. */
bool lint_spot_text(struct lint_spot *s, struct blob text);
bool lint_spot_oid(struct lint_spot *s, struct blob oid);

struct lint_world_row {
	struct lint_rule rule;
	unsigned scope;
	/* True: the certificate breaks the rule. */
	bool (*broken)(const struct lint_view *v, struct lint_spot *s);
	unsigned arg;
	const char *place; /* the field of which the rule speaks */
};

struct lint_world_table {
	const struct lint_world_row *row;
	size_t n;
};
extern const struct lint_world_table lint_world_base, lint_world_key, lint_world_dn, lint_world_san, lint_world_uri,
	lint_world_ext, lint_world_usage, lint_world_policy, lint_world_ca, lint_world_mail, lint_world_code,
	lint_world_qc, lint_world_ev, lint_world_tls, lint_world_etsi, lint_world_dns,
	lint_world_tables, lint_world_forms, lint_world_smime;

/* 00:00 UTC of a day, as a constant: days from the civil calendar. */
#define DAY_Y(y, m) ((int64_t)(y) - ((m) < 3))
#define DAY(y, m, d)                                                                               \
	((365 * DAY_Y(y, m) + DAY_Y(y, m) / 4 - DAY_Y(y, m) / 100 + DAY_Y(y, m) / 400 +             \
		 (153 * ((m) + ((m) > 2 ? -3 : 9)) + 2) / 5 + (d) - 719469) *                       \
		INT64_C(86400000))

/* id, source, in force from and until, severity, scope, question and what it is asked with, place, other names, text, cure */
#define WORLD(id, source, from, until, severity, scope, broken, arg, place, aka, text, cure)        \
	{                                                                                          \
		{id, source, from, until, severity, text, cure, aka}, scope, broken, arg, place    \
	}

/* Since when what is in force */
#define RFC2459 DAY(1999, 1, 1)
#define RFC3280 DAY(2002, 4, 1)
#define RFC5280 DAY(2008, 5, 1)
#define RFC8813 DAY(2020, 8, 1)
#define BR_1 DAY(2012, 7, 1)
#define BR_2 DAY(2023, 9, 15)
#define MOZILLA_3 DAY(2025, 3, 15)
#define SMIME_1 DAY(2023, 9, 1)
