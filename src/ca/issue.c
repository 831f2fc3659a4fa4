/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/issue_priv.h"
#include "base/clock.h"
#include "crypto/cert.h"
#include "crypto/digest.h"
#include "lint/lint.h"

#define TBS_MAX (64 * 1024)
#define TBS_USUAL 1280 /* reserved at once */

/* What stands before the extensions, and all that they need to know. */
struct tbs {
	const struct profile *profile;
	struct ca_subject subject;
	struct blob spki, bits /* of the key */;
	enum spki_kind kind;
	const struct ca_issuer *issuer; /* NULL: self-signed */
	enum key_alg sig_alg;
	int64_t not_before_ms, not_after_ms;
	const uint8_t *serial;
	struct buf *b;
};

static unsigned
key_usage(const struct tbs *t)
{
	switch (t->kind) {
	case SPKI_RSA:
		return t->profile->key_usage_rsa;
	case SPKI_EC:
		return t->profile->key_usage_ec;
	case SPKI_SM2:
		return t->profile->key_usage_sm2;
	}
	return 0;
}

static struct blob
policies(const struct tbs *t)
{
	return t->subject.o.p ? t->profile->policies_org_der : t->profile->policies_der;
}

/* -- writing */

static void
put_head(const struct tbs *t)
{
	struct buf *b = t->b;
	size_t validity;

	/* version [0] EXPLICIT v3(2) */
	buf_put(b, "\xa0\x03\x02\x01\x02", 5);
	der_put_unsigned(b, BLOB(t->serial, SERIAL_LEN));
	buf_put_blob(b, key_sig_alg(t->sig_alg));
	if (t->issuer)
		buf_put_blob(b, t->issuer->subject);
	else
		name_put(b, &t->subject);
	validity = der_begin(b, DER_SEQUENCE);
	der_put_time(b, t->not_before_ms);
	der_put_time(b, t->not_after_ms);
	der_end(b, validity);
	name_put(b, &t->subject);
	buf_put_blob(b, t->spki);
}

static void
put_key_ids(const struct tbs *t)
{
	uint8_t id[22] = {DER_OCTET_STRING, 20};

	/* RFC 5280 4.2.1.2, method 1 */
	if (t->profile->ski || !t->issuer)
		digest_sha1(t->bits, id + 2);
	ext_put_aki(t->b, t->issuer ? t->issuer->ski : id + 2);
	if (t->profile->ski)
		ext_put(t->b, OID_SKI, false, BLOB(id, sizeof(id)));
}

static void
put_usages(const struct tbs *t)
{
	struct ext x = ext_begin(t->b, OID_KEY_USAGE, true);

	der_put_named_bits(t->b, key_usage(t), 9);
	ext_end(t->b, x);
	if (policies(t).n)
		ext_put(t->b, OID_POLICIES, false, policies(t));
	if (t->profile->eku_der.n)
		ext_put(t->b, OID_EKU, false, t->profile->eku_der);
}

static void
put_cdp(const struct tbs *t)
{
	struct buf *b = t->b;
	struct ext x = ext_begin(b, OID_CDP, false);
	size_t points = der_begin(b, DER_SEQUENCE), point = der_begin(b, DER_SEQUENCE);
	size_t name = der_begin(b, DER_CTX_CONS(0)), full = der_begin(b, DER_CTX_CONS(0));

	url_put_crl(b, t->issuer, serial_shard(BLOB(t->serial, SERIAL_LEN), t->issuer->shards));
	der_end(b, full);
	der_end(b, name);
	der_end(b, point);
	der_end(b, points);
	ext_end(b, x);
}

static void
put_aia(const struct tbs *t)
{
	struct buf *b = t->b;
	struct ext x = ext_begin(b, OID_AIA, false);
	size_t all = der_begin(b, DER_SEQUENCE), one;

	if (t->profile->ocsp) {
		one = der_begin(b, DER_SEQUENCE);
		buf_put_blob(b, OID_AD_OCSP);
		url_put_ocsp(b, t->issuer);
		der_end(b, one);
	}
	if (t->profile->ca_issuers) {
		one = der_begin(b, DER_SEQUENCE);
		buf_put_blob(b, OID_AD_CA_ISSUERS);
		url_put_ca_issuers(b, t->issuer);
		der_end(b, one);
	}
	der_end(b, all);
	ext_end(b, x);
}

static void
put_addresses(const struct tbs *t)
{
	if (t->profile->cdp)
		put_cdp(t);
	if (t->profile->ocsp || t->profile->ca_issuers)
		put_aia(t);
}

static void
put_san(const struct tbs *t, const struct ca_request *rq)
{
	struct buf *b = t->b;
	/* RFC 5280 4.2.1.6: critical when nothing else names the subject */
	struct ext x = ext_begin(b, OID_SAN, name_is_empty(&t->subject));
	size_t names = der_begin(b, DER_SEQUENCE);

	for (unsigned i = 0; i < rq->n_dns; i++)
		der_put(b, DER_CTX(2), blob_of(rq->dns[i]));
	for (unsigned i = 0; i < rq->n_ip; i++)
		der_put(b, DER_CTX(7), rq->ip[i]);
	der_end(b, names);
	ext_end(b, x);
}

static void
put_leaf(const struct tbs *t, const struct ca_request *rq)
{
	size_t whole = der_begin(t->b, DER_SEQUENCE), exts, list;

	put_head(t);
	exts = der_begin(t->b, DER_CTX_CONS(3));
	list = der_begin(t->b, DER_SEQUENCE);
	put_key_ids(t);
	put_usages(t);
	put_san(t, rq);
	put_addresses(t);
	/* BR 7.1.2.7.6: may stand, critical, and says by its emptiness that this is no CA (cA DEFAULT FALSE) */
	ext_put(t->b, OID_BASIC_CONSTRAINTS, true, BLOB("\x30\x00", 2));
	/* RFC 7633: status_request(5) */
	if (rq->must_staple)
		ext_put(t->b, OID_TLS_FEATURE, false, BLOB("\x30\x03\x02\x01\x05", 5));
	der_end(t->b, list);
	der_end(t->b, exts);
	der_end(t->b, whole);
}

static void
put_ca(const struct tbs *t)
{
	size_t whole = der_begin(t->b, DER_SEQUENCE), exts, list, seq;
	struct ext x;

	put_head(t);
	exts = der_begin(t->b, DER_CTX_CONS(3));
	list = der_begin(t->b, DER_SEQUENCE);
	x = ext_begin(t->b, OID_BASIC_CONSTRAINTS, true);
	seq = der_begin(t->b, DER_SEQUENCE);
	der_put_bool(t->b, true);
	if (t->profile->path_len != PROFILE_NO_PATH_LEN)
		der_put_int(t->b, t->profile->path_len);
	der_end(t->b, seq);
	ext_end(t->b, x);
	put_key_ids(t);
	put_usages(t);
	put_addresses(t);
	der_end(t->b, list);
	der_end(t->b, exts);
	der_end(t->b, whole);
}

/* -- checking */

static int
refuse_lint(const struct lint_finding *f, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (f[i].severity != LINT_ERROR)
			continue;
		return err_set(e, E_LINT_FAILED, "the certificate to be signed breaks rule %s (%s): %s%s%s",
			f[i].rule->id, f[i].rule->source, f[i].rule->text, f[i].place[0] ? ": " : "",
			f[i].place);
	}
	return 0;
}

/* The rules of the world speak of certificates: these bytes get a signature that verifies with no key, and the whole is
 * forgotten. */
static int
lint_as_signed(const struct tbs *t, struct blob tbs, const struct lint_conf *conf, struct arena *a, struct err *e)
{
	static const uint8_t none[] = "\x30\x06\x02\x01\x01\x02\x01\x01";
	struct lint_finding *findings;
	size_t n;

	lint_certificate(cert_assemble(tbs, t->sig_alg, BLOB(none, sizeof(none) - 1), a), conf, a, &findings, &n);
	return refuse_lint(findings, n, e);
}

static int
finish(const struct tbs *t, struct arena *a, struct blob *ret_tbs, struct err *e)
{
	struct lint_conf conf = {.public_rules = t->profile->public_rules};
	struct lint_finding *findings;
	struct blob tbs;
	size_t n;
	int r;

	if (t->b->over)
		return err_set(e, E_LINT_FAILED, "the certificate would be larger than %d bytes", TBS_MAX);
	/* the rules in force when it is issued, which is what its serial says */
	conf.max_validity_ms = policy_value(t->profile->validity_policy, serial_time_ms(t->serial));
	tbs = arena_blob(a, buf_blob(t->b));
	r = lint_tbs(tbs, &conf, a, &findings, &n, e);
	if (r == 0)
		r = refuse_lint(findings, n, e);
	if (r == 0)
		r = lint_as_signed(t, tbs, &conf, a, e);
	if (r == 0)
		*ret_tbs = tbs;
	return r;
}

static int
look_at_key(struct tbs *t, struct err *e)
{
	if (!spki_look(t->spki, &t->kind, &t->bits))
		return err_set(e, E_LINT_FAILED, "the subject's key is of a kind that is not issued");
	if (!key_usage(t))
		return err_set(e, E_LINT_FAILED, "profile \"%s\" has no key usage for such a key", t->profile->name);
	return 0;
}

static int
check_validity(const struct tbs *t, struct err *e)
{
	const struct ca_issuer *is = t->issuer;

	if (t->not_before_ms % 1000 || t->not_after_ms % 1000)
		return err_set(e, E_LINT_FAILED, "the validity is not in whole seconds");
	if (is && (t->not_before_ms < is->not_before_ms || t->not_after_ms > is->not_after_ms))
		return err_set(e, E_LINT_FAILED, "the validity is not inside that of issuer \"%.*s\"",
			STRF(is->name));
	return 0;
}

static int
check_subject(const struct tbs *t, struct err *e)
{
	if (policies(t).n || t->profile->use == PROFILE_ROOT)
		return 0;
	return err_set(e, E_LINT_FAILED, "profile \"%s\" takes %s", t->profile->name,
		t->subject.o.p ? "no organisation" : "only a subject with an organisation");
}

/* BR 4.2.2 and 7.1.2.7.12: no internal names. What else a name must be, model/name.h and the lint say. */
static int
check_names(const struct ca_request *rq, struct err *e)
{
	if (rq->n_dns + rq->n_ip == 0)
		return err_set(e, E_LINT_FAILED, "the certificate would have no name");
	if (rq->profile->any_name)
		return 0;
	for (unsigned i = 0; i < rq->n_dns; i++) {
		struct str s = rq->dns[i];

		if (str_starts(s, STR("*.")))
			s = (struct str){s.p + 2, s.n - 2};
		if (str_find(s, '.') < 0)
			return err_set(e, E_LINT_FAILED, "profile \"%s\" does not take the single label \"%.*s\"",
				rq->profile->name, STRF(s));
	}
	for (unsigned i = 0; i < rq->n_ip; i++)
		if (lint_ip_special(rq->ip[i]))
			return err_set(e, E_LINT_FAILED, "profile \"%s\" does not take private addresses",
				rq->profile->name);
	return 0;
}

/* -- public */

int
ca_tbs_build(const struct ca_issuer *is, const struct ca_request *rq, const uint8_t serial[SERIAL_LEN],
	struct arena *a, struct blob *ret_tbs, struct err *e)
{
	BUF(b, TBS_MAX);
	struct tbs t = {.profile = rq->profile, .subject = rq->subject, .spki = rq->spki, .issuer = is,
		.sig_alg = is->alg, .not_before_ms = rq->not_before_ms, .not_after_ms = rq->not_after_ms,
		.serial = serial, .b = &b};
	int r;

	BUG_ON(rq->profile->use == PROFILE_ROOT || rq->profile->use == PROFILE_INTERMEDIATE);
	if (!rq->profile->common_name)
		t.subject.cn = (struct str){NULL, 0};
	if ((r = look_at_key(&t, e)) < 0 || (r = check_validity(&t, e)) < 0 ||
		(r = check_subject(&t, e)) < 0 || (r = check_names(rq, e)) < 0)
		return r;
	buf_reserve(&b, TBS_USUAL);
	put_leaf(&t, rq);
	return finish(&t, a, ret_tbs, e);
}

int
ca_birth_tbs(const struct ca_birth *birth, const uint8_t serial[SERIAL_LEN], struct arena *a,
	struct blob *ret_tbs, struct err *e)
{
	BUF(b, TBS_MAX);
	const struct ca_issuer *is = birth->parent;
	struct tbs t = {.profile = birth->profile, .subject = birth->subject, .spki = birth->spki, .issuer = is,
		.sig_alg = is ? is->alg : birth->alg, .not_before_ms = birth->not_before_ms,
		.not_after_ms = birth->not_after_ms, .serial = serial, .b = &b};
	int r;

	BUG_ON(birth->profile->use != (is ? PROFILE_INTERMEDIATE : PROFILE_ROOT));
	if ((r = look_at_key(&t, e)) < 0 || (r = check_validity(&t, e)) < 0)
		return r;
	put_ca(&t);
	return finish(&t, a, ret_tbs, e);
}

static int64_t
whole_seconds(int64_t ms)
{
	return ms - ms % 1000;
}

void
ca_validity(const struct profile *p, const struct ca_issuer *is, int64_t now_ms, int64_t wanted_ms,
	int64_t paid_until_ms, int64_t *ret_not_before, int64_t *ret_not_after)
{
	int64_t most = policy_value(p->validity_policy, now_ms), from, until;
	int64_t period = wanted_ms ? wanted_ms : policy_value(p->default_validity_policy, now_ms);

	from = whole_seconds(now_ms - policy_value("backdate", now_ms));
	if (is)
		from = MAX(from, is->not_before_ms);
	/* RFC 5280 4.1.2.5: the period includes both ends */
	until = from + whole_seconds(MIN(period, most)) - MS_SECOND;
	if (is)
		until = MIN(until, is->not_after_ms);
	if (paid_until_ms)
		until = MIN(until, whole_seconds(paid_until_ms));
	*ret_not_before = from;
	*ret_not_after = until;
}
