/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/der.h"
#include "crypto/digest.h"
#include "inspect/source.h"
#include "x509/cert.h"

static void
put_name(struct buf *b, const char *cn)
{
	size_t seq = der_begin(b, DER_SEQUENCE), set = der_begin(b, DER_SET), at = der_begin(b, DER_SEQUENCE);

	der_put_oid(b, "2.5.4.3");
	der_put(b, DER_UTF8_STRING, blob_of(str_c(cn)));
	der_end(b, at);
	der_end(b, set);
	der_end(b, seq);
}

static void
put_access(struct buf *b, const char *method, const char *url)
{
	size_t seq = der_begin(b, DER_SEQUENCE);

	der_put_oid(b, method);
	der_put(b, DER_CTX(6), blob_of(str_c(url)));
	der_end(b, seq);
}

static void
put_addresses(struct buf *b, const char *ocsp, const char *issuer, const char *crl)
{
	size_t ext = der_begin(b, DER_SEQUENCE), octets, list, at[3];

	der_put_oid(b, "1.3.6.1.5.5.7.1.1");
	octets = der_begin(b, DER_OCTET_STRING);
	list = der_begin(b, DER_SEQUENCE);
	put_access(b, "1.3.6.1.5.5.7.48.1", ocsp);
	put_access(b, "1.3.6.1.5.5.7.48.2", issuer);
	der_end(b, list);
	der_end(b, octets);
	der_end(b, ext);
	ext = der_begin(b, DER_SEQUENCE);
	der_put_oid(b, "2.5.29.31");
	octets = der_begin(b, DER_OCTET_STRING);
	list = der_begin(b, DER_SEQUENCE);
	at[0] = der_begin(b, DER_SEQUENCE);
	at[1] = der_begin(b, DER_CTX_CONS(0));
	at[2] = der_begin(b, DER_CTX_CONS(0));
	der_put(b, DER_CTX(6), blob_of(str_c(crl)));
	for (int i = 2; i >= 0; i--)
		der_end(b, at[i]);
	der_end(b, list);
	der_end(b, octets);
	der_end(b, ext);
}

/* Readable, not signed. */
static struct blob
make(struct arena *a, const char *subject, const char *issuer, const char *ocsp, const char *ca_issuers, const char *crl)
{
	BUF(b, 4096);
	size_t cert = der_begin(&b, DER_SEQUENCE), tbs = der_begin(&b, DER_SEQUENCE), at, list;
	static const uint8_t alg[] = "\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";

	at = der_begin(&b, DER_CTX_CONS(0));
	der_put_int(&b, 2);
	der_end(&b, at);
	der_put_int(&b, 77);
	buf_put(&b, alg, sizeof(alg) - 1);
	put_name(&b, issuer);
	at = der_begin(&b, DER_SEQUENCE);
	der_put_time(&b, INT64_C(1800000000000));
	der_put_time(&b, INT64_C(1900000000000));
	der_end(&b, at);
	put_name(&b, subject);
	at = der_begin(&b, DER_SEQUENCE);
	buf_put(&b, alg, sizeof(alg) - 1);
	der_put(&b, DER_BIT_STRING, BLOB("\0key", 4));
	der_end(&b, at);
	at = der_begin(&b, DER_CTX_CONS(3));
	list = der_begin(&b, DER_SEQUENCE);
	put_addresses(&b, ocsp, ca_issuers, crl);
	der_end(&b, list);
	der_end(&b, at);
	der_end(&b, tbs);
	buf_put(&b, alg, sizeof(alg) - 1);
	der_put(&b, DER_BIT_STRING, BLOB("\0sig", 4));
	der_end(&b, cert);
	assert_false(b.over);
	return arena_blob(a, buf_blob(&b));
}

static void
status_is_asked_below_the_top_and_the_missing_issuer_at_the_top(UNUSED void **state)
{
	ARENA(a);
	struct blob chain[2] = {make(&a, "leaf", "CA", "http://o.example", "http://i.example", "HTTP://c.example/x.crl"),
		make(&a, "CA", "Root", "http://o2.example", "http://i2.example/a.cer", "http://c2.example")};
	struct source v[8];

	assert_int_equal(sources_of_chain(chain, 2, &a, v, 8), 3);
	assert_true(v[0].at == 0 && v[0].kind == SOURCE_OCSP && str_eq_c(v[0].url, "http://o.example"));
	assert_true(v[1].at == 0 && v[1].kind == SOURCE_CRL && str_eq_c(v[1].url, "HTTP://c.example/x.crl"));
	assert_true(v[2].at == 1 && v[2].kind == SOURCE_ISSUER && str_eq_c(v[2].url, "http://i2.example/a.cer"));
	assert_int_equal(sources_of_chain(chain, 2, &a, v, 1), 1);
	/* a root asks for nobody */
	chain[1] = make(&a, "CA", "CA", "http://o2.example", "http://i2.example", "http://c2.example");
	assert_int_equal(sources_of_chain(chain, 2, &a, v, 8), 2);
}

static void
addresses_of_other_schemes_and_with_other_letters_are_passed_over(UNUSED void **state)
{
	ARENA(a);
	struct blob chain[2] = {make(&a, "leaf", "CA", "ldap://o.example", "http://i.example", "http://c.example/a b"),
		make(&a, "CA", "CA", "http://o", "file:///etc/passwd", "http://c")};
	struct source v[8];

	assert_int_equal(sources_of_chain(chain, 2, &a, v, 8), 0);
	chain[1] = BLOB("\x30\x00", 2);
	assert_int_equal(sources_of_chain(chain, 2, &a, v, 8), 0);
}

static void
the_question_to_a_responder_names_issuer_key_and_serial(UNUSED void **state)
{
	ARENA(a);
	struct blob chain[2] = {make(&a, "leaf", "CA", "http://o.example", "http://i.example", "ftp://c"),
		make(&a, "CA", "CA", "http://o", "http://i", "http://c")}, part;
	struct cursor c, in;
	struct x509_cert x;
	struct source v[1];
	uint8_t name[20], key[20];
	ERR(e);

	assert_int_equal(sources_of_chain(chain, 2, &a, v, 1), 1);
	assert_int_equal(x509_cert_read(chain[0], &x, &e), 0);
	digest_sha1(x.issuer, name);
	digest_sha1(BLOB("key", 3), key);
	c = cursor_of(v[0].request);
	for (int depth = 0; depth < 5; depth++) {
		assert_true(der_open(&c, DER_SEQUENCE, &in));
		assert_true(der_done(&c));
		c = in;
	}
	assert_true(der_get(&c, DER_SEQUENCE, &part));
	assert_true(der_get(&c, DER_OCTET_STRING, &part) && blob_eq(part, BLOB(name, 20)));
	assert_true(der_get(&c, DER_OCTET_STRING, &part) && blob_eq(part, BLOB(key, 20)));
	assert_true(der_get(&c, DER_INTEGER, &part) && blob_eq(part, BLOB("\x4d", 1)) && der_done(&c));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(status_is_asked_below_the_top_and_the_missing_issuer_at_the_top),
		cmocka_unit_test(addresses_of_other_schemes_and_with_other_letters_are_passed_over),
		cmocka_unit_test(the_question_to_a_responder_names_issuer_key_and_serial),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
