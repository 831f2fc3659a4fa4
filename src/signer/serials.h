/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The serials signed within the recovery window, each with the hash of what was signed: one serial
 * never stands for two certificates (DESIGN 2). In memory, by the hour of the serial's own time;
 * the ledger fills it at start. Any thread.
 */
#pragma once

#include "ca/issue.h"

struct serials;

struct serials *serials_new(void);
struct serials *serials_free(struct serials *s);
/* The time from which on serials are known, at a time. */
int64_t serials_since(int64_t now_ms);
/* E_SERIAL_STALE when the serial is older than the window, E_LIMIT_REFUSED when it is of the
 * future. */
int serials_fresh(const uint8_t serial[SERIAL_LEN], int64_t now_ms, struct err *e) CHECKED;
/* Notes a fresh serial, for this hash alone. Again with the same hash: fine; with another:
 * E_SERIAL_REUSED. */
int serials_note(struct serials *s, const uint8_t serial[SERIAL_LEN], const uint8_t hash[32],
	int64_t now_ms, struct err *e) CHECKED;
size_t serials_count(struct serials *s);
