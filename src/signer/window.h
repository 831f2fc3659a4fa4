/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of time that bind the signer, each in this one place. */
#pragma once

#include "base/clock.h"
#include "ca/profile.h"

/* How long a reserved certificate may still be signed. */
static inline int64_t
window_ms(int64_t now_ms)
{
	return policy_value("recovery-window", now_ms);
}

/* BR 7.1.2.7: notBefore lies within 48 hours of the signing; within the window the same bytes may
 * be signed again. */
#define WINDOW_BACKDATE_MS (48 * MS_HOUR)
/* Clocks of the core's database and of this process may differ. */
#define WINDOW_SKEW_MS (10 * MS_MINUTE)

/* A clock so far behind the latest time seen signs nothing (DESIGN 3). */
static inline int64_t
window_clock_tolerance_ms(int64_t now_ms)
{
	return policy_value("clock-tolerance", now_ms);
}
