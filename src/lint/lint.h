/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules over the bytes of certificates and revocation lists. Rules are rows; no I/O, no crypto library.
 * Two sets: what this house holds itself to before it signs, and what the world's sources say of any certificate.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

enum lint_severity { LINT_NOTE, LINT_WARN, LINT_ERROR };

struct lint_rule {
	const char *id; /* "serial-entropy" */
	const char *source; /* "RFC 5280 4.1.2.2" */
	/* In force from one until before the other, judged against notBefore or thisUpdate; 0: always, ever. */
	int64_t from_ms, until_ms;
	enum lint_severity severity;
	const char *text;
	/* What to do; NULL for the rules of this house, which speak of what it builds itself. */
	const char *cure;
	/* The names that other linters have for it, with a blank between two and ~ for a blank in one; may be "". */
	const char *aka;
};

struct lint_finding {
	const struct lint_rule *rule;
	/* The rule's own; a notice where the rule is younger than the certificate and is told all the same: pkilint,
	 * which knows no dates, has a name for it. */
	enum lint_severity severity;
	const char *aka; /* the rule's, or what of it goes with that */
	char place[64];
};

struct lint_conf {
	bool public_rules; /* the CA/Browser rules apply */
	int64_t max_validity_ms; /* 0: not judged */
	/* Tells whether a top-level domain is one that exists (lower case); NULL: not judged. */
	bool (*tld_known)(struct str name);
	bool (*suffix)(struct str name); /* the name is a public suffix; NULL: not judged */
};

/* tbs: a TBSCertificate, judged by the rules of this house.
 * ret: findings in the arena. Returns 0 also with findings; E_CERT_UNREADABLE when it is no DER. */
int lint_tbs(struct blob tbs, const struct lint_conf *conf, struct arena *a, struct lint_finding **ret, size_t *ret_n,
	struct err *e) CHECKED;
/* der: a Certificate or a CertificateList of anyone, judged by the rules of the world. What is no such thing is
 * a finding with the place where it ends to be one. The findings lie in the arena. */
void lint_certificate(struct blob der, const struct lint_conf *conf, struct arena *a, struct lint_finding **ret,
	size_t *ret_n);
void lint_crl(struct blob der, struct arena *a, struct lint_finding **ret, size_t *ret_n);

/* All rules, one after another: NULL gives the first, the last one gives NULL. */
const struct lint_rule *lint_next(const struct lint_rule *r);
/* "error", "warning", "notice". */
const char *lint_severity_word(enum lint_severity s);

/* The address (4 or 16 octets) lies in a private or reserved network. */
bool lint_ip_special(struct blob ip);
