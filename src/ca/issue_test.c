/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/env_test.h"

#define NOW "2026-11-21T08:48:14Z"

static struct arena keep;
static struct env_issuer root, sub, sm2_root, sm2;
static struct blob spki, sm2_spki;

static int
setup(void **state)
{
	int64_t now = env_time("2026-11-20T00:00:00Z");
	(void)state;

	env_issuer_make(&root, "root", KEY_EC_P384, NULL, 1, now, &keep);
	env_issuer_make(&sub, "sub", KEY_EC_P256, &root, 16, now, &keep);
	env_issuer_make(&sm2_root, "sm2-root", KEY_SM2, NULL, 1, now, &keep);
	env_issuer_make(&sm2, "sm2", KEY_SM2, &sm2_root, 1, now, &keep);
	spki = env_spki(KEY_EC_P256, &keep);
	sm2_spki = env_spki(KEY_SM2, &keep);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	env_issuer_done(&root);
	env_issuer_done(&sub);
	env_issuer_done(&sm2_root);
	env_issuer_done(&sm2);
	arena_done(&keep);
	return 0;
}

static const struct str one_name[] = {{"www.example.com", 15}};

static struct ca_request
request(const char *profile, const char *now)
{
	struct ca_request rq = {.profile = profile_find(str_c(profile), 0), .dns = one_name, .n_dns = 1, .spki = spki,
		.subject = {.cn = one_name[0]}};

	ca_validity(rq.profile, &sub.is, env_time(now), 0, 0, &rq.not_before_ms, &rq.not_after_ms);
	return rq;
}

static int
build(const struct ca_request *rq, const char *now, struct arena *a, struct blob *tbs, struct err *e)
{
	uint8_t serial[SERIAL_LEN];

	env_serial(env_time(now), serial);
	return ca_tbs_build(rq->profile->use == PROFILE_TLS ? &sub.is : &sm2.is, rq, serial, a, tbs, e);
}

static bool
contains(struct blob b, struct str s)
{
	return memmem(b.p, b.n, s.p, s.n) != NULL;
}

static void
issuers_know_what_follows_from_their_certificates(void **state)
{
	const struct env_issuer *all[] = {&root, &sub, &sm2_root, &sm2};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		ARENA(a);
		ERR(e);
		const struct ca_issuer *is = &all[i]->is, *by = is->parent ? is->parent : is;
		struct cert_info info;

		assert_int_equal(cert_read(is->cert, &a, &info, &e), 0);
		assert_int_equal(cert_verify(&info, by->key, &e), 0);
		assert_true(info.ca && blob_eq(info.issuer, by->subject));
		/* method 1 of RFC 5280 4.2.1.2 is the digest that OCSP uses too */
		assert_memory_equal(is->ski, is->key_sha1, 20);
		assert_int_equal(is->alg, key_alg(all[i]->private));
	}
}

static void
a_leaf_certificate_is_no_issuer(void **state)
{
	ARENA(a);
	ERR(e);
	struct ca_request rq = request("public-tls-dv", NOW);
	struct ca_issuer is = {.name = STR("leaf")};
	struct blob tbs;
	(void)state;

	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), 0);
	assert_int_equal(ca_issuer_load(&is, cert_assemble(tbs, KEY_EC_P256, BLOB("\x30\x06\x02\x01\x01\x02\x01\x01", 8), &a),
		&a, &e), E_CERT_UNREADABLE);
}

static void
validity_counts_both_ends_and_follows_the_dates(void **state)
{
	static const struct {
		const char *profile, *now, *not_before, *not_after;
	} rows[] = {
		/* 199 days under a rule of at most 200 */
		{"public-tls-dv", "2026-11-21T08:48:14.567Z", "2026-11-21T07:48:14Z", "2027-06-08T07:48:13Z"},
		{"public-tls-dv", "2027-03-15T00:00:00Z", "2027-03-14T23:00:00Z", "2027-06-21T22:59:59Z"},
		{"public-tls-dv", "2029-03-15T00:00:00Z", "2029-03-14T23:00:00Z", "2029-04-29T22:59:59Z"},
		/* over a leap day */
		{"public-tls-dv", "2028-02-01T01:00:00Z", "2028-02-01T00:00:00Z", "2028-05-09T23:59:59Z"},
		{"private-tls", "2027-12-01T01:00:00Z", "2027-12-01T00:00:00Z", "2030-03-04T23:59:59Z"},
		{"sm2-enc", "2026-11-21T08:48:14Z", "2026-11-21T07:48:14Z", "2027-06-08T07:48:13Z"},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t from, until;

		ca_validity(profile_find(str_c(rows[i].profile), 0), &sub.is, env_time(rows[i].now), 0, 0, &from, &until);
		assert_true(from == env_time(rows[i].not_before));
		assert_true(until == env_time(rows[i].not_after));
	}
}

static void
validity_is_cut_by_rule_payment_and_issuer(void **state)
{
	const struct profile *p = profile_find(STR("public-tls-dv"), 0);
	int64_t now = env_time(NOW), from, until, paid;
	struct ca_issuer young = sub.is;
	(void)state;

	/* wanted: taken, at most the rule's 200 days */
	ca_validity(p, &sub.is, now, 10 * MS_DAY, 0, &from, &until);
	assert_true(until - from == 10 * MS_DAY - MS_SECOND);
	ca_validity(p, &sub.is, now, 200 * MS_DAY, 0, &from, &until);
	assert_true(until - from == 200 * MS_DAY - MS_SECOND);
	ca_validity(p, &sub.is, now, 5000 * MS_DAY, 0, &from, &until);
	assert_true(until - from == 200 * MS_DAY - MS_SECOND);
	/* no certificate ends after what is paid for */
	paid = now + 30 * MS_DAY + 500;
	ca_validity(p, &sub.is, now, 0, paid, &from, &until);
	assert_true(until <= paid && until > paid - MS_SECOND && until % MS_SECOND == 0);
	/* nor after its issuer, nor does it begin before it */
	young.not_before_ms = now - 60 * MS_SECOND;
	young.not_after_ms = now + 5 * MS_DAY;
	ca_validity(p, &young, now, 0, 0, &from, &until);
	assert_true(from == young.not_before_ms && until == young.not_after_ms);
}

static void
the_longest_validity_is_taken_and_a_second_more_refused(void **state)
{
	static const struct {
		const char *profile, *now;
		int days;
	} rows[] = {
		{"public-tls-dv", "2026-11-21T00:00:00Z", 200},
		{"public-tls-dv", "2027-03-14T23:59:59Z", 200},
		{"public-tls-dv", "2027-03-15T00:00:00Z", 100},
		{"public-tls-dv", "2029-03-15T00:00:00Z", 47},
		{"private-tls", "2027-11-21T00:00:00Z", 825},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);
		ERR(e);
		struct ca_request rq = request(rows[i].profile, rows[i].now);
		struct blob tbs;

		rq.not_after_ms = rq.not_before_ms + rows[i].days * MS_DAY - MS_SECOND;
		assert_int_equal(build(&rq, rows[i].now, &a, &tbs, &e), 0);
		rq.not_after_ms += MS_SECOND;
		assert_int_equal(build(&rq, rows[i].now, &a, &tbs, &e), E_LINT_FAILED);
		assert_non_null(strstr(e.msg, "validity-max"));
	}
}

static void
validity_outside_the_issuers_is_refused(void **state)
{
	ARENA(a);
	ERR(e);
	struct ca_request rq = request("public-tls-dv", NOW);
	struct blob tbs;
	(void)state;

	rq.not_before_ms = sub.is.not_before_ms - MS_SECOND;
	rq.not_after_ms = rq.not_before_ms + MS_DAY;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	rq.not_before_ms = sub.is.not_after_ms - MS_DAY;
	rq.not_after_ms = sub.is.not_after_ms + MS_SECOND;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	rq = request("public-tls-dv", NOW);
	rq.not_after_ms += 500;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	rq.not_after_ms = rq.not_before_ms - MS_SECOND;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
}

static void
times_from_2050_on_are_generalized(void **state)
{
	ARENA(a);
	ERR(e);
	const struct profile *p = profile_find(STR("root"), 0);
	struct ca_birth birth = {.profile = p, .alg = KEY_EC_P256, .spki = spki,
		.subject = {.c = STR("CN"), .o = STR("Signet"), .cn = STR("Old")},
		.not_before_ms = env_time("2049-12-31T23:59:59Z"), .not_after_ms = env_time("2050-01-01T00:00:00Z")};
	uint8_t serial[SERIAL_LEN];
	struct blob tbs;
	(void)state;

	env_serial(birth.not_before_ms, serial);
	assert_int_equal(ca_birth_tbs(&birth, serial, &a, &tbs, &e), 0);
	assert_true(contains(tbs, STR("\x17\x0d" "491231235959Z\x18\x0f" "20500101000000Z")));
}

static void
the_subject_is_empty_and_names_critical_where_no_common_name_is_written(void **state)
{
	ARENA(a);
	ERR(e);
	struct ca_request rq = request("public-tls-dv", NOW), sign = request("sm2-sign", NOW);
	struct cert_info info;
	struct blob tbs, san_critical = BLOB("\x06\x03\x55\x1d\x11\x01\x01\xff", 8);
	(void)state;

	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), 0);
	assert_int_equal(cert_read(cert_assemble(tbs, KEY_EC_P256, BLOB("\x30\x06\x02\x01\x01\x02\x01\x01", 8), &a), &a,
		&info, &e), 0);
	assert_int_equal(info.subject.n, 2);
	assert_true(contains(tbs, str_of(san_critical)));
	sign.spki = sm2_spki;
	assert_int_equal(build(&sign, NOW, &a, &tbs, &e), 0);
	assert_true(contains(tbs, STR("\x06\x03\x55\x04\x03\x0c\x0fwww.example.com")));
	assert_false(contains(tbs, str_of(san_critical)));
}

static void
the_distribution_point_is_that_of_the_serials_shard(void **state)
{
	bool seen[16] = {false};
	unsigned n = 0;
	(void)state;

	for (int i = 0; i < 400; i++) {
		ARENA(a);
		ERR(e);
		struct ca_request rq = request("public-tls-dv", NOW);
		uint8_t serial[SERIAL_LEN];
		struct blob tbs;
		unsigned shard;

		env_serial(env_time(NOW), serial);
		shard = serial_shard(BLOB(serial, SERIAL_LEN), 16);
		assert_int_equal(ca_tbs_build(&sub.is, &rq, serial, &a, &tbs, &e), 0);
		assert_true(contains(tbs, arena_printf(&a, "http://status.example.com/crl/sub/%u.crl", shard)));
		n += !seen[shard];
		seen[shard] = true;
	}
	assert_int_equal(n, 16);
}

static void
names_that_the_profile_forbids_are_refused(void **state)
{
	static const struct {
		const char *profile, *name, *ip, *word;
	} rows[] = {
		{"public-tls-dv", "intranet", NULL, "single label"},
		{"public-tls-dv", "*.intranet", NULL, "single label"},
		{"public-tls-dv", "www.local", NULL, "dns-special"},
		{"public-tls-dv", "WWW.example.com", NULL, "dns-lower-case"},
		{"public-tls-dv", "a_b.example.com", NULL, "dns-syntax"},
		{"public-tls-dv", "a..example.com", NULL, "dns-syntax"},
		{"public-tls-dv", "*.*.example.com", NULL, "dns-wildcard"},
		{"public-tls-dv", "xn--99999999.example.com", NULL, "dns-a-label"},
		{"public-tls-dv", NULL, "c0a80001", "private addresses"},
		{"public-tls-dv", NULL, "fe800000000000000000000000000001", "private addresses"},
		{"public-tls-dv", NULL, "0808", "ip-length"},
		{"public-tls-dv", NULL, NULL, "no name"},
		{"private-tls", "a_b", NULL, "dns-syntax"},
		{"private-tls", NULL, NULL, "no name"},
		{"sm2-sign", "intranet", NULL, "single label"},
		{"private-tls", "intranet", "7f000001", NULL},
		{"private-tls", "*.intranet.local", "fd000000000000000000000000000001", NULL},
		{"public-tls-dv", "*.example.com", "08080808", NULL},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);
		ERR(e);
		struct ca_request rq = request(rows[i].profile, NOW);
		struct str name = str_c(rows[i].name);
		struct blob ip = rows[i].ip ? env_hex(rows[i].ip, &a) : (struct blob){NULL, 0}, tbs;
		int r;

		rq.dns = &name;
		rq.n_dns = rows[i].name != NULL;
		rq.ip = &ip;
		rq.n_ip = rows[i].ip != NULL;
		rq.subject.cn = name;
		if (rq.profile->use != PROFILE_TLS)
			rq.spki = sm2_spki;
		r = build(&rq, NOW, &a, &tbs, &e);
		if (r != (rows[i].word ? E_LINT_FAILED : 0) || (rows[i].word && !strstr(e.msg, rows[i].word)))
			fail_msg("row %zu: %d %s", i, r, e.msg);
	}
}

static void
a_common_name_that_is_no_name_is_refused_where_one_is_written(void **state)
{
	ARENA(a);
	ERR(e);
	struct ca_request rq = request("sm2-sign", NOW);
	struct blob tbs;
	(void)state;

	rq.spki = sm2_spki;
	rq.subject.cn = STR("other.example.com");
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	assert_non_null(strstr(e.msg, "cn-in-san"));
}

static void
keys_that_the_profile_does_not_take_are_refused(void **state)
{
	ARENA(a);
	ERR(e);
	struct ca_request rq = request("public-tls-dv", NOW);
	struct blob tbs;
	(void)state;

	rq.spki = sm2_spki;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	rq.spki = env_hex("302a300506032b65700321000123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", &a);
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	rq.spki = BLOB("junk", 4);
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	rq = request("sm2-enc", NOW);
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
}

static void
organisations_stand_only_where_they_were_validated(void **state)
{
	ARENA(a);
	ERR(e);
	struct ca_request dv = request("public-tls-dv", NOW), ov = request("public-tls-ov", NOW);
	struct ca_request private = request("private-tls", NOW);
	struct blob tbs;
	(void)state;

	dv.subject.o = STR("Example");
	assert_int_equal(build(&dv, NOW, &a, &tbs, &e), E_LINT_FAILED);
	assert_int_equal(build(&ov, NOW, &a, &tbs, &e), E_LINT_FAILED);
	ov.subject.o = STR("Example");
	ov.subject.c = STR("CN");
	assert_int_equal(build(&ov, NOW, &a, &tbs, &e), E_LINT_FAILED); /* neither state nor locality */
	ov.subject.l = STR("Hangzhou");
	assert_int_equal(build(&ov, NOW, &a, &tbs, &e), 0);
	/* the policy follows the subject: 2.23.140.1.2.1 or .2 */
	assert_int_equal(build(&private, NOW, &a, &tbs, &e), 0);
	assert_true(contains(tbs, STR("\x67\x81\x0c\x01\x02\x01")));
	private.subject.o = STR("Example");
	assert_int_equal(build(&private, NOW, &a, &tbs, &e), 0);
	assert_true(contains(tbs, STR("\x67\x81\x0c\x01\x02\x02")));
}

static void
what_the_house_does_not_ask_the_world_does(void **state)
{
	ARENA(a);
	ERR(e);
	struct ca_request rq = request("public-tls-ev", NOW);
	struct str names[] = {STR("www.example.com"), STR("*.example.com")};
	struct blob tbs;
	(void)state;

	rq.subject = (struct ca_subject){.c = STR("CN"), .l = STR("Hangzhou"), .o = STR("Example"), .cn = names[0],
		.jurisdiction_c = STR("CN"), .serial_number = STR("91330"), .business_category = STR("Private Organization")};
	rq.dns = names;
	rq.n_dns = 1;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), 0);
	rq.n_dns = 2;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	assert_non_null(strstr(e.msg, "dns-ev-wildcard"));
}

static void
too_many_names_are_refused_and_not_cut(void **state)
{
	ARENA(a);
	ERR(e);
	struct ca_request rq = request("public-tls-dv", NOW);
	struct str *names = arena_new_n(&a, 4000, struct str);
	struct blob tbs;
	(void)state;

	for (unsigned i = 0; i < 4000; i++)
		names[i] = arena_printf(&a, "name-%u.example.com", i);
	rq.dns = names;
	rq.n_dns = 4000;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), E_LINT_FAILED);
	rq.n_dns = 1000;
	assert_int_equal(build(&rq, NOW, &a, &tbs, &e), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(issuers_know_what_follows_from_their_certificates),
		cmocka_unit_test(a_leaf_certificate_is_no_issuer),
		cmocka_unit_test(validity_counts_both_ends_and_follows_the_dates),
		cmocka_unit_test(validity_is_cut_by_rule_payment_and_issuer),
		cmocka_unit_test(the_longest_validity_is_taken_and_a_second_more_refused),
		cmocka_unit_test(validity_outside_the_issuers_is_refused),
		cmocka_unit_test(times_from_2050_on_are_generalized),
		cmocka_unit_test(the_subject_is_empty_and_names_critical_where_no_common_name_is_written),
		cmocka_unit_test(the_distribution_point_is_that_of_the_serials_shard),
		cmocka_unit_test(names_that_the_profile_forbids_are_refused),
		cmocka_unit_test(a_common_name_that_is_no_name_is_refused_where_one_is_written),
		cmocka_unit_test(keys_that_the_profile_does_not_take_are_refused),
		cmocka_unit_test(organisations_stand_only_where_they_were_validated),
		cmocka_unit_test(what_the_house_does_not_ask_the_world_does),
		cmocka_unit_test(too_many_names_are_refused_and_not_cut),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
