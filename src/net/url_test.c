/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "net/url.h"

static const struct {
	const char *text;
	bool https;
	const char *host;
	uint16_t port;
	const char *target;
} good[] = {
	{"https://example.com", true, "example.com", 443, "/"},
	{"https://example.com/", true, "example.com", 443, "/"},
	{"http://example.com:8080/a/b?c=d&e=f%20", false, "example.com", 8080, "/a/b?c=d&e=f%20"},
	{"https://192.0.2.1:1/x", true, "192.0.2.1", 1, "/x"},
	{"https://[2001:db8::1]/x", true, "2001:db8::1", 443, "/x"},
	{"https://[::1]:65535/x", true, "::1", 65535, "/x"},
	{"https://xn--bcher-kva.example/", true, "xn--bcher-kva.example", 443, "/"},
};

static const char *const bad[] = {"", "https://", "https:///x", "ftp://example.com/", "HTTPS://example.com/", "//example.com",
	"https://user@example.com/", "https://user:word@example.com/", "https://example.com:0/", "https://example.com:65536/",
	"https://example.com:/", "https://example.com:x/", "https://example.com:80:80/", "https://example.com/a b",
	"https://example.com/a#b", "https://example.com/a\\b", "https://example.com?x=1", "https://exämple.com/",
	"https://[::1/", "https://[::1]x/", "https://[192.0.2.1]/", "https://::1/", "https://exa mple.com/",
	"https://example.com/\r\nX: y", "https://example.com\\@other/"};

static void
an_address_is_taken_apart(void **state)
{
	struct url u;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(url_read(str_c(good[i].text), &u));
		assert_int_equal(u.https, good[i].https);
		assert_true(str_eq_c(u.host, good[i].host) && str_eq_c(u.target, good[i].target));
		assert_int_equal(u.port, good[i].port);
	}
}

static void
anything_else_is_none(void **state)
{
	struct url u;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (url_read(str_c(bad[i]), &u))
			fail_msg("\"%s\" was taken", bad[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_taken_apart),
		cmocka_unit_test(anything_else_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
