/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/rfc3339.h"
#include "ca/hierarchy.h"
#include "ca/issue.h"

static int64_t
at(const char *time)
{
	int64_t ms;

	assert_true(rfc3339_get(str_c(time), &ms));
	return ms;
}

static void
leaf_validity_follows_the_dates_of_the_rules(void **state)
{
	static const struct {
		const char *time;
		int days, domain_days;
	} rows[] = {
		{"2025-01-01T00:00:00Z", 398, 398},
		{"2026-03-14T23:59:59Z", 398, 398},
		{"2026-03-15T00:00:00Z", 200, 200},
		{"2027-03-14T23:59:59Z", 200, 200},
		{"2027-03-15T00:00:00Z", 100, 100},
		{"2029-03-14T23:59:59Z", 100, 100},
		{"2029-03-15T00:00:00Z", 47, 10},
		{"2040-01-01T00:00:00Z", 47, 10},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t now = at(rows[i].time);

		assert_int_equal(policy_value("leaf-validity-max", now), rows[i].days * MS_DAY);
		assert_int_equal(policy_value("leaf-validity", now), (rows[i].days - 1) * MS_DAY);
		assert_int_equal(policy_value("domain-reuse", now), rows[i].domain_days * MS_DAY);
	}
}

static void
policy_rows_keep_the_relations_that_the_house_needs(void **state)
{
	int64_t now = at("2026-11-21T00:00:00Z");
	(void)state;

	assert_int_equal(policy_value("token-life", now), 7 * MS_DAY);
	assert_int_equal(policy_value("window-of-use", now), 12);
	assert_int_equal(policy_value("months-max", now), 24);
	assert_int_equal(policy_value("sign-in-tries", now), 5);
	assert_int_equal(policy_value("lease", now), 30 * MS_SECOND);
	/* an application must not fail while its reserved certificate may still be signed */
	assert_true(policy_value("issuing-timeout", now) >= policy_value("recovery-window", now));
	assert_true(policy_value("ocsp-refresh", now) <= policy_value("ocsp-validity", now) - 8 * MS_HOUR);
	assert_true(policy_value("crl-refresh", now) < policy_value("crl-validity", now));
	assert_true(policy_value("backdate", now) < 48 * MS_HOUR);
}

static void
each_policy_row_says_its_unit_and_source(void **state)
{
	const struct policy_row *r = NULL;
	unsigned n = 0;
	(void)state;

	for (; (r = policy_next(r)); n++) {
		assert_true(*r->source && *r->text);
		assert_true(!strcmp(r->unit, "ms") || !strcmp(r->unit, "months") || !strcmp(r->unit, "count"));
	}
	assert_true(n > 40);
}

static void
profiles_are_found_by_name_and_version(void **state)
{
	static const char *const names[] = {"root", "intermediate", "public-tls-dv", "public-tls-ov",
		"public-tls-ev", "private-tls", "sm2-sign", "sm2-enc",
		"sm2-sign-ev", "sm2-enc-ev", "sm2-sign-private", "sm2-enc-private"};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct profile *p = profile_find(str_c(names[i]), 0);

		assert_non_null(p);
		assert_ptr_equal(profile_find(str_c(names[i]), p->version), p);
		assert_null(profile_find(str_c(names[i]), p->version + 1));
	}
	assert_null(profile_find(STR("public-tls"), 0));
}

static void
hierarchies_stand_parent_first_with_limits_that_hold(void **state)
{
	const struct hierarchy_row *r = NULL;
	unsigned n = 0;
	(void)state;

	for (; (r = hierarchy_next(r)); n++) {
		const struct hierarchy_row *parent = r->parent ? hierarchy_find(str_c(r->parent)) : NULL;
		const struct profile *p = profile_find(str_c(r->profile), 0);

		assert_non_null(p);
		assert_true(strlen(r->name) <= SIGNER_ISSUER_NAME_MAX);
		assert_int_equal(p->use, parent ? PROFILE_INTERMEDIATE : PROFILE_ROOT);
		/* what signs CA certificates never signs leaves */
		assert_int_equal(r->limits.ca, !r->limits.leaves);
		assert_true(r->limits.ca || r->limits.key_usages);
		if (!parent)
			continue;
		assert_true(parent < r && parent->limits.ca);
		assert_true(r->validity_ms < parent->validity_ms && r->validity_ms <= parent->limits.max_validity_ms);
	}
	assert_int_equal(n, 6);
}

static void
each_subscriber_key_has_its_issuer(void **state)
{
	static const struct {
		enum key_alg alg;
		const char *issuer;
	} rows[] = {{KEY_RSA_2048, "rsa-1"}, {KEY_RSA_3072, "rsa-1"}, {KEY_RSA_4096, "rsa-1"},
		{KEY_EC_P256, "ecdsa-1"}, {KEY_EC_P384, "ecdsa-1"}, {KEY_SM2, "sm2-1"}};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_string_equal(hierarchy_for_key(rows[i].alg)->name, rows[i].issuer);
	assert_null(hierarchy_for_key(KEY_OTHER));
	assert_null(hierarchy_for_key(KEY_NONE));
}

/* What the profiles write is what the signer's hard limits let pass, today and after each dated change. */
static void
leaf_profiles_stay_inside_the_hard_limits(void **state)
{
	const struct profile *p = NULL;
	(void)state;

	while ((p = profile_next(p))) {
		const struct hierarchy_row *rsa = hierarchy_find(STR("rsa-1")), *ec = hierarchy_find(STR("ecdsa-1"));
		const struct hierarchy_row *sm2 = hierarchy_find(STR("sm2-1"));

		if (p->use == PROFILE_ROOT || p->use == PROFILE_INTERMEDIATE)
			continue;
		assert_false(p->key_usage_rsa & ~rsa->limits.key_usages);
		assert_false(p->key_usage_ec & ~ec->limits.key_usages);
		assert_false(p->key_usage_sm2 & ~sm2->limits.key_usages);
		for (int year = 2026; year < 2032; year++) {
			int64_t t = civil_to_ms(&(struct civil){.year = year, .month = 6, .day = 1});

			assert_true(policy_value(p->validity_policy, t) <= ec->limits.max_validity_ms);
			assert_true(policy_value(p->default_validity_policy, t) <= policy_value(p->validity_policy, t));
		}
	}
}

static void
serials_are_positive_and_carry_their_time(void **state)
{
	int64_t now = at("2026-11-21T08:48:14Z") + 999;
	uint8_t a[SERIAL_LEN], b[SERIAL_LEN];
	(void)state;

	for (int i = 0; i < 1000; i++) {
		serial_new(now, a);
		assert_true(a[0] >= 0x01 && a[0] <= 0x7f);
		assert_true(serial_time_ms(a) == now - 999);
		serial_new(now + 1000, b);
		/* a later second sorts behind */
		assert_true(blob_cmp(BLOB(a, SERIAL_LEN), BLOB(b, SERIAL_LEN)) < 0);
		serial_new(now, b);
		assert_memory_not_equal(a + 5, b + 5, SERIAL_LEN - 5);
	}
	serial_new(at("2106-02-07T06:28:15Z"), a);
	assert_true(serial_time_ms(a) == at("2106-02-07T06:28:15Z"));
}

static void
serials_spread_over_the_shards_and_stay_there(void **state)
{
	unsigned count[16] = {0};
	uint8_t s[SERIAL_LEN + 1] = {0};
	static const uint8_t fixed[] = {0x01, 0x69, 0x20, 0x28, 0xae, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
	(void)state;

	for (int i = 0; i < 16000; i++) {
		unsigned shard;

		serial_new(at("2026-11-21T08:48:14Z"), s + 1);
		shard = serial_shard(BLOB(s + 1, SERIAL_LEN), 16);
		assert_true(shard < 16);
		count[shard]++;
		assert_int_equal(serial_shard(BLOB(s, SERIAL_LEN + 1), 16), shard); /* a leading zero counts for nothing */
		assert_int_equal(serial_shard(BLOB(s + 1, SERIAL_LEN), 1), 0);
	}
	for (int i = 0; i < 16; i++)
		assert_in_range(count[i], 800, 1200);
	/* the function stands in certificates: it may never change */
	assert_int_equal(serial_shard(BLOB(fixed, sizeof(fixed)), 1000), 563);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(leaf_validity_follows_the_dates_of_the_rules),
		cmocka_unit_test(policy_rows_keep_the_relations_that_the_house_needs),
		cmocka_unit_test(each_policy_row_says_its_unit_and_source),
		cmocka_unit_test(profiles_are_found_by_name_and_version),
		cmocka_unit_test(hierarchies_stand_parent_first_with_limits_that_hold),
		cmocka_unit_test(each_subscriber_key_has_its_issuer),
		cmocka_unit_test(leaf_profiles_stay_inside_the_hard_limits),
		cmocka_unit_test(serials_are_positive_and_carry_their_time),
		cmocka_unit_test(serials_spread_over_the_shards_and_stay_there),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
