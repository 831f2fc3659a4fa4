/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation, deletion, and the cascade after a compromised key (SPEC 3.9). */
#include "base/inject.h"
#include "service/certificate.h"
#include "service/money.h"
#include "service/notice.h"
#include "service/svc_priv.h"

#define CASCADE_MAX 64

struct gone {
	int64_t issuer;
	struct blob serial;
	unsigned shard;
};

struct act {
	struct svc *s;
	const struct caller *c;
	const struct revoke *in;
	int64_t id;
	bool confirmed;
	struct arena *a;
	struct row_certificate row;
	struct gone *gone; /* what the status doors must learn after the commit */
	size_t n_gone;
};

/* issued -> revoking -> revoked: a built-in issuer completes at once, in the transaction that takes its number. */
static int
revoke_row(struct db_tx *tx, struct act *t, const struct row_certificate *row, int reason, struct err *e)
{
	enum sm_who who = role_is_staff(t->c->role) ? SM_STAFF : SM_USER;
	int64_t number;
	int r = sm_move(&sm_certificate, (int)row->state, CERTIFICATE_REVOKING, who, e);

	if (r == 0)
		r = q_certificate_move(tx, row->account, row->id, row->state, CERTIFICATE_REVOKING, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "certificate %lld was changed meanwhile", (long long)row->id);
	if (r > 0)
		r = q_issuer_next_revocation(tx, row->issuer, &number, e);
	if (r > 0)
		r = q_certificate_revoke(tx, row->account, row->id, reason, number, tx->now_ms, e);
	if (r > 0 && row->role != ROLE_ENC)
		r = count_move(tx, row->account, "certificate", (int)row->state, CERTIFICATE_REVOKED, e);
	if (r >= 0 && row->role != ROLE_ENC)
		r = count_expiry(tx, row->account, CERTIFICATE_ISSUED, row->not_after_ms, -1, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "certificate.revoke", "certificates", row->id,
			detail_kv(tx->arena, "reason", str_c(reason_name(reason))), e);
	if (r == 0 && row->role != ROLE_ENC)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = NOTICE_CERTIFICATE_REVOKED, .account = row->account,
				.object_id = row->id, .name = row->name, .detail = str_c(reason_name(reason))},
			e);
	if (r == 0 && t->n_gone < CASCADE_MAX)
		t->gone[t->n_gone++] = (struct gone){row->issuer, arena_blob(t->a, row->serial), (unsigned)row->shard};
	return r;
}

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_certificate_get(tx, t->c->account, t->id, t->a, &t->row, e);

	return r == 0 ? not_found(e, "certificate", t->id) : MIN(r, 0);
}

static int
allowed(struct db_tx *tx, const struct act *t, struct err *e)
{
	const struct row_certificate *row = &t->row;

	if (row->source == SOURCE_UPLOADED || row->source == SOURCE_SHARED)
		return err_set(e, E_STATE_REFUSED, "certificate %lld was not issued here; only its issuer can revoke it",
			(long long)row->id);
	if (row->not_after_ms < tx->now_ms)
		return err_set(e, E_STATE_REFUSED, "certificate %lld has expired and needs no revocation",
			(long long)row->id);
	if (row->hosted && t->in->reason != REASON_KEY_COMPROMISE)
		return err_set(e, E_STATE_REFUSED, "certificate %lld is hosted; end its hosting first", (long long)row->id);
	return 0;
}

/* Both halves of a pair go together. */
static int
revoke_pair(struct db_tx *tx, struct act *t, struct err *e)
{
	struct row_certificate *rows = &t->row;
	size_t n = 1;
	int r = 0;

	if (t->row.role != ROLE_SINGLE)
		r = q_certificate_pair(tx, t->c->account, t->row.application, t->a, &rows, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = revoke_row(tx, t, &rows[i], t->in->reason, e);
	if (r == 0 && t->in->replace)
		r = q_certificate_replace_wanted(tx, t->c->account, t->row.application, e);
	return MIN(r, 0);
}

/* A proven compromise of the key takes every certificate with it, in other accounts too, and blocks it for good. */
static int
cascade(struct db_tx *tx, struct act *t, struct err *e)
{
	struct row_certificate_same_key *same;
	size_t n;
	int r;

	if (t->in->reason != REASON_KEY_COMPROMISE || (!t->row.key_id.n && !role_is_staff(t->c->role)))
		return 0;
	r = q_blocked_key_put(tx, t->row.spki_sha256, tx->now_ms, STR("keyCompromise"), e);
	if (r >= 0)
		r = q_certificate_same_key(tx, t->row.spki_sha256, tx->now_ms, tx->arena, &same, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct row_certificate row;

		r = q_certificate_get(tx, same[i].account, same[i].id, tx->arena, &row, e);
		if (r > 0 && row.state == CERTIFICATE_ISSUED)
			r = revoke_row(tx, t, &row, REASON_KEY_COMPROMISE, e);
	}
	return MIN(r, 0);
}

static int
revoke_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, e);

	t->n_gone = 0;
	if (r == 0)
		r = allowed(tx, t, e);
	if (r == 0)
		r = revoke_pair(tx, t, e);
	if (r == 0)
		r = cascade(tx, t, e);
	if (r == 0)
		r = money_refund_revoked(tx, t->s, t->c, t->c->account, t->row.subscription, e);
	return r;
}

int
certificate_revoke(struct svc *s, const struct caller *c, const struct revoke *in, struct arena *a,
	struct certificate_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .id = in->id, .a = a};
	int r;

	t.gone = arena_new_n(a, CASCADE_MAX, struct gone);
	if (INJECT("revoke.begin"))
		return err_set(e, E_TIMEOUT, "injected");
	r = svc_write(s, revoke_body, &t, e);
	if (r < 0)
		return r;
	(void)INJECT("revoke.committed");
	for (size_t i = 0; i < t.n_gone; i++)
		status_revoked(s, t.gone[i].issuer, t.gone[i].serial, t.gone[i].shard);
	log_event(LOG_INFO, "certificate.revoked", F_INT("certificate", in->id), F_INT("account", c->account),
		F_STR("reason", reason_name(in->reason)), F_INT("serials", (int64_t)t.n_gone));
	return certificate_show(s, c, in->id, a, ret, e);
}

/* -- deletion */

static int
delete_row(struct db_tx *tx, struct act *t, const struct row_certificate *row, struct err *e)
{
	int64_t users = 0;
	int r = q_certificate_delete(tx, row->account, row->id, tx->now_ms, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "certificate %lld was changed meanwhile", (long long)row->id);
	if (r > 0)
		r = q_certificate_names_clear(tx, row->account, row->id, e);
	if (r >= 0 && row->key_id.n)
		r = q_certificate_key_users(tx, row->account, row->key_id, &users, e);
	if (r >= 0 && row->key_id.n && users == 0)
		r = q_subscriber_key_delete(tx, row->account, row->key_id, e);
	if (r >= 0 && row->role != ROLE_ENC)
		r = count_move(tx, row->account, "certificate", (int)row->state, -1, e);
	if (r >= 0 && row->role != ROLE_ENC && row->state == CERTIFICATE_ISSUED)
		r = count_expiry(tx, row->account, CERTIFICATE_ISSUED, row->not_after_ms, -1, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "certificate.delete", "certificates", row->id, (struct str){NULL, 0}, e);
	return r;
}

static int
delete_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_certificate *rows = &t->row;
	size_t n = 1;
	int r = load(tx, t, e);

	if (r < 0)
		return r;
	if (t->row.state == CERTIFICATE_ISSUED && t->row.not_after_ms >= tx->now_ms)
		return err_set(e, E_STATE_REFUSED, "certificate %lld is valid; revoke it before you delete it",
			(long long)t->id);
	if (t->row.state == CERTIFICATE_CONFIRMING || t->row.state == CERTIFICATE_REVOKING)
		return err_set(e, E_STATE_REFUSED, "certificate %lld is being revoked", (long long)t->id);
	if ((t->row.hosted || t->row.deployed) && !t->confirmed) {
		err_set(e, E_STATE_REFUSED, "certificate %lld is deployed or hosted", (long long)t->id);
		err_hint(e, "Repeat with confirmed=true to delete it all the same; hosting ends with it.");
		return e->code;
	}
	if (t->row.role != ROLE_SINGLE)
		r = q_certificate_pair(tx, t->c->account, t->row.application, t->a, &rows, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = delete_row(tx, t, &rows[i], e);
	return r;
}

int
certificate_delete(struct svc *s, const struct caller *c, int64_t id, bool confirmed, struct err *e)
{
	ARENA(a);
	struct act t = {.s = s, .c = c, .id = id, .confirmed = confirmed, .a = &a};

	return svc_write(s, delete_body, &t, e);
}
