/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signer's log: one text line per act, "<ms> <act> <what…>", on disk before the act's result
 * leaves. Records of concurrent acts are written and synced together by one thread. What was torn
 * by a crash at the end is cut off at the next start. When the file is large it becomes `log.<ms>`
 * and a new one begins; the signer removes none.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"

struct ledger;

/* What shall happen once a record is on disk. Lives until done() was called. */
struct ledger_waiter {
	struct ledger_waiter *next;
	/* code: 0, or why the record is not on disk (the act's result must not leave). On the
	 * ledger's thread: short. */
	void (*done)(struct ledger_waiter *w, int code);
};

typedef int ledger_reader(void *arg, int64_t ms, struct str act, struct str rest, struct err *e);

/* Reads all records that may be younger than since_ms to fn, oldest first, cuts a torn line, starts
 * the thread. dirfd must stay open. rotate_at: bytes, 0 for the default. */
int ledger_open(int dirfd, int64_t since_ms, size_t rotate_at, ledger_reader *fn, void *arg,
	struct ledger **ret, struct err *e) CHECKED;
/* Writes what is queued, stops the thread, frees. Takes NULL; returns NULL. */
struct ledger *ledger_close(struct ledger *l);
/* Queues a record "<now> <line>\n". Any thread. */
void ledger_add(struct ledger *l, struct str line, struct ledger_waiter *w);
/* The same, waiting. */
int ledger_add_wait(struct ledger *l, struct str line, struct err *e) CHECKED;
/* The latest time of all records. */
int64_t ledger_latest_ms(struct ledger *l);
/* A sync has failed: what is on disk is not known any more, and nothing is written until the next
 * start. */
bool ledger_broken(struct ledger *l);
