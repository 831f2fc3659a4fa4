/* SPDX-License-Identifier: Apache-2.0 */
#include "ca/env_test.h"

#include "ca/ocsp.h"

#define NOW "2026-11-21T08:48:14Z"

static struct arena keep;
static struct env_issuer root, sub;

static int
setup(void **state)
{
	int64_t now = env_time("2026-11-20T00:00:00Z");
	(void)state;

	env_issuer_make(&root, "root", KEY_EC_P384, NULL, 1, now, &keep);
	env_issuer_make(&sub, "sub", KEY_EC_P256, &root, 1, now, &keep);
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

/* Written by `openssl ocsp -reqout`: one serial without nonce; three, the last with SHA-256, and a nonce. */
#define BY_OPENSSL_1                                                                               \
	"304a3048304630443042300906052b0e03021a05000414424ef3366d8b17e4f9865ea7849fe102bad1a82e0414" \
	"f150a7a8301870709ea54cf272165d7b5c26432402090123456789abcdef01"
#define BY_OPENSSL_2                                                                               \
	"308201023081ff3081d7303d303b300906052b0e03021a05000414424ef3366d8b17e4f9865ea7849fe102bad1" \
	"a82e0414f150a7a8301870709ea54cf272165d7b5c26432402020080303c303a300906052b0e03021a05000414" \
	"424ef3366d8b17e4f9865ea7849fe102bad1a82e0414f150a7a8301870709ea54cf272165d7b5c264324020105" \
	"30583056300d06096086480165030402010500042068616d82f11fc8dde296ea83d9d7f21acd752b4b08f03a38" \
	"9de57ec70661bf6a0420cc83a369f97cddce8d7200ccff44e9163a43a8de207251f64aee52bd3541ffc7020106" \
	"a2233021301f06092b06010505073001020412041045bc8be1413e7faa1919af364fdbf027"

#define CERT_ID "3042300906052b0e03021a05000414424ef3366d8b17e4f9865ea7849fe102bad1a82e0414"         \
	"f150a7a8301870709ea54cf272165d7b5c26432402090123456789abcdef01"

/* SEQUENCE { SEQUENCE { before, SEQUENCE { n requests }, after }, behind } */
static struct blob
request(const char *before, const char *cert_id, unsigned n, const char *after, const char *behind, struct arena *a)
{
	BUF(b, 8000);
	size_t whole = der_begin(&b, DER_SEQUENCE), tbs = der_begin(&b, DER_SEQUENCE), list, one;

	buf_put_blob(&b, env_hex(before, a));
	list = der_begin(&b, DER_SEQUENCE);
	for (unsigned i = 0; i < n; i++) {
		one = der_begin(&b, DER_SEQUENCE);
		buf_put_blob(&b, env_hex(cert_id, a));
		der_end(&b, one);
	}
	der_end(&b, list);
	buf_put_blob(&b, env_hex(after, a));
	der_end(&b, tbs);
	buf_put_blob(&b, env_hex(behind, a));
	der_end(&b, whole);
	return arena_blob(a, buf_blob(&b));
}

static void
requests_by_openssl_are_read(void **state)
{
	ARENA(a);
	struct ocsp_request rq;
	(void)state;

	assert_true(ocsp_request_read(env_hex(BY_OPENSSL_1, &a), &rq));
	assert_int_equal(rq.n, 1);
	assert_null(rq.nonce.p);
	assert_true(blob_eq(rq.certs[0].serial, env_hex("0123456789abcdef01", &a)));
	assert_true(blob_eq(rq.certs[0].whole, env_hex(CERT_ID, &a)));
	assert_false(rq.certs[0].sha256);
	assert_true(ocsp_request_read(env_hex(BY_OPENSSL_2, &a), &rq));
	assert_int_equal(rq.n, 3);
	assert_int_equal(rq.nonce.n, 16);
	assert_true(blob_eq(rq.certs[0].serial, BLOB("\x80", 1)));
	assert_true(rq.certs[2].sha256 && rq.certs[2].name_hash.n == 32 && rq.certs[2].key_hash.n == 32);
}

static void
odd_requests_are_read_or_called_malformed(void **state)
{
#define NO_PARAMS "3040300706052b0e03021a0414424ef3366d8b17e4f9865ea7849fe102bad1a82e0414"             \
	"f150a7a8301870709ea54cf272165d7b5c26432402090123456789abcdef01"
#define NONCE_OF(len_hex, body) "a2" len_hex body
	static const struct {
		const char *before, *cert_id;
		unsigned n;
		const char *after, *behind;
		bool ok;
	} rows[] = {
		{"", CERT_ID, 1, "", "", true},
		{"", CERT_ID, OCSP_CERTS_MAX, "", "", true},
		{"", CERT_ID, OCSP_CERTS_MAX + 1, "", "", false},
		{"", CERT_ID, 0, "", "", false},
		{"a003020100", CERT_ID, 1, "", "", true}, /* v1 written out */
		{"a003020101", CERT_ID, 1, "", "", false},
		{"a1048202" "6162", CERT_ID, 1, "", "", true}, /* requestorName */
		{"", NO_PARAMS, 1, "", "", true},
		{"", CERT_ID, 1, "", "a003300100", true}, /* a signature: not looked at */
		{"", CERT_ID, 1, "", "0500", false},
		{"", CERT_ID, 1, "0500", "", false},
		{"", CERT_ID "0500", 1, "", "", false},
		{"", CERT_ID "a0023000", 1, "", "", true}, /* singleRequestExtensions */
		{"", CERT_ID "a009300730050601" "2a0400", 1, "", "", true}, /* an unknown one */
		{"", CERT_ID "a00c300a30080601" "2a0101ff0400", 1, "", "", false}, /* critical */
		{"", CERT_ID, 1, "a2023000", "", true},
		{"", CERT_ID, 1, "a2023000a2023000", "", false},
		{"", CERT_ID, 1, "a2143012301006092b060105050730010204030401" "aa", "", true},
		{"", CERT_ID, 1, "a2133011300f06092b06010505073001020402" "0400", "", false}, /* empty nonce */
		{"", CERT_ID, 1, "a2133011300f06092b06010505073001020402" "aabb", "", false},
		{"", CERT_ID, 1, "a2263024301006092b060105050730010204030401" "aa"
			"301006092b060105050730010204030401" "bb", "", false}, /* two */
		{"", "3039300906052b0e03021a05000414424ef3366d8b17e4f9865ea7849fe102bad1a82e0414"
			"f150a7a8301870709ea54cf272165d7b5c264324" "0200", 1, "", "", false},
		{"", "303a300906052b0e03021a05000414424ef3366d8b17e4f9865ea7849fe102bad1a82e0414"
			"f150a7a8301870709ea54cf272165d7b5c264324" "0201ff", 1, "", "", false}, /* negative */
	};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ARENA(a);
		struct ocsp_request rq;
		struct blob der = request(rows[i].before, rows[i].cert_id, rows[i].n, rows[i].after, rows[i].behind, &a);

		if (ocsp_request_read(der, &rq) != rows[i].ok)
			fail_msg("row %zu", i);
	}
}

static void
nonces_have_1_to_128_octets(void **state)
{
	static const size_t sizes[] = {1, 16, 32, 128, 129, 300};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		ARENA(a);
		BUF(b, 1000);
		uint8_t *nonce = arena_alloc(&a, sizes[i]);
		struct ocsp_request rq;
		size_t m[4];
		bool ok;

		memset(nonce, 0x5a, sizes[i]);
		m[0] = der_begin(&b, DER_CTX_CONS(2));
		m[1] = der_begin(&b, DER_SEQUENCE);
		m[2] = der_begin(&b, DER_SEQUENCE);
		der_put_oid(&b, "1.3.6.1.5.5.7.48.1.2");
		m[3] = der_begin(&b, DER_OCTET_STRING);
		der_put(&b, DER_OCTET_STRING, BLOB(nonce, sizes[i]));
		for (int k = 3; k >= 0; k--)
			der_end(&b, m[k]);
		ok = ocsp_request_read(request("", CERT_ID, 1, arena_cstr(&a, hex_encode(&a, buf_blob(&b))), "", &a), &rq);
		assert_int_equal(ok, sizes[i] <= 128);
		assert_true(!ok || blob_eq(rq.nonce, BLOB(nonce, sizes[i])));
	}
}

static void
broken_requests_are_malformed_and_never_read_past(void **state)
{
	ARENA(a);
	struct blob der = env_hex(BY_OPENSSL_2, &a);
	struct ocsp_request rq;
	(void)state;

	for (size_t i = 0; i < der.n; i++) {
		ARENA(one);
		uint8_t *copy = arena_copy(&one, der.p, der.n);

		assert_false(ocsp_request_read(BLOB(arena_copy(&one, der.p, i), i), &rq));
		for (unsigned v = 0; v < 256; v++) {
			copy[i] = (uint8_t)v;
			if (!ocsp_request_read(BLOB(copy, der.n), &rq))
				continue;
			assert_in_range(rq.n, 1, OCSP_CERTS_MAX);
			for (unsigned k = 0; k < rq.n; k++)
				assert_in_range(rq.certs[k].whole.p - copy, 1, der.n - rq.certs[k].whole.n);
		}
		copy[i] = der.p[i];
	}
	assert_false(ocsp_request_read((struct blob){NULL, 0}, &rq));
	/* a byte more */
	assert_false(ocsp_request_read(env_hex(BY_OPENSSL_1 "00", &a), &rq));
	/* a request over the cap */
	assert_false(ocsp_request_read(BLOB(arena_alloc(&a, OCSP_REQUEST_MAX + 1), OCSP_REQUEST_MAX + 1), &rq));
}

static void
a_cert_id_names_its_issuer_by_both_hashes(void **state)
{
	ARENA(a);
	struct ocsp_cert_id id;
	(void)state;

	for (int sha256 = 0; sha256 <= 1; sha256++) {
		uint8_t flip[64];

		id = ocsp_cert_id_of(&sub.is, BLOB("\x80", 1), sha256, &a);
		assert_true(blob_eq(id.serial, BLOB("\x80", 1)));
		assert_true(ocsp_names_issuer(&id, &sub.is));
		assert_false(ocsp_names_issuer(&id, &root.is));
		memcpy(flip, id.key_hash.p, id.key_hash.n);
		flip[0] ^= 1;
		id.key_hash.p = flip;
		assert_false(ocsp_names_issuer(&id, &sub.is));
		id = ocsp_cert_id_of(&sub.is, BLOB("\x80", 1), sha256, &a);
		id.sha256 = !id.sha256;
		assert_false(ocsp_names_issuer(&id, &sub.is));
	}
}

static struct ocsp_answer
answer(enum ocsp_status status, int reason, struct arena *a)
{
	return (struct ocsp_answer){.id = ocsp_cert_id_of(&sub.is, BLOB("\x01\x02\x03", 3), false, a), .status = status,
		.revoked_ms = env_time("2026-11-21T08:00:00Z") + 123, .reason = reason, .this_update_ms = env_time(NOW) + 999,
		.next_update_ms = env_time("2026-11-24T08:48:14Z")};
}

static const char *
tbs_hex(const struct ocsp_answer *an, struct blob nonce, struct arena *a)
{
	struct blob tbs;
	ERR(e);

	assert_int_equal(ocsp_tbs(&sub.is, an, 1, nonce, env_time(NOW), a, &tbs, &e), 0);
	return arena_cstr(a, hex_encode(a, tbs));
}

#define PRODUCED "180f32303236313132313038343831345a"
#define NEXT_UPDATE "a011180f32303236313132343038343831345a"
#define REVOKED "180f32303236313132313038303030305a"

static void
answers_say_good_revoked_or_unknown(void **state)
{
	ARENA(a);
	const char *key = arena_cstr(&a, hex_encode(&a, BLOB(sub.is.key_sha1, 20)));
	struct ocsp_answer an = answer(OCSP_GOOD, 0, &a);
	const char *id = arena_cstr(&a, hex_encode(&a, an.id.whole));
	(void)state;

	assert_int_equal(an.id.whole.n, 62);
	assert_string_equal(tbs_hex(&an, (struct blob){NULL, 0}, &a),
		arena_printf(&a, "308191" "a2160414%s" PRODUCED "3066" "3064" "%s" "8000" PRODUCED NEXT_UPDATE, key, id).p);
	an = answer(OCSP_UNKNOWN, 0, &a);
	assert_string_equal(tbs_hex(&an, BLOB("\xaa", 1), &a),
		arena_printf(&a, "3081a7" "a2160414%s" PRODUCED "3066" "3064" "%s" "8200" PRODUCED NEXT_UPDATE
			"a1143012301006092b060105050730010204030401aa", key, id).p);
	an = answer(OCSP_REVOKED, 1, &a);
	assert_string_equal(tbs_hex(&an, (struct blob){NULL, 0}, &a),
		arena_printf(&a, "3081a7" "a2160414%s" PRODUCED "307c" "307a" "%s" "a116" REVOKED "a0030a0101" PRODUCED
			NEXT_UPDATE, key, id).p);
	an = answer(OCSP_REVOKED, 0, &a);
	assert_string_equal(tbs_hex(&an, (struct blob){NULL, 0}, &a),
		arena_printf(&a, "3081a2" "a2160414%s" PRODUCED "3077" "3075" "%s" "a111" REVOKED PRODUCED NEXT_UPDATE,
			key, id).p);
}

static void
a_response_carries_what_was_signed(void **state)
{
	ARENA(a);
	ERR(e);
	struct ocsp_answer an[OCSP_CERTS_MAX];
	struct blob tbs, sig, der, bytes, got_tbs = {0}, got_sig = {0};
	struct cursor c, in, inner, basic;
	(void)state;

	for (unsigned i = 0; i < OCSP_CERTS_MAX; i++)
		an[i] = answer(OCSP_REVOKED, 4, &a);
	assert_int_equal(ocsp_tbs(&sub.is, an, OCSP_CERTS_MAX, (struct blob){NULL, 0}, env_time(NOW), &a, &tbs, &e), 0);
	assert_int_equal(key_sign(sub.private, tbs, &a, &sig, &e), 0);
	der = ocsp_response(&sub.is, tbs, sig, &a);
	c = cursor_of(der);
	assert_true(der_open(&c, DER_SEQUENCE, &in) && der_done(&c));
	assert_true(der_get(&in, DER_ENUMERATED, &bytes) && bytes.n == 1 && bytes.p[0] == 0);
	assert_true(der_open(&in, DER_CTX_CONS(0), &c) && der_done(&in) && der_open(&c, DER_SEQUENCE, &inner));
	assert_true(der_get(&inner, DER_OID, &bytes) && der_oid_is(bytes, "1.3.6.1.5.5.7.48.1.1"));
	assert_true(der_get(&inner, DER_OCTET_STRING, &bytes) && der_done(&inner));
	c = cursor_of(bytes);
	assert_true(der_open(&c, DER_SEQUENCE, &basic) && der_next(&basic, NULL, NULL, &got_tbs) &&
		    der_get(&basic, DER_SEQUENCE, NULL) && der_get_bits(&basic, &got_sig) && der_done(&basic));
	assert_true(blob_eq(got_tbs, tbs));
	assert_int_equal(key_verify(sub.is.key, got_tbs, got_sig, &e), 0);
}

static void
failures_are_five_bytes_without_signature(void **state)
{
	static const enum ocsp_failure all[] = {OCSP_MALFORMED, OCSP_INTERNAL, OCSP_TRY_LATER, OCSP_UNAUTHORIZED};
	(void)state;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		uint8_t want[5] = {0x30, 3, 0x0a, 1, (uint8_t)all[i]};

		assert_true(blob_eq(ocsp_failure(all[i]), BLOB(want, 5)));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_by_openssl_are_read),
		cmocka_unit_test(odd_requests_are_read_or_called_malformed),
		cmocka_unit_test(nonces_have_1_to_128_octets),
		cmocka_unit_test(broken_requests_are_malformed_and_never_read_past),
		cmocka_unit_test(a_cert_id_names_its_issuer_by_both_hashes),
		cmocka_unit_test(answers_say_good_revoked_or_unknown),
		cmocka_unit_test(a_response_carries_what_was_signed),
		cmocka_unit_test(failures_are_five_bytes_without_signature),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
