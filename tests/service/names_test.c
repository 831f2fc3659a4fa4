/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of SPEC 3.2, as rows of tests/vectors/names/rules.tsv: what an applicant types into the form of a product,
 * and what becomes of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "service/apply_priv.h"
#include "text/psl.h"

#define LINE_MAX_BYTES 8192
#define GIVEN_MAX 16

/* The product's form and what was bought of it: "multi:3", "hybrid:2+1", "wildcard!:1" (companions switched off). */
static void
read_product(struct str text, struct row_product *p, struct row_subscription *sub, struct apply *in)
{
	struct str word = str_cut(&text, ':');
	uint64_t n = 1, more = 0;

	in->no_companions = word.n && word.p[word.n - 1] == '!';
	word.n -= in->no_companions;
	*p = (struct row_product){.code = word, .type = TYPE_DV, .kind = KIND_MULTI, .algorithms = STR("EC_P256"),
		.profile = STR("public-tls-dv")};
	p->ip = str_eq_c(word, "ip");
	p->internal = str_eq_c(word, "private");
	if (p->internal)
		p->profile = STR("private-tls");
	else if (!p->ip)
		p->kind = word_find(words_kind, word);
	assert_true(p->kind >= 0);
	if (text.n) {
		assert_true(str_u64(str_cut(&text, '+'), 250, &n));
		assert_true(!text.n || str_u64(text, 250, &more));
	}
	*sub = (struct row_subscription){.n_common = p->kind == KIND_WILDCARD ? 0 : (int64_t)n,
		.n_wildcard = p->kind == KIND_WILDCARD ? (int64_t)n : (int64_t)more};
}

static void
put_utf8(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_put_u8(b, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		buf_put_u8(b, (uint8_t)(0xc0 | c >> 6));
	} else {
		buf_put_u8(b, (uint8_t)(c < 0x10000 ? 0xe0 | c >> 12 : 0xf0 | c >> 18));
		if (c >= 0x10000)
			buf_put_u8(b, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		buf_put_u8(b, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_put_u8(b, (uint8_t)(0x80 | (c & 0x3f)));
}

/* \uXXXX and \UXXXXXXXX are characters, \xXX is a byte. */
static struct str
unescape(struct str s, struct arena *a)
{
	BUF(b, LINE_MAX_BYTES);

	for (size_t i = 0; i < s.n; i++) {
		size_t digits = s.p[i] != '\\' ? 0 : s.p[i + 1] == 'x' ? 2 : s.p[i + 1] == 'u' ? 4 : 8;
		char hex[9] = {0};

		if (!digits) {
			buf_put_u8(&b, (uint8_t)s.p[i]);
			continue;
		}
		assert_true(i + 1 + digits < s.n);
		memcpy(hex, s.p + i + 2, digits);
		if (digits == 2)
			buf_put_u8(&b, (uint8_t)strtoul(hex, NULL, 16));
		else
			put_utf8(&b, (uint32_t)strtoul(hex, NULL, 16));
		i += 1 + digits;
	}
	return arena_str(a, buf_str(&b));
}

/* The form's names as the table writes them: "www.a.com +a.com" (a companion). */
static struct str
names_text(const struct form *f, struct arena *a)
{
	BUF(b, LINE_MAX_BYTES);

	for (size_t i = 0; i < f->n_names; i++)
		buf_printf(&b, "%s%s%.*s", i ? " " : "", f->names[i].companion ? "+" : "", STRF(f->names[i].name.ascii));
	return arena_str(a, buf_str(&b));
}

static bool
is_said(struct str part, const struct form *f, const struct err *e)
{
	if (!part.n || memmem(e->msg, strlen(e->msg), part.p, part.n))
		return true;
	for (size_t i = 0; i < f->n_notes; i++) {
		if (memmem(f->notes[i].p, f->notes[i].n, part.p, part.n))
			return true;
	}
	return false;
}

static bool
check_row(unsigned number, struct str product, struct str given, struct str want, struct str says)
{
	ARENA(a);
	ERR(e);
	struct apply in = {.names_only = true, .method = METHOD_DNS, .key_source = KEY_SOURCE_GENERATE,
		.key_alg = KEY_EC_P256};
	struct str typed[GIVEN_MAX], got;
	struct row_product p;
	struct row_subscription sub;
	struct form f = {0};
	int r;

	read_product(product, &p, &sub, &in);
	while (given.n) {
		assert_true(in.n_names < GIVEN_MAX);
		typed[in.n_names++] = unescape(str_cut(&given, '|'), &a);
	}
	in.names = typed;
	r = form_read(&in, &p, &a, &f, &e);
	if (r == 0)
		r = form_fits(&f, &sub, &e);
	got = r == 0 ? names_text(&f, &a) : arena_printf(&a, "!%s", err_info(r)->name);
	if (str_eq(got, want) && is_said(says, &f, &e))
		return true;
	print_message("line %u: \"%.*s\", not \"%.*s\": %s; it does not say \"%.*s\"\n", number, STRF(got), STRF(want),
		e.msg, STRF(says));
	return false;
}

static void
every_row_of_the_table_holds(void **state UNUSED)
{
	const char *dir = getenv("SIGNET_VECTORS");
	char path[512], line[LINE_MAX_BYTES];
	unsigned number = 0, rows = 0, wrong = 0;
	FILE *f;

	assert_non_null(dir);
	snprintf(path, sizeof(path), "%s/names/rules.tsv", dir);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		struct str rest = str_c(line), product = str_cut(&rest, '\t'), given = str_cut(&rest, '\t');
		struct str want = str_cut(&rest, '\t'), says = str_cut(&rest, '\t');

		number++;
		if (line[0] == '#' || line[0] == '\n')
			continue;
		assert_non_null(rest.p); /* the last column says why, for people */
		rows++;
		wrong += !check_row(number, product, given, want, says);
	}
	fclose(f);
	assert_true(rows >= 150);
	assert_int_equal(wrong, 0);
}

int
main(void)
{
	ERR(e);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_table_holds),
	};

	if (psl_init(&e) < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
