/* SPDX-License-Identifier: Apache-2.0 */
/* The giver's acts: sharing, changing, withdrawing; and what both sides see. */
#include "service/share.h"

#include "base/rfc3339.h"
#include "service/notice.h"
#include "service/revocation.h"
#include "service/svc_priv.h"

#define BATCH 100

struct act {
	struct svc *s;
	const struct caller *c;
	const struct share_new *in;
	const struct share_change *change;
	const struct share_filter *filter;
	const struct page *page;
	int64_t id;
	struct arena *a;
	struct row_certificate row; /* the single one, or the signing half */
	struct row_share share, *rows;
	size_t n;
};

/* -- who may share what with whom */

/* The first that stands against it. */
static int
fit_certificate(const struct row_certificate *row, int64_t now, struct err *e)
{
	long long id = (long long)row->id;
	char end[RFC3339_MAX];

	if (row->source == SOURCE_UPLOADED)
		return err_set(e, E_SHARE_UPLOADED, "certificate %lld was uploaded", id);
	if (row->source == SOURCE_SHARED)
		return err_set(e, E_SHARE_RECEIVED, "certificate %lld is shared by another account", id);
	if (row->state == CERTIFICATE_REVOKED)
		return err_set(e, E_SHARE_REVOKED, "certificate %lld is revoked", id);
	if (row->state != CERTIFICATE_ISSUED)
		return err_set(e, E_SHARE_REVOKING, "certificate %lld is being revoked", id);
	if (row->not_after_ms < now)
		return err_set(e, E_SHARE_EXPIRED, "certificate %lld has expired on %s", id,
			rfc3339_put(row->not_after_ms, end));
	return 0;
}

/* What says nothing of other accounts is asked first: only who has a verified owner learns which ones there are, and of an
 * account with another owner nothing but that. */
static int
fit_receiver(struct db_tx *tx, const struct act *t, int64_t receiver, struct err *e)
{
	long long me = (long long)t->c->account, you = (long long)receiver;
	struct row_share_accounts both;
	struct row_owner mine;
	int r = q_owner_get(tx, t->c->account, tx->arena, &mine, e);

	if (r <= 0)
		return r < 0 ? r : not_found(e, "account", me);
	if (receiver == t->c->account)
		return err_field(e, E_SHARE_SELF, "account", "account %lld is this one", you);
	if (mine.state != OWNER_VERIFIED)
		return err_field(e, E_SHARE_UNVERIFIED, "account", "the owner of this account, %lld, is not verified", me);
	r = q_share_accounts(tx, t->c->account, receiver, tx->arena, &both, e);
	if (r <= 0)
		return r < 0 ? r : err_field(e, E_SHARE_ACCOUNT, "account", "there is no account %lld", you);
	if (!both.same_owner)
		return err_field(e, E_SHARE_OWNER, "account", "account %lld has not the owner of this one", you);
	if (!str_eq(both.site, both.receiver_site))
		return err_field(e, E_SHARE_SITE, "account", "account %lld is on the site \"%.*s\", this one on \"%.*s\"",
			you, STRF(both.receiver_site), STRF(both.site));
	if (both.receiver_state != OWNER_VERIFIED)
		return err_field(e, E_SHARE_UNVERIFIED, "account", "the owner of account %lld is not verified", you);
	return 0;
}

static int
fit_end(const int64_t *ends_ms, int64_t now, struct err *e)
{
	char text[RFC3339_MAX];

	if (!ends_ms || !*ends_ms || *ends_ms > now)
		return 0;
	return err_field(e, E_FIELD_RANGE, "ends", "the end %s is not in the future", rfc3339_put(*ends_ms, text));
}

/* -- changing one */

static int
find(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_share_get(tx, t->c->account, t->id, t->a, &t->share, e);

	return r == 0 ? not_found(e, "share", t->id) : MIN(r, 0);
}

static struct str
detail_of(struct arena *a, const struct row_share *sh)
{
	char end[RFC3339_MAX];

	return detail_2kv(a, "grade", str_c(words_share_grade[sh->grade]), "ends",
		str_c(sh->ends_ms ? rfc3339_put(sh->ends_ms, end) : "never"));
}

static int
tell(struct db_tx *tx, const struct act *t, const char *given, const char *received, struct err *e)
{
	struct caller theirs = caller_system(t->share.receiver);
	struct str detail = detail_of(tx->arena, &t->share);
	int r = audit_add(tx, t->s, t->c, given, "shares", t->share.id, detail, e);

	return r < 0 ? r : audit_add(tx, t->s, &theirs, received, "shares", t->share.id, detail, e);
}

/* The audit row is written also where nothing changes: it keeps the record of the request. */
static int
put(struct db_tx *tx, struct act *t, const enum share_grade *grade, const int64_t *ends_ms, struct err *e)
{
	struct row_share *sh = &t->share;
	int64_t new_grade = grade ? (int64_t)*grade : sh->grade, new_end = ends_ms ? *ends_ms : sh->ends_ms;
	bool wider = new_grade > sh->grade || (sh->ends_ms && (!new_end || new_end > sh->ends_ms));
	int r = wider ? fit_receiver(tx, t, sh->receiver, e) : 0;

	if (r == 0)
		r = q_share_change(tx, sh->account, sh->id, sh->version, new_grade, new_end, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "share %lld was changed meanwhile", (long long)sh->id);
	if (r > 0) {
		t->id = sh->id;
		r = find(tx, t, e);
	}
	return r < 0 ? r : tell(tx, t, "share.change", "share.change", e);
}

static int
load_given(struct db_tx *tx, struct act *t, struct err *e)
{
	struct row_share *sh = &t->share;
	char end[RFC3339_MAX];
	int r = find(tx, t, e);

	if (r < 0)
		return r;
	if (sh->account != t->c->account)
		return err_set(e, E_SHARE_COPY, "share %lld was given by account %lld", (long long)t->id,
			(long long)sh->account);
	if (share_over(sh, tx->now_ms))
		return err_set(e, E_SHARE_ENDED, "share %lld has ended on %s", (long long)t->id,
			rfc3339_put(sh->ended_ms ? sh->ended_ms : sh->ends_ms, end));
	return 0;
}

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load_given(tx, t, e);

	if (r == 0)
		r = version_fits("share", t->id, t->change->version, t->share.version, e);
	if (r == 0)
		r = fit_end(t->change->ends_ms, tx->now_ms, e);
	return r < 0 ? r : put(tx, t, t->change->grade, t->change->ends_ms, e);
}

int
share_change(struct svc *s, const struct caller *c, const struct share_change *in, struct arena *a, struct row_share *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .change = in, .id = in->id, .a = a};
	int r = svc_write(s, change_body, &t, e);

	if (r == 0)
		*ret = t.share;
	return r;
}

static int
withdraw_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load_given(tx, t, e);

	if (r == 0)
		r = share_finish(tx, t->s, t->c, &t->share, SHARE_END_WITHDRAWN, e);
	return r < 0 ? r : find(tx, t, e);
}

int
share_withdraw(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_share *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a};
	int r = svc_write(s, withdraw_body, &t, e);

	if (r < 0)
		return r;
	svc_kick(s);
	*ret = t.share;
	return 0;
}

/* -- sharing */

/* Shares stand with the single certificate, or the signing half of a pair. */
static int
find_first(struct db_tx *tx, struct act *t, int64_t id, struct err *e)
{
	struct row_certificate *rows;
	size_t n;
	int r = q_certificate_get(tx, t->c->account, id, tx->arena, &t->row, e);

	if (r == 0)
		return not_found(e, "certificate", id);
	if (r > 0)
		r = certificate_halves(tx, &t->row, tx->arena, &rows, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (rows[i].role == ROLE_SIGN)
			t->row = rows[i];
	}
	return MIN(r, 0);
}

/* The certificate's row, held until the end of the transaction: a revocation comes before or after. */
static int
hold(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = find_first(tx, t, t->in->certificate, e);

	if (r == 0)
		r = q_share_hold(tx, t->c->account, t->row.id, e);
	/* as it is now that nothing moves it */
	return r < 0 ? r : find_first(tx, t, t->in->certificate, e);
}

static int
copy_row(struct db_tx *tx, const struct act *t, const struct row_certificate *row, int64_t *ret, struct err *e)
{
	int r = q_share_copy_insert(tx, row->account, row->id, t->in->receiver, tx->now_ms, ret, e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "certificate %lld was changed meanwhile", (long long)row->id);
	return r < 0 ? r : q_share_copy_names(tx, row->account, row->id, t->in->receiver, *ret, e);
}

/* *ret: the copy, or the signing half of a pair. */
static int
copy_all(struct db_tx *tx, const struct act *t, int64_t *ret, struct err *e)
{
	struct row_certificate *rows;
	int64_t ids[2] = {0};
	size_t n;
	int r = certificate_halves(tx, &t->row, tx->arena, &rows, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = copy_row(tx, t, &rows[i], &ids[rows[i].role == ROLE_ENC], e);
	for (size_t i = 0; r >= 0 && n == 2 && i < n; i++)
		r = q_share_copy_pair(tx, t->in->receiver, ids[i], ids[1 - i], e);
	*ret = ids[0];
	return MIN(r, 0);
}

static int
make(struct db_tx *tx, struct act *t, struct err *e)
{
	const struct share_new *in = t->in;
	int64_t copy;
	int r = copy_all(tx, t, &copy, e);

	if (r == 0)
		r = q_share_insert(tx,
			&(struct in_share_insert){.account = t->c->account, .certificate = t->row.id,
				.receiver = in->receiver, .copy = copy, .name = t->row.name,
				.grade = in->grade ? *in->grade : GRADE_DEPLOY,
				.ends_ms = in->ends_ms ? *in->ends_ms : 0, .now = tx->now_ms},
			&t->id, e);
	if (r > 0)
		r = count_move(tx, in->receiver, "copy", -1, COPY_ACTIVE, e);
	if (r >= 0)
		r = find(tx, t, e);
	if (r == 0)
		r = tell(tx, t, "share.create", "share.receive", e);
	return r < 0 ? r
		     : notice_add(tx, t->s,
			       &(struct notice_new){.kind = NOTICE_SHARE_RECEIVED, .account = in->receiver, .object_id = copy,
				       .name = t->row.name,
				       .detail = arena_printf(tx->arena, "%lld (%.*s)", (long long)t->share.account,
					       STRF(t->share.account_name))},
			       e);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = hold(tx, t, e);

	if (r == 0)
		r = fit_certificate(&t->row, tx->now_ms, e);
	if (r == 0)
		r = fit_receiver(tx, t, t->in->receiver, e);
	if (r == 0)
		r = fit_end(t->in->ends_ms, tx->now_ms, e);
	if (r < 0)
		return r;
	r = q_share_find(tx, t->c->account, t->row.id, t->in->receiver, t->a, &t->share, e);
	if (r > 0 && !share_over(&t->share, tx->now_ms))
		return put(tx, t, t->in->grade, t->in->ends_ms, e);
	if (r > 0) {
		struct caller c = caller_system(t->c->account);

		r = share_finish(tx, t->s, &c, &t->share, SHARE_END_DATE, e);
	}
	return r < 0 ? r : make(tx, t, e);
}

int
share_create(struct svc *s, const struct caller *c, const struct share_new *in, struct arena *a, struct row_share *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .a = a};
	int r = svc_write(s, create_body, &t, e);

	if (r < 0)
		return r;
	svc_kick(s);
	*ret = t.share;
	return 0;
}

/* -- looking */

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return find(tx, arg, e);
}

int
share_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct row_share *ret, struct err *e)
{
	struct act t = {.c = c, .id = id, .a = a};
	int r = svc_read(s, show_body, &t, e);

	if (r == 0)
		*ret = t.share;
	return r;
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct share_filter *f = t->filter;
	int64_t account = t->c->account, before = page_before(t->page), n = t->page->limit + 1;
	int r;

	if (!f->certificate)
		return (f->received ? q_share_received : q_share_given)(
			tx, account, f->over, tx->now_ms, before, n, t->a, &t->rows, &t->n, e);
	r = find_first(tx, t, f->certificate, e);
	return r < 0 ? r
		     : q_share_of_certificate(
			       tx, account, t->row.id, f->over, tx->now_ms, before, n, t->a, &t->rows, &t->n, e);
}

int
share_list(struct svc *s, const struct caller *c, const struct share_filter *f, const struct page *page, struct arena *a,
	struct row_share **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.c = c, .filter = f, .page = page, .a = a};
	int r = svc_read(s, list_body, &t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

struct lines {
	const struct caller *c;
	const struct row_certificate_line *rows;
	size_t n;
	struct arena *a;
	struct row_share *shares;
};

static int
lines_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct lines *t = arg;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		if (t->rows[i].source == SOURCE_SHARED)
			r = q_share_of_copy(tx, t->c->account, t->rows[i].id, t->a, &t->shares[i], e);
	}
	return MIN(r, 0);
}

int
share_of_lines(struct svc *s, const struct caller *c, const struct row_certificate_line *rows, size_t n, struct arena *a,
	struct row_share **ret, struct err *e)
{
	struct lines t = {.c = c, .rows = rows, .n = n, .a = a, .shares = arena_new_n(a, n, struct row_share)};
	size_t i = 0;
	int r = 0;

	while (i < n && rows[i].source != SOURCE_SHARED)
		i++;
	if (i < n)
		r = svc_read(s, lines_body, &t, e);
	*ret = t.shares;
	return r;
}

/* -- end dates */

static int
lapse_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct row_share_due *due;
	int r = q_share_due(tx, tx->now_ms, BATCH, tx->arena, &due, &t->n, e);

	for (size_t i = 0; r >= 0 && i < t->n; i++) {
		struct caller c = caller_system(due[i].account);
		struct row_share sh;

		r = q_share_get(tx, due[i].account, due[i].id, tx->arena, &sh, e);
		/* withdrawn or put off meanwhile */
		if (r > 0 && sh.state == SHARE_ACTIVE && share_over(&sh, tx->now_ms))
			r = share_finish(tx, t->s, &c, &sh, SHARE_END_DATE, e);
	}
	return MIN(r, 0);
}

int
share_lapse(struct svc *s, struct err *e)
{
	struct act t = {.s = s, .n = BATCH};
	int r = 0;

	while (r == 0 && t.n == BATCH && !atomic_load(&s->stopping))
		r = svc_write(s, lapse_body, &t, e);
	return r;
}
