/* SPDX-License-Identifier: Apache-2.0 */
/* The Bidi rule for names (RFC 5893, section 2): without it a name can show its parts in another order than it has
 * them. libidn2 checks it only within a label and without B4, so it is done here (decision 0060). */
#pragma once

#include "base/str.h"

/* name: U-labels in valid UTF-8, joined by dots. NULL when the rule holds, else the condition that is broken. */
const char *bidi_fault(struct str name);
