/* SPDX-License-Identifier: Apache-2.0 */
/* Rules over the bytes of certificates, to-be-signed ones too. Rules are rows; no I/O, no crypto library. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum lint_severity { LINT_NOTE, LINT_WARN, LINT_ERROR };

struct lint_rule {
	const char *id; /* "serial-entropy" */
	const char *source; /* "RFC 5280 4.1.2.2" */
	int64_t from_ms; /* judged against notBefore; 0: always */
	enum lint_severity severity;
	const char *text;
};

struct lint_finding {
	const struct lint_rule *rule;
	char place[64];
};

struct lint_conf {
	bool public_rules; /* the CA/Browser rules apply */
	int64_t max_validity_ms; /* 0: not judged */
};

/* tbs: a TBSCertificate. ret: findings in the arena. Returns 0 also with findings; E_CERT_UNREADABLE when it is no DER. */
int lint_tbs(struct blob tbs, const struct lint_conf *conf, struct arena *a, struct lint_finding **ret, size_t *ret_n,
	struct err *e) CHECKED;
const struct lint_rule *lint_next(const struct lint_rule *r);

/* The address (4 or 16 octets) lies in a private or reserved network. */
bool lint_ip_special(struct blob ip);
