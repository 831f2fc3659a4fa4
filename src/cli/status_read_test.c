/* SPDX-License-Identifier: Apache-2.0 */
/* Answers made by the CA's own code, read and verified as a client does. */
#include "ca/env_test.h"

#include <stdlib.h>

#include "ca/crl.h"
#include "ca/ocsp.h"
#include "cli/status_read.h"

#define NOW INT64_C(1700000000000)
#define SERIAL BLOB("\x81\x02\x03", 3) /* with the high bit: a sign octet stands before it in DER */
#define OTHER BLOB("\x11\x02\x03", 3)

static struct arena keep;
static struct env_issuer ca[3];
static const enum key_alg algs[] = {KEY_EC_P256, KEY_RSA_2048, KEY_SM2};

static int
setup(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ca); i++)
		env_issuer_make(&ca[i], "root", algs[i], NULL, 1, NOW, &keep);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ca); i++)
		env_issuer_done(&ca[i]);
	arena_done(&keep);
	return 0;
}

static struct status_issuer
issuer(const struct env_issuer *in, struct arena *a)
{
	struct status_issuer is;
	ERR(e);

	assert_int_equal(status_issuer_read(in->is.cert, a, &is, &e), 0);
	return is;
}

/* The whole way: our question, read by the responder's code, answered and signed by it. */
static struct blob
answer(const struct env_issuer *in, enum ocsp_status status, struct blob serial, struct arena *a)
{
	struct status_issuer is = issuer(in, a);
	struct ocsp_answer an = {.status = status,
		.revoked_ms = NOW - 5000,
		.reason = 4,
		.this_update_ms = NOW,
		.next_update_ms = NOW + 3600000};
	struct ocsp_request rq;
	struct blob tbs, sig;
	ERR(e);

	assert_true(ocsp_request_read(ocsp_question(&is, serial, a), &rq));
	assert_int_equal(rq.n, 1);
	assert_true(ocsp_names_issuer(&rq.certs[0], &in->is));
	an.id = rq.certs[0];
	assert_int_equal(ocsp_tbs(&in->is, &an, 1, (struct blob){NULL, 0}, NOW, a, &tbs, &e), 0);
	assert_int_equal(key_sign(in->private, tbs, a, &sig, &e), 0);
	return ocsp_response(&in->is, tbs, sig, a);
}

static void
ocsp_answers_of_every_algorithm_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ca); i++) {
		struct status s;
		ARENA(a);
		ERR(e);
		struct status_issuer is = issuer(&ca[i], &a);

		assert_int_equal(ocsp_answer_read(answer(&ca[i], OCSP_GOOD, SERIAL, &a), &is, SERIAL, &s, &e), 0);
		assert_string_equal(s.word, "good");
		assert_int_equal(s.next_update_ms, NOW + 3600000);
		assert_int_equal(ocsp_answer_read(answer(&ca[i], OCSP_REVOKED, SERIAL, &a), &is, SERIAL, &s, &e), 0);
		assert_string_equal(s.word, "revoked");
		assert_int_equal(s.revoked_ms, NOW - 5000);
		assert_int_equal(s.reason, 4);
		assert_int_equal(ocsp_answer_read(answer(&ca[i], OCSP_UNKNOWN, SERIAL, &a), &is, SERIAL, &s, &e), 0);
		assert_string_equal(s.word, "unknown");
	}
}

static void
an_answer_of_another_issuer_or_about_another_certificate_is_refused(void **state)
{
	struct status s;
	ARENA(a);
	ERR(e);
	struct status_issuer is = issuer(&ca[0], &a), other = issuer(&ca[2], &a);
	struct blob der = answer(&ca[0], OCSP_GOOD, SERIAL, &a);

	(void)state;
	assert_int_equal(ocsp_answer_read(der, &other, SERIAL, &s, &e), E_SIGNATURE_BAD);
	assert_int_equal(ocsp_answer_read(der, &is, OTHER, &s, &e), E_FIELD_FORM);
	assert_int_equal(ocsp_answer_read(ocsp_failure(OCSP_TRY_LATER), &is, SERIAL, &s, &e), E_NET);
	assert_non_null(strstr(e.msg, "tryLater"));
}

static struct blob
list(const struct env_issuer *in, struct arena *a)
{
	struct crl_entry one = {OTHER, NOW - 9000, 0}, two = {SERIAL, NOW - 5000, 4};
	struct crl_writer *w;
	struct blob tbs, sig, der;
	uint8_t *p;
	size_t n;
	ERR(e);

	assert_int_equal(crl_begin(&in->is, 0, 1, NOW, NOW + 86400000, &w, &e), 0);
	crl_add(w, &one);
	crl_add(w, &two);
	assert_int_equal(crl_tbs(w, &tbs, &e), 0);
	assert_int_equal(key_sign(in->private, tbs, a, &sig, &e), 0);
	assert_int_equal(crl_end(w, &sig, &p, &n, &e), 0);
	der = arena_blob(a, BLOB(p, n));
	free(p);
	return der;
}

static void
a_serial_is_found_in_a_list_with_time_and_reason(void **state)
{
	struct status s;
	ARENA(a);
	ERR(e);
	struct status_issuer is = issuer(&ca[0], &a), other = issuer(&ca[1], &a);
	struct blob der = list(&ca[0], &a);

	(void)state;
	assert_int_equal(crl_read(der, &is, SERIAL, &s, &e), 0);
	assert_string_equal(s.word, "listed");
	assert_int_equal(s.revoked_ms, NOW - 5000);
	assert_int_equal(s.reason, 4);
	assert_int_equal(s.entries, 2);
	assert_int_equal(crl_read(der, &is, BLOB("\x22", 1), &s, &e), 0);
	assert_string_equal(s.word, "not listed");
	assert_int_equal(crl_read(der, &other, SERIAL, &s, &e), E_SIGNATURE_BAD);
}

static void
broken_answers_are_refused_and_never_read_past_their_end(void **state)
{
	struct status s;
	ARENA(a);
	ERR(e);
	struct status_issuer is = issuer(&ca[0], &a);
	struct blob ocsp = answer(&ca[0], OCSP_REVOKED, SERIAL, &a), crl = list(&ca[0], &a);

	(void)state;
	for (size_t n = 0; n < ocsp.n; n++) {
		struct blob part = arena_blob(&a, BLOB(ocsp.p, n));

		assert_true(ocsp_answer_read(part, &is, SERIAL, &s, &e) < 0);
	}
	for (size_t n = 0; n < crl.n; n++) {
		struct blob part = arena_blob(&a, BLOB(crl.p, n));

		assert_true(crl_read(part, &is, SERIAL, &s, &e) < 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ocsp_answers_of_every_algorithm_are_understood),
		cmocka_unit_test(an_answer_of_another_issuer_or_about_another_certificate_is_refused),
		cmocka_unit_test(a_serial_is_found_in_a_list_with_time_and_reason),
		cmocka_unit_test(broken_answers_are_refused_and_never_read_past_their_end),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
