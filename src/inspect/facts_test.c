/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates, requests and lists of other suites: read or refused as their suites say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/b64.h"
#include "crypto/vectors_test.h"
#include "inspect/facts.h"

/* Where we differ on purpose: RFC 5280 4.1 has an INTEGER as serial number; these have [2], which
 * one library takes. */
static const char *const differs[] = {
	"mbedtls/cert/X509-CRT-ASN1-well-formed--91636bbd",
	"mbedtls/cert/X509-CRT-ASN1-UTCTime-in-notBefore-GeneralizedTime-in-notAft-cbff2f29",
	"mbedtls/cert/X509-CRT-ASN1-Name-with-X520-C--1866c509",
	"mbedtls/cert/X509-CRT-ASN1-Name-with-X520-L--3dda2f18",
	"mbedtls/cert/X509-CRT-ASN1-Name-with-PKCS9-email--1b320ae5",
	"mbedtls/cert/X509-CRT-ASN1-Name-with-unknown-PKCS9-part--d366550e",
};

static unsigned
differs_in(struct str name)
{
	unsigned n = 0;

	for (size_t i = 0; i < ARRAY_LEN(differs); i++)
		n += str_eq_c(name, differs[i]);
	return n;
}

static void
files_of_other_suites_are_read_or_refused_as_there(UNUSED void **state)
{
	ARENA(a);
	struct str rest = vector_file(&a, "parse/cases.tsv"), line;
	unsigned n = 0, bad = 0, known = 0;

	while ((line = vector_line(&rest)).p) {
		struct str name = str_cut(&line, '\t'), kind = str_cut(&line, '\t'),
			   want = str_cut(&line, '\t');
		enum fact_kind k = fact_kind_by_word(arena_cstr(&a, kind));
		struct facts f;
		struct blob file;
		ERR(e);
		int r;

		assert_true(b64_decode(&a, line, &file));
		if (k == FACT_KINDS)
			continue;
		r = facts_read(k, file, (struct str){NULL, 0}, &a, &f, &e);
		n++;
		if (str_eq_c(want, "nocrash") || (r == 0) == str_eq_c(want, "ok"))
			continue;
		if (differs_in(name)) {
			known++;
		} else {
			print_error("%.*s: %.*s wanted, got %s\n", STRF(name), STRF(want),
				r == 0 ? "ok" : e.msg);
			bad++;
		}
	}
	assert_int_equal(bad, 0);
	assert_int_equal(known, ARRAY_LEN(differs));
	assert_int_equal(n, 301);
}

static struct str
value_of(const struct facts *f, const char *name)
{
	for (unsigned i = 0; i < f->n; i++) {
		if (strcmp(f->v[i].name, name) == 0)
			return f->v[i].value;
	}
	return (struct str){NULL, 0};
}

static void
a_container_tells_what_each_of_its_things_is(UNUSED void **state)
{
	ARENA(a);
	struct str rest = vector_file(&a, "crypto/keystores.tsv"), line;
	struct facts f;
	struct blob file;
	ERR(e);

	while (!str_starts(line = vector_line(&rest), STR("pyjks/jks/RSA2048_3certs")))
		assert_non_null(line.p);
	for (int i = 0; i < 4; i++)
		str_cut(&line, '\t');
	assert_true(b64_decode(&a, line, &file));
	assert_int_equal(
		facts_read(FACT_P12, file, STR("12345678"), &a, &f, &e), E_STORE_UNREADABLE);
	assert_int_equal(facts_read(FACT_JKS, file, STR("12345678"), &a, &f, &e), 0);
	assert_true(str_eq_c(f.v[0].value, "private key") && f.v[0].item == 1);
	assert_true(str_eq_c(value_of(&f, "key"), "RSA_2048"));
	assert_int_equal(f.v[f.n - 1].item, 4);
}

static void
the_wrong_kind_of_block_is_said(UNUSED void **state)
{
	static const char csr[] =
		"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n";
	struct facts f;
	ARENA(a);
	ERR(e);

	assert_int_equal(
		facts_read(FACT_CERT, blob_of(str_c(csr)), (struct str){NULL, 0}, &a, &f, &e),
		E_FIELD_FORM);
	assert_int_equal(
		facts_read(FACT_CSR, blob_of(str_c(csr)), (struct str){NULL, 0}, &a, &f, &e),
		E_CSR_UNREADABLE);
	assert_int_equal(fact_kind_by_word("x509"), FACT_KINDS);
}

static void
a_request_tells_everything_that_it_says(UNUSED void **state)
{
	static const char csr[] =
		"-----BEGIN CERTIFICATE REQUEST-----\n"
		"MIIB9jCCAZ0CAQAwMDEYMBYGA1UEAwwPd3d3LmV4YW1wbGUuY29tMRQwEgYDVQQK\n"
		"DAtBY21lIHF1b3RlZDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIuyvExyM5Gd\n"
		"9OssYRCHzmdD4HPacenK9K8eBzZOTyCBAR2/30VS5PGbyB/OX4ZbU4QQu4sYAw/u\n"
		"05xouPC6EASgggEJMBkGCSqGSIb3DQEJBzEMDAp0b3BzZWNyZXQxMBoGCSqGSIb3\n"
		"DQEJAjENDAtoZWxsbyB0aGVyZTCBzwYJKoZIhvcNAQkOMYHBMIG+MGgGA1UdEQRh\n"
		"MF+CD3d3dy5leGFtcGxlLmNvbYINYi5leGFtcGxlLmNvbYcEwAACAYcQIAENuAAA\n"
		"AAAAAAAAAAAAAYENYUBleGFtcGxlLmNvbYYWaHR0cHM6Ly94LmV4YW1wbGUuY29t\n"
		"LzAOBgNVHQ8BAf8EBAMCBaAwGAYDVR0lBBEwDwYIKwYBBQUHAwEGAyoDBDAJBgNV\n"
		"HRMEAjAAMBEGCCsGAQUFBwEYBAUwAwIBBTAKBgMqAwUEAwwBeDAKBggqhkjOPQQD\n"
		"AgNHADBEAiBM30SEStIJ0u21I9cLifCqlpQ4r1urJzISCf5Aw7oqTQIgFqDcg0Tb\n"
		"qx/sr04liAEeIPBNcpGhf1NKyhOHNe+/dPI=\n"
		"-----END CERTIFICATE REQUEST-----\n";
	static const struct {
		const char *name, *value;
	} said[] = {
		{"subject", "O=Acme quoted,CN=www.example.com"},
		{"dns", "b.example.com"},
		{"ip", "2001:db8::1"},
		{"email", "a@example.com"},
		{"uri", "https://x.example.com/"},
		{"key", "EC_P256"},
		{"signature", "ECDSA with SHA-256"},
		{"extension", "keyUsage (critical): digitalSignature, keyEncipherment"},
		{"extension", "extKeyUsage: serverAuth, 1.2.3.4"},
		{"extension", "basicConstraints: no certificate authority"},
		{"extension", "tlsFeature: must staple"},
		{"extension", "1.2.3.5: 0c0178"},
		{"attribute", "unstructuredName: hello there"},
		{"attribute", "challengePassword: (not shown)"},
	};
	struct facts f;
	ARENA(a);
	ERR(e);

	assert_int_equal(
		facts_read(FACT_CSR, blob_of(str_c(csr)), (struct str){NULL, 0}, &a, &f, &e), 0);
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		bool there = false;

		for (unsigned k = 0; k < f.n; k++)
			there |= strcmp(f.v[k].name, said[i].name) == 0 && str_eq_c(f.v[k].value, said[i].value);
		if (!there)
			fail_msg("%s is not \"%s\"", said[i].name, said[i].value);
	}
	for (unsigned k = 0; k < f.n; k++)
		assert_null(memmem(f.v[k].value.p, f.v[k].value.n, "topsecret", 9));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_of_other_suites_are_read_or_refused_as_there),
		cmocka_unit_test(a_container_tells_what_each_of_its_things_is),
		cmocka_unit_test(the_wrong_kind_of_block_is_said),
		cmocka_unit_test(a_request_tells_everything_that_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
