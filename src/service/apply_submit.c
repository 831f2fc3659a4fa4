/* SPDX-License-Identifier: Apache-2.0 */
/* draft -> validating: one authorization per name, with the values to publish. */
#include "service/apply_priv.h"
#include "service/confirm.h"
#include "service/email_proof.h"
#include "service/grant_priv.h"
#include "service/mail.h"
#include "service/notice.h"

/* The DNS value is one per application and registered domain (SPEC 3.4): an authorization that stands lends its own. */
static struct str
dns_value(struct arena *a, const struct row_authz *list, size_t n, struct str registered, int64_t now)
{
	char fresh[CHALLENGE_LEN + 1];

	for (size_t i = 0; i < n; i++) {
		if (registered.n && str_eq(list[i].registered, registered) && list[i].token_expires_ms > now)
			return list[i].dns_value;
	}
	challenge_new(fresh);
	return arena_str(a, str_c(fresh));
}

static struct str
file_value(struct arena *a)
{
	char fresh[CHALLENGE_LEN + 1];

	challenge_new(fresh);
	return arena_str(a, str_c(fresh));
}

bool
authz_alive(const struct row_authz *z, int64_t now_ms)
{
	return (z->state == AUTHZ_PENDING && z->token_expires_ms > now_ms) ||
	       (z->state == AUTHZ_VALID && z->proof_until_ms > now_ms);
}

/* What the account has proven before needs nothing new (SPEC 3.4: reuse windows). */
static int
use_grant(struct db_tx *tx, const struct row_application *app, const struct row_application_name *n, struct err *e)
{
	struct grant g;
	int r = app->method == METHOD_INTERNAL ? 0 : grant_find(tx, app, n, &g, e);

	if (r > 0)
		r = q_authz_prove_name(tx, app->account, app->id, n->ascii, g.record, g.until_ms, e);
	return MIN(r, 0);
}

int
application_use_grants(struct db_tx *tx, const struct row_application *app, struct err *e)
{
	struct row_application_name *names;
	size_t n = 0;
	int r = q_application_names(tx, app->account, app->id, tx->arena, &names, &n, e);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = use_grant(tx, app, &names[i], e);
	return MIN(r, 0);
}

static int
put(struct db_tx *tx, const struct row_application *app, const struct row_application_name *n,
	const struct row_authz *old, struct str dns, struct err *e)
{
	int64_t until = tx->now_ms + policy_value("token-life", tx->now_ms);
	int r;

	if (old && authz_alive(old, tx->now_ms))
		return 0; /* proofs of unchanged names stay within their reuse window */
	if (old)
		r = q_authz_renew(tx, app->account, old->id, dns, file_value(tx->arena), until, e);
	else
		r = q_authz_insert(tx,
			&(struct in_authz_insert){.account = app->account, .application = app->id, .name = n->ascii,
				.base = n->base, .registered = n->registered, .kind = n->kind, .dns_value = dns,
				.file_value = file_value(tx->arena), .token_expires_ms = until, .now = tx->now_ms},
			e);
	return r < 0 ? r : use_grant(tx, app, n, e);
}

int
application_authzs_renew(struct db_tx *tx, const struct row_application *app, struct err *e)
{
	struct row_application_name *names;
	struct row_authz *olds;
	size_t n, n_olds, n_all;
	int r = q_authz_drop_others(tx, app->account, app->id, e);

	if (r >= 0)
		r = q_application_names(tx, app->account, app->id, tx->arena, &names, &n, e);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		const struct row_authz *old = NULL;

		/* Read again each time: the value made for one name of a domain serves the next one. */
		r = q_authz_list(tx, app->account, app->id, tx->arena, &olds, &n_all, e);
		if (r < 0)
			return r;
		n_olds = n_all;
		for (size_t k = 0; k < n_olds; k++) {
			if (str_eq(olds[k].name, names[i].ascii))
				old = &olds[k];
		}
		r = put(tx, app, &names[i], old,
			dns_value(tx->arena, olds, n_olds, names[i].registered, tx->now_ms), e);
	}
	return MIN(r, 0);
}

int
application_ask_proof(struct db_tx *tx, const struct svc *s, const struct row_application *app, struct err *e)
{
	struct notice_new n = {.kind = NOTICE_APPLICATION_PROOF, .account = app->account, .object_id = app->id,
		.due_ms = tx->now_ms + policy_value("token-life", tx->now_ms)};
	int64_t missing = 0;
	int r = email_proof_ask(tx, s, app, e);

	if (r == 0 && app->method != METHOD_INTERNAL && app->method != METHOD_DNS_AUTO)
		r = q_authz_unproven(tx, app->account, app->id, tx->now_ms, &missing, e);
	return r < 0 || !missing ? MIN(r, 0) : notice_add(tx, s, &n, e);
}

/* A right that has lapsed, was closed or given back carries no request to the CA. */
static int
check_right(struct db_tx *tx, const struct row_application *app, struct err *e)
{
	struct row_subscription sub;
	int r = q_subscription_get(tx, app->account, app->subscription, tx->arena, &sub, e);

	if (r == 0)
		return not_found(e, "subscription", app->subscription);
	if (r > 0 && sub.state != SUBSCRIPTION_ASSIGNED && sub.state != SUBSCRIPTION_ACTIVE)
		return err_field(e, E_STATE_REFUSED, "subscription", "subscription %lld is %s", (long long)sub.id,
			sm_name(&sm_subscription, (int)sub.state));
	return MIN(r, 0);
}

/* A draft that came from a purchase has its names only until somebody edits it. */
static int
check_whole(struct db_tx *tx, const struct row_application *app, const struct row_product *p, struct err *e)
{
	if (app->method != METHOD_INTERNAL && !app->contact_email.n)
		err_note(e, E_CONTACT_MISSING, "contact", "application %lld has no contact yet", (long long)app->id);
	return p->type == TYPE_DV ? err_faults(e) : company_submit(tx, app, p, e);
}

int
application_submit(struct db_tx *tx, const struct svc *s, const struct caller *c, int64_t id, struct err *e)
{
	struct row_application app;
	struct row_product product;
	int r = q_application_get(tx, c->account, id, tx->arena, &app, e);

	if (r == 0)
		return not_found(e, "application", id);
	if (r > 0)
		r = q_product_get(tx, app.product, tx->arena, &product, e);
	if (r > 0)
		r = check_whole(tx, &app, &product, e);
	if (r == 0)
		r = check_right(tx, &app, e);
	if (r == 0 && app.method == METHOD_EMAIL)
		r = mail_ready(s, e);
	if (r == 0)
		r = application_step(tx, s, c, &app, APPLICATION_VALIDATING, SM_USER, e);
	if (r == 0)
		r = application_authzs_renew(tx, &app, e);
	if (r == 0)
		r = application_ask_proof(tx, s, &app, e);
	if (r == 0)
		r = confirmation_ask(tx, s, c, &app, e);
	if (r == 0)
		r = jobs_add(tx, s, c->account, WORK_VALIDATE, id, tx->now_ms, e);
	return r;
}
