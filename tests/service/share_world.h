/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of shares have in common: accounts of one verified owner, certificates, and what is done with them. Acts
 * that must not fail abort with the error. */
#pragma once

#include "service/account.h"
#include "service/certificate.h"
#include "service/share.h"
#include "service/svc_priv.h"
#include "world.h"

extern struct world w;
extern struct caller taker; /* of the owner that tests give to the world's owner */

/* Opens the world. false: no such engine is installed. owned: the world's owner is verified already. */
bool shares_open(const char *engine, bool owned);

struct caller an_account(const char *site, const char *name);
/* Submits an owner with this number (Acme Ltd, an enterprise). */
void give_owner(const struct caller *c, const char *number, bool verified);
/* An account of the same owner as `taker`. */
struct caller a_taker(const char *name);

struct certificate_view see(const struct caller *c, int64_t id);
/* A new one of the world's owner. */
int64_t certificate(void);
int revoke_as(const struct caller *c, int64_t id, struct err *e) CHECKED;
void revoke(int64_t id);
/* What no door of this version sets, or another part does. */
extern const struct db_stmt deployed, uploaded, official;
void set(const struct db_stmt *stmt, int64_t id);

/* Each refusal has a message and a hint. */
int try_share(const struct caller *c, int64_t id, int64_t account, struct row_share *ret, struct err *e) CHECKED;
/* With `taker`. ends_ms 0: none. */
struct row_share share_until(int64_t id, enum share_grade grade, int64_t ends_ms);
struct row_share share(int64_t id, enum share_grade grade);
struct row_share find(const struct caller *c, int64_t id);
int withdraw(const struct caller *c, int64_t id) CHECKED;
int download(const struct caller *c, int64_t id, const char *format) CHECKED;
int delete(const struct caller *c, int64_t id, bool confirmed) CHECKED;
/* How many certificates with this status the account's list holds with this id; -1 in *ret_total: not counted. */
size_t listed(const struct caller *c, const char *status, int64_t id, int64_t *ret_total);
/* How often an act stands in the account's history about this share. */
size_t history(const struct caller *c, const char *act, int64_t id);
