/* SPDX-License-Identifier: Apache-2.0 */
#include "net/dns_priv.h"

#include "base/buf.h"
#include "base/quote.h"

#define ANCHORS_MAX 256
#define RECORD_MAX 8192

/* Comments go, and lines within parentheses become one (RFC 1035, 5.1). */
static struct str
join_lines(struct str text, struct arena *a)
{
	BUF(out, text.n + 1);
	unsigned depth = 0;
	bool quoted = false, comment = false;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		if (c == '\n') {
			comment = quoted = false;
			c = depth ? ' ' : '\n';
		}
		if (comment)
			continue;
		if (c == '"')
			quoted = !quoted;
		comment = c == ';' && !quoted;
		if (c == '(' && !quoted)
			depth++;
		if (c == ')' && !quoted && depth)
			depth--;
		if (!comment)
			buf_put_u8(&out, c == '(' || c == ')' || c == '\r' || c == '\t' ? ' ' : (uint8_t)c);
	}
	return arena_str(a, buf_str(&out));
}

/* Whether one of the words says that this is a key or a digest of one. */
static bool
is_anchor(struct str line)
{
	while (line.p) {
		struct str word = str_cut(&line, ' ');

		if (str_eq_nocase(word, STR("DNSKEY")) || str_eq_nocase(word, STR("DS")))
			return true;
	}
	return false;
}

int
dns_anchors_read(struct str text, const char *file, struct arena *a, struct str **ret, unsigned *ret_n, struct err *e)
{
	struct str rest = join_lines(text, a);
	struct str *out = arena_new_n(a, ANCHORS_MAX, struct str);
	unsigned n = 0;

	while (rest.p) {
		struct str line = str_cut(&rest, '\n');

		if (str_trim(line).n == 0 || str_starts(line, STR("$TTL")))
			continue;
		if (line.n > RECORD_MAX || !is_anchor(line) || line.p[0] == ' ')
			return err_set(e, E_CONFIG, "trust anchor file \"%s\": \"%.*s\" is no DNSKEY or DS record with its "
				"name in front", file, STRF(quote_text(str_trim(line), 60, a)));
		if (n == ANCHORS_MAX)
			return err_set(e, E_CONFIG, "trust anchor file \"%s\" has more than %d records", file, ANCHORS_MAX);
		out[n++] = arena_str(a, str_trim(line));
	}
	if (n == 0)
		return err_set(e, E_CONFIG, "trust anchor file \"%s\" holds no DNSKEY or DS record", file);
	*ret = out;
	*ret_n = n;
	return 0;
}
