/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The business rules: the only floor that joins engines and opens transactions. A service call takes who asks
 * (struct caller), plain arguments, an arena for the result, and struct err. It is called on a worker lane's thread;
 * all calls may run at once. What it returns lives in the arena. Tenant data is reached through caller->account alone.
 */
#pragma once

#include "base/arena.h"
#include "base/err.h"
#include "model/right.h"
#include "model/state.h"
#include "model/words.h"
#include "net/addr.h"
#include "validate/validate.h"

struct db;
struct db_tx;
struct signer_client;
struct smtp_server;
struct blocked_keys;
struct ca_issuer;
struct perspective;
struct svc;
struct idem;

struct caller {
	int64_t account; /* 0: nobody signed in */
	int64_t user; /* 0: the system itself */
	enum role role;
	bool operator_account; /* the account is the operator's own */
	struct str peer; /* address, for the audit and throttling */
	struct idem *idem; /* of the request (idempotency.h), or NULL */
};

/* The system acting in an account (jobs, first start). */
struct caller caller_system(int64_t account);

/* What the operator may change while the service runs. All that it points at is the caller's. */
struct svc_settings {
	struct validate_conf validate;
	const char *public_url; /* where people reach the service: base of links in mails, without a final slash */
	const struct smtp_server *mail; /* NULL: no mail server */
	const char *mail_from; /* a mail address; with mail */
	const struct blocked_keys *blocked_keys; /* the operator's list (ca/safety.h); NULL: none */
	bool four_eyes; /* two reviewers must approve */
	const struct perspective *perspectives; /* remote ones */
	unsigned n_perspectives;
	const struct addr_net *webhook_allow; /* special networks that webhooks may call, over plain HTTP too */
	unsigned n_webhook_allow;
	const char *webhook_ca; /* a file; NULL: the system's */
	const struct addr_net *fetch_allow; /* special networks where lists and answers of foreign certificates are fetched */
	unsigned n_fetch_allow;
	const struct addr_net *scan_allow; /* special networks whose servers may be looked at */
	unsigned n_scan_allow;
};
/* No thread looks at settings longer than this after others took their place. */
#define SVC_SETTINGS_LINGER_MS (10 * 60 * 1000)

struct svc_conf {
	struct db *db; /* opened and migrated; the caller's */
	struct signer_client *signer; /* the caller's */
	const char *status_url; /* without a final slash */
	const char *node_name;
	const struct svc_settings *settings; /* the caller's */
	/* listeners of the own service, for the product `internal` */
	const struct addr *listeners;
	unsigned n_listeners;
};

/* Loads nothing from the database yet: see birth.h. */
int svc_new(const struct svc_conf *conf, struct svc **ret, struct err *e) CHECKED;
/* Other settings from now on; the former ones must live on for SVC_SETTINGS_LINGER_MS. Mails that wait are tried at once: an
 * error says that they are not. One thread at a time. */
int svc_set(struct svc *s, const struct svc_settings *settings, struct err *e) CHECKED;
/* The service is about to stop: what waits for the network ends at once, with E_DRAINING, and is taken up again at the
 * next start. Any thread. */
void svc_stop(struct svc *s);
struct svc *svc_free(struct svc *s);

/* Lists: key of the row to go on after (0: from the start), at most n rows; *ret_more: there are further ones. */
struct page {
	int64_t cursor;
	int64_t limit; /* 1 … 200 */
};

/* Now, as the domain's clock sees it. */
int64_t svc_now(struct svc *s);
/* Wakes the job loop: work was queued. Cheap; any thread. */
void svc_kick(struct svc *s);
