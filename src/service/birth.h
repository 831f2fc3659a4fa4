/* SPDX-License-Identifier: Apache-2.0 */
/*
 * First start and every later one (SPEC 5): hierarchies, catalogue, the operator's account and its administrator, the
 * own TLS certificate. Resumable at every point: each step looks at what is there and does only what is missing.
 */
#pragma once

#include "base/secret.h"
#include "service/svc.h"

/* Told about each step while it happens, for the person who watches (`make run`). */
typedef void birth_step(void *arg, const char *step, const char *detail, int64_t took_ms);

struct birth_conf {
	int ca_dirfd; /* DIR/ca */
	int data_dirfd; /* DIR, for admin.json */
	const char *url; /* https address of the console, for admin.json */
	birth_step *step;
	void *arg;
};

/* Refuses (E_DB_FOREIGN) a database that has hierarchies whose keys the signer lacks. Loads the issuers. */
int birth_hierarchies(struct svc *s, const struct birth_conf *conf, struct err *e) CHECKED;
int birth_accounts(struct svc *s, const struct birth_conf *conf, struct err *e) CHECKED;
/* Orders, proves, issues the own certificate through the pipeline; names: localhost, host name, addresses of listeners.
 * ret: chain PEM and PKCS#8 PEM. The listeners must answer already. Renews when due. */
int birth_own_certificate(struct svc *s, const struct birth_conf *conf, struct arena *a, struct str *ret_chain,
	struct secret **ret_key, struct err *e) CHECKED;
/* The own certificate is past two thirds of its life, or gone. */
int birth_own_due(struct svc *s, bool *ret_due, struct err *e) CHECKED;
/* Finishes what a crash left half done: certificates that are reserved. */
int birth_recover(struct svc *s, struct err *e) CHECKED;
/* admin.json, last of all: made when it is not there. */
int birth_admin_file(struct svc *s, const struct birth_conf *conf, struct err *e) CHECKED;

/* The body of /.well-known/pki-validation/fileauth.txt for a Host while an `internal` application waits; memory or
 * database. which: file_which() of the value that is meant, where several wait; empty: any. {NULL, 0}: none. */
int birth_file_value(struct svc *s, struct str host, struct str which, struct arena *a, struct str *ret,
	struct err *e) CHECKED;
