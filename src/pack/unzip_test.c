/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "pack/unzip.h"

#define T 1700000000000

static void
what_was_packed_is_read_back(void **state)
{
	const struct zip_file in[] = {
		{"a.pem", BLOB("abc", 3), false}, {"a.key", BLOB("secret", 6), true}, {"empty", {NULL, 0}, false}};
	struct zip_file *out;
	BUF(b, 65536);
	size_t n;
	ARENA(a);
	ERR(e);

	(void)state;
	assert_int_equal(zip_build(in, ARRAY_LEN(in), T, &b, &e), 0);
	assert_int_equal(unzip_read(buf_blob(&b), &a, &out, &n, &e), 0);
	assert_int_equal(n, ARRAY_LEN(in));
	for (size_t i = 0; i < n; i++) {
		assert_string_equal(out[i].name, in[i].name);
		assert_true(blob_eq(out[i].content, in[i].content));
		assert_int_equal(out[i].secret, in[i].secret);
	}
}

static void
names_that_leave_the_folder_are_refused(void **state)
{
	static const char *const names[] = {"../a", "/a", "a/b", "..", ".", ".hidden", "a b", "a\\b"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		/* written with a good name of the same length, which is then replaced everywhere */
		char good[16] = "xxxxxxxxxxxxxxx";
		struct zip_file in = {good, BLOB("1", 1), false}, *out;
		BUF(b, 65536);
		size_t n;
		ARENA(a);
		ERR(e);
		uint8_t *p;

		good[strlen(names[i])] = '\0';
		assert_int_equal(zip_build(&in, 1, T, &b, &e), 0);
		for (p = b.p; p && (p = memmem(p, b.n - (size_t)(p - b.p), good, strlen(good)));)
			memcpy(p, names[i], strlen(names[i]));
		assert_int_equal(unzip_read(buf_blob(&b), &a, &out, &n, &e), E_FIELD_FORM);
	}
}

static void
compressed_files_are_refused(void **state)
{
	const struct zip_file in = {"a.pem", BLOB("abc", 3), false};
	struct zip_file *out;
	BUF(b, 65536);
	uint8_t *entry;
	ARENA(a);
	ERR(e);
	size_t n;

	(void)state;
	assert_int_equal(zip_build(&in, 1, T, &b, &e), 0);
	entry = memmem(b.p, b.n, "PK\1\2", 4);
	assert_non_null(entry);
	entry[10] = 8; /* deflate */
	assert_int_equal(unzip_read(buf_blob(&b), &a, &out, &n, &e), E_UNSUPPORTED);
	assert_non_null(strstr(e.msg, "compressed"));
}

static void
a_damaged_archive_is_refused_and_never_read_past_its_end(void **state)
{
	const struct zip_file in[] = {{"a.pem", BLOB("abc", 3), false}, {"b.pem", BLOB("def", 3), false}};
	BUF(b, 65536);
	ERR(e);

	(void)state;
	assert_int_equal(zip_build(in, ARRAY_LEN(in), T, &b, &e), 0);
	for (size_t cut = 0; cut < b.n; cut++) {
		struct zip_file *out;
		size_t n;
		ARENA(a);
		/* a copy of just this length: the sanitizer watches its end */
		struct blob part = arena_blob(&a, BLOB(b.p, cut));

		assert_true(unzip_read(part, &a, &out, &n, &e) < 0);
	}
	for (size_t i = 0; i < b.n; i++) {
		struct zip_file *out;
		size_t n;
		ARENA(a);

		b.p[i] ^= 0xff;
		if (unzip_read(buf_blob(&b), &a, &out, &n, &e) == 0) {
			for (size_t k = 0; k < n; k++)
				assert_true(out[k].content.n <= b.n);
		}
		b.p[i] ^= 0xff;
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_packed_is_read_back),
		cmocka_unit_test(names_that_leave_the_folder_are_refused),
		cmocka_unit_test(compressed_files_are_refused),
		cmocka_unit_test(a_damaged_archive_is_refused_and_never_read_past_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
