/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes from the kernel. Never fails: a kernel without getrandom() is no place to run. */
#pragma once

#include "base/defs.h"

void rand_bytes(void *p, size_t n);
uint64_t rand_u64(void);
/* Evenly from 0 .. n-1; n > 0. */
uint64_t rand_below(uint64_t n);
