/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A state machine as a table: state, allowed next states, who may move it, timeout and where it leads.
 * One function answers whether a move is legal; the database's update carries the old state beside it.
 */
#pragma once

#include "base/err.h"

enum sm_who {
	SM_SYSTEM = 1 << 0,
	SM_USER = 1 << 1, /* the applicant, receiver, owner of the row */
	SM_STAFF = 1 << 2,
};

struct sm_move {
	int to;
	unsigned who; /* enum sm_who, or-ed */
	const char *when; /* for the diagrams: what makes the move; "" when plain */
};

#define SM_MOVES_MAX 8

struct sm_state {
	const char *name; /* as stored, shown and filtered */
	struct sm_move moves[SM_MOVES_MAX]; /* ends with who == 0 */
	const char *timeout; /* policy row with the time in ms, or NULL: waits for ever */
	int timeout_to; /* the state that the timeout leads to; the same state: only reminds */
};

struct sm {
	const char *noun;
	int n;
	const struct sm_state *states; /* indexed by the enum of the noun */
};

/* 0, or E_STATE_REFUSED with the states from which the move would be legal. */
int sm_move(const struct sm *m, int from, int to, enum sm_who who, struct err *e) CHECKED;
bool sm_legal(const struct sm *m, int from, int to, enum sm_who who);
const char *sm_name(const struct sm *m, int state);
/* The state with this name, or -1. */
int sm_by_name(const struct sm *m, struct str name);
