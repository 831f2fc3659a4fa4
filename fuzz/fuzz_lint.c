/* SPDX-License-Identifier: Apache-2.0 */
/* Anything as a TBSCertificate, as a certificate and as a revocation list, under all sets of rules. */
#include "base/clock.h"
#include "lint/lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t
lint(struct blob tbs, bool public_rules)
{
	struct lint_conf conf = {.public_rules = public_rules, .max_validity_ms = 200 * MS_DAY};
	struct lint_finding *f;
	size_t n = 0;
	ARENA(a);
	ERR(e);

	if (lint_tbs(tbs, &conf, &a, &f, &n, &e) < 0) {
		BUG_ON(e.code != E_CERT_UNREADABLE);
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		BUG_ON(!f[i].rule || !memchr(f[i].place, 0, sizeof(f[i].place)));
	return n;
}

static bool
short_tld(struct str name)
{
	return name.n < 4;
}

static void
hold_together(const struct lint_finding *f, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		BUG_ON(!f[i].rule || !f[i].aka || !memchr(f[i].place, 0, sizeof(f[i].place)));
		BUG_ON(f[i].severity > f[i].rule->severity);
	}
}

static void
lint_whole(struct blob der, bool public_rules)
{
	struct lint_conf conf = {.public_rules = public_rules, .tld_known = short_tld, .suffix = short_tld};
	struct lint_finding *f;
	size_t n = 0;
	ARENA(a);

	lint_certificate(der, &conf, &a, &f, &n);
	hold_together(f, n);
	lint_crl(der, &a, &f, &n);
	hold_together(f, n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lint(BLOB(data, size), false);
	lint(BLOB(data, size), true);
	lint_whole(BLOB(data, size), false);
	lint_whole(BLOB(data, size), true);
	return 0;
}
