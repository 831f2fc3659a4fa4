/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/cert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>

#include "base/clock.h"
#include "base/der.h"
#include "base/hex.h"
#include "base/rfc3339.h"
#include "crypto/chain.h"
#include "crypto/crypto.h"
#include "crypto/key_priv.h"
#include "crypto/p12.h"
#include "crypto/pem.h"
#include "crypto/sm2.h"
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

/* -- certificates written by the library's own functions, so that the reader is not tested against our writer */

struct wish {
	const char *subject, *issuer;
	const struct key *key, *signer;
	const char *san, *basic;
	const EVP_MD *md;
	int64_t from_ms, to_ms;
};

static X509_NAME *
name_of(const char *cn)
{
	X509_NAME *n = X509_NAME_new();

	X509_NAME_add_entry_by_txt(n, "C", MBSTRING_ASC, (const unsigned char *)"CN", -1, -1, 0);
	X509_NAME_add_entry_by_txt(n, "O", MBSTRING_UTF8, (const unsigned char *)"A, \"B\" \xe6\xb5\x8b", -1, -1, 0);
	X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_UTF8, (const unsigned char *)cn, -1, -1, 0);
	return n;
}

static void
extension_add(X509 *x, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	assert_non_null(ext);
	assert_int_equal(X509_add_ext(x, ext, -1), 1);
	X509_EXTENSION_free(ext);
}

static void
sign_x509(X509 *x, const struct wish *w)
{
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *pctx = EVP_PKEY_CTX_new(w->signer->pkey, NULL);

	EVP_MD_CTX_set_pkey_ctx(md, pctx);
	if (key_alg(w->signer) == KEY_SM2)
		assert_int_equal(EVP_PKEY_CTX_set1_id(pctx, "1234567812345678", 16), 1);
	assert_int_equal(EVP_DigestSignInit(md, NULL, w->md, NULL, w->signer->pkey), 1);
	assert_true(X509_sign_ctx(x, md) > 0);
	EVP_MD_CTX_free(md);
	EVP_PKEY_CTX_free(pctx);
}

static struct blob
cert_of(const struct wish *w, struct arena *a)
{
	X509_NAME *subject = name_of(w->subject), *issuer = name_of(w->issuer);
	X509 *x = X509_new();
	unsigned char *p;
	struct blob der;
	int n;

	X509_set_version(x, 2);
	ASN1_INTEGER_set_uint64(X509_get_serialNumber(x), UINT64_C(0x8123456789abcdef));
	ASN1_TIME_set(X509_getm_notBefore(x), (time_t)(w->from_ms / 1000));
	ASN1_TIME_set(X509_getm_notAfter(x), (time_t)(w->to_ms / 1000));
	X509_set_subject_name(x, subject);
	X509_set_issuer_name(x, issuer);
	X509_set_pubkey(x, w->key->pkey);
	if (w->basic)
		extension_add(x, NID_basic_constraints, w->basic);
	extension_add(x, NID_subject_key_identifier, "hash");
	extension_add(x, NID_authority_key_identifier, "keyid:always");
	if (w->san)
		extension_add(x, NID_subject_alt_name, w->san);
	sign_x509(x, w);
	n = i2d_X509(x, NULL);
	der = BLOB(p = arena_alloc(a, (size_t)n), (size_t)n);
	i2d_X509(x, &p);
	X509_free(x);
	X509_NAME_free(subject);
	X509_NAME_free(issuer);
	return der;
}

#define FROM INT64_C(1790000000000)
#define TO (FROM + 90 * MS_DAY)

static struct wish
wish_of(size_t key, size_t signer)
{
	return (struct wish){
		.subject = "www.example.com",
		.issuer = "Test CA",
		.key = keys[key],
		.signer = keys[signer],
		.san = "DNS:www.example.com,DNS:*.example.com,IP:192.0.2.1,IP:2001:db8::1,email:a@example.com",
		.md = key_alg(keys[signer]) == KEY_SM2 ? EVP_sm3() : EVP_sha256(),
		.from_ms = FROM,
		.to_ms = TO,
	};
}

static void
the_facts_of_a_certificate_are_read(UNUSED void **state)
{
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		ARENA(a);
		struct wish w = wish_of(i, (i + 1) % ARRAY_LEN(algs));
		struct blob der = cert_of(&w, &a), spki;
		uint8_t id[20];
		struct cert_info c;

		assert_int_equal(cert_read(der, &a, &c, &e), 0);
		assert_string_equal(hex_encode(&a, c.serial).p, "8123456789abcdef");
		assert_string_equal(arena_cstr(&a, c.subject_text), "CN=www.example.com,O=A\\, \\\"B\\\" \xe6\xb5\x8b,C=CN");
		assert_true(str_eq_c(c.cn, "www.example.com"));
		assert_true(c.not_before_ms == FROM && c.not_after_ms == TO);
		assert_int_equal(c.n_dns, 2);
		assert_true(str_eq_c(c.dns[1], "*.example.com"));
		assert_int_equal(c.n_ip, 2);
		assert_string_equal(hex_encode(&a, c.ip[0]).p, "c0000201");
		assert_int_equal(c.ip[1].n, 16);
		assert_false(c.ca);
		assert_int_equal(c.alg, algs[i]);
		assert_int_equal(c.bits, key_bits(keys[i]));
		assert_int_equal(key_spki(keys[i], &a, &spki, &e), 0);
		assert_true(blob_eq(c.spki, spki));
		assert_int_equal(key_id(spki, id, &e), 0);
		assert_true(blob_eq(c.ski, BLOB(id, 20)));
		assert_true(blob_eq(c.aki, BLOB(id, 20)));
		assert_int_equal(cert_verify(&c, w.signer, &e), 0);
		assert_int_equal(cert_verify(&c, w.key, &e), E_SIGNATURE_BAD);
	}
}

static void
a_certificate_put_together_again_is_the_same(UNUSED void **state)
{
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		ARENA(a);
		struct wish w = wish_of(i, i);
		struct cert_info c;
		struct blob der;

		if (algs[i] == KEY_EC_P384)
			w.md = EVP_sha384();
		der = cert_of(&w, &a);
		assert_int_equal(cert_read(der, &a, &c, &e), 0);
		assert_true(blob_eq(cert_assemble(c.tbs, algs[i], c.sig, &a), der));
	}
}

/* Cut anywhere it is refused; with a byte changed it is refused or its signature fails: nothing stands outside of it. */
static void
a_certificate_with_any_byte_changed_does_not_verify(UNUSED void **state)
{
	ARENA(keep);
	struct wish w = wish_of(1, 1);
	struct blob der = cert_of(&w, &keep);
	uint8_t *p = (uint8_t *)der.p;
	ERR(e);

	for (size_t at = 0; at < der.n; at++) {
		ARENA(a);
		struct cert_info c;
		int r;

		p[at] ^= (uint8_t)(1 << at % 8);
		r = cert_read(der, &a, &c, &e);
		if (r == 0)
			r = cert_verify(&c, keys[1], &e);
		p[at] ^= (uint8_t)(1 << at % 8);
		assert_true(r == E_CERT_UNREADABLE || r == E_SIGNATURE_BAD);
		assert_int_equal(cert_read(BLOB(p, at), &a, &c, &e), E_CERT_UNREADABLE);
	}
}

static void
sha1_signatures_are_not_believed(UNUSED void **state)
{
	struct wish w = wish_of(1, 0);
	struct cert_info c;
	ARENA(a);
	ERR(e);

	w.md = EVP_sha1();
	assert_int_equal(cert_read(cert_of(&w, &a), &a, &c, &e), 0);
	assert_int_equal(cert_verify(&c, keys[0], &e), E_SIGNATURE_BAD);
}

/* -- paths */

static void
a_path_must_be_signed_named_and_dated_link_by_link(UNUSED void **state)
{
	struct wish leaf = wish_of(1, 3), mid = wish_of(3, 0), root = wish_of(0, 0), other;
	struct blob path[3];
	ARENA(a);
	ERR(e);

	leaf.issuer = mid.subject = "Mid";
	mid.issuer = root.subject = root.issuer = "Root";
	mid.basic = root.basic = "critical,CA:TRUE";
	mid.san = root.san = NULL;
	path[0] = cert_of(&leaf, &a);
	path[1] = cert_of(&mid, &a);
	path[2] = cert_of(&root, &a);
	assert_int_equal(chain_verify(path, 3, FROM, &e), 0);
	assert_int_equal(chain_verify(path, 2, FROM, &e), 0);
	assert_int_equal(chain_verify(path, 1, FROM, &e), 0);
	assert_int_equal(chain_verify(path, 3, FROM - 1000, &e), E_SIGNATURE_BAD);
	assert_int_equal(chain_verify(path, 3, TO + 1000, &e), E_SIGNATURE_BAD);
	other = mid;
	other.basic = "critical,CA:FALSE";
	path[1] = cert_of(&other, &a);
	assert_int_equal(chain_verify(path, 3, FROM, &e), E_SIGNATURE_BAD);
	other = mid;
	other.signer = keys[2];
	path[1] = cert_of(&other, &a);
	assert_int_equal(chain_verify(path, 3, FROM, &e), E_SIGNATURE_BAD);
	other = mid;
	other.subject = "Mud";
	path[1] = cert_of(&other, &a);
	assert_int_equal(chain_verify(path, 3, FROM, &e), E_SIGNATURE_BAD);
	path[1] = BLOB(path[1].p, 40);
	assert_int_equal(chain_verify(path, 3, FROM, &e), E_CERT_UNREADABLE);
}

/* All certificates of PEM files in the order given. */
static unsigned
load(struct arena *a, const char *const *files, struct blob *ret)
{
	struct pem_reader rest;
	struct pem_block b;
	unsigned n = 0;
	ERR(e);

	for (; *files; files++) {
		assert_int_equal(pem_open(blob_of(vector_file(a, arena_printf(a, "sm2/%s", *files).p)), a, &rest, &e), 0);
		while (pem_next(&rest, a, &b, &e) == 0)
			ret[n++] = b.body;
	}
	return n;
}

static void
sm2_certificates_of_others_verify_and_those_without_za_do_not(UNUSED void **state)
{
	static const struct {
		const char *files[4];
		unsigned n;
		int want;
	} cases[] = {
		{{"tongsuo-sm2_server_sign.crt", "tongsuo-sm2_chain-ca.crt"}, 3, 0},
		{{"tongsuo-sm2_server_enc.crt", "tongsuo-sm2_chain-ca.crt"}, 3, 0},
		{{"tongsuo-sm2-leaf.crt", "tongsuo-sm2-chain-ca.crt"}, 3, 0},
		{{"tongsuo-sm2-root-cert.pem"}, 1, 0},
		{{"tongsuo-sm2-first-crt.pem", "tongsuo-sm2-root-cert.pem"}, 2, 0},
		{{"tjfoc-sm2_sign_cert.cer", "tjfoc-SM2_CA.cer"}, 2, 0},
		{{"tjfoc-sm2_enc_cert.cer", "tjfoc-SM2_CA.cer"}, 2, 0},
		{{"gmsm-cfca-oca1.crt"}, 1, 0},
		{{"tongsuo-sm2-noza-root-cert.pem"}, 1, E_SIGNATURE_BAD},
		{{"tongsuo-sm2_server_sign.crt", "tjfoc-SM2_CA.cer"}, 2, E_SIGNATURE_BAD},
	};
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ARENA(a);
		struct blob ders[8];
		struct cert_info c;
		int r;

		assert_int_equal(load(&a, cases[i].files, ders), cases[i].n);
		assert_int_equal(cert_read(ders[0], &a, &c, &e), 0);
		assert_int_equal(c.alg, KEY_SM2);
		r = chain_verify(ders, cases[i].n, c.not_before_ms, &e);
		if (r != cases[i].want)
			fail_msg("%s: %s", cases[i].files[0], r ? e.msg : "accepted");
	}
}

/* -- published signatures */

static void
signatures_of_wycheproof_are_judged_as_it_says(UNUSED void **state)
{
	static const struct {
		const char *file, *alg;
		unsigned valid, invalid;
	} cases[] = {
		{"crypto/ecdsa_p256_sha256.tsv", "300a06082a8648ce3d040302", 174, 310},
		{"crypto/rsa_2048_sha512.tsv", "300d06092a864886f70d01010d0500", 8, 251},
	};
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		ARENA(a);
		struct str rest = vector_file(&a, cases[i].file), line;
		unsigned valid = 0, invalid = 0;
		struct blob alg, x, y;
		KEY(k);

		assert_true(hex_decode(&a, str_c(cases[i].alg), &alg));
		while ((line = vector_line(&rest)).p) {
			char kind = str_cut(&line, '\t').p[0];
			struct str first = str_cut(&line, '\t');
			int r;

			assert_true(hex_decode(&a, first, &x) && (!line.p || hex_decode(&a, line, &y)));
			if (kind == 'k') {
				k = key_free(k);
				assert_int_equal(key_from_spki(x, &k, &e), 0);
				continue;
			}
			if (!line.p)
				y = (struct blob){NULL, 0};
			r = key_verify_with(k, sig_alg_by_der(alg), x, y, &e);
			if (r != (kind == 'v' ? 0 : E_SIGNATURE_BAD))
				fail_msg("%s: %.*s %.*s is %s", cases[i].file, STRF(first), STRF(line), r ? "refused" : "taken");
			valid += kind == 'v';
			invalid += kind == 'i';
		}
		assert_int_equal(valid, cases[i].valid);
		assert_int_equal(invalid, cases[i].invalid);
	}
}

/* -- SM2 envelopes */

static void
an_envelope_gives_the_encryption_key_to_the_signing_key_alone(UNUSED void **state)
{
	struct blob der, one, two;
	ARENA(a);
	KEY(enc);
	KEY(other);
	KEY(back);
	ERR(e);

	assert_int_equal(key_generate(KEY_SM2, &enc, &e), 0);
	assert_int_equal(key_generate(KEY_SM2, &other, &e), 0);
	for (int i = 0; i < 20; i++) {
		KEY(k);

		assert_int_equal(sm2_envelope(enc, keys[3], &a, &der, &e), 0);
		assert_in_range(der.n, 236, 250);
		assert_int_equal(sm2_envelope_open(der, keys[3], &k, &e), 0);
		assert_int_equal(key_spki(enc, &a, &one, &e), 0);
		assert_int_equal(key_spki(k, &a, &two, &e), 0);
		assert_true(blob_eq(one, two));
	}
	assert_int_equal(sm2_envelope_open(der, other, &back, &e), E_KEY_UNREADABLE);
}

/* SM4-ECB has no tag of its own: that d*G is the enclosed point is what finds a change. */
static void
an_envelope_with_any_byte_changed_does_not_open(UNUSED void **state)
{
	struct blob der;
	uint8_t *p;
	ARENA(a);
	KEY(enc);
	ERR(e);

	assert_int_equal(key_generate(KEY_SM2, &enc, &e), 0);
	assert_int_equal(sm2_envelope(enc, keys[3], &a, &der, &e), 0);
	p = (uint8_t *)der.p;
	for (size_t at = 0; at < der.n; at++) {
		KEY(k);

		p[at] ^= (uint8_t)(1 << at % 8);
		assert_int_equal(sm2_envelope_open(der, keys[3], &k, &e), E_KEY_UNREADABLE);
		p[at] ^= (uint8_t)(1 << at % 8);
		assert_int_equal(sm2_envelope_open(BLOB(p, at), keys[3], &k, &e), E_KEY_UNREADABLE);
	}
}

/* -- PKCS#12 */

static bool
contains(struct blob b, const char *bytes, size_t n)
{
	return memmem(b.p, b.n, bytes, n) != NULL;
}

static void
a_container_opens_with_its_password_and_uses_pbes2_alone(UNUSED void **state)
{
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		ARENA(a);
		struct wish w = wish_of(i, i), ca = wish_of(0, 0);
		struct blob leaf = cert_of(&w, &a), chain = cert_of(&ca, &a), der;
		const unsigned char *p;
		STACK_OF(X509) *others = NULL;
		EVP_PKEY *pkey = NULL;
		X509 *x = NULL;
		PKCS12 *p12;

		assert_int_equal(
			p12_build(STR("www"), STR("p\xc3\xa4ss"), keys[i], leaf, &chain, 1, &a, &der, &e), 0);
		p = der.p;
		p12 = d2i_PKCS12(NULL, &p, (long)der.n);
		assert_non_null(p12);
		assert_int_equal(PKCS12_parse(p12, "wrong", &pkey, &x, NULL), 0);
		assert_int_equal(PKCS12_parse(p12, "p\xc3\xa4ss", &pkey, &x, &others), 1);
		assert_int_equal(EVP_PKEY_eq(pkey, keys[i]->pkey), 1);
		assert_int_equal(sk_X509_num(others), 1);
		/* PBES2, aes256-CBC, hmacWithSHA256; a MAC with SHA-256; none of the old PKCS#12 ciphers */
		assert_true(contains(der, "\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d", 9));
		assert_true(contains(der, "\x60\x86\x48\x01\x65\x03\x04\x01\x2a", 9));
		assert_true(contains(der, "\x2a\x86\x48\x86\xf7\x0d\x02\x09", 8));
		assert_true(contains(der, "\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01", 13));
		assert_false(contains(der, "\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01", 9));
		EVP_PKEY_free(pkey);
		X509_free(x);
		sk_X509_pop_free(others, X509_free);
		PKCS12_free(p12);
	}
}

static void
a_container_is_not_made_of_parts_that_do_not_fit(UNUSED void **state)
{
	struct wish w = wish_of(1, 1);
	ARENA(a);
	struct blob leaf = cert_of(&w, &a), der, bad = BLOB(leaf.p, 20);
	ERR(e);

	assert_int_equal(p12_build(STR("x"), STR("p"), keys[2], leaf, NULL, 0, &a, &der, &e), E_KEY_MISMATCH);
	assert_int_equal(p12_build(STR("x"), STR("p"), keys[1], bad, NULL, 0, &a, &der, &e), E_CERT_UNREADABLE);
	assert_int_equal(p12_build(STR("x"), STR("p"), keys[1], leaf, &bad, 1, &a, &der, &e), E_CERT_UNREADABLE);
	assert_int_equal(p12_build(STR("x"), (struct str){"a\0b", 3}, keys[1], leaf, NULL, 0, &a, &der, &e), E_FIELD_LENGTH);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_facts_of_a_certificate_are_read),
		cmocka_unit_test(a_certificate_put_together_again_is_the_same),
		cmocka_unit_test(a_certificate_with_any_byte_changed_does_not_verify),
		cmocka_unit_test(sha1_signatures_are_not_believed),
		cmocka_unit_test(a_path_must_be_signed_named_and_dated_link_by_link),
		cmocka_unit_test(sm2_certificates_of_others_verify_and_those_without_za_do_not),
		cmocka_unit_test(signatures_of_wycheproof_are_judged_as_it_says),
		cmocka_unit_test(an_envelope_gives_the_encryption_key_to_the_signing_key_alone),
		cmocka_unit_test(an_envelope_with_any_byte_changed_does_not_open),
		cmocka_unit_test(a_container_opens_with_its_password_and_uses_pbes2_alone),
		cmocka_unit_test(a_container_is_not_made_of_parts_that_do_not_fit),
	};

	return cmocka_run_group_tests(tests, start, end);
}
