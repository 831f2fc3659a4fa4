/* SPDX-License-Identifier: Apache-2.0 */
#include "service/email_proof.h"

#include "base/jsonw.h"
#include "base/rfc3339.h"
#include "model/name.h"
#include "service/apply_priv.h"
#include "service/grant_priv.h"
#include "service/mail.h"
#include "service/perspectives_priv.h"

/* validation_record.purpose */
enum { PURPOSE_PROOF };

/* BR 3.2.2.4.4; the first is where a mail goes when nobody chooses */
static const char *const locals[] = {"admin", "administrator", "webmaster", "hostmaster", "postmaster"};

/* -- where mails may go */

static struct email_address
constructed(struct str domain, const char *local, struct arena *a)
{
	return (struct email_address){
		arena_printf(a, "%s@%.*s", local, STRF(domain)), EMAIL_CONSTRUCTED, domain, false};
}

/* At the registered domain first: it proves most. */
static struct email_address *
list_constructed(const struct row_authz *z, size_t room, struct arena *a, size_t *ret_n)
{
	struct str levels[NAME_LEVELS_MAX];
	size_t n_levels = name_levels(z->base, z->registered, levels), n = 0;
	struct email_address *list = arena_new_n(a, n_levels * ARRAY_LEN(locals) + room, struct email_address);

	for (size_t i = 0; i < n_levels; i++) {
		for (size_t k = 0; k < ARRAY_LEN(locals); k++)
			list[n++] = constructed(levels[i], locals[k], a);
	}
	*ret_n = n;
	return list;
}

static const struct email_address *
find_address(const struct email_addresses *l, struct str address)
{
	for (size_t i = 0; i < l->n; i++) {
		if (str_eq_nocase(l->list[i].address, address))
			return &l->list[i];
	}
	return NULL;
}

/* Those that the domain names itself come behind. */
static int
add_contacts(struct svc *s, struct email_addresses *l, struct arena *a, struct err *e)
{
	struct validate_contact *contacts;
	struct validate_result seen;
	size_t n = 0, n_made;
	int r = validate_contacts(&settings_of(s)->validate, l->authz.base, l->authz.registered, a, &contacts, &n, &seen, e);

	if (r < 0)
		return r;
	l->list = list_constructed(&l->authz, n, a, &n_made);
	l->n = n_made;
	for (size_t i = 0; i < n; i++) {
		if (!find_address(l, contacts[i].address))
			l->list[l->n++] = (struct email_address){contacts[i].address,
				contacts[i].caa ? EMAIL_CAA : EMAIL_TXT, contacts[i].proves, false};
	}
	l->seen = seen_json(&seen, NULL, a);
	return 0;
}

/* -- loading */

struct act {
	struct svc *s;
	const struct caller *c;
	int64_t id;
	struct arena *a;
	struct row_authz authz;
	struct row_application app;
	struct row_email_proof *waiting;
	size_t n_waiting;
	const struct email_address *to; /* send */
	struct application_view *view;
};

static int
load(struct db_tx *tx, struct act *t, struct arena *a, struct err *e)
{
	int r = q_authz_get(tx, t->c->account, t->id, a, &t->authz, e);

	if (r == 0)
		return not_found(e, "authorization", t->id);
	if (r > 0)
		r = q_application_get(tx, t->c->account, t->authz.application, a, &t->app, e);
	if (r == 0)
		return not_found(e, "authorization", t->id);
	if (r > 0)
		r = q_email_proof_waiting(tx, t->c->account, t->app.id, tx->now_ms, a, &t->waiting, &t->n_waiting, e);
	return MIN(r, 0);
}

static int
load_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;

	return load(tx, t, t->a, e);
}

static const struct row_email_proof *
waiting_for(const struct row_email_proof *rows, size_t n, const struct row_authz *z)
{
	const struct row_email_proof *found = NULL;

	for (size_t i = 0; i < n; i++) {
		if (rows[i].authz == z->id)
			return &rows[i];
		if (str_eq(z->base, rows[i].proves) || name_below(z->base, rows[i].proves))
			found = &rows[i];
	}
	return found;
}

const struct row_email_proof *
email_proof_of(const struct application_view *v, const struct row_authz *z)
{
	return z->state == AUTHZ_PENDING ? waiting_for(v->emails, v->n_emails, z) : NULL;
}

static int
check(const struct act *t, int64_t now_ms, struct err *e)
{
	if (t->app.state != APPLICATION_VALIDATING || t->app.method != METHOD_EMAIL)
		return err_set(e, E_STATE_REFUSED,
			"application %lld is %s and proves its names by %s; mails are sent while it is validating by email",
			(long long)t->app.id, sm_name(&sm_application, (int)t->app.state),
			word_name(words_method, t->app.method));
	if (t->authz.state != AUTHZ_PENDING || t->authz.token_expires_ms <= now_ms)
		return err_set(e, E_STATE_REFUSED, "\"%.*s\" does not wait for a proof", STRF(t->authz.name));
	return 0;
}

int
email_proof_addresses(struct svc *s, const struct caller *c, int64_t authz, struct arena *a, struct email_addresses *ret,
	struct err *e)
{
	struct act t = {.s = s, .c = c, .id = authz, .a = a};
	int r = svc_read(s, load_body, &t, e);

	if (r == 0)
		r = check(&t, svc_now(s), e);
	ret->authz = t.authz;
	if (r == 0)
		r = add_contacts(s, ret, a, e);
	for (size_t i = 0; r == 0 && i < ret->n; i++) {
		for (size_t k = 0; k < t.n_waiting; k++)
			ret->list[i].mailed |= str_eq(t.waiting[k].recipient, ret->list[i].address);
	}
	return r;
}

/* -- sending */

static int
open_link(struct db_tx *tx, const struct svc *s, const struct row_application *app, const struct row_authz *z,
	const struct email_address *to, struct err *e)
{
	struct link_new l = {.purpose = LINK_EMAIL_PROOF, .account = app->account, .object_id = z->id, .to = to->address,
		.life_ms = z->token_expires_ms - tx->now_ms};
	int64_t link;
	int r = mail_language(tx, app->account, &l.language, e);

	if (r == 0)
		r = link_kill(tx, app->account, LINK_EMAIL_PROOF, z->id, e);
	if (r == 0)
		r = link_open(tx, s, &l, &link, e);
	if (r == 0)
		r = q_email_proof_insert(tx,
			&(struct in_email_proof_insert){.link = link, .account = app->account, .application = app->id,
				.authz = z->id, .source = to->source, .proves = to->proves, .token = z->file_value},
			e);
	return MIN(r, 0);
}

int
email_proof_ask(struct db_tx *tx, const struct svc *s, const struct row_application *app, struct err *e)
{
	struct row_email_proof *waiting;
	struct row_authz *list;
	size_t n = 0, n_waiting;
	int r = app->method == METHOD_EMAIL ? q_authz_list(tx, app->account, app->id, tx->arena, &list, &n, e) : 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		const struct row_authz *z = &list[i];
		struct str top = z->registered.n ? z->registered : z->base;
		struct email_address to = constructed(top, locals[0], tx->arena);

		if (z->state != AUTHZ_PENDING || z->token_expires_ms <= tx->now_ms)
			continue;
		/* read again each time: a mail for one name of a domain serves the next one */
		r = q_email_proof_waiting(tx, app->account, app->id, tx->now_ms, tx->arena, &waiting, &n_waiting, e);
		if (r >= 0 && !waiting_for(waiting, n_waiting, z))
			r = open_link(tx, s, app, z, &to, e);
	}
	return MIN(r, 0);
}

int
email_proof_stop(struct db_tx *tx, const struct row_application *app, struct err *e)
{
	struct row_authz *list;
	size_t n = 0;
	int r = q_authz_list(tx, app->account, app->id, tx->arena, &list, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = link_kill(tx, app->account, LINK_EMAIL_PROOF, list[i].id, e);
	return MIN(r, 0);
}

static int
send_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct act *t = arg;
	int r = load(tx, t, tx->arena, e);

	if (r == 0)
		r = check(t, tx->now_ms, e);
	if (r == 0)
		r = mail_ready(t->s, e);
	if (r == 0)
		r = link_may_mail(tx, t->app.account, LINK_EMAIL_PROOF, t->authz.id, t->to->address, e);
	if (r == 0)
		r = open_link(tx, t->s, &t->app, &t->authz, t->to, e);
	/* names that the link before would have proven, and this one does not */
	if (r == 0)
		r = email_proof_ask(tx, t->s, &t->app, e);
	if (r == 0)
		r = audit_add(tx, t->s, t->c, "application.mail_proof", "authorizations", t->id,
			detail_2kv(tx->arena, "name", t->authz.name, "to", t->to->address), e);
	return r < 0 ? r : application_load(tx, t->c, t->app.id, t->a, t->view, e);
}

/* The mailboxes that everybody has, in few words. */
static int
refuse(const struct email_addresses *l, struct str address, struct err *e)
{
	BUF(out, 4096);
	struct str before = STR("");

	for (size_t i = 0; i < l->n; i++) {
		const struct email_address *one = &l->list[i];

		if (one->source != EMAIL_CONSTRUCTED)
			buf_printf(&out, ", %.*s", STRF(one->address));
		else if (!str_eq(one->proves, before))
			buf_printf(&out, "%s%.*s", i ? " or " : "", STRF(one->proves));
		before = one->proves;
	}
	return err_field(e, E_EMAIL_UNFIT, "address",
		"no mail about \"%.*s\" may go to \"%.*s\"; allowed are admin, administrator, webmaster, hostmaster, "
		"postmaster @ %.*s",
		STRF(l->authz.name), STRF(address), STRF(buf_str(&out)));
}

/* The address that was asked for, where it is allowed; DNS is asked only about one that the name itself does not give. */
static int
choose(struct act *t, struct str address, struct email_addresses *l, struct err *e)
{
	const struct row_email_proof *last = waiting_for(t->waiting, t->n_waiting, &t->authz);
	int r;

	l->authz = t->authz;
	l->list = list_constructed(&t->authz, 0, t->a, &l->n);
	if (!address.n && !last)
		t->to = &l->list[0];
	else
		t->to = find_address(l, address.n ? address : last->recipient);
	if (t->to)
		return 0;
	if (!address.n)
		address = last->recipient;
	r = add_contacts(t->s, l, t->a, e);
	if (r < 0)
		return r;
	t->to = find_address(l, address);
	return t->to ? 0 : refuse(l, address, e);
}

int
email_proof_send(struct svc *s, const struct caller *c, int64_t authz, struct str address, struct arena *a,
	struct application_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = authz, .a = a, .view = ret};
	struct email_addresses l;
	int r = svc_read(s, load_body, &t, e);

	if (r == 0)
		r = check(&t, svc_now(s), e);
	if (r == 0)
		r = choose(&t, address, &l, e);
	if (r == 0)
		r = svc_write(s, send_body, &t, e);
	if (r == 0)
		svc_kick(s);
	return r;
}

int
email_proof_application(struct svc *s, const struct caller *c, int64_t authz, struct arena *a,
	struct application_view *ret, struct err *e)
{
	struct act t = {.s = s, .c = c, .id = authz, .a = a};
	int r = svc_read(s, load_body, &t, e);

	return r < 0 ? r : apply_show(s, c, t.app.id, a, ret, e);
}

/* -- the link */

struct linked {
	struct row_email_proof proof;
	struct row_authz authz;
	struct row_application app;
};

/* > 0: it may be used now. 0: the application went another way, or its value was replaced. */
static int
load_linked(struct db_tx *tx, const struct row_link *l, struct linked *ret, struct err *e)
{
	int r = q_email_proof_get(tx, l->account, l->id, tx->arena, &ret->proof, e);

	if (r > 0)
		r = q_authz_get(tx, l->account, l->object_id, tx->arena, &ret->authz, e);
	if (r > 0)
		r = q_application_get(tx, l->account, ret->authz.application, tx->arena, &ret->app, e);
	if (r <= 0)
		return r;
	return ret->app.state == APPLICATION_VALIDATING && ret->app.method == METHOD_EMAIL &&
		ret->authz.state == AUTHZ_PENDING && ret->authz.token_expires_ms > tx->now_ms &&
		str_eq(ret->authz.file_value, ret->proof.token);
}

static int
tell(struct db_tx *tx, struct svc *s, const struct row_link *l, struct arena *a, struct link_words *ret, struct err *e)
{
	struct row_account account;
	struct linked t;
	struct str name;
	int r = load_linked(tx, l, &t, e);

	(void)s;
	if (r > 0)
		r = q_account_get(tx, l->account, tx->arena, &account, e);
	if (r <= 0)
		return r < 0 ? r : 1;
	name = t.proof.proves;
	if (l->language == LANGUAGE_ZH)
		*ret = (struct link_words){arena_printf(a, "请确认域名 %.*s 的证书申请", STRF(name)),
			arena_printf(a,
				"账号“%.*s”(%.*s)正在为 %.*s 申请证书(申请编号 %lld)。\n"
				"作为域名 %.*s 的管理者,您的确认即表示:该账号可以为 %.*s 及其所有子域名申请证书。",
				STRF(account.name), STRF(account.owner_name), STRF(t.authz.name), (long long)t.app.id,
				STRF(name), STRF(name)),
			STR("同意签发证书"), STR("域名已验证。")};
	else
		*ret = (struct link_words){arena_printf(a, "Please approve a certificate for %.*s", STRF(name)),
			arena_printf(a,
				"The account \"%.*s\" (%.*s) applies for a certificate for %.*s (application %lld).\nYou get "
				"this mail as who looks after %.*s. With your approval this account may have certificates "
				"for %.*s and all names below it.",
				STRF(account.name), STRF(account.owner_name), STRF(t.authz.name), (long long)t.app.id,
				STRF(name), STRF(name)),
			STR("Approve"), STR("The domain is validated.")};
	return 0;
}

static int
keep_record(struct db_tx *tx, const struct caller *c, const struct linked *t, int64_t *ret_id, struct err *e)
{
	struct validate_seen seen = {
		.what = arena_printf(tx->arena, "mail to %.*s (%s)", STRF(t->proof.recipient),
			word_name(words_email_source, t->proof.source)),
		.result = arena_printf(tx->arena, "the link was used from %.*s", STRF(c->peer)),
	};
	struct validate_result result = {.name_asked = t->authz.name, .name_proven = t->proof.proves,
		.method = VALIDATE_EMAIL, .n_seen = 1, .seen = &seen};

	return q_validation_record_insert(tx,
		&(struct in_validation_record_insert){.account = t->app.account, .application = t->app.id,
			.authz = t->authz.id, .purpose = PURPOSE_PROOF, .name_asked = t->authz.name,
			.name_proven = t->proof.proves, .method = METHOD_EMAIL, .perspective = STR("local"), .ok = true,
			.proves = true, .error_code = STR(""), .error_text = STR(""),
			.seen = seen_json(&result, NULL, tx->arena), .at_ms = tx->now_ms},
		ret_id, e);
}

static int
used(struct db_tx *tx, struct svc *s, const struct caller *c, const struct row_link *l, struct err *e)
{
	struct linked t;
	int64_t record = 0;
	int r = load_linked(tx, l, &t, e);

	if (r == 0)
		return err_set(e, E_LINK_DEAD, "the application does not wait for this any more");
	/* against a look, or a change of the method, at the same moment */
	if (r > 0)
		r = q_application_hold(tx, l->account, t.app.id, APPLICATION_VALIDATING, t.app.version, e);
	if (r == 0)
		return err_set(e, E_CONFLICT, "application %lld was changed meanwhile", (long long)t.app.id);
	if (r > 0)
		r = keep_record(tx, c, &t, &record, e);
	if (r >= 0)
		r = q_authz_prove(tx, l->account, t.authz.id, record, tx->now_ms + grant_window_ms(&t.app, tx->now_ms), e);
	/* it proves other names of the application, too */
	if (r >= 0)
		r = application_use_grants(tx, &t.app, e);
	if (r >= 0)
		r = audit_add(tx, s, c, "application.proven_by_mail", "applications", t.app.id,
			detail_2kv(tx->arena, "name", t.proof.proves, "by", t.proof.recipient), e);
	return r < 0 ? r : jobs_add(tx, s, l->account, WORK_VALIDATE, t.app.id, tx->now_ms, e);
}

const struct link_kind link_email_proof = {tell, used};
