/* SPDX-License-Identifier: Apache-2.0 */
/* What src/ca writes is what the signer's own reader and hard limits let pass: every hierarchy, every profile. */
#include "ca/env_test.h"

#include <stdlib.h>

#include "ca/crl.h"
#include "ca/hierarchy.h"
#include "ca/ocsp.h"
#include "signer/rules.h"
#include "signer/tbs.h"

#define ISSUERS_MAX 8

static struct arena keep;
static struct env_issuer issuers[ISSUERS_MAX];
static unsigned n_issuers;
static int64_t now;

static struct env_issuer *
issuer_named(const char *name)
{
	for (unsigned i = 0; name && i < n_issuers; i++)
		if (str_eq_c(issuers[i].is.name, name))
			return &issuers[i];
	return NULL;
}

/* Small RSA keys: they take part in no rule here. */
static enum key_alg
quick(enum key_alg alg)
{
	return alg == KEY_RSA_3072 || alg == KEY_RSA_4096 ? KEY_RSA_2048 : alg;
}

static int
setup(void **state)
{
	const struct hierarchy_row *row = NULL;
	(void)state;

	now = clock_wall_ms();
	while ((row = hierarchy_next(row))) {
		assert_true(n_issuers < ISSUERS_MAX);
		env_issuer_make(&issuers[n_issuers++], row->name, quick(row->alg), issuer_named(row->parent), row->shards, now, &keep);
	}
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_issuers; i++)
		env_issuer_done(&issuers[i]);
	arena_done(&keep);
	return 0;
}

static void
passes(const char *what, struct blob tbs, const struct hierarchy_row *by, const struct hierarchy_row *child, bool self)
{
	const struct env_issuer *is = issuer_named(by->name);
	struct tbs_cert t;
	ERR(e);

	if (tbs_cert_read(tbs, &t, &e) < 0 || rules_common(&t, key_sig_alg(is->is.alg), &by->limits, now, &e) < 0 ||
		(child ? rules_ca(&t, &by->limits, self, &child->limits, &e) : rules_leaf(&t, &by->limits, &e)) < 0)
		fail_msg("%s by %s: %s", what, by->name, e.msg);
}

static void
births_pass_the_limits_of_their_issuer(void **state)
{
	const struct hierarchy_row *row = NULL;
	(void)state;

	while ((row = hierarchy_next(row))) {
		ARENA(a);
		ERR(e);
		struct cert_info info;

		assert_int_equal(cert_read(issuer_named(row->name)->is.cert, &a, &info, &e), 0);
		passes(row->name, info.tbs, row->parent ? hierarchy_find(str_c(row->parent)) : row, row, !row->parent);
	}
}

static const struct str names[] = {{"www.example.com", 15}, {"*.example.com", 13}};

static void
leaf_passes(const struct profile *p, enum key_alg alg, bool organisation)
{
	ARENA(a);
	ERR(e);
	const struct hierarchy_row *by = hierarchy_for_key(alg);
	struct ca_request rq = {.profile = p, .dns = names, .n_dns = 2, .subject = {.cn = names[0]}, .spki = env_spki(alg, &a),
		.must_staple = true};
	const struct ca_issuer *is = &issuer_named(by->name)->is;
	uint8_t serial[SERIAL_LEN];
	struct blob tbs;

	/* EVG 9.8.1, which the lint knows by the policy that stands in it */
	if (strstr(p->name, "-ev") || strstr(p->name, "_ev"))
		rq.n_dns = 1;
	if (organisation) {
		rq.subject = (struct ca_subject){.c = STR("CN"), .l = STR("Hangzhou"), .o = STR("Example"), .cn = names[0],
			.jurisdiction_c = STR("CN"), .serial_number = STR("91330"), .business_category = STR("Private Organization")};
	}
	serial_new(now, serial);
	ca_validity(p, is, now, 0, 0, &rq.not_before_ms, &rq.not_after_ms);
	if (ca_tbs_build(is, &rq, serial, &a, &tbs, &e) < 0)
		fail_msg("%s: %s", p->name, e.msg);
	passes(p->name, tbs, by, NULL, false);
}

static void
leaves_of_every_profile_pass_the_limits(void **state)
{
	static const enum key_alg algs[] = {KEY_RSA_2048, KEY_EC_P256, KEY_EC_P384, KEY_SM2};
	const struct profile *p = NULL;
	unsigned n = 0;
	(void)state;

	while ((p = profile_next(p))) {
		if (p->use == PROFILE_ROOT || p->use == PROFILE_INTERMEDIATE)
			continue;
		for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
			unsigned usage = algs[i] == KEY_SM2 ? p->key_usage_sm2 : algs[i] == KEY_RSA_2048 ? p->key_usage_rsa : p->key_usage_ec;

			if (!usage)
				continue;
			if (p->policies[0])
				leaf_passes(p, algs[i], false);
			if (p->policies_org[0])
				leaf_passes(p, algs[i], true);
			n++;
		}
	}
	assert_true(n >= 14);
}

static void
crls_and_answers_are_taken_for_what_they_are(void **state)
{
	(void)state;
	for (unsigned i = 0; i < n_issuers; i++) {
		ARENA(a);
		ERR(e);
		const struct ca_issuer *is = &issuers[i].is;
		struct crl_entry en = {BLOB("\x01\x02", 2), now, 1};
		struct ocsp_answer an = {.id = ocsp_cert_id_of(is, en.serial, false, &a), .status = OCSP_REVOKED, .reason = 1,
			.revoked_ms = now, .this_update_ms = now, .next_update_ms = now};
		struct crl_writer *w;
		struct blob tbs;

		for (int entries = 0; entries < 2; entries++) {
			assert_int_equal(crl_begin(is, 0, 1, now, now + MS_DAY, &w, &e), 0);
			if (entries)
				crl_add(w, &en);
			assert_int_equal(crl_tbs(w, &tbs, &e), 0);
			if (tbs_crl_check(tbs, key_sig_alg(is->alg), &e) < 0)
				fail_msg("CRL of %.*s: %s", STRF(is->name), e.msg);
			assert_int_equal(tbs_ocsp_check(tbs, &(struct err){0}), E_LIMIT_REFUSED);
			assert_int_equal(crl_end(w, NULL, NULL, NULL, &e), 0);
		}
		assert_int_equal(ocsp_tbs(is, &an, 1, BLOB("nonce", 5), now, &a, &tbs, &e), 0);
		if (tbs_ocsp_check(tbs, &e) < 0)
			fail_msg("answer of %.*s: %s", STRF(is->name), e.msg);
		assert_int_equal(tbs_crl_check(tbs, key_sig_alg(is->alg), &(struct err){0}), E_LIMIT_REFUSED);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(births_pass_the_limits_of_their_issuer),
		cmocka_unit_test(leaves_of_every_profile_pass_the_limits),
		cmocka_unit_test(crls_and_answers_are_taken_for_what_they_are),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
