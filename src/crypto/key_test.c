/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <openssl/x509.h>
#include <pthread.h>

#include "base/hex.h"
#include "base/rand.h"
#include "crypto/crypto.h"
#include "crypto/digest.h"
#include "crypto/key_priv.h"
#include "crypto/vectors_test.h"

/* One key of each kind for all tests. */
static const enum key_alg algs[] = {KEY_RSA_2048, KEY_RSA_3072, KEY_RSA_4096, KEY_EC_P256, KEY_EC_P384, KEY_SM2};
static struct key *keys[ARRAY_LEN(algs)];

static int
start(UNUSED void **state)
{
	ERR(e);

	if (crypto_init(&e) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		if (key_generate(algs[i], &keys[i], &e) < 0)
			return -1;
	}
	return 0;
}

static int
end(UNUSED void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(algs); i++)
		key_freep(&keys[i]);
	return 0;
}

static void
names_and_algorithms_map_to_each_other(UNUSED void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		assert_int_equal(key_alg(keys[i]), algs[i]);
		assert_int_equal(key_alg_by_name(str_c(key_alg_name(algs[i]))), algs[i]);
	}
	assert_string_equal(key_alg_name(KEY_EC_P256), "EC_P256");
	assert_int_equal(key_alg_by_name(STR("OTHER")), KEY_NONE);
	assert_int_equal(key_alg_by_name(STR("rsa_2048")), KEY_NONE);
	assert_int_equal(key_bits(keys[1]), 3072);
	assert_int_equal(key_bits(keys[4]), 384);
}

static void
a_private_key_survives_pkcs8_and_fits_its_public_key(UNUSED void **state)
{
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		struct blob sig, one, two;
		SECRET(der);
		SECRET(again);
		ARENA(a);
		KEY(k);
		KEY(pub);

		assert_int_equal(key_to_pkcs8(keys[i], &der, &e), 0);
		assert_int_equal(key_from_pkcs8(secret_blob(der), &k, &e), 0);
		assert_int_equal(key_alg(k), algs[i]);
		assert_int_equal(key_to_pkcs8(k, &again, &e), 0);
		assert_true(blob_eq(secret_blob(der), secret_blob(again)));
		assert_int_equal(key_spki(keys[i], &a, &one, &e), 0);
		assert_int_equal(key_spki(k, &a, &two, &e), 0);
		assert_true(blob_eq(one, two));
		assert_int_equal(key_from_spki(one, &pub, &e), 0);
		assert_int_equal(key_alg(pub), algs[i]);
		assert_int_equal(key_check_public(pub, &e), 0);
		assert_int_equal(key_sign(k, blob_of(STR("tbs")), &a, &sig, &e), 0);
		assert_int_equal(key_verify(pub, blob_of(STR("tbs")), sig, &e), 0);
	}
}

/* The house's own encoders against the library's. */
static void
pkcs8_and_spki_are_the_bytes_that_openssl_writes(UNUSED void **state)
{
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		PKCS8_PRIV_KEY_INFO *p8 = EVP_PKEY2PKCS8(keys[i]->pkey);
		unsigned char *theirs = NULL;
		struct blob spki;
		SECRET(der);
		ARENA(a);
		int n;

		assert_int_equal(key_to_pkcs8(keys[i], &der, &e), 0);
		n = i2d_PKCS8_PRIV_KEY_INFO(p8, &theirs);
		assert_true(blob_eq(secret_blob(der), BLOB(theirs, (size_t)n)));
		OPENSSL_free(theirs);
		PKCS8_PRIV_KEY_INFO_free(p8);
		theirs = NULL;
		n = i2d_PUBKEY(keys[i]->pkey, &theirs);
		assert_int_equal(key_spki(keys[i], &a, &spki, &e), 0);
		assert_true(blob_eq(spki, BLOB(theirs, (size_t)n)));
		OPENSSL_free(theirs);
	}
}

/* No flipped byte may crash; parts that no longer fit are found. RSA-2048, P-256 and SM2 stand for the rest. */
static void
a_damaged_private_key_is_refused(UNUSED void **state)
{
	static const size_t which[] = {0, 3, 5};
	ERR(e);

	for (size_t w = 0; w < ARRAY_LEN(which); w++) {
		size_t accepted = 0;
		SECRET(der);

		assert_int_equal(key_to_pkcs8(keys[which[w]], &der, &e), 0);
		for (size_t i = 0; i < der->n; i += which[w] ? 1 : 7) {
			KEY(k);
			int r;

			der->p[i] ^= 1;
			r = key_from_pkcs8(secret_blob(der), &k, &e);
			der->p[i] ^= 1;
			accepted += r == 0;
			assert_true(r == 0 || r == E_KEY_UNREADABLE || r == E_KEY_WEAK);
			assert_true(key_from_pkcs8(BLOB(der->p, i), &k, &e) < 0);
		}
		/* the version may be 0 or 1 */
		assert_in_range(accepted, 0, 1);
	}
}

static void
private_values_out_of_range_are_refused(UNUSED void **state)
{
	static const struct {
		const char *group, *d;
		int want;
	} cases[] = {
		{"P-256", "0000000000000000000000000000000000000000000000000000000000000000", E_KEY_UNREADABLE},
		{"P-256", "0000000000000000000000000000000000000000000000000000000000000001", 0},
		{"P-256", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550", 0},
		{"P-256", "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", E_KEY_UNREADABLE},
		{"P-256", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", E_KEY_UNREADABLE},
		/* GB/T 32918.1: d is at most n - 2 */
		{"SM2", "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121", 0},
		{"SM2", "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122", E_KEY_UNREADABLE},
		{"SM2", "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123", E_KEY_UNREADABLE},
	};
	ARENA(a);
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct blob d;
		KEY(k);

		assert_true(hex_decode(&a, str_c(cases[i].d), &d));
		if (key_from_ec_private(cases[i].group, d, (struct blob){NULL, 0}, &k, &e) != cases[i].want)
			fail_msg("case %zu: %s", i, e.msg);
	}
}

static void
signatures_verify_only_unchanged_and_with_their_key(UNUSED void **state)
{
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
		struct key_signer *s;
		struct blob sig, two;
		uint8_t *p;
		ARENA(a);

		assert_int_equal(key_signer_new(keys[i], &s, &e), 0);
		assert_int_equal(key_signer_sign(s, blob_of(STR("first")), &a, &sig, &e), 0);
		assert_int_equal(key_signer_sign(s, blob_of(STR("second")), &a, &two, &e), 0);
		key_signer_free(s);
		assert_int_equal(key_verify(keys[i], blob_of(STR("first")), sig, &e), 0);
		assert_int_equal(key_verify(keys[i], blob_of(STR("second")), two, &e), 0);
		assert_int_equal(key_verify(keys[i], blob_of(STR("second")), sig, &e), E_SIGNATURE_BAD);
		assert_int_equal(key_verify(keys[i], blob_of(STR("")), sig, &e), E_SIGNATURE_BAD);
		assert_int_equal(key_verify(keys[i], blob_of(STR("first")), (struct blob){NULL, 0}, &e), E_SIGNATURE_BAD);
		assert_int_equal(key_verify(keys[(i + 1) % ARRAY_LEN(algs)], blob_of(STR("first")), sig, &e),
			E_SIGNATURE_BAD);
		p = (uint8_t *)sig.p;
		for (size_t at = 0; at < sig.n; at += 1 + sig.n / 72) {
			p[at] ^= 1;
			assert_int_equal(key_verify(keys[i], blob_of(STR("first")), sig, &e), E_SIGNATURE_BAD);
			p[at] ^= 1;
		}
		assert_int_equal(key_verify(keys[i], blob_of(STR("first")), BLOB(p, sig.n - 1), &e), E_SIGNATURE_BAD);
	}
}

/* The trap of OpenSSL 3: without an ID set it signs with an empty one. Both sides are checked against its own path. */
static void
sm2_signatures_carry_the_default_signer_id(UNUSED void **state)
{
	const struct key *k = keys[5];
	static const char *const ids[] = {"1234567812345678", "", "1234567812345679"};
	struct blob sig, tbs = blob_of(STR("to be signed"));
	ARENA(a);
	ERR(e);

	assert_int_equal(key_sign(k, tbs, &a, &sig, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		EVP_MD_CTX *md = EVP_MD_CTX_new();
		EVP_PKEY_CTX *pctx = EVP_PKEY_CTX_new(k->pkey, NULL);
		uint8_t made[128];
		size_t n = sizeof(made);

		EVP_MD_CTX_set_pkey_ctx(md, pctx);
		assert_int_equal(EVP_PKEY_CTX_set1_id(pctx, ids[i], (int)strlen(ids[i])), 1);
		assert_int_equal(EVP_DigestVerifyInit(md, NULL, EVP_sm3(), NULL, k->pkey), 1);
		assert_int_equal(EVP_DigestVerify(md, sig.p, sig.n, tbs.p, tbs.n) == 1, i == 0);
		EVP_MD_CTX_free(md);
		EVP_PKEY_CTX_free(pctx);
		md = EVP_MD_CTX_new();
		pctx = EVP_PKEY_CTX_new(k->pkey, NULL);
		EVP_MD_CTX_set_pkey_ctx(md, pctx);
		assert_int_equal(EVP_PKEY_CTX_set1_id(pctx, ids[i], (int)strlen(ids[i])), 1);
		assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sm3(), NULL, k->pkey), 1);
		assert_int_equal(EVP_DigestSign(md, made, &n, tbs.p, tbs.n), 1);
		assert_int_equal(key_verify(k, tbs, BLOB(made, n), &e), i == 0 ? 0 : E_SIGNATURE_BAD);
		EVP_MD_CTX_free(md);
		EVP_PKEY_CTX_free(pctx);
	}
}

static void *
verify_much(void *arg)
{
	struct blob *sigs = arg;
	ERR(e);

	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < ARRAY_LEN(algs); i++) {
			if (key_verify(keys[i], blob_of(STR("tbs")), sigs[i], &e) != 0 ||
				key_verify(keys[i], blob_of(STR("tbt")), sigs[i], &e) != E_SIGNATURE_BAD)
				return arg;
		}
	}
	return NULL;
}

static void
one_key_verifies_in_many_threads_at_once(UNUSED void **state)
{
	struct blob sigs[ARRAY_LEN(algs)];
	pthread_t threads[8];
	ARENA(a);
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(algs); i++)
		assert_int_equal(key_sign(keys[i], blob_of(STR("tbs")), &a, &sigs[i], &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, verify_much, sigs), 0);
	for (size_t i = 0; i < ARRAY_LEN(threads); i++) {
		void *fault;

		pthread_join(threads[i], &fault);
		assert_null(fault);
	}
}

static void
the_key_id_is_the_sha1_of_the_key_bits(UNUSED void **state)
{
	uint8_t id[20], want[20];
	struct blob spki;
	ARENA(a);
	ERR(e);

	assert_int_equal(key_spki(keys[3], &a, &spki, &e), 0);
	assert_int_equal(key_id(spki, id, &e), 0);
	/* the P-256 point is the last 65 bytes */
	digest_sha1(BLOB(spki.p + spki.n - 65, 65), want);
	assert_memory_equal(id, want, 20);
	assert_int_equal(key_id(BLOB(spki.p, spki.n - 1), id, &e), E_KEY_UNREADABLE);
}

/* -- keys that are refused */

#define P256_HEAD "3059301306072a8648ce3d020106082a8648ce3d030107034200"
#define GX "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
#define GY "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"

static const struct {
	const char *what, *hex;
	int want;
} spki_cases[] = {
	{"the base point", P256_HEAD "04" GX GY, 0},
	{"a point off the curve", P256_HEAD "04" GX GX, E_KEY_WEAK},
	{"a coordinate above the field", P256_HEAD "04ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" GY, E_KEY_WEAK},
	{"a hybrid point", P256_HEAD "07" GX GY, E_KEY_UNREADABLE},
	{"the point at infinity", "301a301306072a8648ce3d020106082a8648ce3d03010703030000", E_KEY_UNREADABLE},
	{"the point at infinity, one octet", "3019301306072a8648ce3d020106082a8648ce3d03010703020000", E_KEY_WEAK},
	{"a compressed point", "3039301306072a8648ce3d020106082a8648ce3d030107032200" "03" GX, E_KEY_WEAK},
	{"the curve secp256k1", "3056301006072a8648ce3d020106052b8104000a034200" "04" GX GY, E_KEY_WEAK},
	{"curve parameters in place of a name", "3054300e06072a8648ce3d02013003020101034200" "04" GX GY, E_KEY_WEAK},
	{"no curve", "304e300b06072a8648ce3d02010500034200" "04" GX GY, E_KEY_UNREADABLE},
	{"an Ed25519 key", "302a300506032b6570032100" GX, 0},
	{"an Ed25519 key with parameters", "302c300706032b65700500032100" GX, E_KEY_UNREADABLE},
	{"an Ed25519 key that is too short", "3029300506032b6570032000" GX, E_KEY_UNREADABLE},
	{"an X25519 key", "302a300506032b656e032100" GX, E_KEY_WEAK},
	{"trailing bytes", P256_HEAD "04" GX GY "00", E_KEY_UNREADABLE},
	{"unused bits", "3059301306072a8648ce3d020106082a8648ce3d030107034201" "04" GX GY, E_KEY_UNREADABLE},
	{"nothing", "", E_KEY_UNREADABLE},
};

static void
public_keys_that_are_none_are_refused(UNUSED void **state)
{
	ARENA(a);
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(spki_cases); i++) {
		struct blob spki;
		KEY(k);

		assert_true(hex_decode(&a, str_c(spki_cases[i].hex), &spki));
		err_clear(&e);
		if (key_from_spki(spki, &k, &e) != spki_cases[i].want)
			fail_msg("%s: %d %s", spki_cases[i].what, e.code, e.msg);
	}
}

/* Tongsuo's early samples: the curve's OID stands for the algorithm, too. */
static void
the_old_form_of_sm2_keys_is_read_and_written_in_the_regular_one(UNUSED void **state)
{
	struct blob regular, back;
	BUF(old, 256);
	ARENA(a);
	KEY(k);
	ERR(e);

	assert_int_equal(key_spki(keys[5], &a, &regular, &e), 0);
	buf_put(&old, "\x30\x5a\x30\x14\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d\x06\x08\x2a\x81\x1c\xcf\x55\x01\x82\x2d", 24);
	buf_put(&old, regular.p + regular.n - 68, 68);
	assert_int_equal(key_from_spki(buf_blob(&old), &k, &e), 0);
	assert_int_equal(key_alg(k), KEY_SM2);
	assert_int_equal(key_spki(k, &a, &back, &e), 0);
	assert_true(blob_eq(regular, back));
}

/* RFC 8410 10.3's first key, and the same with its public part, then with another's. */
static void
a_key_that_is_only_kept_reads_the_same_again_and_signs_nothing(UNUSED void **state)
{
	static const char plain[] = "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842";
	static const char with_public[] = "3051020101300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842"
		"81210019bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1";
	struct blob der, spki, sig;
	SECRET(back);
	ARENA(a);
	KEY(k);
	KEY(again);
	ERR(e);

	assert_true(hex_decode(&a, str_c(plain), &der));
	assert_int_equal(key_from_private(der, &k, &e), 0);
	assert_int_equal(key_to_pkcs8(k, &back, &e), 0);
	assert_true(blob_eq(secret_blob(back), der));
	assert_true(hex_decode(&a, str_c(with_public), &der));
	assert_int_equal(key_from_private(der, &again, &e), 0);
	assert_int_equal(key_spki(again, &a, &spki, &e), 0);
	assert_true(key_is_of(k, spki) && key_alg(k) == KEY_OTHER && str_eq_c(key_name(k, &a), "Ed25519"));
	((uint8_t *)der.p)[der.n - 1] ^= 1;
	again = key_free(again);
	assert_int_equal(key_from_private(der, &again, &e), E_KEY_UNREADABLE);
	assert_int_equal(key_check_public(k, &e), E_KEY_WEAK);
	assert_int_equal(key_sign(k, der, &a, &sig, &e), E_KEY_WEAK);
	assert_int_equal(key_verify(k, der, der, &e), E_SIGNATURE_BAD);
}

static void
rsa_keys_are_read_up_to_the_librarys_own_bound(UNUSED void **state)
{
	ARENA(a);
	struct blob der = blob_of(vector_file(&a, "crypto/rsa_16384.der")), sig = {NULL, 0};
	uint8_t n[2049];
	BUF(longest, 4096);
	BUF(longer, 4096);
	SECRET(back);
	KEY(k);
	KEY(public);
	ERR(e);

	assert_int_equal(key_from_private(der, &k, &e), 0);
	assert_int_equal(key_bits(k), 16384);
	assert_int_equal(key_to_pkcs8(k, &back, &e), 0);
	assert_true(blob_eq(secret_blob(back), der));
	assert_int_equal(key_sign(k, der, &a, &sig, &e), 0);
	assert_int_equal(key_verify(k, der, sig, &e), 0);
	assert_int_equal(key_check_public(k, &e), E_KEY_WEAK);
	memset(n, 0xff, sizeof(n));
	spki_put_rsa(&longest, BLOB(n, 2048), BLOB("\3", 1), false, (struct blob){NULL, 0});
	assert_int_equal(key_from_spki(buf_blob(&longest), &public, &e), 0);
	assert_int_equal(key_bits(public), 16384);
	spki_put_rsa(&longer, BLOB(n, 2049), BLOB("\3", 1), false, (struct blob){NULL, 0});
	public = key_free(public);
	assert_int_equal(key_from_spki(buf_blob(&longer), &public, &e), E_KEY_WEAK);
}

static int
rsa_check(struct blob n, const char *e_bytes, size_t e_n, unsigned *ret_bits, struct err *e)
{
	BUF(spki, 4096);
	KEY(k);
	int r;

	spki_put_rsa(&spki, n, BLOB(e_bytes, e_n), false, (struct blob){NULL, 0});
	r = key_from_spki(buf_blob(&spki), &k, e);
	if (r < 0)
		return r;
	*ret_bits = key_bits(k);
	return key_check_public(k, e);
}

static void
rsa_sizes_and_exponents_outside_the_rules_are_refused(UNUSED void **state)
{
	static const struct {
		unsigned bits;
		int want;
	} sizes[] = {
		{1016, E_KEY_WEAK}, {1024, E_KEY_WEAK}, {2040, E_KEY_WEAK}, {2047, E_KEY_WEAK}, {2048, 0}, {2049, E_KEY_WEAK},
		{2056, 0}, {3072, 0}, {4096, 0}, {4104, E_KEY_WEAK}, {8192, E_KEY_WEAK}, {8200, E_KEY_WEAK},
	};
	static const struct {
		const char *e;
		size_t n;
		int want;
	} exponents[] = {
		{"\0", 1, E_KEY_WEAK}, {"\1", 1, E_KEY_WEAK}, {"\2", 1, E_KEY_WEAK}, {"\3", 1, 0}, {"\4", 1, E_KEY_WEAK},
		{"\1\0\0", 3, E_KEY_WEAK}, {"\1\0\1", 3, 0}, {"\xff\0\0\0\0\0\0\1", 8, 0}, {"\1\0\0\0\0\0\0\0\1", 9, E_KEY_WEAK},
	};
	unsigned bits;
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		BIGNUM *n = BN_new();
		uint8_t bytes[1025];

		BN_set_bit(n, (int)sizes[i].bits - 1);
		BN_set_bit(n, (int)sizes[i].bits - 3);
		/* the next number without small factors */
		for (BN_add_word(n, 1); sizes[i].want == 0; BN_add_word(n, 2)) {
			bool clean = true;

			for (BN_ULONG p = 3; p < 752 && clean; p += 2)
				clean = BN_mod_word(n, p) != 0;
			if (clean)
				break;
		}
		if (rsa_check(BLOB(bytes, (size_t)BN_bn2bin(n, bytes)), "\1\0\1", 3, &bits, &e) != sizes[i].want)
			fail_msg("%u bits: %s", sizes[i].bits, e.msg);
		BN_free(n);
	}
	for (size_t i = 0; i < ARRAY_LEN(exponents); i++) {
		if (rsa_check(keys[0]->info.n, exponents[i].e, exponents[i].n, &bits, &e) != exponents[i].want)
			fail_msg("exponent %zu: %s", i, e.msg);
	}
}

/* Made for this test: p = k*M + 65537^a mod M, M the product of the first 126 primes. */
static const char roca[] =
	"879dc894d5d5b921593e51470e712f0b695bd3a5f686fbcf20ad5791624279bb305b2863020b3e37"
	"315e0966871b15fed98e1fada1924f0db3718bdb61f79777cddad2b5ed1378f143d9e31f0408e36a"
	"8b369f8aef562b4a1c7ceab980a4ed2a0aa67ca7c8269aaff7939fac7c0ec0c4ea06a3e6998156c2"
	"62200134cf312665b8dbcc1d63675034fb96b3a20f4b8df9d1b511ab8f0b36e2ee05c4a3f4e4d0aa"
	"b4cecf6af5732b57f566b1dda38bdfd8472ab63c746ab850072db2009787693f432791481d6848f8"
	"799581cf459f91131b533c781f9ced94e353652d5991c956eb313821179404dd930e62560fa6d85e"
	"86f62b6f4842a85d7b47c74d473a3b99";
/* p and q differ by 2^516: about thirty steps of Fermat's method. */
static const char near[] =
	"ece9f9e24fac3e67a58d2b6fc767dd7ec469082938a8363ac66b0a36f9bf8fbe783a8967118acdbc"
	"dc34e4c61bc2174786df1ef3aa269b9696a4fd4ba1e674ddc0bd52f3da4993840bca35b0c2da5728"
	"d391486e6adf6037f2eeba514cd7b206047609a7851b65350a6bacc3681c00d4c70b20e6e67bed29"
	"4abe7fbca5112af548d93b1c88cf74cf101e1105c14d668d6789ba65ed03e6a0e8f8f86aa2ec11f6"
	"ca0c37e4756670acd0bdd120fb5a3a62130c1f1895463511e293152b606917c3a580fddc40deb186"
	"ca06551210b0680540344dba673e42ba4c60120f1aa6d99cd41ca9f006089d9a677f115b24e5d3d8"
	"4b468915410d86ba921f69d00140525b";
static const char square[] =
	"ece9f9e24fac3e67a58d2b6fc767dd7ec469082938a8363ac66b0a36f9bf8fbe783a8967118acdbc"
	"dc34e4c61bc2174786df1ef3aa269b9696a4fd4ba1e674ce5c628ff59b7db036fc1d780e88b38bc4"
	"bac974a5a13596a25a213f62386962f55738865d64069c79d5cb7a5170a69ddc70014c5ce86189c6"
	"513882dc5e3c5f307d8fb385d3c535c6d47651df72f93aa751d6daf2546e94cb14be1b899bb475a9"
	"4ddc2b529ec5fa42273d7cb8537dcf1c08a7585342c2250c39ec6c0433b0564a2db94877aef8a65c"
	"8d69d345efc85a7a51d04ed17af4ef1c2a6a85fa912b2d3f26e2fd19a90f51c0f56430bf45179c8f"
	"932404b15f910053a011670505dc6959";

static void
rsa_keys_that_can_be_worked_out_are_refused(UNUSED void **state)
{
	static const struct {
		const char *hex, *says;
	} cases[] = {{roca, "ROCA"}, {near, "Fermat"}, {square, "Fermat"}};
	uint8_t multiple[256];
	BIGNUM *n = BN_bin2bn(keys[0]->info.n.p, 256, NULL);
	struct blob m;
	unsigned bits;
	ARENA(a);
	ERR(e);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_true(hex_decode(&a, str_c(cases[i].hex), &m));
		assert_int_equal(rsa_check(m, "\1\0\1", 3, &bits, &e), E_KEY_WEAK);
		assert_non_null(strstr(e.msg, cases[i].says));
	}
	/* the nearest odd multiple of 751 below */
	BN_sub_word(n, BN_mod_word(n, 751));
	if (!BN_is_odd(n))
		BN_sub_word(n, 751);
	assert_int_equal(rsa_check(BLOB(multiple, (size_t)BN_bn2bin(n, multiple)), "\1\0\1", 3, &bits, &e), E_KEY_WEAK);
	assert_non_null(strstr(e.msg, "factor"));
	BN_free(n);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_and_algorithms_map_to_each_other),
		cmocka_unit_test(a_private_key_survives_pkcs8_and_fits_its_public_key),
		cmocka_unit_test(pkcs8_and_spki_are_the_bytes_that_openssl_writes),
		cmocka_unit_test(a_damaged_private_key_is_refused),
		cmocka_unit_test(private_values_out_of_range_are_refused),
		cmocka_unit_test(signatures_verify_only_unchanged_and_with_their_key),
		cmocka_unit_test(sm2_signatures_carry_the_default_signer_id),
		cmocka_unit_test(one_key_verifies_in_many_threads_at_once),
		cmocka_unit_test(the_key_id_is_the_sha1_of_the_key_bits),
		cmocka_unit_test(public_keys_that_are_none_are_refused),
		cmocka_unit_test(the_old_form_of_sm2_keys_is_read_and_written_in_the_regular_one),
		cmocka_unit_test(a_key_that_is_only_kept_reads_the_same_again_and_signs_nothing),
		cmocka_unit_test(rsa_keys_are_read_up_to_the_librarys_own_bound),
		cmocka_unit_test(rsa_sizes_and_exponents_outside_the_rules_are_refused),
		cmocka_unit_test(rsa_keys_that_can_be_worked_out_are_refused),
	};

	return cmocka_run_group_tests(tests, start, end);
}
