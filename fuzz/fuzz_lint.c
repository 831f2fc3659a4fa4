/* SPDX-License-Identifier: Apache-2.0 */
/* Anything as a TBSCertificate, under both sets of rules. */
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	lint(BLOB(data, size), false);
	lint(BLOB(data, size), true);
	return 0;
}
