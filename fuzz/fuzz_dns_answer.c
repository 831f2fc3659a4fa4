/* SPDX-License-Identifier: Apache-2.0 */
/* Records as a name server sends them. Input: one byte of choices, then records, each behind a 16-bit length. */
#include "base/cursor.h"
#include "base/utf8.h"
#include "validate/caa.h"

#define RECORDS_MAX 16

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_one(struct blob rdata)
{
	struct dns_caa caa;
	struct dns_record record = {rdata};
	struct str s;
	ARENA(a);

	if (dns_txt(rdata, &a, &s))
		BUG_ON(s.n >= rdata.n);
	if (dns_name(rdata, &a, &s))
		BUG_ON(rdata.n > 255 || s.n > 4 * rdata.n || memchr(s.p ? s.p : "", 0, s.n));
	if (dns_caa(rdata, &caa))
		BUG_ON(caa.tag.n == 0 || 2 + caa.tag.n + caa.value.n != rdata.n);
	BUG_ON(!utf8_printable(caa_text(&record, &a), false));
}

static bool
names_us(struct str value)
{
	for (size_t i = 0; i + 7 <= value.n; i++)
		if (str_eq_nocase((struct str){value.p + i, 7}, STR("ca.test")))
			return true;
	return false;
}

/* Whatever the set says: where it restricts issuing and still allows us, one of its properties names us. */
static void
check_allowed(const struct dns_record *set, unsigned n, const struct caa_asker *who)
{
	bool restricts = false, us = false;

	for (unsigned i = 0; i < n; i++) {
		struct dns_caa c;
		bool wild;

		BUG_ON(!dns_caa(set[i].rdata, &c)); /* an unreadable record allows nothing */
		wild = str_eq_nocase(c.tag, STR("issuewild"));
		if (wild ? who->wildcard : str_eq_nocase(c.tag, STR("issue"))) {
			restricts = true;
			us |= names_us(c.value);
		}
	}
	BUG_ON(restricts && !us);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct str identities[] = {{"ca.test", 7}};
	struct cursor c = cursor_of(BLOB(data, size));
	struct dns_record set[RECORDS_MAX + 1];
	uint8_t choices = cursor_u8(&c);
	struct caa_asker who = {.identities = identities, .n_identities = choices & 1 ? 0 : 1, .wildcard = choices & 2,
		.method = choices & 4 ? "ca-dns" : "ca-file",
		.account_uri = choices & 8 ? STR("https://ca.test/1") : (struct str){NULL, 0}};
	unsigned n = 0;
	ARENA(a);
	ERR(e);

	while (n < RECORDS_MAX && cursor_left(&c) > 0) {
		struct blob rdata = cursor_take(&c, cursor_u16(&c));

		if (!cursor_ok(&c, false))
			break;
		set[n++] = (struct dns_record){rdata};
		read_one(rdata);
	}
	if (n == 0)
		return 0;
	if (caa_decide(set, n, &who, STR("example.com"), &a, &e) == 0)
		check_allowed(set, n, &who);
	set[n] = (struct dns_record){BLOB("\x80\3tbs", 5)};
	BUG_ON(caa_decide(set, n + 1, &who, STR("example.com"), &a, &e) != E_CAA_FORBIDS);
	return 0;
}
