/* SPDX-License-Identifier: Apache-2.0 */
/* Text from outside, made fit to stand between quotes in a message or a log. */
#pragma once

#include "base/arena.h"

/* At most `max` bytes of s (then "..."): printable UTF-8 stays, quotes and backslashes get a backslash, all else
 * becomes \xNN. The result never holds a control character and is always valid UTF-8. */
struct str quote_text(struct str s, size_t max, struct arena *a);
