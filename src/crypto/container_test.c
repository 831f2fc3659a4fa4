/* SPDX-License-Identifier: Apache-2.0 */
/* Keys and containers that other programs wrote, with the verdicts of their own suites. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>
#include <openssl/evp.h>

#include "base/b64.h"
#include "crypto/cert.h"
#include "crypto/container.h"
#include "crypto/p12.h"
#include "crypto/pem.h"
#include "crypto/unlock.h"
#include "crypto/vectors_test.h"

/* Where we differ on purpose: SPEC takes lines of any length, also of an encrypted body. */
static const char *const differs[] = {
	"openssl-pem/dsa-255line.pem",
	"openssl-pem/dsa-256line.pem",
	"openssl-pem/dsa-257line.pem",
	"openssl-pem/dsa-longline.pem",
	"openssl-pem/dsa-onecolumn.pem",
	"openssl-pem/dsa-shortandlongline.pem",
};

static unsigned
differs_in(struct str name)
{
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_LEN(differs); i++)
		n += str_eq_c(name, differs[i]);
	return n;
}

static struct str
passphrase_of(struct str column)
{
	return str_eq_c(column, "-") ? (struct str){NULL, 0} : column;
}

static int
file_unlock(struct blob file, struct str passphrase, struct secret **ret, struct err *e)
{
	struct opener o = opener_of(passphrase);
	struct pem_reader reader;
	struct pem_block b;
	ARENA(a);
	int r = pem_open(file, &a, &reader, e);

	do
		r = pem_next(&reader, &a, &b, e);
	while (r == 0 && !str_ends(b.label, STR("PRIVATE KEY")));
	return r == E_NOT_FOUND ? unlock_der(file, &o, ret, e)
	       : r < 0		? r
				: unlock_block(&b, &o, ret, e);
}

static int
private_key_read(struct blob file, struct str passphrase, struct err *e)
{
	struct str kind;
	SECRET(der);
	ARENA(a);
	KEY(key);
	int r = file_unlock(file, passphrase, &der, e);

	if (r == 0)
		r = key_from_private(secret_blob(der), &key, e);
	return der && r < 0 ? key_foreign_name(secret_blob(der), &(struct opener){.work = OPENER_WORK}, &a, &kind, e) : r;
}

static void
private_keys_of_other_suites_are_read_or_refused_as_there(UNUSED void **state)
{
	ARENA(a);
	struct str rest = vector_file(&a, "crypto/private_keys.tsv"), line;
	unsigned n = 0, bad = 0, known = 0;

	while ((line = vector_line(&rest)).p) {
		struct str name = str_cut(&line, '\t'), want = str_cut(&line, '\t'),
			   pass = str_cut(&line, '\t');
		struct blob file;
		ERR(e);
		int r;

		assert_true(b64_decode(&a, line, &file));
		r = private_key_read(file, passphrase_of(pass), &e);
		n++;
		if ((r == 0) != str_eq_c(want, "ok") && differs_in(name)) {
			known++;
		} else if ((r == 0) != str_eq_c(want, "ok")) {
			print_error("%.*s: %.*s wanted, got %s\n", STRF(name), STRF(want),
				r == 0 ? "ok" : e.msg);
			bad++;
		}
	}
	assert_true(n > 250);
	assert_int_equal(bad, 0);
	assert_int_equal(known, ARRAY_LEN(differs));
}

static int
container_read(struct str format, struct blob file, struct str passphrase, struct arena *a,
	struct contents *ret, struct err *e)
{
	struct opener o = opener_of(passphrase);

	return str_eq_c(format, "pkcs12") ? p12_open(file, &o, a, ret, e)
					  : jks_open(file, &o, a, ret, e);
}

static void
contents_are_sound(const struct contents *c, struct arena *a)
{
	for (unsigned i = 0; i < c->n; i++) {
		struct cert_info info;
		struct str kind;
		KEY(key);
		ERR(e);
		int r = c->v[i].kind == CONTENT_CERT ? cert_read(c->v[i].der, a, &info, &e)
						     : key_from_private(c->v[i].der, &key, &e);

		if (r == E_KEY_WEAK)
			r = key_foreign_name(c->v[i].der, &(struct opener){.work = OPENER_WORK}, a, &kind, &e);
		if (r < 0)
			fail_msg("%s", e.msg);
	}
}

static void
keystores_of_other_suites_open_with_their_passphrase_alone(UNUSED void **state)
{
	ARENA(a);
	struct str rest = vector_file(&a, "crypto/keystores.tsv"), line;
	unsigned n = 0, unsupported = 0;

	while ((line = vector_line(&rest)).p) {
		struct str name = str_cut(&line, '\t'), format = str_cut(&line, '\t'),
			   want = str_cut(&line, '\t');
		struct str pass = passphrase_of(str_cut(&line, '\t'));
		struct contents c = {0}, none = {0};
		struct blob file;
		ERR(e);
		int r;

		assert_true(b64_decode(&a, line, &file));
		r = container_read(format, file, pass, &a, &c, &e);
		if (r == E_STORE_UNREADABLE && !str_eq_c(want, "ok"))
			unsupported++;
		else if (r < 0 || (pass.n && !c.n))
			fail_msg("%.*s: %s", STRF(name), e.msg);
		contents_are_sound(&c, &a);
		if (pass.n)
			assert_int_equal(container_read(format, file, STR("wrong"), &a, &none, &e),
				E_PASSPHRASE_WRONG);
		n++;
	}
	assert_int_equal(n, 20);
	print_message("%u with secret keys\n", unsupported);
}

/* -- written here */

static void
what_is_built_opens_again(UNUSED void **state)
{
	static const uint8_t cert[] = {0x30, 0x03, 0x02, 0x01, 0x01};
	const struct blob chain[] = {BLOB(cert, sizeof(cert)), BLOB(cert, sizeof(cert))};
	struct opener o = opener_of(STR("changeit"));
	struct contents c = {0};
	SECRET(pkcs8);
	struct blob file;
	ARENA(a);
	KEY(key);
	ERR(e);

	assert_int_equal(key_generate(KEY_EC_P256, &key, &e), 0);
	assert_int_equal(key_to_pkcs8(key, &pkcs8, &e), 0);
	assert_int_equal(jks_build(STR("www"), STR("short"), key, chain, 2, 0, &a, &file, &e),
		E_FIELD_LENGTH);
	assert_int_equal(
		jks_build(STR("www"), STR("\xc3\xa4nderung"), key, chain, 2, 0, &a, &file, &e),
		E_FIELD_FORM);
	assert_int_equal(
		jks_build(STR("www"), STR("changeit"), key, chain, 2, 1700000000000, &a, &file, &e),
		0);
	assert_int_equal(jks_open(file, &o, &a, &c, &e), 0);
	assert_int_equal(c.n, 3);
	assert_true(c.v[0].kind == CONTENT_KEY && str_eq_c(c.v[0].name, "www") &&
		    blob_eq(c.v[0].der, secret_blob(pkcs8)));
	assert_true(c.v[2].kind == CONTENT_CERT && blob_eq(c.v[2].der, chain[1]));
	for (size_t n = 0; n < file.n; n++)
		assert_true(jks_open(BLOB(file.p, n), &o, &a, &c, &e) < 0);
}

static void
too_much_work_for_a_passphrase_is_refused(UNUSED void **state)
{
	/* PBES2: PBKDF2 with 2^31 - 1 rounds, AES-256-CBC */
	static const char pem[] =
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
		"MG0wWQYJKoZIhvcNAQUNMEwwKwYJKoZIhvcNAQUMMB4ECAAAAAAAAAAAAgR/////MAwGCCqGSIb3DQIJ\n"
		"BQAwHQYJYIZIAWUDBAEqBBAAAAAAAAAAAAAAAAAAAAAABBAAAAAAAAAAAAAAAAAAAAAA\n-----END "
		"ENCRYPTED PRIVATE KEY-----\n";
	SECRET(open);
	ERR(e);

	assert_int_equal(file_unlock(blob_of(str_c(pem)), STR("x"), &open, &e), E_KEY_UNREADABLE);
	assert_non_null(strstr(e.msg, "2147483647 rounds"));
}

/* Codes of RFC 9579, whose work is said elsewhere than that of the older ones. */
static void
too_much_work_for_the_code_of_a_pkcs12_is_refused(UNUSED void **state)
{
	static const struct {
		const char *b64;
		int code;
		const char *says;
	} rows[] = {
		{"MIGWAgEDMBEGCSqGSIb3DQEHAaAEBAIwADB+MG8wSwYJKoZIhvcNAQUOMD4wLgYJKoZIhvcNAQUMMCEECHNhbHRzYWx0"
		 "AgR/////AgEgMAwGCCqGSIb3DQIJBQAwDAYIKoZIhvcNAgkFAAQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		 "AAAECHNhbHRzYWx0AgEB",
			E_KEY_UNREADABLE, "2147483647 rounds"},
		{"MIGWAgEDMBEGCSqGSIb3DQEHAaAEBAIwADB+MG8wSwYJKoZIhvcNAQUOMD4wLgYJKoZIhvcNAQUMMCEECHNhbHRzYWx0"
		 "AgIIAAIDEAAAMAwGCCqGSIb3DQIJBQAwDAYIKoZIhvcNAgkFAAQgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		 "AAAECHNhbHRzYWx0AgEB",
			E_STORE_UNREADABLE, "20 to 64 bytes"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct opener o = opener_of(STR("x"));
		struct contents c = {0};
		struct blob file;
		ARENA(a);
		ERR(e);

		assert_true(b64_decode(&a, str_c(rows[i].b64), &file));
		assert_int_equal(p12_open(file, &o, &a, &c, &e), rows[i].code);
		assert_non_null(strstr(e.msg, rows[i].says));
	}
}

/* A key in the clear and nothing else: the code alone knows the passphrase. */
static void
a_pkcs12_with_a_code_of_rfc_9579_opens_with_its_passphrase_alone(UNUSED void **state)
{
	static const char b64[] =
		"MIIBdgIBAzCByAYJKoZIhvcNAQcBoIG6BIG3MIG0MIGxBgkqhkiG9w0BBwGggaMEgaAwgZ0wgZoGCyqGSIb3DQEM"
		"CgEBoIGKMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgB4Tc7Sy28ZWcyRYrKxk/FGkooqz1vdl8"
		"sGkpJn121qyhRANCAASyL3ITS7jX+05Tma8ol5fQh77Plinb0cpNdrcV9fdzHPPKXwQJATYp11yd4iM9+VenczbF"
		"SA5TFo0nBzTA+J92MIGlMIGVMFEGCSqGSIb3DQEFDjBEMDQGCSqGSIb3DQEFDDAnBBC9CGDwzX8zZDDWvXblHOIZ"
		"AgID6AIBQDAMBggqhkiG9w0CCwUAMAwGCCqGSIb3DQILBQAEQNb8H+jdOSjLEoltilYFvjrZA+3FdI6srzaitbAp"
		"SWCIl5C+vUFEmOBASNM5Vx5574PtjPNaPBRo8ESOjA/G6+gECE5PVCBVU0VEAgEB";
	static const struct {
		struct str passphrase;
		int code;
	} rows[] = {
		{STR("p\xc3\xa4ss"), 0},
		{STR("pass"), E_PASSPHRASE_WRONG},
		{STR(""), E_PASSPHRASE_WRONG},
		{{NULL, 0}, E_KEY_LOCKED},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct opener o = opener_of(rows[i].passphrase);
		struct contents c = {0};
		struct blob file;
		ARENA(a);
		ERR(e);

		assert_true(b64_decode(&a, str_c(b64), &file));
		assert_int_equal(p12_open(file, &o, &a, &c, &e), rows[i].code);
		assert_int_equal(c.n, rows[i].code == 0);
		assert_int_equal(o.work, OPENER_WORK - 1000);
	}
}

static void
the_work_for_many_things_adds_up(UNUSED void **state)
{
	/* 3,000 rounds */
	static const char pem[] =
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
		"MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgVhkxqXwZktwICC7gw\n"
		"DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHBBtPTaO2+tX7nKttxjMj0EgZCv\n"
		"bvkhB1wUNxk6jS3WAmWfUQNBdAKNbtH7nIfftZ5z+7saq1XjjXSiDrxloEn6XRAx\n"
		"K0Gtw07Q02l8kMoHV2MzewLslsx3JJ2bN8dn32/+CPdlSdTcBbGGsp0es/HX4rsg\n"
		"/GwAJNbKVYr1kFKfPzaMsR7BJRSwrCGcLLfRifH1Oe/A8UB+GF92w6ib/bjh4qc=\n"
		"-----END ENCRYPTED PRIVATE KEY-----\n";
	struct opener o = {STR("x"), 5000};
	struct pem_reader reader;
	struct pem_block b;
	SECRET(open);
	SECRET(again);
	ARENA(a);
	ERR(e);

	assert_int_equal(pem_open(blob_of(str_c(pem)), &a, &reader, &e), 0);
	assert_int_equal(pem_next(&reader, &a, &b, &e), 0);
	assert_int_equal(unlock_block(&b, &o, &open, &e), 0);
	assert_int_equal(o.work, 2000);
	assert_int_equal(unlock_block(&b, &o, &again, &e), E_KEY_UNREADABLE);
}

/* What pages of memory hold grows and shrinks with it. */
static void
an_encrypted_body_of_any_length_opens(UNUSED void **state)
{
	static const uint8_t iv[16];
	uint8_t clear[4400] = {0x30, 0x82}, sealed[sizeof(clear) + 16], key[16];

	assert_int_equal(EVP_BytesToKey(EVP_aes_128_cbc(), EVP_md5(), iv, (const uint8_t *)"x", 1, 1, key, NULL), 16);
	for (size_t n = 4000; n < sizeof(clear); n += 7) {
		struct pem_block block = {.dek = STR("AES-128-CBC,00000000000000000000000000000000"), .body = {sealed, 0}};
		struct opener o = opener_of(STR("x"));
		EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
		int some = 0, rest = 0;
		SECRET(open);
		ERR(e);

		clear[2] = (uint8_t)((n - 4) >> 8);
		clear[3] = (uint8_t)(n - 4);
		assert_int_equal(EVP_EncryptInit_ex2(c, EVP_aes_128_cbc(), key, iv, NULL), 1);
		assert_int_equal(EVP_EncryptUpdate(c, sealed, &some, clear, (int)n), 1);
		assert_int_equal(EVP_EncryptFinal_ex(c, sealed + some, &rest), 1);
		EVP_CIPHER_CTX_free(c);
		block.body.n = (size_t)(some + rest);
		assert_int_equal(unlock_block(&block, &o, &open, &e), 0);
		assert_true(blob_eq(secret_blob(open), BLOB(clear, n)));
	}
}

static void
a_text_of_nothing_but_first_lines_is_walked_once(UNUSED void **state)
{
	struct pem_reader reader;
	struct pem_block b;
	unsigned n = 0;
	clock_t before;
	ARENA(a);
	BUF(text, PEM_TEXT_MAX);
	ERR(e);

	while (text.n + 18 <= PEM_TEXT_MAX / 4)
		buf_put_c(&text, "-----BEGIN A-----\n");
	before = clock();
	assert_int_equal(pem_open(buf_blob(&text), &a, &reader, &e), 0);
	while (pem_next(&reader, &a, &b, &e) == E_FIELD_FORM)
		n++;
	assert_int_equal(n, PEM_TEXT_MAX / 4 / 18);
	assert_int_equal(e.code, E_NOT_FOUND);
	assert_true(clock() - before < 10 * CLOCKS_PER_SEC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(private_keys_of_other_suites_are_read_or_refused_as_there),
		cmocka_unit_test(keystores_of_other_suites_open_with_their_passphrase_alone),
		cmocka_unit_test(what_is_built_opens_again),
		cmocka_unit_test(too_much_work_for_a_passphrase_is_refused),
		cmocka_unit_test(too_much_work_for_the_code_of_a_pkcs12_is_refused),
		cmocka_unit_test(a_pkcs12_with_a_code_of_rfc_9579_opens_with_its_passphrase_alone),
		cmocka_unit_test(the_work_for_many_things_adds_up),
		cmocka_unit_test(an_encrypted_body_of_any_length_opens),
		cmocka_unit_test(a_text_of_nothing_but_first_lines_is_walked_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
