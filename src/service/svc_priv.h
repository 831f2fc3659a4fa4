/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of this folder share. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "ca/hierarchy.h"
#include "ca/issue.h"
#include "ca/signer_client.h"
#include "crypto/digest.h"
#include "service/audit.h"
#include "service/flight.h"
#include "service/jobs.h"
#include "service/svc.h"
#include "store/store.h"
#include "store/store_sql.h"
#include "validate/validate.h"

#define ISSUERS_MAX 16
#define CERT_DETAIL_MAX 512

struct status_cache;
struct job_loop;

/* The end of one lane of the audit chain, as the lane's connection has written it. Belongs to who writes on the lane. */
struct audit_lane {
	uint64_t epoch; /* of the transaction that wrote it */
	int64_t seq;
	uint8_t hash[32];
};

struct svc {
	struct svc_conf conf;
	struct arena arena; /* lives as long as the service: issuers */
	_Atomic(const struct svc_settings *) settings; /* by settings_of() */
	int64_t node;
	/* Fixed after birth_hierarchies(). */
	struct ca_issuer *issuers[ISSUERS_MAX];
	size_t n_issuers;
	struct status_cache *status;
	struct job_loop *jobs;
	atomic_bool stopping;
	struct flights flights;
	atomic_uint slow_calls, slow_jobs; /* that wait for an RSA key or for another thread (slow.h) */
	atomic_uint webhooks; /* messages on their way (webhook_send.c) */
	atomic_uint status_asks; /* of servers' chains (look_status.c) */
	atomic_uint inspections; /* of servers, that somebody waits for (inspection.c) */
	struct audit_lane *audit_lanes; /* DB_LANES_MAX */
	int64_t own_account; /* the operator's */
	int64_t time_high_ms; /* the latest time that the database had seen when the service started */
};

/* Those of the moment: asked for anew by each act, and kept no longer than a call to the network lasts. */
static inline const struct svc_settings *
settings_of(const struct svc *s)
{
	return atomic_load(&s->settings);
}

/* -- issuers */
/* Those that are finished and not in memory yet; before requests are served. */
int issuers_load_more(struct svc *s, struct err *e) CHECKED;
struct ca_issuer *issuer_by_name(const struct svc *s, struct str name);
struct ca_issuer *issuer_by_id(const struct svc *s, int64_t id);
/* The issuer of end-entity certificates for a subject key of this algorithm; NULL: none. */
struct ca_issuer *issuer_for(const struct svc *s, enum key_alg alg);

/* -- reading */
/* Runs a body in a read transaction. */
int svc_read(struct svc *s, db_body *body, void *arg, struct err *e) CHECKED;
int svc_write(struct svc *s, db_body *body, void *arg, struct err *e) CHECKED;
/* Trouble that passes or is the operator's to mend: worth another try, and no fault of the applicant's. */
bool svc_passing(int code);
/* Whose rows are asked for: the caller's own account with 0; another one is for staff. E_FORBIDDEN. */
int account_in_reach(const struct caller *c, int64_t asked, int64_t *ret, struct err *e) CHECKED;
/* The same for acts of support in another account. */
int account_to_act(const struct caller *c, int64_t asked, int64_t *ret, struct err *e) CHECKED;
int not_found(struct err *e, const char *noun, int64_t id);
/* E_PRECONDITION: the caller means another version (If-Match; 0: any) than the one that stands there. */
int version_fits(const char *noun, int64_t id, int64_t meant, int64_t is, struct err *e) CHECKED;
/* Cuts one row more than wanted off a list: n + 1 were asked for. */
bool page_cut(const struct page *p, size_t *n);
/* The cursor for lists that go downwards from the newest id. */
int64_t page_before(const struct page *p);

/* Who acts, as it stands in the rows of this account: in another one than his own (staff) without the idempotency key,
 * whose record belongs to the act's own row. */
struct caller caller_of(const struct caller *c, int64_t account);

/* -- counters: every row of a table is counted under its state. */
int count_move(struct db_tx *tx, int64_t account, const char *noun, int from /* -1: new */, int to /* -1: gone */,
	struct err *e) CHECKED;
/* Several in one statement. No state of a noun stands twice. */
#define COUNTS_MAX 5
struct count {
	const char *noun;
	int state;
	int64_t by; /* 0: left out */
};
int count_moves(struct db_tx *tx, int64_t account, const struct count counts[COUNTS_MAX], struct err *e) CHECKED;
int count_expiry(struct db_tx *tx, int64_t account, int state, int64_t not_after_ms, int by, struct err *e) CHECKED;

/* -- subscriptions */
/* Moves one, counts and tells the audit. > 0: moved; 0: it is in another state by now. */
int subscription_step(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t id, int from,
	int to, enum sm_who who, struct err *e) CHECKED;
/* For statements that move it together with other columns: tells the audit. */
int subscription_tell(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t account, int64_t id, int from,
	int to, struct err *e) CHECKED;

/* -- the pipeline's steps, run by jobs and by "verify now" */
/* Checks what is unproven and moves the application on as far as its proofs carry (issue.c). */
int application_advance(struct svc *s, int64_t account, int64_t id, struct err *e) CHECKED;
/* issuing -> issued: reserve, sign, verify, save. Finishes a certificate that was reserved before. Where another thread is
 * at it, the first waits for that one a while, the second answers E_BUSY at once. */
int issue_application(struct svc *s, int64_t account, int64_t id, struct err *e) CHECKED;
int issue_try(struct svc *s, int64_t account, int64_t id, struct err *e) CHECKED;
/* Every certificate that was reserved before this time is finished or becomes void. */
int issue_recover(struct svc *s, int64_t before_ms, struct err *e) CHECKED;
/* validating | reviewing | issuing -> failed, with the error as the reason. */
int application_fail(struct svc *s, int64_t account, int64_t id, int from, const struct err *why, struct err *e) CHECKED;

/* -- subscriber keys */
/* Made and sealed by the signer, stored nowhere yet; RSA takes a slow place (slow.h). call: as there. */
int subscriber_key_make(struct svc *s, int64_t account, enum key_alg alg, bool call, struct arena *a,
	struct signer_key *ret, struct err *e) CHECKED;
/* In the transaction that also writes what the key belongs to: a crash leaves no key behind that nothing names. */
int subscriber_key_insert(struct db_tx *tx, int64_t account, const struct signer_key *key, struct err *e) CHECKED;
int subscriber_key_load(struct svc *s, int64_t account, struct blob id, struct arena *a, struct signer_key *ret,
	struct err *e) CHECKED;

/* -- status */
int status_start(struct svc *s, struct err *e) CHECKED;
void status_stop(struct svc *s);
/* Before a revocation is answered: its OCSP answer is dropped; its shard's CRL is built anew at once. */
void status_revoked(struct svc *s, int64_t issuer, struct blob serial, unsigned shard);

/* -- periodic work (sweep.c) */
int sweep_run(struct svc *s, struct err *e) CHECKED;

/* Writes "{\"key\":…}" details of audit rows: small helpers over jsonw. */
struct str detail_kv(struct arena *a, const char *key, struct str value);
struct str detail_2kv(struct arena *a, const char *k1, struct str v1, const char *k2, struct str v2);
