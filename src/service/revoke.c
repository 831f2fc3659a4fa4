/* SPDX-License-Identifier: Apache-2.0 */
/* Revocation, deletion, and the cascade after a compromised key (SPEC 3.9). */
#include "base/hex.h"
#include "base/inject.h"
#include "base/rfc3339.h"
#include "crypto/csr.h"
#include "service/notice.h"
#include "service/refund.h"
#include "service/revocation.h"
#include "service/share.h"
#include "service/svc_priv.h"

/* -- what is revoked together */

/* What the status doors must learn after the commit. */
struct gone {
	struct svc *s;
	int64_t issuer;
	struct blob serial;
	unsigned shard;
};

static void
tell_status(void *arg)
{
	const struct gone *g = arg;

	status_revoked(g->s, g->issuer, g->serial, g->shard);
}

static void
tell_status_later(struct db_tx *tx, struct svc *s, const struct row_certificate *row)
{
	struct gone *g = arena_new_n(tx->arena, 1, struct gone);

	*g = (struct gone){s, row->issuer, arena_blob(tx->arena, row->serial), (unsigned)row->shard};
	db_after_commit(tx, tell_status, g);
}

/* In another account, where a shared key leads, customers stay unnamed. */
static struct caller
acting_in(const struct revoking *t, int64_t account)
{
	bool stranger = account != t->c->account && !role_is_staff(t->c->role);

	return stranger ? caller_system(account) : caller_of(t->c, account);
}

/* issued | confirming -> revoking -> revoked: a built-in issuer completes at once, in the transaction that takes its
 * number. */
static int
revoke_row(struct db_tx *tx, struct revoking *t, const struct row_certificate *row, struct err *e)
{
	enum sm_who who = role_is_staff(t->c->role) ? SM_STAFF : SM_USER;
	struct caller c = acting_in(t, row->account);
	int64_t number;
	int r = sm_move(&sm_certificate, (int)row->state, CERTIFICATE_REVOKING, who, e);

	if (r == 0)
		r = q_certificate_move(tx, row->account, row->id, row->state, CERTIFICATE_REVOKING, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "certificate %lld was changed meanwhile", (long long)row->id);
	if (r > 0)
		r = q_issuer_next_revocation(tx, row->issuer, &number, e);
	if (r > 0)
		r = q_certificate_revoke(tx, row->account, row->id, t->reason, number, tx->now_ms, e);
	if (r > 0 && row->role != ROLE_ENC)
		r = count_move(tx, row->account, "certificate", (int)row->state, CERTIFICATE_REVOKED, e);
	if (r >= 0 && row->role != ROLE_ENC && row->state == CERTIFICATE_ISSUED)
		r = count_expiry(tx, row->account, CERTIFICATE_ISSUED, row->not_after_ms, -1, e);
	if (r >= 0 && row->state == CERTIFICATE_CONFIRMING)
		r = revocation_forget(tx, row, e);
	if (r >= 0 && row->role != ROLE_ENC)
		r = share_follow(tx, t->s, row, CERTIFICATE_REVOKED, t->reason, e);
	if (r >= 0)
		r = audit_add(tx, t->s, &c, "certificate.revoke", "certificates", row->id,
			detail_kv(tx->arena, "reason", str_c(reason_name(t->reason))), e);
	if (r == 0 && row->role != ROLE_ENC)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = NOTICE_CERTIFICATE_REVOKED, .account = row->account,
				.object_id = row->id, .name = row->name, .detail = str_c(reason_name(t->reason))},
			e);
	if (r == 0)
		tell_status_later(tx, t->s, row);
	t->serials++;
	return r;
}

int
certificate_halves(struct db_tx *tx, const struct row_certificate *row, struct arena *a, struct row_certificate **ret,
	size_t *ret_n, struct err *e)
{
	struct row_certificate *v;
	int r;

	if (row->role != ROLE_SINGLE && row->application) {
		r = q_certificate_pair(tx, row->account, row->application, a, ret, ret_n, e);
		return MIN(r, 0);
	}
	*ret = v = arena_new_n(a, 2, struct row_certificate);
	v[0] = *row;
	r = row->pair ? q_certificate_get(tx, row->account, row->pair, a, &v[1], e) : 0;
	*ret_n = r > 0 ? 2 : 1;
	return MIN(r, 0);
}

int
revoke_whole(struct db_tx *tx, struct revoking *t, const struct row_certificate *row, struct err *e)
{
	struct caller c = acting_in(t, row->account);
	struct row_certificate *rows;
	size_t n = 0;
	int r = certificate_halves(tx, row, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].id == row->id || rows[i].state != CERTIFICATE_REVOKED)
			r = revoke_row(tx, t, &rows[i], e);
	}
	if (r >= 0 && t->replace)
		r = q_certificate_replace_wanted(tx, row->account, row->application, e);
	return r < 0 ? r : refund_revoked(tx, t->s, &c, row->account, row->subscription, e);
}

/* -- the act */

struct act {
	struct svc *s;
	const struct caller *c;
	const struct revoke *in;
	int64_t account, id;
	bool any_account; /* staff */
	bool confirmed; /* deletion */
	struct csr proof; /* of the key; spki.n 0: none */
	struct row_certificate row;
	struct revoking revoking;
};

static int
load(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = t->any_account ? q_certificate_account(tx, t->id, &t->account, e) : 1;

	if (r > 0)
		r = q_certificate_get(tx, t->account, t->id, tx->arena, &t->row, e);
	return r == 0 ? not_found(e, "certificate", t->id) : MIN(r, 0);
}

/* The proof names this certificate, so that a request that was made for something else is none. */
static int
check_proof(const struct act *t, struct err *e)
{
	ARENA(a);
	struct str cn = arena_printf(&a, "revoke-%s", hex_encode(&a, t->row.serial).p);
	uint8_t hash[32];

	if (!t->proof.spki.n)
		return 0;
	digest_sha256(t->proof.spki, hash);
	if (!blob_eq(BLOB(hash, 32), t->row.spki_sha256))
		return err_field(e, E_KEY_UNPROVEN, "proof", "the proof was made with another key than the certificate's");
	if (!str_eq(t->proof.cn, cn))
		return err_field(e, E_KEY_UNPROVEN, "proof", "the proof's common name is \"%.*s\"; it must be \"%.*s\"",
			STRF(t->proof.cn), STRF(cn));
	return 0;
}

/* A compromise that needs nobody's confirmation: staff say so, the service holds the key, or it was shown. */
static bool
compromised(const struct act *t)
{
	return t->in->reason == REASON_KEY_COMPROMISE &&
		(role_is_staff(t->c->role) || t->row.key_id.n || t->proof.spki.n);
}

static int
allowed(struct db_tx *tx, const struct act *t, struct err *e)
{
	const struct row_certificate *row = &t->row;
	int r = share_refuse_copy(row, "revoked", e);

	if (r < 0)
		return r;
	if (row->source == SOURCE_UPLOADED)
		return err_set(e, E_STATE_REFUSED, "certificate %lld was not issued here; only its issuer can revoke it",
			(long long)row->id);
	if (row->not_after_ms < tx->now_ms)
		return err_set(e, E_STATE_REFUSED, "certificate %lld has expired and needs no revocation",
			(long long)row->id);
	if (row->hosted && !role_is_staff(t->c->role) && !compromised(t))
		return err_set(e, E_STATE_REFUSED, "certificate %lld is hosted; end its hosting first", (long long)row->id);
	return check_proof(t, e);
}

/* Every certificate with the key goes, in other accounts too, and the key is blocked for good. */
static int
cascade(struct db_tx *tx, struct act *t, struct err *e)
{
	struct row_certificate_same_key *same;
	size_t n;
	int r;

	r = q_blocked_key_put(tx, t->row.spki_sha256, tx->now_ms, STR("keyCompromise"), e);
	if (r >= 0)
		r = q_certificate_same_key(tx, t->row.spki_sha256, tx->now_ms, tx->arena, &same, &n, e);
	t->revoking.replace = false;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		struct row_certificate row;

		r = q_certificate_get(tx, same[i].account, same[i].id, tx->arena, &row, e);
		if (r > 0 && (row.state == CERTIFICATE_ISSUED || row.state == CERTIFICATE_CONFIRMING))
			r = revoke_whole(tx, &t->revoking, &row, e);
	}
	return MIN(r, 0);
}

static int
needs_mail(struct db_tx *tx, const struct act *t, bool *ret, struct err *e)
{
	struct row_product product;
	int r = q_product_get(tx, t->row.product, tx->arena, &product, e);

	if (r == 0)
		return not_found(e, "product", t->row.product);
	*ret = r > 0 && product.type != TYPE_DV && !role_is_staff(t->c->role) && !compromised(t);
	return MIN(r, 0);
}

static int
ask(struct db_tx *tx, struct act *t, struct err *e)
{
	if (t->row.state != CERTIFICATE_CONFIRMING)
		return revocation_ask(tx, &t->revoking, &t->row, e);
	err_set(e, E_STATE_REFUSED, "the revocation of certificate %lld waits for its confirmation by mail already",
		(long long)t->id);
	err_hint(e, "Have the mail sent again (:send_confirmation), or withdraw the revocation (:withdraw_revocation).");
	return e->code;
}

static int
revoke_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	bool mail = false;
	int r = load(tx, t, e);

	t->revoking = (struct revoking){
		.s = t->s, .c = t->c, .reason = (enum reason)t->in->reason, .replace = t->in->replace};
	if (r == 0)
		r = allowed(tx, t, e);
	if (r == 0)
		r = needs_mail(tx, t, &mail, e);
	if (r < 0 || mail)
		return r < 0 ? r : ask(tx, t, e);
	r = revoke_whole(tx, &t->revoking, &t->row, e);
	if (r >= 0 && compromised(t))
		r = cascade(tx, t, e);
	/* the act stands in its own account, too */
	if (r >= 0 && t->account != t->c->account)
		r = audit_add(tx, t->s, t->c, "certificate.revoke", "certificates", t->id,
			detail_kv(tx->arena, "reason", str_c(reason_name(t->in->reason))), e);
	return r;
}

static int
read_proof(struct act *t, struct arena *a, struct err *e)
{
	struct blob der;
	ERR(fault);

	if (!t->in->proof.n)
		return 0;
	if (t->in->reason != REASON_KEY_COMPROMISE)
		return err_field(e, E_KEY_UNPROVEN, "proof", "a proof of the key goes with the reason keyCompromise alone");
	if (csr_from_text(blob_of(t->in->proof), a, &der, &fault) < 0 || csr_read(der, a, &t->proof, &fault) < 0)
		return err_field(e, fault.code, "proof", "%s", fault.msg);
	return 0;
}

static int
revoke(struct act *t, struct arena *a, struct certificate_view *ret, struct err *e)
{
	struct caller there;
	int r = read_proof(t, a, e);

	if (r == 0 && INJECT("revoke.begin"))
		return err_set(e, E_TIMEOUT, "injected");
	if (r == 0)
		r = svc_write(t->s, revoke_body, t, e);
	if (r < 0)
		return r;
	(void)INJECT("revoke.committed");
	svc_kick(t->s);
	log_event(LOG_INFO, t->revoking.serials ? "certificate.revoked" : "certificate.revocation_asked",
		F_INT("certificate", t->id), F_INT("account", t->account), F_STR("reason", reason_name(t->in->reason)),
		F_INT("serials", t->revoking.serials));
	there = caller_of(t->c, t->account);
	return certificate_show(t->s, &there, t->id, a, ret, e);
}

int
certificate_revoke(struct svc *s, const struct caller *c, const struct revoke *in, struct arena *a,
	struct certificate_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .account = c->account, .id = in->id};

	return revoke(&t, a, ret, e);
}

/* -- staff: of any account */

int
certificate_revoke_any(struct svc *s, const struct caller *c, const struct revoke *in, struct arena *a,
	struct certificate_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .id = in->id, .any_account = true};

	if (!role_has(c->role, RIGHT_STAFF_ADMIN))
		return err_set(e, E_FORBIDDEN, "only administrators revoke certificates of other accounts");
	return revoke(&t, a, ret, e);
}

static int
find_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
certificate_show_any(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct certificate_view *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .any_account = true};
	struct caller there;
	int r;

	if (!role_has(c->role, RIGHT_STAFF_ADMIN))
		return err_set(e, E_FORBIDDEN, "only administrators see certificates of other accounts");
	r = svc_read(s, find_body, &t, e);
	if (r < 0)
		return r;
	there = caller_of(c, t.account);
	return certificate_show(s, &there, id, a, ret, e);
}

/* -- deletion */

/* What stood above a foreign certificate goes with the last one that it stood above. */
static int
delete_chain(struct db_tx *tx, const struct row_certificate *row, struct err *e)
{
	struct row_certificate_chain_links *links;
	size_t n = 0;
	int r = q_certificate_chain_links(tx, row->account, row->id, tx->arena, &links, &n, e);

	if (r >= 0)
		r = q_certificate_chain_clear(tx, row->account, row->id, e);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		r = q_chain_certificate_hold(tx, row->account, links[i].link, e);
		if (r >= 0)
			r = q_chain_certificate_sweep(tx, row->account, links[i].link, e);
	}
	return MIN(r, 0);
}

static int
delete_row(struct db_tx *tx, struct act *t, const struct row_certificate *row, struct err *e)
{
	int64_t users = 0;
	int r = q_certificate_delete(tx, row->account, row->id, tx->now_ms, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "certificate %lld was changed meanwhile", (long long)row->id);
	if (r > 0)
		r = q_certificate_names_clear(tx, row->account, row->id, e);
	if (r >= 0 && !row->issuer)
		r = delete_chain(tx, row, e);
	if (r >= 0 && row->application)
		r = q_application_lose(tx, row->account, row->application, row->id, e);
	if (r >= 0 && row->key_id.n)
		r = q_subscriber_key_hold(tx, row->account, row->key_id, e);
	if (r >= 0 && row->key_id.n)
		r = q_certificate_key_users(tx, row->account, row->key_id, &users, e);
	if (r >= 0 && row->key_id.n && users == 0)
		r = q_subscriber_key_delete(tx, row->account, row->key_id, e);
	if (r >= 0 && row->role != ROLE_ENC)
		r = count_move(tx, row->account, "certificate", (int)row->state, -1, e);
	if (r >= 0 && row->role != ROLE_ENC && (row->state == CERTIFICATE_ISSUED || row->state == CERTIFICATE_UPLOADED))
		r = count_expiry(tx, row->account, (int)row->state, row->not_after_ms, -1, e);
	if (r >= 0 && row->role != ROLE_ENC)
		r = share_end_all(tx, t->s, t->c, row, e);
	if (r >= 0)
		r = audit_add(tx, t->s, t->c, "certificate.delete", "certificates", row->id, (struct str){NULL, 0}, e);
	return r;
}

/* The rules of SPEC 3.9, the first that stands against it. */
static int
may_delete(const struct act *t, int64_t now, struct err *e)
{
	const struct row_certificate *row = &t->row;
	long long id = (long long)row->id;
	char end[RFC3339_MAX];

	bool copy = row->source == SOURCE_SHARED; /* at any time */

	if (!copy && row->state == CERTIFICATE_CONFIRMING)
		return err_set(e, E_DELETE_REVOKING, "the revocation of certificate %lld waits for its confirmation", id);
	if (!copy && row->state == CERTIFICATE_REVOKING)
		return err_set(e, E_DELETE_REVOKING, "certificate %lld is being revoked", id);
	if (!copy && row->state == CERTIFICATE_ISSUED && row->not_after_ms >= now)
		return err_set(e, E_DELETE_VALID, "certificate %lld is valid until %s", id,
			rfc3339_put(row->not_after_ms, end));
	if ((row->hosted || row->deployed) && !t->confirmed)
		return err_set(e, E_DELETE_UNCONFIRMED, "certificate %lld is %s", id,
			row->hosted && row->deployed ? "deployed and hosted" : row->hosted ? "hosted" : "deployed");
	return 0;
}

static int
delete_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_certificate *rows;
	size_t n = 0;
	int r = load(tx, t, e);

	if (r < 0)
		return r;
	r = may_delete(t, tx->now_ms, e);
	if (r < 0)
		return r;
	if (t->row.source == SOURCE_SHARED)
		return share_leave(tx, t->s, t->c, &t->row, e);
	r = certificate_halves(tx, &t->row, tx->arena, &rows, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = delete_row(tx, t, &rows[i], e);
	return MIN(r, 0);
}

int
certificate_delete(struct svc *s, const struct caller *c, int64_t id, bool confirmed, struct err *e)
{
	struct act t = {.s = s, .c = c, .account = c->account, .id = id, .confirmed = confirmed};

	return svc_write(s, delete_body, &t, e);
}
