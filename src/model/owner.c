/* SPDX-License-Identifier: Apache-2.0 */
#include "model/owner.h"

#include "base/buf.h"
#include "base/utf8.h"

/* Full-width forms of ASCII, U+FF01 to U+FF5E, as plain ones: input methods of Chinese produce them. */
static uint32_t
plain(uint32_t c)
{
	return c >= 0xff01 && c <= 0xff5e ? c - 0xff01 + '!' : c;
}

/* Beyond ASCII everything counts but blanks and punctuation, which people set as they like. */
static bool
counts(uint32_t c)
{
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
	return c > 0xbf && !(c >= 0x2000 && c <= 0x206f) && c != 0x2212 && !(c >= 0x3000 && c <= 0x303f) && c != 0xfeff;
}

struct str
owner_number_norm(struct arena *a, struct str number)
{
	char *out = arena_alloc(a, number.n + 1);
	size_t n = 0;

	for (struct str rest = number; rest.n;) {
		const char *at = rest.p;
		uint32_t c = plain(utf8_next(&rest));

		if (c == UINT32_MAX)
			break;
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		if (!counts(c))
			continue;
		if (c < 0x80) {
			out[n++] = (char)c;
			continue;
		}
		memcpy(out + n, at, (size_t)(rest.p - at));
		n += (size_t)(rest.p - at);
	}
	return (struct str){out, n};
}

void
owner_check(const struct owner *o, struct arena *a, struct err *e)
{
	if (!o->name.n)
		err_note(e, E_FIELD_MISSING, "name", "the owner has no name");
	else if (!owner_number_norm(a, o->name).n)
		err_note(e, E_FIELD_FORM, "name", "the owner's name \"%.*s\" says nothing", STRF(o->name));
	if (!o->number.n)
		err_note(e, E_FIELD_MISSING, "number", "the owner has no %s number",
			o->kind == OWNER_INDIVIDUAL ? "document" : "registration");
	else if (!owner_number_norm(a, o->number).n)
		err_note(e, E_FIELD_FORM, "number", "the number \"%.*s\" has neither letter nor digit", STRF(o->number));
}
