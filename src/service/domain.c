/* SPDX-License-Identifier: Apache-2.0 */
#include "service/domain.h"

#include "model/name.h"
#include "service/dns_auto_priv.h"
#include "service/notice.h"

struct act {
	struct svc *s;
	const struct caller *c;
	const struct domain_data *in;
	const struct page *page;
	int64_t account, id, version;
	struct arena *a;
	struct name name;
	bool verified;
	struct str note;
	struct row_domain row, *rows;
	size_t n;
};

/* -- what is missing */

unsigned
domain_missing(const struct row_domain *d, int64_t now_ms)
{
	unsigned missing = 0;

	if (!d)
		return 1U << NEED_DOMAIN;
	if (!d->zone)
		missing |= 1U << NEED_ZONE;
	if (d->holder_state != OWNER_VERIFIED)
		missing |= 1U << NEED_HOLDER;
	if (d->expires_ms <= now_ms)
		missing |= 1U << NEED_TERM;
	return missing;
}

struct str
domain_advice(unsigned missing, struct str name, struct arena *a)
{
	if (missing & 1U << NEED_DOMAIN)
		return arena_printf(a,
			"The domain %.*s is not in this account: add it, with its zone and its "
			"holder.",
			STRF(name));
	if (missing & 1U << NEED_ZONE)
		return arena_printf(a,
			"The zone of %.*s is not managed here: add the zone with a server that "
			"takes our updates (delegate "
			"it to one if need be), and give it to the domain.",
			STRF(name));
	if (missing & 1U << NEED_HOLDER)
		return arena_printf(a,
			"The holder of %.*s is not verified: give the holder as registered; staff "
			"check it.",
			STRF(name));
	if (missing & 1U << NEED_TERM)
		return arena_printf(a,
			"The domain %.*s has expired: renew it at its registrar and enter the new "
			"date.",
			STRF(name));
	return STR("");
}

/* -- reading what is written */

static int
read_name(struct act *t, struct err *e)
{
	struct name_rules any = {.any_name = true, .allow_dns = true};
	struct str typed = t->in->name;
	int r = name_read(typed, &any, "name", t->a, &t->name, e);

	if (r < 0)
		return r;
	if (t->name.kind != NAME_DNS || !t->name.registered.n)
		return err_field(
			e, E_FIELD_FORM, "name", "\"%.*s\" is no registered domain", STRF(typed));
	if (!str_eq(t->name.ascii, t->name.registered))
		return err_field(e, E_FIELD_FORM, "name",
			"\"%.*s\" is a name below the registered domain %.*s: give that one",
			STRF(typed), STRF(t->name.registered));
	return 0;
}

/* The zone is of this account, and holds the domain. */
static int
check_zone(struct db_tx *tx, const struct act *t, struct str name, struct err *e)
{
	struct row_zone zone;
	int r;

	if (!t->in->zone || !*t->in->zone)
		return 0;
	r = q_zone_hold(tx, t->c->account, *t->in->zone, e);
	if (r > 0)
		r = q_zone_get(tx, t->c->account, *t->in->zone, tx->arena, &zone, e);
	if (r == 0)
		return err_field(e, E_NOT_FOUND, "zone", "there is no zone %lld in this account",
			(long long)*t->in->zone);
	if (r > 0 && !name_below(name, zone.name))
		return err_field(e, E_FIELD_FORM, "zone", "the zone %.*s does not hold %.*s",
			STRF(zone.name), STRF(name));
	return MIN(r, 0);
}

/* -- acts */

static int
get(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = q_domain_get(tx, t->account, t->id, t->a, &t->row, e);

	return r == 0 ? not_found(e, "domain", t->id) : MIN(r, 0);
}

static int
move_holder(
	struct db_tx *tx, struct act *t, int to, enum sm_who who, struct str note, struct err *e)
{
	struct caller theirs = {
		.account = t->account, .user = t->c->user, .role = t->c->role, .peer = t->c->peer};
	struct str detail =
		detail_2kv(tx->arena, "to", str_c(sm_name(&sm_owner, to)), "note", note);
	int from = (int)t->row.holder_state;
	int r = sm_move(&sm_owner, from, to, who, e);

	if (r < 0)
		return r;
	r = q_domain_holder_move(tx, t->account, t->id, from, to, note, tx->now_ms, e);
	if (r == 0)
		return err_set(
			e, E_CONFLICT, "domain %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "domain.holder", "domains", t->id, detail, e);
	/* what staff decide stands in the account's own history, too */
	if (r == 0 && t->c->account != t->account)
		r = audit_add(tx, t->s, &theirs, "domain.holder", "domains", t->id, detail, e);
	return r < 0 ? r : get(tx, t, e);
}

/* A holder that was written anew waits for staff. */
static int
ask_for_verification(struct db_tx *tx, struct act *t, struct err *e)
{
	int r = 0;

	if (t->row.holder_state == OWNER_VERIFIED)
		r = move_holder(tx, t, OWNER_UNVERIFIED, SM_USER, STR(""), e);
	if (r == 0 && t->row.holder_state != OWNER_PENDING)
		r = move_holder(tx, t, OWNER_PENDING, SM_USER, STR(""), e);
	return r < 0 ? r
		     : notice_add(tx, t->s,
			       &(struct notice_new){.kind = NOTICE_HOLDER_WAITING, .account = t->s->own_account,
				       .object_id = t->id, .name = t->row.name, .detail = t->row.holder},
			       e);
}

static int
create_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = check_zone(tx, t, t->name.ascii, e);

	if (r < 0)
		return r;
	r = q_domain_insert(tx,
		&(struct in_domain_insert){.account = t->account,
			.name = t->name.ascii,
			.unicode = t->name.unicode,
			.holder = t->in->holder.p ? t->in->holder : STR(""),
			.expires_ms = *t->in->expires_ms,
			.zone = t->in->zone ? *t->in->zone : 0,
			.now = tx->now_ms},
		&t->id, e);
	if (r == 0)
		return err_field(e, E_NAME_TAKEN, "name",
			"the domain %.*s is in this account already", STRF(t->name.ascii));
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "domain.create", "domains", t->id,
			detail_kv(tx->arena, "name", t->name.ascii), e);
	if (r == 0)
		r = get(tx, t, e);
	if (r == 0 && t->in->holder.n)
		r = ask_for_verification(tx, t, e);
	return r < 0 ? r : dns_auto_kick(tx, t->s, t->account, e);
}

int
domain_create(struct svc *s, const struct caller *c, const struct domain_data *in, struct arena *a,
	struct row_domain *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .account = c->account, .in = in, .a = a};
	int r = read_name(&t, e);

	if (r == 0)
		r = svc_write(s, create_body, &t, e);
	if (r == 0)
		*ret = t.row;
	return r;
}

static int
change_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	const struct domain_data *in = t->in;
	bool other_holder;
	int r = get(tx, t, e);

	if (r < 0)
		return r;
	if (version_fits("domain", t->id, t->version, t->row.version, e) < 0)
		return e->code;
	other_holder = in->holder.p &&
		       (!str_eq(in->holder, t->row.holder) || t->row.holder_state == OWNER_REFUSED);
	r = check_zone(tx, t, t->row.name, e);
	if (r == 0)
		r = q_domain_update(tx,
			&(struct in_domain_update){.account = t->account,
				.id = t->id,
				.version = t->row.version,
				.holder = in->holder.p ? in->holder : t->row.holder,
				.expires_ms = in->expires_ms ? *in->expires_ms : t->row.expires_ms,
				.zone = in->zone ? *in->zone : t->row.zone,
				.now = tx->now_ms},
			e);
	if (r == 0)
		return err_set(
			e, E_CONFLICT, "domain %lld was changed meanwhile", (long long)t->id);
	if (r > 0)
		r = audit_add(tx, t->s, t->c, "domain.change", "domains", t->id,
			(struct str){NULL, 0}, e);
	if (r == 0)
		r = get(tx, t, e);
	if (r == 0 && other_holder)
		r = ask_for_verification(tx, t, e);
	return r < 0 ? r : dns_auto_kick(tx, t->s, t->account, e);
}

int
domain_change(struct svc *s, const struct caller *c, int64_t id, int64_t version,
	const struct domain_data *in, struct arena *a, struct row_domain *ret, struct err *e)
{
	struct act t = {.s = s,
		.c = c,
		.account = c->account,
		.in = in,
		.id = id,
		.version = version,
		.a = a};
	int r = svc_write(s, change_body, &t, e);

	if (r < 0)
		return r;
	*ret = t.row;
	return 0;
}

/* Staff work in all accounts. */
static int
any_accounts_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = q_domain_account(tx, t->id, &t->account, e);

	if (r == 0)
		return err_set(e, E_NOT_FOUND, "there is no domain %lld", (long long)t->id);
	return r < 0 ? r : get(tx, t, e);
}

int
domain_review_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_domain *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = id, .a = a};
	int r;

	if (!role_has(c->role, RIGHT_STAFF_REVIEW))
		return err_set(e, E_FORBIDDEN, "only reviewers see the domains of all accounts");
	r = svc_read(s, any_accounts_body, &t, e);
	if (r == 0)
		*ret = t.row;
	return r;
}

static int
verify_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = any_accounts_body(tx, arg, e);

	if (r == 0)
		r = version_fits("domain", t->id, t->version, t->row.version, e);
	if (r == 0)
		r = move_holder(
			tx, t, t->verified ? OWNER_VERIFIED : OWNER_REFUSED, SM_STAFF, t->note, e);
	if (r == 0)
		r = notice_add(tx, t->s,
			&(struct notice_new){.kind = t->verified ? NOTICE_HOLDER_VERIFIED : NOTICE_HOLDER_REFUSED,
				.account = t->account, .object_id = t->id, .name = t->row.name, .detail = t->note},
			e);
	return r < 0 ? r : dns_auto_kick(tx, t->s, t->account, e);
}

int
domain_verify_holder(struct svc *s, const struct caller *c, int64_t id, int64_t version, bool verified,
	struct str note, struct arena *a, struct row_domain *ret, struct err *e)
{
	struct act t = {.s = s,
		.c = c,
		.id = id,
		.version = version,
		.a = a,
		.verified = verified,
		.note = note.p ? note : STR("")};
	int r;

	if (!role_has(c->role, RIGHT_STAFF_REVIEW))
		return err_set(e, E_FORBIDDEN, "only reviewers decide about a domain's holder");
	if (!verified && !t.note.n)
		return err_field(e, E_FIELD_MISSING, "note", "a refusal says why");
	r = svc_write(s, verify_body, &t, e);
	if (r < 0)
		return r;
	*ret = t.row;
	return 0;
}

static int
remove_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = get(tx, t, e);

	if (r == 0)
		r = q_domain_auto_delete(tx, t->account, t->id, e);
	if (r >= 0)
		r = q_domain_delete(tx, t->account, t->id, e);
	return r < 0 ? r
		     : audit_add(tx, t->s, t->c, "domain.remove", "domains", t->id,
			       detail_kv(tx->arena, "name", t->row.name), e);
}

int
domain_remove(struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	ARENA(a);
	struct act t = {.s = s, .c = c, .account = c->account, .id = id, .a = &a};

	return svc_write(s, remove_body, &t, e);
}

/* -- showing */

static int
show_body(struct db_tx *tx, void *arg, struct err *e)
{
	return get(tx, arg, e);
}

int
domain_show(struct svc *s, const struct caller *c, int64_t id, struct arena *a,
	struct row_domain *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .account = c->account, .id = id, .a = a};
	int r = svc_read(s, show_body, &t, e);

	if (r == 0)
		*ret = t.row;
	return r;
}

static int
list_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_domain_list(
		tx, t->account, t->page->cursor, t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

static int
review_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return q_domain_review_list(
		tx, t->page->cursor, t->page->limit + 1, t->a, &t->rows, &t->n, e);
}

static int
show_list(struct act *t, db_body *body, struct row_domain **ret, size_t *ret_n, bool *ret_more,
	struct err *e)
{
	int r = svc_read(t->s, body, t, e);

	if (r < 0)
		return r;
	*ret_more = page_cut(t->page, &t->n);
	*ret = t->rows;
	*ret_n = t->n;
	return 0;
}

int
domain_show_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_domain **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.s = s, .c = c, .account = c->account, .page = page, .a = a};

	return show_list(&t, list_body, ret, ret_n, ret_more, e);
}

int
domain_review_list(struct svc *s, const struct caller *c, const struct page *page, struct arena *a,
	struct row_domain **ret, size_t *ret_n, bool *ret_more, struct err *e)
{
	struct act t = {.s = s, .c = c, .page = page, .a = a};

	if (!role_has(c->role, RIGHT_STAFF_REVIEW))
		return err_set(e, E_FORBIDDEN, "only reviewers see the domains of all accounts");
	return show_list(&t, review_body, ret, ret_n, ret_more, e);
}
