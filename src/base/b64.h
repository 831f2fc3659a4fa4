/* SPDX-License-Identifier: Apache-2.0 */
/* Base64 (RFC 4648): the standard alphabet with padding, the URL alphabet without. Decoding is strict. */
#pragma once

#include "base/arena.h"

struct str b64_encode(struct arena *a, struct blob b);
struct str b64url_encode(struct arena *a, struct blob b);
bool b64_decode(struct arena *a, struct str s, struct blob *ret);
/* b64_decode() in place: the n digits at p become *ret_n bytes there. */
bool b64_decode_here(uint8_t *p, size_t n, size_t *ret_n);
bool b64url_decode(struct arena *a, struct str s, struct blob *ret);
