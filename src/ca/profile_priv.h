/* SPDX-License-Identifier: Apache-2.0 */
/* The tables that tools/gen_profiles.py makes from policy/. */
#pragma once

#include "ca/hierarchy.h"
#include "ca/policy.h"

extern const struct policy_row policy_table[];
extern const unsigned policy_count;
extern const struct policy_bounds policy_bounds_table[];
extern const unsigned policy_bounds_count;
extern const struct profile profile_table[];
extern const unsigned profile_count;
extern const struct hierarchy_row hierarchy_table[];
extern const unsigned hierarchy_count;
