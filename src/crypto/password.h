/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords at rest: yescrypt by libxcrypt. Costs tens of milliseconds: the password lane calls these, nobody else. */
#pragma once

#include "base/arena.h"
#include "base/err.h"

int password_hash(struct str password, struct arena *a, struct str *ret, struct err *e) CHECKED;
/* false also for a hash that is none. */
bool password_check(struct str password, struct str hash);
/* A random one of 20 characters that people can read out (no 0 O 1 l I). */
struct str password_random(struct arena *a);
