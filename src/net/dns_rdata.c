/* SPDX-License-Identifier: Apache-2.0 */
/* What stands in records, read from their wire form (RFC 1035, 3.3 and 5.1; RFC 8659, 4.1). */
#include "net/dns.h"

#include "base/buf.h"
#include "base/cursor.h"

#define WIRE_NAME_MAX 255
#define LABEL_MAX 63

bool
dns_txt(struct blob rdata, struct arena *a, struct str *ret)
{
	struct cursor c = cursor_of(rdata);
	BUF(text, 65536);

	if (rdata.n == 0)
		return false;
	while (cursor_left(&c) > 0 && cursor_ok(&c, false))
		buf_put_blob(&text, cursor_take(&c, cursor_u8(&c)));
	if (!cursor_ok(&c, true) || text.over)
		return false;
	*ret = arena_str(a, buf_str(&text));
	return true;
}

/* Lower case; what could be taken for something else gets the escapes of the master file form. */
static void
put_label(struct buf *b, struct blob label)
{
	for (size_t i = 0; i < label.n; i++) {
		uint8_t c = label.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (uint8_t)(c + ('a' - 'A'));
		if (c <= ' ' || c >= 0x7f)
			buf_printf(b, "\\%03u", c);
		else if (c == '.' || c == '\\' || c == '"' || c == '(' || c == ')' || c == ';' || c == '@' || c == '$')
			buf_printf(b, "\\%c", c);
		else
			buf_put_u8(b, c);
	}
}

bool
dns_name(struct blob wire, struct arena *a, struct str *ret)
{
	struct cursor c = cursor_of(wire);
	BUF(text, 4 * WIRE_NAME_MAX + 4);
	uint8_t len;

	if (wire.n == 0 || wire.n > WIRE_NAME_MAX)
		return false;
	while ((len = cursor_u8(&c)) > 0) {
		struct blob label = cursor_take(&c, len);

		/* the library has resolved compression: a pointer has no business here */
		if (len > LABEL_MAX || !cursor_ok(&c, false))
			return false;
		if (text.n)
			buf_put_u8(&text, '.');
		put_label(&text, label);
	}
	if (!cursor_ok(&c, true))
		return false;
	*ret = arena_str(a, buf_str(&text));
	return true;
}

bool
dns_caa(struct blob rdata, struct dns_caa *ret)
{
	struct cursor c = cursor_of(rdata);
	struct blob tag, value;

	ret->flags = cursor_u8(&c);
	tag = cursor_take(&c, cursor_u8(&c));
	value = cursor_take(&c, cursor_left(&c));
	if (!cursor_ok(&c, true) || tag.n == 0)
		return false;
	for (size_t i = 0; i < tag.n; i++) {
		uint8_t l = tag.p[i] | 0x20;

		if (!(l >= 'a' && l <= 'z') && !(tag.p[i] >= '0' && tag.p[i] <= '9'))
			return false;
	}
	ret->tag = str_of(tag);
	ret->value = str_of(value);
	return true;
}
