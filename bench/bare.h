/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The peer of the service: a bare loop in C on one thread that writes the same rows with the same signatures into the
 * same database, in the same two durable writes, in groups of 64. It reads nothing, checks nothing and would recover
 * from nothing.
 */
#pragma once

#include <stdint.h>

#include "base/str.h"

#define BARE_GROUP 64
#define BARE_PARAMS_MAX 16

/* A parameter of a statement: a number, or text or bytes where p is set. */
struct bare_value {
	int64_t i;
	const void *p;
	size_t n;
	bool text;
};

/* One engine, straight. Statements are numbered as in bare_sql. */
struct bare_db {
	void (*begin)(struct bare_db *db);
	/* ret: where the RETURNING value stands after settle() or commit(), or NULL. The values may go at once. */
	void (*run)(struct bare_db *db, unsigned stmt, const struct bare_value *v, unsigned n, int64_t *ret);
	void (*settle)(struct bare_db *db);
	void (*commit)(struct bare_db *db);
	void (*close)(struct bare_db *db);
};
struct bare_db *bare_sqlite_open(const char *path);
struct bare_db *bare_pgsql_open(const char *url);

enum bare_stmt {
	BARE_RESERVE,
	BARE_SAVE,
	BARE_NAME,
	BARE_APPLICATION,
	BARE_SUBSCRIPTION,
	BARE_COUNTER,
	BARE_EXPIRY,
	BARE_AUDIT,
	BARE_NOTICE,
	BARE_STMTS,
};
/* In both engines' words; parameters appear in the order of their numbers. */
extern const char *const bare_sql[BARE_STMTS];

struct world;
/* Does for the n applications what the service does for them; adds the time and the processor's time that the loop took.
 * url: of the world's database. */
void bare_issue(struct world *w, const char *url, const int64_t *applications, size_t n, double *took_s, double *cpu);
