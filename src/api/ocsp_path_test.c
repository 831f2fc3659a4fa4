/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "api/ocsp_path.h"
#include "base/b64.h"
#include "base/der.h"
#include "base/rand.h"
#include "ca/ocsp.h"

static struct ca_issuer issuer;

/* A request as clients make it, about a random serial of our issuer. */
static struct blob
request(struct arena *a)
{
	uint8_t serial[17];
	BUF(b, 1000);
	size_t marks[5], alg;

	rand_bytes(serial, sizeof(serial));
	serial[0] = 0x11;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		marks[i] = der_begin(&b, DER_SEQUENCE);
	alg = der_begin(&b, DER_SEQUENCE);
	der_put_oid(&b, "1.3.14.3.2.26");
	der_put_null(&b);
	der_end(&b, alg);
	der_put(&b, DER_OCTET_STRING, BLOB(issuer.name_sha1, 20));
	der_put(&b, DER_OCTET_STRING, BLOB(issuer.key_sha1, 20));
	der_put_unsigned(&b, BLOB(serial, sizeof(serial)));
	for (size_t i = ARRAY_LEN(marks); i-- > 0;)
		der_end(&b, marks[i]);
	return arena_blob(a, buf_blob(&b));
}

/* Every `from` becomes `to`. */
static struct str
replaced(struct arena *a, struct str s, const char *from, const char *to)
{
	struct str out = STR("");
	size_t n = strlen(from);

	while (s.n) {
		bool hit = s.n >= n && memcmp(s.p, from, n) == 0;

		out = hit ? arena_printf(a, "%.*s%s", STRF(out), to) : arena_printf(a, "%.*s%c", STRF(out), s.p[0]);
		s.p += hit ? n : 1;
		s.n -= hit ? n : 1;
	}
	return out;
}

static void
expect(struct arena *a, struct str path, struct blob der)
{
	struct blob got = {NULL, 0};

	if (!ocsp_path_read(path, &issuer, a, &got) || !blob_eq(got, der))
		fail_msg("not read from \"%.*s\"", STRF(path));
}

static void
a_request_is_read_in_every_spelling_that_clients_use(void **state)
{
	(void)state;
	for (int i = 0; i < 100; i++) {
		ARENA(a);
		struct blob der = request(&a);
		struct str text = b64_encode(&a, der), coded;

		expect(&a, text, der);
		expect(&a, arena_printf(&a, "/%.*s", STRF(text)), der);
		expect(&a, arena_printf(&a, "%.*s%%0A", STRF(text)), der);
		expect(&a, replaced(&a, text, "=", ""), der);
		expect(&a, replaced(&a, text, "+", "%20"), der);
		coded = replaced(&a, replaced(&a, replaced(&a, text, "/", "%2F"), "+", "%2B"), "=", "%3D");
		expect(&a, coded, der);
		expect(&a, replaced(&a, coded, "%2F", "%2f"), der);
	}
}

static void
slashes_that_a_proxy_merged_are_found_again(void **state)
{
	unsigned seen = 0;

	(void)state;
	for (int i = 0; seen < 20 && i < 20000; i++) {
		ARENA(a);
		struct blob der, got = {NULL, 0};
		struct ocsp_request rq;
		struct str text;

		rand_bytes(issuer.name_sha1, 20);
		rand_bytes(issuer.key_sha1, 20);
		der = request(&a);
		text = replaced(&a, b64_encode(&a, der), "=", "");
		if (!memmem(text.p, text.n, "//", 2) || memmem(text.p, text.n, "///", 3))
			continue;
		seen++;
		assert_true(ocsp_path_read(replaced(&a, text, "//", "/"), &issuer, &a, &got));
		/* where the serial alone has several readings, any of them is an answer about that serial and no
		 * other */
		assert_true(ocsp_request_read(got, &rq) && ocsp_names_issuer(&rq.certs[0], &issuer));
	}
	assert_int_equal(seen, 20);
}

static void
what_is_no_request_is_refused_quickly(void **state)
{
	static char slashes[5000];
	static const char *const bad[] = {"", "/", "MEE", "%", "%00", "%zz", "not base64!", "AAAA", "====", "MIIB"};
	struct blob got;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		ARENA(a);

		assert_false(ocsp_path_read(str_c(bad[i]), &issuer, &a, &got));
	}
	memset(slashes, '/', sizeof(slashes));
	slashes[0] = 'M';
	for (size_t n = 1; n < sizeof(slashes); n += 61) {
		ARENA(a);

		assert_false(ocsp_path_read((struct str){slashes, n}, &issuer, &a, &got));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_read_in_every_spelling_that_clients_use),
		cmocka_unit_test(slashes_that_a_proxy_merged_are_found_again),
		cmocka_unit_test(what_is_no_request_is_refused_quickly),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
