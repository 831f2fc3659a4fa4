/* SPDX-License-Identifier: Apache-2.0 */
#include "text/idna.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"

static void
put_utf8(struct buf *b, unsigned long c)
{
	if (c < 0x80) {
		buf_put_u8(b, (uint8_t)c);
	} else if (c < 0x800) {
		buf_put_u8(b, (uint8_t)(0xc0 | c >> 6));
		buf_put_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) { /* a lone surrogate becomes bad UTF-8, as it should */
		buf_put_u8(b, (uint8_t)(0xe0 | c >> 12));
		buf_put_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		buf_put_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
	} else {
		buf_put_u8(b, (uint8_t)(0xf0 | c >> 18));
		buf_put_u8(b, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		buf_put_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		buf_put_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
	}
}

/* A column of IdnaTestV2: \uXXXX and \x{XXXX} escapes, "" for the empty text, blank for `same`. */
static struct str
column(struct str text, struct str same, struct arena *a)
{
	BUF(b, 8192);
	struct str s = str_trim(text);

	if (s.n == 0)
		return same;
	if (str_eq_c(s, "\"\""))
		return STR("");
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '\\') {
			buf_put_u8(&b, (uint8_t)s.p[i]);
		} else if (s.p[i + 1] == 'u') {
			char hex[5] = {s.p[i + 2], s.p[i + 3], s.p[i + 4], s.p[i + 5], 0};

			put_utf8(&b, strtoul(hex, NULL, 16));
			i += 5;
		} else {
			put_utf8(&b, strtoul(s.p + i + 3, NULL, 16));
			while (s.p[i] != '}')
				i++;
		}
	}
	return arena_str(a, buf_str(&b));
}

static bool
is_ldh_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!memchr("abcdefghijklmnopqrstuvwxyz0123456789-.", s.p[i], 38))
			return false;
	return true;
}

/* 1: converted as the standard says; 0: refused; anything else than these two ends the test. */
static int
one_case(struct str line, unsigned number, unsigned *wrongly)
{
	ARENA(a);
	ERR(e);
	struct str source, uni, ascii, got, col, ustatus, status;
	int r;

	col = str_cut(&line, ';');
	source = column(col, STR(""), &a);
	uni = column(str_cut(&line, ';'), source, &a);
	ustatus = str_trim(str_cut(&line, ';'));
	ascii = column(str_cut(&line, ';'), uni, &a);
	status = str_trim(str_cut(&line, ';'));
	if (status.n == 0)
		status = ustatus;
	r = idna_to_ascii(source, &a, &got, &e);
	if (r < 0) {
		assert_true(r == E_NAME_IDN || r == E_NAME_SYNTAX || r == E_NAME_LENGTH);
		assert_true(e.msg[0]);
		return 0;
	}
	if (status.n > 2 || !str_eq(got, ascii) || !is_ldh_name(got)) {
		print_message("line %u: %.*s -> %.*s, not %.*s %.*s\n", number, STRF(col), STRF(got), STRF(ascii),
			STRF(status));
		(*wrongly)++;
	}
	return 1;
}

static void
what_is_converted_is_what_uts_46_says_and_never_what_it_refuses(void **state UNUSED)
{
	const char *dir = getenv("SIGNET_VECTORS");
	char path[512], line[8192];
	unsigned n = 0, done = 0, number = 0, wrongly = 0;
	FILE *f;

	assert_non_null(dir);
	snprintf(path, sizeof(path), "%s/names/IdnaTestV2.txt", dir);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		char *comment = strchr(line, '#');

		number++;
		if (comment)
			*comment = '\0';
		if (!strchr(line, ';'))
			continue;
		n++;
		done += (unsigned)one_case(str_c(line), number, &wrongly);
	}
	fclose(f);
	print_message("%u cases, %u converted\n", n, done);
	assert_int_equal(wrongly, 0);
	assert_true(n > 6000);
	assert_true(done > 300);
}

static void
characters_that_the_library_would_drop_or_map_are_refused(void **state UNUSED)
{
	static const struct {
		const char *name;
		int code;
	} rows[] = {
		{"a_b.com", E_NAME_SYNTAX}, {"a b.com", E_NAME_SYNTAX}, {"*.com", E_NAME_SYNTAX},
		{"\xc3\xa9_b.com", E_NAME_SYNTAX},
		{"\xef\xbc\x8a.com", E_NAME_SYNTAX}, /* full-width asterisk */
		{"\xef\xbc\xbf.com", E_NAME_SYNTAX}, /* full-width low line */
		{"a\xe2\x89\xa0" "b.com", E_NAME_IDN}, /* not equal */
		{"a\xe3\x80\x82.com", E_NAME_SYNTAX}, /* an ideographic full stop makes an empty label */
		{"\xe2\x98\x95.us", E_NAME_IDN}, {"xn--53h.us", E_NAME_IDN}, /* an emoji and its A-label */
		{"xn--a.com", E_NAME_IDN}, {"xn--zz.com", E_NAME_IDN}, {"xn--.com", E_NAME_IDN}, {"xn--abc-.com", E_NAME_IDN},
		{"ab--c.com", E_NAME_SYNTAX}, {"-a.com", E_NAME_SYNTAX}, {"a-.com", E_NAME_SYNTAX}, {"a..b", E_NAME_SYNTAX},
		{".a", E_NAME_SYNTAX}, {"a.", E_NAME_SYNTAX}, {"", E_NAME_SYNTAX}, {"a\xff.com", E_NAME_SYNTAX},
		{"\xd9\xa1\xd9\xa2.com", E_NAME_IDN}, /* Arabic digits alone break the bidi rule */
	};
	ARENA(a);

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		ERR(e);
		struct str got;
		int r = idna_to_ascii(str_c(rows[i].name), &a, &got, &e);

		if (r != rows[i].code)
			fail_msg("%s: %d %s", rows[i].name, r, e.msg);
	}
}

static void
labels_and_names_have_their_lengths(void **state UNUSED)
{
	ARENA(a);
	ERR(e);
	char name[260];
	struct str got;

	memset(name, 'a', sizeof(name));
	assert_int_equal(idna_to_ascii((struct str){name, 63}, &a, &got, &e), 0);
	assert_int_equal(idna_to_ascii((struct str){name, 64}, &a, &got, &e), E_NAME_LENGTH);
	for (size_t i = 49; i < sizeof(name); i += 50)
		name[i] = '.';
	assert_int_equal(idna_to_ascii((struct str){name, 253}, &a, &got, &e), 0);
	assert_int_equal(idna_to_ascii((struct str){name, 254}, &a, &got, &e), E_NAME_LENGTH);
}

static void
a_labels_are_shown_as_u_labels_where_they_can_be(void **state UNUSED)
{
	ARENA(a);

	assert_string_equal(idna_to_unicode(STR("xn--bcher-kva.example.com"), &a).p, "b\xc3\xbc" "cher.example.com");
	assert_string_equal(idna_to_unicode(STR("*.xn--bcher-kva.com"), &a).p, "*.b\xc3\xbc" "cher.com");
	assert_string_equal(idna_to_unicode(STR("xn--zz.com"), &a).p, "xn--zz.com");
	assert_string_equal(idna_to_unicode(STR(""), &a).p, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_converted_is_what_uts_46_says_and_never_what_it_refuses),
		cmocka_unit_test(characters_that_the_library_would_drop_or_map_are_refused),
		cmocka_unit_test(labels_and_names_have_their_lengths),
		cmocka_unit_test(a_labels_are_shown_as_u_labels_where_they_can_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
