/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/b64.h"
#include "base/der.h"
#include "crypto/container.h"
#include "crypto/csr.h"
#include "crypto/pem.h"
#include "crypto/vectors_test.h"
#include "inspect/intake.h"

/* The things that every file below is made of. */
struct things {
	struct arena *a;
	struct blob cert, key, csr, p12;
};

static struct blob
keystore(struct arena *a, const char *want)
{
	struct str rest = vector_file(a, "crypto/keystores.tsv"), line;
	struct blob file = {NULL, 0};

	while ((line = vector_line(&rest)).p) {
		struct str name = str_cut(&line, '\t');

		for (int i = 0; i < 3; i++)
			str_cut(&line, '\t');
		if (str_eq_c(name, want))
			assert_true(b64_decode(a, line, &file));
	}
	assert_non_null(file.p);
	return file;
}

static struct blob
request(const struct key *key, struct arena *a)
{
	struct blob tbs, spki, sig, der;
	ERR(e);

	assert_int_equal(key_spki(key, a, &spki, &e), 0);
	assert_int_equal(csr_build_tbs(STR("example.com"), NULL, 0, spki, a, &tbs, &e), 0);
	assert_int_equal(key_sign(key, tbs, a, &sig, &e), 0);
	assert_int_equal(csr_finish(tbs, key_alg(key), sig, a, &der, &e), 0);
	return der;
}

static struct things
things_make(struct arena *a)
{
	struct things t = {.a = a, .p12 = keystore(a, "pyca-p12/cert-none-key-none.p12")};
	struct intake in;
	ERR(e);

	intake_init(&in, a);
	intake_add(&in, "file", t.p12, STR("cryptography"), &e);
	assert_int_equal(err_faults(&e), 0);
	assert_int_equal(in.n, 2);
	t.cert = intake_find(&in, ITEM_CERT, 0)->der;
	t.key = intake_find(&in, ITEM_KEY, 0)->der;
	t.csr = request(intake_find(&in, ITEM_KEY, 0)->key, a);
	return t;
}

/* "CK": certificate and key, in this order. */
static void
holds(struct blob file, const char *what, const char *want, struct arena *a)
{
	static const char letters[] = {[ITEM_CERT] = 'C',
		[ITEM_KEY] = 'K',
		[ITEM_CSR] = 'R',
		[ITEM_CRL] = 'L',
		[ITEM_PUBLIC_KEY] = 'P'};
	char got[16] = "";
	struct intake in;
	ERR(e);

	intake_init(&in, a);
	intake_add(&in, "file", file, STR("cryptography"), &e);
	for (unsigned i = 0; i < in.n && i < sizeof(got) - 1; i++)
		got[i] = letters[in.v[i].kind];
	if (err_faults(&e) < 0)
		fail_msg("%s: %s", what, e.msg);
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s instead of %s", what, got, want);
}

static struct blob
joined(struct arena *a, struct blob one, struct blob other)
{
	uint8_t *p = arena_alloc(a, one.n + other.n);

	memcpy(p, one.p, one.n);
	memcpy(p + one.n, other.p, other.n);
	return BLOB(p, one.n + other.n);
}

/* The text with this instead of each line's end. */
static struct blob
with_line_ends(struct arena *a, const char *text, const char *end)
{
	struct str rest = str_c(text), all = {"", 0};

	while (rest.n) {
		struct str line = str_cut(&rest, '\n');

		all = arena_printf(a, "%.*s%.*s%s", STRF(all), STRF(line), end);
	}
	return blob_of(all);
}

/* An empty SEQUENCE behind the certificate. */
static struct blob
with_remarks(const struct things *t)
{
	uint8_t *p = arena_alloc(t->a, t->cert.n + 2);

	memcpy(p, t->cert.p, t->cert.n);
	p[t->cert.n] = 0x30;
	return BLOB(p, t->cert.n + 2);
}

static void
files_of_every_form_are_taken_apart_without_being_told_what_they_are(UNUSED void **state)
{
	ARENA(a);
	struct things t = things_make(&a);
	const char *cert = arena_cstr(&a, pem_encode(&a, "CERTIFICATE", t.cert));
	const char *key = arena_cstr(&a, pem_encode(&a, "PRIVATE KEY", t.key));
	const char *x509 = arena_cstr(&a, pem_encode(&a, "X509 CERTIFICATE", t.cert));
	const char *csr = arena_cstr(&a, pem_encode(&a, "NEW CERTIFICATE REQUEST", t.csr));
	const struct {
		const char *what;
		struct blob file;
		const char *want;
	} rows[] = {
		{"certificate in PEM", blob_of(str_c(cert)), "C"},
		{"in DER", t.cert, "C"},
		{"in bare base64", blob_of(b64_encode(&a, t.cert)), "C"},
		{"key before certificates", blob_of(arena_printf(&a, "%s%s%s", key, cert, x509)),
			"KCC"},
		{"in DER, with a line end behind it", joined(&a, t.cert, blob_of(STR("\r\n"))), "C"},
		{"in DER, with zeros behind it", joined(&a, t.cert, BLOB("\0\0\0\0", 4)), "C"},
		{"in DER, with a line end before it", joined(&a, blob_of(STR("\n")), t.cert), "C"},
		{"DER joined to DER", joined(&a, t.cert, t.key), "CK"},
		{"PEM joined to DER", joined(&a, t.cert, blob_of(str_c(key))), "CK"},
		{"no-break blanks between lines", with_line_ends(&a, cert, "\n\xc2\xa0"), "C"},
		{"zero-width blanks between lines", with_line_ends(&a, cert, "\xe2\x80\x8b\n"), "C"},
		{"separators of lines", with_line_ends(&a, key, "\xe2\x80\xa8"), "K"},
		{"key in DER", t.key, "K"},
		{"request in PEM", blob_of(str_c(csr)), "R"},
		{"request in DER", t.csr, "R"},
		{"remarks and a curve around",
			blob_of(arena_printf(&a,
				"Bag Attributes\n%s-----BEGIN EC "
				"PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC "
				"PARAMETERS-----\n%sbye",
				cert, key)),
			"CK"},
		{"OpenSSL's trusted form", blob_of(pem_encode(&a, "TRUSTED CERTIFICATE", with_remarks(&t))), "C"},
		{"PKCS#7 in DER", p7_build(&t.cert, 1, &a), "C"},
		{"PKCS#7 in PEM",
			blob_of(pem_encode(
				&a, "PKCS7", p7_build((struct blob[]){t.cert, t.cert}, 2, &a))),
			"CC"},
		{"PKCS#12", t.p12, "CK"},
		{"PKCS#12 in base64", blob_of(b64_encode(&a, t.p12)), "CK"},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		holds(rows[i].file, rows[i].what, rows[i].want, &a);
}

static void
what_cannot_be_read_is_said_with_its_line_and_the_rest_is_taken(UNUSED void **state)
{
	ARENA(a);
	struct things t = things_make(&a);
	struct str cert = pem_encode(&a, "CERTIFICATE", t.cert);
	struct str text = arena_printf(&a,
		"-----BEGIN CERTIFICATE-----\nA\n-----END CERTIFICATE-----\n"
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
		"-----BEGIN SOMETHING-----\nAAAA\n-----END SOMETHING-----\n%.*s",
		STRF(cert));
	static const char *const want[] = {
		"the PEM block \"CERTIFICATE\" at line 1 is no valid base64",
		"line 4: ",
		"line 7: the key is in the form of SSH",
		"line 10: a PEM block \"SOMETHING\" is neither certificate nor key",
	};
	struct intake in;
	ERR(e);

	intake_init(&in, &a);
	intake_add(&in, "chain", blob_of(text), (struct str){NULL, 0}, &e);
	assert_int_equal(in.n, 1);
	assert_int_equal(in.v[0].line, 13);
	assert_int_equal(err_faults(&e), E_SEVERAL_FAULTS);
	assert_int_equal(e.n_causes, ARRAY_LEN(want));
	for (size_t i = 0; i < ARRAY_LEN(want); i++) {
		assert_string_equal(e.causes[i].field, "chain");
		if (strncmp(e.causes[i].msg, want[i], strlen(want[i])) != 0)
			fail_msg("%s", e.causes[i].msg);
	}
}

static void
files_that_are_nothing_are_refused(UNUSED void **state)
{
	static const struct {
		struct blob file;
		int want;
	} rows[] = {
		{{(const uint8_t *)"", 0}, E_FIELD_MISSING},
		{{(const uint8_t *)"hello", 5}, E_FIELD_FORM},
		{{(const uint8_t *)"aGVsbG8=", 8}, E_FIELD_FORM},
		{{(const uint8_t *)"\x30\x00", 2}, E_FIELD_FORM},
		{{(const uint8_t *)"\x30\x03\x02\x01\x05 and more", 14}, E_FIELD_FORM},
		{{(const uint8_t *)"\x30\x80\x00\x00", 4}, E_FIELD_FORM},
		{{(const uint8_t *)"\xfe\xed\xfe\xed\x00", 5}, E_STORE_UNREADABLE},
		{{(const uint8_t *)"\xff\xfe\x00", 3}, E_FIELD_FORM},
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct intake in;
		ARENA(a);
		ERR(e);

		intake_init(&in, &a);
		intake_add(&in, "file", rows[i].file, (struct str){NULL, 0}, &e);
		assert_int_equal(err_faults(&e), rows[i].want);
	}
}

static void
what_is_cut_short_is_called_so_wherever_it_ends(UNUSED void **state)
{
	ARENA(a);
	struct things t = things_make(&a);
	const struct blob files[] = {t.cert, t.csr, t.p12, p7_build(&t.cert, 1, &a)};

	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		for (size_t n = 4; n < files[i].n; n += 1 + files[i].n / 50) {
			struct intake in;
			ERR(e);

			intake_init(&in, &a);
			intake_add(&in, "file", BLOB(files[i].p, n), STR("cryptography"), &e);
			assert_int_equal(in.n, 0);
			assert_int_equal(e.n_causes, 1);
			assert_non_null(strstr(e.causes[0].msg, "cut short"));
		}
	}
}

static void
keys_that_are_locked_or_of_other_kinds_are_named(UNUSED void **state)
{
	/* RFC 8410: an X25519 key */
	static const char x25519[] =
		"-----BEGIN PRIVATE KEY-----\n"
		"MC4CAQAwBQYDK2VuBCIEILBtgpZVVDpRy6NuU1IrwKz9YK9ZRmVV+z4eeWhyqxpZ\n"
		"-----END PRIVATE KEY-----\n";
	ARENA(a);
	struct blob p12 = keystore(&a, "pyca-p12/cert-none-key-none.p12");
	struct intake in;
	ERR(e);

	intake_init(&in, &a);
	intake_add(&in, "key", blob_of(str_c(x25519)), (struct str){NULL, 0}, &e);
	assert_int_equal(err_faults(&e), E_KEY_WEAK);
	assert_non_null(strstr(e.msg, "X25519"));
	err_clear(&e);
	intake_add(&in, "key", p12, (struct str){NULL, 0}, &e);
	assert_int_equal(err_faults(&e), E_KEY_LOCKED);
	err_clear(&e);
	intake_add(&in, "key", p12, STR("no"), &e);
	assert_int_equal(err_faults(&e), E_PASSPHRASE_WRONG);
	assert_int_equal(in.n, 0);
}

static int64_t
cpu_ms(void)
{
	return (int64_t)clock() * 1000 / CLOCKS_PER_SEC;
}

/* A DSA key of PKCS#8 whose modulus and private value have n bytes each. */
static struct str
dsa_key(size_t n, struct arena *a)
{
	uint8_t *number = arena_alloc(a, n);
	size_t seq, alg, params, octets;
	BUF(b, 65536);

	memset(number, 0x55, n);
	seq = der_begin(&b, DER_SEQUENCE);
	der_put_int(&b, 0);
	alg = der_begin(&b, DER_SEQUENCE);
	der_put_oid(&b, "1.2.840.10040.4.1");
	params = der_begin(&b, DER_SEQUENCE);
	der_put_unsigned(&b, BLOB(number, n));
	der_put_unsigned(&b, BLOB(number, 32));
	der_put_unsigned(&b, BLOB(number, n - 1));
	der_end(&b, params);
	der_end(&b, alg);
	octets = der_begin(&b, DER_OCTET_STRING);
	der_put_unsigned(&b, BLOB(number, n));
	der_end(&b, octets);
	der_end(&b, seq);
	return pem_encode(a, "PRIVATE KEY", buf_blob(&b));
}

static void
keys_of_other_kinds_cost_no_more_time_than_what_is_protected(UNUSED void **state)
{
	int64_t before = cpu_ms();
	struct intake in;
	ARENA(a);
	BUF(many, INTAKE_FILE_MAX);
	ERR(e);

	for (unsigned i = 0; i < 200; i++)
		buf_put_str(&many, dsa_key(400, &a));
	buf_put_str(&many, dsa_key(3000, &a));
	intake_init(&in, &a);
	intake_add(&in, "key", buf_blob(&many), (struct str){NULL, 0}, &e);
	assert_int_equal(e.causes[0].code, E_KEY_WEAK);
	assert_in_range(cpu_ms() - before, 0, 10000);
}

static void
no_more_blocks_are_looked_at_than_things_are_taken(UNUSED void **state)
{
	struct intake in;
	ARENA(a);
	BUF(many, INTAKE_FILE_MAX);
	unsigned n = 0;
	ERR(e);

	for (unsigned i = 0; i < INTAKE_ITEMS_MAX + 5; i++)
		buf_put_c(&many, "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n");
	intake_init(&in, &a);
	intake_add(&in, "key", buf_blob(&many), (struct str){NULL, 0}, &e);
	for (const struct item *i = intake_find(&in, ITEM_PUBLIC_KEY, 0); i; i = intake_find(&in, ITEM_PUBLIC_KEY, (unsigned)(i - in.v) + 1))
		n++;
	assert_int_equal(n, INTAKE_ITEMS_MAX);
	assert_int_equal(e.n_causes, 1);
	assert_int_equal(err_faults(&e), E_TOO_LARGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			files_of_every_form_are_taken_apart_without_being_told_what_they_are),
		cmocka_unit_test(what_cannot_be_read_is_said_with_its_line_and_the_rest_is_taken),
		cmocka_unit_test(files_that_are_nothing_are_refused),
		cmocka_unit_test(what_is_cut_short_is_called_so_wherever_it_ends),
		cmocka_unit_test(keys_that_are_locked_or_of_other_kinds_are_named),
		cmocka_unit_test(keys_of_other_kinds_cost_no_more_time_than_what_is_protected),
		cmocka_unit_test(no_more_blocks_are_looked_at_than_things_are_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
