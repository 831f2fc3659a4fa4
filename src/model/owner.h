/* SPDX-License-Identifier: Apache-2.0 */
/* Who stands behind an account (SPEC 1). Two accounts have the same owner when both are verified and kind and normalised
 * number are equal. */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "model/words.h"

struct owner {
	enum owner_kind kind;
	struct str name; /* exactly as in the document or register */
	struct str number; /* of the document or registration */
};

/* The number as it is compared: letters and digits alone, full-width ones as plain ones, ASCII letters in upper case. */
struct str owner_number_norm(struct arena *a, struct str number);
/* Notes every fault of what is submitted: a name that says nothing, a number without letter or digit. */
void owner_check(const struct owner *o, struct arena *a, struct err *e);
