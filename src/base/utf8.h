/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/str.h"

/* Valid UTF-8 (no surrogates, no overlong forms) without NUL. */
bool utf8_ok(struct str s);
/* The number of code points of valid UTF-8. */
size_t utf8_len(struct str s);
/* The next code point of valid UTF-8, moving *s on; UINT32_MAX at the end or at a fault. */
uint32_t utf8_next(struct str *s);
/* Valid, and without control characters; newline and tab are allowed when `lines`. */
bool utf8_printable(struct str s, bool lines);
