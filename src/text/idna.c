/* SPDX-License-Identifier: Apache-2.0 */
#include "text/idna.h"

#include <idn2.h>
#include <string.h>

#include "base/quote.h"
#include "base/utf8.h"
#include "text/bidi.h"

#define LABEL_MAX 63
#define NAME_MAX_BYTES 253
/* A name of 253 characters in UTF-8, and some for full-width forms. */
#define TYPED_MAX 1024
#define QUOTE_MAX 100
#define FLAGS (IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT)

static void
idn_freep(char **p)
{
	idn2_free(*p);
}

static bool
is_ldh(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static bool
is_xn(struct str label)
{
	return label.n >= 4 && str_eq_nocase((struct str){label.p, 4}, STR("xn--"));
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((uint8_t)s.p[i] >= 0x80)
			return false;
	return true;
}

#define Q(s) STRF(quote_text((s), QUOTE_MAX, a))

/* Pictographs, whose every use in names is refused (ICANN SAC095); told apart only for the sake of the message. */
static bool
is_emoji(uint32_t c)
{
	return (c >= 0x1f000 && c <= 0x1faff) || (c >= 0x2600 && c <= 0x27bf) || (c >= 0x2300 && c <= 0x23ff) ||
		(c >= 0x2b00 && c <= 0x2bff) || c == 0xfe0f || c == 0x20e3;
}

/* What stands in the name as typed: letters, digits, hyphens and dots, or characters beyond ASCII. */
static int
check_typed(struct str name, struct arena *a, struct err *e)
{
	if (name.n == 0)
		return err_set(e, E_NAME_SYNTAX, "the name is empty");
	if (name.n > TYPED_MAX)
		return err_set(e, E_NAME_LENGTH, "name \"%.*s\" has %zu bytes, more than %d", Q(name), name.n, TYPED_MAX);
	if (!utf8_ok(name))
		return err_set(e, E_NAME_SYNTAX, "name \"%.*s\" is not valid UTF-8", Q(name));
	for (struct str s = name; s.n;) {
		const char *at = s.p;
		uint32_t c = utf8_next(&s);
		struct str one = {at, (size_t)(s.p - at)};

		if (is_emoji(c))
			return err_set(e, E_NAME_IDN, "name \"%.*s\" holds the emoji U+%04X", Q(name), c);
		/* the library's older tables make "ss" of it, newer ones "ß": two different names */
		if (c == 0x1e9e)
			return err_set(e, E_NAME_IDN, "name \"%.*s\" holds the capital sharp s (U+1E9E); write the small one",
				Q(name));
		if (c < 0x80 && c != '.' && !is_ldh(c))
			return err_set(e, E_NAME_SYNTAX, "name \"%.*s\" holds \"%.*s\", which is no letter, digit or hyphen",
				Q(name), Q(one));
	}
	return 0;
}

/* A-labels come out of the library; whatever else has "--" at places 3 and 4 is reserved (RFC 5891, 4.2.3.1). */
static int
check_label(struct str label, struct str name, struct arena *a, struct err *e)
{
	if (label.n == 0)
		return err_set(e, E_NAME_SYNTAX, "name \"%.*s\" has an empty label", Q(name));
	if (label.n > LABEL_MAX)
		return err_set(e, E_NAME_LENGTH, "name \"%.*s\" has a label of %zu characters, more than %d", Q(name),
			label.n, LABEL_MAX);
	if (label.p[0] == '-' || label.p[label.n - 1] == '-')
		return err_set(e, E_NAME_SYNTAX, "label \"%.*s\" of name \"%.*s\" begins or ends with a hyphen",
			STRF(label), Q(name));
	if (label.n >= 4 && label.p[2] == '-' && label.p[3] == '-' && !is_xn(label))
		return err_set(e, E_NAME_SYNTAX, "label \"%.*s\" of name \"%.*s\" has hyphens at places 3 and 4 and is no "
			"A-label", STRF(label), Q(name));
	for (size_t i = 0; i < label.n; i++)
		if (!is_ldh((uint8_t)label.p[i]))
			return err_set(e, E_NAME_SYNTAX, "name \"%.*s\" holds a character that stands for \"%.*s\", which is "
				"no letter, digit or hyphen", Q(name), Q(((struct str){label.p + i, 1})));
	return 0;
}

/* An A-label must be what its own U-label converts to, and hold none of the three signs that UTS 46 lets through
 * because they only come about by composition (not equal, not less, not greater); IDNA2008 forbids them. */
static int
check_alabel(struct str label, struct str name, struct arena *a, struct err *e)
{
	CLEANUP(idn_freep) char *uni = NULL;
	CLEANUP(idn_freep) char *back = NULL;
	int r = idn2_to_unicode_8z8z(arena_cstr(a, label), &uni, FLAGS);

	if (r == IDN2_OK && is_ascii(str_c(uni)))
		r = IDN2_INVALID_ALABEL;
	if (r == IDN2_OK)
		r = idn2_to_ascii_8z(uni, &back, FLAGS);
	if (r == IDN2_OK && !str_eq_nocase(str_c(back), label))
		r = IDN2_ALABEL_ROUNDTRIP_FAILED;
	for (struct str s = r == IDN2_OK ? str_c(uni) : STR(""); s.n;) {
		uint32_t c = utf8_next(&s);

		if (c == UINT32_MAX || c == 0x2260 || c == 0x226e || c == 0x226f || is_emoji(c)) {
			r = IDN2_DISALLOWED;
			break;
		}
	}
	if (r != IDN2_OK)
		return err_set(e, E_NAME_IDN, "label \"%.*s\" of name \"%.*s\" is no valid A-label: %s", STRF(label),
			Q(name), idn2_strerror(r));
	return 0;
}

static int
idn_code(int r)
{
	if (r == IDN2_TOO_BIG_LABEL || r == IDN2_TOO_BIG_DOMAIN || r == IDN2_PUNYCODE_BIG_OUTPUT)
		return E_NAME_LENGTH;
	return r == IDN2_2HYPHEN || r == IDN2_HYPHEN_STARTEND ? E_NAME_SYNTAX : E_NAME_IDN;
}

/* Whether the library has anything to do: it is asked only about names that are not plain ASCII already. */
static bool
needs_library(struct str name)
{
	if (!is_ascii(name))
		return true;
	for (struct str rest = name; rest.n;)
		if (is_xn(str_cut(&rest, '.')))
			return true;
	return false;
}

static int
convert(struct str name, struct arena *a, struct str *ret, struct err *e)
{
	CLEANUP(idn_freep) char *out = NULL;
	int r;

	if (!needs_library(name)) {
		*ret = arena_str(a, name);
		return 0;
	}
	r = idn2_to_ascii_8z(arena_cstr(a, name), &out, FLAGS);
	if (r != IDN2_OK && idn_code(r) == E_NAME_LENGTH)
		return err_set(e, E_NAME_LENGTH, "name \"%.*s\" or a label of it is too long once converted (a label has at "
			"most %d characters)", Q(name), LABEL_MAX);
	if (r != IDN2_OK)
		return err_set(e, idn_code(r), "name \"%.*s\" cannot be converted: %s", Q(name), idn2_strerror(r));
	*ret = arena_str(a, str_c(out));
	return 0;
}

int
idna_to_ascii(struct str name, struct arena *a, struct str *ret, struct err *e)
{
	const char *bidi;
	struct str out;
	char *p;
	int r = check_typed(name, a, e);

	if (r == 0)
		r = convert(name, a, &out, e);
	if (r < 0)
		return r;
	p = (char *)out.p; /* our own copy */
	for (size_t i = 0; i < out.n; i++)
		if (p[i] >= 'A' && p[i] <= 'Z')
			p[i] = (char)(p[i] + ('a' - 'A'));
	for (size_t from = 0, i = 0; i <= out.n; i++) {
		struct str label = {out.p + from, i - from};

		if (i < out.n && out.p[i] != '.')
			continue;
		r = check_label(label, name, a, e);
		if (r == 0 && is_xn(label))
			r = check_alabel(label, name, a, e);
		if (r < 0)
			return r;
		from = i + 1;
	}
	if (out.n > NAME_MAX_BYTES)
		return err_set(e, E_NAME_LENGTH, "name \"%.*s\" has %zu characters, more than %d", Q(name), out.n,
			NAME_MAX_BYTES);
	bidi = bidi_fault(idna_to_unicode(out, a));
	if (bidi)
		return err_set(e, E_NAME_IDN, "name \"%.*s\" breaks the rule on the direction of writing (RFC 5893): %s",
			Q(name), bidi);
	*ret = out;
	return 0;
}

struct str
idna_to_unicode(struct str name, struct arena *a)
{
	struct str out = {NULL, 0}, rest = name;

	for (size_t i = 0; i == 0 || rest.p; i++) {
		struct str label = str_cut(&rest, '.');
		CLEANUP(idn_freep) char *uni = NULL;

		if (is_xn(label) && utf8_ok(label) &&
			idn2_to_unicode_8z8z(arena_cstr(a, label), &uni, FLAGS) == IDN2_OK && utf8_ok(str_c(uni)))
			label = str_c(uni);
		out = i == 0 ? arena_str(a, label) : arena_printf(a, "%.*s.%.*s", STRF(out), STRF(label));
	}
	return out;
}
