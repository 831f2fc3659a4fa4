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

enum path_code
path_code_by_word(struct str word)
{
	enum path_code c = 0;

	while (c < PATH_CODES && !str_eq_c(word, codes[c].word))
		c++;
	return c;
}

bool
path_code_tolerable(enum path_code c)
{
	static const uint64_t never = 1ULL << PATH_UNREADABLE | 1ULL << PATH_NO_ISSUER |
		1ULL << PATH_UNTRUSTED | 1ULL << PATH_IS_ANCHOR | 1ULL << PATH_GIVEN_UP |
		1ULL << PATH_SIGNATURE | 1ULL << PATH_SIGNATURE_ALGORITHM | 1ULL << PATH_KEY;

	_Static_assert(PATH_CODES <= 64, "a set of faults is one word");
	return !(never >> c & 1);
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

	bool tolerated = f->tolerated >> code & 1;

	if (!f->a || f->n == FAULTS_MAX) {
		f->n += !f->a && !tolerated;
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
	*to = (struct path_fault){.code = code, .at = at, .field = field, .tolerated = tolerated};
	va_start(ap, fmt);
	vsnprintf(to->text, sizeof(to->text), fmt, ap);
	va_end(ap);
	make_plain(to->text);
}
