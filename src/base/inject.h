/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Named points where a test can kill the process or make a call fail. Only in builds with -Dtesting=true; in a
 * release INJECT() is the constant 0 and the names are not in the binary.
 *
 * SIGNET_TEST_INJECT="name[@n]=kill|fail|sleep:ms[,...]" acts at the n-th passing (default 1). With
 * SIGNET_TEST_INJECT_DIR each point also obeys a file of its name in that directory (what to do, and after @ at
 * which passing, 1 to 9), which is removed when it has acted; and every passing appends the point's name to the
 * file "passed" there.
 */
#pragma once

#include "base/defs.h"

#ifdef SIGNET_TESTING
/* Nonzero: the caller shall fail here as if the call had. Does not return when the point kills. */
int inject_point(const char *name);
/* Reads the environment; call before threads and sandbox. */
void inject_init(void);
#define INJECT(name) inject_point(name)
#else
#define INJECT(name) 0
static inline void
inject_init(void)
{
}
#endif
