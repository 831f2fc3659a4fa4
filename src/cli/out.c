/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/cli.h"

#define COLS_MAX 16
/* Blocks of details below each other line up. */
#define DETAIL_WIDTH 13

void
out_json(const struct json *v, struct arena *a)
{
	struct str s = json_dump(v, a);

	printf("%.*s\n", STRF(s));
}

/* East Asian wide and full-width blocks (UAX 11), as terminals draw them. */
static size_t
char_width(uint32_t c)
{
	return c >= 0x1100 && (c <= 0x115f || (c >= 0x2e80 && c <= 0xa4cf) || (c >= 0xac00 && c <= 0xd7a3) ||
				      (c >= 0xf900 && c <= 0xfaff) || (c >= 0xfe30 && c <= 0xfe6f) ||
				      (c >= 0xff00 && c <= 0xff60) || (c >= 0xffe0 && c <= 0xffe6) ||
				      (c >= 0x1f300 && c <= 0x1faff) || (c >= 0x20000 && c <= 0x3fffd))
		       ? 2
		       : 1;
}

size_t
out_width(struct str s)
{
	size_t n = 0;
	uint32_t c;

	while ((c = utf8_next(&s)) != UINT32_MAX)
		n += char_width(c);
	return n;
}

static const struct json *
member(const struct json *row, const char *path)
{
	struct str rest = str_c(path);

	while (rest.p && row) {
		char key[64];
		struct str one = str_cut(&rest, '.');

		snprintf(key, sizeof(key), "%.*s", STRF(one));
		row = json_at(row, key);
	}
	return row;
}

/* Units of the currency: two decimals but for those that have none (ISO 4217). */
static struct str
money(struct arena *a, int64_t n, struct str currency)
{
	static const char *const whole[] = {"JPY", "KRW", "VND"};
	unsigned long long abs = n < 0 ? (unsigned long long)-n : (unsigned long long)n;

	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		if (str_eq_c(currency, whole[i]))
			return arena_printf(a, "%lld %s", (long long)n, whole[i]);
	}
	return arena_printf(a, "%s%llu.%02llu%s%.*s", n < 0 ? "-" : "", abs / 100, abs % 100, currency.n ? " " : "",
		STRF(currency));
}

/* A list of texts in one cell, or of objects by their name. */
static struct str
words(const struct json *v, struct arena *a)
{
	struct str all = STR("");

	for (size_t i = 0; i < json_count(v); i++) {
		const struct json *one = json_item(v, i);
		struct str s = json_str(one).p ? json_str(one) : json_str(json_at(one, "name"));
		int64_t n;

		if (!s.p && json_int(one, &n))
			s = arena_printf(a, "%lld", (long long)n);
		all = arena_printf(a, "%.*s%s%.*s", STRF(all), i ? ", " : "", STRF(s));
	}
	return all;
}

struct str
out_harmless(struct str s, struct arena *a)
{
	char *p = arena_copy(a, s.p, s.n);

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c < 0x20 || c == 0x7f)
			p[i] = '?';
		/* U+0080 to U+009F: a terminal that reads UTF-8 obeys them, too (U+009B begins a sequence) */
		if (c == 0xc2 && i + 1 < s.n && (unsigned char)p[i + 1] < 0xa0)
			p[i] = p[i + 1] = '?';
	}
	return (struct str){p, s.n};
}

struct str
out_cell(const struct json *row, const struct col *col, struct arena *a)
{
	const struct json *v = member(row, col->path);
	struct str s = json_str(v);
	int64_t n;

	switch (col->form) {
	case COL_MONEY:
		if (json_int(v, &n))
			return money(a, n, json_str(json_at(row, "currency")));
		break;
	case COL_TIME:
	case COL_DAY:
		/* 2026-11-21T08:48:14Z */
		if (s.n >= 20)
			return col->form == COL_DAY ? (struct str){s.p, 10}
						    : arena_printf(a, "%.10s %.8s", s.p, s.p + 11);
		break;
	case COL_YES:
		return v ? (json_bool(v) ? STR("yes") : STR("no")) : STR("-");
	case COL_WORDS:
		return json_count(v) ? out_harmless(words(v, a), a) : STR("-");
	case COL_STEP:
		return s.n ? out_step(out_harmless(s, a), a) : STR("-");
	case COL_TEXT:
	case COL_RIGHT:
		break;
	}
	if (s.p)
		return s.n ? out_harmless(s, a) : STR("-");
	if (json_int(v, &n))
		return arena_printf(a, "%lld", (long long)n);
	return STR("-");
}

static bool
to_right(const struct col *c)
{
	return c->form == COL_RIGHT || c->form == COL_MONEY;
}

static void
put_cell(struct str s, size_t width, bool right, bool last)
{
	size_t have = out_width(s), pad = width > have ? width - have : 0;

	if (right)
		printf("%*s", (int)pad, "");
	printf("%.*s", STRF(s));
	if (!last)
		printf("%*s  ", right ? 0 : (int)pad, "");
}

void
out_table(const struct json *items, const struct col *cols, struct arena *a)
{
	size_t n = json_count(items), n_cols = 0, width[COLS_MAX];
	struct str *cells;

	while (cols[n_cols].head)
		n_cols++;
	BUG_ON(n_cols > COLS_MAX);
	cells = arena_new_n(a, (n + 1) * n_cols, struct str);
	for (size_t k = 0; k < n_cols; k++) {
		cells[k] = str_c(cols[k].head);
		width[k] = out_width(cells[k]);
		for (size_t i = 0; i < n; i++) {
			struct str *cell = &cells[(i + 1) * n_cols + k];

			*cell = out_cell(json_item(items, i), &cols[k], a);
			width[k] = MAX(width[k], out_width(*cell));
		}
	}
	for (size_t i = 0; i <= n; i++) {
		for (size_t k = 0; k < n_cols; k++)
			put_cell(cells[i * n_cols + k], width[k], to_right(&cols[k]), k + 1 == n_cols);
		printf("\n");
	}
}

void
out_details(const struct json *v, const struct col *cols, struct arena *a)
{
	out_details_at(v, cols, DETAIL_WIDTH, a);
}

void
out_details_at(const struct json *v, const struct col *cols, size_t width, struct arena *a)
{
	for (const struct col *c = cols; c->head; c++)
		width = MAX(width, strlen(c->head));
	for (const struct col *c = cols; c->head; c++) {
		struct str s = out_cell(v, c, a);

		printf("%-*s  %.*s\n", (int)width, c->head, STRF(s));
	}
}

void
out_part(const char *title, const struct json *items, const struct col *cols, struct arena *a)
{
	if (json_count(items) == 0)
		return;
	printf("\n");
	if (title)
		printf("%s\n", title);
	out_table(items, cols, a);
}

void
out_answer(const struct cli *c, const struct json *v, const struct col *cols)
{
	if (!v)
		return;
	if (c->json)
		out_json(v, c->arena);
	else
		out_details(v, cols, c->arena);
}

/* What a cause advises is said once, below the last of those that have the same code. */
static void
put_cause(const struct err *e, unsigned i)
{
	const struct err_info *info = err_info(e->causes[i].code);

	fprintf(stderr, "  - %s%s%s (%s)\n", e->causes[i].field, e->causes[i].field[0] ? ": " : "", e->causes[i].msg,
		info->name);
	if (info->hint[0] && (i + 1 == e->n_causes || e->causes[i + 1].code != e->causes[i].code))
		fprintf(stderr, "    hint: %s\n", info->hint);
}

void
out_err(const struct cli *c, const struct err *e)
{
	const char *hint = err_hint_text(e);

	if (e->code == E_UNAUTHENTICATED && !c->key.n)
		hint = "signet login makes a key, --access-key gives one; a stored one goes only to the address that it "
		       "is for.";
	if (c->json && c->problem.p) {
		fprintf(stderr, "%.*s\n", STRF(c->problem));
		return;
	}
	fprintf(stderr, "signet: %s (%s)\n", e->msg, err_info(e->code)->name);
	if (e->field[0])
		fprintf(stderr, "  field: %s\n", e->field);
	for (unsigned i = 0; i < e->n_causes; i++)
		put_cause(e, i);
	if (hint[0] && !e->n_causes) /* what the summary advises is to read them */
		fprintf(stderr, "  hint: %s\n", hint);
	if (e->retry_after_s)
		fprintf(stderr, "  again in: %d s\n", e->retry_after_s);
	if (e->code == E_USAGE && c->cmd)
		fprintf(stderr, "  usage: signet %s%s%s %s\n", c->cmd->noun, c->cmd->verb ? " " : "",
			c->cmd->verb ? c->cmd->verb : "", c->cmd->args);
}
