/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Issuing (DESIGN 3, SPEC 3.6): reserve the serial with the full to-be-signed, sign with no transaction open, verify,
 * save with the application's state. A certificate that was reserved and not finished is signed again from the stored
 * bytes, or becomes void and is listed as revoked.
 */
#include "base/inject.h"
#include "service/apply_priv.h"
#include "service/issue_priv.h"
#include "service/notice.h"
#include "service/review_priv.h"
#include "service/slow.h"

#define WAIT_MS 20000

/* The same application with each of its names. */
static void
take_names(struct issuing *t, const struct row_issuing *rows, size_t n)
{
	t->app = rows[0];
	t->names = arena_new_n(t->a, n, struct row_application_name);
	t->n_names = 0;
	for (size_t i = 0; i < n && rows[i].ascii.p; i++)
		t->names[t->n_names++] = (struct row_application_name){rows[i].ord, rows[i].kind, rows[i].ascii,
			rows[i].unicode, rows[i].base, rows[i].registered, rows[i].companion};
}

static int
load_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct issuing *t = arg;
	struct row_issuing *rows;
	size_t n;
	int r = q_application_issuing(tx, t->account, t->id, t->a, &rows, &n, e);

	if (r >= 0 && n == 0)
		return not_found(e, "application", t->id);
	if (r >= 0)
		take_names(t, rows, n);
	if (r >= 0 && t->app.product_type != TYPE_DV)
		r = q_application_company_get(tx, t->account, t->id, t->a, &t->company, e);
	t->n_rows = 0;
	if (r >= 0 && t->app.n_reserved)
		r = q_certificate_reserved(tx, t->account, t->id, t->a, &t->rows, &t->n_rows, e);
	t->now = tx->now_ms;
	return MIN(r, 0);
}

/* -- write 2 */

static int
save_names(struct db_tx *tx, const struct issuing *t, int64_t certificate, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < t->n_names; i++)
		r = q_certificate_name_insert(tx, t->account, t->names[i].ascii,
			name_reversed(t->names[i].ascii, tx->arena), certificate, e);
	return MIN(r, 0);
}

/* Of the subscription: its period, its order's status. */
static int
activate(struct db_tx *tx, const struct issuing *t, const struct caller *c, struct err *e)
{
	int r;

	if (t->app.subscription_state != SUBSCRIPTION_ASSIGNED)
		return q_order_settle(tx, t->account, t->app.subscription, 0, e);
	r = q_subscription_activate(tx, t->account, t->app.subscription, issuing_paid_until(t), tx->now_ms, e);
	return r < 0 ? r
		     : subscription_tell(tx, t->s, c, t->account, t->app.subscription, SUBSCRIPTION_ASSIGNED,
			       SUBSCRIPTION_ACTIVE, e);
}

static int
save_one(struct db_tx *tx, const struct issuing *t, const struct row_reserved *row, struct blob der, struct err *e)
{
	uint8_t sha256[32];
	int r;

	digest_sha256(der, sha256);
	r = q_certificate_save(tx, t->account, row->id, der, BLOB(sha256, 32), tx->now_ms, e);
	if (r >= 0 && row->role != ROLE_ENC)
		r = count_expiry(tx, t->account, CERTIFICATE_ISSUED, row->not_after_ms, 1, e);
	if (r >= 0)
		r = save_names(tx, t, row->id, e);
	return r;
}

/* A pair counts as one. */
static int
count_issued(struct db_tx *tx, const struct issuing *t, struct err *e)
{
	int64_t first = t->app.subscription_state == SUBSCRIPTION_ASSIGNED;
	struct count counts[COUNTS_MAX] = {{"certificate", CERTIFICATE_ISSUED, 1}, {"application", APPLICATION_ISSUING, -1},
		{"application", APPLICATION_ISSUED, 1}, {"subscription", SUBSCRIPTION_ASSIGNED, -first},
		{"subscription", SUBSCRIPTION_ACTIVE, first}};

	return count_moves(tx, t->account, counts, e);
}

static int
tell_issued(struct db_tx *tx, const struct issuing *t, struct err *e)
{
	struct notice_new n = {.kind = NOTICE_APPLICATION_ISSUED, .account = t->account, .object_id = t->rows[0].id,
		.name = t->n_names ? t->names[0].ascii : STR(""), .due_ms = t->rows[0].not_after_ms};

	return notice_add(tx, t->s, &n, e);
}

static int
save_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct issuing *t = arg;
	struct caller c = caller_system(t->account);
	int r = 0;

	for (size_t i = 0; r >= 0 && i < t->n_rows; i++)
		r = save_one(tx, t, &t->rows[i], t->ders[i], e);
	if (r >= 0)
		r = q_application_issued(tx, t->account, t->id, t->rows[0].id, tx->now_ms, e);
	if (r >= 0)
		r = activate(tx, t, &c, e);
	if (r >= 0)
		r = count_issued(tx, t, e);
	if (r >= 0)
		r = audit_add(tx, t->s, &c, "certificate.issue", "certificates", t->rows[0].id,
			detail_kv(tx->arena, "name", t->n_names ? t->names[0].ascii : STR("")), e);
	return r < 0 ? r : tell_issued(tx, t, e);
}

/* -- sign */

static int
sign_row(struct issuing *t, const struct row_reserved *row, struct blob *ret_der, struct err *e)
{
	const struct ca_issuer *is = issuer_by_id(t->s, row->issuer);
	struct blob sig;
	int r;

	if (!is)
		return err_set(e, E_ISSUER_UNKNOWN, "certificate %lld names the unknown issuer %lld", (long long)row->id,
			(long long)row->issuer);
	r = signer_sign_cert(t->s->conf.signer, is->name, row->tbs, t->a, &sig, e);
	if (r == 0)
		r = key_verify(is->key, row->tbs, sig, e);
	if (r == 0)
		*ret_der = cert_assemble(row->tbs, is->alg, sig, t->a);
	return r;
}

/* A reserved row that can't be finished: void, and on the list of its shard. */
static int
void_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct issuing *t = arg;
	struct caller c = caller_system(t->account);
	int r = 0;

	for (size_t i = 0; r >= 0 && i < t->n_rows; i++) {
		const struct row_reserved *row = &t->rows[i];
		int64_t number;

		r = q_issuer_next_revocation(tx, row->issuer, &number, e);
		if (r > 0)
			r = q_certificate_void(tx, t->account, row->id, number, tx->now_ms, e);
		if (r > 0)
			r = audit_add(tx, t->s, &c, "certificate.void", "certificates", row->id,
				(struct str){NULL, 0}, e);
	}
	return MIN(r, 0);
}

static int
make_void(struct issuing *t, struct err *e)
{
	int r = svc_write(t->s, void_body, t, e);

	for (size_t i = 0; r == 0 && i < t->n_rows; i++) {
		const struct ca_issuer *is = issuer_by_id(t->s, t->rows[i].issuer);

		status_revoked(t->s, is->id, t->rows[i].serial, serial_shard(t->rows[i].serial, is->shards));
	}
	return r;
}

/* Signs and saves all reserved rows of the application: both halves of a pair or neither. */
static int
finish(struct issuing *t, struct err *e)
{
	int r = 0;

	t->ders = arena_new_n(t->a, t->n_rows, struct blob);
	for (size_t i = 0; r == 0 && i < t->n_rows; i++)
		r = sign_row(t, &t->rows[i], &t->ders[i], e);
	if (r < 0)
		return r;
	if (INJECT("issue.signed"))
		return err_set(e, E_INTERNAL, "injected");
	r = svc_write(t->s, save_body, t, e);
	if (r == 0) {
		(void)INJECT("issue.saved");
		log_event(LOG_INFO, "certificate.issued", F_INT("certificate", t->rows[0].id),
			F_INT("account", t->account), F_INT("application", t->id),
			F_S("name", t->n_names ? t->names[0].ascii : STR("")), F_HEX("serial", t->rows[0].serial));
	}
	return r;
}

/* Somebody else has finished it, or its subscription has moved meanwhile: then the same rows are saved. */
static int
finish_again(struct issuing *t, struct err *e)
{
	int r;

	err_clear(e);
	r = svc_read(t->s, load_body, t, e);
	if (r < 0 || t->app.state != APPLICATION_ISSUING || t->n_rows == 0)
		return r;
	r = finish(t, e);
	return r == E_CONFLICT ? 0 : r;
}

/* Why finishing cannot succeed later either: the row becomes void and the application starts over. */
static bool
hopeless(int code)
{
	return code == E_SERIAL_STALE || code == E_SERIAL_REUSED || code == E_LIMIT_REFUSED || code == E_ISSUER_UNKNOWN ||
	       code == E_CAA_FORBIDS;
}

static int
give_up(struct issuing *t, const struct err *why, struct err *e)
{
	int r = make_void(t, e);

	if (r == 0 && why->code == E_SERIAL_STALE)
		return err_set(e, E_TIMEOUT, "the reserved certificate is too old; a new one is made");
	if (r == 0)
		r = application_fail(t->s, t->account, t->id, APPLICATION_ISSUING, why, e);
	return r;
}

static int
issue_run(struct issuing *t, struct err *e)
{
	ERR(why);
	int r = svc_read(t->s, load_body, t, e);

	if (r < 0 || t->app.state != APPLICATION_ISSUING)
		return r;
	if (t->n_rows == 0) {
		r = issuing_prepare(t, &why);
		if (r == 0)
			r = issuing_reserve(t, &why);
		if (r < 0) {
			/* Passing trouble is tried again by the job; a refusal is the applicant's to cure. */
			if (svc_passing(r) && r != E_CAA_FAILED) {
				*e = why;
				return r;
			}
			r = application_fail(t->s, t->account, t->id, APPLICATION_ISSUING, &why, e);
			if (r == 0)
				*e = why;
			return r < 0 ? r : why.code;
		}
	} else if (t->rows[0].reserved_ms + policy_value("caa-reuse", t->now) < t->now) {
		r = issuing_check_caa(t, &why); /* what it said then is too old (BR 3.2.2.8) */
	}
	if (r == 0)
		r = finish(t, &why);
	if (r == E_CONFLICT)
		r = finish_again(t, &why);
	if (r == 0)
		return 0;
	if (hopeless(r))
		r = give_up(t, &why, e);
	else
		*e = why;
	return r;
}

/* Waits for another thread that is at it, where there is room to wait. */
static int
wait_for_flight(struct svc *s, int64_t id, struct err *e)
{
	int r = slow_begin(s, true, e);

	if (r < 0)
		return r;
	r = flight_begin(&s->flights, id, WAIT_MS, e);
	slow_end(s, true);
	return r;
}

static int
issue_alone(struct svc *s, int64_t account, int64_t id, bool asked, struct err *e)
{
	ARENA(a);
	struct issuing t = {.s = s, .account = account, .id = id, .asked = asked, .a = &a};
	int r = flight_begin(&s->flights, id, 0, e);

	if (r == E_BUSY && asked)
		r = wait_for_flight(s, id, e);

	if (r < 0)
		return r;
	r = issue_run(&t, e);
	flight_end(&s->flights, id);
	return r;
}

int
issue_application(struct svc *s, int64_t account, int64_t id, struct err *e)
{
	return issue_alone(s, account, id, true, e);
}

int
issue_try(struct svc *s, int64_t account, int64_t id, struct err *e)
{
	return issue_alone(s, account, id, false, e);
}

/* -- what was left behind: by a crash, or by an application that went another way */

struct all {
	int64_t before_ms;
	struct arena *a;
	struct row_certificate_all_reserved *rows;
	size_t n;
};

static int
all_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct all *t = arg;

	return q_certificate_all_reserved(tx, t->before_ms, 10000, t->a, &t->rows, &t->n, e);
}

static int
recover_one(struct svc *s, int64_t account, int64_t id, struct err *e)
{
	ARENA(a);
	struct issuing t = {.s = s, .account = account, .id = id, .a = &a};
	int r = svc_read(s, load_body, &t, e);

	if (r < 0)
		return r == E_NOT_FOUND ? 0 : r;
	/* The application went another way while the rows were reserved (its timeout): they are void. */
	if (t.app.state != APPLICATION_ISSUING && t.n_rows)
		return make_void(&t, e);
	r = issue_try(s, account, id, e);
	return r == E_BUSY ? 0 : r; /* somebody is at it */
}

int
issue_recover(struct svc *s, int64_t before_ms, struct err *e)
{
	ARENA(a);
	struct all t = {.before_ms = before_ms, .a = &a};
	int r = svc_read(s, all_body, &t, e);

	for (size_t i = 0; r == 0 && i < t.n; i++) {
		ERR(one);

		if (recover_one(s, t.rows[i].account, t.rows[i].application, &one) < 0)
			log_err(LOG_WARN, "issue.recovery", &one);
	}
	return r;
}

/* -- failure */

int
application_fail_in(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_application *row,
	enum sm_who who, int code, struct str text, struct err *e)
{
	struct caller part = caller_of(c, row->account);
	struct str name = str_c(err_info(code)->name);
	int from = (int)row->state, r = sm_move(&sm_application, from, APPLICATION_FAILED, who, e);

	if (r == 0)
		r = q_application_fail(tx, row->account, row->id, from, name, text, tx->now_ms, e);
	if (r <= 0)
		return r; /* it went on meanwhile */
	r = q_order_settle(tx, row->account, 0, row->id, e);
	if (r >= 0)
		r = count_move(tx, row->account, "application", from, APPLICATION_FAILED, e);
	if (r >= 0 && from == APPLICATION_REVIEWING)
		r = review_leave(tx, row->account, row->id, e);
	if (r >= 0)
		r = audit_add(tx, s, &part, "application.fail", "applications", row->id,
			detail_2kv(tx->arena, "code", name, "reason", text), e);
	return r < 0 ? r
		     : notice_add(tx, s,
			       &(struct notice_new){
				       .kind = who == SM_STAFF ? NOTICE_APPLICATION_REJECTED : NOTICE_APPLICATION_FAILED,
				       .account = row->account, .object_id = row->id, .code = code, .detail = text},
			       e);
}

struct fail {
	struct svc *s;
	int64_t account, id;
	int from;
	const struct err *why;
};

static int
fail_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct fail *t = arg;
	struct caller c = caller_system(t->account);
	struct row_application row = {.id = t->id, .account = t->account, .state = t->from};

	return application_fail_in(tx, t->s, &c, &row, SM_SYSTEM, t->why->code, str_c(t->why->msg), e);
}

int
application_fail(struct svc *s, int64_t account, int64_t id, int from, const struct err *why, struct err *e)
{
	struct fail t = {s, account, id, from, why};
	int r = svc_write(s, fail_body, &t, e);

	if (r == 0)
		log_event(LOG_INFO, "application.failed", F_INT("application", id), F_INT("account", account),
			F_STR("code", err_info(why->code)->name), F_STR("reason", why->msg));
	return r;
}
