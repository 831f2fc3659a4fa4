/* SPDX-License-Identifier: Apache-2.0 */
/* Files that a command of no service is given: what cannot be read is a fault of the command line (E_USAGE). */
#pragma once

#include "base/arena.h"
#include "base/err.h"

/* All of it, at most max bytes, in secret memory: a key may be in it. A pipe will do; "-" is standard input. */
int file_arg_read(const char *path, size_t max, struct arena *a, struct blob *ret, struct err *e) CHECKED;
