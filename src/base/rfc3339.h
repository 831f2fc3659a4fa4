/* SPDX-License-Identifier: Apache-2.0 */
/* Times as people and JSON write them (RFC 3339), and the calendar below them. No time zones but UTC come out. */
#pragma once

#include "base/str.h"

#define RFC3339_MAX 32

/* A day of the proleptic Gregorian calendar. */
struct civil {
	int year, month, day, hour, minute, second;
};

void civil_of_ms(int64_t ms, struct civil *ret);
int64_t civil_to_ms(const struct civil *c);
/* The same day and time n months later; a day that the month lacks becomes its last. */
int64_t civil_add_months_ms(int64_t ms, int n);
/* The years 1 to 9999: what four digits can say. */
#define RFC3339_FIRST_MS INT64_C(-62135596800000)
#define RFC3339_LAST_MS INT64_C(253402300799999)
/* "2026-11-21T08:48:14Z", with ".123" where ms are not whole seconds; beyond first and last, these. Returns out. */
const char *rfc3339_put(int64_t ms, char out[RFC3339_MAX]);
/* Takes offsets and fractions; false for anything that is no RFC 3339 date-time. */
bool rfc3339_get(struct str s, int64_t *ret_ms);
