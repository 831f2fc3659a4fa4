/* SPDX-License-Identifier: Apache-2.0 */
#include "signer/env_test.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/hex.h"
#include "ca/signer_client.h"
#include "crypto/digest.h"
#include "crypto/sm2.h"
#include "os/file.h"
#include "signer/make_tbs_priv.h"

static void
a_subscriber_key_is_exported_as_it_was_made_and_the_export_logged(void **state)
{
	struct world *w = *state;
	struct signer_key k;
	struct blob spki, log, csr, sig;
	ERR(e);

	for (int class = SEAL_SUBSCRIBER_KEY; class <= SEAL_TLS_KEY; class += 2) {
		SECRET(pkcs8);
		KEY(key);

		assert_int_equal(signer_key_new(w->c, (enum seal_class) class, 7, KEY_EC_P256,
					 &w->a, &k, &e),
			0);
		assert_int_equal(signer_key_export(w->c, &k, &pkcs8, &e), 0);
		assert_int_equal(key_from_pkcs8(secret_blob(pkcs8), &key, &e), 0);
		assert_int_equal(key_spki(key, &w->a, &spki, &e), 0);
		assert_true(blob_eq(spki, k.spki));
	}
	assert_int_equal(file_read(w->fd, "log", 65536, &w->a, &log, &e), 0);
	assert_true(str_ends(str_of(log), arena_printf(&w->a, " export tls 7 %.*s\n",
						  STRF(hex_encode(&w->a, BLOB(k.name.id, 16))))));
	csr = make_csr(k.spki, &w->a);
	assert_int_equal(signer_key_sign_csr(w->c, &k, csr, &w->a, &sig, &e), 0);
	assert_true(verifies(k.spki, csr, sig));
}

static void
an_imported_key_is_exported_unless_it_is_of_an_uploaded_certificate(void **state)
{
	struct world *w = *state;
	struct signer_key k, up, bad;
	struct blob spki, log;
	SECRET(pkcs8);
	SECRET(out);
	KEY(key);
	ERR(e);

	assert_int_equal(key_generate(KEY_EC_P256, &key, &e), 0);
	assert_int_equal(key_to_pkcs8(key, &pkcs8, &e), 0);
	assert_int_equal(key_spki(key, &w->a, &spki, &e), 0);
	assert_int_equal(signer_key_import(w->c, SEAL_SUBSCRIBER_KEY, 7, KEY_EC_P256, spki,
				 secret_blob(pkcs8), &w->a, &k, &e),
		0);
	assert_true(blob_eq(k.spki, spki));
	assert_int_equal(signer_key_export(w->c, &k, &out, &e), 0);
	assert_true(blob_eq(secret_blob(out), secret_blob(pkcs8)));
	out = secret_free(out);

	assert_int_equal(signer_key_import(w->c, SEAL_UPLOADED_KEY, 7, KEY_EC_P256, spki,
				 secret_blob(pkcs8), &w->a, &up, &e),
		0);
	assert_int_equal(signer_key_export(w->c, &up, &out, &e), E_LIMIT_REFUSED);
	assert_int_equal(signer_open(w->c, &up.name, up.sealed, &out, &e), E_LIMIT_REFUSED);
	bad = up;
	bad.name.class = SEAL_SUBSCRIBER_KEY; /* called something else, it does not open */
	assert_int_equal(signer_key_export(w->c, &bad, &out, &e), E_SEAL_BROKEN);
	for (int class = 0; class <= SEAL_UPLOADED_KEY; class++) {
		if (class == SEAL_SUBSCRIBER_KEY || class == SEAL_UPLOADED_KEY)
			continue;
		assert_int_equal(signer_key_import(w->c, (enum seal_class) class, 7, KEY_EC_P256,
					 spki, secret_blob(pkcs8), &w->a, &bad, &e),
			E_LIMIT_REFUSED);
	}
	assert_int_equal(file_read(w->fd, "log", 65536, &w->a, &log, &e), 0);
	assert_true(str_ends(str_of(log),
		arena_printf(&w->a, " import uploaded 7 %.*s EC_P256\n",
			STRF(hex_encode(&w->a, BLOB(up.name.id, 16))))));
}

static void
a_sealed_value_moved_elsewhere_does_not_open(void **state)
{
	struct world *w = *state;
	struct signer_key k, bad;
	struct seal_name name;
	struct blob sealed;
	SECRET(plain);
	ERR(e);

	assert_int_equal(
		signer_key_new(w->c, SEAL_SUBSCRIBER_KEY, 7, KEY_EC_P256, &w->a, &k, &e), 0);
	bad = k;
	bad.name.class = SEAL_TLS_KEY;
	assert_int_equal(signer_key_export(w->c, &bad, &plain, &e), E_SEAL_BROKEN);
	bad = k;
	bad.name.account = 8;
	assert_int_equal(signer_key_export(w->c, &bad, &plain, &e), E_SEAL_BROKEN);
	bad = k;
	bad.name.id[15] ^= 1;
	assert_int_equal(signer_key_export(w->c, &bad, &plain, &e), E_SEAL_BROKEN);
	/* keys are not opened as secrets, secrets are not exported as keys */
	assert_int_equal(signer_open(w->c, &k.name, k.sealed, &plain, &e), E_LIMIT_REFUSED);
	name = k.name;
	name.class = SEAL_SERVICE_SECRET;
	assert_int_equal(signer_open(w->c, &name, k.sealed, &plain, &e), E_SEAL_BROKEN);
	assert_int_equal(signer_seal(w->c, 7, BLOB("secret", 6), &w->a, &name, &sealed, &e), 0);
	bad = k;
	bad.name = name;
	bad.sealed = sealed;
	assert_int_equal(signer_key_export(w->c, &bad, &plain, &e), E_LIMIT_REFUSED);
	bad.name.class = SEAL_SUBSCRIBER_KEY;
	assert_int_equal(signer_key_export(w->c, &bad, &plain, &e), E_SEAL_BROKEN);
	assert_int_equal(signer_open(w->c, &name, sealed, &plain, &e), 0);
	assert_true(blob_eq(secret_blob(plain), BLOB("secret", 6)));
}

static void
no_key_of_the_signer_itself_is_made_or_leaves_this_way(void **state)
{
	struct world *w = *state;
	struct signer_key k;
	struct blob file;
	SECRET(plain);
	ERR(e);

	issuer(w, "i", &leaf_limits);
	assert_int_equal(
		signer_key_new(w->c, SEAL_CA_KEY, 0, KEY_EC_P256, &w->a, &k, &e), E_LIMIT_REFUSED);
	assert_int_equal(signer_key_new(w->c, SEAL_SERVICE_SECRET, 0, KEY_EC_P256, &w->a, &k, &e),
		E_LIMIT_REFUSED);
	assert_int_equal(file_read(w->fd, "i.key", 65536, &w->a, &file, &e), 0);
	k = (struct signer_key){.name.class = SEAL_CA_KEY};
	memcpy(k.name.id, file.p + 13, 16);
	k.sealed = (struct blob){file.p + 29, file.n - 29};
	assert_int_equal(signer_key_export(w->c, &k, &plain, &e), E_LIMIT_REFUSED);
	assert_int_equal(signer_open(w->c, &k.name, k.sealed, &plain, &e), E_LIMIT_REFUSED);
	k.name.class = SEAL_SUBSCRIBER_KEY;
	assert_int_equal(signer_key_export(w->c, &k, &plain, &e), E_SEAL_BROKEN);
}

static void
an_sm2_key_goes_in_an_envelope_to_the_holder_of_the_signing_key(void **state)
{
	struct world *w = *state;
	struct signer_key sign, enc;
	struct blob der, spki;
	KEY(sign_key);
	KEY(got);
	SECRET(pkcs8);
	ERR(e);

	assert_int_equal(
		signer_key_new(w->c, SEAL_SUBSCRIBER_KEY, 1, KEY_SM2, &w->a, &sign, &e), 0);
	assert_int_equal(signer_key_new(w->c, SEAL_SUBSCRIBER_KEY, 1, KEY_SM2, &w->a, &enc, &e), 0);
	assert_int_equal(signer_sm2_envelope(w->c, &enc, sign.spki, &w->a, &der, &e), 0);
	assert_int_equal(signer_key_export(w->c, &sign, &pkcs8, &e), 0);
	assert_int_equal(key_from_pkcs8(secret_blob(pkcs8), &sign_key, &e), 0);
	assert_int_equal(sm2_envelope_open(der, sign_key, &got, &e), 0);
	assert_int_equal(key_spki(got, &w->a, &spki, &e), 0);
	assert_true(blob_eq(spki, enc.spki));
	assert_int_equal(signer_sm2_envelope(w->c, &enc, subscriber_spki(w), &w->a, &der, &e),
		E_KEY_ALGORITHM);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_subscriber_key_is_exported_as_it_was_made_and_the_export_logged),
		T(an_imported_key_is_exported_unless_it_is_of_an_uploaded_certificate),
		T(a_sealed_value_moved_elsewhere_does_not_open),
		T(no_key_of_the_signer_itself_is_made_or_leaves_this_way),
		T(an_sm2_key_goes_in_an_envelope_to_the_holder_of_the_signing_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
