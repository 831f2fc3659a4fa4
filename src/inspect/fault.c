/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/utf8.h"
#include "inspect/path_priv.h"

static const struct {
	const char *word, *text, *cure;
} codes[PATH_CODES] = {
#define FAULT(code, ...) {__VA_ARGS__},
#include "inspect/faults.def"
#undef FAULT
};

const char *
path_code_word(enum path_code c)
{
	return codes[c].word;
}

const char *
path_code_text(enum path_code c)
{
	return codes[c].text;
}

const char *
path_code_cure(enum path_code c)
{
	return codes[c].cure;
}

/* Texts hold pieces of names from outside, perhaps cut within a character: what is none becomes "?". */
static void
make_plain(char *text)
{
	struct str rest = str_c(text);

	while (rest.n) {
		struct str before = rest;
		uint32_t c = utf8_next(&rest);

		if (c != UINT32_MAX && c >= 0x20 && c != 0x7f)
			continue;
		text[before.p - text] = '?';
		rest = (struct str){before.p + 1, before.n - 1};
	}
}

void
fault(struct faults *f, enum path_code code, int at, const char *field, const char *fmt, ...)
{
	struct path_fault *to;
	va_list ap;

	if (!f->a || f->n == FAULTS_MAX) {
		f->n += !f->a;
		return;
	}
	if (f->n == f->size) {
		struct path_fault *more = arena_new_n(f->a, f->size * 2 + 4, struct path_fault);

		if (f->n)
			memcpy(more, f->v, f->n * sizeof(*more));
		f->v = more;
		f->size = f->size * 2 + 4;
	}
	to = &f->v[f->n++];
	*to = (struct path_fault){.code = code, .at = at, .field = field};
	va_start(ap, fmt);
	vsnprintf(to->text, sizeof(to->text), fmt, ap);
	va_end(ap);
	make_plain(to->text);
}
