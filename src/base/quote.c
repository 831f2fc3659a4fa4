/* SPDX-License-Identifier: Apache-2.0 */
#include "base/quote.h"

#include "base/buf.h"
#include "base/utf8.h"

/* The bytes of the printable character at the front of s; 0 when it is none. */
static size_t
printable(struct str s)
{
	struct str rest = s;
	uint32_t c = utf8_next(&rest);

	if (c == UINT32_MAX || c < 0x20 || (c >= 0x7f && c < 0xa0))
		return 0;
	/* marks that turn the direction of writing, and line separators, can forge what a reader sees */
	if ((c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069) || c == 0xfeff || c == 0x00ad)
		return 0;
	return s.n - rest.n;
}

struct str
quote_text(struct str s, size_t max, struct arena *a)
{
	BUF(b, 4 * max + 16);
	size_t done = 0;

	while (done < s.n) {
		struct str rest = {s.p + done, s.n - done};
		size_t n = printable(rest);

		if (b.n + MAX(n, 4) > max) {
			buf_put_c(&b, "...");
			break;
		}
		if (n == 0) {
			buf_printf(&b, "\\x%02x", (unsigned)(uint8_t)rest.p[0]);
			n = 1;
		} else {
			if (rest.p[0] == '"' || rest.p[0] == '\\')
				buf_put_u8(&b, '\\');
			buf_put(&b, rest.p, n);
		}
		done += n;
	}
	return arena_str(a, buf_str(&b));
}
