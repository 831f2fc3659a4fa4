/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/hex.h"
#include "crypto/crypto.h"
#include "crypto/password.h"
#include "crypto/pem.h"
#include "crypto/seal.h"

static void
assert_hex(const uint8_t *p, size_t n, const char *want)
{
	ARENA(a);

	assert_string_equal(hex_encode(&a, BLOB(p, n)).p, want);
}

static void
digests_give_their_published_values(UNUSED void **state)
{
	uint8_t out[32];

	digest_sha256(blob_of(STR("abc")), out);
	assert_hex(out, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_sha256((struct blob){NULL, 0}, out);
	assert_hex(out, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	digest_sha1(blob_of(STR("abc")), out);
	assert_hex(out, 20, "a9993e364706816aba3e25717850c26c9cd0d89d");
	/* GB/T 32905 A.1 */
	digest_sm3(blob_of(STR("abc")), out);
	assert_hex(out, 32, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
}

static void
hmac_gives_the_values_of_rfc_4231(UNUSED void **state)
{
	uint8_t out[32], out64[64], long_key[131];

	digest_hmac_sha256(blob_of(STR("Jefe")), blob_of(STR("what do ya want for nothing?")), out);
	assert_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(long_key, 0xaa, sizeof(long_key));
	digest_hmac_sha256(BLOB(long_key, sizeof(long_key)),
		blob_of(STR("Test Using Larger Than Block-Size Key - Hash Key First")), out);
	assert_hex(out, 32, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	digest_hmac_sha256((struct blob){NULL, 0}, (struct blob){NULL, 0}, out);
	assert_hex(out, 32, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	digest_hmac_sha512(blob_of(STR("Jefe")), blob_of(STR("what do ya want for nothing?")), out64);
	assert_hex(out64, 64,
		"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
		"9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

static void
a_digest_in_pieces_equals_the_whole(UNUSED void **state)
{
	struct digest *d = digest_new_sha256();
	uint8_t whole[32], pieces[32];

	digest_add(d, blob_of(STR("hello ")));
	digest_add(d, (struct blob){NULL, 0});
	digest_add(d, blob_of(STR("world")));
	digest_end_sha256(d, pieces);
	digest_sha256(blob_of(STR("hello world")), whole);
	assert_memory_equal(whole, pieces, 32);
}

/* -- seal */

static const struct seal_name name = {SEAL_SUBSCRIBER_KEY, 7, {1, 2, 3}};
static const uint8_t kek[32] = {9, 8, 7};

static void
a_sealed_value_opens_to_what_it_was(UNUSED void **state)
{
	static const char *const texts[] = {"", "x", "a subscriber's private key"};
	ARENA(a);
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct blob plain = blob_of(str_c(texts[i])), sealed, again;
		SECRET(open);

		assert_int_equal(seal_close(BLOB(kek, 32), &name, plain, &a, &sealed, &e), 0);
		assert_int_equal(seal_close(BLOB(kek, 32), &name, plain, &a, &again, &e), 0);
		assert_int_equal(sealed.n, 1 + 12 + plain.n + 16);
		assert_false(blob_eq(sealed, again));
		assert_int_equal(seal_open(BLOB(kek, 32), &name, sealed, &open, &e), 0);
		assert_true(blob_eq(secret_blob(open), plain));
	}
}

static void
a_sealed_value_opens_in_no_other_place(UNUSED void **state)
{
	struct seal_name others[] = {name, name, name};
	uint8_t other_kek[32] = {9, 8, 6};
	struct blob sealed;
	SECRET(open);
	ARENA(a);
	ERR(e);

	others[0].class = SEAL_CA_KEY;
	others[1].account = 8;
	others[2].id[15] = 1;
	assert_int_equal(seal_close(BLOB(kek, 32), &name, blob_of(STR("secret")), &a, &sealed, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_int_equal(seal_open(BLOB(kek, 32), &others[i], sealed, &open, &e), E_SEAL_BROKEN);
	assert_int_equal(seal_open(BLOB(other_kek, 32), &name, sealed, &open, &e), E_SEAL_BROKEN);
	assert_null(open);
}

static void
a_sealed_value_with_any_bit_changed_does_not_open(UNUSED void **state)
{
	struct blob sealed;
	SECRET(open);
	uint8_t *p;
	ARENA(a);
	ERR(e);

	assert_int_equal(seal_close(BLOB(kek, 32), &name, blob_of(STR("secret")), &a, &sealed, &e), 0);
	p = (uint8_t *)sealed.p;
	for (size_t i = 0; i < sealed.n; i++) {
		p[i] ^= 0x10;
		assert_int_equal(seal_open(BLOB(kek, 32), &name, sealed, &open, &e), E_SEAL_BROKEN);
		p[i] ^= 0x10;
		assert_int_equal(seal_open(BLOB(kek, 32), &name, BLOB(p, i), &open, &e), E_SEAL_BROKEN);
	}
	assert_int_equal(seal_open(BLOB(kek, 32), &name, sealed, &open, &e), 0);
}

/* -- PEM */

static void
pem_is_written_in_64_columns_and_read_back(UNUSED void **state)
{
	uint8_t bytes[200];
	struct str text;
	ARENA(a);
	ERR(e);

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 7);
	for (size_t n = 1; n <= sizeof(bytes); n++) {
		struct blob der;

		text = pem_encode(&a, "CERTIFICATE", BLOB(bytes, n));
		assert_int_equal(pem_decode(text, "CERTIFICATE", &a, &der, &e), 0);
		assert_true(blob_eq(der, BLOB(bytes, n)));
	}
	assert_int_equal(text.n, 28 + (200 + 2) / 3 * 4 + 5 + 26);
	assert_int_equal(str_find((struct str){text.p + 28, 66}, '\n'), 64);
}

static const struct {
	const char *what, *text;
	int want;
} pem_cases[] = {
	{"plain", "-----BEGIN X-----\nAQID\n-----END X-----\n", 0},
	{"CR LF", "-----BEGIN X-----\r\nAQID\r\n-----END X-----\r\n", 0},
	{"CR alone", "-----BEGIN X-----\rAQID\r-----END X-----\r", 0},
	{"no last line end", "-----BEGIN X-----\nAQID\n-----END X-----", 0},
	{"text around", "Subject: a\n-----BEGIN X-----\nAQID\n-----END X-----\nmore", 0},
	{"byte order mark", "\xef\xbb\xbf-----BEGIN X-----\nAQID\n-----END X-----\n", 0},
	{"blanks", "  -----BEGIN X-----  \n\tAQID \n\n  -----END X-----\t\n", 0},
	{"lines of any length", "-----BEGIN X-----\nA\nQ\nI\nD\n-----END X-----\n", 0},
	{"after another block", "-----BEGIN Y-----\nAAAA\n-----END Y-----\n-----BEGIN X-----\nAQID\n-----END X-----\n", 0},
	{"END and BEGIN on one line", "-----BEGIN Y-----\nAAAA\n-----END Y----------BEGIN X-----\nAQID\n-----END X-----", 0},
	{"all on one line", "-----BEGIN X----- AQ ID -----END X-----", 0},
	{"line ends written", "-----BEGIN X-----\\nAQ\\nID\\n-----END X-----\\n", 0},
	{"after a damaged one", "-----BEGIN Y-----\nA\n-----END Y-----\n-----BEGIN X-----\nAQID\n-----END X-----\n", 0},
	{"none", "", E_NOT_FOUND},
	{"other label", "-----BEGIN Y-----\nAQID\n-----END Y-----\n", E_NOT_FOUND},
	{"longer label", "-----BEGIN X Y-----\nAQID\n-----END X Y-----\n", E_NOT_FOUND},
	{"marker cut short", "-----BEGIN X----\nAQID\n-----END X-----\n", E_NOT_FOUND},
	{"no END", "-----BEGIN X-----\nAQID\n", E_FIELD_FORM},
	{"other END", "-----BEGIN X-----\nAQID\n-----END Y-----\n", E_FIELD_FORM},
	{"BEGIN within", "-----BEGIN X-----\nAQID\n-----BEGIN X-----\nAQID\n-----END X-----\n", E_FIELD_FORM},
	{"nothing within", "-----BEGIN X-----\n-----END X-----\n", E_FIELD_FORM},
	{"no base64", "-----BEGIN X-----\nAQ!D\n-----END X-----\n", E_FIELD_FORM},
	{"padding in the middle", "-----BEGIN X-----\nAQ==\nAQID\n-----END X-----\n", E_FIELD_FORM},
	{"padding missing", "-----BEGIN X-----\nAQIDAQ\n-----END X-----\n", E_FIELD_FORM},
	{"headers", "-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\n\nAQID\n-----END X-----\n", E_FIELD_FORM},
};

static void
pem_text_is_taken_as_people_paste_it_and_refused_when_damaged(UNUSED void **state)
{
	ARENA(a);
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(pem_cases); i++) {
		struct blob der;
		int r = pem_decode(str_c(pem_cases[i].text), "X", &a, &der, &e);

		if (r != pem_cases[i].want || (r == 0 && !blob_eq(der, BLOB("\1\2\3", 3))))
			fail_msg("%s: %d %s", pem_cases[i].what, r, e.msg);
	}
}

static void
pem_next_walks_all_blocks(UNUSED void **state)
{
	struct str text = STR("-----BEGIN X-----\nAQ==\n-----END X-----\n-----BEGIN Z-----\r\n-----BEGIN Y-----\rAg==\n-----END Y-----\n");
	struct pem_reader rest;
	struct pem_block b;
	ARENA(a);
	ERR(e);

	assert_int_equal(pem_open(blob_of(text), &a, &rest, &e), 0);
	assert_int_equal(pem_next(&rest, &a, &b, &e), 0);
	assert_true(str_eq_c(b.label, "X") && b.line == 1 && b.body.n == 1 && b.body.p[0] == 1);
	assert_int_equal(pem_next(&rest, &a, &b, &e), E_FIELD_FORM);
	assert_string_equal(e.msg, "the PEM block \"Z\" at line 4 has no END line");
	assert_int_equal(pem_next(&rest, &a, &b, &e), 0);
	assert_true(str_eq_c(b.label, "Y") && b.line == 5 && b.body.n == 1 && b.body.p[0] == 2);
	assert_int_equal(pem_next(&rest, &a, &b, &e), E_NOT_FOUND);
}

static void
pem_in_utf16_and_with_headers_of_encryption_is_read(UNUSED void **state)
{
	static const char plain[] = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00FF\n\n"
				    "AQID\n-----END RSA PRIVATE KEY-----";

	for (int big = 0; big < 2; big++) {
		uint8_t wide[2 * sizeof(plain) + 2] = {big ? 0xfe : 0xff, big ? 0xff : 0xfe};
		struct pem_reader rest;
		struct pem_block b;
		ARENA(a);
		ERR(e);

		/* the final NUL of plain too */
		for (size_t i = 0; i < sizeof(plain); i++)
			wide[2 + 2 * i + (size_t)big] = (uint8_t)plain[i];
		assert_int_equal(pem_open(BLOB(wide, sizeof(wide)), &a, &rest, &e), 0);
		assert_int_equal(pem_next(&rest, &a, &b, &e), 0);
		assert_true(str_eq_c(b.dek, "AES-128-CBC,00FF") && blob_eq(b.body, BLOB("\1\2\3", 3)));
		assert_int_equal(pem_open(BLOB(wide, sizeof(wide) - 1), &a, &rest, &e), E_FIELD_FORM);
	}
}

/* -- passwords */

static void
a_password_is_checked_against_its_salted_hash(UNUSED void **state)
{
	struct str one, two;
	ARENA(a);
	ERR(e);

	assert_int_equal(password_hash(STR("correct horse"), &a, &one, &e), 0);
	assert_int_equal(password_hash(STR("correct horse"), &a, &two, &e), 0);
	assert_true(str_starts(one, STR("$y$")));
	assert_false(str_eq(one, two));
	assert_true(password_check(STR("correct horse"), one));
	assert_false(password_check(STR("correct horsf"), one));
	assert_false(password_check(STR(""), one));
}

static void
a_hash_that_is_none_matches_nothing(UNUSED void **state)
{
	static const char *const hashes[] = {"", "*0", "$y$", "$y$j9T$", "x", "$1$abcdefgh$", "$y$zzz$zzz$zzz"};

	for (size_t i = 0; i < ARRAY_LEN(hashes); i++) {
		assert_false(password_check(STR(""), str_c(hashes[i])));
		assert_false(password_check(STR("x"), str_c(hashes[i])));
	}
	assert_false(password_check(STR("x"), (struct str){NULL, 0}));
}

static void
passwords_with_nul_or_too_long_are_refused(UNUSED void **state)
{
	char longest[257];
	struct str ret;
	ARENA(a);
	ERR(e);

	memset(longest, 'a', sizeof(longest));
	assert_int_equal(password_hash((struct str){"a\0b", 3}, &a, &ret, &e), E_FIELD_UTF8);
	assert_int_equal(password_hash((struct str){longest, 257}, &a, &ret, &e), E_FIELD_LENGTH);
	assert_int_equal(password_hash((struct str){longest, 256}, &a, &ret, &e), 0);
	assert_true(password_check((struct str){longest, 256}, ret));
	assert_false(password_check((struct str){longest, 255}, ret));
}

static void
random_passwords_differ_and_can_be_read_out(UNUSED void **state)
{
	ARENA(a);
	struct str one = password_random(&a), two = password_random(&a);

	assert_int_equal(one.n, 20);
	assert_int_equal(strcspn(one.p, "0O1lI"), 20);
	assert_false(str_eq(one, two));
}

static int
start(UNUSED void **state)
{
	ERR(e);

	return crypto_init(&e) || crypto_init(&e);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_give_their_published_values),
		cmocka_unit_test(hmac_gives_the_values_of_rfc_4231),
		cmocka_unit_test(a_digest_in_pieces_equals_the_whole),
		cmocka_unit_test(a_sealed_value_opens_to_what_it_was),
		cmocka_unit_test(a_sealed_value_opens_in_no_other_place),
		cmocka_unit_test(a_sealed_value_with_any_bit_changed_does_not_open),
		cmocka_unit_test(pem_is_written_in_64_columns_and_read_back),
		cmocka_unit_test(pem_text_is_taken_as_people_paste_it_and_refused_when_damaged),
		cmocka_unit_test(pem_next_walks_all_blocks),
		cmocka_unit_test(pem_in_utf16_and_with_headers_of_encryption_is_read),
		cmocka_unit_test(a_password_is_checked_against_its_salted_hash),
		cmocka_unit_test(a_hash_that_is_none_matches_nothing),
		cmocka_unit_test(passwords_with_nul_or_too_long_are_refused),
		cmocka_unit_test(random_passwords_differ_and_can_be_read_out),
	};

	return cmocka_run_group_tests(tests, start, NULL);
}
