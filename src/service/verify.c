/* SPDX-License-Identifier: Apache-2.0 */
/* Looking for the proofs of an application's names, and moving it on when all are there (SPEC 3.4). */
#include "service/apply_priv.h"
#include "service/dns_auto_priv.h"
#include "service/email_proof.h"
#include "service/grant_priv.h"
#include "service/review_priv.h"
#include "service/perspectives_priv.h"

/* validation_record.purpose */
enum { PURPOSE_PROOF, PURPOSE_CAA };

/* One authorization and what was seen of it just now. */
struct look {
	const struct row_authz *z;
	struct validate_result result;
	struct err why;
	int code; /* 0: proven */
	bool here; /* this server sees the proof */
	struct outlook far; /* and what the perspectives see */
};

struct verify {
	struct svc *s;
	struct caller c;
	int64_t id;
	struct arena *a;
	struct application_view view;
	struct look *looks;
	size_t n;
	struct dns_auto_seen *autos; /* of each authorization of the view, for automatic DNS */
	int64_t now_ms; /* when the looks began */
	bool complete, job;
};

static int
load_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct verify *t = arg;

	return application_load(tx, &t->c, t->id, t->a, &t->view, e);
}

/* `internal`: the proof is fetched from the own listener whose address the name has (SPEC 5). */
static int
look_internal(struct verify *t, struct look *l, struct err *e)
{
	const struct svc_conf *conf = &t->s->conf;
	struct addr want;
	bool is_ip = addr_parse_ip(l->z->name, &want);
	int r = err_set(e, E_FILE_CONNECT, "no listener has the address of \"%.*s\"", STRF(l->z->name));

	for (unsigned i = 0; i < conf->n_listeners && r < 0; i++) {
		if (is_ip && !addr_equal_ip(&want, &conf->listeners[i]))
			continue;
		r = validate_internal(l->z->base, &conf->listeners[i], l->z->file_value, t->a, &l->result, e);
	}
	return r;
}

/* Who lies on the way between us and the domain does not lie on the way of all others too. A person is shown each one's
 * view, also where we ourselves see no proof. */
static void
look_from_afar(struct verify *t, struct look *l)
{
	const struct row_authz *z = l->z;
	bool file = t->view.row.method == METHOD_FILE;
	struct validate_question q = {.kind = file ? QUESTION_FILE : QUESTION_DNS, .base = z->base,
		.registered = z->registered, .value = file ? z->file_value : z->dns_value,
		.method = file ? VALIDATE_FILE : VALIDATE_DNS};

	if (l->code && t->job)
		return;
	if (outlook_take(t->s, &q, t->a, &l->far) < 0 && l->code == 0) {
		l->code = l->far.code;
		l->why = l->far.why;
	}
}

/* Automatic DNS: what the name servers show comes first, then the proof as any other. */
static int
look_auto(struct verify *t, struct look *l)
{
	const struct row_authz *z = l->z;
	size_t i = (size_t)(z - t->view.authzs);
	const struct application_auto *au = &t->view.autos[i];
	struct str advice;
	int r;

	if (t->autos[i].code < 0) {
		struct validate_seen *seen = arena_new(t->a, struct validate_seen);

		l->why = t->autos[i].why;
		seen->what = arena_printf(t->a, "TXT _dnsauth.%.*s at the name servers", STRF(z->registered));
		seen->result = arena_str(t->a, str_c(l->why.msg));
		l->result.seen = seen;
		l->result.n_seen = 1;
		return t->autos[i].code;
	}
	r = validate_dns(&settings_of(t->s)->validate, z->base, z->registered, z->dns_value, t->a, &l->result, &l->why);
	if (r < 0 && au->missing) {
		advice = dns_auto_advice(au, z, t->a);
		err_hint(&l->why, "%.*s", STRF(advice));
	}
	return r;
}

/* The link that was mailed proves; until it is used there is nothing to look at. */
static int
look_mail(const struct verify *t, const struct look *l, struct err *e)
{
	const struct row_email_proof *p = email_proof_of(&t->view, l->z);

	err_set(e, E_PROOF_MISSING, "the link mailed to \"%.*s\" was not used yet", STRF(p ? p->recipient : STR("?")));
	err_hint(e,
		"Have it opened and its button pressed, send it again or elsewhere (POST "
		"/api/v1/authorizations/%lld:send_mail), or choose another method.",
		(long long)l->z->id);
	return e->code;
}

static void
look_at(struct verify *t, struct look *l)
{
	const struct row_authz *z = l->z;

	err_clear(&l->why);
	l->result = (struct validate_result){.name_asked = z->name, .name_proven = z->base};
	switch ((enum method)t->view.row.method) {
	case METHOD_INTERNAL:
		l->code = look_internal(t, l, &l->why);
		break;
	case METHOD_FILE:
		l->code = validate_file(&settings_of(t->s)->validate, z->base, z->file_value, t->a, &l->result, &l->why);
		break;
	case METHOD_DNS_AUTO:
		l->code = look_auto(t, l);
		break;
	case METHOD_EMAIL:
		l->code = look_mail(t, l, &l->why);
		return; /* no perspective sees more of it */
	case METHOD_DNS:
		l->code = validate_dns(&settings_of(t->s)->validate, z->base, z->registered, z->dns_value, t->a,
			&l->result, &l->why);
		break;
	}
	l->here = l->code == 0;
	if (t->view.row.method != METHOD_INTERNAL && !atomic_load(&t->s->stopping))
		look_from_afar(t, l);
}

static void
look_at_all(struct verify *t)
{
	int64_t now = t->now_ms = svc_now(t->s);

	t->looks = arena_new_n(t->a, t->view.n_authzs, struct look);
	for (size_t i = 0; i < t->view.n_authzs; i++) {
		const struct row_authz *z = &t->view.authzs[i];

		/* An expired value or proof counts no more: the writing step makes a new value. */
		if (z->state != AUTHZ_PENDING && authz_alive(z, now))
			continue;
		t->looks[t->n].z = z;
		if (authz_alive(z, now)) {
			look_at(t, &t->looks[t->n]);
		} else {
			struct look *l = &t->looks[t->n];

			err_clear(&l->why);
			l->result = (struct validate_result){.name_asked = z->name, .name_proven = z->base};
			l->code = err_set(&l->why, E_PROOF_MISSING,
				"the %s for \"%.*s\" has expired; publish the new value",
				z->state == AUTHZ_VALID ? "proof" : "value", STRF(z->name));
		}
		t->n++;
	}
}

/* -- writing down what was seen */

static int
keep_look(struct db_tx *tx, const struct verify *t, const struct look *l, struct err *e)
{
	/* a value that ran out while we looked proves nothing */
	bool ok = l->code == 0 && l->z->token_expires_ms > tx->now_ms;
	struct in_validation_record_insert row = {.account = t->c.account, .application = t->id, .authz = l->z->id,
		.purpose = PURPOSE_PROOF, .name_asked = l->z->name,
		.name_proven = l->result.name_proven.p ? l->result.name_proven : l->z->base,
		.method = t->view.row.method, .perspective = STR("local"), .ok = l->here, .proves = ok,
		.error_code = l->here ? STR("") : str_c(err_info(l->code)->name),
		.error_text = l->here ? STR("") : str_c(l->why.msg), .seen = seen_json(&l->result, NULL, tx->arena),
		.at_ms = tx->now_ms};
	int64_t id;
	int r = q_validation_record_insert(tx, &row, &id, e);

	if (r >= 0)
		r = outlook_keep(tx, &l->far, &row, e);
	if (r < 0)
		return r;
	if (ok)
		r = q_authz_prove(tx, t->c.account, l->z->id, id, tx->now_ms + grant_window_ms(&t->view.row, tx->now_ms), e);
	return MIN(r, 0);
}

/* All proven: DV passes the review at once (SPEC 3.5) unless a name is of high risk, and is issued. */
static int
go_on(struct db_tx *tx, struct verify *t, struct err *e)
{
	struct row_application row;
	int64_t missing = 0;
	int r = q_application_get(tx, t->c.account, t->id, tx->arena, &row, e);

	if (r <= 0 || row.state != APPLICATION_VALIDATING)
		return MIN(r, 0);
	r = q_authz_unproven(tx, t->c.account, t->id, tx->now_ms, &missing, e);
	if (r < 0 || missing)
		return MIN(r, 0);
	r = application_step(tx, t->s, &t->c, &row, APPLICATION_REVIEWING, SM_SYSTEM, e);
	if (r == 0)
		r = review_enter(tx, t->s, &t->view, e);
	if (r != 0) /* a person decides */
		return MIN(r, 0);
	row.state = APPLICATION_REVIEWING;
	r = application_step(tx, t->s, &t->c, &row, APPLICATION_ISSUING, SM_SYSTEM, e);
	if (r == 0)
		r = jobs_add(tx, t->s, t->c.account, WORK_ISSUE, t->id, tx->now_ms + 2 * MS_SECOND, e);
	t->complete = r == 0;
	return r;
}

/* A value or a proof has run out meanwhile: a new value is to be published. */
static bool
any_over(const struct verify *t, int64_t now_ms)
{
	for (size_t i = 0; i < t->view.n_authzs; i++) {
		if (!authz_alive(&t->view.authzs[i], now_ms))
			return true;
	}
	return false;
}

static int
keep_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct verify *t = arg;
	struct row_application row;
	int r = q_application_hold(tx, t->c.account, t->id, APPLICATION_VALIDATING, t->view.row.version, e);

	t->complete = false;
	/* Withdrawn or changed while we looked: what was seen belongs to something else. */
	if (r <= 0)
		return r;
	r = q_application_get(tx, t->c.account, t->id, tx->arena, &row, e);
	/* of a mail there is nothing to see until its link is used, which leaves a record of its own */
	for (size_t i = 0; r >= 0 && i < t->n && row.method != METHOD_EMAIL; i++)
		r = keep_look(tx, t, &t->looks[i], e);
	if (r >= 0 && any_over(t, tx->now_ms)) {
		r = application_authzs_renew(tx, &row, e);
		if (r == 0)
			r = application_ask_proof(tx, t->s, &row, e);
	}
	/* what is proven, or has a new value, leaves a record that nobody waits for */
	if (r >= 0 && t->view.autos)
		r = dns_clean_soon(tx, t->s, t->c.account, t->id, e);
	if (r >= 0 && t->view.autos)
		r = dns_auto_ask(tx, t->s, &t->view, e);
	return r < 0 ? r : go_on(tx, t, e);
}

/* A person waits for what another thread is at; a job comes again. */
static int
issue(struct verify *t, struct err *e)
{
	return t->job ? issue_try(t->s, t->c.account, t->id, e) : issue_application(t->s, t->c.account, t->id, e);
}

/* *ret_state: the application's state afterwards, as far as this run knows it. */
static int
verify_run(struct verify *t, struct err *e)
{
	int r = svc_read(t->s, load_body, t, e);

	if (r < 0)
		return r;
	if (t->view.row.state == APPLICATION_ISSUING)
		return issue(t, e);
	if (t->view.row.state != APPLICATION_VALIDATING)
		return 0;
	r = t->view.autos ? dns_auto_publish(t->s, t->c.account, &t->view, t->a, &t->autos, e) : 0;
	if (r < 0)
		return r == E_CONFLICT ? 0 : r; /* changed meanwhile: what is there now is looked at next time */
	look_at_all(t);
	if (atomic_load(&t->s->stopping))
		return err_set(e, E_DRAINING, "the service is stopping");
	r = svc_write(t->s, keep_body, t, e);
	if (r == E_CONFLICT)
		return 0; /* another look was faster: what it found stands */
	if (r < 0 || !t->complete)
		return r;
	log_event(LOG_INFO, "application.proven", F_INT("application", t->id), F_INT("account", t->c.account));
	return issue(t, e);
}

int
application_advance(struct svc *s, int64_t account, int64_t id, struct err *e)
{
	ARENA(a);
	struct verify t = {.s = s, .c = caller_system(account), .id = id, .a = &a, .job = true};
	int r = verify_run(&t, e);

	if (r == E_NOT_FOUND)
		return 0;
	if (r < 0)
		return r;
	if (t.view.row.state == APPLICATION_VALIDATING && !t.complete)
		return err_set(e, E_PROOF_MISSING, "application %lld still lacks a proof", (long long)id);
	return 0;
}

/* The background may have got there first: who asks after that is told how it went. */
static bool
is_submitted(int state)
{
	return state == APPLICATION_VALIDATING || state == APPLICATION_REVIEWING || state == APPLICATION_ISSUING ||
		state == APPLICATION_ISSUED || state == APPLICATION_FAILED;
}

/* Every name: what was seen just now, or that its proof stands. */
static struct verify_name *
told_names(const struct verify *t, size_t *ret_n)
{
	struct verify_name *names = arena_new_n(t->a, t->view.n_authzs, struct verify_name);
	size_t k = 0;

	for (size_t i = 0; i < t->view.n_authzs; i++) {
		const struct row_authz *z = &t->view.authzs[i];
		const struct look *l = k < t->n && t->looks[k].z == z ? &t->looks[k++] : NULL;

		if (!l)
			names[i] = (struct verify_name){z->name, z->state == AUTHZ_VALID, 0,
				z->state == AUTHZ_VALID ? STR("the proof stands") : STR("it was not looked for"), STR(""),
				STR("[]")};
		else
			names[i] = (struct verify_name){z->name, l->code == 0, l->code,
				arena_str(t->a, str_c(l->code ? l->why.msg : "the proof was found")),
				arena_str(t->a, str_c(l->code ? err_hint_text(&l->why) : "")),
				seen_json(&l->result, &l->far, t->a)};
	}
	*ret_n = t->view.n_authzs;
	return names;
}

int
apply_verify(struct svc *s, const struct caller *c, int64_t id, struct arena *a, struct application_view *ret,
	struct verify_name **ret_names, size_t *ret_n, struct err *e)
{
	struct verify t = {.s = s, .c = *c, .id = id, .a = a};
	ERR(issue);
	int r = svc_read(s, load_body, &t, e);

	if (r < 0)
		return r;
	if (!is_submitted((int)t.view.row.state))
		return err_set(e, E_STATE_REFUSED, "application %lld is %s; only a submitted one is verified",
			(long long)id, sm_name(&sm_application, (int)t.view.row.state));
	/* What goes wrong after the proofs is the application's failure reason, not this call's, but for trouble that
	 * passes: it leaves no trace in the application, which goes on by itself. */
	r = verify_run(&t, &issue);
	if (r < 0 && ((!t.complete && t.view.row.state == APPLICATION_VALIDATING) ||
			     (svc_passing(r) && r != E_CAA_FAILED && r != E_BUSY))) {
		*e = issue;
		return r;
	}
	*ret_names = told_names(&t, ret_n);
	r = svc_read(s, load_body, &t, e);
	*ret = t.view;
	return r;
}
