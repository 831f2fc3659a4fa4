/* SPDX-License-Identifier: Apache-2.0 */
/* A name as typed into a form, under each set of rules. */
#include "base/utf8.h"
#include "model/name.h"
#include "text/psl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_characters(const struct name *n)
{
	struct str s = n->base;

	BUG_ON(n->ascii.n > 253 || s.n == 0 || (n->kind == NAME_WILDCARD) != (n->ascii.p[0] == '*'));
	for (size_t i = 0; i < s.n && n->kind != NAME_IP; i++)
		BUG_ON(!memchr("abcdefghijklmnopqrstuvwxyz0123456789-.", s.p[i], 38));
	BUG_ON(!utf8_ok(n->unicode));
}

/* What was accepted is in its one form: read again, it is the same, and nothing is left to trim or convert. */
static void
check_again(const struct name *n, const struct name_rules *rules)
{
	struct name again;
	struct str companion = name_companion(n);
	ARENA(a);
	ERR(e);

	BUG_ON(name_read(n->ascii, rules, "", &a, &again, &e) < 0);
	BUG_ON(!str_eq(again.ascii, n->ascii) || again.kind != n->kind || again.trimmed || again.converted);
	BUG_ON(!str_eq(again.registered, n->registered) || !name_covers(n->ascii, again.ascii));
	if (n->registered.n)
		BUG_ON(!name_below(n->base, n->registered));
	if (companion.n)
		BUG_ON(name_read(companion, rules, "", &a, &again, &e) < 0 || again.kind != NAME_DNS);
	/* the form that is shown means the same name */
	BUG_ON(name_read(n->unicode, rules, "", &a, &again, &e) < 0 || !str_eq(again.ascii, n->ascii));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct name_rules rules[] = {
		{.allow_dns = true}, {.allow_ip = true}, {.any_name = true, .allow_ip = true, .allow_dns = true}};
	struct str typed = str_of(BLOB(data, size));

	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		struct name n;
		ARENA(a);
		ERR(e);

		BUG_ON(psl_init(&e) < 0);
		if (name_read(typed, &rules[i], "names[0]", &a, &n, &e) == 0) {
			check_characters(&n);
			check_again(&n, &rules[i]);
		} else {
			BUG_ON(!utf8_printable(str_c(e.msg), false) || !e.field[0]);
		}
	}
	return 0;
}
