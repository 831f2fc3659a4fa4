/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole service in one process: a database of its own, the real signer called straight, no listeners. For tests and
 * benchmarks of the service floor. What fails here aborts.
 */
#pragma once

#include "service/svc.h"

struct pg_server;
struct signer;
struct signer_process;
struct row_notice;

struct world {
	char dir[64];
	int dirfd, cafd, signerfd;
	struct pg_server *pg;
	struct db *db;
	const char *signer_exe; /* the program of the signer's own process; NULL: it is called straight */
	const char *resolver, *trust_anchor; /* from the next start on; NULL: nobody answers */
	struct signer *signer; /* or */
	struct signer_process *process;
	struct signer_client *client;
	struct dns *dns;
	struct svc_settings settings;
	struct svc *svc;
	struct caller staff, owner; /* the operator's administrator; the owner of a customer's account with money */
	struct arena arena;
	int clock; /* the fake clock's file (testing builds), -1: none */
};

/* engine: "sqlite" or "postgresql". false: no such server is installed. Births hierarchies and accounts. */
bool world_open(struct world *w, const char *engine);
/* The same with the signer in a process of its own, as in the service. */
bool world_open_with(struct world *w, const char *engine, const char *signer_exe);
void world_close(struct world *w);
/* Ends the service and opens it again on the same data: a restart. */
void world_restart(struct world *w);
/* Its two halves. */
void world_stop(struct world *w);
void world_start(struct world *w);
/* Buys subscriptions of the product for the owner (tops up first). */
void world_buy(struct world *w, const char *product, int64_t quantity, int64_t common, int64_t wildcards);
/* Marks all names of the application as proven and moves it on to issuing, as the validation would. */
void world_prove(struct world *w, int64_t application);
/* Puts the fake clock so many milliseconds ahead (testing builds only). */
void world_shift(struct world *w, int64_t ms);
/* Stops the fake clock at this instant (testing builds only). */
void world_clock(struct world *w, int64_t at_ms);
/* How many notices of a kind (enum notice_kind) stand in the caller's account about an object; 0: about any. ret: the
 * newest, may be NULL. */
size_t world_told(struct world *w, const struct caller *c, int kind, int64_t object_id, struct row_notice *ret);
/* Aborts with the error. */
void world_need(int r, const struct err *e, const char *what);
