/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/env_test.h"

#include <stdlib.h>

#include "ca/crl.h"

static struct arena keep;
static struct env_issuer root, sub;

static int
setup(void **state)
{
	int64_t now = env_time("2026-11-20T00:00:00Z");
	(void)state;

	env_issuer_make(&root, "root", KEY_EC_P384, NULL, 1, now, &keep);
	env_issuer_make(&sub, "sub", KEY_EC_P256, &root, 4, now, &keep);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	env_issuer_done(&root);
	env_issuer_done(&sub);
	arena_done(&keep);
	return 0;
}

struct crl {
	struct blob tbs, sig, entries /* {NULL, 0}: absent */, exts;
	int64_t this_update_ms, next_update_ms;
	size_t n;
};

/* Strictly, with every length right. */
static void
crl_read(struct blob der, struct crl *c)
{
	struct cursor whole = cursor_of(der), in, tbs, list, exts;
	int64_t version = 0;
	struct blob seq;

	*c = (struct crl){0};
	assert_true(der_open(&whole, DER_SEQUENCE, &in) && der_done(&whole));
	assert_true(der_next(&in, NULL, NULL, &c->tbs) && der_get(&in, DER_SEQUENCE, NULL) &&
		    der_get_bits(&in, &c->sig) && der_done(&in));
	in = cursor_of(c->tbs);
	assert_true(der_open(&in, DER_SEQUENCE, &tbs) && der_get_int(&tbs, &version));
	assert_int_equal(version, 1);
	assert_true(der_get(&tbs, DER_SEQUENCE, NULL) && der_next(&tbs, NULL, NULL, &seq));
	assert_true(der_get_time(&tbs, &c->this_update_ms) && der_get_time(&tbs, &c->next_update_ms));
	if (der_peek(&tbs) == DER_SEQUENCE) {
		assert_true(der_get(&tbs, DER_SEQUENCE, &c->entries));
		for (list = cursor_of(c->entries); !der_done(&list); c->n++)
			assert_true(der_get(&list, DER_SEQUENCE, NULL));
	}
	assert_true(der_open(&tbs, DER_CTX_CONS(0), &exts) && der_done(&tbs) &&
		    der_get(&exts, DER_SEQUENCE, &c->exts) && der_done(&exts));
}

static struct blob
crl_make(const struct env_issuer *in, unsigned shard, const struct crl_entry *entries, size_t n, struct arena *a)
{
	struct crl_writer *w;
	struct blob tbs, sig, ret;
	uint8_t *der;
	size_t der_n;
	ERR(e);

	assert_int_equal(crl_begin(&in->is, shard, 7, env_time("2026-11-21T08:48:14Z") + 999,
		env_time("2026-11-28T08:48:14Z"), &w, &e), 0);
	for (size_t i = 0; i < n; i++)
		crl_add(w, &entries[i]);
	assert_int_equal(crl_tbs(w, &tbs, &e), 0);
	assert_int_equal(key_sign(in->private, tbs, a, &sig, &e), 0);
	assert_int_equal(crl_end(w, &sig, &der, &der_n, &e), 0);
	ret = arena_blob(a, BLOB(der, der_n));
	free(der);
	return ret;
}

static void
a_crl_of_any_length_is_well_formed_and_verifies(void **state)
{
	/* around each width of a length */
	static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 6, 1400, 1500, 1600, 70000};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		ARENA(a);
		ERR(e);
		struct crl_entry *entries = arena_new_n(&a, sizes[i], struct crl_entry);
		struct crl crl;

		for (size_t k = 0; k < sizes[i]; k++) {
			uint8_t *serial = arena_alloc(&a, SERIAL_LEN);

			env_serial(env_time("2026-11-21T00:00:00Z"), serial);
			entries[k] = (struct crl_entry){
				BLOB(serial, SERIAL_LEN), env_time("2026-11-21T01:00:00Z"), (int)(k % 6)};
		}
		crl_read(crl_make(&sub, 3, entries, sizes[i], &a), &crl);
		assert_int_equal(crl.n, sizes[i]);
		assert_true((crl.entries.p != NULL) == (sizes[i] > 0));
		assert_int_equal(key_verify(sub.is.key, crl.tbs, crl.sig, &e), 0);
		assert_true(crl.this_update_ms == env_time("2026-11-21T08:48:14Z"));
		assert_true(crl.next_update_ms == env_time("2026-11-28T08:48:14Z"));
	}
}

static void
entries_say_serial_time_and_reason(void **state)
{
	static const struct {
		const char *serial, *time;
		int reason;
		const char *hex;
	} rows[] = {
		{"01", "2026-11-21T08:48:14.999Z", 0, "3012" "020101" "170d3236313132313038343831345a"},
		{"80", "2026-11-21T08:48:14Z", 1,
			"3021" "02020080" "170d3236313132313038343831345a" "300c300a0603551d1504030a0101"},
		{"00ff", "2050-01-01T00:00:00Z", 9,
			"3023" "020200ff" "180f32303530303130313030303030305a" "300c300a0603551d1504030a0109"},
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);
		struct crl_entry en = {env_hex(rows[i].serial, &a), env_time(rows[i].time), rows[i].reason};
		struct crl crl;

		crl_read(crl_make(&sub, 0, &en, 1, &a), &crl);
		assert_string_equal(arena_cstr(&a, hex_encode(&a, crl.entries)), rows[i].hex);
	}
}

static void
extensions_name_key_number_and_shard(void **state)
{
	ARENA(a);
	struct crl crl;
	struct str hex;
	const char *ski = arena_cstr(&a, hex_encode(&a, BLOB(sub.is.ski, 20)));
	const char *root_ski = arena_cstr(&a, hex_encode(&a, BLOB(root.is.ski, 20)));
	(void)state;

	crl_read(crl_make(&sub, 2, NULL, 0, &a), &crl);
	hex = hex_encode(&a, crl.exts);
	assert_string_equal(arena_cstr(&a, hex),
		arena_printf(&a, "301f0603551d2304183016" "8014%s" "300a0603551d140403020107"
			"303c0603551d1c0101ff04323030" "a02ba0298627"
			"687474703a2f2f7374617475732e6578616d706c652e636f6d2f63726c2f7375622f322e63726c" "8101ff",
			ski).p);
	crl_read(crl_make(&root, 0, NULL, 0, &a), &crl);
	hex = hex_encode(&a, crl.exts);
	assert_string_equal(arena_cstr(&a, hex),
		arena_printf(&a, "301f0603551d2304183016" "8014%s" "300a0603551d140403020107"
			"300f0603551d1c0101ff04053003" "8201ff", root_ski).p);
}

static void
a_crl_that_is_given_up_leaves_nothing(void **state)
{
	struct crl_writer *w;
	struct blob tbs;
	ERR(e);
	(void)state;

	assert_int_equal(crl_begin(&sub.is, 0, 1, 0, 0, &w, &e), 0);
	assert_int_equal(crl_end(w, NULL, NULL, NULL, &e), 0);
	assert_int_equal(crl_begin(&sub.is, 0, 1, 0, 0, &w, &e), 0);
	assert_int_equal(crl_tbs(w, &tbs, &e), 0);
	assert_int_equal(crl_end(w, NULL, NULL, NULL, &e), 0);
}

/* A promise with a margin of three: 0.2 s were measured. Instrumented builds are only walked through. */
static void
a_million_entries_take_less_than_a_second(void **state)
{
#if defined(SIGNET_SANITIZED)
	const unsigned many = 20000;
#else
	const unsigned many = 1000000;
#endif
	ERR(e);
	uint8_t serial[SERIAL_LEN];
	struct crl_entry en = {BLOB(serial, SERIAL_LEN), env_time("2026-11-21T01:00:00Z"), 1};
	int64_t start = clock_mono_ms();
	struct crl_writer *w;
	struct blob tbs, sig = BLOB("signature", 9);
	struct crl crl;
	uint8_t *der;
	size_t n;
	(void)state;

	env_serial(en.revoked_ms, serial);
	assert_int_equal(crl_begin(&sub.is, 0, 1, en.revoked_ms, en.revoked_ms, &w, &e), 0);
	for (unsigned i = 0; i < many; i++) {
		memcpy(serial + 5, &i, sizeof(i));
		crl_add(w, &en);
	}
	assert_int_equal(crl_tbs(w, &tbs, &e), 0);
	assert_int_equal(crl_end(w, &sig, &der, &n, &e), 0);
	assert_in_range(clock_mono_ms() - start, 0, 999);
	crl_read(BLOB(der, n), &crl);
	assert_int_equal(crl.n, many);
	free(der);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crl_of_any_length_is_well_formed_and_verifies),
		cmocka_unit_test(entries_say_serial_time_and_reason),
		cmocka_unit_test(extensions_name_key_number_and_shard),
		cmocka_unit_test(a_crl_that_is_given_up_leaves_nothing),
		cmocka_unit_test(a_million_entries_take_less_than_a_second),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
