/* SPDX-License-Identifier: Apache-2.0 */
#include "service/owner.h"

#include "service/attachment.h"
#include "service/notice.h"
#include "service/svc_priv.h"

struct act {
	struct svc *s;
	const struct caller *c;
	const struct owner_submit *in;
	const struct page *page;
	int64_t account, version;
	bool verified;
	struct str note;
	struct arena *a;
	struct owner_view *view;
	struct row_owner *rows;
	size_t n;
};

static int
load(struct db_tx *tx, const struct act *t, struct err *e)
{
	struct owner_view *v = t->view;
	int r = q_owner_get(tx, t->account, t->a, &v->row, e);

	if (r == 0)
		return not_found(e, "account", t->account);
	*v = (struct owner_view){.row = v->row};
	if (r > 0 && v->row.submission)
		r = q_attachment_list_object(tx, t->account, STR("owners"), v->row.submission, OWNER_DOCUMENTS_MAX, t->a,
			&v->documents, &v->n_documents, e);
	if (r >= 0 && role_has(t->c->role, RIGHT_STAFF_REVIEW))
		r = q_owner_twins(tx, t->account, OWNER_TWINS_MAX, t->a, &v->twins, &v->n_twins, e);
	return MIN(r, 0);
}

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return load(tx, arg, e);
}

int
owner_show(struct svc *s, const struct caller *c, int64_t account, struct arena *a, struct owner_view *ret, struct err *e)
{
	struct act t = {.c = c, .account = account ? account : c->account, .a = a, .view = ret};

	if (t.account != c->account && !role_has(c->role, RIGHT_STAFF_READ))
		return not_found(e, "account", account);
	return svc_read(s, show_body, &t, e);
}

static int
queue_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_owner_queue(tx, t->page->cursor, t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

int
owner_queue(struct svc *s, const struct caller *c, const struct page *page, struct arena *a, struct row_owner **ret,
	size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.c = c, .page = page, .a = a};
	int r;

	if (!role_has(c->role, RIGHT_STAFF_REVIEW))
		return err_set(e, E_FORBIDDEN, "only reviewers see the owners of all accounts");
	r = svc_read(s, queue_body, &t, e);
	if (r < 0)
		return r;
	*ret_more = page_cut(page, &t.n);
	*ret = t.rows;
	*ret_n = t.n;
	return 0;
}

/* Moves the owner and tells the audit: of the account, and of staff where they decide. */
static int
move(struct db_tx *tx, struct act *t, int to, enum sm_who who, struct str note, struct err *e)
{
	struct caller theirs = caller_of(t->c, t->account);
	struct str detail = detail_2kv(tx->arena, "to", str_c(sm_name(&sm_owner, to)), "note", note);
	int from = (int)t->view->row.state;
	int r = sm_move(&sm_owner, from, to, who, e);

	if (r < 0)
		return r;
	r = q_owner_move(tx, t->account, from, to, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "the owner of account %lld was changed meanwhile", (long long)t->account);
	t->view->row.state = to;
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "owner.move", "accounts", t->account, detail, e);
	if (r == 0 && t->c->account != t->account)
		r = audit_add(tx, t->s, &theirs, "owner.move", "accounts", t->account, detail, e);
	return r;
}

/* What is submitted: the account's data with the change put over it. */
static struct owner
overlay(const struct row_owner *was, const struct owner_submit *in)
{
	return (struct owner){.kind = in->kind ? *in->kind : (enum owner_kind)was->kind,
		.name = in->name.p ? str_trim(in->name) : was->name,
		.number = in->number.p ? str_trim(in->number) : was->number};
}

static bool
same(const struct row_owner *was, const struct owner *o)
{
	return was->kind == (int64_t)o->kind && str_eq(was->name, o->name) && str_eq(was->number, o->number);
}

static int
put(struct db_tx *tx, const struct act *t, const struct owner *o, struct err *e)
{
	static const struct attachment_rule rule = {MEDIA_PICTURE | 1U << MEDIA_PDF, ATTACHMENT_MAX, OWNER_DOCUMENTS_MAX,
		"documents"};
	int64_t id;
	int r = q_owner_put(tx, t->account, t->view->row.state, o->kind, o->name, o->number,
		owner_number_norm(tx->arena, o->number), e);

	if (r == 0)
		return err_set(e, E_CONFLICT, "the owner of account %lld was changed meanwhile", (long long)t->account);
	if (r > 0)
		r = q_owner_submission_insert(
			tx, t->account, o->kind, o->name, o->number, t->c->user, tx->now_ms, &id, e);
	if (r >= 0)
		r = attachment_bind(tx, t->c, &rule, t->in->documents, t->in->n_documents, t->account, "owners", id, e);
	return MIN(r, 0);
}

static int
submit_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	struct owner o;
	int r = load(tx, t, e);

	if (r < 0)
		return r;
	if (t->version && t->version != t->view->row.version)
		return err_set(e, E_PRECONDITION, "the owner was changed meanwhile: the version is %lld, not %lld",
			(long long)t->view->row.version, (long long)t->version);
	o = overlay(&t->view->row, t->in);
	owner_check(&o, tx->arena, e);
	r = err_faults(e);
	if (r == 0 && t->view->row.state == OWNER_VERIFIED) {
		if (same(&t->view->row, &o))
			return err_set(e, E_STATE_REFUSED, "the owner \"%.*s\" is verified already", STRF(o.name));
		r = move(tx, t, OWNER_UNVERIFIED, SM_USER, STR(""), e);
	}
	if (r == 0)
		r = move(tx, t, OWNER_PENDING, SM_USER, STR(""), e);
	if (r == 0)
		r = put(tx, t, &o, e);
	if (r == 0)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = NOTICE_OWNER_WAITING, .account = t->s->own_account,
				.object_id = t->account, .name = o.name},
			e);
	return r < 0 ? r : load(tx, t, e);
}

int
owner_submit(struct svc *s, const struct caller *c, int64_t account, int64_t version, const struct owner_submit *in,
	struct arena *a, struct owner_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .in = in, .account = account, .version = version, .a = a, .view = ret};

	if (account != c->account)
		return not_found(e, "account", account);
	return svc_write(s, submit_body, &t, e);
}

static int
decide_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int to = t->verified ? OWNER_VERIFIED : OWNER_REFUSED;
	int r = load(tx, t, e);

	if (r == 0)
		r = move(tx, t, to, SM_STAFF, t->note, e);
	if (r == 0)
		r = q_owner_submission_decide(tx, t->account, to, t->note, t->c->user, tx->now_ms, e);
	if (r >= 0)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = t->verified ? NOTICE_OWNER_VERIFIED : NOTICE_OWNER_REFUSED,
				.account = t->account, .object_id = t->account, .name = t->view->row.name, .detail = t->note},
			e);
	return r < 0 ? r : load(tx, t, e);
}

int
owner_decide(struct svc *s, const struct caller *c, int64_t account, bool verified, struct str note, struct arena *a,
	struct owner_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .account = account, .verified = verified, .note = note.p ? note : STR(""), .a = a,
		.view = ret};

	if (!role_has(c->role, RIGHT_STAFF_REVIEW))
		return err_set(e, E_FORBIDDEN, "only reviewers decide about the owner of an account");
	if (!verified && !t.note.n)
		return err_field(e, E_FIELD_MISSING, "note", "a refusal says why");
	return svc_write(s, decide_body, &t, e);
}
