/* SPDX-License-Identifier: Apache-2.0 */
/* Writing down what was seen during one check. */
#pragma once

#include "validate/validate.h"

struct seen {
	struct arena *arena;
	struct validate_result *result;
	unsigned room;
};

/* Clears *result. */
struct seen seen_begin(struct validate_result *result, enum validate_method method, struct str name, struct arena *a);
/* Both must live in the arena. What does not fit is left out (SEEN_MAX). */
#define SEEN_MAX 64
void seen_add(struct seen *s, struct str what, struct str result);
