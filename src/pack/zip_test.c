/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <setjmp.h>
#include <unistd.h>
#include <cmocka.h>

#include "pack/zip.h"

#define TIME_MS INT64_C(1795250894000) /* 2026-11-21T08:48:14Z */

/* What a shell command says of the archive "$TEST_ZIP". */
static struct str
ask(struct arena *a, const char *command, const struct buf *zip)
{
	char path[] = "/tmp/zip_test.XXXXXX";
	int fd = mkstemp(path);
	char *out = arena_alloc(a, 65536);
	FILE *p;
	size_t n;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, zip->p, zip->n), zip->n);
	close(fd);
	setenv("TEST_ZIP", path, 1);
	p = popen(command, "r");
	assert_non_null(p);
	n = fread(out, 1, 65535, p);
	if (pclose(p) != 0)
		fail_msg("%s: %s", command, out);
	unlink(path);
	return (struct str){out, n};
}

static const struct zip_file files[] = {
	{"example.com.pem", {(const uint8_t *)"-----BEGIN\n", 11}, false},
	{"keys/example.com.key", {(const uint8_t *)"secret\0\xff", 8}, true},
	{"empty", {(const uint8_t *)"", 0}, false},
};

static void
other_programs_read_the_archive_back(void **state)
{
	ARENA(a);
	ERR(e);
	BUF(b, 1 << 20);
	struct str s;

	(void)state;
	assert_int_equal(zip_build(files, ARRAY_LEN(files), TIME_MS, &b, &e), 0);
	ask(&a, "unzip -tqq \"$TEST_ZIP\"", &b);
	s = ask(&a,
		"/usr/bin/python3 -c 'import sys,zipfile\nz=zipfile.ZipFile(sys.argv[1])\n"
		"assert z.testzip() is None\nfor i in z.infolist(): print(i.filename, i.date_time, oct(i.external_attr>>16), z.read(i))' \"$TEST_ZIP\"",
		&b);
	assert_string_equal(s.p, "example.com.pem (2026, 11, 21, 8, 48, 14) 0o100644 b'-----BEGIN\\n'\n"
				 "keys/example.com.key (2026, 11, 21, 8, 48, 14) 0o100600 b'secret\\x00\\xff'\n"
				 "empty (2026, 11, 21, 8, 48, 14) 0o100644 b''\n");
}

static void
the_same_input_gives_the_same_bytes(void **state)
{
	ERR(e);
	BUF(b, 1 << 20);
	BUF(c, 1 << 20);

	(void)state;
	assert_int_equal(zip_build(files, ARRAY_LEN(files), TIME_MS, &b, &e), 0);
	assert_int_equal(zip_build(files, ARRAY_LEN(files), TIME_MS, &c, &e), 0);
	assert_true(blob_eq(buf_blob(&b), buf_blob(&c)));
}

static void
a_name_that_leads_elsewhere_is_refused(void **state)
{
	static const char *const bad[] = {"", "/etc/passwd", "../a", "a/../b", "a\\b", "C:a", "a b", "a\nb", "a/", "a//b",
		"\xc3\xa4"};
	ERR(e);
	BUF(b, 1 << 20);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct zip_file f = {bad[i], {(const uint8_t *)"x", 1}, false};

		assert_int_equal(zip_build(&f, 1, TIME_MS, &b, &e), E_INTERNAL);
		assert_int_equal(b.n, 0);
	}
}

static void
the_cap_of_the_buffer_is_told(void **state)
{
	ERR(e);
	BUF(b, 100);

	(void)state;
	assert_int_equal(zip_build(files, ARRAY_LEN(files), TIME_MS, &b, &e), E_TOO_LARGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_programs_read_the_archive_back),
		cmocka_unit_test(the_same_input_gives_the_same_bytes),
		cmocka_unit_test(a_name_that_leads_elsewhere_is_refused),
		cmocka_unit_test(the_cap_of_the_buffer_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
