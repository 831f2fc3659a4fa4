/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"

/* Lower case. */
struct str hex_encode(struct arena *a, struct blob b);
/* Upper or lower case, even length, nothing else; false otherwise. */
bool hex_decode(struct arena *a, struct str s, struct blob *ret);
