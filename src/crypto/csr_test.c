/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/csr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/der.h"
#include "base/hex.h"
#include "crypto/crypto.h"
#include "crypto/key_priv.h"
#include "crypto/pem.h"
#include "crypto/vectors_test.h"

static const enum key_alg algs[] = {KEY_RSA_2048, KEY_EC_P256, KEY_EC_P384, KEY_SM2};
static struct key *keys[ARRAY_LEN(algs)];

static int
start(UNUSED void **state)
{
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		if (key_generate(algs[i], &keys[i], &e) < 0)
			return -1;
	}
	return crypto_init(&e);
}

static int
end(UNUSED void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(algs); i++)
		key_freep(&keys[i]);
	return 0;
}

static struct blob
csr_of(const struct key *k, struct blob tbs, struct arena *a)
{
	struct blob sig, der;
	ERR(e);

	assert_int_equal(key_sign(k, tbs, a, &sig, &e), 0);
	assert_int_equal(csr_finish(tbs, key_alg(k), sig, a, &der, &e), 0);
	return der;
}

static struct blob
csr_for(const struct key *k, struct str cn, const struct str *dns, unsigned n, struct arena *a)
{
	struct blob spki, tbs;
	ERR(e);

	assert_int_equal(key_spki(k, a, &spki, &e), 0);
	assert_int_equal(csr_build_tbs(cn, dns, n, spki, a, &tbs, &e), 0);
	return csr_of(k, tbs, a);
}

static void
a_request_made_here_is_read_back_with_every_algorithm(UNUSED void **state)
{
	struct str names[] = {STR("www.example.com"), STR("*.example.com")};
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		ARENA(a);
		struct blob der = csr_for(keys[i], names[0], names, 2, &a), spki, again;
		struct csr c;

		assert_int_equal(csr_read(der, &a, &c, &e), 0);
		assert_int_equal(c.alg, algs[i]);
		assert_int_equal(c.bits, key_bits(keys[i]));
		assert_true(str_eq(c.cn, names[0]));
		assert_int_equal(c.n_dns, 2);
		assert_int_equal(c.n_ip + c.n_other, 0);
		assert_true(str_eq(c.dns[0], names[0]) && str_eq(c.dns[1], names[1]));
		assert_false(c.must_staple);
		assert_int_equal(key_spki(keys[i], &a, &spki, &e), 0);
		assert_true(blob_eq(c.spki, spki));
		assert_int_equal(csr_from_text(blob_of(pem_encode(&a, "CERTIFICATE REQUEST", der)), &a, &again, &e), 0);
		assert_true(blob_eq(der, again));
	}
}

static void
a_request_without_names_is_read(UNUSED void **state)
{
	ARENA(a);
	struct csr c;
	ERR(e);

	assert_int_equal(csr_read(csr_for(keys[1], (struct str){NULL, 0}, NULL, 0, &a), &a, &c, &e), 0);
	assert_null(c.cn.p);
	assert_int_equal(c.n_dns, 0);
}

/* Every bit of a request stands under its signature, or is the signature, or makes it unreadable. */
static void
a_request_with_any_byte_changed_or_cut_is_refused(UNUSED void **state)
{
	static const uint8_t masks[] = {0x01, 0x20, 0x80, 0xff};
	struct str name = STR("www.example.com");
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		ARENA(a);
		struct blob der = csr_for(keys[i], name, &name, 1, &a);
		uint8_t *p = (uint8_t *)der.p;
		struct csr c;

		for (size_t at = 0; at < der.n; at++) {
			uint8_t mask = masks[at % ARRAY_LEN(masks)];
			int r;

			p[at] ^= mask;
			r = csr_read(der, &a, &c, &e);
			p[at] ^= mask;
			if (r != E_CSR_UNREADABLE && r != E_CSR_SIGNATURE && r != E_KEY_WEAK)
				fail_msg("byte %zu with %02x: %d", at, mask, r);
			assert_int_equal(csr_read(BLOB(p, at), &a, &c, &e), E_CSR_UNREADABLE);
		}
	}
}

static void
foreign_requests_are_read_or_refused_as_listed(UNUSED void **state)
{
	ARENA(a);
	struct str rest = vector_file(&a, "crypto/csr.tsv"), line;
	unsigned n = 0;
	ERR(e);

	while ((line = vector_line(&rest)).p) {
		struct str name = str_cut(&line, '\t'), want = str_cut(&line, '\t');
		struct blob der;
		struct csr c;
		int r;

		assert_true(hex_decode(&a, line, &der));
		r = csr_read(der, &a, &c, &e);
		if (r != err_by_name(want))
			fail_msg("%.*s: %d %s", STRF(name), r, r ? e.msg : "");
		n++;
	}
	assert_int_equal(n, 40);
}

static void
sm2_requests_of_others_are_read_when_signed_with_the_default_id(UNUSED void **state)
{
	static const struct {
		const char *file, *cn;
		int want;
	} cases[] = {
		{"sm2/gmsm-ali-csr.pem", "CargoSmart", 0},
		{"sm2/tongsuo-sm2-csr.pem", "SM2 certificate signing key", 0},
		/* signed without Z_A */
		{"sm2/tongsuo-sm2-noza-csr.pem", NULL, E_CSR_SIGNATURE},
	};
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ARENA(a);
		struct blob der;
		struct csr c;

		assert_int_equal(csr_from_text(blob_of(vector_file(&a, cases[i].file)), &a, &der, &e), 0);
		assert_int_equal(csr_read(der, &a, &c, &e), cases[i].want);
		if (cases[i].want)
			continue;
		assert_int_equal(c.alg, KEY_SM2);
		assert_true(str_eq_c(c.cn, cases[i].cn));
		/* what goes into a certificate is the regular form: id-ecPublicKey */
		assert_memory_equal(c.spki.p + 4, "\x06\x07\x2a\x86\x48\xce\x3d\x02\x01", 9);
	}
}

/* -- what may stand in the attributes; the request info is put together by hand */

struct part {
	const char *what;
	const char *attributes; /* hexadecimal */
	int want;
	unsigned n_dns, n_ip, n_other;
	bool staple;
};

#define EXT_REQ "06092a864886f70d01090e"
#define SAN_A "300c0603551d11040530038201" "61" /* dNSName "a" */
#define STAPLE "301106082b06010505070118040530030201" "05"
#define KEY_USAGE "300b0603551d0f040403020780"

static const struct part parts[] = {
	{"no attributes", "", 0, 0, 0, 0, false},
	{"a name", "301d" EXT_REQ "3110300e" SAN_A, 0, 1, 0, 0, false},
	{"must staple", "3022" EXT_REQ "31153013" STAPLE, 0, 0, 0, 0, true},
	{"both", "3030" EXT_REQ "31233021" SAN_A STAPLE, 0, 1, 0, 0, true},
	{"the same extension twice", "302b" EXT_REQ "311e301c" SAN_A SAN_A, E_CSR_UNREADABLE, 0, 0, 0, false},
	{"two requests", "301d" EXT_REQ "3110300e" SAN_A "3022" EXT_REQ "31153013" STAPLE, 0, 1, 0, 0, true},
	{"the same in two requests", "301d" EXT_REQ "3110300e" SAN_A "301d" EXT_REQ "3110300e" SAN_A, E_CSR_UNREADABLE, 0, 0, 0,
		false},
	{"IPv4", "3020" EXT_REQ "31133011" "300f0603551d1104083006" "8704" "c0000201", 0, 0, 1, 0, false},
	{"an address of five octets", "3021" EXT_REQ "31143012" "30100603551d1104093007" "8705" "c000020100", E_CSR_UNREADABLE,
		0, 0, 0, false},
	{"an e-mail address", "301d" EXT_REQ "3110300e" "300c0603551d110405300381" "0161", 0, 0, 0, 1, false},
	{"an unknown kind of name", "301d" EXT_REQ "3110300e" "300c0603551d110405300389" "0161", E_CSR_UNREADABLE, 0, 0, 0, false},
	{"no name at all", "301a" EXT_REQ "310d300b" "30090603551d1104023000", E_CSR_UNREADABLE, 0, 0, 0, false},
	{"another attribute", "3015" "06092a864886f70d010907" "3108" "0c06" "736563726574", 0, 0, 0, 0, false},
	{"an attribute without a set", "3013" "06092a864886f70d010907" "0c06" "736563726574", E_CSR_UNREADABLE, 0, 0, 0, false},
	{"an empty extension request", "300f" EXT_REQ "31023000", 0, 0, 0, 0, false},
	{"an extension request without value", "300d" EXT_REQ "3100", E_CSR_UNREADABLE, 0, 0, 0, false},
	{"an extension that is no DER", "3017" EXT_REQ "310a3008" "30060603551d0f" "04" "00", E_CSR_UNREADABLE, 0, 0, 0, false},
};

static void
put_attributes(struct buf *b, const struct part *p, struct blob spki, struct arena *a)
{
	size_t info = der_begin(b, DER_SEQUENCE), at;
	struct blob attributes;

	der_put_int(b, 0);
	at = der_begin(b, DER_SEQUENCE);
	der_end(b, at);
	buf_put_blob(b, spki);
	at = der_begin(b, DER_CTX_CONS(0));
	assert_true(hex_decode(a, str_c(p->attributes), &attributes));
	buf_put_blob(b, attributes);
	der_end(b, at);
	der_end(b, info);
}

static void
attributes_are_taken_as_listed(UNUSED void **state)
{
	struct blob spki;
	ARENA(a);
	ERR(e);

	assert_int_equal(key_spki(keys[1], &a, &spki, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		BUF(b, 4096);
		struct csr c;
		int r;

		put_attributes(&b, &parts[i], spki, &a);
		r = csr_read(csr_of(keys[1], buf_blob(&b), &a), &a, &c, &e);
		if (r != parts[i].want)
			fail_msg("%s: %d %s", parts[i].what, r, r ? e.msg : "");
		if (r == 0 && (c.n_dns != parts[i].n_dns || c.n_ip != parts[i].n_ip || c.n_other != parts[i].n_other ||
				      c.must_staple != parts[i].staple))
			fail_msg("%s: %u %u %u %d", parts[i].what, c.n_dns, c.n_ip, c.n_other, c.must_staple);
	}
}

static void
a_common_name_is_read_from_each_kind_of_string(UNUSED void **state)
{
	static const struct {
		uint8_t tag;
		const char *bytes;
		size_t n;
		const char *want; /* NULL: refused */
	} cases[] = {
		{DER_UTF8_STRING, "b\xc3\xbc" "cher.example", 15, "b\xc3\xbc" "cher.example"},
		{DER_PRINTABLE_STRING, "example.com", 11, "example.com"},
		{DER_IA5_STRING, "example.com", 11, "example.com"},
		{0x14, "b\xfc", 2, "b\xc3\xbc"},
		{0x1e, "\0b\0\xfc", 4, "b\xc3\xbc"},
		{0x1c, "\0\0\0b\0\1\xf6\0", 8, "b\xf0\x9f\x98\x80"},
		{DER_UTF8_STRING, "", 0, ""},
		{DER_UTF8_STRING, "a\xff", 2, NULL},
		{DER_UTF8_STRING, "a\0b", 3, NULL},
		{0x1e, "\0b\0", 3, NULL},
		{0x1e, "\xd8\0\xdc\0", 4, NULL},
		{DER_OCTET_STRING, "a", 1, NULL},
	};
	struct blob spki;
	ARENA(a);
	ERR(e);

	assert_int_equal(key_spki(keys[1], &a, &spki, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		BUF(b, 4096);
		size_t m[5];
		struct csr c;
		int r;

		m[0] = der_begin(&b, DER_SEQUENCE);
		der_put_int(&b, 0);
		m[1] = der_begin(&b, DER_SEQUENCE);
		m[2] = der_begin(&b, DER_SET);
		m[3] = der_begin(&b, DER_SEQUENCE);
		der_put_oid(&b, "2.5.4.3");
		der_put(&b, cases[i].tag, BLOB(cases[i].bytes, cases[i].n));
		for (int k = 3; k > 0; k--)
			der_end(&b, m[k]);
		buf_put_blob(&b, spki);
		/* without the empty [0] that RFC 2986 asks for, as old software does */
		der_end(&b, m[0]);
		r = csr_read(csr_of(keys[1], buf_blob(&b), &a), &a, &c, &e);
		if (r != (cases[i].want ? 0 : E_CSR_UNREADABLE) || (r == 0 && !str_eq_c(c.cn, cases[i].want)))
			fail_msg("case %zu: %d %s", i, r, r ? e.msg : c.cn.p);
	}
}

static void
a_request_has_at_most_250_names(UNUSED void **state)
{
	struct str *names;
	struct blob spki, tbs;
	struct csr c;
	ARENA(a);
	ERR(e);

	names = arena_new_n(&a, CSR_NAMES_MAX + 1, struct str);
	for (unsigned i = 0; i <= CSR_NAMES_MAX; i++)
		names[i] = arena_printf(&a, "n%u.example.com", i);
	assert_int_equal(key_spki(keys[1], &a, &spki, &e), 0);
	assert_int_equal(csr_build_tbs(names[0], names, CSR_NAMES_MAX + 1, spki, &a, &tbs, &e), E_NAME_COUNT);
	assert_int_equal(csr_read(csr_for(keys[1], names[0], names, CSR_NAMES_MAX, &a), &a, &c, &e), 0);
	assert_int_equal(c.n_dns, CSR_NAMES_MAX);
	assert_true(str_eq(c.dns[249], names[249]));
}

static void
the_signature_may_use_a_stronger_digest_but_no_foreign_algorithm(UNUSED void **state)
{
	struct str name = STR("a.example.com");
	ARENA(a);
	struct blob der = csr_for(keys[0], name, &name, 1, &a);
	/* sha256WithRSAEncryption stands before the signature of 256 bytes: ...0b 05 00 03 82 01 01 00 */
	uint8_t *oid_end = (uint8_t *)der.p + der.n - 256 - 5 - 3;
	struct csr c;
	ERR(e);

	assert_int_equal(*oid_end, 0x0b);
	*oid_end = 0x05; /* sha1WithRSAEncryption */
	assert_int_equal(csr_read(der, &a, &c, &e), E_CSR_SIGNATURE);
	*oid_end = 0x0d; /* another digest than the signature's */
	assert_int_equal(csr_read(der, &a, &c, &e), E_CSR_SIGNATURE);
	*oid_end = 0x0b;
	assert_int_equal(csr_read(der, &a, &c, &e), 0);
}

static void
text_that_is_no_request_is_refused_and_der_and_bare_base64_are_taken(UNUSED void **state)
{
	struct str name = STR("a.example.com");
	ARENA(a);
	struct blob der = csr_for(keys[1], name, &name, 1, &a), out;
	struct str pem = pem_encode(&a, "NEW CERTIFICATE REQUEST", der), bare;
	ERR(e);

	assert_int_equal(csr_from_text(blob_of(pem), &a, &out, &e), 0);
	assert_true(blob_eq(out, der));
	assert_int_equal(csr_from_text(der, &a, &out, &e), 0);
	assert_true(blob_eq(out, der));
	assert_int_equal(csr_from_text(blob_of(pem_encode(&a, "CERTIFICATE", der)), &a, &out, &e), E_CSR_UNREADABLE);
	assert_int_equal(csr_from_text((struct blob){NULL, 0}, &a, &out, &e), E_CSR_UNREADABLE);
	assert_int_equal(csr_from_text(blob_of(STR("Mxx!")), &a, &out, &e), E_CSR_UNREADABLE);
	/* between the first line's end and the END line */
	bare = (struct str){pem.p + str_find(pem, '\n'), pem.n - str_find(pem, '\n') - strlen("-----END NEW CERTIFICATE REQUEST-----\n")};
	assert_int_equal(csr_from_text(blob_of(bare), &a, &out, &e), 0);
	assert_true(blob_eq(out, der));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_made_here_is_read_back_with_every_algorithm),
		cmocka_unit_test(a_request_without_names_is_read),
		cmocka_unit_test(a_request_with_any_byte_changed_or_cut_is_refused),
		cmocka_unit_test(foreign_requests_are_read_or_refused_as_listed),
		cmocka_unit_test(sm2_requests_of_others_are_read_when_signed_with_the_default_id),
		cmocka_unit_test(attributes_are_taken_as_listed),
		cmocka_unit_test(a_common_name_is_read_from_each_kind_of_string),
		cmocka_unit_test(a_request_has_at_most_250_names),
		cmocka_unit_test(the_signature_may_use_a_stronger_digest_but_no_foreign_algorithm),
		cmocka_unit_test(text_that_is_no_request_is_refused_and_der_and_bare_base64_are_taken),
	};

	return cmocka_run_group_tests(tests, start, end);
}
