/* SPDX-License-Identifier: Apache-2.0 */
/* The compiled lists (tools/gen_safety.py), sorted. */
#pragma once

#include "ca/safety.h"

struct blocked_row {
	uint8_t id[BLOCKED_ID_LEN];
	const char *source;
};
extern const struct blocked_row blocked_table[];
extern const size_t blocked_count;

extern const char *const high_risk_table[];
extern const size_t high_risk_count;
