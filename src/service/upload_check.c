/* SPDX-License-Identifier: Apache-2.0 */
/* The check of what is handed in, with what the service knows: issuers, signing requests, blocked keys, revocations. */
#include "base/clock.h"
#include "crypto/csr.h"
#include "crypto/digest.h"
#include "lint/lint.h"
#include "model/name.h"
#include "service/foreign.h"
#include "service/policy.h"
#include "service/safety.h"
#include "service/slow.h"
#include "service/trust.h"
#include "service/upload_priv.h"

#define LINT_TOLD_MAX 8
#define ISSUERS_ASKED_MAX 4
#define FIELDS 5
#define FIELD_CHAIN 1
#define FIELD_ENCRYPTION 3

struct judging {
	struct svc *s;
	const struct caller *c;
	const struct upload *in;
	struct arena *a;
	bool key_needed;
	struct check_field fields[FIELDS];
	struct check_in q;
	struct trust trust;
	struct blob request; /* public key of the signing request */
	struct upload_checked *out;
};

static void
question(struct judging *t)
{
	const struct upload *in = t->in;

	t->fields[0] = (struct check_field){"certificate", in->certificate};
	t->fields[FIELD_CHAIN] = (struct check_field){"chain", in->chain};
	t->fields[2] = (struct check_field){"key", in->key};
	t->fields[FIELD_ENCRYPTION] = (struct check_field){"encryption_certificate", in->encryption_certificate};
	t->fields[4] = (struct check_field){"encryption_key", in->encryption_key};
	t->q = (struct check_in){
		.fields = t->fields,
		.n_fields = FIELDS,
		.chain_field = in->chain.p ? FIELD_CHAIN : 0,
		.encryption_field = in->encryption_certificate.p ? FIELD_ENCRYPTION : 0,
		.passphrase = in->passphrase,
		.purpose = in->purpose,
		.target = in->target,
		.known = t->trust.known,
		.n_known = t->trust.n_known,
		.anchors = t->trust.anchors,
		.n_anchors = t->trust.n_anchors,
	};
}

static int
run(struct judging *t, struct err *e)
{
	t->q.n_known = t->trust.n_known;
	return check_run(&t->q, t->a, &t->out->check, e);
}

/* -- what the database knows */

/* The signing request that was chosen, or the one with the certificate's key. */
static int
request_find(struct db_tx *tx, struct judging *t, struct err *e)
{
	const struct check *c = &t->out->check;
	struct x509_cert x;
	uint8_t hash[32];
	ERR(ignored);
	int r;

	if (t->in->csr) {
		r = q_csr_get(tx, t->c->account, t->in->csr, t->a, &t->out->csr, e);
		return r == 0 ? not_found(e, "signing request", t->in->csr) : r;
	}
	if (!c->leaf || c->key || c->pair || x509_cert_read(c->leaf->der, &x, &ignored) < 0)
		return 0;
	digest_sha256(x.spki, hash);
	return q_csr_by_key(tx, t->c->account, BLOB(hash, 32), t->a, &t->out->csr, e);
}

static int
known_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct judging *t = arg;
	const struct check *c = &t->out->check;
	struct blob leaf;
	int r;

	t->q.now_ms = tx->now_ms;
	t->q.soon_ms = policy_value("about-to-expire", tx->now_ms);
	r = c->leaf ? trust_add_stored(tx, t->c->account, c->chain, c->n_chain, t->a, &t->trust, e) : 0;
	if (r == 0 && c->leaf && !c->n_chain) {
		leaf = c->leaf->der;
		r = trust_add_stored(tx, t->c->account, &leaf, 1, t->a, &t->trust, e);
	}
	t->out->csr = (struct row_csr){0};
	if (r == 0)
		r = request_find(tx, t, e);
	return MIN(r, 0);
}

/* A chosen request whose key is elsewhere holds no key here: then it is missing as if none had been chosen. */
static int
request_use(struct judging *t, struct err *e)
{
	struct csr csr;
	int r;

	t->q.key_needed = t->key_needed;
	if (!t->out->csr.id || !t->out->csr.key_id.n)
		return 0;
	r = csr_read(t->out->csr.der, t->a, &csr, e);
	if (r < 0)
		return r;
	t->request = csr.spki;
	t->q.requests = &t->request;
	t->q.n_requests = 1;
	return 0;
}

/* -- what the world knows */

/* Something may be missing: the chain ends in no root. */
static bool
is_open(const struct check *c)
{
	struct x509_cert x;
	ERR(ignored);

	return !c->trusted && c->n_chain && x509_cert_read(c->chain[c->n_chain - 1], &x, &ignored) == 0 && !x.self_issued;
}

/* Up the chain as long as each address gives a further issuer. */
static int
issuers_ask(struct judging *t, int64_t deadline_us, struct err *e)
{
	const struct check *c = &t->out->check;
	int r = 0;

	for (int i = 0; r == 0 && i < ISSUERS_ASKED_MAX && is_open(c); i++) {
		struct blob got[4];
		size_t before = t->trust.n_known;
		unsigned n = foreign_issuer_ask(t->s, c->chain, c->n_chain, deadline_us, t->a, got, ARRAY_LEN(got));

		for (unsigned k = 0; k < n; k++)
			trust_add(&t->trust, got[k], t->a);
		if (t->trust.n_known == before)
			break;
		r = run(t, e);
	}
	return r;
}

/* Its status is known, and the rules of the public are not for it. */
static bool
issued_here(const struct judging *t)
{
	struct x509_cert x;
	ERR(ignored);

	if (x509_cert_read(t->out->check.leaf->der, &x, &ignored) < 0)
		return false;
	for (size_t i = 0; i < t->s->n_issuers; i++) {
		if (blob_eq(t->s->issuers[i]->subject, x.issuer))
			return true;
	}
	return false;
}

static int
world_ask(struct judging *t, struct err *e)
{
	const struct check *c = &t->out->check;
	int64_t now = t->q.now_ms, deadline_us = clock_mono_us() + 1000 * policy_value("foreign-wait", now);
	struct foreign_status *st;
	int r = 0;

	if (!c->leaf || issued_here(t))
		return 0;
	if (policy_value("foreign-issuers", now))
		r = issuers_ask(t, deadline_us, e);
	if (r < 0 || !policy_value("foreign-status", now))
		return r;
	st = arena_new(t->a, struct foreign_status);
	foreign_status_ask(t->s, c->chain, c->n_chain, deadline_us, t->a, st);
	t->q.crls = st->crls;
	t->q.n_crls = st->n_crls;
	t->q.ocsp = st->ocsp;
	t->q.n_ocsp = st->n_ocsp;
	t->q.status_wanted = true;
	return run(t, e);
}

/* -- what is said beside the engine's findings */

static int
blocked_note(struct db_tx *tx, struct judging *t, const struct x509_cert *x, int at, struct err *e)
{
	uint8_t hash[32];
	ERR(why);
	int r;

	digest_sha256(x->spki, hash);
	r = safety_key(tx, t->s, BLOB(hash, 32), &why);
	if (r == E_KEY_BLOCKED) {
		check_add(&t->out->check, t->in->purpose, CHECK_WEAK_KEY, at, "%s", why.msg);
		return 0;
	}
	if (r < 0)
		*e = why;
	return r;
}

/* One that was issued here: its status is known without asking anybody. */
static int
own_status_note(struct db_tx *tx, struct judging *t, const struct x509_cert *x, int at, struct err *e)
{
	struct row_status st;
	int r = 0;

	for (size_t i = 0; i < t->s->n_issuers; i++) {
		if (!blob_eq(t->s->issuers[i]->subject, x->issuer))
			continue;
		r = q_certificate_status(tx, t->s->issuers[i]->id, x->serial, tx->arena, &st, e);
		if (r > 0 && (st.state == CERTIFICATE_REVOKED || st.state == CERTIFICATE_VOID))
			check_add(&t->out->check, t->in->purpose, CHECK_REVOKED, at, "%s", "this service revoked it");
		if (r != 0)
			break;
	}
	return MIN(r, 0);
}

static int
same_note(struct db_tx *tx, struct judging *t, const struct x509_cert *x, struct err *e)
{
	uint8_t key[32], whole[32];
	int64_t id;
	int r;

	digest_sha256(x->spki, key);
	digest_sha256(t->out->check.leaf->der, whole);
	r = q_upload_same(tx, t->c->account, BLOB(key, 32), BLOB(whole, 32), &id, e);
	if (r > 0)
		check_add(&t->out->check, t->in->purpose, CHECK_STORED_ALREADY, 0, "it is certificate %lld", (long long)id);
	return MIN(r, 0);
}

static int
notes_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct judging *t = arg;
	const struct check *c = &t->out->check;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < c->n_chain; i++) {
		struct x509_cert x;
		ERR(ignored);

		if (x509_cert_read(c->chain[i], &x, &ignored) < 0 || (i > 0 && x.self_issued))
			continue;
		r = blocked_note(tx, t, &x, (int)i, e);
		if (r == 0)
			r = own_status_note(tx, t, &x, (int)i, e);
		if (r == 0 && i == 0)
			r = same_note(tx, t, &x, e);
	}
	return r;
}

static void
lint_notes(struct judging *t)
{
	struct check *c = &t->out->check;
	const struct lint_conf conf = {.public_rules = c->trusted && !issued_here(t)};
	struct lint_finding *v;
	unsigned told = 0;
	size_t n;

	lint_certificate(c->leaf->der, &conf, t->a, &v, &n);
	for (size_t i = 0; i < n && told < LINT_TOLD_MAX; i++) {
		if (v[i].severity < LINT_WARN)
			continue;
		check_add(c, t->in->purpose, CHECK_LINT, 0, "%s: %s", v[i].rule->id, v[i].rule->text);
		told++;
	}
}

/* Taken apart once, since what is protected may take a second to open, and several threads must not all be at it. */
static int
take(struct judging *t, struct err *e)
{
	struct check_files *files = arena_new(t->a, struct check_files);
	bool slow = t->in->passphrase.n > 0;
	int r = slow ? slow_begin(t->s, true, e) : 0;

	if (r < 0)
		return r;
	check_take(&t->q, t->a, files);
	if (slow)
		slow_end(t->s, true);
	t->q.files = files;
	return 0;
}

/* Twice: the first look tells which certificates and keys there are, and so what to ask the database for. */
int
upload_judge(struct svc *s, const struct caller *c, const struct upload *in, bool key_needed, struct arena *a,
	struct upload_checked *ret, struct err *e)
{
	struct judging t = {.s = s, .c = c, .in = in, .a = a, .key_needed = key_needed, .out = ret};
	int r = trust_load(s, a, &t.trust, e);

	if (r == 0 && in->roots.p)
		r = trust_given(&t.trust, in->roots, a, e);
	if (r < 0)
		return r;
	question(&t);
	r = take(&t, e);
	if (r < 0)
		return r;
	t.q.now_ms = svc_now(s);
	r = run(&t, e);
	if (r == 0)
		r = svc_read(s, known_body, &t, e);
	if (r == 0)
		r = request_use(&t, e);
	if (r == 0)
		r = run(&t, e);
	if (r == 0)
		r = world_ask(&t, e);
	if (r == 0)
		r = svc_read(s, notes_body, &t, e);
	if (r == 0 && ret->check.leaf)
		lint_notes(&t);
	return r;
}

int
upload_check(struct svc *s, const struct caller *c, const struct upload *in, struct arena *a, struct upload_found *ret,
	struct err *e)
{
	struct upload_checked *t = arena_new(a, struct upload_checked);
	int r = upload_judge(s, c, in, in->key.p || in->csr, a, t, e);

	if (r == 0)
		*ret = (struct upload_found){&t->check, t->check.by_request ? t->csr.id : 0};
	return r;
}
