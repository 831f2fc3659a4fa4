/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The only source of time. Wall time is UTC milliseconds since 1970; deadlines use the monotonic clock.
 * In builds with -Dtesting=true the wall clock is shifted by the number in the file that SIGNET_TEST_CLOCK names
 * (decimal milliseconds, read again at every call through a shared mapping).
 */
#pragma once

#include "base/defs.h"

int64_t clock_wall_ms(void);
int64_t clock_mono_ms(void);
int64_t clock_mono_us(void);
/* What the fake clock adds to the wall time; 0 in a release. For databases whose clock is their own. */
int64_t clock_shift_ms(void);
/* The fake clock stands still: such databases take the wall time for theirs. */
bool clock_stands(void);
/* Opens the fake clock's file (testing builds); call before threads and sandbox. */
void clock_init(void);

#define MS_SECOND INT64_C(1000)
#define MS_MINUTE (60 * MS_SECOND)
#define MS_HOUR (60 * MS_MINUTE)
#define MS_DAY (24 * MS_HOUR)
