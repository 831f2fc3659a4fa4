/* SPDX-License-Identifier: Apache-2.0 */
/* The rules over revocation lists: rows of their own, since what they ask is not asked of certificates. */
#pragma once

#include "lint/lint.h"

/* The rule k of them; NULL behind the last. */
const struct lint_rule *lint_crl_rule(size_t k);
