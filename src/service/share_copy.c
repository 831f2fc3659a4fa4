/* SPDX-License-Identifier: Apache-2.0 */
/* What becomes of the receiver's copies: they follow the shared certificate, end with the share, are taken and deleted. */
#include "service/notice.h"
#include "service/revocation.h"
#include "service/share.h"
#include "service/svc_priv.h"

bool
share_over(const struct row_share *sh, int64_t now_ms)
{
	return sh->state != SHARE_ACTIVE || (sh->ends_ms && sh->ends_ms <= now_ms);
}

int
share_refuse_copy(const struct row_certificate *row, const char *what, struct err *e)
{
	return row->source == SOURCE_SHARED
		? err_set(e, E_SHARE_COPY, "certificate %lld is shared by another account and cannot be %s here",
			  (long long)row->id, what)
		: 0;
}

/* The rows of a copy: one, or both halves of a pair. n 0: deleted. */
static int
copy_rows(struct db_tx *tx, const struct row_share *sh, struct row_certificate **ret, size_t *ret_n, struct err *e)
{
	struct row_certificate row;
	int r = q_certificate_get(tx, sh->receiver, sh->copy, tx->arena, &row, e);

	*ret_n = 0;
	return r <= 0 ? r : certificate_halves(tx, &row, tx->arena, ret, ret_n, e);
}

/* What happens to a share stands in the history of both accounts; who acts, in his own alone. */
static int
tell_audit(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_share *sh, const char *act,
	struct str detail, struct err *e)
{
	struct caller giver = caller_system(sh->account), receiver = caller_system(sh->receiver);
	int r = audit_add(tx, s, c->account == sh->account ? c : &giver, act, "shares", sh->id, detail, e);

	return r < 0 ? r : audit_add(tx, s, c->account == sh->receiver ? c : &receiver, act, "shares", sh->id, detail, e);
}

/* -- following */

static int
follow(struct db_tx *tx, const struct svc *s, const struct row_certificate *from, const struct row_share *sh, int state,
	int reason, struct err *e)
{
	struct caller c = caller_system(sh->receiver);
	struct row_certificate *rows;
	int64_t revoked_ms = state == CERTIFICATE_REVOKED ? tx->now_ms : 0;
	size_t n;
	int r = copy_rows(tx, sh, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = q_share_copy_follow(tx, sh->receiver, rows[i].id, from->state, state, revoked_ms, reason, e);
	if (r <= 0 || n == 0)
		return r; /* ended or deleted meanwhile */
	r = audit_add(tx, s, &c, "share.follow", "shares", sh->id,
		detail_kv(tx->arena, "to", str_c(sm_name(&sm_certificate, state))), e);
	if (r == 0 && state == CERTIFICATE_REVOKED)
		r = notice_add(tx, s,
			&(struct notice_new){.kind = NOTICE_CERTIFICATE_REVOKED, .account = sh->receiver,
				.object_id = sh->copy, .name = sh->name, .detail = str_c(reason_name(reason))},
			e);
	return MIN(r, 0);
}

int
share_follow(struct db_tx *tx, const struct svc *s, const struct row_certificate *row, int state, int reason, struct err *e)
{
	struct row_share *rows;
	size_t n = 0;
	int r = q_share_active_of(tx, row->account, row->id, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = follow(tx, s, row, &rows[i], state, reason, e);
	return MIN(r, 0);
}

/* -- ending */

static int
tell_end(struct db_tx *tx, const struct svc *s, const struct row_share *sh, enum share_end why, struct err *e)
{
	static const char *const said[] = {
		[SHARE_END_WITHDRAWN] = "it was withdrawn",
		[SHARE_END_DATE] = "its end date has come",
		[SHARE_END_DELETED] = "the certificate was deleted",
	};
	bool left = why == SHARE_END_LEFT;
	struct notice_new n = {.kind = left ? NOTICE_SHARE_LEFT : NOTICE_SHARE_ENDED,
		.account = left ? sh->account : sh->receiver,
		.object_id = left ? sh->id : sh->copy,
		.name = sh->name,
		.detail = left ? arena_printf(tx->arena, "%lld (%.*s)", (long long)sh->receiver, STRF(sh->receiver_name))
			       : str_c(said[why])};

	return notice_add(tx, s, &n, e);
}

static int
delete_rows(struct db_tx *tx, const struct row_certificate *rows, size_t n, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		r = q_share_copy_delete(tx, rows[i].account, rows[i].id, tx->now_ms, e);
		if (r >= 0)
			r = q_certificate_names_clear(tx, rows[i].account, rows[i].id, e);
	}
	return MIN(r, 0);
}

static int
end_rows(struct db_tx *tx, const struct row_certificate *rows, size_t n, struct err *e)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		r = sm_move(&sm_certificate, (int)rows[i].state, CERTIFICATE_ENDED, SM_SYSTEM, e);
		if (r == 0)
			r = q_share_copy_end(tx, rows[i].account, rows[i].id, e);
	}
	return MIN(r, 0);
}

int
share_finish(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_share *sh, enum share_end why,
	struct err *e)
{
	enum sm_who who = c->user ? SM_USER : SM_SYSTEM;
	bool left = why == SHARE_END_LEFT;
	int to = left ? COPY_DELETED : COPY_ENDED;
	struct row_certificate *rows;
	size_t n = 0;
	int r = sm_move(&sm_share, (int)sh->state, SHARE_ENDED, who, e);

	/* a person deletes his copy; that of another account ends by the system */
	if (r == 0)
		r = sm_move(&sm_copy, (int)sh->copy_state, to, left ? SM_USER : SM_SYSTEM, e);
	if (r == 0)
		r = q_share_end(tx, sh->account, sh->id, why, to, tx->now_ms, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "share %lld was changed meanwhile", (long long)sh->id);
	if (r > 0)
		r = copy_rows(tx, sh, &rows, &n, e);
	if (r >= 0)
		r = left ? delete_rows(tx, rows, n, e) : end_rows(tx, rows, n, e);
	if (r == 0)
		r = count_move(tx, sh->receiver, "copy", COPY_ACTIVE, left ? -1 : COPY_ENDED, e);
	if (r >= 0)
		r = tell_audit(tx, s, c, sh, "share.end", detail_kv(tx->arena, "why", str_c(words_share_end[why])), e);
	return r < 0 ? r : tell_end(tx, s, sh, why, e);
}

int
share_end_all(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_certificate *row, struct err *e)
{
	struct caller by = caller_of(c, row->account);
	struct row_share *rows;
	size_t n = 0;
	int r = q_share_active_of(tx, row->account, row->id, tx->arena, &rows, &n, e);

	by.idem = NULL; /* the act is the deletion */
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = share_finish(tx, s, &by, &rows[i], SHARE_END_DELETED, e);
	return MIN(r, 0);
}

/* -- the receiver's acts */

static int
share_of(struct db_tx *tx, int64_t account, const struct row_certificate *copy, struct arena *a, struct row_share *ret,
	struct err *e)
{
	int64_t first = copy->role == ROLE_ENC ? copy->pair : copy->id;
	int r = q_share_of_copy(tx, account, first, a, ret, e);

	return r == 0 ? not_found(e, "share of copy", first) : MIN(r, 0);
}

/* What is left of a share that has ended before. */
static int
clear_away(struct db_tx *tx, const struct row_share *sh, struct err *e)
{
	struct row_certificate *rows;
	size_t n = 0;
	int r = sm_move(&sm_copy, (int)sh->copy_state, COPY_DELETED, SM_USER, e);

	if (r == 0)
		r = q_share_copy_gone(tx, sh->receiver, sh->id, sh->copy_state, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "share %lld was changed meanwhile", (long long)sh->id);
	if (r > 0)
		r = copy_rows(tx, sh, &rows, &n, e);
	if (r >= 0)
		r = delete_rows(tx, rows, n, e);
	return r < 0 ? r : MIN(count_move(tx, sh->receiver, "copy", COPY_ENDED, -1, e), 0);
}

int
share_leave(struct db_tx *tx, const struct svc *s, const struct caller *c, const struct row_certificate *row, struct err *e)
{
	struct caller plain = *c;
	struct row_share sh;
	int r = share_of(tx, c->account, row, tx->arena, &sh, e);

	plain.idem = NULL; /* the act is the deletion of a certificate */
	if (r == 0)
		r = sh.state == SHARE_ACTIVE ? share_finish(tx, s, &plain, &sh, SHARE_END_LEFT, e) : clear_away(tx, &sh, e);
	return r < 0 ? r : audit_add(tx, s, c, "certificate.delete", "certificates", row->id, (struct str){NULL, 0}, e);
}

int
share_source(struct db_tx *tx, int64_t account, const struct row_certificate *copy, struct arena *a, struct row_share *ret,
	struct row_certificate *ret_from, struct err *e)
{
	struct row_certificate first, *rows;
	size_t n = 0;
	int r = share_of(tx, account, copy, a, ret, e);

	*ret_from = (struct row_certificate){0};
	if (r == 0)
		r = q_certificate_get(tx, ret->account, ret->certificate, a, &first, e);
	if (r > 0)
		r = certificate_halves(tx, &first, a, &rows, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].role == copy->role)
			*ret_from = rows[i];
	}
	return MIN(r, 0);
}

int
share_opens(const struct row_share *sh, struct err *e)
{
	return sh->grade >= GRADE_DOWNLOAD
		? 0
		: err_set(e, E_SHARE_GRADE, "certificate %lld is shared to %s; nothing of it is downloaded",
			  (long long)sh->copy, words_share_grade[sh->grade]);
}

static int
lend_key(struct db_tx *tx, const struct row_share *sh, struct row_certificate *copy, struct arena *a, struct err *e)
{
	struct row_certificate from;
	struct row_share again;
	int r = share_source(tx, sh->receiver, copy, a, &again, &from, e);

	if (r == 0) {
		copy->key_id = from.key_id;
		copy->envelope = from.envelope;
	}
	return r;
}

int
share_take(struct db_tx *tx, const struct svc *s, const struct caller *c, struct certificate_view *v, struct arena *a,
	struct err *e)
{
	const struct row_share *sh = v->share;
	struct caller giver = caller_system(sh->account);
	struct str detail = arena_printf(
		tx->arena, "{\"share\":%lld,\"account\":%lld}", (long long)sh->id, (long long)sh->receiver);
	int r = q_share_take(tx, c->account, sh->id, tx->now_ms, e);

	if (r == 0)
		return err_set(
			e, E_CONTENT_CLOSED, "certificate %lld is not shared for downloads any more", (long long)v->row.id);
	if (r > 0)
		r = lend_key(tx, sh, &v->row, a, e);
	if (r == 0 && v->pair)
		r = lend_key(tx, sh, v->pair, a, e);
	if (r == 0)
		r = audit_add(tx, s, &giver, "certificate.download", "certificates", sh->certificate, detail, e);
	return r;
}
