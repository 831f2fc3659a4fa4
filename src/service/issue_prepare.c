/* SPDX-License-Identifier: Apache-2.0 */
#include "base/inject.h"
#include "base/rfc3339.h"
#include "model/company.h"
#include "service/caa_priv.h"
#include "service/issue_priv.h"
#include "service/safety.h"
#include "service/slow.h"

static int64_t
certificate_until(const struct issuing *t)
{
	return t->app.paid_until_ms ? t->app.paid_until_ms : civil_add_months_ms(t->now, (int)t->app.months);
}

int64_t
issuing_paid_until(const struct issuing *t)
{
	int64_t left = t->app.paid_until_ms ? 0 : MAX(t->app.left_until_ms - t->now, 0);

	return certificate_until(t) + left;
}

/* -- CAA, per name, at issue time (RFC 8659) */

int
issuing_check_caa(struct issuing *t, struct err *e)
{
	if (t->app.method == METHOD_INTERNAL)
		return 0;
	for (size_t i = 0; i < t->n_names; i++) {
		const struct row_application_name *n = &t->names[i];
		struct caa_ask q = {t->s, t->account, t->id, (enum method)t->app.method, n->ascii, n->base,
			(enum name_kind)n->kind, false};
		int code = 0, r;
		ERR(why);

		r = n->kind == NAME_IP ? 0 : caa_look(&q, t->a, &code, &why, e);
		if (r == 0 && code < 0) {
			*e = why;
			r = code;
		}
		if (r < 0)
			return r;
	}
	return 0;
}

/* -- keys */

struct keeping {
	struct issuing *t;
	bool new_key, new_enc_key;
};

/* What was made here, and that it is the application's. */
static int
keep_keys_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct keeping *k = arg;
	struct issuing *t = k->t;
	struct blob none = {NULL, 0};
	int r = k->new_key ? subscriber_key_insert(tx, t->account, &t->key, e) : 0;

	if (r >= 0 && k->new_enc_key)
		r = subscriber_key_insert(tx, t->account, &t->enc_key, e);
	if (r >= 0)
		r = q_application_set_key(tx, t->account, t->id, t->key.spki.p ? BLOB(t->key.name.id, 16) : none,
			t->enc_key.spki.p ? BLOB(t->enc_key.name.id, 16) : none, t->spki, e);
	if (r == 0)
		return err_set(e, E_BUSY, "application %lld is being issued already", (long long)t->id);
	return MIN(r, 0);
}

static int
load_key(struct issuing *t, struct blob id, struct signer_key *ret, struct err *e)
{
	return subscriber_key_load(t->s, t->account, id, t->a, ret, e);
}

static int
new_key(struct issuing *t, enum key_alg alg, struct signer_key *ret, struct err *e)
{
	return subscriber_key_make(t->s, t->account, alg, t->asked, t->a, ret, e);
}

struct stored {
	struct issuing *t;
	struct blob key_id;
};

static int
stored_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct stored *k = arg;
	uint8_t hash[32];
	struct row_csr row;
	int r;

	digest_sha256(k->t->app.spki, hash);
	r = q_csr_by_key(tx, k->t->account, BLOB(hash, 32), k->t->a, &row, e);
	if (r > 0)
		k->key_id = row.key_id;
	return MIN(r, 0);
}

/* The private key of a stored signing request, where it is held here. */
static int
load_stored_key(struct issuing *t, struct err *e)
{
	struct stored k = {.t = t, .key_id = t->app.key_id};
	int r = k.key_id.n ? 0 : svc_read(t->s, stored_body, &k, e);

	return r < 0 || !k.key_id.n ? r : load_key(t, k.key_id, &t->key, e);
}

/* The keys of the application: the applicant's, or made here; for SM2 the encryption key is always made here. */
static int
make_keys(struct issuing *t, struct err *e)
{
	bool sm2 = t->app.key_alg == KEY_SM2, generate = t->app.key_source == KEY_SOURCE_GENERATE;
	struct keeping k = {t, generate && !t->app.key_id.n, sm2 && !t->app.enc_key_id.n};
	int r = 0;

	if (generate)
		r = k.new_key ? new_key(t, (enum key_alg)t->app.key_alg, &t->key, e)
			      : load_key(t, t->app.key_id, &t->key, e);
	else if (t->app.key_source == KEY_SOURCE_STORED)
		r = load_stored_key(t, e);
	if (r == 0 && sm2)
		r = k.new_enc_key ? new_key(t, KEY_SM2, &t->enc_key, e)
				  : load_key(t, t->app.enc_key_id, &t->enc_key, e);
	if (r < 0)
		return r;
	t->spki = t->key.spki.p ? t->key.spki : t->app.spki;
	if ((t->key.spki.p && !t->app.key_id.n) || k.new_enc_key)
		r = svc_write(t->s, keep_keys_body, &k, e);
	return r;
}

/* A key that the applicant brought may have become known as weak since the application was made. */
static int
check_key(const struct issuing *t, struct err *e)
{
	uint8_t hash[32];
	KEY(k);
	int r;

	if (t->app.key_source == KEY_SOURCE_GENERATE)
		return 0;
	digest_sha256(t->spki, hash);
	r = safety_key_published(t->s, BLOB(hash, 32), e);
	/* What is known of weak keys is known of RSA; a curve and a point on it stay what they were. */
	if (r < 0 || !key_is_rsa((enum key_alg)t->app.key_alg))
		return r;
	r = key_from_spki(t->spki, &k, e);
	return r < 0 ? r : key_check_public(k, e);
}

/* -- the to-be-signed */

static const struct profile *
profile_of(const struct issuing *t, enum pair_role role)
{
	static const char *const pairs[][2] = {
		{"sm2-sign", "sm2-enc"}, {"sm2-sign-ev", "sm2-enc-ev"}, {"sm2-sign-private", "sm2-enc-private"}};
	const struct profile *own = profile_find(t->app.profile, (int)t->app.profile_version);
	int kind = t->app.product_type == TYPE_EV ? 1 : own && own->any_name ? 2 : 0;

	return role == ROLE_SINGLE ? own : profile_find(str_c(pairs[kind][role == ROLE_ENC]), 0);
}

static struct str
or_none(struct str s)
{
	return s.n ? s : (struct str){NULL, 0};
}

/* From the company's copy alone, never from a signing request (SPEC 3.3). */
static struct ca_subject
subject_of(const struct issuing *t)
{
	/* EV Guidelines 9.2.3 */
	static const char *const categories[] = {
		[BUSINESS_PRIVATE] = "Private Organization",
		[BUSINESS_GOVERNMENT] = "Government Entity",
		[BUSINESS_BUSINESS] = "Business Entity",
		[BUSINESS_NON_COMMERCIAL] = "Non-Commercial Entity",
	};
	const struct row_application_company *c = &t->company;
	struct ca_subject out = {.cn = or_none(t->app.cn)};

	if (t->app.product_type == TYPE_DV)
		return out;
	out.c = or_none(c->country);
	out.st = or_none(c->province);
	out.l = or_none(c->city);
	out.o = or_none(c->name);
	if (t->app.product_type != TYPE_EV)
		return out;
	out.serial_number = or_none(c->number);
	out.jurisdiction_c = or_none(c->jurisdiction_country);
	out.jurisdiction_st = or_none(c->jurisdiction_province);
	out.jurisdiction_l = or_none(c->jurisdiction_locality);
	if (c->business_category >= 0 && c->business_category < (int64_t)ARRAY_LEN(categories))
		out.business_category = str_c(categories[c->business_category]);
	return out;
}

static int
sort_names(const struct issuing *t, struct ca_request *rq, struct err *e)
{
	struct str *dns = arena_new_n(t->a, t->n_names, struct str);
	struct blob *ip = arena_new_n(t->a, t->n_names, struct blob);

	for (size_t i = 0; i < t->n_names; i++) {
		struct addr ad;

		if (t->names[i].kind != NAME_IP) {
			dns[rq->n_dns++] = t->names[i].ascii;
			continue;
		}
		if (!addr_parse_ip(t->names[i].ascii, &ad))
			return err_set(e, E_INTERNAL, "the stored address \"%.*s\" is none", STRF(t->names[i].ascii));
		ip[rq->n_ip++] = arena_blob(t->a, BLOB(ad.ip, ad.family == AF_INET ? 4 : 16));
	}
	rq->dns = dns;
	rq->ip = ip;
	return 0;
}

static int
plan_one(struct issuing *t, enum pair_role role, const struct ca_issuer *is, struct err *e)
{
	const struct profile *p = profile_of(t, role);
	uint8_t *serial = arena_alloc(t->a, SERIAL_LEN), *spki_sha256 = arena_alloc(t->a, 32);
	struct blob spki = role == ROLE_ENC ? t->enc_key.spki : t->spki, tbs;
	struct signer_key *key = role == ROLE_ENC ? &t->enc_key : &t->key;
	struct ca_request rq = {.profile = p, .spki = spki, .must_staple = t->app.must_staple != 0,
		.subject = subject_of(t)};
	int r;

	if (!p)
		return err_set(e, E_PROFILE_UNKNOWN, "the profile \"%.*s\" is unknown", STRF(t->app.profile));
	ca_validity(p, is, t->now, 0, certificate_until(t), &rq.not_before_ms, &rq.not_after_ms);
	serial_new(t->now, serial);
	r = sort_names(t, &rq, e);
	if (r == 0)
		r = ca_tbs_build(is, &rq, serial, t->a, &tbs, e);
	if (r < 0)
		return r;
	digest_sha256(spki, spki_sha256);
	t->plan[t->n_plan++] = (struct in_certificate_reserve){.account = t->account, .application = t->id,
		.subscription = t->app.subscription, .product = t->app.product, .role = role, .source = SOURCE_OFFICIAL,
		.name = t->app.name, .cn = t->app.cn, .issuer = is->id, .serial = BLOB(serial, SERIAL_LEN),
		.profile = str_c(p->name), .profile_version = p->version, .tbs = tbs,
		.envelope = role == ROLE_ENC ? t->envelope : (struct blob){NULL, 0},
		.spki_sha256 = BLOB(spki_sha256, 32), .alg = role == ROLE_SINGLE ? t->app.key_alg : KEY_SM2,
		.key_id = key->spki.p ? BLOB(key->name.id, 16) : (struct blob){NULL, 0},
		.not_before_ms = rq.not_before_ms, .not_after_ms = rq.not_after_ms,
		.shard = serial_shard(BLOB(serial, SERIAL_LEN), is->shards)};
	return 0;
}

/* The clock must not be behind what the database has seen: certificates would be dated wrongly. */
static int
check_clock(const struct issuing *t, struct err *e)
{
	int64_t wall = clock_wall_ms(), seen = MAX(t->now, t->s->time_high_ms);

	if (wall + policy_value("clock-tolerance", seen) < seen)
		return err_set(e, E_CLOCK_BEHIND, "the clock is %lld s behind the latest time seen",
			(long long)((seen - wall) / 1000));
	return 0;
}

/* It may have lapsed since the application was submitted. */
static int
check_right(const struct issuing *t, struct err *e)
{
	int state = (int)t->app.subscription_state;

	if (state != SUBSCRIPTION_ASSIGNED && state != SUBSCRIPTION_ACTIVE)
		return err_set(e, E_STATE_REFUSED, "subscription %lld is %s", (long long)t->app.subscription,
			sm_name(&sm_subscription, state));
	return 0;
}

int
issuing_prepare(struct issuing *t, struct err *e)
{
	const struct ca_issuer *is = issuer_for(t->s, (enum key_alg)t->app.key_alg);
	int r = check_right(t, e);

	if (r < 0)
		return r;

	if (!is)
		return err_set(e, E_KEY_ALGORITHM, "there is no issuer for %s", key_alg_name((enum key_alg)t->app.key_alg));
	r = check_clock(t, e);
	if (r == 0)
		r = issuing_check_caa(t, e);
	if (r == 0)
		r = make_keys(t, e);
	if (r == 0)
		r = check_key(t, e);
	if (r == 0 && t->app.key_alg != KEY_SM2)
		return plan_one(t, ROLE_SINGLE, is, e);
	if (r == 0)
		r = signer_sm2_envelope(t->s->conf.signer, &t->enc_key, t->spki, t->a, &t->envelope, e);
	if (r == 0)
		r = plan_one(t, ROLE_SIGN, is, e);
	return r < 0 ? r : plan_one(t, ROLE_ENC, is, e);
}

/* -- write 1 */

static int
why_not(struct db_tx *tx, const struct issuing *t, struct blob spki_sha256, struct err *e)
{
	struct row_application app;
	int64_t missing = 0;
	int r = safety_key(tx, t->s, spki_sha256, e);

	if (r == 0)
		r = q_application_get(tx, t->account, t->id, tx->arena, &app, e);
	if (r > 0)
		r = q_authz_unproven(tx, t->account, t->id, tx->now_ms, &missing, e);
	if (r < 0)
		return r;
	if (missing)
		return err_set(e, E_PROOF_MISSING, "%lld of the names have no valid proof of control", (long long)missing);
	return err_set(e, E_BUSY, "application %lld is being issued already", (long long)t->id);
}

static int
reserve_body(struct db_tx *tx, void *arg, struct err *e)
{
	struct issuing *t = arg;
	struct caller c = caller_system(t->account);
	int r = 0;

	for (size_t i = 0; i < t->n_plan; i++) {
		struct in_certificate_reserve *p = &t->plan[i];
		int64_t id;

		p->now = tx->now_ms;
		r = q_certificate_reserve(tx, p, &id, e);
		if (r == 0)
			return why_not(tx, t, p->spki_sha256, e);
		if (r < 0)
			return r;
		t->rows[i] = (struct row_reserved){id, t->account, t->id, p->role, p->issuer, p->serial, p->tbs, p->alg,
			tx->now_ms, p->not_after_ms};
	}
	return audit_add(tx, t->s, &c, "certificate.reserve", "certificates", t->rows[0].id, (struct str){NULL, 0}, e);
}

int
issuing_reserve(struct issuing *t, struct err *e)
{
	int r;

	if (INJECT("issue.reserve"))
		return err_set(e, E_TIMEOUT, "injected");
	t->rows = arena_new_n(t->a, t->n_plan, struct row_reserved);
	r = svc_write(t->s, reserve_body, t, e);
	t->n_rows = r == 0 ? t->n_plan : 0;
	if (r == 0)
		(void)INJECT("issue.reserved");
	return r;
}
